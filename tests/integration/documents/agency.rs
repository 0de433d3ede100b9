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
