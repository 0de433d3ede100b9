//! The whole matrix, and the proof that it would notice a policy that lets everything through.

use std::collections::BTreeSet;

use tokio_postgres::Client;

use super::catalog::{broken, broken_while_rules_are_pending};
use super::cell::{Act, Cell, Outcome};
use super::claims::Claims;
use super::expected::{Expectation, expectations};
use super::subjects::{SUBJECTS, Subject};
use super::world::furnish;
use crate::adoption::site::{MENDED, adopt, site};
use crate::support::Database;

#[tokio::test]
async fn every_role_reaches_exactly_what_it_may() {
    reaches_exactly_what_it_may(&Database::migrated().await, &Claims::NOT_IN_FORCE).await;
}

#[tokio::test]
async fn so_it_does_in_adopted_tables_that_rows_keep_plain() {
    let database = site(&[]).await;
    adopt(&database).await;
    let db = database.connect().await;
    let broken = broken_while_rules_are_pending(&db).await;
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    reaches_exactly_what_it_may(&database, &[Claims::None, Claims::SomebodyElses, Claims::Disabled]).await;
}

#[tokio::test]
async fn so_it_does_in_adopted_tables_that_were_mended() {
    let database = site(&[MENDED]).await;
    adopt(&database).await;
    let db = database.connect().await;
    let broken = broken(&db).await;
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    reaches_exactly_what_it_may(&database, &[Claims::None, Claims::SomebodyElses, Claims::Disabled]).await;
}

/// Tries every cell; `states` are those of claims that don't hold, the first of which is none at all.
async fn reaches_exactly_what_it_may(database: &Database, states: &[Claims]) {
    let db = database.connect().await;
    furnish(&db).await;
    let expected = expectations();
    let mut wrong = Vec::new();
    // A setting that was never set differs from one that is empty, so that state goes first.
    for (subject, role) in pairs(&expected) {
        wrong.extend(not_in_force(&db, subject, role, &states[..1]).await);
    }
    for (subject, role) in pairs(&expected) {
        wrong.extend(in_force(&db, &expected, subject, role).await);
        wrong.extend(not_in_force(&db, subject, role, &states[1..]).await);
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn the_matrix_notices_each_policy_that_lets_everything_through() {
    let database = Database::migrated().await;
    let db = database.connect().await;
    furnish(&db).await;
    let expected = expectations();
    let mut unnoticed = Vec::new();
    for policy in policies(&db).await {
        db.batch_execute(&format!("BEGIN; {}", policy.mutation))
            .await
            .unwrap_or_else(|error| panic!("{policy:?}: {error:?}"));
        let role = policy.role.trim_start_matches("tenantry_").to_owned();
        let subject = Subject::of(&policy.table);
        let noticed = !in_force_inside(&db, &expected, subject, &role).await.is_empty()
            || !not_in_force_inside(&db, subject, &role, &[Claims::SomebodyElses]).await.is_empty();
        db.batch_execute("ROLLBACK").await.expect("a transaction is open");
        if !noticed {
            unnoticed.push(policy.mutation);
        }
    }
    assert!(unnoticed.is_empty(), "unnoticed:\n{}", unnoticed.join("\n"));
}

/// A policy of a request role that asks something, as it would be if it didn't.
#[derive(Debug)]
struct Mutant {
    table: String,
    role: String,
    mutation: String,
}

/// Each policy with everything `true`, and each that judges new rows with only that judgement `true`.
///
/// Where the role has no grant on the column that says whose row it is, the second is no mutation: the grant holds it. Grants
/// are asked in a CASE, since PostgreSQL may weigh the condition on the schema last.
async fn policies(db: &Client) -> Vec<Mutant> {
    let rows = db
        .query(
            "SELECT p.tablename::text, p.roles[1]::text,
                    format('ALTER POLICY %I ON public.%I %s %s', p.policyname, p.tablename,
                           CASE WHEN m.whole AND p.qual IS NOT NULL THEN 'USING (true)' END,
                           CASE WHEN p.with_check IS NOT NULL THEN 'WITH CHECK (true)' END)
               FROM pg_policies p CROSS JOIN (VALUES (true), (false)) m (whole)
              WHERE p.schemaname = 'public' AND p.policyname LIKE 'tenantry\\_%'
                AND (p.qual <> 'true' OR p.with_check <> 'true')
                AND (m.whole OR p.cmd = 'UPDATE' AND p.with_check LIKE '%\\_client\\_ids()%'
                     AND CASE p.schemaname WHEN 'public' THEN has_column_privilege(p.roles[1], format('public.%I', p.tablename),
                                              CASE p.tablename WHEN 'clients_enhanced' THEN 'id' ELSE 'client_id' END, 'UPDATE') END)
              ORDER BY 1, 2, 3",
            &[],
        )
        .await
        .expect("the catalog");
    assert!(rows.len() > 100, "only {} policies ask something", rows.len());
    rows.iter().map(|row| Mutant { table: row.get(0), role: row.get(1), mutation: row.get(2) }).collect()
}

/// Every pair of a table and a role that something is expected of.
fn pairs(expected: &[Expectation]) -> Vec<(&'static Subject, &'static str)> {
    let roles: BTreeSet<&'static str> = expected.iter().map(|expectation| expectation.role).collect();
    SUBJECTS.iter().flat_map(|subject| roles.iter().map(move |role| (subject, *role))).collect()
}

async fn in_force(db: &Client, expected: &[Expectation], subject: &'static Subject, role: &str) -> Vec<String> {
    db.batch_execute("BEGIN").await.expect("no transaction is open");
    let wrong = in_force_inside(db, expected, subject, role).await;
    db.batch_execute("ROLLBACK").await.expect("a transaction is open");
    wrong
}

async fn in_force_inside(db: &Client, expected: &[Expectation], subject: &'static Subject, role: &str) -> Vec<String> {
    let here: Vec<&Expectation> =
        expected.iter().filter(|expectation| expectation.table == subject.table && expectation.role == role).collect();
    assert_eq!(here.len(), subject.rows.len(), "{} as {role}: every row has an expectation", subject.table);
    let mut wrong = Vec::new();
    for act in Act::OF_ALL_ROWS.into_iter().filter(|act| policies_decide(*act, subject, role)) {
        let may: BTreeSet<&str> =
            here.iter().filter(|expectation| act.is_allowed(expectation)).map(|expectation| expectation.row).collect();
        let cell = Cell { subject, role, claims: Claims::InForce, act, row: "" };
        let outcome = cell.try_out(db).await;
        if !(outcome == Outcome::Reached(may.clone()) || may.is_empty() && outcome.reached_nothing()) {
            wrong.push(format!("{cell}: expected {may:?}, got {outcome:?}"));
        }
    }
    for expectation in here {
        for act in Act::OF_ONE_ROW {
            let cell = Cell { subject, role, claims: Claims::InForce, act, row: expectation.row };
            let outcome = cell.try_out(db).await;
            let right = match act {
                _ if !act.is_allowed(expectation) => outcome.reached_nothing(),
                _ => outcome == Outcome::Reached(BTreeSet::from([expectation.row])),
            };
            if !right {
                wrong.push(format!("{cell}: got {outcome:?}"));
            }
        }
    }
    wrong
}

/// Moves by those whose policies know no client are held by triggers, which this matrix leaves aside.
fn policies_decide(act: Act, subject: &Subject, role: &str) -> bool {
    let sees_all = ["admin", "service", "super_admin", "worker", "owner"].contains(&role);
    act != Act::MoveAll || !subject.owner.is_empty() && !sees_all
}

async fn not_in_force(db: &Client, subject: &'static Subject, role: &str, states: &[Claims]) -> Vec<String> {
    db.batch_execute("BEGIN").await.expect("no transaction is open");
    let wrong = not_in_force_inside(db, subject, role, states).await;
    db.batch_execute("ROLLBACK").await.expect("a transaction is open");
    wrong
}

/// A request's role reaches nothing, whatever it tries, while its claims don't hold.
async fn not_in_force_inside(db: &Client, subject: &'static Subject, role: &str, states: &[Claims]) -> Vec<String> {
    let mut wrong = Vec::new();
    if !["client", "staff", "manager", "admin", "service", "super_admin"].contains(&role) {
        return wrong;
    }
    for claims in states.iter().copied().filter(|claims| claims.concerns(role)) {
        let of_one = [Act::Insert, Act::Upsert].map(|act| (act, subject.rows[0]));
        let of_all = [Act::SelectAll, Act::UpdateAll, Act::DeleteAll].map(|act| (act, ""));
        for (act, row) in of_all.into_iter().chain(of_one) {
            let cell = Cell { subject, role, claims, act, row };
            let outcome = cell.try_out(db).await;
            if !outcome.reached_nothing() {
                wrong.push(format!("{cell}: got {outcome:?}"));
            }
        }
    }
    wrong
}
