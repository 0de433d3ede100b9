use super::world::{World, toast};
use crate::auth::world::id;
use crate::console::world::hidden;

const FILE: &str = "email,name,phone,tier,business_goals\r\n\
    office@alder.example,Alder & Sons,+44 20 1,basic,\"more\r\nfewer\"\r\n\
    hello@birch.example,Birch,,standard,\r\n\
    new@dune.example,Dune,,premium,\r\n\
    new@elm.example,,,gold,\r\n";

#[tokio::test]
async fn an_import_does_what_the_dry_run_said_and_says_what_it_did() {
    let world = World::new().await;
    let (path, page) = world.dry_run(FILE).await;
    let answer = world.apply(&path, &page).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some(path.as_str())), "{}", answer.text());
    assert!(toast(&world.admin).contains("1 client added, 1 client changed."), "{}", toast(&world.admin));
    let expected = "hello@birch.example|Birch|active|standard|{}\nnew@dune.example|Dune|active|premium|{}\n\
                    Office@alder.example|Alder & Sons|+44 20 1|food|active|basic|{more,fewer}\n\
                    shop@client.example|Shop & Co|active|standard|{}";
    let clients = world.text(
        "SELECT string_agg(concat_ws('|', email, name, phone, industry, status, tier, business_goals::text), E'\\n' ORDER BY lower(email))
           FROM clients_enhanced WHERE archived_at IS NULL",
    );
    let mut lines: Vec<String> = clients.await.lines().map(ToOwned::to_owned).collect();
    lines.sort_by_key(|line| line.to_lowercase());
    assert_eq!(lines.join("\n"), expected);
    let page = world.admin.get(&path).await;
    assert!(
        page.text().contains("2 rows are imported") && page.text().contains("href=\"/clients?sort=changed\""),
        "{}",
        page.text()
    );
    assert!(page.text().contains("1 row was") && page.text().contains("refused.csv"), "{}", page.text());
    let log = format!(
        "SELECT string_agg(concat_ws(' ', action, reason), ', ' ORDER BY action) FROM audit_log
          WHERE table_name = 'clients_enhanced' AND user_id = '{}'",
        id("admin")
    );
    assert_eq!(world.text(&log).await, "insert CSV import of clients, update CSV import of clients");
    assert_eq!(
        world.text("SELECT created_by::text FROM clients_enhanced WHERE name = 'Dune'").await,
        id("admin").to_string()
    );
    let whose = world.text("SELECT assigned_manager::text FROM clients_enhanced WHERE name LIKE 'Alder%'").await;
    assert_eq!(whose, id("manager").to_string(), "a column that the file doesn't have stays");
}

#[tokio::test]
async fn the_same_import_sent_twice_is_done_once() {
    let world = World::new().await;
    let (path, page) = world.dry_run(FILE).await;
    let (first, second) = tokio::join!(world.apply(&path, &page), world.apply(&path, &page));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303), "{} {}", first.text(), second.text());
    world.settled(&path).await;
    let back = world.apply(&path, &page).await;
    assert_eq!(back.status, 303, "the back button after a POST");
    assert_eq!(world.text("SELECT count(*)::text FROM clients_enhanced WHERE email = 'new@dune.example'").await, "1");
    let writes = "SELECT count(*)::text FROM audit_log WHERE table_name = 'clients_enhanced' AND reason IS NOT NULL";
    assert_eq!(world.text(writes).await, "2");
    let check = world.admin.post(&format!("{path}/check"), &[]).await;
    assert_eq!(check.status, 303);
    let discard = world.admin.post(&format!("{path}/discard"), &[]).await;
    assert_eq!(discard.header("location"), Some(path.as_str()), "what was imported stays there to be read");
    assert_eq!(world.text("SELECT state FROM tenantry.client_imports").await, "applied");
}

#[tokio::test]
async fn nothing_is_imported_where_somebody_else_changed_a_client_meanwhile() {
    let world = World::new().await;
    let (path, page) = world.dry_run(FILE).await;
    world
        .sql("SET ROLE tenantry_owner; UPDATE clients_enhanced SET phone = '9', updated_at = clock_timestamp() WHERE name = 'Alder'; RESET ROLE")
        .await;
    assert_eq!(world.apply(&path, &page).await.status, 303);
    let again = world.settled(&path).await;
    let text = again.text();
    assert!(text.contains("Nothing was imported.") && text.contains("Somebody else changed"), "{text}");
    assert!(text.contains("Line 2: <a") && text.contains("Changed by somebody else meanwhile"), "{text}");
    assert_eq!(
        world.text("SELECT count(*)::text FROM clients_enhanced WHERE name IN ('Dune', 'Alder & Sons')").await,
        "0"
    );
    let outdated = world.apply(&path, &page).await;
    assert!(outdated.status == 409 && outdated.text().contains("isn't as the page showed it"), "{}", outdated.text());
    let change = world.admin.get(&format!("{path}?show=change")).await;
    assert!(change.text().contains(">9</span></del>"), "what the other wrote is shown: {}", change.text());
    assert_eq!(world.apply(&path, &again).await.status, 303);
    world.settled(&path).await;
    assert_eq!(world.text("SELECT phone FROM clients_enhanced WHERE name = 'Alder & Sons'").await, "+44 20 1");
}

#[tokio::test]
async fn nothing_is_imported_where_somebody_else_took_an_address_meanwhile() {
    let world = World::new().await;
    let (path, page) = world.dry_run(FILE).await;
    world.sql("INSERT INTO clients_enhanced (name, email) VALUES ('First', 'NEW@dune.example')").await;
    world.apply(&path, &page).await;
    let again = world.settled(&path).await;
    assert!(again.text().contains("Line 5: <a"), "{}", again.text());
    assert_eq!(world.counts().await, "0 2 1 1", "by now the row is about that client");
}

#[tokio::test]
async fn where_one_row_cannot_be_written_none_is() {
    let world = World::new().await;
    let (path, page) = world.dry_run(FILE).await;
    world.sql("ALTER TABLE clients_enhanced ADD CONSTRAINT of_the_site CHECK (name <> 'Dune')").await;
    assert_eq!(world.apply(&path, &page).await.status, 303);
    let broken = world.settled(&path).await;
    assert!(
        broken.text().contains("Nothing was imported.") && broken.text().contains("of_the_site"),
        "{}",
        broken.text()
    );
    assert_eq!(world.text("SELECT count(*)::text FROM clients_enhanced WHERE name = 'Alder & Sons'").await, "0");
    world.sql("ALTER TABLE clients_enhanced DROP CONSTRAINT of_the_site").await;
    world.apply(&path, &broken).await;
    assert!(world.settled(&path).await.text().contains("2 rows are imported"));
}

#[tokio::test]
async fn whoever_lost_the_right_meanwhile_imports_nothing() {
    let world = World::new().await;
    let (path, page) = world.dry_run(FILE).await;
    world.sql(&format!("UPDATE tenantry.people SET role = 'staff' WHERE user_id = '{}'", id("admin"))).await;
    let answer = world.admin.post(&format!("{path}/apply"), &[("check", &hidden(page.text(), "check"))]).await;
    assert_eq!(answer.status, 403);
    assert_eq!(world.text("SELECT count(*)::text FROM clients_enhanced WHERE name = 'Dune'").await, "0");
}

#[tokio::test]
async fn a_file_is_swept_after_a_day() {
    let world = World::new().await;
    let (path, _) = world.dry_run(FILE).await;
    world.dry_run(FILE).await;
    world
        .sql(&format!(
            "UPDATE tenantry.client_imports SET created_at = created_at - interval '25 hours' WHERE id = '{}'",
            path.rsplit('/').next().expect("an id")
        ))
        .await;
    let mut admin = world.server.database.connect().await;
    let swept = tenantry::clients::imports::sweep::sweep(&mut admin, &tenantry::db::caller::Caller::operator()).await;
    assert_eq!(swept.expect("it is swept"), 1);
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.client_imports").await, "1");
    assert_eq!(world.admin.get(&path).await.status, 404);
}
