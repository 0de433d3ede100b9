//! Events know their client, whether the writer does or not.

use super::agency::{ACME, Agency, OTHER, Who};

async fn deployment(agency: &Agency, client: &str) -> String {
    agency
        .ok(Who::Operator, &format!(
            "WITH c AS (INSERT INTO client_customizations (client_id, template_id) VALUES ('{client}', 'shop') RETURNING client_id, id)
             INSERT INTO client_deployments (client_id, customization_id, deployment_name) SELECT client_id, id, 'web' FROM c RETURNING id"))
        .await[0][0]
        .clone()
}

#[tokio::test]
async fn the_client_is_filled_in_from_the_deployment() {
    let agency = Agency::new().await;
    let id = deployment(&agency, ACME).await;
    let insert = format!(
        "INSERT INTO deployment_tracking_events (deployment_id, event_type) VALUES ('{id}', 'error') RETURNING client_id"
    );
    for who in [Who::Admin, Who::Service, Who::Operator] {
        assert_eq!(agency.ok(who, &insert).await, [[ACME]]);
    }
    agency.ok(Who::Manager, &insert.replace(" RETURNING client_id", "")).await;
}

#[tokio::test]
async fn nobody_learns_whether_another_clients_deployment_exists() {
    let agency = Agency::new().await;
    let hidden = deployment(&agency, OTHER).await;
    let insert = |deployment: &str| {
        format!("INSERT INTO deployment_tracking_events (deployment_id, event_type) VALUES ('{deployment}', 'error')")
    };
    let there = agency.refused(Who::Manager, &insert(&hidden)).await;
    let nowhere = agency.refused(Who::Manager, &insert("d0000000-0000-4000-8000-000000000000")).await;
    assert_eq!((&there.code, &there.message), (&nowhere.code, &nowhere.message));
    for who in [Who::Admin, Who::Operator] {
        let refusal = agency.refused(who, &insert("d0000000-0000-4000-8000-000000000000")).await;
        refusal.by("23503", "deployment_tracking_events_client_id_deployment_id_fkey");
    }
}

#[tokio::test]
async fn an_event_is_of_its_deployments_client_and_not_of_the_day_after_tomorrow() {
    let agency = Agency::new().await;
    let id = deployment(&agency, ACME).await;
    let wrong = format!(
        "INSERT INTO deployment_tracking_events (client_id, deployment_id, event_type) VALUES ('{OTHER}', '{id}', 'error')"
    );
    let refusal = agency.refused(Who::Admin, &wrong).await;
    assert_eq!(
        (refusal.code.as_str(), refusal.constraint.as_str()),
        ("23503", "deployment_tracking_events_client_id_deployment_id_fkey")
    );
    let early = |ahead: &str| {
        format!(
            "INSERT INTO deployment_tracking_events (deployment_id, event_type, event_timestamp) VALUES ('{id}', 'error', now() + interval '{ahead}')"
        )
    };
    let refusal = agency.refused(Who::Admin, &early("25 hours")).await;
    assert_eq!(
        (refusal.code.as_str(), refusal.constraint.as_str()),
        ("23514", "deployment_tracking_events_event_timestamp_check")
    );
    agency.ok(Who::Admin, &early("23 hours")).await;
}
