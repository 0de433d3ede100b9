//! Steps outside a transaction that a killed run had begun: the server may have finished them by itself since, and then
//! no plan holds them any more. The ledger says which they were; what stands says what became of them.

use tokio_postgres::Client;

use crate::Result;
use crate::db::catalog::Table;
use crate::db::migrate::{Step, ledger};

/// Settles the steps of a table's migration that were begun: what stands is done, and what doesn't will be begun again
/// where it is still wanted.
pub(super) async fn settle(client: &Client, migration: &str, actual: &Table) -> Result<()> {
    for step in ledger::begun(client, migration).await? {
        let valid = |name: &str| actual.index(name).is_some_and(|index| index.valid);
        match (Step::index_built(&step), Step::index_dropped(&step)) {
            (Some(index), _) if valid(index) => ledger::finish(client, migration, &step).await?,
            (_, Some(index)) if actual.index(index).is_none() => ledger::finish(client, migration, &step).await?,
            (None, None) => {}
            _ => ledger::abandon(client, migration, &step).await?,
        }
    }
    Ok(())
}
