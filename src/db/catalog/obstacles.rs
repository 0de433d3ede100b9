use tokio_postgres::Client;

use super::Table;
use crate::Result;
use crate::db::quote::qualified;

/// What stands on a table, on its row type, or on the views over it, and can't be put aside and made again: foreign keys
/// of other tables, functions typed by it or written in SQL over it, rules, policies of other tables. In PostgreSQL's words.
pub async fn of_table(client: &Client, table: &str, views: &[Table]) -> Result<Vec<String>> {
    let rows = client.query(&query(""), &[&qualified("public", table), &names(views)]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Those of `columns` whose type can't be changed, because of such an obstacle, or a generated column or a publication's
/// WHERE that reads them.
pub async fn of_columns(client: &Client, table: &str, columns: &[String], views: &[Table]) -> Result<Vec<String>> {
    let rows = client
        .query(
            "SELECT a.attname::text FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attname = ANY ($2)
                AND EXISTS (SELECT FROM pg_catalog.pg_depend d
                             WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                               AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
                               AND (d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
                                    AND EXISTS (SELECT FROM pg_catalog.pg_attrdef f WHERE f.oid = d.objid AND f.adnum <> a.attnum)
                                    OR d.classid = 'pg_catalog.pg_publication_rel'::pg_catalog.regclass
                                    OR d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass
                                    AND EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.oid = d.objid AND p.polrelid <> a.attrelid)
                                    OR d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                                    OR d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass
                                    AND EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.oid = d.objid AND t.tgrelid <> a.attrelid)
                                    OR d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
                                    AND EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.oid = d.objid AND r.rulename <> '_RETURN')))
              ORDER BY 1",
            &[&qualified("public", table), &columns],
        )
        .await?;
    let mut fixed: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    // A function may be typed by a view, which then can't be dropped and made again.
    let over_views = client.query(&query("AND b.is_view"), &[&qualified("public", table), &names(views)]).await?;
    if !over_views.is_empty() {
        fixed = columns.to_vec();
    }
    Ok(fixed)
}

fn names(views: &[Table]) -> Vec<String> {
    views.iter().map(Table::sql_name).collect()
}

fn query(also: &str) -> String {
    include_str!("obstacles.sql").replace("$ALSO", also)
}
