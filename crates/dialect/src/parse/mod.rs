//! From a query string to a [`Query`]: one file for each kind of parameter, over a [`cursor::Cursor`] that knows its place.
//!
//! Written by hand, since what PostgREST accepts is defined by how its own parsers try and go back (a value in
//! quotes is one only where a comma or a parenthesis follows), and since every refusal names the place and what
//! was expected there. The grammar has a dozen rules.

mod budget;
mod cursor;
mod key;
mod logic;
mod name;
mod operator;
mod order;
mod pairs;
mod select;

use budget::Budget;
use cursor::{Cursor, Mismatch, Parsed};
use key::Key;
use operator::{Place, operation};

use crate::query::filter::{Condition, Filter};
use crate::query::{Level, Path};
use crate::{Error, Limits, Query};

/// How far a misspelled word may be from the right one to be taken for it.
const NEAR: f64 = 0.75;

impl Query {
    /// Reads what stands behind the `?` of a URL, as it was sent.
    ///
    /// Filters may repeat and all of them hold. Every other parameter may be given once.
    pub fn parse(raw: &[u8], limits: &Limits) -> Result<Self, Error> {
        let mut budget = Budget::new(*limits);
        let mut query = Self::default();
        for pair in pairs::split(raw, limits)? {
            let (key, value) = (pair.key.as_str(), pair.value.as_str());
            let asked = whole(key, END, &mut budget, key::key).map_err(|mismatch| pair.refuse_key(mismatch))?;
            take(&mut query, asked, value, &mut budget).map_err(|mismatch| pair.refuse(mismatch))?;
        }
        Ok(query)
    }
}

/// Adds what one parameter asks.
fn take(query: &mut Query, asked: Key, value: &str, budget: &mut Budget) -> Parsed<()> {
    match asked {
        Key::Select => once(&mut query.select, whole(value, END_OF_LIST, budget, |cursor| select::items(cursor, 1))?),
        Key::Columns => once(&mut query.columns, whole(value, END_OF_LIST, budget, names)?),
        Key::OnConflict => once(&mut query.on_conflict, whole(value, END_OF_LIST, budget, names)?),
        Key::Order(path) => {
            let order = &mut level(query, path).order;
            let terms = whole(value, END_OF_LIST, budget, order::terms)?;
            if !order.is_empty() {
                return Err(given_twice().hint("one order holds several columns: order=a.asc,b.desc"));
            }
            *order = terms;
            Ok(())
        }
        Key::Limit(path) => once(&mut level(query, path).limit, number(value)?),
        Key::Offset(path) => once(&mut level(query, path).offset, number(value)?),
        Key::Logic(path, negated, connective) => {
            let logic = whole(value, END, budget, |cursor| logic::group(cursor, negated, connective, 1))?;
            level(query, path).conditions.push(Condition::Logic(logic));
            Ok(())
        }
        Key::Filter(path, field) => {
            budget.filter(0)?;
            let (negated, operation) = whole(value, END, budget, |cursor| operation(cursor, Place::Parameter))?;
            level(query, path).conditions.push(Condition::Filter(Filter { field, negated, operation }));
            Ok(())
        }
    }
}

fn level(query: &mut Query, path: Path) -> &mut Level {
    if path.is_empty() { &mut query.root } else { query.embedded.entry(path).or_default() }
}

fn once<T>(place: &mut Option<T>, value: T) -> Parsed<()> {
    if place.is_some() {
        return Err(given_twice());
    }
    *place = Some(value);
    Ok(())
}

fn given_twice() -> Mismatch {
    Mismatch::new(0, "this parameter is given twice")
}

/// What can follow where a parameter is one thing.
const END: &[&str] = &["end of input"];

/// What can follow where a parameter is a list.
const END_OF_LIST: &[&str] = &["\",\"", "end of input"];

/// Reads a text to its end.
fn whole<T>(text: &str, end: &[&str], budget: &mut Budget, rule: impl FnOnce(&mut Cursor) -> Parsed<T>) -> Parsed<T> {
    let mut cursor = Cursor::new(text, budget);
    let value = rule(&mut cursor)?;
    if cursor.is_at_end() { Ok(value) } else { Err(cursor.unexpected(end)) }
}

/// `a,"b"`; a name that stands twice counts once.
fn names(cursor: &mut Cursor) -> Parsed<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    loop {
        cursor.room_in_list(names.len())?;
        cursor.skip_blanks();
        let name = name::name(cursor)?.text;
        if !names.contains(&name) {
            names.push(name);
        }
        cursor.skip_blanks();
        if !cursor.take(",") {
            return Ok(names);
        }
    }
}

/// A limit or an offset.
fn number(text: &str) -> Parsed<u64> {
    let wrong = |details: &str| Mismatch::new(0, details);
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong("expecting a whole number"));
    }
    if digits.len() < text.len() && digits.bytes().any(|byte| byte != b'0') {
        return Err(Mismatch { below_zero: true, ..wrong("a limit or offset can't be below zero") });
    }
    // PostgreSQL counts rows in a bigint.
    digits.parse::<i64>().map(i64::unsigned_abs).map_err(|_| wrong("expecting a number of at most 9223372036854775807"))
}

/// The word that was probably meant.
fn nearest<'a>(word: &str, words: &[&'a str]) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let similarity = |known: &str| strsim::jaro_winkler(&lower, known);
    let best = words.iter().copied().max_by(|left, right| similarity(left).total_cmp(&similarity(right)))?;
    (similarity(best) >= NEAR).then_some(best)
}
