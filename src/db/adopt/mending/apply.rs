use serde::Serialize;

use super::Diagnosis;
use crate::Result;
use crate::db::migrate::{Runner, Step};
use crate::db::quote::{literal, qualified};

/// Under this name the ledger keeps the steps of mending.
const LEDGER: &str = "mends";

const FUNCTIONS: &str = include_str!("functions.sql");

/// What became of a mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mended {
    /// The table, in `public`.
    pub table: String,
    /// The column.
    pub column: String,
    /// What became of what, for a person.
    pub change: String,
    /// How many rows.
    pub rows: i64,
}

/// Applies every mend of the diagnoses in small transactions; the tables have to be Tenantry's by now.
///
/// Each old value is kept in `tenantry.mends` and in the audit log, in the transaction that replaces it.
pub async fn mend(runner: &mut Runner<'_>, diagnoses: &[Diagnosis]) -> Result<Vec<Mended>> {
    let mut done = Vec::new();
    runner.admin.batch_execute(FUNCTIONS).await?;
    for mend in diagnoses.iter().flat_map(|diagnosis| &diagnosis.mends) {
        let before = mends_so_far(runner).await?;
        let sql = format!(
            "SELECT next, rows FROM pg_temp.mend_batch($1, {place}, {column}, {condition}, {value}, {rule}, {reason})",
            place = literal(&qualified("public", &mend.table)),
            column = literal(&mend.column),
            condition = literal(&mend.condition),
            value = literal(&mend.value),
            rule = literal(&mend.rule),
            reason = literal(&mend.reason),
        );
        runner.run(LEDGER, &Step::batch(format!("{}: {}", mend.table, mend.change), sql)).await?;
        let rows = mends_so_far(runner).await? - before;
        if rows > 0 {
            let (table, column) = (mend.table.clone(), mend.column.clone());
            done.push(Mended { table, column, change: mend.change.clone(), rows });
        }
    }
    Ok(done)
}

async fn mends_so_far(runner: &Runner<'_>) -> Result<i64> {
    Ok(runner.admin.query_one("SELECT count(*) FROM tenantry.mends", &[]).await?.get(0))
}

/// Puts back every mended value that is still the mended one; the tables have to be as they were before adoption.
pub async fn unmend(runner: &mut Runner<'_>) -> Result<Vec<Mended>> {
    let there: bool = runner.admin.query_one("SELECT to_regclass('tenantry.mends') IS NOT NULL", &[]).await?.get(0);
    if !there {
        return Ok(Vec::new());
    }
    runner.admin.batch_execute(FUNCTIONS).await?;
    let columns = runner
        .admin
        .query(
            "SELECT m.table_name::text, m.column_name::text, count(*) FROM tenantry.mends m
              WHERE m.undone_at IS NULL AND to_regclass(format('public.%I', m.table_name)) IS NOT NULL
              GROUP BY 1, 2 ORDER BY max(m.id) DESC",
            &[],
        )
        .await?;
    let mut done = Vec::new();
    for row in columns {
        let (table, column, mended): (String, String, i64) = (row.get(0), row.get(1), row.get(2));
        let sql = format!(
            "SELECT next, rows FROM pg_temp.unmend_batch($1, {place}, {column})",
            place = literal(&qualified("public", &table)),
            column = literal(&column),
        );
        runner.run(LEDGER, &Step::batch(format!("{table}.{column} put back"), sql).as_migrator()).await?;
        let left: i64 = runner
            .admin
            .query_one(
                "SELECT count(*) FROM tenantry.mends WHERE table_name::text = $1 AND column_name::text = $2 AND undone_at IS NULL",
                &[&table, &column],
            )
            .await?
            .get(0);
        let change = if left == 0 {
            "put back".to_owned()
        } else {
            format!("put back; {left} rows have another value by now and keep it")
        };
        done.push(Mended { table, column, change, rows: mended - left });
    }
    Ok(done)
}
