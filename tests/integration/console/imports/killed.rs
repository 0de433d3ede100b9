use rustix::process::Signal;

use super::world::{World, upload};
use crate::auth::world::{PASSWORD, email};
use crate::console::world::hidden;
use crate::support::Browser;
use crate::support::serving::Serving;

/// More rows than are written at once.
const ROWS: usize = 3_000;

/// How many are written by then.
const WRITTEN: &str = "2000";

#[tokio::test]
async fn a_server_killed_in_the_middle_of_an_import_leaves_nothing_of_it_but_the_file() {
    let world = World::new().await;
    let before = world.clients().await;
    let killed = Serving::start(&world.server.database.server_url(), &[]);
    let admin = Browser::signed_in(&killed, &email("admin"), PASSWORD).await;
    let rows: String = (0..ROWS).map(|row| format!("row{row}@client.example,Row {row}\n")).collect();
    let uploaded = upload(&admin, "clients.csv", format!("email,name\n{rows}").as_bytes()).await;
    let path = uploaded.header("location").expect("a page").to_owned();
    let page = world.settled(&path).await;

    // Somebody is about to take an address of the last rows, so the import waits there for what they decide.
    let mut other = world.server.database.connect().await;
    let undecided = other.transaction().await.expect("a transaction");
    let taken = "INSERT INTO clients_enhanced (name, email) VALUES ('First', 'row2999@client.example')";
    undecided.batch_execute(taken).await.expect("nobody has it yet");
    let answer = admin.post(&format!("{path}/apply"), &[("check", &hidden(page.text(), "check"))]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    while world.text("SELECT done::text FROM tenantry.client_imports").await != WRITTEN {
        tokio::task::yield_now().await;
    }
    let (code, log) = killed.end(Signal::KILL);
    assert_eq!(code, None, "{log}");
    undecided.rollback().await.expect("they think better of it");

    let left = world.settled(&path).await;
    assert!(left.text().contains("Nothing was imported.") && left.text().contains("broke off"), "{}", left.text());
    assert_eq!(world.clients().await, before);
    assert_eq!(world.apply(&path, &left).await.status, 303);
    let done = world.settled(&path).await;
    assert!(done.text().contains("3,000 rows are imported"), "{}", done.text());
    let there = "SELECT count(*)::text FROM clients_enhanced WHERE email LIKE 'row%@client.example'";
    assert_eq!(world.text(there).await, ROWS.to_string());
}
