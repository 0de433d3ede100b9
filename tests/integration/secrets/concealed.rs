//! What a writer's row becomes before the database sees it.

use serde_json::{Value, json};
use tenantry::secrets::{Mask, Masks};
use uuid::Uuid;

use super::world::{ACME, OTHER, World};

fn mask(value: &Value) -> Mask {
    Mask::of_value(value).unwrap_or_else(|| panic!("{value} is a mask"))
}

#[tokio::test]
async fn a_plain_value_in_a_secrets_place_is_sealed_and_opens() {
    let mut world = World::new().await;
    let row = json!({ "client_id": ACME, "configuration_key": "mail.password", "is_encrypted": true,
                      "configuration_value": { "user": "acme", "tries": [1, null] } });
    let sealed = world.conceal("system_configurations", None, row.clone(), Masks::Unchanged).await.expect("no fault");
    let id = mask(&sealed["configuration_value"]).id;
    assert_eq!(world.open(Some(ACME), &[id]).await.expect("it opens")[&id], row["configuration_value"]);
    let path = world.admin.query_one("SELECT path FROM tenantry.secrets", &[]).await.expect("one");
    assert_eq!(path.get::<_, String>(0), "/mail/password");
}

#[tokio::test]
async fn columns_of_text_hold_masks_of_text() {
    let mut world = World::new().await;
    let row = json!({ "client_id": ACME, "tax_id": "DE123456789", "vat_number": "", "payment_method_id": null });
    let sealed = world.conceal("client_billing_info", None, row, Masks::Unchanged).await.expect("no fault");
    let text = sealed["tax_id"].as_str().expect("text");
    let id = Uuid::parse_str(&text["secret:".len()..][..36]).expect("an id");
    assert_eq!(world.open(Some(ACME), &[id]).await.expect("it opens")[&id], "DE123456789");
    assert_eq!((&sealed["vat_number"], &sealed["payment_method_id"]), (&json!(""), &Value::Null));
    for odd in [json!({ "deep": "hidden" }), json!(["hidden"]), json!(7), json!(true)] {
        let row = json!({ "client_id": ACME, "tax_id": odd });
        let faults = world.conceal("client_billing_info", None, row, Masks::Unchanged).await.expect_err("no text");
        assert!(faults[0].rule == "type" && !format!("{faults:?}").contains("hidden"), "{faults:?}");
    }
}

#[tokio::test]
async fn variables_are_sealed_by_list_name_and_form_and_others_stay() {
    let mut world = World::new().await;
    let row = json!({ "client_id": ACME, "secret_variables": ["LISTED", "deep.one"],
                      "environment_variables": {
                          "LISTED": 7, "deep": { "one": "a", "two": "b" }, "DB_PASSWORD": "c", "URL": "redis://:pw@cache/0",
                          "NAME": "Acme", "USE_TOKEN": true, "EMPTY_SECRET": "" } });
    let sealed = world.conceal("deployment_configurations", None, row, Masks::Unchanged).await.expect("no fault");
    let variables = &sealed["environment_variables"];
    for place in ["/LISTED", "/deep/one", "/DB_PASSWORD", "/URL"] {
        mask(variables.pointer(place).expect(place));
    }
    for (place, value) in
        [("/deep/two", json!("b")), ("/NAME", json!("Acme")), ("/USE_TOKEN", json!(true)), ("/EMPTY_SECRET", json!(""))]
    {
        assert_eq!(variables.pointer(place), Some(&value));
    }
    let listed = json!({ "secret_variables": ["NAME"] });
    let old = json!({ "client_id": ACME, "environment_variables": { "NAME": "Acme" }, "secret_variables": [] });
    let sealed =
        world.conceal("deployment_configurations", Some(&old), listed, Masks::Unchanged).await.expect("no fault");
    mask(&sealed["environment_variables"]["NAME"]);
}

#[tokio::test]
async fn places_that_a_templates_schema_marks_are_sealed_as_a_whole() {
    let mut world = World::new().await;
    world
        .admin
        .batch_execute(
            r##"INSERT INTO template_configurations (template_id, template_version, template_name, configuration_schema) VALUES ('shop', '1.0.0', 'Shop',
               '{"properties": {"mail": {"allOf": [{"$ref": "#/$defs/mail"}]}, "keys": {"items": {"x-secret": true}}},
                 "$defs": {"mail": {"properties": {"login": {"x-secret": true}}}}}')"##,
        )
        .await
        .expect("a template");
    let design = json!({ "client_id": ACME, "template_id": "shop",
                         "customization_config": { "mail": { "login": { "user": "u", "password": "p" }, "from": "a@b" }, "keys": ["x", "y"] } });
    let sealed = world.conceal("client_customizations", None, design, Masks::Unchanged).await.expect("no fault");
    let document = &sealed["customization_config"];
    let id = mask(&document["mail"]["login"]).id;
    assert_eq!(world.open(Some(ACME), &[id]).await.expect("it opens")[&id], json!({ "user": "u", "password": "p" }));
    assert_eq!(document["mail"]["from"], "a@b");
    assert_ne!(mask(&document["keys"][0]).id, mask(&document["keys"][1]).id);

    let row = json!({ "client_id": ACME, "configuration_key": "mail.login.password", "configuration_value": "p" });
    let sealed = world.conceal("system_configurations", None, row, Masks::Unchanged).await.expect("no fault");
    mask(&sealed["configuration_value"]);
}

#[tokio::test]
async fn a_mask_written_back_stays_and_any_other_is_refused() {
    let mut world = World::new().await;
    let row = |tax: &str, vat: &str| json!({ "client_id": ACME, "tax_id": tax, "vat_number": vat });
    let old = world.conceal("client_billing_info", None, row("DE1", "DE2"), Masks::Unchanged).await.expect("no fault");
    let back = world.conceal("client_billing_info", Some(&old), old.clone(), Masks::Unchanged).await.expect("no fault");
    assert_eq!(back, old);
    let count = world.admin.query_one("SELECT count(*) FROM tenantry.secrets", &[]).await.expect("a count");
    assert_eq!(count.get::<_, i64>(0), 2, "nothing was sealed anew");

    let text = |column: &str| old[column].as_str().expect("text").to_owned();
    let (tax, vat) = (text("tax_id"), text("vat_number"));
    let other = world
        .conceal("client_billing_info", None, json!({ "client_id": OTHER, "tax_id": "DE3" }), Masks::Unchanged)
        .await
        .expect("no fault");
    let forged = format!("{}{}", &tax[..tax.len() - 1], if tax.ends_with('0') { '1' } else { '0' });
    let made_up = format!("secret:{}:{}", Uuid::new_v4(), &tax[44..]);
    for (what, new) in [
        ("swapped", row(&vat, &tax)),
        ("copied within the row", row(&tax, &tax)),
        ("another fingerprint", row(&forged, &vat)),
        ("another id", row(&made_up, &vat)),
        ("another client's", row(other["tax_id"].as_str().expect("text"), &vat)),
    ] {
        for masks in [Masks::Unchanged, Masks::OfThisPlace] {
            let faults = world.conceal("client_billing_info", Some(&old), new.clone(), masks).await.expect_err(what);
            assert!(faults.iter().all(|fault| fault.rule == "mask" && fault.mend.is_some()), "{what}: {faults:?}");
        }
    }
    let inserted = world.conceal("client_billing_info", None, old.clone(), Masks::Unchanged).await;
    assert_eq!(inserted.expect_err("a new row has no masks yet").len(), 2, "every fault at once");
    let restored = world.conceal("client_billing_info", None, old.clone(), Masks::OfThisPlace).await;
    assert_eq!(restored.expect("former content comes back"), old);
}

#[tokio::test]
async fn a_mask_in_a_document_keeps_to_its_place() {
    let mut world = World::new().await;
    let variables = |value: Value| json!({ "client_id": ACME, "secret_variables": [], "environment_variables": value });
    let old = variables(json!({ "A_TOKEN": "1", "B_TOKEN": "2", "list": [{ "api_key": "3" }] }));
    let old = world.conceal("client_deployments", None, old, Masks::Unchanged).await.expect("no fault");
    let (a, b) = (old["environment_variables"]["A_TOKEN"].clone(), old["environment_variables"]["B_TOKEN"].clone());
    let mut late = a.clone();
    late["$secret"]["set_at"] = json!("1970-01-01T00:00:00.000000Z");
    for (what, document) in [
        ("swapped", json!({ "A_TOKEN": b, "B_TOKEN": a })),
        ("in a place that nothing says is secret", json!({ "NAME": a })),
        ("deeper", json!({ "A_TOKEN": { "deeper": a } })),
        ("without a form", json!({ "A_TOKEN": { "$secret": "1" } })),
        ("with something beside it", json!({ "A_TOKEN": { "$secret": a["$secret"], "more": 1 } })),
        ("with something in it", json!({ "A_TOKEN": { "$secret": { "value": "plain" } } })),
    ] {
        let faults = world.conceal("client_deployments", Some(&old), variables(document), Masks::Unchanged).await;
        assert!(faults.expect_err(what).iter().all(|fault| fault.rule == "mask"), "{what}");
    }
    let changed = variables(json!({ "A_TOKEN": late, "B_TOKEN": "4", "NAME": "x" }));
    let new = world.conceal("client_deployments", Some(&old), changed, Masks::Unchanged).await.expect("no fault");
    assert_eq!(new["environment_variables"]["A_TOKEN"], a, "who set it and when isn't the writer's to say");
    assert_ne!(mask(&new["environment_variables"]["B_TOKEN"]).id, mask(&b).id);
}

#[tokio::test]
async fn what_stood_there_before_adoption_stays_until_somebody_edits_it() {
    let mut world = World::new().await;
    let variables = |value: Value| json!({ "client_id": ACME, "environment_variables": value });
    let old = variables(json!({ "A_TOKEN": "old", "NAME": "x" }));
    let edited = variables(json!({ "A_TOKEN": "old", "NAME": "y", "B_TOKEN": "new" }));
    let new = world.conceal("client_deployments", Some(&old), edited, Masks::Unchanged).await.expect("no fault");
    assert_eq!(new["environment_variables"]["A_TOKEN"], "old");
    mask(&new["environment_variables"]["B_TOKEN"]);
    let touched = variables(json!({ "A_TOKEN": "other" }));
    let new = world.conceal("client_deployments", Some(&old), touched, Masks::Unchanged).await.expect("no fault");
    mask(&new["environment_variables"]["A_TOKEN"]);
}

#[tokio::test]
async fn a_card_number_isnt_stored_sealed_either() {
    let mut world = World::new().await;
    for (table, row) in [
        ("client_billing_info", json!({ "client_id": ACME, "payment_method_id": "4111 1111 1111 1111" })),
        (
            "client_deployments",
            json!({ "client_id": ACME, "environment_variables": { "CARD_TOKEN": 4_111_111_111_111_111_u64 } }),
        ),
    ] {
        let faults = world.conceal(table, None, row, Masks::Unchanged).await.expect_err("a card");
        assert_eq!(faults[0].rule, "card_number");
        assert!(!format!("{faults:?}").contains("4111"), "it isn't repeated");
    }
    let count = world.admin.query_one("SELECT count(*) FROM tenantry.secrets", &[]).await.expect("a count");
    assert_eq!(count.get::<_, i64>(0), 0);
}

#[tokio::test]
async fn equal_values_of_a_client_have_one_fingerprint_and_other_clients_another() {
    let mut world = World::new().await;
    let mut print = async |client: Uuid, value: &str| {
        let row = json!({ "client_id": client, "environment_variables": { "A_TOKEN": value } });
        let row = world.conceal("client_deployments", None, row, Masks::Unchanged).await.expect("no fault");
        mask(&row["environment_variables"]["A_TOKEN"]).fingerprint
    };
    let first = print(ACME, "same").await;
    assert_eq!(print(ACME, "same").await, first);
    assert_ne!(print(ACME, "another").await, first);
    assert_ne!(print(OTHER, "same").await, first);
}
