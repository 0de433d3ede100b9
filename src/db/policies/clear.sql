-- What $RELATION had before: policies that aren't an operator's wish, and grants. A role that an operator
-- keeps (policy keep_<role>) and other logins of the site's, which no policy lets see a row, keep
-- their grants, but for those that no policy holds back.
DO $clear$
DECLARE
    target CONSTANT pg_catalog.regclass := '$RELATION'::pg_catalog.regclass;
    statement text;
BEGIN
    FOR statement IN
        WITH acl AS (
            SELECT a.grantee FROM pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a WHERE c.oid = target
            UNION
            SELECT a.grantee FROM pg_catalog.pg_attribute t, pg_catalog.aclexplode(t.attacl) a WHERE t.attrelid = target
        )
        -- What somebody handed on was granted by them, and only goes with their right to do so.
        SELECT pg_catalog.format('REVOKE GRANT OPTION FOR ALL ON %s FROM %I CASCADE', target, r.rolname)
          FROM pg_catalog.pg_class c
         CROSS JOIN LATERAL (
            SELECT a.grantee FROM pg_catalog.aclexplode(c.relacl) a WHERE a.is_grantable
            UNION
            SELECT a.grantee FROM pg_catalog.pg_attribute t, pg_catalog.aclexplode(t.attacl) a
             WHERE t.attrelid = c.oid AND a.is_grantable) handed
          JOIN pg_catalog.pg_roles r ON r.oid = handed.grantee
         WHERE c.oid = target AND c.relowner <> handed.grantee
        UNION ALL
        SELECT pg_catalog.format('REVOKE %s ON %s FROM %s CASCADE',
                   CASE WHEN r.oid IS NULL
                          OR (r.rolname LIKE 'tenantry\_%' OR r.rolname IN ('anon', 'authenticated', 'service_role') OR r.rolbypassrls)
                             AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy p
                                              WHERE p.polrelid = target AND p.polname = 'keep_' || r.rolname)
                        THEN 'ALL' ELSE 'TRUNCATE, REFERENCES, TRIGGER' END,
                   target, coalesce(pg_catalog.quote_ident(r.rolname), 'PUBLIC'))
          FROM acl
          JOIN pg_catalog.pg_class c ON c.oid = target AND c.relowner <> acl.grantee
          LEFT JOIN pg_catalog.pg_roles r ON r.oid = acl.grantee
        UNION ALL
        SELECT pg_catalog.format('DROP POLICY %I ON %s', p.polname, target)
          FROM pg_catalog.pg_policy p
         WHERE p.polrelid = target AND p.polname NOT LIKE 'keep\_%'
    LOOP
        EXECUTE statement;
    END LOOP;
END
$clear$;
