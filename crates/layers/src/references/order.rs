//! In which order texts are resolved: each after those that it refers to, if that goes at all.

use std::collections::BTreeMap;

use super::template::Template;
use crate::limits::REFERENCE_HOPS;
use crate::{Key, Problem, Rule};

/// Texts in an order in which they can be resolved, without those that can't.
pub(super) struct Order<'a> {
    pub texts: Vec<(&'a Key, &'a Template)>,
    pub problems: Vec<Problem>,
}

/// How far a text is.
#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    /// Waiting for those that it refers to.
    Waiting,
    /// In the order, with the length of the longest chain of references from it.
    Done(usize),
    /// Not to be resolved.
    Failed,
}

/// Puts the texts in order, with a stack of its own: chains may be long before they are refused.
pub(super) fn order(texts: &BTreeMap<Key, Template>) -> Order<'_> {
    let numbers: BTreeMap<&Key, usize> = texts.keys().zip(0..).collect();
    let texts: Vec<_> = texts.iter().collect();
    let mut sort = Sort {
        texts,
        numbers,
        states: Vec::new(),
        in_circle: Vec::new(),
        order: Order { texts: Vec::new(), problems: Vec::new() },
    };
    sort.states = vec![State::New; sort.texts.len()];
    sort.in_circle = vec![false; sort.texts.len()];
    for number in 0..sort.texts.len() {
        sort.visit(number);
    }
    sort.order
}

struct Sort<'a> {
    texts: Vec<(&'a Key, &'a Template)>,
    numbers: BTreeMap<&'a Key, usize>,
    states: Vec<State>,
    in_circle: Vec<bool>,
    order: Order<'a>,
}

/// A text that waits, and those that it refers to and that weren't looked at yet.
struct Waiting {
    number: usize,
    before: Vec<usize>,
    all: Vec<usize>,
}

impl Sort<'_> {
    fn visit(&mut self, number: usize) {
        let mut stack = Vec::new();
        self.enter(number, &mut stack);
        while let Some(top) = stack.last_mut() {
            match top.before.pop() {
                Some(before) if self.states[before] == State::Waiting => self.close_circle(before, &stack),
                Some(before) => self.enter(before, &mut stack),
                None => {
                    if let Some(Waiting { number, all, .. }) = stack.pop() {
                        self.leave(number, &all);
                    }
                }
            }
        }
    }

    fn enter(&mut self, number: usize, stack: &mut Vec<Waiting>) {
        if self.states[number] == State::New {
            self.states[number] = State::Waiting;
            let all = self.referred_to(number);
            stack.push(Waiting { number, before: all.clone(), all });
        }
    }

    /// The texts that have to be resolved before this one: those at the places that it refers to, within them, and those
    /// that these places are to come from.
    fn referred_to(&self, number: usize) -> Vec<usize> {
        let mut found = Vec::new();
        for target in self.texts[number].1.references() {
            let above = (1..target.segments().len()).map(|length| target.first(length));
            found.extend(above.filter_map(|above| self.numbers.get(&above).copied()));
            let below = self.numbers.range::<&Key, _>(target..).take_while(|(path, _)| path.is_at_or_below(target));
            found.extend(below.map(|(_, &number)| number));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn close_circle(&mut self, first: usize, stack: &[Waiting]) {
        let circle = stack.iter().skip_while(|waiting| waiting.number != first);
        for waiting in circle {
            self.in_circle[waiting.number] = true;
        }
    }

    fn leave(&mut self, number: usize, before: &[usize]) {
        let (path, template) = self.texts[number];
        let hops = before.iter().try_fold(0, |most: usize, &before| match self.states[before] {
            State::Done(hops) => Some(most.max(hops)),
            State::New | State::Waiting | State::Failed => None,
        });
        let own = usize::from(template.plain().is_none());
        self.states[number] = match hops.map(|hops| hops + own) {
            _ if self.in_circle[number] => self.refuse(
                Rule::Cycle,
                path,
                "The text refers to itself, or to what refers to it".to_owned(),
                "Break the circle: set one of them to a value.",
            ),
            Some(hops) if hops > REFERENCE_HOPS => {
                let detail = format!("The text refers to others over more than {REFERENCE_HOPS} steps");
                self.refuse(Rule::Hops, path, detail, "Refer to the value itself.")
            }
            Some(hops) => {
                self.order.texts.push((path, template));
                State::Done(hops)
            }
            // Whatever it refers to says what is wrong.
            None => State::Failed,
        };
    }

    fn refuse(&mut self, rule: Rule, path: &Key, detail: String, mend: &str) -> State {
        self.order.problems.push(Problem::new(path.clone(), rule, detail, mend.to_owned()));
        State::Failed
    }
}
