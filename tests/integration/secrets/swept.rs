//! What rejected and withdrawn changes leave goes; what a row, its history or a pending change needs stays.

use serde_json::{Value, json};

use super::world::{ACME, OTHER};
use crate::changes::world::{Who, World, set, with};
use crate::support::program::tenantry;

/// Sweeps while every secret is older than it has to be, but those that stand in one place.
async fn sweep(world: &World, but: &str) -> Value {
    age(world, "-", but).await;
    let swept = keys(world, "sweep");
    // Masks say when a secret was set.
    age(world, "+", but).await;
    swept
}

async fn age(world: &World, sign: &str, but: &str) {
    let sql = format!(
        "BEGIN; SET LOCAL session_replication_role = replica;
         UPDATE tenantry.secrets SET set_at = set_at {sign} interval '2 hours' WHERE path <> '{but}'; COMMIT"
    );
    world.admin.batch_execute(&sql).await.expect("a superuser");
}

fn keys(world: &World, command: &str) -> Value {
    let (url, data_dir) = (world.server.database.url(), world.server.data_dir.0.display().to_string());
    let done = tenantry(&["keys", command, "--format", "json", "--database-url", &url, "--data-dir", &data_dir]);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    serde_json::from_str(&done.out).expect("JSON")
}

/// Proposes a secret for a key of Acme's; the change.
async fn propose(world: &World, key: &str, value: &str) -> String {
    let edit = with(set(key, value), json!({ "client_id": ACME, "is_encrypted": true }));
    World::proposed(&world.propose(Who::Admin, &json!([edit])).await)
}

async fn applied(world: &World, key: &str, value: &str) -> String {
    let id = propose(world, key, value).await;
    let answer = world.act(Who::Admin, &id, "apply").await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    id
}

async fn paths(world: &World) -> String {
    world.value("SELECT string_agg(concat(column_name, path), ' ' ORDER BY path, column_name, set_at) FROM tenantry.secrets").await
}

#[tokio::test]
async fn what_nothing_refers_to_goes_and_all_else_stays() {
    let world = World::new().await;
    applied(&world, "kept.one", "first").await;
    let second = applied(&world, "kept.one", "second").await;
    let pending = propose(&world, "pending.one", "later").await;
    for (key, act) in [("gone.withdrawn", "withdraw"), ("gone.rejected", "reject"), ("young.withdrawn", "withdraw")] {
        let id = propose(&world, key, "never").await;
        let who = if act == "reject" { Who::Second } else { Who::Admin };
        assert_eq!(world.act(who, &id, act).await.status.as_u16(), 200);
    }
    let billing = format!("/rest/v1/client_billing_info?client_id=eq.{ACME}");
    let row = json!({ "client_id": ACME, "tax_id": "DE1", "vat_number": "DE2" });
    assert_eq!(world.post(Who::Admin, "/rest/v1/client_billing_info", &row).await.status.as_u16(), 201);
    let another = world.call(Who::Admin, hyper::Method::PATCH, &billing, Some(&json!({ "tax_id": "DE3" }))).await;
    assert_eq!(another.status.as_u16(), 204, "{}", another.text());

    assert_eq!(sweep(&world, "/young/withdrawn").await, json!({ "swept": 3 }));
    let expected = "tax_id vat_number configuration_value/kept/one configuration_value/kept/one \
                    configuration_value/pending/one configuration_value/young/withdrawn";
    assert_eq!(paths(&world).await, expected);
    assert_eq!(sweep(&world, "/young/withdrawn").await, json!({ "swept": 0 }), "the second time there is nothing");
    assert_eq!(keys(&world, "verify")["secrets"], 6);
    let audited = "SELECT string_agg(concat_ws(' ', l.client_id = '{ACME}', l.table_name, s ->> 'column', s ->> 'path'), ', ' ORDER BY s ->> 'path')
                     FROM audit_log l CROSS JOIN LATERAL jsonb_array_elements(l.details -> 'secrets') s WHERE l.action = 'sweep_secrets'";
    assert_eq!(
        world.value(&audited.replace("{ACME}", &ACME.to_string())).await,
        "t secrets tax_id , t secrets configuration_value /gone/rejected, t secrets configuration_value /gone/withdrawn"
    );

    // What was kept is good for everything that it was kept for.
    assert_eq!(world.act(Who::Admin, &pending, "apply").await.status.as_u16(), 200);
    let mask = "SELECT configuration_value #>> '{$secret,fingerprint}' FROM system_configurations WHERE configuration_key = 'kept.one'";
    let before = world.value(mask).await;
    let back = World::proposed(&world.act(Who::Admin, &second, "revert").await);
    let reverted = world.act(Who::Admin, &back, "apply").await;
    assert_eq!(reverted.status.as_u16(), 200, "{}", reverted.text());
    assert_ne!(world.value(mask).await, before);
    assert_eq!(sweep(&world, "/young/withdrawn").await, json!({ "swept": 0 }), "history needs what was taken back");
    assert_eq!(keys(&world, "verify")["secrets"], 6);
}

#[tokio::test]
async fn a_page_is_looked_at_at_a_time_and_what_somebody_is_about_to_use_is_left() {
    let mut world = super::world::World::new().await;
    for place in ["tax_id", "vat_number", "payment_method_id"] {
        world.seal(&super::world::billing(ACME, place), "a").await;
    }
    let used = world.seal(&super::world::billing(OTHER, "tax_id"), "b").await;
    let age = "BEGIN; SET LOCAL session_replication_role = replica; UPDATE tenantry.secrets SET set_at = set_at - interval '2 hours'; COMMIT";
    world.admin.batch_execute(age).await.expect("a superuser");
    let writer = world.admin.again().await.expect("a connection");
    let insert =
        format!("BEGIN; INSERT INTO client_billing_info (client_id, tax_id) VALUES ('{OTHER}', '{}')", used.to_text());
    writer.batch_execute(&insert).await.expect("a row that isn't committed yet");

    let mut last = Some(uuid::Uuid::nil());
    let (mut pages, mut swept) = (0, 0);
    while let Some(after) = last {
        let sql = "SELECT last_id, swept FROM tenantry.sweep_secrets($1, 3, '1 hour')";
        let row = world.admin.query_one(sql, &[&after]).await.expect("a page");
        (last, pages, swept) = (row.get(0), pages + 1, swept + row.get::<_, i64>(1));
    }
    assert_eq!((pages, swept), (3, 3), "two with something in them, and the end");
    writer.batch_execute("COMMIT").await.expect("the row is there");
    assert_eq!(world.tenantry(&["keys", "verify"]).out.trim(), "one secret, which opens");

    // And the other way round: a mask whose secret went meanwhile is refused.
    let gone =
        format!("UPDATE client_billing_info SET vat_number = 'secret:{}:{}'", uuid::Uuid::new_v4(), used.fingerprint);
    let refused = world.admin.batch_execute(&gone).await.expect_err("it isn't kept");
    assert_eq!(refused.code().map(tokio_postgres::error::SqlState::code), Some("TN422"));
}
