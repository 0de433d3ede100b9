//! Rotation: stopped between any two of its steps everything opens, and the next one goes on.

use std::collections::HashMap;

use envelope::Owner;
use serde_json::Value;
use tenantry::db::caller::Caller;
use tenantry::db::tx::Tx;
use tenantry::secrets::rotate::{self, Begun, Step, What};
use uuid::Uuid;

use super::world::{ACME, OTHER, World, billing, value_at};

/// Some secrets of two clients and of global rows; what each one holds.
async fn furnish(world: &mut World) -> HashMap<Uuid, Value> {
    let mut values = HashMap::new();
    for number in 0..5 {
        for (client, place) in [
            (Some(ACME), billing(ACME, "tax_id")),
            (Some(OTHER), billing(OTHER, "vat_number")),
            (None, value_at(None, &format!("/mail/{number}"))),
        ] {
            let value = format!("{client:?} {number}");
            values.insert(world.seal(&place, &value).await.id, Value::String(value));
        }
    }
    values
}

/// Whether every secret opens for a process that has just begun.
async fn all_open(world: &mut World, values: &HashMap<Uuid, Value>) -> Result<(), String> {
    for client in [ACME, OTHER] {
        let rows = world
            .admin
            .query("SELECT id FROM tenantry.secrets WHERE client_id = $1 OR client_id IS NULL", &[&client])
            .await;
        let ids: Vec<Uuid> = rows.expect("ids").iter().map(|row| row.get(0)).collect();
        for (id, value) in world.open(Some(client), &ids).await? {
            assert_eq!(value, values[&id]);
        }
    }
    Ok(())
}

/// Begins a rotation and does so many steps, each by a process of its own; whether that was all of it.
async fn rotate(world: &mut World, what: What, steps: usize) -> (Begun, bool) {
    let keys = world.fresh_keys();
    let tx = Tx::begin(&mut world.admin, &Caller::operator(), "test").await.expect("a transaction");
    let begun = rotate::begin(&tx, &keys, what).await.expect("it begins");
    tx.commit().await.expect("it is kept");
    for _ in 0..steps {
        let keys = world.fresh_keys();
        let tx = Tx::begin(&mut world.admin, &Caller::operator(), "test").await.expect("a transaction");
        let step = rotate::step(&tx, &keys, what, 2).await.expect("a step");
        tx.commit().await.expect("it is kept");
        if step == Step::Done {
            return (begun, true);
        }
    }
    (begun, false)
}

#[tokio::test]
async fn a_rotation_of_wrapping_may_stop_anywhere() {
    let mut world = World::new().await;
    let values = furnish(&mut world).await;
    for steps in 0.. {
        let former = world.key_lines();
        let (begun, is_over) = rotate(&mut world, What::Wrapping, steps).await;
        assert_eq!(begun, Begun::New);
        assert_eq!(world.key_lines()[1..], former, "the new key comes before the others");
        all_open(&mut world, &values).await.expect("with both keys everything opens");
        if is_over {
            assert!(steps >= 3, "three data keys, two a step, and the end: {steps}");
            break;
        }
        let (resumed, is_over) = rotate(&mut world, What::Wrapping, 10).await;
        assert_eq!((resumed, is_over), (Begun::Resumed, true), "after {steps} steps");
        assert_eq!(world.key_lines().len(), former.len() + 1, "no further key was made");
        all_open(&mut world, &values).await.expect("everything opens");
    }
}

#[tokio::test]
async fn a_rotation_that_was_rolled_back_after_the_new_key_was_written_goes_on_with_it() {
    let mut world = World::new().await;
    let values = furnish(&mut world).await;
    let keys = world.fresh_keys();
    let tx = world.tx().await;
    rotate::begin(&tx, &keys, What::Wrapping).await.expect("it begins");
    drop(tx);
    assert_eq!(world.key_lines().len(), 2, "the file has the new key");
    all_open(&mut world, &values).await.expect("nothing is under it yet");
    assert_eq!(rotate(&mut world, What::Wrapping, 10).await, (Begun::Resumed, true));
    assert_eq!(world.key_lines().len(), 2);
    all_open(&mut world, &values).await.expect("everything opens");
}

#[tokio::test]
async fn after_a_rotation_the_old_key_opens_nothing_and_the_new_one_all() {
    let mut world = World::new().await;
    let values = furnish(&mut world).await;
    let rotated = world.does(&["keys", "rotate"]);
    assert_eq!((rotated["begun"].as_str(), rotated["moved"].as_u64()), (Some("new"), Some(3)));
    let lines = world.key_lines();
    let [new, old] = lines.as_slice() else { panic!("two keys: {}", lines.len()) };
    world.put_keys(&[new]);
    all_open(&mut world, &values).await.expect("with the old key removed everything opens");
    assert_eq!(world.tenantry(&["keys", "verify"]).code, Some(0));
    world.put_keys(&[old]);
    for id in values.keys() {
        for client in [Some(ACME), Some(OTHER)] {
            assert!(world.open(client, &[*id]).await.is_err(), "with the new key removed nothing opens");
        }
    }
    let verified = world.tenantry(&["keys", "verify"]);
    assert_eq!(verified.code, Some(1), "{}", verified.out);
    let named = envelope::Key::parse(new).expect("a key").id().to_string();
    assert!(verified.out.contains(&named), "{}", verified.out);
}

#[tokio::test]
async fn a_rotation_of_a_clients_key_may_stop_anywhere_and_touches_nobody_else() {
    let mut world = World::new().await;
    let values = furnish(&mut world).await;
    let under = "SELECT id, data_key_id, fingerprint::text, ciphertext FROM tenantry.secrets ORDER BY id";
    for (owner, client) in [(Owner::Client(ACME), Some(ACME)), (Owner::Global, None)] {
        for steps in 0.. {
            let before = world.admin.query(under, &[]).await.expect("rows");
            let (begun, is_over) = rotate(&mut world, What::DataKey(owner), steps).await;
            assert_eq!(begun, Begun::New);
            all_open(&mut world, &values).await.expect("everything opens");
            if is_over {
                assert_eq!(steps, 4, "five secrets, two a step, and the end");
                break;
            }
            assert_eq!(rotate(&mut world, What::DataKey(owner), 10).await, (Begun::Resumed, true));
            all_open(&mut world, &values).await.expect("everything opens");
            let after = world.admin.query(under, &[]).await.expect("rows");
            for (before, after) in before.iter().zip(&after) {
                let is_theirs = world
                    .admin
                    .query_one(
                        "SELECT client_id IS NOT DISTINCT FROM $2 FROM tenantry.secrets WHERE id = $1",
                        &[&before.get::<_, Uuid>(0), &client],
                    )
                    .await;
                let moved = before.get::<_, Uuid>(1) != after.get::<_, Uuid>(1)
                    && before.get::<_, Vec<u8>>(3) != after.get::<_, Vec<u8>>(3);
                assert_eq!(moved, is_theirs.expect("a secret").get::<_, bool>(0));
                assert_eq!(before.get::<_, String>(2), after.get::<_, String>(2), "masks keep their fingerprints");
            }
        }
    }
    let keys =
        world.admin.query_one("SELECT count(*), count(retired_at) FROM tenantry.data_keys", &[]).await.expect("keys");
    assert_eq!((keys.get::<_, i64>(0), keys.get::<_, i64>(1)), (3, 0), "retired keys are gone");
    assert_eq!(world.tenantry(&["keys", "verify"]).out.trim(), "15 secrets, which all open");
    let nobody = world.does(&["keys", "rotate", "--client", "acme@example.com"]);
    assert_eq!(nobody["moved"], 5);
}

#[tokio::test]
async fn whoever_seals_under_the_old_key_meanwhile_is_waited_for() {
    let mut world = World::new().await;
    let mut values = furnish(&mut world).await;
    let mut other = world.admin.again().await.expect("a connection");
    let late = Tx::begin(&mut other, &Caller::operator(), "test").await.expect("a transaction");
    let secret = tenantry::secrets::seal(&late, &world.keys, &billing(ACME, "tax_id"), super::world::plain("late"))
        .await
        .expect("sealed");
    values.insert(secret.id, Value::String("late".to_owned()));
    let what = What::DataKey(Owner::Client(ACME));
    assert_eq!(rotate(&mut world, what, 3).await, (Begun::New, false));
    let rotating = rotate(&mut world, what, 10);
    let ended = async { late.commit().await.expect("it is kept") };
    let (rotated, ()) = tokio::join!(rotating, ended);
    assert_eq!(rotated, (Begun::Resumed, true));
    all_open(&mut world, &values).await.expect("everything opens, the late one too");
}

#[tokio::test]
async fn keys_in_a_variable_are_the_operators_to_change() {
    let mut world = World::new().await;
    let values = furnish(&mut world).await;
    let old = world.key_lines().remove(0);
    let refused = world.tenantry_with(&old, &["keys", "rotate"]);
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    assert!(refused.err.contains("before the others"), "{}", refused.err);
    let new = world.tenantry(&["keys", "generate"]).out.trim().to_owned();
    let done = world.tenantry_with(&format!("{new} {old}"), &["keys", "rotate"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    world.put_keys(&[&new]);
    all_open(&mut world, &values).await.expect("with the new key alone everything opens");
}

#[tokio::test]
async fn a_recovery_export_brings_the_keys_back() {
    let mut world = World::new().await;
    let values = furnish(&mut world).await;
    world.does(&["keys", "rotate"]);
    let file = format!("{}/export.txt", world.data_dir());
    let exported = world.does(&["keys", "export-recovery", &file]);
    let passphrase = exported["passphrase"].as_str().expect("one was made").to_owned();
    let text = std::fs::read_to_string(&file).expect("the export");
    let lines = world.key_lines();
    assert!(lines.iter().all(|line| !text.contains(&line[8..20])) && !text.contains(&passphrase));
    std::fs::remove_file(world.file()).expect("it is ours");
    let import = |passphrase: &str| {
        use std::io::Write as _;
        let mut command = crate::support::program::program();
        command.args(["--data-dir", &world.data_dir(), "keys", "import-recovery", &file]);
        command
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let mut child = command.spawn().expect("the program is built");
        child.stdin.take().expect("piped").write_all(passphrase.as_bytes()).expect("it reads");
        crate::support::program::Outcome::from(child.wait_with_output().expect("it ends"))
    };
    let wrong = import("correct horse battery");
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.err.contains("passphrase") && !world.file().exists(), "{}", wrong.err);
    assert_eq!(import(&format!("{passphrase}\n")).code, Some(0));
    assert_eq!(world.key_lines(), lines);
    all_open(&mut world, &values).await.expect("everything opens");
    let logged = world
        .admin
        .query_one("SELECT count(*) FROM audit_log WHERE action IN ('export_keys', 'rotate_keys')", &[])
        .await;
    assert_eq!(logged.expect("a count").get::<_, i64>(0), 2);
}
