//! `types/database.ts`: what `tenantry types` prints for a fresh database. `tests/contract/` compares it with
//! `@supabase/postgres-meta` and has it checked by TypeScript.

use crate::support::{Database, assert_current, tenantry};

#[tokio::test]
async fn database_ts_is_what_the_catalog_says() {
    let database = Database::migrated().await;
    let printed = tenantry(&["types", "--database-url", &database.url()]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert_current("types/database.ts", &printed.out);
}
