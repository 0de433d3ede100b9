//! Validated, then applied; what was applied runs until something is applied again.

use super::agency::{ACME, Agency, Who};

async fn insert(agency: &Agency, name: &str, template: &str) -> String {
    let sql = format!(
        r#"INSERT INTO deployment_configurations (client_id, environment, deployment_name, template_id, application_config, applied_configuration)
           VALUES ('{ACME}', 'production', '{name}', {template}, '{{"title": "{name}"}}', '{{"forged": true}}')
           RETURNING id, status, applied_configuration IS NULL"#
    );
    let rows = agency.ok(Who::Manager, &sql).await;
    assert_eq!(rows[0][1..], ["draft", "t"]);
    rows[0][0].clone()
}

fn set(id: &str, what: &str) -> String {
    format!(
        "UPDATE deployment_configurations SET {what} WHERE id = '{id}'
         RETURNING status, coalesce(applied_configuration -> 'application_config' ->> 'title', 'not in force')"
    )
}

async fn state(agency: &Agency, id: &str) -> String {
    agency
        .value(&format!(
            "SELECT concat_ws(' ', status, coalesce(applied_configuration -> 'application_config' ->> 'title', 'not-in-force'), applied_revision IS NOT NULL)
               FROM deployment_configurations WHERE id = '{id}'"
        ))
        .await
}

#[tokio::test]
async fn applying_freezes_the_content_with_the_revision() {
    let agency = Agency::new().await;
    let id = insert(&agency, "web", "NULL").await;
    agency
        .refused(Who::Manager, &set(&id, "status = 'applied'"))
        .await
        .by("TN422", "deployment_configurations_status_transition");
    assert_eq!(agency.ok(Who::Manager, &set(&id, "status = 'validated'")).await, [["validated", "not in force"]]);
    assert_eq!(agency.ok(Who::Manager, &set(&id, "status = 'applied'")).await, [["applied", "web"]]);
    assert_eq!(state(&agency, &id).await, "applied web t");
    let stamps = agency
        .value("SELECT concat_ws(' ', applied_by, applied_at IS NOT NULL, version) FROM deployment_configurations")
        .await;
    assert_eq!(stamps, format!("{} t 3", Who::Manager.id()));
    let revisions =
        "SELECT d.applied_revision = r.revision FROM deployment_configurations d, tenantry.installation_revision r";
    assert_eq!(agency.value(revisions).await, "t");

    // An edit changes nothing that runs.
    let edit = set(&id, r#"application_config = '{"title": "new"}'"#);
    assert_eq!(agency.ok(Who::Manager, &edit).await, [["draft", "web"]]);
    let forged =
        set(&id, r#"applied_configuration = '{"application_config": {"title": "forged"}}', applied_revision = 1"#);
    assert_eq!(agency.ok(Who::Admin, &forged).await, [["draft", "web"]]);
    agency.ok(Who::Manager, &set(&id, "status = 'validated'")).await;
    agency.ok(Who::Manager, &set(&id, "status = 'applied'")).await;
    assert_eq!(state(&agency, &id).await, "applied new t");
}

#[tokio::test]
async fn an_edit_is_never_applied_unvalidated() {
    let agency = Agency::new().await;
    let id = insert(&agency, "web", "NULL").await;
    agency.ok(Who::Manager, &set(&id, "status = 'validated'")).await;
    let both = set(&id, "region = 'eu-west-1', status = 'applied'");
    agency.refused(Who::Manager, &both).await.by("TN422", "deployment_configurations_status_transition");
    assert_eq!(agency.ok(Who::Manager, &set(&id, "region = 'eu-west-1'")).await, [["draft", "not in force"]]);
    agency.ok(Who::Manager, &set(&id, "status = 'validated'")).await;
    assert_eq!(
        agency.ok(Who::Manager, &set(&id, "status = 'failed', validation_results = '{\"ok\": false}'")).await,
        [["failed", "not in force"]]
    );
}

#[tokio::test]
async fn one_is_in_force_per_client_environment_and_template() {
    let agency = Agency::new().await;
    let (old, new) = (insert(&agency, "old", "NULL").await, insert(&agency, "new", "NULL").await);
    let shop = insert(&agency, "shop", "'shop'").await;
    for id in [&old, &shop, &new] {
        agency.ok(Who::Manager, &set(id, "status = 'validated'")).await;
        agency.ok(Who::Manager, &set(id, "status = 'applied'")).await;
    }
    assert_eq!(state(&agency, &old).await, "validated not-in-force f");
    assert_eq!(state(&agency, &new).await, "applied new t");
    assert_eq!(state(&agency, &shop).await, "applied shop t");
    agency
        .refused(Who::Manager, &set(&shop, "template_id = NULL"))
        .await
        .by("TN422", "deployment_configurations_in_force");
    agency
        .refused(Who::Manager, &set(&shop, "environment = 'staging'"))
        .await
        .by("TN422", "deployment_configurations_in_force");
}

#[tokio::test]
async fn two_applied_at_once_leave_one_in_force() {
    let agency = Agency::new().await;
    let (one, two) = (insert(&agency, "one", "NULL").await, insert(&agency, "two", "NULL").await);
    for id in [&one, &two] {
        agency.ok(Who::Manager, &set(id, "status = 'validated'")).await;
    }
    let (first, second) = (agency.again().await, agency.again().await);
    first.batch_execute(&format!("BEGIN; {}", set(&one, "status = 'applied'"))).await.expect("the first");
    let apply = set(&two, "status = 'applied'");
    let waiting = tokio::spawn(async move { second.batch_execute(&apply).await });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    first.batch_execute("COMMIT").await.expect("the first");
    waiting.await.expect("the task").expect("the second");
    assert_eq!(state(&agency, &one).await, "validated not-in-force f");
    assert_eq!(state(&agency, &two).await, "applied two t");
}

#[tokio::test]
async fn a_deleted_deployment_leaves_the_configuration_and_its_client() {
    let agency = Agency::new().await;
    let sql = format!(
        "WITH c AS (INSERT INTO client_customizations (client_id, template_id) VALUES ('{ACME}', 'shop') RETURNING client_id, id)
         INSERT INTO client_deployments (client_id, customization_id, deployment_name) SELECT client_id, id, 'web' FROM c RETURNING id"
    );
    let deployment = agency.ok(Who::Manager, &sql).await[0][0].clone();
    let id = insert(&agency, "web", "NULL").await;
    agency.ok(Who::Manager, &set(&id, &format!("deployment_id = '{deployment}'"))).await;
    agency.ok(Who::Admin, &format!("DELETE FROM client_deployments WHERE id = '{deployment}'")).await;
    let left = "SELECT concat_ws(' ', client_id, deployment_id IS NULL, version) FROM deployment_configurations";
    assert_eq!(agency.value(left).await, format!("{ACME} t 3"));
}
