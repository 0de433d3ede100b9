-- Everything that the documents of some clients are composed of, in one statement and so as of one moment.
-- $CLIENTS(…) and $TEMPLATES(…) stand for which clients' rows and which templates' are wanted; $1 are those clients,
-- $2 templates that were asked for besides, $3 the stamps of versions whose content is known already.
--
-- A head of the first revision says that nobody has written the row since history began, which was when a site's rows were
-- adopted: its text is literal. There is a head for each row of configuration, so that they are looked up one by one; and of
-- values, which are many, only where the text could refer to something, so that it matters.
WITH asked (clients) AS (
    -- Says the type of $1, which plays no part where all clients are wanted.
    SELECT $1::uuid[]
), wanted AS MATERIALIZED (
    -- Templates that play a part: of active customizations, of rows, of what was applied, and those asked for.
    SELECT c.template_id::text FROM public.client_customizations c WHERE $CLIENTS(c.client_id) AND c.is_active
    UNION
    SELECT s.template_id::text FROM public.system_configurations s WHERE $CLIENTS(s.client_id) AND s.template_id IS NOT NULL
    UNION
    SELECT d.template_id::text FROM public.deployment_configurations d WHERE $CLIENTS(d.client_id) AND d.template_id IS NOT NULL
    UNION
    SELECT a.template_id FROM unnest($2::text[]) a (template_id)
)
SELECT 0::smallint AS kind, NULL::uuid AS id, NULL::uuid AS client_id, NULL::text AS template_id, NULL::text AS environment,
       NULL::text AS name, NULL::text AS word, NULL::text AS stamp, false AS flag, false AS literal, r.revision AS number,
       NULL::jsonb AS one, NULL::jsonb AS two
  FROM tenantry.installation_revision r
UNION ALL
SELECT 1::smallint, c.id, NULL, NULL, NULL, NULL, NULL, NULL, false, false, NULL, NULL, NULL
  FROM public.clients_enhanced c
 WHERE $CLIENTS(c.id)
UNION ALL
-- Versions of templates. A stamp is another for every writing of the row.
SELECT 2::smallint, t.id, NULL, t.template_id, NULL, t.template_version, t.status, k.stamp, t.validation_enabled,
       EXISTS (SELECT FROM tenantry.configuration_heads h
               WHERE h.table_name = 'template_configurations' AND h.row_id = t.id AND h.revision <= 1)
       OR EXISTS (SELECT FROM public.configuration_versions v
                   WHERE v.table_name = 'template_configurations' AND v.row_id = t.id AND v.revision_from <= 1
                     AND v.content -> 'default_configuration' = t.default_configuration),
       (extract(epoch FROM t.created_at) * 1000000)::bigint,
       CASE WHEN k.stamp = ANY ($3::text[]) THEN NULL ELSE t.configuration_schema END,
       CASE WHEN k.stamp = ANY ($3) THEN NULL ELSE t.default_configuration END
  FROM public.template_configurations t
 CROSS JOIN LATERAL (SELECT pg_catalog.concat_ws('/', t.id, t.xmin, t.ctid)) k (stamp)
 WHERE $TEMPLATES(t.template_id)
UNION ALL
-- What clients have of a template of their own: layer 7.
SELECT 3::smallint, c.id, c.client_id, c.template_id, NULL, c.template_version, NULL, NULL, false,
       EXISTS (SELECT FROM tenantry.configuration_heads h
               WHERE h.table_name = 'client_customizations' AND h.row_id = c.id AND h.revision <= 1)
       OR EXISTS (SELECT FROM public.configuration_versions v
                   WHERE v.table_name = 'client_customizations' AND v.row_id = c.id AND v.revision_from <= 1
                     AND v.content -> 'customization_config' = c.customization_config),
       NULL, c.customization_config, NULL
  FROM public.client_customizations c
 WHERE $CLIENTS(c.client_id) AND c.is_active
UNION ALL
-- Rows that are no client's: layers 3 to 6. What steers Tenantry itself is part of no document.
SELECT 4::smallint, s.id, NULL, s.template_id, s.environment, s.configuration_key, NULL, NULL, false,
       CASE WHEN s.configuration_value::text LIKE '%${%' THEN EXISTS (SELECT FROM tenantry.configuration_heads h
                                                                       WHERE h.table_name = 'system_configurations' AND h.row_id = s.id AND h.revision <= 1) ELSE false END,
       NULL, s.configuration_value, nullif(s.configuration_schema, '{}')
  FROM public.system_configurations s
 WHERE s.client_id IS NULL AND s.is_active AND NOT s.is_system AND (s.template_id IS NULL OR $TEMPLATES(s.template_id))
UNION ALL
-- Rows of clients: layers 8 to 11.
SELECT 4::smallint, s.id, s.client_id, s.template_id, s.environment, s.configuration_key, NULL, NULL, false,
       CASE WHEN s.configuration_value::text LIKE '%${%' THEN EXISTS (SELECT FROM tenantry.configuration_heads h
                                                                       WHERE h.table_name = 'system_configurations' AND h.row_id = s.id AND h.revision <= 1) ELSE false END,
       NULL, s.configuration_value, nullif(s.configuration_schema, '{}')
  FROM public.system_configurations s
 WHERE $CLIENTS(s.client_id) AND s.is_active AND NOT s.is_system
UNION ALL
-- What was applied and is in force: layer 12.
SELECT 5::smallint, d.id, d.client_id, d.template_id, d.environment, NULL, NULL, NULL, false, false,
       NULL, d.applied_configuration -> 'application_config', d.applied_configuration -> 'feature_flags'
  FROM public.deployment_configurations d
 WHERE $CLIENTS(d.client_id) AND d.applied_configuration IS NOT NULL
