//! Places that a lock made fast: what they refer to may change above the lock, and they keep what they had.

use std::sync::Arc;

use serde_json::Value;

use super::template::{Part, Template};
use super::{Outcome, Work, resolve, scan};
use crate::fold::{Fast, World};
use crate::patch::Patch;
use crate::{Key, Problem, Rule};

/// A place that a lock made fast, and the document that its references were resolved against.
pub(super) struct Outside<'a> {
    fast: &'a Fast,
    outcome: Arc<Outcome>,
}

impl Work {
    /// Puts in what locks made fast, as it was when their scopes were done.
    pub(super) fn take_fast<'a>(&mut self, fast: &'a [Fast], open: &dyn Fn(&str) -> Option<Value>) -> Vec<Outside<'a>> {
        let mut outsides: Vec<Outside<'a>> = Vec::with_capacity(fast.len());
        for fast in fast {
            let same = outsides.iter().find(|outside| Arc::ptr_eq(&outside.fast.world, &fast.world));
            let outcome = match same {
                Some(outside) => Arc::clone(&outside.outcome),
                None => Arc::new(resolve(World::clone(&fast.world), open)),
            };
            if let (Some(here), Some(there)) =
                (fast.path.find_mut(&mut self.document), fast.path.find(&outcome.document))
            {
                here.clone_from(there);
            }
            let secrets = outcome.secrets.iter().filter(|secret| secret.path.is_at_or_below(&fast.path));
            self.tainted.extend(secrets.map(|secret| (secret.path.clone(), secret.ids.iter().cloned().collect())));
            let problems = outcome.problems.iter().filter(|problem| problem.path.is_at_or_below(&fast.path));
            self.problems.extend(problems.cloned());
            outsides.push(Outside { fast, outcome });
        }
        outsides
    }

    /// Notes what higher layers would have made of places that locks made fast.
    pub(super) fn compare(&mut self, outsides: &[Outside<'_>]) {
        for Outside { fast, outcome } in outsides {
            let world = &fast.world.document;
            let targets = match fast.path.find(world) {
                Some(locked) => scan::targets(locked),
                None => {
                    self.keep(&fast.path, &outcome.document);
                    led_to(|above| above.find(world), &fast.path).into_iter().collect()
                }
            };
            let changed = targets.into_iter().filter(|to| to.find(&self.document) != to.find(&outcome.document));
            let problems: Vec<_> = changed.map(|to| held_by_reference(&fast.path, to)).collect();
            self.problems.extend(problems);
        }
    }

    /// Puts back what a reference to a whole object brought where something locked stands.
    fn keep(&mut self, path: &Key, outside: &Value) {
        let patch = path.find(outside).map_or(Patch::Remove, |value| Patch::Replace(value.clone()));
        if let Some(document) = patch.beneath(path).applied(Some(self.document.take())) {
            self.document = document;
        }
    }
}

/// Where a place comes from that isn't there, because a text which refers to a whole object stands above it.
pub(crate) fn led_to<'a>(find: impl Fn(&Key) -> Option<&'a Value>, path: &Key) -> Option<Key> {
    (1..path.segments().len()).map(|length| path.first(length)).find_map(|above| {
        let template = Template::parse(find(&above)?.as_str()?).ok()?;
        match template.parts.as_slice() {
            [Part::Reference(target)] => Some(target.join(&path.within(&above)?)),
            _ => None,
        }
    })
}

fn held_by_reference(locked: &Key, to: Key) -> Problem {
    let detail = format!("{locked} is locked and refers to {to}, which a higher layer changes; it keeps its value");
    let mend = format!("Take {to} back at the higher layer, or change {locked} at the layer of the lock.");
    Problem::new(locked.clone(), Rule::LockedReference { to }, detail, mend)
}
