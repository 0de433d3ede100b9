//! Backups prove themselves, and nothing half-done ever looks whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;
use uuid::Uuid;

use crate::support::Database;
use crate::support::cluster::send;
use crate::support::installation::Installation;
use crate::support::program::{Outcome, program, tenantry};

/// A place for backups, removed with the value.
struct Shelf(PathBuf);

impl Shelf {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("tenantry-backup-{}", Uuid::new_v4().simple()));
        fs::create_dir(&path).expect("the temporary directory can be written to");
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    /// What lies there, hidden or not.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("it is there").flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn on(database: &Database, arguments: &[&str]) -> Outcome {
    tenantry(&[&["--database-url", &database.url()], arguments].concat())
}

/// Runs a command that succeeds, and gives its answer.
fn does(database: &Database, arguments: &[&str]) -> Value {
    let done = on(database, &[&["--format", "json"], arguments].concat());
    assert_eq!(done.code, Some(0), "{arguments:?}: {}", done.err);
    serde_json::from_str(&done.out).expect("JSON")
}

async fn with_rows() -> Database {
    let database = Database::migrated().await;
    database
        .connect()
        .await
        .batch_execute(
            "CREATE TABLE public.site_notes (id int PRIMARY KEY, \"the row\" text);
             INSERT INTO public.site_notes SELECT n, 'note ' || n FROM generate_series(1, 500) n;
             INSERT INTO clients_enhanced (name, email) SELECT 'Client ' || n, n || '@shop.example' FROM generate_series(1, 50) n;",
        )
        .await
        .expect("rows");
    database
}

async fn databases_like(database: &Database, pattern: &str) -> Vec<String> {
    let sql = "SELECT datname::text FROM pg_database WHERE datname LIKE $1 ORDER BY 1";
    let rows = database.connect().await.query(sql, &[&pattern]).await.expect("the catalog");
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn a_backup_is_proved_by_restoring_it() {
    let (database, shelf) = (with_rows().await, Shelf::new());
    let taken = does(&database, &["backup", "--prove", &shelf.path("one")]);
    assert_eq!(taken["proved"], true);
    assert_eq!(
        (taken["manifest"]["secrets"].as_str(), &taken["manifest"]["key_ids"]),
        (Some("no secrets"), &serde_json::json!([]))
    );
    let tables = taken["manifest"]["tables"].as_array().expect("a list");
    let rows = |name: &str| tables.iter().find(|table| table["name"] == name).map(|table| table["rows"].clone());
    assert_eq!(rows("site_notes"), Some(500.into()), "the site's tables are in it");
    assert_eq!(rows("clients_enhanced"), Some(50.into()));
    assert_eq!(
        databases_like(&database, &format!("{}%", database.name)).await,
        [database.name.as_str()],
        "the proof is gone"
    );
    assert_eq!(shelf.names(), ["one"]);
    let logged = "SELECT count(*) FROM audit_log WHERE action = 'backup' AND actor LIKE 'operator:%'";
    let logged: i64 = database.connect().await.query_one(logged, &[]).await.expect("the log").get(0);
    assert_eq!(logged, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_and_dump_are_of_one_moment_while_others_write() {
    let (database, shelf) = (with_rows().await, Shelf::new());
    let writer = database.connect().await;
    let written = tokio::spawn(async move {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_mins(1) {
            let insert = "INSERT INTO clients_enhanced (name, email) SELECT 'w', gen_random_uuid() || '@shop.example'";
            writer.batch_execute(insert).await.expect("a write");
        }
    });
    let taken = tokio::task::block_in_place(|| does(&database, &["backup", "--prove", &shelf.path("one")]));
    assert!(!written.is_finished(), "the writer wrote all along");
    written.abort();
    assert_eq!(taken["proved"], true);
}

#[tokio::test]
async fn a_backup_comes_back_whole_and_never_over_something() {
    let (database, shelf) = (with_rows().await, Shelf::new());
    does(&database, &["backup", &shelf.path("one")]);
    let refused = on(&database, &["restore", &shelf.path("one")]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("isn't empty") && refused.err.contains("--into"), "{}", refused.err);

    let new = Database::empty().await;
    let restored = does(&database, &["restore", &shelf.path("one"), "--into", &new.name]);
    assert_eq!(restored["database"], new.name.as_str());
    let verified = on(&new, &["migrate", "verify"]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
    let clients: i64 =
        new.connect().await.query_one("SELECT count(*) FROM clients_enhanced", &[]).await.expect("rows").get(0);
    assert_eq!(clients, 50);
    let again = on(&new, &["migrate", "up", "--format", "json"]);
    assert_eq!(again.code, Some(0), "{}", again.err);

    let odd = format!("{} host='x", new.name);
    assert_eq!(does(&database, &["restore", &shelf.path("one"), "--into", &odd])["database"], odd.as_str());
    database.connect().await.batch_execute(&format!("DROP DATABASE \"{odd}\"")).await.expect("it was made");
}

#[tokio::test]
async fn a_backup_comes_back_into_a_new_data_directory() {
    let (database, shelf, installation) = (with_rows().await, Shelf::new(), Installation::new());
    does(&database, &["backup", &shelf.path("one")]);
    // The name that a cluster of our own gives its database.
    let restored = installation.tenantry(&["restore", &shelf.path("one"), "--into", "tenantry"]);
    assert_eq!(restored.code, Some(0), "{}", restored.err);
    assert!(installation.is_left(), "nothing is left running");
    let up = installation.up(&[]);
    assert_eq!(up.answer["migrations_applied"], serde_json::json!([]));
    let people = installation.tenantry(&["psql", "--command", "SELECT count(*) FROM clients_enhanced", "--", "-At"]);
    assert_eq!(people.out.trim(), "50", "{}", people.err);
}

#[tokio::test]
async fn a_damaged_or_unfinished_backup_is_refused_before_anything_is_made() {
    let (database, shelf) = (with_rows().await, Shelf::new());
    does(&database, &["backup", &shelf.path("one")]);
    let dump = shelf.0.join("one/dump");
    let largest =
        fs::read_dir(&dump).expect("a dump").flatten().max_by_key(|entry| entry.metadata().map_or(0, |m| m.len()));
    let path = largest.expect("a file").path();
    let mut bytes = fs::read(&path).expect("the file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, &bytes).expect("the file");
    let into = format!("{}_new", database.name);
    let refused = on(&database, &["restore", &shelf.path("one"), "--into", &into]);
    assert_eq!(refused.code, Some(1));
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(refused.err.contains(&name) && refused.err.contains("checksum"), "{}", refused.err);

    fs::remove_file(shelf.0.join("one/manifest.json")).expect("the manifest");
    let refused = on(&database, &["restore", &shelf.path("one"), "--into", &into]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("never finished"), "{}", refused.err);
    assert_eq!(databases_like(&database, &format!("{into}%")).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_restore_that_is_killed_is_never_taken_for_a_database() {
    let (database, shelf) = (with_rows().await, Shelf::new());
    does(&database, &["backup", &shelf.path("one")]);
    let into = format!("{}_new", database.name);
    let child = program()
        .args(["--database-url", &database.url(), "restore", &shelf.path("one"), "--into", &into])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program is built");
    let begun = Instant::now();
    while databases_like(&database, &format!("{into}%")).await.is_empty() && begun.elapsed() < Duration::from_mins(1) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    send(i32::try_from(child.id()).expect("small"), Signal::KILL);
    let ended = child.wait_with_output().expect("it was started");
    assert_eq!(ended.status.code(), None, "it was killed on the way");
    assert_eq!(databases_like(&database, &into).await, Vec::<String>::new(), "nothing has the name");

    let again = on(&database, &["restore", &shelf.path("one"), "--into", &into]);
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert_eq!(databases_like(&database, &format!("{into}%")).await, [into.as_str()], "what was left is gone");
    database.connect().await.batch_execute(&format!("DROP DATABASE {into} WITH (FORCE)")).await.expect("dropped");
}

#[tokio::test]
async fn a_backup_is_never_written_over_something() {
    let (database, shelf) = (Database::empty().await, Shelf::new());
    fs::create_dir(shelf.0.join("one")).expect("a directory");
    fs::write(shelf.0.join("one/diary.txt"), "mine").expect("a file");
    let refused = on(&database, &["backup", &shelf.path("one")]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.err.contains("is not empty"), "{}", refused.err);
    assert_eq!(shelf.names(), ["one"]);
}

#[tokio::test]
async fn a_full_disk_leaves_nothing_that_looks_like_a_backup() {
    let (database, shelf) = (with_rows().await, Shelf::new());
    // Rows that don't compress to nothing.
    let rows = "INSERT INTO site_notes SELECT n, sha512(n::text::bytea)::text FROM generate_series(1000, 21000) n";
    database.connect().await.batch_execute(rows).await.expect("rows");
    let refused = on_small_disk(&shelf.0, &["--database-url", &database.url(), "backup", &shelf.path("one")]);
    assert_eq!(refused.code, Some(1), "{}", refused.err);
    assert!(refused.err.contains("is full") && refused.err.contains("mend: make room"), "{}", refused.err);
    assert!(refused.out.contains("left: []"), "nothing was left: {}", refused.out);
}

/// Runs the program where a directory is a disk of 512 KiB, and lists the directory afterwards.
///
/// The disk is a tmpfs in a mount namespace of its own; where this machine lets nobody make one, files may not grow.
fn on_small_disk(directory: &Path, arguments: &[&str]) -> Outcome {
    let run = "\"$@\"; code=$?; printf 'left: [%s]\\n' \"$(ls -A \"$DIRECTORY\")\"; exit $code";
    let mounted = format!("mount -t tmpfs -o size=512k tmpfs \"$DIRECTORY\" && {{ {run}; }}");
    let limited = format!("trap '' XFSZ; ulimit -f 128; {run}");
    let user: &[&str] = if rustix::process::geteuid().is_root() { &[] } else { &["--user", "--map-root-user"] };
    let can_mount = Command::new("unshare")
        .args(user)
        .args(["--mount", "sh", "-c", "mount -t tmpfs tmpfs \"$DIRECTORY\""])
        .env("DIRECTORY", directory)
        .output()
        .is_ok_and(|tried| tried.status.success());
    let mut command = if can_mount {
        let mut command = Command::new("unshare");
        command.args(user).args(["--mount", "sh", "-c", &mounted, "sh"]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", &limited, "sh"]);
        command
    };
    command.arg(program().get_program()).args(arguments).env("DIRECTORY", directory);
    for name in ["DATABASE_URL", "DATABASE_ADMIN_URL"] {
        command.env_remove(name);
    }
    Outcome::from(command.output().expect("a shell"))
}

/// A database with a table of the site's that row level security holds for its owner too.
async fn walled() -> (Database, String) {
    let database = Database::empty().await;
    let role = format!("r_{}", Uuid::new_v4().simple());
    let admin = database.connect().await;
    admin
        .batch_execute(&format!(
            "CREATE ROLE {role} LOGIN; GRANT CREATE ON SCHEMA public TO {role};
             SET ROLE {role}; CREATE TABLE public.walled (id int);
             ALTER TABLE public.walled ENABLE ROW LEVEL SECURITY; ALTER TABLE public.walled FORCE ROW LEVEL SECURITY;
             CREATE POLICY everything ON public.walled TO {role} USING (true);
             INSERT INTO public.walled VALUES (1), (2), (3);"
        ))
        .await
        .expect("a table");
    let url = database.url().replace("postgres@", &format!("{role}@"));
    (database, url)
}

#[tokio::test]
async fn without_the_right_to_bypass_it_row_level_security_is_proved_to_show_everything() {
    let ((database, url), shelf) = (walled().await, Shelf::new());
    let taken = tenantry(&["--database-url", &url, "--format", "json", "backup", &shelf.path("one")]);
    assert_eq!(taken.code, Some(0), "{}", taken.err);
    let taken: Value = serde_json::from_str(&taken.out).expect("JSON");
    assert_eq!(taken["manifest"]["tables"][0]["rows"], 3);
    let restored = Database::empty().await;
    does(&database, &["restore", &shelf.path("one"), "--into", &restored.name]);
    let rows: i64 = restored.connect().await.query_one("SELECT count(*) FROM walled", &[]).await.expect("rows").get(0);
    assert_eq!(rows, 3);
}

#[tokio::test]
async fn a_backup_that_would_be_quietly_empty_is_refused() {
    for change in [
        "DROP POLICY everything ON public.walled",
        "ALTER POLICY everything ON public.walled USING (id > 1)",
        "CREATE POLICY less ON public.walled AS RESTRICTIVE USING (id > 1)",
        "ALTER POLICY everything ON public.walled TO pg_monitor",
        "ALTER TABLE public.walled OWNER TO postgres",
    ] {
        let ((database, url), shelf) = (walled().await, Shelf::new());
        database.connect().await.batch_execute(change).await.expect(change);
        let refused = tenantry(&["--database-url", &url, "backup", &shelf.path("one")]);
        assert_eq!(refused.code, Some(1), "{change}");
        assert!(
            refused.err.contains("public.walled") && refused.err.contains("tenantry_backup"),
            "{change}: {}",
            refused.err
        );
        assert_eq!(shelf.names(), Vec::<String>::new(), "{change}");
    }
}

#[tokio::test]
async fn an_interrupted_backup_leaves_nothing() {
    let (database, shelf) = (with_rows().await, Shelf::new());
    let mut slow = database.connect().await;
    // The dump waits for this lock.
    let locked = slow.transaction().await.expect("a transaction");
    locked.batch_execute("LOCK TABLE site_notes IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    let child = program()
        .args(["--database-url", &database.url(), "backup", &shelf.path("one")])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program is built");
    let begun = Instant::now();
    while shelf.names().is_empty() && begun.elapsed() < Duration::from_mins(1) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    send(i32::try_from(child.id()).expect("small"), Signal::INT);
    let ended = Outcome::from(child.wait_with_output().expect("it was started"));
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert!(ended.err.contains("SIGINT"), "{}", ended.err);
    assert_eq!(shelf.names(), Vec::<String>::new());
}
