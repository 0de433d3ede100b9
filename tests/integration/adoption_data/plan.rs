//! `migrate plan` on the existing database.

use serde_json::Value;

use super::site::{id, migrate, migrated, psql, whole_dump};
use crate::support::Database;

/// A planted fault: table, rule, the rows (kind and number, or SQL that gives the id), words of the mend.
type Planted = (&'static str, &'static str, &'static [(&'static str, i32)], &'static str);

const PLANTED: &[Planted] = &[
    ("clients_enhanced", "clients_enhanced_lower_email_key", &[("client", 7), ("client", 901)], "UPDATE"),
    (
        "clients_enhanced",
        "clients_enhanced_tier_check",
        &[("client", 12), ("client", 13)],
        r#""professional" becomes "premium""#,
    ),
    ("clients_enhanced", "clients_enhanced_status_check", &[("client", 14)], r#""paused" becomes "inactive""#),
    ("clients_enhanced", "enterprise clients have a manager", &[("client", 15)], "assigned_manager"),
    ("clients_enhanced", "clients_enhanced_created_at_not_null", &[("client", 16)], "estimated time"),
    ("client_deployments", "client_deployments_client_id_customization_id_fkey", &[("dep", 201)], "customization_id"),
    ("client_deployments", "client_deployments_lower_custom_domain_key", &[("dep", 21), ("dep", 31)], "custom_domain"),
    ("client_deployments", "client_deployments_health_status_check", &[("dep", 51)], r#""degraded" becomes "warning""#),
    ("client_deployments", "no secret stands in the clear", &[("dep", 61)], "change the secret"),
    ("client_customizations", "client_customizations_active_key", &[("cust", 31), ("cust", 32)], "is_active = false"),
];

#[tokio::test]
async fn lists_every_planted_fault_with_table_row_rule_and_mend() {
    let database = Database::existing().await;
    let admin = database.connect().await;
    let plan = migrated(&database, &["plan"]);
    let faults = plan["faults"].as_array().expect("faults");
    for (table, rule, rows, mend) in PLANTED {
        let fault = fault(faults, table, rule);
        let mut expected = Vec::new();
        for (kind, n) in *rows {
            expected.push(id(&admin, kind, *n).await);
        }
        same_rows(fault, expected);
        assert!(fault["mend"].as_str().expect("a mend").contains(mend), "{fault:#}");
    }
    let ids = async |sql: &str| -> Vec<String> {
        admin.query(sql, &[]).await.expect("ids").iter().map(|row| row.get(0)).collect()
    };
    let two_figures = fault(faults, "client_analytics", "client_analytics_client_deployment_date_period_hour_key");
    same_rows(two_figures, ids("SELECT id::text FROM client_analytics WHERE deployment_id IS NULL").await);
    assert!(two_figures["mend"].as_str().expect("a mend").contains("DELETE FROM"), "{two_figures:#}");
    let timeless = fault(faults, "deployment_tracking_events", "deployment_tracking_events_event_timestamp_not_null");
    same_rows(timeless, ids("SELECT id::text FROM deployment_tracking_events WHERE event_timestamp IS NULL").await);
    let hourly = fault(faults, "client_analytics", "client_analytics_hourly_check");
    same_rows(hourly, ids("SELECT id::text FROM client_analytics WHERE analytics_period = 'hourly'").await);
    assert!(hourly["mend"].as_str().expect("a mend").contains(r#""hourly" becomes "daily""#), "{hourly:#}");
    assert_eq!(faults.len(), PLANTED.len() + 3, "nothing else is wrong: {faults:#?}");
}

#[tokio::test]
async fn changes_nothing_and_says_who_loses_what_and_what_is_locked() {
    let database = Database::existing().await;
    let before = whole_dump(&database);
    let plan = migrated(&database, &["plan"]);
    let text = migrate(&database, &["plan"]);
    assert_eq!(text.code, Some(0), "{}", text.err);
    assert_eq!(before, whole_dump(&database), "a plan changes nothing");
    assert!(text.out.contains("Nothing was changed."));

    assert_eq!(plan["not_rehearsed"], Value::Null);
    let steps = plan["steps"].as_array().expect("steps");
    let locks = |step: &Value| step["locks"].as_array().is_some_and(|locks| !locks.is_empty());
    assert!(steps.iter().any(|step| step["migration"] == "0003_clients_enhanced" && locks(step)), "{steps:#?}");

    let loses =
        |role: &str| plan["cut_off"].as_array().expect("a list").iter().filter(|found| found["role"] == role).count();
    assert_eq!((loses("authenticated"), loses("service_role"), loses("postgres")), (5, 5, 0));
    let claimed = plan["access"]["claimed_roles"].as_array().expect("a list");
    assert_eq!(claimed.len(), 7);
    assert_eq!(plan["access"]["created_by_only"][0]["clients"], 200);
    let believed = plan["access"]["policies"].as_array().expect("a list").iter();
    assert_eq!(
        believed.filter(|policy| policy["fault"].as_str().is_some_and(|why| why.contains("metadata"))).count(),
        1
    );
    assert_eq!(plan["access"]["views"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn what_it_prints_as_sql_does_what_up_does() {
    let database = Database::existing().await;
    let script = migrate(&database, &["plan", "--sql"]);
    assert_eq!(script.code, Some(0), "{}", script.err);
    psql(&database, &script.out);
    let again = migrated(&database, &["up"]);
    assert_eq!(again["applied"], serde_json::json!([]), "the ledger is complete");
    assert_eq!(again["pending"].as_array().map(Vec::len), Some(13), "{again:#}");
}

fn fault<'a>(faults: &'a [Value], table: &str, rule: &str) -> &'a Value {
    let found = faults.iter().find(|fault| fault["table"] == table && fault["rule"] == rule);
    found.unwrap_or_else(|| panic!("{table}: {rule} isn't listed: {faults:#?}"))
}

fn same_rows(fault: &Value, mut expected: Vec<String>) {
    let mut found: Vec<String> = serde_json::from_value(fault["examples"].clone()).expect("ids");
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{fault:#}");
    assert_eq!(fault["rows"], expected.len(), "{fault:#}");
}
