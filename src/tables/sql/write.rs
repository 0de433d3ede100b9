use std::collections::BTreeSet;

use super::select::filtered;
use super::{Form, Rows, Statement, Writer, body, table};
use crate::db::quote::{ident, literal};
use crate::tables::catalog::{Catalog, Column, Identity, Relation};
use crate::tables::plan::{
    Change, Condition, Conflict, Found, Insert, Join, Missing, Node, OrderBy, Payload, Returning, What, Write, Writing,
};

/// Taken before rows are looked for that no index keeps unique: one at a time for each table, until the transaction ends.
pub const LOCK: &str =
    "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('tenantry upsert ' || $1, 0))";

/// A version that rows must still have: its column and what it must be.
pub type Match<'a> = (usize, &'a str);

/// The statement of a write. Without anything to come back it gives no row; else one, with the body, the rows in it and the
/// rows that were written.
pub fn write(catalog: &Catalog, plan: &Write, body_text: &str, if_match: Option<Match<'_>>, form: Form) -> Statement {
    let mut writer = Writer::new(catalog);
    let rows = writer.rows(plan.relation);
    let returning = returned(rows, &plan.returning);
    let written = match &plan.writing {
        Writing::Insert(insert) => writer.insert(rows, insert, body_text, returning.as_deref()),
        Writing::Update(change) => writer.update(rows, change, body_text, if_match, returning.as_deref()),
        Writing::Delete(conditions) => writer.delete(rows, conditions, if_match, returning.as_deref()),
    };
    writer.answered(&written, &plan.returning, form)
}

/// The statement for the rows that a write was about, at most two, as one JSON array, and how many they are.
pub fn current(catalog: &Catalog, relation: usize, columns: &[usize], conditions: &[Condition]) -> Statement {
    let mut writer = Writer::new(catalog);
    let rows = writer.rows(relation);
    let conditions: Vec<String> = conditions.iter().map(|condition| writer.condition(rows, &[], condition)).collect();
    let columns: Vec<String> = columns.iter().map(|column| rows.column(*column)).collect();
    let sql = format!(
        "SELECT pg_catalog.max(pg_catalog.row_to_json(_r)::pg_catalog.text), pg_catalog.count(*) FROM \
         (SELECT {} FROM {} AS {}{} LIMIT 2) AS _r",
        columns.join(", "),
        rows.table(),
        rows.name(),
        filtered(&conditions)
    );
    writer.finish(sql)
}

/// A write alone, and as `WITH … _w` for what reads the rows that it gives back.
pub(super) struct Written {
    alone: String,
    with: String,
}

impl Written {
    pub(super) fn one(statement: String) -> Self {
        Self { with: format!("WITH _w AS ({statement})"), alone: statement }
    }
}

impl<'a> Writer<'a> {
    /// The whole statement: the write, and what its answer is made of.
    pub(super) fn answered(mut self, written: &Written, returning: &Returning, form: Form) -> Statement {
        let answered = |what: &str, from: &str| {
            format!(
                "{} SELECT {what}, pg_catalog.count(*), (SELECT pg_catalog.count(*) FROM _w) FROM {from} AS _r",
                written.with
            )
        };
        let sql = match returning {
            Returning::Nothing => written.alone.clone(),
            Returning::Count => answered("NULL::pg_catalog.text", "_w"),
            Returning::Rows(node) => {
                let rows = self.select(node, Some("_w"));
                answered(&body(form, &node.items), &format!("({rows})"))
            }
        };
        self.finish(sql)
    }

    fn insert(&mut self, rows: Rows<'a>, insert: &Insert, body_text: &str, returning: Option<&str>) -> Written {
        match &insert.conflict {
            Some(Conflict { target: Found::ByLooking(keys), set, .. }) => {
                self.insert_by_looking(rows, insert, (keys, set, ""), body_text, returning)
            }
            Some(Conflict { target: Found::ByEither(keys, words), set, .. }) => {
                let found = format!(" ON CONFLICT {words} {}", resolved(rows.relation, set));
                self.insert_by_looking(rows, insert, (keys, set, &found), body_text, returning)
            }
            Some(Conflict { target: Found::ByIndex(words), set, .. }) => {
                let found = format!(" ON CONFLICT {words} {}", resolved(rows.relation, set));
                Written::one(self.plain_insert(rows, insert, body_text, &found, returning))
            }
            None => Written::one(self.plain_insert(rows, insert, body_text, "", returning)),
        }
    }

    fn plain_insert(
        &mut self,
        rows: Rows<'a>,
        insert: &Insert,
        body_text: &str,
        found: &str,
        returning: Option<&str>,
    ) -> String {
        let into = format!("INSERT INTO {} AS {}", rows.table(), rows.name());
        let returning = returning_words(returning);
        if insert.columns.is_empty() && insert.payload == Payload::One {
            return format!("{into} DEFAULT VALUES{found}{returning}");
        }
        let (values, source) = self.source(rows.relation, insert, body_text);
        if insert.columns.is_empty() {
            return format!("{into} SELECT FROM {source}{found}{returning}");
        }
        let names = names(rows.relation, &insert.columns).join(", ");
        format!("{into} ({names}) SELECT {} FROM {source}{found}{returning}", values.join(", "))
    }

    /// The rows of a body: the values of the columns, and what they come from.
    pub(super) fn source(&mut self, relation: &Relation, insert: &Insert, body_text: &str) -> (Vec<String>, String) {
        let body = self.value(body_text);
        let plain = || names(relation, &insert.columns).into_iter().map(|name| format!("_b.{name}")).collect();
        let typed = typed(relation, &insert.columns);
        match (insert.payload, insert.missing) {
            (Payload::One, _) => (plain(), format!("pg_catalog.json_to_record({body}) AS _b({typed})")),
            (Payload::Several, _) if insert.columns.is_empty() => {
                (Vec::new(), format!("pg_catalog.json_array_elements({body}) AS _b"))
            }
            (Payload::Several, Missing::Null) => {
                (plain(), format!("pg_catalog.json_to_recordset({body}) AS _b({typed})"))
            }
            (Payload::Several, Missing::Default) => {
                let values = insert.columns.iter().map(|column| given_or_default(relation, *column)).collect();
                let source = format!(
                    "pg_catalog.json_array_elements({body}) AS _e(row) \
                     CROSS JOIN LATERAL pg_catalog.json_to_record(_e.row) AS _b({typed})"
                );
                (values, source)
            }
        }
    }

    /// Changes the rows that are there and adds the others, or does with those what an index finds them to be.
    fn insert_by_looking(
        &mut self,
        rows: Rows<'a>,
        insert: &Insert,
        (keys, set, found): (&[usize], &[usize], &str),
        body_text: &str,
        returning: Option<&str>,
    ) -> Written {
        let (values, source) = self.source(rows.relation, insert, body_text);
        let names = names(rows.relation, &insert.columns);
        let given: Vec<String> = values.iter().zip(&names).map(|(value, name)| format!("{value} AS {name}")).collect();
        let (table, name) = (rows.table(), rows.name());
        let same = filtered(&same_row(rows, keys, &insert.columns));
        let returning = returning.unwrap_or("1");
        let add = format!(
            "INSERT INTO {table} AS {name} ({names}) SELECT {names} FROM _n \
             WHERE NOT EXISTS (SELECT FROM {table} AS {name}{same}){found} RETURNING {returning}",
            names = names.join(", "),
        );
        let given = format!("_n AS MATERIALIZED (SELECT {} FROM {source})", given.join(", "));
        let with = if set.is_empty() {
            format!("WITH {given}, _w AS ({add})")
        } else {
            let change = format!(
                "UPDATE {table} AS {name} SET {} FROM _n{same} RETURNING {returning}",
                assigned(rows.relation, set, "_n")
            );
            format!(
                "WITH {given}, _c AS ({change}), _a AS ({add}), _w AS (SELECT * FROM _c UNION ALL SELECT * FROM _a)"
            )
        };
        Written { alone: format!("{with} SELECT FROM _w LIMIT 0"), with }
    }

    fn update(
        &mut self,
        rows: Rows<'a>,
        change: &Change,
        body_text: &str,
        if_match: Option<Match<'_>>,
        returning: Option<&str>,
    ) -> Written {
        let body = self.value(body_text);
        let conditions = self.meant(rows, &change.conditions, if_match);
        Written::one(format!(
            "UPDATE {} AS {} SET {} FROM pg_catalog.json_to_record({body}) AS _b({}){}{}",
            rows.table(),
            rows.name(),
            assigned(rows.relation, &change.columns, "_b"),
            typed(rows.relation, &change.columns),
            filtered(&conditions),
            returning_words(returning)
        ))
    }

    fn delete(
        &mut self,
        rows: Rows<'a>,
        conditions: &[Condition],
        if_match: Option<Match<'_>>,
        returning: Option<&str>,
    ) -> Written {
        let conditions = self.meant(rows, conditions, if_match);
        let (filter, returning) = (filtered(&conditions), returning_words(returning));
        Written::one(format!("DELETE FROM {} AS {}{filter}{returning}", rows.table(), rows.name()))
    }

    pub(super) fn meant(
        &mut self,
        rows: Rows<'a>,
        conditions: &[Condition],
        if_match: Option<Match<'_>>,
    ) -> Vec<String> {
        let mut all: Vec<String> = conditions.iter().map(|condition| self.condition(rows, &[], condition)).collect();
        if let Some((column, version)) = if_match {
            all.push(format!("{} = {}", rows.column(column), self.value(version)));
        }
        all
    }
}

pub(super) fn names(relation: &Relation, columns: &[usize]) -> Vec<String> {
    columns.iter().map(|column| ident(&relation.columns[*column].name)).collect()
}

/// Columns with their types, as a record of JSON is read.
pub(super) fn typed(relation: &Relation, columns: &[usize]) -> String {
    let each = columns.iter().map(|column| &relation.columns[*column]);
    each.map(|column| format!("{} {}", ident(&column.name), column.cast_type)).collect::<Vec<_>>().join(", ")
}

pub(super) fn assigned(relation: &Relation, columns: &[usize], from: &str) -> String {
    let each = names(relation, columns).into_iter().map(|name| format!("{name} = {from}.{name}"));
    each.collect::<Vec<_>>().join(", ")
}

fn resolved(relation: &Relation, set: &[usize]) -> String {
    if set.is_empty() {
        "DO NOTHING".to_owned()
    } else {
        format!("DO UPDATE SET {}", assigned(relation, set, "EXCLUDED"))
    }
}

/// Whether a row `_n` of the body is the one that is there.
fn same_row(rows: Rows<'_>, keys: &[usize], given: &[usize]) -> Vec<String> {
    keys.iter()
        .map(|key| {
            let column = &rows.relation.columns[*key];
            match (given.contains(key), column.not_null) {
                (true, true) => format!("{} = _n.{}", rows.column(*key), ident(&column.name)),
                (true, false) => format!("{} IS NOT DISTINCT FROM _n.{}", rows.column(*key), ident(&column.name)),
                (false, true) => "false".to_owned(),
                (false, false) => format!("{} IS NULL", rows.column(*key)),
            }
        })
        .collect()
}

/// What a row of several has for a column, or the column's default where it leaves it out.
pub(super) fn given_or_default(relation: &Relation, place: usize) -> String {
    let column = &relation.columns[place];
    let (name, key) = (ident(&column.name), literal(&column.name));
    format!("CASE WHEN (_e.row -> {key}) IS NULL THEN {} ELSE _b.{name} END", default(relation, column))
}

fn default(relation: &Relation, column: &Column) -> String {
    match (&column.default, column.identity) {
        (Some(expression), _) => format!("({expression})"),
        (None, Some(Identity::ByDefault)) => format!(
            "pg_catalog.nextval(pg_catalog.pg_get_serial_sequence({}, {}))",
            literal(&table(relation)),
            literal(&column.name)
        ),
        (None, _) => "NULL".to_owned(),
    }
}

pub(super) fn returning_words(returning: Option<&str>) -> String {
    returning.map(|columns| format!(" RETURNING {columns}")).unwrap_or_default()
}

/// What a write has to give back for its answer.
pub(super) fn returned(rows: Rows<'_>, returning: &Returning) -> Option<String> {
    match returning {
        Returning::Nothing => None,
        Returning::Count => Some("1".to_owned()),
        Returning::Rows(node) => {
            let columns: Vec<String> = needed(node).into_iter().map(|column| rows.column(column)).collect();
            Some(if columns.is_empty() { "1".to_owned() } else { columns.join(", ") })
        }
    }
}

/// The columns of its relation that a node speaks of.
pub(super) fn needed(node: &Node) -> BTreeSet<usize> {
    let items = node.items.iter().filter_map(|item| match &item.what {
        What::Value { value, .. } => Some(value.column),
        _ => None,
    });
    let order = node.order.iter().filter_map(|order| match &order.by {
        OrderBy::Value(value) => Some(value.column),
        OrderBy::Related(..) | OrderBy::Item(_) => None,
    });
    let joins = node.embeds.iter().flat_map(|embed| match &embed.join {
        Join::Direct(pairs) | Join::Through { outer: pairs, .. } => pairs.iter().map(|pair| pair.0),
    });
    items.chain(order).chain(joins).collect()
}
