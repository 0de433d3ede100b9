use jiff::Timestamp;

use super::admin::{self, Admin};
use super::migrate::{ledger, migrations};
use crate::Result;

/// How an installation stands.
#[derive(Debug, serde::Serialize)]
pub struct Status {
    /// Where it is and as whom this connection looks at it.
    pub database: String,
    /// PostgreSQL's version.
    pub postgresql: String,
    /// Bytes on disk.
    pub size: i64,
    /// Migrations that were applied.
    pub migrations_applied: usize,
    /// Migrations that this program has and the database hasn't.
    pub migrations_missing: Vec<&'static str>,
    /// What only a database with the whole schema has.
    pub content: Option<Content>,
}

/// What is in an installation.
#[derive(Debug, serde::Serialize)]
pub struct Content {
    /// Rows of each table; those of partitioned tables as PostgreSQL last estimated them.
    pub rows: Vec<Rows>,
    /// People who may sign in, and those shut out.
    pub people: i64,
    /// How many of them are shut out.
    pub people_disabled: i64,
    /// Rules that existing rows still break.
    pub pending_rules: Vec<PendingRule>,
    /// For how many months after this one each partitioned table is ready.
    pub months_ahead: Vec<MonthsAhead>,
    /// The newest seal of the audit log.
    pub newest_seal: Option<NewestSeal>,
}

/// How many rows a table holds.
#[derive(Debug, serde::Serialize)]
pub struct Rows {
    /// The table.
    pub table: String,
    /// Its rows.
    pub rows: i64,
    /// Whether that is an estimate.
    pub estimated: bool,
}

/// A rule that existing rows still break.
#[derive(Debug, serde::Serialize)]
pub struct PendingRule {
    /// The table.
    pub table: String,
    /// The rule.
    pub rule: String,
    /// How many rows broke it when it was last looked at.
    pub rows: i64,
    /// What to do about them.
    pub suggested_mend: String,
}

/// How far ahead a partitioned table is ready.
#[derive(Debug, serde::Serialize)]
pub struct MonthsAhead {
    /// The table.
    pub table: String,
    /// Months after this one.
    pub months: i32,
}

/// The newest seal of the audit log.
#[derive(Debug, serde::Serialize)]
pub struct NewestSeal {
    /// Its place in the chain.
    pub number: i64,
    /// When it was made.
    pub sealed_at: Timestamp,
    /// Its number and hash, as `audit verify --head` takes them.
    pub head: String,
}

/// Looks at an installation; changes nothing.
pub async fn read(admin: &Admin) -> Result<Status> {
    let row =
        admin.query_one("SELECT current_setting('server_version'), pg_database_size(current_database())", &[]).await?;
    let closed = ledger::closed(admin).await?;
    let missing: Vec<&'static str> =
        migrations().iter().map(|migration| migration.name).filter(|name| !closed.contains_key(*name)).collect();
    let is_whole = missing.is_empty();
    Ok(Status {
        database: admin::describe(admin.config()),
        postgresql: row.get(0),
        size: row.get(1),
        migrations_applied: closed.len(),
        migrations_missing: missing,
        content: if is_whole { Some(content(admin).await?) } else { None },
    })
}

async fn content(admin: &Admin) -> Result<Content> {
    admin.batch_execute(&format!("BEGIN READ ONLY; {}", ledger::AS_OWNER)).await?;
    let read = read_content(admin).await;
    admin.batch_execute("ROLLBACK").await?;
    read
}

async fn read_content(admin: &Admin) -> Result<Content> {
    let people = admin
        .query_one("SELECT count(*), count(*) FILTER (WHERE disabled_at IS NOT NULL) FROM tenantry.people", &[])
        .await?;
    let pending = admin
        .query(
            "SELECT table_name::text, rule::text, rows, suggested_mend FROM tenantry.pending_rules ORDER BY 1, 2",
            &[],
        )
        .await?;
    let ahead =
        admin.query("SELECT table_name::text, months FROM tenantry.partition_months_ahead() ORDER BY 1", &[]).await?;
    let seal = admin
        .query_opt(
            "SELECT number, sealed_at, number || ':' || encode(seal_hash, 'hex') FROM tenantry.audit_seals ORDER BY number DESC LIMIT 1",
            &[],
        )
        .await?;
    Ok(Content {
        rows: rows(admin).await?,
        people: people.get(0),
        people_disabled: people.get(1),
        pending_rules: pending
            .iter()
            .map(|row| PendingRule {
                table: row.get(0),
                rule: row.get(1),
                rows: row.get(2),
                suggested_mend: row.get(3),
            })
            .collect(),
        months_ahead: ahead.iter().map(|row| MonthsAhead { table: row.get(0), months: row.get(1) }).collect(),
        newest_seal: seal.map(|row| NewestSeal { number: row.get(0), sealed_at: row.get(1), head: row.get(2) }),
    })
}

/// Counts plain tables; of partitioned ones, which grow without end, it takes PostgreSQL's estimate.
async fn rows(admin: &Admin) -> Result<Vec<Rows>> {
    let tables = admin
        .query(
            "SELECT t.table_name::text, c.relkind = 'p',
                    (SELECT coalesce(sum(greatest(p.reltuples, 0)), 0)::bigint
                       FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid WHERE i.inhparent = c.oid)
               FROM tenantry.tables t
               JOIN pg_class c ON c.relname = t.table_name AND c.relnamespace = 'public'::regnamespace
              WHERE t.kind <> 'view' ORDER BY 1",
            &[],
        )
        .await?;
    let mut rows = Vec::new();
    for row in &tables {
        let (table, estimated): (String, bool) = (row.get(0), row.get(1));
        let count = if estimated {
            row.get(2)
        } else {
            let sql = format!("SELECT count(*) FROM {}", super::quote::qualified("public", &table));
            admin.query_one(&sql, &[]).await?.get(0)
        };
        rows.push(Rows { table, rows: count, estimated });
    }
    Ok(rows)
}
