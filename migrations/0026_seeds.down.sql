-- Takes the seeds back that nobody touched and nothing uses; what was edited stays, and so does what a site had itself.

SET LOCAL TimeZone = 'UTC';

DELETE FROM public.deployment_templates t
 USING tenantry.made_rows m
 WHERE m.table_name = 'deployment_templates' AND m.row_id = t.id
   AND m.content - '{usage_count,success_rate,last_used_at}'::text[] = to_jsonb(t) - '{usage_count,success_rate,last_used_at}'::text[]
   AND NOT EXISTS (SELECT FROM public.client_deployments d WHERE d.deployment_template_id = t.id)
   AND NOT EXISTS (SELECT FROM public.deployment_configurations c WHERE c.deployment_template_id = t.id);

DELETE FROM public.system_configurations c
 USING tenantry.made_rows m
 WHERE m.table_name = 'system_configurations' AND m.row_id = c.id AND m.content = to_jsonb(c);

DELETE FROM tenantry.made_rows m WHERE m.table_name IN ('deployment_templates', 'system_configurations');
