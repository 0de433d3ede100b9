use std::io::Write as _;

use comfy_table::{Table, presets};
use serde::Serialize;

use crate::Error;
use crate::settings::Format;

/// Prints a line on standard output; a closed pipe is no error. Whether it could be written.
pub fn line(text: impl AsRef<str>) -> bool {
    writeln!(std::io::stdout().lock(), "{}", text.as_ref()).is_ok()
}

/// Prints a line about the work itself on standard error, so that standard output stays the answer.
pub fn note(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stderr().lock(), "{}", text.as_ref());
}

/// Prints an answer: as JSON for a machine, else as `text` says it.
pub fn answer<T: Serialize>(format: Format, value: &T, text: impl FnOnce() -> String) {
    line(match format {
        Format::Json => serde_json::to_string_pretty(value).unwrap_or_else(|error| format!("\"{error}\"")),
        Format::Text => text(),
    });
}

/// A table for a person, without lines around it.
pub fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header);
    table.add_rows(rows);
    table.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// Prints an error on standard error: what went wrong and how to mend it.
pub fn error(error: &Error, format: Format) {
    match format {
        Format::Json => note(serde_json::json!({ "error": error.what(), "mend": error.how_to_mend() }).to_string()),
        Format::Text => note(format!("tenantry: {error}")),
    }
}
