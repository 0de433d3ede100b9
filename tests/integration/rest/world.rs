use hyper::Method;
use tenantry::auth::token::{Kind, Token};
use tenantry::db::admin::Admin;
use tenantry::db::migrate::{Quiet, UpOptions, up};
use tenantry::settings;

use crate::support::server::{Answer, Call};
use crate::support::{Database, Server};

/// Managed by the manager; the staff person and the login are members.
pub const ACME: &str = "c0000000-0000-4000-8000-00000000000a";
/// Managed by the manager too.
pub const BOLT: &str = "c0000000-0000-4000-8000-00000000000b";
/// Only admins see it.
pub const CRYPT: &str = "c0000000-0000-4000-8000-00000000000c";
/// A deployment of Acme's.
pub const LIVE: &str = "d0000000-0000-4000-8000-00000000000a";
/// One of the client that only admins see.
pub const HIDDEN: &str = "d0000000-0000-4000-8000-00000000000c";
/// A customization of Acme's.
pub const DESIGN: &str = "e0000000-0000-4000-8000-00000000000a";

/// Somebody who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    SuperAdmin,
    Admin,
    Manager,
    Staff,
    Client,
    Service,
    /// Whoever has the publishable key.
    Anon,
}

impl Who {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::SuperAdmin, Self::Admin, Self::Manager, Self::Staff, Self::Client, Self::Service, Self::Anon];

    /// The role of a person.
    pub fn role(self) -> Option<&'static str> {
        match self {
            Self::SuperAdmin => Some("super_admin"),
            Self::Admin => Some("admin"),
            Self::Manager => Some("manager"),
            Self::Staff => Some("staff"),
            Self::Client => Some("client"),
            Self::Service | Self::Anon => None,
        }
    }

    /// The id of a person.
    pub fn id(self) -> &'static str {
        match self {
            Self::SuperAdmin => "a0000000-0000-4000-8000-000000000001",
            Self::Admin => "a0000000-0000-4000-8000-000000000002",
            Self::Manager => "a0000000-0000-4000-8000-000000000003",
            Self::Staff => "a0000000-0000-4000-8000-000000000004",
            Self::Client => "a0000000-0000-4000-8000-000000000005",
            Self::Service | Self::Anon => panic!("{self:?} is no person"),
        }
    }
}

/// A server over an agency with three clients and somebody in every role.
pub struct World {
    pub server: Server,
    pub admin: Admin,
    tokens: Vec<(Who, Token)>,
}

impl World {
    pub async fn new() -> Self {
        Self::with(settings::Server::default()).await
    }

    /// One whose server is told how to be.
    pub async fn with(settings: settings::Server) -> Self {
        let database = Database::migrated().await;
        let admin = database.connect().await;
        admin.batch_execute(&rows()).await.unwrap_or_else(|error| panic!("{error:?}"));
        let mut tokens = Vec::new();
        for who in Who::ALL {
            tokens.push((who, token(&admin, who).await));
        }
        Self { server: Server::on(database, settings).await, admin, tokens }
    }

    /// A server over a site's tables, as they are just after adoption, with their faults; only machines have a token.
    pub async fn adopted() -> Self {
        let database = Database::existing().await;
        let mut admin = database.connect().await;
        up(&mut admin, &UpOptions::default(), &mut Quiet).await.expect("it is adopted");
        let tokens = vec![(Who::Service, token(&admin, Who::Service).await)];
        Self { server: Server::on(database, settings::Server::default()).await, admin, tokens }
    }

    /// A request to the table API that hasn't been sent yet.
    pub fn call(&self, who: Who, method: Method, path: &str) -> Call<'_> {
        let (_, token) = self.tokens.iter().find(|(whose, _)| *whose == who).expect("everybody has one");
        self.server
            .call(method, &format!("/rest/v1/{}", encoded(path)))
            .header("apikey", token.reveal())
            .header("authorization", &format!("Bearer {}", token.reveal()))
    }

    pub fn get(&self, who: Who, path: &str) -> Call<'_> {
        self.call(who, Method::GET, path)
    }

    pub fn post(&self, who: Who, path: &str, body: &serde_json::Value) -> Call<'_> {
        self.call(who, Method::POST, path).json(body)
    }

    pub fn patch(&self, who: Who, path: &str, body: &serde_json::Value) -> Call<'_> {
        self.call(who, Method::PATCH, path).json(body)
    }

    pub fn delete(&self, who: Who, path: &str) -> Call<'_> {
        self.call(who, Method::DELETE, path)
    }

    /// One value of the database, as text.
    pub async fn value(&self, sql: &str) -> String {
        let rows = self
            .admin
            .query(&format!("SELECT ({sql})::text"), &[])
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        rows[0].get::<_, Option<String>>(0).unwrap_or_else(|| "NULL".to_owned())
    }
}

/// Escapes what a URI can't hold, and leaves what means something in it.
fn encoded(path: &str) -> String {
    path.chars()
        .map(|c| if c.is_ascii_graphic() && !"\"<>^`{}|\\".contains(c) { c.to_string() } else { escaped(c) })
        .collect()
}

fn escaped(c: char) -> String {
    c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn token(admin: &Admin, who: Who) -> Token {
    let (kind, scopes) = match who {
        Who::Anon => (Kind::Publishable, "{}"),
        Who::Service => (Kind::Service, "{read,write}"),
        _ => (Kind::Personal, "{read,write}"),
    };
    let token = Token::generated(kind).expect("random words");
    let owner = who.role().map(|_| who.id());
    let insert = "INSERT INTO tenantry.tokens (name, kind, prefix, secret_hash, scopes, user_id)
                  VALUES ('test', $1, $2, $3, $4::text::text[], $5::text::uuid)";
    let hash = token.hash().to_vec();
    admin.execute(insert, &[&kind.as_str(), &token.shown(), &hash, &scopes, &owner]).await.expect("a token");
    token
}

fn rows() -> String {
    let people: Vec<String> =
        Who::ALL.iter().filter_map(|who| Some(format!("('{}', '{}')", who.id_if_person()?, who.role()?))).collect();
    format!(
        "INSERT INTO tenantry.people (user_id, role) VALUES {people};
         INSERT INTO clients_enhanced (id, name, email, company_name, tier, industry, assigned_manager, business_goals, address, annual_revenue)
         VALUES ('{ACME}', 'Acme', 'acme@example.com', 'Acme, Inc.', 'premium', 'retail', '{manager}', '{{grow,\"two words\"}}',
                 '{{\"city\": \"Oslo\", \"lines\": [\"a\", \"b\"]}}', 1234567.89),
                ('{BOLT}', 'Bolt', 'bolt@example.com', 'Bolt \"fast\" Ltd', 'basic', NULL, '{manager}', '{{}}', '{{}}', NULL),
                ('{CRYPT}', 'Crypt', 'crypt@example.com', 'Crypt', 'basic', 'secrets', NULL, '{{grow}}', '{{\"city\": \"Rome\"}}', NULL);
         INSERT INTO client_members (client_id, user_id, member_role)
         VALUES ('{ACME}', '{staff}', 'staff'), ('{ACME}', '{client}', 'client');
         INSERT INTO template_configurations (template_id, template_version, template_name, configuration_schema, default_configuration)
         VALUES ('shop', '1.0.0', 'Shop', '{{}}', '{{}}'), ('blog', '1.0.0', 'Blog', '{{}}', '{{}}');
         INSERT INTO client_customizations (id, client_id, template_id, template_version, customization_config)
         VALUES ('{DESIGN}', '{ACME}', 'shop', '1.0.0', '{{\"colour\": \"red\"}}'),
                ('e0000000-0000-4000-8000-00000000000b', '{BOLT}', 'blog', '1.0.0', '{{}}'),
                ('e0000000-0000-4000-8000-00000000000c', '{CRYPT}', 'blog', NULL, '{{}}');
         INSERT INTO client_deployments (id, client_id, customization_id, deployment_name, status, build_logs, custom_domain)
         VALUES ('{LIVE}', '{ACME}', '{DESIGN}', 'acme-live', 'deployed', 'log', 'shop.acme.example'),
                ('d0000000-0000-4000-8000-00000000000b', '{ACME}', '{DESIGN}', 'acme-next', 'pending', NULL, NULL),
                ('{HIDDEN}', '{CRYPT}', 'e0000000-0000-4000-8000-00000000000c', 'crypt-live', 'deployed', NULL, NULL);
         INSERT INTO deployment_tracking_events (id, deployment_id, event_type, event_message, duration_ms)
         VALUES ('f0000000-0000-4000-8000-00000000000a', '{LIVE}', 'deploy_completed', 'The deployment went live quickly', 10),
                ('f0000000-0000-4000-8000-00000000000b', '{LIVE}', 'health_check', 'All healthy', NULL),
                ('f0000000-0000-4000-8000-00000000000c', '{HIDDEN}', 'error', 'A secret failure', 5);
         INSERT INTO client_analytics (client_id, deployment_id, analytics_date, page_views)
         VALUES ('{ACME}', '{LIVE}', current_date - 1, 100), ('{ACME}', '{LIVE}', current_date, 200), ('{CRYPT}', '{HIDDEN}', current_date, 999);
         INSERT INTO client_billing_info (client_id, subscription_tier) VALUES ('{ACME}', 'premium'), ('{CRYPT}', 'basic');
         INSERT INTO system_configurations (configuration_key, configuration_value, client_id, is_delegated)
         VALUES ('site.title', '\"Acme\"', '{ACME}', true), ('site.title', '\"Crypt\"', '{CRYPT}', false);",
        people = people.join(", "),
        manager = Who::Manager.id(),
        staff = Who::Staff.id(),
        client = Who::Client.id(),
    )
}

impl Who {
    fn id_if_person(self) -> Option<&'static str> {
        self.role().map(|_| self.id())
    }
}

/// What an answer must be, told with its body where it isn't.
pub trait Expect {
    /// Asserts the status.
    fn expect(self, status: u16) -> Answer;
    /// Asserts the status and the code of a refusal.
    fn refused(self, status: u16, code: &str) -> serde_json::Value;
}

impl Expect for Answer {
    #[track_caller]
    fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status.as_u16(), status, "{} {:?}", self.text(), self.headers);
        self
    }

    #[track_caller]
    fn refused(self, status: u16, code: &str) -> serde_json::Value {
        let answer = self.expect(status);
        let body = answer.json();
        assert_eq!(body["code"], code, "{body}");
        let keys: Vec<&str> = body.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(keys, ["code", "message", "details", "hint"], "{body}");
        assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
        body
    }
}
