//! Somebody who can write into the database: ciphertexts that were altered or moved open nothing, and `verify` says so.

use tenantry::db::admin::Admin;

use super::world::{ACME, OTHER, World, billing, value_at};

async fn alter(admin: &Admin, sql: &str) {
    let sql = format!("BEGIN; SET LOCAL session_replication_role = replica; {sql}; COMMIT");
    admin.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}

#[tokio::test]
async fn every_byte_of_a_ciphertext_counts() {
    let mut world = World::new().await;
    let secret = world.seal(&billing(ACME, "tax_id"), "DE123456789").await;
    let length: i32 =
        world.admin.query_one("SELECT octet_length(ciphertext) FROM tenantry.secrets", &[]).await.expect("one").get(0);
    for byte in 0..length {
        let flip = format!(
            "UPDATE tenantry.secrets SET ciphertext = set_byte(ciphertext, {byte}, get_byte(ciphertext, {byte}) # 1)"
        );
        alter(&world.admin, &flip).await;
        let refused = world.open(Some(ACME), &[secret.id]).await.expect_err("it was altered");
        assert!(
            refused.contains(&secret.id.to_string()) && refused.contains("client_billing_info.tax_id"),
            "{refused}"
        );
        alter(&world.admin, &flip).await;
    }
    assert_eq!(world.open(Some(ACME), &[secret.id]).await.expect("it is whole again")[&secret.id], "DE123456789");
}

#[tokio::test]
async fn a_ciphertext_that_was_moved_opens_nowhere() {
    let mut world = World::new().await;
    let tax = world.seal(&billing(ACME, "tax_id"), "DE1").await;
    let vat = world.seal(&billing(ACME, "vat_number"), "DE2").await;
    let theirs = world.seal(&billing(OTHER, "tax_id"), "DE3").await;
    let global = world.seal(&value_at(None, "/mail/password"), "four").await;
    let (tax, vat, theirs, global) = (tax.id, vat.id, theirs.id, global.id);
    for (what, sql, id) in [
        (
            "another row's",
            format!(
                "UPDATE tenantry.secrets t SET ciphertext = s.ciphertext FROM tenantry.secrets s WHERE t.id = '{tax}' AND s.id = '{vat}'"
            ),
            tax,
        ),
        ("another column", format!("UPDATE tenantry.secrets SET column_name = 'vat_number' WHERE id = '{tax}'"), tax),
        (
            "another table",
            format!("UPDATE tenantry.secrets SET table_name = 'client_deployments' WHERE id = '{tax}'"),
            tax,
        ),
        ("another path", format!("UPDATE tenantry.secrets SET path = '/mail/host' WHERE id = '{global}'"), global),
        (
            "another client's with its key",
            format!(
                "UPDATE tenantry.secrets t SET ciphertext = s.ciphertext, data_key_id = s.data_key_id FROM tenantry.secrets s WHERE t.id = '{tax}' AND s.id = '{theirs}'"
            ),
            tax,
        ),
        (
            "another client's under this client's name",
            format!(
                "UPDATE tenantry.secrets SET client_id = '{ACME}' WHERE id = '{theirs}'; UPDATE tenantry.data_keys SET client_id = '{ACME}', retired_at = now() WHERE client_id = '{OTHER}'"
            ),
            theirs,
        ),
        (
            "a global row's for a client",
            format!("UPDATE tenantry.secrets SET client_id = '{ACME}' WHERE id = '{global}'"),
            global,
        ),
        (
            "two that were swapped",
            format!(
                "UPDATE tenantry.secrets t SET ciphertext = s.ciphertext FROM tenantry.secrets s WHERE (t.id, s.id) IN (('{tax}', '{vat}'), ('{vat}', '{tax}'))"
            ),
            vat,
        ),
    ] {
        let before = world.admin.query("SELECT to_jsonb(s) FROM tenantry.secrets s", &[]).await.expect("rows");
        let keys = world.admin.query("SELECT to_jsonb(k) FROM tenantry.data_keys k", &[]).await.expect("rows");
        alter(&world.admin, &sql).await;
        let opened = world.open(Some(ACME), &[id]).await;
        assert!(opened.is_err(), "{what}: {opened:?}");
        let verified = world.tenantry(&["keys", "verify"]);
        assert_eq!(verified.code, Some(1), "{what}: {}", verified.out);
        assert!(verified.out.contains(&id.to_string()), "{what}: {}", verified.out);
        alter(&world.admin, "DELETE FROM tenantry.secrets; DELETE FROM tenantry.data_keys").await;
        for (table, rows) in [("data_keys", keys), ("secrets", before)] {
            for row in rows {
                let content: serde_json::Value = row.get(0);
                let sql = format!(
                    "INSERT INTO tenantry.{table} SELECT * FROM jsonb_populate_record(NULL::tenantry.{table}, '{content}')"
                );
                alter(&world.admin, &sql).await;
            }
        }
    }
    let sentence = world.tenantry(&["keys", "verify"]);
    assert_eq!((sentence.code, sentence.out.trim()), (Some(0), "4 secrets, which all open"), "{}", sentence.err);
}

#[tokio::test]
async fn a_mask_in_the_wrong_clients_row_opens_nothing_and_is_found() {
    let mut world = World::new().await;
    let theirs = world.seal(&billing(OTHER, "tax_id"), "DE3").await;
    let planted =
        format!("INSERT INTO client_billing_info (client_id, tax_id) VALUES ('{ACME}', '{}')", theirs.to_text());
    alter(&world.admin, &planted).await;
    let refused = world.open(Some(ACME), &[theirs.id]).await.expect_err("it is another client's");
    assert!(refused.contains("another client"), "{refused}");
    assert!(world.open(None, &[theirs.id]).await.is_err(), "global documents have no client's secrets");
    for command in [&["keys", "verify"][..], &["migrate", "verify"]] {
        let verified = world.tenantry(command);
        assert_eq!(verified.code, Some(1), "{}", verified.out);
        assert!(verified.out.contains("client_billing_info.tax_id of row"), "{}", verified.out);
    }
}

#[tokio::test]
async fn a_secret_is_never_changed() {
    let mut world = World::new().await;
    let secret = world.seal(&billing(ACME, "tax_id"), "DE1").await;
    for change in [
        "path = '/x'",
        "set_by = 'operator:eve'",
        "fingerprint = md5('')",
        "client_id = NULL",
        "id = gen_random_uuid()",
    ] {
        let sql = format!("UPDATE tenantry.secrets SET {change} WHERE id = '{}'", secret.id);
        let refused = world.admin.batch_execute(&sql).await.expect_err(change);
        assert_eq!(refused.code().map(tokio_postgres::error::SqlState::code), Some("TN422"), "{change}");
    }
}
