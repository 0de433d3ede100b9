//! Tables of ours that somebody made by hand before: adopted where their shape is near, refused where it is another.

use tenantry::db::migrate::{Quiet, UpOptions, up};

use super::site::{adopt, columns, go_back, hashes, same_schema, schema, site};
use crate::support::tenantry;

const NEARLY: &str = "
CREATE TABLE system_configurations (
    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    configuration_key text NOT NULL UNIQUE,
    configuration_value jsonb NOT NULL,
    environment varchar(20) DEFAULT 'all' CHECK (environment IN ('all', 'production')),
    description text, client_id uuid, is_system boolean DEFAULT false, note text,
    created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now()
);
CREATE INDEX idx_system_configurations_key ON system_configurations (lower(configuration_key));
INSERT INTO system_configurations (configuration_key, configuration_value, is_system) VALUES
    ('billing_settings', '{\"currency\": \"EUR\", \"trial_days\": 30}', true), ('site.theme', '\"dark\"', false);
";

const THEIRS: &str = "
SELECT ROW(id, configuration_key, configuration_value, environment, is_system, note, created_at, updated_at)::text
  FROM system_configurations WHERE configuration_key = 'site.theme' OR configuration_value ->> 'currency' = 'EUR' ORDER BY 1";

const WRONG: &str = "
CREATE TABLE system_configurations (key text PRIMARY KEY, value text, is_active text);
CREATE VIEW client_members AS SELECT id AS client_id FROM clients_enhanced;
CREATE TABLE audit_log (id bigserial PRIMARY KEY, message text);
ALTER TABLE client_analytics ALTER COLUMN analytics_date TYPE text USING analytics_date::text;
CREATE TABLE notes (id int); CREATE INDEX idx_clients_enhanced_name ON notes (id);
";

#[tokio::test]
async fn one_made_by_hand_is_adopted_with_its_rows() {
    let database = site(&[NEARLY]).await;
    let admin = database.connect().await;
    let (before, columns) = (schema(&database), columns(&admin).await);
    let content = hashes(&admin, &columns).await;
    let theirs = admin.query(THEIRS, &[]).await.expect("the rows");
    adopt(&database).await;
    let kept = admin.query(THEIRS, &[]).await.expect("the rows");
    let texts = |rows: &[tokio_postgres::Row]| rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>();
    assert_eq!(texts(&kept), texts(&theirs), "rows are kept, seeds don't overwrite them");
    admin
        .batch_execute(
            "INSERT INTO system_configurations (configuration_key, configuration_value, client_id)
             SELECT 'site.theme', '\"light\"', id FROM clients_enhanced LIMIT 1",
        )
        .await
        .expect("the same key lives at many layers");
    admin.batch_execute("DELETE FROM system_configurations WHERE client_id IS NOT NULL").await.expect("it goes again");
    go_back(&database).await;
    same_schema(&schema(&database), &before);
    assert_eq!(hashes(&admin, &columns).await, content, "what seeds had added is gone");
}

#[tokio::test]
async fn another_shape_is_refused_with_all_differences_before_anything_changes() {
    let database = site(&[WRONG]).await;
    let before = schema(&database);
    let mut admin = database.connect().await;
    let refused = up(&mut admin, &UpOptions::default(), &mut Quiet).await.expect_err("it can't be adopted");
    for difference in [
        "system_configurations.id (uuid) is missing",
        "system_configurations.configuration_value (jsonb) is missing",
        "system_configurations.is_active is text, Tenantry's is boolean",
        "public.client_members is a view, not a table",
        "public.audit_log exists",
        "client_analytics.analytics_date is text, Tenantry's is date",
        "public.idx_clients_enhanced_name, the name of an index of Tenantry's on clients_enhanced, is taken by index idx_clients_enhanced_name on notes",
    ] {
        assert!(refused.what().contains(difference), "not said: {difference}\n{refused}");
    }
    same_schema(&schema(&database), &before);
}

#[tokio::test]
async fn a_disk_without_room_is_told_before_anything_is_changed() {
    let database = site(&[]).await;
    let (admin, before) = (database.connect().await, schema(&database));
    let path =
        "SELECT concat(current_setting('data_directory'), '/', pg_relation_filepath('deployment_tracking_events'))";
    let path: String = admin.query_one(path, &[]).await.expect("a superuser may know").get(0);
    // A second segment that is one hole: PostgreSQL counts it, and has no reason to read it.
    let hole = format!("{path}.1");
    std::fs::File::create_new(&hole).and_then(|file| file.set_len(1 << 43)).expect("a file beside the table's");
    let refused = tenantry(&["migrate", "up", "--no-backup", "--database-url", &database.url()]);
    std::fs::remove_file(hole).expect("the file is there");
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    assert!(refused.err.contains("MiB are free") && refused.err.contains("make room"), "{}", refused.err);
    same_schema(&schema(&database), &before);
    adopt(&database).await;
}
