use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::compiled::{Compiled, Versions};
use super::gathered::Gathered;
use super::inputs::Inputs;
use super::load::Wanted;
use super::row::ConfigRow;
use crate::Result;
use crate::configurations::types::{AsOf, ConfigTable};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

impl Inputs {
    /// The same as of a former moment; as whoever sees every row.
    pub async fn load_as_of(tx: &Tx<'_>, compiled: &Compiled, wanted: Wanted<'_>, at: AsOf) -> Result<Self, Problem> {
        let revision = revision_at(tx, at).await?;
        let none_known = Versions::new();
        let mut gathered = Gathered::new(compiled, &none_known);
        gathered.revision = revision;
        let rows = rows_at(tx, wanted, at, &mut gathered.unreadable).await?;
        let named = names(&rows, wanted);
        for row in rows {
            match &row {
                ConfigRow::Version(version) if !named.contains(&*version.template_id) => {}
                _ => gathered.take(row),
            }
        }
        for client in clients(tx, wanted).await? {
            gathered.client(client);
        }
        Ok(gathered.inputs())
    }
}

/// The revision that a moment shows; a moment before history began, or after now, is refused.
pub async fn revision_at(tx: &Tx<'_>, at: AsOf) -> Result<i64, Problem> {
    let sql = "SELECT r.revision, r.began_at, clock_timestamp() FROM tenantry.installation_revision r";
    let row = tx.query_one(sql, &[]).await?;
    let (newest, began, now): (i64, Timestamp, Timestamp) = (row.get(0), row.get(1), row.get(2));
    match at {
        AsOf::Revision(revision) if (1..=newest).contains(&revision) => Ok(revision),
        AsOf::Revision(_) => {
            Err(outside(began, "revision", format!("the newest revision is {newest}, the first is 1")))
        }
        AsOf::Time(time) if time < began => {
            Err(outside(began, "before history", "nothing is known of before".to_owned()))
        }
        AsOf::Time(time) if time > now => Err(outside(began, "after now", "the moment is yet to come".to_owned())),
        AsOf::Time(time) => {
            let sql = "SELECT greatest(1, (SELECT max(h.revision) FROM tenantry.configuration_heads h WHERE h.valid_from <= $1),
                                          (SELECT max(v.revision_from) FROM public.configuration_versions v WHERE v.valid_from <= $1),
                                          (SELECT max(v.revision_to) FROM public.configuration_versions v WHERE v.valid_to <= $1))";
            Ok(tx.query_one(sql, &[&time]).await?.get(0))
        }
    }
}

fn outside(began: Timestamp, rule: &str, detail: String) -> Problem {
    let fault = Fault::at("as_of", rule, detail).mend(format!("ask for a moment since {began}, or a revision since 1"));
    Problem::faults(format!("history began at {began}: there is nothing as of that moment"), vec![fault])
        .with("since", Value::String(began.to_string()))
}

async fn rows_at(
    tx: &Tx<'_>,
    wanted: Wanted<'_>,
    at: AsOf,
    unreadable: &mut Vec<(ConfigTable, Uuid)>,
) -> Result<Vec<ConfigRow>> {
    let columns = match at {
        AsOf::Revision(_) => [("$SINCE", "revision"), ("$FROM", "revision_from"), ("$TO", "revision_to")],
        AsOf::Time(_) => [("$SINCE", "valid_from"), ("$FROM", "valid_from"), ("$TO", "valid_to")],
    };
    let text = columns
        .iter()
        .fold(wanted.statement(include_str!("former.sql")), |text, (name, column)| text.replace(name, column));
    let (clients, mut rows) = (wanted.ids(), Vec::new());
    let mut take = |row: tokio_postgres::Row| {
        let Some(table) = ConfigTable::by_name(row.get(0)) else { return };
        match row.try_get(2) {
            // A site's own rows are of the first revision, or of none.
            Ok(Value::Object(content)) => {
                rows.extend(ConfigRow::of_content(table, &content, row.get::<_, i64>(3) <= 1));
            }
            _ => unreadable.push((table, row.get(1))),
        }
    };
    match at {
        AsOf::Revision(revision) => tx.each(&text, &[&clients, &revision], &mut take).await?,
        AsOf::Time(time) => tx.each(&text, &[&clients, &time], &mut take).await?,
    }
    Ok(rows)
}

/// The templates that play a part.
fn names(rows: &[ConfigRow], wanted: Wanted<'_>) -> HashSet<String> {
    let named = rows.iter().filter_map(|row| match row {
        ConfigRow::Value(row) => row.client_id.and(row.scope.template_id.as_deref()),
        ConfigRow::Customization(row) => Some(&*row.template_id),
        ConfigRow::Applied(row) => row.template_id.as_deref(),
        ConfigRow::Version(row) => wanted.ids().is_none().then_some(&*row.template_id),
    });
    named.chain(wanted.templates().iter().copied()).map(ToOwned::to_owned).collect()
}

async fn clients(tx: &Tx<'_>, wanted: Wanted<'_>) -> Result<Vec<Uuid>> {
    let sql = "SELECT c.id FROM public.clients_enhanced c WHERE $1::uuid[] IS NULL OR c.id = ANY ($1)";
    Ok(tx.query(sql, &[&wanted.ids()]).await?.iter().map(|row| row.get(0)).collect())
}
