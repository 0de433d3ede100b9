//! Who made and changed a row, and when.

use super::agency::{ACME, Agency, Who};

#[tokio::test]
async fn a_request_is_stamped_with_its_person_whatever_it_sends() {
    let agency = Agency::new().await;
    let rows = agency
        .ok(
            Who::Admin,
            &format!(
                "INSERT INTO system_configurations (configuration_key, configuration_value, created_by, updated_by, created_at, updated_at)
                 VALUES ('a.b', '1', '{0}', '{0}', '2020-01-01', '2020-01-01')
                 RETURNING created_by, updated_by, created_at = now(), updated_at = now()",
                Who::Staff.id()
            ),
        )
        .await;
    assert_eq!(rows, [[Who::Admin.id(), Who::Admin.id(), "t", "t"]]);

    let rows = agency
        .ok(
            Who::SuperAdmin,
            "UPDATE system_configurations SET configuration_value = '2', created_at = '2020-01-01', created_by = NULL,
                    updated_at = '2020-01-01', updated_by = NULL
              WHERE configuration_key = 'a.b' RETURNING created_by, updated_by, created_at > '2021-01-01', updated_at > created_at",
        )
        .await;
    assert_eq!(rows, [[Who::Admin.id(), Who::SuperAdmin.id(), "t", "t"]]);
}

#[tokio::test]
async fn a_machine_is_nobody_and_an_operator_is_believed() {
    let agency = Agency::new().await;
    let insert = format!(
        "INSERT INTO system_configurations (configuration_key, configuration_value, created_by) VALUES ('a.b', '1', '{}')
         RETURNING coalesce(created_by::text, 'nobody')",
        Who::Staff.id()
    );
    assert_eq!(agency.ok(Who::Service, &insert).await, [["nobody"]]);
    assert_eq!(agency.ok(Who::Operator, &insert.replace("a.b", "a.c")).await, [[Who::Staff.id()]]);
}

#[tokio::test]
async fn an_update_moves_updated_at_and_the_counter_only_where_it_changes_something() {
    let agency = Agency::new().await;
    agency
        .ok(
            Who::Admin,
            "INSERT INTO system_configurations (configuration_key, configuration_value, version) VALUES ('a', '1', 40)",
        )
        .await;
    let state =
        "SELECT version || ' ' || (updated_at = created_at) FROM system_configurations WHERE configuration_key = 'a'";
    assert_eq!(agency.value(state).await, "1 true");
    agency
        .ok(
            Who::Admin,
            "UPDATE system_configurations SET configuration_value = '1', version = 17 WHERE configuration_key = 'a'",
        )
        .await;
    assert_eq!(agency.value(state).await, "1 true");
    agency
        .ok(
            Who::Admin,
            "UPDATE system_configurations SET configuration_value = '2', version = 17 WHERE configuration_key = 'a'",
        )
        .await;
    assert_eq!(agency.value(state).await, "2 false");
}

#[tokio::test]
async fn updated_at_moves_also_where_the_transaction_began_before_the_last_write() {
    let agency = Agency::new().await;
    let late = agency.again().await;
    late.batch_execute("BEGIN; SELECT now()").await.expect("a transaction");
    agency.ok(Who::Admin, &format!("UPDATE clients_enhanced SET name = 'first' WHERE id = '{ACME}'")).await;
    let first = agency.value(&format!("SELECT updated_at FROM clients_enhanced WHERE id = '{ACME}'")).await;
    late.batch_execute(&format!("UPDATE clients_enhanced SET name = 'second' WHERE id = '{ACME}'; COMMIT"))
        .await
        .expect("a write");
    let moved = format!("SELECT name || ' ' || (updated_at > '{first}') FROM clients_enhanced WHERE id = '{ACME}'");
    assert_eq!(agency.value(&moved).await, "second true");
}

#[tokio::test]
async fn a_migration_that_touches_a_row_stamps_nothing() {
    let agency = Agency::new().await;
    let state =
        "SELECT updated_at::text || coalesce(updated_by::text, '') FROM clients_enhanced WHERE name LIKE 'Acme%'";
    let before = agency.value(state).await;
    agency.ok(Who::Owner, &format!("UPDATE clients_enhanced SET name = 'Acme Ltd' WHERE id = '{ACME}'")).await;
    assert_eq!(agency.value(state).await, before);
}

#[tokio::test]
async fn kept_figures_move_nothing_and_are_not_for_requests() {
    let agency = Agency::new().await;
    agency
        .ok(Who::Admin, "INSERT INTO template_configurations (template_id, template_version, template_name, usage_count, performance_score) VALUES ('t', '1.0.0', 'T', 99, 50)")
        .await;
    let state = "SELECT concat_ws(' ', usage_count, performance_score, last_used_at IS NULL, updated_at = created_at) FROM template_configurations";
    assert_eq!(agency.value(state).await, "0 t t");
    agency.ok(Who::Admin, "UPDATE template_configurations SET usage_count = 7, last_used_at = now()").await;
    assert_eq!(agency.value(state).await, "0 t t");
    agency.ok(Who::Operator, "UPDATE template_configurations SET usage_count = 7, performance_score = 80").await;
    assert_eq!(agency.value(state).await, "7 80.00 t t");
    assert_eq!(agency.value("SELECT count(*) FROM configuration_versions").await, "0");
}
