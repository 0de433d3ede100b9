//! Whoever has a document already isn't sent it again.

use hyper::Method;
use serde_json::json;

use super::agency::{Agency, BOSS};

#[tokio::test]
async fn a_document_that_is_held_already_is_not_sent_again() {
    let agency = Agency::new().await;
    let client = agency.client("lumenyoga").await;
    let path = format!("clients/{client}/configuration");
    let asked = async |who: &str, held: &str| {
        agency.call(who, Method::GET, &path).await.header("if-none-match", held).send().await
    };
    let first = agency.get(BOSS, &path).await;
    let etag = first.headers["etag"].to_str().expect("a validator").to_owned();
    assert_eq!(first.headers["cache-control"], "private, no-cache");
    let again = asked(BOSS, &etag).await;
    assert_eq!(
        (again.status.as_u16(), again.text(), again.headers["etag"].to_str().unwrap()),
        (304, "", etag.as_str())
    );
    // Others' writes move the revision and not the document.
    let other = agency.new_client("other").await;
    agency.sql(&format!("INSERT INTO system_configurations (configuration_key, configuration_value, client_id) VALUES ('a', '1', '{other}')")).await;
    assert_eq!(asked(BOSS, &etag).await.status.as_u16(), 304);
    agency.sql(&format!("UPDATE system_configurations SET configuration_value = '\"x\"' WHERE configuration_key = 'branding.tagline' AND client_id = '{client}'")).await;
    let changed = asked(BOSS, &etag).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["document"]["branding"]["tagline"]), (200, &json!("x")));
    assert_ne!(changed.headers["etag"].to_str().unwrap(), etag);
}
