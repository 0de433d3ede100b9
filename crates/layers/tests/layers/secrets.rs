//! Secrets in documents: masks, plaintext where it is given, and whatever refers to them.

use layers::Place::{ClientAll, GlobalAll, TemplateAll};
use layers::{Resolved, closed, resolve, validate};
use serde_json::{Value, json};

use super::example::{Given, row};
use super::{named, sources};

fn mask(id: &str) -> Value {
    json!({ "$secret": { "id": id, "fingerprint": format!("of {id}"), "set_at": "2026-01-01", "set_by": null } })
}

fn open(id: &str) -> Option<Value> {
    match id {
        "pass" => Some(json!("a${b}c")),
        "object" => Some(json!({ "user": "app", "key": "k" })),
        _ => None,
    }
}

fn both(rows: Vec<Given>) -> (Resolved, Resolved) {
    let entries: Vec<_> = rows.into_iter().zip(1..).map(|(row, number)| row.entry(number)).collect();
    let sources = sources(None, &entries);
    (resolve(&sources, &closed), resolve(&sources, &open))
}

fn secrets(resolved: &Resolved) -> Vec<(String, Vec<&str>)> {
    let named = |secret: &'_ layers::Secret| secret.path.pointer();
    resolved.secrets.iter().map(|secret| (named(secret), secret.ids.iter().map(AsRef::as_ref).collect())).collect()
}

#[test]
fn a_mask_is_a_scalar_that_stands_until_it_is_opened() {
    let rows =
        vec![row(GlobalAll, "db.password", mask("other")), row(ClientAll, "db", json!({ "password": mask("pass") }))];
    let (closed, opened) = both(rows);
    assert_eq!(closed.document, json!({ "db": { "password": mask("pass") } }), "it replaces whole, and isn't merged");
    assert_eq!(opened.document, json!({ "db": { "password": "a${b}c" } }), "plaintext means what it says");
    for resolved in [&closed, &opened] {
        assert_eq!(secrets(resolved), [("/db/password".to_owned(), vec!["pass"])]);
        assert_eq!(resolved.secret_ids(), ["pass"]);
        assert_eq!(resolved.problems, []);
    }
}

#[test]
fn a_value_that_refers_to_a_secret_is_itself_a_secret() {
    let (closed, opened) = both(vec![
        row(GlobalAll, "db", json!({ "host": "h", "password": mask("pass") })),
        row(GlobalAll, "copy", "${db.password}"),
        row(GlobalAll, "url", "pg://app:${db.password}@${db.host}"),
        row(GlobalAll, "again", "<${url}>"),
        row(GlobalAll, "all", "${db}"),
        row(GlobalAll, "plain", "${db.host}"),
        row(GlobalAll, "list", json!(["${db.password}"])),
    ]);
    assert_eq!(opened.document["url"], "pg://app:a${b}c@h");
    assert_eq!(opened.document["again"], "<pg://app:a${b}c@h>");
    assert_eq!(opened.document["all"], json!({ "host": "h", "password": "a${b}c" }));
    assert_eq!(closed.document["copy"], mask("pass"));
    assert_eq!(closed.document["url"], json!({ "$secret": { "refers_to": ["db.password"] } }));
    assert_eq!(closed.document["again"], json!({ "$secret": { "refers_to": ["url"] } }));
    for resolved in [&closed, &opened] {
        let of_pass = ["/again", "/all/password", "/copy", "/db/password", "/list/0", "/url"];
        assert_eq!(secrets(resolved), of_pass.map(|path| (path.to_owned(), vec!["pass"])));
        assert_eq!(resolved.problems, []);
    }
}

#[test]
fn into_a_secret_that_is_an_object_one_may_refer_when_it_is_open() {
    let (_, opened) = both(vec![
        row(GlobalAll, "account", mask("object")),
        row(GlobalAll, "user", "${account.user}"),
        row(GlobalAll, "text", "k=${account.key}"),
    ]);
    assert_eq!(opened.document["user"], "app");
    assert_eq!(opened.document["text"], "k=k");
    let of_object = ["/account", "/text", "/user"].map(|path| (path.to_owned(), vec!["object"]));
    assert_eq!(secrets(&opened), of_object);
    let (closed, _) = both(vec![row(GlobalAll, "account", mask("object")), row(GlobalAll, "user", "${account.user}")]);
    assert_eq!(closed.problems, [], "what isn't open can't be judged");
    assert_eq!(closed.document["user"], json!({ "$secret": { "refers_to": ["account.user"] } }));
}

#[test]
fn a_locked_text_keeps_the_secret_of_its_scope() {
    let rows = vec![
        row(GlobalAll, "key", mask("pass")),
        row(GlobalAll, "header", "Bearer ${key}").locked(),
        row(ClientAll, "key", "mine"),
    ];
    let (closed, opened) = both(rows);
    assert_eq!(opened.document, json!({ "header": "Bearer a${b}c", "key": "mine" }));
    assert_eq!(secrets(&opened), [("/header".to_owned(), vec!["pass"])]);
    assert_eq!(closed.document["header"], json!({ "$secret": { "refers_to": ["key"] } }));
    assert_eq!(named(&closed.problems), [("/header".to_owned(), "x-locked-reference".to_owned())]);
}

#[test]
fn schemas_judge_the_plaintext_and_pass_over_masks() {
    let template = json!({ "properties": {
        "pin": { "type": "string", "pattern": "^[0-9]{4}$", "x-secret": true },
        "mode": { "enum": ["on", "off"] },
    } });
    let entries = [row(TemplateAll, "pin", mask("pass")).entry(1), row(TemplateAll, "mode", "${pin}").entry(2)];
    let sources = sources(Some(&template), &entries);
    assert_eq!(validate(&sources, &resolve(&sources, &closed)), [], "a mask is neither right nor wrong");
    let problems = validate(&sources, &resolve(&sources, &open));
    assert_eq!(named(&problems), [("/mode".to_owned(), "enum".to_owned()), ("/pin".to_owned(), "pattern".to_owned())]);
    for problem in problems {
        for told in ["a${b}c", "[0-9]", "on", "off"] {
            let said = problem.to_string();
            let words =
                said.replace("isn't shown since it is about a secret", "").replace("one", "").replace("from", "");
            assert!(!words.contains(told) || told == "on", "neither the value nor the operand is shown: {said}");
        }
        assert!(!problem.detail.contains("\"on\""), "{problem}");
    }
}
