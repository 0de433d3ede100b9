//! The migrator is stopped in the middle of steps and between them, and run again each time: it always goes on.
//!
//! A stop in the middle of a transaction loses it, one in the middle of `CREATE INDEX CONCURRENTLY` leaves the index
//! without an entry in the ledger. One database goes through all stops, one after the other, and has to end as one that
//! was never stopped; the tests begin at different steps, so that one of them stops where another passes by.

use std::collections::BTreeSet;

use tenantry::db::admin::Admin;
use tenantry::db::migrate::{DownOptions, Faults, Quiet, UpOptions, down, ledger, up};

use super::site::{HABITS, MENDED, adopt, columns, hashes, same_schema, schema, site};
use crate::support::Database;

/// More stops than there are points.
const ENOUGH: usize = 3_000;

/// So many rows that there are batches, and no more, since the tables are looked at after every stop.
const FEW: &str = "
DELETE FROM deployment_tracking_events WHERE id::text > '60' AND event_timestamp IS NOT NULL;
DELETE FROM client_analytics WHERE id::text > '10' AND deployment_id IS NOT NULL";

/// Runs something again and again, stopped in the middle of its `nth` step, then after its `nth` step, and so on in
/// turn, until it isn't stopped any more; returns how often it was.
async fn until_done(first: u32, nth: u32, mut run: impl AsyncFnMut(Faults) -> tenantry::Result<()>) -> usize {
    // A step has three points: before it, inside it, after it.
    let (inside, after) = (3 * nth - 1, 3 * nth);
    let (mut point, mut places) = (first, BTreeSet::new());
    for stops in 0..ENOUGH {
        let Err(stopped) = run(Faults::at(point)).await else { return stops };
        let said = stopped.what().to_owned();
        let (_, place) =
            said.split_once("stopped at point ").unwrap_or_else(|| panic!("after {stops} stops: {stopped}"));
        let place = place.split_once('(').map(|(_, place)| place.to_owned()).unwrap_or_default();
        // The first steps of a migration may be repeated until it is closed, and a batch has a point for each of its
        // transactions: stopped at the same place again, it has to get further.
        point = match point {
            _ if !places.insert(place) => point + nth,
            _ if point == inside => after,
            _ => inside,
        };
    }
    panic!("it doesn't come to an end: {places:?}");
}

/// Adopts a site with two stops at every `nth` step, and compares it with one that wasn't stopped.
async fn adopted_between_stops(first: u32, nth: u32, more: &[&str]) {
    let whole = site(more).await;
    adopt(&whole).await;
    let database = site(more).await;
    let admin = database.connect().await;
    let columns = columns(&admin).await;
    let content = hashes(&admin, &columns).await;

    let stops = until_done(first, nth, async |faults| {
        let mut admin = database.connect().await;
        up(&mut admin, &UpOptions { faults, ..UpOptions::default() }, &mut Quiet).await.map(|_| ())
    })
    .await;
    assert!(stops > 160 / nth as usize, "{stops}");
    assert_eq!(hashes(&admin, &columns).await, content);
    assert_sound(&admin, &whole).await;
    same_schema(&schema(&database), &schema(&whole));
}

/// No invalid index, and the ledger says of each migration what it says where nothing was stopped.
async fn assert_sound(admin: &Admin, whole: &Database) {
    let invalid: i64 = admin
        .query_one("SELECT count(*) FROM pg_index WHERE NOT indisvalid OR NOT indisready", &[])
        .await
        .expect("the catalog")
        .get(0);
    assert_eq!(invalid, 0);
    let closed = ledger::closed(admin).await.expect("the ledger");
    assert_eq!(closed, ledger::closed(&*whole.connect().await).await.expect("the ledger"));
}

#[tokio::test]
async fn while_rules_are_pending() {
    adopted_between_stops(2, 5, &[FEW]).await;
}

#[tokio::test]
async fn up_to_partitions() {
    adopted_between_stops(6, 3, &[MENDED, HABITS, FEW]).await;
}

#[tokio::test]
async fn on_the_way_back() {
    let database = site(&[MENDED, HABITS, FEW]).await;
    let admin = database.connect().await;
    let columns = columns(&admin).await;
    let (content, before) = (hashes(&admin, &columns).await, schema(&database));
    adopt(&database).await;
    let stops = until_done(2, 2, async |faults| {
        let mut admin = database.connect().await;
        down(&mut admin, &DownOptions { faults, ..DownOptions::default() }, &mut Quiet).await.map(|_| ())
    })
    .await;
    assert!(stops > 30, "{stops}");
    assert_eq!(hashes(&admin, &columns).await, content);
    same_schema(&schema(&database), &before);
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
    assert_sound(&admin, &whole).await;
    same_schema(&schema(&database), &schema(&whole));
}
