//! Upgrading a client from one version of a template to the next: old defaults, new defaults, the client's values.

use layers::{Decision, three_way};
use serde_json::{Value, json};

use Decision::{Conflict, Dropped, Kept, Taken};

/// What it is about, the client's values, what becomes of them, and what was decided where.
type Case = (&'static str, Value, Value, Vec<(&'static str, Decision)>);

#[test]
fn it_resolves_what_it_can_and_lists_what_it_cant() {
    let old = json!({ "same": 1, "changed": 1, "gone": 1, "gone_too": 1, "tree": { "a": 1, "b": 1 }, "shape": 1, "list": [1] });
    let new =
        json!({ "same": 1, "changed": 2, "fresh": 2, "tree": { "a": 2, "b": 2 }, "shape": { "x": 1 }, "list": [1, 2] });
    let cases: Vec<Case> = vec![
        ("untouched by the client", json!({}), json!({}), vec![]),
        ("only the client changed it", json!({ "same": 5 }), json!({ "same": 5 }), vec![("same", Kept)]),
        ("the client's own", json!({ "own": 5 }), json!({ "own": 5 }), vec![("own", Kept)]),
        (
            "it said what the old default said",
            json!({ "changed": 1 }),
            json!({ "changed": 2 }),
            vec![("changed", Taken)],
        ),
        (
            "it said already what the new default says",
            json!({ "changed": 2 }),
            json!({ "changed": 2 }),
            vec![("changed", Kept)],
        ),
        ("both changed it", json!({ "changed": 3 }), json!({ "changed": 3 }), vec![("changed", Conflict)]),
        ("it said what is gone", json!({ "gone": 1 }), json!({}), vec![("gone", Dropped)]),
        ("it changed what is gone", json!({ "gone": 5 }), json!({ "gone": 5 }), vec![("gone", Conflict)]),
        (
            "the new version has what was the client's own",
            json!({ "fresh": 5 }),
            json!({ "fresh": 5 }),
            vec![("fresh", Conflict)],
        ),
        (
            "objects merge key by key",
            json!({ "tree": { "a": 1, "b": 5 } }),
            json!({ "tree": { "a": 2, "b": 5 } }),
            vec![("tree.a", Taken), ("tree.b", Conflict)],
        ),
        (
            "a scalar became an object",
            json!({ "shape": { "x": 5 } }),
            json!({ "shape": { "x": 5 } }),
            vec![("shape", Conflict)],
        ),
        ("arrays are whole", json!({ "list": [1] }), json!({ "list": [1, 2] }), vec![("list", Taken)]),
        (
            "a removal of what stays as it is",
            json!({ "same": { "$removed": true } }),
            json!({ "same": { "$removed": true } }),
            vec![("same", Kept)],
        ),
        (
            "a removal of what is gone",
            json!({ "gone_too": { "$removed": true } }),
            json!({}),
            vec![("gone_too", Dropped)],
        ),
        (
            "a removal of what changed",
            json!({ "changed": { "$removed": true } }),
            json!({ "changed": { "$removed": true } }),
            vec![("changed", Conflict)],
        ),
    ];
    for (sentence, ours, value, decisions) in cases {
        let upgrade = three_way(&old, &new, &ours);
        let decided: Vec<_> = upgrade.steps.iter().map(|step| (step.path.to_string(), step.decision)).collect();
        let expected: Vec<_> = decisions.into_iter().map(|(path, decision)| (path.to_owned(), decision)).collect();
        assert_eq!((upgrade.value, decided), (value, expected), "{sentence}");
    }
}
