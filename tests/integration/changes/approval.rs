//! Protected environments, and who decides.

use serde_json::json;

use super::world::{ACME, Who, World, set, with};

async fn protect(world: &World, environments: &str) {
    let sql = format!(
        "SET ROLE tenantry_owner;
         UPDATE system_configurations SET configuration_value = '{environments}' WHERE configuration_key = 'protected_environments';
         RESET ROLE"
    );
    world.admin.batch_execute(&sql).await.expect("a setting");
}

#[tokio::test]
async fn a_protected_environment_takes_a_second_person() {
    let world = World::new().await;
    protect(&world, r#"["production"]"#).await;
    let edit = |environment: &str| {
        json!([with(set("branding.tagline", "x"), json!({ "client_id": ACME, "environment": environment }))])
    };
    // Elsewhere nobody is asked.
    assert_eq!(world.change(Who::Manager, &edit("staging")).await.status.as_u16(), 200);
    for environment in ["production", "all"] {
        let id = World::proposed(&world.propose(Who::Manager, &edit(environment)).await);
        let before = world.state().await;
        let alone = world.act(Who::Manager, &id, "apply").await;
        assert_eq!(alone.status.as_u16(), 422, "{}", alone.text());
        assert!(alone.text().contains("protected"), "{}", alone.text());
        assert_eq!(world.act(Who::Manager, &id, "approve").await.status.as_u16(), 422);
        assert_eq!(world.act(Who::Staff, &id, "approve").await.status.as_u16(), 403);
        // A machine is no second person.
        assert_eq!(world.act(Who::Service, &id, "approve").await.status.as_u16(), 422);
        assert_eq!(world.state().await, before);
        let approved = world.act(Who::Second, &id, "approve").await;
        assert_eq!(approved.json()["state"], "approved", "{}", approved.text());
        let applied = world.act(Who::Manager, &id, "apply").await;
        assert_eq!(applied.status.as_u16(), 200, "{}", applied.text());
        assert_eq!(applied.json()["decided_by"]["user_id"], "a0000000-0000-4000-8000-000000000002");
    }
}

#[tokio::test]
async fn nobody_lifts_a_protection_alone() {
    let world = World::new().await;
    protect(&world, r#"["production"]"#).await;
    let lift = json!([set("protected_environments", json!([]))]);
    let id = World::proposed(&world.propose(Who::Admin, &lift).await);
    assert_eq!(world.act(Who::Admin, &id, "apply").await.status.as_u16(), 422);
    assert_eq!(world.act(Who::Second, &id, "approve").await.status.as_u16(), 200);
    assert_eq!(world.act(Who::Admin, &id, "apply").await.status.as_u16(), 200);
    let nonsense = world.propose(Who::Admin, &json!([set("protected_environments", json!(["qa"]))])).await;
    assert_eq!(nonsense.status.as_u16(), 422, "{}", nonsense.text());
}

#[tokio::test]
async fn a_change_is_decided_once() {
    let world = World::new().await;
    let edit = json!([with(set("branding.tagline", "x"), json!({ "client_id": ACME }))]);
    let proposed = World::proposed(&world.propose(Who::Staff, &edit).await);
    assert_eq!(world.act(Who::Manager, &proposed, "withdraw").await.status.as_u16(), 403);
    let rejected = world.act(Who::Manager, &proposed, "reject").await;
    assert_eq!(rejected.json()["state"], "rejected", "{}", rejected.text());
    let own = World::proposed(&world.propose(Who::Staff, &edit).await);
    let withdrawn = world.act(Who::Staff, &own, "withdraw").await;
    assert_eq!(withdrawn.json()["state"], "withdrawn", "{}", withdrawn.text());
    for id in [&proposed, &own] {
        for act in ["apply", "approve", "reject"] {
            let answer = world.act(Who::Manager, id, act).await;
            assert_eq!(answer.status.as_u16(), 422, "{act}: {}", answer.text());
        }
    }
    assert_eq!(world.value("SELECT count(*) FROM system_configurations WHERE NOT is_system").await, "0");
}
