use super::types::{STATUSES, TYPES};
use crate::console::record::Field;

/// What it is, and for whom.
pub(super) const ABOUT: &str = "What it is";

/// What a deployment starts from.
pub(super) const SETTINGS: &str = "What it sets";

/// Where it may be used.
pub(super) const PLACES: &str = "Where it may be used";

/// The headings, in order.
pub(super) const SECTIONS: [&str; 3] = [ABOUT, SETTINGS, PLACES];

/// The environments.
const ENVIRONMENTS: [&str; 3] = ["production", "staging", "development"];

/// The columns that people write.
pub(super) const FIELDS: &[Field] = {
    use crate::console::record::Kind::{Json, Line, Lines, OneOf, Words};
    &[
        Field::new("template_name", "Name", ABOUT, Line(255)).required(),
        Field::new("template_type", "Type", ABOUT, OneOf(&TYPES)).required(),
        Field::new("status", "Status", ABOUT, OneOf(&STATUSES))
            .required()
            .hint("A deprecated one is offered to nobody any more."),
        Field::new("category", "Group", ABOUT, Line(100)),
        Field::new("description", "What it is for", ABOUT, Lines),
        Field::new("tags", "Tags", ABOUT, Words),
        Field::new("use_cases", "Suits", ABOUT, Words),
        Field::new("configuration_template", "Settings", SETTINGS, Json)
            .hint("Such as {\"provider\": \"vercel\", \"ssl\": true, \"region\": \"us-east-1\"}."),
        Field::new("required_variables", "Variables that have to be given", SETTINGS, Words),
        Field::new("optional_variables", "Variables that may be given", SETTINGS, Words),
        Field::new("supported_environments", "Environments", PLACES, Words)
            .hint("production, staging, development: one to a line."),
        Field::new("default_environment", "Usual environment", PLACES, OneOf(&ENVIRONMENTS)).required(),
        Field::new("supported_providers", "Hosts", PLACES, Words),
        Field::new("default_provider", "Usual host", PLACES, Line(100)),
    ]
};
