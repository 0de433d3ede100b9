//! What `tenantry.enter` notes for the policies: it is believed on the server's own connections and nowhere else, for one
//! role and one transaction.

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
            let looked_up = last(&db, &[&enter, &take, &count]).await;
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
async fn a_forged_note_is_believed_of_nobody_but_the_server() {
    let (_database, db) = world().await;
    let forged = [
        "SET LOCAL tenantry.entered = 'tenantry_manager'".to_owned(),
        format!("SET LOCAL tenantry.member_of = '{{{}}}'", client("other")),
        take("manager"),
    ];
    let forged: Vec<&str> = forged.iter().map(String::as_str).collect();
    assert_eq!(last(&db, &[&forged[..], &[CLIENTS]].concat()).await, Vec::<String>::new());
    let templates = "SELECT id FROM public.template_configurations";
    assert_eq!(last(&db, &[&forged[..], &[templates]].concat()).await, Vec::<String>::new());
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
