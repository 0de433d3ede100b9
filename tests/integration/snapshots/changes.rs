//! Changes arrive by themselves: told or not, at one server and at its neighbours.

use serde_json::json;
use tenantry::settings;
use tenantry::settings::{Pooler, Sessions};

use super::world::{World, document, expected, holds, read, read_until};
use crate::support::Server;

const SET: &str = "UPDATE public.system_configurations SET configuration_value = '\"new@agency.example\"' WHERE configuration_key = 'support.email'";

#[tokio::test]
async fn rows_of_every_layer_arrive_made_changed_and_removed() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let token = world.token(&client, &[]);
    assert_eq!(document(&read(&world.server, &token).await), expected(&client));
    let id = client.id;
    let steps = [
        ("INSERT INTO public.system_configurations (configuration_key, configuration_value, environment) VALUES ('a.b', '1', 'production')".to_owned(), "/a/b", json!(1)),
        ("INSERT INTO public.system_configurations (configuration_key, configuration_value, template_id) VALUES ('a.b', '2', 'booking')".to_owned(), "/a/b", json!(2)),
        (format!("INSERT INTO public.system_configurations (configuration_key, configuration_value, client_id) VALUES ('a.b', '3', '{id}')"), "/a/b", json!(3)),
        (format!("UPDATE public.system_configurations SET is_active = false WHERE client_id = '{id}' AND configuration_key = 'a.b'"), "/a/b", json!(2)),
        ("DELETE FROM public.system_configurations WHERE configuration_key = 'a.b' AND template_id = 'booking'".to_owned(), "/a/b", json!(1)),
        ("UPDATE public.system_configurations SET environment = 'staging' WHERE configuration_key = 'a.b' AND client_id IS NULL;
          INSERT INTO public.system_configurations (configuration_key, configuration_value) VALUES ('a.b', '0')".to_owned(), "/a/b", json!(0)),
    ];
    for (sql, pointer, value) in steps {
        world.sql(&sql).await;
        let answer = read_until(&world.server, &token, holds(pointer, &value)).await;
        assert_eq!(answer.body, world.resolved(&client, "production").await, "{sql}");
    }
}

#[tokio::test]
async fn a_change_is_found_where_nobody_tells_of_it() {
    // Behind a pooler nothing is listened to.
    let sessions = Sessions { pooler: Pooler::Prepared, ..Sessions::default() };
    let world = World::told(settings::Server { sessions, ..settings::Server::default() }).await;
    let client = world.client("alder").await;
    let token = world.token(&client, &[]);
    assert_eq!(document(&read(&world.server, &token).await), expected(&client));
    world.sql(SET).await;
    read_until(&world.server, &token, holds("/support/email", &json!("new@agency.example"))).await;
}

#[tokio::test]
async fn two_servers_say_the_same() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let token = world.token(&client, &[]);
    let other: Server = world.server.beside().await;
    let (one, two) = (read(&world.server, &token).await, read(&other, &token).await);
    assert_eq!((one.header("etag"), &one.body), (two.header("etag"), &two.body));
    world.sql(SET).await;
    let new = json!("new@agency.example");
    let arrived = holds("/support/email", &new);
    let (one, two) = (read_until(&world.server, &token, &arrived).await, read_until(&other, &token, &arrived).await);
    assert_eq!((one.header("etag"), &one.body), (two.header("etag"), &two.body));
    let third = world.server.beside().await;
    let three = read(&third, &token).await;
    assert_eq!((one.header("etag"), &one.body), (three.header("etag"), &three.body), "one that starts later as well");
}

#[tokio::test]
async fn a_database_that_was_taken_back_is_read_anew() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let token = world.token(&client, &[]);
    let before = read(&world.server, &token).await;
    world.sql(SET).await;
    read_until(&world.server, &token, holds("/support/email", &json!("new@agency.example"))).await;
    // As a restore leaves it: rows and revision of an earlier day, and nobody tells.
    world
        .sql(
            "SET session_replication_role = replica;
             UPDATE public.system_configurations SET configuration_value = '\"help@agency.example\"' WHERE configuration_key = 'support.email';
             UPDATE tenantry.installation_revision SET revision = revision - 1;
             SET session_replication_role = origin",
        )
        .await;
    let after = read_until(&world.server, &token, holds("/support/email", &json!("help@agency.example"))).await;
    assert_eq!(before.body, after.body);
}
