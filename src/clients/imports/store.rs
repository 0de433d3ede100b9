use serde_json::{Map, Value, json};
use tokio_postgres::Row as Found;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::reader::Record;
use super::rules::{Managers, Said};
use super::types::{Import, Outcome, Row, State};
use crate::Result;
use crate::console::list::{Order, Rows, Window};
use crate::db::quote;
use crate::db::tx::Tx;
use crate::problem::Fault;

/// How many files somebody has at once; with another one the oldest goes.
const MOST: i64 = 5;

/// Rows stand as in the file.
pub(super) const ORDERS: &[Order] =
    &[Order { name: "line", by: "r.line", of: "pg_catalog.int4", then: "r.import_id", is_descending: false }];

const IMPORT: &str = "i.id, i.created_at, i.file_name::text, i.headings, i.columns, i.lines, i.state::text, i.checks, i.added, \
     i.changed, i.unchanged, i.refused, i.moved, i.done, i.failure, i.applied_at";

/// The advisory lock of whoever is at a file.
const LOCK: &str = "pg_catalog.hashtextextended('tenantry client import ' || $1::uuid::text, 0)";

fn import(row: &Found) -> Import {
    Import {
        id: row.get(0),
        created_at: row.get(1),
        file_name: row.get(2),
        headings: row.get(3),
        columns: row.get(4),
        lines: row.get(5),
        state: State::parse(row.get(6)),
        checks: row.get(7),
        added: row.get(8),
        changed: row.get(9),
        unchanged: row.get(10),
        refused: row.get(11),
        moved: row.get(12),
        done: row.get(13),
        failure: row.get(14),
        applied_at: row.get(15),
    }
}

// A file comes in ------------------------------------------------------------------------------------------------------

/// Makes room for a file, and gives its id.
pub(super) async fn create(tx: &Tx<'_>, file_name: &str, headings: &[String], columns: &[String]) -> Result<Uuid> {
    tx.execute(
        "DELETE FROM tenantry.client_imports i
          WHERE i.id IN (SELECT o.id FROM tenantry.client_imports o
                          WHERE o.id IN (SELECT n.id FROM tenantry.client_imports n
                                          ORDER BY n.created_at DESC, n.id OFFSET $1)
                            FOR UPDATE SKIP LOCKED)",
        &[&(MOST - 1)],
    )
    .await?;
    let sql = "INSERT INTO tenantry.client_imports (file_name, headings, columns) VALUES ($1, $2, $3) RETURNING id";
    Ok(tx.query_one(sql, &[&file_name, &headings, &columns]).await?.get(0))
}

/// Adds rows as they were read.
pub(super) async fn add_lines(tx: &Tx<'_>, id: Uuid, records: &[Record]) -> Result<u64> {
    let lines: Vec<i32> = records.iter().map(|record| number(record.line)).collect();
    let cells: Vec<Json<&Vec<String>>> = records.iter().map(|record| Json(&record.cells)).collect();
    let sql = "INSERT INTO tenantry.client_import_lines (import_id, line, cells)
               SELECT $1, u.line, u.cells FROM unnest($2::int4[], $3::jsonb[]) AS u (line, cells)";
    tx.execute(sql, &[&id, &lines, &cells]).await
}

/// Says that all of it is here.
pub(super) async fn is_read(tx: &Tx<'_>, id: Uuid, lines: i32) -> Result<u64> {
    tx.execute("UPDATE tenantry.client_imports AS i SET state = 'read', lines = $2 WHERE i.id = $1", &[&id, &lines])
        .await
}

/// Forgets a file, unless it was imported; what somebody is at stays until they are done.
pub(super) async fn discard(tx: &Tx<'_>, id: Uuid) -> Result<u64> {
    tx.execute("DELETE FROM tenantry.client_imports i WHERE i.id = $1 AND i.state <> 'applied'", &[&id]).await
}

// A file is here -------------------------------------------------------------------------------------------------------

/// Whether somebody is at a file.
pub(super) async fn is_busy(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    let sql = format!(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks l
                         WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
                           AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
                           AND (l.classid::int8 << 32) | l.objid::int8 = {LOCK})"
    );
    Ok(tx.query_one(&sql, &[&id]).await?.get(0))
}

/// Is at a file until the transaction ends; false where somebody else is. Nobody takes the file away meanwhile.
pub(super) async fn claim(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    let is_mine: bool =
        tx.query_one(&format!("SELECT pg_catalog.pg_try_advisory_xact_lock({LOCK})"), &[&id]).await?.get(0);
    if is_mine {
        tx.query("SELECT FROM tenantry.client_imports i WHERE i.id = $1 FOR KEY SHARE", &[&id]).await?;
    }
    Ok(is_mine)
}

/// A file; none where it is nobody's, or another's.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Import>> {
    let sql = format!("SELECT {IMPORT} FROM tenantry.client_imports i WHERE i.id = $1");
    Ok(tx.query_opt(&sql, &[&id]).await?.as_ref().map(import))
}

/// The visitor's files, newest first.
pub(super) async fn all(tx: &Tx<'_>) -> Result<Vec<Import>> {
    let sql = format!(
        "SELECT {IMPORT} FROM tenantry.client_imports i WHERE i.state <> 'reading' ORDER BY i.created_at DESC, i.id"
    );
    Ok(tx.query(&sql, &[]).await?.iter().map(import).collect())
}

/// Writes what columns are.
pub(super) async fn settle(tx: &Tx<'_>, id: Uuid, columns: &[String]) -> Result<u64> {
    tx.execute("UPDATE tenantry.client_imports AS i SET columns = $2 WHERE i.id = $1", &[&id, &columns]).await
}

/// How many rows are done, told so that others see it before the work ends.
pub(super) const PROGRESS: &str = "UPDATE tenantry.client_imports AS i SET done = $2 WHERE i.id = $1";

/// Why a try broke off. It is said before the try begins, and taken back at its end: whoever is ended by force says nothing.
pub(super) const FAILURE: &str = "UPDATE tenantry.client_imports AS i SET failure = $2 WHERE i.id = $1";

/// Has statements join tables as a whole, or again as PostgreSQL likes. Of rows that were written just now it has no
/// statistics, takes them for a handful, and would look through all clients for each.
pub(super) async fn join_as_a_whole(tx: &Tx<'_>, is_so: bool) -> Result<()> {
    tx.run(&format!("SET LOCAL enable_nestloop = {}", if is_so { "off" } else { "on" })).await
}

// It is checked --------------------------------------------------------------------------------------------------------

/// The next rows of a file after a line.
pub(super) async fn lines(tx: &Tx<'_>, id: Uuid, after: i32, most: i64) -> Result<Vec<(i32, Vec<String>)>> {
    let sql = "SELECT l.line, l.cells FROM tenantry.client_import_lines l
                WHERE l.import_id = $1 AND l.line > $2 ORDER BY l.line LIMIT $3";
    let rows = tx.query(sql, &[&id, &after, &most]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get::<_, Json<Vec<String>>>(1).0)).collect())
}

/// Forgets what the last dry run found.
pub(super) async fn forget(tx: &Tx<'_>, id: Uuid) -> Result<u64> {
    tx.execute("DELETE FROM tenantry.client_import_rows r WHERE r.import_id = $1", &[&id]).await
}

/// Holds rows against the clients that there are, and keeps what would come of each.
pub(super) async fn check(tx: &Tx<'_>, id: Uuid, rows: Vec<(i32, Said)>, words: &Value) -> Result<u64> {
    let (mut lines, mut ids, mut said, mut faults) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (line, row) in rows {
        lines.push(line);
        ids.push(row.id);
        said.push(Value::Object(row.values));
        faults.push(json!(row.faults));
    }
    tx.execute(include_str!("check.sql"), &[&id, &lines, &ids, &said, &faults, words]).await
}

/// Refuses rows that are about the same client.
pub(super) async fn refuse_twins(tx: &Tx<'_>, id: Uuid, words: &Value) -> Result<u64> {
    tx.execute(include_str!("twins.sql"), &[&id, words]).await
}

/// Counts what was found, marks what moved since the dry run before, says why that one wasn't applied, and that this one
/// is done.
pub(super) async fn is_checked(tx: &Tx<'_>, id: Uuid, moved: &[i32], notice: Option<&str>) -> Result<u64> {
    let mark =
        "UPDATE tenantry.client_import_rows AS r SET is_moved = true WHERE r.import_id = $1 AND r.line = ANY ($2)";
    let count = if moved.is_empty() { 0 } else { tx.execute(mark, &[&id, &moved]).await? };
    let sql = "UPDATE tenantry.client_imports AS i
                  SET (state, checks, added, changed, unchanged, refused, moved, failure) =
                      (SELECT 'checked', i.checks + 1,
                              pg_catalog.count(*) FILTER (WHERE r.outcome = 'add'),
                              pg_catalog.count(*) FILTER (WHERE r.outcome = 'change'),
                              pg_catalog.count(*) FILTER (WHERE r.outcome = 'same'),
                              pg_catalog.count(*) FILTER (WHERE r.outcome = 'refused'), $2::int4, $3::text
                         FROM tenantry.client_import_rows r WHERE r.import_id = i.id)
                WHERE i.id = $1";
    tx.execute(sql, &[&id, &i32::try_from(count).unwrap_or(i32::MAX), &notice]).await
}

/// People who can be given clients to manage, by their addresses.
pub(super) async fn add_addresses(tx: &Tx<'_>, managers: &mut Managers) -> Result<()> {
    let sql = "SELECT p.email, p.user_id FROM tenantry.known_people() p
                WHERE p.role IN ('manager', 'admin', 'super_admin') AND p.disabled_at IS NULL";
    for row in tx.query(sql, &[]).await? {
        managers.add(row.get(0), row.get(1));
    }
    Ok(())
}

// What would come of it is shown ---------------------------------------------------------------------------------------

const ROW: &str = "SELECT r.line, r.client_id, c.name::text, r.before, r.after, r.faults, l.cells";
const OF_ROW: &str = "FROM tenantry.client_import_rows r
     JOIN tenantry.client_import_lines l ON l.import_id = r.import_id AND l.line = r.line
     LEFT JOIN public.clients_enhanced c ON c.id = r.client_id
    WHERE r.import_id = $1 AND r.outcome = $2";

fn row(row: &Found) -> Row {
    let members = |place: usize| row.get::<_, Json<Map<String, Value>>>(place).0;
    Row {
        line: row.get(0),
        client: row.get(1),
        name: row.get(2),
        before: members(3),
        after: members(4),
        faults: row.get::<_, Json<Vec<Fault>>>(5).0,
        cells: row.get::<_, Json<Vec<String>>>(6).0,
    }
}

/// A page of the rows of one outcome.
pub(super) async fn page(tx: &Tx<'_>, id: Uuid, outcome: Outcome, window: &Window) -> Result<Rows<Row>> {
    window.read(tx, (ROW, OF_ROW), vec![&id, &outcome.word()], row).await
}

/// Rows whose clients somebody else changed after the dry run before, as many as are shown.
pub(super) async fn moved(tx: &Tx<'_>, id: Uuid, most: i64) -> Result<Vec<(i32, Option<Uuid>, Option<String>)>> {
    let sql = "SELECT r.line, r.client_id, c.name::text FROM tenantry.client_import_rows r
                 LEFT JOIN public.clients_enhanced c ON c.id = r.client_id
                WHERE r.import_id = $1 AND r.is_moved ORDER BY r.line LIMIT $2";
    Ok(tx.query(sql, &[&id, &most]).await?.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}

/// The next refused rows after a line.
pub(super) async fn refused(tx: &Tx<'_>, id: Uuid, after: i32, most: i64) -> Result<Vec<Row>> {
    let sql = format!("{ROW} {OF_ROW} AND r.line > $3 ORDER BY r.line LIMIT $4");
    Ok(tx.query(&sql, &[&id, &Outcome::Refused.word(), &after, &most]).await?.iter().map(row).collect())
}

// It is applied --------------------------------------------------------------------------------------------------------

/// Holds the clients that would be changed, and gives the lines that can't be imported as the dry run says.
pub(super) async fn hold(tx: &Tx<'_>, id: Uuid) -> Result<Vec<i32>> {
    Ok(tx.query(include_str!("moved.sql"), &[&id]).await?.iter().map(|row| row.get(0)).collect())
}

/// The last line of the next rows of a file, which are at most so many; none where there are no more.
pub(super) async fn stretch(tx: &Tx<'_>, id: Uuid, after: i32, most: i64) -> Result<Option<i32>> {
    let sql = "SELECT pg_catalog.max(n.line) FROM (SELECT r.line FROM tenantry.client_import_rows r
                WHERE r.import_id = $1 AND r.line > $2 ORDER BY r.line LIMIT $3) n";
    Ok(tx.query_one(sql, &[&id, &after, &most]).await?.get(0))
}

/// Adds the clients of a stretch of lines, behind the first and up to the last one.
pub(super) async fn add(tx: &Tx<'_>, id: Uuid, (after, last): (i32, i32), columns: &[&str]) -> Result<u64> {
    let names = names(columns);
    let sql = format!(
        "INSERT INTO public.clients_enhanced ({names})
         SELECT {names}
           FROM (SELECT r.after FROM tenantry.client_import_rows r
                  WHERE r.import_id = $1 AND r.line > $2 AND r.line <= $3 AND r.outcome = 'add' ORDER BY r.line) r
          CROSS JOIN LATERAL pg_catalog.jsonb_populate_record(NULL::public.clients_enhanced, r.after)"
    );
    tx.execute(&sql, &[&id, &after, &last]).await
}

/// Changes the clients of a stretch of lines: the columns that differ, and no other.
pub(super) async fn change(tx: &Tx<'_>, id: Uuid, (after, last): (i32, i32), columns: &[&str]) -> Result<u64> {
    let names = names(columns);
    let sql = format!(
        "UPDATE public.clients_enhanced AS c
            SET ({names}) = (SELECT {names} FROM pg_catalog.jsonb_populate_record(c, r.after))
           FROM tenantry.client_import_rows r
          WHERE r.import_id = $1 AND r.line > $2 AND r.line <= $3 AND r.outcome = 'change' AND c.id = r.client_id"
    );
    tx.execute(&sql, &[&id, &after, &last]).await
}

/// Says that it was imported.
pub(super) async fn is_applied(tx: &Tx<'_>, id: Uuid) -> Result<u64> {
    let sql = "UPDATE tenantry.client_imports AS i SET state = 'applied', applied_at = pg_catalog.now(), failure = NULL WHERE i.id = $1";
    tx.execute(sql, &[&id]).await
}

fn names(columns: &[&str]) -> String {
    columns.iter().map(|name| quote::ident(name)).collect::<Vec<_>>().join(", ")
}

// A day later ----------------------------------------------------------------------------------------------------------

/// Removes what was uploaded more than a day ago, and says how many files that were.
pub(super) async fn sweep(tx: &Tx<'_>) -> Result<u64> {
    let sql = "DELETE FROM tenantry.client_imports i WHERE i.created_at < pg_catalog.now() - pg_catalog.make_interval(days => 1)";
    tx.execute(sql, &[]).await
}

fn number(line: u32) -> i32 {
    i32::try_from(line).unwrap_or(i32::MAX)
}
