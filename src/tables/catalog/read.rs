use std::collections::HashMap;

use serde::Deserialize;

use super::relation::{Check, Column, ConflictTarget, Identity, Kind, Relation, Unique};
use super::relationship::{ForeignKey, Showings};
use super::roles::{REQUEST_ROLES, Roles};
use super::{Catalog, lists, views};
use crate::Result;
use crate::db::admin::Admin;
use crate::db::caller::Caller;
use crate::db::tx::Tx;

/// Reads what the table API exposes of a database.
///
/// The transaction's role must be one that may read `tenantry.tables`, such as a job's. `listed` are tables and views
/// of the site's own that a setting exposes without row level security.
pub async fn catalog(tx: &Tx<'_>, listed: &[String]) -> Result<Catalog> {
    tx.run("SET LOCAL search_path = ''").await?;
    let fingerprint = fingerprint(tx).await?;
    let roles: Vec<&str> = REQUEST_ROLES.to_vec();
    let rows = tx.query(include_str!("relations.sql"), &[&listed, &roles]).await?;
    let raw: Vec<RawRelation> =
        rows.iter().map(|row| serde_json::from_value(row.get(0))).collect::<Result<_, serde_json::Error>>()?;
    let keys = foreign_keys(tx).await?;
    let origins = tx.query(include_str!("views.sql"), &[]).await?;
    let origins = origins.iter().map(|row| (row.get(0), views::origins(row.get(1)))).collect();

    let exposed: Vec<(u32, HashMap<i16, usize>)> =
        raw.iter().map(|relation| (relation.oid, relation.numbers())).collect();
    let mut relations: Vec<Relation> = raw.into_iter().map(RawRelation::into_relation).collect();
    let showings = Showings::new(&exposed, &relations, &origins);
    showings.pass_lists_on(&mut relations);
    let relationships = keys.iter().flat_map(|key| showings.relationships(key)).collect();
    Ok(Catalog::new(fingerprint, relations, relationships))
}

/// The same on an operator's own connection.
pub async fn by_operator(admin: &mut Admin, listed: &[String]) -> Result<Catalog> {
    let tx = Tx::begin(admin, &Caller::Worker, "read the catalog").await?;
    catalog(&tx, listed).await
}

/// What differs whenever something was changed that [`catalog`] reads.
pub async fn fingerprint(tx: &Tx<'_>) -> Result<String> {
    Ok(tx.query_one(include_str!("fingerprint.sql"), &[]).await?.get(0))
}

async fn foreign_keys(tx: &Tx<'_>) -> Result<Vec<ForeignKey>> {
    let rows = tx.query(include_str!("foreign_keys.sql"), &[]).await?;
    let keys = rows.iter().map(|row| ForeignKey {
        name: row.get(0),
        relation: row.get(1),
        columns: row.get(2),
        target: row.get(3),
        target_columns: row.get(4),
        is_one_to_one: row.get(5),
    });
    Ok(keys.collect())
}

#[derive(Deserialize)]
struct RawRelation {
    name: String,
    oid: u32,
    kind: char,
    is_ours: bool,
    comment: Option<String>,
    delete: Roles,
    columns: Vec<RawColumn>,
    keys: Vec<RawKey>,
    unique_indexes: Vec<RawTarget>,
    checks: Vec<RawCheck>,
}

#[derive(Deserialize)]
struct RawColumn {
    name: String,
    number: i16,
    #[serde(rename = "type")]
    type_name: String,
    cast_type: String,
    pg_type: String,
    base_type: String,
    category: char,
    labels: Vec<String>,
    not_null: bool,
    default: Option<String>,
    generated: bool,
    identity: Option<Identity>,
    comment: Option<String>,
    select: Roles,
    insert: Roles,
    update: Roles,
}

#[derive(Deserialize)]
struct RawKey {
    name: String,
    primary: bool,
    columns: Vec<i16>,
}

#[derive(Deserialize)]
struct RawTarget {
    columns: Vec<i16>,
    is_exact: bool,
    words: String,
}

#[derive(Deserialize)]
struct RawCheck {
    name: String,
    columns: Vec<i16>,
    expression: String,
}

impl RawRelation {
    /// The places of its columns by their numbers, which have gaps where columns were dropped.
    fn numbers(&self) -> HashMap<i16, usize> {
        self.columns.iter().enumerate().map(|(place, column)| (column.number, place)).collect()
    }

    fn into_relation(self) -> Relation {
        let numbers = self.numbers();
        let places =
            |columns: &[i16]| columns.iter().filter_map(|number| numbers.get(number).copied()).collect::<Vec<_>>();
        let (primary, uniques): (Vec<&RawKey>, Vec<&RawKey>) = self.keys.iter().partition(|key| key.primary);
        let checks: Vec<Check> = self
            .checks
            .iter()
            .map(|check| Check {
                name: check.name.clone(),
                columns: places(&check.columns),
                expression: check.expression.clone(),
            })
            .collect();
        Relation {
            kind: match self.kind {
                'v' => Kind::View,
                'm' => Kind::MaterialisedView,
                'f' => Kind::ForeignTable,
                _ => Kind::Table,
            },
            is_ours: self.is_ours,
            comment: self.comment,
            primary_key: primary.first().map(|key| places(&key.columns)).unwrap_or_default(),
            uniques: uniques
                .iter()
                .map(|key| Unique { name: key.name.clone(), columns: places(&key.columns) })
                .collect(),
            conflict_targets: self
                .unique_indexes
                .iter()
                .map(|index| ConflictTarget {
                    columns: places(&index.columns),
                    is_exact: index.is_exact,
                    sql: index.words.clone(),
                })
                .collect(),
            columns: self
                .columns
                .into_iter()
                .enumerate()
                .map(|(place, column)| column.into_column(place, &checks))
                .collect(),
            checks,
            delete: self.delete,
            name: self.name,
        }
    }
}

impl RawColumn {
    fn into_column(self, place: usize, checks: &[Check]) -> Column {
        let values = checks
            .iter()
            .filter(|check| check.columns == [place])
            .find_map(|check| lists::values(&check.expression, &self.name))
            .unwrap_or_default();
        Column {
            name: self.name,
            type_name: self.type_name,
            cast_type: self.cast_type,
            pg_type: self.pg_type,
            base_type: self.base_type,
            category: self.category,
            labels: self.labels,
            not_null: self.not_null,
            default: self.default,
            generated: self.generated,
            identity: self.identity,
            comment: self.comment,
            values,
            select: self.select,
            insert: self.insert,
            update: self.update,
        }
    }
}
