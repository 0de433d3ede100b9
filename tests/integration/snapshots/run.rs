//! `tenantry run`: a command with the variables of an app's configuration, also where the server is away.

use std::path::Path;

use hyper::StatusCode;

use super::world::{World, read_until};
use crate::support::server::Folder;
use crate::support::{Outcome, tenantry};

/// Starts a command that prints what it got.
async fn run(url: &str, token: &str, copies: &Path, more: &[&str]) -> Outcome {
    let words = ["run", "--url", url, "--token", token, "--copies", copies.to_str().expect("UTF-8")];
    let command = ["--", "sh", "-c", "printf %s \"$BRAND_NAME $SEATS ${TENANTRY_TOKEN-none}\"; exit 7"];
    let all: Vec<String> = [words.as_slice(), more, &command].concat().into_iter().map(ToOwned::to_owned).collect();
    let started = tokio::task::spawn_blocking(move || tenantry(&all.iter().map(String::as_str).collect::<Vec<_>>()));
    started.await.expect("it ends")
}

#[tokio::test]
async fn a_command_gets_its_variables_and_starts_without_the_server_the_next_time() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let token = world.token(&client, &[]);
    let (url, copies) = (format!("http://{}", world.server.address), Folder::new());
    let expected = format!("{} 10 none", client.marker);
    let first = run(&url, &token, &copies.0, &[]).await;
    assert_eq!((first.code, first.out.as_str()), (Some(7), expected.as_str()), "{}", first.err);
    world.server.end().await;
    let again = run(&url, &token, &copies.0, &[]).await;
    assert_eq!((again.code, again.out.as_str()), (Some(7), expected.as_str()), "{}", again.err);
    assert!(again.err.contains("can't be reached"), "{}", again.err);
    let elsewhere = Folder::new();
    let never = run(&url, &token, &elsewhere.0, &[]).await;
    assert!(never.code == Some(1) && never.err.contains("no copy"), "{}", never.err);
}

#[tokio::test]
async fn what_is_taken_away_is_not_started_from_a_copy() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let token = world.token(&client, &[]);
    let (url, copies) = (format!("http://{}", world.server.address), Folder::new());
    assert_eq!(run(&url, &token, &copies.0, &[]).await.code, Some(7));
    assert_eq!(std::fs::read_dir(&copies.0).expect("a folder").count(), 1);
    world.sql("UPDATE tenantry.tokens SET revoked_at = now() WHERE kind = 'runtime'").await;
    read_until(&world.server, &token, |answer| answer.status == StatusCode::UNAUTHORIZED).await;
    let refused = run(&url, &token, &copies.0, &[]).await;
    assert!(refused.code == Some(1) && refused.err.contains("revoked") && refused.out.is_empty(), "{}", refused.err);
    assert_eq!(std::fs::read_dir(&copies.0).expect("a folder").count(), 0);
    world.server.end().await;
    assert_eq!(run(&url, &token, &copies.0, &[]).await.code, Some(1));
}
