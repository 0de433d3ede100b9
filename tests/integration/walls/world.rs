use hyper::Method;
use serde_json::{Value, json};
use tenantry::db::admin::Admin;

use crate::auth::forged::sign_as_the_server;
use crate::auth::world::{Session, World, make_token};
use crate::row_level_security::world::{furnish, person, session};
use crate::support::Server;
use crate::support::server::Call;

/// Everybody who can ask with credentials that are in order.
pub const ROLES: [&str; 7] = ["anon", "client", "staff", "manager", "admin", "service", "super_admin"];

/// A server over the rows of the matrix.
pub struct Walls {
    /// The server and an app's key.
    pub world: World,
    /// A superuser's connection.
    pub db: Admin,
    service: String,
}

impl Walls {
    /// One with a row of every kind in every table.
    pub async fn new() -> Self {
        let server = Server::start().await;
        let db = server.database.connect().await;
        furnish(&db).await;
        let made =
            |arguments: &[&str]| make_token(&server.database, arguments)["token"].as_str().expect("a token").to_owned();
        let key = made(&["publishable", "--name", "app"]);
        let service = made(&["service", "--name", "machine", "--scope", "read", "--scope", "write"]);
        Self { world: World { server, key }, db, service }
    }

    /// The claims of a person's access token.
    pub fn claims(role: &str) -> Value {
        let now = tenantry::clock::Clock::System.now().as_second();
        json!({
            "iss": "http://localhost:8080/auth/v1", "aud": "authenticated", "role": "authenticated", "sub": person(role),
            "session_id": session(role), "app_metadata": { "role": role }, "iat": now, "exp": now + 900,
        })
    }

    /// An access token as signing in would give it.
    pub fn session(&self, role: &str) -> Session {
        Session(json!({ "access_token": sign_as_the_server(&self.world, &Self::claims(role)) }))
    }

    /// A role's own bearer.
    pub fn bearer(&self, role: &str) -> String {
        match role {
            "anon" => self.world.key.clone(),
            "service" => self.service.clone(),
            _ => self.session(role).access().to_owned(),
        }
    }

    /// A request with a bearer.
    pub fn call(&self, method: Method, path: &str, bearer: &str) -> Call<'_> {
        self.world.with_bearer(method, path, bearer)
    }

    /// One value as text; empty where there is none.
    pub async fn text(&self, sql: &str) -> String {
        let row = self.db.query_opt(sql, &[]).await.expect(sql);
        row.and_then(|row| row.get::<_, Option<String>>(0)).unwrap_or_default()
    }

    /// Every table and view of Tenantry's.
    pub async fn relations(&self) -> Vec<Relation> {
        let sql = "SELECT t.table_name::text, t.kind = 'view', (SELECT a.attname::text FROM pg_attribute a
                    WHERE a.attrelid = format('public.%I', t.table_name)::regclass AND a.attnum > 0 ORDER BY a.attnum LIMIT 1)
                     FROM tenantry.tables t ORDER BY 1";
        let rows = self.db.query(sql, &[]).await.expect("the catalog");
        rows.iter().map(|row| Relation { name: row.get(0), is_view: row.get(1), column: row.get(2) }).collect()
    }
}

/// A table or view of Tenantry's.
pub struct Relation {
    pub name: String,
    /// One to filter by.
    pub column: String,
    pub is_view: bool,
}
