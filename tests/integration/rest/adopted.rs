//! Upserts on a site's tables while rows of it break rules, which stand-in indexes hold for new writes alone.

use serde_json::{Value, json};
use tenantry::tables::catalog::{ConflictTarget, read};

use super::world::{Expect as _, Who, World};
use crate::support::server::Answer;

const MERGE: &str = "resolution=merge-duplicates,return=representation";
const IGNORE: &str = "resolution=ignore-duplicates,return=representation";

/// The client of which the site has two, in other letter case; this one was there first.
const FIRST: &str = "owner7@client7.example";
const SECOND: &str = "Owner7@Client7.example";
/// What components use as the key of a day's figures.
const DAY: &str = "client_analytics?on_conflict=client_id,deployment_id,analytics_date,analytics_period";

async fn upsert(world: &World, path: &str, prefer: &str, body: &Value) -> Answer {
    world.post(Who::Service, path, body).header("prefer", prefer).send().await
}

#[tokio::test]
async fn find_a_mailbox_that_is_there_twice_by_the_one_that_the_stand_in_holds() {
    let world = World::adopted().await;
    let stand_ins = "SELECT count(*) FROM tenantry.pending_rules
                      WHERE rule = 'clients_enhanced_lower_email_key'";
    assert_eq!(world.value(stand_ins).await, "1", "the rule is pending");
    let path = "clients_enhanced?on_conflict=email&select=email,phone";
    for (sent, found) in
        [("OWNER1@client1.example", "owner1@client1.example"), (FIRST, FIRST), ("Owner7@CLIENT7.example", FIRST)]
    {
        let row = json!({"name": "Told again", "email": sent, "phone": sent});
        let answer = upsert(&world, path, MERGE, &row).await.expect(201);
        assert_eq!(answer.json()[0]["phone"], sent, "{sent}");
        let count = format!("SELECT string_agg(lower(email), ' ') FROM clients_enhanced WHERE phone = '{sent}'");
        assert_eq!(world.value(&count).await, found, "{sent}: one row, and the right one");
        assert_eq!(upsert(&world, path, IGNORE, &row).await.expect(201).json(), json!([]), "{sent}");
    }
    let second =
        "SELECT count(*) FROM clients_enhanced WHERE lower(email) = 'owner7@client7.example' AND name <> 'Told again'";
    assert_eq!(world.value(second).await, "1", "the other one stays as it is");
    // To the letter, it is the other one's address.
    for (sent, phone) in [(SECOND, "2"), (FIRST, "1")] {
        let row = json!({"name": "To the letter", "email": sent, "phone": phone});
        let answer = upsert(&world, path, MERGE, &row).await.expect(201);
        assert_eq!(answer.json(), json!([{"email": sent, "phone": phone}]));
        assert_eq!(upsert(&world, path, IGNORE, &row).await.expect(201).json(), json!([]), "{sent}");
    }
    let both = json!([{"name": "Both", "email": SECOND, "phone": "2"}, {"name": "Both", "email": FIRST, "phone": "1"}]);
    assert_eq!(upsert(&world, path, MERGE, &both).await.expect(201).json().as_array().map(Vec::len), Some(2));
    assert_eq!(
        world.value("SELECT string_agg(phone, ' ' ORDER BY phone) FROM clients_enhanced WHERE name = 'Both'").await,
        "1 2"
    );
    // Somebody new is added, and is there the next time.
    for name in ["New", "Newer"] {
        let row = json!({"name": name, "email": "new@shop.example"});
        upsert(&world, path, MERGE, &row).await.expect(201);
    }
    let new = "SELECT string_agg(name, ' ') FROM clients_enhanced WHERE email = 'new@shop.example'";
    assert_eq!(world.value(new).await, "Newer");
}

#[tokio::test]
async fn find_figures_whose_day_is_there_twice() {
    let world = World::adopted().await;
    let catalog = read::by_operator(&mut world.server.database.connect().await, &[]).await.expect("a catalog");
    let relation = catalog.by_name("client_analytics").expect("it is exposed");
    let is_stand_in = |target: &ConflictTarget| target.sql.contains("WHERE (id <> ALL");
    assert!(relation.conflict_targets.iter().any(is_stand_in), "{:?}", relation.conflict_targets);

    // Five's figures without a deployment are there twice: the older is the one that counts.
    let five = world.value("md5('client:5')::uuid").await;
    let twice = json!({"client_id": five, "deployment_id": null, "analytics_date": "2025-08-01", "page_views": 77});
    let mut day = twice.clone();
    day["analytics_period"] = json!("daily");
    let answer = upsert(&world, &format!("{DAY}&select=page_views"), MERGE, &day).await.expect(201);
    assert_eq!(answer.json(), json!([{"page_views": 77}]));
    let of_the_day = format!(
        "SELECT count(*) || ' ' || count(*) FILTER (WHERE page_views = 77) FROM client_analytics
          WHERE client_id = '{five}' AND deployment_id IS NULL AND analytics_date = '2025-08-01'"
    );
    assert_eq!(world.value(&of_the_day).await, "2 1");
    assert_eq!(upsert(&world, DAY, IGNORE, &day).await.expect(201).json(), json!([]));

    // A day that is there once, and one that isn't yet.
    let once = "SELECT jsonb_build_object('client_id', client_id, 'deployment_id', deployment_id,
                                          'analytics_date', analytics_date, 'analytics_period', analytics_period)
                  FROM client_analytics WHERE analytics_period = 'daily' AND analytics_hour IS NULL
                   AND deployment_id IS NOT NULL ORDER BY id DESC LIMIT 1";
    let mut known: Value = serde_json::from_str(&world.value(once).await).expect("JSON");
    known["page_views"] = json!(5);
    let mut new = known.clone();
    new["analytics_date"] = json!("2025-10-01");
    let before = world.value("SELECT count(*) FROM client_analytics").await;
    for _ in 0..2 {
        let rows = json!([known, new]);
        let answer = upsert(&world, &format!("{DAY}&select=page_views"), MERGE, &rows).await.expect(201);
        assert_eq!(answer.json(), json!([{"page_views": 5}, {"page_views": 5}]));
    }
    let added = format!("SELECT count(*) - {before} FROM client_analytics");
    assert_eq!(world.value(&added).await, "1");
}

#[tokio::test]
async fn find_an_event_by_the_id_that_was_its_key() {
    let world = World::adopted().await;
    let there = "SELECT jsonb_build_object('id', id, 'deployment_id', deployment_id, 'event_type', 'error')
                   FROM deployment_tracking_events WHERE event_timestamp IS NOT NULL ORDER BY id LIMIT 1";
    let there: Value = serde_json::from_str(&world.value(there).await).expect("JSON");
    let path = "deployment_tracking_events?on_conflict=id&select=event_type";
    assert_eq!(upsert(&world, path, IGNORE, &there).await.expect(201).json(), json!([]));
    let mut new = there.clone();
    new["id"] = json!("f0000000-0000-4000-8000-00000000000a");
    assert_eq!(upsert(&world, path, IGNORE, &new).await.expect(201).json(), json!([{"event_type": "error"}]));
}
