use crate::Result;
use crate::db::admin::Admin;
use crate::db::caller::Caller;
use crate::db::tx::Tx;

/// Computes the scores of all template versions as of now, and counts use that had to wait for somebody's edit.
pub async fn keep(admin: &mut Admin, caller: &Caller) -> Result<()> {
    for sql in ["SELECT tenantry.settle_figures()", "SELECT tenantry.keep_scores()"] {
        let tx = Tx::begin(admin, caller, "figures of templates").await?;
        tx.query(sql, &[]).await?;
        tx.commit().await?;
    }
    Ok(())
}
