use std::cmp::Ordering;

use axum::extract::{Path, State};
use maud::{Markup, Render as _, html};
use serde_json::Value;

use super::store::{self, USER_ORDERS, Usage, User};
use super::{KEEPERS, path, version_path};
use crate::configurations::changes::Desk;
use crate::console::components::{
    Choice, Column, Facts, Filters, Icon, Table, Tone, badge, card, empty, icon, moment, pager, status,
};
use crate::console::list::{Asked, Rows};
use crate::console::{AGENCY, Nav, Page, Visitor, template_tabs, words};
use crate::problem::Problem;
use crate::templates::Stage;
use crate::templates::store::{Version, versions};
use crate::templates::versions::newer;

/// The part of the page that lists clients.
const USERS: &str = "users";

/// One template: its versions, and which clients use which.
pub(super) async fn show(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(template_id): Path<String>,
    asked: Asked,
) -> Result<Page, Problem> {
    visitor.has_to_be(AGENCY)?;
    let window = asked.order(USER_ORDERS)?;
    let tx = visitor.snapshot(desk.console()).await?;
    let versions = found(versions(&tx, &template_id).await?)?;
    let newest = newest_active(&versions).map(|version| version.number.as_str());
    let usage = store::usage(&tx, &template_id, newest).await?;
    let users = store::users(&tx, &template_id, asked.some("version"), &window).await?;
    let shown = Shown { visitor: &visitor, template_id: &template_id, versions: &versions, newest, usage: &usage };
    let body = html! {
        (template_tabs(&template_id, "Versions"))
        (shown.list())
        (shown.users(&asked, &users))
        (shown.about())
    };
    Ok(Page::new(&visitor, text(&versions[0], "template_name").unwrap_or(&template_id))
        .under(Nav::Templates)
        .crumb("Templates", "/templates")
        .subtitle(html! { code { (template_id) } })
        .actions(shown.actions())
        .body(body))
}

/// The versions, newest first; there is no template without one.
pub(super) fn found(mut versions: Vec<Version>) -> Result<Vec<Version>, Problem> {
    versions.sort_by(|a, b| newer(b, a));
    if versions.is_empty() {
        return Err(Problem::absent("there is no such template, or none that you see")
            .mend("look for it in the list of templates"));
    }
    Ok(versions)
}

/// The version that those follow who pin none.
pub(super) fn newest_active(versions: &[Version]) -> Option<&Version> {
    versions.iter().filter(|version| version.stage == Some(Stage::Active)).max_by(|a, b| newer(a, b))
}

/// A column of a version that holds text.
pub(super) fn text<'a>(version: &'a Version, column: &str) -> Option<&'a str> {
    version.row.get(column).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// A column of a version that holds a list of texts.
pub(super) fn texts<'a>(version: &'a Version, column: &str) -> Vec<&'a str> {
    version.row.get(column).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

struct Shown<'a> {
    visitor: &'a Visitor,
    template_id: &'a str,
    /// Newest first.
    versions: &'a [Version],
    newest: Option<&'a str>,
    usage: &'a [Usage],
}

impl Shown<'_> {
    fn actions(&self) -> Markup {
        html! {
            @if self.visitor.is(KEEPERS) {
                a.btn.btn-primary href={ (path(self.template_id)) "/new" } { (icon(Icon::Plus)) "New version" }
            }
        }
    }

    fn list(&self) -> Markup {
        let columns = [
            Column::new("Version"),
            Column::new("Status"),
            Column::new("Clients").number().wide_only(),
            Column::new("Pinned").number().wide_only(),
            Column::new("Live deployments").number().wide_only(),
            Column::new("Score").number().wide_only(),
            Column::new("Last used").wide_only(),
        ];
        let table = Table::new("Versions, newest first", columns);
        let table = self.versions.iter().fold(table, |table, version| table.row(self.version(version)));
        html! {
            section.card.list-frame {
                div.card-header { h2.card-title { "Versions" } }
                (table)
            }
        }
    }

    fn version(&self, version: &Version) -> [Markup; 7] {
        let usage = self.usage.iter().find(|usage| usage.version == version.number);
        let number = |of: fn(&Usage) -> i64| html! { (words::grouped(&usage.map_or(0, of).to_string())) };
        [
            html! {
                div.list-main {
                    a href=(version_path(self.template_id, &version.number)) { (version.number) }
                    @if self.newest == Some(version.number.as_str()) { span { "What clients follow who pin none" } }
                }
            },
            standing(version),
            number(|usage| usage.active),
            number(|usage| usage.pinned),
            number(|usage| usage.live_deployments),
            html! {
                @match usage.and_then(|usage| usage.score) {
                    Some(score) => (format!("{score:.1}")),
                    None => span.text-secondary title="No deployment and no health check in 90 days" { (words::NONE) },
                }
            },
            html! {
                @match usage.and_then(|usage| usage.last_used_at) {
                    Some(at) => (moment(at, &self.visitor.zone)),
                    None => span.text-secondary { "not yet" },
                }
            },
        ]
    }

    fn users(&self, asked: &Asked, users: &Rows<User>) -> Markup {
        let numbers = self.versions.iter().map(|version| (version.number.clone(), version.number.clone()));
        let filters = Filters::new(asked, USERS).choice(Choice::of("version", "Pinned version", numbers));
        html! {
            section.template-users aria-label="Clients" {
                h2 { "Clients" }
                (filters)
                div.card.list-frame #(USERS) {
                    (filters.summary())
                    @if users.rows.is_empty() {
                        (empty(Icon::Users, "No client that you see uses it", "A client uses it as soon as it has a customization of it."))
                    } @else {
                        (self.user_table(users))
                    }
                    (pager(asked, users))
                }
            }
        }
    }

    fn user_table(&self, users: &Rows<User>) -> Markup {
        let columns = [
            Column::new("Client"),
            Column::new("Version"),
            Column::new("Customization"),
            Column::new("Changed").wide_only(),
            Column::new("Upgrade").quiet().below(),
        ];
        let table = Table::new("Clients that use the template", columns);
        users.rows.iter().fold(table, |table, user| table.row(self.user(user))).render()
    }

    fn user(&self, user: &User) -> [Markup; 5] {
        let to = self.upgrade_of(user);
        [
            html! { a href={ "/clients/" (user.client_id) } { (user.client) } },
            html! {
                @match (&user.pinned, self.newest) {
                    (Some(pinned), _) => (pinned),
                    (None, Some(newest)) => { (newest) " " span.text-secondary { "(follows the newest)" } },
                    (None, None) => span.text-secondary { (words::NONE) },
                }
            },
            html! { a href={ "/customizations/" (user.customization) } { (status(&user.status)) span.visually-hidden { " customization of " (user.client) } } @if user.is_active { " " (badge(Tone::Good, "Served")) } },
            moment(user.updated_at, &self.visitor.zone),
            html! {
                @if let Some(to) = to {
                    a.btn.btn-sm href={ "/customizations/" (user.customization) "/upgrade?to=" (crate::console::segment(to)) }
                        aria-label={ "Upgrade " (user.client) " to " (to) } { "Upgrade to " (to) "…" }
                }
            },
        ]
    }

    /// The version that a client can be brought to, by whoever may do so: a newer one that is in use.
    fn upgrade_of(&self, user: &User) -> Option<&str> {
        let pinned = user.pinned.as_deref()?;
        let is_for = self.visitor.is(KEEPERS) || user.is_managed;
        let held = self.versions.iter().find(|version| version.number == pinned);
        let to = newest_active(self.versions)?;
        let is_newer = held.is_none_or(|held| newer(to, held) == Ordering::Greater);
        (is_for && is_newer).then_some(to.number.as_str())
    }

    fn about(&self) -> Markup {
        let newest = newest_active(self.versions).unwrap_or(&self.versions[0]);
        let listed = |column: &str| {
            let names: Vec<String> = texts(newest, column).into_iter().map(words::label).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        let facts = Facts::new()
            .fact("Category", text(newest, "category").map(words::label))
            .fact("Industries", listed("supported_industries"))
            .fact("Tags", listed("tags"))
            .fact("Required keys", listed_keys(newest, "required_fields"))
            .fact("Optional keys", listed_keys(newest, "optional_fields"));
        card("About", &facts.render())
    }
}

fn listed_keys(version: &Version, column: &str) -> Option<String> {
    let names = texts(version, column);
    (!names.is_empty()).then(|| names.join(", "))
}

/// How a version stands, also where a site gave it a word of its own.
pub(super) fn standing(version: &Version) -> Markup {
    match version.stage {
        Some(stage) => status(stage.as_str()),
        None => status(text(version, "status").unwrap_or("unknown")),
    }
}
