//! `select`, `order`, `limit`, `columns`, `on_conflict` as `supabase-js` sends them.

use dialect::query::order::{Direction, Nulls, OrderBy, OrderTerm};
use dialect::query::select::{Column, Count, Embed, Item, Join, Shape};
use dialect::query::{Arrow, Field, JsonStep, Operand};

use super::read;

fn field(name: &str) -> Field {
    Field { name: name.to_owned(), path: Vec::new() }
}

fn column(name: &str) -> Item {
    Item::Column(Column { alias: None, field: field(name), cast: None })
}

fn embed(relation: &str, select: Vec<Item>) -> Embed {
    Embed { shape: Shape::Nested { alias: None }, relation: relation.to_owned(), hint: None, join: Join::Left, select }
}

fn key(arrow: Arrow, key: &str) -> JsonStep {
    JsonStep { arrow, operand: Operand::Key(key.to_owned()) }
}

fn place(arrow: Arrow, index: i32) -> JsonStep {
    JsonStep { arrow, operand: Operand::Index(index) }
}

#[test]
fn select_names_columns_with_alias_cast_and_json_path() {
    let within = |path: Vec<JsonStep>| Field { name: "a".to_owned(), path };
    let cases = [
        ("select=*", vec![Item::Star]),
        ("select=", vec![]),
        ("select=id,name", vec![column("id"), column("name")]),
        ("select=+id+,+name+", vec![column("id"), column("name")]),
        ("select=full+name", vec![column("full name")]),
        ("select=with-dash", vec![column("with-dash")]),
        ("select=%22a,b%22,%22c%5C%22d%22", vec![column("a,b"), column("c\"d")]),
        ("select=Stra%C3%9Fe", vec![column("Straße")]),
        ("select=x:col", vec![Item::Column(Column { alias: Some("x".to_owned()), field: field("col"), cast: None })]),
        (
            "select=col::text",
            vec![Item::Column(Column { alias: None, field: field("col"), cast: Some("text".to_owned()) })],
        ),
        (
            "select=x:col::text",
            vec![Item::Column(Column {
                alias: Some("x".to_owned()),
                field: field("col"),
                cast: Some("text".to_owned()),
            })],
        ),
        (
            "select=x:a->b->>c::text",
            vec![Item::Column(Column {
                alias: Some("x".to_owned()),
                field: within(vec![key(Arrow::Json, "b"), key(Arrow::Text, "c")]),
                cast: Some("text".to_owned()),
            })],
        ),
        (
            "select=a->0->>-1,a->1x,a->%221%22",
            [
                vec![place(Arrow::Json, 0), place(Arrow::Text, -1)],
                vec![key(Arrow::Json, "1x")],
                vec![key(Arrow::Json, "1")],
            ]
            .map(|path| Item::Column(Column { alias: None, field: within(path), cast: None }))
            .into(),
        ),
        ("select=count()", vec![Item::Count(Count { alias: None, cast: None })]),
        (
            "select=tier,n:count()::text",
            vec![column("tier"), Item::Count(Count { alias: Some("n".to_owned()), cast: Some("text".to_owned()) })],
        ),
        ("select=count", vec![column("count")]),
    ];
    for (raw, expected) in cases {
        assert_eq!(read(raw).select, Some(expected), "{raw}");
    }
    assert_eq!(read("").select, None);
}

#[test]
fn select_embeds_with_alias_hint_join_and_spread() {
    let cases = [
        ("select=rel(*)", embed("rel", vec![Item::Star])),
        ("select=rel(id,name)", embed("rel", vec![column("id"), column("name")])),
        ("select=rel(a->0)", {
            let first = Field { name: "a".to_owned(), path: vec![place(Arrow::Json, 0)] };
            embed("rel", vec![Item::Column(Column { alias: None, field: first, cast: None })])
        }),
        ("select=rel()", embed("rel", vec![])),
        ("select=rel(count())", embed("rel", vec![Item::Count(Count { alias: None, cast: None })])),
        (
            "select=client:clients_enhanced(name)",
            Embed {
                shape: Shape::Nested { alias: Some("client".to_owned()) },
                ..embed("clients_enhanced", vec![column("name")])
            },
        ),
        ("select=rel!hint(id)", Embed { hint: Some("hint".to_owned()), ..embed("rel", vec![column("id")]) }),
        ("select=rel!inner(id)", Embed { join: Join::Inner, ..embed("rel", vec![column("id")]) }),
        ("select=rel!left(id)", embed("rel", vec![column("id")])),
        ("select=rel!%22inner%22(id)", Embed { hint: Some("inner".to_owned()), ..embed("rel", vec![column("id")]) }),
        (
            "select=rel!hint!inner(id)",
            Embed { hint: Some("hint".to_owned()), join: Join::Inner, ..embed("rel", vec![column("id")]) },
        ),
        (
            "select=rel!inner!hint(id)",
            Embed { hint: Some("hint".to_owned()), join: Join::Inner, ..embed("rel", vec![column("id")]) },
        ),
        (
            "select=a:rel!hint!inner(id)",
            Embed {
                shape: Shape::Nested { alias: Some("a".to_owned()) },
                hint: Some("hint".to_owned()),
                join: Join::Inner,
                ..embed("rel", vec![column("id")])
            },
        ),
        ("select=...rel(id)", Embed { shape: Shape::Spread, ..embed("rel", vec![column("id")]) }),
        (
            "select=...rel!hint!inner(id)",
            Embed {
                shape: Shape::Spread,
                hint: Some("hint".to_owned()),
                join: Join::Inner,
                ..embed("rel", vec![column("id")])
            },
        ),
        (
            "select=a(b(c(id)))",
            embed("a", vec![Item::Embed(embed("b", vec![Item::Embed(embed("c", vec![column("id")]))]))]),
        ),
    ];
    for (raw, expected) in cases {
        assert_eq!(read(raw).select, Some(vec![Item::Embed(expected)]), "{raw}");
    }
}

#[test]
fn order_takes_direction_nulls_json_paths_and_related_columns() {
    let by = |name: &str, direction, nulls| OrderTerm { by: OrderBy::Field(field(name)), direction, nulls };
    let cases = [
        ("order=a", vec![by("a", None, None)]),
        ("order=a.asc", vec![by("a", Some(Direction::Ascending), None)]),
        (
            "order=a.asc,b.desc.nullslast",
            vec![by("a", Some(Direction::Ascending), None), by("b", Some(Direction::Descending), Some(Nulls::Last))],
        ),
        ("order=a.nullsfirst", vec![by("a", None, Some(Nulls::First))]),
        ("order=%22a.b%22.desc", vec![by("a.b", Some(Direction::Descending), None)]),
        ("order=a->0->>x.desc", {
            let path = vec![place(Arrow::Json, 0), key(Arrow::Text, "x")];
            let field = Field { name: "a".to_owned(), path };
            vec![OrderTerm { by: OrderBy::Field(field), direction: Some(Direction::Descending), nulls: None }]
        }),
        ("order=client(name).desc.nullsfirst", {
            let by = OrderBy::Related { embed: "client".to_owned(), field: field("name") };
            vec![OrderTerm { by, direction: Some(Direction::Descending), nulls: Some(Nulls::First) }]
        }),
    ];
    for (raw, expected) in cases {
        assert_eq!(read(raw).root.order, expected, "{raw}");
    }
}

#[test]
fn order_limit_and_offset_reach_the_table_and_its_embeds() {
    let query = read("limit=5&offset=10&rel.limit=2&a.b.offset=3&a.b.order=id.desc&rel.order=name");
    assert_eq!((query.root.limit, query.root.offset), (Some(5), Some(10)));
    let rel = &query.embedded[&vec!["rel".to_owned()]];
    assert_eq!((rel.limit, rel.offset, rel.order.len()), (Some(2), None, 1));
    let deep = &query.embedded[&vec!["a".to_owned(), "b".to_owned()]];
    assert_eq!((deep.limit, deep.offset, deep.order.len()), (None, Some(3), 1));
}

#[test]
fn columns_and_on_conflict_are_lists_of_names() {
    let query = read("columns=%22a%22%2C%22b+c%22%2C%22a%22&on_conflict=client_id,key");
    assert_eq!(query.columns, Some(vec!["a".to_owned(), "b c".to_owned()]));
    assert_eq!(query.on_conflict, Some(vec!["client_id".to_owned(), "key".to_owned()]));
}

#[test]
fn reserved_words_in_quotes_are_columns() {
    let query = read("%22order%22=eq.1&%22select%22=eq.2&rel.select=eq.3&rel.%22or%22=eq.4");
    assert_eq!(query.root.conditions.len(), 2);
    assert_eq!(query.embedded[&vec!["rel".to_owned()]].conditions.len(), 2);
    assert_eq!(query.select, None);
}

#[test]
fn embeds_are_called_by_their_alias_or_relation() {
    let items = read("select=rel(id),x:rel(id)").select.expect("select is given");
    let [Item::Embed(plain), Item::Embed(named)] = items.as_slice() else { panic!("two embeds, not {items:?}") };
    assert_eq!((plain.name(), named.name()), ("rel", "x"));
}
