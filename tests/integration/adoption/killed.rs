//! The migrator is stopped in the middle of every step and after it, and run again each time: it always goes on.
//!
//! A stop in the middle of a transaction loses it, one in the middle of `CREATE INDEX CONCURRENTLY` leaves an index
//! that the ledger doesn't know to be done. One database goes through all stops, one after the other: after each of them
//! the rows are there and no index is invalid, and in the end it is what one is that was never stopped.

use std::collections::{BTreeMap, BTreeSet};

use tenantry::db::admin::Admin;
use tenantry::db::migrate::{DownOptions, Faults, Quiet, UpOptions, down, ledger, up};

use super::site::{HABITS, MENDED, adopt, columns, hashes, same_schema, schema, site};
use crate::support::Database;

/// So many rows that there are batches, and no more, since the tables are looked at after every stop.
pub(super) const FEW: &str = "
DELETE FROM deployment_tracking_events WHERE id::text > '60' AND event_timestamp IS NOT NULL;
DELETE FROM client_analytics WHERE id::text > '10' AND deployment_id IS NOT NULL";

/// A site's database on its way, and what may never be missing from it.
struct Journey {
    database: Database,
    admin: Admin,
    columns: BTreeMap<String, Vec<String>>,
    content: BTreeMap<String, String>,
}

impl Journey {
    async fn from(database: Database) -> Self {
        let admin = database.connect().await;
        let columns = columns(&admin).await;
        let content = hashes(&admin, &columns).await;
        Self { database, admin, columns, content }
    }

    /// Runs something until it isn't stopped any more, and looks at what each stop leaves behind.
    async fn to_its_end(&self, faults: &Faults, mut run: impl AsyncFnMut(Admin, Faults) -> tenantry::Result<()>) {
        let rows = self.rows().await;
        let mut stops = 0_u32;
        while let Err(stopped) = run(self.database.connect().await, faults.clone()).await {
            let here = stopped.to_string();
            assert!(here.contains("stopped "), "{here}");
            assert_eq!(self.rows().await, rows, "{here}");
            assert_eq!(invalid_indexes(&self.admin).await, 0, "{here}");
            assert_ledger_is_true(&self.admin, &here).await;
            // Every run makes the model in a transaction that is rolled back; autovacuum is off.
            stops += 1;
            if stops.is_multiple_of(20) {
                self.admin.batch_execute("VACUUM").await.expect("a vacuum");
            }
        }
        assert_eq!(hashes(&self.admin, &self.columns).await, self.content);
    }

    /// How many rows each table has.
    async fn rows(&self) -> String {
        let counts: Vec<String> =
            self.columns.keys().map(|table| format!("(SELECT count(*) FROM public.{table})")).collect();
        let sql = format!("SELECT concat_ws(' ', {})", counts.join(", "));
        self.admin.query_one(&sql, &[]).await.expect("rows").get(0)
    }
}

pub(super) async fn invalid_indexes(admin: &Admin) -> i64 {
    let sql = "SELECT count(*) FROM pg_index WHERE NOT indisvalid OR NOT indisready";
    admin.query_one(sql, &[]).await.expect("the catalog").get(0)
}

/// Only the step that was stopped may be begun and not done, and only where no transaction holds it.
async fn assert_ledger_is_true(admin: &Admin, here: &str) {
    let steps = ledger::read(admin).await.expect("the ledger");
    for step in steps.iter().filter(|step| step.applied_at.is_none()) {
        assert!(here.contains(&format!("stopped inside {}: {}", step.migration, step.step)), "{step:?} after {here}");
    }
}

/// No invalid index, and the ledger says what it says where nothing was stopped.
pub(super) async fn assert_sound(admin: &Admin, whole: &Database) {
    assert_eq!(invalid_indexes(admin).await, 0);
    let (is, should_be) = (steps(admin).await, steps(&whole.connect().await).await);
    let differing: Vec<_> = is.symmetric_difference(&should_be).collect();
    assert!(differing.is_empty(), "{differing:#?}");
}

async fn steps(admin: &Admin) -> BTreeSet<(String, String, String, bool)> {
    let entries = ledger::read(admin).await.expect("the ledger");
    entries.into_iter().map(|one| (one.migration, one.step, one.checksum, one.applied_at.is_some())).collect()
}

/// Adopts a site with a stop in the middle of every step and after it, and compares it with one that wasn't stopped.
async fn adopted_between_stops(more: &[&str]) {
    let whole = site(more).await;
    let watching = Faults::watching();
    let options = UpOptions { faults: watching.clone(), ..UpOptions::default() };
    up(&mut whole.connect().await, &options, &mut Quiet).await.expect("it is adopted");

    let faults = Faults::everywhere();
    let journey = Journey::from(site(more).await).await;
    journey
        .to_its_end(&faults, async |mut admin, faults| {
            up(&mut admin, &UpOptions { faults, ..UpOptions::default() }, &mut Quiet).await.map(|_| ())
        })
        .await;
    assert_everywhere(&faults, &watching, 300);
    assert_sound(&journey.admin, &whole).await;
    same_schema(&schema(&journey.database), &schema(&whole));
}

/// Whether there was a stop wherever an undisturbed run passes by. A step outside a transaction that was stopped in the
/// middle is found done by the next run, which has no end of it to pass.
fn assert_everywhere(stopped: &Faults, passed: &Faults, at_least: usize) {
    let (stopped, passed) = (stopped.passed(), passed.passed());
    let found_done =
        |place: &str| place.strip_prefix("after ").is_some_and(|step| stopped.contains(&format!("inside {step}")));
    let missed: Vec<&String> = passed.difference(&stopped).filter(|place| !found_done(place)).collect();
    assert!(missed.is_empty(), "not stopped at: {missed:#?}");
    assert!(passed.len() > at_least, "{}", passed.len());
}

#[tokio::test]
async fn while_rules_are_pending() {
    adopted_between_stops(&[FEW]).await;
}

#[tokio::test]
async fn up_to_partitions() {
    adopted_between_stops(&[MENDED, HABITS, FEW]).await;
}

#[tokio::test]
async fn on_the_way_back() {
    let more = [MENDED, HABITS, FEW];
    let (whole, stopped) = (site(&more).await, site(&more).await);
    let before = schema(&stopped);
    let watching = Faults::watching();
    adopt(&whole).await;
    let options = DownOptions { faults: watching.clone(), ..DownOptions::default() };
    down(&mut whole.connect().await, &options, &mut Quiet).await.expect("it goes back");

    let faults = Faults::everywhere();
    let journey = Journey::from(stopped).await;
    adopt(&journey.database).await;
    journey
        .to_its_end(&faults, async |mut admin, faults| {
            down(&mut admin, &DownOptions { faults, ..DownOptions::default() }, &mut Quiet).await.map(|_| ())
        })
        .await;
    assert_everywhere(&faults, &watching, 70);
    same_schema(&schema(&journey.database), &before);
}

#[tokio::test]
async fn what_an_interrupted_index_left_behind_is_built_again() {
    let database = site(&[MENDED]).await;
    let admin = database.connect().await;
    for left in [
        "CREATE UNIQUE INDEX CONCURRENTLY client_customizations_client_id_id_key ON client_customizations (client_id)",
        "CREATE UNIQUE INDEX CONCURRENTLY idx_client_deployments_customization ON client_deployments (deployment_type)",
        "CREATE UNIQUE INDEX CONCURRENTLY deployment_tracking_events_pkey_future ON deployment_tracking_events (event_type)",
    ] {
        admin.batch_execute(left).await.expect_err("rows are in the way");
    }
    adopt(&database).await;
    let whole = site(&[MENDED]).await;
    adopt(&whole).await;
    assert_eq!(invalid_indexes(&admin).await, 0);
    let closed = ledger::closed(&admin).await.expect("the ledger");
    assert_eq!(closed, ledger::closed(&*whole.connect().await).await.expect("the ledger"));
    same_schema(&schema(&database), &schema(&whole));
}
