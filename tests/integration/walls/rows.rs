use hyper::Method;
use serde_json::Value;

use super::world::{ROLES, Walls};
use crate::row_level_security::expected::expectations;
use crate::row_level_security::subjects::Subject;

/// The query string that finds a row.
fn filter(subject: &Subject, row: &str, role: &str) -> String {
    subject.is(row, role).replace(" AND ", "&").replace(" = '", "=eq.").replace('\'', "")
}

#[tokio::test]
async fn every_role_reads_through_http_what_the_matrix_says_and_nothing_else() {
    let walls = Walls::new().await;
    let bearers: Vec<(&str, String)> = ROLES.iter().map(|role| (*role, walls.bearer(role))).collect();
    for expectation in expectations() {
        let Some((role, bearer)) = bearers.iter().find(|(role, _)| *role == expectation.role) else { continue };
        let (table, subject) = (expectation.table, Subject::of(expectation.table));
        let path = format!("/rest/v1/{table}?{}", filter(subject, expectation.row, role));
        let answer = walls.call(Method::GET, &path, bearer).send().await;
        let place = format!("{table} {} as {role}: {}", expectation.row, answer.text());
        if *role == "anon" {
            assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (401, &Value::from("42501")), "{place}");
            continue;
        }
        assert_eq!(answer.status, 200, "{place}");
        let found = answer.json().as_array().expect("a list").len();
        assert_eq!(found, usize::from(expectation.allows('S')), "{place}");
        let count = walls.call(Method::HEAD, &path, bearer).header("prefer", "count=exact").send().await;
        assert!(count.header("content-range").is_some_and(|range| range.ends_with(&format!("/{found}"))), "{place}");
    }
}

#[tokio::test]
async fn another_clients_rows_are_neither_changed_nor_deleted() {
    let walls = Walls::new().await;
    let bearers: Vec<(&str, String)> = ROLES.iter().map(|role| (*role, walls.bearer(role))).collect();
    for expectation in expectations() {
        let Some((role, bearer)) = bearers.iter().find(|(role, _)| *role == expectation.role) else { continue };
        let subject = Subject::of(expectation.table);
        let path = format!("/rest/v1/{}?{}", expectation.table, filter(subject, expectation.row, role));
        let is_there = format!(
            "SELECT to_jsonb(t)::text FROM public.{} t WHERE {}",
            expectation.table,
            subject.is(expectation.row, role)
        );
        let before = walls.text(&is_there).await;
        if !expectation.allows('D') {
            let answer = walls.call(Method::DELETE, &path, bearer).send().await;
            assert!([204, 401, 403].contains(&answer.status.as_u16()), "{path} as {role}: {}", answer.text());
        }
        if !expectation.allows('U') {
            let (column, _) = subject.set.split_once(" = ").expect("a column and its value");
            let body = serde_json::json!({ column: null });
            let answer = walls.call(Method::PATCH, &path, bearer).json(&body).send().await;
            assert!(answer.status.is_client_error() || answer.status == 204, "{path} as {role}: {}", answer.text());
        }
        assert_eq!(walls.text(&is_there).await, before, "{path} as {role}");
    }
}
