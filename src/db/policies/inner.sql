-- Every table of Tenantry's outside public: the owner sees all, backups read all, nobody else anything
-- unless the list says so below. Partitions have no grant but the backup's, because pg_dump copies them
-- one by one. An auth.users of the site's is left as it is.
DO $inner$
DECLARE
    target pg_catalog.regclass;
    statement text;
BEGIN
    FOR target IN
        SELECT c.oid
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND c.relowner = 'tenantry_owner'::pg_catalog.regrole
           AND (n.nspname IN ('tenantry', 'tenantry_partitions') OR n.nspname = 'auth' AND c.relname = 'users')
         ORDER BY n.nspname, c.relname
    LOOP
        FOR statement IN
            SELECT pg_catalog.format('DROP POLICY %I ON %s', p.polname, target)
              FROM pg_catalog.pg_policy p WHERE p.polrelid = target
            UNION ALL
            SELECT DISTINCT pg_catalog.format('REVOKE ALL ON %s FROM %s CASCADE', target, coalesce(pg_catalog.quote_ident(r.rolname), 'PUBLIC'))
              FROM pg_catalog.pg_class c
              CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) a
              LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
             WHERE c.oid = target AND a.grantee <> c.relowner
        LOOP
            EXECUTE statement;
        END LOOP;
        EXECUTE pg_catalog.format('CREATE POLICY tenantry_owner_all ON %s FOR ALL TO tenantry_owner USING (true) WITH CHECK (true)', target);
        EXECUTE pg_catalog.format('CREATE POLICY tenantry_backup_select ON %s FOR SELECT TO tenantry_backup USING (true)', target);
        EXECUTE pg_catalog.format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
        EXECUTE pg_catalog.format('GRANT SELECT ON %s TO tenantry_backup', target);
        IF target = 'auth.users'::pg_catalog.regclass THEN
            CREATE POLICY tenantry_auth_select ON auth.users FOR SELECT TO tenantry_auth USING (true);
            GRANT SELECT ON auth.users TO tenantry_auth;
            GRANT USAGE ON SCHEMA auth TO tenantry_auth, tenantry_backup;
        END IF;
    END LOOP;

    -- pg_dump reads where sequences stand.
    FOR target IN
        SELECT c.oid
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'S' AND c.relowner = 'tenantry_owner'::pg_catalog.regrole
           AND n.nspname IN ('public', 'tenantry', 'tenantry_partitions')
    LOOP
        EXECUTE pg_catalog.format('GRANT SELECT ON SEQUENCE %s TO tenantry_backup', target);
    END LOOP;

    -- A function is everybody's unless it is taken away, and in tenantry none is.
    FOR statement IN
        SELECT pg_catalog.format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', p.oid::pg_catalog.regprocedure)
          FROM pg_catalog.pg_proc p
         WHERE p.pronamespace = 'tenantry'::pg_catalog.regnamespace AND p.proowner = 'tenantry_owner'::pg_catalog.regrole
    LOOP
        EXECUTE statement;
    END LOOP;
    GRANT USAGE ON SCHEMA tenantry_partitions TO tenantry_backup;
END
$inner$;
