use std::fmt::Write as _;

use tokio_postgres::Client;

use super::{ConstraintKind, Index, Table, read};
use crate::Result;
use crate::db::quote::ident;

/// Notes at each CHECK and index of the tables how PostgreSQL prints it where it was made from its own print.
///
/// A dump holds the print, and what is read from that is now and then another tree: a list over a varchar is printed with
/// the cast of the whole, and read again as casts of each. So in a restored database a rule that is ours looks like
/// another one. PostgreSQL itself says how: each is made once more, beside itself, in the caller's transaction, which has
/// to be rolled back.
pub async fn note(client: &Client, schema: &str, tables: &mut [Table]) -> Result<()> {
    let statements: String = tables.iter().map(again).collect();
    client.batch_execute(&statements).await?;
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let made = read::tables(client, schema, &names).await?;
    for (table, made) in tables.iter_mut().zip(&made) {
        for (place, constraint) in table.constraints.iter_mut().enumerate() {
            constraint.reread = made.constraint(&beside("check", place)).map(|made| made.definition.clone());
        }
        for (place, index) in table.indexes.iter_mut().enumerate() {
            index.reread = made.index(&beside(&table.name, place)).map(|made| made.body().to_owned());
        }
    }
    Ok(())
}

/// Statements that make from its print what an expression is part of.
fn again(table: &Table) -> String {
    let mut sql = String::new();
    for (place, constraint) in table.constraints.iter().enumerate() {
        if constraint.kind == ConstraintKind::Check {
            let (table, name) = (table.sql_name(), ident(&beside("check", place)));
            writeln!(sql, "ALTER TABLE {table} ADD CONSTRAINT {name} {};", constraint.definition)
                .expect("writing to a string can't fail");
        }
    }
    for (place, index) in table.indexes.iter().enumerate() {
        if has_expression(index) {
            let unique = if index.unique { "UNIQUE " } else { "" };
            writeln!(sql, "CREATE {unique}INDEX {} ON {};", ident(&beside(&table.name, place)), index.body())
                .expect("writing to a string can't fail");
        }
    }
    sql
}

/// Whether anything of an index but names of columns is read.
fn has_expression(index: &Index) -> bool {
    index.constraint.is_none() && (index.predicate.is_some() || index.keys.iter().any(|key| key.contains('(')))
}

/// A name that nothing of ours has: of an index it has to be the only one in its schema.
fn beside(of: &str, place: usize) -> String {
    format!("{of} read again {place}")
}
