use std::process::Command;
use std::time::Duration;

use super::load::CONNECTIONS;
use crate::support::Database;

/// Transactions a second of a script of `bench/sql/`, as the server's own login.
pub async fn per_second(database: &Database, script: &str, variables: &[(&str, &str)], time: Duration) -> f64 {
    let mut command = program("pgbench");
    command
        .args(["--no-vacuum", "--protocol", "prepared", "--jobs", "2"])
        .args(["--client", &CONNECTIONS.to_string(), "--time", &time.as_secs().to_string()])
        .args(["--file", &format!("{}/bench/sql/{script}", env!("CARGO_MANIFEST_DIR"))]);
    for (name, value) in variables {
        command.args(["--define", &format!("{name}={value}")]);
    }
    command.arg(database.server_url());
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("a thread").expect("pgbench runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let figure = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    figure.unwrap_or_else(|| panic!("no figure in {said}"))
}

/// Milliseconds that the last statements of a script took in `psql`, as its `\timing` says.
pub async fn milliseconds(database: &Database, script: &str, variables: &[(&str, &str)]) -> f64 {
    let mut command = program("psql");
    command.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]);
    command.args(["--file", &format!("{}/bench/sql/{script}", env!("CARGO_MANIFEST_DIR"))]);
    for (name, value) in variables {
        command.args(["--set", &format!("{name}={value}")]);
    }
    command.args(["--dbname", &database.server_url()]);
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("a thread").expect("psql runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let times = said.lines().filter_map(|line| line.strip_prefix("Time: ")?.split(' ').next()?.parse::<f64>().ok());
    times.sum()
}

fn program(name: &str) -> Command {
    let bindir = std::env::var("TENANTRY_TEST_PG_BINDIR").expect("tests/with-postgres says where the programs are");
    Command::new(format!("{bindir}/{name}"))
}
