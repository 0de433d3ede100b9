//! Every former content of configuration is kept, with the times and revisions between which it was current.

use super::agency::{ACME, Agency, Who};

const KEY: &str = "configuration_key = 'a'";

async fn write(agency: &Agency, sql: &str) {
    agency.ok(Who::Admin, sql).await;
}

#[tokio::test]
async fn each_change_leaves_the_former_content_and_a_deletion_the_last() {
    let agency = Agency::new().await;
    let before: i64 =
        agency.value("SELECT revision FROM tenantry.installation_revision").await.parse().expect("a number");
    write(&agency, &format!("INSERT INTO system_configurations (configuration_key, configuration_value, client_id) VALUES ('a', '1', '{ACME}')")).await;
    write(&agency, &format!("UPDATE system_configurations SET configuration_value = '2' WHERE {KEY}")).await;
    write(
        &agency,
        &format!(
            "SELECT set_config('tenantry.reason', 'obsolete', true); DELETE FROM system_configurations WHERE {KEY}"
        ),
    )
    .await;
    let rows = agency
        .ok(Who::Operator, &format!(
            "SELECT content ->> 'configuration_value', operation, revision_from - {before}, revision_to - {before}, client_id, changed_by, reason
               FROM configuration_versions ORDER BY valid_from"))
        .await;
    assert_eq!(
        rows,
        [
            ["1", "update", "1", "2", ACME, Who::Admin.id(), "NULL"],
            ["2", "delete", "2", "3", ACME, Who::Admin.id(), "obsolete"],
        ]
    );
    let spans = "SELECT bool_and(valid_from < valid_to), bool_and(valid_from = previous) FROM (
        SELECT valid_from, valid_to, lag(valid_to, 1, valid_from) OVER (ORDER BY valid_from) AS previous FROM configuration_versions) s";
    assert_eq!(agency.ok(Who::Operator, spans).await, [["t", "t"]]);
    assert_eq!(
        agency.value("SELECT count(*) FROM tenantry.configuration_heads WHERE client_id IS NOT NULL").await,
        "0"
    );
}

#[tokio::test]
async fn a_transaction_takes_one_revision_and_one_that_changes_nothing_takes_none() {
    let agency = Agency::new().await;
    let revision = "SELECT revision FROM tenantry.installation_revision";
    let before: i64 = agency.value(revision).await.parse().expect("a number");
    write(
        &agency,
        &format!(
            "INSERT INTO system_configurations (configuration_key, configuration_value) VALUES ('a', '1'), ('b', '1');
                  UPDATE system_configurations SET configuration_value = '2' WHERE {KEY};
                  INSERT INTO client_customizations (client_id, template_id) VALUES ('{ACME}', 'shop')"
        ),
    )
    .await;
    assert_eq!(agency.value(revision).await, (before + 1).to_string());
    // It came and went within one transaction: no revision ever showed it.
    let inside = format!(
        "SELECT concat_ws(' ', content ->> 'configuration_value', revision_from - {before}, revision_to - {before}) FROM configuration_versions"
    );
    assert_eq!(agency.value(&inside).await, "1 1 1");
    write(&agency, &format!("UPDATE system_configurations SET configuration_value = '2' WHERE {KEY}")).await;
    write(&agency, &format!("UPDATE clients_enhanced SET name = 'Renamed' WHERE id = '{ACME}'")).await;
    assert_eq!(agency.value(revision).await, (before + 1).to_string());
}

#[tokio::test]
async fn a_row_that_comes_back_begins_after_the_one_that_went() {
    let agency = Agency::new().await;
    let id = "e0000000-0000-4000-8000-000000000001";
    for _ in 0..2 {
        write(&agency, &format!("INSERT INTO system_configurations (id, configuration_key, configuration_value) VALUES ('{id}', 'a', '1')")).await;
        write(&agency, &format!("DELETE FROM system_configurations WHERE {KEY}")).await;
    }
    let gap = format!(
        "SELECT count(*) || ' ' || (min(valid_to) < max(valid_from)) FROM configuration_versions WHERE row_id = '{id}'"
    );
    assert_eq!(agency.value(&gap).await, "2 true");
}

#[tokio::test]
async fn nobody_holds_the_revision_while_working() {
    let agency = Agency::new().await;
    let slow = agency.again().await;
    slow.batch_execute(
        "BEGIN; INSERT INTO system_configurations (configuration_key, configuration_value) VALUES ('slow', '1')",
    )
    .await
    .expect("a write");
    // Neither waits for the other, and whoever commits first has the lower revision.
    agency.ok(Who::Admin, "SET LOCAL lock_timeout = '1s'; INSERT INTO system_configurations (configuration_key, configuration_value) VALUES ('quick', '1')").await;
    slow.batch_execute("COMMIT").await.expect("a commit");
    let order = "SELECT string_agg(c.configuration_key, ' ' ORDER BY h.revision) FROM tenantry.configuration_heads h
                   JOIN system_configurations c ON c.id = h.row_id WHERE NOT c.is_system";
    assert_eq!(agency.value(order).await, "quick slow");
    let times = "SELECT bool_and(valid_from >= before) FROM (SELECT valid_from, lag(valid_from, 1, valid_from) OVER (ORDER BY revision) AS before FROM tenantry.configuration_heads) h";
    assert_eq!(agency.value(times).await, "t");
}

#[tokio::test]
async fn all_four_tables_have_a_history_and_members_see_theirs() {
    let agency = Agency::new().await;
    write(
        &agency,
        &format!("INSERT INTO system_configurations (configuration_key, configuration_value, client_id) VALUES ('a', '1', '{ACME}');
                  INSERT INTO template_configurations (template_id, template_version, template_name) VALUES ('t', '1.0.0', 'T');
                  INSERT INTO client_customizations (client_id, template_id) VALUES ('{ACME}', 'shop');
                  INSERT INTO deployment_configurations (client_id, environment, deployment_name) VALUES ('{ACME}', 'staging', 'web')"),
    )
    .await;
    write(
        &agency,
        "UPDATE system_configurations SET description = 'x' WHERE NOT is_system; UPDATE template_configurations SET template_name = 'U';
         UPDATE client_customizations SET css_customizations = 'b {}'; UPDATE deployment_configurations SET region = 'eu-west-1'",
    )
    .await;
    let tables = "SELECT string_agg(table_name, ' ' ORDER BY table_name) FROM configuration_versions";
    assert_eq!(
        agency.value(tables).await,
        "client_customizations deployment_configurations system_configurations template_configurations"
    );
    assert_eq!(
        agency.ok(Who::Manager, "SELECT count(*) FROM configuration_versions WHERE client_id IS NOT NULL").await,
        [["3"]]
    );
    assert_eq!(agency.ok(Who::Client, "SELECT count(*) FROM configuration_versions").await, [["0"]]);
}
