//! Previews promise: what they say of a document is what resolve says of it before and after.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::world::{ACME, BOLT, Who, World};

const ENVIRONMENTS: [&str; 3] = ["development", "staging", "production"];

/// Numbers that look random, and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % most
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn value(&mut self) -> Value {
        let values = [
            json!(1),
            json!(2),
            json!("x"),
            json!(null),
            json!(true),
            json!([1, 2]),
            json!([3]),
            json!({}),
            json!({ "b": 5 }),
            json!({ "b": { "c": 6 } }),
            json!("${d}"),
            json!("see ${d}"),
            json!({ "b": { "$removed": true } }),
        ];
        self.one(&values).clone()
    }

    fn edit(&mut self) -> Value {
        let keys = ["a", "a.b", "a.b.c", "d", "e", "list", "held", "held.x"];
        let mut edit = Map::new();
        let operation = *self.one(&["set", "set", "set", "set", "unset", "remove"]);
        edit.insert("operation".to_owned(), json!(operation));
        edit.insert("key".to_owned(), json!(self.one(&keys)));
        if operation == "set" {
            edit.insert("value".to_owned(), self.value());
        }
        if self.below(2) == 0 {
            edit.insert("client_id".to_owned(), json!(self.one(&[ACME, BOLT])));
        }
        if self.below(2) == 0 {
            edit.insert("template_id".to_owned(), json!("shop"));
        }
        edit.insert("environment".to_owned(), json!(self.one(&["all", "all", "staging", "production"])));
        Value::Object(edit)
    }
}

type Documents = BTreeMap<(String, String), Value>;

async fn documents(world: &World) -> Documents {
    let mut documents = Documents::new();
    for client in [ACME, BOLT] {
        for environment in ENVIRONMENTS {
            documents.insert((client.to_owned(), environment.to_owned()), world.document(client, environment).await);
        }
    }
    documents
}

/// Puts what a preview says into documents, and checks what it says of them before.
fn foretold(before: &Documents, preview: &Value) -> Documents {
    let mut after = before.clone();
    for cell in preview["documents"].as_array().expect("documents") {
        let place = (
            cell["client_id"].as_str().expect("a client").to_owned(),
            cell["environment"].as_str().expect("one").to_owned(),
        );
        let Some(document) = after.get_mut(&place).filter(|_| cell["template_id"] == "shop") else { continue };
        for key in cell["keys"].as_array().expect("keys") {
            let pointer = key["pointer"].as_str().expect("a pointer");
            assert_eq!(document.pointer(pointer), key.get("before"), "{place:?} {pointer} {preview}");
            put(document, pointer, key.get("after"));
        }
    }
    after
}

fn put(document: &mut Value, pointer: &str, value: Option<&Value>) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(parent).and_then(Value::as_object_mut).expect("its parent is an object");
    match value {
        Some(value) => _ = parent.insert(name.to_owned(), value.clone()),
        None => _ = parent.remove(name),
    }
}

#[tokio::test]
async fn each_cell_is_what_resolve_says_before_and_after() {
    let world = World::with(&json!({
        "type": "object",
        "properties": {
            "d": { "default": 7 },
            "list": { "type": "array", "x-merge": "append" },
            "held": { "x-locked": true, "default": { "x": 1 } }
        }
    }))
    .await;
    let mut dice = Dice(20_261_123);
    let mut before = documents(&world).await;
    let (mut previewed, mut applied, mut refused, mut reverted) = (0, 0, 0, 0);
    while previewed < 200 {
        let count = 1 + dice.below(3);
        let edits: Vec<Value> = (0..count).map(|_| dice.edit()).collect();
        let answer = world.propose(Who::Super, &json!(edits)).await;
        if answer.status.as_u16() == 422 {
            continue;
        }
        let id = World::proposed(&answer);
        previewed += 1;
        let preview = world.get(Who::Super, &format!("/api/v1/changes/{id}/preview?limit=1000")).await.json();
        let expected = foretold(&before, &preview);
        let blocked =
            preview["documents"].as_array().expect("documents").iter().any(|cell| cell["invalid"] != json!([]));
        let answer = world.act(Who::Super, &id, "apply").await;
        assert_eq!(answer.status.as_u16(), if blocked { 422 } else { 200 }, "{} {edits:?} {preview}", answer.text());
        let now = documents(&world).await;
        if blocked {
            refused += 1;
            assert_eq!(now, before);
            continue;
        }
        applied += 1;
        assert_eq!(now, expected, "{edits:?}");
        if applied % 5 == 0 && answer.json()["revision"].is_i64() {
            let back = World::proposed(&world.act(Who::Super, &id, "revert").await);
            let answer = world.act(Who::Super, &back, "apply").await;
            assert_eq!(answer.status.as_u16(), 200, "{edits:?}: {}", answer.text());
            reverted += 1;
            assert_eq!(documents(&world).await, before, "{edits:?}");
        } else {
            before = now;
        }
    }
    assert!(applied > 100 && refused > 0 && reverted > 15, "{applied} {refused} {reverted}");
}
