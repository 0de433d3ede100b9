//! What a text of JSON says that no value keeps: numbers that would come back as others, and names that stand twice.
//!
//! A value keeps whole numbers of 64 bits, and of all others what a float of 64 bits keeps: some 17 digits. Of two members
//! of one name it keeps the last.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::{Key, Problem, Rule};

/// Problems that are told of one text: with more, nobody reads on.
const MOST: usize = 500;

/// Everything in a text of JSON that would be lost. What is no JSON is told by whoever reads it.
pub fn lost(json: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut within: Vec<Within<'_>> = Vec::new();
    let mut is_name_next = false;
    let mut rest = json;
    while let Some(first) = rest.chars().next().filter(|_| found.len() < MOST) {
        let length = match first {
            '"' => text_length(rest),
            '-' | '0'..='9' => rest.find(|c: char| !is_of_number(c)).unwrap_or(rest.len()),
            other => other.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        match first {
            '{' => within.push(Within::Object { name: Cow::Borrowed(""), names: HashSet::new() }),
            '[' => within.push(Within::Array(0)),
            '}' | ']' => _ = within.pop(),
            ',' => within.last_mut().into_iter().for_each(Within::go_on),
            '"' if is_name_next => {
                if within.last_mut().is_some_and(|object| object.is_named_twice(token)) {
                    found.push(twice(place(&within)));
                }
            }
            '-' | '0'..='9' if !is_kept(token) => found.push(rounded(place(&within))),
            _ => continue,
        }
        is_name_next = matches!(first, '{' | ',') && matches!(within.last(), Some(Within::Object { .. }));
    }
    found
}

/// Whether a number comes back as it is written, however that is: `1e3` is `1000`, and `1.50` is `1.5`.
pub fn is_kept(number: &str) -> bool {
    if number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok() {
        return true;
    }
    number.parse::<f64>().is_ok_and(|read| read.is_finite() && Decimal::of(number) == Decimal::of(&format!("{read:e}")))
}

/// What is said of a number that doesn't.
pub fn rounded(place: Key) -> Problem {
    let detail =
        "A number beyond 64 bits, or of more than 17 digits, is rounded, so that others would read another one";
    Problem::new(place, Rule::Unkept, detail.to_owned(), "Send its digits as a string.".to_owned())
}

fn twice(place: Key) -> Problem {
    let detail = "The name stands twice in one object, and one of its values would be lost";
    Problem::new(place, Rule::Unkept, detail.to_owned(), "Leave one of them out.".to_owned())
}

/// What a value stands in.
enum Within<'a> {
    /// An object, with the name that came last, and all of them.
    Object { name: Cow<'a, str>, names: HashSet<Cow<'a, str>> },
    /// An array, with the number of the item.
    Array(usize),
}

impl<'a> Within<'a> {
    fn go_on(&mut self) {
        if let Self::Array(item) = self {
            *item += 1;
        }
    }

    /// Notes the name that comes next, as it is written with its quotes.
    fn is_named_twice(&mut self, token: &'a str) -> bool {
        let Self::Object { name, names } = self else { return false };
        *name = match token.trim_matches('"') {
            escaped if escaped.contains('\\') => serde_json::from_str(token).unwrap_or_default(),
            plain => Cow::Borrowed(plain),
        };
        !names.insert(name.clone())
    }

    fn step(&self) -> String {
        match self {
            Self::Object { name, .. } => name.clone().into_owned(),
            Self::Array(item) => item.to_string(),
        }
    }
}

fn place(within: &[Within<'_>]) -> Key {
    Key::of(within.iter().map(Within::step))
}

/// The bytes of the text in quotes at the beginning, with its quotes.
fn text_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (place, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !is_escaped => return place + 1,
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    text.len()
}

fn is_of_number(c: char) -> bool {
    c.is_ascii_digit() || "+-.eE".contains(c)
}

/// What a number is, whatever way it is written: its digits without zeros around them, and where they stand.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn of(number: &str) -> Self {
        let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
        let is_negative = mantissa.starts_with('-');
        let unsigned = mantissa.trim_start_matches(['-', '+']);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all = format!("{whole}{fraction}");
        let ended = all.trim_end_matches('0');
        let zeros = all.len() - ended.len();
        let digits = ended.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Self { is_negative: false, digits, exponent: 0 };
        }
        let moved = i64::try_from(zeros).unwrap_or(i64::MAX) - i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        // An exponent that is beyond counting is that of no number that is kept.
        let exponent = exponent.parse::<i64>().unwrap_or(i64::MAX).saturating_add(moved);
        Self { is_negative, digits, exponent }
    }
}
