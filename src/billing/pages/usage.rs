use maud::{Markup, Render as _, html};
use serde_json::{Map, Value};

use crate::console::components::{Column, Table};
use crate::console::words;

/// What was used of what is included: a line for each name that either of the two documents has.
pub(super) fn usage(limits: &Value, used: &Value) -> Option<Markup> {
    let none = Map::new();
    let (limits, used) = (limits.as_object().unwrap_or(&none), used.as_object().unwrap_or(&none));
    let mut names: Vec<&String> = limits.keys().chain(used.keys()).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return None;
    }
    let columns =
        [Column::new("What"), Column::new("Used").number(), Column::new("Included").number(), Column::new("Share")];
    let table = names.iter().fold(Table::new("Use in this period", columns), |table, name| {
        let (limit, used) = (limits.get(*name), used.get(*name));
        table.row([html! { (spelled(name)) }, amount(used), amount(limit), share(name, used, limit)])
    });
    Some(table.render())
}

/// `monthlyVisits` as people read it.
fn spelled(name: &str) -> String {
    let apart = name.chars().flat_map(|c| {
        let gap = c.is_uppercase().then_some(' ');
        gap.into_iter().chain(c.to_lowercase())
    });
    words::label(apart.collect::<String>().trim())
}

fn amount(value: Option<&Value>) -> Markup {
    match value {
        Some(Value::Number(number)) if number.is_i64() => html! { (words::grouped(&number.to_string())) },
        Some(Value::String(text)) => html! { (text) },
        Some(value) => html! { (value) },
        None => html! { span.text-secondary { (words::NONE) } },
    }
}

/// How much of it is used up, where both are numbers and something is included.
fn share(name: &str, used: Option<&Value>, limit: Option<&Value>) -> Markup {
    let number = |value: Option<&Value>| value.and_then(Value::as_f64);
    let (Some(used), Some(limit)) = (number(used), number(limit).filter(|limit| *limit > 0.0)) else { return html! {} };
    let percent = used / limit * 100.0;
    html! {
        meter min="0" max="100" high="80" value=(format!("{percent:.0}"))
            aria-label={ (spelled(name)) ": " (format!("{percent:.0}")) " percent used" } {}
        span.share { (format!("{percent:.0} %")) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_used_stands_beside_what_is_included() {
        let shown = usage(&json!({ "monthlyVisits": 10_000 }), &json!({ "monthlyVisits": 2_500, "seats": 3 }));
        let shown = shown.expect("two lines").into_string();
        assert!(shown.contains("Monthly visits") && shown.contains("10,000") && shown.contains("25 %"), "{shown}");
        assert!(shown.contains("Seats"), "what no limit is known of is shown, too: {shown}");
        assert_eq!(shown.matches("<meter").count(), 1);
    }

    #[test]
    fn nothing_known_is_nothing_shown() {
        assert!(usage(&json!({}), &Value::Null).is_none());
        let odd = usage(&json!({ "a": 0 }), &json!({ "a": "many" })).expect("a line").into_string();
        assert!(odd.contains("many") && !odd.contains("<meter"), "{odd}");
    }
}
