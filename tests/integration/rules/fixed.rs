//! What nobody may ever do, whatever the policies say: move rows, rewrite trails, change system rows.

use super::agency::{ACME, Agency, OTHER, Who};

/// One row of ACME in every table of clients.
async fn furnish(agency: &Agency) {
    agency
        .ok(Who::Operator, &format!(
            "INSERT INTO client_billing_info (client_id) VALUES ('{ACME}');
             INSERT INTO system_configurations (configuration_key, configuration_value, client_id) VALUES ('mine', '1', '{ACME}');
             INSERT INTO deployment_configurations (client_id, environment, deployment_name) VALUES ('{ACME}', 'staging', 'web');
             INSERT INTO client_analytics (client_id, analytics_date) VALUES ('{ACME}', current_date);
             WITH c AS (INSERT INTO client_customizations (client_id, template_id) VALUES ('{ACME}', 'shop') RETURNING client_id, id),
                  d AS (INSERT INTO client_deployments (client_id, customization_id, deployment_name) SELECT client_id, id, 'web' FROM c RETURNING client_id, id)
             SELECT set_config('test.deployment', d.id::text, false) FROM d;
             INSERT INTO deployment_tracking_events (deployment_id, event_type) VALUES (current_setting('test.deployment')::uuid, 'error');
             UPDATE system_configurations SET configuration_value = '2' WHERE configuration_key = 'mine'"))
        .await;
}

#[tokio::test]
async fn no_row_moves_to_another_client() {
    let agency = Agency::new().await;
    furnish(&agency).await;
    for table in [
        "client_members",
        "client_customizations",
        "client_analytics",
        "client_billing_info",
        "client_deployments",
        "system_configurations",
        "deployment_configurations",
    ] {
        for who in [Who::Admin, Who::SuperAdmin, Who::Operator] {
            let sql = format!("UPDATE {table} SET client_id = '{OTHER}' WHERE client_id = '{ACME}'");
            let refusal = agency.refused(who, &sql).await;
            // The grants leave the column out already; an operator has them all.
            assert_eq!(refusal.code, "42501", "{refusal:#?}");
            if who == Who::Operator {
                refusal.by("42501", &format!("{table}_client_id_fixed"));
            }
        }
        assert_eq!(agency.value(&format!("SELECT count(*) FROM {table} WHERE client_id = '{OTHER}'")).await, "0");
    }
    let global = format!("UPDATE system_configurations SET client_id = '{ACME}' WHERE client_id IS NULL");
    agency.refused(Who::Operator, &global).await.by("42501", "system_configurations_client_id_fixed");
}

#[tokio::test]
async fn trails_are_only_added_to() {
    let agency = Agency::new().await;
    furnish(&agency).await;
    for table in ["deployment_tracking_events", "configuration_versions"] {
        for statement in [
            format!("UPDATE {table} SET client_id = client_id"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table}"),
        ] {
            agency.refused(Who::Operator, &statement).await.by("42501", &format!("{table}_append_only"));
            for who in [Who::Manager, Who::Admin, Who::SuperAdmin, Who::Service] {
                assert_eq!(agency.refused(who, &statement).await.code, "42501", "{who:?} {statement}");
            }
        }
        assert_eq!(agency.value(&format!("SELECT count(*) FROM {table}")).await, "1");
    }
}

#[tokio::test]
async fn events_of_an_adopted_table_can_be_mended_by_hand_while_they_break_a_rule() {
    let agency = Agency::new().await;
    furnish(&agency).await;
    agency
        .ok(Who::Operator, "INSERT INTO tenantry.pending_rules VALUES ('deployment_tracking_events', 'some_check', 'check', 1, 'trigger', 'mend it')")
        .await;
    agency.ok(Who::Operator, "UPDATE deployment_tracking_events SET event_status = 'warning'").await;
    assert_eq!(
        agency.refused(Who::SuperAdmin, "UPDATE deployment_tracking_events SET event_status = 'info'").await.code,
        "42501"
    );
    agency.ok(Who::Operator, "DELETE FROM deployment_tracking_events").await;
    assert_eq!(agency.value("SELECT count(*) FROM deployment_tracking_events").await, "0");
}

#[tokio::test]
async fn system_rows_stay() {
    let agency = Agency::new().await;
    let row = "WHERE configuration_key = 'billing_settings'";
    for who in [Who::Admin, Who::Service] {
        agency
            .ok(
                who,
                &format!(r#"UPDATE system_configurations SET configuration_value = '{{"currency": "EUR"}}' {row}"#),
            )
            .await;
        let refusal = agency.refused(who, &format!("UPDATE system_configurations SET description = 'x' {row}")).await;
        refusal.by("42501", "system_configurations_system_row");
        agency.ok(who, &format!("DELETE FROM system_configurations {row}")).await;
        let forged = "INSERT INTO system_configurations (configuration_key, configuration_value, is_system) VALUES ('forged', '1', true)";
        assert_eq!(agency.refused(who, forged).await.code, "42501");
    }
    assert_eq!(agency.value(&format!("SELECT count(*) FROM system_configurations {row}")).await, "1");
    for (who, flag) in [
        (Who::Admin, "is_system = false"),
        (Who::SuperAdmin, "is_system = false"),
        (Who::SuperAdmin, "is_delegated = true"),
    ] {
        assert_eq!(
            agency.refused(who, &format!("UPDATE system_configurations SET {flag} {row}")).await.code,
            "42501",
            "{who:?} {flag}"
        );
    }
    agency.ok(Who::Admin, "DELETE FROM deployment_templates WHERE template_name = 'Local Release'").await;
    assert_eq!(agency.value("SELECT count(*) FROM deployment_templates").await, "4");
    let refusal = agency.refused(Who::Admin, "UPDATE deployment_templates SET is_system_template = false").await;
    assert_eq!(refusal.code, "42501", "{refusal:#?}");
    agency
        .ok(Who::Admin, "UPDATE deployment_templates SET description = 'x' WHERE template_name = 'Local Release'")
        .await;
}

#[tokio::test]
async fn a_deployment_with_events_or_figures_is_not_deleted() {
    let agency = Agency::new().await;
    furnish(&agency).await;
    let refusal = agency.refused(Who::Admin, "DELETE FROM client_deployments").await;
    assert_eq!(
        (refusal.code.as_str(), refusal.constraint.as_str()),
        ("23503", "deployment_tracking_events_client_id_deployment_id_fkey")
    );
    agency.ok(Who::Manager, "UPDATE client_deployments SET status = 'cancelled'").await;
}
