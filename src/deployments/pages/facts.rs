//! What is known of a deployment besides what happened to it.

use maud::{Markup, Render as _, html};
use serde_json::Value;

use super::timeline::duration;
use crate::console::components::{Facts, Icon, Tone, badge, card, icon, json, moment, status, told};
use crate::console::list::Asked;
use crate::console::{MANAGERS, Names, Visitor, words};
use crate::db::policies::rules::Role;
use crate::deployments::types::{Inner, Lengths, SetUp, Whole};
use crate::secrets::Mask;

/// How well it does, and how long it took to get there.
pub(super) fn health(of: &Whole, lengths: &Lengths, visitor: &Visitor, names: &Names) -> Markup {
    let deployment = &of.deployment;
    let deployed = deployment.deployed_at.map(|at| {
        html! { (moment(at, &visitor.zone)) @if let Some(person) = of.deployed_by { " by " (names.name(person)) } }
    });
    Facts::new()
        .fact("Checked", deployment.checked_at.map(|at| moment(at, &visitor.zone)))
        .fact("Answered", of.uptime.as_ref().map(|percent| html! { (percent) " % of the time" }))
        .fact("Responds in", of.response_time.as_ref().map(|time| html! { (time) " ms" }))
        .fact("Last build", lengths.build.map(|took| html! { (duration(took)) }))
        .fact("Last deploy", lengths.deploy.map(|took| html! { (duration(took)) }))
        .fact("Deployed", deployed)
        .fact("Begun", Some(moment(deployment.created_at, &visitor.zone)))
        .fact("Changed", Some(moment(of.updated_at, &visitor.zone)))
        .render()
}

/// What it runs with: design, deployment configuration, and the document that the app reads.
pub(super) fn configuration(of: &Whole, set_up: Option<&SetUp>, visitor: &Visitor) -> Markup {
    let design = &of.design;
    let template = match &design.template_version {
        Some(version) => format!("{} {version}", design.template_id),
        None => format!("{}, newest version", design.template_id),
    };
    let number = design.number.map_or_else(String::new, |number| format!(" {number}"));
    let designed = html! {
        a href={ "/customizations/" (design.id) } { "Version" (number) } " of " (template)
        @if design.is_active { " " (badge(Tone::Good, "served")) }
    };
    Facts::new()
        .fact("Design", Some(designed))
        .fact("Set up by", set_up.map(|set_up| set_up_by(set_up, visitor)))
        .fact(
            "Made from",
            of.made_from.as_ref().map(|(id, name)| html! { a href={ "/deployment-templates/" (id) } { (name) } }),
        )
        .fact("Document", Some(document(of, visitor)))
        .render()
}

fn set_up_by(set_up: &SetUp, visitor: &Visitor) -> Markup {
    html! {
        a href={ "/deployment-configurations/" (set_up.id) } { (set_up.name) } " " (status(&set_up.status))
        div.text-secondary {
            "write " (set_up.version)
            @if let Some(revision) = set_up.revision { " · in force since revision " (revision) }
            @if let Some(at) = set_up.applied_at { " · applied " (moment(at, &visitor.zone)) }
        }
    }
}

/// The way to the document as it is, and as it was when this was deployed.
fn document(of: &Whole, visitor: &Visitor) -> Markup {
    let path = format!("/clients/{}/configuration", of.deployment.client_id);
    let now = Asked::parse(&path, "")
        .with("environment", &of.deployment.environment)
        .with("template", &of.design.template_id);
    let then = of.deployment.deployed_at.filter(|_| visitor.person.role != Role::Client);
    html! {
        a href=(now.href()) { "As it is now" }
        @if let Some(at) = then {
            br;
            a href=(now.with("as_of", &at.to_string()).href()) { "As it was when this was deployed" }
        }
    }
}

/// Where it runs.
pub(super) fn place(of: &Whole, visitor: &Visitor) -> Markup {
    let yes_or_no = |flag: Option<bool>| flag.map(|is| if is { "Yes" } else { "No" });
    let facts = Facts::new()
        .fact("Address", of.url.as_deref().map(address))
        .fact("Domain", of.domain.as_deref().filter(|domain| !domain.is_empty()))
        .fact("Host", of.deployment.provider.as_deref())
        .fact("Region", of.region.as_deref())
        .fact("TLS", yes_or_no(of.has_tls))
        .fact("Content network", yes_or_no(of.has_cdn))
        .fact("Features", of.flags.as_ref().filter(|flags| !is_nothing(flags)).map(members));
    let environment = of.inner.as_ref().map(|inner| &inner.environment).filter(|environment| !is_nothing(environment));
    let facts = match environment {
        Some(environment) if visitor.person.role != Role::Client => facts.fact("Runs with", Some(members(environment))),
        _ => facts,
    };
    facts.render()
}

fn address(url: &str) -> Markup {
    html! {
        @if url.starts_with("https://") || url.starts_with("http://") {
            a href=(url) rel="noopener noreferrer external" { (url) (icon(Icon::External)) }
        } @else { (url) }
    }
}

/// The variables of the process: secrets as dots, with the way to what they hold for whoever may open them.
pub(super) fn variables(of: &Whole, inner: &Inner, visitor: &Visitor) -> Markup {
    let Some(variables) = inner.variables.as_object().filter(|variables| !variables.is_empty()) else {
        return html! {};
    };
    let here = format!("/deployments/{}", of.deployment.id);
    let may_reveal = visitor.is(MANAGERS);
    let shown = html! {
        dl.facts {
            @for (name, value) in variables {
                dt { code { (name) } }
                dd {
                    @if Mask::of_value(value).is_some() {
                        span aria-hidden="true" { "••••••••" } span.visually-hidden { "a secret" }
                        @if may_reveal {
                            " " a href=(reveal(&here, of, name)) { "Reveal…" }
                        }
                    } @else { (plain(value)) }
                }
            }
        }
    };
    card("Variables", &shown)
}

fn reveal(here: &str, of: &Whole, variable: &str) -> String {
    let pointer = format!("/environment_variables/{}", variable.replace('~', "~0").replace('/', "~1"));
    Asked::parse(&format!("/configurations/{}/reveal", of.deployment.id), "")
        .with("at", &pointer)
        .with("next", here)
        .href()
}

/// What was built.
pub(super) fn build(of: &Whole, inner: &Inner) -> Markup {
    let artifacts = Some(&inner.artifacts).filter(|artifacts| !is_nothing(artifacts));
    let facts = Facts::new()
        .fact("Build", of.build.as_deref())
        .fact("Commit", of.commit.as_ref().map(|commit| html! { code { (commit) } }))
        .fact("Made", artifacts.map(members))
        .fact("Figures", of.metrics.as_ref().filter(|metrics| !is_nothing(metrics)).map(told));
    card("Build", &facts.render())
}

/// A flat document as lines, any other as it is.
fn members(document: &Value) -> Markup {
    match document.as_object() {
        Some(members) if members.values().all(|value| !value.is_object() && !value.is_array()) => html! {
            ul.plain { @for (name, value) in members { li { code { (name) } ": " (plain(value)) } } }
        },
        _ => json(document),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Bool(is) => if *is { "Yes" } else { "No" }.to_owned(),
        Value::Null => words::NONE.to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_nothing(document: &Value) -> bool {
    document.is_null() || document.as_object().is_some_and(serde_json::Map::is_empty)
}
