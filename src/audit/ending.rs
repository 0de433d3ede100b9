use super::folder::Folder;
use super::store;
use crate::Result;
use crate::db::admin::Admin;

/// Ends the chain of a database whose schema was taken back: its heads are put aside, and the chain of the next schema
/// begins anew. Returns how many heads that were.
///
/// Only whoever holds the folder can do so. A chain that is gone without it was cut off, and `audit verify` says so.
pub async fn end(admin: &mut Admin, folder: &Folder) -> Result<usize> {
    let tx = admin.transaction().await?;
    let gone: bool = tx.query_one("SELECT to_regclass('tenantry.audit_seals') IS NULL", &[]).await?.get(0);
    let database = store::database(&tx).await?;
    tx.rollback().await?;
    if gone { folder.end_chain(&database) } else { Ok(0) }
}
