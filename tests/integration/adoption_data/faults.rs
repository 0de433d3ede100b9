//! Databases with other faults than the given one: whatever is planted is found, no more and no less, and adopted.

use std::collections::{BTreeMap, BTreeSet};

use super::site::{DECISIONS, migrated, pending};
use crate::support::Database;

/// Mends the planted faults of the existing database that a mend is for, so that only those of a test are left.
const CLEAN: &str = "
    UPDATE clients_enhanced SET tier = 'premium' WHERE tier = 'professional';
    UPDATE clients_enhanced SET status = 'inactive' WHERE status = 'paused';
    UPDATE clients_enhanced SET created_at = now() WHERE created_at IS NULL;
    UPDATE client_deployments SET health_status = 'warning' WHERE health_status = 'degraded';
    UPDATE deployment_tracking_events SET event_timestamp = '2025-03-05' WHERE event_timestamp IS NULL;
    UPDATE client_analytics SET analytics_period = 'daily' WHERE analytics_period = 'hourly';
    -- What a site without foreign keys can hold.
    DO $$ DECLARE k record; BEGIN
        FOR k IN SELECT conname, conrelid::regclass AS t FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', k.t, k.conname);
        END LOOP;
    END $$;";

/// Table, rule, and a statement that breaks it in some rows, whose ids it returns; `$ROWS` picks rows by chance.
const PLANTS: &[(&str, &str, &str)] = &[
    ("clients_enhanced", "clients_enhanced_status_check", "UPDATE clients_enhanced r SET status = 'zombie' WHERE $ROWS"),
    ("clients_enhanced", "clients_enhanced_tier_check", "UPDATE clients_enhanced r SET tier = 'gold' WHERE $ROWS"),
    ("clients_enhanced", "clients_enhanced_tier_not_null", "UPDATE clients_enhanced r SET tier = NULL WHERE tier <> 'gold' AND $ROWS"),
    ("clients_enhanced", "clients_enhanced_business_size_check", "UPDATE clients_enhanced r SET business_size = 'huge' WHERE $ROWS"),
    (
        "client_customizations",
        "client_customizations_approval_check",
        "UPDATE client_customizations r SET approved_at = NULL WHERE approved_at IS NOT NULL AND $ROWS",
    ),
    (
        "client_customizations",
        "client_customizations_client_id_template_id_version_key",
        "UPDATE client_customizations r SET version = 1 WHERE version = 2 AND $ROWS",
    ),
    (
        "client_customizations",
        "client_customizations_client_id_fkey",
        "UPDATE client_customizations r SET client_id = md5('nobody' || id)::uuid WHERE version = 2 AND status = 'draft'
            AND NOT EXISTS (SELECT FROM client_deployments d WHERE d.customization_id = r.id)
            AND NOT EXISTS (SELECT FROM client_customizations o WHERE o.client_id = r.client_id AND o.version = r.version AND o.id <> r.id) AND $ROWS",
    ),
    ("client_deployments", "client_deployments_deployment_type_check", "UPDATE client_deployments r SET deployment_type = 'qa' WHERE $ROWS"),
    ("client_deployments", "client_deployments_status_not_null", "UPDATE client_deployments r SET status = NULL WHERE $ROWS"),
    (
        "client_deployments",
        "client_deployments_client_id_customization_id_fkey",
        "UPDATE client_deployments r SET customization_id = md5('nothing' || id)::uuid WHERE $ROWS",
    ),
    (
        "deployment_tracking_events",
        "deployment_tracking_events_event_type_check",
        "UPDATE deployment_tracking_events r SET event_type = 'party' WHERE $ROWS",
    ),
    (
        "deployment_tracking_events",
        "deployment_tracking_events_client_id_not_null",
        "UPDATE deployment_tracking_events r SET deployment_id = md5('gone' || id)::uuid WHERE $ROWS",
    ),
    (
        "deployment_tracking_events",
        "deployment_tracking_events_event_timestamp_check",
        "UPDATE deployment_tracking_events r SET event_timestamp = now() + interval '3 days' WHERE $ROWS",
    ),
    (
        "client_analytics",
        "client_analytics_analytics_period_check",
        "UPDATE client_analytics r SET analytics_period = 'yearly' WHERE $ROWS",
    ),
    (
        "client_analytics",
        "client_analytics_client_id_deployment_id_fkey",
        "UPDATE client_analytics r SET deployment_id = md5('none' || id)::uuid WHERE $ROWS",
    ),
];

#[tokio::test]
async fn whatever_is_planted_is_found_and_adopted() {
    for seed in 1..=2_u32 {
        let database = Database::existing().await;
        let admin = database.connect().await;
        admin.batch_execute(&format!("{DECISIONS}{CLEAN}")).await.expect("nothing is wrong any more");
        let mut planted: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        for (n, (table, rule, sql)) in PLANTS.iter().enumerate().filter(|(n, _)| !(n + seed as usize).is_multiple_of(3))
        {
            let chosen = format!("('x' || substr(md5('{seed}:{n}:' || r.id), 1, 4))::bit(16)::int % 20 = 0");
            let sql = format!("{} RETURNING id::text", sql.replace("$ROWS", &chosen));
            let ids: BTreeSet<String> = admin
                .query(&sql, &[])
                .await
                .unwrap_or_else(|error| panic!("{rule}: {error:?}"))
                .iter()
                .map(|row| row.get(0))
                .collect();
            if !ids.is_empty() {
                planted.insert(((*table).to_owned(), (*rule).to_owned()), ids);
            }
        }
        add_the_other_rows(&admin, &mut planted).await;

        let plan = migrated(&database, &["plan"]);
        let mut found: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        for fault in plan["faults"]
            .as_array()
            .expect("faults")
            .iter()
            .filter(|fault| !fault["rule"].as_str().expect("a rule").contains(' '))
        {
            let key = (
                fault["table"].as_str().expect("a table").to_owned(),
                fault["rule"].as_str().expect("a rule").to_owned(),
            );
            let ids: BTreeSet<String> = serde_json::from_value(fault["examples"].clone()).expect("ids");
            assert!(ids.len() == 1_000 || fault["rows"] == ids.len(), "{key:?}: all rows are named");
            found.insert(key, ids);
        }
        let names = |of: &BTreeMap<(String, String), BTreeSet<String>>| of.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&found), names(&planted), "seed {seed}");
        for (key, ids) in &found {
            let is_all = if ids.len() == 1_000 { ids.is_subset(&planted[key]) } else { *ids == planted[key] };
            assert!(is_all, "seed {seed}: {key:?}");
        }

        migrated(&database, &["up", "--mend"]);
        let mut expected: Vec<String> = planted.keys().map(|(table, rule)| format!("{table}.{rule}")).collect();
        for table in ["client_analytics", "deployment_tracking_events"] {
            if planted.keys().any(|(planted, _)| planted == table) {
                expected.push(format!("{table}.{table}_partitions"));
            }
        }
        expected.sort();
        assert_eq!(pending(&admin).await, expected, "seed {seed}");
    }
}

/// Of a duplicate every row is listed, also the one that was there first.
async fn add_the_other_rows(
    admin: &tenantry::db::admin::Admin,
    planted: &mut BTreeMap<(String, String), BTreeSet<String>>,
) {
    let key =
        ("client_customizations".to_owned(), "client_customizations_client_id_template_id_version_key".to_owned());
    if let Some(ids) = planted.get_mut(&key) {
        let sql = "SELECT o.id::text FROM client_customizations o JOIN client_customizations c USING (client_id, template_id, version)
                    WHERE c.id <> o.id";
        ids.extend(admin.query(sql, &[]).await.expect("ids").iter().map(|row| row.get::<_, String>(0)));
    }
}
