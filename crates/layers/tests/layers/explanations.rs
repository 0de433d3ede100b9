//! `explain`: every layer's value from lowest to highest, which won, and why the others didn't.

use layers::Place::{
    ClientAll, ClientTemplateAll, Customization, GlobalAll, SchemaDefaults, TemplateAll, TemplateDefaults,
};
use layers::{Explanation, Outcome, Place, Says, Scope, closed, explain, origins};
use serde_json::{Value, json};

use super::example::{Given, removed, row};
use super::{key, sources};

fn explained(template: Option<&Value>, rows: Vec<Given>, about: &str) -> Explanation {
    let entries: Vec<_> = rows.into_iter().zip(1..).map(|(row, number)| row.entry(number)).collect();
    explain(&sources(template, &entries), &key(about), &closed)
}

/// The layers that say something, with what they say and what became of it.
fn told(explanation: &Explanation) -> Vec<(Place, Says, Outcome)> {
    let steps = explanation.steps.iter().filter(|step| step.outcome != Outcome::Silent);
    steps.map(|step| (step.place, step.says.clone(), step.outcome.clone())).collect()
}

fn value(value: impl Into<Value>) -> Says {
    Says::Value(value.into())
}

#[test]
fn every_layer_says_what_it_says_and_one_wins() {
    let template = json!({ "properties": { "hours": { "default": 24 } } });
    let explanation = explained(
        Some(&template),
        vec![row(GlobalAll, "hours", 30), row(TemplateAll, "hours", 36), row(ClientTemplateAll, "hours", 3)],
        "hours",
    );
    let shielded = || Outcome::Shielded { by: ClientTemplateAll };
    assert_eq!(
        told(&explanation),
        [
            (SchemaDefaults, value(24), shielded()),
            (GlobalAll, value(30), shielded()),
            (TemplateAll, value(36), shielded()),
            (ClientTemplateAll, value(3), Outcome::Won),
        ]
    );
    assert_eq!(explanation.value, Some(json!(3)));
    let rows: Vec<_> = explanation.steps.iter().flat_map(|step| &step.rows).copied().collect();
    assert_eq!(rows, [1, 2, 3], "each step names its rows");
    let after: Vec<_> = explanation
        .steps
        .iter()
        .map(|step| step.after.clone().map_or(0, |value| value.as_u64().unwrap_or(0)))
        .collect();
    assert_eq!(
        after,
        [24, 24, 30, 30, 36, 36, 36, 36, 36, 3, 3, 3],
        "all twelve places, and what stood there after each"
    );
}

#[test]
fn locked_out_is_told_with_the_lock() {
    let rows = vec![row(GlobalAll, "banner", true).locked(), row(ClientAll, "banner", false)];
    let explanation = explained(None, rows, "banner");
    let [(GlobalAll, _, Outcome::Won), (ClientAll, says, Outcome::LockedOut { by })] = &told(&explanation)[..] else {
        panic!("{explanation:?}");
    };
    assert_eq!((says, by.scope, by.row), (&value(false), Scope::Global, Some(1)));
    let (locked, lock) = explanation.lock.as_ref().expect("a lock");
    assert_eq!((locked, lock), (&key("banner"), by));
    assert_eq!(explanation.problems.len(), 1);
}

#[test]
fn what_is_not_of_the_template_is_told() {
    let template = json!({ "properties": { "a": {} }, "additionalProperties": false });
    let explanation = explained(Some(&template), vec![row(GlobalAll, "b.c", 1)], "b.c");
    assert_eq!(told(&explanation), [(GlobalAll, value(1), Outcome::NotOfTemplate)]);
    assert_eq!(explanation.value, None);
}

#[test]
fn removals_win_shield_and_may_be_pointless() {
    let explanation = explained(None, vec![row(GlobalAll, "a", 1), row(ClientAll, "a", removed())], "a");
    let shielded = Outcome::Shielded { by: ClientAll };
    assert_eq!(told(&explanation), [(GlobalAll, value(1), shielded), (ClientAll, Says::Removed, Outcome::Won)]);
    let explanation = explained(None, vec![row(ClientAll, "a", removed())], "a");
    assert_eq!(told(&explanation), [(ClientAll, Says::Removed, Outcome::Pointless)]);
    let explanation = explained(None, vec![row(GlobalAll, "a.b", 1), row(ClientAll, "a", "scalar")], "a.b");
    let shielded = Outcome::Shielded { by: ClientAll };
    assert_eq!(told(&explanation), [(GlobalAll, value(1), shielded), (ClientAll, Says::Removed, Outcome::Won)]);
}

#[test]
fn an_object_is_won_by_all_who_supply_part_of_it() {
    let rows = vec![
        row(TemplateDefaults, "", json!({ "a": { "x": 1, "y": 1 } })),
        row(GlobalAll, "a.x", 2),
        row(ClientAll, "a.z", 3),
        row(Customization, "", json!({ "a": { "x": 4 } })),
    ];
    let explanation = explained(None, rows, "a");
    let outcomes: Vec<_> = told(&explanation).into_iter().map(|(place, _, outcome)| (place, outcome)).collect();
    assert_eq!(
        outcomes,
        [
            (TemplateDefaults, Outcome::Won),
            (GlobalAll, Outcome::Shielded { by: ClientAll }),
            (Customization, Outcome::Won),
            (ClientAll, Outcome::Won),
        ]
    );
}

#[test]
fn references_and_secrets_are_told() {
    let mask = json!({ "$secret": { "id": "s", "fingerprint": "f" } });
    let rows = vec![row(GlobalAll, "k", mask), row(ClientAll, "t", "<${k}>")];
    let explanation = explained(None, rows, "t");
    assert!(explanation.is_secret);
    assert_eq!(explanation.before_references, Some(json!("<${k}>")));
    assert_eq!(explanation.value, Some(json!({ "$secret": { "refers_to": ["k"] } })));
}

#[test]
fn origins_name_layer_and_row_of_every_leaf() {
    let template = json!({ "properties": { "list": { "x-merge": "append" } } });
    let rows = [
        row(TemplateDefaults, "", json!({ "list": [1], "a": { "b": 1, "c": 1 }, "e": {} })),
        row(GlobalAll, "a", json!({ "b": 2, "d": { "f": 2 } })),
        row(GlobalAll, "a.d", json!({ "g": 3 })),
        row(ClientAll, "list", json!([2])),
        row(ClientAll, "a.c", removed()),
    ];
    let entries: Vec<_> = rows.into_iter().zip(1..).map(|(row, number)| row.entry(number)).collect();
    let origins = origins(&sources(Some(&template), &entries));
    let found: Vec<_> = origins
        .leaves()
        .map(|(path, origins)| {
            (path.to_string(), origins.iter().map(|origin| origin.row.unwrap_or(0)).collect::<Vec<_>>())
        })
        .collect();
    let expected = [("a.b", vec![2]), ("a.d.f", vec![2]), ("a.d.g", vec![3]), ("e", vec![1]), ("list", vec![1, 4])];
    assert_eq!(found, expected.map(|(path, rows)| (path.to_owned(), rows)));
    let of_a: Vec<_> = origins.of(&key("a")).into_iter().map(|origin| origin.row).collect();
    assert_eq!(of_a, [Some(2), Some(3)]);
}
