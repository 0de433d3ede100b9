//! Which English texts a source holds that makes pages.

use std::sync::LazyLock;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use regex::Regex;

/// Attributes that people read, or hear.
const READ: [&str; 5] = ["aria-label", "placeholder", "title", "alt", "label"];

/// What is said to whoever works on the program, not to whoever uses it.
const UNREAD: [&str; 4] = ["expect", "panic", "unreachable", "assert"];

/// Functions whose words are read though they are short and small.
const SAID: [&str; 2] = ["badge", "count"];

/// The texts of a source, each once, in the order in which they stand there; `…` is what is put in.
pub fn texts(source: &str) -> Vec<String> {
    let tokens: TokenStream = source.parse().expect("Rust");
    let mut found = Found::default();
    found.code(tokens, false);
    found.texts
}

#[derive(Default)]
struct Found {
    texts: Vec<String>,
}

impl Found {
    /// What is code: only what reads as English is taken for a text, or everything where it `is_said`.
    fn code(&mut self, tokens: TokenStream, is_said: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            let before = |back: usize| at.checked_sub(back).map_or_else(String::new, |at| tokens[at].to_string());
            match token {
                // What follows is no page's.
                TokenTree::Group(group)
                    if is_attribute(&tokens[..at]) && group.to_string().replace(' ', "") == "[cfg(test)]" =>
                {
                    return;
                }
                TokenTree::Group(_) if is_attribute(&tokens[..at]) => {}
                TokenTree::Group(group) if before(1) == "!" && before(2) == "html" => self.markup(group),
                TokenTree::Group(group) => {
                    let called = if before(1) == "!" { before(2) } else { before(1) };
                    if !UNREAD.contains(&called.as_str()) {
                        let is_call = group.delimiter() == Delimiter::Parenthesis;
                        self.code(group.stream(), is_call && SAID.contains(&called.as_str()));
                    }
                }
                TokenTree::Literal(literal) if before(1) != "=" || before(2) != "=" => {
                    let is_pattern = tokens.get(at + 1).is_some_and(|next| next.to_string() == "=")
                        && tokens.get(at + 2).is_some_and(|next| next.to_string() == ">");
                    let text = text_of(&literal.to_string());
                    if let Some(text) = text.filter(|text| !is_pattern && (is_said || is_english(text))) {
                        self.add(&text);
                    }
                }
                _ => {}
            }
        }
    }

    /// What is markup: strings are texts but where they are attributes that nobody reads.
    fn markup(&mut self, group: &Group) {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        let mut line = String::new();
        let mut said_in: Vec<TokenStream> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let before = |back: usize| at.checked_sub(back).map_or_else(String::new, |at| tokens[at].to_string());
            let value_of = (before(1) == "=").then(|| attribute(&tokens[..at - 1]));
            match token {
                TokenTree::Literal(literal) => match value_of {
                    None => {
                        let is_pattern = tokens.get(at + 1).is_some_and(|next| next.to_string() == "=");
                        let is_name = ["#", "."].contains(&before(1).as_str());
                        if let Some(text) = text_of(&literal.to_string()).filter(|_| !is_pattern && !is_name) {
                            line += &text;
                        }
                    }
                    Some(name) => {
                        self.end(&mut line, &mut said_in);
                        if let Some(text) = text_of(&literal.to_string()).filter(|_| READ.contains(&name.as_str())) {
                            self.add(&text);
                        }
                    }
                },
                TokenTree::Group(inner) if inner.delimiter() == Delimiter::Parenthesis => match value_of {
                    None if is_icon(inner) => {}
                    None => {
                        line.push('…');
                        said_in.push(inner.stream());
                    }
                    Some(_) => self.code(inner.stream(), false),
                },
                TokenTree::Group(inner) if inner.delimiter() == Delimiter::Brace => {
                    self.end(&mut line, &mut said_in);
                    match value_of {
                        Some(name) if !READ.contains(&name.as_str()) => {}
                        _ => self.markup(inner),
                    }
                }
                TokenTree::Group(_) => {}
                _ => self.end(&mut line, &mut said_in),
            }
        }
        self.end(&mut line, &mut said_in);
    }

    /// Takes what stood side by side for one text, and then those within what it puts in.
    fn end(&mut self, line: &mut String, said_in: &mut Vec<TokenStream>) {
        self.add(&std::mem::take(line));
        for tokens in said_in.drain(..) {
            self.code(tokens, false);
        }
    }

    fn add(&mut self, text: &str) {
        let text = filled(text.trim());
        if text.chars().any(char::is_alphabetic) && !self.texts.contains(&text) {
            self.texts.push(text);
        }
    }
}

/// A picture, which says nothing that isn't said beside it.
fn is_icon(group: &Group) -> bool {
    group.stream().into_iter().next().is_some_and(|first| first.to_string() == "icon")
}

/// A text with `…` where the program puts something in.
fn filled(text: &str) -> String {
    static PUT_IN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\{[A-Za-z0-9_:.?]*\}").expect("a pattern"));
    PUT_IN.replace_all(text, "…").into_owned()
}

/// Whether what comes after these tokens of code is an attribute of Rust's.
fn is_attribute(before: &[TokenTree]) -> bool {
    let before: Vec<String> = before.iter().rev().take(2).map(ToString::to_string).collect();
    matches!(before.iter().map(String::as_str).collect::<Vec<_>>()[..], ["#", ..] | ["!", "#"])
}

/// The name of the attribute of HTML's whose `=` comes after these tokens.
fn attribute(before: &[TokenTree]) -> String {
    let part = |token: &&TokenTree| match token {
        TokenTree::Punct(punct) => punct.as_char() == '-',
        token => matches!(token, TokenTree::Ident(_)),
    };
    let mut name: Vec<String> = Vec::new();
    for token in before.iter().rev().take_while(part) {
        let is_dash = matches!(token, TokenTree::Punct(_));
        // Two names side by side are two attributes.
        if !is_dash && name.last().is_some_and(|last| last != "-") {
            break;
        }
        name.push(token.to_string());
    }
    name.reverse();
    name.concat()
}

/// What a literal says, where it is a string.
fn text_of(literal: &str) -> Option<String> {
    let text = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut told = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next()? {
                '\n' => while letters.next_if(|letter| letter.is_whitespace()).is_some() {},
                'n' => told.push(' '),
                other => told.push(other),
            },
            other => told.push(other),
        }
    }
    Some(told)
}

/// Whether a string of code reads as a text: several words, or one that begins as a label does.
fn is_english(text: &str) -> bool {
    const CODE: [&str; 16] = [
        "Path=/",
        "max-age",
        " AS list_",
        "pg_catalog",
        "SELECT",
        "FROM ",
        "WHERE ",
        "UNION ",
        "ORDER BY",
        " AND (",
        "::",
        " = ",
        "=\"",
        "-src ",
        "btn ",
        "layer ",
    ];
    let text = filled(text);
    let mut letters = text.chars();
    let is_label = !text.contains('/')
        && letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_some_and(char::is_lowercase);
    let words =
        text.split_whitespace().filter(|word| word.chars().all(|c| c.is_alphabetic() || "'.,:;?-…".contains(c)));
    !CODE.iter().any(|mark| text.contains(mark)) && (is_label || words.count() > 1)
}

#[test]
fn texts_are_told_from_what_is_none() {
    let source = r#"
        #[expect(clippy::all, reason = "It is so")]
        fn page(count: i64) -> Markup {
            let name = if word == "Some words here" { "status" } else { "No client yet" };
            let sql = "SELECT Name FROM public.clients WHERE id = $1";
            html! {
                p.lead #top title="A tip" class="card Card" { "By " (badge(Tone::Good, "served")) " of " b { "old" } }
                a href={ "/clients/" (id) } aria-label={ "Open " (name) } { "Don't" }
                @match name { "Left out" => { "Taken in" } _ => {} }
                (field("name", "Name").expect("Unread words here"))
                a href="/out" { (icon(Icon::Out)) "Sign out" }
                (saying(&format!("{} imported", rows), "one row of client_analytics a day", "/clients/{id}/edit"))
            }
        }
        #[cfg(test)]
        mod tests { const TEXT: &str = "Nobody reads this"; }
    "#;
    let expected = [
        "No client yet",
        "A tip",
        "By … of",
        "served",
        "old",
        "Open …",
        "Don't",
        "Taken in",
        "Name",
        "Sign out",
        "… imported",
        "one row of client_analytics a day",
    ]
    .map(str::to_owned);
    assert_eq!(texts(source), expected);
}
