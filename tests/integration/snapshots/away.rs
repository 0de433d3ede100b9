//! PostgreSQL stops under read load, and comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use hyper::{Method, StatusCode};
use rustix::process::Signal;
use serde_json::{Value, json};
use tenantry::auth::token::{Kind, Token};
use tenantry::db::admin::Admin;
use tokio::task::JoinHandle;

use super::world::{add_client, expected, holds, read, read_until, token};
use crate::support::server::{Answer, Http};
use crate::support::{Cluster, Serving, tenantry};

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

/// Somebody with a good token who writes.
struct Writer {
    bearer: String,
}

impl Writer {
    /// A machine.
    fn service(url: &str) -> Self {
        let create = ["token", "create", "service", "--name", "x", "--scope", "read,write", "--format", "json"];
        let made = tenantry(&[&create[..], &["--database-url", url]].concat());
        let made: Value = serde_json::from_str(&made.out).unwrap_or_else(|error| panic!("{error}: {}", made.err));
        Self { bearer: format!("Bearer {}", made["token"].as_str().expect("a token")) }
    }

    /// A person, by a token of theirs, which is looked up with each request.
    async fn person(admin: &Admin) -> Self {
        let token = Token::generated(Kind::Personal).expect("random words");
        let id = "a0000000-0000-4000-8000-000000000001";
        let insert = "WITH p AS (INSERT INTO tenantry.people (user_id, role) VALUES ($4::text::uuid, 'admin'))
                      INSERT INTO tenantry.tokens (name, kind, prefix, secret_hash, scopes, user_id)
                      VALUES ('test', $1, $2, $3, '{read,write}', $4::text::uuid)";
        let (kind, hash) = (Kind::Personal.as_str(), token.hash().to_vec());
        admin.execute(insert, &[&kind, &token.shown(), &hash, &id]).await.expect("a token");
        Self { bearer: format!("Bearer {}", token.reveal()) }
    }

    async fn send(&self, http: &Http, method: Method, path: &str, body: &Value) -> Answer {
        let call = http.call(method, path).header("authorization", &self.bearer);
        if body.is_null() { call.send().await } else { call.json(body).send().await }
    }

    /// A good write is done.
    async fn writes(&self, http: &Http, name: &str) {
        let row = json!({ "name": name, "email": format!("{}@{name}.example", uuid::Uuid::new_v4()) });
        let done = self.send(http, Method::POST, "/rest/v1/clients_enhanced", &row).await;
        assert_eq!(done.status, StatusCode::CREATED, "{}", done.text());
    }

    /// Good requests are 503, which says when to come back and why, in the words of the entrance.
    async fn is_told_to_come_back(&self, http: &Http) {
        let row = json!({ "name": "refused", "email": "refused@example.com" });
        let edits = json!([{ "operation": "set", "key": "a.b", "value": 1 }]);
        let id = uuid::Uuid::new_v4();
        for (method, path, body) in [
            (Method::POST, "/rest/v1/clients_enhanced".to_owned(), row.clone()),
            (Method::PATCH, format!("/rest/v1/system_configurations?id=eq.{id}"), json!({ "description": "x" })),
            (Method::DELETE, format!("/rest/v1/client_billing_info?id=eq.{id}"), Value::Null),
            (Method::POST, "/api/v1/changes".to_owned(), json!({ "reason": "x", "edits": edits })),
            (Method::POST, format!("/api/v1/changes/{id}/apply"), Value::Null),
            (Method::POST, format!("/api/v1/configurations/{id}/reveal"), json!({ "reason": "x" })),
            (Method::POST, "/api/v1/templates/booking/versions".to_owned(), json!({ "template_version": "2.0.0" })),
        ] {
            let answer = self.send(http, method.clone(), &path, &body).await;
            let told = format!("{method} {path}: {} {}", answer.status, answer.text());
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{told}");
            assert_eq!(answer.header("retry-after"), Some("1"), "{told}");
            let said = answer.json();
            let (what, mend) = if path.starts_with("/rest/v1") {
                (&said["message"], &said["hint"])
            } else {
                (&said["detail"], &said["mend"])
            };
            assert_eq!((what, mend), (&json!("the database is away"), &json!("try again in a moment")), "{told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_answers_nothing_is_away_as_well() {
    let cluster = Cluster::migrated().await;
    let url = cluster.url("postgres");
    let admin = Admin::connect(&url).await.expect("it runs");
    admin.batch_execute(TEMPLATE).await.expect("rows");
    let client = add_client(&admin, "alder").await;
    let token = token(&url, &client, "production", &[]);
    let serving = Serving::start(&cluster.url("tenantry_server"), &["--request-timeout", "3"]);
    assert_eq!(read(&serving, &token).await.status, StatusCode::OK);
    let writer = Writer::service(&url);
    writer.writes(&serving, "before").await;
    cluster.stand(true);
    let stale = read_until(&serving, &token, |answer| answer.header("tenantry-stale-seconds").is_some()).await;
    assert_eq!((stale.status, stale.json()["own"]["all"].clone()), (StatusCode::OK, json!(client.marker)));
    let row = json!({ "name": "late", "email": "late@example.com" });
    let refused = writer.send(&serving, Method::POST, "/rest/v1/clients_enhanced", &row).await;
    cluster.stand(false);
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    assert!(refused.header("retry-after").is_some() && refused.text().contains("try again"), "{}", refused.text());
    read_until(&serving, &token, |answer| answer.header("tenantry-stale-seconds").is_none()).await;
    writer.writes(&serving, "after").await;
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
    let writers = [Writer::service(&url), Writer::person(&admin).await];
    writers[0].writes(&serving, "before").await;
    let readers = Readers::start(&serving, &tokens);
    readers.go_on(200).await;
    let unheard = token(&url, &client, "staging", &[]);
    cluster.stop();
    let stale = read_until(&serving, &tokens[0], |answer| answer.header("tenantry-stale-seconds").is_some()).await;
    assert_eq!((stale.status, stale.json()["own"]["all"].clone()), (StatusCode::OK, json!(client.marker)));
    readers.go_on(500).await;
    for writer in &writers {
        writer.is_told_to_come_back(&serving).await;
    }
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
    let kept = "SELECT count(*) FROM public.clients_enhanced WHERE name = 'refused'";
    assert_eq!(admin.query_one(kept, &[]).await.expect("a count").get::<_, i64>(0), 0, "what was refused wasn't done");
    for writer in &writers {
        writer.writes(&serving, "after").await;
    }
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
