//! What a cookie is worth, and for how long.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::Method;
use serde_json::json;

use super::world::World;
use crate::auth::world::{PASSWORD, email, id};
use crate::support::Browser;
use crate::support::browser::SESSION;

/// Whether a browser is let in.
async fn is_in(browser: &Browser) -> bool {
    let answer = browser.get("/people/me").await;
    assert!([200, 303].contains(&answer.status.as_u16()), "{}", answer.text());
    answer.status == 200
}

#[tokio::test]
async fn the_cookie_is_for_this_host_alone_and_stands_nowhere_in_the_database() {
    let world = World::new().await;
    let browser = world.browser();
    let fields = [("email", "staff@agency.example"), ("password", PASSWORD), ("next", "/people/me")];
    let answer = browser.post("/sign-in", &fields).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some("/people/me")));
    let line = answer.header("set-cookie").expect("a cookie");
    for attribute in ["__Host-session=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
        assert!(line.contains(attribute), "{line}");
    }
    assert!(!line.contains("Domain"));
    let cookie = browser.cookie(SESSION).expect("it was kept");
    assert_eq!(URL_SAFE_NO_PAD.decode(&cookie).expect("base64").len(), 32, "256 bits");
    let kept = world
        .text(
            "SELECT string_agg(said, ' ') FROM (SELECT to_jsonb(s)::text AS said FROM tenantry.sessions s
              UNION ALL SELECT to_jsonb(l)::text FROM audit_log l) a",
        )
        .await;
    assert!(!kept.contains(&cookie));
    let hash = world
        .text(
            "SELECT encode(sha256(decode(translate($c$COOKIE$c$, '-_', '+/') || '=', 'base64')), 'hex')"
                .replace("COOKIE", &cookie)
                .as_str(),
        )
        .await;
    assert_eq!(world.text("SELECT encode(secret_hash, 'hex') FROM tenantry.sessions").await, hash);
    let page = browser.get("/people/me").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(!page.text().contains(&cookie), "no page shows it");
}

#[tokio::test]
async fn a_session_ends_an_hour_after_its_last_request_and_is_written_once_a_minute() {
    let world = World::new().await;
    let browser = world.signed_in("staff").await;
    let moment = "SELECT refreshed_at::text FROM tenantry.sessions";
    let begun = world.text(moment).await;
    assert!(is_in(&browser).await);
    assert_eq!(world.text(moment).await, begun, "within the minute nothing is written");
    world.sql("UPDATE tenantry.sessions SET refreshed_at = now() - interval '2 minutes', expires_at = now() + interval '58 minutes'").await;
    assert!(is_in(&browser).await);
    let goes_on =
        "SELECT (expires_at > now() + interval '59 minutes' AND refreshed_at > now() - interval '30 seconds')::text
                     FROM tenantry.sessions";
    assert_eq!(world.text(goes_on).await, "true");
    world.sql("UPDATE tenantry.sessions SET started_at = now() - interval '2 hours', refreshed_at = now() - interval '61 minutes', expires_at = now() - interval '1 minute'").await;
    assert!(!is_in(&browser).await);
    assert!(!is_in(&browser).await, "it doesn't come back");
}

#[tokio::test]
async fn a_session_ends_twelve_hours_after_sign_in_whatever_happens() {
    let world = World::new().await;
    let browser = world.signed_in("staff").await;
    world
        .sql(
            "UPDATE tenantry.sessions SET started_at = now() - interval '11 hours 59 minutes',
                    refreshed_at = now() - interval '2 minutes', expires_at = now() + interval '58 minutes'",
        )
        .await;
    assert!(is_in(&browser).await);
    assert_eq!(
        world.text("SELECT (expires_at = started_at + interval '12 hours')::text FROM tenantry.sessions").await,
        "true"
    );
}

#[tokio::test]
async fn what_is_taken_away_counts_from_the_next_request() {
    let world = World::new().await;
    let other_server = world.server.beside().await;
    let (staff, manager, admin) =
        (world.signed_in("staff").await, world.signed_in("manager").await, world.signed_in("admin").await);
    assert_eq!(admin.get("/people").await.status, 200);
    world
        .sql(&format!(
            "UPDATE tenantry.people SET disabled_at = now() WHERE user_id = '{}';
             UPDATE tenantry.sessions SET ended_at = now() WHERE user_id = '{}';
             UPDATE tenantry.people SET role = 'staff' WHERE user_id = '{}'",
            id("staff"),
            id("manager"),
            id("admin")
        ))
        .await;
    assert!(!is_in(&staff).await && !is_in(&manager).await);
    assert_eq!(admin.get("/people").await.status, 403, "as what they are now");
    let elsewhere = Browser::new(&other_server);
    elsewhere.set_cookie(SESSION, &manager.cookie(SESSION).expect("kept"));
    assert!(!is_in(&elsewhere).await);
}

#[tokio::test]
async fn a_cookie_that_somebody_else_chose_is_never_a_session() {
    let world = World::new().await;
    let attacker = URL_SAFE_NO_PAD.encode([7; 32]);
    let victim = world.browser();
    victim.set_cookie(SESSION, &attacker);
    let fields = [("email", "staff@agency.example"), ("password", PASSWORD), ("next", "/")];
    assert_eq!(victim.post("/sign-in", &fields).await.status, 303);
    assert_ne!(victim.cookie(SESSION).expect("a session"), attacker);
    let thief = world.browser();
    thief.set_cookie(SESSION, &attacker);
    assert!(!is_in(&thief).await);

    // Somebody signs in over a session that is open: that one is over.
    let former = victim.cookie(SESSION).expect("a session");
    let fields = [("email", "manager@agency.example"), ("password", PASSWORD), ("next", "/")];
    assert_eq!(victim.post("/sign-in", &fields).await.status, 303);
    thief.set_cookie(SESSION, &former);
    assert!(!is_in(&thief).await);
    assert!(is_in(&victim).await);
}

#[tokio::test]
async fn a_stolen_cookie_is_worth_nothing_after_sign_out() {
    let world = World::new().await;
    let browser = world.signed_in("staff").await;
    let thief = world.browser();
    thief.set_cookie(SESSION, &browser.cookie(SESSION).expect("a session"));
    assert!(is_in(&thief).await, "until then it is");
    let answer = browser.post("/sign-out", &[]).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some("/sign-in")));
    assert!(browser.cookie(SESSION).is_none(), "it is taken away");
    assert!(!is_in(&thief).await);
    assert_eq!(browser.post("/sign-out", &[]).await.status, 303, "twice is no error");
}

#[tokio::test]
async fn one_entrances_session_opens_no_other() {
    let world = World::new().await;
    let browser = world.signed_in("manager").await;
    let cookie = browser.cookie(SESSION).expect("a session");
    let grant = json!({ "email": email("manager"), "password": PASSWORD });
    let signed_in = world.server.call(Method::POST, "/auth/v1/token?grant_type=password").json(&grant).send().await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.text());
    let tokens = signed_in.json();
    let session = world.text("SELECT id::text FROM tenantry.sessions WHERE kind = 'console'").await;

    // What an app has is no cookie.
    for token in ["refresh_token", "access_token"] {
        let thief = world.browser();
        thief.set_cookie(SESSION, tokens[token].as_str().expect("a token"));
        assert!(!is_in(&thief).await, "{token}");
    }
    // Nor is the id of a session, or a hash of one.
    let hash = world.text("SELECT translate(encode(secret_hash, 'base64'), '+/=', '-_') FROM tenantry.sessions WHERE kind = 'console'").await;
    let api = world
        .text("SELECT translate(encode(secret_hash, 'base64'), '+/=', '-_') FROM tenantry.sessions WHERE kind = 'api'")
        .await;
    for forged in
        [session.as_str(), &hash, &api, "", "null", &cookie[..42], &format!("{cookie}A"), &cookie.to_uppercase()]
    {
        let thief = world.browser();
        thief.set_cookie(SESSION, forged);
        assert!(!is_in(&thief).await, "{forged}");
    }
    // What a browser has is no token.
    for entrance in ["/rest/v1/clients_enhanced", "/auth/v1/user", "/api/v1/changes", "/config/v1"] {
        let call = world.server.call(Method::GET, entrance).header("authorization", &format!("Bearer {cookie}"));
        assert_eq!(call.send().await.status, 401, "{entrance}");
        let call = world.server.call(Method::GET, entrance).header("cookie", &format!("{SESSION}={cookie}"));
        assert_eq!(call.send().await.status, 401, "{entrance}");
    }
    for forged in [cookie.clone(), format!("tnt_rft_{cookie}")] {
        let refresh = json!({ "refresh_token": forged });
        let call = world.server.call(Method::POST, "/auth/v1/token?grant_type=refresh_token").json(&refresh);
        assert_eq!(call.send().await.status, 400);
    }
    assert!(is_in(&browser).await);
}

#[tokio::test]
async fn two_cookies_of_the_name_are_none() {
    let world = World::new().await;
    let browser = world.signed_in("staff").await;
    let cookie = browser.cookie(SESSION).expect("a session");
    let line = format!("{SESSION}={cookie}; {SESSION}={cookie}");
    let answer = world.server.call(Method::GET, "/people/me").header("cookie", &line).send().await;
    assert_eq!(answer.status, 303);
}
