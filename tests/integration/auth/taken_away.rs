//! What is taken away counts from the next request, on every server.

use hyper::Method;
use serde_json::json;

use super::world::{World, email, id};
use crate::support::program::tenantry;

#[tokio::test]
async fn each_way_of_taking_away_counts_at_once() {
    let world = World::new().await;
    let url = world.server.database.url();
    for (role, command) in [
        ("manager", vec!["user", "disable", "manager@agency.example"]),
        ("staff", vec!["user", "role", "staff@agency.example", "admin"]),
        ("admin", vec!["user", "password", "admin@agency.example"]),
    ] {
        let session = world.sign_in(role).await;
        assert_eq!(world.user(session.access()).await.status, 200, "{role}");
        let done = tenantry(&[&["--database-url", &url], command.as_slice()].concat());
        assert_eq!(done.code, Some(0), "{}", done.err);
        let answer = world.user(session.access()).await;
        assert!([401, 403].contains(&answer.status.as_u16()), "{command:?}: {}", answer.text());
        assert!(!answer.text().contains(&email(role)));
    }
}

#[tokio::test]
async fn signing_out_ends_what_it_names_on_every_server() {
    let world = World::new().await;
    let other_server = world.server.beside().await;
    let alive = async |token: &str| {
        let bearer = format!("Bearer {token}");
        let call = other_server.call(Method::GET, "/auth/v1/user").header("authorization", &bearer);
        call.send().await.status == 200
    };
    let sign_out = async |token: &str, query: &str| {
        world.with_bearer(Method::POST, &format!("/auth/v1/logout{query}"), token).send().await
    };
    let [a, b, c] = [world.sign_in("manager").await, world.sign_in("manager").await, world.sign_in("manager").await];
    let staff = world.sign_in("staff").await;
    for session in [&a, &b, &c, &staff] {
        assert!(alive(session.access()).await);
    }
    let done = sign_out(a.access(), "?scope=local").await;
    assert_eq!((done.status.as_u16(), done.text()), (204, ""));
    assert!(!alive(a.access()).await && alive(b.access()).await && alive(c.access()).await);
    assert_eq!(sign_out(b.access(), "?scope=others").await.status, 204);
    assert!(alive(b.access()).await && !alive(c.access()).await);
    let d = world.sign_in("manager").await;
    assert_eq!(sign_out(b.access(), "").await.status, 204, "global unless said");
    assert!(!alive(b.access()).await && !alive(d.access()).await);
    assert!(alive(staff.access()).await, "somebody else's");
    assert_eq!(sign_out(b.access(), "").await.json()["error_code"], "session_not_found");
    for query in ["?scope=all", "?scope=local&scope=global", "?who=me"] {
        assert_eq!(sign_out(staff.access(), query).await.status, 400, "{query}");
    }
    assert_eq!(world.refresh(d.refresh()).await.status, 400);
}

#[tokio::test]
async fn a_revoked_key_shuts_an_app_out_signed_in_or_not() {
    let world = World::new().await;
    let session = world.sign_in("manager").await;
    assert_eq!(world.user(session.access()).await.status, 200);
    let revoked = tenantry(&["--database-url", &world.server.database.url(), "token", "revoke", &world.key]);
    assert_eq!(revoked.code, Some(0), "{}", revoked.err);
    assert!(!revoked.out.contains(&world.key));
    assert_eq!(world.user(session.access()).await.status, 401);
    assert_eq!(world.try_sign_in(&email("manager"), "x").await.status, 401);
    let other = world.token(&["publishable", "--name", "another app"]);
    let bearer = format!("Bearer {}", session.access());
    let call = world.server.call(Method::GET, "/auth/v1/user").header("authorization", &bearer);
    assert_eq!(call.header("apikey", &other).send().await.status, 200);
}

#[tokio::test]
async fn an_ended_session_is_not_remembered() {
    let world = World::new().await;
    let session = world.sign_in("manager").await;
    for _ in 0..3 {
        assert_eq!(world.user(session.access()).await.status, 200);
    }
    world.sql(&format!("UPDATE tenantry.sessions SET ended_at = now() WHERE user_id = '{}'", id("manager"))).await;
    let answer = world.user(session.access()).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["error_code"]), (403, &json!("session_not_found")));
}
