use std::collections::{BTreeMap, BTreeSet};

use hyper::Method;
use serde_json::{Map, Value, json};

use super::world::{ROLES, Walls};
use crate::row_level_security::subjects::{SUBJECTS, Subject};

/// What nobody's request sets, on any table, because Tenantry itself writes it. A key is set by whoever may change the row.
const NOBODYS: &[&str] = &["created_at", "created_by", "updated_at", "updated_by", "version"];

/// What only Tenantry writes, by table, and whose the row is.
const KEPT: &[(&str, &[&str])] = &[
    ("clients_enhanced", &[]),
    ("client_members", &["client_id", "user_id", "made_by_assignment"]),
    ("client_customizations", &["client_id"]),
    ("client_deployments", &["client_id"]),
    ("deployment_configurations", &["client_id", "applied_configuration", "applied_revision"]),
    ("client_analytics", &["client_id"]),
    ("client_billing_info", &["client_id"]),
    ("system_configurations", &["client_id", "is_system", "is_delegated"]),
    ("template_configurations", &["usage_count", "last_used_at", "performance_score"]),
    ("deployment_templates", &["usage_count", "last_used_at", "success_rate", "is_system_template"]),
];

/// What a manager doesn't set on a client that they manage.
const ADMINS_ALONE: &[&str] = &["assigned_manager", "tier", "status", "email", "archived_at"];

/// Whether a role may set a column of the row that is its own client's; typed by hand.
fn may_set(role: &str, table: &str, column: &str) -> bool {
    let kept = KEPT.iter().find(|(name, _)| *name == table).map(|(_, columns)| *columns);
    let Some(kept) = kept else { return false };
    if NOBODYS.contains(&column) || kept.contains(&column) {
        return false;
    }
    let managers =
        ["client_customizations", "client_deployments", "deployment_configurations", "system_configurations"];
    match role {
        "super_admin" | "admin" => true,
        "service" => table != "client_members",
        "manager" if table == "clients_enhanced" => !ADMINS_ALONE.contains(&column),
        "manager" => managers.contains(&table),
        _ => false,
    }
}

/// The row of a table that everybody tries: the one of the client that the person belongs to.
fn tried(subject: &Subject) -> &'static str {
    subject.rows.iter().find(|row| ["own", "active"].contains(row)).expect("an own row")
}

/// A column, and a value for it that is of its type, allowed, and nobody's but the role's where the type lets it be.
struct Column {
    name: String,
    value: Value,
}

async fn columns(walls: &Walls, table: &str, role: &str) -> Vec<Column> {
    let number = ROLES.iter().position(|known| *known == role).expect("a role") + 1;
    let rows = walls
        .db
        .query(
            "SELECT a.attname::text, format_type(a.atttypid, NULL),
                    (SELECT (regexp_match(pg_get_constraintdef(c.oid), '''([^'']+)''::[a-z ]+[,\\])]*[^'']*''([^'']+)'''))[2]
                       FROM pg_constraint c WHERE c.conrelid = a.attrelid AND c.contype = 'c' AND c.conkey = ARRAY[a.attnum] LIMIT 1)
               FROM pg_attribute a
              WHERE a.attrelid = format('public.%I', $1::text)::regclass AND a.attnum > 0 AND NOT a.attisdropped",
            &[&table],
        )
        .await
        .expect("the catalog");
    let value = |kind: &str, listed: Option<String>| match kind {
        "boolean" => json!(true),
        "integer" | "bigint" | "smallint" | "numeric" => json!(number),
        "jsonb" => json!({ "changed": role }),
        "text[]" => json!([role]),
        "uuid" => json!(format!("f1000000-0000-4000-8000-00000000000{number}")),
        "date" => json!(format!("2030-01-0{number}")),
        "timestamp with time zone" => json!(format!("2030-01-0{number}T00:00:00+00:00")),
        "character" => json!("EUR"),
        _ => json!(listed.unwrap_or_else(|| format!("{role}@agency.example"))),
    };
    let column = |row: &tokio_postgres::Row| Column { name: row.get(0), value: value(row.get(1), row.get(2)) };
    rows.iter().map(column).collect()
}

async fn row(walls: &Walls, subject: &Subject, role: &str) -> Map<String, Value> {
    let sql =
        format!("SELECT to_jsonb(t)::text FROM public.{} t WHERE {}", subject.table, subject.is(tried(subject), role));
    serde_json::from_str(&walls.text(&sql).await).unwrap_or_default()
}

/// Gives a row whose key was set its own back.
async fn put_back(walls: &Walls, table: &str, column: &Column, before: &Value) {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    let (name, is, was) = (&column.name, text(&column.value), text(before));
    let sql = format!("UPDATE public.{table} SET {name} = '{was}' WHERE {name} = '{is}'");
    walls.db.batch_execute(&sql).await.expect(&sql);
}

#[tokio::test]
async fn every_column_sent_by_every_role_sets_only_what_the_role_may_set() {
    let walls = Walls::new().await;
    let mut set: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for role in ROLES {
        let bearer = walls.bearer(role);
        for subject in SUBJECTS {
            let filter =
                subject.is(tried(subject), role).replace(" AND ", "&").replace(" = '", "=eq.").replace('\'', "");
            let path = format!("/rest/v1/{}?{filter}", subject.table);
            for column in columns(&walls, subject.table, role).await {
                let before = row(&walls, subject, role).await;
                let body = json!({ &column.name: column.value });
                let answer = walls.call(Method::PATCH, &path, &bearer).json(&body).send().await;
                let place = format!("{}.{} as {role}: {} {}", subject.table, column.name, answer.status, answer.text());
                let after = row(&walls, subject, role).await;
                let is_set = after.is_empty()
                    || before[&column.name] != after[&column.name] && after[&column.name] == column.value;
                if after.is_empty() {
                    put_back(&walls, subject.table, &column, &before[&column.name]).await;
                }
                let is_half_done = !answer.status.is_success() && before != after;
                if answer.status.is_server_error()
                    || is_half_done
                    || is_set && !may_set(role, subject.table, &column.name)
                {
                    wrong.push(place);
                }
                if is_set {
                    set.entry(role).or_default().insert(format!("{}.{}", subject.table, column.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for nobody in ["anon", "client", "staff"] {
        assert_eq!(set.get(nobody), None, "{nobody}");
    }
    for (role, column) in [
        ("manager", "clients_enhanced.company_name"),
        ("manager", "client_deployments.deployment_name"),
        ("admin", "clients_enhanced.tier"),
        ("service", "client_billing_info.billing_email"),
    ] {
        assert!(set[role].contains(column), "{role} may set {column}: {:?}", set[role]);
    }
}

#[tokio::test]
async fn a_client_sets_the_value_of_a_delegated_row_and_nothing_else_of_it() {
    let walls = Walls::new().await;
    let (subject, bearer) = (Subject::of("system_configurations"), walls.bearer("client"));
    let is = subject.is("delegated", "client");
    let path = format!("/rest/v1/system_configurations?{}", is.replace(" = '", "=eq.").replace('\'', ""));
    let sql = format!("SELECT to_jsonb(t)::text FROM public.system_configurations t WHERE {is}");
    for column in columns(&walls, "system_configurations", "client").await {
        let before: Map<String, Value> = serde_json::from_str(&walls.text(&sql).await).expect("a row");
        let answer =
            walls.call(Method::PATCH, &path, &bearer).json(&json!({ &column.name: column.value })).send().await;
        let after: Map<String, Value> = serde_json::from_str(&walls.text(&sql).await).expect("a row");
        if column.name == "configuration_value" {
            assert_eq!((answer.status.as_u16(), &after[&column.name]), (204, &column.value), "{}", answer.text());
        } else {
            assert_eq!(answer.status.as_u16(), 403, "{}: {}", column.name, answer.text());
            assert_eq!(before, after, "{}", column.name);
        }
    }
}
