use maud::{Markup, html};

use super::{Icon, icon};

/// What is shown this once: a text to copy, and that it won't be seen again.
pub fn secret(label: &str, text: &str) -> Markup {
    html! {
        div.secret {
            label.form-label for="secret" { (label) }
            div.input-group {
                input.form-control.font-monospace #secret readonly value=(text) autocomplete="off" spellcheck="false"
                    data-select-all-text="";
                button.btn type="button" data-copy="#secret" { (icon(Icon::Copy)) span { "Copy" } }
            }
            p.form-hint { "Keep it now: it isn't shown again." }
        }
    }
}
