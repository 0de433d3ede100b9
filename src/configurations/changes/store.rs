use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio_postgres::Row;
use uuid::Uuid;

use super::reach::Reach;
use super::types::{Change, KeptEdit, State, Who};
use super::wanted::Scope;
use crate::Result;
use crate::configurations::{Base, ConfigTable, Operation, RowEdit};
use crate::db::quote::ident;
use crate::db::tx::Tx;

/// The columns of a change.
pub(super) const CHANGE: &str =
    "id, state::text, reason, client_ids, is_shared, environments, edits, reverts, proposed_at, author,
    author_token, author_name, decided_at, decided_by, decided_name, decision, applied_at, applied_by, revision";

impl From<&Row> for Change {
    fn from(row: &Row) -> Self {
        let decided_at: Option<Timestamp> = row.get("decided_at");
        Self {
            id: row.get("id"),
            state: State::by_word(row.get("state")).unwrap_or(State::Proposed),
            reason: row.get("reason"),
            client_ids: row.get("client_ids"),
            is_shared: row.get("is_shared"),
            environments: row.get("environments"),
            edits: row.get("edits"),
            reverts: row.get("reverts"),
            proposed_at: row.get("proposed_at"),
            author: Who { user_id: row.get("author"), token_id: row.get("author_token"), name: row.get("author_name") },
            decided_at,
            decided_by: decided_at.map(|_| Who {
                user_id: row.get("decided_by"),
                token_id: None,
                name: row.get("decided_name"),
            }),
            decision: row.get("decision"),
            applied_at: row.get("applied_at"),
            applied_by: row.get("applied_by"),
            revision: row.get("revision"),
        }
    }
}

/// A change that is written down for the first time.
pub(super) struct NewChange<'a> {
    pub(super) id: Uuid,
    pub(super) state: State,
    pub(super) reason: &'a str,
    pub(super) reach: &'a Reach,
    pub(super) reverts: Option<Uuid>,
    pub(super) revision: Option<i64>,
}

/// Writes a change down with its edits.
pub(super) async fn insert(tx: &Tx<'_>, change: &NewChange<'_>, edits: &[KeptEdit]) -> Result<()> {
    let NewChange { id, state, reason, reach, reverts, revision } = change;
    let Reach { client_ids, is_shared, environments, .. } = reach;
    let only = client_ids.first().filter(|_| client_ids.len() == 1 && !is_shared);
    let count = i32::try_from(edits.len()).unwrap_or(i32::MAX);
    tx.execute(
        "INSERT INTO tenantry.changes
            (id, state, reason, client_id, client_ids, is_shared, environments, edits, reverts, revision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[&id, &state.as_str(), &reason, &only, &client_ids, &is_shared, &environments, &count, &reverts, &revision],
    )
    .await?;
    let kept = Value::Array(edits.iter().map(record).collect());
    tx.execute(
        "INSERT INTO tenantry.change_edits (change_id, place, table_name, row_id, operation, columns, before, base)
         SELECT $1, e.ordinality - 1, e.value ->> 'table', (e.value ->> 'id')::uuid, e.value ->> 'operation',
                e.value -> 'columns', nullif(e.value -> 'before', 'null'), nullif(e.value -> 'base', 'null')
           FROM pg_catalog.jsonb_array_elements($2::jsonb) WITH ORDINALITY e",
        &[&id, &kept],
    )
    .await?;
    Ok(())
}

fn record(edit: &KeptEdit) -> Value {
    serde_json::to_value(edit).unwrap_or_default()
}

/// One change; none where there is none that the caller sees.
pub(super) async fn change(tx: &Tx<'_>, id: Uuid) -> Result<Option<Change>> {
    let sql = format!("SELECT {CHANGE} FROM tenantry.changes WHERE id = $1");
    Ok(tx.query_opt(&sql, &[&id]).await?.as_ref().map(Change::from))
}

/// The same, held until the transaction ends, so that nobody decides about it meanwhile.
pub(super) async fn locked(tx: &Tx<'_>, id: Uuid) -> Result<Option<Change>> {
    let sql = format!("SELECT {CHANGE} FROM tenantry.changes WHERE id = $1 FOR UPDATE");
    Ok(tx.query_opt(&sql, &[&id]).await?.as_ref().map(Change::from))
}

/// Which changes a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those that edit rows of this client and of no other.
    pub client_id: Option<Uuid>,
    /// Those in this state.
    pub state: Option<State>,
    /// Those that come after this one in the list.
    pub after: Option<Uuid>,
    /// How many at most.
    pub limit: i64,
}

/// Changes, newest first.
pub(super) async fn list(tx: &Tx<'_>, filter: &Filter) -> Result<Vec<Change>> {
    let sql = format!(
        "SELECT {CHANGE} FROM tenantry.changes
          WHERE ($1::uuid IS NULL OR client_id = $1) AND ($2::text IS NULL OR state = $2)
            AND ($3::uuid IS NULL
                 OR (proposed_at, id) < (SELECT a.proposed_at, a.id FROM tenantry.changes a WHERE a.id = $3))
          ORDER BY proposed_at DESC, id DESC LIMIT $4"
    );
    let state = filter.state.map(State::as_str);
    let rows = tx.query(&sql, &[&filter.client_id, &state, &filter.after, &filter.limit]).await?;
    Ok(rows.iter().map(Change::from).collect())
}

/// The edits of a change in their order.
pub(super) async fn edits(tx: &Tx<'_>, id: Uuid) -> Result<Vec<KeptEdit>> {
    let rows = tx
        .query(
            "SELECT table_name::text, row_id, operation::text, columns, before, base
               FROM tenantry.change_edits WHERE change_id = $1 ORDER BY place",
            &[&id],
        )
        .await?;
    Ok(rows.iter().filter_map(kept).collect())
}

fn kept(row: &Row) -> Option<KeptEdit> {
    let object = |value: Value| if let Value::Object(object) = value { Some(object) } else { None };
    Some(KeptEdit {
        table: ConfigTable::by_name(row.get(0))?,
        id: row.get(1),
        operation: match row.get(2) {
            "insert" => Operation::Insert,
            "update" => Operation::Update,
            _ => Operation::Delete,
        },
        columns: object(row.get(3))?,
        before: row.get::<_, Option<Value>>(4).and_then(object),
        base: row.get(5),
    })
}

/// Decides about a change. Whether the caller may is the policies' and the trigger's business; how many rows it was.
pub(super) async fn decide(
    tx: &Tx<'_>,
    id: Uuid,
    state: State,
    decision: Option<&str>,
    revision: Option<i64>,
) -> Result<u64> {
    tx.execute(
        "UPDATE tenantry.changes SET state = $2, decision = coalesce($3, decision), revision = $4 WHERE id = $1",
        &[&id, &state.as_str(), &decision, &revision],
    )
    .await
}

/// Refuses what nobody has approved where an environment is protected.
pub(super) async fn refuse_unapproved(tx: &Tx<'_>, environments: &[&str]) -> Result<()> {
    tx.execute("SELECT tenantry.refuse_unapproved($1)", &[&environments]).await?;
    Ok(())
}

/// Whether something took a change back already.
pub(super) async fn reverted_by(tx: &Tx<'_>, id: Uuid) -> Result<Option<Uuid>> {
    let sql = "SELECT id FROM tenantry.changes WHERE reverts = $1 AND state = 'applied' LIMIT 1";
    Ok(tx.query_opt(sql, &[&id]).await?.map(|row| row.get(0)))
}

/// Which of the clients the caller sees.
pub(super) async fn visible_clients(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let rows = tx.query("SELECT id FROM public.clients_enhanced WHERE id = ANY ($1)", &[&ids]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Rows that the caller sees, with their versions.
pub(super) async fn visible_rows(tx: &Tx<'_>, table: ConfigTable, ids: &[Uuid]) -> Result<HashMap<Uuid, Base>> {
    let version = version_column(table);
    let rows = tx.query(&format!("SELECT id, {version} FROM public.{table} WHERE id = ANY ($1)"), &[&ids]).await?;
    Ok(rows.iter().map(|row| (row.get(0), base(table, row, 1))).collect())
}

/// The version of a row of a table, from the place of its column.
fn base(table: ConfigTable, row: &Row, place: usize) -> Base {
    if counts_versions(table) { Base::Version(row.get(place)) } else { Base::UpdatedAt(row.get(place)) }
}

/// Whether a table's `version` counts its writes; elsewhere a column of that name means something else.
pub(super) fn counts_versions(table: ConfigTable) -> bool {
    matches!(table, ConfigTable::SystemConfigurations | ConfigTable::DeploymentConfigurations)
}

fn version_column(table: ConfigTable) -> &'static str {
    if counts_versions(table) { "version::bigint" } else { "updated_at" }
}

/// A row of `system_configurations`, found by its key and scope.
pub(super) struct Found {
    pub(super) id: Uuid,
    pub(super) base: Base,
    pub(super) is_active: bool,
}

/// The rows of keys at scopes, in their order.
pub(super) async fn by_key(tx: &Tx<'_>, keys: &[(&str, &Scope)]) -> Result<Vec<Option<Found>>> {
    let names: Vec<&str> = keys.iter().map(|(key, _)| *key).collect();
    let clients: Vec<Option<Uuid>> = keys.iter().map(|(_, scope)| scope.client_id).collect();
    let templates: Vec<Option<&str>> = keys.iter().map(|(_, scope)| scope.template_id.as_deref()).collect();
    let environments: Vec<&str> = keys.iter().map(|(_, scope)| scope.environment.as_str()).collect();
    let rows = tx
        .query(
            "SELECT w.place, s.id, s.version::bigint, s.is_active
               FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[])
                    WITH ORDINALITY AS w (key, client_id, template_id, environment, place)
               JOIN public.system_configurations s
                 ON s.configuration_key = w.key AND s.client_id IS NOT DISTINCT FROM w.client_id
                AND s.template_id IS NOT DISTINCT FROM w.template_id AND s.environment = w.environment",
            &[&names, &clients, &templates, &environments],
        )
        .await?;
    let mut found: Vec<Option<Found>> = keys.iter().map(|_| None).collect();
    for row in rows {
        let place = usize::try_from(row.get::<_, i64>(0)).unwrap_or_default();
        let row = Found { id: row.get(1), base: Base::Version(row.get(2)), is_active: row.get(3) };
        if let Some(slot) = place.checked_sub(1).and_then(|place| found.get_mut(place)) {
            *slot = Some(row);
        }
    }
    Ok(found)
}

/// Which templates there are among those named, each with its versions.
pub(super) async fn templates(tx: &Tx<'_>, ids: &[&str]) -> Result<HashMap<String, Vec<String>>> {
    let rows = tx
        .query(
            "SELECT template_id::text, array_agg(template_version::text) FROM public.template_configurations
              WHERE template_id = ANY ($1) GROUP BY template_id",
            &[&ids],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// All templates, by their names.
pub(super) async fn template_ids(tx: &Tx<'_>) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT template_id::text FROM public.template_configurations ORDER BY 1";
    Ok(tx.query(sql, &[]).await?.iter().map(|row| row.get(0)).collect())
}

/// A column of a configuration table.
pub(super) struct Column {
    pub(super) type_name: String,
    pub(super) is_required: bool,
}

/// The columns of the four tables, a site's own among them.
pub(super) async fn columns(tx: &Tx<'_>) -> Result<HashMap<(ConfigTable, String), Column>> {
    let names: Vec<&str> = ConfigTable::ALL.iter().map(|table| table.name()).collect();
    let rows = tx
        .query(
            "SELECT c.relname::text, a.attname::text, pg_catalog.format_type(a.atttypid, NULL), a.attnotnull
               FROM pg_catalog.pg_attribute a
               JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
              WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($1)
                AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''",
            &[&names],
        )
        .await?;
    let column = |row: &Row| Column { type_name: row.get(2), is_required: row.get(3) };
    let place = |row: &Row| Some((ConfigTable::by_name(row.get(0))?, row.get(1)));
    Ok(rows.iter().filter_map(|row| Some((place(row)?, column(row)))).collect())
}

/// Holds keys at scopes until the transaction ends, whether there are rows of them or not. In their order, so that two
/// changes wait for each other and never in a circle.
pub(super) async fn hold_keys(tx: &Tx<'_>, keys: &[(&str, &Scope)]) -> Result<()> {
    let mut names: Vec<String> =
        keys.iter().map(|(key, scope)| format!("system_configurations/{key}/{scope:?}")).collect();
    names.sort_unstable();
    let sql = "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(k, 0)) FROM unnest($1::text[]) k";
    if !names.is_empty() {
        tx.query(sql, &[&names]).await?;
    }
    Ok(())
}

/// Rows as they are now, held until the transaction ends. Always in the order of their ids, so that two changes of the
/// same rows wait for each other and never in a circle.
pub(super) async fn hold(tx: &Tx<'_>, table: ConfigTable, ids: &[Uuid]) -> Result<HashMap<Uuid, Map<String, Value>>> {
    let sql = format!("SELECT t.id, to_jsonb(t) FROM public.{table} t WHERE t.id = ANY ($1) ORDER BY t.id FOR UPDATE");
    let rows = tx.query(&sql, &[&ids]).await?;
    let content = |row: &Row| match row.get(1) {
        Value::Object(content) => Some((row.get(0), content)),
        _ => None,
    };
    Ok(rows.iter().filter_map(content).collect())
}

/// A row as the caller sees it; none where they don't.
pub(super) async fn current(tx: &Tx<'_>, table: ConfigTable, id: Uuid) -> Result<Option<Value>> {
    let sql = format!("SELECT to_jsonb(t) FROM public.{table} t WHERE t.id = $1");
    Ok(tx.query_opt(&sql, &[&id]).await?.map(|row| row.get(0)))
}

/// Writes one row with the rights of whoever writes; how many rows it was.
pub(super) async fn write(tx: &Tx<'_>, edit: &RowEdit) -> Result<u64> {
    let RowEdit { table, row_id, operation, columns, base: _ } = edit;
    let each = |said: fn(&str) -> String| columns.keys().map(|name| said(name)).collect::<Vec<_>>().join(", ");
    let values = Value::Object(columns.clone());
    match operation {
        Operation::Delete => tx.execute(&format!("DELETE FROM public.{table} WHERE id = $1"), &[row_id]).await,
        Operation::Insert => {
            let (names, contents) = (each(ident), each(content));
            let sql = format!(
                "INSERT INTO public.{table} ({names})
                 SELECT {contents} FROM (SELECT $1::jsonb) AS w (said)
                  CROSS JOIN LATERAL pg_catalog.jsonb_populate_record(NULL::public.{table}, w.said) n"
            );
            tx.execute(&sql, &[&values]).await
        }
        Operation::Update => {
            let set = each(|name| format!("{} = {}", ident(name), content(name)));
            let sql = format!(
                "UPDATE public.{table} t SET {set} FROM (SELECT $2::jsonb) AS w (said)
                  CROSS JOIN LATERAL pg_catalog.jsonb_populate_record(NULL::public.{table}, w.said) n WHERE t.id = $1"
            );
            tx.execute(&sql, &[row_id, &values]).await
        }
    }
}

/// What is written into a column. The null of JSON is a value of a key, and no lack of one.
fn content(column: &str) -> String {
    if column == "configuration_value" {
        "w.said -> 'configuration_value'".to_owned()
    } else {
        format!("n.{}", ident(column))
    }
}

/// Takes the installation's next revision, by having the history written that would be written at commit. From here on
/// every other writer of configuration waits.
pub(super) async fn take_revision(tx: &Tx<'_>) -> Result<()> {
    tx.run("SET CONSTRAINTS ALL IMMEDIATE").await
}

/// The newest revision, and whether this transaction made it. As a job.
pub(super) async fn revision(tx: &Tx<'_>) -> Result<(i64, bool)> {
    let sql = "SELECT r.revision, r.xmin = pg_catalog.pg_current_xact_id_if_assigned()::xid
                 FROM tenantry.installation_revision r WHERE r.only_row";
    let row = tx.query_one(sql, &[]).await?;
    Ok((row.get(0), row.get::<_, Option<bool>>(1).unwrap_or(false)))
}

/// The clients of rows that were changed after one revision and before another; none for a row of no client, which may
/// reach all. As a job.
pub(super) async fn changed_between(tx: &Tx<'_>, after: i64, before: i64) -> Result<Vec<Option<Uuid>>> {
    let rows = tx
        .query(
            "SELECT h.client_id FROM tenantry.configuration_heads h WHERE h.revision > $1 AND h.revision < $2
             UNION
             SELECT v.client_id FROM public.configuration_versions v WHERE v.revision_to > $1 AND v.revision_to < $2",
            &[&after, &before],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Says in the history and the audit log what the writes of this transaction are for.
pub(super) async fn give_reason(tx: &Tx<'_>, reason: &str) -> Result<()> {
    tx.execute("SELECT pg_catalog.set_config('tenantry.reason', $1, true)", &[&reason]).await?;
    Ok(())
}

/// The clients whose documents rows of no client may reach: all, or those that have something to do with templates. As a
/// job.
pub(super) async fn clients_of(tx: &Tx<'_>, templates: Option<&[&str]>) -> Result<Vec<Uuid>> {
    let rows = match templates {
        None => tx.query("SELECT id FROM public.clients_enhanced ORDER BY id", &[]).await?,
        Some(templates) => {
            tx.query(
                "SELECT client_id FROM public.client_customizations WHERE template_id = ANY ($1)
                 UNION SELECT client_id FROM public.system_configurations WHERE template_id = ANY ($1) AND client_id IS NOT NULL
                 UNION SELECT client_id FROM public.deployment_configurations WHERE template_id = ANY ($1)
                 ORDER BY 1",
                &[&templates],
            )
            .await?
        }
    };
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The environments in which clients have a deployment that lives. As a job.
pub(super) async fn deployed(tx: &Tx<'_>, clients: &[Uuid]) -> Result<HashSet<(Uuid, String)>> {
    let rows = tx
        .query(
            "SELECT DISTINCT client_id, deployment_type::text FROM public.client_deployments
              WHERE client_id = ANY ($1) AND status <> ALL ('{failed,cancelled,superseded,rolled_back}'::text[])",
            &[&clients],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Brings back a row that was deleted, as it was, where whoever writes may write such a row.
pub(super) async fn restore(tx: &Tx<'_>, table: ConfigTable, id: Uuid) -> Result<()> {
    tx.execute("SELECT tenantry.restore_row($1, $2)", &[&table.name(), &id]).await?;
    Ok(())
}

/// Puts a deployment configuration back into force, or out of it, as it was before a change that is taken back.
pub(super) async fn put_back(tx: &Tx<'_>, id: Uuid, reverted: Uuid) -> Result<()> {
    tx.execute("SELECT tenantry.put_back($1, $2)", &[&id, &reverted]).await?;
    Ok(())
}

/// The deployment configurations that were in force until a revision, as they were then. As a job.
pub(super) async fn put_out_of_force(tx: &Tx<'_>, revision: i64) -> Result<Vec<(Uuid, Map<String, Value>)>> {
    let sql = "SELECT v.row_id, v.content FROM public.configuration_versions v
                WHERE v.table_name = 'deployment_configurations' AND v.operation = 'update' AND v.revision_to = $1
                  AND v.content -> 'applied_configuration' <> 'null'
                ORDER BY v.valid_from";
    let rows = tx.query(sql, &[&revision]).await?;
    let content = |row: &Row| match row.get(1) {
        Value::Object(content) => Some((row.get(0), content)),
        _ => None,
    };
    Ok(rows.iter().filter_map(content).collect())
}

/// The revisions that the contents of rows are current since; none for rows that are gone. As a job.
pub(super) async fn revisions(tx: &Tx<'_>, rows: &[(ConfigTable, Uuid)]) -> Result<HashMap<(ConfigTable, Uuid), i64>> {
    let tables: Vec<&str> = rows.iter().map(|(table, _)| table.name()).collect();
    let ids: Vec<Uuid> = rows.iter().map(|(_, id)| *id).collect();
    let found = tx
        .query(
            "SELECT h.table_name::text, h.row_id, h.revision FROM tenantry.configuration_heads h
               JOIN unnest($1::text[], $2::uuid[]) AS w (table_name, row_id)
                 ON h.table_name = w.table_name AND h.row_id = w.row_id",
            &[&tables, &ids],
        )
        .await?;
    let place = |row: &Row| Some((ConfigTable::by_name(row.get(0))?, row.get(1)));
    Ok(found.iter().filter_map(|row| Some((place(row)?, row.get(2)))).collect())
}
