use super::adoption::{record, recorded};
use crate::Result;
use crate::db::catalog::{Table, read, views};
use crate::db::migrate::{Runner, Step};
use crate::db::quote::ident;

/// The views of ours; a site may have some of that name, which bypass row level security.
pub(super) const VIEWS: [&str; 4] =
    ["client_summary", "deployment_status_summary", "client_configuration_summary", "template_usage_summary"];

/// Puts ours in the place of the site's views of the same names, in one transaction; what stands on them stands on ours
/// from then on.
///
/// False where the site has none, and ours can be made as on a new database.
pub async fn replace_views(runner: &mut Runner<'_>, migration: &str, ours: &str) -> Result<bool> {
    let known = recorded(runner).await?;
    let present = read::tables(runner.admin, "public", &VIEWS).await?;
    let present: Vec<Table> =
        present.into_iter().filter(|view| view.owner != "tenantry_owner" || known.contains(&view.name)).collect();
    if present.is_empty() {
        return Ok(false);
    }
    for view in present.iter().filter(|view| !known.contains(&view.name)) {
        runner.run(migration, &record(view)?).await?;
    }
    let ours = format!("SET LOCAL ROLE tenantry_owner;\n{ours}\nRESET ROLE;\n");
    let sql = swapped(runner, &present, &ours, Table::create_view).await?;
    runner.run(migration, &Step::transaction("whole", sql).as_migrator()).await?;
    Ok(true)
}

/// Statements that drop views with all that stands on them, run `between`, and make again what stood on them.
pub(super) async fn swapped(
    runner: &Runner<'_>,
    dropped: &[Table],
    between: &str,
    again: fn(&Table) -> String,
) -> Result<String> {
    let mut over: Vec<Table> = Vec::new();
    for view in dropped {
        for one in views::over(runner.admin, &view.name, &[]).await? {
            let is_dropped = dropped.iter().any(|other| other.schema == one.schema && other.name == one.name);
            // Found over a second view, it stands on both: it has to come after what it stands on there too.
            over.retain(|other| (&other.schema, &other.name) != (&one.schema, &one.name));
            if !is_dropped {
                over.push(one);
            }
        }
    }
    let mut sql: String = over.iter().rev().map(Table::drop_view).collect();
    sql.extend(in_dropping_order(dropped).map(Table::drop_view));
    sql.push_str(between);
    sql.extend(over.iter().map(again));
    Ok(sql)
}

/// A view that names another one of these goes before it.
fn in_dropping_order(views: &[Table]) -> impl Iterator<Item = &Table> {
    let names = |view: &Table, other: &Table| {
        let text = view.view.as_deref().unwrap_or_default();
        view.name != other.name
            && (text.contains(&other.sql_name()) || text.contains(&ident(&other.name)) || text.contains(&other.name))
    };
    let mut order: Vec<&Table> = Vec::new();
    for view in views {
        let at = order.iter().position(|other| names(view, other)).unwrap_or(order.len());
        order.insert(at, view);
    }
    order.into_iter()
}
