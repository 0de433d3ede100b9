//! Who may have a secret revealed, and what the audit log says of it.

use hyper::Method;
use serde_json::{Value, json};
use tenantry::auth::token::{Kind, Token};
use tenantry::settings;

use super::world::{ACME, OTHER};
use crate::support::server::Answer;
use crate::support::{Database, Server};

/// Somebody who asks: role, last digits of the id, and where they are members as what.
const PEOPLE: &[(&str, u8, &str)] = &[
    ("super_admin", 1, ""),
    ("admin", 2, ""),
    ("manager", 3, "manager"),
    ("manager", 4, "staff"),
    ("manager", 5, ""),
    ("staff", 6, "staff"),
    ("client", 7, "client"),
];

struct World {
    server: Server,
    admin: tenantry::db::admin::Admin,
    tokens: Vec<Token>,
    row: String,
}

fn id(last: u8) -> String {
    format!("a0000000-0000-4000-8000-00000000000{last}")
}

impl World {
    /// An agency in which a client has a secret in its billing and one in its variables.
    async fn new() -> Self {
        let database = Database::migrated().await;
        let admin = database.connect().await;
        let people: Vec<String> = PEOPLE.iter().map(|(role, last, _)| format!("('{}', '{role}')", id(*last))).collect();
        let members: Vec<String> = PEOPLE
            .iter()
            .filter(|(.., member)| !member.is_empty())
            .map(|(_, last, member)| format!("('{ACME}', '{}', '{member}')", id(*last)))
            .collect();
        let sql = format!(
            "INSERT INTO tenantry.people (user_id, role) VALUES {};
             INSERT INTO clients_enhanced (id, name, email) VALUES ('{ACME}', 'Acme', 'acme@example.com'), ('{OTHER}', 'Other', 'other@example.com');
             INSERT INTO client_members (client_id, user_id, member_role) VALUES {}",
            people.join(", "),
            members.join(", ")
        );
        admin.batch_execute(&sql).await.expect("an agency");
        let mut tokens = Vec::new();
        for (_, last, _) in PEOPLE {
            let token = Token::generated(Kind::Personal).expect("random words");
            let insert = "INSERT INTO tenantry.tokens (name, kind, prefix, secret_hash, scopes, user_id)
                          VALUES ('test', 'personal', $1, $2, '{read,write}', $3::text::uuid)";
            admin.execute(insert, &[&token.shown(), &token.hash().to_vec(), &id(*last)]).await.expect("a token");
            tokens.push(token);
        }
        let server = Server::on(database, settings::Server::default()).await;
        let mut world = Self { server, admin, tokens, row: String::new() };
        let billing = json!({ "client_id": ACME, "tax_id": "DE-hidden-1", "vat_number": "DE-hidden-2" });
        let made = world.post(2, "/rest/v1/client_billing_info", &billing).await;
        assert_eq!(made.status.as_u16(), 201, "{}", made.text());
        world.row = world.value("SELECT id FROM client_billing_info").await;
        world
    }

    async fn post(&self, who: u8, path: &str, body: &Value) -> Answer {
        let token = &self.tokens[usize::from(who) - 1];
        let call = self.server.call(Method::POST, path).header("authorization", &format!("Bearer {}", token.reveal()));
        call.header("apikey", token.reveal()).json(body).send().await
    }

    async fn reveal(&self, who: u8, body: &Value) -> Answer {
        self.post(who, &format!("/api/v1/configurations/{}/reveal", self.row), body).await
    }

    async fn value(&self, sql: &str) -> String {
        self.admin.query_one(&format!("SELECT ({sql})::text"), &[]).await.expect("a value").get(0)
    }
}

#[tokio::test]
async fn managers_of_the_client_and_above_have_it_revealed_and_nobody_else() {
    let world = World::new().await;
    for (who, status) in [(1, 200), (2, 200), (3, 200), (4, 404), (5, 404), (6, 403), (7, 403)] {
        let answer = world.reveal(who, &json!({ "reason": "the tax office asks" })).await;
        assert_eq!(answer.status.as_u16(), status, "{:?}: {}", PEOPLE[usize::from(who) - 1], answer.text());
        assert_eq!(answer.text().contains("DE-hidden"), status == 200);
    }
    let logged = "SELECT string_agg(concat_ws(' ', right(user_id::text, 1), table_name, client_id, row_id, reason), ', ' ORDER BY id) FROM audit_log WHERE action = 'reveal'";
    let expected = [1, 2, 3].map(|who| format!("{who} client_billing_info {ACME} {} the tax office asks", world.row));
    assert_eq!(world.value(logged).await, expected.join(", "));
    assert_eq!(world.value("SELECT count(*) FROM audit_log WHERE audit_log::text LIKE '%DE-hidden%'").await, "0");
}

#[tokio::test]
async fn what_is_no_clients_is_revealed_to_admins_and_not_to_managers() {
    let world = World::new().await;
    let edit = json!({ "operation": "set", "key": "smtp.password", "value": "DE-hidden-global", "is_encrypted": true });
    let proposed = world.post(2, "/api/v1/changes", &json!({ "reason": "a test", "edits": [edit] })).await;
    let id = proposed.json()["id"].as_str().expect("an id").to_owned();
    let applied = world.post(2, &format!("/api/v1/changes/{id}/apply"), &json!({})).await;
    assert_eq!(applied.status.as_u16(), 200, "{}", applied.text());
    let row = world.value("SELECT id FROM system_configurations WHERE configuration_key = 'smtp.password'").await;
    for (who, status) in [(1, 200), (2, 200), (3, 403), (4, 403), (6, 403), (7, 403)] {
        let path = format!("/api/v1/configurations/{row}/reveal");
        let answer = world.post(who, &path, &json!({ "reason": "why" })).await;
        assert_eq!(answer.status.as_u16(), status, "{:?}: {}", PEOPLE[usize::from(who) - 1], answer.text());
        assert_eq!(answer.text().contains("DE-hidden"), status == 200);
    }
}

#[tokio::test]
async fn one_of_several_is_revealed_where_it_is_named() {
    let world = World::new().await;
    let one = world.reveal(3, &json!({ "reason": "why", "pointer": "/vat_number" })).await;
    let secrets = one.json()["secrets"].clone();
    assert_eq!(secrets.as_array().map(Vec::len), Some(1), "{secrets}");
    assert_eq!((&secrets[0]["pointer"], &secrets[0]["value"]), (&json!("/vat_number"), &json!("DE-hidden-2")));
    assert_eq!(one.headers.get("cache-control").map(hyper::http::HeaderValue::as_bytes), Some(b"no-store".as_slice()));
}

#[tokio::test]
async fn without_a_reason_or_a_secret_nothing_is_revealed_or_logged() {
    let world = World::new().await;
    for body in [
        json!({ "reason": "" }),
        json!({ "reason": "  " }),
        json!({}),
        json!({ "reason": "why", "pointer": "/currency" }),
        json!({ "reason": "x".repeat(1_001) }),
    ] {
        let answer = world.reveal(2, &body).await;
        assert_eq!(answer.status.as_u16(), 422, "{body}: {}", answer.text());
        assert!(!answer.text().contains("DE-hidden"));
    }
    let nobody = world
        .post(2, &format!("/api/v1/configurations/{}/reveal", uuid::Uuid::new_v4()), &json!({ "reason": "why" }))
        .await;
    assert_eq!(nobody.status.as_u16(), 404, "{}", nobody.text());
    assert_eq!(world.value("SELECT count(*) FROM audit_log WHERE action = 'reveal'").await, "0");
}

#[tokio::test]
async fn an_operator_reveals_at_the_command_line_and_the_audit_log_knows() {
    let world = World::new().await;
    let (url, data_dir) = (world.server.database.url(), world.server.data_dir.0.display().to_string());
    let run = |more: &[&str]| {
        crate::support::program::tenantry(
            &[&["--database-url", &url, "--data-dir", &data_dir, "config", "reveal", &world.row], more].concat(),
        )
    };
    let shown = run(&["--reason", "the tax office asks", "--at", "/tax_id"]);
    assert_eq!((shown.code, shown.out.trim()), (Some(0), "/tax_id  DE-hidden-1"), "{}", shown.err);
    assert_eq!(run(&["--reason", " "]).code, Some(1));
    assert_eq!(
        world.value("SELECT string_agg(reason, ',') FROM audit_log WHERE action = 'reveal'").await,
        "the tax office asks"
    );
}
