use std::process::Stdio;

use tokio::process::Command;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// The variable with the keys of secrets: whoever can read the environment of a process of PostgreSQL's must not find them.
pub const ENCRYPTION_KEYS: &str = "TENANTRY_ENCRYPTION_KEYS";

/// The environment that makes one of PostgreSQL's own programs connect as a configuration says.
///
/// The password goes this way too, because a command line can be read by everybody on the machine.
pub fn environment(config: &Config) -> Vec<(&'static str, String)> {
    let mut variables = Vec::new();
    let hosts: Vec<String> = config.get_hosts().iter().map(host).collect();
    if !hosts.is_empty() {
        variables.push(("PGHOST", hosts.join(",")));
    }
    let ports: Vec<String> = config.get_ports().iter().map(u16::to_string).collect();
    if !ports.is_empty() {
        variables.push(("PGPORT", ports.join(",")));
    }
    if let Some(user) = config.get_user() {
        variables.push(("PGUSER", user.to_owned()));
    }
    if let Some(password) = config.get_password() {
        variables.push(("PGPASSWORD", String::from_utf8_lossy(password).into_owned()));
    }
    if let Some(database) = config.get_dbname().or(config.get_user()) {
        variables.push(("PGDATABASE", database.to_owned()));
    }
    if let Some(options) = config.get_options() {
        variables.push(("PGOPTIONS", options.to_owned()));
    }
    let mode = match config.get_ssl_mode() {
        SslMode::Disable => Some("disable"),
        SslMode::Require => Some("require"),
        _ => None,
    };
    variables.extend(mode.map(|mode| ("PGSSLMODE", mode.to_owned())));
    variables.push(("PGAPPNAME", config.get_application_name().unwrap_or("tenantry").to_owned()));
    variables
}

/// A command of PostgreSQL's own programs that connects as a configuration says and nowhere else.
///
/// What the surrounding environment says about connections is cleared. Standard input is closed.
pub fn command(program: &std::path::Path, config: &Config) -> Command {
    let mut command = Command::new(program);
    let others = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with("PG") || ENCRYPTION_KEYS == name;
    for (name, _) in std::env::vars_os().filter(|(name, _)| others(name)) {
        command.env_remove(name);
    }
    command.envs(environment(config)).stdin(Stdio::null()).kill_on_drop(true);
    command
}

fn host(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_in_the_url_reaches_the_program() {
        let config: Config = "postgres://me:s3cret@db.example:6432/agency?sslmode=require".parse().unwrap();
        let variables = environment(&config);
        for expected in [
            ("PGHOST", "db.example"),
            ("PGPORT", "6432"),
            ("PGUSER", "me"),
            ("PGPASSWORD", "s3cret"),
            ("PGDATABASE", "agency"),
            ("PGSSLMODE", "require"),
        ] {
            assert!(variables.contains(&(expected.0, expected.1.to_owned())), "{expected:?} in {variables:?}");
        }
    }
}
