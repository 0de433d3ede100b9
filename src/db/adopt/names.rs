use tokio_postgres::Client;

use super::adoption::tables_of_ours;
use super::model::Model;
use super::site_views::VIEWS;
use crate::db::catalog::Table;
use crate::{Error, Result};

/// What of a site's has the name of something that the migrations make and can't be adopted, in sentences: schemas that
/// aren't Tenantry's, types with the name of a table, tables with the name of a view.
pub(super) async fn in_the_way(client: &Client) -> Result<Vec<String>> {
    let rows = client
        .query(
            "SELECT format('the schema %I belongs to %I, and Tenantry keeps its own there: rename it', n.nspname,
                           pg_catalog.pg_get_userbyid(n.nspowner))
               FROM pg_catalog.pg_namespace n
              WHERE n.nspname IN ('tenantry', 'tenantry_partitions', 'tenantry_model')
                AND n.nspowner IS DISTINCT FROM pg_catalog.to_regrole('tenantry_owner')
             UNION ALL
             SELECT format('public.%I is a type, and Tenantry makes a table or view of that name: rename it', t.typname)
               FROM pg_catalog.pg_type t
              WHERE t.typnamespace = 'public'::pg_catalog.regnamespace AND t.typrelid = 0
                AND (t.typname = ANY ($1) OR t.typname = ANY ($2))
             UNION ALL
             SELECT format('public.%I is no view, and Tenantry makes a view of that name: rename it', c.relname)
               FROM pg_catalog.pg_class c
              WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relname = ANY ($2)
                AND c.relkind NOT IN ('v', 'm')
              ORDER BY 1",
            &[&tables_of_ours(), &VIEWS.as_slice()],
        )
        .await?;
    let shadows = client.query(SHADOWS, &[]).await?;
    Ok(rows.iter().chain(&shadows).map(|row| row.get(0)).collect())
}

/// Functions and operators in `public` that PostgreSQL would take for its own where a varchar is looked at, since they are
/// nearer to it: the schema's rules would then say what somebody else says they do.
const SHADOWS: &str = "
SELECT format('public.%1$I(%2$s) is nearer to a varchar than PostgreSQL''s own %1$s, and the schema''s rules would ask it: %3$s',
              p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid), 'rename it, or put it into a schema of its own')
  FROM pg_catalog.pg_proc p
 WHERE p.pronamespace = 'public'::pg_catalog.regnamespace
   AND 'varchar'::pg_catalog.regtype = ANY (p.proargtypes::pg_catalog.oid[])
   AND EXISTS (SELECT FROM pg_catalog.pg_proc own
                WHERE own.pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND own.proname = p.proname)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT format('the operator public.%s(%s,%s) is nearer to a varchar than PostgreSQL''s own, and the schema''s rules would ask it: %s',
              o.oprname, o.oprleft::pg_catalog.regtype, o.oprright::pg_catalog.regtype, 'put it into a schema of its own')
  FROM pg_catalog.pg_operator o
 WHERE o.oprnamespace = 'public'::pg_catalog.regnamespace
   AND 'varchar'::pg_catalog.regtype IN (o.oprleft, o.oprright)
   AND EXISTS (SELECT FROM pg_catalog.pg_operator own
                WHERE own.oprnamespace = 'pg_catalog'::pg_catalog.regnamespace AND own.oprname = o.oprname)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_operator'::pg_catalog.regclass AND d.objid = o.oid AND d.deptype = 'e')
 ORDER BY 1";

/// Columns whose values are whole rows of a table, in sentences: PostgreSQL then refuses the table a new column.
pub(super) async fn kept_as_values(client: &Client, tables: &[Table]) -> Result<Vec<String>> {
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let rows = client
        .query(
            "WITH RECURSIVE holding (row_of, type) AS (
                 SELECT c.relname, c.reltype FROM pg_catalog.pg_class c
                  WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relname = ANY ($1) AND c.relkind = 'r'
                 UNION
                 SELECT h.row_of, t.oid
                   FROM holding h
                   JOIN pg_catalog.pg_type t
                     ON t.typbasetype = h.type
                     OR t.typcategory = 'A' AND t.typelem = h.type
                     OR EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
                                 WHERE c.reltype = t.oid AND c.relkind = 'c' AND a.atttypid = h.type)
             )
             SELECT format('%s.%I keeps whole rows of public.%I, to which no column can be added then: %s',
                           format('%I.%I', n.nspname, c.relname), a.attname, h.row_of,
                           CASE c.relkind
                                WHEN 'm' THEN format('DROP MATERIALIZED VIEW %s', c.oid::pg_catalog.regclass)
                                ELSE format('ALTER TABLE %s ALTER COLUMN %I TYPE jsonb USING to_jsonb(%2$I)',
                                            c.oid::pg_catalog.regclass, a.attname) END)
               FROM holding h
               JOIN pg_catalog.pg_attribute a ON a.atttypid = h.type AND a.attnum > 0 AND NOT a.attisdropped
               JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'm', 'f')
               JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              ORDER BY 1",
            &[&names],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Rows without an id, in sentences: nobody could say which of them is meant.
pub(super) async fn nameless_rows(client: &Client, tables: &[Table]) -> Result<Vec<String>> {
    let may_be_null = |table: &&Table| table.kind == 'r' && table.column("id").is_some_and(|id| !id.not_null);
    let mut found = Vec::new();
    for table in tables.iter().filter(may_be_null) {
        let name = format!("public.{}", table.name);
        let rows: i64 = client.query_one(&format!("SELECT count(*) FROM {name} WHERE id IS NULL"), &[]).await?.get(0);
        if rows > 0 {
            found.push(format!(
                "{}.id is NULL in {rows} rows, so that nobody can say which is meant: UPDATE {name} SET id = \
                 gen_random_uuid() WHERE id IS NULL",
                table.name,
            ));
        }
    }
    Ok(found)
}

/// Tables of which PostgreSQL refuses every UPDATE, in sentences: a publication publishes what nobody could tell apart.
pub(super) async fn not_updatable(client: &Client, tables: &[Table]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for table in tables.iter().filter(|table| table.kind == 'r') {
        let name = format!("public.{}", table.name);
        // Planned and not run, so that no trigger fires.
        let Err(error) = client.simple_query(&format!("EXPLAIN UPDATE {name} SET id = id")).await else { continue };
        let error = Error::from(error);
        let why = error.database_detail().unwrap_or_default();
        found.push(format!(
            "{}, which a publication has ({why}): ALTER TABLE {name} REPLICA IDENTITY FULL, or ALTER PUBLICATION … SET \
             (publish = 'insert')",
            error.what()
        ));
    }
    Ok(found)
}

/// Names that the schema needs in `public` and that something else of the site's has, in sentences.
pub(super) async fn taken(client: &Client, model: &Model) -> Result<Vec<String>> {
    let indexes: Vec<(&str, &str)> = model
        .tables
        .values()
        .flat_map(|table| table.indexes.iter().map(|index| (index.name.as_str(), table.name.as_str())))
        .collect();
    let names: Vec<&str> = indexes.iter().map(|(name, _)| *name).collect();
    let tables: Vec<&str> = indexes.iter().map(|(_, table)| *table).collect();
    let rows = client
        .query(
            "SELECT format('public.%I, the name of an index of Tenantry''s on %I, is taken by %s', w.name, w.owner,
                           pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, c.oid, 0)
                           || coalesce(' on ' || x.indrelid::pg_catalog.regclass, '') || ': rename that')
               FROM unnest($1::text[], $2::text[]) AS w (name, owner)
               JOIN pg_catalog.pg_class c ON c.relname = w.name AND c.relnamespace = 'public'::pg_catalog.regnamespace
               LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid
               LEFT JOIN pg_catalog.pg_class t ON t.oid = x.indrelid AND t.relnamespace = c.relnamespace
              WHERE t.relname IS DISTINCT FROM w.owner
              ORDER BY 1",
            &[&names, &tables],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Tables that have to do with inheritance, in sentences: a query of one reads the rows of another, whose walls aren't ours.
pub(super) async fn related(client: &Client, tables: &[Table]) -> Result<Vec<String>> {
    let names: Vec<&str> = tables.iter().filter(|table| table.kind == 'r').map(|table| table.name.as_str()).collect();
    let rows = client
        .query(
            "SELECT format('public.%I %s %s, and who asks for the one reads the other: %s', c.relname,
                           CASE WHEN i.inhrelid = c.oid THEN CASE WHEN c.relispartition THEN 'is a partition of' ELSE 'inherits from' END
                                ELSE 'is inherited from by' END,
                           o.oid::pg_catalog.regclass,
                           CASE WHEN c.relispartition THEN format('ALTER TABLE %s DETACH PARTITION %s', p.oid::pg_catalog.regclass, h.oid::pg_catalog.regclass)
                                ELSE format('ALTER TABLE %s NO INHERIT %s', h.oid::pg_catalog.regclass, p.oid::pg_catalog.regclass) END)
               FROM pg_catalog.pg_inherits i
               JOIN pg_catalog.pg_class c ON c.oid IN (i.inhrelid, i.inhparent)
               JOIN pg_catalog.pg_class o ON o.oid IN (i.inhrelid, i.inhparent) AND o.oid <> c.oid
               JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
               JOIN pg_catalog.pg_class h ON h.oid = i.inhrelid
              WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relname = ANY ($1)
              ORDER BY 1",
            &[&names],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Tables that the migrator may not change, in sentences.
pub(super) async fn not_owned(client: &Client, tables: &[Table]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for table in tables {
        let row =
            client.query_one("SELECT pg_catalog.pg_has_role($1, 'USAGE'), current_user::text", &[&table.owner]).await?;
        let (may, migrator): (bool, String) = (row.get(0), row.get(1));
        if !may {
            found.push(format!(
                "public.{} belongs to {}, which {migrator} is no member of: connect as its owner or as a superuser",
                table.name, table.owner
            ));
        }
    }
    Ok(found)
}
