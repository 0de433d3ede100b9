use std::time::Duration;

use tenantry::db::admin::Admin;
use tenantry::db::migrate::{Quiet, UpOptions, up};
use tokio_postgres::Config;
use uuid::Uuid;

/// The advisory lock under which one test makes the template that all others copy.
const TEMPLATE_LOCK: i64 = 4_711;

const TEMPLATE: &str = "tenantry_migrated_template";

const EXISTING: &str = "tenantry_existing_template";

/// A database of the test's own, dropped with the value.
pub struct Database {
    /// Its name on the test server.
    pub name: String,
}

impl Database {
    /// An empty database.
    pub async fn empty() -> Self {
        Self::create("TEMPLATE template0").await
    }

    /// A fresh database with every migration applied, copied from a template that is migrated once.
    pub async fn migrated() -> Self {
        make_template(TEMPLATE, migrate).await;
        Self::create(&format!("TEMPLATE {TEMPLATE}")).await
    }

    /// The database of `../shared/existing-database/`, not yet adopted, copied from a template that is loaded once.
    ///
    /// Another database of the server uses Tenantry's roles, so that no test takes them from under another one.
    pub async fn existing() -> Self {
        make_template(TEMPLATE, migrate).await;
        make_template(EXISTING, load).await;
        Self::create(&format!("TEMPLATE {EXISTING}")).await
    }

    /// A database made as the words after its name in CREATE DATABASE say.
    pub async fn with(how: &str) -> Self {
        Self::create(how).await
    }

    /// A superuser's connection to it.
    pub async fn connect(&self) -> Admin {
        Admin::connect(&self.url()).await.expect("the test server is up")
    }

    /// Its URL for a superuser.
    pub fn url(&self) -> String {
        let server = server();
        let (tcp, port) = (host(&server), server.get_ports().first().copied().unwrap_or(5432));
        format!("postgres://{}@{tcp}:{port}/{}", server.get_user().expect("the test URL names a user"), self.name)
    }

    /// Its URL for the server: as `tenantry_server`.
    pub fn server_url(&self) -> String {
        let server = server();
        let (tcp, port) = (host(&server), server.get_ports().first().copied().unwrap_or(5432));
        format!("postgres://tenantry_server@{tcp}:{port}/{}", self.name)
    }

    async fn create(how: &str) -> Self {
        let name = format!("t_{}", Uuid::new_v4().simple());
        let admin = maintenance().await;
        admin.batch_execute(&format!("CREATE DATABASE {name} {how}")).await.expect("a database can be made");
        Self { name }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = self.name.clone();
        // The test's own runtime may be gone or busy: a thread with a runtime of its own always gets it done.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let admin = maintenance().await;
                let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            });
        });
        let _ = dropped.join();
    }
}

/// Makes a template once, by filling an empty database.
async fn make_template(name: &str, fill: impl AsyncFnOnce(&mut Admin)) {
    let admin = maintenance().await;
    admin.execute("SELECT pg_advisory_lock($1)", &[&TEMPLATE_LOCK]).await.expect("the lock");
    let ready = admin.query_opt("SELECT FROM pg_database WHERE datname = $1 AND datistemplate", &[&name]).await;
    if ready.expect("the catalog").is_none() {
        let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).await.expect("the template");
        let mut inside = admin.to_database(name).await.expect("the template is there");
        fill(&mut inside).await;
        drop(inside);
        wait_until_nobody_is_in(&admin, name).await;
        admin.batch_execute(&format!("ALTER DATABASE {name} IS_TEMPLATE true")).await.expect("the template");
    }
    admin.execute("SELECT pg_advisory_unlock($1)", &[&TEMPLATE_LOCK]).await.expect("the lock");
}

async fn migrate(inside: &mut Admin) {
    up(inside, &UpOptions::default(), &mut Quiet).await.expect("a fresh database migrates");
}

async fn load(inside: &mut Admin) {
    for file in ["schema.sql", "data.sql"] {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/existing-database/").to_owned() + file;
        let sql = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        inside.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{path}: {error}"));
    }
}

/// A database with sessions can't be copied, and a closed connection takes a moment to be gone.
pub(super) async fn wait_until_nobody_is_in(admin: &Admin, name: &str) {
    for _ in 0..200 {
        let sessions =
            admin.query("SELECT FROM pg_stat_activity WHERE datname = $1", &[&name]).await.expect("the sessions");
        if sessions.is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("somebody stays connected to the template");
}

pub(super) async fn maintenance() -> Admin {
    Admin::connect_with(server()).await.expect("the test server is up")
}

fn server() -> Config {
    std::env::var("TENANTRY_TEST_URL")
        .expect("run the tests with `make test` or `tests/with-postgres cargo nextest run`")
        .parse()
        .expect("the test URL is one")
}

fn host(config: &Config) -> String {
    match config.get_hosts().first() {
        Some(tokio_postgres::config::Host::Tcp(name)) => name.clone(),
        other => panic!("the test server listens on loopback, not on {other:?}"),
    }
}
