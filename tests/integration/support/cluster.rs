use std::path::PathBuf;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tenantry::db::admin::Admin;
use tenantry::db::migrate::{Quiet, UpOptions, up};
use uuid::Uuid;

/// A PostgreSQL of the test's own, which it may stop and start; removed with the value.
pub struct Cluster {
    home: PathBuf,
    port: u16,
}

/// What is acknowledged is in the log. That it is flushed to the disk as well counts only where the machine crashes.
const OPTIONS: &str = "-c fsync=off -c listen_addresses=127.0.0.1 -c max_connections=60 -c shared_buffers=32MB -c max_locks_per_transaction=256";

impl Cluster {
    /// A running cluster with a migrated database, called `postgres`.
    pub async fn migrated() -> Self {
        let cluster = Self::start();
        let mut admin = Admin::connect(&cluster.url("postgres")).await.expect("it runs");
        up(&mut admin, &UpOptions::default(), &mut Quiet).await.expect("a fresh database migrates");
        cluster
    }

    /// A running cluster without anything of Tenantry's, roles neither.
    pub fn start() -> Self {
        let home = std::env::temp_dir().join(format!("tenantry-cluster-{}", Uuid::new_v4().simple()));
        std::fs::create_dir_all(&home).expect("the temporary directory can be written to");
        if rustix::process::geteuid().is_root() {
            assert!(Command::new("chown").arg("postgres").arg(&home).status().is_ok_and(|status| status.success()));
        }
        // The port is one that was free a moment ago.
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("it is bound").port();
        drop(free);
        let cluster = Self { home, port };
        let data = cluster.data();
        run(
            "initdb",
            &[
                "--pgdata",
                &data,
                "--username",
                "postgres",
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--locale",
                "C.UTF-8",
                "--no-sync",
            ],
        );
        cluster.control(&["start"]);
        cluster
    }

    /// A URL of the database for a user.
    pub fn url(&self, user: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends it as a crash would.
    pub fn stop(&self) {
        self.control(&["stop", "--mode", "immediate"]);
    }

    /// Starts it again.
    pub fn go_on(&self) {
        self.control(&["start"]);
    }

    /// Has all of its processes stand still, or go on: they hold their connections and answer nothing.
    pub fn stand(&self, still: bool) {
        let pids = std::fs::read_to_string(self.home.join("data/postmaster.pid")).expect("it runs");
        let first: i32 = pids.lines().next().and_then(|pid| pid.parse().ok()).expect("a pid");
        let parent = |pid: &i32| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse::<i32>().ok()
        };
        let processes = std::fs::read_dir("/proc").expect("processes").flatten();
        let all = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
        for pid in all.filter(|pid| *pid == first || parent(pid) == Some(first)) {
            send(pid, if still { Signal::STOP } else { Signal::CONT });
        }
    }

    fn control(&self, arguments: &[&str]) {
        let (data, log) = (self.data(), self.home.join("log").display().to_string());
        let options = format!("{OPTIONS} -c port={} -c unix_socket_directories={}", self.port, self.home.display());
        let mut all = vec!["--pgdata", &data, "--wait", "--log", &log, "--options", &options];
        all.extend(arguments);
        run("pg_ctl", &all);
    }

    fn data(&self) -> String {
        self.home.join("data").display().to_string()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if !std::thread::panicking() || self.home.join("data/postmaster.pid").exists() {
            let stopped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                self.stand(false);
                self.stop();
            }));
            drop(stopped);
        }
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

/// Sends a signal to one process.
pub fn send(pid: i32, signal: Signal) {
    let _ = kill_process(Pid::from_raw(pid).expect("a pid"), signal);
}

/// Runs one of PostgreSQL's programs, as the user that PostgreSQL runs as.
fn run(name: &str, arguments: &[&str]) {
    let bindir = std::env::var("TENANTRY_TEST_PG_BINDIR").expect("tests/with-postgres says where the programs are");
    let program = format!("{bindir}/{name}");
    let mut command = if rustix::process::geteuid().is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", &program]);
        command
    } else {
        Command::new(&program)
    };
    let status = command.args(arguments).current_dir("/").stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "{name} {arguments:?}");
}
