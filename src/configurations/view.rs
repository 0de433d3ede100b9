use layers::{Place, Scope};
use serde_json::{Map, Value};

use crate::problem::Fault;

/// How much of a document its reader is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// All of it; secrets as masks.
    Staff,
    /// What is for a client's own login: nothing of secrets, and of layers its own.
    Client,
}

/// How a client's own login is told of a layer that isn't its own.
pub(super) const INHERITED: &str = "inherited";

impl View {
    /// Whether a layer is shown as what it is. What was applied for a deployment isn't to a client's own login, which
    /// isn't granted those columns either.
    pub(super) fn shows(self, place: Place) -> bool {
        self == Self::Staff || place.scope() == Scope::Client
    }

    /// A value as it is shown; none where all of it is secret.
    pub(super) fn value(self, mut value: Value) -> Option<Value> {
        match self {
            Self::Staff => Some(value),
            Self::Client if is_mask(&value) => None,
            Self::Client => {
                leave_out_masks(&mut value);
                Some(value)
            }
        }
    }

    /// A problem as it is told: which of the agency's rows it was is the agency's own affair.
    pub(super) fn problem(self, problem: &layers::Problem) -> Fault {
        let fault = Fault::from(problem);
        if problem.place.is_none_or(|place| self.shows(place)) {
            return fault;
        }
        Fault { row_id: None, layer: Some(INHERITED.to_owned()), ..fault }
    }
}

/// Whether a value stands for a secret, or for a text that refers to one.
pub fn is_mask(value: &Value) -> bool {
    let only = value.as_object().filter(|properties| properties.len() == 1);
    only.and_then(|properties| properties.get("$secret")).is_some_and(Value::is_object)
}

/// Takes masks out of a document; of an array an element becomes null, so that others keep their place.
fn leave_out_masks(value: &mut Value) {
    match value {
        Value::Object(properties) => leave_out_of(properties),
        Value::Array(items) => items.iter_mut().for_each(|item| {
            if is_mask(item) {
                *item = Value::Null;
            }
            leave_out_masks(item);
        }),
        _ => {}
    }
}

fn leave_out_of(properties: &mut Map<String, Value>) {
    properties.retain(|_, value| !is_mask(value));
    properties.values_mut().for_each(leave_out_masks);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_client_sees_nothing_of_secrets() {
        let mask = json!({ "$secret": { "id": "1" } });
        let document = json!({ "a": { "key": mask, "b": 1 }, "list": [mask, { "c": mask }], "d": { "$secret": 1 } });
        let shown = View::Client.value(document.clone()).expect("not all of it is secret");
        assert_eq!(shown, json!({ "a": { "b": 1 }, "list": [null, {}], "d": { "$secret": 1 } }));
        assert_eq!(View::Staff.value(document.clone()), Some(document));
        assert_eq!(View::Client.value(mask), None);
    }
}
