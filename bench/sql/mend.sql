-- What a person mends by hand in the sample of an existing database before its big tables can be partitioned. Where
-- there is nothing to mend, nothing happens.

UPDATE deployment_tracking_events e
   SET event_timestamp = d.created_at + interval '1 day'
  FROM client_deployments d
 WHERE d.id = e.deployment_id AND e.event_timestamp IS NULL;

UPDATE client_analytics SET analytics_period = 'daily' WHERE analytics_period = 'hourly';

-- Of several figures of one day the first is kept.
DELETE FROM client_analytics a
 USING (SELECT id, row_number() OVER (PARTITION BY client_id, deployment_id, analytics_date, analytics_period ORDER BY id) AS place
          FROM client_analytics) s
 WHERE s.id = a.id AND s.place > 1;

-- A deployment of another client's customization gets one of its own client's.
UPDATE client_deployments d
   SET customization_id = (SELECT c.id FROM client_customizations c WHERE c.client_id = d.client_id ORDER BY c.version LIMIT 1)
 WHERE NOT EXISTS (SELECT FROM client_customizations c WHERE c.id = d.customization_id AND c.client_id = d.client_id);

UPDATE client_deployments SET health_status = 'warning' WHERE health_status = 'degraded';
UPDATE clients_enhanced SET tier = 'premium' WHERE tier = 'professional';
UPDATE clients_enhanced SET status = 'inactive' WHERE status = 'paused';
UPDATE clients_enhanced SET created_at = coalesce(created_at, now()), updated_at = coalesce(updated_at, now())
 WHERE created_at IS NULL OR updated_at IS NULL;
