use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::super::directory::{self, Part};
use super::new::{LONGEST_NAME, name};
use crate::auth::console::Open;
use crate::console::components::{Column, Facts, Table, Tone, badge, card, empty, field, moment};
use crate::console::components::{Icon, icon};
use crate::console::door::chosen;
use crate::console::meeting::{self, Meeting, SAW, Texts};
use crate::console::{Console, Done, Form, Page, Sent, Visitor, words};
use crate::problem::{Fault, Problem};

/// Where it is.
const PAGE: &str = "/people/me";

/// What stands in the page's two forms.
struct Forms {
    person: Form,
    saw: Texts,
    notice: Markup,
    password: Form,
}

impl Forms {
    fn of(visitor: &Visitor) -> Self {
        let held = held(visitor);
        Self { person: Form::holding(held.clone()), saw: held, notice: html! {}, password: Form::empty() }
    }
}

/// What somebody has said about themselves.
fn held(visitor: &Visitor) -> Texts {
    let held = [("name", visitor.given_name()), ("time_zone", visitor.chosen_zone())];
    held.map(|(name, text)| (name.to_owned(), text.to_owned())).into()
}

/// What a field is called.
fn label(name: &str) -> &'static str {
    if name == "name" { "Name" } else { "Time zone" }
}

pub(super) async fn show(State(console): State<Console>, visitor: Visitor) -> Result<Page, Problem> {
    page(&console, &visitor, &Forms::of(&visitor)).await
}

/// Writes what somebody says about themselves.
pub(super) async fn introduce(
    State(console): State<Console>,
    visitor: Visitor,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    sent.only(&["name", "time_zone", SAW])?;
    let zone = sent.trimmed("time_zone").unwrap_or_default();
    let now = held(&visitor);
    let saw = meeting::seen_or(&sent, &now);
    let problem = match (name(&sent), known_zone(zone)) {
        (Ok(name), Ok(())) => {
            let typed = [("name", name.as_str()), ("time_zone", zone)];
            let typed = typed.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
            let met = Meeting::of(&saw, &typed, &now);
            if !met.clashes.is_empty() {
                let forms = Forms { person: met.form(), notice: met.notice(label), ..Forms::of(&visitor) };
                return Ok(page(&console, &visitor, &forms).await?.status(StatusCode::CONFLICT).into_response());
            }
            visitor.introduce(&console, &met.merged["name"], &met.merged["time_zone"]).await?;
            return Ok(Done::to(PAGE).saying("Saved.").into_response());
        }
        (name, zone) => {
            let faults = name.err().into_iter().chain(zone.err()).collect();
            Problem::faults("this can't be saved like that", faults)
        }
    };
    let forms = Forms { person: Form::of(&sent).refused(&problem), saw, ..Forms::of(&visitor) };
    Ok(page(&console, &visitor, &forms).await?.status(problem.status).into_response())
}

/// Gives somebody another password, who shows the current one.
pub(super) async fn change_password(
    State(console): State<Console>,
    visitor: Visitor,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    sent.only(&["username", "current_password", "password"])?;
    let secret = |name| Zeroizing::new(sent.get(name).unwrap_or_default().to_owned());
    let changed = match chosen(&sent, "password") {
        Ok(_) => visitor.change_password(&console, secret("password"), secret("current_password")).await,
        Err(problem) => Err(problem),
    };
    match changed {
        Ok(()) => {
            let said = "Your password is another now, and your other sessions have ended.";
            Ok(Done::to(PAGE).saying(said).into_response())
        }
        Err(mut problem) if problem.status.is_client_error() => {
            if problem.status == StatusCode::BAD_REQUEST && problem.errors.is_empty() {
                problem.errors.push(Fault::at("/current_password", "password", problem.detail.clone()));
            }
            let forms = Forms { password: Form::of(&sent).refused(&problem), ..Forms::of(&visitor) };
            Ok(page(&console, &visitor, &forms).await?.status(problem.status).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// Ends one of somebody's own sessions, or all but this one.
pub(super) async fn end_sessions(
    State(console): State<Console>,
    visitor: Visitor,
    sent: Sent,
) -> Result<Done, Problem> {
    sent.only(&["session"])?;
    let one = match sent.get("session") {
        None => None,
        Some(id) => {
            let id = Uuid::try_parse(id).map_err(|_| Problem::invalid("a session is named by its id"))?;
            Some(id)
        }
    };
    visitor.end_session(&console, one).await?;
    Ok(Done::to(PAGE).saying(if one.is_some() { "The session has ended." } else { "Your other sessions have ended." }))
}

fn known_zone(zone: &str) -> Result<(), Fault> {
    if zone.is_empty() || TimeZone::get(zone).is_ok() {
        return Ok(());
    }
    let said = "there is no time zone of that name";
    Err(Fault::at("/time_zone", "zone", said).mend("write it as Europe/Berlin, or leave it empty"))
}

async fn page(console: &Console, visitor: &Visitor, forms: &Forms) -> Result<Page, Problem> {
    let tx = visitor.begin(console).await?;
    let parts = directory::parts(&tx, visitor.person.id).await?;
    tx.commit().await?;
    let sessions = visitor.open_sessions(console).await?;
    Ok(Page::new(visitor, "Your account").body(html! {
        (card("You", &html! { (facts(visitor, &parts)) (person(forms)) }))
        (card("Password", &password(visitor, &forms.password)))
        (card("Where you are signed in", &open(visitor, &sessions)))
    }))
}

fn facts(visitor: &Visitor, parts: &[Part]) -> Facts {
    let clients: Vec<String> =
        parts.iter().map(|part| format!("{} ({})", part.client_name, words::label(&part.member_role))).collect();
    Facts::new()
        .fact("E-mail", Some(html! { (visitor.person.email) }))
        .fact("Role", Some(html! { (words::role(visitor.person.role)) }))
        .fact("Clients", (!clients.is_empty()).then(|| html! { (clients.join(", ")) }))
}

fn person(forms: &Forms) -> Markup {
    let form = &forms.person;
    html! {
        (forms.notice)
        (form.summary())
        form method="post" action=(PAGE) {
            (meeting::saw(&forms.saw))
            (field::text(form, "name", label("name")).autocomplete("name").longest(LONGEST_NAME))
            (field::text(form, "time_zone", label("time_zone")).placeholder("Europe/Berlin").longest(64)
                .hint("Times are shown in it. Empty: as your browser has it."))
            div.form-footer { button.btn.btn-primary { "Save" } }
        }
    }
}

fn password(visitor: &Visitor, form: &Form) -> Markup {
    html! {
        (form.summary())
        form method="post" action={ (PAGE) "/password" } {
            input.visually-hidden type="text" name="username" value=(visitor.person.email) autocomplete="username" readonly
                tabindex="-1" aria-hidden="true";
            (field::password(form, "current_password", "Current password").required().autocomplete("current-password"))
            (field::password(form, "password", "New password").required().autocomplete("new-password").longest(1_000)
                .hint("8 characters or more. Your other sessions end."))
            div.form-footer { button.btn.btn-primary { "Change the password" } }
        }
    }
}

fn open(visitor: &Visitor, sessions: &[Open]) -> Markup {
    let columns = [
        Column::new("Where"),
        Column::new("From").wide_only(),
        Column::new("Since").wide_only(),
        Column::new("Last used"),
        Column::new("End").quiet().below(),
    ];
    let table = sessions.iter().fold(Table::new("Sessions", columns), |table, open| table.row(row(visitor, open)));
    html! {
        @if sessions.is_empty() {
            (empty(Icon::Screen, "Nowhere", "Each browser and app that you sign in with stands here."))
        } @else {
            (table)
        }
        @if sessions.len() > 1 {
            form method="post" action={ (PAGE) "/sessions/end" } {
                button.btn { (icon(Icon::Logout)) "End all but this one" }
            }
        }
    }
}

fn row(visitor: &Visitor, open: &Open) -> [Markup; 5] {
    let is_this = open.id == visitor.session;
    let device = open.device.as_deref().map_or_else(|| "Unknown".to_owned(), device);
    [
        html! {
            @if open.is_console { (device) } @else { "An app" }
            @if is_this { " " (badge(Tone::Good, "this one")) }
        },
        html! { (open.address.as_deref().unwrap_or(words::NONE)) },
        moment(open.started_at, &visitor.zone),
        moment(open.used_at, &visitor.zone),
        html! {
            @if !is_this {
                form method="post" action={ (PAGE) "/sessions/end" } {
                    (field::hidden("session", &open.id.to_string()))
                    button.btn.btn-sm { "End" }
                }
            }
        },
    ]
}

/// What a browser says it is, in two words.
fn device(said: &str) -> String {
    let first = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(mark, _)| said.contains(mark)).map_or("unknown", |(_, name)| name)
    };
    // In this order: most of them name others, too, which they want to be taken for.
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        ("unknown", _) => said.chars().take(40).collect(),
        (browser, "unknown") => browser.to_owned(),
        (browser, system) => format!("{browser} on {system}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_by_what_it_is_and_not_by_what_it_wants_to_be_taken_for() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(device(chrome), "Chrome on Linux");
        assert_eq!(device(&format!("{chrome} Edg/140.0")), "Edge on Linux");
        assert_eq!(device("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18 Safari/605"), "Safari on macOS");
        assert_eq!(device("something else"), "something else");
    }
}
