use serde_json::Value;
use tokio_postgres::Transaction;

use crate::db::quote;
use crate::{Error, Result};

/// Inserts rows of one table in one statement. Every row names the same columns, in the order of the table or any other.
pub async fn insert(tx: &Transaction<'_>, table: &str, rows: Vec<Value>) -> Result<u64> {
    let columns = columns(table, &rows)?;
    let statement = format!(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM pg_catalog.jsonb_populate_recordset(NULL::{table}, $1)"
    );
    let count = tx.execute(&statement, &[&Value::Array(rows)]).await;
    count.map_err(|error| Error::from(error).within(&format!("the demo's rows of {table}")))
}

fn columns(table: &str, rows: &[Value]) -> Result<String> {
    let named = |row: &Value| row.as_object().map(|row| row.keys().cloned().collect::<Vec<_>>());
    let Some(first) = rows.first().and_then(named) else {
        return Err(Error::failure(format!("the demo has no rows for {table}")));
    };
    if rows.iter().any(|row| named(row).as_ref() != Some(&first)) {
        return Err(Error::failure(format!("the demo's rows of {table} don't all name the same columns")));
    }
    Ok(first.iter().map(|column| quote::ident(column)).collect::<Vec<_>>().join(", "))
}
