-- Whose documents the revisions after $1 may have changed: rows as they are now, by their heads, and rows as they were,
-- by their versions, since a row that moved has left one place for another. What steers Tenantry itself is part of no
-- document. All of a client's documents are few, so of client rows the template isn't asked.
WITH moved AS MATERIALIZED (
    SELECT h.table_name, h.row_id, h.revision FROM tenantry.configuration_heads h WHERE h.revision > $1
)
SELECT t.client_id, CASE WHEN t.client_id IS NULL THEN t.template_id END AS template_id,
       nullif(t.environment, 'all') AS environment, pg_catalog.max(t.revision) AS revision
  FROM (
    SELECT s.client_id, s.template_id::text, s.environment::text, m.revision
      FROM moved m JOIN public.system_configurations s ON s.id = m.row_id
     WHERE m.table_name = 'system_configurations' AND NOT s.is_system
    UNION ALL
    SELECT NULL, t.template_id::text, NULL, m.revision
      FROM moved m JOIN public.template_configurations t ON t.id = m.row_id
     WHERE m.table_name = 'template_configurations'
    UNION ALL
    SELECT c.client_id, NULL, NULL, m.revision
      FROM moved m JOIN public.client_customizations c ON c.id = m.row_id
     WHERE m.table_name = 'client_customizations'
    UNION ALL
    SELECT d.client_id, NULL, d.environment::text, m.revision
      FROM moved m JOIN public.deployment_configurations d ON d.id = m.row_id
     WHERE m.table_name = 'deployment_configurations'
    UNION ALL
    SELECT v.client_id, v.content ->> 'template_id', v.content ->> 'environment', v.revision_to
      FROM public.configuration_versions v
     WHERE v.revision_to > $1 AND (v.content -> 'is_system') IS DISTINCT FROM 'true'
  ) t (client_id, template_id, environment, revision)
 GROUP BY 1, 2, 3
