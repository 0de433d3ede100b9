use maud::{Markup, html};

use super::{Icon, icon};
use crate::console::list::{Asked, Rows};

/// The way to the rows before and after these, under the same filters.
pub fn pager<T>(asked: &Asked, rows: &Rows<T>) -> Markup {
    html! {
        @if rows.before.is_some() || rows.after.is_some() {
            nav.pager aria-label="Pages" {
                (way(asked, "before", rows.before.as_deref(), &html! { (icon(Icon::ChevronLeft)) "Previous" }))
                (way(asked, "after", rows.after.as_deref(), &html! { "Next" (icon(Icon::ChevronRight)) }))
            }
        }
    }
}

fn way(asked: &Asked, name: &str, cursor: Option<&str>, words: &Markup) -> Markup {
    html! {
        @match cursor {
            Some(cursor) => a.btn href=(asked.without("before").without("after").with(name, cursor).href()) { (words) },
            None => span.btn.disabled aria-disabled="true" { (words) },
        }
    }
}
