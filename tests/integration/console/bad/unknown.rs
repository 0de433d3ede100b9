//! A form with a field that it doesn't have: somebody meant something by it.

use super::page::texts;
use super::stage::Stage;

#[tokio::test]
async fn a_field_that_a_form_does_not_have_is_named_and_nothing_is_done() {
    let mut stage = Stage::new().await;
    let mut wrong = Vec::new();
    for found in stage.forms().await {
        let (form, mut pairs) = stage.filled(&found).await;
        pairs.push(("is_admin".to_owned(), "on".to_owned()));
        let before = stage.state().await;
        let answer = stage.send(&form.action, &pairs).await;
        let shown = texts(answer.text());
        if answer.status != 422 || !shown.contains("is_admin") {
            wrong.push(format!("{}: {}", found.name(), answer.status));
        }
        if stage.state().await != before {
            wrong.push(format!("{}: something was changed", found.name()));
        }
        let is_seen = |name: &str| {
            form.field(name)
                .is_some_and(|field| matches!(field.kind, super::page::Kind::Line(_) | super::page::Kind::Lines))
        };
        for (name, value) in pairs.iter().filter(|(name, value)| !value.is_empty() && is_seen(name)) {
            // People don't see this one: it is for managers of passwords.
            if name != "username" && !shown.contains(value.as_str()) {
                wrong.push(format!("{}: {value:?} of {name} is lost", found.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
