//! What Tenantry counts of templates: with the write that moves it, and without anybody noticing.

use super::agency::{ACME, Agency, OTHER, Who, run_on};

/// Two versions of a shop, the older one under its own word, and one way to deploy.
async fn furnish(agency: &Agency) {
    agency
        .ok(
            Who::Admin,
            "INSERT INTO template_configurations (template_id, template_version, template_name)
             VALUES ('shop', 'latest', 'Shop'), ('shop', '1.9.0', 'Shop'), ('shop', '1.10.0', 'Shop'), ('blog', '1.0.0', 'Blog');
             INSERT INTO deployment_templates (template_name) VALUES ('Quick')",
        )
        .await;
}

const USAGE: &str = "SELECT string_agg(template_version || ' ' || usage_count, ', ' ORDER BY template_version)
                       FROM template_configurations WHERE template_id = 'shop'";

const QUICK: &str = "SELECT concat_ws(' ', usage_count, coalesce(success_rate::text, '-'), coalesce((last_used_at AT TIME ZONE 'UTC')::text, '-'))
                       FROM deployment_templates WHERE template_name = 'Quick'";

fn design(client: &str, version: &str) -> String {
    format!(
        "INSERT INTO client_customizations (client_id, template_id, template_version) VALUES ('{client}', 'shop', {version})"
    )
}

#[tokio::test]
async fn a_customization_counts_for_its_version_or_for_the_newest_active_one() {
    let agency = Agency::new().await;
    furnish(&agency).await;
    agency.ok(Who::Manager, &design(ACME, "'1.9.0'")).await;
    agency.ok(Who::Admin, &design(ACME, "NULL")).await;
    agency.ok(Who::Admin, &design(OTHER, "NULL")).await;
    assert_eq!(agency.value(USAGE).await, "1.10.0 2, 1.9.0 1, latest 0");

    agency
        .ok(Who::Admin, "UPDATE client_customizations SET template_version = 'latest' WHERE template_version = '1.9.0'")
        .await;
    assert_eq!(agency.value(USAGE).await, "1.10.0 2, 1.9.0 0, latest 1");
    agency.ok(Who::Admin, "DELETE FROM client_customizations WHERE template_version = 'latest'").await;
    assert_eq!(agency.value(USAGE).await, "1.10.0 2, 1.9.0 0, latest 0");

    agency
        .ok(Who::Admin, "UPDATE template_configurations SET status = 'deprecated' WHERE template_version = '1.10.0'")
        .await;
    assert_eq!(agency.value(USAGE).await, "1.10.0 0, 1.9.0 2, latest 0", "another one is the newest");
    agency
        .ok(Who::Admin, "INSERT INTO template_configurations (template_id, template_version, template_name) VALUES ('shop', '2.0.0', 'Shop')")
        .await;
    assert_eq!(agency.value(USAGE).await, "1.10.0 0, 1.9.0 0, 2.0.0 2, latest 0");
}

#[tokio::test]
async fn many_rows_of_one_transaction_are_counted_once_each() {
    let agency = Agency::new().await;
    furnish(&agency).await;
    let each = design(ACME, "'1.9.0'") + ";";
    agency.ok(Who::Admin, &(each.repeat(3) + &design(OTHER, "'1.10.0'"))).await;
    let many = format!(
        "INSERT INTO client_customizations (client_id, template_id, template_version)
         SELECT '{OTHER}', 'shop', '1.9.0' FROM generate_series(1, 500)"
    );
    agency.ok(Who::Admin, &many).await;
    assert_eq!(agency.value(USAGE).await, "1.10.0 1, 1.9.0 503, latest 0");
    assert_eq!(agency.value("SELECT count(*) FROM tenantry.figures_due").await, "0");
    agency.run(Who::Admin, &format!("{many}; SELECT 1 / 0")).await.expect_err("it is rolled back");
    assert_eq!(agency.value(USAGE).await, "1.10.0 1, 1.9.0 503, latest 0");
}

/// A design that is approved, ready to be deployed.
async fn approved(agency: &Agency, version: &str) -> String {
    let id = agency.ok(Who::Manager, &format!("{} RETURNING id", design(ACME, version))).await[0][0].clone();
    for status in ["in_review", "approved"] {
        agency
            .ok(Who::Manager, &format!("UPDATE client_customizations SET status = '{status}' WHERE id = '{id}'"))
            .await;
    }
    id
}

#[tokio::test]
async fn a_version_was_last_used_when_it_was_activated_or_deployed() {
    let agency = Agency::new().await;
    furnish(&agency).await;
    let used = |version: &str| {
        format!(
            "SELECT coalesce((last_used_at AT TIME ZONE 'UTC')::text, '-') FROM template_configurations WHERE template_version = '{version}' AND template_id = 'shop'"
        )
    };
    let (pinned, newest) = (approved(&agency, "'1.9.0'").await, approved(&agency, "NULL").await);
    assert_eq!(agency.value(&used("1.9.0")).await, "-");

    let deploy = |design: &str, at: &str| {
        format!(
            "INSERT INTO client_deployments (client_id, customization_id, deployment_name, status, deployed_at)
             VALUES ('{ACME}', '{design}', 'web', 'deployed', {at})"
        )
    };
    agency.ok(Who::Manager, &deploy(&pinned, "'2026-02-03 04:05:06+00'")).await;
    agency.ok(Who::Manager, &deploy(&pinned, "'2025-01-01 00:00:00+00'")).await;
    agency.ok(Who::Manager, &deploy(&newest, "'2026-03-04 05:06:07+00'")).await;
    assert_eq!(agency.value(&used("1.9.0")).await, "2026-02-03 04:05:06");
    assert_eq!(agency.value(&used("1.10.0")).await, "2026-03-04 05:06:07");
    assert_eq!(agency.value(&used("latest")).await, "-");

    let activated = agency
        .ok(Who::Manager, &format!("UPDATE client_customizations SET is_active = true WHERE id = '{pinned}' RETURNING (now() AT TIME ZONE 'UTC')::text"))
        .await;
    assert_eq!(agency.value(&used("1.9.0")).await, activated[0][0]);
    agency.ok(Who::Manager, &deploy(&pinned, "now() + interval '80 years'")).await;
    let ahead = "SELECT count(*) FROM template_configurations WHERE last_used_at > now()";
    assert_eq!(agency.value(ahead).await, "0", "nothing was used in the future");
}

#[tokio::test]
async fn a_deployment_template_tells_how_its_deployments_ended() {
    let agency = Agency::new().await;
    furnish(&agency).await;
    let design = approved(&agency, "'1.9.0'").await;
    let deploy = |name: &str, status: &str, at: &str| {
        format!(
            "INSERT INTO client_deployments (client_id, customization_id, deployment_template_id, deployment_name, status, deployed_at)
             SELECT '{ACME}', '{design}', t.id, '{name}', '{status}', {at} FROM deployment_templates t WHERE template_name = 'Quick'"
        )
    };
    assert_eq!(agency.value(QUICK).await, "0 - -");
    agency.ok(Who::Manager, &deploy("waiting", "pending", "NULL")).await;
    assert_eq!(agency.value(QUICK).await, "1 - -", "made, and nothing has ended");
    for (name, status, at) in [
        ("live", "deployed", "'2026-02-03 04:05:06+00'"),
        ("old", "superseded", "'2026-01-01 00:00:00+00'"),
        ("broken", "failed", "NULL"),
        ("given up", "cancelled", "NULL"),
    ] {
        agency.ok(Who::Manager, &deploy(name, status, at)).await;
    }
    assert_eq!(agency.value(QUICK).await, "5 66.67 2026-02-03 04:05:06", "two of three that ended");

    let set = |name: &str, what: &str| format!("UPDATE client_deployments SET {what} WHERE deployment_name = '{name}'");
    agency.ok(Who::Manager, &set("live", "status = 'rolled_back'")).await;
    assert_eq!(agency.value(QUICK).await, "5 33.33 2026-02-03 04:05:06");
    agency.ok(Who::Manager, &set("broken", "health_status = 'critical'")).await;
    agency.ok(Who::Manager, &set("waiting", "status = 'deployed', deployed_at = '2026-02-04 00:00:00+00'")).await;
    assert_eq!(agency.value(QUICK).await, "5 50.00 2026-02-04 00:00:00");
    agency.ok(Who::Admin, "DELETE FROM client_deployments WHERE deployment_name = 'old'").await;
    assert_eq!(agency.value(QUICK).await, "4 33.33 2026-02-04 00:00:00");

    agency.ok(Who::Manager, &set("live", "deployment_template_id = NULL")).await;
    assert_eq!(agency.value(QUICK).await, "3 50.00 2026-02-04 00:00:00");
    agency.ok(Who::SuperAdmin, "DELETE FROM deployment_templates WHERE template_name = 'Quick'").await;
    assert_eq!(agency.value("SELECT count(*) FROM tenantry.figures_due").await, "0");
    let kept = "SELECT count(*) FROM tenantry.deployment_template_outcomes o WHERE NOT EXISTS (SELECT FROM deployment_templates t WHERE t.id = o.deployment_template_id)";
    assert_eq!(agency.value(kept).await, "0");
}

#[tokio::test]
async fn a_score_is_the_mean_of_the_shares_that_there_are() {
    let agency = Agency::new().await;
    furnish(&agency).await;
    let design = approved(&agency, "NULL").await;
    let score =
        "SELECT coalesce(performance_score::text, '-') FROM template_configurations WHERE template_version = '1.10.0'";
    let computed = async || {
        agency.ok(Who::Operator, "SELECT tenantry.keep_scores()").await;
        agency.value(score).await
    };
    assert_eq!(computed().await, "-");

    agency
        .ok(Who::Manager, &format!(
            "INSERT INTO client_deployments (client_id, customization_id, deployment_name, status)
             VALUES ('{ACME}', '{design}', 'a', 'deployed'), ('{ACME}', '{design}', 'b', 'failed'), ('{ACME}', '{design}', 'c', 'pending')"))
        .await;
    assert_eq!(computed().await, "50.00", "one of two that ended");

    let event = |kind: &str, status: &str, age: &str| {
        format!(
            "INSERT INTO deployment_tracking_events (client_id, deployment_id, event_type, event_status, event_timestamp)
             SELECT client_id, id, '{kind}', '{status}', now() - interval '{age}' FROM client_deployments WHERE deployment_name = 'a';"
        )
    };
    let told = [
        event("deploy_completed", "success", "1 day"),
        event("deploy_completed", "success", "2 days"),
        event("deploy_completed", "failure", "3 days"),
        event("deploy_completed", "failure", "91 days"),
        event("build_completed", "failure", "1 hour"),
        event("health_check", "success", "1 minute"),
        event("health_check", "success", "2 minutes"),
        event("health_check", "warning", "3 minutes"),
        event("health_check", "failure", "4 minutes"),
        event("health_check", "info", "5 minutes"),
    ];
    agency.ok(Who::Manager, &told.concat()).await;
    // Of the deployment that tells by events two of three, of the one that doesn't none of one: 50; of the checks 50.
    assert_eq!(computed().await, "50.00");
    agency.ok(Who::Manager, "UPDATE client_deployments SET uptime_percentage = 99.5 WHERE deployment_name = 'a'").await;
    assert_eq!(computed().await, "66.50", "(50 + 50 + 99.5) / 3");
    agency
        .ok(
            Who::Manager,
            "UPDATE client_deployments SET last_health_check = now() - interval '91 days' WHERE deployment_name = 'a'",
        )
        .await;
    assert_eq!(computed().await, "50.00", "an uptime of last year says nothing");
    agency.ok(Who::Operator, "SELECT tenantry.keep_scores(now() + interval '91 days')").await;
    assert_eq!(agency.value(score).await, "-");
}

#[tokio::test]
async fn keeping_figures_leaves_no_trace() {
    let agency = Agency::new().await;
    furnish(&agency).await;
    let trace = "SELECT concat_ws(' ', (SELECT revision FROM tenantry.installation_revision), (SELECT count(*) FROM configuration_versions),
                        (SELECT string_agg(t.updated_at::text || coalesce(t.updated_by::text, ''), ' ' ORDER BY t.id) FROM template_configurations t),
                        (SELECT string_agg(t.updated_at::text, ' ' ORDER BY t.id) FROM deployment_templates t),
                        (SELECT count(*) FROM audit_log WHERE table_name IN ('template_configurations', 'deployment_templates')))";
    let design = approved(&agency, "'1.9.0'").await;
    let before = agency.value(trace).await;
    agency
        .ok(Who::Manager, &format!(
            "INSERT INTO client_deployments (client_id, customization_id, deployment_template_id, deployment_name, status, uptime_percentage)
             SELECT '{ACME}', '{design}', id, 'web', 'deployed', 98 FROM deployment_templates WHERE template_name = 'Quick'"))
        .await;
    agency.ok(Who::Operator, "SELECT tenantry.keep_scores()").await;
    assert_eq!(agency.value(trace).await, before);
    let moved = "SELECT concat_ws(' ', performance_score, last_used_at IS NOT NULL) FROM template_configurations WHERE template_version = '1.9.0'";
    assert_eq!(agency.value(moved).await, "99.00 t");
}

#[tokio::test]
async fn writers_beside_each_other_lose_no_count() {
    let agency = Agency::new().await;
    furnish(&agency).await;
    let mut writers = Vec::new();
    for number in 0..16 {
        let connection = agency.again().await;
        writers.push(tokio::spawn(async move {
            for round in 0..4 {
                let version = if (number + round) % 2 == 0 { "'1.9.0'" } else { "NULL" };
                run_on(&connection, Who::Admin, &design(ACME, version)).await.expect("a customization");
            }
        }));
    }
    for writer in writers {
        writer.await.expect("a writer");
    }
    assert_eq!(agency.value(USAGE).await, "1.10.0 32, 1.9.0 32, latest 0");
}

#[tokio::test]
async fn nobody_waits_for_a_template_that_somebody_edits() {
    let agency = Agency::new().await;
    furnish(&agency).await;
    let editor = agency.again().await;
    editor
        .batch_execute("BEGIN; UPDATE template_configurations SET is_featured = true WHERE template_id = 'shop'")
        .await
        .expect("an edit");
    agency.ok(Who::Admin, &format!("SET LOCAL lock_timeout = '1ms'; {}", design(ACME, "'1.9.0'"))).await;
    assert_eq!(agency.value(USAGE).await, "1.10.0 0, 1.9.0 0, latest 0", "the row is somebody's");
    editor.batch_execute("COMMIT").await.expect("the edit ends");
    assert_eq!(agency.value(USAGE).await, "1.10.0 0, 1.9.0 1, latest 0", "and counts when they are done");
}
