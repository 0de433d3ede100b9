use super::Surroundings;
use crate::Result;
use crate::db::tx::Tx;
use crate::tables::catalog::{self, Catalog};

/// Reads all of `public`, in a transaction whose role may read `tenantry.tables`.
pub async fn public(tx: &Tx<'_>) -> Result<(Catalog, Surroundings)> {
    let names = "SELECT c.relname::text FROM pg_catalog.pg_class c WHERE c.relnamespace = 'public'::regnamespace";
    let names: Vec<String> = tx.query(names, &[]).await?.iter().map(|row| row.get(0)).collect();
    let catalog = catalog::read::catalog(tx, &names).await?;
    let row = tx.query_one(include_str!("surroundings.sql"), &[]).await?;
    Ok((catalog, serde_json::from_value(row.get(0))?))
}
