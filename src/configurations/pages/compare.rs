use maud::{Markup, html};

use super::document::{Shown, content, groups, heading};
use super::{value, which};
use crate::configurations::outline::{Entry, Outline};
use crate::configurations::{Environment, View};
use crate::console::components::{Icon, empty};
use crate::console::list;
use crate::problem::Problem;

/// The document of another environment.
pub(super) struct Compared {
    environment: Environment,
    outline: Outline,
}

/// What a document is compared with, where another environment is asked for.
pub(super) fn with(shown: &Shown<'_>, address: &list::Asked, view: View) -> Result<Option<Compared>, Problem> {
    let Some(name) = address.some("compare") else { return Ok(None) };
    let environment: Environment = name.parse().map_err(Problem::invalid)?;
    let target = which::in_environment(&shown.found.target, environment);
    let outline = Outline::of(&shown.found.inputs, &target, view)?;
    Ok(Some(Compared { environment, outline }))
}

/// Keys that differ between two environments, beside each other.
pub(super) fn table(shown: &Shown<'_>, here: &Outline, there: &Compared) -> Markup {
    let sought = shown.address.get("q");
    let pairs = pairs(here, &there.outline);
    let differing: Vec<_> = pairs.into_iter().filter(|pair| pair.differs() && pair.entry().matches(sought)).collect();
    let entries: Vec<&Entry> = differing.iter().map(Pair::entry).collect();
    html! {
        @if differing.is_empty() {
            (empty(Icon::Compare, "Nothing differs", "In both environments every key has the same value."))
        } @else {
            table.keys.keys-compared {
                caption.visually-hidden { "Keys whose values differ" }
                thead {
                    tr {
                        th scope="col" { "Key" }
                        th scope="col" { (which::environment(shown.found.target.environment)) }
                        th scope="col" { (which::environment(there.environment)) }
                    }
                }
                @for group in groups(&entries) {
                    tbody {
                        (heading(group, 3))
                        @for entry in group {
                            @if let Some(pair) = differing.iter().find(|pair| pair.entry().key == entry.key) {
                                tr {
                                    th scope="row" { (shown.name(entry)) }
                                    td { (side(pair.here)) }
                                    td { (side(pair.there)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One key in two environments; it is in one of them at least.
struct Pair<'a> {
    here: Option<&'a Entry>,
    there: Option<&'a Entry>,
    either: &'a Entry,
}

impl Pair<'_> {
    fn entry(&self) -> &Entry {
        self.either
    }

    fn differs(&self) -> bool {
        let value = |side: Option<&Entry>| side.and_then(|entry| entry.value.clone());
        value(self.here) != value(self.there)
    }
}

fn pairs<'a>(here: &'a Outline, there: &'a Outline) -> Vec<Pair<'a>> {
    let find = |outline: &'a Outline, entry: &Entry| outline.entries.iter().find(|other| other.key == entry.key);
    let mut pairs: Vec<Pair<'a>> =
        here.entries.iter().map(|entry| Pair { here: Some(entry), there: find(there, entry), either: entry }).collect();
    let only_there = there.entries.iter().filter(|entry| find(here, entry).is_none());
    pairs.extend(only_there.map(|entry| Pair { here: None, there: Some(entry), either: entry }));
    pairs.sort_by(|a, b| a.either.key.cmp(&b.either.key));
    pairs
}

fn side(entry: Option<&Entry>) -> Markup {
    html! {
        @match entry {
            Some(entry) => {
                (content(entry))
                @if let Some(place) = entry.from.last() { span.key-note { (value::name(*place)) } }
            }
            None => span.text-secondary { "nothing" },
        }
    }
}
