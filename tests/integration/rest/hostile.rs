//! What is written to be read as SQL comes back as data.

use dialect::Query;
use dialect::query::filter::{Comparison, Condition, Connective, Filter, Logic, Operation, SetComparison};
use dialect::query::{Arrow, Field, JsonStep, Level, Operand};
use serde_json::json;

use super::queries::HOSTILE;
use super::world::{ACME, Expect as _, Who, World};

fn column(name: &str) -> Field {
    Field { name: name.to_owned(), path: Vec::new() }
}

fn filter(field: Field, operation: Operation) -> Condition {
    Condition::Filter(Filter { field, negated: false, operation })
}

fn equal(field: Field, text: &str) -> Condition {
    filter(field, Operation::Compare(Comparison::Equal, text.to_owned()))
}

/// Every way to ask for the row that holds a text.
fn ways(text: &str) -> Vec<Condition> {
    let step = |arrow, key: &str| JsonStep { arrow, operand: Operand::Key(key.to_owned()) };
    let within =
        |key: &str| Field { name: "address".to_owned(), path: vec![step(Arrow::Json, "in"), step(Arrow::Text, key)] };
    let name = || column("company_name");
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let or = |conditions| Condition::Logic(Logic { negated: false, connective: Connective::Or, conditions });
    let mut ways = vec![
        equal(name(), text),
        filter(name(), Operation::In(vec!["no".to_owned(), text.to_owned()])),
        or(vec![equal(name(), "no"), equal(name(), text)]),
        or(vec![filter(name(), Operation::In(vec![text.to_owned()]))]),
        equal(within("value"), text),
        filter(column("address"), Operation::Set(SetComparison::Contains, json!({"in": {"value": text}}).to_string())),
        filter(column("business_goals"), Operation::Set(SetComparison::Contains, format!("{{{}}}", quoted(text)))),
    ];
    if !text.is_empty() {
        ways.push(equal(within(text), "found"));
    }
    ways
}

#[tokio::test]
async fn hostile_text_comes_back_as_it_was_sent() {
    let world = World::new().await;
    let path = format!("clients_enhanced?id=eq.{ACME}&select=id,company_name,address,business_goals");
    for text in HOSTILE {
        let mut within = json!({"value": text});
        if !text.is_empty() {
            within[text] = json!("found");
        }
        let row = json!({"company_name": text, "address": {"in": within}, "business_goals": [text]});
        let call = world.patch(Who::Admin, &path, &row).header("prefer", "return=representation");
        let mut written = call.send().await.expect(200).json();
        let id = written[0].as_object_mut().expect("a row").remove("id");
        assert_eq!((id, &written[0]), (Some(json!(ACME)), &row), "{text:?}");
        for way in ways(text) {
            let query = Query { root: Level { conditions: vec![way], ..Level::default() }, ..Query::default() };
            let found = world.get(Who::Admin, &format!("clients_enhanced?select=id&{query}")).send().await.expect(200);
            assert_eq!(found.json(), json!([{"id": ACME}]), "{text:?} by {query}");
        }
    }
    assert_eq!(world.value("SELECT count(*) FROM clients_enhanced").await, "3");
}

#[tokio::test]
async fn hostile_names_are_names() {
    let world = World::new().await;
    for text in HOSTILE.into_iter().filter(|text| !text.is_empty()) {
        let quoted = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let quoted: String = quoted.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let alias = format!("clients_enhanced?select={quoted}:name&id=eq.{ACME}");
        assert_eq!(world.get(Who::Admin, &alias).send().await.expect(200).json(), json!([{text: "Acme"}]), "{text:?}");
        for path in [
            format!("clients_enhanced?select={quoted}"),
            format!("clients_enhanced?{quoted}=eq.1"),
            format!("clients_enhanced?order={quoted}"),
        ] {
            world.get(Who::Admin, &path).send().await.refused(400, "PGRST204");
        }
        let embed = format!("clients_enhanced?select={quoted}(id)");
        world.get(Who::Admin, &embed).send().await.refused(400, "PGRST200");
        let cast = format!("clients_enhanced?select=name::{quoted}");
        world.get(Who::Admin, &cast).send().await.refused(400, "PGRST100");
        let table: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        world.get(Who::Admin, &table).send().await.refused(404, "PGRST205");
    }
}
