//! A row's category is its scope.

use super::agency::{ACME, Agency, Who};

#[tokio::test]
async fn the_category_follows_from_the_scope() {
    let agency = Agency::new().await;
    let client = format!("'{ACME}'");
    for (columns, values, category) in [
        ("", String::new(), "global"),
        (", environment", ", 'staging'".to_owned(), "global"),
        (", template_id", ", 'shop'".to_owned(), "template"),
        (", client_id", format!(", {client}"), "client"),
        (", client_id, template_id", format!(", {client}, 'shop'"), "client"),
        (", client_id, environment", format!(", {client}, 'production'"), "deployment"),
    ] {
        let insert = |more: &str, value: &str| {
            format!(
                "INSERT INTO system_configurations (configuration_key, configuration_value{columns}{more}) VALUES ('a.b', '1'{values}{value})
                 RETURNING configuration_category"
            )
        };
        for wrong in
            ["global", "template", "client", "deployment", "nonsense"].into_iter().filter(|wrong| *wrong != category)
        {
            let refusal =
                agency.refused(Who::Admin, &insert(", configuration_category", &format!(", '{wrong}'"))).await;
            refusal.by("23514", "system_configurations_category_scope_check");
        }
        assert_eq!(agency.ok(Who::Admin, &insert("", "")).await, [[category]]);
    }
    let narrowed = "UPDATE system_configurations SET environment = 'development' WHERE configuration_category = 'client' AND template_id IS NULL RETURNING configuration_category";
    assert_eq!(agency.ok(Who::Admin, narrowed).await, [["deployment"]]);
}

#[tokio::test]
async fn a_key_is_unique_at_its_layer_and_a_path() {
    let agency = Agency::new().await;
    let insert = |key: &str| {
        format!("INSERT INTO system_configurations (configuration_key, configuration_value) VALUES ('{key}', '1')")
    };
    agency.ok(Who::Admin, &insert("a.b-c.D_9")).await;
    let refusal = agency.refused(Who::Admin, &insert("a.b-c.D_9")).await;
    assert_eq!(
        (refusal.code.as_str(), refusal.constraint.as_str()),
        ("23505", "system_configurations_configuration_key_scope_key")
    );
    for wrong in ["", ".", "a.", ".a", "a..b", "a b", "a.b\n", "ä", "a/b"] {
        let refusal = agency.refused(Who::Admin, &insert(wrong)).await;
        assert_eq!(
            (refusal.code.as_str(), refusal.constraint.as_str()),
            ("23514", "system_configurations_configuration_key_check"),
            "{wrong:?}"
        );
    }
}
