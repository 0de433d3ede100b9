use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use maud::{Markup, Render as _, html};

use super::About;
use super::store::{self, Found};
use crate::console::components::{Column, Facts, Icon, Table, Tone, badge, card, icon, json, moment};
use crate::console::{ADMINISTRATORS, Console, Done, Nav, Page, Sent, Visitor, words};
use crate::db::doctor::Severity;
use crate::db::migrate::migrations;
use crate::db::policies::rules::Role;
use crate::problem::Problem;
use crate::runs::Run;
use crate::secrets::Keys;
use crate::secrets::verify::{self, Listed};
use crate::settings::{Source, Told};

/// Who looks after the installation.
const KEEPERS: &[Role] = ADMINISTRATORS;

/// What the page needs.
#[derive(Clone)]
struct Installation {
    console: Console,
    keys: Arc<Keys>,
    about: About,
}

/// The page of the installation.
pub fn routes<S: Clone + Send + Sync + 'static>(console: Console, keys: Arc<Keys>, about: About) -> Router<S> {
    Router::new().route("/system", get(show)).route("/system/months", post(make_months)).with_state(Installation {
        console,
        keys,
        about,
    })
}

async fn show(State(installation): State<Installation>, visitor: Visitor) -> Result<Page, Problem> {
    visitor.has_to_be(KEEPERS)?;
    let tx = visitor.begin(&installation.console).await?;
    let found = store::look(&tx).await?;
    let keys = verify::list(&tx, &installation.keys).await?;
    let body = html! {
        (findings(&found))
        div.cards { (schema(&found, &visitor)) (months(&found)) }
        div.cards { (jobs(&found, &installation.about, &visitor)) (backups(&found, &visitor)) }
        (of_keys(&keys, &installation.keys, &visitor))
        (settings(&installation.about.settings))
    };
    Ok(Page::new(&visitor, "System").under(Nav::System).body(body))
}

/// Makes the months that are missing.
async fn make_months(
    State(installation): State<Installation>,
    visitor: Visitor,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(KEEPERS)?;
    sent.only(&[])?;
    let tx = visitor.begin(&installation.console).await?;
    let made = store::make_months(&tx).await?;
    tx.commit().await?;
    let said = if made.is_empty() {
        "Every month was there already.".to_owned()
    } else {
        let count = i64::try_from(made.len()).unwrap_or(i64::MAX);
        format!("{} made.", words::count(count, "partition", "partitions"))
    };
    Ok(Done::to("/system").saying(said).into_response())
}

fn findings(found: &Found) -> Markup {
    let columns = [Column::new("Finding"), Column::new("Where"), Column::new("What to do")];
    let table = found.findings.iter().fold(Table::new("What the doctor finds", columns), |table, finding| {
        let (tone, word) = match finding.severity {
            Severity::Wrong => (Tone::Bad, "wrong"),
            Severity::Warning => (Tone::Attention, "warning"),
        };
        table.row([
            html! { (badge(tone, word)) " " (finding.what) },
            html! { (finding.place) },
            html! { (finding.mend) },
        ])
    });
    let body = html! {
        @if found.findings.is_empty() {
            p.text-secondary { (icon(Icon::CircleCheck)) " Nothing to mend." }
        } @else {
            (table.render())
        }
        p.note { "As far as the server's own role sees. " code { "tenantry doctor" } " looks with the operator's, and at the disk." }
    };
    card("What the doctor finds", &body)
}

fn schema(found: &Found, visitor: &Visitor) -> Markup {
    let known = migrations();
    let missing =
        known.iter().filter(|known| !found.migrations.iter().any(|done| done.name == known.name && done.at.is_some()));
    let missing: Vec<&str> = missing.map(|migration| migration.name).collect();
    let state = html! {
        @if missing.is_empty() { (badge(Tone::Good, "current")) } @else { (badge(Tone::Bad, "behind")) " lacks " (missing.join(", ")) }
    };
    let facts = Facts::new()
        .fact("Tenantry", Some(html! { (env!("CARGO_PKG_VERSION")) }))
        .fact("PostgreSQL", Some(html! { (found.postgresql) }))
        .fact("Size", Some(html! { (words::grouped(&(found.size / (1 << 20)).to_string())) " MiB" }))
        .fact("Schema", Some(state));
    let columns = [Column::new("Migration"), Column::new("Steps").number(), Column::new("Applied")];
    let table = found.migrations.iter().fold(Table::new("Migrations", columns), |table, done| {
        table.row([
            html! { (done.name) },
            html! { (done.steps) },
            done.at.map_or_else(|| badge(Tone::Attention, "begun"), |at| moment(at, &visitor.zone)),
        ])
    });
    let all = html! {
        (facts)
        details.more { summary { (words::count(i64::try_from(found.migrations.len()).unwrap_or(i64::MAX), "migration", "migrations")) } (table) }
    };
    card("Schema", &all)
}

fn months(found: &Found) -> Markup {
    let columns = [Column::new("Table"), Column::new("Months ahead").number()];
    let table = found.ahead.iter().fold(Table::new("Partitions", columns), |table, ahead| {
        table.row([
            html! { (ahead.table) },
            html! { (ahead.months) @if ahead.months < 6 { " " (badge(Tone::Attention, "few")) } },
        ])
    });
    let body = html! {
        (table)
        form.after-table method="post" action="/system/months" {
            button.btn type="submit" { (icon(Icon::Calendar)) "Make months ahead" }
        }
        p.note { "The server does this by itself, once a day." }
    };
    card("Partitions", &body)
}

fn jobs(found: &Found, about: &About, visitor: &Visitor) -> Markup {
    let seal = found.seal.as_ref().map(|seal| html! { "number " (seal.number) ", " (moment(seal.at, &visitor.zone)) });
    let last = about.runs.last();
    let facts = Facts::new().fact("Newest seal of the audit log", seal);
    let facts = last.iter().fold(facts, |facts, (job, run)| facts.fact(job, Some(ran(run, visitor))));
    let body = html! {
        (facts)
        @if last.is_empty() { p.note { "No other job has run since this server started." } }
    };
    card("Jobs", &body)
}

fn ran(run: &Run, visitor: &Visitor) -> Markup {
    html! {
        (moment(run.at, &visitor.zone)) ", " (run.took.as_millis()) " ms: "
        @match &run.outcome {
            Ok(done) => (done),
            Err(wrong) => { (badge(Tone::Bad, "failed")) " " (wrong) },
        }
    }
}

fn backups(found: &Found, visitor: &Visitor) -> Markup {
    let body = html! {
        @if found.backups.is_empty() {
            p.text-secondary { "The audit log knows of none. Take one with " code { "tenantry backup --prove DIR" } "." }
        } @else {
            ul.lately {
                @for backup in &found.backups {
                    li {
                        details.more {
                            summary { (words::label(&backup.what)) @if let Some(by) = &backup.by { " by " (by) } }
                            @if let Some(details) = &backup.details { (json(details)) }
                        }
                        span.lately-end { (moment(backup.at, &visitor.zone)) }
                    }
                }
            }
        }
    };
    card("Backups", &body)
}

fn of_keys(all: &[Listed], keys: &Keys, visitor: &Visitor) -> Markup {
    let columns = [
        Column::new("Key"),
        Column::new("Role"),
        Column::new("Needed since").wide_only(),
        Column::new("Data keys").number().wide_only(),
        Column::new("Secrets").number(),
    ];
    let table = all.iter().fold(Table::new("Keys that secrets are under", columns), |table, key| {
        let none = || html! { (words::NONE) };
        let role = match key.role {
            verify::Role::Encrypts => badge(Tone::Good, "encrypts"),
            verify::Role::Decrypts => badge(Tone::Quiet, "decrypts"),
            verify::Role::Missing => badge(Tone::Bad, "missing"),
        };
        table.row([
            html! { code { (key.key_id) } },
            role,
            key.first_used_at.map_or_else(none, |at| moment(at, &visitor.zone)),
            html! { (key.data_keys) },
            html! { (key.secrets) },
        ])
    });
    let body = html! {
        @if all.is_empty() { p.text-secondary { "None yet: the first start makes one." } } @else { (table.render()) }
        p.note {
            "Kept in " (keys.source().describe()) ", not in the database. Keys are rotated where they are kept, on the command line, and never by a browser's request: "
            code { "tenantry keys rotate" } " wraps every data key by a new one, "
            code { "tenantry keys rotate --client CLIENT" } " seals one client's secrets anew, "
            code { "tenantry keys sweep" } " removes secrets that nothing refers to, which the server does once a day besides."
        }
    };
    card("Keys", &body)
}

fn settings(all: &[Told]) -> Markup {
    let columns = [Column::new("Setting"), Column::new("Value"), Column::new("From")];
    let table = all.iter().fold(Table::new("Settings", columns), |table, told| {
        let source = match told.source {
            Source::CommandLine => html! { "command line" },
            Source::Environment => html! { code { (told.variable.as_deref().unwrap_or_default()) } },
            Source::Default => html! { span.text-secondary { "default" } },
        };
        let value = told.value.as_deref().map_or_else(|| html! { (words::NONE) }, |value| html! { code { (value) } });
        table.row([html! { code { (told.name) } br; span.text-secondary { (told.heading) } }, value, source])
    });
    let body = html! {
        @if all.is_empty() {
            p.text-secondary { "This server wasn't started by the command line, which tells its settings." }
        } @else {
            (table.render())
        }
    };
    card("Settings", &body)
}
