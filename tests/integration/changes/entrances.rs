//! What is wrong is refused by whatever entrance it comes, with the place, the rule and the mend, and nothing is written.

use hyper::Method;
use serde_json::{Value, json};

use super::world::{ACME, Who, World};
use crate::support::tenantry;

/// A value that somebody sets at a scope, and the rule and place that it breaks.
struct Wrong {
    what: &'static str,
    key: &'static str,
    value: Value,
    client: bool,
    template: bool,
    rule: &'static str,
    pointer: &'static str,
}

fn wrong(what: &'static str, key: &'static str, value: Value, rule: &'static str, pointer: &'static str) -> Wrong {
    Wrong { what, key, value, client: true, template: true, rule, pointer }
}

fn all() -> Vec<Wrong> {
    vec![
        wrong("an unknown key under a closed schema", "nothing.here", json!(1), "additionalProperties", "/nothing"),
        wrong("a wrong type", "store.pageSize", json!("many"), "type", "/store/pageSize"),
        Wrong {
            client: false,
            ..wrong("a wrong type for all", "store.pageSize", json!([]), "type", "/store/pageSize")
        },
        wrong("a value beyond its bound", "store.pageSize", json!(-1_000), "minimum", "/store/pageSize"),
        wrong("a locked key", "legal.terms", json!("v2"), "x-locked", "/legal/terms"),
        wrong("a locked key by its parent", "legal", json!({ "terms": "v2" }), "x-locked", "/legal/terms"),
        wrong(
            "a reference to itself",
            "branding.tagline",
            json!("${branding.tagline}"),
            "reference-cycle",
            "/branding/tagline",
        ),
        wrong(
            "a reference to nothing",
            "branding.tagline",
            json!("${no.such}"),
            "reference-unknown",
            "/branding/tagline",
        ),
        wrong(
            "a reference that never ends",
            "branding.tagline",
            json!("${no.such"),
            "reference-malformed",
            "/branding/tagline",
        ),
        Wrong {
            client: false,
            template: false,
            ..wrong("a removal of nothing", "some.key", json!({ "$removed": true }), "pointless-removal", "/some/key")
        },
        wrong(
            "a value that is too deep",
            "branding",
            (0..40).fold(json!(1), |value, _| json!([value])),
            "size",
            "/branding",
        ),
        wrong("a card number", "branding.tagline", json!("4111 1111 1111 1111"), "card-number", "/branding/tagline"),
        wrong("a key of ours", "branding.tagline", json!({ "$x": 1 }), "reserved", "/branding/tagline/$x"),
        wrong("a secret that is too short", "api.key", json!("hunter2"), "minLength", "/api/key"),
        wrong("a number that nobody keeps", "store.pageSize", json!(1e30), "unkept", "/store/pageSize"),
    ]
}

impl Wrong {
    fn scope(&self) -> Value {
        json!({ "client_id": self.client.then_some(ACME), "template_id": self.template.then_some("shop") })
    }

    /// The faults with the rule at the place.
    fn is_said(&self, faults: &Value) -> bool {
        let is_it =
            |fault: &Value| fault["rule"] == self.rule && fault["pointer"] == self.pointer && fault["mend"].is_string();
        faults.as_array().is_some_and(|faults| faults.iter().any(is_it))
    }
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_every_entrance() {
    let world = World::new().await;
    let before = world.state().await;
    let folder = world.server.data_dir.0.to_string_lossy().into_owned();
    let url = world.server.database.url();
    for wrong in all() {
        let what = wrong.what;
        let mut edit = json!({ "operation": "set", "key": wrong.key, "value": wrong.value });
        let mut row = json!({ "configuration_key": wrong.key, "configuration_value": wrong.value });
        for (name, value) in wrong.scope().as_object().expect("an object").iter().filter(|(_, value)| !value.is_null())
        {
            edit[name] = value.clone();
            row[name] = value.clone();
        }
        let proposed = world.propose(Who::Admin, &json!([edit])).await;
        assert_eq!(proposed.status.as_u16(), 422, "{what}: {}", proposed.text());
        assert!(wrong.is_said(&proposed.json()["errors"]), "{what}: {}", proposed.text());

        let written = world.call(Who::Admin, Method::POST, "/rest/v1/system_configurations", Some(&row)).await;
        assert_eq!(
            (written.status.as_u16(), &written.json()["code"]),
            (422, &json!("TN422")),
            "{what}: {}",
            written.text()
        );
        let details = written.json()["details"].as_str().map(ToOwned::to_owned).unwrap_or_default();
        assert!(wrong.is_said(&serde_json::from_str(&details).unwrap_or_default()), "{what}: {}", written.text());
        assert!(written.json()["hint"].is_string(), "{what}: {}", written.text());

        let value = wrong.value.to_string();
        let scope = [wrong.client.then_some(["--client", ACME]), wrong.template.then_some(["--template", "shop"])];
        let always = ["--reason", "a test", "--database-url", &url, "--data-dir", &folder];
        let arguments: Vec<&str> = ["config", "set", wrong.key, &value]
            .into_iter()
            .chain(scope.into_iter().flatten().flatten())
            .chain(always)
            .collect();
        let done = tenantry(&arguments);
        assert_eq!((done.code, done.out.as_str()), (Some(1), ""), "{what}: {}", done.err);
        let line = done.err.lines().find(|line| line.trim_start().starts_with(&format!("{}: ", wrong.pointer)));
        assert!(
            line.is_some_and(|line| line.contains(&format!("({}", wrong.rule)) && line.contains("; ")),
            "{what}: {}",
            done.err
        );
        for text in [proposed.text(), written.text(), &done.err] {
            assert!(!text.contains("hunter2") && !text.contains("4111 1111"), "{what} repeats a value: {text}");
        }
    }
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn the_table_api_says_everything_that_is_wrong_with_the_other_tables_at_once() {
    let world = World::new().await;
    let before = world.state().await;
    let deep = (0..55).fold(json!({}), |schema, _| json!({ "properties": { "a": schema } }));
    let version = |schema: Value| json!({ "template_id": "shop", "template_version": "2.0.0", "template_name": "Shop", "configuration_schema": schema });
    let design = json!({ "client_id": ACME, "template_id": "shop", "template_version": "1.0.0",
                         "customization_config": { "store": { "pageSize": "many", "currency": "DM" }, "odd": 1, "branding": { "tagline": "4111111111111111" } } });
    let deployment = json!({ "client_id": ACME, "template_id": "shop", "environment": "production", "deployment_name": "one",
                             "application_config": { "store": { "pageSize": "many" } }, "feature_flags": [] });
    for (table, row, expected) in [
        ("template_configurations", version(json!({ "type": "nonsense" })), vec!["schema"]),
        ("template_configurations", version(json!({ "$ref": "https://example.com/schema.json" })), vec!["schema"]),
        ("client_customizations", design, vec!["additionalProperties", "card-number", "enum", "type"]),
        ("deployment_configurations", deployment, vec!["document", "type"]),
    ] {
        let written = world.call(Who::Admin, Method::POST, &format!("/rest/v1/{table}"), Some(&row)).await;
        assert_eq!(
            (written.status.as_u16(), &written.json()["code"]),
            (422, &json!("TN422")),
            "{table}: {}",
            written.text()
        );
        let details = written.json()["details"].as_str().map(ToOwned::to_owned).unwrap_or_default();
        let faults: Vec<Value> = serde_json::from_str(&details).unwrap_or_default();
        let mut rules: Vec<&str> = faults.iter().filter_map(|fault| fault["rule"].as_str()).collect();
        rules.sort_unstable();
        rules.dedup();
        assert_eq!(rules, expected, "{table}: {}", written.text());
        assert!(
            faults.iter().all(|fault| fault["pointer"].is_string() && fault["mend"].is_string()),
            "{}",
            written.text()
        );
        assert!(!written.text().contains("4111"), "{}", written.text());
    }
    // Of bodies that nobody reads to their depth the table API says what PostgREST says.
    let refused = world.call(Who::Admin, Method::POST, "/rest/v1/template_configurations", Some(&version(deep))).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (400, &json!("PGRST102")), "{}", refused.text());
    // A key between tables answers for itself.
    let pinned = json!({ "client_id": ACME, "template_id": "shop", "template_version": "9.9.9" });
    let refused = world.call(Who::Admin, Method::POST, "/rest/v1/client_customizations", Some(&pinned)).await;
    assert!([409, 422].contains(&refused.status.as_u16()), "{}", refused.text());
    assert_eq!(world.state().await, before);
}
