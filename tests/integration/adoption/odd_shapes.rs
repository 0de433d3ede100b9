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
    (
        "CREATE FUNCTION lower(varchar) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1::text)'",
        "public.lower(character varying) is nearer to a varchar than PostgreSQL's own lower, and the schema's rules would ask it: \
         rename it, or put it into a schema of its own",
    ),
    (
        "CREATE FUNCTION never(varchar, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT false';
         CREATE OPERATOR = (FUNCTION = never, LEFTARG = varchar, RIGHTARG = varchar)",
        "the operator public.=(character varying,character varying) is nearer to a varchar than PostgreSQL's own",
    ),
    (
        "DROP VIEW client_summary; CREATE VIEW client_summary AS SELECT id, 1 AS score FROM clients_enhanced;
         CREATE VIEW scores AS SELECT id, score FROM client_summary",
        "public.scores can't read Tenantry's client_summary, column client_summary.score does not exist",
    ),
    (
        "CREATE FUNCTION busy() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM client_summary; END",
        "function public.busy() stands on public.client_summary and can't be made again: ALTER VIEW public.client_summary RENAME TO",
    ),
    (
        "CREATE TYPE kept AS (at date, client clients_enhanced); CREATE TABLE archive (rows kept[])",
        "public.archive.rows keeps whole rows of public.clients_enhanced, to which no column can be added then: \
         ALTER TABLE archive ALTER COLUMN rows TYPE jsonb USING to_jsonb(rows)",
    ),
    (
        "ALTER TABLE auth.users RENAME TO people; CREATE VIEW auth.users AS SELECT * FROM auth.people",
        "auth.users is a view, and people are added to it: put a table with its rows in its place, or rename it",
    ),
    (
        "ALTER TABLE auth.users RENAME TO people; CREATE FOREIGN DATA WRAPPER other; CREATE SERVER other FOREIGN DATA WRAPPER other;
         CREATE FOREIGN TABLE auth.users (id uuid, email text) SERVER other",
        "auth.users is a foreign table, and people are added to it",
    ),
    (
        "ALTER TABLE auth.users RENAME TO people; CREATE TABLE auth.users (id bigint PRIMARY KEY, email text)",
        "auth.users.id is bigint, and Tenantry knows people by a uuid: ALTER TABLE auth.users RENAME COLUMN id TO number",
    ),
    ("ALTER TABLE auth.users DROP COLUMN email", "auth.users.email is missing, and people are found by their address"),
    (
        "ALTER TABLE auth.users ALTER COLUMN raw_app_meta_data DROP DEFAULT, ALTER COLUMN raw_app_meta_data TYPE text",
        "auth.users.raw_app_meta_data is text, and is read as jsonb: ALTER TABLE auth.users ALTER COLUMN raw_app_meta_data",
    ),
    (
        "ALTER TABLE auth.users RENAME TO people; CREATE TABLE auth.users (id uuid UNIQUE, email text)",
        "auth.users.id isn't a key, so that two people may have one, or none: ALTER TABLE auth.users ALTER COLUMN id SET NOT NULL",
    ),
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

/// A site's people, in a shape that nobody can be known by, and the statement of the mend that it is given.
const MENDED_PEOPLE: &[(&str, &[&str])] = &[
    (
        "CREATE TABLE auth.users (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, email varchar(100))",
        &[
            "ALTER TABLE auth.users RENAME COLUMN id TO number",
            "ALTER TABLE auth.users ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE",
        ],
    ),
    (
        "CREATE TABLE auth.users (email text)",
        &["ALTER TABLE auth.users ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE"],
    ),
    (
        "CREATE TABLE auth.users (id uuid DEFAULT gen_random_uuid(), email text)",
        &["ALTER TABLE auth.users ALTER COLUMN id SET NOT NULL, ADD UNIQUE (id)"],
    ),
    (
        "CREATE TABLE auth.users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text, raw_app_meta_data text DEFAULT '{}')",
        &["ALTER TABLE auth.users ALTER COLUMN raw_app_meta_data TYPE jsonb USING raw_app_meta_data::jsonb"],
    ),
];

#[tokio::test]
async fn people_who_cannot_be_known_are_known_after_the_mend_that_is_said() {
    for (sql, mends) in MENDED_PEOPLE {
        // Without a table of ours, and people are asked for all the same.
        let database = Database::empty().await;
        let admin = database.connect().await;
        admin.batch_execute(&format!("CREATE SCHEMA auth; {sql}")).await.expect("the site");
        admin.batch_execute("INSERT INTO auth.users (email) VALUES ('mia@site.example')").await.expect("somebody");
        let run = |arguments: &[&str]| tenantry(&[arguments, &["--database-url", &database.url()]].concat());
        let refused = run(&["migrate", "up", "--no-backup"]);
        assert_eq!(refused.code, Some(1), "{sql}: {}", refused.out);
        for mend in *mends {
            assert!(refused.err.contains(mend), "{sql}: {}", refused.err);
            // The default's type isn't the column's any more.
            if sql.contains("raw_app_meta_data") {
                admin
                    .batch_execute("ALTER TABLE auth.users ALTER COLUMN raw_app_meta_data DROP DEFAULT")
                    .await
                    .expect("it has one");
            }
            admin.batch_execute(mend).await.unwrap_or_else(|error| panic!("{mend}: {error:?}"));
        }
        for arguments in [
            &["migrate", "up", "--no-backup"][..],
            &["user", "role", "mia@site.example", "admin"],
            &["user", "create", "--email", "ben@site.example", "--role", "staff"],
        ] {
            let done = run(arguments);
            assert_eq!(done.code, Some(0), "{sql}: {arguments:?}: {}", done.err);
        }
        let listed = run(&["user", "list"]);
        assert!(listed.out.contains("mia@site.example") && listed.out.contains("ben@site.example"), "{}", listed.out);
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
