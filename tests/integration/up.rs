//! `tenantry up` keeps a PostgreSQL of its own, whatever happens to it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::support::Database;
use crate::support::cluster::send;
use crate::support::installation::{Installation, Up, shell};
use crate::support::program::program;

#[test]
fn a_directory_comes_up_goes_down_and_comes_up_again() {
    let installation = Installation::new();
    let up = installation.up(&[]);
    assert!(up.answer["migrations_applied"].as_array().is_some_and(|applied| !applied.is_empty()), "{}", up.answer);
    let link = up.answer["set_up"].as_str().expect("nobody is an administrator yet").to_owned();
    assert!(
        link.starts_with(&format!("{}/set-up?link=", up.answer["console"].as_str().expect("an address"))),
        "{link}"
    );
    assert_eq!(up.end(Signal::TERM), Some(0));
    assert!(installation.is_left(), "SIGTERM leaves nothing running");

    let again = installation.up(&[]);
    assert_eq!(again.answer["migrations_applied"], serde_json::json!([]), "the second time nothing is left to do");
    assert!(again.answer["set_up"].as_str().is_some_and(|another| another != link), "the one before is kept nowhere");
    assert_eq!(again.end(Signal::INT), Some(0));
    assert!(installation.is_left(), "Ctrl-C leaves nothing running");
}

#[test]
fn what_it_prints_to_try_next_works_as_printed() {
    let installation = Installation::new();
    let up = installation.up(&[]);
    let lines = up.answer["try_next"].as_array().expect("a list").clone();
    assert_eq!(lines.len(), 4);
    for line in lines {
        let tried = shell(line.as_str().expect("a line"));
        assert_eq!(tried.code, Some(0), "{line}: {}", tried.err);
        assert!(!tried.out.trim().is_empty(), "{line} prints something");
    }
}

#[test]
fn the_sample_agency_comes_once_and_its_passwords_are_printed_once() {
    let installation = Installation::new();
    let up = installation.up(&["--demo"]);
    let people = up.answer["demo_people"].as_array().expect("a list").clone();
    assert_eq!(people.len(), 8);
    assert!(up.answer.get("set_up").is_none(), "a super admin is among them");
    let lines = up.answer["try_next"].as_array().expect("a list").clone();
    for line in &lines {
        let tried = shell(line.as_str().expect("a line"));
        assert_eq!(tried.code, Some(0), "{line}: {}", tried.err);
    }
    let as_somebody = shell(lines[2].as_str().expect("a line"));
    assert!(lines[2].as_str().is_some_and(|line| line.contains(" --as ")), "the wall is shown: {lines:?}");
    assert!(as_somebody.out.contains("row") && !as_somebody.out.contains("(0 rows)"), "{}", as_somebody.out);

    let over_http = shell(lines[3].as_str().expect("a line"));
    let clients: serde_json::Value = serde_json::from_str(&over_http.out).expect("JSON");
    assert_eq!(clients.as_array().map(Vec::len), Some(5), "{clients}");
    let app = &up.answer["sample_app"];
    assert_eq!(app["SUPABASE_URL"], up.answer["url"]);
    assert!(app["SUPABASE_ANON_KEY"].as_str().is_some_and(|key| key.starts_with("tnt_pub_")), "{app}");

    let changes = changes(&installation);
    let count = |state: &str| changes.iter().filter(|change| change["state"] == state).count();
    assert_eq!(["proposed", "approved", "applied", "rejected", "withdrawn"].map(count), [3, 1, 3, 1, 1], "{changes:?}");
    let does = |reason: &str, outcome: &str| {
        let change = changes.iter().find(|change| change["reason"] == reason).expect("it is there");
        let shown =
            installation.tenantry(&["change", "show", change["id"].as_str().expect("an id"), "--format", "json"]);
        let shown: serde_json::Value = serde_json::from_str(&shown.out).expect("JSON");
        shown["preview"]["counts"][outcome].as_i64().unwrap_or_else(|| panic!("no count of {outcome}: {shown}"))
    };
    assert!(does("Remind of every booking two days ahead", "shielded") > 0);
    assert!(does("Say that the status page comes soon", "invalid") > 0);

    assert_eq!(up.end(Signal::TERM), Some(0));
    let again = installation.up(&["--demo"]);
    assert_eq!(self::changes(&installation).len(), changes.len(), "nothing is done twice");
    assert!(
        again.answer.get("demo_people").is_none() && again.answer.get("sample_app").is_none(),
        "it is there already"
    );
    let status = installation.tenantry(&["status", "--format", "json"]);
    let status: serde_json::Value = serde_json::from_str(&status.out).expect("JSON");
    let clients =
        status["content"]["rows"].as_array().expect("a list").iter().find(|row| row["table"] == "clients_enhanced");
    assert_eq!(clients.expect("it is there")["rows"], 40);
    assert_eq!(status["content"]["people"], 8);
    assert!(status["content"]["newest_seal"]["number"].as_i64().is_some_and(|number| number > 0), "{status}");
}

#[test]
fn a_killed_up_is_followed_by_another() {
    let installation = Installation::new();
    let up = installation.up(&[]);
    assert_eq!(up.end(Signal::KILL), None);
    assert!(installation.is_worked_in(), "PostgreSQL goes on without it");
    let again = installation.up(&[]);
    assert_eq!(again.end(Signal::TERM), Some(0));
    assert!(installation.is_left());
}

#[test]
fn a_killed_machine_is_followed_by_recovery() {
    let installation = Installation::new();
    let up = installation.up(&[]);
    let postmaster = installation.postmaster().expect("it runs");
    assert_eq!(up.end(Signal::KILL), None);
    send(postmaster, Signal::KILL);
    let again = installation.up(&[]);
    assert_eq!(again.answer["migrations_applied"], serde_json::json!([]), "nothing was lost");
}

#[test]
fn a_server_that_ends_by_itself_ends_up() {
    let installation = Installation::new();
    let up = installation.up(&[]);
    send(installation.postmaster().expect("it runs"), Signal::QUIT);
    let begun = Instant::now();
    while std::path::Path::new(&format!("/proc/{}/cwd", up.pid())).exists() && begun.elapsed() < Duration::from_secs(20)
    {
        if fs::read_to_string(format!("/proc/{}/stat", up.pid())).is_ok_and(|stat| stat.contains(") Z ")) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(up.end(Signal::TERM), Some(1));
}

#[test]
fn a_stale_pid_of_another_process_is_no_obstacle() {
    let installation = Installation::new();
    installation.up(&[]).end(Signal::TERM);
    // As the server's own user, since PostgreSQL only believes in processes that it could signal.
    let data = installation.data_dir().join("postgresql");
    let owner = std::os::unix::fs::MetadataExt::uid(&fs::metadata(&data).expect("it is there"));
    let mut command = Command::new("sleep");
    command.arg("60").current_dir("/").stdout(Stdio::null());
    if rustix::process::geteuid().is_root() {
        std::os::unix::process::CommandExt::uid(&mut command, owner);
    }
    let mut stranger = command.spawn().expect("sleep");
    fs::write(
        data.join("postmaster.pid"),
        format!("{}\n{}\n1\n5432\n/nowhere\n\n1 1\nready   \n", stranger.id(), data.display()),
    )
    .expect("the test may write there");
    let again = Up::start(&installation.data_dir(), &[]);
    let _ = stranger.kill();
    let _ = stranger.wait();
    assert!(again.is_ok(), "{}", again.err().map(|outcome| outcome.err).unwrap_or_default());
}

#[test]
fn a_data_directory_in_use_is_refused_naming_who_uses_it() {
    let installation = Installation::new();
    let up = installation.up(&[]);
    let refused = installation.tenantry(&["up"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains(&format!("(pid {})", up.pid())), "{}", refused.err);
    assert!(installation.is_worked_in(), "the first one goes on");
}

#[test]
fn an_interrupted_initdb_is_begun_again() {
    let installation = Installation::new();
    let unfinished = installation.data_dir().join("postgresql.unfinished");
    fs::create_dir_all(&unfinished).expect("it can be made");
    fs::write(unfinished.join("PG_VERSION"), "15\n").expect("it can be written");
    drop(installation.up(&[]));
    assert!(!unfinished.exists());
}

#[test]
fn a_signal_during_the_first_start_leaves_nothing_running() {
    let installation = Installation::new();
    for pause in [100, 700, 1_500] {
        let mut child = program()
            .args(["up", "--data-dir"])
            .arg(installation.data_dir())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program is built");
        // From its first word on it listens to signals.
        let mut said = BufReader::new(child.stderr.take().expect("a pipe"));
        said.read_line(&mut String::new()).expect("a line");
        std::thread::sleep(Duration::from_millis(pause));
        send(i32::try_from(child.id()).expect("small"), Signal::TERM);
        let mut rest = String::new();
        said.read_to_string(&mut rest).expect("text");
        let ended = child.wait().expect("it was started");
        assert_eq!(ended.code(), Some(0), "after {pause} ms: {rest}");
        assert!(installation.is_left(), "after {pause} ms");
    }
    drop(installation.up(&[]));
}

#[tokio::test]
async fn a_server_of_yours_is_brought_up_and_left_running() {
    let (database, installation) = (Database::empty().await, Installation::new());
    let up = installation.up(&["--database-url", &database.url()]);
    assert!(up.answer["migrations_applied"].as_array().is_some_and(|applied| !applied.is_empty()), "{}", up.answer);
    for line in up.answer["try_next"].as_array().expect("a list") {
        let tried = shell(line.as_str().expect("a line"));
        assert_eq!(tried.code, Some(0), "{line}: {}", tried.err);
    }
    let begun = Instant::now();
    let seals = "SELECT count(*) FROM tenantry.audit_seals";
    let admin = database.connect().await;
    while admin.query_one(seals, &[]).await.expect("seals").get::<_, i64>(0) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "the audit log is sealed meanwhile");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(up.end(Signal::TERM), Some(0));
    assert!(!installation.data_dir().join("postgresql").exists(), "no cluster was made");
    admin.query_one("SELECT 1", &[]).await.expect("the server goes on");
}

#[test]
fn a_cluster_of_a_postgresql_that_is_not_here_is_refused() {
    let installation = Installation::new();
    let data = installation.data_dir().join("postgresql");
    fs::create_dir_all(&data).expect("it can be made");
    fs::write(data.join("PG_VERSION"), "9\n").expect("it can be written");
    let refused = installation.tenantry(&["up"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("PostgreSQL 9") && refused.err.contains("pg_upgrade"), "{}", refused.err);
}

#[test]
fn a_directory_of_something_else_is_refused() {
    let installation = Installation::new();
    let data = installation.data_dir().join("postgresql");
    fs::create_dir_all(&data).expect("it can be made");
    fs::write(data.join("diary.txt"), "mine").expect("it can be written");
    let refused = installation.tenantry(&["up"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("no PostgreSQL data directory"), "{}", refused.err);
    assert!(data.join("diary.txt").exists());
}

#[test]
fn a_path_too_long_for_a_socket_still_comes_up() {
    let root = std::env::temp_dir().join(format!("tenantry-{}-{}", uuid::Uuid::new_v4().simple(), "long".repeat(30)));
    let installation = Installation::at(&root);
    let up = installation.up(&[]);
    assert_eq!(installation.tenantry(&["migrate", "status"]).code, Some(0), "other commands find it");
    let written = fs::read_to_string(installation.data_dir().join("postgresql/postmaster.pid")).expect("it runs");
    let socket = written.lines().nth(4).expect("the directory of the socket").to_owned();
    assert_eq!(up.end(Signal::TERM), Some(0));
    assert!(!std::path::Path::new(&socket).exists(), "{socket} is gone again");
}

#[test]
fn a_command_starts_the_cluster_for_as_long_as_it_takes() {
    let installation = Installation::new();
    let refused = installation.tenantry(&["migrate", "status"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("tenantry up"), "{}", refused.err);

    installation.up(&[]).end(Signal::TERM);
    let status = installation.tenantry(&["migrate", "status"]);
    assert_eq!(status.code, Some(0), "{}", status.err);
    assert!(installation.is_left());
}

#[test]
fn an_address_that_is_none_is_wrong_use() {
    let installation = Installation::new();
    for command in ["up", "serve"] {
        for address in ["8080", "localhost:", "localhost:99999", ":80", "[::g]:80"] {
            let refused = installation.tenantry(&[command, "--listen", address]);
            assert_eq!(refused.code, Some(2), "{command} {address}: {}", refused.err);
        }
    }
    assert!(!installation.data_dir().exists(), "nothing was begun");
}

/// Every change of configuration.
fn changes(installation: &Installation) -> Vec<serde_json::Value> {
    let listed = installation.tenantry(&["change", "list", "--format", "json"]);
    serde_json::from_str(&listed.out).unwrap_or_else(|error| panic!("{error}: {} {}", listed.out, listed.err))
}
