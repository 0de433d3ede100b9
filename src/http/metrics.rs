use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::app::{App, Shared};
use crate::db::PoolStatus;
use crate::snapshots::Standing;

/// Seconds, from what one row takes to what a client gives up at.
const LATENCIES: [f64; 14] = [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// How often what was recorded is added up, so that it doesn't pile up where nobody asks.
pub(super) const UPKEEP: Duration = Duration::from_secs(5);

/// The recorder of this process: there is one, as there is one for logs.
static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// `/metrics`: for Prometheus.
pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/metrics", get(metrics))
}

/// Adds up what was recorded since it was last called.
pub(super) fn keep_up() {
    if let Some(recorder) = recorder() {
        recorder.run_upkeep();
    }
}

/// A method by its name; any that we don't know is one.
pub(super) fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Counts an answer. A route is a pattern, never what a client made up: their number is bounded.
pub(super) fn answered(method: &'static str, route: &str, status: StatusCode, took: Duration) {
    let route = route.to_owned();
    counter!("tenantry_http_requests_total", "method" => method, "route" => route.clone(), "status" => status.as_str().to_owned())
        .increment(1);
    histogram!("tenantry_http_request_seconds", "method" => method, "route" => route).record(took.as_secs_f64());
}

fn recorder() -> Option<&'static PrometheusHandle> {
    RECORDER
        .get_or_init(|| {
            let builder = PrometheusBuilder::new().set_buckets(&LATENCIES).ok()?;
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            ::metrics::set_global_recorder(recorder).ok()?;
            describe();
            Some(handle)
        })
        .as_ref()
}

fn describe() {
    use ::metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

    describe_counter!("tenantry_http_requests_total", "Requests that were answered.");
    describe_histogram!("tenantry_http_request_seconds", Unit::Seconds, "From the head of a request to its answer.");
    describe_counter!(
        "tenantry_statements_total",
        "Statements by whether they were prepared already (hit) or not (miss)."
    );
    describe_gauge!("tenantry_pool_connections", "Connections to PostgreSQL by pool and state: at most, open, free.");
    describe_gauge!("tenantry_pool_waiting", "Requests that wait for a connection.");
    describe_gauge!("tenantry_runtime_tokens", "Runtime tokens that this server knows.");
    describe_gauge!("tenantry_documents", "Documents in memory, and those of them that a change isn't in yet.");
    describe_gauge!("tenantry_streams", "Streams of changes that are open.");
    describe_gauge!(
        "tenantry_stale_seconds",
        Unit::Seconds,
        "How old what is in memory may be; 0 while it is known to be current."
    );
    describe_counter!("tenantry_documents_made_total", "Documents that were made, by what came of it.");
    describe_histogram!(
        "tenantry_documents_batch_seconds",
        Unit::Seconds,
        "From a batch of documents' rows to the last of them."
    );
}

/// Figures for Prometheus
#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics", tag = "operation", security(()),
    responses((status = 200, description = "In the text format.", body = String, content_type = "text/plain")),
)]
pub(super) async fn metrics(State(app): State<Shared>) -> impl IntoResponse {
    pools(&app);
    snapshots(&app);
    let said = recorder().map(PrometheusHandle::render).unwrap_or_default();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], said)
}

fn pools(app: &App) {
    let (requests, reserved) = app.database.status();
    for (pool, PoolStatus { most, open, free, waiting }) in [("requests", requests), ("reserved", reserved)] {
        for (state, count) in [("most", most), ("open", open), ("free", free)] {
            gauge!("tenantry_pool_connections", "pool" => pool, "state" => state).set(number(count));
        }
        gauge!("tenantry_pool_waiting", "pool" => pool).set(number(waiting));
    }
}

fn snapshots(app: &App) {
    let Standing { tokens, documents, waiting, streams, stale_seconds } = app.snapshots.standing();
    gauge!("tenantry_runtime_tokens").set(number(tokens));
    gauge!("tenantry_documents", "state" => "kept").set(number(documents));
    gauge!("tenantry_documents", "state" => "waiting").set(number(waiting));
    gauge!("tenantry_streams").set(number(streams));
    gauge!("tenantry_stale_seconds").set(number(stale_seconds.and_then(|age| age.try_into().ok()).unwrap_or_default()));
}

#[expect(clippy::cast_precision_loss, reason = "there are never that many connections")]
fn number(count: usize) -> f64 {
    count as f64
}
