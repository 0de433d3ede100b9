use crate::tables::body::{Given, Kinds};
use crate::tables::catalog::{Column, Relation};
use crate::tables::refusal::Refusal;

/// Refuses an object or a list in the place of a text.
///
/// PostgreSQL would keep its JSON as the text, which is what nobody means who sends one: components read the column as a
/// text again. Numbers and booleans are cast, as PostgREST has it.
pub(super) fn check(relation: &Relation, column: &Column, given: Given) -> Result<(), Refusal> {
    match column.base_type.as_str() {
        "text" | "varchar" | "bpchar" | "citext" => refuse(relation, column, "a text", given.itself),
        // Lists in lists are PostgreSQL's arrays of several dimensions, which a site's own table may have.
        "_text" | "_varchar" => {
            let items = Kinds { lists: given.items.lists && relation.is_ours, ..given.items };
            refuse(relation, column, "a list of texts", items)
        }
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
