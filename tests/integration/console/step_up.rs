//! Giving the password again before what matters most.

use super::world::{World, hidden};
use crate::auth::world::{PASSWORD, id};
use crate::support::browser::SESSION;

#[tokio::test]
async fn a_page_waits_until_the_password_was_given_again() {
    let world = World::new().await;
    let browser = world.signed_in("super_admin").await;
    let answer = browser.get("/people/new").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some("/step-up?next=/people/new")));
    assert!(browser.get("/step-up?next=/people/new").await.text().contains("Your password again"));
    let wrong = browser.post("/step-up", &[("password", "wrong"), ("next", "/people/new")]).await;
    assert_eq!(wrong.status, 400, "{}", wrong.text());
    assert_eq!(browser.get("/people/new").await.status, 303);

    let former = browser.cookie(SESSION).expect("a session");
    let right = browser.post("/step-up", &[("password", PASSWORD), ("next", "/people/new")]).await;
    assert_eq!((right.status.as_u16(), right.header("location")), (303, Some("/people/new")));
    assert_ne!(browser.cookie(SESSION), Some(former.clone()), "another cookie");
    let thief = world.browser();
    thief.set_cookie(SESSION, &former);
    assert_eq!(thief.get("/people/me").await.status, 303, "the one before is worth nothing");
    assert_eq!(browser.get("/people/new").await.status, 200);

    world.sql("UPDATE tenantry.sessions SET stepped_up_at = now() - interval '10 minutes 1 second'").await;
    assert_eq!(browser.get("/people/new").await.status, 303, "it counts for ten minutes");
}

#[tokio::test]
async fn another_browser_of_the_same_person_gives_it_for_itself() {
    let world = World::new().await;
    let (one, other) = (world.stepped_up("super_admin").await, world.signed_in("super_admin").await);
    assert_eq!(one.get("/people/new").await.status, 200);
    assert_eq!(other.get("/people/new").await.status, 303);
}

#[tokio::test]
async fn a_form_waits_with_what_was_filled_in() {
    let world = World::new().await;
    let browser = world.signed_in("super_admin").await;
    let fields = [("email", "new@agency.example"), ("name", "Nora <New>"), ("role", "staff")];
    let waits = browser.post("/people", &fields).await;
    assert!(
        waits.text().contains("Your password again") && waits.text().contains("is kept on this page"),
        "{}",
        waits.text()
    );
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.people").await, "5", "nothing was done");
    let carried = hidden(waits.text(), "carried");
    let wrong = browser.post("/step-up", &[("password", "wrong"), ("next", "/people"), ("carried", &carried)]).await;
    let carried = hidden(wrong.text(), "carried");
    let resumed = browser.post("/step-up", &[("password", PASSWORD), ("next", "/people"), ("carried", &carried)]).await;
    assert!(
        resumed.text().contains("Nora &lt;New&gt;") && resumed.text().contains("action=\"/people\""),
        "{}",
        resumed.text()
    );
    let fields = ["email", "name", "role"].map(|name| (name, hidden(resumed.text(), name)));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let made = browser.post("/people", &fields).await;
    assert_eq!(made.status, 200, "{}", made.text());
    assert!(made.text().contains("/choose-password?link="));
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.people").await, "6");
}

#[tokio::test]
async fn guesses_count_like_sign_ins_and_are_written_down() {
    let world = World::new().await;
    let browser = world.signed_in("super_admin").await;
    for _ in 0..6 {
        assert_eq!(browser.post("/step-up", &[("password", "wrong"), ("next", "/")]).await.status, 400);
    }
    world.sql("UPDATE tenantry.sign_in_delays SET blocked_until = now() + interval '1 hour' WHERE failures > 5").await;
    assert_eq!(browser.post("/step-up", &[("password", PASSWORD), ("next", "/")]).await.status, 429);
    let failed = format!(
        "SELECT count(*)::text FROM audit_log WHERE action = 'password_again' AND details ->> 'outcome' = 'failed' AND user_id = '{}'",
        id("super_admin")
    );
    assert_eq!(world.text(&failed).await, "6");
}

#[tokio::test]
async fn whoever_may_not_is_refused_before_any_password() {
    let world = World::new().await;
    for role in ["client", "staff", "manager", "admin"] {
        let browser = world.signed_in(role).await;
        assert_eq!(browser.get("/people/new").await.status, 403, "{role}");
        let fields = [("email", "new@agency.example"), ("name", ""), ("role", "super_admin")];
        assert_eq!(browser.post("/people", &fields).await.status, 403, "{role}");
    }
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.people").await, "5");
}
