use layers::{Key, Rule, Schema, Weight};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::documents::{Compiled, Inputs, Target, Wanted};
use super::store;
use super::types::{ConfigTable, Environment};
use crate::Result;
use crate::db::tx::Tx;
use crate::problem::Fault;
use crate::secrets::Marks;

/// How many clients are read at once: layers of more would only lie in memory.
const AT_ONCE: usize = 500;

/// What was found wrong in all documents and rows there are.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Verification {
    /// The revision that was looked at.
    pub revision: i64,
    /// How many documents there are.
    pub documents: usize,
    /// How many of them are wrong.
    pub invalid: usize,
    /// How many of them lack something.
    pub incomplete: usize,
    /// How many rows were looked at.
    pub rows: usize,
    /// Each finding.
    pub findings: Vec<Finding>,
}

/// One finding.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// How much it weighs: `invalid`, `incomplete`, or `ignored` for a row that is stored and has no effect.
    pub weight: &'static str,
    /// The table of the row that it is about, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<ConfigTable>,
    /// The template of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_id: Option<String>,
    /// The environment of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// What is wrong, and for which client.
    #[serde(flatten)]
    pub fault: Fault,
}

impl Verification {
    /// Whether nothing is wrong; what is incomplete or ignored isn't wrong.
    pub fn is_good(&self) -> bool {
        self.findings.iter().all(|finding| finding.weight != name(Weight::Invalid))
    }
}

/// Judges every document and every row, among them what SQL by hand has written past every check; as whoever sees all.
pub async fn verify(tx: &Tx<'_>, compiled: &Compiled) -> Result<Verification> {
    let mut found = Verification::default();
    rows(tx, &mut found).await?;
    let clients: Vec<Uuid> = store::clients(tx).await?.iter().map(|client| client.id).collect();
    for some in clients.chunks(AT_ONCE) {
        let inputs = Inputs::load(tx, compiled, Wanted::clients(some)).await?;
        found.revision = inputs.revision();
        found.unreadable(&inputs);
        for target in inputs.targets() {
            found.document(&inputs, &target);
        }
        for (client_id, problem) in inputs.undecided() {
            let fault = Fault { client_id: Some(client_id), ..Fault::at("", "template", problem.detail) };
            let fault = Fault { mend: problem.mend, ..fault };
            found.add(Weight::Invalid, fault, None, None);
        }
    }
    Ok(found)
}

impl Verification {
    fn document(&mut self, inputs: &Inputs, target: &Target) {
        let Ok(judged) = inputs.judge(target) else { return };
        let worst = judged.problems.iter().map(layers::Problem::weight).max();
        self.documents += 1;
        self.invalid += usize::from(worst == Some(Weight::Invalid));
        self.incomplete += usize::from(judged.problems.iter().any(|problem| problem.weight() == Weight::Incomplete));
        for problem in &judged.problems {
            let fault = Fault { client_id: Some(target.client_id), ..Fault::from(problem) };
            self.add(problem.weight(), fault, None, Some(target));
        }
    }

    fn unreadable(&mut self, inputs: &Inputs) {
        for (table, id) in inputs.unreadable() {
            let fault =
                Fault::at("", "depth", "the row's value is nested too deep to be read, or its key names no place");
            let fault = Fault { row_id: Some(*id), ..fault.mend("write it flatter, or delete the row") };
            self.add(Weight::Invalid, fault, Some(*table), None);
        }
    }

    fn add(&mut self, weight: Weight, fault: Fault, table: Option<ConfigTable>, target: Option<&Target>) {
        self.findings.push(Finding {
            weight: name(weight),
            table,
            template_id: target.and_then(|target| target.template_id.as_deref().map(ToOwned::to_owned)),
            environment: target.map(|target| target.environment),
            fault,
        });
    }
}

/// Rows by themselves: their value, their own schema, schemas of templates, and secrets that nobody sealed.
async fn rows(tx: &Tx<'_>, found: &mut Verification) -> Result<()> {
    let marks = Marks::of_all(tx).await?;
    store::each_row(tx, |row| {
        found.rows += 1;
        let value = row.row.get(row.column).unwrap_or(&Value::Null);
        let mut problems = layers::written::lost(&row.text);
        problems.extend(match (row.table, row.row.get("configuration_schema")) {
            (ConfigTable::TemplateConfigurations, Some(schema)) => Schema::compile(schema).err().unwrap_or_default(),
            (_, schema) => of_value(value, schema.unwrap_or(&Value::Null)),
        });
        let secret = marks.places(row.table.name(), &row.row, row.column).into_iter();
        problems.extend(secret.filter(|place| place.find(value).is_some_and(is_plain)).map(in_the_clear));
        for problem in &problems {
            let fault = Fault { row_id: Some(row.id), client_id: row.client_id, ..Fault::from(problem) };
            found.add(problem.weight(), fault, Some(row.table), None);
        }
    })
    .await
}

/// Whether anything in a value could be read that isn't a mask.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => items.iter().any(is_plain),
        Value::Object(members) => !super::view::is_mask(value) && members.values().any(is_plain),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn in_the_clear(place: Key) -> layers::Problem {
    let detail = "A schema says that this is secret, and it stands in the clear".to_owned();
    let mend = "Set it again through the API or `tenantry config set`, which seal it, and change it where it is used.";
    layers::Problem::new(place, Rule::Keyword("x-secret".into()), detail, mend.to_owned())
}

fn of_value(value: &Value, schema: &Value) -> Vec<layers::Problem> {
    let mut problems = layers::check(value);
    if schema.as_object().is_none_or(serde_json::Map::is_empty) {
        return problems;
    }
    // What says that nothing is there, and what stands for a secret, is no value.
    let is_value = !layers::value::is_removed(value) && !super::view::is_mask(value);
    match Schema::compile(schema) {
        Err(faults) => problems.extend(faults),
        Ok(schema) if is_value => problems.extend(schema.judge(value)),
        Ok(_) => {}
    }
    problems
}

fn name(weight: Weight) -> &'static str {
    match weight {
        Weight::Ignored => "ignored",
        Weight::Incomplete => "incomplete",
        Weight::Invalid => "invalid",
    }
}
