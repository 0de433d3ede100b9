use serde_json::json;

use super::world::{Session, World, id};

async fn refreshed(world: &World, token: &str) -> Session {
    let answer = world.refresh(token).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    Session(answer.json())
}

/// As if it had been refreshed so long ago.
async fn age(world: &World, seconds: i32) {
    world
        .sql(&format!("UPDATE tenantry.sessions SET refreshed_at = refreshed_at - interval '{seconds} seconds'"))
        .await;
}

#[tokio::test]
async fn a_session_goes_on_and_stays_the_same() {
    let world = World::new().await;
    let first = world.sign_in("manager").await;
    let second = refreshed(&world, first.refresh()).await;
    let third = refreshed(&world, second.refresh()).await;
    assert_ne!(first.refresh(), second.refresh());
    assert_ne!(second.refresh(), third.refresh());
    assert_eq!(first.claims()["session_id"], third.claims()["session_id"]);
    assert_eq!(world.user(third.access()).await.status, 200);
    assert_eq!(third.0["user"]["id"], json!(id("manager")));
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_get_the_same_answer() {
    let world = World::new().await;
    let session = world.sign_in("manager").await;
    let answers = futures_util::future::join_all((0..5).map(|_| world.refresh(session.refresh()))).await;
    let tokens: Vec<_> = answers.iter().map(|answer| answer.json()["refresh_token"].clone()).collect();
    assert!(tokens.iter().all(|token| *token == tokens[0] && token.is_string()), "{tokens:?}");
    age(&world, 9).await;
    assert_eq!(world.refresh(session.refresh()).await.json()["refresh_token"], tokens[0]);
    assert_eq!(world.text("SELECT generation::text FROM tenantry.sessions").await, "1");
}

#[tokio::test]
async fn a_token_that_is_used_again_later_ends_the_session() {
    let world = World::new().await;
    let other = world.sign_in("manager").await;
    let stolen = world.sign_in("manager").await;
    let honest = refreshed(&world, stolen.refresh()).await;
    age(&world, 11).await;
    let reused = world.refresh(stolen.refresh()).await;
    assert_eq!((reused.status.as_u16(), &reused.json()["error_code"]), (400, &json!("refresh_token_already_used")));
    // Nobody knows which of the two is the thief.
    assert_eq!(world.refresh(honest.refresh()).await.json()["error_code"], "refresh_token_not_found");
    assert_eq!(world.user(honest.access()).await.json()["error_code"], "session_not_found");
    assert_eq!(world.user(other.access()).await.status, 200, "another session of the same person");
    let logged = "SELECT user_id::text FROM public.audit_log WHERE action = 'refresh_token_reuse'";
    assert_eq!(world.text(logged).await, id("manager").to_string());
}

#[tokio::test]
async fn a_token_two_before_the_newest_ends_the_session_at_once() {
    let world = World::new().await;
    let first = world.sign_in("manager").await;
    let second = refreshed(&world, first.refresh()).await;
    let third = refreshed(&world, second.refresh()).await;
    assert_eq!(world.refresh(first.refresh()).await.json()["error_code"], "refresh_token_already_used");
    assert_eq!(world.user(third.access()).await.status, 403);
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused_and_ends_nothing() {
    let world = World::new().await;
    let session = world.sign_in("manager").await;
    let mut changed = session.refresh().to_owned();
    let last = changed.pop().unwrap();
    changed.push(if last == 'A' { 'Q' } else { 'A' });
    let session_id = session.claims()["session_id"].as_str().unwrap().to_owned();
    for token in ["", "x", session.access(), &session_id, &changed, &world.key, "tnt_rft_AAAA"] {
        let answer = world.refresh(token).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error_code"]),
            (400, &json!("refresh_token_not_found")),
            "{token}"
        );
    }
    assert_eq!(world.refresh(session.refresh()).await.status, 200);
}

#[tokio::test]
async fn a_session_that_is_over_or_whose_person_is_disabled_is_not_continued() {
    let world = World::new().await;
    let sessions = [world.sign_in("manager").await, world.sign_in("staff").await, world.sign_in("admin").await];
    world
        .sql(&format!(
            "UPDATE tenantry.sessions SET ended_at = now() WHERE user_id = '{}';
             UPDATE tenantry.sessions SET started_at = now() - interval '9 days', expires_at = now() WHERE user_id = '{}';
             UPDATE tenantry.people SET disabled_at = now() WHERE user_id = '{}'",
            id("manager"),
            id("staff"),
            id("admin")
        ))
        .await;
    let mut codes = Vec::new();
    for session in &sessions {
        codes.push(world.refresh(session.refresh()).await.json()["error_code"].as_str().unwrap().to_owned());
    }
    assert_eq!(codes, ["refresh_token_not_found", "refresh_token_not_found", "user_banned"]);
}

#[tokio::test]
async fn a_changed_role_is_in_the_next_access_token() {
    let world = World::new().await;
    let session = world.sign_in("manager").await;
    world.sql(&format!("UPDATE tenantry.people SET role = 'staff' WHERE user_id = '{}'", id("manager"))).await;
    assert_eq!(world.user(session.access()).await.status, 401);
    let next = refreshed(&world, session.refresh()).await;
    assert_eq!(next.claims()["app_metadata"]["role"], "staff");
    assert_eq!(world.user(next.access()).await.status, 200);
}
