//! What views show: as much as the policies of their tables let through for whoever asks.

use std::collections::BTreeSet;

use tokio_postgres::SimpleQueryMessage;

use super::claims;
use super::world::{client, furnish};
use crate::support::Database;

/// A view, its column with the client, and the clients that each role sees there.
type View = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The clients of whose rows each view shows any, typed by hand; `all` are own, joined, other, second.
const EXPECTED: &[View] = &[
    (
        "client_summary",
        "id",
        &[("client", "own"), ("staff", "own joined"), ("manager", "own joined second"), ("admin", "all")],
    ),
    (
        "client_configuration_summary",
        "client_id",
        &[("client", "own"), ("staff", "own joined"), ("manager", "own joined second"), ("super_admin", "all")],
    ),
    (
        "deployment_status_summary",
        "client_id",
        &[("client", "own"), ("staff", "own joined"), ("manager", "own joined"), ("service", "own joined other")],
    ),
];

#[tokio::test]
async fn a_view_shows_what_its_tables_would() {
    let database = Database::migrated().await;
    let db = database.connect().await;
    furnish(&db).await;
    for (view, column, roles) in EXPECTED {
        for (role, names) in *roles {
            let names = if *names == "all" { "own joined other second" } else { names };
            let expected: BTreeSet<String> = names.split(' ').map(|name| client(name).to_owned()).collect();
            let seen =
                ask(&db, role, &claims::of(role).to_string(), &format!("SELECT {column} FROM public.{view}")).await;
            assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), expected, "{view} as {role}");
            let nothing = ask(&db, role, "{}", &format!("SELECT {column} FROM public.{view}")).await;
            assert!(nothing.is_empty(), "{view} as {role} without claims: {nothing:?}");
        }
    }
}

#[tokio::test]
async fn a_view_hides_what_a_column_of_it_would_tell() {
    let database = Database::migrated().await;
    let db = database.connect().await;
    furnish(&db).await;
    let of_own = |columns: &str| {
        format!("SELECT {columns} FROM public.client_configuration_summary WHERE client_id = '{}'", client("own"))
    };
    // Staff see no billing; a client's login doesn't count its encrypted row.
    for (role, columns, expected) in [
        ("manager", "subscription_tier", "basic"),
        ("staff", "coalesce(subscription_tier, 'hidden')", "hidden"),
        ("manager", "system_configurations_count", "3"),
        ("client", "system_configurations_count", "2"),
    ] {
        assert_eq!(
            ask(&db, role, &claims::of(role).to_string(), &of_own(columns)).await,
            [expected],
            "{columns} as {role}"
        );
    }
}

async fn ask(db: &tokio_postgres::Client, role: &str, claims: &str, sql: &str) -> Vec<String> {
    let before = format!("BEGIN; SET LOCAL request.jwt.claims = '{claims}'; SET LOCAL ROLE tenantry_{role}");
    db.batch_execute(&before).await.expect("a superuser's connection");
    let answer = db.simple_query(sql).await.unwrap_or_else(|error| panic!("{sql} as {role}: {error:?}"));
    db.batch_execute("ROLLBACK").await.expect("a transaction is open");
    let texts = answer.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    texts.collect()
}
