//! Pages of the console with 10,000 clients and a million rows: how soon they answer, and how much they send.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::time::Instant;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::api::load::request;
use crate::configuration::served::Agency;
use crate::support::{Benchmark, Limit, Report, Samples, psql, setting};

pub const BENCHMARK: Benchmark = Benchmark {
    name: "console",
    about: "dashboard, lists, a client's configuration and analytics, the audit log and the palette with 10,000 clients and 1,000,000 rows",
    by_default: true,
    run,
};

/// How many clients the manager has who looks.
const MANAGED: usize = 20;

/// How many milliseconds a page may take in the middle.
const PROMISED: f64 = 60.0;

/// The page of figures of all clients that one sees.
const ACROSS: &str = "analytics of all clients";

/// How many kilobytes the first visit may take, and every later one.
const FIRST_VISIT: f64 = 150.0;
const LATER_VISIT: f64 = 30.0;

fn run() -> Pin<Box<dyn Future<Output = Report>>> {
    Box::pin(async {
        let agency = Agency::start(setting("BENCH_CLIENTS", 10_000)).await;
        psql(&agency.served.database.url(), "console.sql", &[]);
        let admin = agency.served.database.connect().await;
        admin.batch_execute("VACUUM ANALYZE").await.expect("a superuser's connection");
        let mut report = Report::default();
        for role in ["admin", "manager"] {
            let email = format!("{role}@console.example");
            let person = agency.served.tenantry(&["user", "create", "--email", &email, "--role", role]);
            if role == "manager" {
                agency.give(&email, MANAGED).await;
            }
            let password = person["password"].as_str().expect("a password");
            let browser = Browser::sign_in(&agency, &email, password).await;
            report = report.and(pages(&agency, &browser, role).await);
        }
        report
    })
}

/// Each page many times, each time otherwise, so that nothing of it was asked before.
async fn pages(agency: &Agency, browser: &Browser<'_>, role: &str) -> Report {
    let client = |n: usize| agency.client(n % MANAGED);
    let asked: [(&str, &dyn Fn(usize) -> String); 10] = [
        ("dashboard", &|_| "/".to_owned()),
        ("list of clients", &|n| format!("/clients?sort={}", ["name", "-name", "tier", "-renewal", "added"][n % 5])),
        ("list of clients, searched", &|n| format!("/clients?q=client+{n}")),
        ("a client", &|n| format!("/clients/{}", client(n))),
        ("a client's configuration", &|n| format!("/clients/{}/configuration?environment=production", client(n))),
        ("deployments", &|n| format!("/deployments?sort={}", ["begun", "-begun", "name", "status", "health"][n % 5])),
        ("a client's analytics", &|n| format!("/clients/{}/analytics", client(n))),
        (ACROSS, &|n| format!("/analytics?sort={}", ["visits", "-visits", "name", "load", "errors"][n % 5])),
        ("audit", &|n| format!("/audit?request=request-{n}")),
        ("finding", &|n| format!("/find?q=key_{}", n % 20)),
    ];
    let mut report = Report::default();
    for (name, path) in asked {
        let mut samples = Samples::default();
        for n in 0..setting("BENCH_PAGES", 100) {
            let begun = Instant::now();
            browser.get(&path(n)).await;
            samples.push(begun.elapsed());
        }
        let page = browser.get(&path(0)).await;
        let first = page.bytes + browser.assets(&path(0)).await;
        report = report
            .figure(format!("{role}: {name}: median"), samples.median(), "ms", promised(role, name))
            .figure(format!("{role}: {name}: p99"), samples.percentile(0.99), "ms", Limit::None)
            .figure(format!("{role}: {name}: first visit"), kilobytes(first), "kB", Limit::Under(FIRST_VISIT))
            .figure(format!("{role}: {name}: later visits"), kilobytes(page.bytes), "kB", Limit::Under(LATER_VISIT));
    }
    report
}

/// An administrator's analytics of all clients add up every figure of a month, 290,000 rows, for which nothing is promised.
fn promised(role: &str, page: &str) -> Limit {
    if role == "admin" && page == ACROSS { Limit::None } else { Limit::Under(PROMISED) }
}

#[expect(clippy::cast_precision_loss, reason = "there are never that many bytes")]
fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1_000.0
}

/// Somebody signed in, who keeps what may be kept.
struct Browser<'a> {
    agency: &'a Agency,
    cookie: String,
}

/// An answer: its head, its body, and how many bytes the body took on the way.
struct Answer {
    head: String,
    body: Vec<u8>,
    bytes: usize,
}

impl<'a> Browser<'a> {
    async fn sign_in(agency: &'a Agency, email: &str, password: &str) -> Self {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("email", email)
            .append_pair("password", password)
            .finish();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
            ("connection", "close"),
        ];
        let answer = send(agency, &request("POST", "/sign-in", &headers, &body)).await;
        let cookie = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: __Host-session="));
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).expect("a session").to_owned();
        Self { agency, cookie: format!("__Host-session={cookie}") }
    }

    /// A page as a browser asks for it: compressed.
    async fn get(&self, path: &str) -> Answer {
        self.ask(path, "br, gzip").await
    }

    async fn ask(&self, path: &str, encoding: &str) -> Answer {
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("accept", "text/html"),
            ("accept-encoding", encoding),
            ("connection", "close"),
        ];
        let answer = send(self.agency, &request("GET", path, &headers, "")).await;
        assert!(answer.head.starts_with("HTTP/1.1 200"), "{path}: {}", answer.head);
        answer
    }

    /// How many bytes everything takes that a page wants besides: style sheets, scripts, pictures.
    async fn assets(&self, path: &str) -> usize {
        let page = self.ask(path, "identity").await;
        let page = String::from_utf8_lossy(&page.body).into_owned();
        let wanted = page.split('"').filter(|text| text.starts_with("/assets/"));
        let wanted: BTreeSet<&str> = wanted.map(|text| text.split('#').next().unwrap_or(text)).collect();
        let mut bytes = 0;
        for asset in wanted {
            bytes += self.get(asset).await.bytes;
        }
        bytes
    }
}

async fn send(agency: &Agency, asked: &[u8]) -> Answer {
    let mut stream = tokio::net::TcpStream::connect(agency.served.address).await.expect("the server listens");
    stream.set_nodelay(true).expect("a socket");
    stream.write_all(asked).await.expect("the server reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("the server answers");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let body = answer.split_off(end + 4);
    let head = String::from_utf8_lossy(&answer).into_owned();
    Answer { head, bytes: body.len(), body }
}
