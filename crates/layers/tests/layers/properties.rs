//! What holds whatever the rows are.

use std::sync::Arc;

use layers::patch::{Extension, Patch, Strategy as Merge};
use layers::{Entry, Key, Layer, Place, Shared, Sources, check, closed, diff, explain, origins, resolve, validate};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use super::schema;

/// Few names, so that layers meet.
fn name() -> impl Strategy<Value = &'static str> {
    select(vec!["a", "b", "c", "list"])
}

fn text() -> impl Strategy<Value = &'static str> {
    select(vec!["x", "", "${a}", "${b.c}", "<${c}>", "$${a}", "${a.b.c}", "${", "$", "${list}"])
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        2 => (0..4_u8).prop_map(Value::from),
        3 => text().prop_map(Value::from),
        1 => Just(json!(null)),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(json!({ "$secret": { "id": "1", "fingerprint": "f" } })),
    ]
}

/// Any value that may be stored, and removals.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![6 => scalar(), 1 => Just(json!({ "$removed": true })), 2 => vec(scalar(), 0..3).prop_map(Value::from)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        btree_map(name(), inner, 0..3).prop_map(|properties| {
            Value::Object(properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
        })
    })
}

fn patch() -> impl Strategy<Value = Patch> {
    let strategy = || select(vec![Merge::Append, Merge::Union, Merge::ByKey("a".into())]);
    let items = vec(prop_oneof![scalar(), (0..2_u8, 0..2_u8).prop_map(|(a, b)| json!({ "a": a, "b": b }))], 0..3);
    let extend = (strategy(), items).prop_map(|(strategy, items)| Patch::Extend(vec![Extension { strategy, items }]));
    let leaf = prop_oneof![3 => value().prop_map(Patch::of_value), 2 => extend, 1 => Just(Patch::Remove), 1 => Just(Patch::default())];
    (leaf, vec(name(), 0..3)).prop_map(|(patch, path)| patch.beneath(&Key::of(path)))
}

fn key() -> impl Strategy<Value = Key> {
    vec(name(), 1..4).prop_map(Key::of)
}

/// The rows of a document: place and key make them one of a kind, as in the database.
fn rows() -> impl Strategy<Value = Vec<(Place, Entry)>> {
    let place = select(Place::ALL[1..].to_vec());
    let said = (
        value(),
        of(select(vec![json!({ "x-locked": true }), json!({ "properties": { "b": { "x-locked": true } } })])),
        any::<bool>(),
    );
    btree_map((place, key()), said, 0..12).prop_map(|rows| {
        let whole = |place: Place| matches!(place, Place::TemplateDefaults | Place::Customization | Place::Deployment);
        let entry = |(number, ((place, key), (value, source, is_literal))): (u128, ((Place, Key), _))| {
            let source: Option<Value> = source;
            let (key, value) = if whole(place) {
                (Key::root(), Patch::of_value(value).beneath(&key).to_value())
            } else {
                (key, value)
            };
            (place, Entry { id: Some(number), key, value, schema: source.as_ref().map(schema), is_literal })
        };
        let mut rows: Vec<_> = (1..).zip(rows).map(entry).collect();
        rows.dedup_by(|one, other| (one.0, &one.1.key) == (other.0, &other.1.key));
        rows
    })
}

fn template() -> impl Strategy<Value = Option<Value>> {
    of(select(vec![
        json!({}),
        json!({ "properties": { "a": { "default": { "b": 1 } }, "list": { "x-merge": "append" } } }),
        json!({ "properties": { "a": { "x-locked": true }, "list": { "x-merge": "union", "type": "array" } }, "required": ["c"] }),
        json!({ "properties": { "a": {}, "b": { "type": "object", "default": { "c": "${a}" } } }, "additionalProperties": false }),
        json!({ "properties": { "b": { "properties": { "c": { "x-locked": true, "default": "<${a}>" } } }, "a": { "default": 1 } } }),
    ]))
}

fn sources(template: Option<&Value>, rows: &[(Place, Entry)]) -> Sources {
    super::sources(template, rows)
}

fn open(id: &str) -> Option<Value> {
    (id == "1").then(|| json!("plain ${a}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn composition_is_associative(one in patch(), two in patch(), three in patch()) {
        let left = one.clone().then(two.clone()).then(three.clone());
        let right = one.then(two.then(three));
        prop_assert_eq!(left, right);
    }

    #[test]
    fn composing_is_applying_in_turn(beneath in of(value()), one in patch(), two in patch()) {
        let in_turn = two.applied(one.applied(beneath.clone()));
        prop_assert_eq!(one.then(two).applied(beneath), in_turn);
    }

    #[test]
    fn changing_nothing_is_nothing(patch in patch()) {
        prop_assert_eq!(Patch::default().then(patch.clone()), patch.clone());
        prop_assert_eq!(patch.clone().then(Patch::default()), patch);
    }

    #[test]
    fn permuting_rows_changes_nothing(template in template(), rows in rows(), swaps in vec(any::<(Index, Index)>(), 0..12)) {
        let before = resolve(&sources(template.as_ref(), &rows), &closed);
        let mut permuted = rows;
        if !permuted.is_empty() {
            for (one, other) in swaps {
                let (one, other) = (one.index(permuted.len()), other.index(permuted.len()));
                permuted.swap(one, other);
            }
        }
        let after = resolve(&sources(template.as_ref(), &permuted), &closed);
        prop_assert_eq!(before.document.to_string(), after.document.to_string(), "the same bytes");
        prop_assert_eq!(before, after);
    }

    #[test]
    fn resolve_is_explain_without_its_recorder(template in template(), rows in rows(), key in key()) {
        let sources = sources(template.as_ref(), &rows);
        for open in [&closed as &dyn Fn(&str) -> Option<Value>, &open] {
            let resolved = resolve(&sources, open);
            let whole = explain(&sources, &Key::root(), open);
            prop_assert_eq!(whole.value.as_ref(), Some(&resolved.document));
            prop_assert_eq!(&whole.problems, &resolved.problems);
            let part = explain(&sources, &key, open);
            prop_assert_eq!(part.value.as_ref(), key.find(&resolved.document));
            prop_assert_eq!(part.steps.len(), 12);
            let won = part.steps.iter().filter(|step| step.outcome == layers::Outcome::Won).count();
            let found = part.before_references.as_ref();
            prop_assert!(found.is_none() || won > 0 || found == Some(&json!({})), "what stands there, somebody supplied: {:?}", part);
        }
    }

    #[test]
    fn without_locks_references_and_templates_the_fold_is_the_composition(rows in rows()) {
        let rows: Vec<_> = rows.into_iter().map(|(place, entry)| (place, Entry { schema: None, is_literal: true, ..entry })).collect();
        let mut in_order = rows.clone();
        in_order.sort_by(|one, other| (one.0, &one.1.key).cmp(&(other.0, &other.1.key)));
        let composed = in_order.iter().fold(Patch::default(), |patch, (_, entry)| {
            patch.then(Patch::of_value(entry.value.clone()).beneath(&entry.key))
        });
        let mut expected = composed.applied(Some(json!({}))).unwrap_or_default();
        expected.sort_all_objects();
        prop_assert_eq!(resolve(&sources(None, &rows), &closed).document, expected);
    }

    #[test]
    fn every_leaf_has_an_origin_that_says_so(template in template(), rows in rows()) {
        let sources = sources(template.as_ref(), &rows);
        let found = origins(&sources);
        let whole = explain(&sources, &Key::root(), &closed).before_references.unwrap_or_default();
        for (path, origins) in found.leaves() {
            let value = path.find(&whole);
            prop_assert!(value.is_some(), "{} isn't there", path);
            for origin in origins {
                let layer = sources.layer(origin.place).expect("the layer is one of those");
                prop_assert!(origin.row.is_some() || origin.place == Place::SchemaDefaults, "{} of {}", path, layer.place());
            }
        }
        let mut leaves = Vec::new();
        collect(&whole, &Key::root(), &mut leaves);
        for leaf in leaves {
            prop_assert!(!found.of(&leaf).is_empty(), "{} comes from somewhere", leaf);
        }
    }

    #[test]
    fn reverting_a_change_gives_the_former_document(
        template in template(),
        rows in rows(),
        change in vec((any::<Index>(), of(value()), key(), select(Place::ALL[1..].to_vec())), 0..4),
    ) {
        let before = resolve(&sources(template.as_ref(), &rows), &closed);
        let mut edited = rows.clone();
        let mut inverse: Vec<(Place, Key, Option<Entry>)> = Vec::new();
        for (which, to, key, place) in change {
            let (place, key) = if edited.is_empty() {
                (place, key)
            } else {
                let (place, entry) = &edited[which.index(edited.len())];
                (*place, entry.key.clone())
            };
            let at = edited.iter().position(|(other, entry)| (*other, &entry.key) == (place, &key));
            inverse.push((place, key.clone(), at.map(|at| edited.remove(at).1)));
            edited.extend(to.map(|value| (place, Entry::new(key, value))));
        }
        for (place, key, former) in inverse.into_iter().rev() {
            edited.retain(|(other, entry)| (*other, &entry.key) != (place, &key));
            edited.extend(former.map(|entry| (place, entry)));
        }
        prop_assert_eq!(resolve(&sources(template.as_ref(), &edited), &closed), before);
    }

    #[test]
    fn references_terminate_and_a_resolved_document_has_none_left_that_work(texts in vec((key(), text()), 0..12)) {
        let rows: Vec<_> = texts.into_iter().map(|(key, text)| (Place::GlobalAll, Entry::new(key, json!(text)))).collect();
        let resolved = resolve(&sources(None, &rows), &closed);
        prop_assert!(layers::limits::REFERENCE_BYTES > resolved.document.to_string().len());
        let again = resolve(&sources(None, &rows), &closed);
        prop_assert_eq!(resolved, again);
    }

    #[test]
    fn a_difference_leads_from_one_document_to_the_other(before in value(), after in value()) {
        let found = diff(&before, &after);
        prop_assert_eq!(found.is_empty(), before == after);
        for one in found {
            prop_assert_eq!(one.path.find(&before), one.before.as_ref());
            prop_assert_eq!(one.path.find(&after), one.after.as_ref());
        }
    }

    #[test]
    fn sharing_the_lower_layers_changes_nothing(template in template(), rows in rows(), others in rows()) {
        let of = |rows: &[(Place, Entry)], place: Place| {
            let entries: Vec<_> = rows.iter().filter(|(other, _)| *other == place).map(|(_, entry)| entry.clone()).collect();
            (!entries.is_empty()).then(|| Arc::new(Layer::new(place, entries)))
        };
        let (lower, upper): (Vec<_>, Vec<_>) = Place::ALL[1..].iter().partition(|place| place.is_shared());
        let shared = Arc::new(Shared::new(template.as_ref().map(schema), lower.iter().filter_map(|&&place| of(&rows, place))));
        let first = Sources::new(Arc::clone(&shared), upper.iter().filter_map(|&&place| of(&others, place)));
        let second = Sources::new(shared, upper.iter().filter_map(|&&place| of(&rows, place)));
        let _ = resolve(&first, &closed);
        prop_assert_eq!(resolve(&second, &closed), resolve(&sources(template.as_ref(), &rows), &closed));
    }

    #[test]
    fn nothing_falls_over(template in template(), rows in rows(), value in value()) {
        let sources = sources(template.as_ref(), &rows);
        let _ = validate(&sources, &resolve(&sources, &closed));
        let _ = check(&value);
        if let Some(schema) = sources.schema() {
            let _ = schema.unknown(&value);
            let _ = schema.judge_at(&Key::of(["a"]), &value);
        }
    }
}

fn collect(value: &Value, path: &Key, leaves: &mut Vec<Key>) {
    match value {
        Value::Object(properties) if !properties.is_empty() && !properties.keys().any(|name| name.starts_with('$')) => {
            for (name, value) in properties as &Map<String, Value> {
                collect(value, &path.child(name), leaves);
            }
        }
        Value::Object(properties) if properties.is_empty() => {}
        _ => leaves.push(path.clone()),
    }
}
