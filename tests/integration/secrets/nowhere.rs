//! A marker in every entrance that takes secrets: it is in no answer, log, table, trail, dump or file, in no form.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use hyper::Method;
use rustix::process::Signal;
use serde_json::{Value, json};
use tenantry::auth::token::{Kind, Token};
use tenantry::db::admin::Admin;

use super::entrances::{self, DESIGN};
use super::marker::Marker;
use super::world::ACME;
use crate::support::Database;
use crate::support::program::{Outcome, program, tenantry};
use crate::support::serving::Serving;

const OWNER: &str = "a0000000-0000-4000-8000-000000000001";

/// PostgreSQL writes down whatever it is asked, with every value, well or ill.
const TALKATIVE: &[&str] = &[
    "log_statement = 'all'",
    "log_min_duration_statement = 0",
    "log_duration = on",
    "log_parameter_max_length_on_error = -1",
    "log_error_verbosity = verbose",
];

/// An agency, the server, and somebody who may do everything.
struct World {
    database: Database,
    admin: Admin,
    server: Serving,
    person: Token,
    marker: Marker,
}

impl World {
    async fn new() -> Self {
        let database = Database::migrated().await;
        let admin = database.connect().await;
        for setting in TALKATIVE {
            admin.batch_execute(&format!("ALTER DATABASE {} SET {setting}", database.name)).await.expect("a setting");
        }
        let template = entrances::template();
        admin
            .batch_execute(&format!(
                "INSERT INTO tenantry.people (user_id, role) VALUES ('{OWNER}', 'super_admin');
                 INSERT INTO clients_enhanced (id, name, email) VALUES ('{ACME}', 'Acme', 'acme@example.com');
                 INSERT INTO template_configurations (template_id, template_version, template_name, configuration_schema)
                 VALUES ('shop', '1.0.0', 'Shop', '{template}'), ('shop', '1.1.0', 'Shop', '{template}');
                 INSERT INTO client_customizations (id, client_id, template_id, template_version)
                 VALUES ('{DESIGN}', '{ACME}', 'shop', '1.0.0')"
            ))
            .await
            .expect("an agency");
        let person = Token::generated(Kind::Personal).expect("random words");
        let insert = "INSERT INTO tenantry.tokens (name, kind, prefix, secret_hash, scopes, user_id)
                      VALUES ('test', 'personal', $1, $2, '{read,write}', $3::text::uuid)";
        admin.execute(insert, &[&person.shown(), &person.hash().to_vec(), &OWNER]).await.expect("a token");
        let server = Serving::logging(&database.server_url(), &[], "trace");
        Self { database, admin, server, person, marker: Marker::new() }
    }

    async fn send(&self, method: Method, path: &str, prefer: &str, body: &Value) -> crate::support::server::Answer {
        let call = self.server.call(method, path).header("authorization", &format!("Bearer {}", self.person.reveal()));
        let call = call.header("apikey", self.person.reveal());
        let call = if prefer.is_empty() { call } else { call.header("prefer", prefer) };
        let answer = if body.is_null() { call.send().await } else { call.json(body).send().await };
        self.marker.is_not_in(&format!("the answer to {path}, {}", answer.status), answer.text().as_bytes());
        self.marker.is_not_in(path, format!("{:?}", answer.headers).as_bytes());
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text());
        answer
    }

    /// Runs a command on the database, with something on standard input.
    fn tenantry(&self, arguments: &[&str], input: &str) -> Outcome {
        use std::io::Write as _;
        let mut command = program();
        command.args(["--database-url", &self.database.url(), "--data-dir", &self.data_dir()]).args(arguments);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program is built");
        child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("it reads");
        let done = Outcome::from(child.wait_with_output().expect("it ends"));
        self.marker.is_not_in(&format!("{arguments:?}"), format!("{}{}", done.out, done.err).as_bytes());
        done
    }

    fn data_dir(&self) -> String {
        self.server.data_dir().display().to_string()
    }

    async fn value(&self, sql: &str) -> String {
        self.admin.query_one(&format!("SELECT ({sql})::text"), &[]).await.expect("a value").get(0)
    }
}

#[tokio::test]
async fn it_is_nowhere_but_in_the_answer_to_a_reveal() {
    let world = World::new().await;
    entered(&world).await;
    assert!(world.value("SELECT count(*) FROM tenantry.secrets").await.parse::<u32>().expect("a count") >= 30);
    revealed(&world).await;
    commands(&world).await;
    apps(&world).await;
    let asked = "SELECT string_agg(a.query, ';') FROM pg_stat_activity a WHERE a.datname = current_database()";
    world.marker.is_not_in("pg_stat_activity", world.value(asked).await.as_bytes());

    let World { admin, server, marker, .. } = world;
    let (_, log) = server.end(Signal::TERM);
    assert!(log.contains("/rest/v1/client_billing_info"), "requests are logged: {log}");
    marker.is_not_in("the server's log", log.as_bytes());
    let home: String = admin.query_one("SHOW unix_socket_directories", &[]).await.expect("a setting").get(0);
    let log = fs::read(format!("{home}/log")).expect("PostgreSQL's log");
    let said = String::from_utf8_lossy(&log);
    for asked in ["INSERT INTO tenantry.secrets", "public.client_customizations", "json_to_recordset", "parameters: $1"]
    {
        assert!(said.contains(asked), "every statement is in it: {asked}");
    }
    marker.is_not_in("PostgreSQL's log", &log);
}

/// Sends the marker through every entrance, applies the changes that are proposed, and withdraws one.
async fn entered(world: &World) {
    for entrance in entrances::all(&world.marker.value) {
        let answer = world.send(entrance.method.clone(), &entrance.path, entrance.prefer(), &entrance.body).await;
        let told = format!("{} {}: {} {}", entrance.method, entrance.path, answer.status, answer.text());
        assert_eq!(answer.status.is_success(), entrance.is_taken, "{told}");
        if entrance.is_taken && entrance.proposes() && entrance.method == Method::POST {
            let change = format!("/api/v1/changes/{}", answer.json()["id"].as_str().expect("an id"));
            world.send(Method::GET, &change, "", &Value::Null).await;
            world.send(Method::GET, &format!("{change}/preview"), "", &Value::Null).await;
            let applied = world.send(Method::POST, &format!("{change}/apply"), "", &json!({})).await;
            assert!(applied.status.is_success(), "{told}: {}", applied.text());
        }
    }
    let edit = json!({ "operation": "set", "key": "taken.back", "value": world.marker.value, "is_encrypted": true });
    let proposed = json!({ "reason": "a test", "edits": [edit] });
    let proposed = world.send(Method::POST, "/api/v1/changes", "", &proposed).await;
    let id = proposed.json()["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/v1/changes/{id}/withdraw");
    assert!(world.send(Method::POST, &path, "", &json!({})).await.status.is_success());
}

/// The one way out for people; the trail of it says everything but the secret.
async fn revealed(world: &World) {
    for (row, pointer) in [
        ("SELECT id FROM client_billing_info", "/tax_id"),
        ("SELECT id FROM system_configurations WHERE configuration_key = 'MAIL_PASSWORD'", "/configuration_value"),
        ("SELECT id FROM deployment_configurations WHERE deployment_name = 'd'", "/environment_variables/LISTED"),
        ("SELECT id FROM template_configurations WHERE template_id = 'rest'", "/default_configuration/mail/key"),
    ] {
        let path = format!("/api/v1/configurations/{}/reveal", world.value(row).await);
        let call = world.server.call(Method::POST, &path);
        let call = call.header("authorization", &format!("Bearer {}", world.person.reveal()));
        let answer = call.json(&json!({ "reason": "the marker test", "pointer": pointer })).send().await;
        assert_eq!(answer.json()["secrets"][0]["value"], json!(world.marker.value), "{row}: {}", answer.text());
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

/// What an operator's commands print, what a backup holds, and what a dump.
async fn commands(world: &World) {
    let (at, marker) = (["--client", "acme@example.com", "--env", "staging", "--reason", "x"], &world.marker.value);
    assert_eq!(world.tenantry(&[&["config", "set", "by.command", "--secret"], &at[..]].concat(), marker).code, Some(0));
    let file = format!("DB_PASSWORD='{marker}'\n");
    let import = ["config", "import", "-", "--as", "dotenv"];
    assert_eq!(world.tenantry(&[&import, &at[..]].concat(), &file).code, Some(0));
    let row = world.value("SELECT id FROM system_configurations WHERE configuration_key = 'by.command'").await;
    let applied = world.value("SELECT id FROM tenantry.changes WHERE state = 'applied' AND edits = 3").await;
    let (client, env) = ("acme@example.com", ["--env", "staging"]);
    for command in [
        &["config", "set", "four", &json!(marker).to_string(), "--client", client, "--env", "nowhere", "--reason", "x"]
            [..],
        &["config", "resolve", client, env[0], env[1]],
        &["config", "explain", client, "by.command", env[0], env[1]],
        &["config", "export", client, env[0], env[1], "--as", "env"],
        &["config", "history", &row],
        &["config", "diff", "1", "9", "--client", client],
        &["config", "verify"],
        &["change", "list"],
        &["change", "show", &applied],
        &["change", "preview", &applied],
        &["change", "revert", &applied, "--reason", "x"],
        &["keys", "verify"],
        &["keys", "list"],
        &["keys", "rotate"],
        &["keys", "sweep"],
        &["migrate", "verify"],
        &["audit", "export"],
        &["status"],
        &["doctor"],
    ] {
        world.tenantry(command, "");
        world.tenantry(&[&["--format", "json"], command].concat(), "");
    }
    let shelf = format!("{}/backup", world.data_dir());
    assert_eq!(world.tenantry(&["backup", &shelf], "").code, Some(0));
    assert!(world.marker.is_not_beneath(Path::new(&shelf)) > 20, "every table has a file of its own");
    let bindir = std::env::var("TENANTRY_TEST_PG_BINDIR").expect("where pg_dump is");
    let dump = Command::new(Path::new(&bindir).join("pg_dump")).args(["--inserts", &world.database.url()]).output();
    let dump = dump.expect("pg_dump runs");
    assert!(dump.status.success() && dump.stdout.len() > 100_000, "{}", String::from_utf8_lossy(&dump.stderr));
    world.marker.is_not_in("a dump", &dump.stdout);
}

/// What apps read: with the right to secrets, the other way out.
async fn apps(world: &World) {
    for scope in ["config:read", "config:read,secret:read"] {
        let (client, url, data_dir) = ("acme@example.com", world.database.url(), world.data_dir());
        let made = ["token", "create", "--client", client, "--env", "staging", "--template", "shop", "--scope", scope];
        let made =
            tenantry(&[&["--format", "json", "--database-url", &url, "--data-dir", &data_dir], &made[..]].concat());
        let made: Value = serde_json::from_str(&made.out).unwrap_or_else(|error| panic!("{error}: {}", made.err));
        let token = made["token"].as_str().expect("a token");
        let read = async |path: &str| {
            let call = world.server.call(Method::GET, path).header("authorization", &format!("Bearer {token}"));
            let answer = call.send().await;
            assert_eq!(answer.status.as_u16(), 200, "{scope}: {}", answer.text());
            world.marker.is_not_in("headers", format!("{:?}", answer.headers).as_bytes());
            answer.text().to_owned()
        };
        let (document, variables) = (read("/config/v1").await, read("/config/v1?format=env").await);
        let copies = format!("{}/copies", world.data_dir());
        let run = run(world, token, &copies);
        assert_eq!(run.code, Some(0), "{}", run.err);
        if scope == "config:read" {
            let said = format!("{document}{variables}{}", run.out);
            world.marker.is_not_in("what an app without the right to secrets gets", said.as_bytes());
        } else {
            let document: Value = serde_json::from_str(&document).expect("JSON");
            assert_eq!((&document["two"], &run.out), (&json!(world.marker.value), &world.marker.value), "{document}");
            assert!(variables.contains("MAIL_KEY="), "{variables}");
        }
        world.marker.is_not_in("what is said of starting", run.err.as_bytes());
        world.marker.is_not_beneath(Path::new(&copies));
    }
}

/// Starts a command that prints the secret among its variables.
fn run(world: &World, token: &str, copies: &str) -> Outcome {
    let url = format!("http://{}", world.server.address);
    tenantry(&["run", "--url", &url, "--token", token, "--copies", copies, "--", "sh", "-c", "printf %s \"$MAIL_KEY\""])
}
