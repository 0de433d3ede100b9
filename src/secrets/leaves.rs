use serde_json::Value;

use super::mask::is_meant;

/// The way to a place in a document: keys, and numbers of elements.
pub(super) type Steps = Vec<String>;

/// Every string, number, boolean and mask of a document with the way to it, in order; null is no leaf.
pub(super) fn of(document: &Value) -> Vec<(Steps, &Value)> {
    let mut found = Vec::new();
    walk(document, &mut Vec::new(), &mut found);
    found
}

fn walk<'a>(value: &'a Value, way: &mut Steps, found: &mut Vec<(Steps, &'a Value)>) {
    let mut step = |name: String, value| {
        way.push(name);
        walk(value, way, found);
        way.pop();
    };
    match value {
        Value::Null => {}
        Value::Object(fields) if !is_meant(value) => fields.iter().for_each(|(name, field)| step(name.clone(), field)),
        Value::Array(items) => items.iter().enumerate().for_each(|(place, item)| step(place.to_string(), item)),
        Value::Object(_) | Value::String(_) | Value::Number(_) | Value::Bool(_) => found.push((way.clone(), value)),
    }
}

/// What stands at a place.
pub(super) fn at<'a>(document: &'a Value, steps: &[String]) -> Option<&'a Value> {
    steps.iter().try_fold(document, |value, step| match value {
        Value::Object(fields) => fields.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// The same, to be replaced.
pub(super) fn at_mut<'a>(document: &'a mut Value, steps: &[String]) -> Option<&'a mut Value> {
    steps.iter().try_fold(document, |value, step| match value {
        Value::Object(fields) => fields.get_mut(step),
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn leaves_are_found_with_the_way_to_them() {
        let mut document = json!({ "a": [1, { "b": null, "c": "x" }], "d": { "$secret": { "id": 1 } }, "e": {} });
        let ways: Vec<String> = of(&document).iter().map(|(way, _)| way.join(".")).collect();
        assert_eq!(ways, ["a.0", "a.1.c", "d"]);
        let way = ["a", "1", "c"].map(str::to_owned);
        assert_eq!(at(&document, &way), Some(&json!("x")));
        *at_mut(&mut document, &way).unwrap() = json!("y");
        assert_eq!(document["a"][1]["c"], "y");
        assert!(at(&document, &["a".to_owned(), "x".to_owned()]).is_none());
    }
}
