use layers::{Key, Place};
use maud::{Markup, html};

use super::document::Shown;
use super::names::Names;
use super::value;
use crate::configurations::explain::{Explanation, LayerSays, RowSays, explain_found, read_key};
use crate::configurations::kind::About;
use crate::configurations::outline::Outline;
use crate::configurations::view::is_mask;
use crate::configurations::{ConfigTable, View};
use crate::console::components::{Icon, Tone, badge, icon, moment};
use crate::console::{MANAGERS, list};
use crate::db::tx::Tx;
use crate::problem::Problem;

/// The key that is explained, as the address names it.
pub(super) fn asked(address: &list::Asked) -> Option<String> {
    address.some("key").map(ToOwned::to_owned)
}

/// The address at which a key is explained; none for one that can't be named.
pub(super) fn address(shown: &Shown<'_>, key: &Key) -> Option<String> {
    let name = key.to_string();
    Key::parse(&name).ok().filter(|read| read == key).map(|_| shown.which.with("key", &name))
}

/// What stands beside the document: where the value of one key comes from.
pub(super) async fn panel(tx: &Tx<'_>, shown: &Shown<'_>, outline: &Outline, view: View) -> Result<Markup, Problem> {
    let Some(name) = asked(shown.address) else { return Ok(hint(outline)) };
    let key = read_key(&name)?;
    let explanation = explain_found(tx, shown.found, &key, view).await?;
    let people = explanation.layers.iter().flat_map(|layer| &layer.rows).filter_map(|row| row.set_by);
    let names = Names::read(tx, shown.visitor, people, []).await?;
    let sources = shown.found.inputs.sources(&shown.found.target)?;
    let about = About::of(sources.schema().map(AsRef::as_ref), &key, explanation.value.as_ref());
    Ok(Panel { shown, key, explanation, names, about }.render())
}

fn hint(outline: &Outline) -> Markup {
    html! {
        aside.card.explanation #explanation aria-label="Explanation" {
            @if !outline.entries.is_empty() {
                div.card-body.explanation-hint {
                    (icon(Icon::Info))
                    p { "Choose a key to see which layers speak of it, which of them won, and who said so." }
                }
            }
        }
    }
}

struct Panel<'a> {
    shown: &'a Shown<'a>,
    key: Key,
    explanation: Explanation,
    names: Names,
    about: About,
}

impl Panel<'_> {
    fn render(&self) -> Markup {
        let Explanation { key, lock, problems, .. } = &self.explanation;
        html! {
            aside.card.explanation #explanation aria-label="Explanation" {
                div.card-header {
                    h2.card-title.explanation-key { (key) }
                    div.card-actions {
                        @if self.shown.may_edit() {
                            a.btn.btn-sm.btn-primary href=(self.shown.edit(key)) { (icon(Icon::Edit)) "Edit" }
                        }
                        a.btn.btn-sm.btn-icon href=(self.shown.which.with("key", "")) aria-label="Close the explanation" { (icon(Icon::X)) }
                    }
                }
                div.card-body {
                    (self.now())
                    @if let Some(lock) = lock {
                        p.explanation-lock {
                            (icon(Icon::Lock))
                            span { "Locked by the scope " strong { (lock.scope) } @if lock.key != *key { " at " code { (lock.key) } } ": what stands in a higher layer is ignored." }
                        }
                    }
                    @for problem in problems {
                        p.key-fault { (icon(Icon::AlertCircle)) span { (problem.detail) @if let Some(mend) = &problem.mend { span.text-secondary { " " (mend) } } } }
                    }
                    (self.rules())
                }
                h3.explanation-heading { "Layers, from the lowest to the highest" }
                ol.layers {
                    @for layer in &self.explanation.layers { (self.layer(layer)) }
                }
            }
        }
    }

    fn now(&self) -> Markup {
        let Explanation { is_set, value, is_secret, .. } = &self.explanation;
        html! {
            div.explanation-value {
                @match value {
                    _ if *is_secret && value.as_ref().is_none_or(is_mask) && *is_set => (value::secret()),
                    Some(value @ (serde_json::Value::Object(_) | serde_json::Value::Array(_))) if !is_mask(value) => {
                        pre.code tabindex="0" { code { (value::lines(value)) } }
                    }
                    Some(value) => (value::value(Some(value))),
                    None => span.text-secondary { "Nothing stands here" },
                }
            }
        }
    }

    /// What the template's schema says of the key.
    fn rules(&self) -> Markup {
        let About { title, description, bounds, is_required, .. } = &self.about;
        html! {
            @if title.is_some() || description.is_some() || !bounds.is_empty() || *is_required {
                div.explanation-rules {
                    @if let Some(title) = title { strong { (title) } " " }
                    @if let Some(description) = description { span { (description) } " " }
                    @if *is_required { span.text-secondary { "Required. " } }
                    @if !bounds.is_empty() { span.text-secondary { (bounds.join("; ")) } }
                }
            }
        }
    }

    fn layer(&self, layer: &LayerSays) -> Markup {
        let outcome = layer.outcome.as_deref();
        let place = Place::ALL.get(layer.number.saturating_sub(1)).copied();
        html! {
            li.layers-item.has-won[outcome == Some("won")].is-silent[layer.says == "inherited"] {
                div.layers-name {
                    span.layers-number { (layer.number) }
                    @match place { Some(place) => (value::layer(place)), None => (layer.layer) }
                    @if let Some(outcome) = outcome { (told(outcome, layer.by.as_deref())) }
                }
                @match layer.says.as_str() {
                    "set" => div.layers-value { (value::value(layer.value.as_ref())) },
                    "removed" => div.layers-value { span.text-secondary { "removed: what lies below is hidden" } },
                    _ => {}
                }
                @for row in &layer.rows { (self.row(row, layer)) }
            }
        }
    }

    fn row(&self, row: &RowSays, layer: &LayerSays) -> Markup {
        let zone = &self.shown.visitor.zone;
        html! {
            div.layers-row {
                @if let Some(key) = row.key.as_ref().filter(|key| **key != self.explanation.key) { "by the row " code { (key) } " · " }
                (moment(row.set_at, zone))
                @if row.set_by.is_some() { " · " (self.names.person(row.set_by)) }
                @else if let Some(name) = &row.set_by_name { " · " code { (name) } }
                @if let Some(reason) = &row.reason { div.layers-reason { "“" (reason) "”" } }
                @if let Some(description) = &row.description { div.text-secondary { (description) } }
                div.layers-ways {
                    @if let Some(change) = row.change_id { a href={ "/changes/" (change) } { "Change" } }
                    a href={ "/configurations/" (row.row_id) "/history" } { "History" }
                    @if let Some(to) = self.reveal(row, layer) { a href=(to) { "Reveal…" } }
                }
            }
        }
    }

    /// Where a secret of a row is revealed, for those who may.
    fn reveal(&self, row: &RowSays, layer: &LayerSays) -> Option<String> {
        let holds_secret = layer.value.as_ref().is_some_and(is_mask);
        let may = self.shown.visitor.is(MANAGERS);
        if !holds_secret || !may {
            return None;
        }
        let column = match row.table {
            ConfigTable::SystemConfigurations => "configuration_value",
            ConfigTable::TemplateConfigurations => "default_configuration",
            ConfigTable::ClientCustomizations => "customization_config",
            ConfigTable::DeploymentConfigurations => return None,
        };
        let of_row = row.key.as_deref().and_then(|key| Key::parse(key).ok()).unwrap_or_default();
        let at = Key::of([column]).join(&self.key.within(&of_row)?).pointer();
        let back = self.shown.address.href();
        let to = list::Asked::parse(&format!("/configurations/{}/reveal", row.row_id), "");
        Some(to.with("at", &at).with("next", &back).href())
    }
}

/// What became of what a layer says.
fn told(outcome: &str, by: Option<&str>) -> Markup {
    let (tone, words) = match outcome {
        "won" => (Tone::Good, "Won".to_owned()),
        "shielded" => (Tone::Quiet, by.map_or_else(|| "Shielded".to_owned(), |by| format!("Shielded by {by}"))),
        "locked out" => {
            (Tone::Attention, by.map_or_else(|| "Locked out".to_owned(), |by| format!("Locked out by {by}")))
        }
        "not part of this template" => (Tone::Quiet, "Not part of this template".to_owned()),
        _ => (Tone::Quiet, "Hides nothing".to_owned()),
    };
    badge(tone, &words)
}
