//! The connection breaks in the middle of building each index, and what is left of it is invalid: the next run builds it
//! again, and the ledger says so.

use std::collections::BTreeSet;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use tenantry::db::admin::Admin;
use tenantry::db::migrate::{Progress, Step, UpOptions, up};

use super::killed::{FEW, assert_sound, invalid_indexes};
use super::site::{MENDED, adopt, columns, hashes, same_schema, schema, site};

/// Breaks the migrator's connection in the middle of the first index that it hasn't broken off yet.
struct BreaksOff {
    url: String,
    broken: BTreeSet<String>,
}

impl Progress for BreaksOff {
    fn begun(&mut self, migration: &str, step: &Step) {
        let Some(index) = Step::index_built(&step.name) else { return };
        if !self.broken.insert(format!("{migration}: {index}")) {
            return;
        }
        let (_, rest) = step.sql().split_once(" ON ").expect("an index is on a table");
        let table = rest.split(' ').next().unwrap_or_default().to_owned();
        let (url, (ready, is_ready)) = (self.url.clone(), channel());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(break_off(&url, &table, ready));
        });
        is_ready.recv().expect("somebody writes to the table");
    }

    fn batch(&mut self, _: i64) {}
    fn waiting(&mut self, _: &str) {}
}

/// Writes to a table, for which building an index has to wait, and ends the session that waits.
async fn break_off(url: &str, table: &str, ready: Sender<()>) {
    // Two, since within a transaction the view of the sessions is that of its first look.
    let writer = Admin::connect(url).await.expect("the test server is up");
    let admin = Admin::connect(url).await.expect("the test server is up");
    let write = format!("BEGIN; LOCK TABLE {table} IN ROW EXCLUSIVE MODE");
    writer.batch_execute(&write).await.expect("nobody is in the way");
    ready.send(()).expect("the migrator is there");
    let end = "SELECT count(pg_terminate_backend(pid, 20000)) FROM pg_stat_progress_create_index
                WHERE datname = current_database() AND phase = 'waiting for writers before build'";
    let begun = Instant::now();
    while admin.query_one(end, &[]).await.expect("the sessions").get::<_, i64>(0) == 0 {
        assert!(begun.elapsed() < Duration::from_mins(1), "no index of {table} is being built");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn in_the_middle_of_every_index() {
    let (whole, database) = (site(&[MENDED, FEW]).await, site(&[MENDED, FEW]).await);
    adopt(&whole).await;
    let admin = database.connect().await;
    let columns = columns(&admin).await;
    let content = hashes(&admin, &columns).await;
    let mut progress = BreaksOff { url: database.url(), broken: BTreeSet::new() };
    let mut times = 0;
    while let Err(error) = up(&mut database.connect().await, &UpOptions::default(), &mut progress).await {
        times += 1;
        assert_eq!(progress.broken.len(), times, "{error}");
        assert_eq!(invalid_indexes(&admin).await, 1, "{error}");
    }
    assert!(times > 20, "{times}");
    assert_eq!(hashes(&admin, &columns).await, content);
    assert_sound(&admin, &whole).await;
    same_schema(&schema(&database), &schema(&whole));
}
