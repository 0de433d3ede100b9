//! The audit log in the console: who sees which entries, what one says, and that an export is whole.

use std::collections::BTreeSet;

use serde_json::Value;
use tenantry::audit::folder::Folder;
use tenantry::audit::sealer::seal_once;

use super::world::{CLIENT, World};
use crate::auth::world::id;
use crate::support::Browser;

/// A client that none of them is a member of.
const ELSEWHERE: &str = "c0000000-0000-4000-8000-00000000000e";

async fn world() -> World {
    let world = World::new().await;
    world
        .sql(&format!(
            "INSERT INTO clients_enhanced (id, name, email) VALUES ('{ELSEWHERE}', 'Elsewhere', 'elsewhere@client.example')"
        ))
        .await;
    world
}

/// The entries that a list shows, by their numbers.
fn entries(page: &str) -> Vec<i64> {
    let links = page.split("<a href=\"/audit/").skip(1).filter_map(|rest| rest.split_once("\"><time"));
    links.filter_map(|(id, _)| id.parse().ok()).collect()
}

/// The entry of the newest update of a client.
async fn newest_update(world: &World) -> String {
    world.text("SELECT max(id)::text FROM audit_log WHERE action = 'update' AND table_name = 'clients_enhanced'").await
}

#[tokio::test]
async fn a_manager_sees_the_trail_of_their_clients_and_an_administrator_all_of_it() {
    let world = world().await;
    world.sql(&format!("UPDATE clients_enhanced SET phone = '1' WHERE id IN ('{CLIENT}', '{ELSEWHERE}')")).await;
    let (manager, admin) = (world.signed_in("manager").await, world.signed_in("admin").await);
    let theirs = manager.get("/audit").await;
    assert_eq!(theirs.status, 200, "{}", theirs.text());
    assert!(theirs.text().contains("Shop &amp; Co") && !theirs.text().contains("Elsewhere"), "{}", theirs.text());
    assert!(!theirs.text().contains("Sessions"), "no entry of a session: {}", theirs.text());
    let all = admin.get("/audit").await;
    for shown in ["Shop &amp; Co", "Elsewhere", "Sessions", "Sign in"] {
        assert!(all.text().contains(shown), "{shown}: {}", all.text());
    }
    let others = world.text(&format!("SELECT max(id)::text FROM audit_log WHERE client_id = '{ELSEWHERE}'")).await;
    assert_eq!(admin.get(&format!("/audit/{others}")).await.status, 200);
    assert_eq!(manager.get(&format!("/audit/{others}")).await.status, 404);
    let of_client = |client: &str| format!("/clients/{client}/audit");
    let own = manager.get(&of_client(CLIENT)).await;
    assert!(own.status == 200 && !entries(own.text()).is_empty(), "{}", own.text());
    assert_eq!(manager.get(&of_client(ELSEWHERE)).await.status, 404);
}

#[tokio::test]
async fn the_list_is_narrowed_by_each_of_its_filters() {
    let world = world().await;
    let admin = world.signed_in("admin").await;
    world.sql(&format!("UPDATE clients_enhanced SET phone = '1' WHERE id = '{CLIENT}'")).await;
    let edited = admin
        .send(
            admin
                .form("/people/me", &[("name", "Ada"), ("time_zone", "")])
                .header("x-request-id", "number-1")
                .header("sec-fetch-site", "same-origin"),
        )
        .await;
    assert_eq!(edited.status, 303, "{}", edited.text());
    let count = async |condition: &str| {
        let all = world.server.database.connect().await;
        let sql = format!("SELECT id FROM audit_log WHERE {condition} ORDER BY id DESC");
        all.query(&sql, &[]).await.expect(&sql).iter().map(|row| row.get(0)).collect::<Vec<i64>>()
    };
    let person = id("admin");
    for (query, condition) in [
        (format!("person={person}"), format!("user_id = '{person}'")),
        (format!("client={CLIENT}"), format!("client_id = '{CLIENT}'")),
        ("client=shop+%26".to_owned(), format!("client_id = '{CLIENT}'")),
        ("table=clients_enhanced".to_owned(), "table_name = 'clients_enhanced'".to_owned()),
        ("table=tenantry.sessions".to_owned(), "table_schema = 'tenantry' AND table_name = 'sessions'".to_owned()),
        (
            format!("table=clients_enhanced&row={CLIENT}"),
            format!("table_name = 'clients_enhanced' AND row_id = '{CLIENT}'"),
        ),
        ("action=sign_in".to_owned(), "action = 'sign_in'".to_owned()),
        ("request=number-1".to_owned(), "request_id = 'number-1'".to_owned()),
        ("request=nobody".to_owned(), "false".to_owned()),
        ("until=2000-01-01T00:00".to_owned(), "false".to_owned()),
        ("from=2000-01-01T00:00&action=update".to_owned(), "action = 'update'".to_owned()),
    ] {
        let page = admin.get(&format!("/audit?{query}")).await;
        assert_eq!(entries(page.text()), count(&condition).await, "{query}: {}", page.text());
    }
    for (query, place) in [("person=x", "person"), ("from=soon", "from"), ("after=x", "broken"), ("until=%27", "until")]
    {
        let refused = admin.get(&format!("/audit?{query}")).await;
        assert!(refused.status == 422 && refused.text().contains(place), "{query}: {}", refused.text());
    }
}

#[tokio::test]
async fn every_entry_is_on_one_page_whichever_way_one_turns() {
    let world = world().await;
    world
        .sql("INSERT INTO clients_enhanced (name, email) SELECT 'Many ' || n, 'many' || n || '@client.example' FROM generate_series(1, 120) n")
        .await;
    let admin = world.signed_in("admin").await;
    let link = |page: &str, name: &str| {
        let mut links = page.split("class=\"btn\" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        links.find(|link| link.contains(name)).map(|link| link.replace("&amp;", "&"))
    };
    let (mut forth, mut pages) = (Vec::new(), vec!["/audit?table=clients_enhanced".to_owned()]);
    while let Some(path) = pages.last().cloned() {
        let page = admin.get(&path).await;
        forth.push(entries(page.text()));
        match link(page.text(), "after=") {
            Some(next) => pages.push(next),
            None => break,
        }
    }
    let all: Vec<i64> = forth.concat();
    let expected = world.text("SELECT count(*)::text FROM audit_log WHERE table_name = 'clients_enhanced'").await;
    assert_eq!((all.len().to_string(), forth.len()), (expected, 3));
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "none twice");
    let last = admin.get(pages.last().expect("three pages")).await;
    let back = admin.get(&link(last.text(), "before=").expect("a way back")).await;
    assert_eq!(entries(back.text()), forth[1]);
}

#[tokio::test]
async fn an_entry_says_what_was_before_and_after_and_whether_it_is_sealed() {
    let world = world().await;
    world
        .sql(&format!(
            "UPDATE clients_enhanced SET phone = '<script>alert(1)</script>', tier = 'premium' WHERE id = '{CLIENT}'"
        ))
        .await;
    let admin = world.signed_in("admin").await;
    let entry = newest_update(&world).await;
    let open = admin.get(&format!("/audit/{entry}")).await;
    assert_eq!(open.status, 200, "{}", open.text());
    for said in ["Not sealed yet", "&lt;script&gt;", "standard", "premium", "Its contents give the hash"] {
        assert!(open.text().contains(said), "{said}: {}", open.text());
    }
    assert!(!open.text().contains("<script>alert"), "{}", open.text());
    assert!(admin.get("/audit").await.text().contains("Nothing is sealed yet"));

    let mut database = world.server.database.connect().await;
    let heads = seal_once(&mut database, &Folder::new(world.server.data_dir.0.join("audit"))).await.expect("a seal");
    let head = heads.last().expect("one").to_string();
    let sealed = admin.get(&format!("/audit/{entry}")).await;
    assert!(sealed.text().contains("by seal") && sealed.text().contains(&head), "{}", sealed.text());
    let list = admin.get("/audit?table=clients_enhanced").await;
    assert!(list.text().contains(&head) && list.text().contains("Seal 1"), "{}", list.text());

    database
        .batch_execute(&format!(
            "SET session_replication_role = replica; UPDATE audit_log SET after = '{{\"tier\": \"basic\"}}' WHERE id = {entry};
             RESET session_replication_role"
        ))
        .await
        .expect("an intruder");
    assert!(admin.get(&format!("/audit/{entry}")).await.text().contains("Rewritten"));
    for odd in ["0", "-1", "x", "9999999999999999999999"] {
        assert_eq!(admin.get(&format!("/audit/{odd}")).await.status, 404, "{odd}");
    }
}

#[tokio::test]
async fn an_export_is_whole_is_no_formula_and_is_an_entry_itself() {
    let world = world().await;
    world
        .sql("INSERT INTO clients_enhanced (name, email) SELECT '=1+' || n, 'f' || n || '@client.example' FROM generate_series(1, 2100) n")
        .await;
    let admin = world.signed_in("admin").await;
    let lines = admin.get("/audit.jsonl?table=clients_enhanced").await;
    assert_eq!(lines.header("content-type"), Some("application/jsonl"));
    let told: Vec<Value> = lines.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let expected = world.text("SELECT count(*)::text FROM audit_log WHERE table_name = 'clients_enhanced'").await;
    assert_eq!(told.len().to_string(), expected);
    let ids: Vec<i64> = told.iter().filter_map(|entry| entry["id"].as_i64()).collect();
    assert!(
        ids.is_sorted() && told.iter().all(|entry| entry["row_hash"].as_str().is_some_and(|hash| hash.len() == 64))
    );
    let noted = "SELECT concat_ws(' ', details ->> 'what', details #>> '{filter,table}', user_id) FROM audit_log WHERE action = 'export' ORDER BY id DESC LIMIT 1";
    assert_eq!(world.text(noted).await, format!("audit_log clients_enhanced {}", id("admin")));

    let csv = admin.get("/audit.csv?table=clients_enhanced").await;
    let text = csv.text();
    assert!(
        text.starts_with("\u{feff}\"id\",\"at\",\"who\"") && text.matches("\"client\"").count() == 1,
        "one line of headings"
    );
    assert!(text.contains("\"'=1+7\"") && !text.contains(",\"=1+"), "a name is no formula");
    let theirs = world.signed_in("manager").await.get("/audit.jsonl").await;
    assert!(!theirs.text().contains(ELSEWHERE) && theirs.text().contains(CLIENT), "{}", theirs.text());
}

#[tokio::test]
async fn a_page_of_a_client_exports_that_client_alone() {
    let world = world().await;
    let admin: Browser = world.signed_in("admin").await;
    let page = admin.get(&format!("/clients/{CLIENT}/audit")).await;
    let link = format!("/audit.csv?client={CLIENT}");
    assert!(page.text().contains(&link), "{}", page.text());
    let csv = admin.get(&link).await;
    assert!(csv.text().contains(CLIENT) && !csv.text().contains(ELSEWHERE), "{}", csv.text());
}
