//! One read: the document, its validator, formats, compressions, refusals.

use std::io::Read as _;

use hyper::{Method, StatusCode};
use serde_json::json;

use super::world::{World, customized, document, expected, holds, read, read_until};

#[tokio::test]
async fn a_token_reads_the_document_that_the_rows_give() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let token = world.token(&client, &[]);
    let answer = read(&world.server, &token).await;
    assert_eq!(document(&answer), expected(&client));
    assert_eq!(answer.body, world.resolved(&client, "production").await);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
    assert_eq!(answer.header("vary"), Some("Authorization, Accept-Encoding"));
    assert_eq!(answer.header("tenantry-stale-seconds"), None);
    assert!(answer.header("etag").is_some() && answer.header("tenantry-revision").is_some());
    world.sql("UPDATE public.system_configurations SET configuration_value = '\"new\"' WHERE configuration_key = 'own.all'").await;
    let after = read_until(&world.server, &token, holds("/own/all", &json!("new"))).await;
    assert_eq!(after.body, world.resolved(&client, "production").await);
}

#[tokio::test]
async fn an_answer_that_the_client_has_is_not_sent_again() {
    let world = World::new().await;
    let (client, other) = (world.client("alder").await, world.client("birch").await);
    let token = world.token(&client, &[]);
    let first = read(&world.server, &token).await;
    let etag = first.header("etag").expect("a validator").to_owned();
    let again = async |said: &str| {
        let call = world.server.call(Method::GET, "/config/v1").header("authorization", &format!("Bearer {token}"));
        call.header("if-none-match", said).send().await
    };
    let held = again(&etag).await;
    assert_eq!((held.status, held.body.len(), held.header("etag")), (StatusCode::NOT_MODIFIED, 0, Some(etag.as_str())));
    assert_eq!(again(&format!("\"x\", {etag}")).await.status, StatusCode::NOT_MODIFIED);
    assert_eq!(again("\"x\"").await.status, StatusCode::OK);
    // What changes another's document, or nothing of this one, leaves its validator.
    world
        .sql(&format!(
            "UPDATE public.system_configurations SET configuration_value = '1' WHERE client_id = '{}'",
            other.id
        ))
        .await;
    world
        .sql(
            "INSERT INTO public.system_configurations (configuration_key, configuration_value) VALUES ('own.all', '5')",
        )
        .await;
    let other = world.token(&other, &[]);
    read_until(&world.server, &other, holds("/own/all", &json!(1))).await;
    assert_eq!(again(&etag).await.status, StatusCode::NOT_MODIFIED, "a global value that this client shields");
    world.sql("UPDATE public.system_configurations SET configuration_value = '\"x\"' WHERE configuration_key = 'support.email'").await;
    let changed = read_until(&world.server, &token, holds("/support/email", &json!("x"))).await;
    assert_ne!(changed.header("etag"), Some(etag.as_str()));
    assert_eq!(again(&etag).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_document_is_sent_compressed_as_the_client_likes() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let token = world.token(&client, &[]);
    let plain = read(&world.server, &token).await;
    assert_eq!(plain.header("content-encoding"), None);
    for encoding in ["zstd", "br", "gzip"] {
        let call = world.server.call(Method::GET, "/config/v1").header("authorization", &format!("Bearer {token}"));
        let answer = call.header("accept-encoding", encoding).send().await;
        assert_eq!((answer.status, answer.header("content-encoding")), (StatusCode::OK, Some(encoding)));
        assert_eq!(answer.header("etag"), plain.header("etag"));
        assert!(answer.body.len() < plain.body.len());
        let mut back = Vec::new();
        match encoding {
            "zstd" => zstd::Decoder::new(&answer.body[..]).expect("zstd").read_to_end(&mut back),
            "br" => brotli::Decompressor::new(&answer.body[..], 4_096).read_to_end(&mut back),
            _ => flate2::read::GzDecoder::new(&answer.body[..]).read_to_end(&mut back),
        }
        .expect("it is whole");
        assert_eq!(back, plain.body);
    }
}

#[tokio::test]
async fn keys_with_a_name_are_variables() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let token = world.token(&client, &[]);
    let ask = async |path: &str| {
        world.server.call(Method::GET, path).header("authorization", &format!("Bearer {token}")).send().await
    };
    let answer = ask("/config/v1?format=env").await;
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(answer.text(), format!("BRAND_NAME={}\nSEATS=10\n", client.marker));
    assert_eq!(ask("/config/v1?format=json").await.body, ask("/config/v1").await.body);
    for odd in ["?format=yaml", "?client=x", "?format=env&client_id=x", "?"] {
        let status = ask(&format!("/config/v1{odd}")).await.status;
        assert_eq!(status, if odd == "?" { StatusCode::OK } else { StatusCode::BAD_REQUEST }, "{odd}");
    }
}

#[tokio::test]
async fn whoever_has_no_token_for_it_is_refused() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let token = world.token(&client, &[]);
    assert_eq!(read(&world.server, &token).await.status, StatusCode::OK);
    let service = crate::support::tenantry(&[
        "token",
        "create",
        "service",
        "--name",
        "x",
        "--format",
        "json",
        "--database-url",
        &world.server.database.url(),
    ]);
    let service: serde_json::Value = serde_json::from_str(&service.out).expect("JSON");
    let unknown = {
        let elsewhere = World::new().await;
        let client = elsewhere.client("alder").await;
        elsewhere.token(&client, &[])
    };
    let cases = [
        (format!("Bearer {}", &token[..token.len() - 1]), 401),
        (format!("Bearer {unknown}"), 401),
        (format!("Bearer {}", service["token"].as_str().expect("a token")), 403),
        ("Bearer eyJhbGciOiJub25lIn0.e30.".to_owned(), 401),
        (format!("Basic {token}"), 401),
        ("Bearer ".to_owned(), 401),
    ];
    for path in ["/config/v1", "/config/v1/stream"] {
        for (said, status) in &cases {
            let answer = world.server.call(Method::GET, path).header("authorization", said).send().await;
            assert_eq!(answer.status.as_u16(), *status, "{said}: {}", answer.text());
            assert_eq!(answer.header("content-type"), Some("application/problem+json"));
            assert_eq!(answer.header("www-authenticate").is_some(), *status == 401);
            assert!(answer.json()["request_id"].is_string(), "{}", answer.text());
        }
        let twice = world.server.call(Method::GET, path).header("authorization", &format!("Bearer {token}"));
        let twice = twice.header("authorization", &format!("Bearer {token}")).send().await;
        assert_eq!(twice.status, StatusCode::UNAUTHORIZED, "of two, another program may believe the other one");
        assert_eq!(world.server.get(path).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(world.server.call(Method::POST, path).send().await.status, StatusCode::METHOD_NOT_ALLOWED);
    }
}

#[tokio::test]
async fn several_templates_and_none_asked_is_refused_by_name() {
    let world = World::new().await;
    let client = world.client("alder").await;
    let (token, asking) = (world.token(&client, &[]), world.token(&client, &["--template", "booking"]));
    assert_eq!(read(&world.server, &token).await.status, StatusCode::OK);
    world
        .sql(&format!(
            "INSERT INTO public.template_configurations (template_id, template_version, template_name, status, configuration_schema, default_configuration)
             VALUES ('shop', '1.0.0', 'Shop', 'active', '{{}}', '{{}}');
             {}",
            customized(&client, "shop", "{}")
        ))
        .await;
    let refused = read_until(&world.server, &token, |answer| answer.status == StatusCode::UNPROCESSABLE_ENTITY).await;
    assert!(refused.text().contains("booking") && refused.text().contains("shop"), "{}", refused.text());
    assert_eq!(document(&read(&world.server, &asking).await), expected(&client));
    let unknown = crate::support::tenantry(&[
        "token",
        "create",
        "--client",
        &client.id.to_string(),
        "--env",
        "production",
        "--template",
        "nothing",
        "--database-url",
        &world.server.database.url(),
    ]);
    assert!(unknown.code == Some(1) && unknown.err.contains("no template"), "{}", unknown.err);
}
