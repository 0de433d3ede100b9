use std::collections::BTreeMap;

use super::{compare, site_views};
use crate::db::admin::Admin;
use crate::db::catalog::{Column, Index, Table, read, reread, sql::as_written};
use crate::db::migrate::{Content, Migration, migrations};
use crate::db::quote::{ident, literal, qualified};
use crate::{Error, Result};

/// The schema in which the model stands for the length of a transaction that is rolled back.
const SCHEMA: &str = "tenantry_model";

/// The shape that the migrations give their tables, with a site's column types where those stay.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Tables by name, as in `public`; a partitioned one stands here as a plain table.
    pub tables: BTreeMap<String, Table>,
    /// The column by whose months a table is partitioned, by table.
    pub partitioned_by: BTreeMap<String, String>,
    /// Columns of the site's whose type can't carry what the schema asks of them.
    pub differences: Vec<String>,
}

impl Model {
    /// Makes the tables of all migrations in a transaction, gives columns the types that `present` has, reads the
    /// catalog, and rolls everything back.
    pub async fn read(admin: &Admin, present: &[Table]) -> Result<Self> {
        admin.batch_execute(&format!("BEGIN; SET LOCAL lock_timeout = '1s'; CREATE SCHEMA {SCHEMA}")).await?;
        let made = make(admin, present).await;
        let rolled_back = admin.batch_execute("ROLLBACK").await;
        let model = made.map_err(|error| error.within("the model of the tables"))?;
        rolled_back?;
        Ok(model)
    }
}

async fn make(admin: &Admin, present: &[Table]) -> Result<Model> {
    let mut model = Model::default();
    let mut names = Vec::new();
    admin.batch_execute(&format!("SET LOCAL search_path = {SCHEMA}")).await?;
    for migration in migrations() {
        let Content::Table { table, .. } = migration.content else { continue };
        let (plain, key) = plain(&migration)?;
        admin.batch_execute(&plain).await?;
        if let Some(key) = key {
            model.partitioned_by.insert(table.to_owned(), key);
        }
        names.push(table);
    }
    let theirs: Vec<&str> = present.iter().filter(|site| site.kind == 'r').map(|site| site.name.as_str()).collect();
    for made in read::tables(admin, SCHEMA, &theirs).await? {
        if let Some(site) = present.iter().find(|site| site.name == made.name) {
            for column in &site.columns {
                model.differences.extend(take_type(admin, &made, column).await?);
            }
        }
    }
    model.differences.extend(site_views::misfits(admin, SCHEMA).await?);
    let mut made = read::tables(admin, SCHEMA, &names).await?;
    reread::note(admin, SCHEMA, &mut made).await?;
    for made in made {
        let named = serde_json::to_string(&made)?.replace(SCHEMA, "public");
        model.tables.insert(made.name, serde_json::from_str(&named)?);
    }
    Ok(model)
}

/// What makes a migration's table as a plain one, and the column that it is partitioned by.
///
/// A partitioned table refuses another type for the column of its key, and an adopted one is plain until its swap.
fn plain(migration: &Migration) -> Result<(String, Option<String>)> {
    const WORDS: &str = "PARTITION BY RANGE (";
    let up = migration.up();
    let Some(at) = up.find(WORDS) else { return Ok((up.into_owned(), None)) };
    let key = &up[at + WORDS.len()..];
    let end = key
        .find(')')
        .ok_or_else(|| Error::failure(format!("migration {}: a partition key without an end", migration.name)))?;
    Ok((format!("{}{}", &up[..at], &key[end + 1..]), Some(key[..end].to_owned())))
}

/// Gives a column of the model the site's type where that stays; says what is wrong where it can't carry the schema.
async fn take_type(admin: &Admin, made: &Table, site: &Column) -> Result<Option<String>> {
    let Some(ours) = made.column(&site.name) else { return Ok(None) };
    if ours.type_name == site.type_name && ours.collation == site.collation || compare::widens(site, ours) {
        return Ok(None);
    }
    let difference = |why: &str| {
        let (place, now, wanted) = (format!("{}.{}", made.name, site.name), &site.type_name, &ours.type_name);
        format!("{place} is {now}, Tenantry's is {wanted}{why}: give it that type (ALTER COLUMN … TYPE), or rename it")
    };
    if !compare::compatible(site, ours) {
        return Ok(Some(difference("")));
    }
    let lacking = lacking(admin, made, site).await?;
    if !lacking.is_empty() {
        let add = lacking.iter().map(|word| format!("ALTER TYPE {} ADD VALUE {}", site.type_name, literal(word)));
        let add = add.collect::<Vec<_>>().join("; ");
        let place = format!("{}.{}", made.name, site.name);
        return Ok(Some(format!("{place} is {}, which lacks {}: {add}", site.type_name, lacking.join(", "))));
    }
    let (table, column) = (qualified(SCHEMA, &made.name), ident(&site.name));
    let (aside, again) = predicates(made, site);
    let collation = site.collation.as_ref().map_or_else(String::new, |name| format!(" COLLATE {name}"));
    let statement = format!(
        "SAVEPOINT take_type;
         {aside}
         ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT;
         ALTER TABLE {table} ALTER COLUMN {column} TYPE {}{collation} USING NULL;
         {again}",
        site.type_name
    );
    if let Err(error) = admin.batch_execute(&statement).await.map_err(Error::from) {
        admin.batch_execute("ROLLBACK TO SAVEPOINT take_type").await?;
        return Ok(Some(difference(&format!(": {}", error.what()))));
    }
    // A default that doesn't fit the site's type is left out: then the column has none of ours.
    if let Some(default) = &ours.default {
        let set = format!(
            "SAVEPOINT default_; ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {}",
            plain_default(default)
        );
        if admin.batch_execute(&set).await.is_err() {
            admin.batch_execute("ROLLBACK TO SAVEPOINT default_").await?;
        }
    }
    Ok(None)
}

/// The words of a list that a site's enum lacks: the schema compares its column with each of them.
async fn lacking(admin: &Admin, made: &Table, site: &Column) -> Result<Vec<String>> {
    if site.category != 'E' {
        return Ok(Vec::new());
    }
    let list = made.constraints.iter().filter(|check| check.columns == [site.name.clone()]);
    let words: Vec<&str> = list
        .filter_map(|check| check.expression.as_deref())
        .flat_map(|expression| expression.split('\'').skip(1).step_by(2))
        .collect();
    let rows = admin
        .query(
            "SELECT word FROM pg_catalog.unnest($1::text[]) WITH ORDINALITY AS list (word, place)
              WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_enum e
                                 WHERE e.enumtypid = $2::text::pg_catalog.regtype AND e.enumlabel = word)
              ORDER BY place",
            &[&words, &site.type_name],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Indexes whose WHERE reads the column, dropped and made again: PostgreSQL would read an enum there as text, which no
/// index may.
fn predicates(made: &Table, site: &Column) -> (String, String) {
    let reads = |index: &&Index| index.predicate.as_deref().is_some_and(|predicate| predicate.contains(&site.name));
    let over = made.indexes.iter().filter(|index| site.category == 'E' && index.constraint.is_none()).filter(reads);
    over.map(|index| {
        let made = as_written(&index.definition).replace("'::character varying", "'");
        (format!("DROP INDEX {};\n", qualified(SCHEMA, &index.name)), format!("{made};\n"))
    })
    .unzip()
}

/// A constant without the cast to the type that the column had.
fn plain_default(default: &str) -> &str {
    match default.strip_prefix('\'').and_then(|rest| rest.rfind("'::")) {
        Some(end) => &default[..end + 2],
        None => default,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_lose_their_cast() {
        assert_eq!(plain_default("'active'::character varying"), "'active'");
        assert_eq!(plain_default("now()"), "now()");
    }

    #[test]
    fn partitioned_tables_are_modelled_plain() {
        for migration in migrations().iter().filter(|migration| matches!(migration.content, Content::Table { .. })) {
            let (sql, key) = plain(migration).expect("a table's file");
            assert!(!sql.contains("PARTITION BY"), "{}", migration.name);
            assert_eq!(key.is_some(), migration.up().contains("PARTITION BY"), "{}", migration.name);
        }
    }
}
