use std::collections::HashSet;
use std::sync::Arc;

use layers::{Key, Outcome as Step, Problem as Found, Rule, Sources, Weight, closed};
use uuid::Uuid;

use super::types::{Cell, KeyChange, Outcome, WithoutEffect};
use crate::configurations::documents::{Inputs, Judged, Target};
use crate::configurations::{ConfigTable, Environment, Rewrite};
use crate::problem::{Fault, Problem};

/// A value at a layer that a change writes.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// The row.
    pub(super) id: Uuid,
    /// Its key; none where the row is a whole document.
    key: Option<Key>,
    client_id: Option<Uuid>,
    template_id: Option<String>,
    environment: Option<Environment>,
    /// Whether it hides what lies beneath.
    is_removal: bool,
}

impl Written {
    /// What rows after the edits say; those that are gone, inactive or Tenantry's own say nothing.
    pub(super) fn of(rewrites: &[Rewrite]) -> Vec<Self> {
        rewrites.iter().filter_map(Self::of_one).collect()
    }

    fn of_one(rewrite: &Rewrite) -> Option<Self> {
        let row = rewrite.after.as_ref()?;
        let text = |name: &str| row.get(name).and_then(serde_json::Value::as_str);
        let flag = |name: &str| row.get(name).and_then(serde_json::Value::as_bool).unwrap_or(false);
        let is_value = rewrite.table == ConfigTable::SystemConfigurations;
        if is_value && (!flag("is_active") || flag("is_system")) {
            return None;
        }
        Some(Self {
            id: rewrite.id,
            key: text("configuration_key").filter(|_| is_value).and_then(|key| Key::parse(key).ok()),
            client_id: text("client_id").and_then(|id| id.parse().ok()),
            template_id: text("template_id").map(ToOwned::to_owned),
            environment: text("environment").and_then(|name| name.parse().ok()),
            is_removal: is_value && row.get("configuration_value").is_some_and(layers::is_removed),
        })
    }

    fn is_for(&self, target: &Target) -> bool {
        self.client_id.is_none_or(|id| id == target.client_id)
            && self.template_id.as_deref().is_none_or(|id| Some(id) == target.template_id.as_deref())
            && self.environment.is_none_or(|environment| environment == target.environment)
    }
}

/// What a change does to one document, and which of its removals hide nothing there.
pub(super) struct Looked {
    pub(super) cell: Cell,
    pub(super) applies: Vec<Uuid>,
    pub(super) pointless: Vec<Uuid>,
}

/// Compares a document before and after a change. Where it begins to be served, it has to be complete.
pub(super) fn look(before: &Inputs, after: &Inputs, target: &Target, written: &[Written], is_strict: bool) -> Looked {
    let written: Vec<&Written> = written.iter().filter(|row| row.is_for(target)).collect();
    let applies = written.iter().map(|row| row.id).collect();
    let former = judge(before, target).ok().map(|(judged, _)| judged);
    let (judged, sources) = match judge(after, target) {
        Ok(judged) => judged,
        Err(problem) => {
            return Looked { cell: unresolvable(&problem, former.is_some()), applies, pointless: Vec::new() };
        }
    };
    let ids: HashSet<u128> = written.iter().map(|row| row.id.as_u128()).collect();
    let keys = differences(former.as_ref(), &judged);
    let found = new_faults(former.as_ref(), &judged, &ids);
    let is_pointless = |fault: &&Found| fault.rule == Rule::Pointless;
    let pointless =
        judged.problems.iter().filter(is_pointless).filter_map(|fault| fault.row).filter(|row| ids.contains(row));
    let mut pointless: Vec<Uuid> = pointless.map(Uuid::from_u128).collect();
    let mut without_effect = Vec::new();
    for row in written.iter().filter(|row| !shows(row, &keys)) {
        let Some(hidden) = hidden(&sources, row) else { continue };
        if row.is_removal && hidden.why == Outcome::NotInTemplate {
            pointless.push(row.id);
        }
        without_effect.push(hidden);
    }
    let (mut incomplete, invalid): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|fault| fault.weight() == Weight::Incomplete);
    let mut invalid: Vec<Fault> = invalid.into_iter().map(told).collect();
    if is_strict {
        invalid.extend(judged.problems.iter().filter(|fault| fault.weight() == Weight::Incomplete).map(told));
        incomplete.clear();
    }
    let incomplete = incomplete.into_iter().map(told).collect();
    let cell = Cell { outcome: Outcome::Unchanged, keys, without_effect, invalid, incomplete };
    Looked { cell: Cell { outcome: worst(&cell), ..cell }, applies, pointless }
}

/// A document, everything that is wrong with it, and with the layers that it is made of.
fn judge(inputs: &Inputs, target: &Target) -> Result<(Judged, Arc<Sources>), Problem> {
    let (mut judged, sources) = (inputs.judge(target)?, inputs.sources(target)?);
    judged.problems.extend(sources.layers().flat_map(|layer| layer.problems().iter().cloned()));
    Ok((judged, sources))
}

/// A document that can't be made any more.
fn unresolvable(problem: &Problem, was_before: bool) -> Cell {
    let fault = Fault { mend: problem.mend.clone(), ..Fault::at("", "document", problem.detail.clone()) };
    let (outcome, invalid) =
        if was_before { (Outcome::Invalid, vec![fault]) } else { (Outcome::Unchanged, Vec::new()) };
    Cell { outcome, keys: Vec::new(), without_effect: Vec::new(), invalid, incomplete: Vec::new() }
}

fn differences(former: Option<&Judged>, judged: &Judged) -> Vec<KeyChange> {
    let nothing = serde_json::json!({});
    let before = former.map_or(&nothing, |former| &former.document);
    let found = layers::diff(before, &judged.document);
    found
        .into_iter()
        .map(|found| KeyChange { pointer: found.path.pointer(), before: found.before, after: found.after })
        .collect()
}

/// What is wrong with the change and wasn't without it. Rows that have no effect count where the change writes them.
fn new_faults<'a>(former: Option<&Judged>, judged: &'a Judged, written: &HashSet<u128>) -> Vec<&'a Found> {
    let known: HashSet<(&Key, &Rule)> =
        former.iter().flat_map(|former| &former.problems).map(|fault| (&fault.path, &fault.rule)).collect();
    let is_new = |fault: &&Found| match fault.rule {
        Rule::Locked { would_change: true } | Rule::LockedReference { .. } => {
            fault.row.is_some_and(|row| written.contains(&row))
        }
        _ => fault.weight() != Weight::Ignored && !known.contains(&(&fault.path, &fault.rule)),
    };
    judged.problems.iter().filter(is_new).collect()
}

/// A fault as it is told of all documents that have it: rows of theirs may be others.
fn told(found: &Found) -> Fault {
    Fault { row_id: None, ..Fault::from(found) }
}

/// Whether something differs at a value that a change writes, within it or around it.
fn shows(row: &Written, keys: &[KeyChange]) -> bool {
    let Some(key) = &row.key else { return true };
    let differs = |change: &KeyChange| {
        let place = Key::of_pointer(&change.pointer);
        place.is_at_or_below(key) || key.is_at_or_below(&place)
    };
    keys.iter().any(differs)
}

/// Why a value that a change writes doesn't show.
fn hidden(sources: &Sources, row: &Written) -> Option<WithoutEffect> {
    let key = row.key.as_ref()?;
    let explanation = layers::explain(sources, key, &closed);
    let step = explanation.steps.iter().find(|step| step.rows.contains(&row.id.as_u128()))?;
    let (why, by) = match &step.outcome {
        Step::Shielded { by } => (Outcome::Shielded, Some(by.name().to_owned())),
        Step::LockedOut { by } => (Outcome::LockedOut, Some(by.scope.name().to_owned())),
        Step::NotOfTemplate => (Outcome::NotInTemplate, None),
        _ => return None,
    };
    Some(WithoutEffect { pointer: key.pointer(), why, by })
}

fn worst(cell: &Cell) -> Outcome {
    let is_locked = |fault: &Fault| fault.rule == "x-locked" || fault.rule == "x-locked-reference";
    let hidden = || cell.without_effect.iter().map(|hidden| hidden.why).min();
    if cell.invalid.iter().any(|fault| !is_locked(fault)) {
        Outcome::Invalid
    } else if !cell.invalid.is_empty() {
        Outcome::LockedOut
    } else if !cell.incomplete.is_empty() {
        Outcome::Incomplete
    } else if !cell.keys.is_empty() {
        Outcome::Changed
    } else {
        hidden().unwrap_or(Outcome::Unchanged)
    }
}
