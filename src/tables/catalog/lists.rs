//! The values that a CHECK lists for one column, read from its expression as PostgreSQL prints it.

/// The text values of `column = ANY (ARRAY[…])`, in their order; nothing where the expression is anything else.
///
/// `status IN ('a', 'b')` is printed `((status)::text = ANY ((ARRAY['a'::character varying, …])::text[]))` over a varchar
/// and `(status = ANY (ARRAY['a'::text, …]))` over text.
pub(super) fn values(expression: &str, column: &str) -> Option<Vec<String>> {
    let (left, right) = expression.trim().split_once(" = ANY (")?;
    let named = left.trim_start_matches('(').trim_end_matches("::text").trim_end_matches(')');
    if named != column && named != format!("\"{}\"", column.replace('"', "\"\"")) {
        return None;
    }
    let right = right.trim_start_matches('(');
    if let Some(items) = right.strip_prefix("ARRAY[") {
        return items_of(items);
    }
    None
}

/// `'a'::character varying, 'b'::text])::text[]))`, up to the bracket that closes the list.
fn items_of(mut rest: &str) -> Option<Vec<String>> {
    let mut items = Vec::new();
    loop {
        let (item, behind) = quoted(rest)?;
        items.push(item);
        let end = behind.find([',', ']'])?;
        if behind[..end].contains('\'') {
            return None;
        }
        if behind[end..].starts_with(']') {
            return ends(&behind[end + 1..]).then_some(items);
        }
        rest = behind[end + 1..].trim_start();
    }
}

/// What follows a list that is the whole expression: closing brackets and a cast of the list.
fn ends(rest: &str) -> bool {
    rest.replace("::text[]", "").chars().all(|c| c == ')')
}

/// A literal at the start, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('\'')?;
    let mut value = String::new();
    loop {
        let end = rest.find('\'')?;
        value.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        let Some(more) = rest.strip_prefix('\'') else { return Some((value, rest)) };
        value.push('\'');
        rest = more;
    }
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn reads_lists_as_postgresql_prints_them() {
        let varchar = "((status)::text = ANY ((ARRAY['a'::character varying, 'it''s'::character varying])::text[]))";
        assert_eq!(values(varchar, "status").unwrap(), ["a", "it's"]);
        assert_eq!(values("(status = ANY (ARRAY['a, b'::text, 'c]'::text]))", "status").unwrap(), ["a, b", "c]"]);
        assert_eq!(values("(\"Status\" = ANY (ARRAY['a'::text]))", "Status").unwrap(), ["a"]);
    }

    #[test]
    fn reads_nothing_into_other_rules() {
        for expression in [
            "(tags <@ '{a,b}'::text[])",
            "((status = ANY (ARRAY['a'::text])) OR (tier = 'x'::text))",
            "(other = ANY (ARRAY['a'::text]))",
            "(status = ANY (ARRAY[upper('a'::text)]))",
            "(status = ANY (other))",
            "(status = 'a'::text)",
        ] {
            assert_eq!(values(expression, "status"), None, "{expression}");
        }
    }
}
