use dialect::headers::prefer::{Prefer, Resolution, Return};
use dialect::{Limits, Query};

use super::{Form, Statement};
use crate::tables::body::Body;
use crate::tables::catalog::{Catalog, Column, ConflictTarget, Kind, Relation, Relationship, Roles};
use crate::tables::plan::{self, Asker};
use crate::tables::refusal::Refusal;

const ROLE: &str = "tenantry_admin";

fn column(name: &str, pg_type: &str) -> Column {
    Column {
        name: name.to_owned(),
        type_name: pg_type.to_owned(),
        cast_type: pg_type.to_owned(),
        pg_type: pg_type.to_owned(),
        base_type: pg_type.to_owned(),
        category: 'S',
        labels: Vec::new(),
        not_null: name == "id",
        default: None,
        generated: false,
        identity: None,
        comment: None,
        values: Vec::new(),
        select: Roles::only(ROLE),
        insert: Roles::only(ROLE),
        update: Roles::only(ROLE),
    }
}

fn relation(name: &str, columns: Vec<Column>) -> Relation {
    Relation {
        name: name.to_owned(),
        kind: Kind::Table,
        is_ours: true,
        comment: None,
        columns,
        primary_key: vec![0],
        uniques: Vec::new(),
        conflict_targets: vec![ConflictTarget { columns: vec![0], is_exact: true, sql: "(id)".to_owned() }],
        checks: Vec::new(),
        delete: Roles::only(ROLE),
    }
}

/// Clients and their sites, whose `settings` are JSON.
fn catalog() -> Catalog {
    let clients = relation("clients", vec![column("id", "int4"), column("name", "text")]);
    let sites = vec![column("id", "int4"), column("client_id", "int4"), column("set\"tings", "jsonb")];
    let key = Relationship {
        name: "sites_client_id_fkey".to_owned(),
        relation: 1,
        columns: vec![1],
        is_one_to_one: false,
        target: 0,
        target_columns: vec![0],
    };
    Catalog::new(String::new(), vec![clients, relation("sites", sites)], vec![key])
}

fn asked(query: &str) -> Query {
    Query::parse(query.as_bytes(), &Limits::default()).expect("a query")
}

fn read(relation: usize, query: &str) -> Result<Statement, Refusal> {
    let catalog = catalog();
    let asker = Asker { catalog: &catalog, role: ROLE, max_rows: 1_000 };
    let plan = plan::read(&asker, relation, &asked(query), false)?;
    Ok(super::read(&catalog, &plan, Form::Body(dialect::headers::media::Answer::Array)))
}

fn insert(query: &str, prefer: &Prefer, body: &str) -> Statement {
    let catalog = catalog();
    let asker = Asker { catalog: &catalog, role: ROLE, max_rows: 1_000 };
    let body = Body::parse(body.as_bytes()).expect("a body");
    let plan = plan::insert(&asker, 0, &asked(query), prefer, &body).expect("a plan");
    super::write(&catalog, &plan, body.text, None, Form::Body(dialect::headers::media::Answer::Array))
}

#[test]
fn a_page_is_one_statement_whose_values_are_parameters() {
    let statement = read(0, "select=name&id=gte.5&order=name.desc&limit=10").unwrap();
    assert_eq!(
        statement.sql,
        "SELECT coalesce(pg_catalog.json_agg(_r), '[]')::pg_catalog.text, pg_catalog.count(*), NULL::pg_catalog.int8 FROM \
         (SELECT t1.\"name\" AS \"name\" FROM \"public\".\"clients\" AS t1 WHERE t1.\"id\" >= $1 ORDER BY t1.\"name\" DESC LIMIT $2) AS _r"
    );
    assert_eq!(statement.values, ["5", "10"]);
}

#[test]
fn other_values_are_the_same_statement() {
    let one =
        read(1, "select=id,x:%22set%5C%22tings%22->a->>1&id=in.(1,2)&or=(id.eq.1,client_id.is.null)&limit=5").unwrap();
    let other =
        read(1, "select=id,x:%22set%5C%22tings%22->b->>7&id=in.(3,4,5)&or=(id.eq.9,client_id.is.null)&limit=50")
            .unwrap();
    assert_eq!(one.sql, other.sql);
    assert_ne!(one.values, other.values);
    assert!(one.sql.contains("t1.\"set\"\"tings\" -> $1::pg_catalog.text ->> $2::pg_catalog.int4"), "{}", one.sql);
}

#[test]
fn related_rows_are_subqueries_joined_by_their_keys() {
    let statement = read(0, "select=name,sites(id)&sites.limit=3&sites.id=gt.1").unwrap();
    let embedded = "(SELECT coalesce(pg_catalog.json_agg(_e), '[]') FROM (SELECT t2.\"id\" AS \"id\" FROM \"public\".\"sites\" AS t2 \
                    WHERE t2.\"client_id\" = t1.\"id\" AND t2.\"id\" > $1 LIMIT $2) AS _e) AS \"sites\"";
    assert!(statement.sql.contains(embedded), "{}", statement.sql);
    assert_eq!(statement.values, ["1", "3", "1000"]);
    let inner = read(0, "select=name,sites!inner()").unwrap();
    let exists = "WHERE EXISTS (SELECT FROM \"public\".\"sites\" AS t2 WHERE t2.\"client_id\" = t1.\"id\")";
    assert!(inner.sql.contains(exists), "{}", inner.sql);
}

#[test]
fn rows_of_a_body_are_one_parameter() {
    let body = r#"[{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]"#;
    let statement = insert("", &Prefer::default(), body);
    assert_eq!(
        statement.sql,
        "INSERT INTO \"public\".\"clients\" AS t1 (\"id\", \"name\") SELECT _b.\"id\", _b.\"name\" FROM \
         pg_catalog.json_to_recordset($1) AS _b(\"id\" int4, \"name\" text)"
    );
    assert_eq!(statement.values, [body]);
    let upsert = Prefer { resolution: Some(Resolution::MergeDuplicates), ..Prefer::default() };
    let merged = insert("on_conflict=id", &upsert, body).sql;
    assert!(merged.ends_with("ON CONFLICT (id) DO UPDATE SET \"name\" = EXCLUDED.\"name\""), "{merged}");
    let ignore = Prefer { resolution: Some(Resolution::IgnoreDuplicates), ..Prefer::default() };
    assert!(insert("", &ignore, body).sql.ends_with("ON CONFLICT (id) DO NOTHING"));
}

#[test]
fn what_comes_back_is_what_is_needed() {
    let prefer = Prefer { returning: Some(Return::Representation), ..Prefer::default() };
    let sql = insert("select=name,sites(id)", &prefer, r#"{"name": "a"}"#).sql;
    assert!(sql.starts_with("WITH _w AS (INSERT INTO"), "{sql}");
    assert!(sql.contains("RETURNING t1.\"id\", t1.\"name\") SELECT "), "the key joins the embed: {sql}");
    assert!(!sql.contains('*') || !sql.contains("t1.*"), "columns are always listed: {sql}");
}

#[test]
fn what_is_not_in_the_catalog_never_reaches_sql() {
    for query in
        ["select=nmae", "nmae=eq.1", "order=nmae", "select=nothing(id)", "select=id::regclass", "nothing.id=eq.1"]
    {
        assert!(read(0, query).is_err(), "{query}");
    }
}
