use super::select::filtered;
use super::write::{Match, Written, assigned, given_or_default, names, needed, returned, returning_words, typed};
use super::{Form, Statement, Writer, body};
use crate::tables::catalog::Catalog;
use crate::tables::plan::{Change, Condition, Insert, Node, Returning};

/// The rows that an action is about.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The relation's place in the catalog.
    pub relation: usize,
    /// The place of the column that names a row.
    pub key: usize,
    /// What rows must fulfil.
    pub conditions: &'a [Condition],
    /// The version that they must still have.
    pub if_match: Option<Match<'a>>,
    /// What a policy lets through of them, as SQL; empty where the lock finds the same rows as the write.
    pub only: &'a str,
    /// How many of them there may be.
    pub most: u64,
}

/// The statement that locks rows and gives the key of each, and the columns that `shown` names as JSON: at most one row
/// more than there may be, in the order in which everybody locks.
pub fn held(catalog: &Catalog, wanted: &Wanted<'_>, shown: &[usize]) -> Statement {
    let mut writer = Writer::new(catalog);
    let rows = writer.rows(wanted.relation);
    let mut conditions = writer.meant(rows, wanted.conditions, wanted.if_match);
    if !wanted.only.is_empty() {
        conditions.push(format!("({})", wanted.only));
    }
    let columns: Vec<String> = shown.iter().map(|column| rows.column(*column)).collect();
    let key = rows.column(wanted.key);
    let sql = format!(
        "SELECT {key}::pg_catalog.text, (SELECT pg_catalog.row_to_json(_s)::pg_catalog.text FROM (SELECT {}) AS _s) \
         FROM {} AS {}{} ORDER BY {key} LIMIT {} FOR UPDATE",
        columns.join(", "),
        rows.table(),
        rows.name(),
        filtered(&conditions),
        wanted.most + 1
    );
    writer.finish(sql)
}

/// The statement for the rows of a body as PostgreSQL reads them: one JSON array of objects with all columns of the plan.
pub fn given(catalog: &Catalog, relation: usize, insert: &Insert, text: &str) -> Statement {
    let mut writer = Writer::new(catalog);
    let relation = catalog.relation(relation);
    let (values, source) = writer.source(relation, insert, text);
    let names = names(relation, &insert.columns);
    let columns: Vec<String> = values.iter().zip(&names).map(|(value, name)| format!("{value} AS {name}")).collect();
    writer.finish(format!(
        "SELECT coalesce(pg_catalog.json_agg(_g), '[]')::pg_catalog.text FROM (SELECT {} FROM {source}) AS _g",
        columns.join(", ")
    ))
}

/// The statement that finds the rows that are there already for rows of a body, each with the columns that it gives: the
/// place of each among those, from 1, the key of the row that is there, and its columns that `shown` names as JSON.
pub fn same(catalog: &Catalog, wanted: &Wanted<'_>, target: &[usize], text: &str, shown: &[usize]) -> Statement {
    let mut writer = Writer::new(catalog);
    let rows = writer.rows(wanted.relation);
    let body = writer.value(text);
    let columns: Vec<String> = shown.iter().map(|column| rows.column(*column)).collect();
    let key = rows.column(wanted.key);
    let is_same = |place: &usize| {
        // Only `=` finds rows by an index.
        let equal = if rows.relation.columns[*place].not_null { "=" } else { "IS NOT DISTINCT FROM" };
        format!("{} {equal} {}", rows.column(*place), given_or_default(rows.relation, *place))
    };
    let conditions: Vec<String> = target.iter().map(is_same).collect();
    let sql = format!(
        "SELECT _e._place, {key}::pg_catalog.text, \
         (SELECT pg_catalog.row_to_json(_s)::pg_catalog.text FROM (SELECT {}) AS _s) \
         FROM pg_catalog.json_array_elements({body}) WITH ORDINALITY AS _e(row, _place) \
         CROSS JOIN LATERAL pg_catalog.json_to_record(_e.row) AS _b({}) JOIN {} AS {} ON true{} ORDER BY {key}",
        columns.join(", "),
        typed(rows.relation, target),
        rows.table(),
        rows.name(),
        filtered(&conditions)
    );
    writer.finish(sql)
}

/// The statement for the answer to an action on rows with these keys, in their order: what [`super::write`] gives.
pub fn kept(catalog: &Catalog, wanted: &Wanted<'_>, node: &Node, keys: &[String], form: Form) -> Statement {
    let mut writer = Writer::new(catalog);
    let rows = writer.rows(wanted.relation);
    let keys = writer.value(format!("{{{}}}", keys.join(",")));
    let (key, columns) = (rows.column(wanted.key), needed(node));
    let columns: Vec<String> = columns.into_iter().map(|column| rows.column(column)).collect();
    let columns = if columns.is_empty() { "1".to_owned() } else { columns.join(", ") };
    let with = format!(
        "WITH _k AS (SELECT {keys}::pg_catalog.uuid[] AS keys), \
         _w AS (SELECT {columns} FROM {} AS {}, _k WHERE {key} = ANY (_k.keys) \
         ORDER BY pg_catalog.array_position(_k.keys, {key}))",
        rows.table(),
        rows.name()
    );
    let selected = writer.select(node, Some("_w"));
    writer.finish(format!(
        "{with} SELECT {}, pg_catalog.count(*), (SELECT pg_catalog.count(*) FROM _w) FROM ({selected}) AS _r",
        body(form, &node.items)
    ))
}

/// The statement of an update that gives each row its own values: `text` is an array of objects with the row's key as
/// `_key` and the columns of the change.
pub fn update_each(
    catalog: &Catalog,
    wanted: &Wanted<'_>,
    change: &Change,
    returning: &Returning,
    text: &str,
    form: Form,
) -> Statement {
    let mut writer = Writer::new(catalog);
    let rows = writer.rows(wanted.relation);
    let body = writer.value(text);
    let sql = format!(
        "UPDATE {} AS {} SET {} FROM pg_catalog.json_to_recordset({body}) AS _b(_key pg_catalog.uuid, {}) \
         WHERE {} = _b._key{}",
        rows.table(),
        rows.name(),
        assigned(rows.relation, &change.columns, "_b"),
        typed(rows.relation, &change.columns),
        rows.column(wanted.key),
        returning_words(returned(rows, returning).as_deref())
    );
    writer.answered(&Written::one(sql), returning, form)
}
