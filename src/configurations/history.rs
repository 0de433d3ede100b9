use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store;
use super::types::ConfigTable;
use super::view::View;
use crate::db::tx::Tx;
use crate::problem::Problem;

/// How many versions are shown at once, unless fewer are asked for.
pub const MOST_VERSIONS: i64 = 100;

/// The contents of a configuration row, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct History {
    /// The table of the row.
    pub table: ConfigTable,
    /// Its id.
    pub row_id: Uuid,
    /// Its contents; the first is the present one, where the row is still there.
    pub versions: Vec<RowVersion>,
    /// Where the next page begins: `before` of the next request; none on the last.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next: Option<Timestamp>,
}

/// A content of a row, and while it was current.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RowVersion {
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_from: Option<Timestamp>,
    /// Until when, not included; none for the present content.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_to: Option<Timestamp>,
    /// The first revision that had it; 0 where it is older than history.
    pub revision_from: Option<i64>,
    /// The first revision that no longer had it; none for the present content.
    pub revision_to: Option<i64>,
    /// The person who made it so; none for a machine, the operator, and what is older than history.
    pub changed_by: Option<Uuid>,
    /// As whom the audit log knows somebody without a session, such as `operator:root`.
    pub changed_by_name: Option<String>,
    /// Why, where they said so.
    pub reason: Option<String>,
    /// The change that made it so.
    pub change_id: Option<Uuid>,
    /// The whole row; a secret is shown as its mask.
    pub content: Map<String, Value>,
}

/// Reads the history of a row, as far as the caller may see it.
pub async fn history(
    tx: &Tx<'_>,
    row_id: Uuid,
    before: Option<Timestamp>,
    limit: i64,
    view: View,
) -> Result<History, Problem> {
    let limit = limit.clamp(1, MOST_VERSIONS);
    let present = store::present(tx, row_id, view == View::Staff).await?;
    let former = match view {
        View::Staff => store::former(tx, row_id, before, limit + 1).await?,
        View::Client => Vec::new(),
    };
    let table = present.as_ref().map(|(table, _)| *table).or_else(|| former.first().map(|version| version.table));
    let table = table.ok_or_else(|| {
        Problem::absent(format!("there is no configuration row {row_id}"))
            .mend("name a row of one of the four configuration tables that you may see")
    })?;
    let has_more = former.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    let mut versions: Vec<RowVersion> = former.into_iter().map(|version| version.version).collect();
    if has_more {
        versions.pop();
    }
    let next = if has_more { versions.last().and_then(|version| version.valid_from) } else { None };
    if let Some((table, content)) = present.filter(|_| before.is_none()) {
        let head = tx.as_worker(store::head(tx, table, row_id)).await?;
        versions.insert(0, RowVersion { content, ..head });
    }
    tx.as_worker(store::note_changes(tx, &mut versions)).await?;
    if view == View::Client {
        for version in &mut versions {
            (version.changed_by, version.changed_by_name) = (None, None);
            (version.reason, version.change_id) = (None, None);
        }
    }
    Ok(History { table, row_id, versions, next })
}
