//! A row as a form: columns that people write, what each holds, how it is typed and what is wrong with that.

use jiff::civil::Date;
use maud::{Markup, Render as _, html};
use serde_json::{Map, Value, json};

use super::components::field;
use super::form::Form;
use super::words;
use crate::problem::{Fault, Problem};

/// The longest text of several lines, in characters.
const LONGEST: usize = 20_000;

/// The longest document, in characters.
const LONGEST_DOCUMENT: usize = 200_000;

/// The longest amount: a sign, thirteen digits, a point and three more.
const LONGEST_AMOUNT: usize = 18;

/// What a column holds, and how it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line of so many characters at most.
    Line(usize),
    /// An address of mail.
    Email,
    /// Several lines.
    Lines,
    /// One word of several.
    OneOf(&'static [&'static str]),
    /// A day.
    Day,
    /// Words, each on a line.
    Words,
    /// A document.
    Json,
    /// An amount of money.
    Amount,
}

/// A column that people write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The column.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What it is shown under.
    pub section: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What belongs into it; empty where the label says it.
    pub hint: &'static str,
    /// It has to have a value.
    pub is_required: bool,
    /// Only administrators write it.
    pub is_for_keepers: bool,
}

impl Field {
    /// One that may be empty, and that everybody writes who writes the row.
    pub const fn new(name: &'static str, label: &'static str, section: &'static str, kind: Kind) -> Self {
        Self { name, label, section, kind, hint: "", is_required: false, is_for_keepers: false }
    }

    /// The same, which has to have a value.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// The same, which has to have a value that only administrators write.
    #[must_use]
    pub const fn kept(self) -> Self {
        Self { is_required: true, is_for_keepers: true, ..self }
    }

    /// The same, with what belongs into it.
    #[must_use]
    pub const fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    /// A column's value as it is typed.
    pub fn text(&self, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            Value::Array(words) if self.kind == Kind::Words => {
                words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
            }
            Value::Object(members) if members.is_empty() => String::new(),
            other => format!("{other:#}"),
        }
    }

    /// What was typed as the column's value; what is wrong with it where something is.
    pub fn value(&self, typed: &str) -> Result<Value, Fault> {
        let wrong = |rule: &str, detail: String| Fault::at(format!("/{}", self.name), rule, detail);
        let text = typed.replace("\r\n", "\n");
        let text = text.trim();
        if text.is_empty() {
            return match self.kind {
                _ if self.is_required => Err(wrong("required", "has to have a value".to_owned())),
                Kind::Words => Ok(json!([])),
                Kind::Json => Ok(json!({})),
                _ => Ok(Value::Null),
            };
        }
        let longest = match self.kind {
            Kind::Line(longest) => longest,
            Kind::Amount => LONGEST_AMOUNT,
            Kind::Email => 255,
            Kind::Json => LONGEST_DOCUMENT,
            _ => LONGEST,
        };
        let length = text.chars().count();
        if length > longest {
            return Err(wrong("length", format!("has {length} characters, of which there may be {longest}")));
        }
        match self.kind {
            Kind::Line(_) if text.contains('\n') => Err(wrong("line", "is one line".to_owned())),
            Kind::Email if !text.contains('@') => {
                Err(wrong("email", "is no address".to_owned()).mend("write it as hello@client.example"))
            }
            Kind::OneOf(words) if !words.contains(&text) => Err(wrong("choice", "is none of the choices".to_owned())),
            Kind::Day if text.parse::<Date>().is_err() => {
                Err(wrong("day", "is no day".to_owned()).mend("write it as 2027-03-31"))
            }
            Kind::Words => Ok(json!(text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>())),
            Kind::Amount if !is_amount(text) => {
                Err(wrong("amount", "is no amount".to_owned()).mend("write it as 1234.50, without the currency"))
            }
            Kind::Json => match serde_json::from_str::<Value>(text) {
                Ok(value @ Value::Object(_)) => Ok(value),
                Ok(_) => Err(wrong("object", "is no object".to_owned()).mend("write {\"name\": \"value\"}")),
                Err(error) => Err(wrong(
                    "json",
                    format!("is no JSON: it breaks at line {}, column {}", error.line(), error.column()),
                )),
            },
            _ => Ok(json!(text)),
        }
    }

    /// What stands in a row.
    pub fn text_in(&self, row: &Map<String, Value>) -> String {
        self.text(row.get(self.name).unwrap_or(&Value::Null))
    }

    /// As a field of a form.
    pub fn control(&self, form: &Form) -> Markup {
        let Self { name, label, kind, hint, .. } = *self;
        let field = match kind {
            Kind::Line(longest) => field::text(form, name, label).longest(longest),
            Kind::Email => field::email(form, name, label).longest(255),
            Kind::Amount => field::text(form, name, label).longest(LONGEST_AMOUNT),
            Kind::Lines => field::textarea(form, name, label),
            Kind::Day => field::date(form, name, label),
            Kind::Words => field::textarea(form, name, label).hint("One to a line."),
            Kind::Json => field::json(form, name, label).rows(5),
            Kind::OneOf(words) => {
                let none = (!self.is_required).then_some((String::new(), words::NONE.to_owned()));
                let words = words.iter().map(|word| ((*word).to_owned(), words::label(word)));
                field::select(form, name, label, none.into_iter().chain(words))
            }
        };
        let field = if hint.is_empty() { field } else { field.hint(hint) };
        if self.is_required { field.required().render() } else { field.render() }
    }
}

/// The fields of a section, under its heading.
pub fn section<'f>(heading: &str, fields: impl IntoIterator<Item = &'f Field>, form: &Form) -> Markup {
    let fields = fields.into_iter().filter(|field| field.section == heading);
    html! {
        fieldset.card {
            div.card-header { legend.card-title { (heading) } }
            div.card-body.fields { @for field in fields { (field.control(form)) } }
        }
    }
}

/// What was typed into a form, column by column; every fault at once, under a sentence that says what can't be done.
pub fn parse<'f, 't>(
    fields: impl IntoIterator<Item = &'f Field>,
    refusal: &str,
    typed: impl Fn(&str) -> Option<&'t str>,
) -> Result<Map<String, Value>, Problem> {
    let (mut values, mut faults) = (Map::new(), Vec::new());
    for field in fields {
        let Some(typed) = typed(field.name) else { continue };
        match field.value(typed) {
            Ok(value) => _ = values.insert(field.name.to_owned(), value),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(values) } else { Err(Problem::faults(refusal, faults)) }
}

/// Whether a text is an amount as the database takes it: up to thirteen digits, and three behind a point.
fn is_amount(text: &str) -> bool {
    let (whole, places) = text.split_once('.').unwrap_or((text, "0"));
    let digits =
        |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole.strip_prefix('-').unwrap_or(whole), 13) && digits(places, 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_typed_as_the_database_takes_it() {
        for (text, is) in [
            ("0", true),
            ("-12.5", true),
            ("1234567890123.125", true),
            ("12345678901234", false),
            ("1.1234", false),
            ("1,50", false),
            (".5", false),
            ("1.", false),
            ("NaN", false),
            ("€5", false),
        ] {
            assert_eq!(is_amount(text), is, "{text}");
        }
    }
}
