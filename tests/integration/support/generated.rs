use std::path::Path;

/// Compares a generated file with the one in the repository; with `TENANTRY_UPDATE=1` (as `make generate` sets) writes it.
pub fn assert_current(file: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("TENANTRY_UPDATE").is_some() {
        std::fs::write(&path, generated).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return;
    }
    let current = std::fs::read_to_string(&path).unwrap_or_default();
    let differing = current.lines().zip(generated.lines()).position(|(is, should_be)| is != should_be);
    assert!(
        current == generated,
        "{file} isn't current (first difference in line {}): run `make generate` and commit it",
        differing.unwrap_or_else(|| current.lines().count().min(generated.lines().count())) + 1
    );
}
