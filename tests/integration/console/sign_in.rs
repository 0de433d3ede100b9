//! The page on which one signs in: the same answers and waits as `/auth/v1`, and no way out to other sites.

use super::world::World;
use crate::auth::world::{PASSWORD, email};
use crate::support::browser::SESSION;

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_there_and_back() {
    let world = World::new().await;
    let browser = world.browser();
    let answer = browser.get("/people/me?from=here").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, Some("/sign-in?next=/people/me%3Ffrom%3Dhere"))
    );
    let page = browser.get("/sign-in?next=/people/me%3Ffrom%3Dhere").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("name=\"next\" value=\"/people/me?from=here\""), "{}", page.text());
    let fields = [("email", "staff@agency.example"), ("password", PASSWORD), ("next", "/people/me?from=here")];
    let answer = browser.post("/sign-in", &fields).await;
    assert_eq!(answer.header("location"), Some("/people/me?from=here"));
    let again = browser.get("/sign-in?next=/people/me").await;
    assert_eq!((again.status.as_u16(), again.header("location")), (303, Some("/people/me")), "signed in already");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_page() {
    let world = World::new().await;
    let mut pages = Vec::new();
    for address in ["staff@agency.example", "nobody@agency.example"] {
        let browser = world.browser();
        let fields = [("email", address), ("password", "wrong <script>"), ("next", "/people/me")];
        let answer = browser.post("/sign-in", &fields).await;
        assert_eq!(answer.status, 400);
        assert!(browser.cookie(SESSION).is_none());
        assert!(
            !answer.text().contains("wrong &lt;script") && !answer.text().contains("wrong <script"),
            "no password is shown"
        );
        assert!(answer.text().contains(&format!("value=\"{address}\"")), "what was typed stays");
        pages.push(answer.text().replace(address, "ADDRESS"));
    }
    assert_eq!(pages[0], pages[1]);
    let audited = "SELECT count(*)::text FROM audit_log WHERE action = 'sign_in' AND details ->> 'outcome' = 'failed'";
    assert_eq!(world.text(audited).await, "2");
}

#[tokio::test]
async fn guesses_wait_as_they_do_for_apps() {
    let world = World::new().await;
    let browser = world.browser();
    let fields = |password| [("email", "staff@agency.example"), ("password", password), ("next", "/")];
    for _ in 0..6 {
        assert_eq!(browser.post("/sign-in", &fields("wrong")).await.status, 400);
    }
    // How long it is doesn't matter here, only that nobody waits it out.
    world.sql("UPDATE tenantry.sign_in_delays SET blocked_until = now() + interval '1 hour' WHERE failures > 5").await;
    let answer = browser.post("/sign-in", &fields(PASSWORD)).await;
    assert_eq!(answer.status, 429, "{}", answer.text());
    assert!(answer.text().contains("Too many failed attempts"));
}

#[tokio::test]
async fn a_disabled_person_is_told_so_by_the_right_password_alone() {
    let world = World::new().await;
    world.sql("UPDATE tenantry.people SET disabled_at = now() WHERE role = 'staff'").await;
    let sign_in = async |password| {
        world.browser().post("/sign-in", &[("email", &email("staff")), ("password", password), ("next", "/")]).await
    };
    let (right, wrong) = (sign_in(PASSWORD).await, sign_in("wrong").await);
    assert!(right.status == 400 && right.text().contains("disabled"));
    assert!(wrong.status == 400 && !wrong.text().contains("disabled"));
}

#[tokio::test]
async fn no_other_site_comes_next() {
    let world = World::new().await;
    for next in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%09/evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/sign-in?next=//evil.example",
        "http:/evil.example",
        "/\n//evil.example",
    ] {
        let browser = world.browser();
        let fields = [("email", "staff@agency.example"), ("password", PASSWORD), ("next", next)];
        let answer = browser.post("/sign-in", &fields).await;
        let to = answer.header("location").expect("a redirect");
        assert!(to == "/" || to == "/%09/evil.example", "{next:?} led to {to}");
    }
    let browser = world.signed_in("staff").await;
    for next in ["//evil.example", "https%3A%2F%2Fevil.example", "%2F%5Cevil.example", "/%0A/evil.example"] {
        let answer = browser.get(&format!("/sign-in?next={next}")).await;
        assert_eq!(answer.header("location"), Some("/"), "{next}");
    }
}

#[tokio::test]
async fn a_browser_that_would_keep_no_session_is_told_what_to_do() {
    let world = World::new().await;
    let browser = world.browser();
    let fields = [("email", "staff@agency.example"), ("password", PASSWORD), ("next", "/")];
    let host = format!("tenantry.agency.example:{}", world.server.address.port());
    let call = browser.form("/sign-in", &fields).header("host", &host).header("origin", &format!("http://{host}"));
    let answer = call.send().await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert!(answer.text().contains("plain http") && answer.text().contains("TLS"), "{}", answer.text());
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.sessions").await, "0");
}

#[tokio::test]
async fn forms_that_are_none_are_refused() {
    let world = World::new().await;
    let browser = world.browser();
    let good = [("email", "staff@agency.example"), ("password", PASSWORD), ("next", "/")];
    let unknown = [good.as_slice(), &[("is_admin", "yes")]].concat();
    assert_eq!(browser.post("/sign-in", &unknown).await.status, 422);
    for (kind, body, status) in [
        ("application/json", "{}", 415),
        ("application/x-www-form-urlencoded", "email=%ff", 400),
        ("application/x-www-form-urlencoded", "email=a%00b", 400),
        ("application/x-www-form-urlencoded", "", 400),
    ] {
        let call = browser.call(hyper::Method::POST, "/sign-in").header("content-type", kind);
        let answer = call.header("sec-fetch-site", "same-origin").body(body.to_owned()).send().await;
        assert_eq!(answer.status, status, "{kind} {body}: {}", answer.text());
        assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")), "{body}");
    }
}
