use super::{SCHEMA, adopted_name, bound, locks, pending_name};
use crate::db::adopt::planner;
use crate::db::catalog::{Constraint, ConstraintKind, Grant, Index, Table, sql};
use crate::db::migrate::Step;
use crate::db::quote::{ident, literal, qualified};

/// The index that becomes the primary key at the swap; the site's key stays until then.
pub(super) fn key(actual: &Table, model: &Table) -> Vec<Step> {
    let Some(wanted) = primary_key(model) else { return Vec::new() };
    let name = future_key(&wanted.name);
    let there = |index: &Index| index.valid && index.same_as(wanted);
    if actual.index(&name).is_some_and(there) || primary_key(actual).is_some_and(there) {
        return Vec::new();
    }
    let statement = format!("CREATE UNIQUE INDEX CONCURRENTLY {} ON {}", ident(&name), wanted.body());
    vec![Step::index(&name, statement)]
}

fn primary_key(table: &Table) -> Option<&Index> {
    let key = table.constraints.iter().find(|constraint| constraint.kind == ConstraintKind::PrimaryKey)?;
    table.index(key.index.as_deref()?)
}

/// The name of the primary key's index before the swap.
fn future_key(name: &str) -> String {
    sql::derived(name, "future")
}

/// The swap, in one transaction.
pub(super) fn swap(actual: &Table, model: &Table, key: &str, limit: &str, views: &[Table]) -> Step {
    let parent = actual.sql_name();
    let partition = qualified(SCHEMA, &adopted_name(&actual.name));
    let mut sql = vec![put_aside(actual, views), "SET LOCAL ROLE tenantry_owner;\n".to_owned()];
    sql.push(new_key(actual, model));
    sql.push(format!(
        "ALTER TABLE {parent} RENAME TO {};\nALTER TABLE {} SET SCHEMA {SCHEMA};\n",
        ident(&adopted_name(&actual.name)),
        qualified("public", &adopted_name(&actual.name))
    ));
    sql.push(format!(
        "CREATE TABLE {parent} (LIKE {partition} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED \
         INCLUDING STORAGE INCLUDING COMPRESSION) PARTITION BY RANGE ({});\n\
         ALTER TABLE {parent} DROP CONSTRAINT {};\n",
        ident(key),
        ident(&planner::bound(&actual.name))
    ));
    sql.push(indexes(actual, model));
    sql.push(foreign_keys(actual));
    sql.push(format!(
        "SET LOCAL ROLE tenantry_owner;\n\
         ALTER TABLE {parent} ATTACH PARTITION {partition} FOR VALUES FROM (MINVALUE) TO ({});\n\
         ALTER TABLE {partition} DROP CONSTRAINT {};\n\
         SELECT tenantry.make_partition({}, {});\n",
        bound::as_value(actual, key, limit),
        ident(&planner::bound(&actual.name)),
        literal(&actual.name),
        literal(limit)
    ));
    sql.push(walls(actual));
    sql.push(belongings(actual, model));
    sql.push(format!(
        "DELETE FROM tenantry.pending_rules WHERE table_name = {} AND rule = {};\nRESET ROLE;\n",
        literal(&actual.name),
        literal(&pending_name(&actual.name))
    ));
    sql.push(actual.triggers.iter().map(|trigger| trigger.create(&parent)).collect());
    sql.push(actual.publications.iter().map(|publication| publication.add(&parent)).collect());
    // Subscribers know the table by its name, not by that of a partition.
    let by_partition = actual.publications.iter().filter(|publication| !publication.via_root);
    sql.push(by_partition.map(|publication| publication.through_root(true)).collect());
    sql.push(views.iter().map(Table::create_view).collect());
    Step::locking(format!("{} is partitioned", actual.name), locks(actual), sql.concat())
        .as_migrator()
        .after_old_transactions()
}

/// Views, publications, triggers and policies of the table, which are made again on the parent.
fn put_aside(actual: &Table, views: &[Table]) -> String {
    let table = actual.sql_name();
    let views = views.iter().rev().map(Table::drop_view);
    let publications = actual
        .publications
        .iter()
        .map(|publication| format!("ALTER PUBLICATION {} DROP TABLE {table};\n", ident(&publication.name)));
    let triggers = actual.triggers.iter().map(|trigger| format!("DROP TRIGGER {} ON {table};\n", ident(&trigger.name)));
    let policies = actual
        .policies
        .iter()
        .filter(|policy| policy.name != planner::OWNER_POLICY)
        .map(|policy| format!("DROP POLICY {} ON {table};\n", ident(&policy.name)));
    let statistics =
        actual.statistics.iter().map(|one| format!("DROP STATISTICS {};\n", qualified(&one.schema, &one.name)));
    views.chain(publications).chain(triggers).chain(policies).chain(statistics).collect()
}

fn new_key(actual: &Table, model: &Table) -> String {
    let Some(wanted) = primary_key(model) else { return String::new() };
    if primary_key(actual).is_some_and(|present| present.same_as(wanted)) {
        return String::new();
    }
    let table = actual.sql_name();
    let former = actual.constraints.iter().find(|constraint| constraint.kind == ConstraintKind::PrimaryKey);
    let drop = former
        .map_or_else(String::new, |former| format!("ALTER TABLE {table} DROP CONSTRAINT {};\n", ident(&former.name)));
    format!(
        "{drop}ALTER TABLE {table} ADD CONSTRAINT {} PRIMARY KEY USING INDEX {};\n",
        ident(&wanted.name),
        ident(&future_key(&wanted.name))
    )
}

/// The indexes of the table, on the parent, with their names: those of the partition are in another schema by now.
fn indexes(actual: &Table, model: &Table) -> String {
    let table = actual.sql_name();
    let key = primary_key(model).and_then(|key| model.constraint(&key.name));
    let key = key.map(|key| (key.name.clone(), key.definition.clone()));
    let uniques = actual
        .constraints
        .iter()
        .filter(|constraint| constraint.kind == ConstraintKind::Unique)
        .map(|constraint| (constraint.name.clone(), constraint.definition.clone()));
    let constraints = key
        .into_iter()
        .chain(uniques)
        .map(|(name, definition)| format!("ALTER TABLE {table} ADD CONSTRAINT {} {definition};\n", ident(&name)));
    let future = primary_key(model).map(|key| future_key(&key.name));
    let plain =
        actual.indexes.iter().filter(|index| index.constraint.is_none() && Some(&index.name) != future.as_ref());
    let indexes = plain.map(|index| {
        let unique = if index.unique { "UNIQUE " } else { "" };
        format!("CREATE {unique}INDEX {} ON {};\n", ident(&index.name), sql::as_written(index.body()))
    });
    constraints.chain(indexes).collect()
}

/// Foreign keys: ours as the owner, the site's (to `auth.users`) as the migrator, who may reference its tables.
fn foreign_keys(actual: &Table) -> String {
    let table = actual.sql_name();
    let add = |key: &Constraint| {
        let ours = key.target.as_ref().is_some_and(|target| target.schema == "public");
        let role = if ours { "SET LOCAL ROLE tenantry_owner" } else { "RESET ROLE" };
        format!("{role};\nALTER TABLE {table} ADD CONSTRAINT {} {};\n", ident(&key.name), key.definition)
    };
    actual.constraints.iter().filter(|constraint| constraint.kind == ConstraintKind::ForeignKey).map(add).collect()
}

/// Row level security and grants: all of them on the parent, none on the partition but its owner's policy.
fn walls(actual: &Table) -> String {
    let table = actual.sql_name();
    let partition = qualified(SCHEMA, &adopted_name(&actual.name));
    let mut sql: String = actual.policies.iter().map(|policy| policy.create(&table)).collect();
    if actual.row_security {
        sql.push_str(&format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n"));
    }
    if actual.forced {
        sql.push_str(&format!("ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n"));
    }
    sql.push_str(&format!("ALTER TABLE {partition} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"));
    let others = |grant: &&Grant| grant.grantee.as_ref() != Some(&actual.owner);
    for grant in actual.grants.iter().flatten().filter(others) {
        sql.push_str(&format!("REVOKE ALL ON {partition} FROM {} CASCADE;\n", sql::grantee(grant.grantee.as_deref())));
    }
    if let Some(grants) = &actual.grants {
        sql.push_str(&sql::grants(&format!("TABLE {table}"), &actual.owner, &[], grants));
    }
    for column in &actual.columns {
        if let Some(grants) = &column.grants {
            sql.push_str(&sql::column_grants(&partition, &column.name, &actual.owner, grants, &[]));
            sql.push_str(&sql::column_grants(&table, &column.name, &actual.owner, &[], grants));
        }
    }
    sql
}

/// Comments, statistics and the replica identity.
fn belongings(actual: &Table, model: &Table) -> String {
    // The keys of before and after are other ones; ours has its comment below.
    let gone = [primary_key(actual).map(|key| key.name.clone()), primary_key(model).map(|key| future_key(&key.name))];
    let is_gone = |object: &str| {
        gone.iter().flatten().any(|name| {
            object == format!("INDEX {}", qualified("public", name))
                || object == format!("CONSTRAINT {} ON {}", ident(name), actual.sql_name())
        })
    };
    let mut sql: String = actual
        .comments()
        .into_iter()
        .filter(|(object, _)| !is_gone(object))
        .map(|(object, text)| crate::db::catalog::sql::comment(&object, text))
        .collect();
    if let Some(key) = primary_key(model) {
        let index = format!("INDEX {}", qualified("public", &key.name));
        sql.push_str(&crate::db::catalog::sql::comment(&index, key.comment.as_deref()));
    }
    for statistics in &actual.statistics {
        sql.push_str(&format!("{};\n", statistics.definition));
        let name = qualified(&statistics.schema, &statistics.name);
        sql.push_str(&crate::db::catalog::sql::comment(&format!("STATISTICS {name}"), statistics.comment.as_deref()));
    }
    match actual.replica_identity {
        'f' => sql.push_str(&format!("ALTER TABLE {} REPLICA IDENTITY FULL;\n", actual.sql_name())),
        'n' => sql.push_str(&format!("ALTER TABLE {} REPLICA IDENTITY NOTHING;\n", actual.sql_name())),
        _ => {}
    }
    sql
}
