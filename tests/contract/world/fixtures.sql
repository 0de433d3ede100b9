-- The rows that every contract test starts from: four clients, and what each has. Keys say what they are: a1 is the
-- first client, c1 the first customization, d1 the first deployment. psql gives :'today', so that figures lie in
-- partitions that exist whenever the suite runs, and nothing depends on the clock in the middle of a run.
--
--   Alder   mara manages, stan is staff, cleo is its own login
--   Birch   mara manages
--   Cedar   mara and stan are staff
--   Dune    nobody's but the admins'

BEGIN;
SET LOCAL ROLE tenantry_owner;
SET LOCAL tenantry.reason = 'fixtures of the contract suite';
SET LOCAL TimeZone = 'UTC';

INSERT INTO public.clients_enhanced
    (id, name, email, company_name, industry, phone, address, business_size, annual_revenue, business_goals, brand_guidelines,
     color_palette, technical_requirements, compliance_requirements, project_scope, status, tier, assigned_manager,
     last_contact_date, renewal_date, created_at, updated_at)
SELECT v.id::uuid, v.name, v.email, v.company_name, v.industry, v.phone, v.address::jsonb, v.business_size, v.annual_revenue,
       v.business_goals::text[], v.brand::jsonb, v.colors::jsonb, v.technical::jsonb, v.compliance::text[], v.scope, v.status, v.tier,
       (SELECT u.id FROM auth.users u WHERE u.email = v.manager), v.contact::date + time '09:00', v.renewal::date,
       v.created::timestamptz, v.created::timestamptz
  FROM (VALUES
    ('a1000000-0000-4000-8000-000000000000', 'Alder Dental', 'hello@alder.example', 'Alder Dental Ltd', 'healthcare', '+44 20 7946 0001',
     '{"city": "Leeds", "country": "GB"}', 'small', 850000.00, '{"more bookings","fewer calls"}', '{"tone": "calm"}', '{"primary": "#0a7"}',
     '{"sso": true, "languages": ["en", "cy"]}', '{GDPR}', 'Booking site with reminders', 'active', 'premium', 'mara@agency.example',
     :'today'::date - 2, :'today'::date + 30, '2026-01-05T10:00:00Z'),
    ('a2000000-0000-4000-8000-000000000000', 'Birch Roasters', 'hello@birch.example', 'Birch Roasters GmbH', 'retail', NULL,
     '{"city": "Graz", "country": "AT"}', 'startup', NULL, '{"online sales"}', '{}', '{"primary": "#630"}',
     '{"sso": false, "languages": ["de"]}', '{GDPR,PCI}', 'Shop for coffee, roasted weekly', 'active', 'standard', 'mara@agency.example',
     :'today'::date - 20, NULL, '2026-02-05T10:00:00Z'),
    ('a3000000-0000-4000-8000-000000000000', 'Cedar School', 'office@cedar.example', 'Cedar, School of Music', 'education', NULL,
     '{"city": "Porto", "country": "PT"}', 'medium', 1200000.50, '{}', '{}', '{}', '{}', '{}', NULL, 'suspended', 'basic', NULL,
     NULL, :'today'::date - 3, '2026-03-05T10:00:00Z'),
    ('a4000000-0000-4000-8000-000000000000', 'Dune Travel', 'info@dune.example', NULL, 'travel', NULL,
     '{}', 'enterprise', NULL, '{}', '{}', '{}', '{}', '{}', 'Tours, 100% by camel', 'churned', 'enterprise', NULL, NULL, NULL, '2026-04-05T10:00:00Z')
  ) v (id, name, email, company_name, industry, phone, address, business_size, annual_revenue, business_goals, brand, colors, technical,
       compliance, scope, status, tier, manager, contact, renewal, created);

INSERT INTO public.template_configurations
    (id, template_id, template_version, template_name, configuration_schema, default_configuration, required_fields, category, tags, status,
     is_featured, created_at, updated_at)
VALUES
    ('e1000000-0000-4000-8000-000000000000', 'storefront', '1.0.0', 'Storefront', '{"type": "object"}', '{"theme": "plain"}', '{}',
     'commerce', '{shop}', 'deprecated', false, '2026-01-01T08:00:00Z', '2026-01-01T08:00:00Z'),
    ('e2000000-0000-4000-8000-000000000000', 'storefront', '1.1.0', 'Storefront', '{"type": "object"}', '{"theme": "modern"}', '{supportEmail}',
     'commerce', '{shop,payments}', 'active', true, '2026-02-01T08:00:00Z', '2026-02-01T08:00:00Z'),
    ('e3000000-0000-4000-8000-000000000000', 'booking', '2.0.0', 'Booking', '{"type": "object"}', '{"slots": 30}', '{}',
     'appointments', '{calendar}', 'active', false, '2026-02-02T08:00:00Z', '2026-02-02T08:00:00Z'),
    ('e4000000-0000-4000-8000-000000000000', 'portal', '0.9.0', 'Portal', '{}', '{}', '{}',
     'members', '{}', 'draft', false, '2026-03-01T08:00:00Z', '2026-03-01T08:00:00Z');

INSERT INTO public.client_customizations
    (id, client_id, template_id, template_version, version, status, is_active, customization_config, branding_config, feature_config,
     approved_by, approved_at, created_at, updated_at)
SELECT v.id::uuid, v.client_id::uuid, v.template_id, v.template_version, v.version, v.status, v.is_active, v.config::jsonb, v.branding::jsonb,
       v.feature::jsonb, CASE WHEN v.status IN ('approved', 'deployed') THEN u.id END,
       CASE WHEN v.status IN ('approved', 'deployed') THEN v.created::timestamptz + interval '1 day' END, v.created::timestamptz, v.created::timestamptz
  FROM (VALUES
    ('c1000000-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000000', 'storefront', '1.1.0', 1, 'deployed', true,
     '{"title": "Alder"}', '{"logo": "alder.svg", "colors": {"primary": "#0a7"}}', '{"reviews": true}', '2026-05-01T10:00:00Z'),
    ('c2000000-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000000', 'storefront', '1.1.0', 2, 'draft', false,
     '{"title": "Alder, summer"}', '{}', '{"reviews": false}', '2026-06-01T10:00:00Z'),
    ('c3000000-0000-4000-8000-000000000000', 'a2000000-0000-4000-8000-000000000000', 'storefront', NULL, 1, 'in_review', false,
     '{"title": "Birch"}', '{}', '{}', '2026-06-02T10:00:00Z'),
    ('c4000000-0000-4000-8000-000000000000', 'a3000000-0000-4000-8000-000000000000', 'booking', '2.0.0', 1, 'approved', false,
     '{"title": "Cedar"}', '{}', '{}', '2026-06-03T10:00:00Z'),
    ('c5000000-0000-4000-8000-000000000000', 'a4000000-0000-4000-8000-000000000000', 'booking', '2.0.0', 1, 'deployed', true,
     '{"title": "Dune"}', '{}', '{}', '2026-06-04T10:00:00Z'),
    ('c6000000-0000-4000-8000-000000000000', 'a2000000-0000-4000-8000-000000000000', 'booking', '2.0.0', 1, 'approved', false,
     '{"title": "Birch tastings"}', '{}', '{}', '2026-06-05T10:00:00Z')
  ) v (id, client_id, template_id, template_version, version, status, is_active, config, branding, feature, created)
  JOIN auth.users u ON u.email = 'adam@agency.example';

INSERT INTO public.client_deployments
    (id, client_id, customization_id, deployment_template_id, deployment_name, deployment_type, deployment_url, custom_domain, status,
     health_status, last_health_check, performance_metrics, uptime_percentage, response_time_avg, feature_flags, environment_variables,
     deployed_at, created_at, updated_at)
SELECT v.id::uuid, v.client_id::uuid, v.customization_id::uuid, (SELECT t.id FROM public.deployment_templates t WHERE t.template_name = v.template),
       v.name, v.type, v.url, v.domain, v.status, v.health, v.checked::timestamptz, v.metrics::jsonb, v.uptime, v.response, v.flags::jsonb,
       v.variables::jsonb, v.deployed::timestamptz, v.created::timestamptz, v.created::timestamptz
  FROM (VALUES
    ('d1000000-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000000', 'c1000000-0000-4000-8000-000000000000',
     'Basic Vercel Deployment', 'Alder site', 'production', 'https://alder.example', 'www.alder.example', 'deployed', 'healthy',
     :'today'::date - 1 + time '10:00', '{"performance": {"avg_response_time": 120}}', 99.95, 118.50, '{"chat": true}',
     '{"PUBLIC_NAME": "Alder"}', '2026-06-10T10:00:00Z', '2026-06-10T09:00:00Z'),
    ('d2000000-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000000', 'c1000000-0000-4000-8000-000000000000',
     'Development Environment', 'Alder staging', 'staging', NULL, NULL, 'failed', 'warning',
     :'today'::date - 1 + time '11:00', '{}', NULL, NULL, '{}', '{}', NULL, '2026-06-11T09:00:00Z'),
    ('d3000000-0000-4000-8000-000000000000', 'a2000000-0000-4000-8000-000000000000', 'c3000000-0000-4000-8000-000000000000',
     NULL, 'Birch shop', 'production', NULL, 'shop.birch.example', 'pending', 'unknown', NULL, '{}', NULL, NULL, '{}', '{}', NULL, '2026-06-12T09:00:00Z'),
    ('d4000000-0000-4000-8000-000000000000', 'a3000000-0000-4000-8000-000000000000', 'c4000000-0000-4000-8000-000000000000',
     'Enterprise AWS Deployment', 'Cedar booking', 'production', 'https://cedar.example', NULL, 'deployed', 'critical',
     :'today'::date - 1 + time '12:00', '{"performance": {"avg_response_time": 2400}}', 91.20, 2310.00, '{}', '{}',
     '2026-06-13T10:00:00Z', '2026-06-13T09:00:00Z'),
    ('d5000000-0000-4000-8000-000000000000', 'a4000000-0000-4000-8000-000000000000', 'c5000000-0000-4000-8000-000000000000',
     NULL, 'Dune booking', 'production', NULL, NULL, 'maintenance', 'warning', :'today'::date - 1 + time '13:00', '{}', NULL, NULL, '{}', '{}',
     '2026-06-14T10:00:00Z', '2026-06-14T09:00:00Z')
  ) v (id, client_id, customization_id, template, name, type, url, domain, status, health, checked, metrics, uptime, response, flags, variables,
       deployed, created);

INSERT INTO public.deployment_tracking_events
    (id, client_id, deployment_id, event_type, event_status, event_message, event_details, event_timestamp, duration_ms, triggered_by)
SELECT v.id::uuid, v.client_id::uuid, v.deployment_id::uuid, v.type, v.status, v.message, v.details::jsonb,
       :'today'::date - 1 + v.at::time, v.duration, v.triggered
  FROM (VALUES
    ('ee100000-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000000', 'd1000000-0000-4000-8000-000000000000',
     'deploy_started', 'info', 'deploying', '{}', '09:00', NULL, 'user'),
    ('ee200000-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000000', 'd1000000-0000-4000-8000-000000000000',
     'deploy_completed', 'success', 'deployed', '{"commit": "4f2a"}', '09:05', 300000, 'system'),
    ('ee300000-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000000', 'd2000000-0000-4000-8000-000000000000',
     'error', 'failure', 'build failed', '{"step": "install"}', '09:30', 4000, 'webhook'),
    ('ee400000-0000-4000-8000-000000000000', 'a3000000-0000-4000-8000-000000000000', 'd4000000-0000-4000-8000-000000000000',
     'health_check', 'warning', 'slow', '{}', '10:00', 2310, 'schedule'),
    ('ee500000-0000-4000-8000-000000000000', 'a4000000-0000-4000-8000-000000000000', 'd5000000-0000-4000-8000-000000000000',
     'maintenance', 'info', 'moving', '{}', '11:00', NULL, 'user')
  ) v (id, client_id, deployment_id, type, status, message, details, at, duration, triggered);

INSERT INTO public.client_analytics
    (id, client_id, deployment_id, analytics_date, page_views, unique_visitors, sessions, conversions, conversion_rate, revenue, currency)
SELECT gen_random_uuid(), v.client_id::uuid, v.deployment_id::uuid, :'today'::date - v.days, v.views, v.visitors, v.sessions, v.conversions,
       v.rate, v.revenue, v.currency
  FROM (VALUES
    ('a1000000-0000-4000-8000-000000000000', 'd1000000-0000-4000-8000-000000000000', 1, 1200, 400, 500, 20, 4.00, 1999.90, 'GBP'),
    ('a1000000-0000-4000-8000-000000000000', 'd1000000-0000-4000-8000-000000000000', 2, 900, 300, 350, 10, 2.86, 950.00, 'GBP'),
    ('a1000000-0000-4000-8000-000000000000', NULL, 1, 50, 40, 45, 0, 0.00, NULL, NULL),
    ('a3000000-0000-4000-8000-000000000000', 'd4000000-0000-4000-8000-000000000000', 1, 80, 60, 70, 1, 1.43, NULL, NULL),
    ('a4000000-0000-4000-8000-000000000000', 'd5000000-0000-4000-8000-000000000000', 1, 7, 7, 7, 0, 0.00, NULL, NULL)
  ) v (client_id, deployment_id, days, views, visitors, sessions, conversions, rate, revenue, currency);

INSERT INTO public.system_configurations
    (id, configuration_key, configuration_category, configuration_value, description, is_delegated, client_id, template_id, environment, created_at, updated_at)
VALUES
    ('f1000000-0000-4000-8000-000000000000', 'theme.primary', 'global', '"#333"', 'Colour of buttons', false, NULL, NULL, 'all',
     '2026-05-01T08:00:00Z', '2026-05-01T08:00:00Z'),
    ('f2000000-0000-4000-8000-000000000000', 'theme.primary', 'template', '"#444"', NULL, false, NULL, 'storefront', 'all',
     '2026-05-02T08:00:00Z', '2026-05-02T08:00:00Z'),
    ('f3000000-0000-4000-8000-000000000000', 'theme.primary', 'client', '"#0a7"', NULL, true, 'a1000000-0000-4000-8000-000000000000', NULL, 'all',
     '2026-05-03T08:00:00Z', '2026-05-03T08:00:00Z'),
    ('f4000000-0000-4000-8000-000000000000', 'features.chat', 'client', 'true', NULL, false, 'a1000000-0000-4000-8000-000000000000', NULL, 'all',
     '2026-05-04T08:00:00Z', '2026-05-04T08:00:00Z'),
    ('f5000000-0000-4000-8000-000000000000', 'features.chat', 'deployment', 'false', NULL, false, 'a1000000-0000-4000-8000-000000000000', NULL, 'staging',
     '2026-05-05T08:00:00Z', '2026-05-05T08:00:00Z'),
    ('f6000000-0000-4000-8000-000000000000', 'features.chat', 'client', 'false', NULL, false, 'a2000000-0000-4000-8000-000000000000', NULL, 'all',
     '2026-05-06T08:00:00Z', '2026-05-06T08:00:00Z'),
    ('f7000000-0000-4000-8000-000000000000', 'features.chat', 'client', 'true', NULL, false, 'a4000000-0000-4000-8000-000000000000', NULL, 'all',
     '2026-05-07T08:00:00Z', '2026-05-07T08:00:00Z');

INSERT INTO public.deployment_configurations
    (id, client_id, deployment_id, environment, deployment_name, region, scaling_config, environment_variables, feature_flags, status, created_at, updated_at)
VALUES
    ('ab100000-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000000', 'd1000000-0000-4000-8000-000000000000', 'production',
     'Alder site', 'eu-west-1', '{"min": 1, "max": 3}', '{"PUBLIC_NAME": "Alder"}', '{"chat": true}', 'validated', '2026-06-10T08:00:00Z', '2026-06-10T08:00:00Z'),
    ('ab200000-0000-4000-8000-000000000000', 'a2000000-0000-4000-8000-000000000000', 'd3000000-0000-4000-8000-000000000000', 'production',
     'Birch shop', 'eu-central-1', '{}', '{}', '{}', 'draft', '2026-06-12T08:00:00Z', '2026-06-12T08:00:00Z'),
    ('ab300000-0000-4000-8000-000000000000', 'a4000000-0000-4000-8000-000000000000', NULL, 'staging',
     'Dune staging', 'us-east-1', '{}', '{}', '{}', 'failed', '2026-06-14T08:00:00Z', '2026-06-14T08:00:00Z');

INSERT INTO public.client_billing_info
    (id, client_id, subscription_tier, subscription_status, subscription_start_date, billing_email, currency, payment_status, invoice_amount,
     account_balance, next_invoice_date, dunning_status, created_at, updated_at)
VALUES
    ('bb100000-0000-4000-8000-000000000000', 'a1000000-0000-4000-8000-000000000000', 'premium', 'active', '2026-01-05', 'billing@alder.example', 'GBP',
     'valid', 249.000, 0.000, :'today'::date + 5, 'none', '2026-01-05T10:00:00Z', '2026-01-05T10:00:00Z'),
    ('bb200000-0000-4000-8000-000000000000', 'a2000000-0000-4000-8000-000000000000', 'standard', 'trial', '2026-02-05', NULL, 'EUR',
     'pending', 0.000, 0.000, NULL, 'none', '2026-02-05T10:00:00Z', '2026-02-05T10:00:00Z'),
    ('bb300000-0000-4000-8000-000000000000', 'a3000000-0000-4000-8000-000000000000', 'basic', 'suspended', '2026-03-05', NULL, 'EUR',
     'failed', 49.500, -99.000, NULL, 'hard', '2026-03-05T10:00:00Z', '2026-03-05T10:00:00Z');

COMMIT;
