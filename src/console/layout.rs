//! The document around a page.

use maud::{DOCTYPE, Markup, html};

use super::assets;
use super::components::{Icon, icon};
use super::nav::{GROUPS, Nav};
use super::page::{Frame, Page};
use super::screen::{Screen, Theme, Toast};
use super::visitor::{Person, Visitor};
use super::words;

/// How htmx works here: it evaluates nothing, writes no style, keeps no page, asks no other server, and shows what was
/// refused, too.
const HTMX: &str = r#"{"allowEval":false,"includeIndicatorStyles":false,"historyCacheSize":0,"refreshOnHistoryMiss":true,"selfRequestsOnly":true,"disableInheritance":true,"responseHandling":[{"code":"204","swap":false},{"code":"[2345]..","swap":true}]}"#;

/// The whole document of a page.
pub(super) fn document(page: &Page) -> Markup {
    let screen = page.screen();
    html! {
        (DOCTYPE)
        html lang="en" data-bs-theme=(screen.theme.name()) {
            (head(page))
            @match &page.frame {
                Frame::Inside(visitor) => (inside(page, visitor)),
                Frame::Bare(_) => (bare(page)),
            }
        }
    }
}

fn head(page: &Page) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            title { (page.title) " · " (words::PRODUCT) }
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="htmx-config" content=(HTMX);
            link rel="icon" type="image/svg+xml" href=(assets::url("favicon.svg"));
            link rel="stylesheet" href=(assets::url("tabler.css"));
            link rel="stylesheet" href=(assets::url("console.css"));
            script src=(assets::url("htmx.js")) defer {}
            script src=(assets::url("console.js")) defer {}
        }
    }
}

fn bare(page: &Page) -> Markup {
    html! {
        body.bare {
            main #main tabindex="-1" {
                p.bare-brand { (brand()) }
                div.card {
                    div.card-body {
                        h1.h2 { (page.title) }
                        @if let Some(line) = &page.subtitle { p.text-secondary { (line) } }
                        (page.body)
                    }
                }
            }
            (toasts(page.screen()))
        }
    }
}

fn inside(page: &Page, visitor: &Visitor) -> Markup {
    html! {
        body.shell {
            a.skip href="#main" { "Skip to content" }
            header.topbar {
                button.btn.btn-icon.btn-ghost-secondary.topbar-menu type="button" popovertarget="navigation"
                    aria-label="Navigation" { (icon(Icon::Menu)) }
                a.brand href="/" { (brand()) }
                (search())
                div.topbar-end {
                    (themes(&visitor.screen))
                    (account(&visitor.person))
                }
            }
            nav.sidebar #navigation popover aria-label="Main" { (navigation(page, visitor)) }
            main #main tabindex="-1" {
                (breadcrumbs(page))
                div.page-heading {
                    div {
                        h1 { (page.title) }
                        @if let Some(line) = &page.subtitle { p.page-subtitle { (line) } }
                    }
                    div.page-actions { (page.actions) }
                }
                (page.body)
            }
            (toasts(&visitor.screen))
            (palette())
            (shortcuts())
        }
    }
}

/// What Ctrl-K opens: the page of finding, within a dialog. Without JavaScript the page is found in its place.
fn palette() -> Markup {
    html! {
        dialog.palette #palette aria-label="Find" data-opens="k" {
            form action="/find" method="get" role="search" {
                label.visually-hidden for="palette-text" { "Find clients, templates, keys, pages" }
                input.form-control #palette-text type="search" name="q" maxlength="100" autocomplete="off"
                    placeholder="Find clients, templates, keys, pages…" hx-get="/find" hx-select="#found"
                    hx-trigger="input changed delay:150ms, palette" hx-target="#palette-found" hx-swap="innerHTML";
            }
            div #palette-found aria-live="polite" {}
        }
    }
}

const SHORTCUTS: [(&str, &str); 5] = [
    ("Ctrl K", "Find clients, templates, keys, pages"),
    ("/", "Search for a client"),
    ("↑ ↓", "From one thing found to the next"),
    ("?", "These shortcuts"),
    ("Esc", "Close what is open"),
];

/// What `?` opens.
fn shortcuts() -> Markup {
    html! {
        dialog.shortcuts #shortcuts aria-labelledby="shortcuts-heading" data-opens="?" {
            h2 #shortcuts-heading { "Shortcuts" }
            dl.facts { @for (keys, what) in SHORTCUTS { dt { kbd { (keys) } } dd { (what) } } }
            form method="dialog" { button.btn type="submit" { "Close" } }
        }
    }
}

fn brand() -> Markup {
    html! {
        img.brand-mark src=(assets::url("favicon.svg")) alt="" width="28" height="28";
        span.brand-name { (words::PRODUCT) }
    }
}

fn search() -> Markup {
    html! {
        search.topbar-search {
            form action="/clients" method="get" {
                label.visually-hidden for="find" { "Find a client" }
                div.input-icon {
                    span.input-icon-addon { (icon(Icon::Search)) }
                    input.form-control #find type="search" name="q" placeholder="Find a client…" autocomplete="off"
                        maxlength="200" data-shortcut="/";
                }
            }
            a.topbar-find href="/find" title="Find anything (Ctrl K)" { (icon(Icon::Keyboard)) span.visually-hidden { "Find anything" } }
        }
    }
}

fn navigation(page: &Page, visitor: &Visitor) -> Markup {
    let role = visitor.person.role;
    html! {
        @for group in GROUPS {
            @let entries: Vec<_> = group.entries.iter().filter(|entry| entry.roles.contains(&role)).collect();
            @if !entries.is_empty() {
                @if let Some(heading) = group.heading { p.sidebar-heading { (heading) } }
                ul {
                    @for entry in entries {
                        li {
                            a href=(entry.path) aria-current=[current(page, entry.nav)] {
                                (icon(entry.icon)) span { (entry.label) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn current(page: &Page, nav: Nav) -> Option<&'static str> {
    (page.under == Some(nav)).then_some(if page.crumbs.is_empty() { "page" } else { "true" })
}

fn breadcrumbs(page: &Page) -> Markup {
    html! {
        @if !page.crumbs.is_empty() {
            nav aria-label="Breadcrumb" {
                ol.breadcrumb {
                    @for (label, path) in &page.crumbs {
                        li.breadcrumb-item { a href=(path) { (label) } }
                    }
                    li.breadcrumb-item.active aria-current="page" { (page.title) }
                }
            }
        }
    }
}

fn themes(screen: &Screen) -> Markup {
    html! {
        details.menu {
            summary.btn.btn-icon.btn-ghost-secondary aria-label="Theme" { (icon(theme_icon(screen.theme))) }
            form.menu-list method="post" action="/theme" {
                input type="hidden" name="next" value=(screen.path);
                @for theme in Theme::ALL {
                    button.menu-item name="theme" value=(theme.name()) aria-pressed=(theme == screen.theme) {
                        (icon(theme_icon(theme))) (theme_label(theme))
                        @if theme == screen.theme { span.menu-mark { (icon(Icon::Check)) } }
                    }
                }
            }
        }
    }
}

fn theme_icon(theme: Theme) -> Icon {
    match theme {
        Theme::Auto => Icon::Screen,
        Theme::Light => Icon::Sun,
        Theme::Dark => Icon::Moon,
    }
}

fn theme_label(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "As the system",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    }
}

fn account(person: &Person) -> Markup {
    html! {
        details.menu {
            summary.btn.btn-ghost-secondary.account {
                span.avatar.avatar-sm aria-hidden="true" { (initials(&person.name)) }
                span.account-name { (person.name) }
                span.visually-hidden { "Account" }
            }
            div.menu-list {
                p.menu-head {
                    strong { (person.name) }
                    span { (person.email) }
                    span { (words::role(person.role)) }
                }
                a.menu-item href="/people/me" { (icon(Icon::User)) "Your account" }
                form method="post" action="/sign-out" {
                    button.menu-item { (icon(Icon::Logout)) "Sign out" }
                }
            }
        }
    }
}

/// The first letters of the first two words of a name.
fn initials(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.chars().next());
    words.take(2).flat_map(char::to_uppercase).collect()
}

fn toasts(screen: &Screen) -> Markup {
    html! {
        div.toasts #toasts role="status" aria-live="polite" {
            @if let Some(Toast { text, undo }) = &screen.toast {
                div.toast.show {
                    div.toast-body {
                        span.toast-icon { (icon(Icon::CircleCheck)) }
                        span { (text) }
                        @if let Some(undo) = undo {
                            form method="post" action=(undo) { button.btn.btn-sm { (icon(Icon::Undo)) "Undo" } }
                        }
                        button.btn-close type="button" data-dismiss="toast" aria-label="Close" {}
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_at_most_two_letters() {
        for (name, expected) in
            [("Mara Stone", "MS"), ("mara", "M"), ("jörg.öl-tank", "JÖ"), ("", ""), ("ß x", "SSX"), ("👩 A", "A")]
        {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn htmx_is_told_in_json() {
        assert!(serde_json::from_str::<serde_json::Value>(HTMX).is_ok());
    }
}
