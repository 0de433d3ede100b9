-- 5,000 rows in the order of their ids, all of one id together. Only what is missing is written, so that a repeated run
-- changes nothing; what stood in a column of the site's is kept, so that `migrate down` can put it back.
WITH page AS MATERIALIZED (
    SELECT e.id, e.client_id FROM public.deployment_tracking_events e
     WHERE $1::text = '' OR e.id > nullif($1::text, '')::uuid
     ORDER BY e.id FETCH FIRST 5000 ROWS WITH TIES
), filled AS (
    UPDATE public.deployment_tracking_events e
       SET client_id = d.client_id
      FROM page p, public.client_deployments d
     WHERE e.id = p.id AND d.id = e.deployment_id
       AND (e.client_id IS NULL OR e.client_id = '00000000-0000-0000-0000-000000000000')
    RETURNING e.id, p.client_id AS former
), kept AS (
    INSERT INTO tenantry.filled_events (event_id, client_id)
    SELECT f.id, f.former FROM filled f
     WHERE EXISTS (SELECT FROM tenantry.adopted_tables a
                    WHERE a.table_name = 'deployment_tracking_events' AND a.catalog -> 'columns' @> '[{"name": "client_id"}]')
    ON CONFLICT (event_id) DO NOTHING
)
SELECT (SELECT p.id::text FROM page p ORDER BY p.id DESC LIMIT 1), (SELECT count(*) FROM filled)
