//! A session that ended while somebody filled in a form: nothing of it is lost.

use hyper::Method;

use super::world::{World, hidden};
use crate::auth::world::{PASSWORD, email, id};
use crate::support::Browser;
use crate::support::browser::encoded;

const NASTY: &str = "Mia \"O'Neil\" <script>alert(1)</script> & Co\r\nümlaut + 100%";

async fn sign_in_carrying(browser: &Browser, page: &str, password: &str) -> crate::support::server::Answer {
    let (carried, next) = (hidden(page, "carried"), hidden(page, "next"));
    let fields =
        [("email", "staff@agency.example"), ("password", password), ("next", next.as_str()), ("carried", &carried)];
    browser.post("/sign-in", &fields).await
}

#[tokio::test]
async fn what_was_filled_in_is_there_after_signing_in_and_is_sent_on() {
    let world = World::new().await;
    let browser = world.signed_in("staff").await;
    world.sql("UPDATE tenantry.sessions SET ended_at = now()").await;
    let answer =
        browser.post("/people/me", &[("name", "Mia <b>O'Neil</b> & \"Co\""), ("time_zone", "Europe/Oslo")]).await;
    assert_eq!(answer.status, 401);
    assert!(answer.text().contains("Sign in") && answer.text().contains("is kept on this page"), "{}", answer.text());
    assert!(!answer.text().contains("<b>O'Neil"), "escaped");

    let wrong = sign_in_carrying(&browser, answer.text(), "wrong").await;
    assert_eq!(wrong.status, 400);
    let resumed = sign_in_carrying(&browser, wrong.text(), PASSWORD).await;
    assert_eq!(resumed.status, 200, "{}", resumed.text());
    let page = resumed.text();
    assert!(page.contains("action=\"/people/me\"") && page.contains("Mia &lt;b&gt;O'Neil&lt;/b&gt; &amp; "), "{page}");
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.user_metadata").await, "0", "not before it is sent on");

    let fields = [("name", hidden(page, "name")), ("time_zone", hidden(page, "time_zone"))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(browser.post("/people/me", &fields).await.status, 303);
    let said = world
        .text(&format!("SELECT data ->> 'name' FROM tenantry.user_metadata WHERE user_id = '{}'", id("staff")))
        .await;
    assert_eq!(said, "Mia <b>O'Neil</b> & \"Co\"");
}

#[tokio::test]
async fn every_character_comes_through_and_passwords_stay_behind() {
    let world = World::new().await;
    let browser = world.browser();
    let fields = [
        ("current_password", "hunter2hunter2"),
        ("password", "another secret word"),
        ("note", NASTY),
        ("note", "second"),
    ];
    let answer = browser.post("/people/me/password", &fields).await;
    assert_eq!(answer.status, 401);
    for secret in ["hunter2", "another secret"] {
        assert!(!answer.text().contains(secret));
    }
    let resumed = sign_in_carrying(&browser, answer.text(), PASSWORD).await;
    let page = resumed.text();
    assert_eq!(hidden(page, "note"), NASTY);
    assert!(page.contains("value=\"second\"") && page.contains("Passwords that you typed"), "{page}");
    assert!(!page.contains("<script>alert"));
}

#[tokio::test]
async fn what_is_too_large_or_no_form_is_said_not_to_be_kept() {
    let world = World::new().await;
    let browser = world.browser();
    let large = browser.post("/people/me", &[("name", &"x".repeat(600 * 1024))]).await;
    assert_eq!(large.status, 401);
    assert!(large.text().contains("too large to be kept") && large.body.len() < 50_000);
    let call = browser.call(Method::POST, "/people/me").header("content-type", "multipart/form-data; boundary=x");
    let upload = call.header("sec-fetch-site", "same-origin").body("--x--").send().await;
    assert!(upload.status == 401 && upload.text().contains("choose the file again"), "{}", upload.text());
    let resumed = sign_in_carrying(&browser, upload.text(), PASSWORD).await;
    assert_eq!(resumed.status, 303, "there is nothing to send on");
}

#[tokio::test]
async fn a_form_is_carried_to_no_other_site() {
    let world = World::new().await;
    for to in ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"] {
        let browser = world.browser();
        let forged = serde_json::json!({ "to": to, "fields": [["name", "x"]], "is_less": false }).to_string();
        let fields = [("email", &*email("staff")), ("password", PASSWORD), ("next", "/"), ("carried", &forged)];
        let answer = browser.post("/sign-in", &fields).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some("/")), "{to}");
    }
}

#[tokio::test]
async fn htmx_puts_the_page_in_the_place_of_the_whole() {
    let world = World::new().await;
    let browser = world.browser();
    let htmx = |method: Method, path: &str| {
        browser
            .call(method, path)
            .header("hx-request", "true")
            .header("hx-current-url", "http://localhost:8080/people?q=mia#people")
            .header("sec-fetch-site", "same-origin")
    };
    let look = htmx(Method::GET, "/people?q=miap").send().await;
    assert_eq!((look.status.as_u16(), look.header("hx-redirect")), (200, Some("/sign-in?next=/people%3Fq%3Dmia")));
    let form = htmx(Method::POST, "/people/me").header("content-type", "application/x-www-form-urlencoded");
    let sent = form.body(encoded(&[("name", "Mia")])).send().await;
    assert_eq!(
        (sent.status.as_u16(), sent.header("hx-retarget"), sent.header("hx-reselect")),
        (401, Some("#main"), Some("#main"))
    );
    assert!(sent.text().contains("id=\"main\""));
}
