use hyper::Method;
use serde_json::{Value, json};
use tenantry::auth::token::{Kind, Token};
use tenantry::db::admin::Admin;
use tenantry::settings;

use crate::support::server::Answer;
use crate::support::{Database, Server};

pub const ACME: &str = "c0000000-0000-4000-8000-00000000000a";
pub const BOLT: &str = "c0000000-0000-4000-8000-00000000000b";
pub const CRYPT: &str = "c0000000-0000-4000-8000-00000000000c";

/// Somebody who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Super,
    Admin,
    /// Another admin.
    Second,
    /// Manages Acme and Bolt.
    Manager,
    /// A member of Acme.
    Staff,
    /// Acme's own login.
    Client,
    Service,
}

impl Who {
    pub const ALL: [Self; 7] =
        [Self::Super, Self::Admin, Self::Second, Self::Manager, Self::Staff, Self::Client, Self::Service];

    fn role(self) -> Option<&'static str> {
        match self {
            Self::Super => Some("super_admin"),
            Self::Admin | Self::Second => Some("admin"),
            Self::Manager => Some("manager"),
            Self::Staff => Some("staff"),
            Self::Client => Some("client"),
            Self::Service => None,
        }
    }

    fn id(self) -> String {
        format!("a0000000-0000-4000-8000-00000000000{}", self as usize)
    }
}

/// A server over an agency with three clients that have a shop, and somebody in every role.
pub struct World {
    pub server: Server,
    pub admin: Admin,
    tokens: Vec<(Who, Token)>,
}

impl World {
    pub async fn new() -> Self {
        Self::with(&schema()).await
    }

    /// One whose shop has a schema.
    pub async fn with(schema: &Value) -> Self {
        let database = Database::migrated().await;
        let admin = database.connect().await;
        admin.batch_execute(&rows(schema)).await.unwrap_or_else(|error| panic!("{error:?}"));
        let mut tokens = Vec::new();
        for who in Who::ALL {
            tokens.push((who, token(&admin, who).await));
        }
        Self { server: Server::on(database, settings::Server::default()).await, admin, tokens }
    }

    /// Sends a request.
    pub async fn call(&self, who: Who, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let (_, token) = self.tokens.iter().find(|(whose, _)| *whose == who).expect("everybody has one");
        let call = self.server.call(method, path).header("authorization", &format!("Bearer {}", token.reveal()));
        match body {
            Some(body) => call.json(body).send().await,
            None => call.send().await,
        }
    }

    /// Sends a body as it is.
    pub async fn send(&self, who: Who, path: &str, body: String) -> Answer {
        let (_, token) = self.tokens.iter().find(|(whose, _)| *whose == who).expect("everybody has one");
        let call = self.server.call(Method::POST, path).header("authorization", &format!("Bearer {}", token.reveal()));
        call.header("content-type", "application/json").body(body).send().await
    }

    pub async fn get(&self, who: Who, path: &str) -> Answer {
        self.call(who, Method::GET, path, None).await
    }

    pub async fn post(&self, who: Who, path: &str, body: &Value) -> Answer {
        self.call(who, Method::POST, path, Some(body)).await
    }

    /// Proposes edits.
    pub async fn propose(&self, who: Who, edits: &Value) -> Answer {
        self.post(who, "/api/v1/changes", &json!({ "reason": "a test", "edits": edits })).await
    }

    /// Proposes edits that are fine; the change.
    #[track_caller]
    pub fn proposed(answer: &Answer) -> String {
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
        answer.json()["id"].as_str().expect("an id").to_owned()
    }

    /// Does something to a change.
    pub async fn act(&self, who: Who, id: &str, act: &str) -> Answer {
        let body = match act {
            "apply" => None,
            "revert" => Some(json!({ "reason": "a test" })),
            _ => Some(json!({})),
        };
        self.call(who, Method::POST, &format!("/api/v1/changes/{id}/{act}"), body.as_ref()).await
    }

    /// Proposes edits and applies them.
    pub async fn change(&self, who: Who, edits: &Value) -> Answer {
        let id = Self::proposed(&self.propose(who, edits).await);
        self.act(who, &id, "apply").await
    }

    /// What an app reads.
    pub async fn document(&self, client: &str, environment: &str) -> Value {
        let path = format!("/api/v1/clients/{client}/configuration?environment={environment}");
        let answer = self.get(Who::Super, &path).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
        answer.json()["document"].clone()
    }

    /// One value of the database, as text.
    pub async fn value(&self, sql: &str) -> String {
        let rows = self.admin.query(&format!("SELECT ({sql})::text"), &[]).await;
        let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        rows[0].get::<_, Option<String>>(0).unwrap_or_else(|| "NULL".to_owned())
    }

    /// Everything that a write of configuration could leave behind, as text.
    pub async fn state(&self) -> String {
        self.value(
            "SELECT concat((SELECT revision FROM tenantry.installation_revision), '/', (SELECT count(*) FROM tenantry.changes), '/',
                    (SELECT count(*) FROM tenantry.change_edits), '/', (SELECT count(*) FROM tenantry.change_previews), '/',
                    (SELECT md5(string_agg(s::text, ',' ORDER BY id)) FROM system_configurations s), '/',
                    (SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM template_configurations t), '/',
                    (SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM client_customizations c), '/',
                    (SELECT count(*) FROM tenantry.secrets), '/', (SELECT count(*) FROM configuration_versions))",
        )
        .await
    }
}

/// An edit that sets a key.
pub fn set(key: &str, value: impl Into<Value>) -> Value {
    json!({ "operation": "set", "key": key, "value": value.into() })
}

/// The same with more members.
pub fn with(mut edit: Value, members: Value) -> Value {
    let (Value::Object(edit_members), Value::Object(more)) = (&mut edit, members) else { panic!("objects") };
    edit_members.extend(more);
    edit
}

/// The shop's schema: a closed top level, types, a lock.
pub fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "branding": { "type": "object", "properties": { "tagline": { "type": "string", "maxLength": 40 } } },
            "store": {
                "type": "object",
                "properties": {
                    "currency": { "enum": ["EUR", "USD"] },
                    "pageSize": { "type": "integer", "minimum": 1, "maximum": 100, "default": 20 },
                    "email": { "type": "string", "x-env-name": "STORE_EMAIL" },
                    "card": { "type": "string", "x-not-a-card": true }
                },
                "required": ["email"]
            },
            "legal": { "type": "object", "properties": { "terms": { "type": "string", "x-locked": true, "default": "v1" } } },
            "api": { "type": "object", "properties": { "key": { "type": "string", "x-secret": true, "minLength": 8 } } }
        }
    })
}

async fn token(admin: &Admin, who: Who) -> Token {
    let kind = if who.role().is_some() { Kind::Personal } else { Kind::Service };
    let token = Token::generated(kind).expect("random words");
    let owner = who.role().map(|_| who.id());
    let insert = "INSERT INTO tenantry.tokens (name, kind, prefix, secret_hash, scopes, user_id)
                  VALUES ('test', $1, $2, $3, '{read,write}', $4::text::uuid)";
    let hash = token.hash().to_vec();
    admin.execute(insert, &[&kind.as_str(), &token.shown(), &hash, &owner]).await.expect("a token");
    token
}

fn rows(schema: &Value) -> String {
    let people: Vec<String> =
        Who::ALL.iter().filter_map(|who| Some(format!("('{}', '{}')", who.id(), who.role()?))).collect();
    format!(
        "SET ROLE tenantry_owner;
         INSERT INTO tenantry.people (user_id, role) VALUES {people};
         INSERT INTO clients_enhanced (id, name, email, assigned_manager)
         VALUES ('{ACME}', 'Acme', 'acme@example.com', '{manager}'), ('{BOLT}', 'Bolt', 'bolt@example.com', '{manager}'),
                ('{CRYPT}', 'Crypt', 'crypt@example.com', NULL);
         INSERT INTO client_members (client_id, user_id, member_role)
         VALUES ('{ACME}', '{staff}', 'staff'), ('{ACME}', '{client}', 'client');
         INSERT INTO template_configurations (template_id, template_version, template_name, configuration_schema, default_configuration)
         VALUES ('shop', '1.0.0', 'Shop', '{schema}', '{{\"store\": {{\"currency\": \"EUR\"}}}}');
         INSERT INTO client_customizations (client_id, template_id, template_version, customization_config, status, is_active)
         VALUES ('{ACME}', 'shop', '1.0.0', '{{}}', 'deployed', true), ('{BOLT}', 'shop', '1.0.0', '{{}}', 'deployed', true),
                ('{CRYPT}', 'shop', '1.0.0', '{{}}', 'deployed', true);
         RESET ROLE;",
        people = people.join(", "),
        manager = Who::Manager.id(),
        staff = Who::Staff.id(),
        client = Who::Client.id(),
    )
}
