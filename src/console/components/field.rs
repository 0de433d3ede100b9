//! Fields of a form. Each shows what stands in the form under its name, and at itself what is wrong with that.

use maud::{Markup, Render, html};

use crate::console::failure::sentence;
use crate::console::form::{self, Form};
use crate::console::sent::SEALED;

/// A field with its label; renders itself.
pub struct Field<'a> {
    form: &'a Form,
    name: &'a str,
    label: &'a str,
    kind: Kind<'a>,
    is_required: bool,
    is_read_only: bool,
    has_focus: bool,
    hint: Option<Markup>,
    placeholder: Option<&'a str>,
    autocomplete: Option<&'a str>,
    longest: Option<usize>,
}

enum Kind<'a> {
    /// `<input>` of a type.
    Input { of: &'static str, step: Option<&'a str> },
    /// Several lines.
    Lines { rows: u8, is_code: bool },
    /// One of several: value and label each.
    OneOf(Vec<(String, String)>),
    /// Yes or no.
    Yes,
    /// A file of these types.
    File { accept: &'a str },
}

/// A line of text.
pub fn text<'a>(form: &'a Form, name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(form, name, label, Kind::Input { of: "text", step: None })
}

/// An e-mail address.
pub fn email<'a>(form: &'a Form, name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(form, name, label, Kind::Input { of: "email", step: None })
}

/// A password, which is never shown again.
pub fn password<'a>(form: &'a Form, name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(form, name, label, Kind::Input { of: "password", step: None })
}

/// A number; `step` is the smallest difference, or `any`.
pub fn number<'a>(form: &'a Form, name: &'a str, label: &'a str, step: &'a str) -> Field<'a> {
    Field::new(form, name, label, Kind::Input { of: "number", step: Some(step) })
}

/// A day.
pub fn date<'a>(form: &'a Form, name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(form, name, label, Kind::Input { of: "date", step: None })
}

/// Several lines of text.
pub fn textarea<'a>(form: &'a Form, name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(form, name, label, Kind::Lines { rows: 4, is_code: false })
}

/// A document of JSON.
pub fn json<'a>(form: &'a Form, name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(form, name, label, Kind::Lines { rows: 12, is_code: true })
}

/// One of several: value and label each.
pub fn select<'a, V: Into<String>, L: Into<String>>(
    form: &'a Form,
    name: &'a str,
    label: &'a str,
    options: impl IntoIterator<Item = (V, L)>,
) -> Field<'a> {
    let options = options.into_iter().map(|(value, label)| (value.into(), label.into())).collect();
    Field::new(form, name, label, Kind::OneOf(options))
}

/// Yes or no: sends `on` where it is ticked, nothing where it isn't.
pub fn checkbox<'a>(form: &'a Form, name: &'a str, label: &'a str) -> Field<'a> {
    Field::new(form, name, label, Kind::Yes)
}

/// A file, for a form of `multipart/form-data`; `accept` says which types the browser offers.
pub fn file<'a>(form: &'a Form, name: &'a str, label: &'a str, accept: &'a str) -> Field<'a> {
    Field::new(form, name, label, Kind::File { accept })
}

/// What is sent without being seen.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

impl<'a> Field<'a> {
    fn new(form: &'a Form, name: &'a str, label: &'a str, kind: Kind<'a>) -> Self {
        Self {
            form,
            name,
            label,
            kind,
            is_required: false,
            is_read_only: false,
            has_focus: false,
            hint: None,
            placeholder: None,
            autocomplete: None,
            longest: None,
        }
    }

    /// Has to be filled in.
    #[must_use]
    pub fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// Is shown and sent, and can't be changed.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { is_read_only: true, ..self }
    }

    /// Is where one begins to type.
    #[must_use]
    pub fn focused(self) -> Self {
        Self { has_focus: true, ..self }
    }

    /// Says what belongs into it.
    #[must_use]
    pub fn hint(self, hint: impl Render) -> Self {
        Self { hint: Some(hint.render()), ..self }
    }

    /// Shows an example while it is empty.
    #[must_use]
    pub fn placeholder(self, example: &'a str) -> Self {
        Self { placeholder: Some(example), ..self }
    }

    /// Tells the browser what it may fill in.
    #[must_use]
    pub fn autocomplete(self, what: &'a str) -> Self {
        Self { autocomplete: Some(what), ..self }
    }

    /// Takes no more characters than these.
    #[must_use]
    pub fn longest(self, characters: usize) -> Self {
        Self { longest: Some(characters), ..self }
    }

    /// Has so many lines, where it has several.
    #[must_use]
    pub fn rows(self, rows: u8) -> Self {
        match self.kind {
            Kind::Lines { is_code, .. } => Self { kind: Kind::Lines { rows, is_code }, ..self },
            _ => self,
        }
    }

    fn control(&self, id: &str, described: Option<&str>, is_wrong: bool) -> Markup {
        let (value, invalid) = (self.form.value(self.name), is_wrong.then_some("true"));
        match &self.kind {
            Kind::Input { of, step } => html! {
                @if *of == "password" { (hidden(SEALED, self.name)) }
                input.form-control.is-invalid[is_wrong] id=(id) name=(self.name) type=(of) step=[*step]
                    value=[(*of != "password").then_some(value)] required[self.is_required]
                    readonly[self.is_read_only] autofocus[self.has_focus] placeholder=[self.placeholder]
                    autocomplete=[self.autocomplete] maxlength=[self.longest] aria-describedby=[described]
                    aria-invalid=[invalid];
            },
            Kind::Lines { rows, is_code } => html! {
                // A browser drops a line break at the very start, so that one stands there for it.
                textarea.form-control.font-monospace[*is_code].is-invalid[is_wrong] id=(id) name=(self.name)
                    rows=(rows) required[self.is_required] readonly[self.is_read_only] autofocus[self.has_focus]
                    placeholder=[self.placeholder] maxlength=[self.longest] spellcheck=[is_code.then_some("false")]
                    aria-describedby=[described] aria-invalid=[invalid] { "\n" (value) }
            },
            Kind::OneOf(options) => html! {
                select.form-select.is-invalid[is_wrong] id=(id) name=(self.name) required[self.is_required]
                    disabled[self.is_read_only] autofocus[self.has_focus] aria-describedby=[described]
                    aria-invalid=[invalid] {
                    @for (option, label) in options {
                        option value=(option) selected[option == value] { (label) }
                    }
                    // What was sent and is no option isn't silently another.
                    @if !value.is_empty() && !options.iter().any(|(option, _)| option == value) {
                        option value=(value) selected { (value) }
                    }
                }
                @if self.is_read_only { (hidden(self.name, value)) }
            },
            Kind::File { accept } => html! {
                input.form-control.is-invalid[is_wrong] id=(id) name=(self.name) type="file" accept=(accept)
                    required[self.is_required] autofocus[self.has_focus] aria-describedby=[described]
                    aria-invalid=[invalid];
            },
            Kind::Yes => html! {
                input.form-check-input.is-invalid[is_wrong] id=(id) name=(self.name) type="checkbox" value="on"
                    checked[!value.is_empty()] required[self.is_required] disabled[self.is_read_only]
                    autofocus[self.has_focus] aria-describedby=[described] aria-invalid=[invalid];
            },
        }
    }

    fn notes(&self, id: &str) -> Markup {
        html! {
            @for (place, fault) in self.form.faults(self.name).enumerate() {
                p.invalid-feedback id={ (id) "-fault-" (place) } {
                    @let inside = fault.pointer.trim_start_matches('/');
                    @if inside != self.name { code { (fault.pointer) } " " }
                    (sentence(&fault.detail))
                    @if let Some(mend) = &fault.mend { " " (sentence(mend)) }
                }
            }
            @if let Some(hint) = &self.hint { p.form-hint id={ (id) "-hint" } { (hint) } }
        }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let id = form::id(self.name);
        let faults = self.form.faults(self.name).count();
        let mut described: Vec<String> = (0..faults).map(|place| format!("{id}-fault-{place}")).collect();
        described.extend(self.hint.is_some().then(|| format!("{id}-hint")));
        let described = (!described.is_empty()).then(|| described.join(" "));
        let control = self.control(&id, described.as_deref(), faults > 0);
        html! {
            div.field {
                @if matches!(self.kind, Kind::Yes) {
                    div.form-check { (control) label.form-check-label for=(id) { (self.label) } }
                } @else {
                    label.form-label.required[self.is_required] for=(id) { (self.label) }
                    (control)
                }
                (self.notes(&id))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Fault, Problem};

    #[test]
    fn a_field_shows_what_was_typed_and_what_is_wrong_with_it() {
        let problem = Problem::faults("no", vec![Fault::at("/name", "length", "is too long").mend("shorten it")]);
        let form = Form::holding([("name", "\"><script>")]).refused(&problem);
        let shown = text(&form, "name", "Name").hint("As on the contract.").render().into_string();
        assert!(shown.contains("value=\"&quot;&gt;&lt;script&gt;\""), "{shown}");
        assert!(shown.contains("aria-describedby=\"field-name-fault-0 field-name-hint\""), "{shown}");
        assert!(shown.contains("Is too long. Shorten it."), "{shown}");
    }

    #[test]
    fn a_password_is_never_shown_again() {
        let form = Form::holding([("password", "hunter2")]);
        assert!(!password(&form, "password", "Password").render().into_string().contains("hunter2"));
    }

    #[test]
    fn an_option_that_is_none_stays_chosen() {
        let form = Form::holding([("tier", "gold")]);
        let shown = select(&form, "tier", "Tier", [("basic", "Basic")]).render().into_string();
        assert!(shown.contains("<option value=\"gold\" selected>gold</option>"), "{shown}");
    }

    #[test]
    fn lines_keep_the_break_that_they_begin_with() {
        let form = Form::holding([("note", "\nfirst")]);
        assert!(textarea(&form, "note", "Note").render().into_string().contains(">\n\nfirst</textarea>"));
    }
}
