use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use maud::{Markup, html};
use uuid::Uuid;

use super::super::directory::{self, Known};
use super::super::{actions, store};
use super::new::{made, role as chosen_role, roles};
use super::{SUPER_ADMINS, absent, at_form, page_of};
use crate::console::components::{Confirm, field};
use crate::console::meeting::{self, Meeting, SAW, Texts};
use crate::console::{Console, Done, Form, Nav, Page, Sent, Visitor, words};
use crate::db::tx::Tx;
use crate::problem::Problem;

/// The form that gives a person another role.
pub(super) async fn role(
    State(console): State<Console>,
    visitor: Visitor,
    Path(user_id): Path<Uuid>,
) -> Result<Page, Problem> {
    somebody_else(&visitor, user_id)?;
    visitor.stepped_up_here()?;
    let tx = visitor.begin(&console).await?;
    let known = known(&tx, user_id).await?;
    tx.commit().await?;
    let now = now(&known);
    Ok(role_page(&visitor, &known, &Form::holding(now.clone()), &now, &html! {}))
}

/// The role that somebody has, as their form has it.
fn now(known: &Known) -> Texts {
    Texts::from([("role".to_owned(), known.role.map_or("", |role| role.as_str()).to_owned())])
}

/// Gives a person another role: what carries the old one is refused from now on.
pub(super) async fn set_role(
    State(console): State<Console>,
    visitor: Visitor,
    Path(user_id): Path<Uuid>,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    somebody_else(&visitor, user_id)?;
    sent.only(&["role", SAW])?;
    visitor.stepped_up(&sent)?;
    let tx = visitor.begin(&console).await?;
    let known = known(&tx, user_id).await?;
    let now = now(&known);
    let saw = meeting::seen_or(&sent, &now);
    let met = Meeting::of(&saw, &meeting::typed(&sent, ["role"]), &now);
    if !met.clashes.is_empty() {
        let notice = meeting::both(
            met.clashes.iter().map(|clash| ("Role", words::label(&clash.now), words::label(&clash.typed))),
        );
        return Ok(role_page(&visitor, &known, &met.form(), &now, &notice)
            .status(StatusCode::CONFLICT)
            .into_response());
    }
    let refused = match chosen_role(&sent) {
        Err(fault) => Problem::faults("the role can't be that", vec![fault]),
        Ok(role) => match actions::give_role(&tx, user_id, role).await {
            Ok(()) => {
                tx.commit().await?;
                let said = format!("{} is {} now.", known.email, words::label(role.as_str()));
                return Ok(Done::to(page_of(user_id)).saying(said).into_response());
            }
            Err(error) => at_form(error)?,
        },
    };
    let form = Form::of(&sent).refused(&refused);
    Ok(role_page(&visitor, &known, &form, &saw, &html! {}).status(refused.status).into_response())
}

/// Asks whether somebody is to be shut out.
pub(super) async fn confirm_disable(
    State(console): State<Console>,
    visitor: Visitor,
    Path(user_id): Path<Uuid>,
) -> Result<Page, Problem> {
    somebody_else(&visitor, user_id)?;
    let tx = visitor.begin(&console).await?;
    let known = known(&tx, user_id).await?;
    tx.commit().await?;
    let path = page_of(user_id);
    let confirm = Confirm::new(format!("{path}/disable"), "Disable", path.clone()).dangerous().what(html! {
        p { strong { (known.email) } " is shut out at once: every session ends, and personal tokens are refused." }
        p { "People are disabled, never deleted, because trails name them. You can enable them again." }
    });
    Ok(Page::new(&visitor, "Disable a person")
        .under(Nav::People)
        .crumb("People", "/people")
        .crumb(&known.email, path)
        .body(html! { (confirm) }))
}

/// Shuts somebody out.
pub(super) async fn disable(
    State(console): State<Console>,
    visitor: Visitor,
    Path(user_id): Path<Uuid>,
    sent: Sent,
) -> Result<Done, Problem> {
    let known = change(&console, &visitor, user_id, &sent, async |tx| {
        store::set_disabled(tx, user_id, true).await?;
        store::end_sessions(tx, user_id).await?;
        Ok(())
    })
    .await?;
    let path = page_of(user_id);
    Ok(Done::to(&path).saying(format!("{} is shut out.", known.email)).undo(format!("{path}/enable")))
}

/// Lets somebody in again.
pub(super) async fn enable(
    State(console): State<Console>,
    visitor: Visitor,
    Path(user_id): Path<Uuid>,
    sent: Sent,
) -> Result<Done, Problem> {
    let known = change(&console, &visitor, user_id, &sent, async |tx| {
        store::set_disabled(tx, user_id, false).await?;
        Ok(())
    })
    .await?;
    Ok(Done::to(page_of(user_id)).saying(format!("{} may sign in again.", known.email)))
}

/// Ends every session of somebody's.
pub(super) async fn end_sessions(
    State(console): State<Console>,
    visitor: Visitor,
    Path(user_id): Path<Uuid>,
    sent: Sent,
) -> Result<Done, Problem> {
    let known = change(&console, &visitor, user_id, &sent, async |tx| {
        store::end_sessions(tx, user_id).await?;
        Ok(())
    })
    .await?;
    Ok(Done::to(page_of(user_id)).saying(format!("Every session of {} has ended.", known.email)))
}

/// Makes a link by which somebody chooses another password, and shows it once.
pub(super) async fn make_link(
    State(console): State<Console>,
    visitor: Visitor,
    Path(user_id): Path<Uuid>,
    sent: Sent,
) -> Result<Page, Problem> {
    visitor.has_to_be(SUPER_ADMINS)?;
    sent.only(&[])?;
    visitor.stepped_up(&sent)?;
    let tx = visitor.begin(&console).await?;
    let known = known(&tx, user_id).await?;
    let link = actions::link_for(&tx, user_id).await?;
    tx.commit().await?;
    Ok(made(&visitor, &console, &format!("For {}", known.email), user_id, &link))
}

async fn change(
    console: &Console,
    visitor: &Visitor,
    user_id: Uuid,
    sent: &Sent,
    work: impl AsyncFnOnce(&Tx<'_>) -> crate::Result<()>,
) -> Result<Known, Problem> {
    somebody_else(visitor, user_id)?;
    sent.only(&[])?;
    let tx = visitor.begin(console).await?;
    let known = known(&tx, user_id).await?;
    work(&tx).await?;
    tx.commit().await?;
    Ok(known)
}

/// For super admins, about anybody but themselves: so that one is always left.
fn somebody_else(visitor: &Visitor, user_id: Uuid) -> Result<(), Problem> {
    visitor.has_to_be(SUPER_ADMINS)?;
    if user_id == visitor.person.id {
        let said = "nobody changes their own role or shuts themselves out, so that a super admin is always left";
        return Err(Problem::forbidden(said).mend("ask another super admin"));
    }
    Ok(())
}

async fn known(tx: &Tx<'_>, user_id: Uuid) -> Result<Known, Problem> {
    directory::person(tx, user_id).await?.ok_or_else(absent)
}

fn role_page(visitor: &Visitor, known: &Known, form: &Form, saw: &Texts, notice: &Markup) -> Page {
    let path = page_of(known.user_id);
    Page::new(visitor, "Another role")
        .under(Nav::People)
        .crumb("People", "/people")
        .crumb(&known.email, path.clone())
        .body(html! {
            div.card.narrow {
                div.card-body {
                    (notice)
                    (form.summary())
                    p { "From the next request on, " strong { (known.email) } " may do what the role may, and no more." }
                    form method="post" action={ (path) "/role" } {
                        (meeting::saw(saw))
                        (field::select(form, "role", "Role", roles()))
                        div.form-footer {
                            button.btn.btn-primary { "Give the role" }
                            " " a.btn href=(path) { "Cancel" }
                        }
                    }
                }
            }
        })
}
