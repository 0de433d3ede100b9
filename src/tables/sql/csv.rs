use crate::db::quote::ident;
use crate::tables::plan::Item;

/// What makes the lines of the rows `_r`: as RFC 4180 says, and with PostgreSQL's own text of each value.
///
/// NULL is nothing between two commas, an empty text is two quotes.
pub(super) fn body(items: &[Item]) -> String {
    let fields: Vec<String> = items.iter().map(|item| field(&format!("_r.{}", ident(&item.key)))).collect();
    let line = if fields.is_empty() { "''".to_owned() } else { fields.join(" || ',' || ") };
    format!("coalesce(pg_catalog.string_agg({line}, E'\\n'), '')")
}

fn field(value: &str) -> String {
    let text = format!("pg_catalog.format('%s', {value})");
    format!(
        "CASE WHEN {value} IS NULL THEN '' WHEN {text} = '' OR {text} ~ '[\",\\r\\n]' \
         THEN '\"' || pg_catalog.replace({text}, '\"', '\"\"') || '\"' ELSE {text} END"
    )
}

/// The first line.
pub fn header(items: &[Item]) -> String {
    items.iter().map(|item| quoted(&item.key)).collect::<Vec<_>>().join(",")
}

fn quoted(key: &str) -> String {
    if key.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", key.replace('"', "\"\"")) } else { key.to_owned() }
}
