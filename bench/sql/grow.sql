-- Fills the two big tables up to the size of a busy site's: events over the last two years, a figure a day for as long as
-- it takes. Keys hold by construction, so their triggers are left out.

SET session_replication_role = replica;

INSERT INTO deployment_tracking_events (deployment_id, event_type, event_status, event_timestamp, duration_ms, triggered_by)
SELECT d.id, (ARRAY['health_check', 'build_started', 'build_completed', 'deploy_completed', 'error'])[1 + n % 5], 'success',
       now() - n * interval '1 minute', n % 90000, 'schedule'
  FROM generate_series(1, greatest(0, :events - (SELECT count(*) FROM deployment_tracking_events))) n
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS all_of_them FROM client_deployments) d
    ON d.place = n % d.all_of_them;

INSERT INTO client_analytics (client_id, deployment_id, analytics_date, page_views, unique_visitors, sessions, bounce_rate, revenue)
SELECT d.client_id, d.id, date '2025-05-31' - (n / d.all_of_them)::integer, n % 4000, n % 900, n % 1200, n % 60, n % 900
  FROM generate_series(0, greatest(0, :figures - (SELECT count(*) FROM client_analytics)) - 1) n
  JOIN (SELECT id, client_id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS all_of_them FROM client_deployments) d
    ON d.place = n % d.all_of_them;

SET session_replication_role = DEFAULT;
ANALYZE;
