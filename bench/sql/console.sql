-- What an agency's pages count and list, beside the rows of configuration.sql: what each client is billed, a deployment with
-- 30 events and 29 days of figures. With 10,000 clients that makes a million rows with those. Triggers are off.
SET session_replication_role = replica;
UPDATE public.clients_enhanced SET
    industry = (ARRAY['wellness', 'retail', 'hospitality', 'law', 'trades'])[1 + abs(hashtext(name)) % 5],
    tier = (ARRAY['basic', 'standard', 'premium', 'enterprise'])[1 + abs(hashtext(email)) % 4],
    company_name = 'Company of ' || name,
    renewal_date = current_date + (abs(hashtext(name)) % 400 - 30);
INSERT INTO public.client_billing_info (client_id, subscription_status, currency, invoice_amount, next_invoice_date)
SELECT c.id, (ARRAY['trial', 'active', 'active', 'suspended'])[1 + abs(hashtext(c.name)) % 4],
       (ARRAY['EUR', 'USD', 'GBP'])[1 + abs(hashtext(c.email)) % 3], 79, current_date + abs(hashtext(c.name)) % 28
  FROM public.clients_enhanced c;
INSERT INTO public.client_deployments (id, client_id, customization_id, deployment_name, deployment_type, status, health_status, created_at)
SELECT z.id, z.client_id, z.id, 'app', 'production', (ARRAY['deployed', 'deployed', 'deployed', 'failed'])[1 + abs(hashtext(z.id::text)) % 4],
       (ARRAY['healthy', 'healthy', 'warning', 'unknown'])[1 + abs(hashtext(z.client_id::text)) % 4], now() - interval '40 days'
  FROM public.client_customizations z;
INSERT INTO public.deployment_tracking_events (client_id, deployment_id, event_type, event_status, event_timestamp)
SELECT d.client_id, d.id, 'health_check', 'success', now() - n * interval '6 hours' - abs(hashtext(d.id::text)) % 3600 * interval '1 second'
  FROM public.client_deployments d CROSS JOIN generate_series(1, 30) n;
INSERT INTO public.client_analytics (client_id, deployment_id, analytics_date, page_views, unique_visitors, sessions)
SELECT d.client_id, d.id, current_date - n, 100, 60, 80
  FROM public.client_deployments d CROSS JOIN generate_series(1, 29) n;
SET session_replication_role = origin;
