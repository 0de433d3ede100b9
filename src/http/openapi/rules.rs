//! CHECKs that JSON Schema can say too: bounds and patterns of one column.

use serde_json::{Map, Value, json};

/// What of a CHECK's expression, as PostgreSQL prints it, holds for a column: `minimum`, `pattern` and the like.
pub(super) fn keywords(expression: &str, column: &str) -> Map<String, Value> {
    let parts = expression.split(" AND ").map(|part| keyword(bare(part), column));
    // An expression of which one part isn't understood may mean anything as a whole.
    parts.collect::<Option<Vec<_>>>().unwrap_or_default().into_iter().collect()
}

fn keyword(comparison: &str, column: &str) -> Option<(String, Value)> {
    let (left, operator, right) = split(comparison)?;
    if bare(left.trim_end_matches("::text")) != column {
        return None;
    }
    let name = match operator {
        ">=" => "minimum",
        "<=" => "maximum",
        ">" => "exclusiveMinimum",
        "<" => "exclusiveMaximum",
        _ => return Some(("pattern".to_owned(), json!(pattern(right)?))),
    };
    let number = bare(right.split("::").next()?);
    Some((name.to_owned(), number.parse::<i64>().ok().map(Value::from)?))
}

fn split(comparison: &str) -> Option<(&str, &'static str, &str)> {
    [" >= ", " <= ", " > ", " < ", " ~ "].into_iter().find_map(|operator| {
        let (left, right) = comparison.split_once(operator)?;
        Some((left, operator.trim(), right))
    })
}

/// `'^[A-Z]{3}$'::text`, where it means the same in both dialects: without escapes and PostgreSQL's own extensions.
fn pattern(literal: &str) -> Option<&str> {
    let inside = literal.strip_suffix("::text")?.strip_prefix('\'')?.strip_suffix('\'')?;
    (!inside.contains(['\\', '\'']) && !inside.contains("(?") && !inside.contains("[[")).then_some(inside)
}

/// Without the brackets around the whole.
fn bare(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let opening = text.matches('(').count();
        let closing = text.matches(')').count();
        let next = match (text.strip_prefix('('), text.strip_suffix(')')) {
            (Some(_), Some(_)) if opening == closing => &text[1..text.len() - 1],
            (Some(rest), _) if opening > closing => rest,
            (_, Some(rest)) if closing > opening => rest,
            _ => return text,
        };
        text = next.trim();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::keywords;

    #[test]
    fn says_bounds_and_patterns() {
        let of = |expression, column| Value::Object(keywords(expression, column));
        assert_eq!(of("(usage_count >= 0)", "usage_count"), json!({ "minimum": 0 }));
        assert_eq!(of("(version > 0)", "version"), json!({ "exclusiveMinimum": 0 }));
        let score = "((performance_score >= (0)::numeric) AND (performance_score <= (100)::numeric))";
        assert_eq!(of(score, "performance_score"), json!({ "minimum": 0, "maximum": 100 }));
        assert_eq!(of("(currency ~ '^[A-Z]{3}$'::text)", "currency"), json!({ "pattern": "^[A-Z]{3}$" }));
        let key = "((configuration_key)::text ~ '^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*$'::text)";
        assert_eq!(of(key, "configuration_key"), json!({ "pattern": "^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*$" }));
    }

    #[test]
    fn says_nothing_of_what_it_does_not_understand() {
        for (expression, column) in [
            ("(event_timestamp <= (now() + '24:00:00'::interval))", "event_timestamp"),
            ("((a >= 0) AND (a <> 7))", "a"),
            ("(b >= 0)", "a"),
            ("(a ~ '^\\d+$'::text)", "a"),
            ("(a ~~ 'x%'::text)", "a"),
            ("((a >= 0) OR (b <= 1))", "a"),
            ("", "a"),
        ] {
            assert!(keywords(expression, column).is_empty(), "{expression}");
        }
    }
}
