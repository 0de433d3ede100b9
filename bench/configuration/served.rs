use std::net::SocketAddr;
use std::time::Instant;

use serde_json::Value;
use tenantry::configurations::documents::{Compiled, Inputs, Wanted};
use tenantry::db::caller::Caller;
use tenantry::db::tx::Tx;
use uuid::Uuid;

use super::MIB;
use crate::api::load::{Connection, request};
use crate::api::served::{Caller as Person, Served};
use crate::support::{Database, Limit, Report, psql};

const ENVIRONMENTS: [&str; 3] = ["development", "staging", "production"];

/// An agency with many clients, and the program serving it.
pub struct Agency {
    pub served: Served,
    /// What came of making every document.
    pub made: Report,
    clients: usize,
}

impl Agency {
    /// Fills a database, starts the server on it, and waits until every document is in memory.
    pub async fn start(clients: usize) -> Self {
        let database = Database::migrated().await;
        psql(&database.url(), "configuration.sql", &[("clients", clients.to_string())]);
        let admin = database.connect().await;
        admin.batch_execute("VACUUM ANALYZE").await.expect("a superuser's connection");
        let begun = Instant::now();
        let served = Served::on(database);
        let mut agency = Self { served, made: Report::default(), clients };
        agency.settled().await;
        agency.made = Report::default().figure("documents", number(agency.documents()), "", Limit::None).figure(
            "start, until all of them are in memory",
            begun.elapsed().as_secs_f64(),
            "s",
            Limit::None,
        );
        agency
    }

    pub fn documents(&self) -> usize {
        self.clients * ENVIRONMENTS.len()
    }

    pub fn clients(&self) -> usize {
        self.clients
    }

    /// The nth client's id.
    pub fn client(&self, number: usize) -> Uuid {
        Uuid::from_u128(0x4000_8000_0000_0000_0000 + (number % self.clients + 1) as u128)
    }

    /// The token of the nth document.
    pub fn token(&self, number: usize) -> String {
        token(number, self.clients)
    }

    /// A token of the agency's own.
    pub fn service_token(&self) -> String {
        let scopes = ["--scope", "read", "--scope", "write"];
        let made =
            self.served.tenantry(&[["token", "create", "service", "--name", "bench"].as_slice(), &scopes].concat());
        made["token"].as_str().expect("a token").to_owned()
    }

    /// Somebody who manages the first so many clients.
    pub async fn manager(&self, clients: usize) -> Person {
        let manager = self.served.sign_in("manager").await;
        self.give("manager@bench.example", clients).await;
        manager
    }

    /// Has somebody manage the first so many clients.
    pub async fn give(&self, email: &str, clients: usize) {
        let admin = self.served.database.connect().await;
        let ids: Vec<Uuid> = (0..clients).map(|number| self.client(number)).collect();
        let sql = "INSERT INTO public.client_members (client_id, user_id, member_role)
                   SELECT c.id, u.id, 'manager' FROM unnest($1::uuid[]) c (id) CROSS JOIN auth.users u WHERE u.email = $2";
        admin.execute(sql, &[&ids, &email]).await.expect("a superuser's connection");
    }

    /// Waits until nothing waits to be made.
    pub async fn settled(&self) {
        Self::settled_at(self.served.address, self.clients).await;
    }

    /// The same of a server that is somewhere.
    pub async fn settled_at(address: SocketAddr, clients: usize) {
        let mut connection = Connection::open(address).await;
        let asked = request("GET", "/readyz", &[], "");
        loop {
            let said: Value = serde_json::from_slice(connection.ask(&asked).await).expect("JSON");
            let documents = clients * ENVIRONMENTS.len();
            if said["snapshots"]["documents"] == documents && said["snapshots"]["waiting"] == 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Validators of the first documents.
    pub async fn etags(&self, count: usize) -> Vec<String> {
        let mut etags = Vec::new();
        for number in 0..count.min(self.documents()) {
            let answer = self.read(number).await;
            let head = String::from_utf8_lossy(&answer).into_owned();
            let etag = head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("a validator");
            etags.push(etag.trim().to_owned());
        }
        etags
    }

    /// The whole answer for the nth document.
    async fn read(&self, number: usize) -> Vec<u8> {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

        let bearer = format!("Bearer {}", self.token(number));
        let asked = request("GET", "/config/v1", &[("authorization", &bearer), ("connection", "close")], "");
        let mut stream = tokio::net::TcpStream::connect(self.served.address).await.expect("the server listens");
        stream.write_all(&asked).await.expect("the server reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("the server answers");
        answer
    }

    /// Compares documents in memory with what comes out of PostgreSQL, byte by byte.
    pub async fn compare(&self, count: usize) {
        let mut admin = self.served.database.connect().await;
        let tx = Tx::begin(&mut admin, &Caller::operator(), "bench").await.expect("a transaction");
        let compiled = Compiled::default();
        let mut connection = Connection::open(self.served.address).await;
        for step in 0..count.min(self.documents()) {
            let number = step * (self.documents() / count.min(self.documents()));
            let (client, environment) =
                (self.client(number / ENVIRONMENTS.len()), ENVIRONMENTS[number % ENVIRONMENTS.len()]);
            let inputs = Inputs::load(&tx, &compiled, Wanted::clients(&[client])).await.expect("rows");
            let target = inputs.target(client, None, environment.parse().expect("it is one")).expect("a target");
            let sources = inputs.sources(&target).expect("layers");
            let expected = serde_json::to_vec(&layers::resolve(&sources, &layers::closed).document).expect("JSON");
            let bearer = format!("Bearer {}", self.token(number));
            let asked = request("GET", "/config/v1", &[("authorization", &bearer)], "");
            assert_eq!(connection.ask(&asked).await, expected, "document {number}");
        }
    }

    /// MiB that the server holds.
    #[expect(clippy::cast_precision_loss, reason = "there are never that many bytes")]
    pub fn resident(&self) -> f64 {
        self.served.resident() as f64 / MIB
    }
}

/// The token of the nth document of so many clients.
pub fn token(number: usize, clients: usize) -> String {
    let (client, environment) = (number / ENVIRONMENTS.len(), number % ENVIRONMENTS.len());
    format!("tnt_rt_{}_{}", client % clients + 1, ENVIRONMENTS[environment])
}

#[expect(clippy::cast_precision_loss, reason = "there are never that many")]
fn number(count: usize) -> f64 {
    count as f64
}
