use serde_json::{Value, json};

use super::columns::EMAIL;
use super::rules::{Managers, Rules};
use super::store;
use super::types::Import;
use super::work::Progress;
use crate::clients::actions::address_is_taken;
use crate::console::{Names, Visitor};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

/// How many rows are held against the clients at once.
const AT_ONCE: i64 = 5_000;

/// What came between a dry run and the import that it was for.
pub(super) struct Since {
    /// The lines whose clients moved.
    pub(super) moved: Vec<i32>,
}

const MOVED: &str =
    "Somebody else changed some of these clients after the dry run. This is what importing the file would do by now.";

/// Finds out what importing a file would do, writes that down, and ends the transaction.
pub(super) async fn run(
    tx: Tx<'static>,
    visitor: &Visitor,
    import: &Import,
    since: Option<Since>,
    progress: &Progress,
) -> Result<(), Problem> {
    let id = import.id;
    store::join_as_a_whole(&tx, true).await?;
    store::forget(&tx, id).await?;
    let rules = Rules::new(&import.columns, managers(&tx, visitor).await?);
    let (mut last, mut done) = (0, 0);
    loop {
        let lines = store::lines(&tx, id, last, AT_ONCE).await?;
        let Some((line, _)) = lines.last() else { break };
        (last, done) = (*line, done + lines.len());
        let rows = lines.iter().map(|(line, cells)| (*line, rules.read(cells))).collect();
        store::check(&tx, id, rows, &words()).await?;
        progress.tell(done).await;
    }
    store::refuse_twins(&tx, id, &twin()).await?;
    let (moved, notice) = since.map_or((Vec::new(), None), |since| (since.moved, Some(MOVED)));
    store::is_checked(&tx, id, &moved, notice).await?;
    Ok(tx.commit().await?)
}

async fn managers(tx: &Tx<'_>, visitor: &Visitor) -> Result<Managers, Problem> {
    let mut managers = Managers::default();
    for (id, name) in Names::of_managers(tx).await? {
        managers.add(&name, id);
    }
    // Somebody who may not any more still manages what they manage.
    let managing = crate::clients::store::choices(tx).await?.1;
    for (id, name) in Names::of(tx, visitor, managing).await?.all() {
        managers.add(name, id);
    }
    store::add_addresses(tx, &mut managers).await?;
    Ok(managers)
}

/// What is said of a row that doesn't go with the clients that there are.
fn words() -> Value {
    let at = |pointer: &str, rule: &str, detail: &str, mend: &str| Fault::at(pointer, rule, detail).mend(mend);
    json!({
        "unknown": at("/id", "unknown", "is no client's id", "leave the cell empty to add a client, or to have it known by its address"),
        "archived": at("/id", "archived", "is of a client that is archived", "bring the client back in the list first"),
        "taken": address_is_taken(),
        "nobody": at("/email", "required", "has to have a value: the row says of no client that it is about it", "add a column email, or an id"),
        "nameless": at("/name", "required", "has to have a value: the row adds a client", &format!("add a column name, or write the {EMAIL} of a client that is there")),
    })
}

/// What is said of two rows that are about one client.
fn twin() -> Value {
    let fault = Fault::at("", "twice", "is about the same client as line {line}, or has the same address");
    json!(fault.mend("leave one of the two rows"))
}
