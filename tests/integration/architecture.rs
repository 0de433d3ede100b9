//! The direction in which modules may use each other, and the size of files, as CONTRIBUTING.md promises.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each layer may use itself and the layers after it.
const LAYERS: &[&[&str]] = &[
    &["cli"],
    &["http", "jobs", "types"],
    &["app"],
    &["tables"],
    &["demo"],
    &[
        "members",
        "clients",
        "snapshots",
        "configurations",
        "templates",
        "customizations",
        "deployments",
        "analytics",
        "billing",
        "dashboard",
        "find",
        "system",
        "trail",
    ],
    &["secrets"],
    &["console"],
    &["audit", "auth"],
    &["db"],
    &["settings", "clock", "runs", "files", "tls", "problem", "validator", "error", "Error", "Result"],
];

/// Slices stand beside each other; these edges between them are allowed.
const BETWEEN_SLICES: &[(&str, &str)] = &[
    ("templates", "configurations"),
    ("snapshots", "configurations"),
    ("customizations", "configurations"),
    ("customizations", "templates"),
    ("deployments", "configurations"),
    ("deployments", "templates"),
];

const LONGEST_FILE: usize = 600;

#[test]
fn modules_use_only_what_stands_beneath_them() {
    let mut wrong = Vec::new();
    for file in files("src", "rs") {
        let module = module_of(&file);
        let text = fs::read_to_string(&file).expect("a source file");
        for used in used_modules(&text) {
            if !allowed(&module, &used) {
                wrong.push(format!("{}: {module} uses {used}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "against the direction in docs/ARCHITECTURE.md: {wrong:#?}");
}

#[test]
fn every_module_stands_in_a_layer() {
    let known: BTreeSet<&str> = LAYERS.iter().flat_map(|layer| layer.iter().copied()).collect();
    let unknown: Vec<String> = files("src", "rs")
        .iter()
        .map(|file| module_of(file))
        .filter(|module| !["main", "lib"].contains(&module.as_str()) && !known.contains(module.as_str()))
        .collect();
    assert!(unknown.is_empty(), "give each a place in LAYERS: {unknown:?}");
}

#[test]
fn no_file_is_too_long_to_read() {
    let sources = ["src", "tests", "bench", "migrations"]
        .iter()
        .flat_map(|folder| ["rs", "sql"].iter().flat_map(move |extension| files(folder, extension)));
    let long: Vec<String> = sources
        .map(|file| (fs::read_to_string(&file).expect("a source file").lines().count(), file))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, file)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert!(long.is_empty(), "split them: {long:#?}");
}

#[test]
fn every_migration_says_what_it_is_for_and_can_be_taken_back() {
    for up in files("migrations", "sql").iter().filter(|file| file.to_string_lossy().ends_with(".up.sql")) {
        let down = PathBuf::from(up.to_string_lossy().replace(".up.sql", ".down.sql"));
        for file in [up, &down] {
            let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            assert!(text.starts_with("-- "), "{} opens with its purpose", file.display());
        }
    }
}

fn allowed(module: &str, used: &str) -> bool {
    let place = |name: &str| LAYERS.iter().position(|layer| layer.contains(&name));
    match (module, place(module), place(used)) {
        ("main" | "lib", ..) => true,
        (_, Some(from), Some(to)) if from == to => {
            module == used || from == LAYERS.len() - 1 || BETWEEN_SLICES.contains(&(module, used))
        }
        (_, Some(from), Some(to)) => from < to,
        _ => false,
    }
}

/// The first segments after `crate::`, also within braces.
fn used_modules(text: &str) -> BTreeSet<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut used = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        if let Some(group) = rest.strip_prefix('{') {
            let group = group.split(';').next().unwrap_or_default();
            let mut depth = 0;
            for part in group.split_inclusive(['{', '}', ',']) {
                if depth == 0 {
                    used.insert(name(part.trim_start()));
                }
                depth += part.matches('{').count();
                depth = depth.saturating_sub(part.matches('}').count());
            }
        } else {
            used.insert(name(rest));
        }
    }
    used.remove("");
    used
}

fn module_of(file: &Path) -> String {
    let inside = file.strip_prefix(root().join("src")).expect("a file under src");
    let first = inside.components().next().expect("a path").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
