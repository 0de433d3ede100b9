use super::Surroundings;
use super::layout::text;
use crate::tables::catalog::{Catalog, Column, Kind};

/// What types are made from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) surroundings: &'a Surroundings,
}

impl Source<'_> {
    /// The type of a column's values, as the members of a union.
    pub(super) fn of_column(self, column: &Column, is_nullable: bool) -> Vec<String> {
        if column.values.is_empty() {
            return nullable(self.of(&column.base_type, &column.labels), is_nullable);
        }
        let listed = column.values.iter().map(|value| text(value));
        listed.chain(is_nullable.then(|| "null".to_owned())).collect()
    }

    /// The type of an attribute of a composite type, which may always be NULL.
    pub(super) fn of_attribute(self, pg_type: &str) -> Vec<String> {
        nullable(self.of_value(pg_type), true)
    }

    /// The type of an argument or a result.
    pub(super) fn of_value(self, pg_type: &str) -> String {
        self.of(pg_type, &[])
    }

    /// The type that `supabase gen types` has for one of PostgreSQL's.
    fn of(self, pg_type: &str, labels: &[String]) -> String {
        if let Some(element) = pg_type.strip_prefix('_') {
            let element = self.of(element, labels);
            return if element.contains(" | ") { format!("({element})[]") } else { format!("{element}[]") };
        }
        match pg_type {
            "bool" => "boolean".to_owned(),
            "int2" | "int4" | "int8" | "float4" | "float8" | "numeric" => "number".to_owned(),
            "bytea" | "bpchar" | "varchar" | "date" | "text" | "citext" | "time" | "timetz" | "timestamp"
            | "timestamptz" | "uuid" | "vector" | "interval" => "string".to_owned(),
            "json" | "jsonb" => "Json".to_owned(),
            "void" => "undefined".to_owned(),
            "record" => "Record<string, unknown>".to_owned(),
            own => self.of_own(own, labels),
        }
    }

    /// The type for one that the site made.
    fn of_own(self, name: &str, labels: &[String]) -> String {
        if self.surroundings.enums.contains_key(name) {
            return format!("Database[\"public\"][\"Enums\"][{}]", text(name));
        }
        if !labels.is_empty() {
            return labels.iter().map(|label| text(label)).collect::<Vec<_>>().join(" | ");
        }
        if self.surroundings.composites.contains_key(name) {
            return format!("Database[\"public\"][\"CompositeTypes\"][{}]", text(name));
        }
        match self.catalog.by_name(name) {
            Some(relation) => {
                format!("Database[\"public\"][\"{}\"][{}][\"Row\"]", section(relation.kind), text(name))
            }
            None => "unknown".to_owned(),
        }
    }
}

/// Where a relation stands in `Database`.
pub(super) fn section(kind: Kind) -> &'static str {
    match kind {
        Kind::Table | Kind::ForeignTable => "Tables",
        Kind::View | Kind::MaterialisedView => "Views",
    }
}

/// `unknown` and `Json` include null, which is taken from `Json` where the column is NOT NULL.
fn nullable(of_values: String, is_nullable: bool) -> Vec<String> {
    match of_values.as_str() {
        "Json" if !is_nullable => vec!["NonNullable<Json>".to_owned()],
        "unknown" => vec![of_values],
        _ if is_nullable => vec![of_values, "null".to_owned()],
        _ => vec![of_values],
    }
}
