//! Script in every text field: nothing of it runs anywhere.

use super::page::{Kind, dangers, forms, texts};
use super::places;
use super::stage::{Found, Stage, is_taken};

const SCRIPTS: [&str; 4] =
    ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "{{7*7}}"];

/// Pages that show what was typed elsewhere.
const LISTS: [&str; 8] = [
    "/",
    "/clients",
    "/audit",
    "/changes",
    "/customizations",
    "/deployment-configurations",
    "/find?q=script",
    "/deployments",
];

#[tokio::test]
async fn script_in_a_field_is_a_text_wherever_it_is_shown() {
    let mut stage = Stage::new().await;
    let mut wrong = Vec::new();
    let (mut taken, mut refused) = (0, 0);
    for found in stage.forms().await {
        let form = stage.open(&found).await;
        let fields: Vec<_> = form.fields.iter().filter(|field| field.is_typed() && field.name != "username").collect();
        for field in &fields {
            // Each field has another of them; where a form has fewer fields, one has several.
            let first = taken + refused;
            for script in
                SCRIPTS.iter().cycle().skip(first).take(if fields.len() < SCRIPTS.len() { SCRIPTS.len() } else { 1 })
            {
                for text in written(&field.kind, script) {
                    match one(&mut stage, &found, &field.name, &text).await {
                        Ok(true) => taken += 1,
                        Ok(false) => refused += 1,
                        Err(said) => wrong.push(format!("{}, {}: {said}", found.name(), field.name)),
                    }
                }
            }
        }
        if fields.len() > SCRIPTS.len()
            && let Err(said) = everywhere(&stage, LISTS.iter().map(|path| (*path).to_owned())).await
        {
            wrong.push(format!("after {}: {said}", found.name()));
        }
    }
    let all = places::all(stage.given());
    wrong.extend(everywhere(&stage, all.into_iter()).await.err());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(taken > 50 && refused > 10, "script was kept {taken} times and refused {refused} times");
}

/// Script as a field takes it, and in it.
fn written(kind: &Kind, script: &str) -> Vec<String> {
    match kind {
        Kind::Line(kind) if kind == "email" => vec![format!("{script}@client.example")],
        Kind::Lines => vec![script.to_owned(), serde_json::json!({ script: [script] }).to_string()],
        _ => vec![script.to_owned()],
    }
}

/// Sends script in a field; whether it was taken.
async fn one(stage: &mut Stage, found: &Found, name: &str, script: &str) -> Result<bool, String> {
    let (form, mut pairs) = stage.filled(found).await;
    for (_, value) in pairs.iter_mut().filter(|(known, _)| known == name) {
        script.clone_into(value);
    }
    let answer = stage.send(&form.action, &pairs).await;
    harmless(answer.text())?;
    if is_taken(&answer) {
        let to = answer.header("location").unwrap_or(&found.page).to_owned();
        everywhere(stage, std::iter::once(to)).await?;
        return Ok(true);
    }
    if !answer.status.is_client_error() {
        return Err(answer.status.to_string());
    }
    let again = forms(answer.text()).into_iter().find(|again| again.action == form.action);
    let field = again.as_ref().and_then(|again| again.field(name));
    let is_kept = field.is_some_and(|field| field.kind == Kind::Password || field.value == script);
    if is_kept || texts(answer.text()).contains(script) {
        Ok(false)
    } else {
        Err(format!("{}: it is lost", answer.status))
    }
}

async fn everywhere(stage: &Stage, paths: impl Iterator<Item = String>) -> Result<(), String> {
    for path in paths {
        let answer = stage.browser.get(&path).await;
        if answer.status.is_server_error() {
            return Err(format!("{path}: {}", answer.status));
        }
        harmless(answer.text()).map_err(|said| format!("{path}: {said}"))?;
    }
    Ok(())
}

fn harmless(page: &str) -> Result<(), String> {
    let found = dangers(page);
    if found.is_empty() { Ok(()) } else { Err(found.join(", ")) }
}
