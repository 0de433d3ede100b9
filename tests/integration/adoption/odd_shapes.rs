//! Shapes of a site's tables that nobody thought of: each is adopted whole, or refused before anything is changed, with
//! what to do about it.

use super::site::{adopt, columns, go_back, hashes, same_schema, schema, site};
use crate::support::{Database, tenantry};

/// What a site has, and what is said of it.
const REFUSED: &[(&str, &str)] = &[
    (
        "CREATE TABLE clients_archive () INHERITS (clients_enhanced)",
        "public.clients_enhanced is inherited from by clients_archive, and who asks for the one reads the other: \
         ALTER TABLE clients_archive NO INHERIT clients_enhanced",
    ),
    (
        "CREATE TABLE base (id uuid); ALTER TABLE client_deployments INHERIT base",
        "ALTER TABLE client_deployments NO INHERIT base",
    ),
    (
        "ALTER TABLE client_analytics RENAME TO figures;
         CREATE TABLE client_analytics (LIKE figures) PARTITION BY RANGE (analytics_date)",
        "public.client_analytics is a partitioned table, not a table: Tenantry partitions a plain one itself; copy its rows",
    ),
    (
        "CREATE TABLE figures (LIKE client_analytics INCLUDING DEFAULTS) PARTITION BY RANGE (analytics_date);
         ALTER TABLE figures ATTACH PARTITION client_analytics DEFAULT",
        "public.client_analytics is a partition of figures",
    ),
    (
        "ALTER TABLE client_analytics DROP COLUMN conversion_rate;
         ALTER TABLE client_analytics ADD COLUMN conversion_rate numeric(5,2) GENERATED ALWAYS AS (conversions) STORED",
        "ALTER TABLE public.client_analytics ALTER COLUMN conversion_rate DROP EXPRESSION",
    ),
    ("ALTER TABLE client_analytics SET UNLOGGED", "ALTER TABLE public.client_analytics SET LOGGED"),
    (
        "ALTER TABLE client_analytics DROP CONSTRAINT client_analytics_pkey, ALTER id DROP NOT NULL;
         UPDATE client_analytics SET id = NULL WHERE page_views = 20",
        "UPDATE public.client_analytics SET id = gen_random_uuid() WHERE id IS NULL",
    ),
    (
        "CREATE TYPE size AS ENUM ('small', 'medium', 'enterprise');
         ALTER TABLE clients_enhanced ALTER business_size TYPE size USING nullif(business_size, 'startup')::size",
        "clients_enhanced.business_size is public.size, which lacks startup: ALTER TYPE public.size ADD VALUE 'startup'",
    ),
    (
        "ALTER TABLE clients_enhanced RENAME email TO \"Email\"",
        "clients_enhanced.email (character varying(255)) is missing",
    ),
    (
        "CREATE DOMAIN client_members AS text",
        "public.client_members is a type, and Tenantry makes a table or view of that name",
    ),
    ("CREATE TABLE template_usage_summary (id int)", "public.template_usage_summary is no view"),
    (
        "CREATE PUBLICATION errors FOR TABLE deployment_tracking_events WHERE (event_type = 'error')",
        "cannot update table \"deployment_tracking_events\"",
    ),
    ("CREATE SCHEMA tenantry", "the schema tenantry belongs to postgres"),
    ("CREATE SEQUENCE client_billing_info", "public.client_billing_info is a sequence, not a table: rename it"),
];

#[tokio::test]
async fn what_cannot_be_adopted_is_refused_by_plan_and_up_with_what_to_do() {
    for (sql, said) in REFUSED {
        let database = site(&[sql]).await;
        let before = schema(&database);
        for arguments in [&["migrate", "plan"][..], &["migrate", "up", "--no-backup"]] {
            let refused = tenantry(&[arguments, &["--database-url", &database.url()]].concat());
            assert_eq!(refused.code, Some(1), "{sql}: {}", refused.out);
            assert!(refused.err.contains(said), "{sql}: {}", refused.err);
            same_schema(&schema(&database), &before);
        }
    }
}

#[tokio::test]
async fn a_new_database_with_a_name_that_is_taken_is_refused_before_anything_is_made() {
    for (sql, said) in [
        ("CREATE TYPE client_members AS ENUM ('a')", "public.client_members is a type"),
        ("CREATE TABLE t (a int); CREATE INDEX idx_system_configurations_key ON t (a)", "is taken by index"),
        ("CREATE SCHEMA tenantry_partitions", "the schema tenantry_partitions belongs to postgres"),
    ] {
        let database = Database::empty().await;
        database.connect().await.batch_execute(sql).await.expect("the site");
        let before = schema(&database);
        let refused = tenantry(&["migrate", "up", "--no-backup", "--database-url", &database.url()]);
        assert_eq!(refused.code, Some(1), "{sql}: {}", refused.out);
        assert!(refused.err.contains(said), "{sql}: {}", refused.err);
        same_schema(&schema(&database), &before);
    }
}

/// There and back; between, what people do by the tables' own rules.
async fn there_and_back(sql: &str, act: &str) {
    let database = site(&[sql]).await;
    let admin = database.connect().await;
    let columns = columns(&admin).await;
    let (content, before) = (hashes(&admin, &columns).await, schema(&database));
    let planned = tenantry(&["migrate", "plan", "--database-url", &database.url()]);
    assert_eq!(planned.code, Some(0), "{}", planned.err);
    assert!(!planned.out.contains("couldn't be rehearsed"), "{}", planned.out);
    adopt(&database).await;
    adopt(&database).await;
    admin.batch_execute(&format!("BEGIN; {act}; ROLLBACK")).await.unwrap_or_else(|error| panic!("{act}: {error:?}"));
    go_back(&database).await;
    same_schema(&schema(&database), &before);
    assert_eq!(hashes(&admin, &columns).await, content);
}

#[tokio::test]
async fn lists_that_are_enums() {
    there_and_back(
        include_str!("odd_enums.sql"),
        "UPDATE client_deployments SET status = 'superseded' WHERE status = 'deployed';
         UPDATE client_customizations SET css_customizations = '' WHERE status = 'draft';
         UPDATE client_customizations SET status = 'in_review' WHERE status = 'draft';
         INSERT INTO deployment_tracking_events (deployment_id, event_type, event_status, triggered_by)
         SELECT id, 'health_check', 'success', 'system' FROM client_deployments LIMIT 3;
         INSERT INTO client_deployments (client_id, customization_id, deployment_name, status)
         SELECT client_id, customization_id, 'one more', 'pending' FROM client_deployments LIMIT 3;
         SELECT tenantry.settle_figures(), tenantry.keep_scores(now());
         SELECT count(*) FROM client_summary; SELECT count(*) FROM template_usage_summary",
    )
    .await;
}

#[tokio::test]
async fn tables_without_a_row() {
    there_and_back("TRUNCATE clients_enhanced CASCADE", "SELECT 1").await;
}

#[tokio::test]
async fn dates_that_no_month_is_for() {
    there_and_back(
        "UPDATE deployment_tracking_events SET event_timestamp = '294276-12-31' WHERE id = (SELECT id FROM deployment_tracking_events LIMIT 1);
         UPDATE client_analytics SET analytics_date = '5874897-12-31' WHERE id = (SELECT id FROM client_analytics LIMIT 1)",
        "SELECT 1",
    )
    .await;
}

#[tokio::test]
async fn a_public_schema_that_nobody_may_write_to() {
    there_and_back("REVOKE ALL ON SCHEMA public FROM PUBLIC, pg_database_owner", "SELECT 1").await;
}
