use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use hyper::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::program::tenantry;
use crate::support::server::{Answer, Call};
use crate::support::{Database, Server};

/// What everybody's password is.
pub const PASSWORD: &str = "correct horse battery";

/// A server with a person of each role and an app's key.
pub struct World {
    /// The server.
    pub server: Server,
    /// The app's publishable key.
    pub key: String,
}

/// What signing in gave.
#[derive(Clone, Debug)]
pub struct Session(pub Value);

impl World {
    /// One on a fresh database.
    pub async fn new() -> Self {
        Self::on(Server::start().await).await
    }

    /// One on a server with an empty database.
    pub async fn on(server: Server) -> Self {
        add_people(&server.database).await;
        let key = make_token(&server.database, &["publishable", "--name", "app"])["token"].clone();
        Self { server, key: key.as_str().expect("it is printed").to_owned() }
    }

    /// A POST with the app's key.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.with_key(Method::POST, path).json(body).send().await
    }

    /// A request with the app's key and nobody signed in, as `supabase-js` sends it.
    pub fn with_key(&self, method: Method, path: &str) -> Call<'_> {
        let bearer = format!("Bearer {}", self.key);
        self.server.call(method, path).header("apikey", &self.key).header("authorization", &bearer)
    }

    /// A request with the app's key and a bearer.
    pub fn with_bearer(&self, method: Method, path: &str, bearer: &str) -> Call<'_> {
        let bearer = format!("Bearer {bearer}");
        self.server.call(method, path).header("apikey", &self.key).header("authorization", &bearer)
    }

    /// What an attempt to sign in answers.
    pub async fn try_sign_in(&self, email: &str, password: &str) -> Answer {
        self.post("/auth/v1/token?grant_type=password", &json!({ "email": email, "password": password })).await
    }

    /// Signs the person of a role in.
    pub async fn sign_in(&self, role: &str) -> Session {
        let answer = self.try_sign_in(&email(role), PASSWORD).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        Session(answer.json())
    }

    /// Asks who somebody is.
    pub async fn user(&self, bearer: &str) -> Answer {
        self.with_bearer(Method::GET, "/auth/v1/user", bearer).send().await
    }

    /// Exchanges a refresh token.
    pub async fn refresh(&self, token: &str) -> Answer {
        self.post("/auth/v1/token?grant_type=refresh_token", &json!({ "refresh_token": token })).await
    }

    /// Runs `tenantry token create`.
    pub fn token(&self, arguments: &[&str]) -> String {
        make_token(&self.server.database, arguments)["token"].as_str().expect("it is printed").to_owned()
    }

    /// Runs SQL as a superuser.
    pub async fn sql(&self, sql: &str) {
        self.server.database.connect().await.batch_execute(sql).await.expect(sql);
    }

    /// One value as text.
    pub async fn text(&self, sql: &str) -> String {
        let row = self.server.database.connect().await.query_one(sql, &[]).await.expect(sql);
        row.get::<_, Option<String>>(0).unwrap_or_default()
    }
}

impl Session {
    /// The access token.
    pub fn access(&self) -> &str {
        self.0["access_token"].as_str().expect("a token")
    }

    /// The refresh token.
    pub fn refresh(&self) -> &str {
        self.0["refresh_token"].as_str().expect("a token")
    }

    /// What the access token says, unchecked.
    pub fn claims(&self) -> Value {
        jsonwebtoken::dangerous::insecure_decode_claims(self.access()).expect("a JWT")
    }
}

/// The address of the person of a role.
pub fn email(role: &str) -> String {
    format!("{role}@agency.example")
}

/// The id of the person of a role.
pub fn id(role: &str) -> Uuid {
    Uuid::from_u128(0xa000_0000_0000_4000_8000_0000_0000_0000 + role.bytes().map(u128::from).sum::<u128>())
}

/// A hash that costs nothing, so that tests cost little; what it costs stands in the hash.
pub fn cheap_hash(password: &str) -> String {
    let params = Params::new(8, 1, 1, None).expect("argon2 takes them");
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password(password.as_bytes()).expect("it hashes").to_string()
}

/// A person of each role, all with the same password.
pub async fn add_people(database: &Database) {
    let db = database.connect().await;
    let hash = cheap_hash(PASSWORD);
    for role in ["super_admin", "admin", "manager", "staff", "client"] {
        db.execute(
            "INSERT INTO auth.users (id, email, raw_user_meta_data) VALUES ($1, $2, '{\"role\": \"super_admin\"}')",
            &[&id(role), &email(role)],
        )
        .await
        .expect("a user");
        db.execute("INSERT INTO tenantry.people (user_id, role) VALUES ($1, $2)", &[&id(role), &role])
            .await
            .expect("a person");
        db.execute("INSERT INTO tenantry.passwords (user_id, password_hash) VALUES ($1, $2)", &[&id(role), &hash])
            .await
            .expect("a password");
    }
}

/// What `tenantry token create` prints.
pub fn make_token(database: &Database, arguments: &[&str]) -> Value {
    let url = database.url();
    let command = [&["--format", "json", "--database-url", &url, "token", "create"], arguments].concat();
    let made = tenantry(&command);
    assert_eq!(made.code, Some(0), "{arguments:?}: {}", made.err);
    serde_json::from_str(&made.out).expect("JSON")
}
