use super::migrations;
use crate::Result;
use crate::db::tx::Tx;

/// The migration whose statements add what is missing and leave alone what is there.
const SEEDS: &str = "0026_seeds";

/// The tables that it adds to.
const COUNT: &str =
    "SELECT (SELECT count(*) FROM public.system_configurations) + (SELECT count(*) FROM public.deployment_templates)";

/// Adds the rows that Tenantry itself needs where they are missing; returns how many it added.
pub async fn add_missing(tx: &Tx<'_>) -> Result<i64> {
    let count = async || Ok::<i64, crate::Error>(tx.query_one(COUNT, &[]).await?.get(0));
    let before = count().await?;
    for migration in migrations().iter().filter(|migration| migration.name == SEEDS) {
        tx.run(&migration.up()).await?;
    }
    Ok(count().await? - before)
}
