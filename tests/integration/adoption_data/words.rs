//! Rival words that real databases have: other spellings are mended, other words are asked about.

use super::site::{id, migrated, pending};
use crate::support::Database;

/// Table, column, the word that a site has, and the word that it stands for.
const SPELLINGS: &[(&str, &str, &str, &str)] = &[
    ("clients_enhanced", "status", "Active", "active"),
    ("clients_enhanced", "status", " churned ", "churned"),
    ("clients_enhanced", "status", "PAUSED", "inactive"),
    ("clients_enhanced", "tier", "Premium", "premium"),
    ("clients_enhanced", "tier", "Professional ", "premium"),
    ("clients_enhanced", "business_size", "SMALL", "small"),
    ("client_customizations", "status", "In Review", "in_review"),
    ("client_deployments", "deployment_type", "prod", "production"),
    ("client_deployments", "deployment_type", "Stage", "staging"),
    ("client_deployments", "deployment_type", "dev", "development"),
    ("client_deployments", "status", "canceled", "cancelled"),
    ("client_deployments", "status", "rolled-back", "rolled_back"),
    ("client_deployments", "health_status", "Degraded", "warning"),
    ("client_deployments", "health_status", "Healthy", "healthy"),
    ("deployment_tracking_events", "event_type", "deploy-completed", "deploy_completed"),
    ("deployment_tracking_events", "event_status", "Failed", "failure"),
    ("deployment_tracking_events", "triggered_by", "cron", "schedule"),
    ("client_analytics", "analytics_period", "Daily", "daily"),
];

/// Words that can mean several things, or nothing.
const UNKNOWN: &[(&str, &str, &str)] = &[
    ("clients_enhanced", "status", "trialing"),
    ("clients_enhanced", "tier", "gold"),
    ("clients_enhanced", "business_size", "smb"),
    ("client_deployments", "deployment_type", "preview"),
    ("client_deployments", "status", "live"),
    ("client_deployments", "health_status", "unhealthy"),
    ("deployment_tracking_events", "event_type", "deploy"),
    ("deployment_tracking_events", "event_status", ""),
];

#[tokio::test]
async fn spellings_are_mended() {
    let database = Database::existing().await;
    let admin = database.connect().await;
    let mut rows = Vec::new();
    for (n, (table, column, word, _)) in SPELLINGS.iter().enumerate() {
        rows.push(write(&admin, table, column, word, n).await);
    }
    migrated(&database, &["up", "--mend"]);
    for ((table, column, _, to), row) in SPELLINGS.iter().zip(&rows) {
        let sql = format!("SELECT {column} FROM {table} WHERE id = '{row}'");
        let is: String = admin.query_one(&sql, &[]).await.expect("the row").get(0);
        assert_eq!(is, *to, "{table}.{column}");
    }
    let left: Vec<String> = pending(&admin).await.into_iter().filter(|rule| rule.ends_with("_check")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn other_words_are_asked_about_and_stay() {
    let database = Database::existing().await;
    let admin = database.connect().await;
    let mut rows = Vec::new();
    for (n, (table, column, word)) in UNKNOWN.iter().enumerate() {
        rows.push(write(&admin, table, column, word, n).await);
    }
    migrated(&database, &["up", "--mend"]);
    let pending = pending(&admin).await;
    for ((table, column, word), row) in UNKNOWN.iter().zip(&rows) {
        let sql = format!("SELECT {column} FROM {table} WHERE id = '{row}'");
        assert_eq!(admin.query_one(&sql, &[]).await.expect("the row").get::<_, String>(0), *word);
        assert!(pending.contains(&format!("{table}.{table}_{column}_check")), "{table}.{column}: {pending:?}");
    }
}

/// Two figures that would claim one day are never made one: both are asked about.
#[tokio::test]
async fn a_period_is_mended_only_where_its_key_is_free() {
    let database = Database::existing().await;
    let admin = database.connect().await;
    let sql = "
        INSERT INTO client_analytics (id, client_id, deployment_id, analytics_date, analytics_period, page_views)
        SELECT md5(n.kind || ':' || n.n)::uuid, a.client_id, CASE WHEN n.kind <> 'twice' THEN a.deployment_id END,
               coalesce(n.date, a.analytics_date), n.period, 1
          FROM (SELECT * FROM client_analytics WHERE deployment_id IS NOT NULL AND analytics_period = 'daily'
                 ORDER BY id DESC LIMIT 1) a,
               (VALUES ('taken', 1, NULL, 'hourly'), ('taken', 2, NULL, 'Daily'),
                       ('free', 1, date '2024-01-01', 'hourly'), ('free', 2, date '2024-01-02', 'HOURLY'),
                       ('twice', 1, date '2024-01-03', 'hourly'), ('twice', 2, date '2024-01-03', 'hourly')) n (kind, n, date, period)";
    admin.batch_execute(sql).await.expect("more figures");
    migrated(&database, &["up", "--mend"]);
    let mut periods = Vec::new();
    for (kind, n) in [("taken", 1), ("taken", 2), ("free", 1), ("free", 2), ("twice", 1), ("twice", 2)] {
        let row = id(&admin, kind, n).await;
        let sql = format!("SELECT analytics_period FROM client_analytics WHERE id = '{row}'");
        periods.push(admin.query_one(&sql, &[]).await.expect("the row").get::<_, String>(0));
    }
    assert_eq!(periods, ["hourly", "Daily", "daily", "HOURLY", "hourly", "hourly"]);
}

/// Writes a word into the `n`th row of a table, past whatever the site thinks of it.
async fn write(admin: &tenantry::db::admin::Admin, table: &str, column: &str, word: &str, n: usize) -> String {
    // From the end, where the planted faults aren't.
    let sql = format!(
        "UPDATE {table} SET {column} = $1
          WHERE id = (SELECT id FROM {table} WHERE {column} NOT IN ('professional', 'paused', 'degraded', 'hourly') ORDER BY id DESC OFFSET {n} LIMIT 1)
        RETURNING id::text"
    );
    admin.query_one(&sql, &[&word]).await.expect("a row").get(0)
}
