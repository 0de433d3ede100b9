use jiff::Timestamp;
use uuid::Uuid;

use super::store;
use super::types::{Bulk, Client};
use crate::db::tx::Tx;
use crate::problem::Problem;

/// How many clients one act is about at most.
pub const MOST: usize = 1_000;

/// What an act would do: those that it changes, and those that are so already.
#[derive(Clone, Debug)]
pub struct Preview {
    /// It changes these.
    pub changed: Vec<Client>,
    /// These are as it would make them.
    pub unchanged: Vec<Client>,
}

/// Says what an act would do to clients.
pub async fn preview(tx: &Tx<'_>, ids: &[Uuid], bulk: &Bulk) -> Result<Preview, Problem> {
    check_count(ids)?;
    let found = store::by_ids(tx, ids).await?;
    let (changed, unchanged) = found.into_iter().partition(|client| bulk.changes(client));
    Ok(Preview { changed, unchanged })
}

/// Does it to clients, each as somebody saw it last; nothing is done where one of them has changed since.
pub async fn change(tx: &Tx<'_>, seen: &[(Uuid, Timestamp)], bulk: &Bulk) -> Result<u64, Problem> {
    let ids: Vec<Uuid> = seen.iter().map(|(id, _)| *id).collect();
    check_count(&ids)?;
    let held = store::held(tx, &ids).await?;
    let is_as_seen =
        |(id, at): &(Uuid, Timestamp)| held.iter().any(|client| client.id == *id && client.updated_at == *at);
    if !seen.iter().all(is_as_seen) {
        return Err(Problem::new(
            axum::http::StatusCode::CONFLICT,
            "some of these clients were changed by somebody else since you saw them, and nothing was done",
        )
        .mend("look at the preview again"));
    }
    Ok(store::change(tx, &ids, bulk).await?)
}

fn check_count(ids: &[Uuid]) -> Result<(), Problem> {
    if ids.is_empty() {
        return Err(Problem::invalid("no client is chosen").mend("tick the clients that are meant, in the list"));
    }
    if ids.len() > MOST {
        return Err(Problem::invalid(format!("more than {MOST} clients at once")).mend("do it in several parts"));
    }
    Ok(())
}
