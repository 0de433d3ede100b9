use tokio_postgres::Client;

use super::model::Model;
use crate::Result;
use crate::db::catalog::Table;

/// Names that the schema needs in `public` and that something else of the site's has, in sentences.
pub(super) async fn taken(client: &Client, model: &Model) -> Result<Vec<String>> {
    let indexes: Vec<(&str, &str)> = model
        .tables
        .values()
        .flat_map(|table| table.indexes.iter().map(|index| (index.name.as_str(), table.name.as_str())))
        .collect();
    let names: Vec<&str> = indexes.iter().map(|(name, _)| *name).collect();
    let tables: Vec<&str> = indexes.iter().map(|(_, table)| *table).collect();
    let rows = client
        .query(
            "SELECT format('public.%I, the name of an index of Tenantry''s on %I, is taken by %s', w.name, w.owner,
                           pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, c.oid, 0)
                           || coalesce(' on ' || x.indrelid::pg_catalog.regclass, ''))
               FROM unnest($1::text[], $2::text[]) AS w (name, owner)
               JOIN pg_catalog.pg_class c ON c.relname = w.name AND c.relnamespace = 'public'::pg_catalog.regnamespace
               LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid
               LEFT JOIN pg_catalog.pg_class t ON t.oid = x.indrelid AND t.relnamespace = c.relnamespace
              WHERE t.relname IS DISTINCT FROM w.owner
              ORDER BY 1",
            &[&names, &tables],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Tables that the migrator may not change, in sentences.
pub(super) async fn not_owned(client: &Client, tables: &[Table]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for table in tables {
        let row =
            client.query_one("SELECT pg_catalog.pg_has_role($1, 'USAGE'), current_user::text", &[&table.owner]).await?;
        let (may, migrator): (bool, String) = (row.get(0), row.get(1));
        if !may {
            found.push(format!(
                "public.{} belongs to {}, which {migrator} is no member of: connect as its owner or as a superuser",
                table.name, table.owner
            ));
        }
    }
    Ok(found)
}
