//! The same on the command line.

use serde_json::{Value, json};

use super::agency::Agency;
use crate::support::{Outcome, tenantry};

fn run(agency: &Agency, arguments: &[&str]) -> Outcome {
    let url = agency.server.database.url();
    let all = [&["config"], arguments, &["--database-url", &url]].concat();
    tenantry(&all)
}

fn json(agency: &Agency, arguments: &[&str]) -> Value {
    let outcome = run(agency, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&outcome.out).unwrap_or_else(|error| panic!("{error}: {} {}", outcome.out, outcome.err))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_answers_as_the_api_does() {
    let agency = Agency::new().await;
    let client = agency.client("adeyemidental").await;
    let mail = "hello@adeyemidental.example";

    assert_eq!(json(&agency, &["resolve", mail]), agency.resolved(client, "").await);
    let staging = json(&agency, &["resolve", mail, "--env", "staging", "--as-of", "2"]);
    assert_eq!(staging, agency.resolved(client, "environment=staging&as_of=2").await);
    let text = run(&agency, &["resolve", mail]);
    let document: Value = serde_json::from_str(&text.out).expect("the document alone stands on standard output");
    assert_eq!(document, agency.resolved(client, "").await["document"]);
    assert!(
        text.err.contains("appointment-booking 1.4.0, production") && text.err.contains("x-locked"),
        "{}",
        text.err
    );

    let key = "privacy.cookieBanner";
    assert_eq!(json(&agency, &["explain", mail, key]), agency.explained(client, &format!("key={key}")).await);
    let text = run(&agency, &["explain", mail, key]).out;
    assert!(text.contains("locked out by global") && text.starts_with("privacy.cookieBanner: true"), "{text}");

    exports_and_verifies(&agency, mail);
    looks_back(&agency, mail).await;
    checks(&agency);
    refuses(&agency, mail);
}

fn exports_and_verifies(agency: &Agency, mail: &str) {
    let exported = run(agency, &["export", mail]);
    let document: Value = serde_json::from_str(&exported.out).expect("JSON");
    assert_eq!(document["privacy"]["cookieBanner"], true);
    let variables = run(agency, &["export", "hello@shimadatea.example", "--as", "env"]);
    assert_eq!(variables.out, "STORE_SUPPORT_EMAIL=hello@shimadatea.example\n", "{}", variables.err);
    let verified = run(agency, &["verify"]);
    assert_eq!(verified.code, Some(0), "{} {}", verified.out, verified.err);
    assert!(
        verified.out.contains("incomplete: client") && verified.out.contains("/store/supportEmail"),
        "{}",
        verified.out
    );
}

#[tokio::test]
async fn what_sql_by_hand_left_is_told() {
    let agency = Agency::new().await;
    agency
        .sql(
            r#"SET ROLE tenantry_owner;
               INSERT INTO template_configurations (template_id, template_version, template_name, configuration_schema)
               VALUES ('door', '1.0.0', 'Door', '{"properties": {"door": {"patternProperties": {"^pin": {"x-secret": true}}}}}');
               INSERT INTO system_configurations (configuration_key, configuration_value, template_id)
               VALUES ('door', '{"pin_a": "hunter2", "pin_b": "", "width": 0.12345678901234567890}', 'door');
               RESET ROLE"#,
        )
        .await;
    let row = json(&agency, &["verify"]);
    let findings =
        row["findings"].as_array().expect("findings").iter().filter(|finding| finding["weight"] == "invalid");
    let told: Vec<(&str, &str)> = findings
        .map(|finding| (finding["pointer"].as_str().unwrap_or_default(), finding["rule"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(told, [("/width", "unkept"), ("/pin_a", "x-secret")], "{row}");
    let text = run(&agency, &["verify"]);
    assert!(text.code == Some(1) && text.out.contains("stands in the clear"), "{}", text.out);
    assert!(!text.out.contains("hunter2") && !text.out.contains("0.1234"), "{}", text.out);
}

async fn looks_back(agency: &Agency, mail: &str) {
    let client = agency.client("adeyemidental").await;
    let before = agency.revision().await;
    let row = agency.set("cli.value", &json!(1), &[("client_id", &client.to_string())]).await;
    agency.sql(&format!("UPDATE system_configurations SET configuration_value = '2' WHERE id = '{row}'")).await;
    let history = json(agency, &["history", &row.to_string()]);
    assert_eq!(history["versions"].as_array().map(Vec::len), Some(2), "{history}");
    assert!(run(agency, &["history", &row.to_string()]).out.contains("system_configurations"));
    let (from, to) = (before.to_string(), (before + 2).to_string());
    let diff = json(agency, &["diff", &from, &to, "--client", mail]);
    assert_eq!(diff["document"], json!([{ "pointer": "/cli", "after": { "value": 2 } }]), "{diff}");
    let text = run(agency, &["diff", &from, &to, "--client", mail]).out;
    assert!(
        text.contains("insert system_configurations cli.value") && text.contains("/cli: nothing → {\"value\":2}"),
        "{text}"
    );
}

fn checks(agency: &Agency) {
    let folder = std::env::temp_dir().join(format!("tenantry-contract-{}", uuid::Uuid::new_v4().simple()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    let good = file("good.json", &json!({ "required": ["store"] }).to_string());
    let strict =
        file("strict.json", &json!({ "properties": { "store": { "required": ["supportEmail"] } } }).to_string());
    let remote = file("remote.json", &json!({ "$ref": "https://example.com/x.json" }).to_string());
    let large = file("large.json", &json!({ "description": "x".repeat(10_000_000) }).to_string());
    let deep = file("deep.json", &("{\"not\":".repeat(1_000) + "{}" + &"}".repeat(1_000)));
    let check = |file: &str| run(agency, &["check", file, "--template", "storefront"]);
    assert_eq!(check(&good).code, Some(0), "{}", check(&good).out);
    let missing = check(&strict);
    assert_eq!(missing.code, Some(1));
    assert!(
        missing.out.contains("3 lack something") && missing.out.contains("missing /store/supportEmail"),
        "{}",
        missing.out
    );
    for file in [remote, large, deep, "/nowhere.json".to_owned()] {
        let refused = check(&file);
        assert_eq!(refused.code, Some(1), "{file}");
        assert!(
            refused.err.starts_with("tenantry: ") && refused.err.contains("mend") || refused.err.contains("; "),
            "{file}: {}",
            refused.err
        );
    }
    std::fs::remove_dir_all(&folder).expect("it is there");
}

fn refuses(agency: &Agency, mail: &str) {
    for (arguments, code) in [
        (["resolve", "nobody@nowhere.example", "--env", "production"], 1),
        (["resolve", mail, "--env", "moon"], 2),
        (["resolve", mail, "--as-of", "yesterday"], 2),
        (["resolve", mail, "--as-of", "999999"], 1),
        (["resolve", mail, "--template", "nowhere"], 1),
        (["history", "no-id", "--limit", "1"], 2),
        (["history", "c0000000-0000-4000-8000-00000000000a", "--limit", "1"], 1),
    ] {
        let refused = run(agency, &arguments);
        assert_eq!(refused.code, Some(code), "{arguments:?}: {}", refused.err);
        assert!(!refused.err.is_empty() && refused.out.is_empty(), "{arguments:?}: {}", refused.err);
    }
}
