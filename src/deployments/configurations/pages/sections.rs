use maud::{Markup, Render as _, html};
use serde_json::{Map, Value};

use crate::configurations::pages::value;
use crate::console::components::{Facts, Icon, card, code, icon};
use crate::console::list::Asked;
use crate::console::record::{Field, Kind};
use crate::console::{MANAGERS, Visitor, words};
use crate::deployments::configurations::actions::variables_of;
use crate::deployments::configurations::fields::{FIELDS, SECTIONS};
use crate::deployments::configurations::types::Whole;

/// What it says, section by section; what its reader isn't shown isn't there.
pub(super) fn all(of: &Whole, visitor: &Visitor) -> Markup {
    html! {
        div.cards {
            (one(of, SECTIONS[0]))
            @if of.row.contains_key("environment_variables") { (variables(of, visitor)) }
            @for section in &SECTIONS[1..] { (one(of, section)) }
        }
    }
}

fn one(of: &Whole, section: &str) -> Markup {
    let fields = FIELDS.iter().filter(|field| field.section == section && field.name != "deployment_name");
    let fields = fields.filter(|field| of.row.contains_key(field.name));
    let facts = fields.fold(Facts::new(), |facts, field| facts.fact(field.label, said(field, &of.row)));
    card(section, &facts.render())
}

fn said(field: &Field, row: &Map<String, Value>) -> Option<Markup> {
    let value = row.get(field.name)?;
    let text = field.text(value);
    if text.is_empty() {
        return None;
    }
    Some(match (field.kind, value.as_object()) {
        (Kind::Json, Some(members)) if members.values().all(is_single) => html! {
            ul.plain { @for (name, inner) in members { li { code { (name) } ": " (value::value(Some(inner))) } } }
        },
        (Kind::Json, _) => code(&value::lines(value)),
        _ => html! { (text) },
    })
}

fn is_single(value: &Value) -> bool {
    value::is_mask(value) || !value.is_object()
}

/// The variables of the process: secrets as dots, with the way to what they hold for whoever may open them.
fn variables(of: &Whole, visitor: &Visitor) -> Markup {
    let here = format!("/deployment-configurations/{}", of.about.id);
    let all = variables_of(of);
    let shown = html! {
        @if all.is_empty() { span.text-secondary { (words::NONE) } } @else {
            dl.facts {
                @for (name, inner) in &all {
                    dt { code { (name) } }
                    dd {
                        (value::value(Some(inner)))
                        @if value::is_mask(inner) && visitor.is(MANAGERS) {
                            " " a href=(reveal(of, name, &here)) { "Reveal…" }
                        }
                    }
                }
            }
        }
    };
    card("Variables", &shown)
}

fn reveal(of: &Whole, variable: &str, here: &str) -> String {
    let pointer = format!("/environment_variables/{}", variable.replace('~', "~0").replace('/', "~1"));
    Asked::parse(&format!("/configurations/{}/reveal", of.about.id), "").with("at", &pointer).with("next", here).href()
}

/// What the last validation found; nothing where nobody validated it, or whoever looks isn't shown it.
pub(super) fn findings(of: &Whole) -> Markup {
    let Some(results) = of.row.get("validation_results").filter(|results| is_told(results)) else { return html! {} };
    // What sites wrote before says it in other words.
    let is_ready = ["is_ready", "valid"].iter().any(|name| results.get(*name) == Some(&Value::Bool(true)));
    let faults =
        ["faults", "errors"].iter().find_map(|name| results.get(*name)?.as_array()).cloned().unwrap_or_default();
    html! {
        section.card.findings {
            div.card-header { h2.card-title { "What the last validation found" } }
            div.card-body {
                @if is_ready {
                    p.decision-word { (icon(Icon::CircleCheck)) "Nothing stands in the way." }
                } @else if faults.is_empty() {
                    p.decision-word.is-bad { (icon(Icon::AlertCircle)) "It isn't ready." }
                }
                @if !faults.is_empty() { ul.findings-list { @for fault in &faults { li { (finding(fault)) } } } }
            }
        }
    }
}

fn finding(fault: &Value) -> Markup {
    let text = |name: &str| fault.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    html! {
        @if let Some(pointer) = text("pointer") { code { (pointer) } " " }
        @if let Some(detail) = text("detail").or(text("rule")) { (detail) }
        @if let Some(layer) = text("layer") { " (" (layer) ")" }
        @if let Some(mend) = text("mend") { ": " span.text-secondary { (mend) } }
    }
}

fn is_told(results: &Value) -> bool {
    results.as_object().is_some_and(|members| !members.is_empty())
}

/// What was edited since it was applied, by the labels of the fields.
pub(super) fn edited_since(of: &Whole) -> Vec<&'static str> {
    let Some(applied) = of.row.get("applied_configuration").and_then(Value::as_object) else { return Vec::new() };
    let differs = |name: &str| applied.get(name) != of.row.get(name);
    let fields = FIELDS.iter().filter(|field| applied.contains_key(field.name) && differs(field.name));
    let variables = applied.contains_key("environment_variables") && differs("environment_variables");
    fields.map(|field| field.label).chain(variables.then_some("Variables")).collect()
}
