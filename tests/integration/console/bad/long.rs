//! Texts that are longer than anybody writes.

use super::page::{Kind, forms, texts};
use super::stage::{Found, Stage, is_taken};

/// Some forty pages; and more than any column of ours holds, for the last field of a form.
const LENGTHS: [usize; 2] = [100_000, 1_000_000];

/// A text of a length as a field takes it.
fn long(kind: &Kind, length: usize) -> String {
    match kind {
        Kind::Line(kind) if kind == "email" => format!("{}@client.example", "x".repeat(length)),
        Kind::Line(kind) if kind == "number" => "9".repeat(length),
        _ => "x".repeat(length),
    }
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused_at_its_field_and_kept_or_kept_whole_in_its_row() {
    let mut stage = Stage::new().await;
    let mut wrong = Vec::new();
    for found in stage.forms().await {
        let form = stage.open(&found).await;
        let typed: Vec<_> = form.fields.iter().filter(|field| field.is_typed()).cloned().collect();
        for (place, field) in typed.iter().enumerate().filter(|(_, field)| field.name != "username") {
            let lengths = if place + 1 == typed.len() { &LENGTHS[..] } else { &LENGTHS[..1] };
            let mut texts: Vec<String> = lengths.iter().map(|length| long(&field.kind, *length)).collect();
            // One document of each form stands for its others, which are read alike.
            if field.kind == Kind::Lines && typed[..place].iter().all(|before| before.kind != Kind::Lines) {
                texts.push(format!("{{\"k\": \"{}\"}}", "x".repeat(LENGTHS[0])));
            }
            for text in texts {
                match one(&mut stage, &found, &field.name, &text).await {
                    Ok(false) => {}
                    Ok(true) => stage.renew().await,
                    Err(said) => wrong.push(format!("{}, {} with {}: {said}", found.name(), field.name, text.len())),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Fields that a form reads only where another says so, which isn't as it is filled in here.
fn is_unused(route: &str, name: &str) -> bool {
    (route == "/tokens" && ["client", "template_id", "user"].contains(&name))
        || (route == "/customizations/{id}/upgrade" && name.starts_with("value/"))
}

/// Sends a long text in a field; whether it was taken.
async fn one(stage: &mut Stage, found: &Found, name: &str, text: &str) -> Result<bool, String> {
    let (form, mut pairs) = stage.filled(found).await;
    for (_, value) in pairs.iter_mut().filter(|(known, _)| known == name) {
        text.clone_into(value);
    }
    let answer = stage.send(&form.action, &pairs).await;
    if is_taken(&answer) {
        let shown = stage.browser.get(answer.header("location").unwrap_or(&found.page)).await;
        let run: String = text.chars().filter(|c| ['x', '9'].contains(c)).collect();
        let is_whole =
            texts(shown.text()).contains(&run) || texts(stage.browser.get(&found.page).await.text()).contains(&run);
        let is_hidden =
            form.field(name).is_some_and(|field| field.kind == Kind::Password) || is_unused(&found.route, name);
        if is_hidden {
            return Ok(true);
        }
        return if is_whole { Ok(true) } else { Err(format!("taken ({}), and not shown whole", answer.status)) };
    }
    if !answer.status.is_client_error() {
        return Err(answer.status.to_string());
    }
    let again = forms(answer.text()).into_iter().find(|again| again.action == form.action);
    let Some(field) = again.as_ref().and_then(|again| again.field(name)) else {
        return Err(format!("{}: the form is gone", answer.status));
    };
    if !field.is_wrong {
        return Err(format!("{}: the fault isn't at the field: {}", answer.status, said(answer.text())));
    }
    if field.kind != Kind::Password && field.value.trim() != text {
        return Err(format!("{}: what was typed is lost", answer.status));
    }
    Ok(false)
}

/// The beginning of what a page says is wrong.
fn said(page: &str) -> String {
    let from = page.split("alert-danger").nth(1).unwrap_or(page);
    from.chars().take(400).collect()
}
