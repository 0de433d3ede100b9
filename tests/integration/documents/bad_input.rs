//! What can't be read is refused with everything that is wrong, and nothing of it is repeated that may be secret.

use serde_json::{Value, json};

use super::agency::{Agency, BOSS, problem};

#[tokio::test]
async fn bad_questions_are_refused() {
    let agency = Agency::new().await;
    let client = agency.client("lumenyoga").await;
    let document = format!("clients/{client}/configuration");
    for (path, status, pointer) in [
        (format!("{document}?environment=moon"), 422, Some("environment")),
        (format!("{document}?environment=all"), 422, Some("environment")),
        (format!("{document}?as_of=yesterday"), 422, Some("as_of")),
        (format!("{document}?as_of=0"), 422, Some("as_of")),
        (format!("{document}?as_of=999999"), 422, Some("as_of")),
        (format!("{document}?as_of=2001-01-01T00:00:00Z"), 422, Some("as_of")),
        (format!("{document}?as_of=2999-01-01T00:00:00Z"), 422, Some("as_of")),
        (format!("{document}?enviroment=production"), 422, None),
        (format!("{document}?template=a&template=b"), 422, None),
        (format!("{document}/explain"), 422, None),
        (format!("{document}/explain?key="), 422, Some("key")),
        (format!("{document}/explain?key=a..b"), 422, Some("key")),
        (format!("{document}/explain?key=a%20b"), 422, Some("key")),
        ("clients/somebody/configuration".to_owned(), 404, None),
        ("clients/c0000000-0000-4000-8000-00000000000a/configuration".to_owned(), 404, None),
        ("configurations/c0000000-0000-4000-8000-00000000000a/versions".to_owned(), 404, None),
        ("revisions/1/diff".to_owned(), 422, Some("range")),
        ("revisions/3..1/diff".to_owned(), 422, Some("range")),
        ("revisions/1..999999/diff".to_owned(), 422, Some("as_of")),
        ("revisions/1..2/diff?after=x".to_owned(), 422, Some("after")),
    ] {
        let refused = problem(&agency.get(BOSS, &path).await, status);
        if let Some(pointer) = pointer {
            assert_eq!(refused["errors"][0]["pointer"], pointer, "{path}: {refused}");
            assert!(refused["errors"][0]["mend"].is_string(), "{path}: {refused}");
        }
    }
    let both = problem(&agency.get(BOSS, &format!("{document}?environment=moon&as_of=x")).await, 422);
    assert_eq!(both["errors"].as_array().map(Vec::len), Some(2), "{both}");
    let since = problem(&agency.get(BOSS, &format!("{document}?as_of=2001-01-01T00:00:00Z")).await, 422);
    assert!(since["since"].as_str().is_some_and(|since| since.starts_with("20")), "says since when: {since}");

    schemas_that_cant_be_used(&agency).await;
    a_row_that_cant_be_read_stops_nobody(&agency).await;
}

async fn schemas_that_cant_be_used(agency: &Agency) {
    let deep = |levels: usize| {
        let mut text = "{\"template\": \"storefront\", \"schema\": ".to_owned();
        text.push_str(&"{\"not\": ".repeat(levels));
        text.push_str("{}");
        text.push_str(&"}".repeat(levels + 1));
        text
    };
    let wide: String = (0..500_000).map(|n| format!("\"key{n:07}\":{{}},")).collect();
    let wide =
        format!("{{\"template\": \"storefront\", \"schema\": {{\"properties\": {{{}}}}}}}", wide.trim_end_matches(','));
    assert!(wide.len() > 6_000_000);
    for (what, body) in [
        ("no schema", json!({ "template": "storefront", "schema": { "type": "wrong" } }).to_string()),
        (
            "a remote reference",
            json!({ "template": "storefront", "schema": { "$ref": "https://example.com/x.json" } }).to_string(),
        ),
        ("120 levels", deep(120)),
        ("1,000 levels", deep(1_000)),
        ("megabytes", wide),
        ("no object", json!({ "template": "storefront", "schema": 4_711 }).to_string()),
        ("an unknown member", json!({ "template": "storefront", "schema": {}, "schemas": 1 }).to_string()),
        (
            "an unknown environment",
            json!({ "template": "storefront", "schema": {}, "environment": "moon" }).to_string(),
        ),
        ("an unknown template", json!({ "template": "nowhere", "schema": {} }).to_string()),
        ("nothing", "{}".to_owned()),
    ] {
        let call = agency.call(BOSS, hyper::Method::POST, "contract").await;
        let answer = call.header("content-type", "application/json").body(body).send().await;
        let refused = problem(&answer, 422);
        let errors = refused["errors"].as_array().unwrap_or_else(|| panic!("{what}: {refused}"));
        assert!(!errors.is_empty() && errors.iter().all(|error| error["rule"].is_string()), "{what}: {refused}");
        assert!(!refused.to_string().contains("4711"), "{what}: {refused}");
    }
    let circle = json!({ "template": "storefront", "schema": { "$defs": { "a": { "$ref": "#/$defs/a" } }, "$ref": "#/$defs/a" } });
    let answer = agency.post(BOSS, "contract", &circle).await;
    assert!([200, 422].contains(&answer.status.as_u16()), "a circle ends: {}", answer.text());
}

async fn a_row_that_cant_be_read_stops_nobody(agency: &Agency) {
    let client = agency.new_client("deep").await;
    let before = agency.resolved(client, "").await["document"].clone();
    let deep = "[".repeat(1_000) + &"]".repeat(1_000);
    agency.sql(&format!("ALTER TABLE system_configurations DISABLE TRIGGER USER;
        INSERT INTO system_configurations (configuration_key, configuration_value, configuration_category, client_id) VALUES ('deep', '{deep}', 'client', '{client}');
        ALTER TABLE system_configurations ENABLE TRIGGER USER")).await;
    let after: Value = agency.resolved(client, "").await["document"].clone();
    assert_eq!(after, before);
}
