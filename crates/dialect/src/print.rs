//! From a [`Query`] back to a query string, which reads as the same query.

use std::fmt::{self, Display, Formatter};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Query;
use crate::query::filter::{
    Case, Comparison, Condition, Connective, Filter, Is, Logic, Operation, Quantifier, SearchSyntax, SetComparison,
};
use crate::query::order::{Direction, Nulls, OrderBy, OrderTerm};
use crate::query::select::{Column, Count, Embed, Item, Join, Shape};
use crate::query::{Arrow, Field, JsonStep, Level, Operand};

/// What is percent-encoded: all but what may stand in a URL and keeps a query readable.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'*')
    .remove(b'(')
    .remove(b')')
    .remove(b',')
    .remove(b':')
    .remove(b'!');

/// Names that need quotes so as not to be read as these words.
const WORDS: [&str; 12] =
    ["and", "or", "not", "order", "limit", "offset", "select", "columns", "on_conflict", "count", "inner", "left"];

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { select, root, embedded, columns, on_conflict } = self;
        let mut pairs = Vec::new();
        pairs.extend(select.as_ref().map(|items| ("select".to_owned(), list(items, item))));
        pairs.extend(columns.as_ref().map(|names| ("columns".to_owned(), list(names, |text| name(text)))));
        pairs.extend(on_conflict.as_ref().map(|names| ("on_conflict".to_owned(), list(names, |text| name(text)))));
        level(&mut pairs, "", root);
        for (path, asked) in embedded {
            let prefix: String = path.iter().map(|text| format!("{}.", name(text))).collect();
            level(&mut pairs, &prefix, asked);
        }
        for (index, (key, value)) in pairs.iter().enumerate() {
            let ampersand = if index == 0 { "" } else { "&" };
            write!(f, "{ampersand}{}={}", utf8_percent_encode(key, ENCODED), utf8_percent_encode(value, ENCODED))?;
        }
        Ok(())
    }
}

fn level(pairs: &mut Vec<(String, String)>, prefix: &str, level: &Level) {
    let Level { conditions, order, limit, offset } = level;
    for condition in conditions {
        pairs.push(match condition {
            Condition::Filter(Filter { field: of, negated, operation }) => {
                (format!("{prefix}{}", field(of)), format!("{}{}", not(*negated), operator(operation, str::to_owned)))
            }
            Condition::Logic(logic) => (format!("{prefix}{}", connective(logic)), group(logic)),
        });
    }
    if !order.is_empty() {
        pairs.push((format!("{prefix}order"), list(order, term)));
    }
    pairs.extend(limit.map(|rows| (format!("{prefix}limit"), rows.to_string())));
    pairs.extend(offset.map(|rows| (format!("{prefix}offset"), rows.to_string())));
}

fn list<T>(entries: &[T], print: impl Fn(&T) -> String) -> String {
    entries.iter().map(print).collect::<Vec<_>>().join(",")
}

fn item(item: &Item) -> String {
    match item {
        Item::Star => "*".to_owned(),
        Item::Column(Column { alias: key, field: of, cast: to }) => {
            format!("{}{}{}", alias(key.as_deref()), field(of), cast(to.as_deref()))
        }
        Item::Count(Count { alias: key, cast: to }) => {
            format!("{}count(){}", alias(key.as_deref()), cast(to.as_deref()))
        }
        Item::Embed(of) => embed(of),
    }
}

fn embed(embed: &Embed) -> String {
    let Embed { shape, relation, hint, join, select } = embed;
    let before = match shape {
        Shape::Spread => "...".to_owned(),
        Shape::Nested { alias: key } => alias(key.as_deref()),
    };
    let hint = hint.as_ref().map_or_else(String::new, |hint| format!("!{}", name(hint)));
    let join = match join {
        Join::Left => "",
        Join::Inner => "!inner",
    };
    format!("{before}{}{hint}{join}({})", name(relation), list(select, item))
}

fn alias(key: Option<&str>) -> String {
    key.map_or_else(String::new, |key| format!("{}:", name(key)))
}

fn cast(to: Option<&str>) -> String {
    to.map_or_else(String::new, |to| format!("::{to}"))
}

fn term(term: &OrderTerm) -> String {
    let OrderTerm { by, direction, nulls } = term;
    let by = match by {
        OrderBy::Field(of) => field(of),
        OrderBy::Related { embed, field: of } => format!("{}({})", name(embed), field(of)),
    };
    let direction = match direction {
        None => "",
        Some(Direction::Ascending) => ".asc",
        Some(Direction::Descending) => ".desc",
    };
    let nulls = match nulls {
        None => "",
        Some(Nulls::First) => ".nullsfirst",
        Some(Nulls::Last) => ".nullslast",
    };
    format!("{by}{direction}{nulls}")
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Logic(logic) => format!("{}{}", connective(logic), group(logic)),
        Condition::Filter(Filter { field: of, negated, operation }) => {
            format!("{}.{}{}", field(of), not(*negated), operator(operation, quoted))
        }
    }
}

fn connective(logic: &Logic) -> String {
    let word = match logic.connective {
        Connective::And => "and",
        Connective::Or => "or",
    };
    format!("{}{word}", not(logic.negated))
}

fn group(logic: &Logic) -> String {
    format!("({})", list(&logic.conditions, condition))
}

fn not(negated: bool) -> &'static str {
    if negated { "not." } else { "" }
}

/// An operator with its value, which `value` prints as the place asks.
fn operator(operation: &Operation, value: impl Fn(&str) -> String) -> String {
    match operation {
        Operation::Compare(comparison, text) => format!("{}.{}", comparison_word(*comparison), value(text)),
        Operation::Like(case, pattern) => format!("{}like.{}", case_letter(*case), value(&pattern.0)),
        Operation::LikeEach(case, Quantifier::Any, pattern) => {
            format!("{}like(any).{}", case_letter(*case), value(&pattern.0))
        }
        Operation::LikeEach(case, Quantifier::All, pattern) => {
            format!("{}like(all).{}", case_letter(*case), value(&pattern.0))
        }
        Operation::Match(case, text) => format!("{}match.{}", case_letter(*case), value(text)),
        Operation::Is(what) => format!("is.{}", is_word(*what)),
        Operation::In(values) => format!("in.({})", list(values, |text| quoted(text))),
        Operation::Set(comparison, text) => format!("{}.{}", set_word(*comparison), value(text)),
        Operation::Search { syntax, language, query } => {
            let language = language.as_ref().map_or_else(String::new, |language| format!("({language})"));
            format!("{}{language}.{}", search_word(*syntax), value(query))
        }
    }
}

fn comparison_word(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "eq",
        Comparison::NotEqual => "neq",
        Comparison::Greater => "gt",
        Comparison::GreaterOrEqual => "gte",
        Comparison::Less => "lt",
        Comparison::LessOrEqual => "lte",
        Comparison::IsDistinct => "isdistinct",
    }
}

fn case_letter(case: Case) -> &'static str {
    match case {
        Case::Sensitive => "",
        Case::Insensitive => "i",
    }
}

fn is_word(is: Is) -> &'static str {
    match is {
        Is::Null => "null",
        Is::NotNull => "not_null",
        Is::True => "true",
        Is::False => "false",
        Is::Unknown => "unknown",
    }
}

fn set_word(comparison: SetComparison) -> &'static str {
    match comparison {
        SetComparison::Contains => "cs",
        SetComparison::ContainedBy => "cd",
        SetComparison::Overlaps => "ov",
    }
}

fn search_word(syntax: SearchSyntax) -> &'static str {
    match syntax {
        SearchSyntax::Operators => "fts",
        SearchSyntax::Plain => "plfts",
        SearchSyntax::Phrase => "phfts",
        SearchSyntax::Web => "wfts",
    }
}

fn field(field: &Field) -> String {
    format!("{}{}", name(&field.name), field.path.iter().map(step).collect::<String>())
}

fn step(step: &JsonStep) -> String {
    let arrow = match step.arrow {
        Arrow::Json => "->",
        Arrow::Text => "->>",
    };
    match &step.operand {
        Operand::Key(key) => format!("{arrow}{}", name(key)),
        Operand::Index(index) => format!("{arrow}{index}"),
    }
}

/// A name, in quotes unless it can't be read as anything else.
fn name(text: &str) -> String {
    let begins = text.starts_with(|next: char| next.is_ascii_alphabetic() || next == '_');
    let plain = begins && text.chars().all(|next| next.is_ascii_alphanumeric() || next == '_');
    if plain && !WORDS.contains(&text) { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
