//! Changes by their buttons: what comes of a page that is stale, of one that there isn't, and of words that are too long.

use super::world::{CLIENT, World, hidden};
use crate::support::Browser;

/// Proposes a tagline for the client; the path of the change.
async fn proposed(browser: &Browser, value: &str) -> String {
    let form = format!("/clients/{CLIENT}/configuration/edit?key=branding.tagline&whose=client&in=all");
    let page = browser.get(&form).await;
    let [was, base] = ["was", "base"].map(|part| hidden(page.text(), &format!("{part}/branding/tagline")));
    let fields = [
        ("value/branding/tagline", value),
        ("was/branding/tagline", &was),
        ("base/branding/tagline", &base),
        ("reason", "<script>alert(1)</script>"),
    ];
    let answer = browser.post(&form, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").expect("a change").to_owned()
}

#[tokio::test]
async fn a_button_that_was_pressed_before_does_nothing_again() {
    let world = World::new().await;
    let admin = world.signed_in("admin").await;
    let change = proposed(&admin, "one").await;
    assert_eq!(admin.post(&format!("{change}/apply"), &[]).await.status, 303);
    let revision = world.text("SELECT revision::text FROM tenantry.installation_revision").await;
    for act in ["apply", "withdraw", "reject", "approve"] {
        let again = admin.post(&format!("{change}/{act}"), &[]).await;
        assert_eq!(again.status, 422, "{act}: {}", again.text());
        assert!(again.text().contains("<h1"), "{act}: the change itself, with why");
    }
    assert_eq!(world.text("SELECT revision::text FROM tenantry.installation_revision").await, revision);
}

#[tokio::test]
async fn a_change_over_rows_that_moved_is_shown_with_them_and_made_anew() {
    let world = World::new().await;
    let admin = world.signed_in("admin").await;
    let (first, second) = (proposed(&admin, "one").await, proposed(&admin, "two").await);
    assert_eq!(admin.post(&format!("{first}/apply"), &[]).await.status, 303);
    let moved = admin.post(&format!("{second}/apply"), &[]).await;
    assert!(moved.status == 412 && moved.text().contains("one") && moved.text().contains("two"), "{}", moved.text());
    let anew = admin.post(&format!("{second}/again"), &[]).await;
    assert_eq!(anew.status, 303, "{}", anew.text());
    let anew = anew.header("location").expect("a change").to_owned();
    assert_eq!(admin.post(&format!("{anew}/apply"), &[]).await.status, 303);
    let now =
        "SELECT configuration_value #>> '{}' FROM system_configurations WHERE configuration_key = 'branding.tagline'";
    assert_eq!(world.text(now).await, "two");
}

#[tokio::test]
async fn what_a_change_is_sent_is_read_strictly() {
    let world = World::new().await;
    let (manager, admin) = (world.signed_in("manager").await, world.signed_in("admin").await);
    let change = proposed(&manager, "<script>alert(2)</script>").await;
    let page = admin.get(&change).await;
    assert!(page.text().contains("&lt;script&gt;") && !page.text().contains("<script>alert"), "{}", page.text());
    for act in ["apply", "approve", "reject", "withdraw", "revert", "undo", "again"] {
        let odd = admin.post(&format!("{change}/{act}"), &[("is_admin", "on")]).await;
        assert!(odd.status == 422 && odd.text().contains("is_admin"), "{act}: {}", odd.text());
        let nothing = admin.post(&format!("/changes/{CLIENT}/{act}"), &[]).await;
        assert_eq!(nothing.status, 404, "{act}: {}", nothing.text());
        let nonsense = admin.post(&format!("/changes/nonsense/{act}"), &[]).await;
        assert!(nonsense.status.is_client_error(), "{act}: {}", nonsense.status);
    }
    let long = "x".repeat(10_000);
    let rejected = admin.post(&format!("{change}/reject"), &[("reason", &long)]).await;
    assert_eq!(rejected.status, 422, "{}", rejected.text());
    assert_eq!(world.text("SELECT state FROM tenantry.changes").await, "proposed");
    for query in ["state=odd", "client=odd", "author=odd", "since=odd", "after=odd", "sort=odd"] {
        assert_eq!(admin.get(&format!("/changes?{query}")).await.status, 422, "{query}");
    }
    for query in ["outcome=odd", "group=odd", "after=odd"] {
        assert_eq!(admin.get(&format!("{change}?{query}")).await.status, 422, "{query}");
    }
}
