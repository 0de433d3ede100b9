use crate::tables::body::{Given, Kinds};
use crate::tables::catalog::{Column, Relation};
use crate::tables::refusal::Refusal;

/// Refuses an object or a list in the place of a text of Tenantry's.
///
/// PostgreSQL would keep its JSON as the text, which is what nobody means who sends a name or a note so. A table of the
/// site's own may have grown used to it, and goes on as with PostgREST. Numbers and booleans are cast everywhere.
pub(super) fn check(relation: &Relation, column: &Column, given: Given) -> Result<(), Refusal> {
    match column.base_type.as_str() {
        _ if !relation.is_ours => Ok(()),
        "text" | "varchar" | "bpchar" | "citext" => refuse(relation, column, "a text", given.itself),
        "_text" | "_varchar" => refuse(relation, column, "a list of texts", given.items),
        _ => Ok(()),
    }
}

fn refuse(relation: &Relation, column: &Column, holds: &str, kinds: Kinds) -> Result<(), Refusal> {
    let found = match kinds {
        Kinds { objects: true, .. } => "an object",
        Kinds { lists: true, .. } => "a list",
        Kinds { objects: false, lists: false } => return Ok(()),
    };
    let message = format!("{} of {} is {holds}, and the body has {found} there", column.name, relation.name);
    Err(Refusal::bad("22P02", message).hint("send a text; where JSON is to be kept as text, JSON.stringify(…) it"))
}
