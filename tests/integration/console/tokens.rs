//! Tokens made, shown once and revoked in the console.

use hyper::Method;

use super::world::{CLIENT, World};
use crate::auth::world::{PASSWORD, email};

/// The token that a page shows.
fn shown(page: &str, prefix: &str) -> String {
    let (_, rest) = page.split_once(&format!("value=\"{prefix}")).unwrap_or_else(|| panic!("no token in {page}"));
    format!("{prefix}{}", rest.split('"').next().expect("a value ends"))
}

#[tokio::test]
async fn a_token_is_shown_once_works_and_is_revoked() {
    let world = World::new().await;
    let browser = world.stepped_up("super_admin").await;
    let made = browser
        .post("/tokens", &[("kind", "service"), ("name", "nightly <import>"), ("write", "on"), ("days", "30")])
        .await;
    assert_eq!(made.status, 200, "{}", made.text());
    let token = shown(made.text(), "tnt_svc_");
    let calls = async || {
        let call = world.server.call(Method::GET, "/rest/v1/clients_enhanced?select=id");
        call.header("authorization", &format!("Bearer {token}")).send().await.status.as_u16()
    };
    assert_eq!(calls().await, 200);
    let scopes = "SELECT scopes::text || (expires_at > now() + interval '29 days') || (created_by IS NOT NULL) FROM tenantry.tokens";
    assert_eq!(world.text(scopes).await, "{read,write}truetrue");
    let list = browser.get("/tokens").await;
    assert!(list.text().contains("nightly &lt;import&gt;") && !list.text().contains(&token), "{}", list.text());
    let id = world.text("SELECT id::text FROM tenantry.tokens").await;
    assert_eq!(browser.post(&format!("/tokens/{id}/revoke"), &[]).await.status, 303);
    assert_eq!(calls().await, 401);
    assert!(browser.get("/tokens").await.text().contains("Revoked"));
    assert_eq!(browser.post(&format!("/tokens/{CLIENT}/revoke"), &[]).await.status, 404);
}

#[tokio::test]
async fn each_role_makes_the_tokens_that_the_database_lets_it() {
    let world = World::new().await;
    world.sql("INSERT INTO clients_enhanced (name, email) VALUES ('Elsewhere', 'elsewhere@client.example')").await;
    let runtime = |client: &'static str| {
        [
            ("kind", "runtime"),
            ("name", "their app"),
            ("client", client),
            ("environment", "production"),
            ("secrets", "on"),
        ]
    };
    let service = [("kind", "service"), ("name", "machine")];
    for (role, own, elsewhere, machine) in
        [("manager", 200, 422, 422), ("admin", 200, 200, 422), ("super_admin", 200, 200, 200)]
    {
        let browser = world.stepped_up(role).await;
        for (fields, expected) in
            [(runtime("Shop & Co").as_slice(), own), (&runtime("Elsewhere"), elsewhere), (&service, machine)]
        {
            let answer = browser.post("/tokens", fields).await;
            assert_eq!(answer.status, expected, "{role} {fields:?}: {}", answer.text());
        }
    }
    let personal = world.stepped_up("super_admin").await;
    for (user, expected) in [("staff@agency.example", 200), ("nobody@agency.example", 422), ("", 422)] {
        let answer = personal.post("/tokens", &[("kind", "personal"), ("name", "laptop"), ("user", user)]).await;
        assert_eq!(answer.status, expected, "{user}: {}", answer.text());
    }
}

#[tokio::test]
async fn what_a_token_lacks_stands_at_its_field_and_what_was_typed_stays() {
    let world = World::new().await;
    let browser = world.stepped_up("super_admin").await;
    for (fields, said) in [
        (
            [("kind", "runtime"), ("name", "a"), ("client", "nobody"), ("environment", "production"), ("days", "")],
            "no client",
        ),
        (
            [("kind", "runtime"), ("name", "a"), ("client", CLIENT), ("environment", "moon"), ("days", "")],
            "production, staging",
        ),
        ([("kind", "runtime"), ("name", ""), ("client", CLIENT), ("environment", "staging"), ("days", "")], "1 to 255"),
        (
            [("kind", "publishable"), ("name", "kept as typed"), ("client", ""), ("environment", ""), ("days", "soon")],
            "number of days",
        ),
    ] {
        let refused = browser.post("/tokens", &fields).await;
        assert_eq!(refused.status, 422, "{fields:?}");
        assert!(refused.text().contains(said), "{said}: {}", refused.text());
        assert!(refused.text().contains(&format!("value=\"{}\"", fields[1].1)) || fields[1].1.is_empty());
    }
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.tokens").await, "0");
}

#[tokio::test]
async fn a_token_needs_the_password_again() {
    let world = World::new().await;
    let browser = world.signed_in("super_admin").await;
    assert_eq!(browser.get("/tokens/new").await.header("location"), Some("/step-up?next=/tokens/new"));
    let waits = browser.post("/tokens", &[("kind", "publishable"), ("name", "app")]).await;
    assert!(waits.text().contains("Your password again"));
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.tokens").await, "0");
    assert!(!waits.text().contains(PASSWORD) && waits.text().contains(&email("super_admin")));
}
