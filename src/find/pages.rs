use axum::Router;
use axum::extract::State;
use axum::routing::get;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::store::{self, Client, Key, OwnKey, Template};
use crate::console::components::{Icon, empty, icon};
use crate::console::list::Asked;
use crate::console::{ADMINISTRATORS, AGENCY, Console, Nav, Page, Visitor};
use crate::problem::Problem;

/// The longest text that is looked for, in characters.
const LONGEST: usize = 100;

/// The page on which things are found.
pub fn routes<S: Clone + Send + Sync + 'static>(console: Console) -> Router<S> {
    Router::new().route("/find", get(show)).with_state(console)
}

/// What was found.
#[derive(Default)]
struct Found {
    pages: Vec<(&'static str, &'static str)>,
    clients: Vec<Client>,
    templates: Vec<Template>,
    keys: Vec<Key>,
    own_keys: Vec<OwnKey>,
}

async fn show(State(console): State<Console>, visitor: Visitor, asked: Asked) -> Result<Page, Problem> {
    let text: String = asked.get("q").chars().take(LONGEST).collect();
    let found = if text.is_empty() {
        Found { pages: Nav::named(visitor.person.role, ""), ..Found::default() }
    } else {
        find(&console, &visitor, &text).await?
    };
    let body = html! {
        form.find-form method="get" action="/find" role="search" {
            label.visually-hidden for="find-here" { "Find clients, templates, keys, pages" }
            input.form-control #find-here type="search" name="q" value=(text) maxlength=(LONGEST) autocomplete="off";
            button.btn.btn-primary type="submit" { (icon(Icon::Search)) "Find" }
        }
        div #found { (shown(&found)) }
    };
    Ok(Page::new(&visitor, "Find").body(body))
}

async fn find(console: &Console, visitor: &Visitor, text: &str) -> Result<Found, Problem> {
    let tx = visitor.snapshot(console).await?;
    let keys = async { if visitor.is(AGENCY) { store::keys(&tx, text).await } else { Ok(Vec::new()) } };
    let (client, key) = client_and_key(text);
    let (clients, templates, keys, own_keys) = tokio::try_join!(
        store::clients(&tx, text),
        store::templates(&tx, text),
        keys,
        store::own_keys(&tx, visitor.is(ADMINISTRATORS), client, key)
    )?;
    Ok(Found { pages: Nav::named(visitor.person.role, text), clients, templates, keys, own_keys })
}

/// Before the last word stands the client whose key is meant, if one is: keys have no spaces.
fn client_and_key(text: &str) -> (Option<&str>, &str) {
    match text.trim().rsplit_once(char::is_whitespace) {
        Some((client, key)) => (Some(client.trim_end()), key),
        None => (None, text.trim()),
    }
}

fn shown(found: &Found) -> Markup {
    let Found { pages, clients, templates, keys, own_keys } = found;
    let is_nothing =
        pages.is_empty() && clients.is_empty() && templates.is_empty() && keys.is_empty() && own_keys.is_empty();
    let clients = clients.iter().map(|client| {
        (format!("/clients/{}", client.id), client.name.clone(), client.company.clone().unwrap_or_default())
    });
    let templates =
        templates.iter().map(|template| (of_template(&template.id), template.name.clone(), template.id.clone()));
    let pages = pages.iter().map(|(label, path)| ((*path).to_owned(), (*label).to_owned(), String::new()));
    html! {
        @if is_nothing {
            (empty(Icon::Search, "Nothing is called that", "Try a part of the name of a client, a template, a key or a page; or of a client and then of a key."))
        } @else {
            (group("Clients", Icon::Users, clients))
            (group("Templates", Icon::Packages, templates))
            (group("Keys", Icon::Adjust, keys.iter().map(of_key)))
            (group("Keys of clients", Icon::Adjust, own_keys.iter().map(of_own_key)))
            @if !own_keys.is_empty() { p.note { "A client's name before a part of the key finds that client's: " kbd { "lumen tagline" } } }
            (group("Pages", Icon::File, pages))
        }
    }
}

fn of_template(id: &str) -> String {
    format!("/templates/{}", utf8_percent_encode(id, NON_ALPHANUMERIC))
}

fn of_key(found: &Key) -> (String, String, String) {
    let Key { key, template } = found;
    let (place, whose) = match template {
        Some(id) => (of_template(id), format!("template {id}")),
        None => (String::new(), "all clients".to_owned()),
    };
    (format!("{place}/configuration?key={}", utf8_percent_encode(key, NON_ALPHANUMERIC)), key.clone(), whose)
}

fn of_own_key(found: &OwnKey) -> (String, String, String) {
    let OwnKey { key, client_id, client } = found;
    let path = format!("/clients/{client_id}/configuration?key={}", utf8_percent_encode(key, NON_ALPHANUMERIC));
    (path, key.clone(), client.clone())
}

/// Path, name and what stands behind it of each.
fn group(heading: &str, picture: Icon, all: impl Iterator<Item = (String, String, String)>) -> Markup {
    let all: Vec<_> = all.collect();
    html! {
        @if !all.is_empty() {
            h2.found-heading { (heading) }
            ul.found {
                @for (path, name, more) in &all {
                    li { a href=(path) { (icon(picture)) span { (name) } span.text-secondary { (more) } } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_is_the_key_and_what_stands_before_it_the_client() {
        assert_eq!(client_and_key("tagline"), (None, "tagline"));
        assert_eq!(client_and_key(" lumen  yoga  brand.tag "), (Some("lumen  yoga"), "brand.tag"));
        assert_eq!(client_and_key("  "), (None, ""));
    }
}
