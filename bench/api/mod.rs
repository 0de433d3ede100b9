//! The table API beside `pgbench` with the same statements, claims and policies: sixteen connections each, in turn, three
//! times, the best of each.

pub mod load;
mod pgbench;
pub mod served;

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use load::{Connection, Nth, request};
use served::{Caller, Served};

use crate::support::{Benchmark, Limit, Report, setting};

pub const BENCHMARK: Benchmark = Benchmark {
    name: "api",
    about: "one row, a page, one insert and 10,000 inserts over HTTP, beside the same in pgbench and psql; memory",
    by_default: true,
    run,
};

/// How often each side is measured, in turn.
const ROUNDS: usize = 3;

const MIB: f64 = 1024.0 * 1024.0;

fn run() -> Pin<Box<dyn Future<Output = Report>>> {
    Box::pin(async {
        let served = Served::start().await;
        let (manager, admin) = (served.sign_in("manager").await, served.sign_in("admin").await);
        fill(&served).await;
        one_row(&served, &manager)
            .await
            .and(page(&served, &admin).await)
            .and(one_insert(&served, &admin).await)
            .and(many_inserts(&served, &admin).await)
            .and(memory(&served, &manager).await)
    })
}

/// A thousand clients, of whom the manager manages twenty.
async fn fill(served: &Served) {
    let admin = served.database.connect().await;
    admin
        .batch_execute(
            "SET session_replication_role = replica;
             INSERT INTO public.clients_enhanced (id, name, email, company_name)
             SELECT md5('client ' || n)::uuid, 'client ' || n, n || '@example.com', 'company ' || n FROM generate_series(1, 1000) n;
             INSERT INTO public.client_members (client_id, user_id, member_role)
             SELECT md5('client ' || n * 50)::uuid, p.user_id, 'manager'
               FROM generate_series(1, 20) n CROSS JOIN tenantry.people p WHERE p.role = 'manager';
             SET session_replication_role = origin",
        )
        .await
        .expect("the rows are Tenantry's");
    admin.batch_execute("VACUUM ANALYZE").await.expect("a superuser's connection");
}

fn time() -> Duration {
    Duration::from_secs(setting("BENCH_SECONDS", 10))
}

fn headers(caller: &Caller) -> [(String, String); 2] {
    [("authorization".to_owned(), format!("Bearer {}", caller.token)), ("apikey".to_owned(), caller.key.clone())]
}

/// A request of a caller's, as `supabase-js` sends it.
fn asked(caller: &Caller, method: &str, path: &str, more: &[(&str, &str)], body: &str) -> Vec<u8> {
    let own = headers(caller);
    let mut all: Vec<(&str, &str)> = own.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.extend([("accept", "application/json"), ("accept-profile", "public"), ("content-profile", "public")]);
    all.extend(more);
    request(method, path, &all, body)
}

/// Both sides in turn; the best of each, and what share of the second the first is.
async fn compare(
    served: &Served,
    what: &str,
    nth: Nth,
    script: &str,
    variables: &[(&str, &str)],
    least: f64,
) -> Report {
    let (mut ours, mut theirs) = (0.0_f64, 0.0_f64);
    load::per_second(served.address, &nth, Duration::from_secs(1)).await;
    for _ in 0..ROUNDS {
        ours = ours.max(load::per_second(served.address, &nth, time()).await);
        theirs = theirs.max(pgbench::per_second(&served.database, script, variables, time()).await);
    }
    Report::default()
        .figure(format!("{what}, over HTTP"), ours, "/s", Limit::None)
        .figure(format!("{what}, pgbench"), theirs, "/s", Limit::None)
        .figure(format!("{what}: share"), ours / theirs, "×", Limit::AtLeast(least))
}

async fn one_row(served: &Served, manager: &Caller) -> Report {
    let ids: Vec<String> = served
        .database
        .connect()
        .await
        .query("SELECT md5('client ' || n * 50)::uuid::text FROM generate_series(1, 20) n", &[])
        .await
        .expect("ids")
        .iter()
        .map(|row| row.get(0))
        .collect();
    let requests: Vec<Vec<u8>> = ids
        .iter()
        .map(|id| {
            asked(
                manager,
                "GET",
                &format!("/rest/v1/clients_enhanced?select=id%2Cname%2Cemail%2Cstatus%2Ctier&id=eq.{id}"),
                &[],
                "",
            )
        })
        .collect();
    let nth: Nth = Arc::new(move |n| requests[usize::try_from(n).unwrap_or_default() % requests.len()].clone());
    compare(served, "one row by id as manager", nth, "api_one_row.sql", &[("claims", &manager.claims)], 0.40).await
}

async fn page(served: &Served, admin: &Caller) -> Report {
    let path = "/rest/v1/clients_enhanced?select=id%2Cname%2Cemail%2Cstatus%2Ctier&order=name.asc&limit=100";
    let whole = asked(admin, "GET", path, &[("prefer", "count=exact")], "");
    let nth: Nth = Arc::new(move |_| whole.clone());
    compare(served, "page of 100 with a count", nth, "api_page.sql", &[("claims", &admin.claims)], 0.5).await
}

async fn one_insert(served: &Served, admin: &Caller) -> Report {
    let run = uuid::Uuid::new_v4().simple().to_string();
    let own = headers(admin);
    let nth: Nth = Arc::new(move |n| {
        let body = format!("{{\"name\":\"new\",\"email\":\"{n}-{}@{run}.example\"}}", uuid::Uuid::new_v4().simple());
        let mut all: Vec<(&str, &str)> = own.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend([("content-type", "application/json"), ("content-profile", "public")]);
        request("POST", "/rest/v1/clients_enhanced", &all, &body)
    });
    compare(served, "insert of one row", nth, "api_one_insert.sql", &[("claims", &admin.claims)], 0.35).await
}

async fn many_inserts(served: &Served, admin: &Caller) -> Report {
    let (mut ours, mut theirs) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        let body = rows();
        let whole = asked(
            admin,
            "POST",
            "/rest/v1/clients_enhanced?columns=%22name%22%2C%22email%22",
            &[("content-type", "application/json")],
            &body,
        );
        let mut connection = Connection::open(served.address).await;
        let begun = Instant::now();
        connection.ask(&whole).await;
        ours = ours.min(begun.elapsed().as_secs_f64() * 1_000.0);
        let file = std::env::temp_dir().join(format!("tenantry-bench-{}.json", uuid::Uuid::new_v4().simple()));
        std::fs::write(&file, rows()).expect("the temporary directory can be written to");
        let path = file.display().to_string();
        let variables = [("claims", admin.claims.as_str()), ("file", path.as_str())];
        theirs = theirs.min(pgbench::milliseconds(&served.database, "api_many_inserts.sql", &variables).await);
        let _ = std::fs::remove_file(&file);
    }
    Report::default()
        .figure("insert of 10,000 rows, over HTTP", ours, "ms", Limit::None)
        .figure("insert of 10,000 rows, psql", theirs, "ms", Limit::None)
        .figure("insert of 10,000 rows: share", theirs / ours, "×", Limit::AtLeast(0.5))
}

/// Ten thousand new clients.
fn rows() -> String {
    let run = uuid::Uuid::new_v4().simple().to_string();
    let rows: Vec<String> =
        (0..10_000).map(|n| format!("{{\"name\":\"client {n}\",\"email\":\"{n}@{run}.example\"}}")).collect();
    format!("[{}]", rows.join(","))
}

#[expect(clippy::cast_precision_loss, reason = "there are never that many bytes")]
async fn memory(served: &Served, manager: &Caller) -> Report {
    let whole = asked(manager, "GET", "/rest/v1/clients_enhanced?select=*&limit=20", &[], "");
    let mut connection = Connection::open(served.address).await;
    let mut ask = async |count: u32| {
        for _ in 0..count {
            connection.ask(&whole).await;
        }
        served.resident() as f64 / MIB
    };
    let half = ask(setting("BENCH_REQUESTS", 100_000) / 2).await;
    let whole = ask(setting("BENCH_REQUESTS", 100_000) / 2).await;
    Report::default()
        .figure("resident after half of 100,000 requests more", half, "MiB", Limit::None)
        .figure("resident after all of them", whole, "MiB", Limit::Under(150.0))
        .figure("growth from half to all", whole / half, "×", Limit::AtMost(1.05))
}
