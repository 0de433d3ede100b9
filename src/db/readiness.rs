use std::collections::BTreeSet;

use super::caller::{Act, Caller};
use super::database::Database;
use super::migrate::migrations;
use crate::Result;
use crate::error::Kind;

/// With fewer months ahead than these somebody should look why nobody makes them.
const FEW_MONTHS: i32 = 6;

/// Whether a database can be worked with, as far as the server itself sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Readiness {
    /// Whether requests can be answered.
    pub ready: bool,
    /// Whether PostgreSQL answers.
    pub database: bool,
    /// Migrations that this program has and the database hasn't.
    pub migrations_missing: Vec<&'static str>,
    /// Tables without a partition for the month to come.
    pub partitions_missing: Vec<String>,
    /// What will stand in the way before long.
    pub warnings: Vec<String>,
}

const CLOSED: &str = "SELECT migration FROM tenantry.migration_steps WHERE step = 'done'";

const MONTHS: &str = "SELECT table_name::text, months FROM tenantry.partition_months_ahead() ORDER BY 1";

/// Looks, over a connection that requests can't take.
pub async fn look(database: &Database) -> Readiness {
    let found = match migrations_missing(database).await {
        Ok(missing) if missing.is_empty() => partitions(database).await,
        Ok(missing) => Ok(Readiness { database: true, migrations_missing: missing, ..Readiness::default() }),
        Err(error) => Err(error),
    };
    found.unwrap_or_else(|error| {
        tracing::warn!(%error, "not ready");
        let answers = error.refusal().is_some() && error.kind() != Kind::Unavailable;
        Readiness { database: answers, ..Readiness::default() }
    })
}

async fn migrations_missing(database: &Database) -> Result<Vec<&'static str>> {
    let rows = database.read(&Caller::Worker, &Act::new("readiness"), CLOSED, &[]).await?;
    let closed: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    Ok(migrations().iter().map(|migration| migration.name).filter(|name| !closed.contains(*name)).collect())
}

async fn partitions(database: &Database) -> Result<Readiness> {
    let rows = database.read(&Caller::Worker, &Act::new("readiness"), MONTHS, &[]).await?;
    let mut found = Readiness { database: true, ..Readiness::default() };
    for row in &rows {
        let (table, months): (String, i32) = (row.get(0), row.get(1));
        match months {
            ..1 => found.partitions_missing.push(table),
            1..FEW_MONTHS => found.warnings.push(format!("{table} has partitions for {months} months ahead only")),
            _ => {}
        }
    }
    found.ready = found.partitions_missing.is_empty();
    Ok(found)
}
