//! Every kind of write of every table prepares on the schema as it is.

use dialect::headers::media::Answer;
use dialect::headers::prefer::{Missing, Prefer, Resolution, Return};
use dialect::{Limits, Query};
use serde_json::{Map, Value};
use tenantry::tables::body::Body;
use tenantry::tables::catalog::{Catalog, Relation, read};
use tenantry::tables::plan::{self, Asker, Write};
use tenantry::tables::refusal::Refusal;
use tenantry::tables::sql::{self, Form};

use crate::support::Database;

const ROLE: &str = "tenantry_super_admin";

fn query(text: &str) -> Query {
    Query::parse(text.as_bytes(), &Limits::default()).expect("a query")
}

/// A body with every column that the role may write in this way.
fn body(relation: &Relation, may: impl Fn(&tenantry::tables::catalog::Column) -> bool) -> Map<String, Value> {
    relation.columns.iter().filter(|column| may(column)).map(|column| (column.name.clone(), Value::Null)).collect()
}

/// Every write of a relation, each under a name.
fn writes(catalog: &Catalog, place: usize) -> Vec<(String, Result<Write, Refusal>)> {
    let relation = catalog.relation(place);
    let asker = Asker { catalog, role: ROLE, max_rows: 1_000 };
    let new = Value::from(body(relation, |column| column.insert.contain(ROLE)));
    let (one, several) = (new.to_string(), Value::from(vec![new]).to_string());
    let changed = Value::from(body(relation, |column| column.update.contain(ROLE))).to_string();
    let (one, several) = (Body::parse(one.as_bytes()).unwrap(), Body::parse(several.as_bytes()).unwrap());
    let changed = Body::parse(changed.as_bytes()).unwrap();
    let key = &relation.columns[relation.primary_key[0]].name;

    let mut found = Vec::new();
    for returning in [None, Some(Return::Representation)] {
        let prefer = Prefer { returning, ..Prefer::default() };
        found.push(("one".to_owned(), plan::insert(&asker, place, &query(""), &prefer, &one)));
        found.push(("several".to_owned(), plan::insert(&asker, place, &query(""), &prefer, &several)));
        let defaults = Prefer { missing: Some(Missing::Default), ..prefer.clone() };
        found.push(("several or defaults".to_owned(), plan::insert(&asker, place, &query(""), &defaults, &several)));
        for target in &relation.conflict_targets {
            let columns: Vec<&str> =
                target.columns.iter().map(|place| relation.columns[*place].name.as_str()).collect();
            for resolution in [Resolution::MergeDuplicates, Resolution::IgnoreDuplicates] {
                let upsert = Prefer { resolution: Some(resolution), ..prefer.clone() };
                let asked = query(&format!("on_conflict={}", columns.join(",")));
                found.push((
                    format!("{resolution} {columns:?}"),
                    plan::insert(&asker, place, &asked, &upsert, &several),
                ));
            }
        }
        let filter = query(&format!("{key}=is.null"));
        found.push(("change".to_owned(), plan::update(&asker, place, &filter, &prefer, &changed)));
        found.push(("removal".to_owned(), plan::delete(&asker, place, &filter, &prefer)));
    }
    found
}

#[tokio::test]
async fn every_write_that_is_accepted_prepares() {
    let database = Database::migrated().await;
    let mut admin = database.connect().await;
    let catalog = read::by_operator(&mut admin, &[]).await.unwrap();
    let mut prepared = 0;
    for place in (0..catalog.relations().len()).filter(|place| catalog.relation(*place).is_writable()) {
        for (name, plan) in writes(&catalog, place) {
            let plan = match plan {
                Ok(plan) => plan,
                Err(refusal) => {
                    // What the list of policies grants to nobody, or a target that the role may not change.
                    assert!(refusal.code == "42501" || refusal.code == "PGRST102", "{name}: {refusal:?}");
                    continue;
                }
            };
            for form in [Answer::Array, Answer::Object, Answer::Csv] {
                let statement = sql::write(&catalog, &plan, "[]", None, Form::Body(form));
                let place = &catalog.relation(plan.relation).name;
                admin
                    .prepare(&statement.sql)
                    .await
                    .unwrap_or_else(|error| panic!("{place}, {name}: {error:?}\n{}", statement.sql));
                prepared += 1;
            }
        }
    }
    assert!(prepared > 200, "only {prepared} statements were tried");
}
