//! Every write leaves its entry: who, what, which client, before and after.

use serde_json::{Value, json};
use uuid::Uuid;

use super::Log;
use crate::support::{Database, tenantry};

/// A write of one table and the entry that it leaves.
struct Case {
    table: &'static str,
    /// Placeholders: `{client}`, `{customization}`, `{person}`.
    insert: &'static str,
    update: &'static str,
    /// The changed columns as they become.
    after: Value,
    /// Whether the row is one client's.
    owned: bool,
}

fn cases() -> Vec<Case> {
    let mut cases = of_public();
    cases.extend(of_tenantry());
    cases
}

fn case(table: &'static str, insert: &'static str, update: &'static str, after: Value, owned: bool) -> Case {
    Case { table, insert, update, after, owned }
}

fn of_public() -> Vec<Case> {
    vec![
        case(
            "public.clients_enhanced",
            "(name, email) VALUES ('n', 'n@example.com')",
            "industry = 'retail', phone = NULL",
            json!({ "industry": "retail" }),
            true,
        ),
        case(
            "public.client_members",
            "(client_id, user_id, member_role) VALUES ('{client}', '{person}', 'staff')",
            "member_role = 'manager'",
            json!({ "member_role": "manager" }),
            true,
        ),
        case(
            "public.template_configurations",
            "(template_id, template_version, template_name, configuration_schema, default_configuration, status)
             VALUES ('shop', '1.0.0', 'Shop', '{}', '{}', 'draft')",
            "template_name = 'Store'",
            json!({ "template_name": "Store" }),
            false,
        ),
        case(
            "public.deployment_templates",
            "(template_name, configuration_template) VALUES ('T', '{\"provider\": \"vercel\", \"environment\": \"production\"}')",
            "description = 'd'",
            json!({ "description": "d" }),
            false,
        ),
        case(
            "public.client_customizations",
            "(client_id, template_id, customization_config) VALUES ('{client}', 'template', '{\"a\": 1}')",
            "customization_config = '{\"a\": 2}'",
            json!({ "customization_config": { "a": 2 } }),
            true,
        ),
        case(
            "public.client_deployments",
            "(client_id, customization_id, deployment_name) VALUES ('{client}', '{customization}', 'site')",
            "feature_flags = '{\"beta\": true}'",
            json!({ "feature_flags": { "beta": true } }),
            true,
        ),
        case(
            "public.system_configurations",
            "(configuration_key, configuration_value, client_id) VALUES ('theme.colour', '\"red\"', '{client}')",
            "configuration_value = '\"blue\"'",
            json!({ "configuration_value": "blue", "version": 2 }),
            true,
        ),
        case(
            "public.deployment_configurations",
            "(client_id, environment, deployment_name) VALUES ('{client}', 'staging', 'site')",
            "region = 'eu-central-1'",
            json!({ "region": "eu-central-1", "version": 2 }),
            true,
        ),
        case(
            "public.client_billing_info",
            "(client_id) VALUES ('{client}')",
            "currency = 'EUR'",
            json!({ "currency": "EUR" }),
            true,
        ),
    ]
}

fn of_tenantry() -> Vec<Case> {
    vec![
        case(
            "tenantry.people",
            "(user_id, role) VALUES (gen_random_uuid(), 'staff')",
            "role = 'manager'",
            json!({ "role": "manager" }),
            false,
        ),
        case(
            "tenantry.passwords",
            "(user_id, password_hash) VALUES ('{person}', '$argon2id$old')",
            "password_hash = '$argon2id$new'",
            json!({ "password_hash": { "$hidden": true } }),
            false,
        ),
        case(
            "tenantry.sessions",
            "(user_id, secret_hash, expires_at) VALUES ('{person}', sha256('old'), now() + interval '1 day')",
            "ended_at = '2030-01-01Z', secret_hash = sha256('new')",
            json!({ "ended_at": "2030-01-01T00:00:00+00:00" }),
            false,
        ),
        case(
            "tenantry.links",
            "(kind, user_id, secret_hash, expires_at) VALUES ('password', '{person}', sha256('old'), now() + interval '1 day')",
            "used_at = '2030-01-01Z', secret_hash = sha256('new')",
            json!({ "used_at": "2030-01-01T00:00:00+00:00", "secret_hash": { "$hidden": true } }),
            false,
        ),
        case(
            "tenantry.user_metadata",
            "(user_id, data) VALUES ('{person}', '{\"name\": \"Mia\"}')",
            "data = '{\"name\": \"Maya\"}'",
            json!({ "data": { "$hidden": true } }),
            false,
        ),
        case(
            "tenantry.tokens",
            "(name, kind, prefix, secret_hash, scopes) VALUES ('t', 'service', 'tnt_svc_1', sha256('old'), '{read}')",
            "secret_hash = sha256('new'), last_used_at = now()",
            json!({ "secret_hash": { "$hidden": true } }),
            false,
        ),
        case("tenantry.settings", "(key, value) VALUES ('k', '1')", "value = '2'", json!({ "value": 2 }), false),
    ]
}

const REQUEST: &str = "8c4c1bd2-6f5c-4a12-9d50-0d7ac5ee0001";

/// Begins a transaction as a person's request, the way the server does. What a request role may not touch is written by
/// the owner under the same claims.
fn begin(person: Uuid, table: &str) -> String {
    let role = if table.starts_with("public.") { "tenantry_super_admin" } else { "tenantry_owner" };
    let claims = json!({ "sub": person, "session_id": null, "app_metadata": { "role": "super_admin" } });
    format!(
        "BEGIN; SET LOCAL TimeZone = 'UTC';
         SELECT tenantry.enter('{claims}', '{REQUEST}', 'because', '203.0.113.9'); SET LOCAL ROLE {role}; "
    )
}

async fn person(log: &Log, role: &str) -> Uuid {
    let sql = "INSERT INTO tenantry.people (user_id, role) VALUES (gen_random_uuid(), $1::text) RETURNING user_id";
    log.admin.query_one(sql, &[&role]).await.expect("a person").get(0)
}

async fn add_customization(log: &Log, client: Uuid) -> Uuid {
    let template = "INSERT INTO public.template_configurations
                        (template_id, template_version, template_name, configuration_schema, default_configuration)
                    VALUES ('template', '1.0.0', 'T', '{}', '{}') ON CONFLICT DO NOTHING";
    log.admin.batch_execute(template).await.expect("a template");
    let sql = "INSERT INTO public.client_customizations (client_id, template_id, customization_config, version)
               VALUES ($1, 'template', '{}', 1) RETURNING id";
    log.admin.query_one(sql, &[&client]).await.expect("a customization").get(0)
}

async fn last_entry(log: &Log, table: &str) -> Value {
    let (schema, name) = table.split_once('.').expect("a schema and a table");
    let sql = "SELECT to_jsonb(l) FROM public.audit_log l WHERE table_schema = $1 AND table_name = $2 ORDER BY id DESC LIMIT 1";
    log.admin.query_one(sql, &[&schema, &name]).await.unwrap_or_else(|error| panic!("{table}: {error:?}")).get(0)
}

#[tokio::test]
async fn every_table_logs_insert_update_and_delete() {
    let log = Log::new().await;
    let (admin, staff) = (person(&log, "super_admin").await, person(&log, "manager").await);
    for case in cases() {
        let client = log.add_client(case.table).await;
        let customization = add_customization(&log, client).await;
        let fill = |sql: &str| {
            let filled = [("{client}", client), ("{customization}", customization), ("{person}", staff)];
            filled.iter().fold(sql.to_owned(), |sql, (place, id)| sql.replace(place, &id.to_string()))
        };
        let (table, begin) = (case.table, begin(admin, case.table));
        let run = async |sql: String| {
            let sql = format!("{begin} {sql}; COMMIT");
            log.admin.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
            last_entry(&log, table).await
        };

        let entry = run(format!("INSERT INTO {table} {}", fill(case.insert))).await;
        assert_eq!(entry["action"], "insert", "{entry}");
        assert_eq!(entry["before"], Value::Null, "{entry}");
        assert_eq!(entry["user_id"], json!(admin), "{entry}");
        assert_eq!(entry["login_role"], "postgres", "{entry}");
        let role = if table.starts_with("public.") { "tenantry_super_admin" } else { "tenantry_owner" };
        assert_eq!(entry["database_role"], role, "{entry}");
        assert_eq!([&entry["address"], &entry["request_id"], &entry["reason"]], ["203.0.113.9", REQUEST, "because"]);
        let whole = entry["after"].as_object().expect("the whole row").clone();
        let columns = "SELECT count(*)::int FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped";
        let columns: i32 = log.admin.query_one(columns, &[&table]).await.expect("the columns").get(0);
        assert_eq!(whole.len(), usize::try_from(columns).expect("a count"), "{entry}");
        let row = whole.get("id").or_else(|| whole.get("key")).and_then(Value::as_str);
        let row = row.map_or_else(
            || match table {
                "public.client_members" => format!("{client}/{staff}"),
                _ => whole["user_id"].as_str().expect("its key").to_owned(),
            },
            ToOwned::to_owned,
        );
        assert_eq!(entry["row_id"], row, "{entry}");
        let owner = match (case.owned, table) {
            (false, _) => Value::Null,
            (true, "public.clients_enhanced") => json!(row),
            (true, _) => json!(client),
        };
        assert_eq!(entry["client_id"], owner, "{entry}");

        let key = if table == "public.client_members" {
            format!("user_id = '{staff}'")
        } else {
            let column = ["id", "key", "user_id"].into_iter().find(|column| whole.contains_key(*column));
            format!("{} = '{row}'", column.expect("a key"))
        };
        let entry = run(format!("UPDATE {table} SET {} WHERE {key}", case.update)).await;
        assert_eq!((&entry["action"], &entry["after"]), (&json!("update"), &case.after), "{table}");
        let before: serde_json::Map<_, _> = case
            .after
            .as_object()
            .expect("columns")
            .keys()
            .map(|column| (column.clone(), whole[column].clone()))
            .collect();
        assert_eq!((&entry["row_id"], &entry["before"]), (&json!(row), &Value::Object(before)), "{table}");

        // Nobody deletes a client, through whatever role; the log would have it.
        let delete = match table {
            "public.clients_enhanced" => format!("SET LOCAL ROLE tenantry_owner; DELETE FROM {table} WHERE {key}"),
            _ => format!("DELETE FROM {table} WHERE {key}"),
        };
        if table == "public.client_billing_info" {
            continue;
        }
        let entry = run(delete).await;
        assert_eq!(
            (&entry["action"], &entry["after"], &entry["row_id"]),
            (&json!("delete"), &Value::Null, &json!(row))
        );
        assert_eq!(entry["before"].as_object().map(serde_json::Map::len), Some(whole.len()), "{table}");
    }
    let hashes = "SELECT count(*)::text FROM public.audit_log l WHERE to_jsonb(l)::text ~ 'argon2id'
                     OR to_jsonb(l)::text ~ ANY (ARRAY[encode(sha256('old'), 'hex'), encode(sha256('new'), 'hex')])";
    assert_eq!(log.text(hashes).await, "0", "no hash of a password or a token is in the log");
}

/// Tables that ought to be logged and lack one of the four triggers.
const FORGOTTEN: &str = "
    SELECT string_agg(t.oid::regclass::text, ', ')
      FROM pg_class t
     WHERE t.relkind IN ('r', 'p')
       AND (t.oid = ANY ('{tenantry.people,tenantry.passwords,tenantry.sessions,tenantry.links,tenantry.user_metadata,tenantry.tokens,tenantry.settings}'::regclass[])
            OR t.relnamespace = 'public'::regnamespace AND t.relname IN (SELECT table_name FROM tenantry.tables)
               AND t.relname <> ALL ('{audit_log,configuration_versions,deployment_tracking_events,client_analytics}'))
       AND (SELECT array_agg(g.tgname::text ORDER BY g.tgname) FROM pg_trigger g
             WHERE g.tgrelid = t.oid AND g.tgenabled = 'O' AND g.tgname LIKE 'audit%')
           IS DISTINCT FROM '{audit_delete,audit_insert,audit_truncate,audit_update}'";

#[tokio::test]
async fn no_table_is_forgotten() {
    let log = Log::new().await;
    let audited = "SELECT count(DISTINCT tgrelid)::text FROM pg_trigger WHERE tgname = 'audit_insert'";
    assert_eq!((log.text(FORGOTTEN).await.as_str(), log.text(audited).await.as_str()), ("", "19"));
}

#[tokio::test]
async fn an_adopted_table_is_logged_like_any_other_and_its_old_secrets_are_masked() {
    let log = Log::in_database(Database::existing().await).await;
    let url = log.database.url();
    let adopted = tenantry(&["migrate", "up", "--no-backup", "--database-url", &url]);
    assert_eq!(adopted.code, Some(0), "{}", adopted.err);
    assert_eq!(log.text(FORGOTTEN).await, "");

    log.admin
        .batch_execute(
            "UPDATE public.client_deployments SET environment_variables = environment_variables || '{\"PORT\": \"81\"}'
              WHERE environment_variables ? 'STRIPE_SECRET_KEY';
             UPDATE public.client_deployments SET environment_variables = '{}' WHERE environment_variables ? 'STRIPE_SECRET_KEY'",
        )
        .await
        .expect("other variables can be changed");
    let entries = "SELECT string_agg(to_jsonb(l)::text, E'\\n') FROM public.audit_log l WHERE l.table_name = 'client_deployments'";
    let entries = log.text(entries).await;
    assert!(entries.contains(r#""STRIPE_SECRET_KEY": {"$hidden": true}"#), "{entries}");
    assert!(!entries.contains("sk_test"), "{entries}");
}

#[tokio::test]
async fn a_bulk_write_leaves_an_entry_for_each_row_that_changed() {
    let log = Log::new().await;
    log.admin
        .batch_execute(
            "INSERT INTO public.clients_enhanced (name, email)
             SELECT 'bulk', n || '@example.com' FROM generate_series(1, 1000) n;
             UPDATE public.clients_enhanced SET tier = CASE WHEN email < '5' THEN 'premium' ELSE tier END, updated_at = now()",
        )
        .await
        .expect("two statements");
    let rows = "SELECT count(*) FILTER (WHERE action = 'insert') || ' ' || count(*) FILTER (WHERE action = 'update')
                       || ' ' || count(*) FILTER (WHERE before = '{\"tier\": \"standard\"}' AND after = '{\"tier\": \"premium\"}')
                       || ' ' || count(DISTINCT row_id) || ' ' || count(DISTINCT salt)
                  FROM public.audit_log WHERE table_name = 'clients_enhanced'";
    let changed = log.text("SELECT count(*)::text FROM public.clients_enhanced WHERE tier = 'premium'").await;
    let entries = 1000 + changed.parse::<i32>().expect("a count");
    assert_eq!(log.text(rows).await, format!("1000 {changed} {changed} 1000 {entries}"));
}

#[tokio::test]
async fn an_emptied_table_is_an_entry() {
    let log = Log::new().await;
    log.admin
        .batch_execute("SET ROLE tenantry_owner; TRUNCATE tenantry.settings; RESET ROLE")
        .await
        .expect("the owner can");
    let entry = last_entry(&log, "tenantry.settings").await;
    assert_eq!([&entry["action"], &entry["database_role"]], ["truncate", "tenantry_owner"], "{entry}");
}

#[tokio::test]
async fn what_cannot_be_logged_is_not_done() {
    let log = Log::new().await;
    let client = log.add_client("before").await;
    log.admin
        .batch_execute("ALTER TABLE public.audit_log ADD CONSTRAINT full_up CHECK (action IS NULL) NOT VALID")
        .await
        .expect("now no entry can be written");
    for act in [
        "INSERT INTO public.clients_enhanced (name, email) VALUES ('x', 'x@example.com')",
        "UPDATE public.clients_enhanced SET name = 'after'",
        "DELETE FROM public.clients_enhanced",
        "SELECT tenantry.audit_event('sign_in')",
    ] {
        log.admin.batch_execute(act).await.expect_err(act);
    }
    assert_eq!(
        log.text("SELECT string_agg(id || name, ',') FROM public.clients_enhanced").await,
        format!("{client}before")
    );
}

#[tokio::test]
async fn secrets_of_before_tenantry_are_masked() {
    let log = Log::new().await;
    let client = log.add_client("adopted").await;
    // As adoption finds them: put there while nothing refused them.
    let customization = add_customization(&log, client).await;
    log.intrude(&format!(
        "INSERT INTO public.client_deployments
             (client_id, customization_id, deployment_name, environment_variables, environment_config)
         VALUES ('{client}', '{customization}', 'site', '{{\"STRIPE_SECRET_KEY\": \"sk_live_abcdefgh\", \"PORT\": \"80\"}}',
                 '{{\"db\": {{\"password\": \"hunter2hunter2\"}}, \"url\": \"postgres://u:hunter3@h/d\"}}')"
    ))
    .await;
    log.admin
        .batch_execute(
            "SET ROLE tenantry_owner;
             UPDATE public.client_deployments SET environment_variables = '{\"PORT\": \"81\"}';
             DELETE FROM public.client_deployments; RESET ROLE",
        )
        .await
        .expect("they are replaced");
    let update = "SELECT before::text || after::text FROM public.audit_log WHERE action = 'update' AND table_name = 'client_deployments'";
    let update = log.text(update).await;
    assert!(
        update.contains(r#""STRIPE_SECRET_KEY": {"$hidden": true}"#) && update.contains(r#""PORT": "81""#),
        "{update}"
    );
    let everything = log.text("SELECT string_agg(to_jsonb(l)::text, '') FROM public.audit_log l").await;
    for secret in ["sk_live", "hunter2", "hunter3"] {
        assert!(!everything.contains(secret), "{secret} in {everything}");
    }
}

#[tokio::test]
async fn claims_that_nobody_can_read_give_an_entry_without_a_person() {
    let log = Log::new().await;
    for claims in ["", "{", "[]", "{\"sub\": \"nobody\"}", "{\"sub\": {}}", "null"] {
        log.admin
            .batch_execute(&format!(
                "BEGIN; SET LOCAL request.jwt.claims = '{claims}'; SET LOCAL tenantry.actor = 'operator:tester';
                 SELECT tenantry.audit_event('export', '{{\"format\": \"csv\"}}'); COMMIT"
            ))
            .await
            .unwrap_or_else(|error| panic!("{claims}: {error:?}"));
    }
    let entries = "SELECT count(*) || ' ' || count(user_id) || ' ' || count(details) FROM public.audit_log WHERE actor = 'operator:tester'";
    assert_eq!(log.text(entries).await, "6 0 6");
}
