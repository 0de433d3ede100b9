-- What a person decides about the faults that `../shared/existing-database/data.sql` plants.
UPDATE clients_enhanced SET email = 'second@client7.example' WHERE email = 'Owner7@Client7.example';
UPDATE clients_enhanced SET tier = 'premium' WHERE tier = 'professional';
UPDATE clients_enhanced SET status = 'inactive' WHERE status = 'paused';
UPDATE clients_enhanced SET created_at = '2025-02-14 18:00+00', updated_at = '2025-07-02 02:00+00' WHERE created_at IS NULL;
UPDATE client_deployments d SET customization_id = c.id FROM client_customizations c
 WHERE c.client_id = d.client_id AND c.version = 1
   AND NOT EXISTS (SELECT FROM client_customizations own WHERE own.id = d.customization_id AND own.client_id = d.client_id);
UPDATE client_deployments SET custom_domain = NULL WHERE custom_domain = 'www.client2.example' AND deployment_name NOT LIKE 'client2-%';
UPDATE client_deployments SET health_status = 'warning' WHERE health_status = 'degraded';
UPDATE client_customizations SET is_active = false WHERE is_active AND status = 'draft';
DELETE FROM client_analytics WHERE deployment_id IS NULL AND page_views = 20;
UPDATE deployment_tracking_events SET event_timestamp = '2025-03-05 12:00+00' WHERE event_timestamp IS NULL;
UPDATE client_analytics SET analytics_period = 'daily' WHERE analytics_period = 'hourly';
