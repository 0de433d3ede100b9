-- The first month after the cursor that has no partition, up to two years ahead.
WITH bounds AS (
    SELECT p.lower_bound, p.upper_bound FROM tenantry.partitions() p WHERE p.parent = $TABLE AND p.upper_bound IS NOT NULL
), missing AS (
    SELECT m::date AS month
      FROM generate_series((SELECT max(b.upper_bound) FROM bounds b WHERE b.lower_bound IS NULL)::timestamp,
                           date_trunc('month', now() AT TIME ZONE 'UTC') + interval '24 months', interval '1 month') m
     WHERE ($1::text = '' OR m::date > nullif($1::text, '')::date)
       AND NOT EXISTS (SELECT FROM bounds b WHERE m::date < b.upper_bound AND m::date >= coalesce(b.lower_bound, '-infinity'))
), made AS MATERIALIZED (
    SELECT m.month, tenantry.make_partition($TABLE, m.month) FROM missing m ORDER BY m.month LIMIT 1
)
SELECT (SELECT month::text FROM made), (SELECT count(*) FROM made)
