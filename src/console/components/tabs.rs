use maud::{Markup, html};

/// Parts of a page that have pages of their own: label and path each; the one at `here` is shown.
pub fn tabs(label: &str, here: &str, all: &[(&str, String)]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            ul.nav.nav-underline {
                @for (label, path) in all {
                    @let is_here = path == here;
                    li.nav-item {
                        a.nav-link.active[is_here] href=(path) aria-current=[is_here.then_some("page")] { (label) }
                    }
                }
            }
        }
    }
}
