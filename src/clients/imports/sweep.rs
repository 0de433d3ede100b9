use super::store;
use crate::Result;
use crate::db::admin::Admin;
use crate::db::caller::Caller;
use crate::db::tx::Tx;

/// Removes files that were uploaded more than a day ago, imported or not, and says how many they were.
pub async fn sweep(admin: &mut Admin, caller: &Caller) -> Result<u64> {
    let tx = Tx::begin(admin, caller, "sweep of imports").await?;
    let swept = tx.as_worker(store::sweep(&tx)).await?;
    tx.commit().await?;
    Ok(swept)
}
