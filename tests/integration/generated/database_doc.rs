//! `docs/DATABASE.md`: the tables, columns, rules and indexes, read from the catalog, with a diagram.

use std::fmt::Write as _;

use tenantry::db::admin::Admin;

use crate::support::{Database, assert_current};

#[tokio::test]
async fn database_md_is_what_the_catalog_says() {
    let database = Database::migrated().await;
    let admin = database.connect().await;
    assert_current("docs/DATABASE.md", &document(&admin).await);
}

#[tokio::test]
async fn everything_has_a_comment() {
    let database = Database::migrated().await;
    let admin = database.connect().await;
    let rows = admin
        .query(
            "SELECT format('%s %s', k.kind, k.name) FROM (
                 SELECT 'relation' AS kind, c.oid::regclass::text AS name, obj_description(c.oid, 'pg_class') AS said
                   FROM pg_class c
                  WHERE c.relnamespace IN ('public'::regnamespace, 'tenantry'::regnamespace)
                    AND c.relkind IN ('r', 'p', 'v')
                 UNION ALL
                 SELECT 'column', format('%s.%s', a.attrelid::regclass, a.attname), col_description(a.attrelid, a.attnum)
                   FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                  WHERE c.relnamespace IN ('public'::regnamespace, 'tenantry'::regnamespace)
                    AND c.relkind IN ('r', 'p', 'v') AND a.attnum > 0 AND NOT a.attisdropped
                 UNION ALL
                 SELECT 'index', i.indexrelid::regclass::text, obj_description(i.indexrelid, 'pg_class')
                   FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                  WHERE c.relnamespace = 'public'::regnamespace
                 UNION ALL
                 SELECT 'function', p.oid::regprocedure::text, obj_description(p.oid, 'pg_proc')
                   FROM pg_proc p WHERE p.pronamespace = 'tenantry'::regnamespace) k
              WHERE k.said IS NULL ORDER BY 1",
            &[],
        )
        .await
        .expect("the catalog");
    let silent: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(silent.is_empty(), "without a COMMENT: {silent:#?}");
}

async fn document(admin: &Admin) -> String {
    let mut text = String::from(
        "# The database\n\nMade from the catalog of a fresh database by `make generate`. What each table is for, what its columns \
         mean and which query each index answers are the catalog's own comments.\n",
    );
    text += "\n## How the tables hang together\n\nForeign keys between Tenantry's tables; a key that starts with `client_id` can't cross clients.\n\n";
    text += &diagram(admin).await;
    text += "\n## Tables\n";
    for (name, comment) in relations(admin, "'r', 'p'").await {
        text += &relation(admin, &name, &comment).await;
    }
    text += "\n## Views\n\nEach runs with the rights of whoever asks (`security_invoker`), so it shows the rows that the tables' policies show.\n";
    for (name, comment) in relations(admin, "'v'").await {
        write!(text, "\n### {name}\n\n{comment}\n\n").expect("a string");
        text += &columns(admin, &name).await;
    }
    text
}

async fn relation(admin: &Admin, name: &str, comment: &str) -> String {
    let mut text = format!("\n### {name}\n\n{comment}\n\n");
    text += &columns(admin, name).await;
    text += &list(admin, "Rules", RULES, name).await;
    text += &list(admin, "Indexes", INDEXES, name).await;
    text += &list(admin, "Triggers", TRIGGERS, name).await;
    text + &list(admin, "Policies", POLICIES, name).await
}

async fn relations(admin: &Admin, kinds: &str) -> Vec<(String, String)> {
    let sql = format!(
        "SELECT c.relname::text, coalesce(obj_description(c.oid, 'pg_class'), '')
           FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ({kinds}) ORDER BY 1"
    );
    let rows = admin.query(&sql, &[]).await.expect("the catalog");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn columns(admin: &Admin, name: &str) -> String {
    let rows = admin
        .query(
            "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod),
                    concat_ws(', ', CASE WHEN a.attnotnull THEN 'not null' END,
                              CASE WHEN a.attidentity <> '' THEN 'identity' END,
                              CASE WHEN a.attgenerated <> '' THEN 'generated' END,
                              'default ' || replace(pg_get_expr(d.adbin, d.adrelid), '|', '\\|')),
                    coalesce(col_description(a.attrelid, a.attnum), '')
               FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
              WHERE a.attrelid = format('public.%I', $1::text)::regclass AND a.attnum > 0 AND NOT a.attisdropped
              ORDER BY a.attnum",
            &[&name],
        )
        .await
        .expect("the catalog");
    let mut text = String::from("| column | type | rule | meaning |\n|---|---|---|---|\n");
    for row in rows {
        let (name, kind, rule, meaning): (String, String, String, String) =
            (row.get(0), row.get(1), row.get(2), row.get(3));
        writeln!(text, "| `{name}` | {kind} | {rule} | {} |", meaning.replace('|', "\\|")).expect("a string");
    }
    text
}

async fn list(admin: &Admin, title: &str, sql: &str, name: &str) -> String {
    let rows = admin.query(sql, &[&name]).await.expect("the catalog");
    if rows.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{title}\n\n");
    for row in rows {
        let (name, meaning): (String, String) = (row.get(0), row.get(1));
        writeln!(text, "- `{name}`: {meaning}").expect("a string");
    }
    text
}

const RULES: &str = "
SELECT conname::text, '`' || pg_get_constraintdef(oid) || '`' FROM pg_constraint
 WHERE conrelid = format('public.%I', $1::text)::regclass AND conparentid = 0 AND contype <> 't'
   AND NOT (contype = 'n') ORDER BY contype, conname";

const INDEXES: &str = "
SELECT c.relname::text,
       '`' || regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '') || '`. '
           || coalesce(obj_description(i.indexrelid, 'pg_class'), '')
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE i.indrelid = format('public.%I', $1::text)::regclass ORDER BY 1";

const TRIGGERS: &str = "
SELECT t.tgname::text, coalesce(obj_description(t.oid, 'pg_trigger'), obj_description(t.tgfoid, 'pg_proc'), '')
  FROM pg_trigger t
 WHERE t.tgrelid = format('public.%I', $1::text)::regclass AND NOT t.tgisinternal ORDER BY 1";

const POLICIES: &str = "
SELECT policyname::text, concat_ws(', ', lower(cmd) || ' for ' || array_to_string(roles, ', '),
       'rows where `' || regexp_replace(qual, '\\s+', ' ', 'g') || '`',
       'writes only `' || regexp_replace(with_check, '\\s+', ' ', 'g') || '`')
  FROM pg_policies WHERE schemaname = 'public' AND tablename = $1::text ORDER BY 1";

async fn diagram(admin: &Admin) -> String {
    let rows = admin
        .query(
            "SELECT c.confrelid::regclass::text, c.conrelid::regclass::text,
                    string_agg(a.attname, ', ' ORDER BY k.place),
                    EXISTS (SELECT FROM pg_index i
                             WHERE i.indrelid = c.conrelid AND i.indisunique AND i.indpred IS NULL
                               AND i.indnkeyatts = cardinality(c.conkey) AND i.indkey::int2[] @> c.conkey) AS one_to_one
               FROM pg_constraint c
               CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY k (attnum, place)
               JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
              WHERE c.contype = 'f' AND c.conparentid = 0 AND c.connamespace = 'public'::regnamespace
                AND c.confrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
              GROUP BY c.oid, c.confrelid, c.conrelid, c.conkey ORDER BY 1, 2, 3",
            &[],
        )
        .await
        .expect("the catalog");
    let mut text = String::from("```mermaid\nerDiagram\n");
    for row in rows {
        let (parent, child, columns, one): (String, String, String, bool) =
            (row.get(0), row.get(1), row.get(2), row.get(3));
        let many = if one { "||--o|" } else { "||--o{" };
        writeln!(text, "    {parent} {many} {child} : \"{columns}\"").expect("a string");
    }
    text + "```\n"
}
