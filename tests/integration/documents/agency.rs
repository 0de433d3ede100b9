use hyper::Method;
use jiff::Timestamp;
use serde_json::Value;
use tenantry::auth::token::{Kind, Token};
use tenantry::clock::Clock;
use tenantry::db::admin::Admin;
use tenantry::{demo, settings};
use uuid::Uuid;

use crate::support::server::{Answer, Call};
use crate::support::{Database, Server};

/// The super admin of the sample agency.
pub const BOSS: &str = "ines.duarte@harbourpine.example";
/// A manager; of the clients with an odd number.
pub const MANAGER: &str = "priya.nair@harbourpine.example";
/// An admin.
pub const ADMIN: &str = "tomas.lindqvist@harbourpine.example";
/// Somebody of the staff; of some clients.
pub const STAFF: &str = "mei.tanaka@harbourpine.example";
/// Client 1's own login.
pub const MARTA: &str = "marta@lumenyoga.example";

/// The sample agency of `up --demo`, and a server over it.
pub struct Agency {
    pub server: Server,
    pub admin: Admin,
}

impl Agency {
    pub async fn new() -> Self {
        let database = Database::migrated().await;
        let mut admin = database.connect().await;
        let at: Timestamp = "2026-03-15T16:40:00Z".parse().expect("a time");
        demo::load(&mut admin, Clock::Fixed(at)).await.expect("the agency is added").expect("it wasn't there");
        Self { server: Server::on(database, settings::Server::default()).await, admin }
    }

    /// The id of the client whose mailbox is at a company.
    pub async fn client(&self, slug: &str) -> Uuid {
        let sql = "SELECT id FROM clients_enhanced WHERE email = $1";
        self.admin.query_one(sql, &[&format!("hello@{slug}.example")]).await.expect("the client").get(0)
    }

    /// A request on somebody's behalf that hasn't been sent yet.
    pub async fn call(&self, email: &str, method: Method, path: &str) -> Call<'_> {
        let token = self.token(email).await;
        self.server
            .call(method, &format!("/api/v1/{path}"))
            .header("authorization", &format!("Bearer {}", token.reveal()))
    }

    pub async fn get(&self, email: &str, path: &str) -> Answer {
        self.call(email, Method::GET, path).await.send().await
    }

    /// What somebody is answered who may.
    #[track_caller]
    pub fn ok(answer: &Answer) -> Value {
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
        answer.json()
    }

    pub async fn post(&self, email: &str, path: &str, body: &Value) -> Answer {
        self.call(email, Method::POST, path).await.json(body).send().await
    }

    /// What a client's app reads.
    pub async fn resolved(&self, client: Uuid, query: &str) -> Value {
        Self::ok(&self.get(BOSS, &format!("clients/{client}/configuration?{query}")).await)
    }

    /// What every layer says of a key.
    pub async fn explained(&self, client: Uuid, query: &str) -> Value {
        Self::ok(&self.get(BOSS, &format!("clients/{client}/configuration/explain?{query}")).await)
    }

    /// Does something by SQL, as a superuser.
    pub async fn sql(&self, sql: &str) {
        self.admin.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// The newest revision.
    pub async fn revision(&self) -> i64 {
        let sql = "SELECT revision FROM tenantry.installation_revision";
        self.admin.query_one(sql, &[]).await.expect("the counter").get(0)
    }

    /// Makes a client without anything of its own.
    pub async fn new_client(&self, name: &str) -> Uuid {
        let sql = "INSERT INTO clients_enhanced (name, email) VALUES ($1, $2) RETURNING id";
        let email = format!("{}@client.example", name.replace(' ', "-"));
        self.admin.query_one(sql, &[&name, &email]).await.expect("a client").get(0)
    }

    /// Makes a version of a template, active at once.
    pub async fn new_version(&self, template: &str, version: &str, schema: &Value, defaults: &Value) {
        let sql = "INSERT INTO template_configurations (template_id, template_version, template_name, configuration_schema, default_configuration)
                   VALUES ($1, $2, 'A template', $3, $4)";
        self.admin.execute(sql, &[&template, &version, schema, defaults]).await.expect("a version");
    }

    /// Makes a customization and takes it as far as being active.
    pub async fn new_customization(&self, client: Uuid, template: &str, version: Option<&str>, config: &Value) -> Uuid {
        let sql = "INSERT INTO client_customizations (client_id, template_id, template_version, customization_config)
                   VALUES ($1, $2, $3, $4) RETURNING id";
        let id: Uuid =
            self.admin.query_one(sql, &[&client, &template, &version, config]).await.expect("a draft").get(0);
        for step in ["status = 'in_review'", "status = 'approved', approved_by = gen_random_uuid()", "is_active = true"]
        {
            self.sql(&format!("UPDATE client_customizations SET {step} WHERE id = '{id}'")).await;
        }
        id
    }

    /// Sets a value at a scope; `scope` is the rest of the columns and values, by name.
    pub async fn set(&self, key: &str, value: &Value, scope: &[(&str, &str)]) -> Uuid {
        let names: String = scope.iter().map(|(name, _)| format!(", {name}")).collect();
        let values: String = scope.iter().map(|(_, value)| format!(", '{value}'")).collect();
        let sql = format!(
            "INSERT INTO system_configurations (configuration_key, configuration_value{names}) VALUES ($1, $2{values}) RETURNING id"
        );
        self.admin.query_one(&sql, &[&key, value]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}")).get(0)
    }

    async fn token(&self, email: &str) -> Token {
        let token = Token::generated(Kind::Personal).expect("random words");
        let insert = "INSERT INTO tenantry.tokens (name, kind, prefix, secret_hash, scopes, user_id)
                      SELECT 'test', 'personal', $1, $2, '{read,write}', id FROM auth.users WHERE email = $3";
        let hash = token.hash().to_vec();
        assert_eq!(self.admin.execute(insert, &[&token.shown(), &hash, &email]).await.expect("a token"), 1);
        token
    }
}

/// A problem, as every refusal of `/api/v1` says it.
#[track_caller]
pub fn problem(answer: &Answer, status: u16) -> Value {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let body = answer.json();
    assert_eq!(body["status"], status, "{body}");
    assert_eq!(body["request_id"].as_str(), answer.header("x-request-id"), "{body}");
    assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{body}");
    body
}
