use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use uuid::Uuid;

use super::cluster::send;
use super::program::{Outcome, program, tenantry};

/// A data directory of the test's own; whatever still runs in it is ended and the directory removed with the value.
pub struct Installation {
    root: PathBuf,
}

impl Installation {
    /// An empty place; the data directory in it is not made yet.
    pub fn new() -> Self {
        Self::at(&std::env::temp_dir().join(format!("tenantry-up-{}", Uuid::new_v4().simple())))
    }

    /// One at a path.
    pub fn at(root: &Path) -> Self {
        fs::create_dir_all(root).expect("the temporary directory can be written to");
        // Where the test runs as root, PostgreSQL's user has to pass.
        fs::set_permissions(root, fs::Permissions::from_mode(0o755)).expect("it is ours");
        Self { root: root.to_owned() }
    }

    /// The data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.root.join("data")
    }

    /// Runs a command on it to its end.
    pub fn tenantry(&self, arguments: &[&str]) -> Outcome {
        let data_dir = self.data_dir();
        let mut all = vec!["--data-dir", data_dir.to_str().expect("the path is UTF-8")];
        all.extend(arguments);
        tenantry(&all)
    }

    /// Starts `tenantry up` on it and comes back when it is ready.
    pub fn up(&self, arguments: &[&str]) -> Up {
        Up::start(&self.data_dir(), arguments).unwrap_or_else(|outcome| panic!("not up: {}", outcome.err))
    }

    /// The pid of the server that says it runs in the data directory.
    pub fn postmaster(&self) -> Option<i32> {
        let written = fs::read_to_string(self.data_dir().join("postgresql/postmaster.pid")).ok()?;
        written.lines().next()?.trim().parse().ok()
    }

    /// Whether any process works in PostgreSQL's data directory.
    pub fn is_worked_in(&self) -> bool {
        let place = self.data_dir().join("postgresql");
        fs::read_dir("/proc")
            .expect("Linux")
            .flatten()
            .any(|entry| fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd == place))
    }

    /// Whether nobody works there any more: a postmaster removes its files a moment before it is gone.
    pub fn is_left(&self) -> bool {
        let begun = Instant::now();
        while self.is_worked_in() && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(50));
        }
        !self.is_worked_in()
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        if self.is_worked_in()
            && let Some(pid) = self.postmaster()
        {
            send(pid, Signal::QUIT);
            self.is_left();
        }
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// A `tenantry up` that is ready.
pub struct Up {
    child: Child,
    /// What it answered.
    pub answer: serde_json::Value,
}

impl Up {
    /// Starts it; an outcome where it ended instead of becoming ready.
    pub fn start(data_dir: &Path, arguments: &[&str]) -> Result<Self, Outcome> {
        let mut child = program()
            .args(["up", "--format", "json", "--data-dir"])
            .arg(data_dir)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program is built");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut text = String::new();
        // The answer ends with a closing brace in the first column.
        while out.read_line(&mut text).is_ok_and(|read| read > 0) {
            if text.ends_with("\n}\n") {
                let answer = serde_json::from_str(&text).expect("the answer is JSON");
                // Nobody reads its log, and a full pipe would stop it.
                let mut log = child.stderr.take().expect("a pipe");
                std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
                return Ok(Self { child, answer });
            }
        }
        let mut err = String::new();
        let _ = child.stderr.take().expect("a pipe").read_to_string(&mut err);
        let code = child.wait().expect("it was started").code();
        Err(Outcome { code, out: text, err })
    }

    /// Its pid.
    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).expect("pids are small")
    }

    /// Sends it a signal and waits for its end.
    pub fn end(mut self, signal: Signal) -> Option<i32> {
        send(self.pid(), signal);
        self.child.wait().expect("it was started").code()
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            send(self.pid(), Signal::TERM);
            let _ = self.child.wait();
        }
    }
}

/// Runs a line that a person would paste into a shell.
pub fn shell(line: &str) -> Outcome {
    let output = Command::new("sh").args(["-c", line]).stdin(Stdio::null()).output().expect("a shell");
    Outcome::from(output)
}
