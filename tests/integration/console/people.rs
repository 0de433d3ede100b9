//! People and access: what a super admin does there, read back by SQL, and everybody's own page.

use super::world::{CLIENT, World, hidden};
use crate::auth::world::{PASSWORD, email, id};
use crate::support::Browser;
use crate::support::browser::SESSION;

#[tokio::test]
async fn a_super_admin_adds_somebody_who_chooses_a_password() {
    let world = World::new().await;
    let browser = world.stepped_up("super_admin").await;
    let bad = [("email", "no address"), ("name", &*"n".repeat(201)), ("role", "owner")];
    let refused = browser.post("/people", &bad).await;
    assert_eq!(refused.status, 422);
    for said in ["has an @", "at most 200 characters", "is no role", "value=\"no address\""] {
        assert!(refused.text().contains(said), "{said}: {}", refused.text());
    }
    let made =
        browser.post("/people", &[("email", "Nora@agency.example"), ("name", "Nora N."), ("role", "manager")]).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let twice = browser.post("/people", &[("email", "nora@agency.example"), ("name", ""), ("role", "admin")]).await;
    assert!(twice.status == 422 && twice.text().contains("already"), "{}", twice.text());
    assert_eq!(world.text("SELECT p.role::text FROM tenantry.people p JOIN auth.users u ON u.id = p.user_id WHERE email = 'Nora@agency.example'").await, "manager");
    let by = format!(
        "SELECT count(*)::text FROM audit_log WHERE table_name = 'people' AND action = 'insert' AND user_id = '{}'",
        id("super_admin")
    );
    assert_eq!(world.text(&by).await, "1", "the trail says who");

    let link =
        made.text().split("/choose-password?link=").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    let nora = world.browser();
    let page = nora.get(&format!("/choose-password?link={link}")).await;
    assert!(page.text().contains("Nora@agency.example"));
    let link = hidden(page.text(), "link");
    assert_eq!(nora.post("/choose-password", &[("link", &link), ("password", "a good long one")]).await.status, 303);
    let me = nora.get("/people/me").await;
    assert!(me.text().contains("Nora N.") && me.text().contains("Manager"), "{}", me.text());
    let list = browser.get("/people?q=NORA").await;
    assert!(
        list.text().contains("Nora@agency.example") && !list.text().contains("staff@agency.example"),
        "{}",
        list.text()
    );
}

#[tokio::test]
async fn a_super_admin_gives_roles_shuts_out_and_lets_in_again() {
    let world = World::new().await;
    let browser = world.stepped_up("super_admin").await;
    let admin = format!("/people/{}", id("admin"));
    let theirs = world.signed_in("admin").await;

    let page = browser.get(&admin).await;
    for button in ["/role\"", "/link\"", "/disable\"", "/sessions/end\""] {
        assert!(page.text().contains(&format!("{admin}{button}")), "{button}: {}", page.text());
    }
    assert_eq!(browser.post(&format!("{admin}/role"), &[("role", "manager")]).await.status, 303);
    assert_eq!(theirs.get("/people").await.status, 403, "from the next request on");
    let copy = format!("SELECT raw_app_meta_data ->> 'role' FROM auth.users WHERE id = '{}'", id("admin"));
    assert_eq!(world.text(&copy).await, "manager");

    assert_eq!(browser.post(&format!("{admin}/sessions/end"), &[]).await.status, 303);
    assert_eq!(theirs.get("/people/me").await.status, 303);
    assert!(browser.get(&format!("{admin}/disable")).await.text().contains("shut out at once"));
    assert_eq!(browser.post(&format!("{admin}/disable"), &[]).await.status, 303);
    let toast = browser.get(&admin).await;
    assert!(toast.text().contains("is shut out.") && toast.text().contains("Undo"), "{}", toast.text());
    let signs_in = async || {
        let fields = [("email", &*email("admin")), ("password", PASSWORD), ("next", "/")];
        world.browser().post("/sign-in", &fields).await.status.as_u16()
    };
    assert_eq!(signs_in().await, 400);
    assert_eq!(browser.post(&format!("{admin}/enable"), &[]).await.status, 303);
    assert_eq!(signs_in().await, 303);

    // A rule of the database stands at the form.
    let staff = format!("/people/{}/role", id("staff"));
    let refused = browser.post(&staff, &[("role", "client")]).await;
    assert!(refused.status == 422 && refused.text().contains("member of clients"), "{}", refused.text());
}

#[tokio::test]
async fn nobody_takes_their_own_role_away() {
    let world = World::new().await;
    let browser = world.stepped_up("super_admin").await;
    let own = format!("/people/{}", id("super_admin"));
    let page = browser.get(&own).await;
    assert!(page.status == 200 && !page.text().contains("/role\"") && !page.text().contains("/disable\""));
    for (path, fields) in
        [("/role", [("role", "admin")].as_slice()), ("/disable", &[]), ("/enable", &[]), ("/sessions/end", &[])]
    {
        assert_eq!(browser.post(&format!("{own}{path}"), fields).await.status, 403, "{path}");
    }
    assert_eq!(browser.get(&format!("{own}/role")).await.status, 403);
    assert_eq!(
        world
            .text("SELECT count(*)::text FROM tenantry.people WHERE role = 'super_admin' AND disabled_at IS NULL")
            .await,
        "1"
    );
}

#[tokio::test]
async fn keepers_put_people_into_clients_and_take_them_out() {
    let world = World::new().await;
    let browser = world.signed_in("admin").await;
    world.sql("DELETE FROM client_members").await;
    let staff = format!("/people/{}", id("staff"));
    let role = format!(
        "SELECT member_role::text FROM client_members WHERE user_id = '{}' UNION ALL SELECT NULL LIMIT 1",
        id("staff")
    );
    let add = async |client: &str, member_role: &str| {
        browser.post(&format!("{staff}/memberships"), &[("client", client), ("member_role", member_role)]).await
    };
    assert_eq!(add("Shop & Co", "staff").await.status, 303);
    assert_eq!(world.text(&role).await, "staff");
    assert!(browser.get(&staff).await.text().contains("Shop &amp; Co"));
    for (client, member_role) in [("nobody", "staff"), ("Shop & Co", "owner"), ("", "staff"), ("Shop & Co", "client")] {
        let refused = add(client, member_role).await;
        assert_eq!(refused.status, 422, "{client} {member_role}: {}", refused.text());
    }
    assert_eq!(browser.post(&format!("{staff}/memberships/end"), &[("client", CLIENT)]).await.status, 303);
    assert_eq!(world.text(&role).await, "");
    assert_eq!(browser.post(&format!("{staff}/memberships/end"), &[("client", CLIENT)]).await.status, 404);
}

#[tokio::test]
async fn how_somebody_came_in_stands_on_their_page() {
    let world = World::new().await;
    let keeper = world.signed_in("admin").await;
    let page = keeper.get(&format!("/people/{}", id("staff"))).await;
    assert!(page.text().contains("Not yet"), "{}", page.text());
    let fields = [("email", &*email("staff")), ("password", "wrong"), ("next", "/")];
    world.browser().post("/sign-in", &fields).await;
    world.signed_in("staff").await;
    let page = keeper.get(&format!("/people/{}", id("staff"))).await;
    assert!(page.text().contains("wrong password") && page.text().contains("127.0.0.1"), "{}", page.text());
    assert_eq!(keeper.get("/people/00000000-0000-4000-8000-000000000000").await.status, 404);
}

#[tokio::test]
async fn everybody_keeps_their_own_page() {
    let world = World::new().await;
    for role in ["client", "staff", "manager", "admin", "super_admin"] {
        let (browser, other) = (world.signed_in(role).await, world.signed_in(role).await);
        let odd = browser.post("/people/me", &[("name", "M"), ("time_zone", "Mars/Olympus")]).await;
        assert!(odd.status == 422 && odd.text().contains("no time zone"), "{role}: {}", odd.text());
        assert_eq!(browser.post("/people/me", &[("name", "Mia M."), ("time_zone", "Asia/Tokyo")]).await.status, 303);
        let page = browser.get("/people/me").await;
        assert!(page.text().contains("Mia M.") && page.text().contains("Asia/Tokyo"), "{role}");

        let password = |current, new| [("current_password", current), ("password", new)];
        assert_eq!(browser.post("/people/me/password", &password("wrong", "another long one")).await.status, 400);
        assert_eq!(browser.post("/people/me/password", &password(PASSWORD, "short")).await.status, 422);
        assert_eq!(other.get("/people/me").await.status, 200);
        assert_eq!(browser.post("/people/me/password", &password(PASSWORD, "another long one")).await.status, 303);
        assert_eq!(browser.get("/people/me").await.status, 200, "{role}");
        assert_eq!(other.get("/people/me").await.status, 303, "{role}: the others have ended");
        Browser::signed_in(&world.server, &email(role), "another long one").await;
    }
}

#[tokio::test]
async fn one_ends_ones_own_sessions_and_nobody_elses() {
    let world = World::new().await;
    let (here, there, third) =
        (world.signed_in("staff").await, world.signed_in("staff").await, world.signed_in("staff").await);
    let stranger = world.signed_in("manager").await;
    let session = async |browser: &Browser| {
        let cookie = browser.cookie(SESSION).expect("a session");
        let sql = format!(
            "SELECT id::text FROM tenantry.sessions WHERE secret_hash = sha256(decode(translate('{cookie}', '-_', '+/') || '=', 'base64'))"
        );
        world.text(&sql).await
    };
    let theirs = session(&stranger).await;
    here.post("/people/me/sessions/end", &[("session", &theirs)]).await;
    assert_eq!(stranger.get("/people/me").await.status, 200, "it isn't theirs to end");
    assert!(!here.get("/people/me").await.text().contains(&theirs));
    let one = session(&there).await;
    assert_eq!(here.post("/people/me/sessions/end", &[("session", &one)]).await.status, 303);
    assert_eq!(
        (there.get("/people/me").await.status.as_u16(), third.get("/people/me").await.status.as_u16()),
        (303, 200)
    );
    assert_eq!(here.post("/people/me/sessions/end", &[]).await.status, 303);
    assert_eq!(
        (here.get("/people/me").await.status.as_u16(), third.get("/people/me").await.status.as_u16()),
        (200, 303)
    );
}

#[tokio::test]
async fn script_in_a_name_stays_text() {
    let world = World::new().await;
    let nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let staff = world.signed_in("staff").await;
    assert_eq!(staff.post("/people/me", &[("name", nasty), ("time_zone", "")]).await.status, 303);
    let keeper = world.signed_in("super_admin").await;
    let own = format!("/people/{}", id("staff"));
    for (browser, path) in [(&staff, "/people/me"), (&keeper, "/people"), (&keeper, &own)] {
        let page = browser.get(path).await;
        assert!(page.text().contains("&lt;script&gt;alert(1)"), "{path}");
        assert!(!page.text().contains("<script>alert") && !page.text().contains("<img src=x"), "{path}");
    }
}
