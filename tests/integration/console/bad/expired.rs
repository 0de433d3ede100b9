//! A session that ended in the middle of a form, for every form: nothing is lost, and nobody gets another one's rights.

use super::page::{Form, Kind, forms, texts};
use super::places::may;
use super::stage::{Found, Stage, is_taken, send};
use crate::auth::world::{PASSWORD, email};
use crate::support::Browser;
use crate::support::server::Answer;

/// What one's own sessions being over does to a form about them: there is nothing to end any more.
const ENDS_SESSIONS: &str = "/people/me/sessions/end";

/// The form of a page that is sent to an address.
fn form_to(page: &str, action: &str) -> Option<Form> {
    forms(page).into_iter().find(|form| form.action == action)
}

/// Gives what a page of the door asks for.
async fn through(browser: &Browser, page: &str, door: &str, role: &str) -> Answer {
    let form = form_to(page, door).unwrap_or_else(|| panic!("no way through {door} in {page}"));
    let mut pairs = form.pairs();
    for (name, value) in &mut pairs {
        match name.as_str() {
            "email" => *value = email(role),
            "password" => PASSWORD.clone_into(value),
            _ => {}
        }
    }
    send(browser, door, &pairs).await
}

/// What is to arrive: all but passwords, and what the page notes of itself.
fn carried(form: &Form, pairs: &[(String, String)]) -> Vec<(String, String)> {
    let is_password =
        |name: &str| name.contains("password") && form.field(name).is_some_and(|field| field.kind == Kind::Password);
    let kept = pairs.iter().filter(|(name, _)| !name.starts_with('_') && !is_password(name));
    kept.cloned().collect()
}

fn without_notes(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.into_iter().filter(|(name, _)| !name.starts_with('_')).collect()
}

#[tokio::test]
async fn a_form_goes_on_after_signing_in_again() {
    let mut stage = Stage::new().await;
    let mut wrong = Vec::new();
    for found in stage.forms().await.into_iter().filter(|found| !is_of_the_door(found)) {
        let (form, pairs) = stage.filled(&found).await;
        stage.end_sessions().await;
        let before = stage.state().await;
        let asked = stage.send(&form.action, &pairs).await;
        if asked.status != 401 || stage.state().await != before {
            wrong.push(format!("{}: {} where nobody is signed in", found.name(), asked.status));
            continue;
        }
        let resumed = through(&stage.browser, asked.text(), "/sign-in", "super_admin").await;
        if let Err(said) = goes_on(&stage, &found, &form, &pairs, resumed).await {
            wrong.push(format!("{}: {said}", found.name()));
        }
        stage.come_back().await;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn is_of_the_door(found: &Found) -> bool {
    ["/theme", "/sign-out", "/step-up"].contains(&found.route.as_str())
}

/// That the next page holds what was typed, and that sending it on has the effect.
async fn goes_on(
    stage: &Stage,
    found: &Found,
    form: &Form,
    pairs: &[(String, String)],
    resumed: Answer,
) -> Result<(), String> {
    let on = |page: &str| form_to(page, &form.action).ok_or_else(|| format!("what was typed is gone: {}", texts(page)));
    let again = on(resumed.text())?;
    let expected = carried(form, pairs);
    if without_notes(again.pairs()) != expected {
        return Err(format!("{:?} arrives of {expected:?}", again.pairs()));
    }
    let has_passwords = expected.len() < pairs.iter().filter(|(name, _)| !name.starts_with('_')).count();
    if has_passwords != resumed.text().contains("Passwords that you typed") {
        return Err("it isn't said what of it stays behind".to_owned());
    }
    let mut answer = send(&stage.browser, &again.action, &again.pairs()).await;
    if form_to(answer.text(), "/step-up").is_some() {
        let stepped = through(&stage.browser, answer.text(), "/step-up", "super_admin").await;
        let again = on(stepped.text())?;
        if without_notes(again.pairs()) != expected {
            return Err(format!("{:?} is left after the password of {expected:?}", again.pairs()));
        }
        answer = send(&stage.browser, &again.action, &again.pairs()).await;
    }
    match (is_taken(&answer), has_passwords || found.route == ENDS_SESSIONS) {
        (true, _) => Ok(()),
        // What wasn't kept is asked for by the form itself.
        (false, true) if answer.status.is_client_error() => Ok(()),
        _ => Err(format!("sent on it gives {}: {}", answer.status, texts(answer.text()))),
    }
}

#[tokio::test]
async fn whoever_signs_in_instead_does_only_what_they_may() {
    let mut stage = Stage::new().await;
    let mut wrong = Vec::new();
    for found in stage.forms().await.into_iter().filter(|found| !is_of_the_door(found)) {
        if may(&found.route, "client") {
            continue;
        }
        let (form, pairs) = stage.filled(&found).await;
        stage.end_sessions().await;
        let asked = stage.send(&form.action, &pairs).await;
        let resumed = through(&stage.browser, asked.text(), "/sign-in", "client").await;
        let before = stage.state().await;
        let again = form_to(resumed.text(), &form.action).map(|again| again.pairs()).unwrap_or_default();
        let answer = send(&stage.browser, &form.action, &again).await;
        if answer.status != 403 || stage.state().await != before {
            wrong.push(format!("{}: {}", found.name(), answer.status));
        }
        stage.come_back().await;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn one_who_signs_in_in_another_window_sends_the_form_from_the_first() {
    let mut stage = Stage::new().await;
    let path = format!("/clients/{}/edit", crate::console::world::CLIENT);
    let found = stage.forms().await.into_iter().find(|found| found.page == path && found.route == "/clients/{id}/edit");
    let (form, mut pairs) = stage.filled(&found.expect("the form of a client")).await;
    for (_, value) in pairs.iter_mut().filter(|(name, _)| name == "phone") {
        "+47 22 00 00 00".clone_into(value);
    }
    stage.end_sessions().await;
    let asked = stage.send(&form.action, &pairs).await;
    assert_eq!(asked.status, 401);
    let other = [("email", email("super_admin")), ("password", PASSWORD.to_owned()), ("next", "/".to_owned())];
    let other = other.map(|(name, value)| (name.to_owned(), value));
    assert_eq!(send(&stage.browser, "/sign-in", &other).await.status, 303);
    // Back in the first window, by its own sign-in page as well as by going back to the form.
    let resumed = through(&stage.browser, asked.text(), "/sign-in", "super_admin").await;
    assert_eq!(
        form_to(resumed.text(), &form.action).map(|again| without_notes(again.pairs())),
        Some(carried(&form, &pairs))
    );
    assert_eq!(stage.send(&form.action, &pairs).await.status, 303);
    assert_eq!(stage.world.text("SELECT phone FROM clients_enhanced").await, "+47 22 00 00 00");
}
