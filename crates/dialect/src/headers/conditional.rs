//! `If-Match`, and the headers of its kind that are refused: a condition that nobody checks is worse than none.

use crate::{Code, Error};

/// The version in `If-Match: "version"`.
pub(super) fn version(value: &str) -> Result<String, Error> {
    let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    quoted.filter(|version| !version.is_empty() && !version.contains('"')).map(str::to_owned).ok_or_else(|| {
        refused("If-Match takes one version in double quotes, as in If-Match: \"7\"", "lists, * and W/ aren't read")
    })
}

pub(super) fn several() -> Error {
    refused("If-Match is given twice", "one write checks one version")
}

/// Headers that would change the answer, and that nothing here looks at.
pub(super) fn refuse_others(name: &str) -> Result<(), Error> {
    let hint = match name {
        "range" | "if-range" => "use the parameters limit and offset",
        "if-none-match" | "if-modified-since" => "answers are never cached; leave the header out",
        "if-unmodified-since" => "use If-Match with the row's version",
        _ => return Ok(()),
    };
    Err(refused(&format!("header {name} isn't honoured"), hint))
}

fn refused(message: &str, hint: &str) -> Error {
    Error { code: Code::Parse, message: message.to_owned(), details: None, hint: Some(hint.to_owned()) }
}
