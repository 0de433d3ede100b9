use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::reading;
use super::served::Agency;
use crate::api::load::{self, Connection, request};
use crate::support::{Limit, Report, Samples};

/// How many reads a second go on meanwhile.
const READS: f64 = 1_000.0;

/// A global value is changed, which every document shows, while apps read.
pub async fn run(agency: &Agency) -> Report {
    let token = agency.service_token();
    let mut connection = Connection::open(agency.served.address).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let reads = tokio::spawn({
        let (nth, address, is_over) = (reading(agency, |_| Vec::new()), agency.served.address, is_over.clone());
        async move {
            let mut samples = Samples::default();
            while !is_over.load(Ordering::Relaxed) {
                samples.extend(load::paced(address, &nth, READS, Duration::from_millis(500)).await);
            }
            samples
        }
    });
    let begun = Instant::now();
    let edits = json!([{ "operation": "set", "key": "support.email", "value": "other@agency.example" }]);
    let proposed =
        post(&mut connection, &token, "/api/v1/changes", &json!({ "reason": "bench", "edits": edits })).await;
    let id = proposed["id"].as_str().expect("an id").to_owned();
    previewed(&mut connection, &token, &id).await;
    let judged = begun.elapsed();
    let applied = post(&mut connection, &token, &format!("/api/v1/changes/{id}/apply"), &json!({})).await;
    assert_eq!(applied["state"], "applied", "{applied}");
    let committed = begun.elapsed();
    visible(agency, &mut connection).await;
    let took = begun.elapsed();
    is_over.store(true, Ordering::Relaxed);
    let reads = reads.await.expect("every read is a good one");
    Report::default()
        .figure("a global change: every document judged", judged.as_secs_f64(), "s", Limit::None)
        .figure("a global change: then committed", committed.saturating_sub(judged).as_secs_f64(), "s", Limit::None)
        .figure(
            "a global change: then visible everywhere",
            took.saturating_sub(committed).as_secs_f64(),
            "s",
            Limit::None,
        )
        .figure("a global change: all of that", took.as_secs_f64(), "s", Limit::Under(10.0))
        .figure("reads meanwhile: p99", reads.percentile(0.99), "ms", Limit::Under(20.0))
}

/// Waits until the preview is whole.
pub async fn previewed(connection: &mut Connection, token: &str, id: &str) {
    let asked = authorized("GET", token, &format!("/api/v1/changes/{id}/preview?limit=1"), "");
    loop {
        let said: Value = serde_json::from_slice(connection.ask(&asked).await).expect("JSON");
        if said["preview"]["state"] != "computing" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until every document shows the new value: none waits to be made, and each that is looked at has it.
async fn visible(agency: &Agency, connection: &mut Connection) {
    let shows = async |connection: &mut Connection, number: usize| {
        let bearer = format!("Bearer {}", agency.token(number));
        let asked = request("GET", "/config/v1", &[("authorization", &bearer)], "");
        let said: Value = serde_json::from_slice(connection.ask(&asked).await).expect("JSON");
        said["support"]["email"] == "other@agency.example"
    };
    for number in [0, agency.documents() / 2, agency.documents() - 1] {
        while !shows(connection, number).await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    agency.settled().await;
    for number in (0..agency.documents()).step_by(97) {
        assert!(shows(connection, number).await, "document {number}");
    }
}

pub async fn post(connection: &mut Connection, token: &str, path: &str, body: &Value) -> Value {
    let asked = authorized("POST", token, path, &body.to_string());
    serde_json::from_slice(connection.ask(&asked).await).expect("JSON")
}

fn authorized(method: &str, token: &str, path: &str, body: &str) -> Vec<u8> {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("apikey", token), ("content-type", "application/json")];
    request(method, path, &headers, body)
}
