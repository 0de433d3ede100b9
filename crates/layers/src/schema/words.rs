//! What a keyword asks, in words.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

/// Characters that are told of what a schema asks.
const LONGEST: usize = 200;

/// What is wrong and what to do about it. The value isn't told, and of a secret not what `enum`, `const` and `pattern` ask
/// either, since that says what the value is or isn't.
pub(super) fn of(error: &ValidationError<'_>, is_secret: bool) -> (String, String) {
    let asked = asked(error.kind(), is_secret);
    let detail = match error.kind() {
        Kind::Type { .. } => format!("This must be {asked}, and is {}", kind_of(error.instance())),
        _ => format!("This must {asked}"),
    };
    let mend = match error.kind() {
        Kind::Type { .. } => format!("Set {asked}."),
        Kind::FalseSchema => "Remove it.".to_owned(),
        _ => "Set a value of which that is true.".to_owned(),
    };
    (detail, mend)
}

fn asked(kind: &Kind, is_secret: bool) -> String {
    match kind {
        Kind::Type { kind } => types(kind),
        Kind::Enum { .. } | Kind::Constant { .. } | Kind::Pattern { .. } if is_secret => {
            "be as the schema says, which isn't shown since it is about a secret".to_owned()
        }
        Kind::Enum { options } => format!("be one of {}", short(&**options)),
        Kind::Constant { expected_value } => format!("be {}", short(&**expected_value)),
        Kind::Pattern { pattern } => format!("match {}", short(pattern)),
        Kind::Format { format } => format!("have the format {format}"),
        Kind::Minimum { limit } => format!("be at least {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("be more than {limit}"),
        Kind::Maximum { limit } => format!("be at most {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("be less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("be a multiple of {multiple_of}"),
        Kind::MinLength { limit } => format!("have at least {limit} characters"),
        Kind::MaxLength { limit } => format!("have at most {limit} characters"),
        Kind::MinItems { limit } => format!("have at least {limit} items"),
        Kind::MaxItems { limit } => format!("have at most {limit} items"),
        Kind::AdditionalItems { limit } => format!("have at most {limit} items"),
        Kind::MinProperties { limit } => format!("have at least {limit} properties"),
        Kind::MaxProperties { limit } => format!("have at most {limit} properties"),
        Kind::UniqueItems => "have no item twice".to_owned(),
        Kind::Contains => "contain an item such as the schema asks for".to_owned(),
        Kind::AnyOf { .. } => "hold for one of the schema's alternatives".to_owned(),
        Kind::OneOfNotValid { .. } | Kind::OneOfMultipleValid { .. } => {
            "hold for exactly one of the schema's alternatives".to_owned()
        }
        Kind::FalseSchema => "not be set".to_owned(),
        Kind::Not { .. } => "not be what the schema excludes".to_owned(),
        other => format!("be as {} asks", other.keyword()),
    }
}

/// The beginning of what may be long.
pub(super) fn short(text: &impl ToString) -> String {
    let text = text.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => with_article(one.as_str()),
        TypeKind::Multiple(several) => {
            several.iter().map(|one: JsonType| with_article(one.as_str())).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn with_article(kind: &str) -> String {
    match kind {
        "null" => kind.to_owned(),
        "integer" | "array" | "object" => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}
