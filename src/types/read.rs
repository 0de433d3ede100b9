use tokio_postgres::GenericClient;

use super::Surroundings;
use crate::Result;
use crate::tables::catalog::{self, Catalog};

/// Reads all of `public`, in a transaction whose role may read `tenantry.tables`, under an empty `search_path`.
pub async fn public<C: GenericClient>(client: &C) -> Result<(Catalog, Surroundings)> {
    let names = "SELECT c.relname::text FROM pg_catalog.pg_class c WHERE c.relnamespace = 'public'::regnamespace";
    let names: Vec<String> = client.query(names, &[]).await?.iter().map(|row| row.get(0)).collect();
    let catalog = catalog::read::catalog(client, &names).await?;
    let row = client.query_one(include_str!("surroundings.sql"), &[]).await?;
    Ok((catalog, serde_json::from_value(row.get(0))?))
}
