//! What `migrate plan --sql` prints does what `migrate up` does, also where rows lie in months to come.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::dumped::left;
use super::site::{MENDED, adopt, columns, hashes, same_schema, schema, site};
use crate::support::{Database, tenantry};

/// A figure for a day that is far ahead.
const AHEAD: &str = "
UPDATE client_analytics SET analytics_date = current_date + 200
 WHERE id = (SELECT id FROM client_analytics ORDER BY id DESC LIMIT 1)";

/// Runs a script as a DBA would.
fn psql(database: &Database, script: &str) {
    let bindir = std::env::var("TENANTRY_TEST_PG_BINDIR").expect("tests/with-postgres says where the programs are");
    let mut child = Command::new(format!("{bindir}/psql"))
        .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", &database.url()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("psql is there");
    child.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("psql reads");
    let output = child.wait_with_output().expect("psql ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

async fn adopts_as_up_does(more: &[&str]) {
    let (by_script, by_up) = (site(more).await, site(more).await);
    let admin = by_script.connect().await;
    let columns = columns(&admin).await;
    let rows = hashes(&admin, &columns).await;
    let plan = tenantry(&["migrate", "plan", "--sql", "--database-url", &by_script.url()]);
    assert_eq!(plan.code, Some(0), "{}", plan.err);
    psql(&by_script, &plan.out);
    adopt(&by_up).await;
    same_schema(&schema(&by_script), &schema(&by_up));
    assert_eq!(hashes(&admin, &columns).await, rows);
    let bounds =
        "SELECT string_agg(concat_ws(' ', c.relname, pg_get_expr(c.relpartbound, c.oid)), chr(10) ORDER BY c.relname)
                    FROM pg_class c WHERE c.relispartition AND c.relkind = 'r'";
    let bounds = async |admin: &tenantry::db::admin::Admin| -> Option<String> {
        admin.query_one(bounds, &[]).await.expect("the catalog").get(0)
    };
    assert_eq!(bounds(&admin).await, bounds(&by_up.connect().await).await);
    let left = tenantry(&["migrate", "up", "--no-backup", "--format", "json", "--database-url", &by_script.url()]);
    assert_eq!(left.code, Some(0), "{}", left.err);
    let left: serde_json::Value = serde_json::from_str(&left.out).expect("JSON");
    assert_eq!(left["applied"], serde_json::json!([]), "nothing is left to do");
}

#[tokio::test]
async fn the_script_adopts_as_up_does_where_rules_are_pending() {
    adopts_as_up_does(&[]).await;
}

#[tokio::test]
async fn the_script_partitions_after_the_last_row_there_is() {
    adopts_as_up_does(&[MENDED, AHEAD]).await;
}

#[tokio::test]
async fn after_an_up_the_plan_has_what_is_left() {
    let database = site(&[]).await;
    adopt(&database).await;
    assert_eq!(left(&database), Vec::<String>::new(), "rows are in the way");
    let admin = database.connect().await;
    admin.batch_execute(&format!("SET session_replication_role = replica; {MENDED}")).await.expect("a person mends");
    let left = left(&database);
    assert!(left.iter().any(|step| step.contains("client_analytics is partitioned")), "{left:?}");
}
