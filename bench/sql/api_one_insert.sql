-- One new client, with its entry in the audit log, as the table API writes it.
\set n random(1, 9223372036854775807)
\startpipeline
BEGIN READ WRITE;
SELECT tenantry.enter(:claims::jsonb, 'bench', NULL, '127.0.0.1'), pg_catalog.set_config('role', 'tenantry_admin', true);
INSERT INTO public.clients_enhanced AS t1 (name, email)
SELECT _b.name, _b.email
  FROM pg_catalog.json_to_record(('{"name":"new","email":"' || :n::bigint || '@pgbench.example"}')::json)
       AS _b(name varchar, email varchar);
COMMIT;
\endpipeline
