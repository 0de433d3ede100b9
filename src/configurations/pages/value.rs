use layers::{Place, Scope};
use maud::{Markup, html};
use serde_json::Value;

pub use crate::configurations::view::is_mask;
use crate::console::components::{Icon, icon};

/// A value as a reader wants it: text as text, a colour beside its sample, a secret never.
pub fn value(value: Option<&Value>) -> Markup {
    html! {
        @match value {
            None => span.text-secondary { "nothing" },
            Some(Value::String(text)) if text.is_empty() => span.text-secondary { "empty text" },
            Some(Value::String(text)) => { (sample(text)) span.value-text { (text) } },
            Some(mask) if is_mask(mask) => (secret()),
            Some(Value::Null) => code { "null" },
            Some(other) => code.value-json { (masked(other)) },
        }
    }
}

/// What stands in the place of a secret.
pub fn secret() -> Markup {
    html! {
        span.value-secret {
            (icon(Icon::Shield)) span aria-hidden="true" { "••••••••" } span.visually-hidden { "a secret" }
        }
    }
}

/// What was and what is.
pub fn change(before: Option<&Value>, after: Option<&Value>) -> Markup {
    html! {
        span.diff {
            del { span.visually-hidden { "before: " } (value(before)) }
            span.diff-arrow aria-hidden="true" { "→" }
            ins { span.visually-hidden { "after: " } (value(after)) }
        }
    }
}

/// A layer's name, with a mark in the colour of its scope.
pub(in crate::configurations) fn layer(place: Place) -> Markup {
    let class = match place.scope() {
        Scope::Global => "layer layer-global",
        Scope::Template => "layer layer-template",
        Scope::Client => "layer layer-client",
        Scope::Deployment => "layer layer-deployment",
    };
    html! { span class=(class) { (name(place)) } }
}

/// What people call a layer.
pub(in crate::configurations) fn name(place: Place) -> &'static str {
    match place {
        Place::SchemaDefaults => "Default of the schema",
        Place::TemplateDefaults => "Default of the template",
        Place::GlobalAll => "Global",
        Place::GlobalEnvironment => "Global, this environment",
        Place::TemplateAll => "Template",
        Place::TemplateEnvironment => "Template, this environment",
        Place::Customization => "Customization",
        Place::ClientAll => "Client",
        Place::ClientEnvironment => "Client, this environment",
        Place::ClientTemplateAll => "Client, this template",
        Place::ClientTemplateEnvironment => "Client, this template and environment",
        Place::Deployment => "Deployment configuration",
    }
}

/// A list or an object on one line, secrets within it as dots.
fn masked(value: &Value) -> String {
    let mut value = value.clone();
    cover(&mut value);
    value.to_string()
}

/// The same as lines.
pub fn lines(value: &Value) -> String {
    let mut value = value.clone();
    cover(&mut value);
    match value {
        Value::String(text) => text,
        other => format!("{other:#}"),
    }
}

fn cover(value: &mut Value) {
    match value {
        mask if is_mask(mask) => *mask = Value::String("••••••••".to_owned()),
        Value::Object(members) => members.values_mut().for_each(cover),
        Value::Array(items) => items.iter_mut().for_each(cover),
        _ => {}
    }
}

/// A sample of a colour that is written as `#rgb` or `#rrggbb`.
fn sample(text: &str) -> Markup {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 3 || digits.len() == 6);
    let is_colour = digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    html! {
        @if is_colour {
            svg.sample viewBox="0 0 16 16" aria-hidden="true" {
                rect x="0.5" y="0.5" width="15" height="15" rx="4" fill=(text) {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_text_and_a_secret_is_never_shown() {
        assert_eq!(value(Some(&json!("<b>"))).into_string(), "<span class=\"value-text\">&lt;b&gt;</span>");
        let mask = json!({ "$secret": { "id": "an-id", "fingerprint": "f" } });
        let shown = value(Some(&json!({ "key": mask }))).into_string() + &value(Some(&mask)).into_string();
        assert!(!shown.contains("an-id") && shown.contains("••••"), "{shown}");
        assert!(!lines(&json!([mask])).contains("an-id"));
    }

    #[test]
    fn a_colour_is_shown_and_nothing_else_is_taken_for_one() {
        assert!(value(Some(&json!("#24566b"))).into_string().contains("fill=\"#24566b\""));
        for text in ["#24566", "24566b", "#24566g", "#\"/><"] {
            assert!(!value(Some(&json!(text))).into_string().contains("<svg"), "{text}");
        }
    }
}
