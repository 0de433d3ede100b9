use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::Client;

use super::mending::Diagnosis;
use super::model::Model;
use super::survey::Subject;
use super::{auth_users, compare, names, subject};
use crate::db::catalog::{Table, read};
use crate::db::migrate::{Content, Migration, Runner, Step, ledger, migrations};
use crate::db::quote::literal;
use crate::{Error, Result};

/// What stands in a database that tables of Tenantry's were found in, which Tenantry hasn't made.
#[derive(Clone, Debug, Default)]
pub struct Adoption {
    /// The shape that the migrations give, with the site's types.
    pub model: Model,
    /// Tables of ours that the site had.
    pub tables: BTreeSet<String>,
    /// Roles of the site's that keep their rights.
    pub keep_roles: Vec<String>,
    /// What is known of the rows, for a rehearsal on a copy that has none.
    pub assumed: Option<Assumed>,
}

/// What a plan depends on and only rows tell.
#[derive(Clone, Debug, Default)]
pub struct Assumed {
    /// What is wrong with them.
    pub diagnoses: Vec<Diagnosis>,
    /// Where each plain table that is to be partitioned ends as a partition; none where a row is at infinity.
    pub bounds: BTreeMap<String, Option<String>>,
}

/// The five tables that sites have; a table of another name was made by hand after ours.
const FIVE: [&str; 5] = [
    "clients_enhanced",
    "client_customizations",
    "client_deployments",
    "deployment_tracking_events",
    "client_analytics",
];

/// Tables that hold Tenantry's own trails, which nobody else's rows can be part of.
const NEVER_ADOPTED: [&str; 2] = ["audit_log", "configuration_versions"];

impl Adoption {
    /// Looks, changing nothing, which tables of ours the site has, and refuses those of another shape with every
    /// difference at once.
    pub async fn look(runner: &Runner<'_>, keep_roles: &[String]) -> Result<Self> {
        let names = tables_of_ours();
        let present = read::tables(runner.admin, "public", &names).await?;
        let made = made_by_us(runner).await?;
        let site: Vec<Table> = present.into_iter().filter(|table| !made.contains(table.name.as_str())).collect();
        let in_the_way = names::in_the_way(runner.admin).await?;
        if !in_the_way.is_empty() {
            return Err(refused(&in_the_way));
        }
        let mut differences = auth_users::unusable(runner.admin).await?;
        if differences.is_empty() && site.is_empty() && !has_others(runner.admin).await? {
            return Ok(Self::default());
        }
        let recorded = recorded(runner).await?;
        let model = Model::read(runner.admin, &site).await?;
        differences.extend(model.differences.iter().cloned());
        let new: Vec<Table> = site.iter().filter(|table| !recorded.contains(&table.name)).cloned().collect();
        for table in &new {
            if NEVER_ADOPTED.contains(&table.name.as_str()) {
                differences
                    .push(format!("public.{} exists: Tenantry's must hold nothing but its own entries", table.name));
            } else if let Some(model) = model.tables.get(&table.name) {
                differences.extend(compare::differences(table, model));
            }
        }
        differences.extend(names::related(runner.admin, &new).await?);
        differences.extend(names::kept_as_values(runner.admin, &new).await?);
        differences.extend(names::not_owned(runner.admin, &site).await?);
        if differences.is_empty() {
            differences.extend(names::nameless_rows(runner.admin, &new).await?);
            differences.extend(names::not_updatable(runner.admin, &new).await?);
        }
        differences.extend(names::taken(runner.admin, &model).await?);
        if !differences.is_empty() {
            return Err(refused(&differences));
        }
        let tables = site.into_iter().map(|table| table.name).collect();
        Ok(Self { model, tables, keep_roles: keep_roles.to_vec(), assumed: None })
    }

    /// The adopted tables that aren't partitioned yet, each with the rules that it lacks, as the survey wants them.
    pub async fn subjects(&self, client: &Client) -> Result<Vec<Subject>> {
        let mut subjects = Vec::new();
        for table in &self.tables {
            let (Some(actual), Some(model)) = (read::table(client, table).await?, self.model.tables.get(table)) else {
                continue;
            };
            if actual.kind == 'r' {
                subjects.push(subject(&actual, model, self.model.partitioned_by.contains_key(table)));
            }
        }
        Ok(subjects)
    }

    /// Whether a table was the site's before it was ours.
    pub fn concerns(&self, table: &str) -> bool {
        self.tables.contains(table)
    }

    /// Whether a table is one of those that only Tenantry has, made by hand before.
    pub fn made_by_hand(table: &str) -> bool {
        !FIVE.contains(&table)
    }

    /// The migration that gives a table its shape.
    pub fn migration(table: &str) -> &'static str {
        migrations()
            .iter()
            .find(|migration| matches!(migration.content, Content::Table { table: name, .. } if name == table))
            .map_or("0003_clients_enhanced", |migration| migration.name)
    }
}

/// Every table that a migration makes in `public`, in the order of the migrations.
pub(super) fn tables_of_ours() -> Vec<&'static str> {
    let table = |migration: &Migration| match migration.content {
        Content::Table { table, .. } => Some(table),
        _ => None,
    };
    migrations().iter().filter_map(table).collect()
}

/// Whether anything in `public` isn't Tenantry's, whose names may be in the way.
async fn has_others(client: &Client) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c
                               WHERE c.relnamespace = 'public'::pg_catalog.regnamespace
                                 AND c.relowner IS DISTINCT FROM pg_catalog.to_regrole('tenantry_owner'))";
    Ok(client.query_one(sql, &[]).await?.get(0))
}

/// Tables that a migration has made, whole, in this database.
async fn made_by_us(runner: &Runner<'_>) -> Result<BTreeSet<&'static str>> {
    let steps: BTreeSet<String> = ledger::read(runner.admin)
        .await?
        .into_iter()
        .filter(|entry| entry.step == "whole")
        .map(|entry| entry.migration)
        .collect();
    let made = migrations().into_iter().filter(|migration| steps.contains(migration.name));
    Ok(made
        .filter_map(|migration| match migration.content {
            Content::Table { table, .. } => Some(table),
            _ => None,
        })
        .collect())
}

/// Tables and views whose former shape is recorded.
pub async fn recorded(runner: &Runner<'_>) -> Result<BTreeSet<String>> {
    let there = runner.admin.query_one("SELECT to_regclass('tenantry.adopted_tables') IS NOT NULL", &[]).await?;
    if !there.get::<_, bool>(0) {
        return Ok(BTreeSet::new());
    }
    let rows = runner.admin.query("SELECT table_name::text FROM tenantry.adopted_tables", &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The step that records a relation as it was, before anything about it is changed.
pub fn record(relation: &Table) -> Result<Step> {
    let sql = format!(
        "INSERT INTO tenantry.adopted_tables (table_name, catalog) VALUES ({}, {}) ON CONFLICT (table_name) DO NOTHING",
        literal(&relation.name),
        literal(&serde_json::to_string(relation)?)
    );
    Ok(Step::transaction(format!("{} recorded as it was", relation.name), sql))
}

fn refused(differences: &[String]) -> Error {
    let list: Vec<String> = differences.iter().map(|difference| format!("\n  - {difference}")).collect();
    Error::failure(format!("what the site has can't be adopted as it is; nothing was changed:{}", list.concat()))
        .mend("do what is said of each, then run it again")
}
