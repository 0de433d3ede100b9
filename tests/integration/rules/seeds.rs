//! The rows that Tenantry needs are there, once, and nobody's edit is undone.

use super::agency::{Agency, Who};

const SEEDS: &str = include_str!("../../../migrations/0026_seeds.up.sql");

#[tokio::test]
async fn they_are_what_the_design_says() {
    let agency = Agency::new().await;
    let rows = agency
        .ok(Who::Operator, "SELECT configuration_key, configuration_value, configuration_category, is_system FROM system_configurations ORDER BY 1")
        .await;
    assert_eq!(
        rows,
        [
            ["billing_settings", r#"{"currency": "USD", "trial_days": 14, "grace_period_days": 7}"#, "global", "t"],
            ["customization_review", r#"{"second_person": false}"#, "global", "t"],
            ["default_deployment_provider", r#"{"region": "us-east-1", "provider": "vercel"}"#, "global", "t"],
            ["default_template_settings", r#"{"ssl": true, "theme": "modern", "responsive": true}"#, "global", "t"],
            ["protected_environments", "[]", "global", "t"],
        ]
    );
    let rows = agency
        .ok(Who::Operator, "SELECT template_name, template_type, category, supported_providers, default_provider, supported_environments, default_environment, is_system_template
                              FROM deployment_templates ORDER BY 1")
        .await;
    assert_eq!(
        rows,
        [
            ["Basic Vercel Deployment", "basic", "hosting", "{vercel}", "vercel", "{production}", "production", "t"],
            [
                "Development Environment",
                "basic",
                "development",
                "{vercel}",
                "vercel",
                "{development}",
                "development",
                "t"
            ],
            ["Enterprise AWS Deployment", "enterprise", "hosting", "{aws}", "aws", "{production}", "production", "t"],
            ["Local Release", "basic", "hosting", "{local}", "local", "{production}", "production", "t"],
        ]
    );
}

#[tokio::test]
async fn seeding_again_changes_nothing_and_overwrites_no_edit() {
    let agency = Agency::new().await;
    agency.ok(Who::Admin, "UPDATE system_configurations SET configuration_value = '{\"currency\": \"EUR\"}' WHERE configuration_key = 'billing_settings'").await;
    agency
        .ok(Who::Admin, "UPDATE deployment_templates SET description = 'Ours.' WHERE template_name = 'Local Release'")
        .await;
    let everything = "SELECT md5(string_agg(r, '|' ORDER BY r)) FROM (SELECT c::text FROM system_configurations c UNION ALL SELECT t::text FROM deployment_templates t
                       UNION ALL SELECT r::text FROM tenantry.installation_revision r) s (r)";
    let before = agency.value(everything).await;
    agency.ok(Who::Owner, SEEDS).await;
    agency.ok(Who::Owner, SEEDS).await;
    assert_eq!(agency.value(everything).await, before);
    agency
        .ok(Who::SuperAdmin, "DELETE FROM system_configurations WHERE configuration_key = 'protected_environments'")
        .await;
    agency.ok(Who::Owner, SEEDS).await;
    assert_eq!(agency.value("SELECT count(*) FROM system_configurations").await, "5");
}
