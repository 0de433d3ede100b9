use serde_json::json;

use super::world::{Session, World};
use crate::support::program::tenantry;

/// Rotates the world's keys from the command line.
fn rotate(world: &World) -> serde_json::Value {
    let data_dir = world.server.data_dir.0.to_str().expect("UTF-8").to_owned();
    let done = tenantry(&["--format", "json", "--data-dir", &data_dir, "auth", "rotate-keys"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    serde_json::from_str(&done.out).expect("JSON")
}

async fn published(world: &World) -> Vec<String> {
    let set = world.server.get("/auth/v1/.well-known/jwks.json").await.json();
    let keys = set["keys"].as_array().expect("keys").iter();
    keys.map(|key| key["kid"].as_str().expect("a kid").to_owned()).collect()
}

fn kid(session: &Session) -> Option<String> {
    jsonwebtoken::decode_header(session.access()).expect("a JWT").kid
}

#[tokio::test]
async fn a_new_key_signs_and_the_one_before_is_believed_until_the_next() {
    let world = World::new().await;
    let before = world.sign_in("manager").await;
    let rotated = rotate(&world);
    assert_eq!(
        published(&world).await.as_slice(),
        [rotated["signs"].as_str().unwrap(), rotated["still_believed"][0].as_str().unwrap()]
    );
    assert_eq!(world.user(before.access()).await.status, 200);
    let after = Session(world.refresh(before.refresh()).await.json());
    assert_eq!(kid(&after).as_deref(), rotated["signs"].as_str());
    // Another tab had the same refresh token.
    assert_eq!(world.refresh(before.refresh()).await.json()["refresh_token"], after.0["refresh_token"]);

    rotate(&world);
    assert!(!published(&world).await.contains(&kid(&before).unwrap()));
    assert_eq!(world.user(before.access()).await.json()["error_code"], "bad_jwt");
    assert_eq!(world.user(after.access()).await.status, 200);
    let idle = world.refresh(before.refresh()).await;
    assert_eq!(idle.json()["error_code"], "refresh_token_not_found", "its key isn't live any more");
}

#[tokio::test]
async fn servers_beside_each_other_believe_each_others_tokens() {
    let world = World::new().await;
    let beside = World { server: world.server.beside().await, key: world.key.clone() };
    let here = world.sign_in("manager").await;
    assert_eq!(beside.user(here.access()).await.status, 200);
    rotate(&world);
    let there = beside.refresh(here.refresh()).await;
    assert_eq!(there.status, 200, "{}", there.text());
    let there = Session(there.json());
    assert_eq!(world.user(there.access()).await.status, 200, "a kid that was new to it");
    assert_eq!(published(&world).await, published(&beside).await);
}

#[tokio::test]
async fn the_key_set_is_what_libraries_check_tokens_with() {
    let world = World::new().await;
    let session = world.sign_in("manager").await;
    let set = world.server.get("/auth/v1/.well-known/jwks.json").await;
    assert_eq!(set.header("cache-control"), Some("public, max-age=60"));
    let set: jsonwebtoken::jwk::JwkSet = serde_json::from_slice(&set.body).expect("a key set");
    let key = jsonwebtoken::DecodingKey::from_jwk(set.find(&kid(&session).unwrap()).expect("its key")).expect("a key");
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::ES256);
    validation.set_audience(&["authenticated"]);
    let checked = jsonwebtoken::decode::<serde_json::Value>(session.access(), &key, &validation).expect("it is right");
    assert_eq!(checked.claims["app_metadata"]["role"], json!("manager"));
}
