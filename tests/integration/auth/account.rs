use hyper::Method;
use serde_json::{Value, json};

use super::world::{PASSWORD, Session, World, email, id};
use crate::support::server::Answer;

async fn update(world: &World, session: &Session, changes: &Value) -> Answer {
    world.with_bearer(Method::PUT, "/auth/v1/user", session.access()).json(changes).send().await
}

async fn make_old(world: &World) {
    world.sql("UPDATE tenantry.sessions SET started_at = now() - interval '11 minutes'").await;
}

#[tokio::test]
async fn data_is_merged_and_never_the_role() {
    let world = World::new().await;
    let session = world.sign_in("staff").await;
    let data = json!({ "data": { "name": "Ben", "role": "admin", "app_metadata": { "role": "admin" } } });
    let updated = update(&world, &session, &data).await;
    assert_eq!(updated.status, 200, "{}", updated.text());
    let user = updated.json();
    let said = json!({ "role": "admin", "name": "Ben", "app_metadata": { "role": "admin" } });
    assert_eq!((&user["user_metadata"], &user["app_metadata"]["role"]), (&said, &json!("staff")));
    let user = update(&world, &session, &json!({ "data": { "name": null } })).await.json();
    assert_eq!(user["user_metadata"], json!({ "role": "admin", "app_metadata": { "role": "admin" } }));
    assert_eq!(world.user(session.access()).await.json()["user_metadata"], user["user_metadata"]);
    assert_eq!(
        world.text(&format!("SELECT role::text FROM tenantry.people WHERE user_id = '{}'", id("staff"))).await,
        "staff"
    );
    let kept = format!("SELECT raw_user_meta_data::text FROM auth.users WHERE id = '{}'", id("staff"));
    assert_eq!(world.text(&kept).await, r#"{"role": "super_admin"}"#, "auth.users is only read");
    let next = Session(world.refresh(session.refresh()).await.json());
    assert_eq!(next.claims()["app_metadata"]["role"], "staff");
}

#[tokio::test]
async fn a_young_session_or_the_current_password_changes_the_password() {
    let world = World::new().await;
    let (session, other) = (world.sign_in("staff").await, world.sign_in("staff").await);
    assert_eq!(update(&world, &session, &json!({ "password": "another password" })).await.status, 200);
    assert_eq!(world.user(session.access()).await.status, 200, "this one goes on");
    assert_eq!(world.user(other.access()).await.status, 403, "the others end");
    assert_eq!(world.try_sign_in(&email("staff"), PASSWORD).await.status, 400);
    make_old(&world).await;
    let refused = update(&world, &session, &json!({ "password": "a third password" })).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["error_code"]), (400, &json!("reauthentication_needed")));
    let wrong = json!({ "password": "a third password", "current_password": PASSWORD });
    assert_eq!(update(&world, &session, &wrong).await.json()["error_code"], "invalid_credentials");
    let same = json!({ "password": "another password", "current_password": "another password" });
    assert_eq!(update(&world, &session, &same).await.json()["error_code"], "same_password");
    let right = json!({ "password": "a third password", "current_password": "another password" });
    assert_eq!(update(&world, &session, &right).await.status, 200);
    assert_eq!(world.try_sign_in(&email("staff"), "a third password").await.status, 200);
    let hash = format!("SELECT password_hash FROM tenantry.passwords WHERE user_id = '{}'", id("staff"));
    assert!(world.text(&hash).await.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
}

#[tokio::test]
async fn the_current_password_cannot_be_guessed_there() {
    let world = World::new().await;
    let session = world.sign_in("staff").await;
    make_old(&world).await;
    let guess = json!({ "password": "another password", "current_password": "incorrect horse" });
    assert_eq!(update(&world, &session, &guess).await.status, 400);
    world.sql("UPDATE tenantry.sign_in_delays SET failures = 14 WHERE failures = 1").await;
    assert_eq!(update(&world, &session, &guess).await.status, 400);
    let right = json!({ "password": "another password", "current_password": PASSWORD });
    assert_eq!(update(&world, &session, &right).await.status, 429);
}

#[tokio::test]
async fn what_is_not_theirs_to_change_is_refused() {
    let world = World::new().await;
    let session = world.sign_in("staff").await;
    for (changes, status, code) in [
        (json!({}), 400, "validation_failed"),
        (json!({ "role": "admin" }), 400, "validation_failed"),
        (json!({ "app_metadata": { "role": "admin" } }), 400, "validation_failed"),
        (json!({ "id": id("admin") }), 400, "validation_failed"),
        (json!({ "data": [] }), 400, "validation_failed"),
        (json!({ "data": { "big": "x".repeat(20_000) } }), 400, "validation_failed"),
        (json!({ "data": { "nul": "\0" } }), 400, "validation_failed"),
        (json!({ "email": "new@agency.example" }), 422, "feature_disabled"),
        (json!({ "phone": "1" }), 422, "feature_disabled"),
        (json!({ "password": "short" }), 422, "weak_password"),
        (json!({ "password": "x".repeat(1_001) }), 422, "weak_password"),
        (json!({ "password": "long enough", "nonce": "123456" }), 422, "feature_disabled"),
    ] {
        let answer = update(&world, &session, &changes).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["error_code"]), (status, &json!(code)), "{}", answer.text());
    }
    let weak = update(&world, &session, &json!({ "password": "short" })).await;
    assert_eq!(weak.json()["weak_password"]["reasons"], json!(["length"]));
    let unchanged = world.user(session.access()).await.json();
    assert_eq!((&unchanged["app_metadata"]["role"], &unchanged["email"]), (&json!("staff"), &json!(email("staff"))));
}
