use maud::{Markup, html};

use super::{Icon, icon};

/// What stands where there are no rows: that there are none, and what would fill the place.
pub fn empty(picture: Icon, title: &str, what_fills_it: &str) -> Markup {
    empty_action(picture, title, what_fills_it, &html! {})
}

/// The same with a way to fill it.
pub fn empty_action(picture: Icon, title: &str, what_fills_it: &str, action: &Markup) -> Markup {
    html! {
        div.empty {
            div.empty-icon { (icon(picture)) }
            p.empty-title { (title) }
            p.empty-subtitle { (what_fills_it) }
            div.empty-action { (action) }
        }
    }
}
