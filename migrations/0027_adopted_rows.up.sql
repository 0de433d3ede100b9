-- What clients that were there before Tenantry lack: a billing row for each, and a membership for each assigned manager.
-- Safe to repeat: what is there is left as it is. The template versions in use were made with 0006, whose foreign key
-- refers to them. Every row is noted, so that `migrate down` knows what nobody touched since; a membership is known by
-- made_by_assignment, which an edit by anybody clears.

SET LOCAL TimeZone = 'UTC';

-- next_invoice_date stays NULL: nobody is billed by surprise. A tier that isn't one of the four says nothing about what
-- is billed, so the client gets standard; whoever knows better changes it before the first invoice.
WITH made AS (
    INSERT INTO public.client_billing_info AS b (client_id, subscription_tier, subscription_status, payment_status, currency)
    SELECT c.id,
           CASE WHEN c.tier IN ('basic', 'standard', 'premium', 'enterprise') THEN c.tier ELSE 'standard' END,
           CASE c.status WHEN 'active' THEN 'active' WHEN 'suspended' THEN 'suspended' WHEN 'churned' THEN 'cancelled'
                         ELSE 'suspended' END,
           'pending',
           coalesce((SELECT s.configuration_value ->> 'currency' FROM public.system_configurations s
                      WHERE s.configuration_key = 'billing_settings' AND s.is_system AND s.is_active
                        AND s.client_id IS NULL AND s.template_id IS NULL AND s.environment = 'all'
                        AND s.configuration_value ->> 'currency' ~ '^[A-Z]{3}$'), 'USD')
      FROM public.clients_enhanced c
     WHERE NOT EXISTS (SELECT FROM public.client_billing_info i WHERE i.client_id = c.id)
    ON CONFLICT DO NOTHING
    RETURNING b.id, to_jsonb(b) AS content
)
INSERT INTO tenantry.made_rows (table_name, row_id, content)
SELECT 'client_billing_info', m.id, m.content FROM made m;

-- People whose role is client can't be members as manager; who assigned one as such has to say what was meant.
INSERT INTO public.client_members (client_id, user_id, member_role, made_by_assignment)
SELECT c.id, c.assigned_manager, 'manager', true
  FROM public.clients_enhanced c
 WHERE c.assigned_manager IS NOT NULL
   AND NOT EXISTS (SELECT FROM tenantry.people p WHERE p.user_id = c.assigned_manager AND p.role = 'client')
   AND NOT EXISTS (SELECT FROM public.client_members m WHERE m.client_id = c.id AND m.user_id = c.assigned_manager)
ON CONFLICT DO NOTHING;
