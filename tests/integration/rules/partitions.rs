//! A partition for every month, ahead of time, whose bounds are UTC's whatever the session's zone.

use tenantry::db::caller::Caller;
use tenantry::db::partitions;

use super::agency::{ACME, Agency, Who};

#[tokio::test]
async fn months_begin_in_utc_whatever_the_sessions_zone() {
    let agency = Agency::new().await;
    for (zone, style) in
        [("Asia/Tokyo", "German"), ("America/Los_Angeles", "SQL, DMY"), ("Pacific/Kiritimati", "ISO, YMD")]
    {
        let parent = zone.replace('/', "_").to_lowercase();
        agency
            .ok(Who::Operator, &format!(
                "CREATE TABLE {parent} (at timestamptz NOT NULL) PARTITION BY RANGE (at); ALTER TABLE {parent} OWNER TO tenantry_owner;
                 INSERT INTO tenantry.tables VALUES ('{parent}', 'partitioned', false)"))
            .await;
        agency.ok(Who::Operator, &format!("SET LOCAL timezone = '{zone}'; SET LOCAL datestyle = '{style}'; SELECT tenantry.maintain_partitions()")).await;
        let bounds = format!(
            "SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid
              WHERE i.inhparent = '{parent}'::regclass AND c.relname = '{parent}_y' || to_char(now() AT TIME ZONE 'UTC', 'YYYY\"m\"MM')"
        );
        let rows = agency
            .ok(Who::Operator, &format!("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; {bounds}"))
            .await;
        let month = agency.value("SELECT to_char(date_trunc('month', now() AT TIME ZONE 'UTC'), 'YYYY-MM-DD')").await;
        assert!(rows[0][0].starts_with(&format!("FOR VALUES FROM ('{month} 00:00:00+00')")), "{zone}: {rows:?}");
    }
}

#[tokio::test]
async fn two_years_are_ready_and_a_second_run_makes_nothing() {
    let agency = Agency::new().await;
    let ahead = "SELECT string_agg(table_name || ' ' || months, ', ' ORDER BY table_name) FROM tenantry.partition_months_ahead()";
    assert_eq!(agency.value(ahead).await, "audit_log 24, client_analytics 24, deployment_tracking_events 24");
    assert!(agency.ok(Who::Operator, "SELECT tenantry.maintain_partitions()").await.is_empty());
    for months in ["-23 months", "24 months"] {
        agency
            .ok(Who::Operator, &format!("INSERT INTO client_analytics (client_id, analytics_date) VALUES ('{ACME}', (now() AT TIME ZONE 'UTC' + interval '{months}')::date)"))
            .await;
    }
}

#[tokio::test]
async fn what_is_missing_is_made_and_nothing_before_the_first_month() {
    let agency = Agency::new().await;
    let month = agency.value("SELECT to_char(now() AT TIME ZONE 'UTC' + interval '20 months', 'YYYY\"m\"MM')").await;
    let first =
        agency.value("SELECT min(lower_bound) FROM tenantry.partitions() WHERE parent = 'client_analytics'").await;
    agency
        .ok(
            Who::Owner,
            &format!(
                "DROP TABLE tenantry_partitions.client_analytics_y{month}, tenantry_partitions.client_analytics_y{}",
                first[..7].replace('-', "m")
            ),
        )
        .await;
    assert_eq!(
        agency
            .value("SELECT months FROM tenantry.partition_months_ahead() WHERE table_name = 'client_analytics'")
            .await,
        "19"
    );
    let made = agency.ok(Who::Operator, "SELECT tenantry.maintain_partitions()").await;
    assert_eq!(made, [[format!("tenantry_partitions.client_analytics_y{month}")]]);
    // Older rows are taken in on demand.
    let older = agency.ok(Who::Operator, &format!("SELECT tenantry.maintain_partitions(date '{first}' - 40)")).await;
    assert!(
        older.concat().contains(&format!("tenantry_partitions.client_analytics_y{}", first[..7].replace('-', "m"))),
        "{older:?}"
    );
}

#[tokio::test]
async fn a_partition_is_as_closed_as_its_parent() {
    let agency = Agency::new().await;
    let open = "SELECT count(*) FROM pg_class c WHERE c.relnamespace = 'tenantry_partitions'::regnamespace AND c.relkind = 'r'
                   AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND pg_get_userbyid(c.relowner) = 'tenantry_owner')";
    assert_eq!(agency.value(open).await, "0");
    let policies = "SELECT string_agg(DISTINCT concat_ws(' ', policyname, cmd, roles, qual), ', ') FROM pg_policies WHERE tablename LIKE 'client_analytics_y%'";
    assert_eq!(
        agency.value(policies).await,
        "tenantry_backup_select SELECT {tenantry_backup} true, tenantry_owner_all ALL {tenantry_owner} true"
    );
    let partition = agency
        .value("SELECT partition::text FROM tenantry.partitions() WHERE parent = 'client_analytics' LIMIT 1")
        .await;
    for who in [Who::Client, Who::Staff, Who::Manager, Who::Admin, Who::SuperAdmin, Who::Service] {
        assert_eq!(agency.refused(who, &format!("SELECT FROM {partition}")).await.code, "42501");
    }
}

#[tokio::test]
async fn a_plain_table_and_strays_in_the_default_are_left_alone() {
    let agency = Agency::new().await;
    agency
        .ok(
            Who::Operator,
            "CREATE TABLE plain (at timestamptz); INSERT INTO tenantry.tables VALUES ('plain', 'partitioned', false)",
        )
        .await;
    let next = agency.value("SELECT to_char(now() AT TIME ZONE 'UTC' + interval '1 month', 'YYYY\"m\"MM')").await;
    agency
        .ok(Who::Owner, &format!(
            "DROP TABLE tenantry_partitions.audit_log_y{next};
             INSERT INTO audit_log (at, database_role, login_role, action) VALUES (now() + interval '1 month', 'x', 'x', 'early')"))
        .await;
    assert!(agency.ok(Who::Operator, "SELECT tenantry.maintain_partitions()").await.is_empty());
    assert_eq!(agency.value("SELECT count(*) FROM tenantry_partitions.audit_log_default").await, "1");
}

#[tokio::test]
async fn two_at_once_make_each_partition_once() {
    let agency = Agency::new().await;
    let month = agency.value("SELECT to_char(now() AT TIME ZONE 'UTC' + interval '24 months', 'YYYY\"m\"MM')").await;
    agency
        .ok(Who::Owner, &format!("DROP TABLE tenantry_partitions.client_analytics_y{month}, tenantry_partitions.deployment_tracking_events_y{month}"))
        .await;
    let (one, two) = (agency.again().await, agency.again().await);
    one.batch_execute("BEGIN; SELECT tenantry.maintain_partitions()").await.expect("the first");
    let second = tokio::spawn(async move { two.query("SELECT tenantry.maintain_partitions()", &[]).await });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    one.batch_execute("COMMIT").await.expect("the first");
    assert!(second.await.expect("the task").expect("the second").is_empty());
}

#[tokio::test]
async fn months_expire_only_where_somebody_said_so() {
    let agency = Agency::new().await;
    assert_eq!(agency.value("SELECT count(*) FROM tenantry.expired_partitions()").await, "0");
    agency.ok(Who::Operator, r#"INSERT INTO tenantry.settings (key, value) VALUES ('partition_retention_months', '{"client_analytics": 12}')"#).await;
    let expired = "SELECT string_agg(DISTINCT parent, ',') || ' ' || count(*) FROM tenantry.expired_partitions()";
    assert_eq!(agency.value(expired).await, "client_analytics 12");
}

#[tokio::test]
async fn upkeep_gives_way_to_the_application() {
    let agency = Agency::new().await;
    let month = agency.value("SELECT to_char(now() AT TIME ZONE 'UTC' + interval '24 months', 'YYYY\"m\"MM')").await;
    agency.ok(Who::Owner, &format!("DROP TABLE tenantry_partitions.client_analytics_y{month}")).await;
    let (slow, mut upkeep) = (agency.again().await, agency.again().await);
    let write = "UPDATE client_deployments SET deployment_name = 'x'";
    slow.batch_execute(&format!("BEGIN; {write}")).await.expect("a write");
    let made = tokio::spawn(async move { partitions::make(&mut upkeep, &Caller::operator()).await });
    for _ in 0..5 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        agency.ok(Who::Operator, &format!("SET LOCAL statement_timeout = '2s'; {write}")).await;
    }
    slow.batch_execute("COMMIT").await.expect("a write");
    let made = made.await.expect("the task").expect("it gets its turn");
    assert_eq!(made, [format!("tenantry_partitions.client_analytics_y{month}")]);
}
