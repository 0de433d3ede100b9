//! Links that make the first administrator, and by which people choose a password: once, for a while, and nothing else.

use super::world::{World, hidden};
use crate::auth::world::{PASSWORD, cheap_hash, id};
use crate::support::browser::SESSION;
use crate::support::program::tenantry;
use crate::support::{Browser, Server};

/// Makes a link as `tenantry up` does, and gives its path.
async fn set_up_link(server: &Server) -> String {
    let secret = [*uuid::Uuid::new_v4().as_bytes(), *uuid::Uuid::new_v4().as_bytes()].concat();
    let text = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, &secret);
    let db = server.database.connect().await;
    let sql = "SELECT tenantry.make_link('set_up', NULL, sha256($1), 86400)";
    db.query(sql, &[&secret.as_slice()]).await.expect("a link");
    format!("/set-up?link={text}")
}

fn reset_link(world: &World, email: &str) -> String {
    let url = world.server.database.url();
    let made = tenantry(&["--format", "json", "--database-url", &url, "user", "reset-link", email]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let link: serde_json::Value = serde_json::from_str(&made.out).expect("JSON");
    link["link"]
        .as_str()
        .expect("a link")
        .strip_prefix("http://localhost:8080")
        .expect("where browsers find it")
        .to_owned()
}

#[tokio::test]
async fn the_first_administrator_sets_everything_up_once() {
    let server = Server::start().await;
    let (path, browser) = (set_up_link(&server).await, Browser::new(&server));
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let link = hidden(page.text(), "link");

    let bad = [("link", &*link), ("name", "Ada"), ("email", "ada"), ("password", "short")];
    let refused = browser.post("/set-up", &bad).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("value=\"Ada\"") && refused.text().contains("8 characters"), "{}", refused.text());

    let good = [("link", &*link), ("name", "Ada L."), ("email", "Ada@agency.example"), ("password", "a good long one")];
    let done = browser.post("/set-up", &good).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, Some("/")), "{}", done.text());
    let me = browser.get("/people/me").await;
    assert!(me.text().contains("Ada L.") && me.text().contains("Super admin"), "{}", me.text());
    let db = server.database.connect().await;
    let row = db.query_one("SELECT count(*), min(role::text) FROM tenantry.people", &[]).await.expect("people");
    assert_eq!((row.get::<_, i64>(0), row.get::<_, &str>(1)), (1, "super_admin"));

    let again = Browser::new(&server);
    assert_eq!(again.get(&path).await.status, 404, "it was used");
    let another = [("link", &*link), ("name", ""), ("email", "eve@evil.example"), ("password", "a good long one")];
    assert_eq!(again.post("/set-up", &another).await.status, 404);
    assert_eq!(Browser::new(&server).get(&set_up_link(&server).await).await.status, 404, "there is an administrator");
    assert!(Browser::signed_in(&server, "ada@agency.example", "a good long one").await.cookie(SESSION).is_some());
}

#[tokio::test]
async fn a_link_for_the_set_up_counts_for_a_day_and_only_the_newest() {
    let server = Server::start().await;
    let path = set_up_link(&server).await;
    let db = server.database.connect().await;
    let at =
        "UPDATE tenantry.links SET created_at = now() - interval '2 days', expires_at = now() - interval '1 second'";
    db.execute(at, &[]).await.expect("a link");
    let browser = Browser::new(&server);
    assert_eq!(browser.get(&path).await.status, 404, "expired");
    db.execute("UPDATE tenantry.links SET expires_at = now() + interval '1 hour'", &[]).await.expect("a link");
    assert_eq!(browser.get(&path).await.status, 200);
    db.query("SELECT tenantry.make_link('set_up', NULL, sha256('another'), 60)", &[]).await.expect("a link");
    assert_eq!(browser.get(&path).await.status, 404, "a newer one is there");
    for forged in ["", "x", "AAAA", &"A".repeat(43)] {
        assert_eq!(browser.get(&format!("/set-up?link={forged}")).await.status, 404, "{forged}");
    }
}

#[tokio::test]
async fn a_forgotten_password_is_chosen_anew_by_a_link_once() {
    let world = World::new().await;
    let (elsewhere, other) = (world.signed_in("staff").await, world.signed_in("manager").await);
    let path = reset_link(&world, "staff@agency.example");
    let browser = world.browser();
    let page = browser.get(&path).await;
    assert!(page.text().contains("staff@agency.example"), "{}", page.text());
    let link = hidden(page.text(), "link");
    let fields = |password| [("link", link.as_str()), ("username", "staff@agency.example"), ("password", password)];
    let short = browser.post("/choose-password", &fields("short")).await;
    assert!(short.status == 422 && short.text().contains("8 characters"), "{}", short.text());
    assert_eq!(elsewhere.get("/people/me").await.status, 200, "nothing was done yet");
    assert_eq!(browser.post("/choose-password", &fields("another long one")).await.status, 303);
    assert_eq!(browser.get("/people/me").await.status, 200, "signed in");
    assert_eq!(elsewhere.get("/people/me").await.status, 303, "the other sessions have ended");
    assert_eq!(other.get("/people/me").await.status, 200, "somebody else's");
    let fresh = world.browser();
    assert_eq!(fresh.get(&path).await.status, 404);
    assert_eq!(fresh.post("/choose-password", &fields("yet another one")).await.status, 404);
    let old = [("email", "staff@agency.example"), ("password", PASSWORD), ("next", "/")];
    assert_eq!(fresh.post("/sign-in", &old).await.status, 400);
    assert!(
        Browser::signed_in(&world.server, "staff@agency.example", "another long one").await.cookie(SESSION).is_some()
    );
}

#[tokio::test]
async fn a_link_of_somebody_disabled_or_replaced_counts_no_more() {
    let world = World::new().await;
    let first = reset_link(&world, "staff@agency.example");
    let second = reset_link(&world, "Staff@Agency.example");
    let browser = world.browser();
    assert_eq!(browser.get(&first).await.status, 404, "another was made since");
    assert_eq!(browser.get(&second).await.status, 200);
    world.sql(&format!("UPDATE tenantry.people SET disabled_at = now() WHERE user_id = '{}'", id("staff"))).await;
    assert_eq!(browser.get(&second).await.status, 404);
    let set_up = second.replace("choose-password", "set-up");
    assert_eq!(browser.get(&set_up).await.status, 404, "one page's link is no other's");
    let kept = world.text("SELECT string_agg(to_jsonb(l)::text, ' ') FROM tenantry.links l").await;
    assert!(!kept.contains(second.split('=').nth(1).expect("a secret")));
    let url = world.server.database.url();
    let refused = tenantry(&["--database-url", &url, "user", "reset-link", "nobody@agency.example"]);
    assert_eq!(refused.code, Some(1), "{}", refused.err);
}

#[tokio::test]
async fn two_at_once_become_one_administrator() {
    let server = Server::start().await;
    let path = set_up_link(&server).await;
    let link = path.split('=').nth(1).expect("a secret");
    let (one, other) = (Browser::new(&server), Browser::new(&server));
    let fields = |email| [("link", link), ("name", ""), ("email", email), ("password", "a good long one")];
    let (first, second) = (fields("one@agency.example"), fields("other@agency.example"));
    let (first, second) = tokio::join!(one.post("/set-up", &first), other.post("/set-up", &second));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404]);
    let db = server.database.connect().await;
    let count: i64 = db.query_one("SELECT count(*) FROM tenantry.people", &[]).await.expect("people").get(0);
    assert_eq!(count, 1);
}

#[tokio::test]
async fn somebody_of_the_site_keeps_their_id() {
    let server = Server::start().await;
    let db = server.database.connect().await;
    let kept = id("staff");
    db.execute(
        "INSERT INTO auth.users (id, email, encrypted_password) VALUES ($1, 'ada@agency.example', $2)",
        &[&kept, &cheap_hash("x")],
    )
    .await
    .expect("a user");
    let path = set_up_link(&server).await;
    let link = path.split('=').nth(1).expect("a secret");
    let fields = [("link", link), ("name", ""), ("email", "Ada@agency.example"), ("password", "a good long one")];
    assert_eq!(Browser::new(&server).post("/set-up", &fields).await.status, 303);
    let row = db.query_one("SELECT user_id, role::text FROM tenantry.people", &[]).await.expect("a person");
    assert_eq!((row.get::<_, uuid::Uuid>(0), row.get::<_, &str>(1)), (kept, "super_admin"));
}
