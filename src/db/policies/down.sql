-- Takes policies and grants away again. A table that was adopted gets back what it had from what was recorded.
DO $down$
DECLARE
    target record;
    statement text;
BEGIN
    FOR target IN
        SELECT c.oid::pg_catalog.regclass AS relation, c.oid, c.relkind, c.relacl, c.relowner
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'v', 'S') AND c.relowner = 'tenantry_owner'::pg_catalog.regrole
           AND (n.nspname IN ('tenantry', 'tenantry_partitions') OR n.nspname = 'auth' AND c.relname = 'users'
                OR n.nspname = 'public' AND (c.relkind = 'S' OR c.relname = ANY ('{$NAMES}')))
    LOOP
        FOR statement IN
            SELECT pg_catalog.format('DROP POLICY %I ON %s', p.polname, target.relation)
              FROM pg_catalog.pg_policy p
             WHERE p.polrelid = target.oid AND p.polname LIKE 'tenantry\_%'
            UNION ALL
            SELECT pg_catalog.format('REVOKE ALL ON %s FROM %I CASCADE', target.relation, r.rolname)
              FROM (SELECT a.grantee FROM pg_catalog.aclexplode(target.relacl) a
                    UNION
                    SELECT a.grantee FROM pg_catalog.pg_attribute t, pg_catalog.aclexplode(t.attacl) a
                     WHERE t.attrelid = target.oid) g
              JOIN pg_catalog.pg_roles r ON r.oid = g.grantee AND r.rolname LIKE 'tenantry\_%'
             WHERE g.grantee <> target.relowner
        LOOP
            EXECUTE statement;
        END LOOP;
        IF target.relkind IN ('r', 'p') THEN
            EXECUTE pg_catalog.format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', target.relation);
        END IF;
    END LOOP;

    FOR statement IN
        SELECT pg_catalog.format('REVOKE ALL ON %s %s FROM %I', o.kind, o.name, r.rolname)
          FROM (SELECT 'FUNCTION', p.oid::pg_catalog.regprocedure::text, p.proacl
                  FROM pg_catalog.pg_proc p
                 WHERE p.pronamespace = 'tenantry'::pg_catalog.regnamespace AND p.proowner = 'tenantry_owner'::pg_catalog.regrole
                UNION ALL
                SELECT 'SCHEMA', n.oid::pg_catalog.regnamespace::text, n.nspacl
                  FROM pg_catalog.pg_namespace n
                 WHERE n.nspowner = 'tenantry_owner'::pg_catalog.regrole) o (kind, name, acl)
          CROSS JOIN LATERAL pg_catalog.aclexplode(o.acl) a
          JOIN pg_catalog.pg_roles r ON r.oid = a.grantee AND r.rolname LIKE 'tenantry\_%' AND r.rolname <> 'tenantry_owner'
         GROUP BY o.kind, o.name, r.rolname
    LOOP
        EXECUTE statement;
    END LOOP;
END
$down$;
