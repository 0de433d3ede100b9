use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, Response};

/// A table as a file for a spreadsheet: fields in quotes, none of which a spreadsheet takes for a formula.
pub struct Csv {
    text: String,
}

impl Csv {
    /// What it is, to whoever gets it.
    pub const MEDIA_TYPE: &str = "text/csv; charset=utf-8";

    /// One with a line of headings.
    pub fn new<'a>(headings: impl IntoIterator<Item = &'a str>) -> Self {
        // The mark by which spreadsheets know UTF-8.
        let mut csv = Self { text: "\u{feff}".to_owned() };
        csv.line(headings);
        csv
    }

    /// Adds a line.
    pub fn line<'a>(&mut self, fields: impl IntoIterator<Item = &'a str>) {
        for (place, field) in fields.into_iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            self.field(field);
        }
        self.text.push_str("\r\n");
    }

    fn field(&mut self, field: &str) {
        self.text.push('"');
        if is_formula(field.trim_start_matches('\'')) {
            self.text.push('\'');
        }
        self.text.push_str(&field.replace('"', "\"\""));
        self.text.push('"');
    }

    /// What a field said before it was written here: without the apostrophe that keeps a spreadsheet from computing it.
    pub fn plain(field: &str) -> &str {
        match field.strip_prefix('\'') {
            Some(said) if is_formula(said.trim_start_matches('\'')) => said,
            _ => field,
        }
    }

    /// What was written since this was last called: a part of a file that is sent while it is made.
    pub fn part(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// As an answer that a browser keeps under a name.
    pub fn answer(self, name: &str) -> Response<Body> {
        as_file(Body::from(self.text), Self::MEDIA_TYPE, name)
    }
}

/// An answer that a browser keeps under a name.
pub fn as_file(body: Body, media_type: &'static str, name: &str) -> Response<Body> {
    let mut answer = Response::new(body);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    answer
}

/// Whether a spreadsheet would compute a field. What begins with apostrophes and goes on like that gets one more, so that
/// taking one away gives back what it was.
fn is_formula(field: &str) -> bool {
    field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) && !is_number(field)
}

/// A plain number is none, though it may begin with a sign.
fn is_number(field: &str) -> bool {
    let digits = field.strip_prefix(['-', '+']).unwrap_or(field);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_field_is_a_formula_and_none_ends_early() {
        let mut csv = Csv::new(["Name"]);
        for field in ["=1+1", "-2.50", "@SUM(A1)", "a\"b,c\r\nd", "\t=1", "-1+cmd|' /C calc'!A0", ""] {
            csv.line([field]);
        }
        let lines = "\u{feff}\"Name\"\r\n\"'=1+1\"\r\n\"-2.50\"\r\n\"'@SUM(A1)\"\r\n\"a\"\"b,c\r\nd\"\r\n\"'\t=1\"\r\n\"'-1+cmd|' /C calc'!A0\"\r\n\"\"\r\n";
        assert_eq!(csv.text, lines);
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_back(said in "['=+\\-@0-9a\t\r\n＝]{0,6}") {
            let mut csv = Csv { text: String::new() };
            csv.line([&*said]);
            let written = csv.text.strip_prefix('"').and_then(|text| text.strip_suffix("\"\r\n")).expect("one field");
            prop_assert_eq!(Csv::plain(written), said);
        }
    }
}
