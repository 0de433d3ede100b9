use tokio_postgres::Client;

use crate::{Error, Result};

/// The role that reads every row of every table for a dump.
pub(super) struct Reader {
    role: Option<String>,
    /// Whether row level security doesn't hold for it; else policies were found to let it read everything.
    bypasses: bool,
}

/// What keeps a role from reading everything: one row for each table or sequence that it can't read whole.
///
/// Row level security holds for a role that neither bypasses it nor owns the table unforced. It is then read whole only
/// where a policy for the role says `true`, and no RESTRICTIVE one narrows that.
const HIDDEN_FROM: &str = "
SELECT format('%I.%I', n.nspname, c.relname),
       NOT CASE c.relkind WHEN 'S' THEN has_sequence_privilege(r.oid, c.oid, 'SELECT') ELSE has_table_privilege(r.oid, c.oid, 'SELECT') END
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_roles r ON r.rolname = $1
 WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
   AND (NOT has_schema_privilege(r.oid, n.oid, 'USAGE')
        OR CASE c.relkind WHEN 'S' THEN NOT has_sequence_privilege(r.oid, c.oid, 'SELECT')
                          ELSE NOT has_table_privilege(r.oid, c.oid, 'SELECT') END
        OR c.relkind <> 'S' AND c.relrowsecurity AND NOT (r.rolsuper OR r.rolbypassrls)
           AND NOT (pg_has_role(r.oid, c.relowner, 'USAGE') AND NOT c.relforcerowsecurity)
           AND (NOT EXISTS (
                    SELECT FROM pg_policy p
                     WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('r', '*')
                       AND pg_get_expr(p.polqual, p.polrelid) = 'true'
                       AND EXISTS (SELECT FROM unnest(p.polroles) g
                                    WHERE g = 0 OR pg_has_role(r.oid, CASE g WHEN 0 THEN r.oid ELSE g END, 'USAGE')))
                OR EXISTS (
                    SELECT FROM pg_policy p
                     WHERE p.polrelid = c.oid AND NOT p.polpermissive AND p.polcmd IN ('r', '*')
                       AND EXISTS (SELECT FROM unnest(p.polroles) g
                                    WHERE g = 0 OR pg_has_role(r.oid, CASE g WHEN 0 THEN r.oid ELSE g END, 'USAGE')))))
 ORDER BY 1";

impl Reader {
    /// The role that connected where it sees everything, else `tenantry_backup`; an error that names what neither sees.
    pub(super) async fn find(client: &Client) -> Result<Self> {
        let candidates = client
            .query(
                "SELECT r.rolname::text, r.rolsuper OR r.rolbypassrls, r.rolname = current_user
                   FROM pg_roles r
                  WHERE r.rolname = current_user
                     OR r.rolname = 'tenantry_backup' AND pg_has_role(r.oid, 'MEMBER')
                  ORDER BY 3 DESC",
                &[],
            )
            .await?;
        let mut refused = Vec::new();
        for candidate in &candidates {
            let (role, bypasses, is_own): (String, bool, bool) = (candidate.get(0), candidate.get(1), candidate.get(2));
            let hidden: Vec<String> = client.query(HIDDEN_FROM, &[&role]).await?.iter().map(|row| row.get(0)).collect();
            if hidden.is_empty() {
                return Ok(Self { role: (!is_own).then_some(role), bypasses });
            }
            refused.push((role, hidden));
        }
        Err(nobody_reads_all(&refused))
    }

    /// The statements that make the counting see what the dump will see. Where row level security would hide rows from
    /// a role that is meant to bypass it, `row_security = off` makes that an error.
    pub(super) fn become_it(&self) -> String {
        let role = self.role.as_deref().map_or_else(String::new, |role| format!("SET LOCAL ROLE {role};"));
        let security = if self.bypasses { "off" } else { "on" };
        format!("{role} SET LOCAL row_security = {security}")
    }

    /// The arguments that make `pg_dump` this role.
    pub(super) fn arguments(&self) -> Vec<String> {
        let role = self.role.as_deref().map(|role| format!("--role={role}"));
        let security = (!self.bypasses).then(|| "--enable-row-security".to_owned());
        role.into_iter().chain(security).collect()
    }
}

fn nobody_reads_all(refused: &[(String, Vec<String>)]) -> Error {
    let lines: Vec<String> = refused
        .iter()
        .map(|(role, hidden)| {
            let more = if hidden.len() > 10 { format!(" and {} more", hidden.len() - 10) } else { String::new() };
            let shown: Vec<&str> = hidden.iter().take(10).map(String::as_str).collect();
            format!("{role} doesn't see all of {}{more}", shown.join(", "))
        })
        .collect();
    Error::failure(format!("no role reads every row, so that a backup would quietly lack some: {}", lines.join("; "))).mend(
        "connect as a superuser in DATABASE_ADMIN_URL, or have the tables' owner GRANT SELECT ON them TO tenantry_backup \
         (and a policy FOR SELECT TO tenantry_backup USING (true) where they have row level security)",
    )
}
