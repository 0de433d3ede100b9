use std::time::{Duration, Instant};

use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use tenantry::configurations::documents::{Compiled, Inputs, Wanted};
use tenantry::db::admin::Admin;
use tenantry::db::caller::Caller;
use tenantry::db::tx::Tx;
use tenantry::settings;
use uuid::Uuid;

use crate::support::server::{Answer, Http};
use crate::support::{Database, Server, tenantry};

/// What doesn't come within this never comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A template, a global value, and clients who each have a value of their own, with a marker that no other has.
const ROWS: &str = r#"
    INSERT INTO public.template_configurations (template_id, template_version, template_name, status, configuration_schema, default_configuration)
    VALUES ('booking', '1.0.0', 'Booking', 'active',
            '{"type": "object", "properties": {
                "brand": {"type": "object", "properties": {"name": {"type": "string", "x-env-name": "BRAND_NAME"}}},
                "limits": {"type": "object", "properties": {"seats": {"type": "integer", "default": 10, "x-env-name": "SEATS"}}}}}',
            '{"brand": {"name": "Nobody"}}');
    INSERT INTO public.system_configurations (configuration_key, configuration_value)
    VALUES ('support.email', '"help@agency.example"'), ('notes', to_jsonb(repeat('words of everybody ', 100)));
"#;

/// The server, and clients with documents.
pub struct World {
    pub server: Server,
    pub admin: Admin,
}

/// A client of the world.
#[derive(Clone, Debug)]
pub struct Client {
    pub id: Uuid,
    pub marker: String,
}

impl World {
    pub async fn new() -> Self {
        Self::told(settings::Server::default()).await
    }

    pub async fn told(settings: settings::Server) -> Self {
        let database = Database::migrated().await;
        let admin = database.connect().await;
        admin.batch_execute(ROWS).await.expect("rows");
        Self { server: Server::on(database, settings).await, admin }
    }

    /// Adds a client with an active customization and a value in each layer of its own.
    pub async fn client(&self, name: &str) -> Client {
        add_client(&self.admin, name).await
    }

    /// A runtime token for a client.
    pub fn token(&self, client: &Client, more: &[&str]) -> String {
        token(&self.server.database.url(), client, "production", more)
    }

    pub async fn sql(&self, sql: &str) {
        self.admin.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The document as it comes out of PostgreSQL's rows.
    pub async fn resolved(&self, client: &Client, environment: &str) -> Vec<u8> {
        let mut admin = self.server.database.connect().await;
        let tx = Tx::begin(&mut admin, &Caller::operator(), "a test").await.expect("a transaction");
        let inputs = Inputs::load(&tx, &Compiled::default(), Wanted::clients(&[client.id])).await.expect("rows");
        let target = inputs.target(client.id, None, environment.parse().expect("it is one")).expect("a target");
        let sources = inputs.sources(&target).expect("layers");
        serde_json::to_vec(&layers::resolve(&sources, &layers::closed).document).expect("JSON")
    }
}

pub async fn add_client(admin: &Admin, name: &str) -> Client {
    let client = Client { id: Uuid::new_v4(), marker: format!("marker-{}", Uuid::new_v4().simple()) };
    let Client { id, marker } = &client;
    admin
        .batch_execute(&format!(
            "INSERT INTO public.clients_enhanced (id, name, email) VALUES ('{id}', '{name}', '{id}@{name}.example');
             {};
             INSERT INTO public.system_configurations (configuration_key, configuration_value, client_id, template_id, environment)
             VALUES ('own.all', '\"{marker}\"', '{id}', NULL, 'all'), ('own.production', '\"{marker}\"', '{id}', 'booking', 'production')",
            customized(&client, "booking", &format!("{{\"brand\": {{\"name\": \"{marker}\"}}}}"))
        ))
        .await
        .expect("a client");
    client
}

/// An active customization, which goes its whole way there.
pub fn customized(client: &Client, template_id: &str, config: &str) -> String {
    let of = format!("client_id = '{}' AND template_id = '{template_id}'", client.id);
    let to = |set: &str| format!("UPDATE public.client_customizations SET {set} WHERE {of}");
    format!(
        "INSERT INTO public.client_customizations (client_id, template_id, template_version, customization_config)
         VALUES ('{}', '{template_id}', '1.0.0', '{config}'); {}; {}; {}",
        client.id,
        to("status = 'in_review'"),
        to("status = 'approved', approved_by = gen_random_uuid(), approved_at = now()"),
        to("is_active = true"),
    )
}

pub fn token(database_url: &str, client: &Client, environment: &str, more: &[&str]) -> String {
    let id = client.id.to_string();
    let create =
        ["token", "create", "--client", &id, "--env", environment, "--format", "json", "--database-url", database_url];
    let made = tenantry(&[create.as_slice(), more].concat());
    let made: Value = serde_json::from_str(&made.out).unwrap_or_else(|error| panic!("{error}: {}", made.err));
    made["token"].as_str().expect("a token").to_owned()
}

/// Reads as an app does.
pub async fn read(http: &Http, token: &str) -> Answer {
    http.call(Method::GET, "/config/v1").header("authorization", &format!("Bearer {token}")).send().await
}

/// Reads, and says whether it is the document that is waited for.
pub async fn read_until(http: &Http, token: &str, is_it: impl Fn(&Answer) -> bool) -> Answer {
    let begun = Instant::now();
    loop {
        let answer = read(http, token).await;
        if is_it(&answer) {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "{} {:?} {}", answer.status, answer.headers, answer.text());
        tokio::task::yield_now().await;
    }
}

/// The document of a good answer.
pub fn document(answer: &Answer) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

/// Whether an answer is a document with a value at a place.
pub fn holds<'a>(pointer: &'a str, value: &'a Value) -> impl Fn(&Answer) -> bool + 'a {
    move |answer| answer.status == StatusCode::OK && answer.json().pointer(pointer) == Some(value)
}

/// The document that a client of the world has in production.
pub fn expected(client: &Client) -> Value {
    let marker = &client.marker;
    json!({
        "brand": { "name": marker }, "limits": { "seats": 10 }, "notes": "words of everybody ".repeat(100),
        "own": { "all": marker, "production": marker }, "support": { "email": "help@agency.example" },
    })
}
