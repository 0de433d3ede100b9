//! Media types: `Accept` and `Content-Type`.

use crate::{Code, Error};

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// `application/json`, `application/vnd.pgrst.array+json`, `*/*`: an array of rows.
    Array,
    /// `application/vnd.pgrst.object+json`: the one row, itself. Any other number of rows is an error.
    Object,
    /// `text/csv`.
    Csv,
}

impl Answer {
    /// The `Content-Type` of such an answer.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Array => "application/json; charset=utf-8",
            Self::Object => "application/vnd.pgrst.object+json; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// What the client likes best of what can be given; without `Accept`, an array.
    pub(super) fn choose(accept: &[&str]) -> Result<Self, Error> {
        let mut wanted: Vec<MediaRange> =
            accept.iter().flat_map(|value| value.split(',')).filter_map(MediaRange::parse).collect();
        if wanted.is_empty() {
            return Ok(Self::Array);
        }
        // A stable sort: of what is liked equally, the first counts.
        wanted.sort_by_key(|range| std::cmp::Reverse(range.quality));
        wanted
            .iter()
            .filter(|range| range.quality > 0)
            .find_map(MediaRange::answer)
            .ok_or_else(|| not_acceptable(accept))
    }
}

/// One entry of `Accept`.
struct MediaRange {
    name: String,
    /// Parameters other than `q`.
    parameters: Vec<String>,
    /// In thousandths.
    quality: u16,
}

impl MediaRange {
    fn parse(entry: &str) -> Option<Self> {
        let mut parts = entry.split(';').map(|part| part.trim().to_ascii_lowercase()).filter(|part| !part.is_empty());
        let name = parts.next()?;
        let mut range = Self { name, parameters: Vec::new(), quality: 1_000 };
        for parameter in parts {
            match parameter.strip_prefix("q=") {
                Some(quality) => range.quality = thousandths(quality),
                None => range.parameters.push(parameter),
            }
        }
        Some(range)
    }

    fn answer(&self) -> Option<Answer> {
        // A parameter that isn't understood asks for something else than what would be given, as `nulls=stripped` does.
        if !self.parameters.iter().all(|parameter| is_utf8(parameter)) {
            return None;
        }
        match self.name.as_str() {
            "*/*"
            | "application/*"
            | "application/json"
            | "application/vnd.pgrst.array+json"
            | "application/vnd.pgrst.array" => Some(Answer::Array),
            "application/vnd.pgrst.object+json" | "application/vnd.pgrst.object" => Some(Answer::Object),
            "text/csv" | "text/*" => Some(Answer::Csv),
            _ => None,
        }
    }
}

/// `0.8` as 800. What isn't a weight counts as 1.
fn thousandths(quality: &str) -> u16 {
    let weight = quality.parse::<f32>().ok().filter(|weight| (0.0..=1.0).contains(weight)).unwrap_or(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
    let thousandths = (weight * 1_000.0) as u16;
    thousandths
}

fn is_utf8(parameter: &str) -> bool {
    matches!(parameter, "charset=utf-8" | "charset=\"utf-8\"" | "charset=utf8")
}

fn not_acceptable(accept: &[&str]) -> Error {
    Error {
        code: Code::NotAcceptable,
        message: format!("None of these media types are available: {}", accept.join(", ")),
        details: None,
        hint: Some("ask for application/json, application/vnd.pgrst.object+json (one row) or text/csv".to_owned()),
    }
}

/// Checks that a body is of the one type that is read.
pub(super) fn readable(content_type: &str) -> Result<(), Error> {
    let mut parts = content_type.split(';').map(|part| part.trim().to_ascii_lowercase());
    let json = parts.next().as_deref() == Some("application/json");
    if json && parts.all(|parameter| is_utf8(&parameter)) {
        return Ok(());
    }
    Err(Error {
        code: Code::UnsupportedMedia,
        message: format!("Content-Type not acceptable: {content_type}"),
        details: None,
        hint: Some("send application/json in UTF-8".to_owned()),
    })
}
