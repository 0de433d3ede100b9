use std::collections::HashMap;

use layers::{Schema, Weight};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::documents::{Compiled, Inputs, Target, Wanted};
use super::store::{self, Client};
use super::types::Environment;
use super::view::{View, is_mask};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem, page_size};

/// How many documents are told of at once, unless fewer are asked for.
pub const MOST_DOCUMENTS: i64 = 1_000;

/// How many clients are read at once: layers of more would only lie in memory.
const AT_ONCE: usize = 500;

/// What an app expects of its configuration.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// A JSON Schema (2020-12) of the document, as the app reads it.
    #[schema(value_type = Value, example = json!({ "required": ["store"], "properties": { "store": { "required": ["supportEmail"] } } }))]
    pub schema: Value,
    /// The template that the app is.
    #[schema(example = "storefront")]
    pub template: String,
    /// Only this environment.
    pub environment: Option<Environment>,
    /// Only documents behind this one: `next` of the page before.
    pub after: Option<String>,
    /// How many documents at most.
    #[schema(minimum = 1, maximum = 1000)]
    pub limit: Option<i64>,
}

/// Whether the documents of a template are what its app expects.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Fulfilment {
    /// How many documents there are, of the clients that the caller may see.
    pub documents: usize,
    /// How many of them are ready.
    pub ready: usize,
    /// How many lack something.
    pub missing: usize,
    /// How many hold something of a wrong type or value.
    pub wrong: usize,
    /// How many hold something that the app doesn't know.
    pub unknown: usize,
    /// Each document of this page.
    pub results: Vec<Met>,
    /// Where the next page begins: `after` of the next request; none on the last.
    pub next: Option<String>,
}

/// How one document meets a contract.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Met {
    /// The client.
    pub client_id: Uuid,
    /// What the client is called.
    pub client_name: String,
    /// The environment.
    pub environment: Environment,
    /// The version of the template that the document is built from.
    pub template_version: Option<String>,
    /// Whether nothing is missing or wrong.
    pub ready: bool,
    /// Places that the app requires and nobody supplies.
    pub missing: Vec<Fault>,
    /// Places that hold something of a wrong type, or a value that the app doesn't take.
    pub wrong: Vec<Fault>,
    /// Places that the app's schema doesn't name.
    pub unknown: Vec<String>,
}

/// Judges the documents of a template by what an app expects, for every client that the caller may see.
///
/// Secrets stay closed, since whoever writes the schema would learn them from what it says: of a secret only counts that
/// it is there.
pub async fn check(tx: &Tx<'_>, compiled: &Compiled, contract: &Contract, view: View) -> Result<Fulfilment, Problem> {
    let schema = Schema::compile(&contract.schema).map_err(|problems| unusable(&problems))?;
    let clients = store::clients(tx).await?;
    let limit = usize::try_from(page_size(contract.limit, MOST_DOCUMENTS)?).unwrap_or(usize::MAX);
    let mut page = Page { contract, schema, view, limit, told: Fulfilment::default() };
    let mut is_known = false;
    for some in clients.chunks(AT_ONCE) {
        let ids: Vec<Uuid> = some.iter().map(|client| client.id).collect();
        let templates = [contract.template.as_str()];
        let inputs = tx.as_worker(Inputs::load(tx, compiled, Wanted::clients(&ids).asked(&templates))).await?;
        is_known |= inputs.versions().any(|version| *version.template_id == contract.template);
        page.take(&inputs, some);
    }
    if !is_known && !clients.is_empty() {
        let detail = format!("there is no template {:?}", contract.template);
        let fault = Fault::at("/template", "absent", detail.clone()).mend("name a template that there is");
        return Err(Problem::faults(detail, vec![fault]));
    }
    Ok(page.told)
}

fn unusable(problems: &[layers::Problem]) -> Problem {
    let fault = |problem: &layers::Problem| {
        let fault = Fault::from(problem);
        Fault { pointer: format!("/schema{}", fault.pointer), ..fault }
    };
    Problem::faults("the schema can't be used", problems.iter().map(fault).collect())
}

/// Documents as they are counted and told of.
struct Page<'a> {
    contract: &'a Contract,
    schema: Schema,
    view: View,
    limit: usize,
    told: Fulfilment,
}

impl Page<'_> {
    fn take(&mut self, inputs: &Inputs, clients: &[Client]) {
        let names: HashMap<Uuid, &str> = clients.iter().map(|client| (client.id, client.name.as_str())).collect();
        for target in inputs.targets() {
            let is_of_template = target.template_id.as_deref() == Some(&*self.contract.template);
            let is_asked = self.contract.environment.is_none_or(|environment| environment == target.environment);
            if is_of_template && is_asked && inputs.has_customization(&target) {
                let name = names.get(&target.client_id).copied().unwrap_or_default();
                self.judge(inputs, &target, name);
            }
        }
    }

    fn judge(&mut self, inputs: &Inputs, target: &Target, name: &str) {
        let Ok(judged) = inputs.judge(target) else { return };
        let (mut missing, mut wrong) = (Vec::new(), Vec::new());
        for problem in self.schema.judge(&judged.document) {
            if is_within_mask(&judged.document, &problem.path) {
                continue;
            }
            let list = if problem.weight() == Weight::Incomplete { &mut missing } else { &mut wrong };
            list.push(self.view.problem(&problem));
        }
        let unknown = self.schema.unknown(&judged.document);
        let unknown = unknown.iter().filter(|path| !is_within_mask(&judged.document, path));
        let met = Met {
            client_id: target.client_id,
            client_name: name.to_owned(),
            environment: target.environment,
            template_version: inputs.version(target).ok().flatten().map(|version| version.version.clone()),
            ready: missing.is_empty() && wrong.is_empty(),
            missing,
            wrong,
            unknown: unknown.map(layers::Key::pointer).collect(),
        };
        self.tell(met);
    }

    fn tell(&mut self, met: Met) {
        let told = &mut self.told;
        told.documents += 1;
        told.ready += usize::from(met.ready);
        told.missing += usize::from(!met.missing.is_empty());
        told.wrong += usize::from(!met.wrong.is_empty());
        told.unknown += usize::from(!met.unknown.is_empty());
        let place = format!("{}/{}", met.client_id, met.environment);
        if self.contract.after.as_ref().is_some_and(|after| place <= *after) {
            return;
        }
        if told.results.len() < self.limit {
            told.results.push(met);
        } else if told.next.is_none() {
            told.next = told.results.last().map(|last| format!("{}/{}", last.client_id, last.environment));
        }
    }
}

/// Whether a place is that of a secret, or within its mask, of which schemas say nothing certain.
fn is_within_mask(document: &Value, path: &layers::Key) -> bool {
    let segments = path.segments();
    (1..=segments.len()).any(|length| {
        let above = layers::Key::of(segments[..length].iter().cloned());
        above.find(document).is_some_and(is_mask)
    })
}
