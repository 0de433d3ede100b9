use crate::db::catalog::{Column, Constraint, ConstraintKind, Index, Table};

/// Whether the site's column is a varchar that ours widens, which PostgreSQL does without a rewrite.
pub fn widens(site: &Column, ours: &Column) -> bool {
    match (varchar_length(site), varchar_length(ours)) {
        (Some(now), Some(wanted)) => now < wanted && site.collation == ours.collation,
        _ => false,
    }
}

fn varchar_length(column: &Column) -> Option<u32> {
    column.type_name.strip_prefix("character varying(")?.strip_suffix(')')?.parse().ok()
}

/// Whether the site's type can stay in place of ours: values read and compare alike.
pub fn compatible(site: &Column, ours: &Column) -> bool {
    let kind = |column: &Column| match column.base_type.as_str() {
        _ if is_text(column) => "text",
        _ if column.category == 'E' => "text",
        "_text" | "_varchar" | "_bpchar" | "_citext" => "texts",
        "int2" | "int4" | "int8" | "numeric" | "float4" | "float8" => "number",
        "json" | "jsonb" => "json",
        "timestamp" | "timestamptz" => "time",
        _ => "other",
    };
    match (kind(site), kind(ours)) {
        ("other", _) | (_, "other") => site.base_type == ours.base_type,
        (site, ours) => site == ours,
    }
}

/// Whether a column holds text, whatever PostgreSQL calls it.
pub(super) fn is_text(column: &Column) -> bool {
    ["text", "varchar", "bpchar", "citext", "name"].contains(&column.base_type.as_str())
}

/// Everything that keeps an existing relation from being adopted as `model`, in sentences that say what to do about it.
pub fn differences(site: &Table, model: &Table) -> Vec<String> {
    let name = format!("public.{}", site.name);
    if let Some((kind, mend)) = other_kind(site) {
        return vec![format!("{name} is {kind}, not a table: {mend}")];
    }
    let mut found = Vec::new();
    if site.persistence != 'p' {
        found.push(format!("{name} is unlogged: ALTER TABLE {name} SET LOGGED"));
    }
    for column in &model.columns {
        let place = format!("{}.{}", site.name, column.name);
        match site.column(&column.name) {
            None if column.name == "id" || column.not_null && column.default.is_none() => {
                found.push(format!("{place} ({}) is missing, and nothing can fill it in: add it", column.type_name));
            }
            Some(site) if site.generated.is_some() && column.generated.is_none() => {
                let mend = format!("ALTER TABLE {name} ALTER COLUMN {} DROP EXPRESSION", column.name);
                found.push(format!("{place} is a generated column, which nobody could write: {mend}"));
            }
            _ => {}
        }
    }
    found
}

/// What a relation is that is no plain table, and what can be done about it.
pub(super) fn other_kind(site: &Table) -> Option<(&'static str, &'static str)> {
    const RENAME: &str = "rename it";
    match site.kind {
        'r' => None,
        'p' => Some((
            "a partitioned table",
            "Tenantry partitions a plain one itself; copy its rows into a plain table (LIKE … INCLUDING ALL), and give that \
             the name",
        )),
        'v' => Some(("a view", RENAME)),
        'm' => Some(("a materialised view", RENAME)),
        'f' => Some(("a foreign table", "copy its rows into a table, and give that the name")),
        'S' => Some(("a sequence", RENAME)),
        'i' | 'I' => Some(("an index", RENAME)),
        _ => Some(("another kind of relation", RENAME)),
    }
}

/// Whether a key, unique, foreign key or CHECK of the site's has its place taken by one of ours.
pub fn replaced_by<'a>(site: &Constraint, model: &'a Table) -> Option<&'a Constraint> {
    let within = |ours: &&Constraint| site.columns.iter().all(|column| ours.columns.contains(column));
    model.constraints.iter().filter(within).find(|ours| match (site.kind, ours.kind) {
        (ConstraintKind::ForeignKey, ConstraintKind::ForeignKey) => {
            let table =
                |constraint: &Constraint| constraint.target.as_ref().map(|to| (to.schema.clone(), to.table.clone()));
            table(site) == table(ours)
        }
        (ConstraintKind::Check, ConstraintKind::Check) => true,
        _ => false,
    })
}

/// Whether a unique of the site's has its place taken by one of ours, which is about the same columns and maybe more.
///
/// Ours that contain `id` don't count: every set of columns is unique together with it, so they say nothing about the rest.
pub fn unique_replaced_by<'a>(site: &Index, model: &'a Table) -> Option<&'a Index> {
    let columns = key_columns(site, model);
    model.indexes.iter().filter(|ours| ours.unique).find(|ours| {
        let theirs = key_columns(ours, model);
        !columns.is_empty() && !theirs.contains(&"id") && columns.iter().all(|column| theirs.contains(column))
    })
}

/// The columns that an index's keys name, in expressions too.
pub fn key_columns<'a>(index: &Index, table: &'a Table) -> Vec<&'a str> {
    let named = |column: &str| index.keys.iter().any(|key| words(key).any(|word| word == column));
    table.columns.iter().map(|column| column.name.as_str()).filter(|column| named(column)).collect()
}

fn words(expression: &str) -> impl Iterator<Item = &str> {
    expression.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
}
