//! What HTTP calls a preference: a name, perhaps with a value, perhaps with parameters (RFC 7240).

/// The entries of a header. A comma within quotes ends none.
pub(super) fn entries(value: &str) -> impl Iterator<Item = &str> {
    parts(value, ',').into_iter().map(bare).filter(|entry| !entry.is_empty())
}

/// Whether an entry is a preference: `name`, `name=value`, and the same again behind each semicolon.
pub(super) fn is_preference(entry: &str) -> bool {
    let parts = parts(entry, ';');
    let mut parameters = parts.iter().skip(1).filter(|parameter| !bare(parameter).is_empty());
    parts.first().is_some_and(|preference| is_pair(preference)) && parameters.all(|parameter| is_pair(parameter))
}

/// What stands between separators, of which those within quotes are none.
fn parts(text: &str, separator: char) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let separates = |c: char| {
        let is_literal = std::mem::take(&mut is_escaped);
        match c {
            '"' if !is_literal => is_quoted = !is_quoted,
            '\\' if is_quoted && !is_literal => is_escaped = true,
            _ => {}
        }
        c == separator && !is_quoted
    };
    text.split(separates).collect()
}

fn is_pair(pair: &str) -> bool {
    match pair.split_once('=') {
        // An empty value is none.
        Some((name, value)) => is_token(bare(name)) && (bare(value).is_empty() || is_word(bare(value))),
        None => is_token(bare(pair)),
    }
}

fn is_word(value: &str) -> bool {
    is_token(value) || is_quoted(value)
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Whether quotes begin and end it, and none that isn't escaped stands between them.
fn is_quoted(text: &str) -> bool {
    let Some(inside) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return false };
    let mut is_escaped = false;
    let ends = inside.chars().any(|c| {
        let is_literal = std::mem::take(&mut is_escaped);
        is_escaped = c == '\\' && !is_literal;
        c == '"' && !is_literal
    });
    !ends && !is_escaped
}

/// Without the blanks around it.
fn bare(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}
