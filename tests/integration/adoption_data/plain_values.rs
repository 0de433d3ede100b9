//! Secrets and card numbers in the clear: the place is listed, the value never leaves the database.

use tenantry::db::adopt::findings::find;

use super::site::migrated;
use crate::support::Database;

/// Path, document with the value at it, and what gives it away; an empty word means that nothing is wrong.
const DOCUMENTS: &[(&str, &str, &str)] = &[
    ("dbPassword", r#"{"dbPassword": "hunter22-marker"}"#, "by name"),
    ("services.0.GITHUB_TOKEN", r#"{"services": [{"GITHUB_TOKEN": "marker"}]}"#, "by name"),
    ("env.0.value", r#"{"env": [{"name": "API_KEY", "value": "marker"}]}"#, "by name"),
    ("note", r#"{"note": "sk_live_markermarkermarker"}"#, "by form"),
    ("url", r#"{"url": "postgres://app:marker@db.example/app"}"#, "by form"),
    ("pem", r#"{"pem": "-----BEGIN RSA PRIVATE KEY-----marker"}"#, "by form"),
    ("session", r#"{"session": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtYXJrZXIifQ.marker"}"#, "by form"),
    // sk_live_markermarkermarker, {"password": "marker"} and marker22, each in base64.
    ("blob", r#"{"blob": "c2tfbGl2ZV9tYXJrZXJtYXJrZXJtYXJrZXI="}"#, "base64"),
    ("config", r#"{"config": "eyJwYXNzd29yZCI6ICJtYXJrZXIifQ=="}"#, "base64"),
    ("stripe.value", r#"{"stripe": {"encrypted": true, "value": "bWFya2VyMjI="}}"#, "base64"),
    ("card", r#"{"card": "4111 1111 1111 1111"}"#, "card number"),
    ("", r#"{"password_min_length": "12", "token_limit": 4096, "secret_enabled": true, "api_key": ""}"#, ""),
    ("", r#"{"dbPassword": {"$secret": {"id": "x", "fingerprint": "marker"}}}"#, ""),
    ("", r#"{"commit": "4111111111111112", "logo": "bG9nb3Mv", "theme": "dark-mode-with-a-long-name"}"#, ""),
];

#[tokio::test]
async fn each_place_is_listed_and_no_value_is_shown() {
    let database = Database::existing().await;
    let admin = database.connect().await;
    admin
        .batch_execute("UPDATE client_deployments SET environment_variables = '{}', build_id = '4242 4242 4242 4242' WHERE id = md5('dep:61')::uuid")
        .await
        .expect("the planted secret goes");
    let ids = admin.query("SELECT id::text FROM client_customizations ORDER BY id", &[]).await.expect("ids");
    let mut expected: Vec<(String, String, String)> = vec![(
        admin.query_one("SELECT md5('dep:61')::uuid::text", &[]).await.expect("an id").get(0),
        "build_id ".to_owned(),
        "card number".to_owned(),
    )];
    for ((path, document, why), row) in DOCUMENTS.iter().zip(&ids) {
        let id: String = row.get(0);
        let sql = "UPDATE client_customizations SET integration_config = $1::text::jsonb WHERE id = $2::text::uuid";
        admin.execute(sql, &[document, &id]).await.expect("a document");
        if !why.is_empty() {
            expected.push((id, format!("integration_config {path}"), (*why).to_owned()));
        }
    }

    let plan = migrated(&database, &["plan"]);
    let places =
        plan["faults"].as_array().expect("faults").iter().flat_map(|fault| fault["places"].as_array().expect("places"));
    let word = |place: &serde_json::Value, key: &str| place[key].as_str().expect("a word").to_owned();
    let mut found: Vec<(String, String, String)> = places
        .map(|place| {
            (word(place, "row"), format!("{} {}", word(place, "column"), word(place, "path")), word(place, "why"))
        })
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!((&found.0, &found.1), (&expected.0, &expected.1));
        assert!(found.2.contains(&expected.2), "{found:?} {expected:?}");
    }
    for value in ["marker", "4111", "4242", "c2tfbG", "eyJwYX", "bWFya2"] {
        assert!(!plan.to_string().contains(value), "{value} is shown");
    }
}

/// Names and values, some of them secrets or card numbers.
const VALUES: &[(&str, &str)] = &[
    ("STRIPE_SECRET", "x"),
    ("smtpPasswd", "x"),
    ("pwd", "x"),
    ("GITHUB_TOKEN", "x"),
    ("apikey", "x"),
    ("service-role-key", "x"),
    ("encryptionKey", "x"),
    ("tokens_per_day", "x"),
    ("PASSWORD_MAX_LENGTH", "x"),
    ("monkey", "x"),
    ("a", "rk_test_4eC39HqLyjWDarjtT1zdp7dc"),
    ("a", "whsec_abcdefgh"),
    ("a", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
    ("a", "glpat-abcdefgh"),
    ("a", "xoxb-123-abc"),
    ("a", "AKIAIOSFODNN7EXAMPLE"),
    ("a", "SG.abcdefghijklmnop.qrst"),
    ("a", "tnt_svc_abcdef"),
    ("a", "redis://:pw@cache/0"),
    ("a", "https://example.com/a:b@c"),
    ("a", "c2tfdGVzdF9hYmNkZWZnaGlqa2xtbm9w"),
    ("a", "5555-5555-5555-4444"),
    ("a", "378282246310005"),
    ("a", "6011111111111117"),
    ("a", "4111111111111112"),
    ("a", "1234567890123"),
    ("a", "plain text"),
];

#[tokio::test]
async fn what_is_refused_after_adoption_is_found_before() {
    let (site, migrated) = (Database::existing().await, Database::migrated().await);
    let (before, after) = (site.connect().await, migrated.connect().await);
    let clear = "UPDATE client_deployments SET environment_variables = '{}'";
    before.batch_execute(clear).await.expect("only what is tried here is there");
    let mut refused = 0;
    for (name, value) in VALUES {
        let sql = "UPDATE client_deployments SET environment_config = jsonb_build_object($1::text, $2::text)
                    WHERE id = md5('dep:61')::uuid";
        before.execute(sql, &[name, value]).await.expect("a document");
        before.batch_execute("BEGIN").await.expect("a transaction");
        let found = find(&before, &["client_deployments".to_owned()], &[]).await.expect("it is looked at");
        before.batch_execute("ROLLBACK").await.expect("its end");
        let sql = "SELECT tenantry.names_a_secret($1) OR tenantry.looks_secret($2) OR tenantry.is_card_number($2)";
        let is_refused: bool = after.query_one(sql, &[name, value]).await.expect("an answer").get(0);
        assert_eq!(found.plain_values.len(), usize::from(is_refused), "{name}: {value}");
        refused += usize::from(is_refused);
    }
    assert_eq!(refused, 20, "of these");
}
