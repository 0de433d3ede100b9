use hyper::Method;
use serde_json::{Value, json};

use super::world::{World, email, id, make_token};
use crate::support::program::{Outcome, tenantry};

fn run(world: &World, arguments: &[&str]) -> Outcome {
    tenantry(&[&["--database-url", &world.server.database.url()], arguments].concat())
}

fn json_of(world: &World, arguments: &[&str]) -> Value {
    let done = run(world, &[&["--format", "json"], arguments].concat());
    assert_eq!(done.code, Some(0), "{arguments:?}: {}", done.err);
    serde_json::from_str(&done.out).expect("JSON")
}

async fn user(world: &World, token: &str, method: Method) -> (u16, Value) {
    let call = world.with_bearer(method, "/auth/v1/user", token);
    let answer = call.json(&json!({ "data": { "seen": true } })).send().await;
    (answer.status.as_u16(), answer.json())
}

#[tokio::test]
async fn a_token_is_shown_once_and_kept_as_a_hash() {
    let world = World::new().await;
    let made = make_token(&world.server.database, &["service", "--name", "nightly import", "--scope", "read"]);
    let token = made["token"].as_str().expect("it is printed").to_owned();
    assert!(token.starts_with("tnt_svc_"));
    let listed = run(&world, &["token", "list"]).out + &json_of(&world, &["token", "list"]).to_string();
    assert!(!listed.contains(&token) && listed.contains(made["prefix"].as_str().unwrap()));
    let kept = format!("SELECT count(*)::text FROM tenantry.tokens WHERE secret_hash = sha256('{token}')");
    assert_eq!(world.text(&kept).await, "1");
    let dump = world.text("SELECT string_agg(to_jsonb(t)::text, '') FROM tenantry.tokens t").await;
    assert!(!dump.contains(&token));
}

#[tokio::test]
async fn a_personal_token_acts_as_the_person_within_its_scopes() {
    let world = World::new().await;
    let create = ["personal", "--name", "laptop", "--user", "manager@agency.example"];
    let reading = world.token(&create);
    let writing = world.token(&[create.as_slice(), &["--scope", "write"]].concat());
    let both = world.token(&[create.as_slice(), &["--scope", "read", "--scope", "write"]].concat());
    assert_eq!(user(&world, &reading, Method::GET).await.1["id"], json!(id("manager")));
    assert_eq!(user(&world, &reading, Method::PUT).await.0, 403);
    assert_eq!(user(&world, &writing, Method::GET).await.0, 403);
    assert_eq!(user(&world, &writing, Method::PUT).await.0, 200);
    assert_eq!(user(&world, &both, Method::GET).await.0, 200);
    // The role is the person's, as it is now.
    world.sql(&format!("UPDATE tenantry.people SET role = 'staff' WHERE user_id = '{}'", id("manager"))).await;
    assert_eq!(user(&world, &reading, Method::GET).await.1["app_metadata"]["role"], "staff");
    world.sql(&format!("UPDATE tenantry.people SET disabled_at = now() WHERE user_id = '{}'", id("manager"))).await;
    assert_eq!(user(&world, &reading, Method::GET).await.0, 401);
    let out = world.with_bearer(Method::POST, "/auth/v1/logout", &both).send().await;
    assert_eq!(out.status, 401);
}

#[tokio::test]
async fn a_token_ends_when_it_is_revoked_or_runs_out() {
    let world = World::new().await;
    let create = ["personal", "--name", "laptop", "--user", "staff@agency.example", "--days", "30"];
    let (revoked, expired) = (world.token(&create), world.token(&create));
    assert_eq!(user(&world, &revoked, Method::GET).await.0, 200);
    let done = json_of(&world, &["token", "revoke", &revoked[..12]]);
    assert!(done["revoked_at"].is_string());
    let again = json_of(&world, &["token", "revoke", done["id"].as_str().unwrap()]);
    assert_eq!(again["revoked_at"], done["revoked_at"], "it stays when it was");
    assert_eq!(user(&world, &revoked, Method::GET).await.0, 401);
    assert_eq!(user(&world, &expired, Method::GET).await.0, 200);
    world.sql("UPDATE tenantry.tokens SET expires_at = now()").await;
    assert_eq!(user(&world, &expired, Method::GET).await.0, 401);
    let unknown = run(&world, &["token", "revoke", "tnt_svc_zzzz"]);
    assert!(unknown.code == Some(1) && unknown.err.contains("tenantry token list"), "{}", unknown.err);
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let world = World::new().await;
    let token = world.token(&["personal", "--name", "laptop", "--user", "staff@agency.example"]);
    let mistyped = format!("{}{}", &token[..20], token[20..].chars().rev().collect::<String>());
    let unknown = {
        let elsewhere = World::new().await;
        elsewhere.token(&["personal", "--name", "laptop", "--user", "staff@agency.example"])
    };
    let runtime = {
        world.sql("INSERT INTO public.clients_enhanced (name, email) VALUES ('Shop', 'hello@shop.example')").await;
        world.token(&["runtime", "--name", "shop", "--client", "hello@shop.example", "--environment", "production"])
    };
    assert_eq!(user(&world, &mistyped, Method::GET).await.0, 401);
    assert_eq!(user(&world, &unknown, Method::GET).await.0, 401);
    assert_eq!(user(&world, &token[..40], Method::GET).await.0, 401);
    assert_eq!(user(&world, &runtime, Method::GET).await.0, 403);
    let service = world.token(&["service", "--name", "import"]);
    assert_eq!(user(&world, &service, Method::GET).await.0, 403, "it is nobody");
    assert_eq!(user(&world, &service, Method::PUT).await.0, 403);
}

#[tokio::test]
async fn a_use_is_written_down_and_not_to_the_second() {
    let world = World::new().await;
    let token = world.token(&["personal", "--name", "laptop", "--user", &email("staff")]);
    assert_eq!(user(&world, &token, Method::GET).await.0, 200);
    let used = "SELECT coalesce(bool_and(last_used_at = date_trunc('minute', last_used_at)), false)::text
                  FROM tenantry.tokens WHERE last_used_at IS NOT NULL AND kind = 'personal'";
    // It is written beside the request, which nobody waits for.
    for _ in 0..500 {
        if world.text(used).await == "true" {
            break;
        }
    }
    assert_eq!(world.text(used).await, "true");
    let audited = "SELECT count(*)::text FROM public.audit_log WHERE table_name = 'tokens' AND action = 'update'";
    assert_eq!(world.text(audited).await, "0", "a use is no change");
}

#[tokio::test]
async fn odd_options_are_refused_and_say_why() {
    let world = World::new().await;
    for (arguments, code, said) in [
        (vec!["admin", "--name", "x"], 2, "publishable, personal, service, runtime"),
        (vec!["service"], 2, "--name"),
        (vec!["service", "--name", " "], 2, "1 to 255"),
        (vec!["service", "--name", "x", "--scope", "admin"], 2, "read, write"),
        (vec!["service", "--name", "x", "--user", "staff@agency.example"], 2, "has no --user"),
        (vec!["publishable", "--name", "x", "--scope", "write"], 2, "has no --scope"),
        (vec!["personal", "--name", "x"], 2, "--user"),
        (vec!["personal", "--name", "x", "--user", "nobody@agency.example"], 1, "nobody@agency.example"),
        (vec!["runtime", "--name", "x", "--client", "nobody", "--environment", "production"], 1, "no client"),
        (vec!["runtime", "--name", "x", "--client", "nobody", "--environment", "moon"], 2, "development"),
        (vec!["service", "--name", "x", "--days", "0"], 2, "--days"),
    ] {
        let done = run(&world, &[&["token", "create"], arguments.as_slice()].concat());
        assert_eq!((done.code, done.out.as_str()), (Some(code), ""), "{arguments:?}: {}", done.err);
        assert!(done.err.contains(said), "{arguments:?}: {}", done.err);
    }
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.tokens").await, "1", "the app's key");
}
