//! A design goes from draft through review to deployed, and what was reviewed doesn't change.

use super::agency::{ACME, Agency, Who};

const TABLE: &str = "client_customizations";

async fn draft(agency: &Agency) -> String {
    let rows = agency
        .ok(Who::Manager, &format!("INSERT INTO {TABLE} (client_id, template_id, version, approved_by) VALUES ('{ACME}', 'shop', 9, NULL) RETURNING id, version"))
        .await;
    rows[0][0].clone()
}

fn set(id: &str, what: &str) -> String {
    format!("UPDATE {TABLE} SET {what} WHERE id = '{id}' RETURNING status, is_active")
}

#[tokio::test]
async fn the_states_follow_each_other_and_no_other_way() {
    let agency = Agency::new().await;
    let id = draft(&agency).await;
    for (state, refused) in [
        ("in_review", ["approved", "deployed"].as_slice()),
        ("approved", &["deployed"]),
        ("deployed", &["draft", "in_review"]),
    ] {
        for wrong in refused {
            agency
                .refused(Who::Manager, &set(&id, &format!("status = '{wrong}'")))
                .await
                .by("TN422", "client_customizations_status_transition");
        }
        let rows = agency.ok(Who::Manager, &set(&id, &format!("status = '{state}'"))).await;
        assert_eq!(rows, [[state, "f"]]);
    }
    for wrong in ["draft", "in_review", "approved"] {
        agency
            .refused(Who::Admin, &set(&id, &format!("status = '{wrong}'")))
            .await
            .by("TN422", "client_customizations_status_transition");
    }
    let approval = "SELECT concat_ws(' ', approved_by, approved_at IS NOT NULL) FROM client_customizations";
    assert_eq!(agency.value(approval).await, format!("{} t", Who::Manager.id()));
}

#[tokio::test]
async fn a_design_is_born_as_a_draft_with_the_next_number() {
    let agency = Agency::new().await;
    for status in ["in_review", "approved", "deployed"] {
        let sql = format!("INSERT INTO {TABLE} (client_id, template_id, status) VALUES ('{ACME}', 'shop', '{status}')");
        agency.refused(Who::Manager, &sql).await.by("TN422", "client_customizations_status_transition");
    }
    let active = format!("INSERT INTO {TABLE} (client_id, template_id, is_active) VALUES ('{ACME}', 'shop', true)");
    agency.refused(Who::Manager, &active).await.by("TN422", "client_customizations_is_active");
    let insert = format!(
        "INSERT INTO {TABLE} (client_id, template_id, version, approved_by, approved_at) VALUES ('{ACME}', 'shop', 7, '{}', now())
         RETURNING version, coalesce(approved_by::text, 'nobody')",
        Who::Manager.id()
    );
    assert_eq!(agency.ok(Who::Manager, &insert).await, [["1", "nobody"]]);
    assert_eq!(agency.ok(Who::Manager, &insert).await, [["2", "nobody"]]);
    assert_eq!(agency.ok(Who::Manager, &insert.replace("'shop'", "'blog'")).await, [["1", "nobody"]]);
    assert_eq!(
        agency.ok(Who::Manager, &format!("UPDATE {TABLE} SET version = 40 RETURNING version")).await.concat(),
        ["1", "2", "1"]
    );
}

#[tokio::test]
async fn two_at_once_get_two_numbers() {
    let agency = Agency::new().await;
    let insert = format!("INSERT INTO {TABLE} (client_id, template_id) VALUES ('{ACME}', 'shop')");
    let (one, two) = (agency.again().await, agency.again().await);
    one.batch_execute(&format!("BEGIN; {insert}")).await.expect("the first");
    let second = tokio::spawn(async move { two.batch_execute(&insert).await });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    one.batch_execute("COMMIT").await.expect("the first");
    second.await.expect("the task").expect("the second");
    assert_eq!(
        agency.value("SELECT string_agg(version::text, ',' ORDER BY version) FROM client_customizations").await,
        "1,2"
    );
}

#[tokio::test]
async fn content_is_writable_in_draft_only() {
    let agency = Agency::new().await;
    let id = draft(&agency).await;
    let edit = set(&id, r#"customization_config = '{"a": 1}'"#);
    agency.ok(Who::Manager, &edit).await;
    agency.ok(Who::Manager, &set(&id, "status = 'in_review', theme_config = '{\"dark\": true}'")).await;
    for (state, content) in [
        ("approved", "customization_config = '{}'"),
        ("deployed", "css_customizations = 'b {}'"),
        ("deployed", "template_id = 'blog'"),
        ("deployed", "ai_customization_prompts = '{x}'"),
    ] {
        let refusal = agency.refused(Who::Admin, &set(&id, content)).await;
        refusal.by("TN422", "client_customizations_content_frozen");
        assert!(refusal.message.contains(content.split(' ').next().expect("a column")), "{}", refusal.message);
        agency.ok(Who::Manager, &set(&id, &format!("status = '{state}'"))).await;
    }
}

#[tokio::test]
async fn a_review_sends_back_with_a_reason() {
    let agency = Agency::new().await;
    let id = draft(&agency).await;
    agency.ok(Who::Manager, &set(&id, "status = 'in_review'")).await;
    let back = set(&id, "status = 'draft'");
    agency.refused(Who::Manager, &back).await.by("TN422", "client_customizations_status_reason");
    let reasoned = format!("SELECT set_config('tenantry.reason', 'the logo is the old one', true); {back}");
    assert_eq!(agency.ok(Who::Manager, &reasoned).await, [["draft", "f"]]);
    assert_eq!(
        agency.value("SELECT reason FROM configuration_versions ORDER BY valid_to DESC LIMIT 1").await,
        "the logo is the old one"
    );
}

#[tokio::test]
async fn only_what_was_approved_is_served_and_one_at_a_time() {
    let agency = Agency::new().await;
    let id = draft(&agency).await;
    for state in ["in_review", "approved"] {
        agency
            .refused(Who::Manager, &set(&id, "is_active = true"))
            .await
            .by("TN422", "client_customizations_is_active");
        agency.ok(Who::Manager, &set(&id, &format!("status = '{state}'"))).await;
    }
    assert_eq!(agency.ok(Who::Manager, &set(&id, "is_active = true")).await, [["approved", "t"]]);
    let next = draft(&agency).await;
    agency.ok(Who::Manager, &set(&next, "status = 'in_review'")).await;
    agency.ok(Who::Manager, &set(&next, "status = 'approved'")).await;
    let second = agency.refused(Who::Manager, &set(&next, "is_active = true")).await;
    assert_eq!((second.code.as_str(), second.constraint.as_str()), ("23505", "client_customizations_active_key"));
    agency.ok(Who::Manager, &format!("{}; {}", set(&id, "is_active = false"), set(&next, "is_active = true"))).await;
}

#[tokio::test]
async fn approval_is_the_approvers_own() {
    let agency = Agency::new().await;
    let id = draft(&agency).await;
    agency
        .ok(
            Who::Manager,
            &set(&id, &format!("status = 'in_review', approved_by = '{}', approved_at = now()", Who::Admin.id())),
        )
        .await;
    let approval = "SELECT coalesce(approved_by::text, 'nobody') FROM client_customizations";
    agency.ok(Who::Manager, &set(&id, &format!("approved_by = '{}', approved_at = now()", Who::Admin.id()))).await;
    assert_eq!(agency.value(approval).await, "nobody");
    agency
        .ok(Who::Admin, r#"UPDATE system_configurations SET configuration_value = '{"second_person": true}' WHERE configuration_key = 'customization_review'"#)
        .await;
    agency
        .refused(Who::Manager, &set(&id, "status = 'approved'"))
        .await
        .by("TN422", "client_customizations_second_person");
    agency.refused(Who::Service, &set(&id, "status = 'approved'")).await.by("TN422", "client_customizations_approval");
    agency.ok(Who::Admin, &set(&id, "status = 'approved'")).await;
    assert_eq!(agency.value(approval).await, Who::Admin.id());
}

#[tokio::test]
async fn an_archived_template_version_serves_those_who_pin_it_and_nobody_else() {
    let agency = Agency::new().await;
    agency.ok(Who::Admin, "INSERT INTO template_configurations (template_id, template_version, template_name) VALUES ('shop', '1.0.0', 'Shop')").await;
    let pin = format!(
        "INSERT INTO {TABLE} (client_id, template_id, template_version) VALUES ('{ACME}', 'shop', '1.0.0') RETURNING id"
    );
    let pinned = agency.ok(Who::Manager, &pin).await[0][0].clone();
    for status in ["deprecated", "archived"] {
        agency.ok(Who::Admin, &format!("UPDATE template_configurations SET status = '{status}'")).await;
    }
    agency.refused(Who::Manager, &pin).await.by("TN422", "client_customizations_template_archived");
    agency.ok(Who::Manager, &set(&pinned, "customization_config = '{\"a\": 1}'")).await;
    agency.ok(Who::Manager, &set(&pinned, "status = 'in_review'")).await;
}

#[tokio::test]
async fn what_is_served_is_pinned_to_no_draft() {
    let agency = Agency::new().await;
    agency.ok(Who::Admin, "INSERT INTO template_configurations (template_id, template_version, template_name, status) VALUES ('shop', '2.0.0', 'Shop', 'draft')").await;
    let pin = format!(
        "INSERT INTO {TABLE} (client_id, template_id, template_version) VALUES ('{ACME}', 'shop', '2.0.0') RETURNING id"
    );
    let pinned = agency.ok(Who::Manager, &pin).await[0][0].clone();
    for status in ["in_review", "approved"] {
        agency.ok(Who::Admin, &set(&pinned, &format!("status = '{status}'"))).await;
    }
    agency
        .refused(Who::Admin, &set(&pinned, "is_active = true"))
        .await
        .by("TN422", "client_customizations_template_draft");
    agency.ok(Who::Admin, "UPDATE template_configurations SET status = 'active'").await;
    agency.ok(Who::Admin, &set(&pinned, "is_active = true")).await;
}

#[tokio::test]
async fn rows_from_before_adoption_may_be_put_into_a_state_of_ours() {
    let agency = Agency::new().await;
    let id = draft(&agency).await;
    // What adoption leaves behind: a row that breaks the rule, a rule that is pending.
    agency
        .ok(
            Who::Operator,
            &format!(
                "ALTER TABLE {TABLE} DROP CONSTRAINT client_customizations_status_check;
             SET LOCAL session_replication_role = replica;
             UPDATE {TABLE} SET status = 'live' WHERE id = '{id}'"
            ),
        )
        .await;
    assert_eq!(agency.ok(Who::Manager, &set(&id, "status = 'deployed'")).await, [["deployed", "f"]]);
    let content = set(&id, "theme_config = '{\"a\": 1}'");
    agency.refused(Who::Operator, &content).await.by("TN422", "client_customizations_content_frozen");
    agency
        .ok(Who::Operator, "INSERT INTO tenantry.pending_rules VALUES ('client_customizations', 'client_customizations_status_check', 'check', 1, 'trigger', 'mend it')")
        .await;
    agency.refused(Who::Manager, &content).await.by("TN422", "client_customizations_content_frozen");
    agency.ok(Who::Operator, &content).await;
}
