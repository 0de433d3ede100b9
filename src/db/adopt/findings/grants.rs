use serde::Serialize;
use tokio_postgres::Client;

use crate::Result;

/// Rights on a table that a role has now and is going to lose, or to keep because somebody said so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CutOff {
    /// The role, or `PUBLIC` for everybody.
    pub role: String,
    /// The table, in `public`.
    pub table: String,
    /// What it may do now; `SELECT (name)` where the right is on columns only.
    pub privileges: Vec<String>,
    /// Whether somebody can sign in as it.
    pub login: bool,
    /// Whether it owns the table now.
    pub owner: bool,
    /// Whether `--keep-role` keeps its rights.
    pub kept: bool,
}

/// Who has rights on the site's tables beside the superusers and Tenantry's own roles.
pub async fn cut_off(client: &Client, tables: &[String], kept_roles: &[String]) -> Result<Vec<CutOff>> {
    let sql = "
        WITH site (oid, relname, relowner, relacl) AS (
            SELECT c.oid, c.relname, c.relowner, c.relacl FROM pg_catalog.pg_class c
             WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relname = ANY ($1::text[]) AND c.relkind IN ('r', 'p')
               AND c.relowner IS DISTINCT FROM pg_catalog.to_regrole('tenantry_owner')
        ),
        grants (relname, grantee, privilege, owner) AS (
            SELECT s.relname, a.grantee, a.privilege_type, false
              FROM site s CROSS JOIN LATERAL pg_catalog.aclexplode(s.relacl) a WHERE a.grantee <> s.relowner
            UNION ALL
            SELECT s.relname, a.grantee, pg_catalog.format('%s (%s)', a.privilege_type, pg_catalog.string_agg(t.attname, ', ' ORDER BY t.attnum)), false
              FROM site s
              JOIN pg_catalog.pg_attribute t ON t.attrelid = s.oid AND NOT t.attisdropped
             CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) a WHERE a.grantee <> s.relowner
             GROUP BY s.relname, a.grantee, a.privilege_type
            UNION ALL
            SELECT s.relname, s.relowner, 'ALL', true FROM site s
        )
        SELECT coalesce(r.rolname::text, 'PUBLIC'), g.relname::text, array_agg(DISTINCT g.privilege ORDER BY g.privilege),
               coalesce(r.rolcanlogin, false), bool_or(g.owner)
          FROM grants g LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee
         WHERE NOT coalesce(r.rolsuper, false) AND coalesce(r.rolname, '') !~ '^(tenantry|pg)_'
         GROUP BY r.rolname, r.rolcanlogin, g.relname ORDER BY 1, 2";
    let rows = client.query(sql, &[&tables]).await?;
    let found = rows.iter().map(|row| {
        let role: String = row.get(0);
        CutOff {
            kept: kept_roles.contains(&role),
            role,
            table: row.get(1),
            privileges: row.get(2),
            login: row.get(3),
            owner: row.get(4),
        }
    });
    Ok(found.collect())
}
