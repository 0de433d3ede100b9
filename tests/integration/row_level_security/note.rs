//! What `tenantry.enter` notes for the policies: it holds for one role and one transaction, and only who may enter as
//! anybody could forge one.

use tokio_postgres::{Client, SimpleQueryMessage};

use super::claims;
use super::subjects::SUBJECTS;
use super::world::{client, furnish, person};
use crate::support::Database;

const CLIENTS: &str = "SELECT id FROM public.clients_enhanced ORDER BY id";

async fn world() -> (Database, impl std::ops::Deref<Target = Client>) {
    let database = Database::migrated().await;
    let db = database.connect().await;
    furnish(&db).await;
    db.batch_execute("SET session_replication_role = origin").await.expect("a superuser's connection");
    (database, db)
}

/// What the last statement of a transaction gives, which is undone.
async fn last(db: &Client, statements: &[&str]) -> Vec<String> {
    let answer = db.simple_query(&format!("BEGIN; {}", statements.join("; "))).await.expect("it may");
    db.batch_execute("ROLLBACK").await.expect("a transaction is open");
    let mut rows = Vec::new();
    for message in answer {
        match message {
            SimpleQueryMessage::RowDescription(_) => rows.clear(),
            SimpleQueryMessage::Row(row) => rows.push(row.get(0).unwrap_or("NULL").to_owned()),
            _ => {}
        }
    }
    rows
}

fn enter(role: &str) -> String {
    format!("SELECT tenantry.enter('{}')", claims::of(role))
}

fn take(role: &str) -> String {
    format!("SET LOCAL ROLE tenantry_{role}")
}

const AS_SERVER: &str = "SET LOCAL SESSION AUTHORIZATION tenantry_server";

#[tokio::test]
async fn with_a_note_everybody_sees_what_they_see_without() {
    let (_database, db) = world().await;
    for role in ["client", "staff", "manager", "admin", "service", "super_admin"] {
        let (enter, take) = (enter(role), take(role));
        for subject in SUBJECTS {
            let count = format!("SELECT count(*) FROM public.{}", subject.table);
            let noted = last(&db, &[AS_SERVER, &enter, &take, &count]).await;
            let forgotten = "SET LOCAL tenantry.entered = ''";
            let looked_up = last(&db, &[AS_SERVER, &enter, forgotten, &take, &count]).await;
            assert_eq!(noted, looked_up, "{} as {role}", subject.table);
        }
    }
}

#[tokio::test]
async fn a_note_is_for_one_role_and_one_transaction() {
    let (_database, db) = world().await;
    let manager = enter("manager");
    assert_eq!(last(&db, &[AS_SERVER, &manager, &take("manager"), CLIENTS]).await.len(), 3);
    for role in ["client", "staff", "admin", "service", "super_admin"] {
        assert_eq!(last(&db, &[AS_SERVER, &manager, &take(role), CLIENTS]).await, Vec::<String>::new(), "{role}");
    }
    // Whoever enters next takes the place of whoever was there.
    let next = [AS_SERVER, &manager, &enter("client"), &take("manager"), CLIENTS];
    assert_eq!(last(&db, &next).await, Vec::<String>::new());
    assert_eq!(last(&db, &[AS_SERVER, &take("manager"), CLIENTS]).await, Vec::<String>::new());
    // What was taken away counts from the next transaction, which enter refuses; so do claims without it.
    db.batch_execute(&format!(
        "UPDATE tenantry.people SET disabled_at = now() WHERE user_id = '{}'",
        person("manager")
    ))
    .await
    .expect("a superuser's connection");
    let claims = format!("SET LOCAL request.jwt.claims = '{}'", claims::of("manager"));
    assert_eq!(last(&db, &[AS_SERVER, &claims, &take("manager"), CLIENTS]).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_note_helps_nobody_who_cannot_enter() {
    let (_database, db) = world().await;
    let name = format!("note_taker_{}", std::process::id());
    db.batch_execute(&format!("CREATE ROLE {name} LOGIN; GRANT SELECT ON public.clients_enhanced TO {name}"))
        .await
        .expect("a superuser's connection");
    let forged = format!("SET LOCAL tenantry.member_of = '{{{}}}'", client("other"));
    // Neither a login of the site's with a grant, nor a request that nobody signed in for.
    for role in [name.as_str(), "anon", "authenticated"] {
        for entered in ["tenantry_manager", role] {
            let statements = format!(
                "BEGIN; SET LOCAL tenantry.entered = '{entered}'; {forged}; SET LOCAL SESSION AUTHORIZATION {role}; {CLIENTS}"
            );
            let seen = db.simple_query(&statements).await;
            db.batch_execute("ROLLBACK").await.expect("a transaction is open");
            let rows = |answer: Vec<SimpleQueryMessage>| {
                answer.iter().filter(|message| matches!(message, SimpleQueryMessage::Row(_))).count()
            };
            assert_eq!(seen.map_or(0, rows), 0, "{role} with a note of {entered}");
        }
        let take = format!("BEGIN; SET LOCAL SESSION AUTHORIZATION {role}; SET LOCAL ROLE tenantry_manager");
        assert!(db.simple_query(&take).await.is_err(), "{role} takes the role");
        db.batch_execute("ROLLBACK").await.expect("a transaction is open");
    }
    db.batch_execute(&format!("DROP OWNED BY {name}; DROP ROLE {name}")).await.expect("a superuser's connection");
}

#[tokio::test]
async fn whoever_has_very_many_clients_sees_all_of_them() {
    let (_database, db) = world().await;
    db.batch_execute(&format!(
        "SET session_replication_role = replica;
         INSERT INTO public.clients_enhanced (id, name, email)
         SELECT md5(n::text)::uuid, n::text, n || '@many.example' FROM generate_series(1, 250) n;
         INSERT INTO public.client_members (client_id, user_id, member_role)
         SELECT md5(n::text)::uuid, '{}', 'staff' FROM generate_series(1, 250) n;
         SET session_replication_role = origin",
        person("staff")
    ))
    .await
    .expect("a superuser's connection");
    let seen = last(&db, &[AS_SERVER, &enter("staff"), &take("staff"), CLIENTS]).await;
    assert_eq!(seen.len(), 252);
    let noted = [AS_SERVER, &enter("staff"), "SELECT current_setting('tenantry.entered')"];
    assert_eq!(last(&db, &noted).await, [""]);
}
