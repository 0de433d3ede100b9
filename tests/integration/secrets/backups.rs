//! A backup holds ciphertexts, says which keys it needs, and holds none of them.

use std::fs;
use std::path::Path;

use super::world::{ACME, OTHER, World, billing};

/// Every file beneath a folder, in one.
fn everything(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => all.extend(everything(&path)),
            path => all.extend(fs::read(path).expect("a file")),
        }
    }
    all
}

#[tokio::test]
async fn a_backup_restored_without_its_key_says_which_one_it_needs() {
    let mut world = World::new().await;
    let none = world.tenantry(&["migrate", "verify"]);
    assert!(none.out.contains("no secrets"), "{}{}", none.out, none.err);
    world.seal(&billing(ACME, "tax_id"), "marker-in-the-clear").await;
    world.seal(&billing(OTHER, "tax_id"), "marker-in-the-clear").await;
    let verified = world.tenantry(&["migrate", "verify"]);
    assert!(verified.out.contains("2 secrets, which all open"), "{}{}", verified.out, verified.err);

    let key = world.key_lines().remove(0);
    let id = envelope::Key::parse(&key).expect("a key").id().to_string();
    let shelf = format!("{}/backup", world.data_dir());
    let taken = world.does(&["backup", &shelf]);
    assert_eq!(taken["manifest"]["key_ids"], serde_json::json!([id]));
    assert_eq!(taken["manifest"]["secrets"], format!("2 secrets, which need {id}"));
    let all = everything(Path::new(&shelf));
    for hidden in ["marker-in-the-clear", &key[8..]] {
        assert!(!all.windows(hidden.len()).any(|window| window == hidden.as_bytes()), "{hidden}");
    }

    let target = format!("{}_restored", world.database.name);
    let with_key = world.does(&["restore", &shelf, "--into", &target]);
    assert_eq!((&with_key["key_ids"], &with_key["keys_missing"]), (&serde_json::json!([id]), &serde_json::json!([])));
    drop_database(&world, &target).await;

    fs::remove_file(world.file()).expect("it is ours");
    let without = world.tenantry(&["restore", &shelf, "--into", &target]);
    assert_eq!(without.code, Some(0), "{}", without.err);
    assert!(without.out.contains(&format!("need the encryption key {id}")), "{}", without.out);
    let url = world.database.url().replace(&world.database.name, &target);
    let started = crate::support::program::tenantry(&[
        "--database-url",
        &url,
        "--data-dir",
        &world.data_dir(),
        "serve",
        "--listen",
        "127.0.0.1:0",
    ]);
    assert_eq!(started.code, Some(1), "{}", started.out);
    assert!(started.err.contains(&id), "{}", started.err);
    drop_database(&world, &target).await;
}

async fn drop_database(world: &World, name: &str) {
    world.admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.expect("it is there");
}
