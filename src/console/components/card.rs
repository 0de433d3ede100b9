use maud::{Markup, Render, html};

use crate::console::words;

/// What belongs together, under a heading.
pub fn card(heading: &str, body: &Markup) -> Markup {
    html! {
        section.card {
            div.card-header { h2.card-title { (heading) } }
            div.card-body { (body) }
        }
    }
}

/// Facts of one thing: a name and a value each; what has no value says so.
#[derive(Default)]
pub struct Facts {
    rows: Vec<(String, Option<Markup>)>,
}

impl Facts {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    #[must_use]
    pub fn fact(mut self, name: &str, value: Option<impl Render>) -> Self {
        self.rows.push((name.to_owned(), value.map(|value| value.render())));
        self
    }
}

impl Render for Facts {
    fn render(&self) -> Markup {
        html! {
            dl.facts {
                @for (name, value) in &self.rows {
                    dt { (name) }
                    dd {
                        @match value {
                            Some(value) => (value),
                            None => span.text-secondary title="Not known" { (words::NONE) },
                        }
                    }
                }
            }
        }
    }
}
