//! The SQL of seals and entries, and nothing else.

use futures_util::{Stream, StreamExt as _};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Transaction};

use super::chain::Dropped;
use super::entry::Entry;
use super::folder::DatabaseId;
use super::hash::{Hash, RowsHash};
use super::ids::Ids;
use super::seal::{Head, Seal, Statement};
use crate::{Error, Result};

/// The advisory lock under which one sealer at a time works: "seal" in ASCII.
const SEALER_LOCK: i64 = 0x7365_616c;

// Of an infinite moment, which nobody but an intruder wrote, there are no microseconds.
const SEAL: &str = "
SELECT number, (extract(epoch FROM CASE WHEN isfinite(sealed_at) THEN sealed_at ELSE 'epoch' END) * 1000000)::bigint, month::text, ids::text, row_count, rows_hash, previous_hash,
       snapshot::text, restored_through, key_id, seal_hash, signature
  FROM tenantry.audit_seals";

/// What [`entry`] reads; conditions may follow.
pub const ENTRY: &str = "
SELECT id, (extract(epoch FROM CASE WHEN isfinite(at) THEN at ELSE 'epoch' END) * 1000000)::bigint, transaction_id::text, user_id, token_id, session_id, actor, database_role,
       login_role, address, action, table_schema, table_name, row_id, client_id, before::text, after::text, details::text,
       request_id, reason, erased_at IS NOT NULL, salt, row_hash
  FROM public.audit_log";

/// What the sealer starts from.
pub struct Position {
    /// The newest seal.
    pub last: Option<Seal>,
    /// Seconds since it was made.
    pub age: f64,
    /// The transaction's time, in microseconds since 1970.
    pub now: i64,
    /// Whether transaction ids count from further back than the newest seal's: the database was restored elsewhere.
    pub restored: bool,
}

/// The entries of one month that no seal holds yet.
#[derive(Default)]
pub struct Unsealed {
    /// The first day of the month.
    pub month: Option<String>,
    /// Their numbers.
    pub ids: Ids,
    /// The hash over them.
    pub rows_hash: RowsHash,
}

/// Becomes the sealer until the transaction ends; false where another is at work.
pub async fn become_sealer(tx: &Transaction<'_>) -> Result<bool> {
    let row = tx.query_one("SELECT pg_try_advisory_xact_lock($1)", &[&SEALER_LOCK]).await?;
    Ok(row.get(0))
}

/// Takes the role that reads and seals the log: the worker's, or the owner's for a migrator who may not be the worker.
pub async fn take_role(tx: &Transaction<'_>) -> Result<()> {
    let role = "SELECT set_config('role', CASE WHEN pg_has_role('tenantry_worker', 'MEMBER') THEN 'tenantry_worker'
                                               ELSE 'tenantry_owner' END, true)";
    tx.execute(role, &[]).await?;
    Ok(())
}

/// Refuses a database whose log or seals somebody took away whole.
pub async fn needs_tables(tx: &Transaction<'_>) -> Result<()> {
    let sql = "SELECT string_agg(name, ', ') FROM unnest('{public.audit_log,tenantry.audit_seals}'::text[]) name
                WHERE to_regclass(name) IS NULL";
    match tx.query_one(sql, &[]).await?.get::<_, Option<String>>(0) {
        None => Ok(()),
        Some(gone) => {
            Err(Error::failure(format!("there is no {gone}: somebody took it away, or the schema isn't whole"))
                .mend("see `tenantry migrate status` for what is applied; what was taken away is in a backup"))
        }
    }
}

/// Where the chain ends.
pub async fn position(tx: &Transaction<'_>) -> Result<Position> {
    let last = tx.query_opt(&format!("{SEAL} ORDER BY number DESC LIMIT 1"), &[]).await?;
    let last = last.as_ref().map(seal).transpose()?;
    let row = tx
        .query_one(
            "SELECT (extract(epoch FROM now()) * 1000000)::bigint,
                    coalesce(pg_snapshot_xmax($1::text::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot()), false)",
            &[&last.as_ref().map(|seal| &seal.statement.snapshot)],
        )
        .await?;
    let now: i64 = row.get(0);
    #[expect(clippy::cast_precision_loss, reason = "an age in seconds needs no microseconds")]
    let age = last.as_ref().map_or(f64::INFINITY, |seal| (now - seal.statement.sealed_at) as f64 / 1e6);
    Ok(Position { last, age, now, restored: row.get(1) })
}

/// The entries that became visible since the newest seal, month by month, and the snapshot that shows them.
///
/// One statement, so that entries and snapshot belong together; read as a stream, so that millions at once fit.
pub async fn unsealed(tx: &Transaction<'_>, position: &Position) -> Result<(String, Vec<Unsealed>)> {
    let since = position.last.as_ref().map(|seal| (&seal.statement.snapshot, &seal.statement.restored_through));
    let (condition, parameters): (&str, Vec<&(dyn ToSql + Sync)>) = match since {
        None => ("true", vec![]),
        // Transaction ids of another cluster say nothing about this one's snapshots: only the seals' own ids count.
        Some(_) if position.restored => {
            ("NOT l.id <@ (SELECT coalesce(range_agg(s.ids), '{}') FROM tenantry.audit_seals s)", vec![])
        }
        // Not visible to a snapshot is what began after it or was running: said so that an index finds it.
        Some((snapshot, restored_through)) => (
            "(l.transaction_id >= pg_snapshot_xmax($1::text::pg_snapshot)
              OR l.transaction_id = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot))))
             AND l.id > $2",
            vec![snapshot, restored_through],
        ),
    };
    let sql = format!(
        "SELECT n.snapshot, date_trunc('month', l.at AT TIME ZONE 'UTC')::date::text, l.id, l.row_hash
           FROM (SELECT pg_current_snapshot()::text AS snapshot) n LEFT JOIN public.audit_log l ON {condition}
          ORDER BY 2, 3"
    );
    let (mut snapshot, mut months) = (String::new(), Vec::<Unsealed>::new());
    let mut rows = std::pin::pin!(tx.query_raw(&sql, parameters).await?);
    while let Some(row) = rows.next().await.transpose()? {
        snapshot = row.get(0);
        let Some(month) = row.get::<_, Option<String>>(1) else { continue };
        if months.last().is_none_or(|last| last.month.as_ref() != Some(&month)) {
            months.push(Unsealed { month: Some(month), ..Unsealed::default() });
        }
        if let Some(last) = months.last_mut() {
            last.ids.insert(row.get(2));
            last.rows_hash.add(row.get(2), row.get(3));
        }
    }
    Ok((snapshot, months))
}

/// The last entry whose transaction id is from before a restore into this cluster.
pub async fn restored_through(tx: &Transaction<'_>) -> Result<i64> {
    let sql = "SELECT coalesce(max(id), 0) FROM public.audit_log
                WHERE transaction_id >= pg_snapshot_xmax(pg_current_snapshot())";
    Ok(tx.query_one(sql, &[]).await?.get(0))
}

/// Adds a seal to the chain. Its time is the transaction's, which [`position`] gave.
pub async fn add(tx: &Transaction<'_>, seal: &Seal) -> Result<()> {
    let Seal { statement, hash, signature } = seal;
    tx.execute(
        "INSERT INTO tenantry.audit_seals (number, sealed_at, month, ids, row_count, rows_hash, previous_hash, snapshot,
                                           restored_through, key_id, seal_hash, signature)
         VALUES ($1, now(), $2::text::date, $3::text::int8multirange, $4, $5, $6,
                 $7::text::pg_snapshot, $8, $9, $10, $11)",
        &[
            &statement.number,
            &statement.month,
            &statement.ids,
            &statement.row_count,
            &statement.rows_hash.as_bytes(),
            &statement.previous_hash.as_bytes(),
            &statement.snapshot,
            &statement.restored_through,
            &statement.key_id,
            &hash.as_bytes(),
            signature,
        ],
    )
    .await?;
    Ok(())
}

/// Whether the chain holds a seal with that hash.
pub async fn holds(tx: &Transaction<'_>, head: Head) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT FROM tenantry.audit_seals WHERE number = $1 AND seal_hash = $2)";
    Ok(tx.query_one(sql, &[&head.number, &head.hash.as_bytes()]).await?.get(0))
}

/// Logs an act that is no row.
pub async fn event(tx: &Transaction<'_>, action: &str, details: &serde_json::Value) -> Result<i64> {
    Ok(tx.query_one("SELECT tenantry.audit_event($1, $2)", &[&action, details]).await?.get(0))
}

/// The next seals after a number, at most so many.
pub async fn seals_after(tx: &Transaction<'_>, number: i64, limit: i64) -> Result<Vec<Seal>> {
    let sql = format!("{SEAL} WHERE number > $1 ORDER BY number LIMIT $2");
    tx.query(&sql, &[&number, &limit]).await?.iter().map(seal).collect()
}

/// The entries of a set, in the order of their ids.
pub async fn entries_in(tx: &Transaction<'_>, ids: &Ids) -> Result<impl Stream<Item = Result<Entry>>> {
    let (first, last) =
        (ids.ranges().next().map_or(0, |range| range.0), ids.ranges().last().map_or(0, |range| range.1));
    let sql = format!("{ENTRY} WHERE id >= $1 AND id < $2 AND id <@ $3::text::int8multirange ORDER BY id, at");
    let text = ids.to_string();
    let parameters: [&(dyn ToSql + Sync); 3] = [&first, &last, &text];
    Ok(tx.query_raw(&sql, parameters).await?.map(|row| entry(&row?)))
}

/// The entries outside a set, in the order of their ids.
pub async fn entries_outside(tx: &Transaction<'_>, ids: &Ids) -> Result<impl Stream<Item = Result<Entry>>> {
    let sql = format!("{ENTRY} WHERE NOT id <@ $1::text::int8multirange ORDER BY id, at");
    Ok(tx.query_raw(&sql, [&ids.to_string()]).await?.map(|row| entry(&row?)))
}

/// The entries that erasures name.
pub async fn erased(tx: &Transaction<'_>) -> Result<Ids> {
    let mut erased = Ids::default();
    named_by(tx, "erasure").await?.iter().for_each(|(_, ids)| erased.insert_all(ids));
    Ok(erased)
}

/// What retention dropped.
pub async fn dropped(tx: &Transaction<'_>) -> Result<Vec<Dropped>> {
    let named = named_by(tx, "retention").await?;
    Ok(named.into_iter().map(|(at, ids)| Dropped { at, ids }).collect())
}

/// When entries of an action were written and which ids they name. What can't be read names nothing, and is found as an
/// edited entry.
async fn named_by(tx: &Transaction<'_>, action: &str) -> Result<Vec<(i64, Ids)>> {
    let sql = "SELECT (extract(epoch FROM CASE WHEN isfinite(at) THEN at ELSE 'epoch' END) * 1000000)::bigint, details ->> 'ids' FROM public.audit_log
                WHERE action = $1 AND details ->> 'ids' IS NOT NULL";
    let rows = tx.query(sql, &[&action]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get::<_, String>(1).parse().unwrap_or_default())).collect())
}

/// Which database this is.
pub async fn database(tx: &Transaction<'_>) -> Result<DatabaseId> {
    let row = tx
        .query_one(
            "SELECT oid, has_function_privilege('pg_control_system()', 'EXECUTE') FROM pg_database
              WHERE datname = current_database()",
            &[],
        )
        .await?;
    let cluster = if row.get(1) {
        tx.query_one("SELECT system_identifier FROM pg_control_system()", &[]).await?.get(0)
    } else {
        0
    };
    Ok(DatabaseId { cluster, oid: row.get(0) })
}

/// What is visible to this transaction.
pub async fn snapshot(tx: &Transaction<'_>) -> Result<String> {
    Ok(tx.query_one("SELECT pg_current_snapshot()::text", &[]).await?.get(0))
}

fn seal(row: &Row) -> Result<Seal> {
    let number: i64 = row.get(0);
    let hash = |column: usize| {
        Hash::from_bytes(row.get(column))
            .ok_or_else(|| Error::failure(format!("a hash of seal {number} hasn't 32 bytes: it was edited")))
    };
    let statement = Statement {
        number,
        sealed_at: row.get(1),
        month: row.get(2),
        ids: row.get(3),
        row_count: row.get(4),
        rows_hash: hash(5)?,
        previous_hash: hash(6)?,
        snapshot: row.get(7),
        restored_through: row.get(8),
        key_id: row.get(9),
    };
    Ok(Seal { statement, hash: hash(10)?, signature: row.get(11) })
}

/// An entry as [`ENTRY`] gives it.
pub fn entry(row: &Row) -> Result<Entry> {
    let transaction_id: String = row.get(2);
    Ok(Entry {
        id: row.get(0),
        at: row.get(1),
        transaction_id: transaction_id.parse().map_err(|_| Error::failure("PostgreSQL's xid8 isn't a number"))?,
        user_id: row.get(3),
        token_id: row.get(4),
        session_id: row.get(5),
        actor: row.get(6),
        database_role: row.get(7),
        login_role: row.get(8),
        address: row.get(9),
        action: row.get(10),
        table_schema: row.get(11),
        table_name: row.get(12),
        row_id: row.get(13),
        client_id: row.get(14),
        before: row.get(15),
        after: row.get(16),
        details: row.get(17),
        request_id: row.get(18),
        reason: row.get(19),
        erased: row.get(20),
        salt: row.get(21),
        row_hash: row.get(22),
    })
}
