//! Filters and logic: one example for each row of the table of queries, and the corners of quoting.

use dialect::query::filter::{
    Case, Comparison, Condition, Connective, Filter, Is, Logic, Operation, Pattern, Quantifier, SearchSyntax,
    SetComparison,
};
use dialect::query::{Arrow, Field, JsonStep, Operand};

use super::read;

fn field(name: &str) -> Field {
    Field { name: name.to_owned(), path: Vec::new() }
}

fn equal(text: &str) -> Operation {
    Operation::Compare(Comparison::Equal, text.to_owned())
}

fn list(values: &[&str]) -> Operation {
    Operation::In(values.iter().map(|value| (*value).to_owned()).collect())
}

fn set(comparison: SetComparison, text: &str) -> Operation {
    Operation::Set(comparison, text.to_owned())
}

fn search(syntax: SearchSyntax, language: Option<&str>, query: &str) -> Operation {
    Operation::Search { syntax, language: language.map(str::to_owned), query: query.to_owned() }
}

/// The one filter of a query string.
fn only(raw: &str) -> Filter {
    match read(raw).root.conditions.as_slice() {
        [Condition::Filter(filter)] => filter.clone(),
        other => panic!("{raw} holds {other:?}"),
    }
}

/// The one filter within `or=(…)`.
fn within(text: &str) -> Filter {
    match only_logic(&format!("or=({text})")).conditions.as_slice() {
        [Condition::Filter(filter)] => filter.clone(),
        other => panic!("{text} holds {other:?}"),
    }
}

fn only_logic(raw: &str) -> Logic {
    match read(raw).root.conditions.as_slice() {
        [Condition::Logic(logic)] => logic.clone(),
        other => panic!("{raw} holds {other:?}"),
    }
}

#[test]
fn every_operator_is_read() {
    let compare = |comparison| Operation::Compare(comparison, "v".to_owned());
    let pattern = |text: &str| Pattern(text.to_owned());
    let cases = [
        ("eq.v", compare(Comparison::Equal)),
        ("neq.v", compare(Comparison::NotEqual)),
        ("gt.v", compare(Comparison::Greater)),
        ("gte.v", compare(Comparison::GreaterOrEqual)),
        ("lt.v", compare(Comparison::Less)),
        ("lte.v", compare(Comparison::LessOrEqual)),
        ("isdistinct.v", compare(Comparison::IsDistinct)),
        ("like.*v*", Operation::Like(Case::Sensitive, pattern("*v*"))),
        ("ilike.%25v", Operation::Like(Case::Insensitive, pattern("%v"))),
        ("like(all).{a*,*b}", Operation::LikeEach(Case::Sensitive, Quantifier::All, pattern("{a*,*b}"))),
        ("like(any).{a*,*b}", Operation::LikeEach(Case::Sensitive, Quantifier::Any, pattern("{a*,*b}"))),
        ("ilike(all).{a*}", Operation::LikeEach(Case::Insensitive, Quantifier::All, pattern("{a*}"))),
        ("ilike(any).{a*}", Operation::LikeEach(Case::Insensitive, Quantifier::Any, pattern("{a*}"))),
        ("match.^v", Operation::Match(Case::Sensitive, "^v".to_owned())),
        ("imatch.^v", Operation::Match(Case::Insensitive, "^v".to_owned())),
        ("is.null", Operation::Is(Is::Null)),
        ("is.not_null", Operation::Is(Is::NotNull)),
        ("is.true", Operation::Is(Is::True)),
        ("is.FALSE", Operation::Is(Is::False)),
        ("is.Unknown", Operation::Is(Is::Unknown)),
        ("in.(1,%22a,b%22)", list(&["1", "a,b"])),
        ("cs.{a,b}", set(SetComparison::Contains, "{a,b}")),
        ("cs.{%22x%22:1}", set(SetComparison::Contains, "{\"x\":1}")),
        ("cd.{a}", set(SetComparison::ContainedBy, "{a}")),
        ("ov.{a}", set(SetComparison::Overlaps, "{a}")),
        ("fts.a%26b", search(SearchSyntax::Operators, None, "a&b")),
        ("plfts.a+b", search(SearchSyntax::Plain, None, "a b")),
        ("phfts(english).a", search(SearchSyntax::Phrase, Some("english"), "a")),
        ("wfts(german).a+-b", search(SearchSyntax::Web, Some("german"), "a -b")),
    ];
    for (text, expected) in cases {
        for negated in [false, true] {
            let not = if negated { "not." } else { "" };
            let filter = only(&format!("col={not}{text}"));
            assert_eq!(filter, Filter { field: field("col"), negated, operation: expected.clone() }, "{not}{text}");
            let logic = within(&format!("col.{not}{text}"));
            assert_eq!(logic.negated, negated, "{text} within or");
        }
    }
}

#[test]
fn a_star_in_a_pattern_stands_for_percent() {
    assert_eq!(Pattern("*a_%*".to_owned()).to_sql(), "%a_%%");
}

#[test]
fn a_parameters_value_goes_to_its_end() {
    for text in ["", "a,b", "(x)", "\"q\"", "a.b.c", "{1,2}", "not.eq.1", "\\", "Grüße", "a=b"] {
        let raw = format!("col=eq.{text}");
        assert_eq!(only(&raw).operation, equal(text), "{raw}");
    }
    assert_eq!(only("col=eq.a%2Bb+c%26d").operation, equal("a+b c&d"));
    assert_eq!(only("col=like.50%25").operation, Operation::Like(Case::Sensitive, Pattern("50%".to_owned())));
}

#[test]
fn filters_reach_json_values_and_embeds() {
    let path = vec![
        JsonStep { arrow: Arrow::Json, operand: Operand::Key("b".to_owned()) },
        JsonStep { arrow: Arrow::Text, operand: Operand::Index(0) },
    ];
    assert_eq!(only("a->b->>0=eq.1").field, Field { name: "a".to_owned(), path: path.clone() });
    assert_eq!(within("a->b->>0.eq.1").field, Field { name: "a".to_owned(), path });
    let query = read("rel.id=eq.1&a.b.id=eq.2");
    assert_eq!(query.embedded[&vec!["rel".to_owned()]].conditions.len(), 1);
    assert_eq!(query.embedded[&vec!["a".to_owned(), "b".to_owned()]].conditions.len(), 1);
}

#[test]
fn filters_repeat_and_keep_their_order() {
    let query = read("a=gte.1&a=lt.5&or=(b.eq.1)&or=(c.eq.1)");
    assert_eq!(query.root.conditions.len(), 4);
    assert_eq!(read("a=eq.1&&b=eq.2&").root.conditions.len(), 2);
}

#[test]
fn lists_take_quotes_only_around_whole_values() {
    let cases = [
        ("in.()", list(&[])),
        ("in.(%22%22)", list(&[""])),
        ("in.(,)", list(&["", ""])),
        ("in.(a b,c)", list(&["a b", "c"])),
        ("in.(%22a(b)%22,c)", list(&["a(b)", "c"])),
        ("in.(%22a%5C%22b%5C%5C%22)", list(&["a\"b\\"])),
        ("in.(a%22b%22,%22c%22d)", list(&["a\"b\"", "\"c\"d"])),
        ("in.({1,2})", list(&["{1", "2}"])),
    ];
    for (text, expected) in cases {
        assert_eq!(only(&format!("col={}", text.replace(' ', "+"))).operation, expected, "{text}");
        assert_eq!(within(&format!("col.{}", text.replace(' ', "+"))).operation, expected, "{text} within or");
    }
}

#[test]
fn values_within_logic_end_at_a_comma_or_parenthesis_unless_quoted_or_in_braces() {
    let cases = [
        ("c.eq.", equal("")),
        ("c.eq.a.b", equal("a.b")),
        ("c.eq.%22a,b)%22", equal("a,b)")),
        ("c.eq.%22a%22b", equal("\"a\"b")),
        ("c.eq.{a,b}", equal("{a,b}")),
        ("c.cs.{a%22b,c}", set(SetComparison::Contains, "{a\"b,c}")),
        ("c.cs.{%22x%22:{%22y%22:1,%22z%22:%22}%22}}", set(SetComparison::Contains, "{\"x\":{\"y\":1,\"z\":\"}\"}}")),
        ("c.ilike.*a*", Operation::Like(Case::Insensitive, Pattern("*a*".to_owned()))),
        ("c.plfts(english).a b", search(SearchSyntax::Plain, Some("english"), "a b")),
    ];
    for (text, expected) in cases {
        assert_eq!(within(&text.replace(' ', "+")).operation, expected, "{text}");
    }
    let two = only_logic("or=(a.cs.{x%22y},b.cs.{z%22w})");
    assert_eq!(two.conditions.len(), 2);
}

#[test]
fn logic_nests_and_reaches_embeds() {
    let filter = |name: &str| Condition::Filter(Filter { field: field(name), negated: false, operation: equal("1") });
    let inner = |connective, negated, conditions| Condition::Logic(Logic { negated, connective, conditions });
    let expected = Logic {
        negated: false,
        connective: Connective::Or,
        conditions: vec![
            filter("a"),
            inner(
                Connective::And,
                false,
                vec![filter("b"), inner(Connective::Or, true, vec![filter("c"), filter("d")])],
            ),
        ],
    };
    assert_eq!(only_logic("or=(a.eq.1,and(b.eq.1,not.or(c.eq.1,d.eq.1)))"), expected);
    assert_eq!(only_logic("or=(+a.eq.1+,+and+(b.eq.1,+not.or(c.eq.1,d.eq.1)+)+)").conditions.len(), 2);
    assert!(only_logic("not.and=(a.eq.1)").negated);

    let query = read("rel.or=(a.eq.1)&rel.not.and=(a.eq.1)&a.b.or=(a.eq.1)");
    let rel = &query.embedded[&vec!["rel".to_owned()]].conditions;
    assert!(matches!(
        rel.as_slice(),
        [
            Condition::Logic(Logic { negated: false, .. }),
            Condition::Logic(Logic { negated: true, connective: Connective::And, .. })
        ]
    ));
    assert!(query.embedded.contains_key(&vec!["a".to_owned(), "b".to_owned()]));
}

#[test]
fn words_of_logic_can_be_columns() {
    for name in ["or", "and", "order", "android", "not"] {
        assert_eq!(within(&format!("{name}.eq.1")).field.name, name);
    }
}
