-- Ten thousand new clients from a file with a JSON array, as somebody would insert them by hand.
\set body `cat :file`
BEGIN READ WRITE;
SELECT tenantry.enter(:'claims'::jsonb, 'bench', NULL, '127.0.0.1'), pg_catalog.set_config('role', 'tenantry_admin', true) \g /dev/null
\timing on
INSERT INTO public.clients_enhanced (name, email)
SELECT _b.name, _b.email FROM pg_catalog.jsonb_to_recordset(:'body'::jsonb) AS _b(name varchar, email varchar);
COMMIT;
