//! PostgreSQL ends sessions, or goes away and comes back.

use tenantry::db::admin::Admin;
use tenantry::db::database::Database;
use tenantry::settings::Sessions;

use super::writers::{Writers, assert_kept};
use crate::support::{self, Cluster};

const EVERYBODY_ELSE: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                               WHERE datname = current_database() AND pid <> pg_backend_pid()";

fn sessions() -> Sessions {
    Sessions { pool_size: 8, ..Sessions::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_that_are_ended_lose_nothing() {
    let database = support::Database::migrated().await;
    let handle = Database::new(&database.server_config(), &sessions()).expect("a pool");
    let admin = database.connect().await;
    let writers = Writers::start(&admin, &handle, 8).await;
    for _ in 0..20 {
        writers.go_on(50).await;
        let ended: i64 = admin.query_one(EVERYBODY_ELSE, &[]).await.expect("a superuser may").get(0);
        assert!(ended > 0);
    }
    writers.go_on(50).await;
    assert_kept(&admin, &writers.end().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_crashes_loses_nothing() {
    let cluster = Cluster::migrated().await;
    let config = cluster.url("tenantry_server").parse().expect("it is a URL");
    let handle = Database::new(&config, &sessions()).expect("a pool");
    let admin = Admin::connect(&cluster.url("postgres")).await.expect("it runs");
    let writers = Writers::start(&admin, &handle, 8).await;
    for _ in 0..10 {
        writers.go_on(50).await;
        cluster.stop();
        let before = writers.refused();
        while writers.refused() == before {
            tokio::task::yield_now().await;
        }
        cluster.go_on();
    }
    writers.go_on(50).await;
    let admin = Admin::connect(&cluster.url("postgres")).await.expect("it runs");
    assert_kept(&admin, &writers.end().await).await;
}
