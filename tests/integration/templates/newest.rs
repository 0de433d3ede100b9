//! Which version is the newest is asked in two places, the program and the database: both say the same.

use std::cmp::Ordering;

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use tenantry::configurations::documents::newer;

use crate::changes::world::{ACME, Who, World};

/// Semantic versions with what makes them hard to compare, and what only looks like one.
const VERSIONS: &str = "(0|1|2|10|01)\\.(0|9|10)\\.(0|3)(-(0|1|2|10|01|a|A|a1|1a|-|rc|beta|)(\\.(0|1|2|11|x|))?)?(\\+(1|b|))?|latest|v?1\\.[29]";

/// The largest number that a part may be, and what lies beyond.
const EDGES: [&str; 6] = [
    "18446744073709551615.0.0",
    "18446744073709551616.0.0",
    "1.0.0-18446744073709551616",
    "1.0.0-9",
    "1.0.0\n",
    "\u{661}.0.0",
];

fn versions(count: usize) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let strategy = proptest::string::string_regex(VERSIONS).expect("an expression");
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("a version").current()).collect()
}

#[tokio::test]
async fn the_database_orders_versions_as_the_program_does() {
    let world = World::new().await;
    let mut words = versions(150);
    words.extend(EDGES.map(ToOwned::to_owned));
    let rows = world
        .admin
        .query(
            r#"WITH w AS (SELECT w.word, tenantry.version_rank(w.word) COLLATE "C" AS rank FROM unnest($1::text[]) w (word))
               SELECT a.word, b.word,
                      CASE WHEN a.rank IS NULL OR b.rank IS NULL OR a.rank = b.rank
                           THEN CASE WHEN (a.rank IS NULL) <> (b.rank IS NULL) THEN (b.rank IS NULL)::int * 2 - 1
                                     WHEN a.word = b.word THEN 0 WHEN a.word COLLATE "C" < b.word COLLATE "C" THEN -1 ELSE 1 END
                           WHEN a.rank < b.rank THEN -1 ELSE 1 END
                 FROM w a CROSS JOIN w b"#,
            &[&words],
        )
        .await
        .expect("an order");
    assert_eq!(rows.len(), words.len() * words.len());
    for row in rows {
        let (a, b, by_database): (&str, &str, i32) = (row.get(0), row.get(1), row.get(2));
        assert_eq!(newer((a, 0), (b, 0)), by_database.cmp(&0), "{a:?} and {b:?}");
    }
    assert_eq!(
        newer(("1.0.0+1", 0), ("1.0.0+2", 1)),
        Ordering::Less,
        "what follows a + says nothing, when it was made does"
    );
    assert_eq!(newer(("1.0.0+2", 0), ("1.0.0+1", 1)), Ordering::Less);
}

#[tokio::test]
async fn usage_counts_for_the_version_that_documents_are_built_from() {
    let world = World::new().await;
    let words = versions(240);
    for (number, some) in words.chunks(6).enumerate() {
        let mut some: Vec<&str> = some.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
        some.sort_unstable();
        some.dedup();
        let template = format!("t{number}");
        let insert = "INSERT INTO template_configurations (template_id, template_version, template_name)
                      SELECT $1, v, 'T' FROM unnest($2::text[]) v";
        world.admin.execute(insert, &[&template, &some]).await.expect("versions");
        let path = format!("/api/v1/clients/{ACME}/configuration?template={template}");
        let document = world.get(Who::Admin, &path).await.json();
        let counted = format!("SELECT template_version FROM tenantry.newest_versions('{{{template}}}')");
        assert_eq!(document["template_version"], world.value(&counted).await, "of {some:?}");
    }
}
