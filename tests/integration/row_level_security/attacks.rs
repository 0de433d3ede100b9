//! Ways around the wall, each tried.

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::claims;
use super::subjects::Subject;
use super::world::{TOKEN, client, furnish, person};
use crate::support::Database;

/// The rows that a statement gives to a role, as text; or the SQLSTATE that refuses it. What it did is undone.
async fn ask(db: &Client, role: &str, claims: &str, sql: &str) -> Result<Vec<String>, String> {
    let claims = claims.replace('\'', "''");
    let before = format!("BEGIN; SET LOCAL request.jwt.claims = '{claims}'; SET LOCAL ROLE tenantry_{role}");
    db.batch_execute(&before).await.expect("a superuser's connection");
    let answer = db.simple_query(sql).await;
    db.batch_execute("ROLLBACK").await.expect("a transaction is open");
    texts(answer)
}

async fn ask_as(db: &Client, role: &str, sql: &str) -> Result<Vec<String>, String> {
    ask(db, role, &claims::of(role).to_string(), sql).await
}

fn texts(answer: Result<Vec<SimpleQueryMessage>, tokio_postgres::Error>) -> Result<Vec<String>, String> {
    let messages = answer.map_err(|error| error.code().expect("a database error").code().to_owned())?;
    Ok(messages
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("NULL").to_owned()),
            _ => None,
        })
        .collect())
}

async fn world() -> (Database, impl std::ops::Deref<Target = Client>) {
    let database = Database::migrated().await;
    let db = database.connect().await;
    furnish(&db).await;
    db.batch_execute("SET session_replication_role = origin").await.expect("a superuser's connection");
    (database, db)
}

const CLIENTS: &str = "SELECT id FROM public.clients_enhanced";

#[tokio::test]
async fn a_role_claimed_in_user_metadata_is_not_believed() {
    let (_database, db) = world().await;
    let mut forged = claims::of("client");
    forged["user_metadata"] = serde_json::json!({"role": "admin"});
    forged["app_metadata"] = serde_json::json!({});
    assert_eq!(ask(&db, "admin", &forged.to_string(), CLIENTS).await, Ok(vec![]));
    assert_eq!(ask(&db, "client", &forged.to_string(), CLIENTS).await, Ok(vec![client("own").to_owned()]));
    // Nor is a role beside it, or one that contradicts the person's.
    forged["role"] = "tenantry_admin".into();
    assert_eq!(ask(&db, "admin", &forged.to_string(), CLIENTS).await, Ok(vec![]));
    forged["app_metadata"] = serde_json::json!({"role": "admin"});
    assert_eq!(ask(&db, "admin", &forged.to_string(), CLIENTS).await, Ok(vec![]));
    assert_eq!(ask(&db, "client", &forged.to_string(), CLIENTS).await, Ok(vec![]));
}

#[tokio::test]
async fn a_prepared_statement_follows_the_role() {
    let (_database, db) = world().await;
    db.batch_execute("SET plan_cache_mode = force_generic_plan").await.expect("a setting");
    let names = "SELECT name::text FROM public.clients_enhanced ORDER BY name";
    let by_function = "SELECT count(*)::text FROM public.client_summary";
    let (names, by_view) =
        (db.prepare(names).await.expect("it parses"), db.prepare(by_function).await.expect("it parses"));
    for _ in 0..2 {
        for (role, expected) in
            [("admin", 4), ("client", 1), ("staff", 2), ("manager", 3), ("anon", 0), ("super_admin", 4)]
        {
            let (name, text) = match role {
                "anon" => ("anon".to_owned(), "{}".to_owned()),
                _ => (format!("tenantry_{role}"), claims::of(role).to_string()),
            };
            db.batch_execute(&format!("BEGIN; SET LOCAL request.jwt.claims = '{text}'; SET LOCAL ROLE {name}"))
                .await
                .expect("it may");
            let seen = match db.query(&names, &[]).await {
                Ok(rows) => rows.len(),
                Err(error) => {
                    assert_eq!((role, error.code().map(SqlState::code)), ("anon", Some("42501")));
                    0
                }
            };
            assert_eq!(seen, expected, "{role}");
            if role != "anon" {
                let row = db.query_one(&by_view, &[]).await.expect("a count");
                assert_eq!(row.get::<_, String>(0), expected.to_string(), "{role}, by the view");
            }
            db.batch_execute("ROLLBACK").await.expect("a transaction is open");
        }
    }
}

#[tokio::test]
async fn on_conflict_does_not_reach_or_reveal_a_hidden_row() {
    let (_database, db) = world().await;
    let subject = Subject::of("system_configurations");
    let hidden = subject.insert("other", "manager");
    let mine = hidden.replace(client("other"), client("own"));
    // The row of another client: neither changed nor skipped as if it were there.
    for conflict in ["DO NOTHING", "(configuration_key, client_id, template_id, environment) DO NOTHING"] {
        assert_eq!(ask_as(&db, "manager", &format!("{hidden} ON CONFLICT {conflict}")).await, Err("42501".to_owned()));
    }
    let update = format!("ON CONFLICT (id) DO UPDATE SET {}", subject.set);
    assert_eq!(ask_as(&db, "manager", &format!("{hidden} {update}")).await, Err("42501".to_owned()));
    // A row of one's own under the other's id: refused, not applied to the other's row.
    assert_eq!(ask_as(&db, "manager", &format!("{mine} {update} RETURNING id")).await, Err("42501".to_owned()));
    // The same key at another's client is refused whether it is taken or free.
    let free = hidden.replace("matrix.other", "matrix.free").replace("d1000000", "d2000000");
    assert_eq!(ask_as(&db, "manager", &free).await, Err("42501".to_owned()));
}

#[tokio::test]
async fn foreign_keys_and_uniques_do_not_tell_whether_a_row_exists() {
    let (_database, db) = world().await;
    let reference = |id: &str| {
        format!(
            "INSERT INTO public.client_deployments (client_id, customization_id, deployment_name)
             VALUES ('{}', '{id}', 'probe')",
            client("own")
        )
    };
    let theirs = Subject::of("client_customizations").key_of("other", "manager");
    let nobodys = "d9000000-0000-4000-8000-000000000000";
    assert_eq!(ask_as(&db, "manager", &reference(&theirs)).await, Err("23503".to_owned()));
    assert_eq!(ask_as(&db, "manager", &reference(nobodys)).await, Err("23503".to_owned()));
    // A deployment of somebody else's takes no event of mine, whatever client I name.
    let event = |id: &str, client: &str| {
        format!(
            "INSERT INTO public.deployment_tracking_events (client_id, deployment_id, event_type)
             VALUES ('{client}', '{id}', 'error')"
        )
    };
    let theirs = Subject::of("client_deployments").key_of("other", "manager");
    for deployment in [theirs.as_str(), nobodys] {
        let own = ask_as(&db, "manager", &event(deployment, client("own"))).await;
        assert_eq!(own, ask_as(&db, "manager", &event(nobodys, client("own"))).await);
        assert!(own.is_err());
        assert_eq!(ask_as(&db, "manager", &event(deployment, client("other"))).await, Err("42501".to_owned()));
    }
    // Nor does an e-mail: who may add clients sees them all.
    for email in ["other@example.com", "free@example.com"] {
        let insert = format!("INSERT INTO public.clients_enhanced (name, email) VALUES ('probe', '{email}')");
        assert_eq!(ask_as(&db, "manager", &insert).await, Err("42501".to_owned()));
        let update = format!("UPDATE public.clients_enhanced SET email = '{email}'");
        assert_eq!(ask_as(&db, "manager", &update).await, Err("42501".to_owned()));
    }
}

#[tokio::test]
async fn a_leaky_function_is_only_called_with_visible_rows() {
    let (_database, db) = world().await;
    // As cheap as can be, so that the planner would like to call it first.
    db.batch_execute(
        "CREATE FUNCTION public.leak(value text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$
         BEGIN PERFORM set_config('leak.seen', concat(current_setting('leak.seen', true), value, ' '), true); RETURN true; END $$;
         GRANT EXECUTE ON FUNCTION public.leak(text) TO PUBLIC",
    )
    .await
    .expect("a superuser's connection");
    for (role, table, column, forbidden) in [
        ("client", "clients_enhanced", "name", "other"),
        ("manager", "client_deployments", "client_id::text", client("other")),
        ("staff", "system_configurations", "configuration_key", "matrix.other"),
        ("client", "client_summary", "name", "other"),
        ("staff", "client_billing_info", "client_id::text", "-"),
    ] {
        let sql = format!(
            "SELECT count(*) FROM public.{table} WHERE public.leak({column}); SELECT current_setting('leak.seen', true)"
        );
        let seen = ask_as(&db, role, &sql).await.expect("it may read").pop().expect("a setting");
        assert!(!seen.contains(forbidden), "{role} saw {seen} of {table}");
    }
}

#[tokio::test]
async fn validating_over_a_dangling_row_fails() {
    let (_database, db) = world().await;
    let constraint = "client_deployments_client_id_customization_id_fkey";
    let definition = db
        .query_one("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = $1", &[&constraint])
        .await
        .expect("the foreign key is there")
        .get::<_, String>(0);
    db.batch_execute(&format!(
        "SET session_replication_role = replica;
         ALTER TABLE public.client_deployments DROP CONSTRAINT {constraint};
         UPDATE public.client_deployments SET customization_id = gen_random_uuid();
         SET session_replication_role = origin;
         SET ROLE tenantry_owner;
         ALTER TABLE public.client_deployments ADD CONSTRAINT {constraint} {definition} NOT VALID"
    ))
    .await
    .expect("the owner adds it unchecked");
    let validated =
        db.batch_execute(&format!("ALTER TABLE public.client_deployments VALIDATE CONSTRAINT {constraint}")).await;
    let error = validated.expect_err("a row dangles");
    assert_eq!(error.code().map(SqlState::code), Some("23503"));
}

#[tokio::test]
async fn a_member_changes_the_value_of_a_delegated_row_and_nothing_else() {
    let (_database, db) = world().await;
    let row = Subject::of("system_configurations").is("delegated", "client");
    let set =
        |what: &str| format!("UPDATE public.system_configurations SET {what} WHERE {row} RETURNING configuration_key");
    assert_eq!(ask_as(&db, "client", &set("configuration_value = '2'")).await, Ok(vec!["matrix.delegated".to_owned()]));
    for what in [
        "configuration_key = 'billing_settings'",
        "configuration_value = '2', configuration_key = 'billing_settings'",
        "is_delegated = true",
        "client_id = NULL",
        "environment = 'production'",
        "is_active = false",
        "template_id = 'shop'",
    ] {
        assert_eq!(ask_as(&db, "client", &set(what)).await, Err("42501".to_owned()), "{what}");
    }
}

#[tokio::test]
async fn the_server_is_nobody_until_it_takes_a_role_and_never_the_owner() {
    let (_database, db) = world().await;
    let as_server = async |sql: &str| {
        db.batch_execute("BEGIN; SET LOCAL SESSION AUTHORIZATION tenantry_server")
            .await
            .expect("a superuser's connection");
        let answer = texts(db.simple_query(sql).await);
        db.batch_execute("ROLLBACK").await.expect("a transaction is open");
        answer
    };
    for refused in [
        CLIENTS,
        "SELECT FROM tenantry.people",
        "SELECT FROM tenantry.person('{}')",
        "SET ROLE tenantry_owner",
        "SET ROLE tenantry_backup",
        "TRUNCATE public.audit_log",
        "CREATE TABLE public.mine ()",
    ] {
        assert_eq!(as_server(refused).await, Err("42501".to_owned()), "{refused}");
    }
    for (role, count) in [("client", "1"), ("staff", "2"), ("manager", "3"), ("service", "4")] {
        let enter = claims::of(role).to_string();
        let sql = format!(
            "SELECT tenantry.enter('{enter}', 'request-1'); SET LOCAL ROLE tenantry_{role}; SELECT count(*) FROM public.clients_enhanced"
        );
        assert_eq!(as_server(&sql).await.expect("it may").pop().as_deref(), Some(count), "{role}");
    }
    // A role that isn't the caller's shows nothing, although the server may take it.
    let sql = format!("SELECT tenantry.enter('{}'); SET LOCAL ROLE tenantry_admin; {CLIENTS}", claims::of("client"));
    assert_eq!(as_server(&sql).await, Ok(vec![String::new()]));
}

#[tokio::test]
async fn enter_turns_away_whoever_may_no_longer_come_in() {
    let (_database, db) = world().await;
    let enter = async |before: String, role: &str| {
        let sql = format!("BEGIN; {before}; SELECT tenantry.enter('{}')", claims::of(role));
        let answer = texts(db.simple_query(&sql).await);
        db.batch_execute("ROLLBACK").await.expect("a transaction is open");
        answer
    };
    assert_eq!(enter("SELECT 1".to_owned(), "manager").await.map(|rows| rows.len()), Ok(2));
    let manager = person("manager");
    for before in [
        format!("UPDATE tenantry.people SET disabled_at = now() WHERE user_id = '{manager}'"),
        format!("UPDATE tenantry.people SET role = 'staff' WHERE user_id = '{manager}'"),
        format!("UPDATE tenantry.sessions SET ended_at = now() WHERE user_id = '{manager}'"),
        format!("DELETE FROM tenantry.sessions WHERE user_id = '{manager}'"),
    ] {
        assert_eq!(enter(before.clone(), "manager").await, Err("TN401".to_owned()), "{before}");
    }
    let revoke = format!("UPDATE tenantry.tokens SET revoked_at = now() WHERE id = '{TOKEN}'");
    assert_eq!(enter(revoke, "service").await, Err("TN401".to_owned()));
    let answer = texts(db.simple_query(r#"SELECT tenantry.enter('{"app_metadata": {"role": "admin"}}')"#).await);
    assert_eq!(answer, Err("TN401".to_owned()));
}

#[tokio::test]
async fn the_lesser_of_role_and_membership_counts() {
    let (_database, db) = world().await;
    // Staff that somebody made a manager of a client read it and manage nothing.
    db.batch_execute(&format!(
        "SET session_replication_role = replica;
         UPDATE public.client_members SET member_role = 'manager' WHERE user_id = '{staff}';
         UPDATE public.client_members SET member_role = 'client' WHERE user_id = '{manager}';
         SET session_replication_role = origin",
        staff = person("staff"),
        manager = person("manager"),
    ))
    .await
    .expect("a superuser's connection");
    assert_eq!(ask_as(&db, "staff", CLIENTS).await.map(|rows| rows.len()), Ok(2));
    assert_eq!(ask_as(&db, "staff", "SELECT tenantry.managed_client_ids()").await, Ok(vec![]));
    // A manager in a client's place is neither.
    assert_eq!(ask_as(&db, "manager", CLIENTS).await, Ok(vec![]));
}

#[tokio::test]
async fn no_row_moves_to_another_client() {
    let (_database, db) = world().await;
    for subject in super::subjects::SUBJECTS.iter().filter(|subject| subject.owner == "client_id") {
        for role in ["client", "staff", "manager", "admin", "service", "super_admin", "worker"] {
            // The manager manages both: only a rule about the row itself is left.
            for target in ["second", "other"] {
                let (table, row) = (subject.table, subject.is("own", role));
                let sql = format!("UPDATE public.{table} SET client_id = '{}' WHERE {row} RETURNING 1", client(target));
                let answer = ask_as(&db, role, &sql).await;
                assert!(!answer.as_ref().is_ok_and(|rows| !rows.is_empty()), "{role} moved {table} to {target}");
            }
        }
    }
}

#[tokio::test]
async fn no_other_kind_of_statement_reaches_a_hidden_row() {
    let (_database, db) = world().await;
    db.batch_execute("ANALYZE public.clients_enhanced").await.expect("a superuser's connection");
    let (own, other) = (client("own"), client("other"));
    let both = format!("id IN ('{own}', '{other}')");
    for sql in [
        format!("SELECT id FROM public.clients_enhanced WHERE {both} FOR UPDATE"),
        format!("SELECT id FROM public.clients_enhanced TABLESAMPLE SYSTEM (100) WHERE {both}"),
        format!("SELECT id FROM ONLY public.clients_enhanced WHERE {both}"),
        format!("DECLARE c CURSOR FOR SELECT id FROM public.clients_enhanced WHERE {both}; FETCH ALL FROM c"),
        format!(
            "CREATE TEMP TABLE taken ON COMMIT DROP AS TABLE public.clients_enhanced; SELECT id FROM taken WHERE {both}"
        ),
        format!("PREPARE p AS SELECT id FROM public.clients_enhanced WHERE {both}; EXECUTE p; DEALLOCATE p"),
        format!("UPDATE public.clients_enhanced SET phone = phone WHERE {both} RETURNING id"),
        format!(
            "SELECT c.id FROM public.clients_enhanced c RIGHT JOIN public.client_summary s USING (id) WHERE s.{both}"
        ),
    ] {
        assert_eq!(ask_as(&db, "manager", &sql).await, Ok(vec![own.to_owned()]), "{sql}");
    }
    // What a superuser sees afterwards, in the same transaction.
    let merged = |condition: &str| {
        format!(
            "MERGE INTO public.clients_enhanced c USING (VALUES ('{own}'::uuid), ('{other}')) v (id) ON {condition}
              WHEN MATCHED THEN UPDATE SET phone = 'merged';
             RESET ROLE; SELECT id FROM public.clients_enhanced WHERE phone = 'merged' AND {both}"
        )
    };
    for condition in ["c.id = v.id", "true"] {
        let seen = ask_as(&db, "manager", &merged(condition)).await;
        assert!(seen == Ok(vec![own.to_owned()]) || seen == Err("21000".to_owned()), "{condition}: {seen:?}");
    }
    let counted = "SELECT count(*)::text FROM pg_catalog.pg_stats WHERE tablename = 'clients_enhanced'";
    assert_eq!(ask_as(&db, "manager", counted).await, Ok(vec!["0".to_owned()]), "statistics hold values");
    for sql in [
        format!("SET LOCAL row_security = off; SELECT id FROM public.clients_enhanced WHERE {both}"),
        "SELECT id FROM tenantry_partitions.audit_log_default".to_owned(),
        "SELECT stavalues1 FROM pg_catalog.pg_statistic".to_owned(),
        "ALTER TABLE public.clients_enhanced DISABLE ROW LEVEL SECURITY".to_owned(),
        "CREATE POLICY mine ON public.clients_enhanced USING (true)".to_owned(),
        "CREATE TABLE public.copied AS TABLE public.clients_enhanced".to_owned(),
        "TRUNCATE public.client_members".to_owned(),
        "LOCK TABLE tenantry.people".to_owned(),
    ] {
        assert_eq!(ask_as(&db, "manager", &sql).await, Err("42501".to_owned()), "{sql}");
    }
}
