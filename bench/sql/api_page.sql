-- The first hundred clients by name and how many there are, as the table API asks for them.
\startpipeline
BEGIN READ ONLY;
SELECT tenantry.enter(:claims::jsonb, 'bench', NULL, '127.0.0.1'), pg_catalog.set_config('role', 'tenantry_admin', true);
SELECT coalesce(pg_catalog.json_agg(_r), '[]')::pg_catalog.text, pg_catalog.count(*),
       (SELECT pg_catalog.count(*) FROM public.clients_enhanced AS t2)
  FROM (SELECT t1.id AS id, t1.name AS name, t1.email AS email, t1.status AS status, t1.tier AS tier
          FROM public.clients_enhanced AS t1 ORDER BY t1.name ASC LIMIT 100) AS _r;
COMMIT;
\endpipeline
