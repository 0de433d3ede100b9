//! The sample agency: complete, the same everywhere, added once, and never among somebody's clients.

use jiff::Timestamp;
use tenantry::clock::Clock;
use tenantry::db::admin::Admin;
use tenantry::demo::{self, Credential};

use crate::support::{Database, tenantry};

fn clock() -> Clock {
    let at: Timestamp = "2026-03-15T16:40:00Z".parse().expect("a time");
    Clock::Fixed(at)
}

async fn loaded() -> (Database, Admin, Vec<Credential>) {
    let database = Database::migrated().await;
    let mut admin = database.connect().await;
    let credentials = demo::load(&mut admin, clock()).await.expect("the agency is added").expect("it wasn't there");
    (database, admin, credentials)
}

async fn count(admin: &Admin, query: &str) -> i64 {
    let row = admin.query_one(query, &[]).await.unwrap_or_else(|error| panic!("{query}: {error:?}"));
    row.get(0)
}

#[tokio::test]
async fn the_agency_is_complete() {
    // One for all that only look, since hashing eight passwords takes its time.
    let (database, mut admin, credentials) = loaded().await;
    every_state_can_be_seen(&admin).await;
    the_cases_that_the_guide_names_are_there(&admin).await;
    events_and_figures_cover_the_three_months_before_now(&admin).await;
    everybody_sees_their_part(&mut admin, &credentials).await;
    let verified = tenantry(&["migrate", "verify", "--database-url", &database.url()]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
}

async fn every_state_can_be_seen(admin: &Admin) {
    // Table, column, and how many values a CHECK allows.
    for (table, column, states) in [
        ("tenantry.people", "role", 5),
        ("clients_enhanced", "status", 4),
        ("clients_enhanced", "tier", 4),
        ("client_members", "member_role", 3),
        ("template_configurations", "status", 4),
        ("client_customizations", "status", 4),
        ("client_deployments", "status", 9),
        ("client_deployments", "health_status", 4),
        ("client_deployments", "deployment_type", 3),
        ("deployment_configurations", "status", 4),
        ("system_configurations", "configuration_category", 4),
        ("system_configurations", "environment", 4),
        ("client_billing_info", "subscription_status", 4),
        ("client_billing_info", "payment_status", 4),
        ("client_billing_info", "dunning_status", 4),
        ("client_billing_info", "billing_frequency", 3),
        ("deployment_tracking_events", "event_type", 8),
        ("deployment_tracking_events", "event_status", 4),
    ] {
        let seen = count(admin, &format!("SELECT count(DISTINCT {column}) FROM {table}")).await;
        assert_eq!(seen, states, "{table}.{column}");
    }
    assert_eq!(count(admin, "SELECT count(*) FROM clients_enhanced").await, 40);
    assert_eq!(count(admin, "SELECT count(*) FROM tenantry.people").await, 8);
    assert_eq!(count(admin, "SELECT count(*) FROM clients_enhanced WHERE archived_at IS NOT NULL").await, 1);
}

async fn the_cases_that_the_guide_names_are_there(admin: &Admin) {
    for (case, query) in [
        (
            "a locked key with an older override that it overrules",
            "SELECT count(*) FROM system_configurations g JOIN system_configurations c USING (configuration_key, environment)
              WHERE g.configuration_schema -> 'x-locked' = 'true' AND g.client_id IS NULL AND g.template_id IS NULL
                AND c.client_id IS NOT NULL AND c.configuration_value <> g.configuration_value AND c.created_at < g.created_at",
        ),
        (
            "a template with a locked property",
            "SELECT count(*) FROM template_configurations
              WHERE status = 'active' AND jsonb_path_exists(configuration_schema, '$.**.\"x-locked\" ? (@ == true)')",
        ),
        (
            "an override that shields its client from a newer value beneath",
            "SELECT count(*) FROM system_configurations t
               JOIN system_configurations c USING (configuration_key, template_id, environment)
              WHERE t.client_id IS NULL AND c.client_id IS NOT NULL AND c.is_active AND c.created_at < t.created_at
                AND c.configuration_value <> t.configuration_value",
        ),
        (
            "an incomplete document: required, without a default, and supplied by no layer",
            "SELECT count(*) FROM client_customizations c
               JOIN template_configurations t USING (template_id, template_version)
              WHERE c.is_active AND t.configuration_schema #> '{properties,store,required}' ? 'supportEmail'
                AND NOT t.configuration_schema #> '{properties,store,properties,supportEmail}' ? 'default'
                AND NOT coalesce(t.default_configuration -> 'store', '{}') ? 'supportEmail'
                AND NOT coalesce(c.customization_config -> 'store', '{}') ? 'supportEmail'
                AND NOT EXISTS (SELECT FROM system_configurations s
                                 WHERE s.configuration_key = 'store.supportEmail' AND s.is_active
                                   AND (s.client_id = c.client_id OR s.client_id IS NULL))",
        ),
        (
            "a failed deployment with the event that says why",
            "SELECT count(*) FROM client_deployments d JOIN deployment_tracking_events e ON e.deployment_id = d.id
              WHERE d.status = 'failed' AND e.event_status = 'failure' AND e.event_message IS NOT NULL",
        ),
        (
            "an overdue renewal",
            "SELECT count(*) FROM clients_enhanced c JOIN client_billing_info b ON b.client_id = c.id
              WHERE c.status = 'active' AND c.renewal_date < date '2026-03-15' AND b.next_invoice_date < date '2026-03-15'
                AND b.dunning_status <> 'none'",
        ),
        ("a removed key", "SELECT count(*) FROM system_configurations WHERE configuration_value ? '$removed'"),
        ("a delegated key", "SELECT count(*) FROM system_configurations WHERE is_delegated"),
        (
            "a configuration in force, with its revision",
            "SELECT count(*) FROM deployment_configurations WHERE status = 'applied' AND applied_revision IS NOT NULL",
        ),
    ] {
        assert!(count(admin, query).await > 0, "{case}");
    }
    let layers = "SELECT count(DISTINCT (client_id IS NULL, template_id IS NULL, environment = 'all')) FROM system_configurations";
    assert_eq!(count(admin, layers).await, 8, "global, template, client, client and template; all environments or one");
}

async fn events_and_figures_cover_the_three_months_before_now(admin: &Admin) {
    let row = admin
        .query_one(
            "SELECT count(DISTINCT (event_timestamp AT TIME ZONE 'UTC')::date),
                    max(event_timestamp) <= '2026-03-15 16:40+00' AND max(event_timestamp) > '2026-03-15',
                    (SELECT count(DISTINCT analytics_date) FROM client_analytics)
               FROM deployment_tracking_events",
            &[],
        )
        .await
        .expect("the events");
    assert_eq!((row.get::<_, i64>(0), row.get::<_, bool>(1), row.get::<_, i64>(2)), (93, true, 92));
}

/// Every row of Tenantry's public tables, without what the database notes by its own clock.
const CONTENTS: &str = "
SELECT md5(string_agg(r.row, ' ' ORDER BY r.row))
  FROM (SELECT 'people' || (to_jsonb(t) - '{created_at,updated_at}'::text[])::text FROM tenantry.people t
        UNION ALL SELECT 'clients' || to_jsonb(t)::text FROM clients_enhanced t
        UNION ALL SELECT 'members' || to_jsonb(t)::text FROM client_members t
        UNION ALL SELECT 'templates' || to_jsonb(t)::text FROM template_configurations t
        UNION ALL SELECT 'designs' || to_jsonb(t)::text FROM client_customizations t
        UNION ALL SELECT 'deployments' || (to_jsonb(t) - 'deployment_template_id')::text FROM client_deployments t
        UNION ALL SELECT 'events' || to_jsonb(t)::text FROM deployment_tracking_events t
        UNION ALL SELECT 'figures' || to_jsonb(t)::text FROM client_analytics t
        UNION ALL SELECT 'values' || to_jsonb(t)::text FROM system_configurations t WHERE NOT is_system
        UNION ALL SELECT 'environments' || (to_jsonb(t) - '{deployment_template_id,applied_configuration,applied_at,applied_revision}'::text[])::text
                    FROM deployment_configurations t
        UNION ALL SELECT 'billing' || to_jsonb(t)::text FROM client_billing_info t) r (row)";

#[tokio::test]
async fn the_same_clock_gives_the_same_rows() {
    let (_one, one, of_one) = loaded().await;
    let (_other, other, of_other) = loaded().await;
    let hash = async |admin: &Admin| admin.query_one(CONTENTS, &[]).await.expect("the rows").get::<_, String>(0);
    assert_eq!(hash(&one).await, hash(&other).await);
    assert!(of_one.iter().all(|credential| of_other.iter().all(|other| other.password != credential.password)));
}

#[tokio::test]
async fn a_second_time_changes_nothing() {
    let (_database, mut admin, _) = loaded().await;
    let before = count(&admin, "SELECT count(*) FROM audit_log").await;
    let again = demo::load(&mut admin, Clock::System).await.expect("no error");
    assert!(again.is_none());
    assert_eq!(count(&admin, "SELECT count(*) FROM audit_log").await, before);
}

#[tokio::test]
async fn a_database_with_clients_is_refused() {
    let database = Database::migrated().await;
    let mut admin = database.connect().await;
    admin
        .batch_execute("INSERT INTO clients_enhanced (name, email) VALUES ('Somebody', 'somebody@real.example')")
        .await
        .expect("a client");
    let refused = demo::load(&mut admin, clock()).await.err().expect("there is a client");
    assert!(refused.what().contains("without clients") && refused.how_to_mend().is_some(), "{refused}");
    assert_eq!(count(&admin, "SELECT count(*) FROM tenantry.people").await, 0);
}

async fn everybody_sees_their_part(admin: &mut Admin, credentials: &[Credential]) {
    for (email, clients, billed) in [
        ("ines.duarte@harbourpine.example", 40, 40),
        ("tomas.lindqvist@harbourpine.example", 40, 40),
        ("priya.nair@harbourpine.example", 19, 19),
        ("daniel.okafor@harbourpine.example", 21, 20),
        ("mei.tanaka@harbourpine.example", 8, 0),
        ("luca.moretti@harbourpine.example", 11, 0),
        ("marta@lumenyoga.example", 1, 1),
        ("owen@fairbairnjoinery.example", 1, 1),
    ] {
        let credential =
            credentials.iter().find(|credential| credential.email == email).expect("somebody by that address");
        let seen = seen_by(admin, credential).await;
        assert_eq!(seen, (clients, billed), "{email}: clients, billing");
    }
}

async fn seen_by(admin: &mut Admin, who: &Credential) -> (i64, i64) {
    let tx = admin.transaction().await.expect("a transaction");
    let claims: serde_json::Value = tx
        .query_one(
            "SELECT jsonb_build_object('sub', u.id, 'role', 'authenticated', 'app_metadata', u.raw_app_meta_data)
               FROM auth.users u WHERE u.email = $1",
            &[&who.email],
        )
        .await
        .expect("the person")
        .get(0);
    tx.execute("SELECT tenantry.enter($1)", &[&claims]).await.expect("the person may enter");
    tx.batch_execute(&format!("SET LOCAL ROLE tenantry_{}", who.role)).await.expect("the role");
    let row = tx
        .query_one("SELECT (SELECT count(*) FROM clients_enhanced), (SELECT count(*) FROM client_billing_info)", &[])
        .await
        .expect("what they see");
    (row.get(0), row.get(1))
}
