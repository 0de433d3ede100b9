-- The rows that stand at some scopes: $1 clients (or NULL for none), $2 templates (or NULL), $3 environments, side by side.
WITH scopes (client_id, template_id, environment) AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])
)
SELECT s.id, s.client_id, s.template_id, s.environment, s.configuration_key, s.configuration_value,
       nullif(s.configuration_schema, '{}') AS configuration_schema, coalesce(h.revision <= 1, false) AS is_literal
  FROM scopes k
 CROSS JOIN LATERAL (
       SELECT r.* FROM public.system_configurations r
        WHERE r.client_id = k.client_id AND r.environment = k.environment AND r.template_id IS NOT DISTINCT FROM k.template_id
       UNION ALL
       SELECT r.* FROM public.system_configurations r
        WHERE k.client_id IS NULL AND r.client_id IS NULL AND r.environment = k.environment AND r.template_id IS NOT DISTINCT FROM k.template_id) s
  LEFT JOIN tenantry.configuration_heads h ON h.table_name = 'system_configurations' AND h.row_id = s.id
 WHERE s.is_active AND NOT s.is_system
