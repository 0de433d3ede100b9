-- 10,000 clients, each with 40 rows: 10 for all environments and 10 for each. With a template of 40 keys and some global
-- ones that gives documents of about 4 KB. Three runtime tokens for each client. Triggers are off: what they keep beside
-- the rows is written here as well.
SET session_replication_role = replica;
INSERT INTO public.template_configurations (template_id, template_version, template_name, status, configuration_schema, default_configuration)
SELECT 'bench', '1.0.0', 'Bench', 'active',
       jsonb_build_object('type', 'object', 'properties', jsonb_build_object('keys', jsonb_build_object(
           'type', 'object', 'properties', jsonb_object_agg('key_' || n, '{"type": "string", "maxLength": 200}'::jsonb)))),
       jsonb_build_object('keys', jsonb_object_agg('key_' || n, repeat('default ', 10)))
  FROM generate_series(1, 40) n;
INSERT INTO public.clients_enhanced (id, name, email)
SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'client ' || n, n || '@example.com' FROM generate_series(1, :clients) n;
INSERT INTO public.client_customizations (client_id, template_id, template_version, customization_config, status, is_active)
SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'bench', '1.0.0', jsonb_build_object('keys', jsonb_build_object('key_40', 'client ' || n)), 'approved', true
  FROM generate_series(1, :clients) n;
INSERT INTO public.system_configurations (configuration_key, configuration_category, configuration_value, client_id, environment)
SELECT 'keys.key_' || k, CASE e WHEN 'all' THEN 'client' ELSE 'deployment' END, to_jsonb(repeat(md5(n || e || k), 2)), ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, e
  FROM generate_series(1, :clients) n
 CROSS JOIN unnest(ARRAY['all', 'development', 'staging', 'production']) WITH ORDINALITY t (e, place)
 CROSS JOIN generate_series(1 + CASE e WHEN 'all' THEN 0 ELSE 10 END, 10 + CASE e WHEN 'all' THEN 0 ELSE 10 END) k;
INSERT INTO public.system_configurations (configuration_key, configuration_category, configuration_value)
VALUES ('support.email', 'global', '"help@agency.example"');
INSERT INTO tenantry.configuration_heads (table_name, row_id, client_id, valid_from, revision)
SELECT 'system_configurations', s.id, s.client_id, clock_timestamp(), 1 FROM public.system_configurations s
 WHERE NOT EXISTS (SELECT FROM tenantry.configuration_heads h WHERE h.row_id = s.id)
UNION ALL SELECT 'client_customizations', c.id, c.client_id, clock_timestamp(), 1 FROM public.client_customizations c
UNION ALL SELECT 'template_configurations', t.id, NULL, clock_timestamp(), 1 FROM public.template_configurations t;
INSERT INTO tenantry.tokens (name, kind, prefix, secret_hash, scopes, client_id, environment)
SELECT 'bench', 'runtime', 'tnt_rt_', sha256(convert_to('tnt_rt_' || n || '_' || e, 'UTF8')), '{config:read}', ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, e
  FROM generate_series(1, :clients) n CROSS JOIN unnest(ARRAY['development', 'staging', 'production']) e;
SET session_replication_role = origin;
