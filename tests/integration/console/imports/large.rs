use super::world::World;

const ROWS: usize = 100_000;

/// A file as large as may be: a row for each client, of which every tenth is there already.
fn file() -> String {
    let note = "what was agreed to be built, in words that take some room; ".repeat(3);
    let mut file = "name;email;phone;tier;project_scope\r\n".to_owned();
    for row in 0..ROWS {
        file.push_str(&format!("Client {row};hello{row}@client.example;'+44 20 {row};premium;\"{note}\"\r\n"));
    }
    file
}

#[tokio::test]
async fn a_hundred_thousand_rows_are_checked_and_imported() {
    let world = World::new().await;
    world
        .sql(
            "INSERT INTO clients_enhanced (name, email, tier)
             SELECT 'Client ' || n, 'HELLO' || n || '@client.example', 'basic' FROM generate_series(0, 99999, 10) n",
        )
        .await;
    let file = file();
    assert!(file.len() > 20_000_000, "{}", file.len());
    let (path, page) = world.dry_run(&file).await;
    assert_eq!(world.counts().await, "90000 10000 0 0", "{}", page.text());
    assert!(page.text().contains("Import 100,000 rows"), "{}", page.text());
    assert_eq!(world.apply(&path, &page).await.status, 303);
    let done = world.settled(&path).await;
    assert!(done.text().contains("100,000 rows are imported"), "{}", done.text());
    let there = "SELECT concat_ws(' ', count(*), count(DISTINCT lower(email))) FROM clients_enhanced
                  WHERE tier = 'premium' AND phone LIKE '+44 20 %' AND length(project_scope) > 100";
    assert_eq!(world.text(there).await, "100000 100000");
}
