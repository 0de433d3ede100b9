use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::types::{Filter, Seal, Table};
use crate::Result;
use crate::audit::entry::Entry;
use crate::audit::{ENTRY, entry};
use crate::console::list::{PAGE, Rows};
use crate::db::tx::Tx;

/// From which entry on a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// With the newest.
    Newest,
    /// With the ones that are older than an entry.
    After(i64),
    /// With the ones that are newer than an entry.
    Before(i64),
}

/// Conditions on entries with their values: only what was asked stands there, so that an index of it is found.
#[derive(Default)]
struct Narrowed<'a> {
    conditions: String,
    values: Vec<&'a (dyn ToSql + Sync)>,
}

impl<'a> Narrowed<'a> {
    fn by(filter: &'a Filter) -> Self {
        let Filter { person, client, client_name, table, row, action, from, until, request } = filter;
        let mut narrowed = Self::default();
        narrowed.and_some("user_id = $#", person.as_ref());
        narrowed.and_some("client_id = $#", client.as_ref());
        narrowed.and_some(
            "client_id = ANY (ARRAY(SELECT c.id FROM public.clients_enhanced c
                                     WHERE pg_catalog.strpos(pg_catalog.lower(c.name), pg_catalog.lower($#)) > 0))",
            client_name.as_ref(),
        );
        if let Some(Table { schema, name }) = table {
            narrowed.and("table_schema = $#", schema);
            narrowed.and("table_name = $#", name);
        }
        narrowed.and_some("row_id = $#", row.as_ref());
        narrowed.and_some("action = $#", action.as_ref());
        narrowed.and_some("at >= $#", from.as_ref());
        narrowed.and_some("at < $#", until.as_ref());
        narrowed.and_some("request_id = $#", request.as_ref());
        narrowed
    }

    fn and(&mut self, condition: &str, value: &'a (dyn ToSql + Sync)) {
        self.values.push(value);
        let opening = if self.conditions.is_empty() { " WHERE " } else { " AND " };
        self.conditions.push_str(opening);
        self.conditions.push_str(&condition.replace("$#", &format!("${}", self.values.len())));
    }

    fn and_some<T: ToSql + Sync>(&mut self, condition: &str, value: Option<&'a T>) {
        if let Some(value) = value {
            self.and(condition, value);
        }
    }
}

/// A page of the entries that the caller sees, newest first.
pub(super) async fn page(tx: &Tx<'_>, filter: &Filter, start: Start) -> Result<Rows<Entry>> {
    let mut narrowed = Narrowed::by(filter);
    let direction = match &start {
        Start::Newest => "DESC",
        Start::After(id) => {
            narrowed.and("id < $#", id);
            "DESC"
        }
        Start::Before(id) => {
            narrowed.and("id > $#", id);
            "ASC"
        }
    };
    let sql = format!("{ENTRY}{} ORDER BY id {direction} LIMIT {}", narrowed.conditions, PAGE + 1);
    let found = tx.query(&sql, &narrowed.values).await?;
    let mut rows = found.iter().map(entry).collect::<Result<Vec<Entry>>>()?;
    let has_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let is_backwards = matches!(start, Start::Before(_));
    if is_backwards {
        rows.reverse();
    }
    let (has_before, has_after) =
        if is_backwards { (has_more, true) } else { (matches!(start, Start::After(_)), has_more) };
    let cursor = |entry: Option<&Entry>| entry.map(|entry| entry.id.to_string());
    let before = has_before.then(|| cursor(rows.first())).flatten();
    let after = has_after.then(|| cursor(rows.last())).flatten();
    Ok(Rows { rows, before, after })
}

/// One entry; none where there is none that the caller sees.
pub(super) async fn one(tx: &Tx<'_>, id: i64) -> Result<Option<Entry>> {
    let row = tx.query_opt(&format!("{ENTRY} WHERE id = $1"), &[&id]).await?;
    row.as_ref().map(entry).transpose()
}

/// Some entries in the order of their ids, behind one and up to another, each as what `of` selects of it.
pub(super) async fn part(
    tx: &Tx<'_>,
    filter: &Filter,
    (behind, through): (i64, i64),
    of: &str,
    most: usize,
) -> Result<Vec<Row>> {
    let mut narrowed = Narrowed::by(filter);
    narrowed.and("id > $#", &behind);
    narrowed.and("id <= $#", &through);
    let sql = format!("{of}{} ORDER BY id LIMIT {most}", narrowed.conditions);
    tx.query(&sql, &narrowed.values).await
}

/// Writes down that the log was exported; the number of that entry.
pub(super) async fn note_export(tx: &Tx<'_>, details: &Value, client: Option<Uuid>) -> Result<i64> {
    Ok(tx.query_one("SELECT tenantry.audit_event('export', $1, $2)", &[details, &client]).await?.get(0))
}

/// The seals of entries that the caller was shown, by the entries' numbers.
pub(super) async fn seals(tx: &Tx<'_>, ids: &[i64]) -> Result<HashMap<i64, Seal>> {
    // Not one by one in their order: the index over their entries would go unused. Of several, which an intruder made, the
    // first counts.
    let sql = "SELECT a.number, a.sealed_at, pg_catalog.encode(a.seal_hash, 'hex'), i.id
                 FROM pg_catalog.unnest($1::bigint[]) i (id)
                 JOIN tenantry.audit_seals a ON a.row_count > 0 AND a.ids @> i.id
                ORDER BY a.number DESC";
    let rows = tx.as_worker(async { tx.query(sql, &[&ids]).await }).await?;
    Ok(rows.iter().map(|row| (row.get(3), seal(row))).collect())
}

/// The newest seal; none where nothing was sealed yet.
pub(super) async fn newest_seal(tx: &Tx<'_>) -> Result<Option<Seal>> {
    let sql = "SELECT a.number, a.sealed_at, pg_catalog.encode(a.seal_hash, 'hex')
                 FROM tenantry.audit_seals a ORDER BY a.number DESC LIMIT 1";
    Ok(tx.as_worker(async { tx.query_opt(sql, &[]).await }).await?.as_ref().map(seal))
}

fn seal(row: &Row) -> Seal {
    // Of an infinite moment, which nobody but an intruder wrote, there is no time.
    Seal { number: row.get(0), at: row.try_get(1).unwrap_or(Timestamp::UNIX_EPOCH), hash: row.get(2) }
}

/// The tables of which every write is an entry, those of `public` first.
pub(super) async fn tables(tx: &Tx<'_>) -> Result<Vec<Table>> {
    let sql = "SELECT n.nspname::text, c.relname::text
                 FROM pg_catalog.pg_trigger t
                 JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE t.tgname = 'audit_insert' AND n.nspname = ANY ('{public,tenantry}')
                ORDER BY n.nspname, c.relname";
    let rows = tx.query(sql, &[]).await?;
    Ok(rows.iter().map(|row| Table { schema: row.get(0), name: row.get(1) }).collect())
}

/// Whom entries can name: everybody for an administrator, for anybody else members of their clients.
pub(super) async fn people(tx: &Tx<'_>, is_administrator: bool) -> Result<Vec<Uuid>> {
    let sql = if is_administrator {
        "SELECT k.user_id FROM tenantry.known_people() k WHERE k.role IS NOT NULL"
    } else {
        "SELECT DISTINCT m.user_id FROM public.client_members m"
    };
    Ok(tx.query(sql, &[]).await?.iter().map(|row| row.get(0)).collect())
}

/// What clients are called that the caller sees.
pub(super) async fn clients(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let sql = "SELECT c.id, c.name::text FROM public.clients_enhanced c WHERE c.id = ANY ($1)";
    Ok(tx.query(sql, &[&ids]).await?.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// What tokens are called that the caller sees.
pub(super) async fn tokens(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let sql = "SELECT t.id, t.name::text FROM tenantry.tokens t WHERE t.id = ANY ($1)";
    Ok(tx.query(sql, &[&ids]).await?.iter().map(|row| (row.get(0), row.get(1))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_asked_is_no_condition() {
        assert_eq!(Narrowed::by(&Filter::default()).conditions, "");
        let filter = Filter {
            person: Some(Uuid::nil()),
            table: Some(Table { schema: "public".to_owned(), name: "t".to_owned() }),
            ..Filter::default()
        };
        let narrowed = Narrowed::by(&filter);
        assert_eq!(narrowed.conditions, " WHERE user_id = $1 AND table_schema = $2 AND table_name = $3");
        assert_eq!(narrowed.values.len(), 3);
    }
}
