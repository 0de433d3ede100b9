//! *Precedence* on locks, sentence by sentence.

use layers::Place::{
    ClientAll, ClientTemplateAll, Customization, Deployment, GlobalAll, GlobalEnvironment, TemplateAll,
    TemplateDefaults, TemplateEnvironment,
};
use layers::{Rule, closed, resolve};
use serde_json::{Value, json};

use super::example::{Given, example, removed, row};
use super::sources;

const LOCKED: (&str, &str) = ("/privacy/banner", "x-locked");

fn locking() -> Value {
    json!({ "properties": { "privacy": { "properties": { "banner": { "default": true, "x-locked": true } } } } })
}

#[test]
fn a_lower_layer_that_must_win_says_so_with_a_lock() {
    example("a schema property of the template version")
        .template(locking())
        .rows([row(ClientAll, "privacy.banner", false)])
        .gives_noting(json!({ "privacy": { "banner": true } }), &[LOCKED]);
    example("or of the `configuration_schema` of a global row")
        .rows([row(GlobalAll, "privacy.banner", true).locked(), row(ClientAll, "privacy.banner", false)])
        .gives_noting(json!({ "privacy": { "banner": true } }), &[LOCKED]);
    example("or template row")
        .rows([row(TemplateAll, "privacy.banner", true).locked(), row(ClientAll, "privacy.banner", false)])
        .gives_noting(json!({ "privacy": { "banner": true } }), &[LOCKED]);
    example("a property within the row's own schema")
        .rows([
            row(GlobalAll, "privacy", json!({ "banner": true, "months": 24 }))
                .with_schema(json!({ "properties": { "banner": { "x-locked": true } } })),
            row(ClientAll, "privacy", json!({ "banner": false, "months": 36 })),
        ])
        .gives_noting(json!({ "privacy": { "banner": true, "months": 36 } }), &[LOCKED]);
    example("a client's row locks nothing: its scope is the last that has rows")
        .rows([row(ClientAll, "a", 1).locked(), row(ClientTemplateAll, "a", 2), row(Deployment, "", json!({ "a": 3 }))])
        .gives(json!({ "a": 3 }));
}

#[test]
fn a_lock_fixes_the_path_and_all_below_it() {
    example("fixes the path and all below it")
        .rows([
            row(GlobalAll, "legal", json!({ "imprint": { "name": "Agency" } })).locked(),
            row(ClientAll, "legal.imprint.name", "Client"),
            row(Customization, "", json!({ "legal": { "terms": "none" } })),
        ])
        .gives_noting(
            json!({ "legal": { "imprint": { "name": "Agency" } } }),
            &[("/legal/imprint/name", "x-locked"), ("/legal/terms", "x-locked")],
        );
    example("where its scope sets nothing, nothing is what it fixes")
        .template(json!({ "properties": { "debug": { "x-locked": true } } }))
        .rows([row(ClientAll, "debug", true)])
        .gives_noting(json!({}), &[("/debug", "x-locked")]);
}

#[test]
fn rows_of_the_scope_that_says_so_still_set_it() {
    example("rows of that scope (its `all` and its environments) still set it")
        .rows([row(GlobalAll, "days", 14).locked(), row(GlobalEnvironment, "days", 30)])
        .gives(json!({ "days": 30 }));
    example("also where the lock stands at one environment")
        .rows([row(GlobalAll, "days", 14), row(GlobalEnvironment, "days", 30).locked(), row(TemplateAll, "days", 60)])
        .gives_noting(json!({ "days": 30 }), &[("/days", "x-locked")]);
    example("what a template's version locks, the template's own rows set, and what lies beneath those")
        .template(json!({ "properties": { "days": { "default": 14, "x-locked": true } } }))
        .rows([
            row(TemplateDefaults, "", json!({ "days": 20 })),
            row(GlobalAll, "days", 25),
            row(TemplateAll, "days", 30),
            row(TemplateEnvironment, "days", 35),
        ])
        .gives(json!({ "days": 35 }));
}

#[test]
fn nothing_above_changes_it_by_whatever_parent_tombstone_or_reference() {
    let base = || row(GlobalAll, "privacy.banner", true).locked();
    for (how, above) in [
        ("by whatever parent", row(ClientAll, "privacy", json!({ "banner": false }))),
        ("by a parent that is no object", row(ClientAll, "privacy", "none")),
        ("tombstone", row(ClientAll, "privacy.banner", removed())),
        ("by a parent's tombstone", row(ClientAll, "privacy", removed())),
        ("by a tombstone in a parent", row(Customization, "", json!({ "privacy": { "banner": removed() } }))),
    ] {
        let resolved = resolve(&sources(None, &[base().entry(1), above.entry(2)]), &closed);
        assert_eq!(resolved.document, json!({ "privacy": { "banner": true } }), "{how}");
        let [problem] = resolved.problems.as_slice() else { panic!("{how}: {:?}", resolved.problems) };
        assert_eq!(problem.rule, Rule::Locked { would_change: true }, "{how}");
        assert_eq!(problem.row, Some(2), "{how}");
    }
    example("or reference: the locked text keeps what it referred to at its scope")
        .rows([
            row(GlobalAll, "support.email", "help@agency"),
            row(GlobalAll, "footer", "Write to ${support.email}").locked(),
            row(ClientAll, "support.email", "studio@client"),
        ])
        .gives_noting(
            json!({ "footer": "Write to help@agency", "support": { "email": "studio@client" } }),
            &[("/footer", "x-locked-reference")],
        );
    example("also where the reference stands above what is locked")
        .template(json!({ "properties": { "brand": { "properties": { "main": { "x-locked": true } } } } }))
        .rows([
            row(GlobalAll, "palette", json!({ "main": "#000", "alt": "#111" })),
            row(GlobalAll, "brand", "${palette}"),
            row(ClientAll, "palette", json!({ "main": "#fff", "alt": "#eee" })),
        ])
        .gives_noting(
            json!({ "brand": { "alt": "#eee", "main": "#000" }, "palette": { "alt": "#eee", "main": "#fff" } }),
            &[("/brand/main", "x-locked-reference")],
        );
    example("a reference to what nobody changes above is as it was")
        .rows([
            row(GlobalAll, "support.email", "help@agency"),
            row(GlobalAll, "footer", "Write to ${support.email}").locked(),
            row(ClientAll, "support.hours", "9-5"),
        ])
        .gives(json!({ "footer": "Write to help@agency", "support": { "email": "help@agency", "hours": "9-5" } }));
}

#[test]
fn what_would_change_nothing_is_no_offence() {
    let would_change = |above: Given| {
        let entries = [row(GlobalAll, "a.b", 1).locked().entry(1), above.entry(2)];
        resolve(&sources(None, &entries), &closed).problems.into_iter().map(|problem| problem.rule).collect::<Vec<_>>()
    };
    assert_eq!(would_change(row(ClientAll, "a.b", 1)), [Rule::Locked { would_change: false }]);
    assert_eq!(would_change(row(ClientAll, "a.b", 2)), [Rule::Locked { would_change: true }]);
    assert_eq!(would_change(row(ClientAll, "a", json!({ "c": 2 }))), []);
    example("what stands beside the locked property goes through")
        .rows([row(GlobalAll, "a.b", 1).locked(), row(ClientAll, "a", json!({ "b": 1, "c": 2 }))])
        .gives_noting(json!({ "a": { "b": 1, "c": 2 } }), &[("/a/b", "x-locked")]);
}

#[test]
fn of_two_locks_the_lower_scope_wins() {
    example("Of two locks the lower scope wins")
        .rows([row(GlobalAll, "days", 14).locked(), row(TemplateAll, "days", 30).locked(), row(ClientAll, "days", 60)])
        .gives_noting(json!({ "days": 14 }), &[("/days", "x-locked"), ("/days", "x-locked")]);
    example("also of one on the path and one on its parent")
        .rows([row(GlobalAll, "terms", json!({ "days": 14 })).locked(), row(TemplateAll, "terms.days", 30).locked()])
        .gives_noting(json!({ "terms": { "days": 14 } }), &[("/terms/days", "x-locked")]);
    example("also of the version's and a global row's")
        .template(json!({ "properties": { "days": { "default": 7, "x-locked": true } } }))
        .rows([row(GlobalAll, "days", 14).locked(), row(TemplateAll, "days", 30)])
        .gives_noting(json!({ "days": 14 }), &[("/days", "x-locked")]);
}

#[test]
fn a_row_that_is_not_part_of_the_template_locks_nothing_there() {
    example("left out is the whole row, its lock too")
        .template(json!({ "properties": { "a": {} }, "additionalProperties": false }))
        .rows([row(GlobalAll, "b", 1).locked(), row(ClientTemplateAll, "b", 2)])
        .gives(json!({ "b": 2 }));
}
