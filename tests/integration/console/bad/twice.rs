//! A form that is sent twice: by a double click, or by going back and pressing its button again.

use super::page::{forms, texts};
use super::stage::{Stage, is_taken, send};
use crate::console::world::CLIENT;

#[tokio::test]
async fn a_form_that_is_sent_twice_is_done_once() {
    let mut stage = Stage::new().await;
    let mut wrong = Vec::new();
    for found in
        stage.forms().await.into_iter().filter(|found| !["/sign-out", "/theme"].contains(&found.route.as_str()))
    {
        let (form, pairs) = stage.filled(&found).await;
        let first = stage.send(&form.action, &pairs).await;
        if !is_taken(&first) {
            wrong.push(format!("{}: {}: {}", found.name(), first.status, texts(first.text())));
            continue;
        }
        let done = stage.state().await;
        let again = stage.send(&form.action, &pairs).await;
        let is_same = again.status == 303 && again.header("location") == first.header("location");
        let is_said = again.status == 409 && again.text().contains("sent already");
        // Who changed the password by it has another session now.
        let is_asked_anew = found.route == "/people/me/password" && again.status.is_client_error();
        if !(is_same || is_said || is_asked_anew) {
            wrong.push(format!("{}: {} and then {}", found.name(), first.status, again.status));
        }
        if stage.state().await != done {
            wrong.push(format!("{}: it is done twice", found.name()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn two_at_the_same_moment_are_one() {
    let stage = Stage::new().await;
    let page = stage.browser.get("/tokens/new").await;
    let form = forms(page.text()).into_iter().find(|form| form.action == "/tokens").expect("a form");
    let pairs = super::typed::typed("/tokens", &form);
    let count = "SELECT count(*)::text FROM tenantry.tokens";
    let before: u32 = stage.world.text(count).await.parse().expect("a number");
    let both = tokio::join!(stage.send("/tokens", &pairs), stage.send("/tokens", &pairs));
    let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", both.0.text(), both.1.text());
    assert_eq!(stage.world.text(count).await, (before + 1).to_string());
}

#[tokio::test]
async fn going_back_to_change_something_sends_another() {
    let stage = Stage::new().await;
    let path = format!("/clients/{CLIENT}/edit");
    let page = stage.browser.get(&path).await;
    let form = forms(page.text()).into_iter().find(|form| form.action == path).expect("a form");
    let with = |phone: &str| {
        let pairs = form.pairs().into_iter();
        let pairs = pairs.map(|(name, value)| if name == "phone" { (name, phone.to_owned()) } else { (name, value) });
        pairs.collect::<Vec<_>>()
    };
    assert_eq!(stage.send(&path, &with("1")).await.status, 303);
    let second = stage.send(&path, &with("2")).await;
    assert_eq!(second.status, 409, "what stands there now is another than the page saw");
    assert!(second.text().contains("What you wrote"));
    let again = forms(second.text()).into_iter().find(|form| form.action == path).expect("the form again");
    assert_eq!(again.field("phone").map(|field| field.value.as_str()), Some("2"));
    assert_eq!(send(&stage.browser, &path, &again.pairs()).await.status, 303);
    assert_eq!(stage.world.text("SELECT phone FROM clients_enhanced").await, "2");
}

#[tokio::test]
async fn an_undo_that_is_pressed_twice_takes_back_once() {
    let stage = Stage::new().await;
    let apply = format!("/changes/{}/apply", stage.given().own);
    let applied = stage.browser.post(&apply, &[]).await;
    assert_eq!(applied.status, 303, "{}", applied.text());
    let page = stage.browser.get(applied.header("location").expect("the change")).await;
    let form = forms(page.text()).into_iter().find(|form| form.action.ends_with("/undo")).expect("a way back");
    let first = stage.send(&form.action, &form.pairs()).await;
    assert_eq!(first.status, 303, "{}", first.text());
    let done = stage.state().await;
    let again = stage.send(&form.action, &form.pairs()).await;
    assert_eq!((again.status, again.header("location")), (first.status, first.header("location")));
    assert_eq!(stage.state().await, done);
}
