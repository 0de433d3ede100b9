use layers::{Difference, Key};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::asked::Asked;
use super::documents::{Compiled, revision_at};
use super::store::{self, Changed};
use super::types::{AsOf, ConfigTable, Operation};
use super::view::View;
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem, page_size};

/// How many rows are shown at once.
pub const MOST_ROWS: i64 = 500;

/// Columns that say of every write that there was one.
const BOOKKEEPING: [&str; 6] = ["/updated_at", "/updated_by", "/created_at", "/created_by", "/version", "/id"];

/// What is different between two revisions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RevisionDiff {
    /// The earlier revision.
    pub from: i64,
    /// The later one.
    pub to: i64,
    /// Rows that aren't the same, as far as the caller may see them.
    pub rows: Vec<RowDiff>,
    /// Where the next page begins: `after` of the next request; none on the last.
    pub next: Option<String>,
    /// What that makes of the document that was asked for.
    pub document: Option<Vec<Changes>>,
}

/// A row that isn't the same.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RowDiff {
    /// The table of the row.
    pub table: ConfigTable,
    /// Its id.
    pub row_id: Uuid,
    /// Its client, where it has one.
    pub client_id: Option<Uuid>,
    /// Its template, where it names one.
    pub template_id: Option<String>,
    /// Its environment, where it names one.
    pub environment: Option<String>,
    /// Its key, where it is a row of one.
    pub key: Option<String>,
    /// What was done to it altogether.
    pub operation: Operation,
    /// Where its content differs.
    pub changes: Vec<Changes>,
    /// The last revision between the two that wrote it.
    pub revision: Option<i64>,
    /// The person who did; none for a machine and the operator.
    pub changed_by: Option<Uuid>,
    /// As whom the audit log knows somebody without a session, such as `operator:root`.
    pub changed_by_name: Option<String>,
    /// Why, where they said so.
    pub reason: Option<String>,
    /// The change by which they did.
    pub change_id: Option<Uuid>,
}

/// A place that isn't the same.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Difference)]
pub struct Changes {
    /// The place, as a JSON pointer.
    pub pointer: String,
    /// What stood there; missing where nothing did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What stands there; missing where nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// Two revisions, and how much of what differs is asked for.
#[derive(Clone, Debug)]
pub struct Span {
    /// The earlier one.
    pub from: i64,
    /// The later one.
    pub to: i64,
    /// A page begins behind this row.
    pub after: Option<(ConfigTable, Uuid)>,
    /// How many rows at most.
    pub limit: i64,
}

impl Span {
    /// Reads `3..7`.
    pub fn read(range: &str, after: Option<&str>, limit: Option<i64>) -> Result<Self, Problem> {
        let fault = |pointer: &str, detail: String, mend: &str| {
            Problem::faults(detail.clone(), vec![Fault::at(pointer, "range", detail).mend(mend)])
        };
        let revisions = range.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
        let Some((from, to)) = revisions.filter(|(from, to): &(i64, i64)| from <= to) else {
            return Err(fault(
                "range",
                format!("{range:?} is no span of revisions"),
                "write it as 3..7, the earlier first",
            ));
        };
        let after = after.map(|text| {
            read_row(text).ok_or_else(|| {
                fault("after", format!("{text:?} is no place in a list"), "send `next` of the page before")
            })
        });
        Ok(Self { from, to, after: after.transpose()?, limit: page_size(limit, MOST_ROWS)? })
    }
}

fn read_row(text: &str) -> Option<(ConfigTable, Uuid)> {
    let (table, id) = text.split_once('/')?;
    Some((ConfigTable::by_name(table)?, id.parse().ok()?))
}

/// Compares two revisions; of one client's document too, where one is asked for.
pub async fn diff(
    tx: &Tx<'_>,
    compiled: &Compiled,
    span: &Span,
    asked: Option<&Asked>,
    view: View,
) -> Result<RevisionDiff, Problem> {
    if view == View::Client {
        return Err(
            Problem::forbidden("former configuration isn't shown to a client's own login").mend("ask the agency")
        );
    }
    let document = match asked {
        Some(asked) => Some(of_document(tx, compiled, span, asked).await?),
        None => None,
    };
    let sight = match asked {
        Some(asked) => store::Sight { clients: Some(vec![asked.client_id]), ..store::sight(tx).await? },
        None => store::sight(tx).await?,
    };
    let (mut rows, makers) = tx
        .as_worker(async {
            for revision in [span.from, span.to] {
                revision_at(tx, AsOf::Revision(revision)).await?;
            }
            let rows = store::changed(tx, span, &sight).await?;
            let revisions: Vec<i64> = rows.iter().filter_map(|row| row.revision).collect();
            let makers = store::makers(tx, &revisions).await?;
            Ok::<_, Problem>((rows, makers))
        })
        .await?;
    let limit = usize::try_from(span.limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| has_more).map(|row| format!("{}/{}", row.table, row.row_id));
    let row = |row: Changed| {
        let maker = row.revision.and_then(|revision| makers.get(&revision).cloned()).unwrap_or_default();
        of_row(row, maker)
    };
    Ok(RevisionDiff { from: span.from, to: span.to, rows: rows.into_iter().filter_map(row).collect(), next, document })
}

async fn of_document(tx: &Tx<'_>, compiled: &Compiled, span: &Span, asked: &Asked) -> Result<Vec<Changes>, Problem> {
    let mut documents = Vec::new();
    for revision in [span.from, span.to] {
        let asked = Asked { as_of: Some(AsOf::Revision(revision)), ..asked.clone() };
        let found = asked.find(tx, compiled, View::Staff).await?;
        documents.push(found.inputs.judge(&found.target)?.document);
    }
    Ok(layers::diff(&documents[0], &documents[1]).into_iter().map(Changes::from).collect())
}

impl From<Difference> for Changes {
    fn from(difference: Difference) -> Self {
        let Difference { path, before, after } = difference;
        Self { pointer: path.pointer(), before, after }
    }
}

/// None where the row was written and is as it was.
fn of_row(row: Changed, maker: store::Maker) -> Option<RowDiff> {
    let Changed { table, row_id, before, after, revision } = row;
    let operation = match (before.is_some(), after.is_some()) {
        (false, false) => return None,
        (false, true) => Operation::Insert,
        (true, true) => Operation::Update,
        (true, false) => Operation::Delete,
    };
    let subject = after.as_ref().or(before.as_ref())?;
    let text = |column: &str| subject.get(column).and_then(Value::as_str).map(ToOwned::to_owned);
    let (client_id, template_id) = (text("client_id").and_then(|id| id.parse().ok()), text("template_id"));
    let (environment, key) = (text("environment"), text("configuration_key"));
    let (changed_by, reason) = (maker.by, maker.reason);
    let nothing = json!({});
    let changes: Vec<Changes> = layers::diff(before.as_ref().unwrap_or(&nothing), after.as_ref().unwrap_or(&nothing))
        .into_iter()
        .filter(|difference| !is_bookkeeping(table, &difference.path))
        .map(Changes::from)
        .collect();
    let is_same = changes.is_empty();
    let diff = RowDiff {
        table,
        row_id,
        client_id,
        template_id,
        environment,
        key,
        operation,
        changes,
        revision,
        changed_by,
        changed_by_name: maker.name,
        reason,
        change_id: maker.change_id,
    };
    (!is_same).then_some(diff)
}

/// Whether a place of a row says of every write that there was one.
pub(super) fn is_bookkeeping(table: ConfigTable, path: &Key) -> bool {
    let pointer = path.pointer();
    // The number of a design is no counter of writes.
    BOOKKEEPING.contains(&&*pointer) && !(table == ConfigTable::ClientCustomizations && pointer == "/version")
}
