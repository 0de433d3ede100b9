-- Takes the seeds back that nobody touched and nothing uses; what was edited stays.

DELETE FROM public.deployment_templates t
 WHERE t.is_system_template AND t.created_by IS NULL AND t.updated_at = t.created_at
   AND t.template_name IN ('Basic Vercel Deployment', 'Enterprise AWS Deployment', 'Development Environment', 'Local Release')
   AND NOT EXISTS (SELECT FROM public.client_deployments d WHERE d.deployment_template_id = t.id)
   AND NOT EXISTS (SELECT FROM public.deployment_configurations c WHERE c.deployment_template_id = t.id);

DELETE FROM public.system_configurations c
 WHERE c.is_system AND c.created_by IS NULL AND c.version = 1 AND c.client_id IS NULL AND c.template_id IS NULL AND c.environment = 'all'
   AND c.configuration_key IN ('default_deployment_provider', 'default_template_settings', 'billing_settings', 'customization_review', 'protected_environments');

DELETE FROM tenantry.made_rows m WHERE m.table_name IN ('deployment_templates', 'system_configurations');
