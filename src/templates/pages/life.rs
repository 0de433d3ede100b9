use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, json};
use uuid::Uuid;

use super::{KEEPERS, version};
use crate::configurations::ConfigTable;
use crate::configurations::changes::{Desk, Wanted};
use crate::console::{Done, Sent, Visitor};
use crate::problem::Problem;
use crate::templates::Stage;
use crate::templates::store::versions;
use crate::templates::versions::due;

/// Proposes that a version goes on to its next stage, and leads to what that would do to every client.
pub(super) async fn advance(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path((template_id, number)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only(&["to", "base", "reason"])?;
    match proposed(&desk, &visitor, &template_id, &number, &sent).await {
        Ok(id) => Ok(Done::to(format!("/changes/{id}"))
            .saying("Proposed. Nothing is changed until it is applied.")
            .into_response()),
        Err(problem) if version::is_about_it(&problem) => {
            Ok(version::refused(&desk, &visitor, &template_id, &number, &sent, &problem).await?.into_response())
        }
        Err(problem) => Err(problem),
    }
}

async fn proposed(
    desk: &Desk,
    visitor: &Visitor,
    template_id: &str,
    number: &str,
    sent: &Sent,
) -> Result<Uuid, Problem> {
    let to = sent.get("to").and_then(Stage::by_word);
    let to = to.ok_or_else(|| Problem::invalid("there is no such stage of a version").mend("load the page again"))?;
    let tx = visitor.snapshot(desk.console()).await?;
    let all = versions(&tx, template_id).await?;
    let found = due(&all, template_id, number, to)?;
    let (row_id, columns) = (found.id, Map::from_iter([("status".to_owned(), json!(to))]));
    drop(tx);
    let own = format!("{template_id} {number} becomes {to}");
    let reason = sent.trimmed("reason").unwrap_or(&own);
    let base = json!(sent.get("base").unwrap_or_default());
    let wanted = Wanted { base: Some(base), ..Wanted::row(ConfigTable::TemplateConfigurations, row_id, columns) };
    desk.propose(visitor, vec![wanted], reason).await
}
