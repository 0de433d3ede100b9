//! What PostgreSQL itself holds of masks, whoever writes.

use serde_json::{Value, json};
use tenantry::secrets::Mask;
use tokio_postgres::error::SqlState;

use super::world::{ACME, OTHER, World, billing, value_at};

/// Runs a statement that must be refused for its mask, naming the mend and not repeating the mask.
async fn refused(world: &World, sql: &str) {
    for role in ["", "SET LOCAL ROLE tenantry_owner;", "SET LOCAL ROLE tenantry_worker;"] {
        let sql = format!("BEGIN; {role} {sql}; COMMIT");
        let error = world.admin.batch_execute(&sql).await.err().unwrap_or_else(|| panic!("taken: {sql}"));
        world.admin.batch_execute("ROLLBACK").await.expect("an end");
        let error = error.as_db_error().unwrap_or_else(|| panic!("{error:?}"));
        let constraint = error.constraint().unwrap_or_default();
        assert_eq!(
            (error.code(), constraint.ends_with("_mask")),
            (&SqlState::from_code("TN422"), true),
            "{sql}: {error:?}"
        );
        assert!(error.hint().is_some_and(|hint| hint.contains("through the API")), "{error:?}");
    }
}

async fn taken(world: &World, sql: &str) {
    world.admin.batch_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}

fn insert(client: &str, key: &str, value: &Value) -> String {
    format!(
        "INSERT INTO system_configurations (client_id, configuration_key, is_encrypted, configuration_value) VALUES ({client}, '{key}', {}, '{value}')",
        value.get("$secret").is_some()
    )
}

#[tokio::test]
async fn a_mask_stands_where_its_secret_belongs_and_nowhere_else() {
    let mut world = World::new().await;
    let (acme, other) = (format!("'{ACME}'"), format!("'{OTHER}'"));
    let whole = world.seal(&value_at(Some(ACME), "/mail/password"), "one").await.to_value();
    for sql in [
        insert(&other, "mail.password", &whole),
        insert("NULL", "mail.password", &whole),
        insert(&acme, "mail.host", &whole),
        insert(&acme, "mail", &json!({ "host": whole })),
        insert(&acme, "mail", &json!({ "password": [whole] })),
        format!(
            "INSERT INTO client_customizations (client_id, template_id, customization_config) VALUES ({acme}, 't', '{}')",
            json!({ "mail": { "password": whole } })
        ),
        format!(
            "INSERT INTO client_billing_info (client_id, tax_id) VALUES ({acme}, 'secret:{}:{}')",
            whole["$secret"]["id"].as_str().expect("an id"),
            whole["$secret"]["fingerprint"].as_str().expect("one")
        ),
    ] {
        refused(&world, &sql).await;
    }
    taken(&world, &insert(&acme, "mail.password", &whole)).await;
    // The same place by another row: a key's value and the document of a shorter key are one place.
    taken(&world, &insert(&acme, "mail", &json!({ "password": whole }))).await;
    taken(&world, "UPDATE system_configurations SET description = 'x'").await;
    refused(
        &world,
        "UPDATE system_configurations SET configuration_key = 'mail.host' WHERE configuration_key = 'mail.password'",
    )
    .await;
}

#[tokio::test]
async fn a_mask_that_was_altered_or_made_up_is_refused() {
    let mut world = World::new().await;
    let acme = format!("'{ACME}'");
    let mask = world.seal(&value_at(Some(ACME), "/mail/password"), "one").await;
    let altered = |change: &dyn Fn(&mut Mask)| {
        let mut mask = mask.clone();
        change(&mut mask);
        mask.to_value()
    };
    for value in [
        altered(&|mask| mask.id = uuid::Uuid::from_u128(1)),
        altered(&|mask| mask.fingerprint = "0".repeat(32)),
        altered(&|mask| mask.set_at = "1970-01-01T00:00:00.000000Z".to_owned()),
        altered(&|mask| mask.set_by = Some("operator:eve".to_owned())),
        json!({ "$secret": "plain" }),
        json!({ "$secret": { "value": "plain" } }),
        json!({ "$secret": mask.to_value()["$secret"], "more": 1 }),
    ] {
        refused(&world, &insert(&acme, "mail.password", &value)).await;
    }
    taken(&world, &insert(&acme, "mail.password", &mask.to_value())).await;
}

#[tokio::test]
async fn two_secrets_of_one_row_cant_be_swapped() {
    let mut world = World::new().await;
    let tax = world.seal(&billing(ACME, "tax_id"), "DE1").await.to_text();
    let vat = world.seal(&billing(ACME, "vat_number"), "DE2").await.to_text();
    taken(
        &world,
        &format!("INSERT INTO client_billing_info (client_id, tax_id, vat_number) VALUES ('{ACME}', '{tax}', '{vat}')"),
    )
    .await;
    refused(&world, "UPDATE client_billing_info SET tax_id = vat_number, vat_number = tax_id").await;
    taken(&world, "UPDATE client_billing_info SET billing_email = 'a@example.com', tax_id = tax_id").await;
    taken(&world, "UPDATE client_billing_info SET vat_number = NULL").await;
    taken(&world, &format!("UPDATE client_billing_info SET vat_number = '{vat}'")).await;
}

#[tokio::test]
async fn is_encrypted_says_that_a_mask_stands_there() {
    let world = World::new().await;
    let sql = "INSERT INTO system_configurations (configuration_key, is_encrypted, configuration_value) VALUES ('a', true, '\"plain\"')";
    for role in ["tenantry_owner", "tenantry_worker"] {
        let sql = format!("BEGIN; SET LOCAL ROLE {role}; {sql}; COMMIT");
        let error = world.admin.batch_execute(&sql).await.expect_err("a plain value");
        world.admin.batch_execute("ROLLBACK").await.expect("an end");
        let constraint = error.as_db_error().and_then(|error| error.constraint()).unwrap_or_default().to_owned();
        assert!(
            ["system_configurations_is_encrypted_check", "system_configurations_plain_secret"]
                .contains(&constraint.as_str()),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn what_is_in_force_holds_the_masks_of_what_was_put_into_force() {
    let mut world = World::new().await;
    let place = tenantry::secrets::Place {
        client_id: Some(ACME),
        table: "deployment_configurations".to_owned(),
        column: "application_config".to_owned(),
        path: "/key".to_owned(),
    };
    let mask = world.seal(&place, "one").await.to_value();
    let insert = |config: &Value, applied: &Value| {
        format!("INSERT INTO deployment_configurations (client_id, environment, deployment_name, application_config, applied_configuration)
                 VALUES ('{ACME}', 'staging', 'd', '{config}', '{applied}')")
    };
    taken(&world, &insert(&json!({ "key": mask }), &json!({ "key": mask, "features": {} }))).await;
    taken(&world, "UPDATE deployment_configurations SET application_config = '{}'").await;
    let theirs = world.seal(&tenantry::secrets::Place { client_id: Some(OTHER), ..place }, "two").await.to_value();
    refused(
        &world,
        &format!("UPDATE deployment_configurations SET applied_configuration = '{}'", json!({ "key": theirs })),
    )
    .await;
}
