//! What there was before: as of a revision or a time, the history of a row, what differs between two revisions.

use serde_json::{Value, json};
use uuid::Uuid;

use super::agency::{Agency, BOSS, MANAGER, MARTA, STAFF, problem};

#[tokio::test]
async fn former_configuration_is_told() {
    let agency = Agency::new().await;
    let client = agency.client("adeyemidental").await;
    let id = client.to_string();
    let before = agency.revision().await;
    let row = agency.set("history.value", &json!(1), &[("client_id", &id)]).await;
    let first = agency.revision().await;
    let time: String = agency
        .admin
        .query_one("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')", &[])
        .await
        .unwrap()
        .get(0);
    agency.sql(&format!("BEGIN; SET LOCAL tenantry.reason = 'two is better'; UPDATE system_configurations SET configuration_value = '2' WHERE id = '{row}'; COMMIT")).await;
    let second = agency.revision().await;
    agency.sql(&format!("DELETE FROM system_configurations WHERE id = '{row}'")).await;
    let last = agency.revision().await;

    let value = async |query: &str| agency.resolved(client, query).await["document"]["history"]["value"].clone();
    assert_eq!(value(&format!("as_of={before}")).await, Value::Null);
    assert_eq!(value(&format!("as_of={first}")).await, json!(1));
    assert_eq!(value(&format!("as_of={time}")).await, json!(1));
    assert_eq!(value(&format!("as_of={second}")).await, json!(2));
    assert_eq!(value(&format!("as_of={last}")).await, Value::Null);
    assert_eq!(value("").await, Value::Null);
    assert_eq!(agency.resolved(client, &format!("as_of={time}")).await["revision"], first);
    let now = agency.resolved(client, "").await;
    let then = agency.resolved(client, &format!("as_of={last}")).await;
    assert_eq!(now, then, "as of the newest revision is now");
    let explained = agency.explained(client, &format!("key=history.value&as_of={second}")).await;
    let layer =
        explained["layers"].as_array().unwrap().iter().find(|layer| layer["outcome"] == "won").expect("a winner");
    assert_eq!(
        (&layer["rows"][0]["revision"], &layer["rows"][0]["reason"]),
        (&json!(second), &json!("two is better")),
        "{explained}"
    );

    the_history_of_a_row(&agency, row, [first, second, last]).await;
    the_difference(&agency, client, row, [before, second, last]).await;
    nobody_else_sees_it(&agency, row).await;
}

async fn the_history_of_a_row(agency: &Agency, row: Uuid, [first, second, last]: [i64; 3]) {
    let history = Agency::ok(&agency.get(BOSS, &format!("configurations/{row}/versions")).await);
    assert_eq!(history["table"], "system_configurations");
    let versions = history["versions"].as_array().unwrap();
    let spans: Vec<_> = versions
        .iter()
        .map(|version| {
            (
                version["content"]["configuration_value"].clone(),
                version["revision_from"].clone(),
                version["revision_to"].clone(),
            )
        })
        .collect();
    assert_eq!(spans, [(json!(2), json!(second), json!(last)), (json!(1), json!(first), json!(second))], "{history}");
    let page = Agency::ok(&agency.get(BOSS, &format!("configurations/{row}/versions?limit=1")).await);
    let next = page["next"].as_str().expect("there is more");
    let rest = Agency::ok(&agency.get(BOSS, &format!("configurations/{row}/versions?limit=1&before={next}")).await);
    assert_eq!((&rest["versions"][0], &rest["next"]), (&versions[1], &Value::Null));
}

async fn the_difference(agency: &Agency, client: Uuid, row: Uuid, [before, second, last]: [i64; 3]) {
    let diff = async |from: i64, to: i64, query: &str| {
        Agency::ok(&agency.get(BOSS, &format!("revisions/{from}..{to}/diff?{query}")).await)
    };
    let made = diff(before, second, &format!("client={client}")).await;
    let rows = made["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{made}");
    assert_eq!(
        (&rows[0]["row_id"], &rows[0]["operation"], &rows[0]["key"]),
        (&json!(row), &json!("insert"), &json!("history.value"))
    );
    assert_eq!(made["document"], json!([{ "pointer": "/history", "after": { "value": 2 } }]), "{made}");
    let gone = diff(second, last, "").await;
    assert_eq!(gone["rows"][0]["operation"], "delete", "{gone}");
    let nothing = diff(before, last, "").await;
    assert_eq!(nothing["rows"], json!([]), "it came and went: {nothing}");
    let changed = diff(second - 1, second, "").await;
    assert_eq!(
        changed["rows"][0]["changes"],
        json!([{ "pointer": "/configuration_value", "before": 1, "after": 2 }]),
        "{changed}"
    );
    assert_eq!(changed["rows"][0]["reason"], "two is better");
}

async fn nobody_else_sees_it(agency: &Agency, row: Uuid) {
    let client = agency.client("lumenyoga").await;
    problem(&agency.get(MARTA, &format!("configurations/{row}/versions")).await, 404);
    problem(&agency.get(MARTA, "revisions/1..2/diff").await, 403);
    problem(&agency.get(MARTA, &format!("clients/{client}/configuration?as_of=2")).await, 403);
    let others = agency.client("ateliermarchand").await;
    let newest = agency.revision().await;
    for who in [MANAGER, STAFF] {
        let answer = agency.get(who, &format!("revisions/1..{newest}/diff")).await;
        let text = answer.text().to_owned();
        let seen = Agency::ok(&agency.get(who, &format!("revisions/1..{newest}/diff?limit=500")).await);
        assert!(!seen["rows"].as_array().unwrap().is_empty());
        let theirs = agency.get(who, &format!("clients/{others}/configuration")).await.status == 200;
        assert_eq!(text.contains(&others.to_string()), theirs, "{who}");
    }
}
