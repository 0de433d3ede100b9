//! The operator of a filter, and its value.

use super::cursor::{Cursor, Mismatch, Parsed};
use super::name::{bare_name, quoted};
use super::nearest;
use crate::query::filter::{Case, Comparison, Is, Operation, Pattern, Quantifier, SearchSyntax, SetComparison};

/// Where a filter stands decides how far its value goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// `col=op.value`: to the end.
    Parameter,
    /// Within `and(…)`, `or(…)`: to the next comma or parenthesis, unless it is quoted.
    Logic,
}

const OPERATORS: [&str; 20] = [
    "eq",
    "neq",
    "gt",
    "gte",
    "lt",
    "lte",
    "like",
    "ilike",
    "match",
    "imatch",
    "is",
    "isdistinct",
    "in",
    "cs",
    "cd",
    "ov",
    "fts",
    "plfts",
    "phfts",
    "wfts",
];

/// `not.` and the operation.
pub(super) fn operation(cursor: &mut Cursor, place: Place) -> Parsed<(bool, Operation)> {
    let negated = cursor.take("not.");
    let start = cursor.at();
    let word = cursor.take_while(|next| !matches!(next, '.' | '(' | ',' | ')'));
    let operator = operator(word).ok_or_else(|| unknown(start, word))?;
    Ok((negated, operand(cursor, operator, place)?))
}

#[derive(Clone, Copy)]
enum Operator {
    Compare(Comparison),
    Like(Case),
    Match(Case),
    Is,
    In,
    Set(SetComparison),
    Search(SearchSyntax),
}

fn operator(word: &str) -> Option<Operator> {
    Some(match word {
        "eq" => Operator::Compare(Comparison::Equal),
        "neq" => Operator::Compare(Comparison::NotEqual),
        "gt" => Operator::Compare(Comparison::Greater),
        "gte" => Operator::Compare(Comparison::GreaterOrEqual),
        "lt" => Operator::Compare(Comparison::Less),
        "lte" => Operator::Compare(Comparison::LessOrEqual),
        "isdistinct" => Operator::Compare(Comparison::IsDistinct),
        "like" => Operator::Like(Case::Sensitive),
        "ilike" => Operator::Like(Case::Insensitive),
        "match" => Operator::Match(Case::Sensitive),
        "imatch" => Operator::Match(Case::Insensitive),
        "is" => Operator::Is,
        "in" => Operator::In,
        "cs" => Operator::Set(SetComparison::Contains),
        "cd" => Operator::Set(SetComparison::ContainedBy),
        "ov" => Operator::Set(SetComparison::Overlaps),
        "fts" => Operator::Search(SearchSyntax::Operators),
        "plfts" => Operator::Search(SearchSyntax::Plain),
        "phfts" => Operator::Search(SearchSyntax::Phrase),
        "wfts" => Operator::Search(SearchSyntax::Web),
        _ => return None,
    })
}

fn unknown(start: usize, word: &str) -> Mismatch {
    let hint = match word {
        "sl" | "sr" | "nxl" | "nxr" | "adj" => {
            "operators on ranges aren't given; compare the bounds with gt, gte, lt and lte".to_owned()
        }
        _ => nearest(word, &OPERATORS).map_or_else(
            || "a filter is column=operator.value, as in tier=eq.gold".to_owned(),
            |operator| format!("did you mean {operator}?"),
        ),
    };
    let word: String = word.chars().take(40).collect();
    Mismatch::new(start, format!("unknown operator {word:?}, expecting {}", OPERATORS.join(", "))).hint(hint)
}

fn operand(cursor: &mut Cursor, operator: Operator, place: Place) -> Parsed<Operation> {
    let quantifier = match operator {
        Operator::Like(_) => quantifier(cursor)?,
        _ => None,
    };
    let language = match operator {
        Operator::Search(_) => language(cursor)?,
        _ => None,
    };
    dot(cursor)?;
    Ok(match operator {
        Operator::Compare(comparison) => Operation::Compare(comparison, value(cursor, place)),
        Operator::Like(case) => match quantifier {
            None => Operation::Like(case, Pattern(value(cursor, place))),
            Some(quantifier) => Operation::LikeEach(case, quantifier, Pattern(array(cursor, place)?)),
        },
        Operator::Match(case) => Operation::Match(case, value(cursor, place)),
        Operator::Is => Operation::Is(is(cursor)?),
        Operator::In => Operation::In(list(cursor)?),
        Operator::Set(comparison) => Operation::Set(comparison, value(cursor, place)),
        Operator::Search(syntax) => Operation::Search { syntax, language, query: value(cursor, place) },
    })
}

fn dot(cursor: &mut Cursor) -> Parsed<()> {
    if cursor.peek() == Some('(') {
        let modifier = cursor.unexpected(&["\".\""]);
        return Err(modifier.hint("only like and ilike take (any) and (all); otherwise use in.(…), or=(…) or and=(…)"));
    }
    cursor.expect(".", "\".\" and a value")
}

fn quantifier(cursor: &mut Cursor) -> Parsed<Option<Quantifier>> {
    if cursor.take("(any)") {
        Ok(Some(Quantifier::Any))
    } else if cursor.take("(all)") {
        Ok(Some(Quantifier::All))
    } else if cursor.peek() == Some('(') {
        Err(cursor.unexpected(&["\"(any)\"", "\"(all)\"", "\".\""]))
    } else {
        Ok(None)
    }
}

fn language(cursor: &mut Cursor) -> Parsed<Option<String>> {
    if !cursor.take("(") {
        return Ok(None);
    }
    let language = bare_name(cursor, "a text search configuration, such as english")?;
    cursor.expect(")", "\")\"")?;
    Ok(Some(language))
}

fn is(cursor: &mut Cursor) -> Parsed<Is> {
    let start = cursor.at();
    let word = cursor.take_while(|next| next.is_ascii_alphabetic() || next == '_');
    Ok(match word.to_ascii_lowercase().as_str() {
        "null" => Is::Null,
        "not_null" => Is::NotNull,
        "true" => Is::True,
        "false" => Is::False,
        "unknown" => Is::Unknown,
        _ => {
            cursor.back_to(start);
            return Err(cursor
                .unexpected(&["null", "not_null", "true", "false", "unknown"])
                .hint("use eq for other values"));
        }
    })
}

/// `(1,"a,b")`. Nothing between the parentheses is the empty list.
fn list(cursor: &mut Cursor) -> Parsed<Vec<String>> {
    cursor.skip_blanks();
    cursor.expect("(", "\"(\"")?;
    cursor.skip_blanks();
    let mut values = Vec::new();
    if !cursor.take(")") {
        loop {
            cursor.room_in_list(values.len())?;
            values.push(quoted_value(cursor).unwrap_or_else(|| bare_value(cursor)));
            if !cursor.take(",") {
                break;
            }
        }
        cursor.expect(")", "\")\"")?;
    }
    cursor.skip_blanks();
    Ok(values)
}

/// `{a*,*b}`: only its outer form is looked at, PostgreSQL reads the rest.
fn array(cursor: &mut Cursor, place: Place) -> Parsed<String> {
    let start = cursor.at();
    let text = value(cursor, place);
    if text.starts_with('{') && text.ends_with('}') {
        return Ok(text);
    }
    cursor.back_to(start);
    Err(cursor.unexpected(&["patterns in braces, such as {a*,*b}"]))
}

fn value(cursor: &mut Cursor, place: Place) -> String {
    match place {
        Place::Parameter => cursor.take_rest().to_owned(),
        Place::Logic => quoted_value(cursor).or_else(|| braced_value(cursor)).unwrap_or_else(|| bare_value(cursor)),
    }
}

/// `"text"`, where it is the whole value. Otherwise the quotes belong to the value, as in `"a"b`.
fn quoted_value(cursor: &mut Cursor) -> Option<String> {
    let start = cursor.at();
    let text = quoted(cursor).ok().filter(|_| ends_value(cursor));
    if text.is_none() {
        cursor.back_to(start);
    }
    text
}

/// `{a,b}` or `{"x":{"y":"},"}}`, in which commas and parentheses are part of the value.
fn braced_value(cursor: &mut Cursor) -> Option<String> {
    if cursor.peek() != Some('{') {
        return None;
    }
    let start = cursor.at();
    // First as PostgREST reads it, in which quotes mean nothing; then as nested JSON, which it can't read.
    for skip in [flat_braces, nested_braces] {
        skip(cursor);
        if cursor.since(start).ends_with('}') && ends_value(cursor) {
            return Some(cursor.since(start).to_owned());
        }
        cursor.back_to(start);
    }
    None
}

fn flat_braces(cursor: &mut Cursor) {
    cursor.take("{");
    cursor.take_while(|next| !matches!(next, '{' | '}'));
    cursor.take("}");
}

fn nested_braces(cursor: &mut Cursor) {
    let mut open = 0_usize;
    while let Some(next) = cursor.peek() {
        match next {
            '"' => {
                if quoted(cursor).is_err() {
                    return;
                }
                continue;
            }
            '{' => open += 1,
            '}' => open = open.saturating_sub(1),
            _ => {}
        }
        cursor.next();
        if open == 0 {
            return;
        }
    }
}

fn bare_value(cursor: &mut Cursor) -> String {
    cursor.take_while(|next| !matches!(next, ',' | ')')).to_owned()
}

fn ends_value(cursor: &Cursor) -> bool {
    matches!(cursor.peek(), None | Some(',' | ')'))
}
