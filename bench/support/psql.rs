use std::process::Command;

/// Runs a file of SQL on a database, with variables.
pub fn psql(url: &str, file: &str, variables: &[(&str, String)]) {
    let bindir = std::env::var("TENANTRY_TEST_PG_BINDIR").expect("tests/with-postgres says where the programs are");
    let set = variables.iter().flat_map(|(name, value)| ["--set".to_owned(), format!("{name}={value}")]);
    let status = Command::new(format!("{bindir}/psql"))
        .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"])
        .args(set)
        .args(["--file", &format!("{}/bench/sql/{file}", env!("CARGO_MANIFEST_DIR"))])
        .args(["--dbname", url])
        .status();
    assert!(status.expect("psql runs").success(), "{file}: the rows are Tenantry's");
}
