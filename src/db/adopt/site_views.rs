use super::adoption::{record, recorded};
use crate::Result;
use crate::db::admin::Admin;
use crate::db::catalog::{Table, obstacles, read, views};
use crate::db::migrate::{Runner, Step, migrations};
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

/// What stands on a site's views of ours' names and can't stand on ours, in sentences: tried on ours over the tables of the
/// model, in `schema` and the caller's transaction, which has to be rolled back.
pub(super) async fn misfits(admin: &Admin, schema: &str) -> Result<Vec<String>> {
    let present = read::tables(admin, "public", &VIEWS).await?;
    let present: Vec<Table> =
        present.into_iter().filter(|view| ['v', 'm'].contains(&view.kind) && view.owner != "tenantry_owner").collect();
    if present.is_empty() {
        return Ok(Vec::new());
    }
    admin.batch_execute(&ours_in(schema)).await?;
    let mut found = Vec::new();
    for view in present {
        let over = views::over(admin, &view.name, &[]).await?;
        for one in &over {
            if let Some(why) = misfit(admin, one, &view, schema).await? {
                found.push(format!(
                    "{}.{} can't read Tenantry's {2}, {why}: {3}",
                    one.schema,
                    one.name,
                    view.name,
                    rename(&view)
                ));
            }
        }
        let of_view: Vec<Table> = over.into_iter().chain([view.clone()]).collect();
        for what in obstacles::of_table(admin, &view.name, &of_view).await? {
            found.push(format!("{what} stands on public.{0} and can't be made again: {1}", view.name, rename(&view)));
        }
    }
    Ok(found)
}

/// What makes our views over tables in another schema, with what they need of ours.
fn ours_in(schema: &str) -> String {
    let views = migrations().into_iter().find(|migration| migration.name == "0024_views");
    let up = views.map(|migration| migration.up().into_owned()).unwrap_or_default();
    // After them the file lists them, in a table that may not be there yet.
    let made = up.split("INSERT INTO ").next().unwrap_or_default();
    let beside = format!("{schema}.");
    made.replace("tenantry.", &beside).replace("public.", &beside)
}

/// Why a view over one of the site's can't be made over ours of that name.
async fn misfit(admin: &Admin, over: &Table, view: &Table, schema: &str) -> Result<Option<String>> {
    let definition = over.view.as_deref().unwrap_or_default();
    let [plain, quoted] = [format!("public.{}", view.name), view.sql_name()];
    let beside = format!("{schema}.{}", view.name);
    let definition = definition.replace(&quoted, &beside).replace(&plain, &beside);
    admin.batch_execute("SAVEPOINT tried").await?;
    let tried = admin.batch_execute(&format!("CREATE VIEW {schema}.tried AS {definition}")).await;
    admin.batch_execute("ROLLBACK TO SAVEPOINT tried").await?;
    Ok(tried.err().map(|error| crate::Error::from(error).what().to_owned()))
}

/// What helps: whatever reads the view goes on reading it under its new name.
fn rename(view: &Table) -> String {
    let word = if view.kind == 'm' { "MATERIALIZED VIEW" } else { "VIEW" };
    format!("ALTER {word} public.{0} RENAME TO {0}_of_the_site", view.name)
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
