//! The keys that a start needs: made once, then never again without being asked.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use tenantry::db::caller::Caller;
use tenantry::db::tx::Tx;
use tenantry::secrets::source::Source;
use tenantry::secrets::{Keys, start};

use super::world::{ACME, World, billing};

/// Settles the keys as a start does.
async fn starts(world: &mut World) -> Result<(), String> {
    let keys = world.fresh_keys();
    let tx = Tx::begin(&mut world.admin, &Caller::operator(), "start").await.expect("a transaction");
    let settled = start::settle(&tx, &keys).await.map(|_| ()).map_err(|error| error.to_string());
    match settled {
        Ok(()) => tx.commit().await.map_err(|error| error.to_string()),
        Err(_) => {
            drop(tx);
            // Its end is sent before a program is waited for.
            world.admin.batch_execute("").await.expect("the connection lives");
            settled
        }
    }
}

fn id_of(line: &str) -> String {
    envelope::Key::parse(line).expect("a key").id().to_string()
}

#[tokio::test]
async fn the_first_start_makes_a_key_for_its_owner_alone_and_later_ones_keep_it() {
    let mut world = World::new().await;
    starts(&mut world).await.expect("the first start");
    assert_eq!(fs::metadata(world.file()).expect("a file").permissions().mode() & 0o777, 0o400);
    let made = world.key_lines();
    starts(&mut world).await.expect("the second start");
    assert_eq!(world.key_lines(), made);
    let needed =
        world.admin.query_one("SELECT key_id::text FROM tenantry.encryption_keys", &[]).await.expect("one key");
    assert_eq!(needed.get::<_, String>(0), id_of(&made[0]));
}

#[tokio::test]
async fn a_start_without_the_key_is_refused_and_makes_none() {
    let mut world = World::new().await;
    world.seal(&billing(ACME, "tax_id"), "DE1").await;
    let needed = id_of(&world.key_lines()[0]);
    fs::remove_file(world.file()).expect("it is ours");
    let refused = starts(&mut world).await.expect_err("the key is missing");
    assert!(refused.contains(&needed) && refused.contains("mend"), "{refused}");
    assert!(!world.file().exists(), "another key would open nothing");
    for command in [["serve", "--listen", "127.0.0.1:0"], ["up", "--listen", "127.0.0.1:0"]] {
        let refused = world.tenantry(&command);
        assert_eq!(refused.code, Some(1), "{command:?}: {}", refused.out);
        assert!(refused.err.contains(&needed) && refused.err.contains("encryption-keys"), "{}", refused.err);
    }
}

#[tokio::test]
async fn a_start_under_another_key_is_refused_and_names_both() {
    let mut world = World::new().await;
    world.seal(&billing(ACME, "tax_id"), "DE1").await;
    let needed = world.key_lines().remove(0);
    let other = envelope::Key::generate().expect("random");
    world.put_keys(&[other.print().as_str()]);
    let refused = starts(&mut world).await.expect_err("the wrong key");
    assert!(refused.contains(&id_of(&needed)) && refused.contains(other.id().as_str()), "{refused}");
    let served = world.tenantry_with(other.print().as_str(), &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(served.code, Some(1), "{}", served.out);
    assert!(served.err.contains(&id_of(&needed)) && served.err.contains("TENANTRY_ENCRYPTION_KEYS"), "{}", served.err);
    assert!(!served.err.contains(&other.print()[8..]), "no key is ever shown");
    world.put_keys(&[other.print().as_str(), &needed]);
    starts(&mut world).await.expect("all keys are there");
}

#[tokio::test]
async fn a_key_that_isnt_the_one_of_its_name_is_refused() {
    let mut world = World::new().await;
    starts(&mut world).await.expect("the first start");
    world
        .admin
        .batch_execute("UPDATE tenantry.encryption_keys SET check_value = sha256('another')")
        .await
        .expect("a change");
    let refused = starts(&mut world).await.expect_err("the check value differs");
    assert!(refused.contains("check value") && refused.contains(&id_of(&world.key_lines()[0])), "{refused}");
}

#[tokio::test]
async fn a_second_server_that_has_no_key_makes_none_even_before_the_first_secret() {
    let mut world = World::new().await;
    starts(&mut world).await.expect("the first server");
    let elsewhere = std::env::temp_dir().join(format!("tenantry-other-{}", uuid::Uuid::new_v4().simple()));
    let keys = Keys::from(Source::File(elsewhere.join("encryption-keys"))).expect("no keys yet");
    let tx = world.tx().await;
    let refused = start::settle(&tx, &keys).await.err().expect("it can't read what the first one seals");
    assert!(refused.to_string().contains("kek-"), "{refused}");
    assert!(!elsewhere.exists());
}

#[tokio::test]
async fn keys_come_from_one_place() {
    let world = World::new().await;
    let key = envelope::Key::generate().expect("random");
    let file = world.file().display().to_string();
    let twice = world.tenantry_with(key.print().as_str(), &["--encryption-keys-file", &file, "keys", "list"]);
    assert_eq!(twice.code, Some(2), "{}", twice.err);
    assert!(twice.err.contains("twice") && !twice.err.contains(&key.print()[8..]), "{}", twice.err);
    let odd = world.tenantry_with("tnt_kek_hunter22", &["keys", "list"]);
    assert_eq!(odd.code, Some(1));
    assert!(odd.err.contains("line 1") && !odd.err.contains("hunter22"), "{}", odd.err);
}
