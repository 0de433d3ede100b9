-- 5,000 rows in the order of their key. Only what is missing is written, so that a repeated run changes nothing.
WITH page AS MATERIALIZED (
    SELECT e.id FROM public.deployment_tracking_events e
     WHERE $1::text = '' OR e.id > nullif($1::text, '')::uuid
     ORDER BY e.id LIMIT 5000
), filled AS (
    UPDATE public.deployment_tracking_events e
       SET client_id = d.client_id
      FROM page p, public.client_deployments d
     WHERE e.id = p.id AND d.id = e.deployment_id
       AND (e.client_id IS NULL OR e.client_id = '00000000-0000-0000-0000-000000000000')
    RETURNING e.id
)
SELECT (SELECT p.id::text FROM page p ORDER BY p.id DESC LIMIT 1), (SELECT count(*) FROM filled)
