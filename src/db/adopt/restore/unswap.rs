use crate::Result;
use crate::db::adopt::partition::{SCHEMA, adopted_name};
use crate::db::adopt::planner::EXCLUSIVE;
use crate::db::catalog::{Policy, Table};
use crate::db::migrate::{Runner, Step};
use crate::db::quote::{ident, literal, qualified};

/// Detaches the site's table, moves into it what came into later partitions, and puts it in its parent's place, with the
/// triggers, policies, grants and views that the parent has now.
pub(super) async fn unswap(runner: &Runner<'_>, parent: &Table, views: &[Table]) -> Result<Step> {
    let name = parent.sql_name();
    let (adopted, plain) = (adopted_name(&parent.name), qualified("public", &adopted_name(&parent.name)));
    let partition = qualified(SCHEMA, &adopted);
    let columns: Vec<String> =
        parent.columns.iter().filter(|column| column.generated.is_none()).map(|column| ident(&column.name)).collect();
    let columns = columns.join(", ");
    let publications: String = parent
        .publications
        .iter()
        .map(|one| format!("ALTER PUBLICATION {} DROP TABLE {name};\n", ident(&one.name)))
        .collect();
    let statistics: String = parent
        .statistics
        .iter()
        .map(|one| format!("DROP STATISTICS {};\n", qualified(&one.schema, &one.name)))
        .collect();
    let mut sql: String = views.iter().rev().map(Table::drop_view).collect();
    sql.push_str(&publications);
    sql.push_str(&statistics);
    sql.push_str(&format!(
        "SET LOCAL ROLE tenantry_owner;\n\
         ALTER TABLE {name} DETACH PARTITION {partition};\n\
         INSERT INTO {partition} ({columns}) SELECT {columns} FROM {name};\n\
         DROP TABLE {name};\n\
         ALTER TABLE {partition} SET SCHEMA public;\n\
         ALTER TABLE {plain} RENAME TO {};\n",
        ident(&parent.name)
    ));
    sql.push_str(&walls(parent));
    sql.push_str("RESET ROLE;\n");
    sql.extend(parent.triggers.iter().map(|trigger| trigger.create(&name)));
    sql.extend(parent.publications.iter().map(|publication| publication.add(&name)));
    sql.extend(views.iter().map(Table::create_view_filled));
    let locks = vec![(name.clone(), EXCLUSIVE)];
    let moved = rows_to_move(runner, parent).await?;
    let step = Step::locking(format!("{} is plain again, {moved} rows moved", parent.name), locks, sql);
    Ok(step.as_migrator().after_old_transactions())
}

/// Policies and grants of the parent, on the table that takes its place; its owner's policy is there.
fn walls(parent: &Table) -> String {
    let name = parent.sql_name();
    let others = |policy: &&Policy| policy.name != crate::db::adopt::planner::OWNER_POLICY;
    let mut sql: String = parent.policies.iter().filter(others).map(|policy| policy.create(&name)).collect();
    if !parent.forced {
        sql.push_str(&format!("ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY;\n"));
    }
    if !parent.row_security {
        sql.push_str(&format!("ALTER TABLE {name} DISABLE ROW LEVEL SECURITY;\n"));
    }
    if let Some(grants) = &parent.grants {
        sql.push_str(&crate::db::catalog::sql::grants(&format!("TABLE {name}"), &parent.owner, &[], grants));
    }
    for column in &parent.columns {
        if let Some(grants) = &column.grants {
            sql.push_str(&crate::db::catalog::sql::column_grants(&name, &column.name, &parent.owner, &[], grants));
        }
    }
    sql
}

/// How many rows lie in later partitions.
async fn rows_to_move(runner: &Runner<'_>, parent: &Table) -> Result<i64> {
    let sql = format!(
        "SELECT count(*) FROM {} WHERE tableoid <> {}::pg_catalog.regclass",
        parent.sql_name(),
        literal(&qualified(SCHEMA, &adopted_name(&parent.name)))
    );
    Ok(runner.admin.query_one(&sql, &[]).await?.get(0))
}
