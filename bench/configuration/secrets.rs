use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::change::{post, previewed};
use super::served::Agency;
use super::{ROUNDS, time};
use crate::api::load::{self, Connection, Nth, request};
use crate::support::{Limit, Report, setting};

/// How many clients get a secret, of each of whom three documents are read.
const CLIENTS: usize = 1_000;

/// Documents with a secret each, read by apps that may, beside `/healthz`.
pub async fn run(agency: &Agency) -> Report {
    let clients = setting("BENCH_SECRETS", CLIENTS).min(agency.clients());
    let documents = clients * agency.documents() / agency.clients();
    keep(agency, clients).await;
    entitle(agency, clients).await;
    opened(agency, documents).await;
    let healthz: Nth = Arc::new(|_| request("GET", "/healthz", &[], ""));
    let all: Vec<Vec<u8>> = (0..documents).map(|number| read(agency, number)).collect();
    let whole: Nth = Arc::new(move |n| all[usize::try_from(n).unwrap_or_default() % all.len()].clone());
    let (mut alive, mut answered) = (0.0_f64, 0.0_f64);
    load::per_second(agency.served.address, &whole, Duration::from_secs(1)).await;
    for _ in 0..ROUNDS {
        alive = alive.max(load::per_second(agency.served.address, &healthz, time()).await);
        answered = answered.max(load::per_second(agency.served.address, &whole, time()).await);
    }
    Report::default().figure("/config/v1 with a secret in it", answered, "/s", Limit::None).figure(
        "/config/v1 with a secret in it: share of /healthz",
        answered / alive,
        "×",
        Limit::AtLeast(0.8),
    )
}

/// Gives each client a secret, all in one change.
async fn keep(agency: &Agency, clients: usize) {
    let token = agency.service_token();
    let mut connection = Connection::open(agency.served.address).await;
    let secret = |number: usize| {
        let value = format!("a secret of {number}");
        json!({ "operation": "set", "key": "api.key", "value": value, "is_encrypted": true, "client_id": agency.client(number) })
    };
    let edits: Vec<Value> = (0..clients).map(secret).collect();
    let body = json!({ "reason": "bench", "edits": edits });
    let proposed = post(&mut connection, &token, "/api/v1/changes", &body).await;
    let id = proposed["id"].as_str().expect("an id").to_owned();
    previewed(&mut connection, &token, &id).await;
    let applied = post(&mut connection, &token, &format!("/api/v1/changes/{id}/apply"), &json!({})).await;
    assert_eq!(applied["state"], "applied", "{applied}");
}

/// Makes tokens that may read secrets.
async fn entitle(agency: &Agency, clients: usize) {
    let admin = agency.served.database.connect().await;
    let sql = format!(
        "INSERT INTO tenantry.tokens (name, kind, prefix, secret_hash, scopes, client_id, environment)
         SELECT 'bench', 'runtime', 'tnt_rt_', sha256(convert_to('tnt_rt_s_' || n || '_' || e, 'UTF8')), '{{config:read,secret:read}}',
                ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, e
           FROM generate_series(1, {clients}) n CROSS JOIN unnest(ARRAY['development', 'staging', 'production']) e"
    );
    admin.batch_execute(&sql).await.expect("a superuser's connection");
}

/// Waits until every document is there with its secret.
async fn opened(agency: &Agency, documents: usize) {
    let mut exchange = load::Exchange::open(agency.served.address).await;
    for number in 0..documents {
        loop {
            let answer = exchange.ask(&read(agency, number)).await.expect("the server answers");
            if answer.0 == 200 && exchange.body().contains("a secret of ") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

fn read(agency: &Agency, number: usize) -> Vec<u8> {
    let bearer = format!("Bearer {}", agency.token(number).replacen("tnt_rt_", "tnt_rt_s_", 1));
    request("GET", "/config/v1", &[("authorization", &bearer)], "")
}
