use std::io;

use serde_json::Value;
use zeroize::{Zeroize as _, Zeroizing};

use crate::{Error, Result};

/// A value in the clear: can't be printed, compared or serialised, and is overwritten when it goes.
///
/// Whoever needs the value says so by [`Plaintext::bytes`] or [`Plaintext::value`], which is what a reviewer looks for.
pub struct Plaintext(Zeroizing<Vec<u8>>);

impl Plaintext {
    /// Bytes, taken over.
    pub fn of_bytes(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A JSON value, whose strings are overwritten where they stood; null is left in its place.
    pub fn take(value: &mut Value) -> Self {
        let taken = Self::of_value(value);
        erase(value);
        taken
    }

    /// A JSON value, which is left as it is.
    pub fn of_value(value: &Value) -> Self {
        // Room for all of it at once: a vector that grows leaves copies of what it held.
        let mut length = Length(0);
        let counted = serde_json::to_writer(&mut length, value);
        debug_assert!(counted.is_ok(), "a value of serde_json can always be written");
        let mut bytes = Zeroizing::new(Vec::with_capacity(length.0));
        let written = serde_json::to_writer(&mut *bytes, value);
        debug_assert!(written.is_ok(), "a value of serde_json can always be written");
        Self(bytes)
    }

    /// The bytes themselves.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The JSON value that it is the text of.
    pub fn value(&self) -> Result<Value> {
        serde_json::from_slice(&self.0).map_err(|_| Error::NotJson)
    }
}

/// Overwrites every string of a value, keys among them, and leaves null.
fn erase(value: &mut Value) {
    match std::mem::take(value) {
        Value::String(mut text) => text.zeroize(),
        Value::Array(mut items) => items.iter_mut().for_each(erase),
        Value::Object(fields) => {
            for (mut key, mut field) in fields {
                key.zeroize();
                erase(&mut field);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Counts what is written.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_taken_and_comes_back() {
        let said = json!({ "key": ["sk_live_1", 2.50, null, true], "ä": "\u{0}" });
        let mut value = said.clone();
        let taken = Plaintext::take(&mut value);
        assert_eq!((value, taken.value().unwrap()), (Value::Null, said));
        assert!(Plaintext::of_bytes(b"{".to_vec()).value().is_err());
    }

    #[test]
    fn the_bytes_are_exactly_the_json() {
        assert_eq!(Plaintext::of_value(&json!("a\"b")).bytes(), br#""a\"b""#);
    }
}
