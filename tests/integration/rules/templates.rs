//! A template version goes from draft to active, deprecated, archived; what customizations rely on doesn't change.

use super::agency::{Agency, Who};

#[tokio::test]
async fn a_version_lives_in_one_direction() {
    let agency = Agency::new().await;
    let insert = "INSERT INTO template_configurations (template_id, template_version, template_name, status) VALUES ('shop', '1.0.0', 'Shop', 'draft') RETURNING status";
    for wrong in ["deprecated", "archived"] {
        agency
            .refused(Who::Admin, &insert.replace("'draft'", &format!("'{wrong}'")))
            .await
            .by("TN422", "template_configurations_status_transition");
    }
    agency.ok(Who::Admin, insert).await;
    let path = ["draft", "active", "deprecated", "archived"];
    for (from, state) in path.iter().enumerate() {
        for (to, wrong) in path.iter().enumerate() {
            if to != from && to != from + 1 {
                agency
                    .refused(Who::Admin, &format!("UPDATE template_configurations SET status = '{wrong}'"))
                    .await
                    .by("TN422", "template_configurations_status_transition");
            }
        }
        assert_eq!(agency.value("SELECT status FROM template_configurations").await, *state);
        if let Some(next) = path.get(from + 1) {
            agency.ok(Who::Admin, &format!("UPDATE template_configurations SET status = '{next}'")).await;
        }
    }
}

#[tokio::test]
async fn a_version_without_a_status_is_born_active() {
    let agency = Agency::new().await;
    let insert = "INSERT INTO template_configurations (template_id, template_version, template_name) VALUES ('shop', '1.0.0', 'Shop') RETURNING status";
    assert_eq!(agency.ok(Who::Admin, insert).await, [["active"]]);
}

#[tokio::test]
async fn schema_and_defaults_change_in_draft_only() {
    let agency = Agency::new().await;
    agency
        .ok(Who::Admin, "INSERT INTO template_configurations (template_id, template_version, template_name, status) VALUES ('shop', '1.0.0', 'Shop', 'draft')")
        .await;
    let edits = [
        r#"configuration_schema = '{"type": "object"}'"#,
        r#"default_configuration = '{"a": 1}'"#,
        "template_version = '1.0.1'",
    ];
    for edit in edits {
        agency.ok(Who::Admin, &format!("UPDATE template_configurations SET {edit}")).await;
    }
    agency.ok(Who::Admin, "UPDATE template_configurations SET status = 'active'").await;
    for edit in edits.map(|edit| edit.replace("object", "array").replace('1', "2")) {
        for who in [Who::Admin, Who::SuperAdmin, Who::Service, Who::Operator] {
            agency
                .refused(who, &format!("UPDATE template_configurations SET {edit}"))
                .await
                .by("TN422", "template_configurations_content_frozen");
        }
    }
    agency.ok(Who::Admin, "UPDATE template_configurations SET template_name = 'The shop', is_featured = true").await;
}
