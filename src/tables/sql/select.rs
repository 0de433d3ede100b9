use dialect::query::order::{Direction, Nulls};
use dialect::query::{Arrow, Operand};

use super::{Form, Rows, Statement, Writer, body};
use crate::db::quote::ident;
use crate::tables::catalog::Catalog;
use crate::tables::plan::{Embed, Item, Join, Node, Order, OrderBy, Read, Value, What};

/// The statement for a page of rows. Its one row holds the body, the rows of the page, and the rows in all or NULL.
pub fn read(catalog: &Catalog, plan: &Read, form: Form) -> Statement {
    let mut writer = Writer::new(catalog);
    let page = match form {
        Form::Counted => writer.select(&unseen(&plan.node), None),
        Form::Body(_) => writer.select(&plan.node, None),
    };
    let total = if plan.with_total { writer.total(&plan.node) } else { "NULL::pg_catalog.int8".to_owned() };
    let sql = format!("SELECT {}, pg_catalog.count(*), {total} FROM ({page}) AS _r", body(form, &plan.node.items));
    writer.finish(sql)
}

/// The same rows where nobody looks at them.
fn unseen(node: &Node) -> Node {
    if node.is_grouped {
        return node.clone();
    }
    Node { items: Vec::new(), order: Vec::new(), ..node.clone() }
}

impl<'a> Writer<'a> {
    /// How many rows there are in all, as a subquery under the same conditions.
    fn total(&mut self, node: &Node) -> String {
        if node.is_grouped {
            let all = Node { order: Vec::new(), limit: None, offset: None, ..node.clone() };
            return format!("(SELECT pg_catalog.count(*) FROM ({}) AS _a)", self.select(&all, None));
        }
        let rows = self.rows(node.relation);
        let conditions = self.conditions(rows, node);
        format!("(SELECT pg_catalog.count(*) FROM {} AS {}{})", rows.table(), rows.name(), filtered(&conditions))
    }

    /// The rows of a node, from its relation or from rows that a write gave back under the name `from`.
    pub(super) fn select(&mut self, node: &Node, from: Option<&str>) -> String {
        let rows = self.rows(node.relation);
        let source = format!("{} AS {}", from.map_or_else(|| rows.table(), ToOwned::to_owned), rows.name());
        self.select_rows(node, rows, &source, Vec::new())
    }

    fn select_rows(&mut self, node: &Node, rows: Rows<'a>, source: &str, mut conditions: Vec<String>) -> String {
        let spreads: Vec<(usize, String)> = self.spreads(node, rows);
        let items: Vec<String> = node.items.iter().map(|item| self.item(node, rows, &spreads, item)).collect();
        conditions.extend(self.conditions(rows, node));
        let laterals: String = spreads.iter().map(|(_, lateral)| format!(" {lateral}")).collect();
        let mut sql = format!("SELECT {} FROM {source}{laterals}{}", items.join(", "), filtered(&conditions));
        sql.push_str(&grouping(node));
        if !node.order.is_empty() {
            let terms: Vec<String> = node.order.iter().map(|order| self.order(node, rows, order)).collect();
            sql.push_str(&format!(" ORDER BY {}", terms.join(", ")));
        }
        if let Some(limit) = node.limit {
            sql.push_str(&format!(" LIMIT {}", self.value(limit.to_string())));
        }
        if let Some(offset) = node.offset {
            sql.push_str(&format!(" OFFSET {}", self.value(offset.to_string())));
        }
        sql
    }

    fn item(&mut self, node: &Node, rows: Rows<'a>, spreads: &[(usize, String)], item: &Item) -> String {
        let key = ident(&item.key);
        let expression = match &item.what {
            What::Value { value, cast } => casted(self.expression(rows, value), cast.as_deref()),
            What::Count { cast } => casted("pg_catalog.count(*)".to_owned(), cast.as_deref()),
            What::Embedded(place) => self.embedded(rows, &node.embeds[*place]),
            What::Spread(place) => {
                let at = spreads.iter().position(|(embed, _)| embed == place).unwrap_or_default();
                format!("{}.{key}", spread_name(rows, at))
            }
        };
        format!("{expression} AS {key}")
    }

    /// A value of a row.
    pub(super) fn expression(&mut self, rows: Rows<'a>, value: &Value) -> String {
        let column = rows.column(value.column);
        if value.is_plain() {
            return column;
        }
        let start = if rows.relation.columns[value.column].is_json() {
            column
        } else {
            format!("pg_catalog.to_jsonb({column})")
        };
        let steps: String = value
            .path
            .iter()
            .map(|step| {
                let arrow = match step.arrow {
                    Arrow::Json => "->",
                    Arrow::Text => "->>",
                };
                match &step.operand {
                    Operand::Key(key) => format!(" {arrow} {}::pg_catalog.text", self.value(key.as_str())),
                    Operand::Index(index) => format!(" {arrow} {}::pg_catalog.int4", self.value(index.to_string())),
                }
            })
            .collect();
        format!("({start}{steps})")
    }

    /// Related rows under one key: an object or NULL, or an array.
    fn embedded(&mut self, outer: Rows<'a>, embed: &Embed) -> String {
        let rows = self.related(outer, embed);
        if embed.is_many {
            format!("(SELECT coalesce(pg_catalog.json_agg(_e), '[]') FROM ({rows}) AS _e)")
        } else {
            format!("(SELECT pg_catalog.row_to_json(_e) FROM ({rows}) AS _e)")
        }
    }

    /// Spread embeds, each a lateral join by its place: of one row its values, of several their arrays.
    fn spreads(&mut self, node: &Node, outer: Rows<'a>) -> Vec<(usize, String)> {
        let shown: Vec<usize> = (0..node.embeds.len())
            .filter(|place| node.items.iter().any(|item| item.what == What::Spread(*place)))
            .collect();
        let lateral = |(at, place): (usize, usize)| {
            let embed = &node.embeds[place];
            let mut rows = self.related(outer, embed);
            if embed.is_many {
                let arrays: Vec<String> = embed
                    .node
                    .items
                    .iter()
                    .map(|item| ident(&item.key))
                    .map(|key| format!("coalesce(pg_catalog.json_agg(_e.{key}), '[]') AS {key}"))
                    .collect();
                rows = format!("SELECT {} FROM ({rows}) AS _e", arrays.join(", "));
            }
            (place, format!("LEFT JOIN LATERAL ({rows}) AS {} ON true", spread_name(outer, at)))
        };
        shown.into_iter().enumerate().map(lateral).collect()
    }

    /// The rows of an embed that belong to an outer row.
    fn related(&mut self, outer: Rows<'a>, embed: &Embed) -> String {
        let (rows, source, joined) = self.join(outer, embed);
        self.select_rows(&embed.node, rows, &source, joined)
    }

    /// Whether an outer row has rows of an embed.
    pub(super) fn exists(&mut self, outer: Rows<'a>, embed: &Embed) -> String {
        let (rows, source, mut conditions) = self.join(outer, embed);
        conditions.extend(self.conditions(rows, &embed.node));
        format!("EXISTS (SELECT FROM {source}{})", filtered(&conditions))
    }

    fn join(&mut self, outer: Rows<'a>, embed: &Embed) -> (Rows<'a>, String, Vec<String>) {
        let rows = self.rows(embed.node.relation);
        let source = format!("{} AS {}", rows.table(), rows.name());
        match &embed.join {
            Join::Direct(pairs) => (rows, source, equal(outer, rows, pairs)),
            Join::Through { relation, outer: first, inner } => {
                let between = self.rows(*relation);
                let source = format!(
                    "{source} JOIN {} AS {} ON {}",
                    between.table(),
                    between.name(),
                    equal(between, rows, inner).join(" AND ")
                );
                (rows, source, equal(outer, between, first))
            }
        }
    }

    fn order(&mut self, node: &Node, rows: Rows<'a>, order: &Order) -> String {
        let by = match &order.by {
            OrderBy::Value(value) => self.expression(rows, value),
            OrderBy::Item(place) => (place + 1).to_string(),
            OrderBy::Related(place, value) => self.related_value(rows, &node.embeds[*place], value),
        };
        let direction = match order.direction {
            Some(Direction::Ascending) => " ASC",
            Some(Direction::Descending) => " DESC",
            None => "",
        };
        let nulls = match order.nulls {
            Some(Nulls::First) => " NULLS FIRST",
            Some(Nulls::Last) => " NULLS LAST",
            None => "",
        };
        format!("{by}{direction}{nulls}")
    }

    fn related_value(&mut self, outer: Rows<'a>, embed: &Embed, value: &Value) -> String {
        let (rows, source, mut conditions) = self.join(outer, embed);
        conditions.extend(self.conditions(rows, &embed.node));
        format!("(SELECT {} FROM {source}{} LIMIT 1)", self.expression(rows, value), filtered(&conditions))
    }
}

fn spread_name(outer: Rows<'_>, at: usize) -> String {
    format!("s{}_{at}", outer.alias)
}

fn equal(left: Rows<'_>, right: Rows<'_>, pairs: &[(usize, usize)]) -> Vec<String> {
    pairs.iter().map(|(a, b)| format!("{} = {}", right.column(*b), left.column(*a))).collect()
}

fn casted(expression: String, cast: Option<&str>) -> String {
    match cast {
        Some(to) => format!("CAST({expression} AS {to})"),
        None => expression,
    }
}

/// Counted rows are grouped by the places of their other items: by their text they would be different parameters.
fn grouping(node: &Node) -> String {
    let places: Vec<String> = node
        .items
        .iter()
        .enumerate()
        .filter(|(_, item)| node.is_grouped && !item.is_count())
        .map(|(place, _)| (place + 1).to_string())
        .collect();
    if places.is_empty() { String::new() } else { format!(" GROUP BY {}", places.join(", ")) }
}

/// WHERE, where there is something to say.
pub(super) fn filtered(conditions: &[String]) -> String {
    if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) }
}
