use axum::extract::{Path, State};
use axum::http::StatusCode;
use maud::{Markup, html};
use serde_json::Value;
use uuid::Uuid;

use crate::configurations::changes::Desk;
use crate::console::components::{Icon, field, icon, secret};
use crate::console::{Form, MANAGERS, Nav, Page, Sent, Visitor, is_ours, list};
use crate::db::policies::rules::Role;
use crate::problem::Problem;
use crate::secrets::reveal::{self, Revealed};

/// Whoever's role lets them open anything.
const MAY: &[Role] = MANAGERS;

/// Asks what a secret is to be revealed for.
pub(super) async fn ask(
    State(_): State<Desk>,
    visitor: Visitor,
    Path(row_id): Path<Uuid>,
    address: list::Asked,
) -> Result<Page, Problem> {
    visitor.has_to_be(MAY)?;
    let form = Form::holding([("at", address.get("at")), ("next", address.get("next"))]);
    Ok(asking(&visitor, row_id, &form))
}

/// Reveals a secret once, to somebody who gave their password again lately, and keeps the reason in the audit log.
pub(super) async fn reveal(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(row_id): Path<Uuid>,
    sent: Sent,
) -> Result<Page, Problem> {
    visitor.has_to_be(MAY)?;
    sent.only(&["reason", "at", "next"])?;
    visitor.stepped_up(&sent)?;
    let reason = sent.get("reason").unwrap_or_default();
    match opened(&desk, &visitor, row_id, sent.trimmed("at"), reason).await {
        Ok(revealed) => shown(&visitor, &revealed, sent.get("next")),
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let form = Form::of(&sent).refused(&problem);
            Ok(asking(&visitor, row_id, &form).status(problem.status))
        }
        Err(problem) => Err(problem),
    }
}

async fn opened(
    desk: &Desk,
    visitor: &Visitor,
    row_id: Uuid,
    at: Option<&str>,
    reason: &str,
) -> Result<Revealed, Problem> {
    reveal::may_ask(&visitor.caller, reason)?;
    let tx = desk.console().database().begin(&visitor.caller, &visitor.act_for(reason)).await?;
    let revealed = reveal::reveal(&tx, &desk.tools().keys, &visitor.caller, row_id, at).await?;
    tx.commit().await?;
    Ok(revealed)
}

fn asking(visitor: &Visitor, row_id: Uuid, form: &Form) -> Page {
    let body = html! {
        form.card.confirm method="post" action={ "/configurations/" (row_id) "/reveal" } {
            div.card-body {
                (form.summary())
                p { "The value is shown once, on the next page. The audit log keeps who looked at it, when, and the reason." }
                (field::hidden("at", form.value("at")))
                (field::hidden("next", form.value("next")))
                (field::text(form, "reason", "Reason").required().focused().longest(1_000)
                    .placeholder("The provider asks who owns the key"))
            }
            div.card-footer.form-buttons {
                button.btn.btn-primary type="submit" { (icon(Icon::Eye)) "Reveal" }
                a.btn href=(back(Some(form.value("next")))) { "Cancel" }
            }
        }
    };
    Page::new(visitor, "Reveal a secret").under(Nav::Clients).crumb("Clients", "/clients").body(body)
}

fn shown(visitor: &Visitor, revealed: &Revealed, next: Option<&str>) -> Result<Page, Problem> {
    let answer = revealed.answer()?;
    let secrets = answer["secrets"].as_array().cloned().unwrap_or_default();
    let body = html! {
        div.card.confirm {
            div.card-body { @for one in &secrets { (value(one)) } }
            div.card-footer.form-buttons { a.btn.btn-primary href=(back(next)) { "Done" } }
        }
    };
    Ok(Page::new(visitor, "Revealed").under(Nav::Clients).crumb("Clients", "/clients").body(body))
}

fn value(one: &Value) -> Markup {
    let label = one["pointer"].as_str().unwrap_or_default();
    match &one["value"] {
        Value::String(text) => secret(label, text),
        other => secret(label, &other.to_string()),
    }
}

fn back(next: Option<&str>) -> &str {
    next.filter(|next| is_ours(next)).unwrap_or("/clients")
}
