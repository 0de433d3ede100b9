//! What is wrong is refused by whatever entrance it comes, with the place, the rule and the mend, and nothing is written.

use hyper::Method;
use serde_json::{Value, json};

use super::world::{ACME, Who, World};
use crate::support::server::Answer;
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
    let refused = world.call(Who::Admin, Method::POST, "/rest/v1/template_configurations", Some(&version(deep))).await;
    assert_eq!(faults(&refused), [told("/configuration_schema", "depth")], "{}", refused.text());
    let several = json!([version(json!({})), version((0..1_000).fold(json!(1), |value, _| json!([value])))]);
    let refused = world.call(Who::Admin, Method::POST, "/rest/v1/template_configurations", Some(&several)).await;
    assert_eq!(faults(&refused), [told("/1/configuration_schema", "depth")], "{}", refused.text());
    assert_eq!(world.state().await, before);
}

/// The places and rules of a refusal of the table API, each with its mend.
fn faults(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (422, &json!("TN422")), "{}", answer.text());
    let details = answer.json()["details"].as_str().map(ToOwned::to_owned).unwrap_or_default();
    let found: Vec<Value> = serde_json::from_str(&details).unwrap_or_default();
    assert!(
        found.iter().all(|fault| fault["mend"].is_string()) && answer.json()["hint"].is_string(),
        "{}",
        answer.text()
    );
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    found.iter().map(|fault| (text(&fault["pointer"]), text(&fault["rule"]))).collect()
}

fn told(pointer: &str, rule: &str) -> (String, String) {
    (pointer.to_owned(), rule.to_owned())
}

#[tokio::test]
async fn what_a_row_names_has_to_be_there() {
    let world = World::new().await;
    let before = world.state().await;
    let write = async |method: Method, path: &str, body: Value| {
        world.call(Who::Admin, method, &format!("/rest/v1/{path}"), Some(&body)).await
    };
    let design = |template: &str, version: Value| json!({ "client_id": ACME, "template_id": template, "template_version": version });
    let value = |environment: &str| json!({ "configuration_key": "branding.tagline", "configuration_value": "x", "environment": environment });
    let deployment = |environment: &str| json!({ "client_id": ACME, "template_id": "shopp", "environment": environment, "deployment_name": "one" });
    for (path, row, expected) in [
        ("client_customizations", design("shop", json!("9.9.9")), vec![told("/template_version", "template_version")]),
        ("client_customizations", design("shopp", Value::Null), vec![told("/template_id", "template")]),
        ("client_customizations", design("shopp", json!("1.0.0")), vec![told("/template_id", "template")]),
        ("system_configurations", value("qa"), vec![told("/environment", "environment")]),
        (
            "deployment_configurations",
            deployment("all"),
            vec![told("/template_id", "template"), told("/environment", "environment")],
        ),
        (
            "client_customizations",
            json!([design("shop", json!("1.0.0")), design("shopp", Value::Null), design("shop", json!("9.9.9"))]),
            vec![told("/1/template_id", "template"), told("/2/template_version", "template_version")],
        ),
        (
            "system_configurations",
            json!([value("all"), value("staging"), value("all")]),
            vec![told("/2/configuration_key", "two edits of one key")],
        ),
    ] {
        let refused = write(Method::POST, path, row.clone()).await;
        assert_eq!(faults(&refused), expected, "{row}: {}", refused.text());
        if refused.text().contains("no such template") {
            assert!(refused.text().contains("did you mean"), "{}", refused.text());
        }
    }
    let of_acme = format!("client_customizations?client_id=eq.{ACME}");
    let refused = write(Method::PATCH, &of_acme, json!({ "template_id": "shopp" })).await;
    assert_eq!(faults(&refused), [told("/template_id", "template")], "{}", refused.text());

    let insert =
        json!([{ "operation": "insert", "table": "client_customizations", "columns": design("shopp", Value::Null) }]);
    let proposed = world.propose(Who::Admin, &insert).await;
    let fault = proposed.json()["errors"][0].clone();
    assert_eq!((proposed.status.as_u16(), &fault["pointer"]), (422, &json!("/edits/0/columns/template_id")), "{fault}");
    assert!(fault["mend"].as_str().is_some_and(|mend| mend.contains("did you mean \"shop\"?")), "{fault}");
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn a_change_may_name_the_version_that_it_makes() {
    let world = World::new().await;
    let edits = json!([
        { "operation": "insert", "table": "template_configurations", "columns": { "template_id": "booking", "template_version": "1.0.0",
          "template_name": "Booking", "configuration_schema": { "properties": { "api": { "patternProperties": { "^k": { "x-secret": true } } },
                                    "features": { "patternProperties": { "^t_": { "x-secret": true } } } } } } },
        { "operation": "insert", "table": "client_customizations", "columns": { "client_id": ACME, "template_id": "booking",
          "template_version": "1.0.0", "customization_config": { "api": { "key": "marker-of-a-secret", "other": "plain" } } } },
        { "operation": "insert", "table": "deployment_configurations", "columns": { "client_id": ACME, "template_id": "booking",
          "environment": "staging", "deployment_name": "one", "feature_flags": { "t_a": "marker-of-a-secret", "beta": true } } },
    ]);
    let proposed = world.propose(Who::Admin, &edits).await;
    let id = World::proposed(&proposed);
    let kept = world.value("SELECT string_agg(e::text, ' ') FROM tenantry.change_edits e").await;
    assert!(!kept.contains("marker-of-a-secret") && kept.contains("plain"), "{kept}");
    assert_eq!(world.act(Who::Admin, &id, "apply").await.status.as_u16(), 200);
    let stored =
        world.value("SELECT customization_config FROM client_customizations WHERE template_id = 'booking'").await;
    assert!(!stored.contains("marker-of-a-secret") && stored.contains("$secret"), "{stored}");
    let flags = world.value("SELECT feature_flags FROM deployment_configurations").await;
    assert!(!flags.contains("marker-of-a-secret") && flags.contains("$secret") && flags.contains("beta"), "{flags}");
}

#[tokio::test]
async fn numbers_come_back_as_they_are_sent_or_are_refused() {
    let world = World::with(&json!({})).await;
    let folder = world.server.data_dir.0.to_string_lossy().into_owned();
    let url = world.server.database.url();
    let row = |key: &str, value: &str| {
        format!(r#"{{"configuration_key":"{key}","configuration_value":{value},"client_id":"{ACME}"}}"#)
    };
    for (place, number) in
        ["0.30000000000000004", "1.7976931348623157e308", "-2.5e-7", "9007199254740993", "0.1"].iter().enumerate()
    {
        // What no float beyond 64 bits is.
        let is_large = *number == "1.7976931348623157e308";
        let sent = world.send(Who::Admin, "/rest/v1/system_configurations", row(&format!("n{place}"), number)).await;
        assert_eq!(sent.status.as_u16(), if is_large { 422 } else { 201 }, "{number}: {}", sent.text());
        if !is_large {
            let found = &world.document(ACME, "production").await[format!("n{place}")];
            assert_eq!(found.to_string().parse::<f64>(), number.parse::<f64>(), "{number}");
            assert!(layers::written::is_kept(number) && found.to_string().len() <= 20, "{number}: {found}");
        }
    }
    let before = world.state().await;
    for number in ["0.12345678901234567890", "3.14159265358979323846", "18446744073709551616", "1e-400"] {
        let value = format!(r#"{{"a": [1, {number}]}}"#);
        let edits = format!(
            r#"{{"reason":"x","edits":[{{"operation":"set","key":"n","value":{value},"client_id":"{ACME}"}}]}}"#
        );
        let proposed = world.send(Who::Admin, "/api/v1/changes", edits).await;
        let fault = proposed.json()["errors"][0].clone();
        assert_eq!(proposed.status.as_u16(), 422, "{number}: {}", proposed.text());
        assert_eq!((&fault["pointer"], &fault["rule"]), (&json!("/edits/0/value/a/1"), &json!("unkept")), "{fault}");
        let written = world.send(Who::Admin, "/rest/v1/system_configurations", row("n", &value)).await;
        assert_eq!(faults(&written), [told("/configuration_value/a/1", "unkept")], "{number}: {}", written.text());
        for (format, content) in
            [("json", format!(r#"{{"n": {value}}}"#)), ("yaml", format!("n:\n  a: [1, {number}]\n"))]
        {
            let import = json!({ "format": format, "content": content, "client_id": ACME, "reason": "x" });
            let imported = world.post(Who::Admin, "/api/v1/import", &import).await;
            assert_eq!(imported.status.as_u16(), 422, "{format} {number}: {}", imported.text());
            assert_eq!(imported.json()["errors"][0]["pointer"], "/content", "{}", imported.text());
        }
        let set = [
            "config",
            "set",
            "n",
            &value,
            "--client",
            ACME,
            "--reason",
            "x",
            "--database-url",
            &url,
            "--data-dir",
            &folder,
        ];
        let done = tenantry(&set);
        assert!(done.code != Some(0) && done.err.contains("/a/1") && done.err.contains("as a string"), "{}", done.err);
        for text in [proposed.text(), written.text(), &done.err] {
            assert!(!text.contains(number), "{text}");
        }
    }
    let twice = format!(
        r#"{{"reason":"x","edits":[{{"operation":"set","key":"n","value":{{"a":1,"a":2}},"client_id":"{ACME}"}}]}}"#
    );
    let refused = world.send(Who::Admin, "/api/v1/changes", twice).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["errors"][0]["pointer"]),
        (422, &json!("/edits/0/value/a")),
        "{}",
        refused.text()
    );
    assert_eq!(world.state().await, before);
}
