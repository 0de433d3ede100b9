use uuid::Uuid;

use super::store;
use crate::Result;
use crate::db::admin::Admin;
use crate::db::caller::Caller;
use crate::db::tx::Tx;

/// How many secrets are looked at in one transaction: a moment's work.
const PAGE: i32 = 500;

/// Removes secrets that nothing refers to any more, page by page; how many they were.
///
/// What a row, its history or a change that may still be applied refers to stays, and so does what is younger than an hour.
/// Ended anywhere, the next sweep does what is left; several at once don't get in each other's way.
pub async fn sweep(admin: &mut Admin, caller: &Caller) -> Result<u64> {
    let (mut last, mut swept) = (Some(Uuid::nil()), 0);
    while let Some(after) = last {
        let tx = Tx::begin(admin, caller, "sweep of secrets").await?;
        let page = tx.as_worker(store::sweep(&tx, after, PAGE)).await?;
        tx.commit().await?;
        swept += page.swept;
        last = page.last;
    }
    Ok(swept)
}
