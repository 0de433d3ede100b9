//! What no constraint says and a person has to know before adoption: who has access and why, who loses it, and what
//! stands in the clear. Everything here only reads.

mod access;
mod dependants;
mod grants;
mod plain_values;
mod policies;

use serde::Serialize;
use tokio_postgres::Client;

use super::survey;
use crate::Result;

pub use access::{ClaimedRole, CreatedByOnly, WithoutManager};
pub use dependants::{Dependant, dependants};
pub use grants::{CutOff, cut_off};
pub use plain_values::{PlainValue, PlainValues};
pub use policies::{Bypass, Replaced};

/// Everything that is found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Findings {
    /// Enterprise clients that nobody manages.
    pub without_manager: Vec<WithoutManager>,
    /// Roles that people could give themselves, and that aren't believed.
    pub claimed_roles: Vec<ClaimedRole>,
    /// People who reached clients only because they had made the rows.
    pub created_by_only: Vec<CreatedByOnly>,
    /// Policies of the site's that ours replace.
    pub policies: Vec<Replaced>,
    /// Views of the site's that show rows past row level security.
    pub views: Vec<Bypass>,
    /// Rights that are revoked.
    pub cut_off: Vec<CutOff>,
    /// Secrets and card numbers in the clear, by table.
    pub plain_values: Vec<PlainValues>,
}

/// Looks at the tables of a site that are to be adopted, in the caller's transaction.
pub async fn find(client: &Client, tables: &[String], kept_roles: &[String]) -> Result<Findings> {
    survey::prepare(client).await?;
    let mut findings = Findings {
        without_manager: access::without_manager(client, tables).await?,
        claimed_roles: access::claimed_roles(client).await?,
        created_by_only: access::created_by_only(client, tables).await?,
        policies: policies::replaced(client, tables).await?,
        views: policies::bypassing(client, tables).await?,
        cut_off: grants::cut_off(client, tables, kept_roles).await?,
        plain_values: Vec::new(),
    };
    for table in tables {
        let found = plain_values::find(client, table).await.map_err(|error| error.within(table))?;
        findings.plain_values.extend(found);
    }
    Ok(findings)
}

/// Whether a table has all of some columns.
pub(super) async fn has_columns(client: &Client, schema: &str, table: &str, columns: &[&str]) -> Result<bool> {
    let sql = "SELECT count(*) = cardinality($3::text[]) FROM information_schema.columns
                WHERE table_schema = $1 AND table_name = $2 AND column_name = ANY ($3::text[])";
    Ok(client.query_one(sql, &[&schema, &table, &columns]).await?.get(0))
}
