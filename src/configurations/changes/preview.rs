//! Previews: what a change would do to every document that it reaches, kept so that it can be read page by page.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};
use tokio::sync::watch;
use tokio_postgres::Row;
use utoipa::ToSchema;
use uuid::Uuid;

use super::apply::{Tools, row_edits};
use super::reach::{self, Findings, Reach};
use super::store;
use super::types::{Cell, Outcome};
use crate::configurations::documents::Edits;
use crate::db::caller::{Act, Caller};
use crate::db::database::Database;
use crate::db::tx::Tx;
use crate::problem::Problem;
use crate::{Error, Result};

/// How long nothing is heard of a computation before somebody else begins it anew.
const SILENCE: Duration = Duration::from_secs(30);

/// How many groups are told with the counts; the pages have the rest.
const GROUPS_TOLD: i64 = 100;

/// What a change would do, by outcome and by group.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Preview {
    /// `computing` or `ready`.
    pub state: String,
    /// The installation's revision that it is as of.
    pub revision: i64,
    /// How many documents the change reaches; while it is computed, about how many.
    pub documents: i64,
    /// How many of them were looked at.
    pub done: i64,
    /// How many documents there are by outcome.
    #[schema(value_type = Object)]
    pub counts: Map<String, Value>,
    /// What happens, once for all documents to which the same happens; the first hundred, the worst first.
    pub groups: Vec<Group>,
}

/// Documents to which the same happens.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Group {
    /// Its number, by which pages can be asked for.
    pub number: i32,
    /// How many documents.
    pub documents: i64,
    /// What happens to each.
    #[serde(flatten)]
    pub cell: Cell,
}

/// One document that a change reaches.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Document {
    /// Its place in the preview: `after` this, the next page begins.
    pub place: i32,
    /// The client.
    pub client_id: Uuid,
    /// The template; none for a client that has none.
    pub template_id: Option<String>,
    /// The environment.
    pub environment: String,
    /// The number of its group.
    pub group: i32,
    /// What happens to it.
    #[serde(flatten)]
    pub cell: Cell,
}

/// Notes that a preview is being computed. As a job.
pub(super) async fn begin(tx: &Tx<'_>, id: Uuid, revision: i64, documents: usize) -> Result<()> {
    let documents = i64::try_from(documents).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO tenantry.change_previews (change_id, revision, state, documents) VALUES ($1, $2, 'computing', $3)
         ON CONFLICT (change_id) DO UPDATE SET revision = excluded.revision, state = excluded.state,
             documents = excluded.documents, done = 0, counts = '{}', beat_at = pg_catalog.now()",
        &[&id, &revision, &documents],
    )
    .await?;
    Ok(())
}

/// Keeps what was found. As a job.
pub(super) async fn keep(tx: &Tx<'_>, id: Uuid, findings: &Findings) -> Result<()> {
    begin(tx, id, findings.revision, findings.documents.len()).await?;
    tx.execute("DELETE FROM tenantry.change_preview_documents WHERE change_id = $1", &[&id]).await?;
    tx.execute("DELETE FROM tenantry.change_preview_groups WHERE change_id = $1", &[&id]).await?;
    for (number, group) in (0..).zip(&findings.groups) {
        let documents = i64::try_from(group.documents).unwrap_or(i64::MAX);
        let content = serde_json::to_value(&group.cell)?;
        tx.execute(
            "INSERT INTO tenantry.change_preview_groups (change_id, number, outcome, documents, content)
             VALUES ($1, $2, $3, $4, $5)",
            &[&id, &number, &group.cell.outcome.as_str(), &documents, &content],
        )
        .await?;
    }
    keep_documents(tx, id, findings).await?;
    let counts: Map<String, Value> =
        findings.counts().into_iter().map(|(outcome, count)| (outcome.as_str().to_owned(), count.into())).collect();
    tx.execute(
        "UPDATE tenantry.change_previews SET state = 'ready', done = documents, counts = $2 WHERE change_id = $1",
        &[&id, &Value::Object(counts)],
    )
    .await?;
    Ok(())
}

async fn keep_documents(tx: &Tx<'_>, id: Uuid, findings: &Findings) -> Result<()> {
    let number = |number: &usize| i32::try_from(*number).unwrap_or(i32::MAX);
    let clients: Vec<Uuid> = findings.documents.iter().map(|(target, _)| target.client_id).collect();
    let templates: Vec<Option<&str>> =
        findings.documents.iter().map(|(target, _)| target.template_id.as_deref()).collect();
    let environments: Vec<&str> = findings.documents.iter().map(|(target, _)| target.environment.as_str()).collect();
    let groups: Vec<i32> = findings.documents.iter().map(|(_, group)| number(group)).collect();
    tx.execute(
        "INSERT INTO tenantry.change_preview_documents (change_id, place, client_id, template_id, environment, number)
         SELECT $1, d.place, d.client_id, d.template_id, d.environment, d.number
           FROM unnest($2::uuid[], $3::text[], $4::text[], $5::int[])
                WITH ORDINALITY AS d (client_id, template_id, environment, number, place)",
        &[&id, &clients, &templates, &environments, &groups],
    )
    .await?;
    Ok(())
}

/// The preview of a change, as far as it got; none where there is none.
pub(super) async fn read(tx: &Tx<'_>, id: Uuid) -> Result<Option<Preview>> {
    let sql =
        "SELECT state::text, revision, documents, done, counts FROM tenantry.change_previews WHERE change_id = $1";
    let Some(row) = tx.query_opt(sql, &[&id]).await? else { return Ok(None) };
    let groups = tx
        .query(
            "SELECT number, documents, content FROM tenantry.change_preview_groups WHERE change_id = $1
              ORDER BY pg_catalog.array_position($2::text[], outcome::text), documents DESC, number LIMIT $3",
            &[&id, &Outcome::ALL.map(Outcome::as_str).as_slice(), &GROUPS_TOLD],
        )
        .await?;
    let group =
        |row: &Row| Ok(Group { number: row.get(0), documents: row.get(1), cell: serde_json::from_value(row.get(2))? });
    Ok(Some(Preview {
        state: row.get(0),
        revision: row.get(1),
        documents: row.get(2),
        done: row.get(3),
        counts: row.get::<_, Value>(4).as_object().cloned().unwrap_or_default(),
        groups: groups.iter().map(group).collect::<Result<_>>()?,
    }))
}

/// The revision of a preview that found nothing that stands in the way of applying.
pub(super) async fn clean_since(tx: &Tx<'_>, id: Uuid) -> Result<Option<i64>> {
    let sql = "SELECT p.revision FROM tenantry.change_previews p
                WHERE p.change_id = $1 AND p.state = 'ready'
                  AND NOT EXISTS (SELECT FROM tenantry.change_preview_groups g
                                   WHERE g.change_id = p.change_id AND g.content -> 'invalid' <> '[]')";
    Ok(tx.query_opt(sql, &[&id]).await?.map(|row| row.get(0)))
}

/// Which documents of a preview a page shows.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Those with this outcome.
    pub outcome: Option<Outcome>,
    /// Those of this group.
    pub group: Option<i32>,
    /// Those of this client.
    pub client_id: Option<Uuid>,
    /// Those that come after this place.
    pub after: i32,
    /// How many at most.
    pub limit: i64,
}

/// A page of the documents that a change reaches.
pub(super) async fn page(tx: &Tx<'_>, id: Uuid, page: &Page) -> Result<Vec<Document>> {
    let outcome = page.outcome.map(Outcome::as_str);
    let rows = tx
        .query(
            "SELECT d.place, d.client_id, d.template_id::text, d.environment::text, d.number, g.content
               FROM tenantry.change_preview_documents d
               JOIN tenantry.change_preview_groups g ON g.change_id = d.change_id AND g.number = d.number
              WHERE d.change_id = $1 AND d.place > $2 AND ($3::text IS NULL OR g.outcome = $3)
                AND ($4::int IS NULL OR d.number = $4) AND ($5::uuid IS NULL OR d.client_id = $5)
              ORDER BY d.place LIMIT $6",
            &[&id, &page.after, &outcome, &page.group, &page.client_id, &page.limit],
        )
        .await?;
    rows.iter().map(document).collect()
}

fn document(row: &Row) -> Result<Document> {
    Ok(Document {
        place: row.get(0),
        client_id: row.get(1),
        template_id: row.get(2),
        environment: row.get(3),
        group: row.get(4),
        cell: serde_json::from_value(row.get(5))?,
    })
}

/// Computes a preview beside requests, saying how far it is.
pub(super) fn start(database: &Database, tools: &Tools, id: Uuid) {
    let (database, tools) = (database.clone(), tools.clone());
    tokio::spawn(async move {
        if let Err(problem) = compute(&database, &tools, id).await {
            tracing::error!(change = %id, problem = problem.detail, "a preview broke off; whoever asks for it next begins it anew");
        }
    });
}

/// Begins a computation anew that nothing was heard of for long: its server may be gone.
pub(super) async fn resume(database: &Database, tools: &Tools, id: Uuid) -> Result<()> {
    let silence = i32::try_from(SILENCE.as_secs()).unwrap_or(i32::MAX);
    let claimed = database
        .once(
            &Caller::Worker,
            &Act::new("preview of a change"),
            "UPDATE tenantry.change_previews SET beat_at = pg_catalog.now()
              WHERE change_id = $1 AND state = 'computing' AND beat_at < pg_catalog.now() - pg_catalog.make_interval(secs => $2)
             RETURNING change_id",
            &[&id, &f64::from(silence)],
        )
        .await?;
    if !claimed.is_empty() {
        start(database, tools, id);
    }
    Ok(())
}

async fn compute(database: &Database, tools: &Tools, id: Uuid) -> Result<(), Problem> {
    let act = Act::new("preview of a change");
    let (said, heard) = watch::channel(0);
    let found = async {
        let tx = database.snapshot(&Caller::Worker, &act).await?;
        let edits = row_edits(store::edits(&tx, id).await?);
        let read = std::sync::Arc::new(Edits::read(&tx, &edits).await?);
        let clients = Reach::of(read.rewrites()).clients(&tx).await?;
        let found = reach::look(&tx, &tools.compiled, &read, &clients, &mut |done| _ = said.send(done)).await;
        drop(said);
        found
    };
    let (findings, told) = tokio::join!(found, tell_progress(database, &act, id, heard));
    told?;
    let tx = database.begin(&Caller::Worker, &act).await?;
    keep(&tx, id, &findings?).await?;
    Ok(tx.commit().await?)
}

async fn tell_progress(
    database: &Database,
    act: &Act,
    id: Uuid,
    mut heard: watch::Receiver<usize>,
) -> Result<(), Error> {
    while heard.changed().await.is_ok() {
        let done = i64::try_from(*heard.borrow_and_update()).unwrap_or(i64::MAX);
        let sql = "UPDATE tenantry.change_previews SET done = $2, documents = greatest(documents, $2), beat_at = pg_catalog.now()
                    WHERE change_id = $1 AND state = 'computing'";
        database.once(&Caller::Worker, act, sql, &[&id, &done]).await?;
    }
    Ok(())
}
