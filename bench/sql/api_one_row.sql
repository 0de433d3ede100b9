-- One client by id, as the table API asks for it: the transaction of a request in one pipeline.
\set n random(1, 20)
\startpipeline
BEGIN READ ONLY;
SELECT tenantry.enter(:claims::jsonb, 'bench', NULL, '127.0.0.1'), pg_catalog.set_config('role', 'tenantry_manager', true);
SELECT coalesce(pg_catalog.json_agg(_r), '[]')::pg_catalog.text, pg_catalog.count(*), NULL::pg_catalog.int8
  FROM (SELECT t1.id AS id, t1.name AS name, t1.email AS email, t1.status AS status, t1.tier AS tier
          FROM public.clients_enhanced AS t1
         WHERE t1.id = md5('client ' || :n::int * 50)::uuid LIMIT 1000) AS _r;
COMMIT;
\endpipeline
