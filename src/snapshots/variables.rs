//! Keys with `x-env-name` as environment variables, and the file that they are written as.
//!
//! The file is read by `sh`, by dotenv's libraries and by `systemd`: what is plain stands as it is, everything else within
//! single quotes, in which nothing means anything, and within double quotes where it holds a single one.

use std::collections::BTreeMap;

use layers::Key;
use serde_json::Value;

/// Variables by name.
pub type Variables = BTreeMap<String, String>;

/// The variables of a document. A secret's mask is no value, so that its variable is left out.
pub fn of(document: &Value, name_at: &dyn Fn(&Key) -> Option<String>) -> Variables {
    let mut found = Variables::new();
    walk(document, &Key::root(), name_at, &mut found);
    found
}

fn walk(value: &Value, path: &Key, name_at: &dyn Fn(&Key) -> Option<String>, found: &mut Variables) {
    if is_mask(value) {
        return;
    }
    if let Some(name) = name_at(path).filter(|name| is_name(name))
        && let Some(text) = text(value)
    {
        found.insert(name, text);
    }
    for (key, child) in value.as_object().into_iter().flatten() {
        walk(child, &path.child(key), name_at, found);
    }
}

fn is_mask(value: &Value) -> bool {
    value.get("$secret").is_some()
}

/// Whether a shell takes it as a name.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A value as a variable holds it: text as it is, lists and objects as JSON; null is no value.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The file, a variable a line where no value has several.
pub fn render(variables: &Variables) -> String {
    variables.iter().map(|(name, value)| format!("{name}={}\n", quoted(value))).collect()
}

fn quoted(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_./:@%+,-".contains(&byte);
    if value.bytes().all(is_plain) {
        return value.to_owned();
    }
    if !value.contains('\'') {
        return format!("'{value}'");
    }
    let escaped: String =
        value.chars().flat_map(|c| "\\\"$`".contains(c).then_some('\\').into_iter().chain([c])).collect();
    format!("\"{escaped}\"")
}

/// Reads a file that [`render`] wrote; none where it is another's.
pub fn parse(file: &str) -> Option<Variables> {
    let (mut found, mut rest) = (Variables::new(), file);
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        if !is_name(name) {
            return None;
        }
        let (value, after) = match after.as_bytes().first()? {
            b'\'' => after[1..].split_once('\'').map(|(value, after)| (value.to_owned(), after))?,
            b'"' => unescaped(&after[1..])?,
            _ => {
                let end = after.find('\n')?;
                (after[..end].to_owned(), &after[end..])
            }
        };
        rest = after.strip_prefix('\n')?;
        found.insert(name.to_owned(), value);
    }
    Some(found)
}

/// What stands before the closing quote, and what follows it.
fn unescaped(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((place, c)) = characters.next() {
        match c {
            '"' => return Some((value, &text[place + 1..])),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_with_a_name_become_variables() {
        let document = json!({
            "db": { "url": "postgres://x", "pool": 5, "password": { "$secret": { "id": "1" } } },
            "features": { "list": ["a", "b"] }, "nothing": null, "other": "x",
        });
        let names = |path: &Key| {
            let name = match path.to_string().as_str() {
                "db.url" => "DATABASE_URL",
                "db.pool" => "DB_POOL",
                "db.password" => "DB_PASSWORD",
                "features" => "FEATURES",
                "nothing" => "NOTHING",
                "other" => "NOT-A-NAME",
                _ => return None,
            };
            Some(name.to_owned())
        };
        assert_eq!(
            render(&of(&document, &names)),
            "DATABASE_URL=postgres://x\nDB_POOL=5\nFEATURES='{\"list\":[\"a\",\"b\"]}'\n"
        );
    }

    #[test]
    fn a_shell_reads_what_was_written() {
        let odd = ["", "a b", "it's", "$HOME `id` \\ \" '", "two\nlines", "#no comment", "ü", "'"];
        let variables: Variables =
            odd.iter().enumerate().map(|(n, value)| (format!("V{n}"), (*value).to_owned())).collect();
        let script = format!("{}\nexport V0 V1 V2 V3 V4 V5 V6 V7\nexec env -0", render(&variables));
        let output = std::process::Command::new("sh").args(["-c", &script]).output().expect("a shell");
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        for (name, value) in &variables {
            let expected = format!("{name}={value}");
            assert!(said.split('\0').any(|line| line == expected), "{expected} in {said:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(values in proptest::collection::btree_map("[A-Z_][A-Z0-9_]{0,8}", "[^\\x00]{0,40}", 0..8)) {
            prop_assert_eq!(parse(&render(&values)), Some(values));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,60}") {
            parse(&text);
        }
    }
}
