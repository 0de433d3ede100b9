//! Templates in the console: drafts, the life of a version, and bringing a client to another one.

use super::world::{CLIENT, CUSTOMIZATION, World, hidden};
use crate::support::Browser;
use crate::support::server::Answer;

const SCRIPT: &str = "<script>alert(1)</script>";
const SCHEMA: &str = r#"{"type": "object", "properties": {"a": {"type": "integer", "maximum": 5}}}"#;

fn first<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("template_id", "café & bar"),
        ("template_version", "1.0.0"),
        ("template_name", SCRIPT),
        ("category", "food"),
        ("tags", "one\r\n<b>two</b>\r\n"),
        ("supported_industries", ""),
        ("configuration_schema", SCHEMA),
        ("default_configuration", "{\"a\": 1}"),
        ("reason", ""),
    ];
    usual
        .into_iter()
        .filter(|(name, _)| more.iter().all(|(other, _)| other != name))
        .chain(more.iter().copied())
        .collect()
}

async fn applied(browser: &Browser, proposed: Answer) {
    assert_eq!(proposed.status, 303, "{}", proposed.text());
    let change = proposed.header("location").expect("a change").to_owned();
    let applied = browser.post(&format!("{change}/apply"), &[]).await;
    assert_eq!(applied.status, 303, "{}", applied.text());
}

#[tokio::test]
async fn a_template_begins_as_a_draft() {
    let world = World::new().await;
    let admin = world.signed_in("admin").await;
    let made = admin.post("/templates/new", &first(&[])).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let version = made.header("location").expect("its page").to_owned();
    let row = "SELECT concat_ws('|', template_id, template_version, template_name, category, status, tags::text, required_fields::text, optional_fields::text, default_configuration ->> 'a')
                 FROM template_configurations WHERE template_id LIKE 'caf%'";
    let expected = format!("café & bar|1.0.0|{SCRIPT}|food|draft|{{one,<b>two</b>}}|{{}}|{{a}}|1");
    assert_eq!(world.text(row).await, expected);
    let list = admin.get("/templates?q=BAR").await;
    for page in [&version, "/templates", &version.replace("/versions/1.0.0", "")] {
        let page = admin.get(page).await;
        assert!(page.status == 200 && page.text().contains("&lt;script&gt;"), "{}: {}", page.status, page.text());
        assert!(!page.text().contains("<script>alert") && !page.text().contains("<b>two"), "{}", page.text());
    }
    assert!(list.text().contains("café &amp; bar") && !list.text().contains("/templates/shop\""), "{}", list.text());
    assert_eq!(
        world.signed_in("staff").await.get(&version).await.status,
        404,
        "a draft is the administrators' own affair"
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_template_stands_at_its_field_and_what_was_typed_stays() {
    let world = World::new().await;
    let admin = world.signed_in("admin").await;
    let long = "x".repeat(300);
    for (name, value, said) in [
        ("template_id", "", "no id"),
        ("template_id", "shop", "this id already"),
        ("template_id", &long, "300 characters"),
        ("template_version", "one", "no semantic version"),
        ("template_name", &long, "300 characters"),
        ("category", &long, "300 characters"),
        ("configuration_schema", "{\"type\": }", "line 1, column 10"),
        ("configuration_schema", "{\"type\": \"nothing\"}", "configuration_schema"),
        ("default_configuration", "[]", "no object"),
        ("default_configuration", "{\"a\": 9}", "default_configuration"),
        ("default_configuration", "{\"a\": \"<script>alert(1)</script>\"}", "default_configuration"),
    ] {
        let refused = admin.post("/templates/new", &first(&[(name, value)])).await;
        assert_eq!(refused.status, 422, "{name}={value}: {}", refused.text());
        let page = refused.text();
        assert!(page.contains(said), "{name}={value}: {page}");
        assert!(
            page.contains(&format!("field-{}-fault-0", name.replace('_', "-"))),
            "at its field, {name}={value}: {page}"
        );
        assert!(page.contains("&lt;b&gt;two&lt;/b&gt;") && !page.contains("<script>alert"), "typed text stays: {page}");
    }
    let odd = admin.post("/templates/new", &first(&[("status", "active")])).await;
    assert!(odd.status == 422 && odd.text().contains("no such field"), "{}", odd.text());
    assert_eq!(world.text("SELECT count(DISTINCT template_id)::text FROM template_configurations").await, "1");
}

#[tokio::test]
async fn two_people_write_one_draft_and_the_second_sees_both() {
    let world = World::new().await;
    let (one, other) = (world.signed_in("admin").await, world.signed_in("super_admin").await);
    let path = "/templates/shop/versions/3.0.0/edit";
    let fields = |base: &str, tagline: &str| {
        vec![
            ("base".to_owned(), base.to_owned()),
            ("template_name".to_owned(), "Shop".to_owned()),
            ("configuration_schema".to_owned(), "{\"type\": \"object\"}".to_owned()),
            ("default_configuration".to_owned(), format!("{{\"tagline\": \"{tagline}\"}}")),
        ]
    };
    let send = async |browser: &Browser, fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post(path, &fields).await
    };
    let base = hidden(one.get(path).await.text(), "base");
    assert_eq!(send(&one, fields(&base, "theirs")).await.status, 303);
    let moved = send(&other, fields(&base, "mine")).await;
    assert_eq!(moved.status, 412, "{}", moved.text());
    assert!(moved.text().contains("theirs") && moved.text().contains("mine"), "{}", moved.text());
    let saved = send(&other, fields(&hidden(moved.text(), "base"), "mine")).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let now =
        "SELECT default_configuration ->> 'tagline' FROM template_configurations WHERE template_version = '3.0.0'";
    assert_eq!(world.text(now).await, "mine");
    let undo = format!(
        "/changes/{}/undo",
        world.text("SELECT id::text FROM tenantry.changes ORDER BY proposed_at DESC LIMIT 1").await
    );
    assert_eq!(other.post(&undo, &[]).await.status, 303);
    assert_eq!(world.text(now).await, "theirs");
}

#[tokio::test]
async fn a_version_goes_through_its_life_by_changes_that_are_previewed() {
    let world = World::new().await;
    let admin = world.signed_in("admin").await;
    let page = "/templates/shop/versions/3.0.0";
    for (to, status) in [("active", "active"), ("deprecated", "deprecated"), ("archived", "archived")] {
        let shown = admin.get(page).await;
        let base = hidden(shown.text(), "base");
        assert_eq!(hidden(shown.text(), "to"), to);
        let stale = admin.post(&format!("{page}/advance"), &[("to", to), ("base", "2020-01-01T00:00:00Z")]).await;
        assert_eq!(stale.status, 412, "{}", stale.text());
        let proposed =
            admin.post(&format!("{page}/advance"), &[("to", to), ("base", &base), ("reason", "in order")]).await;
        applied(&admin, proposed).await;
        assert_eq!(
            world.text("SELECT status FROM template_configurations WHERE template_version = '3.0.0'").await,
            status
        );
    }
    assert!(!admin.get(page).await.text().contains("/advance\""), "nothing comes after the archive");
    for (to, expected) in [("archived", 422), ("active", 422), ("odd", 422)] {
        let refused = admin.post(&format!("{page}/advance"), &[("to", to), ("base", "2020-01-01T00:00:00Z")]).await;
        assert_eq!(refused.status, expected, "{to}: {}", refused.text());
    }
    let frozen = admin.get(&format!("{page}/edit")).await;
    assert!(frozen.status == 409 && frozen.text().contains("no draft"), "{}", frozen.text());
    assert_eq!(admin.get("/templates/shop/versions/9.9.9").await.status, 404);
    assert_eq!(admin.get("/templates/nothing").await.status, 404);
}

#[tokio::test]
async fn versions_are_compared_and_a_next_one_begins_as_one_of_them() {
    let world = World::new().await;
    let admin = world.signed_in("admin").await;
    let compared = admin.get("/templates/shop/versions/2.0.0?compare=1.0.0").await;
    for said in ["What differs from 1.0.0", "branding.tagline", "Old", "New"] {
        assert!(compared.text().contains(said), "{said}: {}", compared.text());
    }
    assert_eq!(admin.get("/templates/shop/versions/2.0.0?compare=0.0.0").await.status, 404);
    let form = admin.get("/templates/shop/new?from=1.0.0").await;
    assert!(form.text().contains("&quot;Old&quot;") && hidden(form.text(), "based_on") == "1.0.0", "{}", form.text());
    let fields = [
        ("based_on", "1.0.0"),
        ("template_version", "1.1.0"),
        ("template_name", "Shop"),
        ("configuration_schema", "{}"),
        ("default_configuration", "{\"branding\": {\"tagline\": \"Older\"}}"),
    ];
    let made = admin.post("/templates/shop/new", &fields).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let row = "SELECT concat_ws(' ', status, default_configuration #>> '{branding,tagline}', category) FROM template_configurations WHERE template_version = '1.1.0'";
    assert_eq!(world.text(row).await, "draft Older retail");
    assert_eq!(admin.post("/templates/shop/new", &fields).await.status, 422, "a version that there is already");
    let cleared = fields.map(|(name, value)| if name == "template_version" { (name, "1.2.0") } else { (name, value) });
    let cleared: Vec<(&str, &str)> = cleared.into_iter().chain([("category", " ")]).collect();
    assert_eq!(admin.post("/templates/shop/new", &cleared).await.status, 303);
    let category = "SELECT coalesce(category, 'none') FROM template_configurations WHERE template_version = '1.2.0'";
    assert_eq!(world.text(category).await, "none", "a field that was emptied takes the former one away");
}

#[tokio::test]
async fn a_client_is_brought_to_another_version_and_somebody_chooses_what_both_changed() {
    let world = World::new().await;
    let manager = world.signed_in("manager").await;
    assert!(
        manager
            .get("/templates/shop")
            .await
            .text()
            .contains(&format!("/customizations/{CUSTOMIZATION}/upgrade?to=2.0.0"))
    );
    let path = format!("/customizations/{CUSTOMIZATION}/upgrade");
    let form = manager.get(&format!("{path}?to=2.0.0")).await;
    for said in ["1 value to choose about", "branding.tagline", "Follows the new version", "store.pageSize"] {
        assert!(form.text().contains(said), "{said}: {}", form.text());
    }
    let saw = hidden(form.text(), "saw");
    let send = async |saw: &str, more: &[(&str, &str)]| {
        let fields: Vec<(&str, &str)> =
            [("to", "2.0.0"), ("saw", saw)].into_iter().chain(more.iter().copied()).collect();
        manager.post(&path, &fields).await
    };
    let choice = "choice/branding.tagline";
    for (more, status, said) in [
        (&[][..], 422, "each say something else"),
        (&[(choice, "odd")], 422, "no such choice"),
        (&[(choice, "value"), ("value/branding.tagline", "{")], 422, "no JSON"),
        (&[("choice/nothing.here", "client")], 422, "sets nothing there"),
        (&[("is_admin", "on")], 422, "no such field"),
    ] {
        let refused = send(&saw, more).await;
        assert_eq!(refused.status.as_u16(), status, "{more:?}: {}", refused.text());
        assert!(refused.text().contains(said), "{more:?}: {}", refused.text());
    }
    let stale = send("2020-01-01T00:00:00Z", &[(choice, "client")]).await;
    assert!(stale.status == 412 && stale.text().contains("meanwhile"), "{}", stale.text());
    let chosen = [(choice, "value"), ("value/branding.tagline", "\"<b>Both</b>\""), ("reason", "with the client")];
    let done = send(&saw, &chosen).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let draft = format!(
        "SELECT concat_ws(' ', template_version, status, customization_config::text) FROM client_customizations
          WHERE client_id = '{CLIENT}' AND id <> '{CUSTOMIZATION}'"
    );
    assert_eq!(
        world.text(&draft).await,
        "2.0.0 draft {\"store\": {\"pageSize\": 20}, \"branding\": {\"tagline\": \"<b>Both</b>\"}}"
    );
    let own = manager.get(done.header("location").expect("the draft")).await;
    assert!(own.status == 200 && own.text().contains("&lt;b&gt;Both"), "{}", own.text());
    let reason = "SELECT reason FROM tenantry.changes ORDER BY proposed_at DESC LIMIT 1";
    assert_eq!(world.text(reason).await, "with the client");
    assert_eq!(world.signed_in("staff").await.get(&path).await.status, 403);
    assert_eq!(manager.get(&format!("{path}?to=3.0.0")).await.status, 422, "a draft can't be pinned");
}
