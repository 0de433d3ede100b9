//! How often a schema has one place of a document judged. Branches that lead back to the whole by the same property double
//! it at every level, so that a small document would take longer than anybody waits.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::circles;
use super::nodes::{Node, Root};
use crate::limits::{DOCUMENT_DEPTH, SCHEMA_WORK};
use crate::{Key, Problem, Rule};

/// Refuses schemas that have one place judged too often.
pub(super) fn check(root: Root<'_>) -> Result<(), Vec<Problem>> {
    let most = Survey::of(root).map_or(usize::MAX, |survey| survey.most());
    if most <= SCHEMA_WORK {
        return Ok(());
    }
    let detail = format!("The schema would have one place of a document judged more than {SCHEMA_WORK} times");
    let mend = "Let no more than one of several alternatives lead back to the whole by the same property.".to_owned();
    Err(vec![Problem::new(Key::root(), Rule::Size, detail, mend)])
}

/// The subschemas that values are judged by, by number; the whole schema has the first.
struct Survey<'a> {
    root: Root<'a>,
    numbers: HashMap<*const Value, usize>,
    nodes: Vec<Node<'a>>,
    speakers: Vec<Speaker>,
    /// How many subschemas were looked at, each time that it was.
    looked_at: usize,
}

/// All that speaks of one value because one subschema does.
#[derive(Default)]
struct Speaker {
    /// How many subschemas that are.
    count: usize,
    /// What they say of the properties of an object.
    properties: Within,
    /// What they say of the items of an array.
    items: Within,
}

/// The subschemas of what is in a value.
#[derive(Default)]
struct Within {
    /// Those of a certain name, each with the one that is about the other names, which it takes the place of.
    named: BTreeMap<String, Vec<(usize, Option<usize>)>>,
    /// Those of names that the same subschema doesn't name.
    others: Vec<usize>,
    /// Those that come besides.
    besides: Vec<usize>,
}

/// More than anything may be; counting stops here, far from where numbers end.
const ENDLESS: usize = 1 << 40;

impl<'a> Survey<'a> {
    /// Looks at everything that the schema leads to; `None`: that is too much to look at.
    fn of(root: Root<'a>) -> Option<Self> {
        let mut survey = Self { root, numbers: HashMap::new(), nodes: Vec::new(), speakers: Vec::new(), looked_at: 0 };
        survey.number((Key::root(), root.schema));
        while let Some(node) = survey.nodes.get(survey.speakers.len()).cloned() {
            let speaker = survey.look(node)?;
            survey.speakers.push(speaker);
        }
        Some(survey)
    }

    fn number(&mut self, node: Node<'a>) -> usize {
        self.looked_at += 1;
        let next = self.nodes.len();
        let number = *self.numbers.entry(std::ptr::from_ref(node.1)).or_insert(next);
        if number == next {
            self.nodes.push(node);
        }
        number
    }

    fn look(&mut self, node: Node<'a>) -> Option<Speaker> {
        let mut speaker = Speaker::default();
        let mut rest = vec![node];
        while let Some(node) = rest.pop() {
            speaker.count += 1;
            self.looked_at += 1;
            if self.looked_at > SCHEMA_WORK * 20 {
                return None;
            }
            self.take(&node, &mut speaker);
            rest.extend(circles::following(self.root, &node));
        }
        Some(speaker)
    }

    fn take(&mut self, node: &Node<'a>, speaker: &mut Speaker) {
        let schema = node.1;
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let patterns = schema.get("patternProperties").and_then(Value::as_object).into_iter().flatten();
        let besides = patterns.map(|(_, node)| node).chain(schema.get("unevaluatedProperties"));
        self.within(
            &mut speaker.properties,
            properties.map(|(name, node)| (name.clone(), node)),
            schema.get("additionalProperties"),
            besides,
        );
        let items = schema.get("prefixItems").and_then(Value::as_array).into_iter().flatten().enumerate();
        self.within(
            &mut speaker.items,
            items.map(|(index, node)| (index.to_string(), node)),
            schema.get("items"),
            ["contains", "unevaluatedItems"].into_iter().filter_map(|word| schema.get(word)),
        );
    }

    fn within(
        &mut self,
        within: &mut Within,
        named: impl Iterator<Item = (String, &'a Value)>,
        others: Option<&'a Value>,
        besides: impl Iterator<Item = &'a Value>,
    ) {
        let others = others.map(|node| self.number((Key::root(), node)));
        for (name, node) in named {
            let number = self.number((Key::root(), node));
            within.named.entry(name).or_default().push((number, others));
        }
        within.others.extend(others);
        within.besides.extend(besides.map(|node| self.number((Key::root(), node))));
    }

    /// How often one place is judged at most, in a document as deep as documents may be.
    fn most(&self) -> usize {
        let mut times: Vec<usize> = self.speakers.iter().map(|speaker| speaker.count).collect();
        for _ in 0..DOCUMENT_DEPTH {
            let of_speaker = |speaker: &Speaker| {
                let deepest = speaker.properties.most(&times).max(speaker.items.most(&times));
                ENDLESS.min(speaker.count + deepest)
            };
            times = self.speakers.iter().map(of_speaker).collect();
        }
        times.first().copied().unwrap_or(0)
    }
}

impl Within {
    /// How often a place within is judged at most, all that is beneath it counted.
    fn most(&self, times: &[usize]) -> usize {
        let sum = |numbers: &[usize]| numbers.iter().map(|&number| times[number]).sum::<usize>();
        let others = sum(&self.others);
        let of_name = |named: &Vec<(usize, Option<usize>)>| {
            let instead: usize = named.iter().filter_map(|(_, other)| Some(times[(*other)?])).sum();
            others - instead + named.iter().map(|&(number, _)| times[number]).sum::<usize>()
        };
        self.named.values().map(of_name).max().unwrap_or(0).max(others) + sum(&self.besides)
    }
}
