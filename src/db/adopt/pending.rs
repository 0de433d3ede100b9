use serde::Serialize;
use tokio_postgres::Client;

use crate::Result;

/// A rule that existing rows still break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pending {
    /// The table, in `public`.
    pub table: String,
    /// The rule: the name that its constraint will have.
    pub rule: String,
    /// `check`, `not_null`, `unique`, `foreign_key`, or `partition` where the table stays plain.
    pub kind: String,
    /// How many rows broke it when it was last looked at.
    pub rows: i64,
    /// What holds it for new writes meanwhile.
    pub stand_in: String,
    /// What to do about the rows.
    pub suggested_mend: String,
}

/// The rules that are pending; none where Tenantry isn't.
pub async fn read(client: &Client) -> Result<Vec<Pending>> {
    let there = client.query_one("SELECT to_regclass('tenantry.pending_rules') IS NOT NULL", &[]).await?;
    if !there.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    let sql = "SELECT table_name::text, rule::text, kind, rows, stand_in, suggested_mend
                 FROM tenantry.pending_rules ORDER BY table_name, rule";
    let rows = client.query(sql, &[]).await?;
    let pending = rows.iter().map(|row| Pending {
        table: row.get(0),
        rule: row.get(1),
        kind: row.get(2),
        rows: row.get(3),
        stand_in: row.get(4),
        suggested_mend: row.get(5),
    });
    Ok(pending.collect())
}
