//! What holds for any request on the schema as it is.

use std::sync::Arc;

use dialect::headers::media::Answer;
use dialect::{Limits, Query};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use tenantry::db::admin::Admin;
use tenantry::tables::catalog::read;
use tenantry::tables::plan::{self, Asker};
use tenantry::tables::sql::{self, Form};
use tokio::runtime::Runtime;

use super::queries::queries;
use crate::support::Database;

const ROLES: [&str; 3] = ["tenantry_super_admin", "tenantry_manager", "tenantry_client"];

const FORMS: [Form; 4] =
    [Form::Body(Answer::Array), Form::Body(Answer::Object), Form::Body(Answer::Csv), Form::Counted];

#[test]
fn every_query_that_is_accepted_prepares() {
    let runtime = Runtime::new().expect("a runtime");
    let (_database, admin, catalog) = runtime.block_on(async {
        let database = Database::migrated().await;
        let mut admin = database.connect().await;
        let catalog = read::by_operator(&mut admin, &[]).await.expect("the catalog can be read");
        (database, admin, Arc::new(catalog))
    });
    for role in ROLES {
        let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
        let asked = (queries(&catalog, role), prop::sample::select(FORMS.to_vec()), any::<bool>());
        let outcome = runner.run(&asked, |((place, query), form, with_total)| {
            let asker = Asker { catalog: &catalog, role, max_rows: 1_000 };
            let statement = statement(&asker, place, &query, form, with_total)?;
            runtime
                .block_on(prepares(&admin, &statement.sql))
                .map_err(|why| TestCaseError::fail(format!("{why}\n{}", statement.sql)))
        });
        match outcome {
            Ok(()) => {}
            Err(TestError::Fail(why, ((place, query), ..))) => {
                panic!("as {role} on {}: {why}\n{query}", catalog.relation(place).name)
            }
            Err(why) => panic!("as {role}: {why}"),
        }
    }
}

/// The statement of a query as it would come over the wire.
fn statement(
    asker: &Asker<'_>,
    place: usize,
    query: &Query,
    form: Form,
    with_total: bool,
) -> Result<sql::Statement, TestCaseError> {
    let wire = query.to_string();
    let read = Query::parse(wire.as_bytes(), &Limits::default())
        .map_err(|why| TestCaseError::fail(format!("{why}\n{wire}")))?;
    let plan =
        plan::read(asker, place, &read, with_total).map_err(|why| TestCaseError::fail(format!("{why:?}\n{wire}")))?;
    Ok(sql::read(asker.catalog, &plan, form))
}

async fn prepares(admin: &Admin, sql: &str) -> Result<(), String> {
    admin.prepare(sql).await.map(drop).map_err(|why| format!("{why:?}"))
}
