//! What becomes of changes in the console: which buttons somebody has, and that there is nothing behind those they haven't.

use hyper::Method;
use serde_json::json;

use super::world::World;
use crate::support::Browser;

/// A machine's token that somebody makes.
async fn service_token(owner: &Browser) -> String {
    let fields = [("kind", "service"), ("name", "nightly"), ("write", "on"), ("days", "30")];
    let made = owner.post("/tokens", &fields).await;
    let (_, rest) = made.text().split_once("value=\"tnt_svc_").unwrap_or_else(|| panic!("{}", made.text()));
    format!("tnt_svc_{}", rest.split('"').next().expect("a value ends"))
}

/// A change that a machine proposes; its id.
async fn proposed(world: &World, token: &str) -> String {
    let edits = json!([{ "operation": "set", "key": "support.email", "value": "help@agency.example" }]);
    let call = world.server.call(Method::POST, "/api/v1/changes").header("authorization", &format!("Bearer {token}"));
    let answer = call.json(&json!({ "reason": "nightly", "edits": edits })).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn whoever_made_a_token_approves_nothing_that_it_proposes() {
    let world = World::new().await;
    let owner = world.stepped_up("super_admin").await;
    let id = proposed(&world, &service_token(&owner).await).await;
    let (page, approve) = (format!("/changes/{id}"), format!("/changes/{id}/approve"));
    let other = world.signed_in("admin").await;

    let own = owner.get(&page).await;
    assert!(own.status == 200 && !own.text().contains(&approve) && own.text().contains(&format!("{page}/withdraw")));
    let refused = owner.post(&approve, &[]).await;
    assert!(refused.status == 422 && refused.text().contains("not by its author"), "{}", refused.text());
    assert!(other.get(&page).await.text().contains(&approve));
    assert_eq!(other.post(&approve, &[]).await.status, 303);
    assert_eq!(world.text("SELECT state::text FROM tenantry.changes").await, "approved");
}

#[tokio::test]
async fn a_clients_own_login_does_nothing_with_changes() {
    let world = World::new().await;
    let owner = world.stepped_up("super_admin").await;
    let id = proposed(&world, &service_token(&owner).await).await;
    let client = world.signed_in("client").await;
    for act in ["apply", "approve", "reject", "withdraw", "revert", "undo", "again"] {
        assert_eq!(client.post(&format!("/changes/{id}/{act}"), &[]).await.status, 403, "{act}");
    }
    assert_eq!(world.text("SELECT state || count(*) OVER () FROM tenantry.changes").await, "proposed1");
}

#[tokio::test]
async fn a_change_that_protects_an_environment_says_before_the_click_that_it_waits_for_approval() {
    let world = World::new().await;
    let (author, other) = (world.signed_in("admin").await, world.signed_in("super_admin").await);
    let row = world
        .text("SELECT id::text FROM system_configurations WHERE configuration_key = 'protected_environments'")
        .await;
    let path = format!("/configuration/system/{row}");
    let base = super::world::hidden(author.get(&path).await.text(), "base");
    let fields = [("value", "[\"production\"]"), ("base", &*base), ("reason", "Live sites are for two")];
    let proposed = author.post(&path, &fields).await;
    let change = proposed.header("location").unwrap_or_else(|| panic!("{}", proposed.text())).to_owned();
    let apply = format!("{change}/apply");
    let page = author.get(&change).await;
    assert!(page.text().contains("production is protected") && !page.text().contains(&apply), "{}", page.text());
    assert_eq!(author.post(&apply, &[]).await.status, 422);
    assert_eq!(other.post(&format!("{change}/approve"), &[]).await.status, 303);
    assert!(author.get(&change).await.text().contains(&apply));
    assert_eq!(author.post(&apply, &[]).await.status, 303);
    let held = "SELECT configuration_value::text FROM system_configurations WHERE configuration_key = 'protected_environments'";
    assert_eq!(world.text(held).await, "[\"production\"]");
}
