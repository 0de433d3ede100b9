//! Writers that meet.

use std::collections::BTreeMap;

use serde_json::json;

use super::world::{ACME, Who, World, set, with};

#[tokio::test]
async fn of_fifty_writers_of_a_row_one_wins_each_version() {
    let world = World::new().await;
    let at = |value: String, base: Option<i64>| {
        let members = match base {
            Some(base) => json!({ "client_id": ACME, "base": base }),
            None => json!({ "client_id": ACME }),
        };
        json!([with(set("branding.tagline", value), members)])
    };
    for round in 0..3_i64 {
        // In the first round there is no row yet.
        let base = (round > 0).then_some(round);
        let mut changes = Vec::new();
        for writer in 0..50 {
            changes.push(World::proposed(&world.propose(Who::Manager, &at(format!("{round}/{writer}"), base)).await));
        }
        let applied = changes.iter().map(|id| world.act(Who::Manager, id, "apply"));
        let answers = futures_util::future::join_all(applied).await;
        let mut statuses = BTreeMap::new();
        for answer in &answers {
            *statuses.entry(answer.status.as_u16()).or_insert(0) += 1;
            if answer.status.as_u16() == 412 {
                let current = &answer.json()["current"];
                assert_eq!(current["version"], round + 1, "{}", answer.text());
            }
        }
        assert_eq!(statuses, BTreeMap::from([(200, 1), (412, 49)]), "round {round}");
        let version =
            world.value("SELECT version FROM system_configurations WHERE configuration_key = 'branding.tagline'").await;
        assert_eq!(version, (round + 1).to_string());
    }
}

#[tokio::test]
async fn of_two_changes_that_together_break_a_document_one_is_refused() {
    // Each is fine alone: the currency decides which page sizes there may be.
    let world = World::with(&json!({
        "type": "object",
        "properties": { "a": { "type": "boolean" }, "b": { "type": "boolean" } },
        "not": { "properties": { "a": { "const": true }, "b": { "const": true } }, "required": ["a", "b"] }
    }))
    .await;
    for round in 0..10 {
        let edit = |key: &str, value: bool| {
            json!([with(set(key, value), json!({ "client_id": ACME, "template_id": "shop" }))])
        };
        for key in ["a", "b"] {
            let answer = world.change(Who::Manager, &edit(key, false)).await;
            assert_eq!(answer.status.as_u16(), 200, "{round}: {}", answer.text());
        }
        let a = World::proposed(&world.propose(Who::Manager, &edit("a", true)).await);
        let b = World::proposed(&world.propose(Who::Manager, &edit("b", true)).await);
        let (one, other) = tokio::join!(world.act(Who::Manager, &a, "apply"), world.act(Who::Manager, &b, "apply"));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422], "{round}: {} {}", one.text(), other.text());
        let document = world.document(ACME, "production").await;
        assert_ne!(document["a"], document["b"], "{document}");
    }
}

#[tokio::test]
async fn revisions_are_in_the_order_of_commits_and_each_names_its_change() {
    let world = World::new().await;
    let mut changes = Vec::new();
    for number in 0..20 {
        let edit = json!([with(set(&format!("notes.n{number}"), number), json!({ "client_id": ACME }))]);
        changes.push(World::proposed(&world.propose(Who::Manager, &edit).await));
    }
    let answers = futures_util::future::join_all(changes.iter().map(|id| world.act(Who::Manager, id, "apply"))).await;
    let mut revisions: Vec<i64> = answers.iter().filter_map(|answer| answer.json()["revision"].as_i64()).collect();
    revisions.sort_unstable();
    revisions.dedup();
    assert_eq!(revisions.len(), 20);
    let matching =
        "SELECT count(*) FROM tenantry.configuration_heads h JOIN tenantry.changes c ON c.revision = h.revision
                      JOIN tenantry.change_edits e ON e.change_id = c.id AND e.row_id = h.row_id";
    assert_eq!(world.value(matching).await, "20");
}
