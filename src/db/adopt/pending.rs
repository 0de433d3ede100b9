use serde::Serialize;
use tokio_postgres::Client;

use crate::Result;
use crate::db::quote::literal;

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

impl Pending {
    /// The statement that writes it down, in the place of what was written of the same rule.
    pub(super) fn note(&self) -> String {
        format!(
            "INSERT INTO tenantry.pending_rules (table_name, rule, kind, rows, stand_in, suggested_mend) \
             VALUES ({}, {}, {}, {}, {}, {}) \
             ON CONFLICT (table_name, rule) DO UPDATE SET kind = excluded.kind, rows = excluded.rows, \
             stand_in = excluded.stand_in, suggested_mend = excluded.suggested_mend;\n",
            literal(&self.table),
            literal(&self.rule),
            literal(&self.kind),
            self.rows,
            literal(&self.stand_in),
            literal(&self.suggested_mend),
        )
    }
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
