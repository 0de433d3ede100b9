//! Views of the site's over Tenantry's tables: each reads with its owner's rights, so whoever may select from it would
//! see every client's rows. From adoption on it reads with its caller's; a materialised one, which can't, is for its owner
//! alone.

mod materialised;

use tokio_postgres::Client;

use super::Adoption;
use crate::Result;
use crate::db::migrate::{Runner, Step};
use crate::db::quote::{literal, qualified};

/// The migration that the steps count as.
const MIGRATION: &str = "0024_views";

/// Has every view over an adopted table, at whatever distance, read with its caller's rights, and notes what was said
/// before; takes from everybody but its owner, and roles that are kept, what they may do with a materialised one.
pub async fn wall(runner: &mut Runner<'_>, adoption: &Adoption) -> Result<()> {
    let tables: Vec<&str> = adoption.tables.iter().map(String::as_str).collect();
    materialised::close(runner, adoption, &tables).await?;
    for row in runner.admin.query(&open(), &[&tables]).await? {
        let (schema, view, before): (String, String, Option<String>) = (row.get(0), row.get(1), row.get(2));
        let said = before.as_deref().map_or_else(|| "NULL".to_owned(), literal);
        let sql = format!(
            "SET LOCAL ROLE tenantry_owner;
             INSERT INTO tenantry.walled_views (view_schema, view_name, security_invoker) VALUES ({}, {}, {said})
                 ON CONFLICT DO NOTHING;
             RESET ROLE;
             ALTER VIEW {} SET (security_invoker = true)",
            literal(&schema),
            literal(&view),
            qualified(&schema, &view)
        );
        let name = format!("{schema}.{view} reads with its caller's rights");
        runner.run(MIGRATION, &Step::transaction(name, sql).as_migrator()).await?;
    }
    Ok(())
}

/// Gives each view that is still there what it said before, and a materialised one its grants.
pub async fn unwall(runner: &mut Runner<'_>) -> Result<()> {
    materialised::open(runner).await?;
    for (schema, view, before) in walled(runner.admin).await? {
        let name = qualified(&schema, &view);
        let alter = match before {
            Some(value) => format!("ALTER VIEW IF EXISTS {name} SET (security_invoker = {})", literal(&value)),
            None => format!("ALTER VIEW IF EXISTS {name} RESET (security_invoker)"),
        };
        let sql = format!(
            "{alter};
             SET LOCAL ROLE tenantry_owner;
             DELETE FROM tenantry.walled_views WHERE view_schema = {} AND view_name = {}",
            literal(&schema),
            literal(&view)
        );
        let step = Step::transaction(format!("{schema}.{view} reads with its owner's rights again"), sql);
        runner.run(MIGRATION, &step.as_migrator()).await?;
    }
    Ok(())
}

async fn walled(client: &Client) -> Result<Vec<(String, String, Option<String>)>> {
    if client.query_one("SELECT to_regclass('tenantry.walled_views') IS NULL", &[]).await?.get(0) {
        return Ok(Vec::new());
    }
    let rows = client
        .query(
            "SELECT view_schema::text, view_name::text, security_invoker FROM tenantry.walled_views
              WHERE catalog IS NULL ORDER BY 1, 2",
            &[],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}

/// The views over tables of `public`, at whatever distance, each with the tables beneath it: `over_ours (view, base)`.
///
/// `$1` are the names of the tables.
pub(super) const OVER_OURS: &str = "
WITH RECURSIVE stands_on AS (
    SELECT DISTINCT r.ev_class AS view, d.refobjid AS base
      FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
     WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
       AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> r.ev_class
), over_ours (view, base) AS (
    SELECT s.view, t.oid
      FROM stands_on s JOIN pg_catalog.pg_class t ON t.oid = s.base
     WHERE t.relnamespace = 'public'::pg_catalog.regnamespace AND t.relname::text = ANY ($1::text[])
    UNION
    SELECT s.view, o.base FROM over_ours o JOIN stands_on s ON s.base = o.view
)";

/// Views of others over the tables that don't read with their caller's rights, and which the migrator may alter.
fn open() -> String {
    format!(
        "{OVER_OURS}
         SELECT n.nspname::text, v.relname::text,
                (SELECT o.option_value FROM pg_catalog.pg_options_to_table(v.reloptions) o
                  WHERE o.option_name = 'security_invoker')
           FROM (SELECT DISTINCT view FROM over_ours) o
           JOIN pg_catalog.pg_class v ON v.oid = o.view AND v.relkind = 'v'
           JOIN pg_catalog.pg_namespace n ON n.oid = v.relnamespace
          WHERE pg_catalog.pg_get_userbyid(v.relowner) <> 'tenantry_owner'
            AND pg_catalog.pg_has_role(v.relowner, 'USAGE')
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_options_to_table(v.reloptions) o
                             WHERE o.option_name = 'security_invoker' AND o.option_value::boolean)
          ORDER BY 1, 2"
    )
}
