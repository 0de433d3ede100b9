//! Schemas and values that are meant to cost more than they are worth.

use std::collections::BTreeSet;

use layers::Place::GlobalAll;
use layers::limits::{SCHEMA_BYTES, SCHEMA_PATTERNS};
use layers::{Entry, Schema, closed, resolve};
use serde_json::{Value, json};

use super::{key, named, schema, sources};

/// Patterns that look back or around, and would go on for ages.
const ENDLESS: [&str; 3] = [r"^(a|a)*\1b$", r"^(?=(a+)+$)(a+)+\1c", r"^(([a-z])+.)+[A-Z]\2([a-z])+$"];

#[test]
fn a_pattern_that_would_go_on_for_ages_is_given_up() {
    let texts: Vec<Value> = (0..2_000).map(|_| json!("a".repeat(60))).collect();
    for pattern in ENDLESS {
        let judge = schema(&json!({ "items": { "pattern": pattern } }));
        let problems = judge.judge(&json!(texts));
        assert!(!problems.is_empty() && problems.iter().all(|problem| problem.rule.name() == "pattern"), "{pattern}");
        assert!(problems.iter().all(|problem| !problem.to_string().contains("aaaa")), "no value is told");
        let names = json!({ "patternProperties": { pattern: { "x-secret": true } } });
        assert!(!schema(&names).is_secret(&["a".repeat(60).as_str()]), "{pattern}");
    }
}

#[test]
fn patterns_that_look_around_are_matched_all_the_same() {
    let strong = schema(&json!({ "pattern": "^(?=.*[A-Z])(?=.*[0-9]).{8,}$" }));
    assert_eq!(strong.judge(&json!(format!("{}X9", "lower case ".repeat(50)))), []);
    assert_eq!(named(&strong.judge(&json!("lower case"))), [(String::new(), "pattern".to_owned())]);
}

#[test]
fn there_are_so_many_patterns_and_no_more() {
    let with = |count: usize| {
        let named = (0..count).map(|number| (format!("^x{number}"), json!({})));
        let texts: Vec<Value> = (0..50).map(|_| json!({ "pattern": "^the same$" })).collect();
        json!({ "patternProperties": Value::Object(named.collect()), "allOf": texts })
    };
    assert!(Schema::compile(&with(SCHEMA_PATTERNS - 1)).is_ok());
    let refused = Schema::compile(&with(SCHEMA_PATTERNS)).expect_err("one too many");
    assert_eq!(named(&refused), [(String::new(), "size".to_owned())]);
}

#[test]
fn a_long_list_of_values_and_a_long_chain_are_judged() {
    let options: Vec<Value> = (0..SCHEMA_BYTES / 10).map(|number| json!(format!("v{number}"))).collect();
    let many = schema(&json!({ "items": { "enum": options } }));
    let texts: Vec<Value> = (0..1_000).map(|_| json!("none of them")).collect();
    let problems = many.judge(&json!(texts));
    assert_eq!(problems.len(), 1_000);
    assert!(problems.iter().all(|problem| problem.to_string().len() < 1_000), "what is asked is told in short");
    let chain: serde_json::Map<String, Value> = (0..1_000)
        .map(|number| (format!("d{number}"), json!({ "$ref": format!("#/$defs/d{}", number + 1) })))
        .collect();
    let refused = Schema::compile(&json!({ "$ref": "#/$defs/d0", "$defs": chain })).expect_err("too long a chain");
    assert!(refused.iter().all(|problem| ["size", "schema"].contains(&problem.rule.name())), "{refused:?}");
}

#[test]
fn what_refers_to_ever_more_is_stopped() {
    let doubled = (1..40).map(|number| (format!("k{number}"), format!("${{k{0}}}${{k{0}}}", number - 1)));
    let texts = [("k0".to_owned(), "x".repeat(1_000))].into_iter().chain(doubled);
    let entries: Vec<_> = texts.map(|(name, text)| (GlobalAll, Entry::new(key(&name), json!(text)))).collect();
    let resolved = resolve(&sources(None, &entries), &closed);
    let rules: BTreeSet<&str> = resolved.problems.iter().map(|problem| problem.rule.name()).collect();
    assert!(!rules.is_empty() && rules.iter().all(|rule| ["size", "reference-hops"].contains(rule)), "{rules:?}");
    assert!(resolved.document.to_string().len() < 4 * 1024 * 1024);
}
