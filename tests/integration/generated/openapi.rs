//! `openapi.json`: what `/openapi.json` answers on a fresh database.

use tenantry::http::openapi;
use tenantry::tables::catalog::read;

use crate::support::{Database, assert_current};

#[tokio::test]
async fn openapi_json_is_what_the_catalog_says() {
    let database = Database::migrated().await;
    let catalog = read::by_operator(&mut database.connect().await, &[]).await.expect("the catalog");
    let document = serde_json::to_string_pretty(&openapi::document(&catalog)).expect("JSON");
    assert_current("openapi.json", &format!("{document}\n"));
}
