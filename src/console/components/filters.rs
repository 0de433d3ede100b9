use maud::{Markup, Render, html};

use super::{Icon, icon};
use crate::console::list::Asked;
use crate::console::words;

/// What narrows a list: a search, choices, and what they are now. A form that works by itself; with htmx, the list follows
/// while one types.
pub struct Filters<'a> {
    asked: &'a Asked,
    target: &'a str,
    search: Option<&'a str>,
    choices: Vec<Choice>,
    blanks: Vec<Blank>,
}

/// Something to fill in.
struct Blank {
    name: &'static str,
    label: &'static str,
    /// The type of its field.
    of: &'static str,
    /// What stands in it.
    value: String,
}

/// One thing to choose by.
pub struct Choice {
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    usual: Option<&'static str>,
}

impl Choice {
    /// By the words of the database, which are shown as people read them.
    pub fn of_words<'w>(name: &'static str, label: &'static str, words: impl IntoIterator<Item = &'w str>) -> Self {
        Self::of(name, label, words.into_iter().map(|word| (word.to_owned(), words::label(word))))
    }

    /// By value and label each.
    pub fn of(name: &'static str, label: &'static str, options: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { name, label, options: options.into_iter().collect(), usual: None }
    }

    /// One of which something is always chosen: this, where nothing is asked.
    #[must_use]
    pub fn usually(self, option: &'static str) -> Self {
        Self { usual: Some(option), ..self }
    }

    fn label_of<'c>(&'c self, value: &'c str) -> &'c str {
        self.options.iter().find(|(known, _)| known == value).map_or(value, |(_, label)| label)
    }
}

impl<'a> Filters<'a> {
    /// Of the list that is the element of an id.
    pub fn new(asked: &'a Asked, target: &'a str) -> Self {
        Self { asked, target, search: None, choices: Vec::new(), blanks: Vec::new() }
    }

    /// Searches by `q`; the label says in what.
    #[must_use]
    pub fn search(self, label: &'a str) -> Self {
        Self { search: Some(label), ..self }
    }

    /// Adds a choice; one without options isn't shown.
    #[must_use]
    pub fn choice(mut self, choice: Choice) -> Self {
        self.choices.push(choice);
        self
    }

    /// Adds a text to fill in.
    #[must_use]
    pub fn text(mut self, name: &'static str, label: &'static str) -> Self {
        let value = self.asked.get(name).to_owned();
        self.blanks.push(Blank { name, label, of: "text", value });
        self
    }

    /// Adds a moment to fill in; `value` is what stands there, as [`super::typed_moment`] gives it.
    #[must_use]
    pub fn moment(mut self, name: &'static str, label: &'static str, value: String) -> Self {
        self.blanks.push(Blank { name, label, of: "datetime-local", value });
        self
    }

    /// What is chosen now, each with the way to the list without it.
    fn chosen(&self) -> Markup {
        let search = self.search.map(|_| ("q", "Search"));
        let choices = self.choices.iter().map(|choice| (choice.name, choice.label));
        let names = search.into_iter().chain(choices).chain(self.blanks.iter().map(|blank| (blank.name, blank.label)));
        let chosen: Vec<_> = names.filter(|(name, _)| !self.asked.get(name).is_empty()).collect();
        html! {
            @if !chosen.is_empty() {
                ul.chosen aria-label="Filters" {
                    @for (name, label) in &chosen {
                        @let value = self.asked.get(name);
                        @let choice = self.choices.iter().find(|choice| choice.name == *name);
                        li {
                            a.chip href=(self.asked.without(name).href()) {
                                (label) ": " strong { (choice.map_or(value, |choice| choice.label_of(value))) }
                                (icon(Icon::X)) span.visually-hidden { "take away" }
                            }
                        }
                    }
                    @if chosen.len() > 1 { li { a href=(self.asked.path()) { "Take all away" } } }
                }
            }
        }
    }
}

impl Render for Filters<'_> {
    fn render(&self) -> Markup {
        let target = format!("#{}", self.target);
        html! {
            form.filters method="get" action=(self.asked.path()) role="search"
                hx-get=(self.asked.path()) hx-target=(target) hx-select=(target) hx-swap="outerHTML"
                hx-push-url="true" hx-trigger="input delay:200ms, submit" hx-sync="this:replace"
                hx-indicator=(target) {
                @if let Some(label) = self.search {
                    div.filter-search {
                        label.visually-hidden for="filter-q" { (label) }
                        div.input-icon {
                            span.input-icon-addon { (icon(Icon::Search)) }
                            input.form-control #filter-q type="search" name="q" value=(self.asked.get("q"))
                                placeholder=(label) autocomplete="off" maxlength="200";
                        }
                    }
                }
                @for choice in self.choices.iter().filter(|choice| !choice.options.is_empty()) {
                    @let chosen = self.asked.some(choice.name).or(choice.usual).unwrap_or_default();
                    div.filter {
                        label.visually-hidden for={ "filter-" (choice.name) } { (choice.label) }
                        select.form-select id={ "filter-" (choice.name) } name=(choice.name)
                            .is-chosen[!chosen.is_empty() && choice.usual.is_none()] {
                            @if choice.usual.is_none() { option value="" { (choice.label) ": all" } }
                            @for (value, label) in &choice.options {
                                option value=(value) selected[value == chosen] { (label) }
                            }
                            @if !chosen.is_empty() && !choice.options.iter().any(|(value, _)| value == chosen) {
                                option value=(chosen) selected { (chosen) }
                            }
                        }
                    }
                }
                @for Blank { name, label, of, value } in &self.blanks {
                    div.filter {
                        label.visually-hidden[*of == "text"].filter-label[*of != "text"] for={ "filter-" (name) } { (label) }
                        input.form-control id={ "filter-" (name) } name=(name) type=(of) value=(value) autocomplete="off"
                            maxlength="200" placeholder=[(*of == "text").then_some(*label)] .is-chosen[!value.is_empty()];
                    }
                }
                @for (name, value) in self.asked.kept() { input type="hidden" name=(name) value=(value); }
                button.btn.filter-go type="submit" { (icon(Icon::Filter)) "Filter" }
            }
        }
    }
}

impl Filters<'_> {
    /// What is chosen, for the top of the list itself, which is shown anew when something else is chosen.
    pub fn summary(&self) -> Markup {
        self.chosen()
    }
}
