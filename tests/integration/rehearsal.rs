//! The rehearsal behind `migrate plan`: what the steps lock, without touching the database that is copied.

use std::path::PathBuf;

use tenantry::db::migrate::{UpOptions, rehearsal, up_recorded};
use tenantry::settings::Settings;

use crate::support::{Database, schema_dump};

#[tokio::test]
async fn the_steps_of_a_copy_tell_their_locks_and_the_original_stays_as_it_was() {
    let database = Database::empty().await;
    let admin = database.connect().await;
    admin.batch_execute("CREATE TABLE tenant_apps (id int PRIMARY KEY)").await.expect("a table of the site's own");
    let before = schema_dump(&database);
    let settings =
        Settings { pg_bindir: std::env::var_os("TENANTRY_TEST_PG_BINDIR").map(PathBuf::from), ..Settings::default() };
    let (records, copied) = rehearsal::on_a_copy(&settings, &admin, async |copy| {
        let copied: bool = copy.query_one("SELECT to_regclass('public.tenant_apps') IS NOT NULL", &[]).await?.get(0);
        Ok((up_recorded(copy, &UpOptions::default()).await?, copied))
    })
    .await
    .expect("a rehearsal");
    assert!(copied, "the copy has the site's own tables");
    let policies =
        records.iter().find(|record| record.migration == "0040_policies" && record.step == "client_deployments");
    let policies = policies.expect("each step leaves a record");
    assert!(
        policies.locks.contains(&("client_deployments".into(), "AccessExclusiveLock".into())),
        "{:?}",
        policies.locks
    );
    assert!(policies.sql.contains("CREATE POLICY"));
    assert_eq!(schema_dump(&database), before);
}
