//! The read model itself: one client or all, before and after an edit.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use tenantry::configurations::documents::{Compiled, Edits, Inputs, Target, Wanted};
use tenantry::configurations::{AsOf, ConfigTable, Environment, Operation, RowEdit};
use tenantry::db::caller::Caller;
use tenantry::db::tx::Tx;
use uuid::Uuid;

use super::agency::Agency;

fn edit(table: ConfigTable, operation: Operation, row_id: Uuid, columns: &Value) -> RowEdit {
    let columns = columns.as_object().cloned().unwrap_or_else(Map::new);
    RowEdit { table, row_id, operation, columns, base: None }
}

#[tokio::test]
async fn what_an_edit_would_do_is_what_it_does() {
    let mut agency = Agency::new().await;
    let client = agency.client("lumenyoga").await;
    let compiled = Compiled::default();
    let template: Uuid = agency
        .admin
        .query_one(
            "SELECT id FROM template_configurations WHERE template_id = 'lead-capture' AND status = 'active' LIMIT 1",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    let global: Uuid = agency
        .admin
        .query_one(
            "SELECT id FROM system_configurations WHERE configuration_key = 'support.hours' AND client_id IS NULL",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    let own: Uuid = agency
        .admin
        .query_one(
            "SELECT id FROM system_configurations WHERE configuration_key = 'branding.tagline' AND client_id = $1",
            &[&client],
        )
        .await
        .unwrap()
        .get(0);
    let values = ConfigTable::SystemConfigurations;
    let cases = [
        ("a value of all", edit(values, Operation::Update, global, &json!({ "configuration_value": "never" }))),
        ("a value of one", edit(values, Operation::Update, own, &json!({ "configuration_value": "Breathe in." }))),
        ("one that is switched off", edit(values, Operation::Update, own, &json!({ "is_active": false }))),
        (
            "one that is new",
            edit(
                values,
                Operation::Insert,
                Uuid::new_v4(),
                &json!({ "configuration_key": "new.value", "configuration_value": 1, "client_id": client, "environment": "staging" }),
            ),
        ),
        ("one that goes", edit(values, Operation::Delete, own, &json!({}))),
        (
            "a version that is taken back",
            edit(ConfigTable::TemplateConfigurations, Operation::Update, template, &json!({ "status": "deprecated" })),
        ),
    ];
    for (what, edit) in cases {
        let (expected, reached) = would(&mut agency, &compiled, &edit).await;
        perform(&agency, &edit).await;
        let (before_it, actual) = (expected.0, documents(&mut agency, &compiled).await);
        assert_eq!(expected.1, actual, "{what}");
        let different: BTreeSet<Target> = before_it
            .iter()
            .filter(|(target, document)| actual.get(*target) != Some(*document))
            .map(|(target, _)| target.clone())
            .collect();
        assert!(different.is_subset(&reached), "{what}: whoever is changed was foreseen");
    }
}

type Documents = std::collections::BTreeMap<Target, Value>;

fn all(inputs: &Inputs) -> Documents {
    inputs
        .targets()
        .into_iter()
        .map(|target| {
            let document = inputs.judge(&target).expect("a document").document;
            (target, document)
        })
        .collect()
}

async fn documents(agency: &mut Agency, compiled: &Compiled) -> Documents {
    let tx = Tx::begin(&mut agency.admin, &Caller::operator(), "test").await.expect("a transaction");
    all(&Inputs::load(&tx, compiled, Wanted::all()).await.expect("all rows"))
}

/// All documents before and after an edit, without making it, and whom it reaches.
async fn would(agency: &mut Agency, compiled: &Compiled, edit: &RowEdit) -> ((Documents, Documents), BTreeSet<Target>) {
    let tx = Tx::begin(&mut agency.admin, &Caller::operator(), "test").await.expect("a transaction");
    let before = Inputs::load(&tx, compiled, Wanted::all()).await.expect("all rows");
    let edits = Edits::read(&tx, std::slice::from_ref(edit)).await.expect("the row is there");
    let after = before.with(&edits, compiled);
    let reached = before.reached_by(&edits).into_iter().chain(after.reached_by(&edits)).collect();
    ((all(&before), all(&after)), reached)
}

async fn perform(agency: &Agency, edit: &RowEdit) {
    let (table, id) = (edit.table, edit.row_id);
    let row = Value::Object(edit.columns.clone());
    let names: Vec<&str> = edit.columns.keys().map(String::as_str).collect();
    let names = names.join(", ");
    let sql = match edit.operation {
        Operation::Delete => format!("DELETE FROM {table} WHERE id = '{id}' AND $1::jsonb IS NOT NULL"),
        Operation::Update => {
            let sets: Vec<String> = edit.columns.keys().map(|name| format!("{name} = r.{name}")).collect();
            let sets = sets.join(", ");
            format!("UPDATE {table} t SET {sets} FROM jsonb_populate_record(NULL::{table}, $1) r WHERE t.id = '{id}'")
        }
        Operation::Insert => format!(
            "INSERT INTO {table} (id, {names}) SELECT '{id}', {names} FROM jsonb_populate_record(NULL::{table}, $1)"
        ),
    };
    assert_eq!(agency.admin.execute(&sql, &[&row]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}")), 1);
}

#[tokio::test]
async fn one_client_is_read_as_all_are() {
    let mut agency = Agency::new().await;
    let compiled = Compiled::default();
    let every = documents(&mut agency, &compiled).await;
    assert!(every.len() >= 3 * 40, "{}", every.len());
    let clients: BTreeSet<Uuid> = every.keys().map(|target| target.client_id).collect();
    let newest = agency.revision().await;
    let tx = Tx::begin(&mut agency.admin, &Caller::operator(), "test").await.expect("a transaction");
    for client in clients {
        let one = Inputs::load(&tx, &compiled, Wanted::clients(&[client])).await.expect("the rows");
        let then = Inputs::load_as_of(&tx, &compiled, Wanted::clients(&[client]), AsOf::Revision(newest))
            .await
            .expect("the rows");
        assert_eq!(one.revision(), newest);
        let of_client: Documents = every
            .iter()
            .filter(|(target, _)| target.client_id == client)
            .map(|(target, document)| (target.clone(), document.clone()))
            .collect();
        assert_eq!(all(&one), of_client);
        assert_eq!(all(&then), of_client, "as of now is now");
        assert!(one.target(client, Some("nowhere"), Environment::Staging).is_err());
    }
}
