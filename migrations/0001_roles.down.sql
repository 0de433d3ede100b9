-- Takes back what 0001_roles gave in this database, and drops the roles where nobody needs them any more.
-- They stay, all of them, while another database of the cluster refers to one (a membership leaves no
-- trace in pg_shdepend, so a single role can't be judged by itself), and one by one while something
-- of the site's in this database does. `anon` and `authenticated` are dropped only where 0001_roles made them.
DO $roles$
DECLARE
    ours CONSTANT name[] := ARRAY['tenantry_owner', 'tenantry_server', 'tenantry_auth', 'tenantry_worker', 'tenantry_backup',
        'tenantry_client', 'tenantry_staff', 'tenantry_manager', 'tenantry_admin', 'tenantry_super_admin', 'tenantry_service'];
    this_database CONSTANT oid := (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database());
    statement text;
    role name;
BEGIN
    FOR statement IN
        SELECT pg_catalog.format('REVOKE ALL ON DATABASE %I FROM tenantry_owner', pg_catalog.current_database())
         WHERE pg_catalog.to_regrole('tenantry_owner') IS NOT NULL
        UNION ALL
        SELECT pg_catalog.format('REVOKE ALL ON SCHEMA %I FROM %I', n.nspname, r.rolname)
          FROM pg_catalog.pg_namespace n
          CROSS JOIN LATERAL pg_catalog.aclexplode(n.nspacl) a
          JOIN pg_catalog.pg_roles r ON r.oid = a.grantee AND r.rolname = ANY (ours)
         WHERE n.nspname IN ('public', 'auth')
        UNION ALL
        SELECT pg_catalog.format('REVOKE ALL ON auth.users FROM %I', r.rolname)
          FROM pg_catalog.pg_class c
          CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) a
          JOIN pg_catalog.pg_roles r ON r.oid = a.grantee AND r.rolname = ANY (ours)
         WHERE c.oid = pg_catalog.to_regclass('auth.users')
        UNION ALL
        SELECT pg_catalog.format('REVOKE ALL ON SEQUENCE %I.%I FROM tenantry_owner', n.nspname, s.relname)
          FROM pg_catalog.pg_attrdef d
          JOIN pg_catalog.pg_depend p ON p.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND p.objid = d.oid
           AND p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
          JOIN pg_catalog.pg_class s ON s.oid = p.refobjid AND s.relkind = 'S'
          JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace
          CROSS JOIN LATERAL pg_catalog.aclexplode(s.relacl) a
         WHERE d.adrelid = pg_catalog.to_regclass('auth.users')
           AND a.grantee = pg_catalog.to_regrole('tenantry_owner')
    LOOP
        EXECUTE statement;
    END LOOP;

    IF EXISTS (SELECT FROM pg_catalog.pg_shdepend s
                 JOIN pg_catalog.pg_roles r ON r.oid = s.refobjid AND r.rolname = ANY (ours)
                WHERE s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
                  AND (s.dbid NOT IN (0, this_database)
                       OR s.dbid = 0 AND s.classid = 'pg_catalog.pg_database'::pg_catalog.regclass AND s.objid <> this_database))
    THEN
        RAISE NOTICE 'Tenantry''s roles stay: another database of this cluster uses them';
        RETURN;
    END IF;

    FOR role IN
        SELECT r.rolname
          FROM pg_catalog.pg_roles r
         WHERE (r.rolname = ANY (ours)
                OR r.rolname IN ('anon', 'authenticated')
                   AND pg_catalog.shobj_description(r.oid, 'pg_authid') LIKE 'Tenantry: %')
           AND r.rolname <> current_user
         ORDER BY r.rolname
    LOOP
        BEGIN
            EXECUTE pg_catalog.format('DROP ROLE %I', role);
        EXCEPTION
            WHEN dependent_objects_still_exist OR insufficient_privilege OR object_in_use THEN
                RAISE NOTICE 'role % stays: %', role, sqlerrm;
        END;
    END LOOP;
END
$roles$;
