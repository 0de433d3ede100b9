use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::types::{SIZES, STATUSES, TIERS};
use crate::problem::{Fault, Problem};

/// What a client is told about, under a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Who it is, and how it is reached.
    Contact,
    /// How it is served, and until when.
    Contract,
    /// How it looks.
    Branding,
    /// What it wants and has to keep to.
    Requirements,
}

impl Section {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Contact, Self::Contract, Self::Branding, Self::Requirements];

    /// Its heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Contact => "Contact",
            Self::Contract => "Contract",
            Self::Branding => "Branding",
            Self::Requirements => "Requirements",
        }
    }
}

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
}

/// A column of a client that people write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The column.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What it is shown under.
    pub section: Section,
    /// What it holds.
    pub kind: Kind,
    /// It has to have a value.
    pub is_required: bool,
    /// Only administrators write it.
    pub is_for_keepers: bool,
}

const fn field(name: &'static str, label: &'static str, section: Section, kind: Kind) -> Field {
    Field { name, label, section, kind, is_required: false, is_for_keepers: false }
}

const fn kept(field: Field) -> Field {
    Field { is_required: true, is_for_keepers: true, ..field }
}

const fn required(field: Field) -> Field {
    Field { is_required: true, ..field }
}

/// Every column that people write in the console, in order.
pub const FIELDS: &[Field] = {
    use Kind::{Day, Email, Json, Line, Lines, OneOf, Words};
    use Section::{Branding, Contact, Contract, Requirements};
    &[
        required(field("name", "Name", Contact, Line(255))),
        kept(field("email", "E-mail", Contact, Email)),
        field("company_name", "Company", Contact, Line(255)),
        field("industry", "Industry", Contact, Line(100)),
        field("business_size", "Size", Contact, OneOf(&SIZES)),
        field("phone", "Telephone", Contact, Line(50)),
        field("website_url", "Web site", Contact, Line(500)),
        field("address", "Postal address", Contact, Json),
        kept(field("status", "Status", Contract, OneOf(&STATUSES))),
        kept(field("tier", "Tier", Contract, OneOf(&TIERS))),
        field("contract_start_date", "Contract from", Contract, Day),
        field("contract_end_date", "Contract until", Contract, Day),
        field("renewal_date", "Renewal by", Contract, Day),
        field("project_type", "Kind of project", Contract, Line(100)),
        field("project_scope", "Scope", Contract, Lines),
        field("budget_range", "Budget", Contract, Line(50)),
        field("timeline_requirements", "Timeline", Contract, Line(100)),
        field("acquisition_source", "Came by", Contract, Line(100)),
        field("color_palette", "Colours", Branding, Json),
        field("typography_preferences", "Typefaces", Branding, Json),
        field("logo_assets", "Logos", Branding, Json),
        field("brand_guidelines", "Guidelines", Branding, Json),
        field("visual_identity", "Visual identity", Branding, Json),
        field("target_audience", "Target audience", Requirements, Lines),
        field("business_goals", "Goals", Requirements, Words),
        field("preferred_integrations", "Integrations", Requirements, Words),
        field("compliance_requirements", "Rules to keep to", Requirements, Words),
        field("technical_requirements", "Technical", Requirements, Json),
    ]
};

impl Field {
    /// Those that somebody may write.
    pub fn writable(is_keeper: bool) -> impl Iterator<Item = &'static Self> {
        FIELDS.iter().filter(move |field| is_keeper || !field.is_for_keepers)
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
            Kind::Email => 255,
            _ => 20_000,
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
}

/// What was typed into a form, column by column; every fault at once.
pub fn parse<'a>(is_keeper: bool, typed: impl Fn(&str) -> Option<&'a str>) -> Result<Map<String, Value>, Problem> {
    let (mut values, mut faults) = (Map::new(), Vec::new());
    for field in Field::writable(is_keeper) {
        let Some(typed) = typed(field.name) else { continue };
        match field.value(typed) {
            Ok(value) => _ = values.insert(field.name.to_owned(), value),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(values) } else { Err(Problem::faults("the client can't be saved like this", faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> &'static Field {
        FIELDS.iter().find(|field| field.name == name).expect("a field")
    }

    #[test]
    fn what_a_column_holds_is_typed_and_read_back() {
        for (name, value) in [
            ("name", json!("Lumen")),
            ("renewal_date", json!("2027-03-31")),
            ("business_goals", json!(["more bookings", "fewer calls"])),
            ("color_palette", json!({ "primary": "#1b6ef3" })),
            ("color_palette", json!({})),
            ("phone", Value::Null),
        ] {
            let field = named(name);
            assert_eq!(field.value(&field.text(&value)), Ok(value), "{name}");
        }
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let typed = |name: &str| match name {
            "name" => Some(" "),
            "email" => Some("nobody"),
            "renewal_date" => Some("31.3.2027"),
            "address" => Some("{\"city\": }"),
            "tier" => Some("gold"),
            _ => None,
        };
        let pointers = |problem: Problem| problem.errors.into_iter().map(|fault| fault.pointer).collect::<Vec<_>>();
        let all = ["/name", "/email", "/address", "/tier", "/renewal_date"];
        assert_eq!(pointers(parse(true, typed).expect_err("faults")), all);
        assert_eq!(pointers(parse(false, typed).expect_err("faults")), ["/name", "/address", "/renewal_date"]);
    }

    #[test]
    fn a_line_is_not_longer_than_its_column() {
        assert!(named("phone").value(&"1".repeat(50)).is_ok());
        assert_eq!(named("phone").value(&"1".repeat(51)).expect_err("too long").rule, "length");
        assert!(named("name").value(&"é".repeat(255)).is_ok(), "characters are counted, not bytes");
    }
}
