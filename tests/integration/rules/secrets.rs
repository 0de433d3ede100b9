//! What PostgreSQL itself holds: no plain value comes into a secret's place, and no mask that doesn't belong there.

use super::agency::{ACME, Agency, Refusal, Who};

fn refused_as_secret(refusal: &Refusal, table: &str, place: &str, value: &str) {
    refusal.by("TN422", &format!("{table}_plain_secret"));
    assert!(refusal.message.contains(&format!("{table}.{place} ")), "{}", refusal.message);
    assert!(refusal.hint.contains("through the API"), "{}", refusal.whole);
    assert!(!refusal.whole.contains(value), "the value is repeated: {}", refusal.whole);
}

#[tokio::test]
async fn billing_takes_neither_means_of_payment_nor_tax_numbers() {
    let agency = Agency::new().await;
    agency.ok(Who::Admin, &format!("INSERT INTO client_billing_info (client_id, tax_id) VALUES ('{ACME}', '')")).await;
    for column in ["payment_method_id", "tax_id", "vat_number"] {
        let refusal =
            agency.refused(Who::Admin, &format!("UPDATE client_billing_info SET {column} = 'pm_hidden_1'")).await;
        refused_as_secret(&refusal, "client_billing_info", column, "pm_hidden_1");
    }
}

#[tokio::test]
async fn variables_are_secret_by_list_name_or_form() {
    let agency = Agency::new().await;
    let insert = |variables: &str, listed: &str| {
        format!(
            "INSERT INTO deployment_configurations (client_id, environment, deployment_name, environment_variables, secret_variables)
             VALUES ('{ACME}', 'staging', 'd', '{variables}', '{listed}')"
        )
    };
    for (variables, listed, place) in [
        (r#"{"PLAIN": "hidden-value"}"#, "{PLAIN}", "PLAIN"),
        (r#"{"STRIPE_SECRET_KEY": "hidden-value"}"#, "{}", "STRIPE_SECRET_KEY"),
        (r#"{"GITHUB_TOKEN": "hidden-value"}"#, "{}", "GITHUB_TOKEN"),
        (r#"{"dbPassword": "hidden-value"}"#, "{}", "dbPassword"),
        (r#"{"maps": {"api-key": "hidden-value"}}"#, "{}", "maps.api-key"),
        (r#"{"PAYMENTS": "sk_live_hidden-value"}"#, "{}", "PAYMENTS"),
        (r#"{"CERT": "-----BEGIN RSA PRIVATE KEY-----\nhidden-value"}"#, "{}", "CERT"),
        (r#"{"DATABASE_URL": "postgres://app:hidden-value@db/app"}"#, "{}", "DATABASE_URL"),
        // The same key of a payment service, "encrypted" by base64.
        (r#"{"KEY_B64": "c2tfbGl2ZV9oaWRkZW4tdmFsdWU="}"#, "{}", "KEY_B64"),
    ] {
        let refusal = agency.refused(Who::Manager, &insert(variables, listed)).await;
        refused_as_secret(
            &refusal,
            "deployment_configurations",
            &format!("environment_variables.{place}"),
            "hidden-value",
        );
    }
    let plain = r#"{"APP_NAME": "Acme", "API_URL": "https://api.example", "PASSWORD_MIN_LENGTH": 12, "TOKEN_TTL": 60, "SECRET": "", "USE_TOKEN": true,
                    "TITLE": "QWNtZSBzaG9wIGZvciBhbGw="}"#;
    agency.ok(Who::Manager, &insert(plain, "{}")).await;
    let listing =
        agency.refused(Who::Manager, "UPDATE deployment_configurations SET secret_variables = '{APP_NAME}'").await;
    refused_as_secret(&listing, "deployment_configurations", "environment_variables.APP_NAME", "Acme");
}

#[tokio::test]
async fn a_secret_from_before_adoption_stays_and_its_row_stays_editable() {
    let agency = Agency::new().await;
    agency
        .ok(Who::Operator, &format!(
            r#"WITH c AS (INSERT INTO client_customizations (client_id, template_id) VALUES ('{ACME}', 'shop') RETURNING client_id, id)
               INSERT INTO client_deployments (client_id, customization_id, deployment_name) SELECT client_id, id, 'web' FROM c;
               SET LOCAL session_replication_role = replica;
               UPDATE client_deployments SET environment_variables = '{{"STRIPE_SECRET_KEY": "old-value"}}'"#))
        .await;
    agency.ok(Who::Manager, "UPDATE client_deployments SET status = 'building'").await;
    agency
        .ok(
            Who::Manager,
            r#"UPDATE client_deployments SET environment_variables = environment_variables || '{"APP_NAME": "Acme"}'"#,
        )
        .await;
    let new = r#"UPDATE client_deployments SET environment_variables = '{"STRIPE_SECRET_KEY": "new-value"}'"#;
    refused_as_secret(
        &agency.refused(Who::Manager, new).await,
        "client_deployments",
        "environment_variables.STRIPE_SECRET_KEY",
        "new-value",
    );
    agency
        .ok(
            Who::Manager,
            "UPDATE client_deployments SET environment_variables = environment_variables - 'STRIPE_SECRET_KEY'",
        )
        .await;
}

#[tokio::test]
async fn configuration_is_secret_by_flag_or_schema() {
    let agency = Agency::new().await;
    agency
        .ok(Who::Admin, r##"INSERT INTO template_configurations (template_id, template_version, template_name, configuration_schema) VALUES ('shop', '1.0.0', 'Shop',
            '{"properties": {"mail": {"allOf": [{"$ref": "#/$defs/mail"}]}},
              "$defs": {"mail": {"properties": {"key": {"type": "string", "x-secret": true}, "reply": {"$ref": "#/$defs/mail"}}}}}')"##)
        .await;
    let insert = |key: &str, value: &str, more: (&str, &str)| {
        format!(
            "INSERT INTO system_configurations (configuration_key, configuration_value{}) VALUES ('{key}', '{value}'{})",
            more.0, more.1
        )
    };
    let mine = (", client_id, template_id", ", 'c0000000-0000-4000-8000-00000000000a', 'shop'");
    let schema = (", configuration_schema", r#", '{"properties": {"pin": {"x-secret": true}}}'"#);
    for (key, value, more, place) in [
        ("any", r#""hidden-value""#, (", is_encrypted", ", true"), "configuration_value"),
        ("mail.key", r#""hidden-value""#, mine, "configuration_value at mail.key"),
        ("mail", r#"{"key": "hidden-value"}"#, mine, "configuration_value at mail.key"),
        ("mail.key.deeper", r#""hidden-value""#, mine, "configuration_value at mail.key"),
        ("mail.reply.key", r#""hidden-value""#, ("", ""), "configuration_value at mail.reply.key"),
        ("door", r#"{"pin": "hidden-value"}"#, schema, "configuration_value at pin"),
    ] {
        let refusal = agency.refused(Who::Admin, &insert(key, value, more)).await;
        refused_as_secret(&refusal, "system_configurations", place, "hidden-value");
    }
    agency.ok(Who::Admin, &insert("mail.from", r#""a@example.com""#, mine)).await;
    agency.ok(Who::Admin, &insert("mail", r#"{"key": null}"#, mine)).await;
    agency.ok(Who::Admin, &insert("door", r#"{"width": 90}"#, schema)).await;

    let customization = format!(
        r#"INSERT INTO client_customizations (client_id, template_id, customization_config) VALUES ('{ACME}', 'shop', '{{"mail": {{"key": "hidden-value"}}}}')"#
    );
    refused_as_secret(
        &agency.refused(Who::Manager, &customization).await,
        "client_customizations",
        "customization_config at mail.key",
        "hidden-value",
    );
    let defaults = r#"INSERT INTO template_configurations (template_id, template_version, template_name, configuration_schema, default_configuration)
        VALUES ('blog', '1.0.0', 'Blog', '{"properties": {"key": {"x-secret": true}}}', '{"key": "hidden-value"}')"#;
    refused_as_secret(
        &agency.refused(Who::Admin, defaults).await,
        "template_configurations",
        "default_configuration at key",
        "hidden-value",
    );
}

#[tokio::test]
async fn what_looks_secret_is_masked_for_trails() {
    let agency = Agency::new().await;
    let masked = agency
        .value(r#"SELECT tenantry.masked('{"a": {"apiKey": "x", "n": 1}, "list": ["ghp_0123456789012345678901", "fine"], "on": true}')"#)
        .await;
    assert_eq!(
        masked,
        r#"{"a": {"n": 1, "apiKey": {"$hidden": true}}, "on": true, "list": [{"$hidden": true}, "fine"]}"#
    );
    assert_eq!(agency.value(r#"SELECT tenantry.masked('"sk_live_1"')"#).await, r#"{"$hidden": true}"#);
}
