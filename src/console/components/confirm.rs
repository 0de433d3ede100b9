use maud::{Markup, Render, html};

use super::{Icon, icon};

/// Asks again before something is done: what will be, and two ways on.
pub struct Confirm {
    action: String,
    button: String,
    back: String,
    is_dangerous: bool,
    what: Markup,
    fields: Vec<(String, String)>,
}

impl Confirm {
    /// Asks whether a POST to a path shall be sent, by a button with these words; `back` is where nothing is done.
    pub fn new(action: impl Into<String>, button: impl Into<String>, back: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            button: button.into(),
            back: back.into(),
            is_dangerous: false,
            what: html! {},
            fields: Vec::new(),
        }
    }

    /// Says what will be.
    #[must_use]
    pub fn what(self, what: Markup) -> Self {
        Self { what, ..self }
    }

    /// Can't be taken back, or hurts somebody.
    #[must_use]
    pub fn dangerous(self) -> Self {
        Self { is_dangerous: true, ..self }
    }

    /// Sends a field along.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }
}

impl Render for Confirm {
    fn render(&self) -> Markup {
        let colour = if self.is_dangerous { "btn btn-danger" } else { "btn btn-primary" };
        html! {
            form.card.confirm method="post" action=(self.action) {
                div.card-body {
                    @for (name, value) in &self.fields { input type="hidden" name=(name) value=(value); }
                    (self.what)
                }
                div.card-footer.form-buttons {
                    button class=(colour) type="submit" {
                        @if self.is_dangerous { (icon(Icon::AlertTriangle)) }
                        (self.button)
                    }
                    a.btn href=(self.back) { "Cancel" }
                }
            }
        }
    }
}
