//! The body of a write: one row or several, checked before PostgreSQL gets it as it is.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::refusal::Refusal;
use crate::configurations::ConfigTable;
use crate::problem::Fault;

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
    /// Whether a value is nested deeper than anybody reads.
    pub is_too_deep: bool,
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
        Self {
            itself: self.itself.and(other.itself),
            items: self.items.and(other.items),
            is_too_deep: self.is_too_deep || other.is_too_deep,
        }
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
    /// Reads a body for a table; what isn't one row or an array of rows is refused with its place.
    ///
    /// What is nested too deep is no body, as any other that can't be read; of configuration it breaks a rule.
    pub fn of(table: &str, bytes: &'a [u8]) -> Result<Self, Refusal> {
        let is_configuration = ConfigTable::by_name(table).is_some();
        let ruled = |faults: &[Fault]| Refusal::of_faults(faults).filter(|_| is_configuration);
        let unread = |faults: &[Fault]| faults.first().map(no_body);
        Self::read(bytes, |faults| ruled(faults).or_else(|| unread(faults)))
    }

    /// The same, whatever the table.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Refusal> {
        Self::of("", bytes)
    }

    fn read(bytes: &'a [u8], too_deep: impl Fn(&[Fault]) -> Option<Refusal>) -> Result<Self, Refusal> {
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
        if let Some(refusal) = too_deep(&rows.keys.too_deep) {
            return Err(refusal);
        }
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

fn no_body(fault: &Fault) -> Refusal {
    let details = format!("{}: {}", fault.pointer, fault.detail);
    invalid("Empty or invalid json").details(details).hint("send it flatter")
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
    too_deep: Vec<Fault>,
}

/// Faults that are told of one body: with more, nobody reads on.
const MOST_FAULTS: usize = 500;

impl Keys {
    /// Notes a key of a row, which has a place where there are several.
    fn add(&mut self, row: Option<usize>, key: &str, given: Given) {
        if given.is_too_deep && self.too_deep.len() < MOST_FAULTS {
            let row = row.map(|row| format!("/{row}")).unwrap_or_default();
            let pointer = format!("{row}/{}", key.replace('~', "~0").replace('/', "~1"));
            let detail = format!("nested deeper than {DEEPEST} levels");
            self.too_deep.push(Fault::at(pointer, "depth", detail).mend("send it flatter"));
        }
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
        Row { keys: &mut keys, place: None }.visit_map(map)?;
        Ok(Read { shape: Shape::Object, keys, rows: 1 })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Read, A::Error> {
        let (mut keys, mut count) = (Keys::default(), 0);
        while rows.next_element_seed(Row { keys: &mut keys, place: Some(count) })?.is_some() {
            count += 1;
        }
        Ok(Read { shape: Shape::Array, keys, rows: count })
    }
}

/// One row, and which it is where there may be several.
struct Row<'k> {
    keys: &'k mut Keys,
    place: Option<usize>,
}

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
        each_key(map, DEEPEST, |key, given| self.keys.add(self.place, key, given))
    }
}

/// A value within a row: of what kind it is is kept, and seen to it that no object in it has a key twice. What is too deep
/// is passed over and said.
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
        let Some(inner) = self.deeper() else {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Given { itself: Given::LIST, is_too_deep: true, ..Given::default() });
        };
        let mut all = Given::default();
        while let Some(item) = items.next_element_seed(inner)? {
            all = all.and(item);
        }
        Ok(Given { itself: Given::LIST, items: all.itself, is_too_deep: all.is_too_deep })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Given, A::Error> {
        let Some(inner) = self.deeper() else {
            let mut map = map;
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Given { itself: Given::OBJECT, is_too_deep: true, ..Given::default() });
        };
        let mut is_too_deep = false;
        each_key(map, inner.0, |_, given| is_too_deep |= given.is_too_deep)?;
        Ok(Given { itself: Given::OBJECT, is_too_deep, ..Given::default() })
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
        assert_eq!(body.given("a"), Given { itself: Given::LIST, items: both, is_too_deep: false });
        assert_eq!(body.given("b"), Given { itself: Given::OBJECT, ..Given::default() });
        assert_eq!((body.given("c"), body.given("d")), (Given::default(), Given::default()));
    }

    #[test]
    fn knows_rows_that_are_there_twice() {
        let body = Body::parse(br#"[{"a": 1, "b": 1}, {"a": 1, "b": 2}, {"b": 2}, {"b": 2}]"#).unwrap();
        assert!(body.has_twice(&["a"]) && !body.has_twice(&["a", "b"]), "what a row lacks makes it no other row");
        assert!(!Body::parse(br#"{"a": 1}"#).unwrap().has_twice(&["a"]));
    }

    #[test]
    fn says_of_every_value_that_is_too_deep_where_it_is() {
        for levels in [101, 120, 1_000, 100_000] {
            let (list, object) =
                ("[".repeat(levels) + &"]".repeat(levels), "{\"x\":".repeat(levels) + "1" + &"}".repeat(levels));
            let text = format!(r#"[{{"a": {list}, "fine": [[1]]}}, {{"b/c": {object}, "a": 1}}]"#);
            assert_eq!(refused(&text).details.as_deref(), Some("/0/a: nested deeper than 100 levels"));
            let refusal = Body::of("template_configurations", text.as_bytes()).unwrap_err();
            assert_eq!((refusal.status.as_u16(), refusal.code.as_str()), (422, "TN422"));
            let faults: Vec<Fault> = serde_json::from_str(&refusal.details.unwrap()).unwrap();
            let told: Vec<(&str, &str)> = faults.iter().map(|fault| (&*fault.pointer, &*fault.rule)).collect();
            assert_eq!(told, [("/0/a", "depth"), ("/1/b~1c", "depth")]);
            assert_eq!(refusal.hint.as_deref(), Some("send it flatter"));
        }
        let text = format!("{{\"a\": {}{}}}", "[".repeat(100), "]".repeat(100));
        assert!(Body::parse(text.as_bytes()).is_ok());
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
        let refusal = Body::parse(b"{\"a\": \"\xff\"}").unwrap_err();
        assert!(refusal.details.unwrap().contains("byte 8"));
    }
}
