-- Whole rows by their ids: $1 of system_configurations, $2 of template_configurations, $3 of client_customizations,
-- $4 of deployment_configurations.
SELECT 'system_configurations' AS table_name, s.id, to_jsonb(s) AS content FROM public.system_configurations s WHERE s.id = ANY ($1::uuid[])
UNION ALL
SELECT 'template_configurations', t.id, to_jsonb(t) FROM public.template_configurations t WHERE t.id = ANY ($2::uuid[])
UNION ALL
SELECT 'client_customizations', c.id, to_jsonb(c) FROM public.client_customizations c WHERE c.id = ANY ($3::uuid[])
UNION ALL
SELECT 'deployment_configurations', d.id, to_jsonb(d) FROM public.deployment_configurations d WHERE d.id = ANY ($4::uuid[])
