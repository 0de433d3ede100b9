//! Any query that has a meaning for a catalog: what the property tests ask.

use std::sync::Arc;

use dialect::Query;
use dialect::query::filter::{
    Case, Comparison, Condition, Connective, Filter, Is, Logic, Operation, Pattern, Quantifier, SearchSyntax,
    SetComparison,
};
use dialect::query::order::{Direction, Nulls, OrderBy, OrderTerm};
use dialect::query::select::{self, Count, Embed, Item, Join, Shape};
use dialect::query::{Arrow, Field, JsonStep, Level, Operand, Path};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use tenantry::tables::catalog::{Catalog, Column};

/// What somebody may write who wants to be read as SQL, or to break what reads it.
pub const HOSTILE: [&str; 14] = [
    "'; DROP TABLE clients_enhanced; --",
    "' OR '1'='1",
    "\"; SELECT 1; --",
    "\\'); SELECT pg_sleep(9); --",
    "$1",
    "$$a$$",
    "E'\\x27'",
    "/* */ -- ",
    "%s{}$(id)",
    "a\"b\\c",
    "{\"x\": \"'\"}",
    "{a,\"b'c\"}",
    "Ωßł😀\u{301}",
    "",
];

/// A relation's place and a query on it that `role` may ask.
pub fn queries(catalog: &Arc<Catalog>, role: &'static str) -> BoxedStrategy<(usize, Query)> {
    let asker = Asker { catalog: Arc::clone(catalog), role };
    let readable: Vec<usize> =
        (0..catalog.relations().len()).filter(|place| !asker.columns(*place).is_empty()).collect();
    select(readable)
        .prop_flat_map(move |place| {
            let asker = asker.clone();
            asker.node(place, 2).prop_map(move |node| (place, node.into_query()))
        })
        .boxed()
}

/// For whom, and of what.
#[derive(Clone)]
struct Asker {
    catalog: Arc<Catalog>,
    role: &'static str,
}

/// What is asked at one level, with what is asked of embeds beneath it.
#[derive(Clone, Debug)]
struct Node {
    items: Vec<Item>,
    level: Level,
    beneath: Vec<(Path, Level)>,
}

impl Node {
    fn into_query(self) -> Query {
        let embedded = self.beneath.into_iter().filter(|(_, level)| !level.is_empty()).collect();
        Query { select: Some(self.items), root: self.level, embedded, ..Query::default() }
    }
}

impl Asker {
    fn columns(&self, place: usize) -> Vec<Column> {
        let readable = self.catalog.relation(place).columns.iter().filter(|column| column.select.contain(self.role));
        readable.cloned().collect()
    }

    fn node(&self, place: usize, depth: usize) -> BoxedStrategy<Node> {
        let columns = self.columns(place);
        let with_embeds = (vec(item(columns.clone()), 1..5), level(columns.clone()), self.embeds(place, depth))
            .prop_map(|(items, level, embeds)| {
                let mut node = Node { items, level, beneath: Vec::new() };
                for (index, related) in embeds.into_iter().enumerate() {
                    node.add(index, related);
                }
                node
            });
        let counted = (vec(named(columns.clone()), 0..3), of(Just("text".to_owned())), level(columns)).prop_map(
            |(mut items, cast, level)| {
                items.push(Item::Count(Count { alias: None, cast }));
                Node { items, level: Level { order: Vec::new(), ..level }, beneath: Vec::new() }
            },
        );
        prop_oneof![4 => with_embeds, 1 => counted].boxed()
    }

    fn embeds(&self, place: usize, depth: usize) -> BoxedStrategy<Vec<Related>> {
        let ways = self.ways(place);
        if ways.is_empty() || depth == 0 {
            return Just(Vec::new()).boxed();
        }
        let asker = self.clone();
        let one = (select(ways), select(vec![Join::Left, Join::Inner])).prop_flat_map(move |(way, join)| {
            let (relation, columns) = (asker.catalog.relation(way.target).name.clone(), asker.columns(way.target));
            (asker.node(way.target, depth - 1), any::<bool>(), of(term(columns))).prop_map(
                move |(node, is_spread, order)| {
                    let (relation, way) = (relation.clone(), way.clone());
                    Related { relation, way, join, node, is_spread, order }
                },
            )
        });
        vec(one, 0..3).boxed()
    }

    /// Every relation that is related with this one by exactly one key of a name.
    fn ways(&self, place: usize) -> Vec<Way> {
        let ways = self.catalog.relationships().iter().filter(|link| link.relation != link.target).flat_map(|link| {
            let key = || link.name.clone();
            let forth = (link.relation == place).then(|| Way { target: link.target, key: key(), is_one: true });
            let back = (link.target == place).then(|| Way { target: link.relation, key: key(), is_one: false });
            [forth, back].into_iter().flatten()
        });
        let all: Vec<Way> = ways.filter(|way| !self.columns(way.target).is_empty()).collect();
        let is_alone =
            |way: &&Way| all.iter().filter(|other| (other.target, &other.key) == (way.target, &way.key)).count() == 1;
        all.iter().filter(is_alone).cloned().collect()
    }
}

/// A foreign key, seen from one of its relations.
#[derive(Clone, Debug)]
struct Way {
    target: usize,
    key: String,
    is_one: bool,
}

/// What is asked of related rows.
#[derive(Clone, Debug)]
struct Related {
    relation: String,
    way: Way,
    join: Join,
    node: Node,
    is_spread: bool,
    order: Option<OrderTerm>,
}

impl Node {
    /// Embeds get a name each, so that no two have the same; the first may be spread.
    fn add(&mut self, index: usize, related: Related) {
        let Related { relation, way, join, node, is_spread, order } = related;
        let is_spread = is_spread && index == 0;
        let name = if is_spread { relation.clone() } else { format!("e{index}") };
        let shape = if is_spread { Shape::Spread } else { Shape::Nested { alias: Some(name.clone()) } };
        if let Some(OrderTerm { by: OrderBy::Field(field), direction, nulls }) = order.filter(|_| way.is_one) {
            let by = OrderBy::Related { embed: name.clone(), field };
            self.level.order.push(OrderTerm { by, direction, nulls });
        }
        self.items.push(Item::Embed(Embed { shape, relation, hint: Some(way.key), join, select: node.items }));
        self.beneath.push((vec![name.clone()], node.level));
        let deeper = node.beneath.into_iter();
        self.beneath.extend(deeper.map(|(path, level)| ([vec![name.clone()], path].concat(), level)));
    }
}

/// A text that is sent as a value.
fn value() -> BoxedStrategy<String> {
    let usual = ["1", "0", "true", "2026-01-01", "active", "null", "{}", "a b"];
    prop_oneof![select(HOSTILE.to_vec()), select(usual.to_vec())].prop_map(str::to_owned).boxed()
}

fn item(columns: Vec<Column>) -> BoxedStrategy<Item> {
    prop_oneof![1 => Just(Item::Star), 5 => named(columns)].boxed()
}

fn named(columns: Vec<Column>) -> BoxedStrategy<Item> {
    (select(columns), path(), "[a-z]{8}", of(Just("text".to_owned())))
        .prop_map(|(column, path, alias, cast)| {
            let path = if column.is_json() { path } else { Vec::new() };
            Item::Column(select::Column { alias: Some(alias), field: Field { name: column.name, path }, cast })
        })
        .boxed()
}

fn path() -> BoxedStrategy<Vec<JsonStep>> {
    let key = select(HOSTILE.to_vec()).prop_filter("no name is empty", |key| !key.is_empty());
    let operand = prop_oneof![key.prop_map(|key| Operand::Key(key.to_owned())), any::<i32>().prop_map(Operand::Index)];
    (vec(operand, 0..3), any::<bool>())
        .prop_map(|(operands, is_text)| {
            let last = operands.len().saturating_sub(1);
            let arrow = |index| if is_text && index == last { Arrow::Text } else { Arrow::Json };
            operands.into_iter().enumerate().map(|(index, operand)| JsonStep { arrow: arrow(index), operand }).collect()
        })
        .boxed()
}

fn level(columns: Vec<Column>) -> BoxedStrategy<Level> {
    let conditions = vec(condition(columns.clone()), 0..4);
    let order = vec(term(columns), 0..3);
    (conditions, order, of(0..50_u64), of(0..5_u64))
        .prop_map(|(conditions, order, limit, offset)| Level { conditions, order, limit, offset })
        .boxed()
}

fn term(columns: Vec<Column>) -> BoxedStrategy<OrderTerm> {
    // PostgreSQL has no order for the type json.
    let ordered: Vec<Column> = columns.into_iter().filter(|column| column.base_type != "json").collect();
    let direction = of(select(vec![Direction::Ascending, Direction::Descending]));
    (select(ordered), direction, of(select(vec![Nulls::First, Nulls::Last])))
        .prop_map(|(column, direction, nulls)| {
            let by = OrderBy::Field(Field { name: column.name, path: Vec::new() });
            OrderTerm { by, direction, nulls }
        })
        .boxed()
}

fn condition(columns: Vec<Column>) -> BoxedStrategy<Condition> {
    let leaf = (select(columns), path(), any::<bool>()).prop_flat_map(|(column, path, negated)| {
        let path = if column.is_json() { path } else { Vec::new() };
        operation(&column, &path).prop_map(move |operation| {
            let field = Field { name: column.name.clone(), path: path.clone() };
            Condition::Filter(Filter { field, negated, operation })
        })
    });
    leaf.boxed()
        .prop_recursive(2, 6, 3, |inner| {
            (any::<bool>(), select(vec![Connective::And, Connective::Or]), vec(inner, 1..3)).prop_map(
                |(negated, connective, conditions)| Condition::Logic(Logic { negated, connective, conditions }),
            )
        })
        .boxed()
}

/// An operation that PostgreSQL has for the column's type.
fn operation(column: &Column, path: &[JsonStep]) -> BoxedStrategy<Operation> {
    let null = select(vec![Is::Null, Is::NotNull]).prop_map(Operation::Is).boxed();
    let mut all = vec![null];
    let is_text = path.last().is_some_and(|step| step.arrow == Arrow::Text) || column.category == 'S';
    let is_json = column.is_json() && !is_text;
    if column.base_type != "json" || is_text {
        all.extend([comparison(), vec(value(), 0..4).prop_map(Operation::In).boxed()]);
    }
    if is_text {
        all.push(of_text());
    }
    if column.category == 'B' {
        all.push(select(vec![Is::True, Is::False, Is::Unknown]).prop_map(Operation::Is).boxed());
    }
    if column.is_array() || (is_json && column.base_type == "jsonb") {
        let known = if column.is_array() { vec![SetComparison::Overlaps] } else { Vec::new() };
        let known = [known, vec![SetComparison::Contains, SetComparison::ContainedBy]].concat();
        all.push((select(known), value()).prop_map(|(how, text)| Operation::Set(how, text)).boxed());
    }
    proptest::strategy::Union::new(all).boxed()
}

fn comparison() -> BoxedStrategy<Operation> {
    use Comparison::{Equal, Greater, GreaterOrEqual, IsDistinct, Less, LessOrEqual, NotEqual};
    let any = select(vec![Equal, NotEqual, Greater, GreaterOrEqual, Less, LessOrEqual, IsDistinct]);
    (any, value()).prop_map(|(how, text)| Operation::Compare(how, text)).boxed()
}

fn of_text() -> BoxedStrategy<Operation> {
    let case = || select(vec![Case::Sensitive, Case::Insensitive]);
    let patterns = select(vec!["{a*,*b}", "{\"'\",\"a,b\"}", "{}"]).prop_map(|text| Pattern(text.to_owned()));
    let syntaxes = vec![SearchSyntax::Operators, SearchSyntax::Plain, SearchSyntax::Phrase, SearchSyntax::Web];
    let language = of(select(vec!["english".to_owned(), "simple".to_owned()]));
    prop_oneof![
        (case(), value()).prop_map(|(case, text)| Operation::Like(case, Pattern(text))),
        (case(), select(vec![Quantifier::Any, Quantifier::All]), patterns)
            .prop_map(|(case, quantifier, patterns)| Operation::LikeEach(case, quantifier, patterns)),
        (case(), value()).prop_map(|(case, text)| Operation::Match(case, text)),
        (select(syntaxes), language, value()).prop_map(|(syntax, language, query)| Operation::Search {
            syntax,
            language,
            query
        }),
    ]
    .boxed()
}
