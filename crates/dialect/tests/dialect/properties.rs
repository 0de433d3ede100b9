//! What holds for every query: printing and reading are inverse, and no bytes make the parser fall over.

use std::collections::BTreeMap;

use dialect::headers::Headers;
use dialect::query::filter::{
    Case, Comparison, Condition, Connective, Filter, Is, Logic, Operation, Pattern, Quantifier, SearchSyntax,
    SetComparison,
};
use dialect::query::order::{Direction, Nulls, OrderBy, OrderTerm};
use dialect::query::select::{Column, Count, Embed, Item, Join, Shape};
use dialect::query::{Arrow, Field, JsonStep, Level, Operand};
use dialect::{Limits, Query};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

/// Any text but NUL, with what has a meaning in the dialect more often than chance would bring it.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[^\\x00]{0,12}",
        "[-a-z0-9_ $.,:;!()\"\\\\{}*%&=+#>]{0,12}",
        select(vec!["", "null", "not.eq.1", "\"a\"", "{a,b}", "a,b", "(a)", "a->b", "->", "*"]).prop_map(str::to_owned),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z_][a-z0-9_]{0,8}",
        1 => text().prop_filter("names aren't empty", |name| !name.is_empty()),
        1 => select(vec!["or", "and", "not", "order", "limit", "offset", "select", "columns", "count", "inner", "left", "on_conflict"])
            .prop_map(str::to_owned),
    ]
}

fn bare() -> impl Strategy<Value = String> {
    "[a-z_$0-9]{1,3}( [a-z0-9]{1,5}){0,2}"
}

fn field() -> impl Strategy<Value = Field> {
    let operand = prop_oneof![name().prop_map(Operand::Key), any::<i32>().prop_map(Operand::Index)];
    (name(), vec(operand, 0..3), any::<bool>()).prop_map(|(name, operands, ends_in_text)| {
        let last = operands.len().saturating_sub(1);
        let arrow = |index| if ends_in_text && index == last { Arrow::Text } else { Arrow::Json };
        let path = operands
            .into_iter()
            .enumerate()
            .map(|(index, operand)| JsonStep { arrow: arrow(index), operand })
            .collect();
        Field { name, path }
    })
}

fn item() -> impl Strategy<Value = Item> {
    let leaf = prop_oneof![
        Just(Item::Star),
        (of(name()), field(), of(bare())).prop_map(|(alias, field, cast)| Item::Column(Column { alias, field, cast })),
        (of(name()), of(bare())).prop_map(|(alias, cast)| Item::Count(Count { alias, cast })),
    ];
    leaf.prop_recursive(3, 12, 4, |item| {
        let shape = prop_oneof![of(name()).prop_map(|alias| Shape::Nested { alias }), Just(Shape::Spread)];
        let join = select(vec![Join::Left, Join::Inner]);
        (shape, name(), of(name()), join, vec(item, 0..4)).prop_map(|(shape, relation, hint, join, select)| {
            Item::Embed(Embed { shape, relation, hint, join, select })
        })
    })
}

fn operation() -> impl Strategy<Value = Operation> {
    use Comparison::{Equal, Greater, GreaterOrEqual, IsDistinct, Less, LessOrEqual, NotEqual};
    use SetComparison::{ContainedBy, Contains, Overlaps};
    let comparison = select(vec![Equal, NotEqual, Greater, GreaterOrEqual, Less, LessOrEqual, IsDistinct]);
    let case = || select(vec![Case::Sensitive, Case::Insensitive]);
    let patterns = text().prop_map(|inner| Pattern(format!("{{{inner}}}")));
    let syntax = select(vec![SearchSyntax::Operators, SearchSyntax::Plain, SearchSyntax::Phrase, SearchSyntax::Web]);
    prop_oneof![
        (comparison, text()).prop_map(|(comparison, value)| Operation::Compare(comparison, value)),
        (case(), text()).prop_map(|(case, value)| Operation::Like(case, Pattern(value))),
        (case(), select(vec![Quantifier::Any, Quantifier::All]), patterns)
            .prop_map(|(case, quantifier, patterns)| Operation::LikeEach(case, quantifier, patterns)),
        (case(), text()).prop_map(|(case, value)| Operation::Match(case, value)),
        select(vec![Is::Null, Is::NotNull, Is::True, Is::False, Is::Unknown]).prop_map(Operation::Is),
        vec(text(), 0..4).prop_map(Operation::In),
        (select(vec![Contains, ContainedBy, Overlaps]), text())
            .prop_map(|(comparison, value)| Operation::Set(comparison, value)),
        (syntax, of(bare()), text()).prop_map(|(syntax, language, query)| Operation::Search {
            syntax,
            language,
            query
        }),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let leaf = (field(), any::<bool>(), operation())
        .prop_map(|(field, negated, operation)| Condition::Filter(Filter { field, negated, operation }));
    leaf.prop_recursive(3, 12, 4, |condition| {
        (any::<bool>(), select(vec![Connective::And, Connective::Or]), vec(condition, 1..4))
            .prop_map(|(negated, connective, conditions)| Condition::Logic(Logic { negated, connective, conditions }))
    })
}

fn term() -> impl Strategy<Value = OrderTerm> {
    let by = prop_oneof![
        field().prop_map(OrderBy::Field),
        (name(), field()).prop_map(|(embed, field)| OrderBy::Related { embed, field }),
    ];
    let direction = of(select(vec![Direction::Ascending, Direction::Descending]));
    (by, direction, of(select(vec![Nulls::First, Nulls::Last]))).prop_map(|(by, direction, nulls)| OrderTerm {
        by,
        direction,
        nulls,
    })
}

fn level() -> impl Strategy<Value = Level> {
    let rows = || of(0..=i64::MAX.unsigned_abs());
    (vec(condition(), 0..4), vec(term(), 0..3), rows(), rows()).prop_map(|(conditions, order, limit, offset)| Level {
        conditions,
        order,
        limit,
        offset,
    })
}

fn names() -> impl Strategy<Value = Option<Vec<String>>> {
    of(vec(name(), 1..4).prop_map(|names| {
        names.into_iter().fold(Vec::new(), |mut all, name| {
            if !all.contains(&name) {
                all.push(name);
            }
            all
        })
    }))
}

fn query() -> impl Strategy<Value = Query> {
    let embedded = btree_map(vec(name(), 1..3), level().prop_filter("asks something", |level| !level.is_empty()), 0..3);
    (of(vec(item(), 0..5)), level(), embedded, names(), names()).prop_map(
        |(select, root, embedded, columns, on_conflict): (_, _, BTreeMap<_, _>, _, _)| Query {
            select,
            root,
            embedded,
            columns,
            on_conflict,
        },
    )
}

proptest! {
    #[test]
    fn what_is_printed_reads_as_the_same(query in query()) {
        let printed = query.to_string();
        prop_assert_eq!(Query::parse(printed.as_bytes(), &Limits::default()), Ok(query), "{}", printed);
    }

    #[test]
    fn any_bytes_are_read_or_refused(raw in vec(any::<u8>(), 0..200)) {
        let _ = Query::parse(&raw, &Limits::default());
    }

    #[test]
    fn anything_of_the_alphabet_is_read_or_refused_and_reads_again_as_printed(
        raw in "(select|order|or|limit|a|rel\\.or|columns|[\"a-c.]{1,4})=[-a-c.,:!()\"\\\\{}*>0-9]{0,24}(&(a|or)=(not\\.)?(eq|in|like|fts|is|cs)[-a-c.,()\"{}]{0,12})?",
    ) {
        if let Ok(query) = Query::parse(raw.as_bytes(), &Limits::default()) {
            let printed = query.to_string();
            prop_assert_eq!(Query::parse(printed.as_bytes(), &Limits::default()), Ok(query), "{}", printed);
        }
    }

    #[test]
    fn any_headers_are_read_or_refused(
        name in select(vec!["accept", "prefer", "content-type", "if-match", "accept-profile", "content-profile"]),
        value in prop_oneof![vec(any::<u8>(), 0..60), "[-a-z0-9=,;/\"*+. ]{0,60}".prop_map(String::into_bytes)],
    ) {
        let _ = Headers::parse(true, [(name, value.as_slice())]);
    }
}
