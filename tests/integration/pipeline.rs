//! The server's way to PostgreSQL: transactions whose messages go out together.

use serde_json::json;
use tenantry::db::caller::{Act, Caller, Claims};
use tenantry::db::database::Database;
use tenantry::db::policies::rules::Role;
use tenantry::db::text::Text;
use tenantry::settings::{Pooler, Sessions};
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use crate::support;

/// A database with one manager of one of its two clients, and the server's handle on it.
async fn world(sessions: &Sessions) -> (support::Database, Database, Caller) {
    let database = support::Database::migrated().await;
    let manager = Uuid::new_v4();
    let admin = database.connect().await;
    admin
        .batch_execute(&format!(
            "INSERT INTO tenantry.people (user_id, role) VALUES ('{manager}', 'manager');
             INSERT INTO public.clients_enhanced (name, email) VALUES ('one', 'one@example.com'), ('two', 'two@example.com');
             INSERT INTO public.client_members (client_id, user_id, member_role)
             SELECT id, '{manager}', 'manager' FROM public.clients_enhanced WHERE name = 'one'"
        ))
        .await
        .expect("rows");
    let handle = Database::new(&database.server_config(), sessions).expect("a pool");
    let claims = Claims::new(json!({ "sub": manager, "role": "authenticated", "app_metadata": { "role": "manager" } }));
    (database, handle, Caller::Person(claims, Role::Manager))
}

const NAMES: &str = "SELECT name FROM public.clients_enhanced ORDER BY name";
const RENAME: &str = "UPDATE public.clients_enhanced SET name = $1 WHERE email = $2 RETURNING id";

fn poolers() -> [Sessions; 3] {
    [Pooler::None, Pooler::Prepared, Pooler::Unprepared].map(|pooler| Sessions {
        pooler,
        pool_size: 1,
        ..Sessions::default()
    })
}

#[tokio::test]
async fn everybody_sees_what_the_policies_let_them_see() {
    for sessions in poolers() {
        let (_database, handle, manager) = world(&sessions).await;
        let act = Act::new("a test");
        for _ in 0..3 {
            let rows = handle.read(&manager, &act, NAMES, &[]).await.expect("a manager reads");
            assert_eq!(rows.iter().map(|row| row.get::<_, &str>(0)).collect::<Vec<_>>(), ["one"]);
            let refused = handle.read(&Caller::anonymous(), &act, NAMES, &[]).await.expect_err("anon has no grant");
            assert_eq!(refused.sql_state().map(SqlState::code), Some("42501"), "{refused}");
        }
    }
}

#[tokio::test]
async fn the_first_failure_is_the_one_that_is_reported_and_the_connection_goes_on() {
    for sessions in poolers() {
        let (database, handle, manager) = world(&sessions).await;
        let act = Act::new("a test");
        let before = handle.read(&manager, &act, "SELECT pg_backend_pid()", &[]).await.expect("it reads");
        for _ in 0..2 {
            for (sql, state) in [
                ("SELECT nothing FROM public.clients_enhanced", "42703"),
                ("SELECT 1 / (now() < '2000-01-01')::int", "22012"),
            ] {
                let refused = handle.once(&manager, &act, sql, &[]).await.expect_err("it can't run");
                assert_eq!(refused.sql_state().map(SqlState::code), Some(state), "{refused}");
            }
        }
        database
            .connect()
            .await
            .batch_execute("UPDATE tenantry.people SET disabled_at = now()")
            .await
            .expect("an update");
        for _ in 0..2 {
            let refused =
                handle.once(&manager, &act, RENAME, &[&"three", &"one@example.com"]).await.expect_err("disabled");
            assert_eq!(refused.sql_state().map(SqlState::code), Some("TN401"), "{refused}");
        }
        database
            .connect()
            .await
            .batch_execute("UPDATE tenantry.people SET disabled_at = NULL")
            .await
            .expect("an update");
        let rows = handle.read(&manager, &act, NAMES, &[]).await.expect("a manager reads");
        assert_eq!(rows[0].get::<_, &str>(0), "one", "nothing was written");
        let after = handle.read(&manager, &act, "SELECT pg_backend_pid()", &[]).await.expect("it reads");
        assert_eq!(before[0].get::<_, i32>(0), after[0].get::<_, i32>(0), "it is the same connection");
    }
}

#[tokio::test]
async fn a_transaction_is_kept_by_commit_and_by_nothing_else() {
    for sessions in poolers() {
        let (_database, handle, manager) = world(&sessions).await;
        let act = Act::new("a test");
        let tx = handle.begin(&manager, &act).await.expect("it begins");
        tx.query_one(RENAME, &[&"dropped", &"one@example.com"]).await.expect("it is theirs");
        drop(tx);
        let tx = handle.begin(&manager, &act).await.expect("it begins");
        assert_eq!(tx.query_one(NAMES, &[]).await.expect("a row").get::<_, &str>(0), "one");
        tx.query(RENAME, &[&"first", &"one@example.com"]).await.expect("it is theirs");
        tx.commit().await.expect("it commits");
        let tx = handle.begin(&manager, &act).await.expect("it begins");
        tx.query("SELECT nothing", &[]).await.expect_err("no such column");
        tx.commit().await.expect_err("nothing is left to commit");
        let tx = handle.begin(&manager, &act).await.expect("it begins");
        tx.finish(RENAME, &[&"last", &"one@example.com"]).await.expect("it is theirs");
        let rows = handle.read(&manager, &act, NAMES, &[]).await.expect("a manager reads");
        assert_eq!(rows[0].get::<_, &str>(0), "last");
        let refused =
            handle.read(&manager, &act, RENAME, &[&"read", &"one@example.com"]).await.expect_err("it only reads");
        assert_eq!(refused.sql_state().map(SqlState::code), Some("25006"), "{refused}");
    }
}

#[tokio::test]
async fn a_value_goes_as_text_whatever_its_type() {
    let (_database, handle, manager) = world(&Sessions::default()).await;
    let act = Act::new("a test");
    let sql = "SELECT ($1::uuid)::text, ($2::int + 1)::text, $3::timestamptz IS NULL, $4::text::jsonb ->> 'a'";
    let (id, number, json) = (Uuid::new_v4().to_string(), "41", r#"{"a": "b"}"#);
    let rows = handle
        .read(&manager, &act, sql, &[&Text(Some(&id)), &Text(Some(number)), &Text(None), &Text(Some(json))])
        .await
        .expect("it reads");
    assert_eq!((rows[0].get::<_, &str>(0), rows[0].get::<_, &str>(1)), (id.as_str(), "42"));
    assert_eq!((rows[0].get::<_, bool>(2), rows[0].get::<_, &str>(3)), (true, "b"));
    let refused = handle.read(&manager, &act, "SELECT $1::int", &[&Text(Some("many"))]).await.expect_err("no number");
    assert_eq!(refused.sql_state().map(SqlState::code), Some("22P02"));
}

#[tokio::test]
async fn a_statement_follows_the_schema() {
    let (database, handle, _) = world(&Sessions { pool_size: 1, ..Sessions::default() }).await;
    let act = Act::new("a test");
    let admin = database.connect().await;
    admin
        .batch_execute("CREATE TABLE public.of_the_site (a int); GRANT SELECT, INSERT ON public.of_the_site TO anon")
        .await
        .expect("a table");
    let sql = "SELECT * FROM public.of_the_site";
    handle
        .once(&Caller::anonymous(), &act, "INSERT INTO public.of_the_site VALUES (1) RETURNING a", &[])
        .await
        .expect("anon may");
    assert_eq!(handle.read(&Caller::anonymous(), &act, sql, &[]).await.expect("a row")[0].len(), 1);
    admin.batch_execute("ALTER TABLE public.of_the_site ADD b int").await.expect("a column");
    assert_eq!(handle.read(&Caller::anonymous(), &act, sql, &[]).await.expect("a row")[0].len(), 2);
}
