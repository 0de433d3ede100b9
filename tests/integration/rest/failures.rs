//! What PostgreSQL refuses, or doesn't do in time, in the words of the table API.

use hyper::{Method, StatusCode};
use serde_json::json;
use tenantry::settings::{Server as Settings, Sessions};

use super::world::{ACME, BOLT, Expect as _, Who, World};

/// Refuses a change of a client with the SQLSTATE that stands in its phone.
const REFUSING: &str = "
    CREATE FUNCTION tenantry.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'told by a trigger' USING ERRCODE = NEW.phone, DETAIL = 'more of it', HINT = 'a mend';
    END $$;
    CREATE TRIGGER refuse BEFORE UPDATE ON public.clients_enhanced FOR EACH ROW EXECUTE FUNCTION tenantry.refuse()";

fn acme() -> String {
    format!("clients_enhanced?id=eq.{ACME}")
}

#[tokio::test]
async fn each_state_of_postgresql_has_its_status() {
    let world = World::new().await;
    world.admin.batch_execute(REFUSING).await.expect("a trigger");
    for (state, status, code) in [
        ("23503", 409, "23503"),
        ("23505", 409, "23505"),
        ("40001", 409, "40001"),
        ("40P01", 409, "40P01"),
        ("42501", 403, "42501"),
        ("42P01", 404, "42P01"),
        ("42883", 404, "42883"),
        ("25006", 405, "25006"),
        ("57014", 504, "57014"),
        ("P0001", 400, "P0001"),
        ("22012", 400, "22012"),
        ("23514", 400, "23514"),
        ("54000", 400, "54000"),
        ("TN422", 422, "TN422"),
        ("TN401", 401, "PGRST303"),
    ] {
        let said = world.patch(Who::Admin, &acme(), &json!({ "phone": state })).send().await.refused(status, code);
        assert_eq!(said["message"], "told by a trigger", "{said}");
    }
    for (state, status, code) in [
        ("08006", 503, "PGRST001"),
        ("53300", 503, "PGRST001"),
        ("57P03", 503, "PGRST001"),
        ("XX000", 500, "PGRSTX00"),
        ("58030", 500, "PGRSTX00"),
        ("P0002", 500, "PGRSTX00"),
    ] {
        let answer = world.patch(Who::Admin, &acme(), &json!({ "phone": state })).send().await;
        assert_eq!(answer.header("retry-after").is_some(), status == 503, "{state}");
        assert!(!answer.text().contains("told by a trigger") && !answer.text().contains("more of it"), "{state}");
        answer.refused(status, code);
    }
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended() {
    let sessions = Sessions { statement_timeout: 2_000, ..Sessions::default() };
    let world = World::with(Settings { sessions, ..Settings::default() }).await;
    let slow = "CREATE FUNCTION tenantry.dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN PERFORM pg_sleep(600); RETURN NEW; END $$;
                CREATE TRIGGER dawdle BEFORE UPDATE ON public.clients_enhanced FOR EACH ROW EXECUTE FUNCTION tenantry.dawdle()";
    world.admin.batch_execute(slow).await.expect("a trigger");
    let said = world.patch(Who::Admin, &acme(), &json!({ "phone": "1" })).send().await.refused(504, "57014");
    assert!(said["hint"].as_str().is_some_and(|hint| hint.contains("ask for less")), "{said}");
    world.get(Who::Admin, &acme()).send().await.expect(200);
    assert_eq!(world.value(&format!("SELECT phone FROM clients_enhanced WHERE id = '{ACME}'")).await, "NULL");
}

#[tokio::test]
async fn who_finds_every_connection_busy_is_told_so_in_time() {
    let sessions = Sessions { pool_size: 1, pool_wait: 200, ..Sessions::default() };
    let world = World::with(Settings { sessions, ..Settings::default() }).await;
    let held = format!("BEGIN; UPDATE public.clients_enhanced SET phone = '0' WHERE id = '{ACME}'");
    world.admin.batch_execute(&held).await.expect("a row is held");
    let waiting = async {
        world.patch(Who::Admin, &acme(), &json!({ "phone": "1" })).send().await.expect(204);
    };
    let others = async {
        let other = world.server.database.connect().await;
        let is_waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
        while other.query(is_waiting, &[]).await.expect("activity").is_empty() {
            tokio::task::yield_now().await;
        }
        let bolt = format!("clients_enhanced?id=eq.{BOLT}");
        let said = world.get(Who::Admin, &bolt).send().await.refused(504, "PGRST003");
        assert!(said["hint"].is_string(), "{said}");
        // Health and sign-in have connections of their own.
        assert_eq!(world.server.get("/readyz").await.status, StatusCode::OK);
        let nobody = json!({ "email": "nobody@example.com", "password": "not this one" });
        let refused = world.server.call(Method::POST, "/auth/v1/token?grant_type=password").json(&nobody).send().await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text());
        world.admin.batch_execute("ROLLBACK").await.expect("the row is let go");
    };
    tokio::join!(waiting, others);
    world.get(Who::Admin, &acme()).send().await.expect(200);
}
