//! A place in a text, and what is said when something else stands there than was expected.

use super::budget::Budget;

/// What stands at a place isn't what was expected. Becomes an [`crate::Error`] where the parameter is known.
#[derive(Debug)]
pub(super) struct Mismatch {
    /// Where, in bytes from the start of the text.
    pub(super) at: usize,
    /// What stands there and what was expected.
    pub(super) details: String,
    /// The mend.
    pub(super) hint: Option<String>,
    /// Whether it is a number below zero, which has a code of its own.
    pub(super) below_zero: bool,
}

impl Mismatch {
    pub(super) fn new(at: usize, details: impl Into<String>) -> Self {
        Self { at, details: details.into(), hint: None, below_zero: false }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

pub(super) type Parsed<T> = Result<T, Mismatch>;

/// A text, how far it was read, and what of the limits is left.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    pub(super) budget: &'a mut Budget,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, budget: &'a mut Budget) -> Self {
        Self { text, at: 0, budget }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes back to a place that was read before.
    pub(super) fn back_to(&mut self, at: usize) {
        self.at = at;
    }

    /// What was read from a place on.
    pub(super) fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.at]
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// Takes the next character, whatever it is.
    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Takes `token` where it stands next.
    pub(super) fn take(&mut self, token: &str) -> bool {
        let stands = self.rest().starts_with(token);
        if stands {
            self.at += token.len();
        }
        stands
    }

    /// Takes `token`, or says that it was expected.
    pub(super) fn expect(&mut self, token: &str, name: &str) -> Parsed<()> {
        if self.take(token) { Ok(()) } else { Err(self.unexpected(&[name])) }
    }

    /// Takes characters as long as they are of a kind.
    pub(super) fn take_while(&mut self, kind: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|next| !kind(next)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    pub(super) fn skip_blanks(&mut self) {
        self.take_while(|next| matches!(next, ' ' | '\t'));
    }

    pub(super) fn take_rest(&mut self) -> &'a str {
        let rest = self.rest();
        self.at = self.text.len();
        rest
    }

    /// Says that something else was expected than what stands here.
    pub(super) fn unexpected(&self, expected: &[&str]) -> Mismatch {
        let found = self.peek().map_or_else(|| "end of input".to_owned(), |next| format!("{next:?}"));
        Mismatch::new(self.at, format!("unexpected {found}, expecting {}", either(expected)))
    }

    /// Checks that a list stays within the limit before one more entry is read.
    pub(super) fn room_in_list(&self, entries: usize) -> Parsed<()> {
        let most = self.budget.limits.list;
        if entries < most {
            Ok(())
        } else {
            Err(Mismatch::new(self.at, format!("more than {most} entries in one list")))
        }
    }
}

/// `a, b or c`.
fn either(expected: &[&str]) -> String {
    match expected {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
