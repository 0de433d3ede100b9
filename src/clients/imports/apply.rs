use super::check::{self, Since};
use super::columns;
use super::store;
use super::types::Import;
use super::work::Progress;
use crate::console::Visitor;
use crate::db::tx::Tx;
use crate::problem::Problem;

/// How many rows one statement writes: triggers see to each of them, and a statement may take only so long.
const AT_ONCE: i64 = 2_000;

/// Imports a file as its dry run says, and ends the transaction; where a client moved since, makes another dry run instead.
pub(super) async fn run(
    tx: Tx<'static>,
    visitor: &Visitor,
    import: &Import,
    progress: &Progress,
) -> Result<(), Problem> {
    let id = import.id;
    store::join_as_a_whole(&tx, true).await?;
    let moved = store::hold(&tx, id).await?;
    store::join_as_a_whole(&tx, false).await?;
    if !moved.is_empty() {
        return check::run(tx, visitor, import, Some(Since { moved }), progress).await;
    }
    let written = columns::written(&import.columns);
    let (mut behind, mut done) = (0, 0);
    while let Some(last) = store::stretch(&tx, id, behind, AT_ONCE).await? {
        done += store::add(&tx, id, (behind, last), &written).await?;
        done += store::change(&tx, id, (behind, last), &written).await?;
        behind = last;
        progress.tell(usize::try_from(done).unwrap_or(usize::MAX)).await;
    }
    store::is_applied(&tx, id).await?;
    Ok(tx.commit().await?)
}
