use layers::Weight;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::store::{self, DeploymentConfiguration};
use super::types::{AppliedConfiguration, Judged};
use crate::configurations::changes::{Applied, Tools, apply_any};
use crate::configurations::documents::{Edits, Inputs, Target, Wanted};
use crate::configurations::{ConfigTable, Environment, Operation, RowEdit};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};

/// Looks whether the document that a deployment configuration would give is whole and right, and notes what was found.
pub async fn validate(tx: &Tx<'_>, tools: &Tools, id: Uuid, reason: Option<&str>) -> Result<Judged, Problem> {
    let found = read(tx, id).await?;
    let faults = tx.as_worker(judge(tx, tools, id, &found)).await?;
    let is_ready = faults.is_empty();
    let status = match (found.status.as_str(), is_ready) {
        ("draft" | "failed", true) => "validated",
        ("validated", false) => "failed",
        (status, _) => status,
    };
    let mut columns = Map::new();
    columns.insert("validation_results".to_owned(), json!({ "is_ready": is_ready, "faults": faults }));
    if status != found.status {
        columns.insert("status".to_owned(), json!(status));
    }
    let reason = reason.map_or_else(|| format!("validate deployment configuration {id}"), ToOwned::to_owned);
    let Applied { change_id, .. } = apply_any(tx, tools, vec![written(id, columns)], &reason).await?;
    Ok(Judged { id, status: status.to_owned(), is_ready, faults, change_id })
}

/// Puts a validated deployment configuration into force, and whatever was in its place out of it.
pub async fn apply(
    tx: &Tx<'_>,
    tools: &Tools,
    id: Uuid,
    reason: Option<&str>,
) -> Result<AppliedConfiguration, Problem> {
    let found = read(tx, id).await?;
    match found.status.as_str() {
        "validated" => {}
        "applied" => {
            return Err(Problem::invalid("this deployment configuration is in force already")
                .mend("edit it, which makes it a draft, then validate it, then apply it"));
        }
        status => {
            return Err(Problem::invalid(format!("a deployment configuration that is {status} can't be applied"))
                .mend(format!("validate it first: POST /api/v1/deployment-configurations/{id}/validate")));
        }
    }
    let replaced = store::in_force(tx, id, &found).await?;
    let reason = reason.map_or_else(|| format!("apply deployment configuration {id}"), ToOwned::to_owned);
    let Applied { change_id, revision, .. } = apply_any(tx, tools, vec![applied(id)], &reason).await?;
    Ok(AppliedConfiguration { id, replaced, change_id, revision })
}

async fn read(tx: &Tx<'_>, id: Uuid) -> Result<DeploymentConfiguration, Problem> {
    store::deployment_configuration(tx, id)
        .await?
        .ok_or_else(|| Problem::absent(format!("there is no deployment configuration {id}")).mend("name one by its id"))
}

/// What is wrong with the document once the configuration is in force.
async fn judge(tx: &Tx<'_>, tools: &Tools, id: Uuid, of: &DeploymentConfiguration) -> Result<Vec<Fault>, Problem> {
    let environment: Environment = of.environment.parse().map_err(Problem::invalid)?;
    let clients = [of.client_id];
    let templates: Vec<&str> = of.template_id.as_deref().into_iter().collect();
    let inputs = Inputs::load(tx, &tools.compiled, Wanted::clients(&clients).asked(&templates)).await?;
    let inputs = inputs.with(&Edits::read(tx, &[applied(id)]).await?, &tools.compiled);
    let target =
        Target { client_id: of.client_id, template_id: of.template_id.as_deref().map(Into::into), environment };
    Ok(faults(&inputs.judge(&target)?.problems))
}

/// Problems as answers tell them, without those that have no effect.
pub(super) fn faults(problems: &[layers::Problem]) -> Vec<Fault> {
    problems.iter().filter(|problem| problem.weight() != Weight::Ignored).map(Fault::from).collect()
}

fn applied(id: Uuid) -> RowEdit {
    written(id, Map::from_iter([("status".to_owned(), Value::from("applied"))]))
}

fn written(row_id: Uuid, columns: Map<String, Value>) -> RowEdit {
    RowEdit { table: ConfigTable::DeploymentConfigurations, row_id, operation: Operation::Update, columns, base: None }
}
