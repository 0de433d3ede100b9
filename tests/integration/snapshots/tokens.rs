//! What is taken away counts before long, and what is given at once.

use hyper::StatusCode;
use serde_json::json;

use super::world::{World, document, expected, read, read_until};
use crate::support::tenantry;

#[tokio::test]
async fn a_token_that_is_revoked_or_expires_reads_nothing_more() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let (revoked, expired, kept) =
        (world.token(&client, &[]), world.token(&client, &["--days", "1"]), world.token(&client, &[]));
    for token in [&revoked, &expired, &kept] {
        assert_eq!(document(&read(&world.server, token).await), expected(&client));
    }
    let url = world.server.database.url();
    let done = tenantry(&["token", "revoke", &revoked, "--database-url", &url]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    read_until(&world.server, &revoked, |answer| answer.status == StatusCode::UNAUTHORIZED).await;
    world.sql("UPDATE tenantry.tokens SET expires_at = now() WHERE expires_at IS NOT NULL").await;
    read_until(&world.server, &expired, |answer| answer.status == StatusCode::UNAUTHORIZED).await;
    assert_eq!(document(&read(&world.server, &kept).await), expected(&client));
    world.sql("DELETE FROM tenantry.tokens WHERE revoked_at IS NULL AND expires_at IS NULL AND kind = 'runtime'").await;
    read_until(&world.server, &kept, |answer| answer.status == StatusCode::UNAUTHORIZED).await;
    let standing = world.server.get("/readyz").await.json();
    let left = (&standing["snapshots"]["tokens"], &standing["snapshots"]["documents"]);
    assert_eq!(
        left,
        (&json!(1), &json!(1)),
        "the one that expired is refused by its time, and goes when that is looked at"
    );
}

#[tokio::test]
async fn scopes_say_what_is_read() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let token = world.token(&client, &[]);
    world.sql("UPDATE tenantry.tokens SET scopes = '{}' WHERE kind = 'runtime'").await;
    read_until(&world.server, &token, |answer| answer.status == StatusCode::FORBIDDEN).await;
    let url = world.server.database.url();
    let id = client.id.to_string();
    for (more, said) in [
        (["--scope", "secret:read"], "reads nothing"),
        (["--scope", "write"], "has no scope write"),
        (["--scope", "admin"], "config:read"),
        (["--user", "x@example.com"], "has no --user"),
    ] {
        let create = ["token", "create", "--client", &id, "--env", "production", "--database-url", &url];
        let done = tenantry(&[create.as_slice(), &more].concat());
        assert!(done.code == Some(2) && done.err.contains(said), "{more:?}: {}", done.err);
    }
    let none = tenantry(&["token", "create", "--client", &id, "--database-url", &url]);
    assert!(none.code == Some(2) && none.err.contains("--env"), "{}", none.err);
}

#[tokio::test]
async fn documents_are_there_before_anybody_reads() {
    let world = World::new().await;
    let clients = [world.client("alder").await, world.client("birch").await];
    let tokens = clients.clone().map(|client| world.token(&client, &[]));
    let other = world.server.beside().await;
    let made = loop {
        let standing = other.get("/readyz").await.json();
        if standing["snapshots"]["waiting"] == json!(0) && standing["snapshots"]["documents"] == json!(2) {
            break standing;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(made["snapshots"]["tokens"], json!(2));
    for (client, token) in clients.iter().zip(&tokens) {
        assert_eq!(document(&read(&other, token).await), expected(client));
    }
    let metrics = other.get("/metrics").await;
    for line in
        ["tenantry_runtime_tokens 2", "tenantry_documents{state=\"kept\"} 2", "tenantry_documents{state=\"waiting\"} 0"]
    {
        assert!(metrics.text().lines().any(|found| found == line), "{line} in {}", metrics.text());
    }
}
