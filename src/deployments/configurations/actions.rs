use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::fields::FIELDS;
use super::types::Whole;
use super::variables::{self, Secrets};
use super::{store, types::ENVIRONMENTS};
use crate::configurations::changes::{Applied, Tools, apply_any};
use crate::configurations::{Base, ConfigTable, Operation, RowEdit};
use crate::console::{ADMINISTRATORS, Meeting, Texts, Visitor, record};
use crate::db::policies::rules::Role;
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

/// What somebody says of one that isn't there yet.
#[derive(Clone, Debug, Default)]
pub struct New {
    /// Its name.
    pub name: String,
    /// The environment.
    pub environment: String,
    /// The template that it serves.
    pub template_id: Option<String>,
    /// The deployment that it is for.
    pub deployment: Option<Uuid>,
    /// The deployment template that it is made from.
    pub kind: Option<Uuid>,
}

/// Begins one as a draft, from what its deployment template says; its id.
pub async fn begin(tx: &Tx<'_>, tools: &Tools, client: Uuid, new: &New) -> Result<Uuid, Problem> {
    refuse_odd(new)?;
    let row_id = Uuid::new_v4();
    let mut columns = match new.kind {
        Some(kind) => from_kind(tx, kind).await?,
        None => Map::new(),
    };
    let said = [
        ("id", json!(row_id)),
        ("client_id", json!(client)),
        ("deployment_name", json!(new.name)),
        ("environment", json!(new.environment)),
        ("template_id", json!(new.template_id)),
        ("deployment_id", json!(new.deployment)),
        ("deployment_template_id", json!(new.kind)),
    ];
    columns
        .extend(said.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value)));
    let edit = RowEdit { table: TABLE, row_id, operation: Operation::Insert, columns, base: None };
    let reason = format!("begin deployment configuration {}", new.name);
    Box::pin(apply_any(tx, tools, vec![edit], &reason)).await.map_err(at_its_field)?;
    Ok(row_id)
}

fn refuse_odd(new: &New) -> Result<(), Problem> {
    let mut faults = Vec::new();
    let length = new.name.chars().count();
    if length == 0 || length > 255 {
        let fault = Fault::at("/deployment_name", "length", format!("has {length} characters"));
        faults.push(fault.mend("give it a name of 1 to 255 characters"));
    }
    if !ENVIRONMENTS.contains(&new.environment.as_str()) {
        faults.push(Fault::at("/environment", "choice", "is no environment").mend("choose one of the list"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::faults("it can't be begun like this", faults)) }
}

/// What a deployment template says of hosting.
async fn from_kind(tx: &Tx<'_>, kind: Uuid) -> Result<Map<String, Value>, Problem> {
    let (says, provider) = store::kind(tx, kind).await?.ok_or_else(|| {
        let fault = Fault::at("/deployment_template", "choice", "is no deployment template that is in use");
        Problem::faults("it can't be begun like this", vec![fault.mend("choose one of the list")])
    })?;
    let said = [
        ("hosting_provider", says.get("provider").cloned().or(provider.map(Value::String))),
        ("region", says.get("region").cloned()),
        ("scaling_config", says.get("scaling").filter(|scaling| scaling.is_object()).cloned()),
    ];
    Ok(said.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

/// What came of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    /// It was written.
    Done,
    /// Somebody else wrote some of the same first, and nothing was written.
    Met(Meeting),
}

/// The fields of one as they are typed, but its secrets.
pub(super) fn texts(of: &Whole) -> Texts {
    let mut texts: Texts = FIELDS.iter().map(|field| (field.name.to_owned(), field.text_in(&of.row))).collect();
    texts.insert(variables::FIELD.to_owned(), variables::text(&variables_of(of)));
    texts
}

/// The variables of one.
pub(super) fn variables_of(of: &Whole) -> Map<String, Value> {
    of.row.get("environment_variables").and_then(Value::as_object).cloned().unwrap_or_default()
}

/// Writes what somebody changed; what others changed meanwhile stays, unless it is the same.
pub(super) async fn edit(
    tx: &Tx<'_>,
    tools: &Tools,
    visitor: &Visitor,
    id: Uuid,
    typed: (&Texts, &Texts),
    secrets: &Secrets,
) -> Result<Edited, Problem> {
    let (saw, typed) = typed;
    let now = store::held(tx, id).await?.ok_or_else(absent)?;
    visitor.has_to_write_for(tx, now.about.client_id).await?;
    let meeting = Meeting::of(saw, typed, &texts(&now));
    if !meeting.clashes.is_empty() {
        return Ok(Edited::Met(meeting));
    }
    let columns = columns(&now, &meeting, secrets)?;
    if !columns.is_empty() {
        let edit = written(id, columns, Some(Base::Version(now.about.version.into())));
        let reason = format!("edit deployment configuration {}", now.about.name);
        Box::pin(apply_any(tx, tools, vec![edit], &reason)).await.map_err(at_its_field)?;
    }
    Ok(Edited::Done)
}

/// The columns that an edit writes; every fault at once.
fn columns(now: &Whole, meeting: &Meeting, secrets: &Secrets) -> Result<Map<String, Value>, Problem> {
    let refusal = "the deployment configuration can't be saved like this";
    let typed = |name: &str| {
        let is_mine = meeting.mine.iter().any(|mine| mine == name);
        meeting.merged.get(name).filter(|_| is_mine).map(String::as_str)
    };
    let mut faults = Vec::new();
    let mut columns = record::parse(FIELDS, refusal, typed).unwrap_or_else(|problem| {
        faults.extend(problem.errors);
        Map::new()
    });
    let plain = typed(variables::FIELD);
    if plain.is_some() || !secrets.is_nothing() {
        match variables::edited(&variables_of(now), plain, secrets) {
            Ok((all, names)) => {
                columns.insert("environment_variables".to_owned(), Value::Object(all));
                columns.insert("secret_variables".to_owned(), json!(names));
            }
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(columns) } else { Err(Problem::faults(refusal, faults)) }
}

/// Removes one, as somebody saw it last; the change that did it.
pub async fn remove(
    tx: &Tx<'_>,
    tools: &Tools,
    visitor: &Visitor,
    id: Uuid,
    seen: Option<i64>,
) -> Result<Applied, Problem> {
    visitor.has_to_be(ADMINISTRATORS)?;
    let base = seen.map(Base::Version);
    let edit = RowEdit { table: TABLE, row_id: id, operation: Operation::Delete, columns: Map::new(), base };
    Box::pin(apply_any(tx, tools, vec![edit], &format!("remove deployment configuration {id}"))).await
}

/// One that the caller sees.
pub async fn found(tx: &Tx<'_>, visitor: &Visitor, id: Uuid) -> Result<Whole, Problem> {
    store::whole(tx, id, visitor.person.role == Role::Client).await?.ok_or_else(absent)
}

/// There is none, or none that whoever asks sees.
pub fn absent() -> Problem {
    Problem::absent("there is no such deployment configuration, or you aren't a member of its client")
        .mend("look for it in the list of deployment configurations")
}

const TABLE: ConfigTable = ConfigTable::DeploymentConfigurations;

fn written(row_id: Uuid, columns: Map<String, Value>, base: Option<Base>) -> RowEdit {
    RowEdit { table: TABLE, row_id, operation: Operation::Update, columns, base }
}

/// A refusal with each fault at its field.
pub(super) fn at_fields(mut problem: Problem) -> Problem {
    for fault in &mut problem.errors {
        fault.pointer = at_field(&fault.pointer);
    }
    problem
}

fn at_field(pointer: &str) -> String {
    let place = pointer.strip_prefix("/edits/0").unwrap_or(pointer);
    let place = place.strip_prefix("/columns").unwrap_or(place);
    let first = place.trim_start_matches('/').split('/').next().unwrap_or_default();
    let is_variable = ["environment_variables", "secret_variables"].contains(&first);
    let own = [variables::FIELD, variables::NEW_NAME, variables::NEW_VALUE, "environment", "deployment_template"];
    match first {
        _ if is_variable => format!("/{}", variables::FIELD),
        "features" => place.replacen("/features", "/feature_flags", 1),
        _ if own.contains(&first) || FIELDS.iter().any(|field| field.name == first) => place.to_owned(),
        _ => format!("/application_config{place}"),
    }
}

/// Tells of a name that is taken at the field of the name.
fn at_its_field(problem: Problem) -> Problem {
    let constraint = problem.database().and_then(|refusal| refusal.constraint());
    if constraint != Some("deployment_configurations_client_environment_name_key") {
        return problem;
    }
    let fault = Fault::at("/deployment_name", "unique", "is another one's in this environment already");
    Problem::faults("it can't be saved like this", vec![fault.mend("give it another name")])
}

/// When somebody last looked, as a version.
pub(super) fn version(text: Option<&str>) -> Option<i64> {
    text.and_then(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_stands_at_its_field() {
        for (pointer, field) in [
            ("/edits/0/columns/environment_variables/KEY", "/variables"),
            ("/features/statusPage", "/feature_flags/statusPage"),
            ("/branding/logo", "/application_config/branding/logo"),
            ("/deployment_name", "/deployment_name"),
            ("/new_secret_name", "/new_secret_name"),
            ("/edits/0/columns/region", "/region"),
        ] {
            assert_eq!(at_field(pointer), field, "{pointer}");
        }
    }
}
