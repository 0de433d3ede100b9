//! Masks that come back through the entrances: as they are they stay, altered or elsewhere they are refused.

use hyper::Method;
use serde_json::{Value, json};

use crate::changes::world::{ACME, BOLT, Who, World, schema};

/// A table with secrets: where they stand, and rows that hold two where there is room, all of different things.
struct Case {
    table: &'static str,
    column: &'static str,
    places: &'static [&'static str],
    /// The row that masks are taken from, one of the same client, and one of another.
    rows: [Value; 3],
}

fn cases(design: &str, bolts: &str) -> Vec<Case> {
    let variables = |more: Value| {
        let mut row = json!({ "environment_variables": { "A_TOKEN": "one-1", "B_TOKEN": "two-2", "NAME": "x" } });
        row.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        row
    };
    let deployment = |client: &str, design: &str, name: &str| {
        variables(json!({ "client_id": client, "customization_id": design, "deployment_name": name }))
    };
    let configuration = |client: &str, name: &str| {
        variables(json!({ "client_id": client, "environment": "staging", "deployment_name": name }))
    };
    let value = |client: &str, key: &str| json!({ "client_id": client, "configuration_key": key, "configuration_value": "one-1", "is_encrypted": true });
    let customization = |client: &str, template: &str| json!({ "client_id": client, "template_id": template, "customization_config": { "api": { "key": "long-enough" } } });
    let version = |template: &str, number: &str| {
        json!({ "template_id": template, "template_version": number, "template_name": "T", "status": "draft", "configuration_schema": schema(),
                "default_configuration": { "api": { "key": "long-enough" } } })
    };
    vec![
        Case {
            table: "client_deployments",
            column: "environment_variables",
            places: &["/A_TOKEN", "/B_TOKEN"],
            rows: [deployment(ACME, design, "a"), deployment(ACME, design, "b"), deployment(BOLT, bolts, "c")],
        },
        Case {
            table: "deployment_configurations",
            column: "environment_variables",
            places: &["/A_TOKEN", "/B_TOKEN"],
            rows: [configuration(ACME, "a"), configuration(ACME, "b"), configuration(BOLT, "c")],
        },
        Case {
            table: "system_configurations",
            column: "configuration_value",
            places: &[""],
            rows: [value(ACME, "one"), value(ACME, "two"), value(BOLT, "one")],
        },
        Case {
            table: "client_customizations",
            column: "customization_config",
            places: &["/api/key"],
            rows: [customization(ACME, "shop"), customization(ACME, "blog"), customization(BOLT, "shop")],
        },
        Case {
            table: "template_configurations",
            column: "default_configuration",
            places: &["/api/key"],
            rows: [version("one", "1.0.0"), version("two", "1.0.0"), version("three", "1.0.0")],
        },
    ]
}

async fn make(world: &World, table: &str, row: &Value) -> Value {
    let mut row = row.clone();
    row["id"] = json!(uuid::Uuid::new_v4());
    let made = world.post(Who::Admin, &format!("/rest/v1/{table}"), &row).await;
    assert_eq!(made.status.as_u16(), 201, "{table}: {}", made.text());
    let path = format!("/rest/v1/{table}?id=eq.{}", row["id"].as_str().expect("an id"));
    world.get(Who::Admin, &path).await.json()[0].clone()
}

impl Case {
    /// Writes a row's column through the table API, and where the table is configuration by a change as well; the statuses.
    async fn write(&self, world: &World, row: &Value, value: &Value) -> Vec<(u16, String)> {
        let id = row["id"].as_str().expect("an id");
        let columns = json!({ self.column: value });
        let path = format!("/rest/v1/{}?id=eq.{id}", self.table);
        let patched = world.call(Who::Admin, Method::PATCH, &path, Some(&columns)).await;
        let mut answers = vec![(patched.status.as_u16(), patched.text().to_owned())];
        if self.table != "client_deployments" {
            let edit = json!({ "operation": "update", "table": self.table, "id": id, "columns": columns });
            let proposed = world.propose(Who::Admin, &json!([edit])).await;
            answers.push((proposed.status.as_u16(), proposed.text().to_owned()));
        }
        answers
    }

    fn at<'a>(&self, document: &'a mut Value, place: &str) -> &'a mut Value {
        document.pointer_mut(place).unwrap_or_else(|| panic!("{place} of {}", self.table))
    }
}

#[tokio::test]
async fn a_mask_stays_where_it_is_and_goes_nowhere_else() {
    let world = World::new().await;
    let blog = json!({ "template_id": "blog", "template_version": "1.0.0", "template_name": "Blog", "configuration_schema": schema() });
    make(&world, "template_configurations", &blog).await;
    let of =
        async |client| world.value(&format!("SELECT id FROM client_customizations WHERE client_id = '{client}'")).await;
    for case in cases(&of(ACME).await, &of(BOLT).await) {
        let [first, second, foreign] = &case.rows;
        let (first, second, foreign) = (
            make(&world, case.table, first).await,
            make(&world, case.table, second).await,
            make(&world, case.table, foreign).await,
        );
        let held = first[case.column].clone();
        let sealed = world.value("SELECT count(*) FROM tenantry.secrets").await;
        for (status, text) in case.write(&world, &first, &held).await {
            assert!((200..300).contains(&status), "{}: written back: {status} {text}", case.table);
        }
        let now =
            format!("SELECT {} FROM {} WHERE id = '{}'", case.column, case.table, first["id"].as_str().expect("an id"));
        assert_eq!(serde_json::from_str::<Value>(&world.value(&now).await).expect("JSON"), held);
        assert_eq!(
            world.value("SELECT count(*) FROM tenantry.secrets").await,
            sealed,
            "{}: nothing is sealed anew",
            case.table
        );

        let mut tries = vec![
            ("into another row of the client", &second, held.clone()),
            ("into another's row", &foreign, held.clone()),
        ];
        for (what, member, value) in [
            ("another fingerprint", "fingerprint", json!("0".repeat(32))),
            ("another secret", "id", json!(uuid::Uuid::new_v4())),
            (
                "somebody else's secret",
                "id",
                case.at(&mut foreign[case.column].clone(), case.places[0])["$secret"]["id"].clone(),
            ),
            ("no fingerprint", "fingerprint", Value::Null),
            ("something more", "value", json!("plain")),
        ] {
            let mut forged = held.clone();
            case.at(&mut forged, case.places[0])["$secret"][member] = value;
            tries.push((what, &first, forged));
        }
        if let [a, b] = case.places {
            let mut swapped = held.clone();
            let (mask_of_a, mask_of_b) = (case.at(&mut swapped, a).clone(), case.at(&mut swapped, b).clone());
            (*case.at(&mut swapped, a), *case.at(&mut swapped, b)) = (mask_of_b, mask_of_a.clone());
            tries.push(("swapped", &first, swapped));
            let mut copied = held.clone();
            *case.at(&mut copied, "/NAME") = mask_of_a;
            tries.push(("into a place that isn't secret", &first, copied));
        }
        for (what, row, value) in tries {
            for (status, text) in case.write(&world, row, &value).await {
                assert_eq!(status, 422, "{}: {what}: {text}", case.table);
                let is_said = text.contains("mask") || text.contains("start with $");
                assert!(is_said && !text.contains("one-1"), "{}: {what}: {text}", case.table);
            }
        }
        assert_eq!(
            world.value("SELECT count(*) FROM tenantry.secrets").await,
            sealed,
            "{}: nothing is left behind",
            case.table
        );
    }
}
