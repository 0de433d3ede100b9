//! What must be true of the catalog, whatever the policies say.

use tokio_postgres::Client;

use crate::support::Database;

/// Tenantry's tables and partitions: what its owner owns.
const OURS: &str = "
    ours AS (
        SELECT c.oid, c.relname, c.relkind, c.relispartition, c.relrowsecurity, c.relforcerowsecurity, c.relacl, c.relowner,
               c.reloptions, n.nspname
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relowner = 'tenantry_owner'::regrole AND c.relkind IN ('r', 'p', 'v', 'm')
    ),
    policy AS (
        SELECT p.*, o.relname, c.command, pg_get_expr(p.polqual, p.polrelid) AS qual,
               pg_get_expr(p.polwithcheck, p.polrelid) AS with_check
          FROM pg_policy p
          JOIN ours o ON o.oid = p.polrelid
          JOIN (VALUES ('r', 'SELECT'), ('a', 'INSERT'), ('w', 'UPDATE'), ('d', 'DELETE')) c (cmd, command)
            ON p.polcmd IN (c.cmd::\"char\", '*')
    ),
    request_role AS (
        SELECT r.oid, r.rolname FROM pg_roles r
         WHERE r.rolname IN ('tenantry_client', 'tenantry_staff', 'tenantry_manager', 'tenantry_admin', 'tenantry_service',
                             'tenantry_super_admin', 'anon', 'authenticated')
    )";

/// Each a rule and the query that finds what breaks it.
const RULES: &[(&str, &str)] = &[
    (
        "row level security is enabled and forced on every table and partition",
        "SELECT nspname || '.' || relname FROM ours WHERE relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity)",
    ),
    (
        "the owner sees every row of every table, else it would validate against nothing",
        "SELECT o.relname FROM ours o WHERE relkind IN ('r', 'p') AND NOT EXISTS (
             SELECT FROM pg_policy p WHERE p.polrelid = o.oid AND p.polcmd = '*' AND p.polroles = ARRAY['tenantry_owner'::regrole::oid]
                AND pg_get_expr(p.polqual, o.oid) = 'true' AND pg_get_expr(p.polwithcheck, o.oid) = 'true')",
    ),
    (
        "one policy per table, command and role, with one exception",
        "SELECT concat_ws(' ', relname, command, polroles[1]::regrole, count(*)) FROM policy
          GROUP BY relname, polrelid, command, polroles[1]
         HAVING count(*) <> CASE WHEN relname = 'system_configurations' AND command = 'SELECT'
                                  AND polroles[1] IN ('tenantry_staff'::regrole, 'tenantry_manager'::regrole) THEN 2 ELSE 1 END",
    ),
    ("every policy says TO one role", "SELECT polname::text FROM policy WHERE polroles = '{0}' OR cardinality(polroles) <> 1"),
    ("no policy is restrictive", "SELECT polname::text FROM policy WHERE NOT polpermissive"),
    (
        "a policy asks by index, never this or that",
        "SELECT concat_ws(' ', relname, polname) FROM policy
          WHERE concat(qual, with_check) ~* 'client_id IS NULL\\)? OR|OR \\(?client_id IS NULL|entered\\(\\)[^)]*\\)* OR'",
    ),
    (
        "an update is judged before and after",
        "SELECT concat_ws(' ', relname, polname) FROM policy WHERE command = 'UPDATE' AND (qual IS NULL OR with_check IS NULL)",
    ),
    (
        "a policy calls nothing but the four questions, each in a sub-select of its own",
        "SELECT DISTINCT concat_ws(' ', p.relname, p.polname, f.proname)
           FROM policy p
           JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_proc'::regclass
           JOIN pg_proc f ON f.oid = d.refobjid
          WHERE f.pronamespace <> 'pg_catalog'::regnamespace
            AND (f.oid::regprocedure::text <> ALL ('{tenantry.entered(),tenantry.user_id(),tenantry.member_client_ids(),tenantry.managed_client_ids()}')
                 OR concat(p.qual, p.with_check) !~ ('SELECT tenantry\\.' || f.proname || '\\(\\)')
                    AND concat(p.qual, p.with_check) !~ ('WHERE tenantry\\.' || f.proname || '\\(\\)'))",
    ),
    (
        "no memberships but those of the server and the migrator",
        "SELECT concat(m.rolname, ' in ', g.rolname)
           FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
          WHERE (g.rolname LIKE 'tenantry\\_%' OR m.rolname LIKE 'tenantry\\_%' OR g.rolname IN ('anon', 'authenticated'))
            AND NOT (m.rolname = 'tenantry_server' AND g.rolname NOT IN ('tenantry_owner', 'tenantry_backup'))
            -- A migrator that is no superuser; tests of roles make some on the same server.
            AND NOT (m.rolname LIKE 'migrator\\_%' AND g.rolname IN ('tenantry_owner', 'tenantry_backup'))",
    ),
    (
        "the server is in each role that it takes",
        "SELECT r.rolname::text FROM pg_roles r
          WHERE (r.rolname IN ('tenantry_auth', 'tenantry_worker') OR r.oid IN (SELECT oid FROM request_role))
            AND NOT EXISTS (SELECT FROM pg_auth_members a WHERE a.roleid = r.oid AND a.member = 'tenantry_server'::regrole)",
    ),
    (
        "no role inherits, logs in or bypasses but where it must",
        "SELECT rolname::text FROM pg_roles
          WHERE rolname LIKE 'tenantry\\_%'
            AND (rolinherit OR rolcanlogin <> (rolname = 'tenantry_server') OR rolsuper OR rolcreaterole OR rolcreatedb
                 OR rolreplication OR rolbypassrls <> (rolname = 'tenantry_backup'))",
    ),
    (
        "nobody may truncate, reference or put triggers on a table",
        "SELECT concat_ws(' ', relname, grantee::regrole, privilege_type) FROM ours, aclexplode(relacl)
          WHERE privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER') AND grantee <> relowner",
    ),
    (
        "nobody has a grant on a partition, but for backups",
        "SELECT concat_ws(' ', relname, grantee::regrole) FROM ours, aclexplode(relacl)
          WHERE relispartition AND grantee <> relowner AND (grantee <> 'tenantry_backup'::regrole OR privilege_type <> 'SELECT')",
    ),
    (
        "no grant can be passed on, and none is everybody's",
        "SELECT concat_ws(' ', relname, grantee::regrole) FROM ours, aclexplode(relacl)
          WHERE grantee <> relowner AND (is_grantable OR grantee = 0)",
    ),
    (
        "nobody signed in, and whoever has no role of ours, may nothing",
        "SELECT concat_ws(' ', o.relname, r.rolname) FROM ours o, request_role r
          WHERE r.rolname IN ('anon', 'authenticated') AND nspname <> 'auth'
            AND has_table_privilege(r.oid, o.oid, 'SELECT, INSERT, UPDATE, DELETE')
         UNION ALL
         SELECT concat_ws(' ', p.proname, r.rolname) FROM pg_proc p, request_role r
          WHERE r.rolname IN ('anon', 'authenticated') AND p.pronamespace = 'tenantry'::regnamespace
            AND has_function_privilege(r.oid, p.oid, 'EXECUTE')",
    ),
    (
        "what is only added to is never changed or removed",
        "SELECT concat_ws(' ', o.relname, r.rolname) FROM ours o, pg_roles r
          WHERE o.relname IN ('audit_log', 'configuration_versions', 'deployment_tracking_events')
            AND NOT pg_has_role(r.oid, 'tenantry_owner', 'MEMBER') AND r.rolname NOT LIKE 'pg\\_%'
            AND (has_table_privilege(r.oid, o.oid, 'DELETE') OR has_any_column_privilege(r.oid, o.oid, 'UPDATE'))",
    ),
    (
        "nobody changes is_system and is_delegated, nobody deletes a client",
        "SELECT concat_ws(' ', a.attname, r.rolname) FROM pg_attribute a JOIN ours o ON o.oid = a.attrelid, request_role r
          WHERE a.attname IN ('is_system', 'is_delegated', 'is_system_template') AND o.nspname = 'public' AND o.relkind <> 'v'
            AND has_column_privilege(r.oid, o.oid, a.attnum, 'UPDATE')
         UNION ALL
         SELECT r.rolname::text FROM request_role r WHERE has_table_privilege(r.oid, 'public.clients_enhanced', 'DELETE')",
    ),
    (
        "every view runs as whoever asks",
        "SELECT relname::text FROM ours
          WHERE relkind IN ('v', 'm') AND NOT coalesce(reloptions @> '{security_invoker=true}', false)",
    ),
    (
        "every definer function has an empty search_path",
        "SELECT p.oid::regprocedure::text FROM pg_proc p
          WHERE p.proowner = 'tenantry_owner'::regrole AND p.prosecdef
            AND NOT coalesce(p.proconfig @> ARRAY['search_path=\"\"'], false)",
    ),
    (
        "every function names types and catalogs with their schema, because pg_temp comes before an empty search_path",
        "SELECT concat_ws(' ', p.proname, m.found[1])
           FROM pg_proc p
          CROSS JOIN LATERAL regexp_matches(p.prosrc,
               '(::\\s*(?:text|uuid|jsonb?|name|date|reg[a-z]+|oid|bytea|timestamptz|xid8|inet|int[248]|bool)\\M'
               '|^\\s+\\w+\\s+(?:constant\\s+)?(?:text|uuid|jsonb?|name|date|regclass|oid|bytea|timestamptz|record|bool)\\M'
               '|\\m(?:FROM|JOIN)\\s+pg_\\w+\\M(?!\\s*[.(]))', 'gn') AS m (found)
          WHERE p.pronamespace = 'tenantry'::regnamespace AND p.proowner = 'tenantry_owner'::regrole",
    ),
    (
        "no function of ours is everybody's",
        "SELECT p.oid::regprocedure::text FROM pg_proc p
          WHERE p.proowner = 'tenantry_owner'::regrole AND p.pronamespace <> 'auth'::regnamespace
            AND (p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) WHERE grantee = 0))",
    ),
    (
        "the helper functions are stable definer functions",
        "SELECT p.proname::text FROM pg_proc p
          WHERE p.pronamespace = 'tenantry'::regnamespace
            AND p.proname IN ('entered', 'user_id', 'member_client_ids', 'managed_client_ids')
            AND NOT (p.prosecdef AND p.provolatile = 's')",
    ),
    (
        "nothing that a tenant role may execute sets role or claims",
        "SELECT DISTINCT p.oid::regprocedure::text FROM pg_proc p, request_role r
          WHERE p.pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
            AND has_function_privilege(r.oid, p.oid, 'EXECUTE')
            AND (p.prosrc ~* '\\mset_config\\M|\\mset\\s+(local\\s+|session\\s+)?(role|session\\s+authorization|request\\.)'
                 OR EXISTS (SELECT FROM unnest(p.proconfig) c WHERE c ~* '^(role|session_authorization|request\\.)'))",
    ),
];

/// Rules of indexes, which hold where no row stands against a rule any more: until then, the site's stay beside ours.
const INDEX_RULES: &[(&str, &str)] = &[
    (
        "every foreign key between Tenantry's tables is covered by an index",
        "SELECT c.conname::text FROM pg_constraint c JOIN ours o ON o.oid = c.conrelid JOIN ours t ON t.oid = c.confrelid
          WHERE c.contype = 'f' AND NOT EXISTS (
              SELECT FROM pg_index i
               WHERE i.indrelid = c.conrelid AND i.indisvalid AND i.indpred IS NULL
                 AND (SELECT array_agg(k ORDER BY k) FROM unnest(i.indkey::int2[]) WITH ORDINALITY u (k, n) WHERE n <= cardinality(c.conkey))
                     = (SELECT array_agg(k ORDER BY k) FROM unnest(c.conkey) k))",
    ),
    (
        "no index does what another does",
        "SELECT concat_ws(' and ', i.indexrelid::regclass, j.indexrelid::regclass)
           FROM pg_index i JOIN pg_index j ON j.indrelid = i.indrelid AND j.indexrelid <> i.indexrelid
           JOIN ours o ON o.oid = i.indrelid
           JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_class jc ON jc.oid = j.indexrelid AND jc.relam = ic.relam
          WHERE NOT i.indisunique AND coalesce(pg_get_expr(i.indpred, i.indrelid), '') = coalesce(pg_get_expr(j.indpred, j.indrelid), '')
            AND i.indexprs IS NULL AND j.indexprs IS NULL
            AND concat(j.indkey, ' ') LIKE concat(i.indkey, ' %')
            AND concat(j.indclass, ' ') LIKE concat(i.indclass, ' %')
            AND concat(j.indoption, ' ') LIKE concat(i.indoption, ' %')",
    ),
];

/// Everything that breaks a rule of the catalog.
pub async fn broken(db: &Client) -> Vec<String> {
    [breaks(db, RULES).await, breaks(db, INDEX_RULES).await].concat()
}

/// What breaks a rule although rows of the site's still stand against some.
pub async fn broken_while_rules_are_pending(db: &Client) -> Vec<String> {
    breaks(db, RULES).await
}

async fn breaks(db: &Client, rules: &[(&str, &str)]) -> Vec<String> {
    let mut broken = Vec::new();
    for (rule, query) in rules {
        let rows =
            db.query(&format!("WITH {OURS} {query}"), &[]).await.unwrap_or_else(|error| panic!("{rule}: {error:?}"));
        broken.extend(rows.iter().map(|row| format!("{rule}: {}", row.get::<_, String>(0))));
    }
    broken
}

#[tokio::test]
async fn the_catalog_keeps_every_rule() {
    let database = Database::migrated().await;
    let db = database.connect().await;
    let broken = broken(&db).await;
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
