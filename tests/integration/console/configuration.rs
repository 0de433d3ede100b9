//! Configuration by forms: what they refuse, that nothing typed is lost, and secrets.

use super::world::{CLIENT, TEMPLATE, World, hidden};
use crate::auth::world::{PASSWORD, id};
use crate::support::Browser;
use crate::support::server::Answer;

const SCRIPT: &str = "<script>alert(1)</script>";

/// The pages on which values are edited, each with the scope of its rows.
fn scopes() -> [(String, &'static str); 3] {
    [
        (format!("/clients/{CLIENT}/configuration"), "client_id IS NOT NULL"),
        (format!("/templates/{TEMPLATE}/configuration"), "client_id IS NULL AND template_id = 'shop'"),
        ("/configuration".to_owned(), "client_id IS NULL AND template_id IS NULL"),
    ]
}

/// The form of a key as JSON, sent with a text and a reason over what the page says that it is for.
async fn send(browser: &Browser, form: &str, key: &str, text: &str, more: &[(&str, &str)]) -> Answer {
    let (form, value) = (format!("{form}&as=json"), serde_json::to_string(text).expect("JSON"));
    let (form, value) = (form.as_str(), value.as_str());
    let page = browser.get(form).await;
    assert_eq!(page.status, 200, "{form}: {}", page.text());
    let place = key.replace('.', "/");
    let [own, was, base] = ["value", "was", "base"].map(|part| format!("{part}/{place}"));
    let (held, version) = (hidden(page.text(), &was), hidden(page.text(), &base));
    let mut fields = vec![(own.as_str(), value), (was.as_str(), &held), (base.as_str(), &version)];
    if more.iter().all(|(name, _)| *name != "reason") {
        fields.push(("reason", "a test"));
    }
    fields.extend_from_slice(more);
    browser.post(form, &fields).await
}

/// Sends the form, and applies the change that comes of it.
async fn set(browser: &Browser, form: &str, key: &str, value: &str, more: &[(&str, &str)]) {
    let proposed = send(browser, form, key, value, more).await;
    assert_eq!(proposed.status, 303, "{form}: {}", proposed.text());
    let change = proposed.header("location").expect("a change").to_owned();
    let applied = browser.post(&format!("{change}/apply"), &[]).await;
    assert_eq!(applied.status, 303, "{}", applied.text());
}

#[tokio::test]
async fn a_value_is_set_at_every_scope_and_shown_there() {
    let world = World::new().await;
    let admin = world.signed_in("admin").await;
    for (path, scope) in scopes() {
        let form = format!("{path}/edit?key=branding.tagline&in=staging");
        set(&admin, &form, "branding.tagline", SCRIPT, &[("reason", SCRIPT)]).await;
        let row = format!(
            "SELECT environment || ' ' || (configuration_value #>> '{{}}') FROM system_configurations WHERE configuration_key = 'branding.tagline' AND {scope}"
        );
        assert_eq!(world.text(&row).await, format!("staging {SCRIPT}"), "{path}");
        let page = admin.get(&format!("{path}?environment=staging&key=branding.tagline")).await;
        assert!(page.text().contains("&lt;script&gt;") && !page.text().contains("<script>alert"), "{}", page.text());
        let id = world
            .text(&format!(
                "SELECT id::text FROM system_configurations WHERE configuration_key = 'branding.tagline' AND {scope}"
            ))
            .await;
        let history = admin.get(&format!("/configurations/{id}/history")).await;
        assert!(history.status == 200 && history.text().contains("&lt;script&gt;"), "{}", history.text());
    }
}

#[tokio::test]
async fn a_lock_on_a_lower_layer_keeps_higher_ones_out_and_is_opened_again() {
    let world = World::new().await;
    let admin = world.signed_in("admin").await;
    let form = "/configuration/edit?key=branding.colour";
    set(&admin, form, "branding.colour", "#333333", &[("lock/branding/colour", "on")]).await;
    let schema = "SELECT configuration_schema::text FROM system_configurations WHERE configuration_key = 'branding.colour' AND client_id IS NULL";
    assert_eq!(world.text(schema).await, "{\"x-locked\": true}");
    assert!(admin.get("/configuration").await.text().contains("Locks it for higher layers"));

    let own = format!("/clients/{CLIENT}/configuration/edit?key=branding.colour&whose=client&in=all");
    let refused = send(&admin, &own, "branding.colour", "#444444", &[]).await;
    assert!(refused.status == 422 && refused.text().contains("#444444"), "{}: {}", refused.status, refused.text());

    // Opened, with the value as it is.
    set(&admin, form, "branding.colour", "#333333", &[]).await;
    assert_eq!(world.text(schema).await, "{}");
    set(&admin, &own, "branding.colour", "#444444", &[]).await;
}

#[tokio::test]
async fn what_a_form_cannot_take_is_told_at_its_field_and_stays_there() {
    let world = World::new().await;
    let admin = world.signed_in("admin").await;
    let long = "x".repeat(2_001);
    for (path, _) in scopes() {
        let form = format!("{path}/edit?key=branding.tagline");
        let cases = [
            (("reason", long.as_str()), "2001 characters"),
            (("reason", " "), "There is no reason"),
            (("is_admin", "on"), "no such field"),
        ];
        for (more, said) in cases {
            let refused = send(&admin, &form, "branding.tagline", "fine", &[more]).await;
            assert_eq!(refused.status, 422, "{path} {more:?}: {}", refused.text());
            assert!(refused.text().contains(said), "{path} {said}: {}", refused.text());
        }
        let refused = send(&admin, &form, "branding.tagline", SCRIPT, &[("reason", "")]).await;
        assert!(
            refused.text().contains("&lt;script&gt;") && !refused.text().contains("<script>alert"),
            "what was typed stays"
        );
    }
    let too_long = "y".repeat(41);
    for (path, _) in &scopes()[..2] {
        let form = format!("{path}/edit?key=branding.tagline");
        let refused = send(&admin, &form, "branding.tagline", &too_long, &[]).await;
        assert!(refused.status == 422 && refused.text().contains(&too_long), "{path}: {}", refused.text());
        assert!(refused.text().contains("is-invalid"), "at its field: {}", refused.text());
    }
    for key in ["a..b", "a b", "$x", &"k".repeat(300)] {
        let page = admin
            .get(&format!("/configuration/edit?key={}", crate::support::browser::encoded(&[("k", key)]).split_off(2)))
            .await;
        assert!([200, 422].contains(&page.status.as_u16()), "{key}: {}", page.status);
    }
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.changes").await, "0", "nothing was proposed");
}

#[tokio::test]
async fn a_stale_form_is_shown_both_and_taken_when_it_is_sent_again() {
    let world = World::new().await;
    let admin = world.signed_in("admin").await;
    for (path, _) in scopes() {
        let form = format!("{path}/edit?key=branding.tagline&in=all&as=json");
        set(&admin, &form, "branding.tagline", "first", &[]).await;
        let page = admin.get(&form).await;
        let [was, base] = ["was", "base"].map(|part| hidden(page.text(), &format!("{part}/branding/tagline")));
        set(&admin, &form, "branding.tagline", "theirs", &[]).await;
        let fields = [
            ("value/branding/tagline", "\"mine\""),
            ("was/branding/tagline", &was),
            ("base/branding/tagline", &base),
            ("reason", "late"),
        ];
        let moved = admin.post(&form, &fields).await;
        assert_eq!(moved.status, 412, "{path}: {}", moved.text());
        assert!(moved.text().contains("theirs") && moved.text().contains("mine"), "{}", moved.text());
        let again = hidden(moved.text(), "base/branding/tagline");
        let fields =
            fields.map(|(name, value)| if name.starts_with("base") { (name, again.as_str()) } else { (name, value) });
        assert_eq!(admin.post(&form, &fields).await.status, 303, "{path}");
    }
}

#[tokio::test]
async fn a_secret_is_revealed_with_the_password_again_and_for_a_reason() {
    let world = World::new().await;
    let admin = world.signed_in("admin").await;
    for (path, scope) in scopes() {
        let form = format!("{path}/edit?key=pay.key");
        set(&admin, &form, "pay.key", "marker-of-this-test", &[("secret/pay/key", "on")]).await;
        let page = admin.get(&format!("{path}?key=pay.key")).await;
        assert!(page.text().contains("Reveal…") && !page.text().contains("marker-of"), "{path}: {}", page.text());
        let row = world
            .text(&format!(
                "SELECT id::text FROM system_configurations WHERE configuration_key = 'pay.key' AND {scope}"
            ))
            .await;
        let reveal = format!("/configurations/{row}/reveal");
        let browser = world.signed_in("admin").await;
        let fields = [("reason", "the provider asks"), ("at", "/configuration_value"), ("next", path.as_str())];
        let first = browser.post(&reveal, &fields).await;
        assert!(first.status == 403 || first.text().contains("password again"), "{}: {}", first.status, first.text());
        assert!(!first.text().contains("marker-of") && first.text().contains("the provider asks"), "{}", first.text());
        let stepped = browser.post("/step-up", &[("password", PASSWORD), ("next", "/")]).await;
        assert_eq!(stepped.status, 303, "{}", stepped.text());
        let no_reason = browser.post(&reveal, &[("reason", " "), ("at", "/configuration_value")]).await;
        assert!(no_reason.status == 422 && !no_reason.text().contains("marker-of"), "{}", no_reason.text());
        let shown = browser.post(&reveal, &fields).await;
        assert!(shown.status == 200 && shown.text().contains("marker-of-this-test"), "{}", shown.text());
    }
    let noted =
        "SELECT count(*) || ' ' || count(DISTINCT row_id) || ' ' || min(reason) FROM audit_log WHERE action = 'reveal'";
    assert_eq!(world.text(noted).await, "3 3 the provider asks");
    let plain = "SELECT count(*)::text FROM audit_log l WHERE l::text LIKE '%marker-of%'";
    assert_eq!(world.text(plain).await, "0");
}

#[tokio::test]
async fn what_steers_tenantry_is_changed_by_its_own_form() {
    let world = World::new().await;
    let admin = world.signed_in("admin").await;
    let row = world.text("SELECT id::text FROM system_configurations WHERE configuration_key = 'protected_environments' AND is_system").await;
    let form = format!("/configuration/system/{row}");
    assert!(admin.get("/configuration").await.text().contains(&form));
    let base = hidden(admin.get(&form).await.text(), "base");
    for (value, said) in
        [("[", "no JSON"), ("[\"qa\"]", "list of environments"), ("\"production\"", "list of environments")]
    {
        let refused = admin.post(&form, &[("value", value), ("base", &base), ("reason", "a test")]).await;
        assert!(refused.status == 422 && refused.text().contains(said), "{value}: {}", refused.text());
    }
    let odd = admin.post(&form, &[("value", "[]"), ("base", &base), ("reason", "x"), ("is_system", "")]).await;
    assert_eq!(odd.status, 422, "a field that it hasn't");
    let stale = admin.post(&form, &[("value", "[\"staging\"]"), ("base", "99"), ("reason", "x")]).await;
    assert!(stale.status == 412 && stale.text().contains("staging"), "{}", stale.text());
    let proposed = admin.post(&form, &[("value", "[\"staging\"]"), ("base", &base), ("reason", "careful")]).await;
    assert_eq!(proposed.status, 303, "{}", proposed.text());
    let change = proposed.header("location").expect("a change").to_owned();
    // It protects staging from itself on: somebody else has to approve.
    let other = world.signed_in("super_admin").await;
    assert_eq!(other.post(&format!("{change}/approve"), &[]).await.status, 303);
    let applied = admin.post(&format!("{change}/apply"), &[]).await;
    assert_eq!(applied.status, 303, "{}", applied.text());
    let now = "SELECT configuration_value::text FROM system_configurations WHERE configuration_key = 'protected_environments'";
    assert_eq!(world.text(now).await, "[\"staging\"]");
    assert_eq!(admin.get(&format!("/configuration/system/{}", id("admin"))).await.status, 404);
}
