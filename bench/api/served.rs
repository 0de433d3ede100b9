use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::load::{Connection, request};
use crate::support::Database;

/// The program, serving a database of its own.
pub struct Served {
    pub database: Database,
    pub address: SocketAddr,
    program: Program,
}

/// The program, serving whatever database.
pub struct Program {
    pub address: SocketAddr,
    child: Child,
    data_dir: PathBuf,
}

/// Somebody who has signed in, as `supabase-js` sends it.
pub struct Caller {
    /// The access token.
    pub token: String,
    /// The key of the app.
    pub key: String,
    /// What the server tells PostgreSQL about them.
    pub claims: String,
}

impl Served {
    pub async fn start() -> Self {
        Self::on(Database::migrated().await)
    }

    /// The same on a database that is filled already.
    pub fn on(database: Database) -> Self {
        let program = Program::serving(&database.server_url());
        Self { database, address: program.address, program }
    }

    /// Bytes of memory that the server holds.
    pub fn resident(&self) -> u64 {
        self.program.resident()
    }

    /// Runs a command on its database.
    pub fn tenantry(&self, arguments: &[&str]) -> Value {
        self.program.tenantry(&self.database.url(), arguments)
    }

    /// Adds a person and signs them in.
    pub async fn sign_in(&self, role: &str) -> Caller {
        let email = format!("{role}@bench.example");
        let person = self.tenantry(&["user", "create", "--email", &email, "--role", role]);
        let key = self.tenantry(&["token", "create", "publishable", "--name", role]);
        let body = json!({ "email": email, "password": person["password"] }).to_string();
        let headers = [("content-type", "application/json")];
        let asked = request("POST", "/auth/v1/token?grant_type=password", &headers, &body);
        let mut connection = Connection::open(self.address).await;
        let session: Value = serde_json::from_slice(connection.ask(&asked).await).expect("JSON");
        let token = session["access_token"].as_str().expect("a token").to_owned();
        let mut claims = payload(&token);
        claims["key_id"] = key["id"].clone();
        Caller { token, key: key["token"].as_str().expect("a key").to_owned(), claims: claims.to_string() }
    }
}

impl Program {
    /// Starts it, and waits until it listens.
    pub fn serving(url: &str) -> Self {
        let data_dir = std::env::temp_dir().join(format!("tenantry-bench-{}", uuid::Uuid::new_v4().simple()));
        let mut child = Command::new(env!("CARGO_BIN_EXE_tenantry"))
            .args(["serve", "--format", "json", "--listen", "127.0.0.1:0"])
            .args(["--database-url", url, "--data-dir"])
            .arg(&data_dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program is built");
        let mut said = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        while !said.ends_with("}\n") {
            assert!(out.read_line(&mut said).expect("text") > 0, "the server ended");
        }
        let said: Value = serde_json::from_str(&said).expect("JSON");
        let address = said["url"].as_str().expect("a URL").trim_start_matches("http://").parse().expect("an address");
        Self { address, child, data_dir }
    }

    /// Bytes of memory that the server holds.
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("Linux");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it is there");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
    }

    /// Runs a command on a database.
    #[expect(clippy::unused_self, reason = "it is this program's command")]
    pub fn tenantry(&self, url: &str, arguments: &[&str]) -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_tenantry"))
            .args(arguments)
            .args(["--format", "json", "--database-url", url])
            .output()
            .expect("the program is built");
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.data_dir);
    }
}

/// What a JWT says, unchecked.
fn payload(token: &str) -> Value {
    use base64::Engine as _;
    let middle = token.split('.').nth(1).expect("three parts");
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(middle).expect("base64");
    serde_json::from_slice(&bytes).expect("JSON")
}
