//! The views count what there is, once, and show what the asker's policies let through.

use super::agency::{ACME, Agency, OTHER, Who};

async fn furnish(agency: &Agency) {
    agency
        .ok(Who::Operator, &format!(
            r#"INSERT INTO template_configurations (template_id, template_version, template_name, created_at) VALUES
                 ('shop', '1.9.0', 'Shop', now()), ('shop', '1.10.0', 'Shop', now() - interval '1 day'), ('shop', 'latest', 'Shop', now());
               INSERT INTO client_customizations (client_id, template_id, template_version)
               VALUES ('{ACME}', 'shop', '1.9.0'), ('{ACME}', 'shop', NULL), ('{ACME}', 'shop', 'latest'), ('{OTHER}', 'shop', NULL);
               INSERT INTO client_deployments (client_id, customization_id, deployment_name, status, performance_metrics)
               SELECT c.client_id, c.id, 'd' || n, CASE n WHEN 1 THEN 'pending' ELSE 'deployed' END, '{{"performance": {{"avg_response_time": 120}}}}'
                 FROM client_customizations c, generate_series(1, 2) n WHERE c.template_version IS NULL;
               INSERT INTO system_configurations (configuration_key, configuration_value, client_id) VALUES ('a', '1', '{ACME}'), ('b', '1', '{ACME}'), ('c', '1', NULL);
               INSERT INTO deployment_configurations (client_id, environment, deployment_name) VALUES ('{ACME}', 'staging', 'web');
               INSERT INTO client_billing_info (client_id, subscription_tier, subscription_status) VALUES ('{ACME}', 'premium', 'active')"#))
        .await;
}

#[tokio::test]
async fn each_count_is_its_own() {
    let agency = Agency::new().await;
    furnish(&agency).await;
    let summary =
        "SELECT name, customizations_count, deployments_count, active_deployments FROM client_summary ORDER BY name";
    assert_eq!(agency.ok(Who::Admin, summary).await, [["Acme", "3", "2", "1"], ["Other", "1", "2", "1"]]);
    let configuration = "SELECT client_name, system_configurations_count, deployment_configurations_count, coalesce(subscription_tier, '-') FROM client_configuration_summary ORDER BY client_name";
    assert_eq!(agency.ok(Who::Admin, configuration).await, [["Acme", "2", "1", "premium"], ["Other", "0", "0", "-"]]);
    let usage = "SELECT template_version, customizations_draft, customizations_deployed, live_deployments FROM template_usage_summary ORDER BY template_version";
    assert_eq!(
        agency.ok(Who::Admin, usage).await,
        [["1.10.0", "2", "0", "2"], ["1.9.0", "1", "0", "0"], ["latest", "1", "0", "0"]]
    );
    let status = "SELECT client_name, deployment_name, avg_response_time FROM deployment_status_summary WHERE status = 'deployed' ORDER BY client_name";
    assert_eq!(agency.ok(Who::Admin, status).await, [["Acme", "d2", "120"], ["Other", "d2", "120"]]);
}

#[tokio::test]
async fn they_show_what_the_asker_may_see() {
    let agency = Agency::new().await;
    furnish(&agency).await;
    for who in [Who::Client, Who::Staff, Who::Manager] {
        assert_eq!(
            agency.ok(who, "SELECT name, customizations_count FROM client_summary").await,
            [["Acme", "3"]],
            "{who:?}"
        );
        assert_eq!(agency.ok(who, "SELECT count(*) FROM deployment_status_summary").await, [["2"]], "{who:?}");
        assert_eq!(agency.ok(who, "SELECT count(*) FROM client_configuration_summary").await, [["1"]], "{who:?}");
    }
    let billing = "SELECT coalesce(subscription_tier, 'hidden') FROM client_configuration_summary";
    assert_eq!(agency.ok(Who::Staff, billing).await, [["hidden"]]);
    assert_eq!(agency.ok(Who::Manager, billing).await, [["premium"]]);
    let usage =
        "SELECT customizations_draft, live_deployments FROM template_usage_summary WHERE template_version = '1.10.0'";
    assert_eq!(agency.ok(Who::Manager, usage).await, [["1", "1"]]);
}

#[tokio::test]
async fn known_columns_keep_their_places() {
    let agency = Agency::new().await;
    let columns = |view: &str| {
        format!(
            "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '{view}'::regclass AND attnum > 0"
        )
    };
    let summary = agency.value(&columns("client_summary")).await;
    assert!(summary.starts_with(
        "id name email company_name status tier customizations_count deployments_count active_deployments created_at last_contact_date assigned_manager"
    ));
    let status = agency.value(&columns("deployment_status_summary")).await;
    assert!(status.starts_with(
        "id client_id client_name deployment_name deployment_type status health_status deployment_url deployed_at last_health_check avg_response_time uptime_percentage"
    ));
    assert_eq!(
        agency.value(&columns("client_configuration_summary")).await,
        "client_id client_name company_name client_status tier system_configurations_count deployment_configurations_count subscription_tier subscription_status next_invoice_date"
    );
    assert_eq!(
        agency.value(&columns("template_usage_summary")).await,
        "template_id template_version template_name category status usage_count performance_score customizations_draft customizations_in_review customizations_approved customizations_deployed live_deployments last_used_at"
    );
}
