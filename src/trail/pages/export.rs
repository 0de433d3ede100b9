use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use futures_util::stream;
use serde_json::json;

use super::READERS;
use super::named::Names;
use crate::Result;
use crate::audit::entry::Entry;
use crate::audit::export::LINE;
use crate::audit::{ENTRY, entry};
use crate::console::list::Asked;
use crate::console::{Console, Csv, Visitor, as_file};
use crate::db::tx::Tx;
use crate::problem::Problem;
use crate::trail::store;
use crate::trail::types::Filter;

/// How many entries are read at once.
const AT_ONCE: usize = 1_000;

const HEADINGS: [&str; 17] = [
    "id",
    "at",
    "who",
    "user_id",
    "token_id",
    "address",
    "action",
    "table_schema",
    "table_name",
    "row_id",
    "client_id",
    "client",
    "before",
    "after",
    "details",
    "request_id",
    "reason",
];

/// The entries of a list as a table for a spreadsheet, oldest first.
pub(super) async fn csv(
    State(console): State<Console>,
    visitor: Visitor,
    asked: Asked,
) -> Result<Response<Body>, Problem> {
    let export = Export::begin(console, visitor, &asked, Form::Csv).await?;
    Ok(as_file(export.body(), Csv::MEDIA_TYPE, "audit.csv"))
}

/// The same as lines of JSON with their hashes, as `tenantry audit export` prints them.
pub(super) async fn lines(
    State(console): State<Console>,
    visitor: Visitor,
    asked: Asked,
) -> Result<Response<Body>, Problem> {
    let export = Export::begin(console, visitor, &asked, Form::Lines).await?;
    Ok(as_file(export.body(), "application/jsonl", "audit.jsonl"))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Csv,
    Lines,
}

/// A file that is read while it is sent.
struct Export {
    console: Console,
    visitor: Visitor,
    filter: Filter,
    form: Form,
    /// The last entry that was sent.
    behind: i64,
    /// The entry that tells of this export: none that is newer belongs to it.
    through: i64,
    is_over: bool,
}

impl Export {
    /// Notes that the log is exported, before anything of it is.
    async fn begin(console: Console, visitor: Visitor, asked: &Asked, form: Form) -> Result<Self, Problem> {
        visitor.has_to_be(READERS)?;
        let filter = Filter::parse(|name| asked.some(name), &visitor.zone)?;
        let tx = visitor.begin(&console).await?;
        let details = json!({ "what": "audit_log", "filter": filter.told() });
        let through = store::note_export(&tx, &details, filter.client).await?;
        tx.commit().await?;
        Ok(Self { console, visitor, filter, form, behind: 0, through, is_over: false })
    }

    fn body(self) -> Body {
        Body::from_stream(stream::try_unfold(self, Self::next))
    }

    async fn next(mut self) -> Result<Option<(String, Self)>> {
        if self.is_over {
            return Ok(None);
        }
        let part =
            self.part().await.inspect_err(|error| tracing::error!(%error, "an export of the audit log broke off"))?;
        Ok(Some((part, self)))
    }

    /// The next entries; with those that are the last ones, it is over.
    async fn part(&mut self) -> Result<String> {
        let is_first = self.behind == 0;
        let tx = self.visitor.snapshot(&self.console).await?;
        let span = (self.behind, self.through);
        match self.form {
            Form::Lines => {
                let of = format!("SELECT {LINE}, id FROM public.audit_log");
                let rows = store::part(&tx, &self.filter, span, &of, AT_ONCE).await?;
                self.note(rows.last().map(|row| row.get(1)), rows.len());
                Ok(rows.iter().map(|row| format!("{}\n", row.get::<_, String>(0))).collect())
            }
            Form::Csv => {
                let rows = store::part(&tx, &self.filter, span, ENTRY, AT_ONCE).await?;
                let entries = rows.iter().map(entry).collect::<Result<Vec<Entry>>>()?;
                self.note(entries.last().map(|entry| entry.id), entries.len());
                self.table(&tx, &entries, is_first).await
            }
        }
    }

    fn note(&mut self, last: Option<i64>, count: usize) {
        self.behind = last.unwrap_or(self.behind);
        self.is_over = count < AT_ONCE;
    }

    async fn table(&self, tx: &Tx<'_>, entries: &[Entry], is_first: bool) -> Result<String> {
        let names = Names::of(tx, &self.visitor, entries, &[]).await?;
        let mut csv = Csv::new(HEADINGS);
        if !is_first {
            csv.part();
        }
        for entry in entries {
            line(&mut csv, entry, &names);
        }
        Ok(csv.part())
    }
}

fn line(csv: &mut Csv, entry: &Entry, names: &Names) {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let at = jiff::Timestamp::from_microsecond(entry.at).unwrap_or_default();
    let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let fields = [
        entry.id.to_string(),
        at.to_string(),
        names.who(entry),
        id(entry.user_id),
        id(entry.token_id),
        or_empty(&entry.address),
        entry.action.clone(),
        or_empty(&entry.table_schema),
        or_empty(&entry.table_name),
        or_empty(&entry.row_id),
        id(entry.client_id),
        entry.client_id.and_then(|id| names.client(id)).unwrap_or_default().to_owned(),
        or_empty(&entry.before),
        or_empty(&entry.after),
        or_empty(&entry.details),
        or_empty(&entry.request_id),
        or_empty(&entry.reason),
    ];
    csv.line(fields.iter().map(String::as_str));
}
