use axum::extract::{Path, State};
use maud::html;
use uuid::Uuid;

use super::charts::{FIGURES, Figures, filters};
use crate::analytics::store;
use crate::analytics::types::{Known, Span};
use crate::console::components::day;
use crate::console::list::Asked;
use crate::console::{Console, OfClient, Page, Visitor};
use crate::db::tx::Tx;
use crate::problem::Problem;

/// Figures of one client.
pub(super) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Page, Problem> {
    let span = Span::parse(asked.some("days"), visitor.screen.now, &visitor.zone)?;
    let tx = visitor.snapshot(&console).await?;
    let client = OfClient::find(&tx, &id).await?;
    let figures = read(&tx, span, Some(client.id)).await?;
    let body = html! {
        (filters(&asked))
        div #(FIGURES) {
            @if figures.is_nothing() { (figures.nothing()) } @else {
                p.text-secondary { (day(span.from)) " to " (day(span.to)) }
                (figures.glance())
                (figures.charts())
            }
        }
    };
    Ok(client.page(&visitor, "Analytics", "analytics", &body))
}

/// What is known of a span, of one client or of all that the caller sees.
pub(super) async fn read(tx: &Tx<'_>, span: Span, client: Option<Uuid>) -> Result<Figures, Problem> {
    let reported = store::reported(tx, span, client).await?;
    let known = if reported.days.is_empty() { store::known(tx, span, client).await? } else { Known::default() };
    Ok(Figures { span, reported, known })
}
