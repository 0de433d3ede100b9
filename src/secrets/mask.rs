use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The key of a mask in a document.
pub const KEY: &str = "$secret";

/// What stands in a secret's place, for everybody to see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mask {
    /// The secret.
    pub id: Uuid,
    /// A MAC of the value: equal where two values of a client are.
    pub fingerprint: String,
    /// When it was set, in UTC to the microsecond.
    pub set_at: String,
    /// Who set it: a person's or token's id, or an operator.
    pub set_by: Option<String>,
}

impl Mask {
    /// The mask that a value of a document is, if it has the form of one.
    pub fn of_value(value: &Value) -> Option<Self> {
        let fields = sole(value)?;
        let text = |name: &str| fields.get(name)?.as_str().map(ToOwned::to_owned);
        let known = ["id", "fingerprint", "set_at", "set_by"];
        let set_by = match fields.get("set_by") {
            None | Some(Value::Null) => None,
            Some(Value::String(by)) => Some(by.clone()),
            Some(_) => return None,
        };
        let mask = Self { id: id(&text("id")?)?, fingerprint: text("fingerprint")?, set_at: text("set_at")?, set_by };
        (is_fingerprint(&mask.fingerprint) && fields.keys().all(|name| known.contains(&name.as_str()))).then_some(mask)
    }

    /// As a value of a document, its members in the order in which PostgreSQL shows them.
    pub fn to_value(&self) -> Value {
        json!({ KEY: { "id": self.id, "set_at": self.set_at, "set_by": self.set_by, "fingerprint": self.fingerprint } })
    }

    /// As a column of text has it.
    pub fn to_text(&self) -> String {
        format!("secret:{}:{}", self.id, self.fingerprint)
    }
}

/// The secret and the fingerprint that a mask in a column of text names, if it is one.
pub fn of_text(text: &str) -> Option<(Uuid, &str)> {
    let (named, fingerprint) = text.strip_prefix("secret:")?.split_once(':')?;
    is_fingerprint(fingerprint).then_some((id(named)?, fingerprint))
}

/// Whether a value is meant as a mask, well formed or not.
pub fn is_meant(value: &Value) -> bool {
    value.as_object().is_some_and(|fields| fields.contains_key(KEY))
}

fn sole(value: &Value) -> Option<&Map<String, Value>> {
    let fields = value.as_object().filter(|fields| fields.len() == 1)?;
    fields.get(KEY)?.as_object()
}

/// An id in the one way of writing it that PostgreSQL has.
fn id(text: &str) -> Option<Uuid> {
    Uuid::parse_str(text).ok().filter(|id| id.hyphenated().to_string() == text)
}

fn is_fingerprint(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask() -> Mask {
        Mask {
            id: Uuid::from_u128(7),
            fingerprint: "0123456789abcdef0123456789abcdef".to_owned(),
            set_at: "2026-11-23T12:00:00.000000Z".to_owned(),
            set_by: Some("operator:root".to_owned()),
        }
    }

    #[test]
    fn a_mask_is_read_as_it_is_written() {
        let mask = mask();
        assert_eq!(Mask::of_value(&mask.to_value()), Some(mask.clone()));
        assert_eq!(of_text(&mask.to_text()), Some((mask.id, mask.fingerprint.as_str())));
    }

    #[test]
    fn what_has_another_form_is_none_but_may_be_meant_as_one() {
        let with = |name: &str, value: Value| {
            let mut value_of = mask().to_value();
            value_of[KEY][name] = value;
            value_of
        };
        for odd in [
            json!({ "$secret": "plain" }),
            json!({ "$secret": {} }),
            with("id", json!("00000000-0000-0000-0000-00000000000G")),
            with("fingerprint", json!("sk_live_1")),
            with("value", json!("sk_live_1")),
            with("set_by", json!({ "deep": 1 })),
        ] {
            assert!(Mask::of_value(&odd).is_none() && is_meant(&odd), "{odd}");
        }
        assert!(!is_meant(&json!({ "secret": 1 })) && !is_meant(&json!("$secret")));
        for odd in
            ["secret:", "secret:7:0", "Secret:00000000-0000-0000-0000-000000000007:0123456789abcdef0123456789abcdef"]
        {
            assert!(of_text(odd).is_none(), "{odd}");
        }
    }
}
