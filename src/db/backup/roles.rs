//! Roles that a backup needs. They belong to the cluster, so that no dump holds them, and only a member of a role can
//! give it what it owned.

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::manifest::Manifest;
use crate::db::{migrate, quote};
use crate::{Error, Result};

/// Makes the roles that are missing, without a right to connect, which is the operator's to give; returns those that
/// aren't Tenantry's own.
///
/// All of it is done or nothing: where something is for a superuser to do, the refusal has every statement.
pub(super) async fn make(inside: &Client, manifest: &Manifest) -> Result<Vec<String>> {
    inside.batch_execute("BEGIN").await?;
    let made = everything(inside, manifest).await;
    inside.batch_execute(if made.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    made
}

async fn everything(inside: &Client, manifest: &Manifest) -> Result<Vec<String>> {
    let loader: String = inside.query_one("SELECT current_user::text", &[]).await?.get(0);
    let mut lacking = if manifest.newest_migration.is_some() { ours(inside).await? } else { Vec::new() };
    let are_ours_to_come = !lacking.is_empty();
    let mut made = Vec::new();
    for role in missing(inside, &manifest.roles).await? {
        if are_ours_to_come && migrate::is_ours(&role) {
            continue;
        }
        let name = quote::ident(&role);
        let create = format!("CREATE ROLE {name} NOLOGIN");
        if may(inside, &format!("{create}; GRANT {name} TO CURRENT_USER")).await? {
            made.push(role);
        } else {
            lacking.extend([create, membership(&role, &loader)]);
        }
    }
    let others = owners_of_others(inside, &manifest.owners).await?;
    lacking.extend(others.iter().map(|owner| membership(owner, &loader)));
    lacking.dedup();
    if lacking.is_empty() { Ok(made) } else { Err(refused(&loader, &lacking)) }
}

/// Makes Tenantry's own roles; where this role may not, the statements for a superuser.
async fn ours(inside: &Client) -> Result<Vec<String>> {
    inside.batch_execute("SAVEPOINT ours").await?;
    let Err(error) = migrate::roles_within(inside).await else { return Ok(Vec::new()) };
    inside.batch_execute("ROLLBACK TO SAVEPOINT ours").await?;
    let statements = migrate::statements_for_a_superuser(&error);
    // What is given in the database itself its owner gives as soon as the roles are there.
    let of_the_database = |statement: &&str| statement.starts_with("GRANT ") && statement.contains(" ON ");
    let of_the_cluster: Vec<String> = statements
        .iter()
        .flat_map(|statements| statements.lines())
        .map(|line| line.trim_end_matches(';'))
        .filter(|statement| !of_the_database(statement))
        .map(ToOwned::to_owned)
        .collect();
    if of_the_cluster.is_empty() { Err(error) } else { Ok(of_the_cluster) }
}

async fn missing(inside: &Client, roles: &[String]) -> Result<Vec<String>> {
    let sql = "SELECT name FROM unnest($1::text[]) name WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)";
    Ok(inside.query(sql, &[&roles]).await?.iter().map(|row| row.get(0)).collect())
}

/// Whether the role that connected may run this, which then is done.
async fn may(inside: &Client, sql: &str) -> Result<bool> {
    inside.batch_execute("SAVEPOINT role").await?;
    match inside.batch_execute(sql).await {
        Ok(()) => Ok(true),
        Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
            inside.batch_execute("ROLLBACK TO SAVEPOINT role").await?;
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// Roles that own something in the backup, are there, and that whoever restores is no member of.
async fn owners_of_others(inside: &Client, owners: &[String]) -> Result<Vec<String>> {
    let sql = "SELECT rolname::text FROM pg_roles
                WHERE rolname = ANY ($1::text[]) AND NOT pg_has_role(oid, 'USAGE') ORDER BY 1";
    Ok(inside.query(sql, &[&owners]).await?.iter().map(|row| row.get(0)).collect())
}

fn membership(role: &str, loader: &str) -> String {
    format!("GRANT {} TO {}", quote::ident(role), quote::ident(loader))
}

fn refused(loader: &str, statements: &[String]) -> Error {
    let list: Vec<String> = statements.iter().map(|statement| format!("\n{statement};")).collect();
    Error::failure(format!("the backup needs roles that {loader} may not make, or is no member of")).mend(format!(
        "connect as a superuser, or have one run these statements on this server, then try again; nothing was left \
         behind:{}",
        list.concat()
    ))
}
