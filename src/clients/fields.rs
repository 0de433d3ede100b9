use serde_json::{Map, Value};

use super::types::{SIZES, STATUSES, TIERS};
use crate::console::record;
use crate::problem::Problem;

pub use crate::console::record::{Field, Kind};

/// Who a client is, and how it is reached.
const CONTACT: &str = "Contact";

/// How it is served, and until when.
const CONTRACT: &str = "Contract";

/// How it looks.
const BRANDING: &str = "Branding";

/// What it wants and has to keep to.
const REQUIREMENTS: &str = "Requirements";

/// The headings that a client is told about under, in order.
pub const SECTIONS: [&str; 4] = [CONTACT, CONTRACT, BRANDING, REQUIREMENTS];

/// Every column that people write in the console, in order.
pub const FIELDS: &[Field] = {
    use Kind::{Day, Email, Json, Line, Lines, OneOf, Words};
    &[
        Field::new("name", "Name", CONTACT, Line(255)).required(),
        Field::new("email", "E-mail", CONTACT, Email).kept(),
        Field::new("company_name", "Company", CONTACT, Line(255)),
        Field::new("industry", "Industry", CONTACT, Line(100)),
        Field::new("business_size", "Size", CONTACT, OneOf(&SIZES)),
        Field::new("phone", "Telephone", CONTACT, Line(50)),
        Field::new("website_url", "Web site", CONTACT, Line(500)),
        Field::new("address", "Postal address", CONTACT, Json),
        Field::new("status", "Status", CONTRACT, OneOf(&STATUSES)).kept(),
        Field::new("tier", "Tier", CONTRACT, OneOf(&TIERS)).kept(),
        Field::new("contract_start_date", "Contract from", CONTRACT, Day),
        Field::new("contract_end_date", "Contract until", CONTRACT, Day),
        Field::new("renewal_date", "Renewal by", CONTRACT, Day),
        Field::new("project_type", "Kind of project", CONTRACT, Line(100)),
        Field::new("project_scope", "Scope", CONTRACT, Lines),
        Field::new("budget_range", "Budget", CONTRACT, Line(50)),
        Field::new("timeline_requirements", "Timeline", CONTRACT, Line(100)),
        Field::new("acquisition_source", "Came by", CONTRACT, Line(100)),
        Field::new("color_palette", "Colours", BRANDING, Json),
        Field::new("typography_preferences", "Typefaces", BRANDING, Json),
        Field::new("logo_assets", "Logos", BRANDING, Json),
        Field::new("brand_guidelines", "Guidelines", BRANDING, Json),
        Field::new("visual_identity", "Visual identity", BRANDING, Json),
        Field::new("target_audience", "Target audience", REQUIREMENTS, Lines),
        Field::new("business_goals", "Goals", REQUIREMENTS, Words),
        Field::new("preferred_integrations", "Integrations", REQUIREMENTS, Words),
        Field::new("compliance_requirements", "Rules to keep to", REQUIREMENTS, Words),
        Field::new("technical_requirements", "Technical", REQUIREMENTS, Json),
    ]
};

/// Those that somebody may write.
pub fn writable(is_keeper: bool) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(move |field| is_keeper || !field.is_for_keepers)
}

/// What was typed into a form, column by column; every fault at once.
pub fn parse<'a>(is_keeper: bool, typed: impl Fn(&str) -> Option<&'a str>) -> Result<Map<String, Value>, Problem> {
    record::parse(writable(is_keeper), "the client can't be saved like this", typed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
