use tokio_postgres::Transaction;

use super::calendar::Calendar;
use crate::Result;

/// Has what Tenantry keeps by itself say what the rows say: when templates were used, and how well they did until the
/// agency's present. How often they are used is counted at commit.
pub async fn count(tx: &Transaction<'_>, calendar: Calendar) -> Result<()> {
    tx.execute("SELECT tenantry.recall_use()", &[]).await?;
    tx.execute("SELECT tenantry.keep_scores($1)", &[&calendar.now]).await?;
    Ok(())
}
