use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::ops::Deref;
use std::process::{Child, Stdio};
use std::thread::JoinHandle;

use rustix::process::Signal;

use super::cluster::send;
use super::program::program;
use super::server::{Folder, Http};

/// A `tenantry serve` of the real program, on a free port; ended with the value.
pub struct Serving {
    child: Child,
    http: Http,
    log: Option<JoinHandle<String>>,
    /// Removed with the value.
    data_dir: Folder,
}

impl Serving {
    /// Starts one on a database and comes back when it answers.
    pub fn start(database_url: &str, arguments: &[&str]) -> Self {
        Self::logging(database_url, arguments, "warn,tenantry::http=info")
    }

    /// The same, which logs what a filter says.
    pub fn logging(database_url: &str, arguments: &[&str], filter: &str) -> Self {
        let data_dir = Folder::new();
        let mut child = program()
            .args([
                "serve",
                "--format",
                "json",
                "--listen",
                "127.0.0.1:0",
                "--database-url",
                database_url,
                "--data-dir",
            ])
            .arg(&data_dir.0)
            .args(arguments)
            .env("TENANTRY_LOG", filter)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program is built");
        let mut err = child.stderr.take().expect("a pipe");
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            let _ = err.read_to_string(&mut log);
            log
        });
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut text = String::new();
        while !text.ends_with("}\n") {
            let read = out.read_line(&mut text).expect("text");
            assert!(read > 0, "it ended: {}", log.join().unwrap_or_default());
        }
        let answer: serde_json::Value = serde_json::from_str(&text).expect("the answer is JSON");
        let url = answer["url"].as_str().expect("a URL");
        let address: SocketAddr = url.trim_start_matches("http://").parse().expect("an address");
        Self { child, http: Http::at(address), log: Some(log), data_dir }
    }

    /// Its data directory, with its keys.
    pub fn data_dir(&self) -> &std::path::Path {
        &self.data_dir.0
    }

    /// Its pid.
    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).expect("pids are small")
    }

    /// Sends it a signal and waits for its end: its exit code, and what it logged.
    pub fn end(mut self, signal: Signal) -> (Option<i32>, String) {
        send(self.pid(), signal);
        let code = self.child.wait().expect("it was started").code();
        let log = self.log.take().and_then(|log| log.join().ok()).unwrap_or_default();
        (code, log)
    }
}

impl Deref for Serving {
    type Target = Http;

    fn deref(&self) -> &Http {
        &self.http
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            send(self.pid(), Signal::KILL);
            let _ = self.child.wait();
        }
    }
}
