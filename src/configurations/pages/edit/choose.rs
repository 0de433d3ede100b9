use std::collections::BTreeMap;

use maud::{Markup, html};

use super::Ground;
use crate::console::components::{Icon, card, icon};
use crate::console::{Page, words};

/// Asks what is to be edited: a section of the document, or any key.
pub(super) fn page(ground: &Ground<'_>) -> Page {
    let body = html! {
        div.cards {
            (card("A section", &sections(ground)))
            (card("A key", &key(ground)))
        }
    };
    ground.page("Edit values".to_owned()).body(body)
}

fn sections(ground: &Ground<'_>) -> Markup {
    let mut sections: BTreeMap<String, i64> = BTreeMap::new();
    for entry in &ground.outline.entries {
        if let Some(first) = entry.key.segments().first() {
            *sections.entry(first.to_string()).or_default() += 1;
        }
    }
    html! {
        @if sections.is_empty() {
            p.text-secondary { "Nothing is configured yet: name the first key." }
        } @else {
            ul.sections {
                @for (name, count) in &sections {
                    li { a href=(ground.at(&[("key", name)])) { (name) } " " span.text-secondary { (words::count(*count, "key", "keys")) } }
                }
            }
        }
    }
}

fn key(ground: &Ground<'_>) -> Markup {
    let keys = ground.outline.entries.iter().map(|entry| entry.key.to_string());
    html! {
        form method="get" action=(ground.address.path()) {
            @for part in ["template", "environment", "whose", "in"] {
                @if let Some(value) = ground.address.some(part) { input type="hidden" name=(part) value=(value); }
            }
            label.form-label for="key" { "Key" }
            input.form-control #key name="key" required maxlength="255" list="keys" autocomplete="off" placeholder="branding.tagline";
            datalist #keys { @for key in keys { option value=(key) {} } }
            p.form-hint { "A dotted path of the document, one that is there or a new one." }
            button.btn.btn-primary.mt-3 type="submit" { (icon(Icon::Edit)) "Edit" }
        }
    }
}
