use maud::{Markup, html};
use serde_json::Value;

/// Text that is code, as it is.
pub fn code(text: &str) -> Markup {
    html! { pre.code tabindex="0" { code { (text) } } }
}

/// A document of JSON, a member to a line.
pub fn json(value: &Value) -> Markup {
    code(&format!("{value:#}"))
}
