//! From what is there to what the model says, as a list of steps: a pure function of the catalog and the survey.
//!
//! Planned again at any moment, from whatever state, it gives the steps that are left. The order is the same for every
//! table: owner and columns ([`columns`]), rules on rows ([`rules`]), indexes and keys ([`indexes`]), foreign keys, then
//! what ours replace goes ([`replaced`]) and comments come.

mod columns;
mod indexes;
mod replaced;
mod rules;

use std::collections::BTreeMap;

use super::compare;
use super::pending::Pending;
use super::rule::{Rule, RuleKind, Violation};
use crate::db::catalog::{Column, Constraint, ConstraintKind, Index, Table, Trigger, sql::derived};
use crate::db::migrate::Step;
use crate::db::quote::{ident, literal};

pub use columns::{OWNER_POLICY, guarded, stamps_updated_at};

/// Who owns what is Tenantry's.
pub const OWNER: &str = "tenantry_owner";

/// Blocks readers and writers.
pub const EXCLUSIVE: &str = "ACCESS EXCLUSIVE";

/// Blocks writers.
pub const SHARE_ROW_EXCLUSIVE: &str = "SHARE ROW EXCLUSIVE";

/// One table to be adopted, and everything that its plan depends on.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The table as it is.
    pub actual: &'a Table,
    /// The table as it shall be.
    pub model: &'a Table,
    /// The column by whose months the model is partitioned, of a table that is plain.
    pub partitioned_by: Option<&'a str>,
    /// Rules of the model that rows break.
    pub broken: &'a [Violation],
    /// What to say of each in `tenantry.pending_rules`, by rule.
    pub mends: &'a BTreeMap<String, String>,
    /// What `tenantry.pending_rules` says of the table now.
    pub pending: &'a [Pending],
    /// Views over columns that get a wider type, each before those that stand on it.
    pub views: &'a [Table],
    /// Columns whose type can't be changed, because something of the site's that can't be put aside stands on it.
    pub fixed: &'a [String],
    /// Whether somebody made one of Tenantry's new tables by hand: then constraints that aren't ours go.
    pub made_by_hand: bool,
    /// Statements that keep what roles had which the operator wants to keep.
    pub keep: String,
    /// Whether rows lack a value of a column that is filled from elsewhere.
    pub unfilled: bool,
}

/// The steps that are left until the table is what the model says, but for partitions.
pub fn plan(case: &Case<'_>) -> Vec<Step> {
    let mut steps = columns::steps(case);
    steps.extend(rules::steps(case));
    steps.extend(indexes::steps(case));
    steps.extend(rules::foreign_keys(case));
    steps.extend(replaced::steps(case));
    steps
}

/// The steps that make constraints and indexes which are missing; nothing goes.
pub fn rules_and_indexes(case: &Case<'_>) -> Vec<Step> {
    rules::steps(case).into_iter().chain(indexes::steps(case)).chain(rules::foreign_keys(case)).collect()
}

/// The rules of the model that the table doesn't hold yet, for the survey.
pub fn rules_wanting(actual: &Table, model: &Table, partitioned: bool) -> Vec<Rule> {
    let rule = |name: &str, kind| Rule { table: model.name.clone(), name: name.to_owned(), kind };
    let not_null = model
        .columns
        .iter()
        .filter(|column| column.not_null && actual.column(&column.name).is_none_or(|actual| !actual.not_null))
        .map(|column| Rule::not_null(&model.name, &column.name));
    let constraints = model.constraints.iter().filter(|wanted| !holds(actual, wanted)).filter_map(|wanted| {
        let kind = match wanted.kind {
            ConstraintKind::Check => {
                RuleKind::Check { expression: wanted.expression.clone()?, columns: wanted.columns.clone() }
            }
            ConstraintKind::ForeignKey => {
                let target = wanted.target.as_ref()?;
                RuleKind::ForeignKey {
                    columns: wanted.columns.clone(),
                    target: target.table.clone(),
                    target_columns: target.columns.clone(),
                }
            }
            _ => return None,
        };
        Some(rule(&wanted.name, kind))
    });
    let uniques = model.indexes.iter().filter(|wanted| wanted.unique).filter(|wanted| {
        let there = actual.indexes.iter().any(|index| index.valid && index.same_as(wanted));
        // The key of a partitioned table holds the site's own key and more.
        let within = |index: &Index| {
            let whole = index.valid && index.unique && index.predicate.is_none();
            whole && index.keys.iter().all(|key| wanted.keys.contains(key))
        };
        let key_of_partitions =
            partitioned && wanted.keys.iter().any(|key| key == "id") && actual.indexes.iter().any(within);
        !there && !key_of_partitions
    });
    let uniques = uniques.map(|wanted| {
        let kind = RuleKind::Unique {
            key: wanted.keys.clone(),
            nulls_not_distinct: wanted.nulls_not_distinct,
            predicate: wanted.predicate.clone(),
        };
        rule(&wanted.name, kind)
    });
    not_null.chain(constraints).chain(uniques).collect()
}

/// The columns that get a wider type.
pub fn widened(actual: &Table, model: &Table) -> Vec<String> {
    let wider = |site: &&Column| model.column(&site.name).is_some_and(|ours| compare::widens(site, ours));
    actual.columns.iter().filter(wider).map(|column| column.name.clone()).collect()
}

/// Whether the table has a constraint of this definition, under whatever name, and every row fulfils it.
fn holds(actual: &Table, wanted: &Constraint) -> bool {
    actual.constraints.iter().any(|constraint| constraint.validated && constraint.same_as(wanted))
}

/// The name of the trigger or index that stands in for a rule.
pub fn stand_in(rule: &str) -> String {
    derived(rule, "pending")
}

/// The name of the CHECK that tells PostgreSQL, without a look at the rows, that all of them are before some month.
pub fn bound(table: &str) -> String {
    derived(table, "bound")
}

/// The name that ours has while the site's of the same name is still there.
pub fn temporary(name: &str) -> String {
    derived(name, "new")
}

impl<'a> Case<'a> {
    /// A table that goes back to a recorded shape.
    pub fn restoring(actual: &'a Table, shape: &'a Table, mends: &'a BTreeMap<String, String>) -> Self {
        Self {
            actual,
            model: shape,
            partitioned_by: None,
            broken: &[],
            mends,
            pending: &[],
            views: &[],
            fixed: &[],
            made_by_hand: false,
            keep: String::new(),
            unfilled: false,
        }
    }

    fn table(&self) -> String {
        self.actual.sql_name()
    }

    /// The table's own lock.
    fn lock(&self, mode: &'static str) -> Vec<(String, &'static str)> {
        vec![(self.table(), mode)]
    }

    /// The violation of a rule, where rows break it.
    fn violation(&self, rule: &str) -> Option<&Violation> {
        self.broken.iter().find(|violation| violation.rule.name == rule)
    }

    /// Writes that a rule is pending, where that isn't what is written already.
    fn note(&self, violation: &Violation, stand_in: &str) -> String {
        let mend =
            self.mends.get(&violation.rule.name).map_or("mend the rows, then run migrate up again", String::as_str);
        let wanted = Pending {
            table: self.model.name.clone(),
            rule: violation.rule.name.clone(),
            kind: violation.rule.kind.word().to_owned(),
            rows: violation.rows,
            stand_in: stand_in.to_owned(),
            suggested_mend: mend.to_owned(),
        };
        if self.pending.contains(&wanted) { String::new() } else { wanted.note() }
    }

    /// Removes a rule from the pending ones and the trigger that stood in for it.
    fn settled(&self, rule: &str) -> String {
        let trigger = stand_in(rule);
        let mut sql = String::new();
        if self.actual.trigger(&trigger).is_some() {
            sql.push_str(&format!("DROP TRIGGER {} ON {};\n", ident(&trigger), self.table()));
        }
        if self.pending.iter().any(|pending| pending.rule == rule) {
            sql.push_str(&format!(
                "DELETE FROM tenantry.pending_rules WHERE table_name = {} AND rule = {};\n",
                literal(&self.model.name),
                literal(rule)
            ));
        }
        sql
    }

    /// The site's triggers: all but ours and those that stand in for a rule.
    fn site_triggers(&self) -> impl Iterator<Item = &Trigger> {
        self.actual.triggers.iter().filter(|trigger| trigger.function_schema != "tenantry")
    }
}
