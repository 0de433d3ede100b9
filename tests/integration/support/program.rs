use std::process::{Command, Output};

/// What the program printed and how it ended.
pub struct Outcome {
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// The real program, without settings from the environment.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenantry"));
    for name in [
        "DATABASE_URL",
        "DATABASE_ADMIN_URL",
        "TENANTRY_DATA_DIR",
        "TENANTRY_FORMAT",
        "TENANTRY_LISTEN",
        "TENANTRY_ENCRYPTION_KEYS",
        "TENANTRY_ENCRYPTION_KEYS_FILE",
    ] {
        command.env_remove(name);
    }
    command
}

/// Runs the real program to its end.
pub fn tenantry(arguments: &[&str]) -> Outcome {
    Outcome::from(program().args(arguments).output().expect("the program is built"))
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}
