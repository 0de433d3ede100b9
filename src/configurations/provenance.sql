-- Rows by their ids ($1) as they were at a revision ($2), and since when. Content is what says who and where: neither
-- values nor schemas.
WITH present (table_name, row_id, content) AS (
    SELECT 'system_configurations', s.id, to_jsonb(s) - '{configuration_value,configuration_schema}'::text[]
      FROM public.system_configurations s WHERE s.id = ANY ($1::uuid[])
    UNION ALL
    SELECT 'template_configurations', t.id, to_jsonb(t) - '{configuration_schema,default_configuration}'::text[]
      FROM public.template_configurations t WHERE t.id = ANY ($1)
    UNION ALL
    SELECT 'client_customizations', c.id, to_jsonb(c) - '{customization_config}'::text[]
      FROM public.client_customizations c WHERE c.id = ANY ($1)
    UNION ALL
    SELECT 'deployment_configurations', d.id, to_jsonb(d) - '{applied_configuration}'::text[]
      FROM public.deployment_configurations d WHERE d.id = ANY ($1)
)
SELECT p.table_name, p.row_id, h.valid_from, h.revision, p.content
  FROM present p
  JOIN tenantry.configuration_heads h ON h.table_name = p.table_name AND h.row_id = p.row_id
 WHERE h.revision <= $2
UNION ALL
SELECT v.table_name, v.row_id, v.valid_from, v.revision_from, v.content
  FROM public.configuration_versions v
 WHERE v.table_name = ANY ('{system_configurations,template_configurations,client_customizations,deployment_configurations}')
   AND v.row_id = ANY ($1) AND v.revision_from <= $2 AND v.revision_to > $2
