-- The rows that Tenantry itself needs. Safe to repeat: what is there, edited or not, is left as it is.
-- No conflict target, because an adopted table may have a stand-in in place of the unique constraint.
-- What is made is noted as it is made, so that `migrate down` knows what nobody touched since.

SET LOCAL TimeZone = 'UTC';

WITH made AS (
INSERT INTO public.system_configurations AS c (configuration_key, configuration_value, description, is_system)
SELECT s.key, s.value, s.description, true
  FROM (VALUES
    ('default_deployment_provider', '{"provider": "vercel", "region": "us-east-1"}'::jsonb, 'Provider and region of a deployment that names none.'),
    ('default_template_settings', '{"theme": "modern", "responsive": true, "ssl": true}', 'Settings that a new template starts from.'),
    ('billing_settings', '{"currency": "USD", "trial_days": 14, "grace_period_days": 7}', 'Currency of new clients, length of a trial, days after which an unpaid invoice is reminded of.'),
    ('customization_review', '{"second_person": false}', 'Whether a customization is approved by somebody other than its author.'),
    ('protected_environments', '[]', 'Environments where somebody other than the author approves a change.')
  ) AS s (key, value, description)
 WHERE NOT EXISTS (SELECT FROM public.system_configurations d
                    WHERE d.configuration_key = s.key AND d.client_id IS NULL AND d.template_id IS NULL AND d.environment = 'all')
ON CONFLICT DO NOTHING
RETURNING c.id, to_jsonb(c) AS content)
INSERT INTO tenantry.made_rows (table_name, row_id, content)
SELECT 'system_configurations', m.id, m.content FROM made m;

-- Supported and default provider and environment are those of the template.
WITH made AS (
INSERT INTO public.deployment_templates AS t
    (template_name, template_type, category, description, configuration_template,
     supported_providers, default_provider, supported_environments, default_environment, is_system_template)
SELECT s.name, s.type, s.category, s.description, s.template,
       ARRAY[s.template ->> 'provider'], s.template ->> 'provider', ARRAY[s.template ->> 'environment'], s.template ->> 'environment', true
  FROM (VALUES
    ('Basic Vercel Deployment', 'basic', 'hosting', 'A production deployment on Vercel.',
     '{"provider": "vercel", "environment": "production", "ssl": true, "region": "us-east-1"}'::jsonb),
    ('Enterprise AWS Deployment', 'enterprise', 'hosting', 'A production deployment on AWS that scales and is monitored.',
     '{"provider": "aws", "environment": "production", "scaling": {"min": 2, "max": 10}, "monitoring": true}'),
    ('Development Environment', 'basic', 'development', 'A deployment to develop with, on Vercel.',
     '{"provider": "vercel", "environment": "development", "ssl": false, "region": "us-east-1"}'),
    ('Local Release', 'basic', 'hosting', 'A production release on the agency''s own machine.',
     '{"provider": "local", "environment": "production"}')
  ) AS s (name, type, category, description, template)
 WHERE NOT EXISTS (SELECT FROM public.deployment_templates d WHERE d.template_name = s.name)
ON CONFLICT DO NOTHING
RETURNING t.id, to_jsonb(t) AS content)
INSERT INTO tenantry.made_rows (table_name, row_id, content)
SELECT 'deployment_templates', m.id, m.content FROM made m;
