//! The body of a write: one row or several, checked before PostgreSQL gets it as it is.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::refusal::Refusal;

/// How deep a body may be nested.
const DEEPEST: usize = 100;

/// A body that can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body<'a> {
    /// The JSON as it was sent.
    pub text: &'a str,
    /// Whether it is an object or an array of objects.
    pub shape: Shape,
    /// Every key of its rows, in the order in which they come up.
    pub keys: Vec<String>,
    /// How many rows it holds.
    pub rows: usize,
    /// What of its values isn't plain, by their keys, over all rows.
    nested: HashMap<String, Given>,
}

/// What is given under a key besides texts, numbers, booleans and null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Values.
    pub itself: Kinds,
    /// Entries of the values that are lists.
    pub items: Kinds,
}

/// Kinds of values that hold others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// Whether there is a list among them.
    pub lists: bool,
    /// Whether there is an object among them.
    pub objects: bool,
}

impl Given {
    const LIST: Kinds = Kinds { lists: true, objects: false };
    const OBJECT: Kinds = Kinds { lists: false, objects: true };

    fn and(self, other: Self) -> Self {
        Self { itself: self.itself.and(other.itself), items: self.items.and(other.items) }
    }
}

impl Kinds {
    fn and(self, other: Self) -> Self {
        Self { lists: self.lists || other.lists, objects: self.objects || other.objects }
    }
}

/// The form of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One row.
    Object,
    /// Several, or none.
    Array,
}

impl<'a> Body<'a> {
    /// Reads a body; what isn't one row or an array of rows is refused with its place.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            invalid("the body is not UTF-8").details(format!("byte {} begins no character", error.valid_up_to() + 1))
        })?;
        if text.trim().is_empty() {
            return Err(invalid("Empty or invalid json").hint("send an object, or an array of objects"));
        }
        let mut read = serde_json::Deserializer::from_str(text);
        let rows = Rows.deserialize(&mut read).and_then(|rows| read.end().map(|()| rows)).map_err(|error| {
            let details = without_value(&error.to_string());
            invalid("Empty or invalid json").details(details).hint("send an object, or an array of objects")
        })?;
        Ok(Self { text, shape: rows.shape, keys: rows.keys.order, rows: rows.rows, nested: rows.keys.nested })
    }

    /// Whether two rows agree in all of these keys.
    pub fn has_twice(&self, keys: &[&str]) -> bool {
        // It was read once and is JSON; only rows that are looked for by their keys are read again.
        let rows: Vec<serde_json::Map<String, serde_json::Value>> = match self.shape {
            Shape::Object => return false,
            Shape::Array => serde_json::from_str(self.text).unwrap_or_default(),
        };
        let mut seen = HashSet::new();
        let of_row = |row: &serde_json::Map<_, serde_json::Value>| {
            let of_key = |key: &&str| row.get(*key).map(ToString::to_string);
            keys.iter().map(of_key).collect::<Option<Vec<String>>>()
        };
        !rows.iter().filter_map(of_row).all(|row| seen.insert(row))
    }

    /// What is given under a key.
    pub fn given(&self, key: &str) -> Given {
        self.nested.get(key).copied().unwrap_or_default()
    }

    /// Whether some row has a key.
    pub fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|known| known == key)
    }
}

/// What is wrong with a body, without the value that stands in the place of a row: it may be a secret.
fn without_value(said: &str) -> String {
    match said.rsplit_once(", expected ") {
        Some((_, expected)) if said.starts_with("invalid") => format!("expected {expected}"),
        _ => said.to_owned(),
    }
}

fn invalid(message: &str) -> Refusal {
    Refusal::bad("PGRST102", message)
}

struct Read {
    shape: Shape,
    keys: Keys,
    rows: usize,
}

/// Keys in the order in which they come up.
#[derive(Default)]
struct Keys {
    known: HashSet<String>,
    order: Vec<String>,
    nested: HashMap<String, Given>,
}

impl Keys {
    fn add(&mut self, key: &str, given: Given) {
        if given != Given::default() {
            let all = self.nested.entry(key.to_owned()).or_default();
            *all = all.and(given);
        }
        if !self.known.contains(key) {
            self.known.insert(key.to_owned());
            self.order.push(key.to_owned());
        }
    }
}

/// The whole body.
struct Rows;

impl<'de> DeserializeSeed<'de> for Rows {
    type Value = Read;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Read, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Rows {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array of objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Read, A::Error> {
        let mut keys = Keys::default();
        Row(&mut keys).visit_map(map)?;
        Ok(Read { shape: Shape::Object, keys, rows: 1 })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Read, A::Error> {
        let (mut keys, mut count) = (Keys::default(), 0);
        while rows.next_element_seed(Row(&mut keys))?.is_some() {
            count += 1;
        }
        Ok(Read { shape: Shape::Array, keys, rows: count })
    }
}

/// One row.
struct Row<'k>(&'k mut Keys);

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object whose keys are columns")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        each_key(map, DEEPEST, |key, given| self.0.add(key, given))
    }
}

/// A value within a row: of what kind it is is kept, and seen to it that no object in it has a key twice.
#[derive(Clone, Copy)]
struct Within(usize);

impl<'de> DeserializeSeed<'de> for Within {
    type Value = Given;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Given, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Within {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Given, E> {
        Ok(Given::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Given, E> {
        Ok(Given::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Given, E> {
        Ok(Given::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Given, E> {
        Ok(Given::default())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Given, E> {
        if text.contains('\0') {
            return Err(E::custom("PostgreSQL holds no character U+0000"));
        }
        Ok(Given::default())
    }

    fn visit_unit<E>(self) -> Result<Given, E> {
        Ok(Given::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Given, A::Error> {
        let inner = self.deeper().ok_or_else(|| A::Error::custom("nested too deep"))?;
        let mut all = Kinds::default();
        while let Some(item) = items.next_element_seed(inner)? {
            all = all.and(item.itself);
        }
        Ok(Given { itself: Given::LIST, items: all })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Given, A::Error> {
        let inner = self.deeper().ok_or_else(|| A::Error::custom("nested too deep"))?;
        each_key(map, inner.0, |_, _| ())?;
        Ok(Given { itself: Given::OBJECT, ..Given::default() })
    }
}

impl Within {
    fn deeper(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }
}

/// Reads an object; a key that it has twice is refused, since one of the two values would be lost.
fn each_key<'de, A: MapAccess<'de>>(
    mut map: A,
    depth: usize,
    mut note: impl FnMut(&str, Given),
) -> Result<(), A::Error> {
    let mut seen: HashSet<String> = HashSet::new();
    while let Some(key) = map.next_key::<String>()? {
        if key.contains('\0') {
            return Err(A::Error::custom("PostgreSQL holds no character U+0000"));
        }
        if seen.contains(&key) {
            return Err(A::Error::custom(format!("the key {key:?} stands twice in one object")));
        }
        note(&key, map.next_value_seed(Within(depth))?);
        seen.insert(key);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Refusal {
        let refusal = Body::parse(text.as_bytes()).unwrap_err();
        assert_eq!((refusal.status.as_u16(), refusal.code.as_str()), (400, "PGRST102"));
        refusal
    }

    #[test]
    fn reads_one_row_or_several() {
        let one = Body::parse(br#" {"name": "a", "tags": ["x", {"y": 1.5e400}]} "#);
        assert!(one.is_err(), "no such number");
        let one = Body::parse(br#"{"name": "a", "tags": ["x", {"y": null}]}"#).unwrap();
        assert_eq!(
            (one.shape, one.rows, one.keys.as_slice()),
            (Shape::Object, 1, &["name".to_owned(), "tags".into()][..])
        );
        let several = Body::parse(br#"[{"b": 1, "a": 2}, {"c": 3}]"#).unwrap();
        assert_eq!((several.shape, several.rows), (Shape::Array, 2));
        assert_eq!(several.keys, ["b", "a", "c"]);
        assert_eq!(Body::parse(b"[]").unwrap().rows, 0);
    }

    #[test]
    fn knows_what_is_given_under_a_key_in_any_row() {
        let text = br#"[{"a": 1, "b": {"c": []}}, {"a": [1, [2]], "b": null}, {"a": [{}]}, {"c": "x"}]"#;
        let body = Body::parse(text).unwrap();
        let both = Kinds { lists: true, objects: true };
        assert_eq!(body.given("a"), Given { itself: Given::LIST, items: both });
        assert_eq!(body.given("b"), Given { itself: Given::OBJECT, items: Kinds::default() });
        assert_eq!((body.given("c"), body.given("d")), (Given::default(), Given::default()));
    }

    #[test]
    fn knows_rows_that_are_there_twice() {
        let body = Body::parse(br#"[{"a": 1, "b": 1}, {"a": 1, "b": 2}, {"b": 2}, {"b": 2}]"#).unwrap();
        assert!(body.has_twice(&["a"]) && !body.has_twice(&["a", "b"]), "what a row lacks makes it no other row");
        assert!(!Body::parse(br#"{"a": 1}"#).unwrap().has_twice(&["a"]));
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        assert!(refused("").hint.is_some());
        assert!(refused("{").details.unwrap().contains("line 1 column 1"));
        assert!(refused("[1]").details.unwrap().contains("an object whose keys are columns"));
        assert!(refused("\"x\"").details.unwrap().contains("an object or an array of objects"));
        assert!(refused("{\"a\": 1} x").details.unwrap().contains("trailing"));
        assert!(refused("{\"a\": 1, \"a\": 2}").details.unwrap().contains("\"a\" stands twice"));
        assert!(refused("{\"a\": {\"b\": 1, \"b\": 2}}").details.unwrap().contains("\"b\" stands twice"));
        assert!(refused("{\"a\": \"x\\u0000\"}").details.unwrap().contains("U+0000"));
        assert!(refused(&format!("{{\"a\": {}1{}}}", "[".repeat(120), "]".repeat(120))).details.is_some());
        let refusal = Body::parse(b"{\"a\": \"\xff\"}").unwrap_err();
        assert!(refusal.details.unwrap().contains("byte 8"));
    }
}
