//! Whoever asked goes away before the answer.

use std::time::{Duration, Instant};

use tenantry::db::caller::{Act, Caller};
use tenantry::db::database::Database;
use tenantry::error::Kind;
use tenantry::settings::Sessions;
use tokio_postgres::error::SqlState;

use crate::support;

const SLEEPERS: &str = "SELECT count(*) FROM pg_stat_activity
                         WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()";

/// Asks until there are so many who sleep.
async fn wait_for_sleepers(admin: &tenantry::db::admin::Admin, wanted: i64) {
    let begun = Instant::now();
    loop {
        let found: i64 = admin.query_one(SLEEPERS, &[]).await.expect("the sessions").get(0);
        if found == wanted {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{found} sleep instead of {wanted}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_is_cancelled() {
    let database = support::Database::migrated().await;
    let sessions = Sessions { pool_size: 1, ..Sessions::default() };
    let handle = Database::new(&database.server_config(), &sessions).expect("a pool");
    let admin = database.connect().await;
    let asking = tokio::spawn({
        let handle = handle.clone();
        async move { handle.once(&Caller::anonymous(), &Act::new("a test"), "SELECT pg_sleep(600)", &[]).await }
    });
    wait_for_sleepers(&admin, 1).await;
    asking.abort();
    wait_for_sleepers(&admin, 0).await;
    let rows =
        handle.read(&Caller::anonymous(), &Act::new("a test"), "SELECT 1", &[]).await.expect("another connection");
    assert_eq!(rows[0].get::<_, i32>(0), 1);
}

#[tokio::test]
async fn a_transaction_that_is_given_up_leaves_its_connection_as_it_was() {
    let database = support::Database::migrated().await;
    let sessions = Sessions { pool_size: 1, ..Sessions::default() };
    let handle = Database::new(&database.server_config(), &sessions).expect("a pool");
    let act = Act::new("a test");
    let pid = "SELECT pg_backend_pid(), current_setting('role'), current_setting('request.jwt.claims', true)";
    let first = handle.read(&Caller::anonymous(), &act, pid, &[]).await.expect("it reads");
    let tx = handle.begin(&Caller::Worker, &act).await.expect("it begins");
    drop(tx);
    let tx = handle.begin(&Caller::anonymous(), &act).await.expect("it begins");
    tx.query("SELECT 1", &[]).await.expect("it reads");
    drop(tx);
    let second = handle.read(&Caller::anonymous(), &act, pid, &[]).await.expect("it reads");
    assert_eq!(first[0].get::<_, i32>(0), second[0].get::<_, i32>(0), "it is the same connection");
    assert_eq!((second[0].get::<_, &str>(1), second[0].get::<_, &str>(2)), ("anon", r#"{"role": "anon"}"#));
}

#[tokio::test]
async fn whoever_finds_no_connection_is_told_in_time() {
    let database = support::Database::migrated().await;
    let sessions = Sessions { pool_size: 2, pool_wait: 200, ..Sessions::default() };
    let handle = Database::new(&database.server_config(), &sessions).expect("a pool");
    let (anonymous, act) = (Caller::anonymous(), Act::new("a test"));
    let held = [handle.begin(&anonymous, &act).await.expect("one"), handle.begin(&anonymous, &act).await.expect("two")];
    let refused = handle.read(&anonymous, &act, "SELECT 1", &[]).await.expect_err("there are two");
    assert_eq!(refused.kind(), Kind::Busy, "{refused}");
    handle.read(&Caller::Auth, &act, "SELECT 1", &[]).await.expect("sign-in has connections of its own");
    drop(held);
    handle.read(&anonymous, &act, "SELECT 1", &[]).await.expect("now there is one");
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended() {
    let database = support::Database::migrated().await;
    let sessions = Sessions { statement_timeout: 100, ..Sessions::default() };
    let handle = Database::new(&database.server_config(), &sessions).expect("a pool");
    let act = Act::new("a test");
    let refused =
        handle.read(&Caller::anonymous(), &act, "SELECT pg_sleep(600)", &[]).await.expect_err("it is too long");
    assert_eq!(refused.sql_state().map(SqlState::code), Some("57014"), "{refused}");
    handle.read(&Caller::anonymous(), &act, "SELECT 1", &[]).await.expect("the next one isn't");
}
