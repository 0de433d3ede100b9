//! Roles of the site's that keep their rights (`--keep-role`): each gets on each adopted table the grants that it had and
//! a policy `keep_<role>` of its own, since without one row level security shows it no row. The operator answers for it.

use serde::Serialize;
use tokio_postgres::Client;

use super::{Adoption, restore};
use crate::db::catalog::Table;
use crate::db::migrate::{Runner, Step};
use crate::db::quote::{ident, literal, qualified};
use crate::{Error, Result};

/// What a kept role may do; TRUNCATE, REFERENCES and TRIGGER pass policies by, so nobody keeps them.
const PRIVILEGES: [&str; 4] = ["SELECT", "INSERT", "UPDATE", "DELETE"];

/// With `keep_` before it, a longer name is cut off by PostgreSQL.
const LONGEST: usize = 63 - "keep_".len();

/// A role that keeps its rights on a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// The role.
    pub role: String,
    /// The table, in `public`.
    pub table: String,
    /// What it may do.
    pub privileges: Vec<String>,
}

/// Refuses roles that don't exist, that nothing holds back anyway, or that are Tenantry's own.
pub async fn check(client: &Client, roles: &[String]) -> Result<()> {
    for role in roles {
        let found = client.query_opt("SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = $1", &[role]).await?;
        let refusal = match found.map(|row| row.get::<_, bool>(0)) {
            None => "there is no such role",
            Some(true) => "it is a superuser, whom nothing holds back",
            Some(false) if role.starts_with("tenantry_") => "it is one of Tenantry's own",
            Some(false) if role.len() > LONGEST => "the name is too long for a policy named after it",
            Some(false) if ["anon", "authenticated", "service_role"].contains(&role.as_str()) => {
                "everybody who reaches the table API could be it; keep a login of your own"
            }
            Some(false) => continue,
        };
        return Err(Error::usage(format!("--keep-role {role}: {refusal}"))
            .mend("name a login of the site's that `migrate plan` lists among those who lose rights"));
    }
    Ok(())
}

/// Gives roles that nobody kept at adoption, on every adopted table, what they had then.
pub async fn keep_from_now_on(runner: &mut Runner<'_>, roles: &[String]) -> Result<()> {
    if roles.is_empty() {
        return Ok(());
    }
    let known = kept(runner.admin).await?;
    for shape in restore::shapes(runner).await?.iter().filter(|shape| shape.kind == 'r') {
        let is_new = |role: &&String| !known.iter().any(|kept| kept.role == **role && kept.table == shape.name);
        let new: Vec<String> = roles.iter().filter(is_new).cloned().collect();
        if !new.is_empty() {
            let name = format!("{} keep their rights on {}", new.join(", "), shape.name);
            let lock = vec![(shape.sql_name(), "ACCESS EXCLUSIVE")];
            runner.run(Adoption::migration(&shape.name), &Step::locking(name, lock, on_adoption(shape, &new))).await?;
        }
    }
    Ok(())
}

/// The statements that let roles keep, on one adopted table, what its recorded shape says that they had: granted to
/// them, to PUBLIC or to a role whose rights they have, or as its owner.
pub fn on_adoption(table: &Table, roles: &[String]) -> String {
    let name = qualified(&table.schema, &table.name);
    roles.iter().map(|role| keep(table, &name, role)).collect()
}

fn keep(table: &Table, name: &str, role: &str) -> String {
    let (policy, grantee) = (ident(&format!("keep_{role}")), ident(role));
    let grants: Vec<String> = held(table)
        .into_iter()
        .map(|(holder, privileges)| {
            let has = match holder {
                None => "true".to_owned(),
                Some(holder) => format!("pg_catalog.pg_has_role({}, {}, 'USAGE')", literal(role), literal(&holder)),
            };
            format!("    IF {has} THEN GRANT {} ON {name} TO {grantee}; END IF;\n", privileges.join(", "))
        })
        .collect();
    format!(
        "DROP POLICY IF EXISTS {policy} ON {name};
CREATE POLICY {policy} ON {name} FOR ALL TO {grantee} USING (true) WITH CHECK (true);
DO $keep$ BEGIN
{}END $keep$;
",
        grants.concat()
    )
}

/// Who had which of the privileges that can be kept.
fn held(table: &Table) -> Vec<(Option<String>, Vec<&'static str>)> {
    let mut held = vec![(Some(table.owner.clone()), PRIVILEGES.to_vec())];
    for grant in table.grants.iter().flatten() {
        let has = |privilege: &&str| grant.privileges.iter().chain(&grant.grantable).any(|held| held == privilege);
        let privileges: Vec<&'static str> = PRIVILEGES.into_iter().filter(|privilege| has(privilege)).collect();
        if !privileges.is_empty() {
            held.push((grant.grantee.clone(), privileges));
        }
    }
    held
}

/// The roles that keep their rights, from the policies that let them.
pub async fn kept(client: &Client) -> Result<Vec<Kept>> {
    let sql = "
        SELECT r.rolname::text, c.relname::text,
               ARRAY(SELECT p.privilege FROM unnest($1::text[]) p (privilege)
                      WHERE pg_catalog.has_table_privilege(r.oid, c.oid, p.privilege))
          FROM pg_catalog.pg_policy k
          JOIN pg_catalog.pg_class c ON c.oid = k.polrelid
          JOIN pg_catalog.pg_roles r ON k.polroles = ARRAY[r.oid]
         WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND k.polname = 'keep_' || r.rolname
         ORDER BY 1, 2";
    let rows = client.query(sql, &[&PRIVILEGES.as_slice()]).await?;
    Ok(rows.iter().map(|row| Kept { role: row.get(0), table: row.get(1), privileges: row.get(2) }).collect())
}
