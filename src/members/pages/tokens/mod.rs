//! API and runtime tokens: which there are, new ones, shown once, and the end of one.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::Response;
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use uuid::Uuid;

use crate::auth::token::Kind;
use crate::auth::tokens::{self, Filter, Listed};
use crate::console::components::{Choice, Column, Filters, Icon, Table, Tone, badge, empty, icon, moment, pager};
use crate::console::list::{Asked, PAGE, Rows};
use crate::console::{Console, Done, MANAGERS, Nav, Page, Sent, Visitor, words};
use crate::db::policies::rules::Role;
use crate::problem::Problem;

pub(super) mod new;

/// Who sees tokens: the database shows each of them only their own kind of them.
const READERS: &[Role] = MANAGERS;

/// The element that holds the rows.
const LIST: &str = "tokens";

pub(super) async fn show(State(console): State<Console>, visitor: Visitor, asked: Asked) -> Result<Page, Problem> {
    visitor.has_to_be(READERS)?;
    let rows = read(&console, &visitor, &asked).await?;
    let kinds = kinds(&visitor);
    let filters =
        Filters::new(&asked, LIST).choice(Choice::of_words("kind", "Kind", kinds.iter().map(|kind| kind.as_str())));
    Ok(Page::new(&visitor, "Tokens")
        .under(Nav::Tokens)
        .actions(html! { a.btn.btn-primary href="/tokens/new" { (icon(Icon::Plus)) "Make a token" } })
        .body(html! {
            @if kinds.len() > 1 { (filters) }
            div.card.list-frame #(LIST) {
                (filters.summary())
                @if rows.rows.is_empty() {
                    (empty(Icon::Key, "No tokens", "A client's app reads its configuration with a token, and so do \
                        programs that call the APIs. Make one for each."))
                } @else {
                    (table(&rows, &visitor))
                    (pager(&asked, &rows))
                }
            }
        }))
}

/// Ends a token: it is refused from the next request on.
pub(super) async fn revoke(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(READERS)?;
    sent.only(&[])?;
    let tx = visitor.begin(&console).await?;
    let absent = || Problem::absent("there is no such token").mend("look for it in the list of tokens");
    let revoked = tokens::revoke(&tx, id).await?.ok_or_else(absent)?;
    tx.commit().await?;
    Ok(Done::to("/tokens")
        .saying(format!("{} ({}) is refused from now on.", revoked.name, revoked.prefix))
        .into_response())
}

/// The kinds of tokens that somebody may make.
fn kinds(visitor: &Visitor) -> &'static [Kind] {
    if visitor.is(&[Role::SuperAdmin]) { &Kind::ALL } else { &[Kind::Runtime] }
}

async fn read(console: &Console, visitor: &Visitor, asked: &Asked) -> Result<Rows<Listed>, Problem> {
    let kind = asked.some("kind").and_then(|kind| Kind::ALL.into_iter().find(|known| known.as_str() == kind));
    let after = asked.some("after").and_then(|id| Uuid::try_parse(id).ok());
    let limit = i64::try_from(PAGE + 1).ok();
    let tx = visitor.begin(console).await?;
    let mut rows = tokens::list(&tx, &Filter { kind, client_id: None, after, limit }).await?;
    tx.commit().await?;
    let has_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let after = rows.last().filter(|_| has_more).map(|last| last.id.to_string());
    Ok(Rows { rows, before: None, after })
}

fn table(rows: &Rows<Listed>, visitor: &Visitor) -> Markup {
    let columns = [
        Column::new("Token"),
        Column::new("Kind"),
        Column::new("May").wide_only(),
        Column::new("Last used").wide_only(),
        Column::new("Ends"),
        Column::new("Revoke").quiet().below(),
    ];
    let table = rows.rows.iter().fold(Table::new("Tokens", columns), |table, token| table.row(row(token, visitor)));
    html! { (table) }
}

fn row(token: &Listed, visitor: &Visitor) -> [Markup; 6] {
    let is_over = token.revoked_at.is_some() || token.expires_at.is_some_and(|ends| ends <= visitor.screen.now);
    [
        html! {
            (token.name)
            div.text-secondary { code { (token.prefix) "…" } }
        },
        html! {
            (words::label(&token.kind))
            @if let Some(environment) = &token.environment { div.text-secondary { (environment) } }
        },
        html! { (token.scopes.join(", ")) },
        html! {
            @match token.last_used_at {
                Some(at) => (moment(at, &visitor.zone)),
                None => span.text-secondary { "not yet" },
            }
        },
        html! {
            @match (token.revoked_at, token.expires_at) {
                (Some(_), _) => (badge(Tone::Bad, "Revoked")),
                (None, Some(_)) if is_over => (badge(Tone::Bad, "Expired")),
                (None, Some(ends)) => (moment(ends, &visitor.zone)),
                (None, None) => span.text-secondary { "never" },
            }
        },
        html! {
            @if !is_over {
                form method="post" action={ "/tokens/" (token.id) "/revoke" } {
                    button.btn.btn-sm { "Revoke" span.visually-hidden { " " (token.name) } }
                }
            }
        },
    ]
}
