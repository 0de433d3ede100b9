//! A customization beside its template's defaults, value by value.

use std::collections::BTreeMap;

use layers::Key;
use maud::{Markup, html};
use serde_json::Value;

use crate::configurations::pages::value;
use crate::console::components::{Icon, empty};
use crate::console::words;
use crate::templates::Said;

/// The most values that are shown at once.
const MOST: usize = 500;

/// What both say of each place: the template, the customization.
type Places<'v> = BTreeMap<Key, (Option<&'v Value>, Option<&'v Value>)>;

/// The values of a customization beside what its template says; all of them, or those alone that the client has.
pub(super) fn table(said: Option<&Said>, config: &Value, is_all: bool) -> Markup {
    let nothing = Value::Null;
    let defaults = said.map_or(&nothing, |said| &said.defaults);
    let mut places = Places::new();
    leaves(config, &Key::root(), &mut |key, value| _ = places.insert(key, (None, Some(value))));
    leaves(defaults, &Key::root(), &mut |key, value| places.entry(key).or_default().0 = Some(value));
    let own = places.values().filter(|(_, here)| here.is_some()).count();
    let shown = places.iter().filter(|(_, (_, here))| is_all || here.is_some());
    html! {
        @if own == 0 && !is_all {
            (empty(Icon::Packages, "It says nothing of its own yet", "Everything is as the template has it, until somebody edits the draft."))
        } @else {
            table.keys.keys-compared {
                caption.visually-hidden { "What the template says, and what stands here" }
                thead { tr { th scope="col" { "Key" } th scope="col" { "Template" } th scope="col" { "Here" } } }
                tbody {
                    @for (key, (default, here)) in shown.take(MOST) {
                        tr {
                            th scope="row" { code { (key) } }
                            td { @match default { Some(default) => (value::value(Some(default))), None => span.text-secondary { (words::NONE) } } }
                            td { (departing(*default, *here)) }
                        }
                    }
                }
            }
            @if places.len() > MOST { p.card-body.text-secondary { "There are more: open it as JSON for all of them." } }
        }
    }
}

/// How many values a document has.
pub(super) fn count(config: &Value) -> i64 {
    let mut count = 0;
    leaves(config, &Key::root(), &mut |_, _| count += 1);
    count
}

fn departing(default: Option<&Value>, here: Option<&Value>) -> Markup {
    html! {
        @match here {
            None => span.text-secondary { "as the template" },
            Some(here) if is_removal(here) => span.text-secondary { "removed: apps find nothing here" },
            Some(here) if Some(here) == default => { (value::value(Some(here))) span.key-note { "the same as the template" } },
            Some(here) => span.diff { ins { (value::value(Some(here))) } },
        }
    }
}

fn is_removal(value: &Value) -> bool {
    value.as_object().is_some_and(|members| members.len() == 1 && members.contains_key("$removed"))
}

/// Hands over what holds no further names: masks and removals are values, too.
fn leaves<'v>(value: &'v Value, key: &Key, take: &mut impl FnMut(Key, &'v Value)) {
    match value {
        Value::Object(members) if !members.is_empty() && !value::is_mask(value) && !is_removal(value) => {
            for (name, inner) in members {
                leaves(inner, &key.child(name), take);
            }
        }
        _ if key.is_root() => {}
        _ => take(key.clone(), value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_departs_stands_beside_what_it_departs_from() {
        let said = Said {
            number: "1.0.0".to_owned(),
            schema: json!({}),
            defaults: json!({ "a": { "b": 1, "c": 2 }, "d": "<i>" }),
        };
        let mask = json!({ "$secret": { "id": "an-id" } });
        let config = json!({ "a": { "b": 5 }, "e": mask, "d": { "$removed": true } });
        let own = table(Some(&said), &config, false).into_string();
        assert!(own.contains("a.b") && !own.contains("a.c") && !own.contains("an-id"), "{own}");
        assert!(own.contains("removed: apps find nothing") && own.contains("&lt;i&gt;"), "{own}");
        assert!(table(Some(&said), &config, true).into_string().contains("a.c"));
        assert_eq!(count(&config), 3);
        assert!(table(None, &json!({}), false).into_string().contains("nothing of its own"));
    }
}
