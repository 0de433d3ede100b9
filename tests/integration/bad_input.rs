//! Settings and servers that won't do: each is refused with what to do about it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;

use uuid::Uuid;

use crate::support::Database;
use crate::support::program::{Outcome, program, tenantry};

/// A server that speaks just enough of PostgreSQL's protocol to be refused, on a port of its own.
fn pretending(answer: fn(&mut TcpStream)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                start_up(&mut stream);
                answer(&mut stream);
            });
        }
    });
    format!("postgres://mia:wrong-secret@{address}/agency")
}

/// Declines TLS and takes the startup packet.
fn start_up(stream: &mut TcpStream) {
    const TLS_REQUEST: [u8; 4] = 80_877_103_u32.to_be_bytes();
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length).expect("a length");
        let mut body = vec![0; u32::from_be_bytes(length) as usize - 4];
        stream.read_exact(&mut body).expect("a packet");
        if body != TLS_REQUEST {
            return;
        }
        stream.write_all(b"N").expect("an answer");
    }
}

/// The type and body of the next message; none when the client has gone.
fn next(stream: &mut TcpStream) -> Option<(u8, Vec<u8>)> {
    let mut head = [0; 5];
    stream.read_exact(&mut head).ok()?;
    let mut body = vec![0; u32::from_be_bytes(head[1..].try_into().expect("four bytes")) as usize - 4];
    stream.read_exact(&mut body).ok()?;
    Some((head[0], body))
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).expect("short").to_be_bytes();
    [&[kind][..], &length, body].concat()
}

fn refuse_password(stream: &mut TcpStream) {
    let _ = stream.write_all(&message(b'R', &3_u32.to_be_bytes()));
    next(stream);
    let said = b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"mia\"\0\0";
    let _ = stream.write_all(&message(b'E', said));
}

/// Lets everybody in and answers every query with the one row that the migrator asks for first.
fn be_postgresql_14(stream: &mut TcpStream) {
    const COLUMNS: [(u32, &[u8]); 5] =
        [(23, &140_011_i32.to_be_bytes()), (25, b"14.11"), (25, b"UTF8"), (16, &[0]), (25, b"agency")];
    let ready = message(b'Z', b"I");
    let _ = stream.write_all(
        &[message(b'R', &0_u32.to_be_bytes()), message(b'S', b"server_version\x0014.11\0"), ready.clone()].concat(),
    );
    while let Some((kind, _)) = next(stream) {
        let answer = match kind {
            b'P' => message(b'1', b""),
            b'D' => {
                let mut columns = 5_u16.to_be_bytes().to_vec();
                for (kind, _) in COLUMNS {
                    columns.extend(
                        [
                            b"c\0",
                            &[0; 6][..],
                            &kind.to_be_bytes(),
                            &(-1_i16).to_be_bytes(),
                            &(-1_i32).to_be_bytes(),
                            &[0, 0],
                        ]
                        .concat(),
                    );
                }
                [message(b't', &[0, 0]), message(b'T', &columns)].concat()
            }
            b'B' => message(b'2', b""),
            b'E' => {
                let mut row = 5_u16.to_be_bytes().to_vec();
                for (_, value) in COLUMNS {
                    row.extend([&u32::try_from(value.len()).expect("short").to_be_bytes()[..], value].concat());
                }
                [message(b'D', &row), message(b'C', b"SELECT 1\0")].concat()
            }
            b'C' => message(b'3', b""),
            b'S' => ready.clone(),
            _ => Vec::new(),
        };
        if stream.write_all(&answer).is_err() {
            return;
        }
    }
}

fn is_refused(arguments: &[&str], code: i32, parts: &[&str]) {
    let refused = tenantry(arguments);
    assert_eq!((refused.code, refused.out.as_str()), (Some(code), ""), "{arguments:?}: {}", refused.err);
    for part in parts {
        assert!(refused.err.contains(part), "{arguments:?} says {part:?}: {}", refused.err);
    }
    assert!(!refused.err.contains("wrong-secret"), "the password stays unsaid: {}", refused.err);
}

#[test]
fn an_unreachable_server() {
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let url = format!("postgres://mia:wrong-secret@{closed}/agency");
    for command in [&["up"][..], &["migrate", "up"], &["status"], &["backup", "/nowhere/backup"], &["user", "list"]] {
        is_refused(&[command, &["--database-url", &url]].concat(), 1, &["127.0.0.1", "check that the server runs"]);
    }
    is_refused(
        &["status", "--database-url", "postgres://mia@nowhere:port/agency"],
        2,
        &["can't be read", "postgres://user"],
    );
}

#[test]
fn a_wrong_password() {
    let url = pretending(refuse_password);
    is_refused(
        &["migrate", "up", "--database-url", &url],
        1,
        &["password authentication failed", "check the user and the password"],
    );
}

#[test]
fn postgresql_14() {
    let url = pretending(be_postgresql_14);
    for command in [&["migrate", "up"][..], &["up"]] {
        is_refused(
            &[command, &["--database-url", &url]].concat(),
            1,
            &["PostgreSQL 14.11", "15 or later", "pg_upgrade"],
        );
    }
}

#[test]
fn a_database_that_does_not_exist() {
    let server = std::env::var("TENANTRY_TEST_URL").expect("make test sets it");
    let (server, _) = server.rsplit_once('/').expect("it names a database");
    let url = format!("{server}/nowhere");
    is_refused(&["migrate", "up", "--database-url", &url], 1, &["\"nowhere\" does not exist", "create the database"]);
}

#[test]
fn wrong_use_ends_with_2_and_says_what_is_right() {
    for arguments in [
        &["migrate"][..],
        &["fly"],
        &["backup"],
        &["user", "create", "--role", "staff"],
        &["status", "--format", "xml"],
    ] {
        let refused = tenantry(arguments);
        assert_eq!(refused.code, Some(2), "{arguments:?}: {}", refused.err);
        assert!(
            refused.err.contains("Usage") || refused.err.contains("possible values"),
            "{arguments:?}: {}",
            refused.err
        );
    }
}

#[test]
fn every_command_has_help_with_an_example() {
    let mut waiting: Vec<Vec<String>> = vec![Vec::new()];
    let mut leaves = 0;
    while let Some(command) = waiting.pop() {
        let help = Outcome::from(program().args(&command).arg("--help").output().expect("the program is built"));
        assert_eq!(help.code, Some(0), "{command:?}");
        let listed = help.out.split_once("Commands:").map(|(_, rest)| rest.split("\n\n").next().unwrap_or_default());
        let names = listed.unwrap_or_default().lines().filter_map(|line| {
            line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split_whitespace().next()
        });
        let below: Vec<&str> =
            names.filter(|name| *name != "help" && name.chars().all(|c| c.is_ascii_lowercase())).collect();
        if below.is_empty() {
            leaves += 1;
            assert!(
                help.out.contains("Example: tenantry ") || help.out.contains("Examples:"),
                "{command:?}: {}",
                help.out
            );
        }
        waiting.extend(below.iter().map(|name| [&command[..], &[(*name).to_owned()]].concat()));
    }
    assert!(leaves > 15, "the commands were found: {leaves}");
}

#[test]
fn errors_are_json_for_machines() {
    let refused = tenantry(&["status", "--format", "json", "--data-dir", "/nowhere/at/all"]);
    let error: serde_json::Value = serde_json::from_str(&refused.err).expect("JSON");
    assert!(error["error"].is_string() && error["mend"].is_string(), "{error}");
    assert_eq!(refused.code, Some(1));
}

#[tokio::test]
async fn two_migrators_at_once() {
    let database = Database::empty().await;
    let start = || {
        program()
            .args(["migrate", "up", "--database-url", &database.url()])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program is built")
    };
    for child in [start(), start()] {
        let ended = Outcome::from(child.wait_with_output().expect("it was started"));
        assert_eq!(ended.code, Some(0), "one waits for the other: {}", ended.err);
    }
    assert_eq!(tenantry(&["migrate", "verify", "--database-url", &database.url()]).code, Some(0));

    let holder = database.connect().await;
    let pid: i32 = holder.query_one("SELECT pg_backend_pid()", &[]).await.expect("a pid").get(0);
    holder.batch_execute("SELECT pg_advisory_lock(x'74656e616e747279'::bigint)").await.expect("the lock");
    let parts = [&format!("pid {pid}"), "another migration runs", "--patience"];
    is_refused(&["migrate", "up", "--patience", "0s", "--database-url", &database.url()], 1, &parts);
}

#[tokio::test]
async fn a_role_that_may_not_create_roles() {
    // Other databases of Tenantry's in this cluster: the roles are there, and not for this migrator to give.
    drop(Database::migrated().await);
    let database = Database::empty().await;
    let (admin, role) = (database.connect().await, format!("poor_{}", Uuid::new_v4().simple()));
    let make = format!("CREATE ROLE {role} LOGIN; ALTER DATABASE {} OWNER TO {role}", database.name);
    admin.batch_execute(&make).await.expect("a role");
    let url = database.url().replace("postgres@", &format!("{role}@"));

    let refused = tenantry(&["migrate", "up", "--database-url", &url]);
    assert_eq!(refused.code, Some(1), "{}", refused.err);
    let statements: Vec<&str> = refused.err.lines().map(str::trim).filter(|line| line.starts_with("GRANT ")).collect();
    assert!(!statements.is_empty() && refused.err.contains("superuser"), "it says which statements: {}", refused.err);
    let made: i64 = admin
        .query_one("SELECT count(*) FROM pg_class WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^(pg_|information_schema)')", &[])
        .await
        .expect("the catalog")
        .get(0);
    assert_eq!(made, 0, "nothing was half-done");

    for statement in &statements {
        admin.batch_execute(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    let carried_on = tenantry(&["migrate", "up", "--database-url", &url]);
    assert_eq!(carried_on.code, Some(0), "{}", carried_on.err);
    let created =
        tenantry(&["user", "create", "--email", "mia@agency.example", "--role", "admin", "--database-url", &url]);
    assert_eq!(created.code, Some(0), "{}", created.err);
    let place = std::env::temp_dir().join(format!("tenantry-poor-{}", Uuid::new_v4().simple()));
    let backup = tenantry(&["backup", place.to_str().expect("UTF-8"), "--database-url", &url, "--format", "json"]);
    assert_eq!(backup.code, Some(0), "{}", backup.err);
    let backup: serde_json::Value = serde_json::from_str(&backup.out).expect("JSON");
    let people =
        backup["manifest"]["tables"].as_array().expect("a list").iter().find(|table| table["name"] == "people");
    assert_eq!(people.expect("it is there")["rows"], 1, "a backup without a superuser sees every row");
    std::fs::remove_dir_all(place).expect("it is there");
    // The role outlives its database, and no other database should find it a member of these.
    let clean_up = format!("REVOKE tenantry_owner, tenantry_backup FROM {role}");
    admin.batch_execute(&clean_up).await.expect("a superuser may");
}
