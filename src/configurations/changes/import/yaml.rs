//! YAML as JSON has it, of a size that is known: a few lines with aliases can name more values than fit into memory.

use std::cell::{Cell, RefCell};
use std::fmt;

use layers::{Key, Problem, written};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How many values a document may hold, aliases put in.
const MOST_VALUES: usize = 100_000;

/// Reads a document.
pub(super) fn read(text: &str) -> Result<Value, yaml_serde::Error> {
    let left = Cell::new(MOST_VALUES);
    Counted(&left).deserialize(yaml_serde::Deserializer::from_str(text))
}

/// The fractions of a document that its values don't keep: read once more, as they are written.
pub(super) fn lost(text: &str, read: &Value) -> Vec<Problem> {
    let found = RefCell::new(Vec::new());
    let whole = Fractions { value: read, at: &Key::root(), found: &found };
    // It was read before, so that nothing can be wrong with it.
    let _ = whole.deserialize(yaml_serde::Deserializer::from_str(text));
    found.into_inner()
}

/// A value that is taken from what is left.
#[derive(Clone, Copy)]
struct Counted<'a>(&'a Cell<usize>);

impl<'de> DeserializeSeed<'de> for Counted<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let left = self.0.get().checked_sub(1).ok_or_else(|| D::Error::custom("too many values"))?;
        self.0.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Counted<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("JSON has no such number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut read = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            read.push(item);
        }
        Ok(Value::Array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut read = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(self)?;
            if read.insert(name, value).is_some() {
                return Err(A::Error::custom("a key stands there twice"));
            }
        }
        Ok(Value::Object(read))
    }
}

/// The fractions within a value, beside what became of it.
#[derive(Clone, Copy)]
struct Fractions<'a> {
    value: &'a Value,
    at: &'a Key,
    found: &'a RefCell<Vec<Problem>>,
}

impl<'de> DeserializeSeed<'de> for Fractions<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.value {
            Value::Number(number) if number.is_f64() => deserializer.deserialize_str(self),
            Value::Array(_) => deserializer.deserialize_seq(self),
            Value::Object(_) => deserializer.deserialize_map(self),
            _ => deserializer.deserialize_ignored_any(IgnoredAny).map(drop),
        }
    }
}

impl<'de> Visitor<'de> for Fractions<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what it was before")
    }

    fn visit_str<E>(self, number: &str) -> Result<(), E> {
        if !written::is_kept(number) {
            self.found.borrow_mut().push(written::rounded(self.at.clone()));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        for (place, value) in self.value.as_array().into_iter().flatten().enumerate() {
            items.next_element_seed(Fractions { value, at: &self.at.child(&place.to_string()), ..self })?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            let value = self.value.get(&name).unwrap_or(&Value::Null);
            members.next_value_seed(Fractions { value, at: &self.at.child(&name), ..self })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_that_are_rounded_are_told() {
        let text = "a: 0.12345678901234567890\nb: [1.5, &x 3.14159265358979323846]\nc: {d: *x, e: \"0.12345678901234567890\"}\n";
        let value = read(text).expect("YAML");
        let places: Vec<String> = lost(text, &value).iter().map(|problem| problem.path.pointer()).collect();
        assert_eq!(places, ["/a", "/b/1", "/c/d"]);
    }

    #[test]
    fn a_document_that_grows_is_refused() {
        let wide = format!("a: &a [{}]\n", vec!["1"; 1_000].join(","));
        let many: String = (0..200).map(|number| format!("b{number}: *a\n")).collect();
        assert!(read(&format!("{wide}{many}")).is_err());
        assert!(read(&wide).is_ok());
    }

    #[test]
    fn a_key_twice_is_refused() {
        assert!(read("a: 1\na: 2\n").is_err());
    }
}
