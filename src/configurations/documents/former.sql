-- The configuration rows of a moment, each with its whole content: those whose present content was there then, and
-- contents that came to an end since. $CLIENTS(…) stands for which clients' rows are wanted, besides those that are no
-- client's; $SINCE, $FROM and $TO for the columns in which a span begins and ends. $1 are the clients, $2 the moment.
WITH asked (clients) AS (
    -- Says the type of $1, which plays no part where all clients are wanted.
    SELECT $1::uuid[]
), present (table_name, row_id, client_id, content) AS (
    SELECT 'system_configurations', s.id, s.client_id, to_jsonb(s) FROM public.system_configurations s
    UNION ALL
    SELECT 'template_configurations', t.id, NULL, to_jsonb(t) FROM public.template_configurations t
    UNION ALL
    SELECT 'client_customizations', c.id, c.client_id, to_jsonb(c) FROM public.client_customizations c
    UNION ALL
    SELECT 'deployment_configurations', d.id, d.client_id, to_jsonb(d) FROM public.deployment_configurations d
)
SELECT p.table_name, p.row_id, p.content, h.revision AS revision_from
  FROM present p
  JOIN tenantry.configuration_heads h ON h.table_name = p.table_name AND h.row_id = p.row_id
 WHERE (p.client_id IS NULL OR $CLIENTS(p.client_id)) AND h.$SINCE <= $2
UNION ALL
SELECT v.table_name::text, v.row_id, v.content, v.revision_from
  FROM public.configuration_versions v
 WHERE (v.client_id IS NULL OR $CLIENTS(v.client_id)) AND v.$FROM <= $2 AND v.$TO > $2
