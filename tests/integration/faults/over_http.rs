//! The same over HTTP, through the real program.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hyper::{Method, StatusCode};
use rustix::process::Signal;
use serde_json::{Value, json};
use tenantry::db::admin::Admin;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::support::server::{Answer, Http};
use crate::support::{Cluster, Database, Serving, tenantry};

/// A service token of the database that a superuser's URL names.
fn token(url: &str) -> String {
    let made = tenantry(&[
        "token",
        "create",
        "service",
        "--name",
        "a test",
        "--scope",
        "read",
        "--scope",
        "write",
        "--format",
        "json",
        "--database-url",
        url,
    ]);
    let made: Value = serde_json::from_str(&made.out).unwrap_or_else(|error| panic!("{error}: {}", made.err));
    made["token"].as_str().expect("a token").to_owned()
}

async fn insert(http: &Http, token: &str, id: Uuid) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
    http.call(Method::POST, "/rest/v1/clients_enhanced?select=id")
        .header("authorization", &format!("Bearer {token}"))
        .header("prefer", "return=representation")
        .json(&json!({ "id": id, "name": "a client", "email": format!("{id}@example.com") }))
        .try_send()
        .await
}

/// Callers who add clients until they are told to stop, or the server does.
struct Writers {
    tasks: Vec<JoinHandle<BTreeSet<Uuid>>>,
    is_over: Arc<AtomicBool>,
    acknowledged: Arc<AtomicUsize>,
}

impl Writers {
    fn start(http: &Http, token: &str) -> Self {
        let (is_over, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let tasks = (0..8)
            .map(|_| {
                let (http, token) = (http.clone(), token.to_owned());
                tokio::spawn(write(http, token, is_over.clone(), acknowledged.clone()))
            })
            .collect();
        Self { tasks, is_over, acknowledged }
    }

    async fn go_on(&self, more: usize) {
        let (begun, wanted) = (Instant::now(), self.acknowledged.load(Ordering::SeqCst) + more);
        while self.acknowledged.load(Ordering::SeqCst) < wanted {
            assert!(begun.elapsed() < Duration::from_secs(10), "they go on within ten seconds");
            tokio::task::yield_now().await;
        }
    }

    async fn end(self) -> BTreeSet<Uuid> {
        self.is_over.store(true, Ordering::SeqCst);
        let mut all = BTreeSet::new();
        for task in self.tasks {
            all.extend(task.await.expect("a writer sees nothing wrong"));
        }
        all
    }
}

async fn write(http: Http, token: String, is_over: Arc<AtomicBool>, count: Arc<AtomicUsize>) -> BTreeSet<Uuid> {
    let mut acknowledged = BTreeSet::new();
    while !is_over.load(Ordering::SeqCst) {
        let id = Uuid::new_v4();
        // A server that has ended answers nothing.
        let Ok(answer) = insert(&http, &token, id).await else { break };
        match answer.status {
            StatusCode::CREATED => {
                assert_eq!(answer.json(), json!([{ "id": id }]), "everybody gets their own answer");
                acknowledged.insert(id);
                count.fetch_add(1, Ordering::SeqCst);
            }
            StatusCode::SERVICE_UNAVAILABLE => assert!(answer.header("retry-after").is_some(), "{answer:?}"),
            status => panic!("{status}: {}", answer.text()),
        }
    }
    acknowledged
}

async fn assert_kept(url: &str, acknowledged: &BTreeSet<Uuid>) {
    let admin = Admin::connect(url).await.expect("it runs");
    let rows = admin.query("SELECT id FROM public.clients_enhanced", &[]).await.expect("the clients");
    let kept: BTreeSet<Uuid> = rows.iter().map(|row| row.get(0)).collect();
    assert!(!acknowledged.is_empty());
    assert!(acknowledged.is_subset(&kept), "{} were lost", acknowledged.difference(&kept).count());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_asked_to_end_finishes_what_it_began() {
    let database = Database::migrated().await;
    let serving = Serving::start(&database.server_url(), &[]);
    let writers = Writers::start(&serving, &token(&database.url()));
    writers.go_on(50).await;
    let ended = tokio::task::spawn_blocking(move || serving.end(Signal::TERM)).await.expect("it ends");
    assert_eq!(ended.0, Some(0), "{}", ended.1);
    assert_kept(&database.url(), &writers.end().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_that_are_ended_are_replaced() {
    let database = Database::migrated().await;
    let serving = Serving::start(&database.server_url(), &[]);
    let writers = Writers::start(&serving, &token(&database.url()));
    let admin = database.connect().await;
    let all = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for _ in 0..10 {
        writers.go_on(20).await;
        admin.execute(all, &[]).await.expect("a superuser may");
    }
    writers.go_on(20).await;
    assert_kept(&database.url(), &writers.end().await).await;
    let ready = serving.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_that_crashes_is_waited_for() {
    let cluster = Cluster::migrated().await;
    let operator = cluster.url("postgres");
    let serving = Serving::start(&cluster.url("tenantry_server"), &[]);
    let writers = Writers::start(&serving, &token(&operator));
    for _ in 0..10 {
        writers.go_on(20).await;
        cluster.stop();
        cluster.go_on();
    }
    writers.go_on(20).await;
    assert_kept(&operator, &writers.end().await).await;
    let ready = serving.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.text());
}
