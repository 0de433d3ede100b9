use super::model::Model;
use super::planner;
use super::rule::Violation;
use super::survey::{self, Subject};
use crate::Result;
use crate::db::admin::Admin;
use crate::db::catalog::{Table, read};

/// Tries every rule of the model on every row, whatever the catalog says of its constraints.
///
/// A superuser can write past constraints (with triggers off, or by hand in the catalog), and then they say what isn't
/// true.
pub async fn untrue(admin: &Admin) -> Result<Vec<Violation>> {
    let mut present = Vec::new();
    for table in super::adoption::tables_of_ours() {
        present.extend(read::table(admin, table).await?);
    }
    let model = Model::read(admin, &present).await?;
    let subjects: Vec<Subject> = present
        .iter()
        .filter_map(|actual| {
            let bare = Table { constraints: Vec::new(), indexes: Vec::new(), ..actual.clone() };
            let rules = planner::rules_wanting(&bare, model.tables.get(&actual.name)?, false);
            Some(Subject { table: actual.name.clone(), rules, missing: std::collections::BTreeMap::new() })
        })
        .collect();
    survey::in_one_snapshot(admin, &subjects).await
}
