//! PostgreSQL stops under read load, and comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use hyper::{Method, StatusCode};
use rustix::process::Signal;
use serde_json::json;
use tenantry::db::admin::Admin;
use tokio::task::JoinHandle;

use super::world::{add_client, expected, holds, read, read_until, token};
use crate::support::server::Http;
use crate::support::{Cluster, Serving};

const TEMPLATE: &str = r#"
    INSERT INTO public.template_configurations (template_id, template_version, template_name, status, configuration_schema, default_configuration)
    VALUES ('booking', '1.0.0', 'Booking', 'active',
            '{"type": "object", "properties": {"limits": {"type": "object", "properties": {"seats": {"type": "integer", "default": 10}}}}}', '{}');
    INSERT INTO public.system_configurations (configuration_key, configuration_value)
    VALUES ('support.email', '"help@agency.example"'), ('notes', to_jsonb(repeat('words of everybody ', 100)))"#;

/// Apps that read until they are told to stop, and take nothing but a document.
struct Readers {
    tasks: Vec<JoinHandle<()>>,
    is_over: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
}

impl Readers {
    fn start(http: &Http, tokens: &[String]) -> Self {
        let (is_over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let read_on = |token: &String| {
            let (http, token, is_over, answered) = (http.clone(), token.clone(), is_over.clone(), answered.clone());
            tokio::spawn(async move {
                while !is_over.load(Ordering::SeqCst) {
                    let answer = read(&http, &token).await;
                    assert_eq!(answer.status, StatusCode::OK, "not one read fails: {}", answer.text());
                    answered.fetch_add(1, Ordering::SeqCst);
                }
            })
        };
        Self { tasks: tokens.iter().map(read_on).collect(), is_over, answered }
    }

    async fn go_on(&self, more: usize) {
        let wanted = self.answered.load(Ordering::SeqCst) + more;
        while self.answered.load(Ordering::SeqCst) < wanted {
            assert!(self.tasks.iter().all(|task| !task.is_finished()), "somebody was refused");
            tokio::task::yield_now().await;
        }
    }

    async fn end(self) {
        self.is_over.store(true, Ordering::SeqCst);
        for task in self.tasks {
            task.await.expect("a reader sees nothing wrong");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_go_on_being_read_and_nothing_else_is() {
    let cluster = Cluster::migrated().await;
    let url = cluster.url("postgres");
    let admin = Admin::connect(&url).await.expect("it runs");
    admin.batch_execute(TEMPLATE).await.expect("rows");
    let (client, other) = (add_client(&admin, "alder").await, add_client(&admin, "birch").await);
    let tokens: Vec<String> = [&client, &client, &other].map(|client| token(&url, client, "production", &[])).into();
    let serving = Serving::start(&cluster.url("tenantry_server"), &[]);
    for token in &tokens {
        assert_eq!(read(&serving, token).await.status, StatusCode::OK);
    }
    let readers = Readers::start(&serving, &tokens);
    readers.go_on(200).await;
    let unheard = token(&url, &client, "staging", &[]);
    cluster.stop();
    let stale = read_until(&serving, &tokens[0], |answer| answer.header("tenantry-stale-seconds").is_some()).await;
    assert_eq!((stale.status, stale.json()["own"]["all"].clone()), (StatusCode::OK, json!(client.marker)));
    readers.go_on(500).await;
    let write = serving.call(Method::POST, "/rest/v1/clients_enhanced").header("authorization", "Bearer x");
    assert_ne!(write.json(&json!({})).send().await.status, StatusCode::CREATED);
    let refused = read(&serving, &unheard).await;
    // A token that the server had heard of has no document where that wasn't made in time.
    if refused.status != StatusCode::OK {
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
        assert!(refused.header("retry-after").is_some());
    }
    cluster.go_on();
    let fresh = read_until(&serving, &tokens[0], |answer| answer.header("tenantry-stale-seconds").is_none()).await;
    assert_eq!(fresh.json()["own"], expected(&client)["own"]);
    let admin = Admin::connect(&url).await.expect("it runs");
    admin
        .batch_execute("UPDATE public.system_configurations SET configuration_value = '\"back\"' WHERE configuration_key = 'support.email'")
        .await
        .expect("a row");
    read_until(&serving, &tokens[2], holds("/support/email", &json!("back"))).await;
    readers.go_on(200).await;
    readers.end().await;
    assert_eq!(read_until(&serving, &unheard, |answer| answer.status == StatusCode::OK).await.status, StatusCode::OK);
    assert_eq!(serving.end(Signal::TERM).0, Some(0));
}

#[tokio::test]
async fn what_is_too_old_is_refused() {
    let cluster = Cluster::migrated().await;
    let url = cluster.url("postgres");
    let admin = Admin::connect(&url).await.expect("it runs");
    admin.batch_execute(TEMPLATE).await.expect("rows");
    let client = add_client(&admin, "alder").await;
    let token = token(&url, &client, "production", &[]);
    let serving = Serving::start(&cluster.url("tenantry_server"), &["--stale-limit", "1"]);
    assert_eq!(read(&serving, &token).await.status, StatusCode::OK);
    cluster.stop();
    let refused = read_until(&serving, &token, |answer| answer.status == StatusCode::SERVICE_UNAVAILABLE).await;
    assert!(refused.text().contains("--stale-limit") && refused.header("retry-after").is_some(), "{}", refused.text());
    cluster.go_on();
    read_until(&serving, &token, |answer| answer.status == StatusCode::OK).await;
}
