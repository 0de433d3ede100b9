use hyper::Method;
use serde_json::{Value, json};
use tenantry::db::migrate::{Quiet, UpOptions, up};
use tenantry::settings::Server as Settings;

use super::world::{PASSWORD, World, email, id};
use crate::support::{Database, Server};

#[tokio::test]
async fn a_session_is_what_supabase_auth_expects() {
    let world = World::new().await;
    let session = world.sign_in("manager").await;
    let Value::Object(answer) = &session.0 else { panic!("an object") };
    let names: Vec<&str> = answer.keys().map(String::as_str).collect();
    assert_eq!(names, ["access_token", "token_type", "expires_in", "expires_at", "refresh_token", "user"]);
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("bearer"), &json!(900)));
    let user = &answer["user"];
    assert_eq!(user["id"], json!(id("manager")));
    assert_eq!((&user["aud"], &user["role"]), (&json!("authenticated"), &json!("authenticated")));
    assert_eq!(user["email"], email("manager"));
    assert_eq!(user["app_metadata"]["role"], "manager");
    assert_eq!(
        user["user_metadata"],
        json!({ "role": "super_admin" }),
        "what a person says about themselves is theirs"
    );
    assert_eq!(user["identities"][0]["provider"], "email");
    assert!(user["created_at"].is_string());

    let claims = session.claims();
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
    assert_eq!(claims["exp"], answer["expires_at"]);
    assert_eq!((&claims["sub"], &claims["aud"]), (&json!(id("manager")), &json!("authenticated")));
    assert_eq!((&claims["role"], &claims["app_metadata"]["role"]), (&json!("authenticated"), &json!("manager")));
    assert_eq!(claims["iss"], "http://localhost:8080/auth/v1");
    let stored = world.text("SELECT id::text FROM tenantry.sessions").await;
    assert_eq!(claims["session_id"], json!(stored));

    let asked = world.user(session.access()).await;
    assert_eq!((asked.status.as_u16(), &asked.json()["id"]), (200, &json!(id("manager"))));
    assert_eq!(asked.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn no_secret_stands_in_the_database_or_the_log() {
    let world = World::new().await;
    let session = world.sign_in("manager").await;
    let dump = world
        .text(
            "SELECT string_agg(row::text, '') FROM (
                   SELECT to_jsonb(s) FROM tenantry.sessions s UNION ALL SELECT to_jsonb(t) FROM tenantry.tokens t
                   UNION ALL SELECT to_jsonb(l) FROM public.audit_log l) r (row)",
        )
        .await;
    for secret in [session.access(), session.refresh(), &world.key, PASSWORD] {
        assert!(!dump.contains(secret));
    }
    assert!(!dump.contains("PRIVATE") && !dump.contains("pkcs8"));
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_are_answered_alike() {
    let world = World::new().await;
    let wrong = world.try_sign_in(&email("manager"), "incorrect horse").await;
    let unknown = world.try_sign_in("nobody@agency.example", PASSWORD).await;
    let endless = world.try_sign_in(&email("manager"), &"x".repeat(10_000)).await;
    for answer in [&wrong, &unknown, &endless] {
        assert_eq!(answer.status, 400);
        let expected = json!({ "code": 400, "error_code": "invalid_credentials", "msg": "Invalid login credentials" });
        assert_eq!(answer.json(), expected);
    }
    // Nobody of the site's who has no role here.
    world.sql("INSERT INTO auth.users (email) VALUES ('visitor@shop.example')").await;
    assert_eq!(world.try_sign_in("visitor@shop.example", PASSWORD).await.json(), wrong.json());
    // An address that two have says nothing.
    world.sql("DROP INDEX auth.users_email_key; INSERT INTO auth.users (email) VALUES ('Staff@agency.example')").await;
    assert_eq!(world.try_sign_in(&email("staff"), PASSWORD).await.status, 200, "the other has no role");
    let twin = "INSERT INTO tenantry.people (user_id, role) SELECT id, 'staff' FROM auth.users WHERE email = 'Staff@agency.example'";
    world.sql(twin).await;
    assert_eq!(world.try_sign_in(&email("staff"), PASSWORD).await.json(), wrong.json());
}

#[tokio::test]
async fn an_address_is_the_same_in_any_case() {
    let world = World::new().await;
    assert_eq!(world.try_sign_in(" MANAGER@Agency.example ", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_disabled_person_hears_so_only_with_the_right_password() {
    let world = World::new().await;
    world.sql(&format!("UPDATE tenantry.people SET disabled_at = now() WHERE user_id = '{}'", id("staff"))).await;
    assert_eq!(world.try_sign_in(&email("staff"), PASSWORD).await.json()["error_code"], "user_banned");
    assert_eq!(world.try_sign_in(&email("staff"), "incorrect horse").await.json()["error_code"], "invalid_credentials");
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.sessions").await, "0");
}

#[tokio::test]
async fn bcrypt_hashes_of_adopted_people_are_read_and_left() {
    let world = World::new().await;
    let hash = bcrypt::hash("their own password", 4).expect("it hashes");
    world
        .sql(&format!(
            "UPDATE auth.users SET encrypted_password = '{hash}' WHERE id IN ('{0}', '{1}');
             DELETE FROM tenantry.passwords WHERE user_id = '{0}'",
            id("staff"),
            id("manager")
        ))
        .await;
    assert_eq!(world.try_sign_in(&email("staff"), "their own password").await.status, 200);
    assert_eq!(world.try_sign_in(&email("staff"), PASSWORD).await.status, 400);
    // A password that was set here counts instead.
    assert_eq!(world.try_sign_in(&email("manager"), "their own password").await.status, 400);
    assert_eq!(world.try_sign_in(&email("manager"), PASSWORD).await.status, 200);
    let kept = format!("SELECT encrypted_password::text FROM auth.users WHERE id = '{}'", id("staff"));
    assert_eq!(world.text(&kept).await, hash);
    // Banned or deleted at Supabase is shut out here.
    world.sql("ALTER TABLE auth.users ADD banned_until timestamptz, ADD deleted_at timestamptz").await;
    world
        .sql(&format!("UPDATE auth.users SET banned_until = now() + interval '1 day' WHERE id = '{}'", id("admin")))
        .await;
    world.sql(&format!("UPDATE auth.users SET deleted_at = now() WHERE id = '{}'", id("manager"))).await;
    assert_eq!(world.try_sign_in(&email("admin"), PASSWORD).await.json()["error_code"], "user_banned");
    assert_eq!(world.try_sign_in(&email("manager"), PASSWORD).await.json()["error_code"], "invalid_credentials");
}

#[tokio::test]
async fn people_behind_row_level_security_of_the_sites_are_let_in_by_the_documented_policy() {
    let database = Database::existing().await;
    up(&mut database.connect().await, &UpOptions::default(), &mut Quiet).await.expect("it is adopted");
    let world = World::on(Server::on(database, Settings::default()).await).await;
    let hash = bcrypt::hash("their own password", 4).expect("it hashes");
    let staff = id("staff");
    world
        .sql(&format!(
            "UPDATE auth.users SET encrypted_password = '{hash}' WHERE id = '{staff}';
             DELETE FROM tenantry.passwords WHERE user_id = '{staff}';
             ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY"
        ))
        .await;
    let hidden = world.try_sign_in(&email("manager"), PASSWORD).await;
    assert_eq!((hidden.status.as_u16(), &hidden.json()["error_code"]), (400, &json!("invalid_credentials")));

    // As docs/MOVING-FROM-SUPABASE.md says it.
    let document = include_str!("../../../docs/MOVING-FROM-SUPABASE.md");
    let policy = document.split('`').find(|said| said.starts_with("CREATE POLICY tenantry_auth")).expect("a policy");
    world.sql(&policy.replace('\n', " ")).await;

    assert_eq!(world.try_sign_in(&email("staff"), "their own password").await.status, 200);
    let session = world.sign_in("manager").await;
    assert_eq!(world.user(session.access()).await.json()["email"], email("manager"));
    let clients = world.with_bearer(Method::GET, "/rest/v1/clients_enhanced?select=name", session.access());
    assert_eq!(clients.send().await.status, 200);
    let about = json!({ "data": { "city": "Oslo" }, "password": "another good one", "current_password": PASSWORD });
    let changed = world.with_bearer(Method::PUT, "/auth/v1/user", session.access()).json(&about).send().await;
    assert_eq!(changed.json()["user_metadata"]["city"], "Oslo", "{}", changed.text());
    let next = world.refresh(session.refresh()).await;
    assert_eq!(next.status, 200, "{}", next.text());
    assert_eq!(world.try_sign_in(&email("manager"), "another good one").await.status, 200);
    let out = world.with_bearer(Method::POST, "/auth/v1/logout", session.access()).send().await;
    assert_eq!(out.status, 204);
}

#[tokio::test]
async fn sign_ins_are_in_the_audit_log() {
    let world = World::new().await;
    world.try_sign_in(&email("manager"), "incorrect horse").await;
    world.try_sign_in("nobody@agency.example", "my password, typed in the wrong field").await;
    world.sign_in("manager").await;
    let entries = world
        .text(
            "SELECT string_agg(concat_ws(' ', details ->> 'outcome', details ->> 'user_id', user_id, session_id IS NOT NULL,
                                         address, database_role), E'\\n' ORDER BY id)
               FROM public.audit_log WHERE action = 'sign_in'",
        )
        .await;
    let manager = id("manager");
    assert_eq!(
        entries,
        format!(
            "failed {manager} f 127.0.0.1 tenantry_auth\nfailed f 127.0.0.1 tenantry_auth\n\
             good {manager} {manager} t 127.0.0.1 tenantry_auth"
        )
    );
}

#[tokio::test]
async fn odd_requests_are_refused_and_say_why() {
    let world = World::new().await;
    let path = "/auth/v1/token?grant_type=password";
    for (body, code, said) in [
        (json!({}), "validation_failed", "wrong type"),
        (json!([]), "bad_json", "no JSON object"),
        (json!({ "email": "a@b.example" }), "validation_failed", "wrong type"),
        (json!({ "email": 7, "password": "x" }), "validation_failed", "wrong type"),
        (json!({ "password": "x" }), "validation_failed", "Send email"),
        (json!({ "email": "nobody", "password": "x" }), "validation_failed", "invalid format"),
        (json!({ "email": "a\0@b.example", "password": "x" }), "validation_failed", "invalid format"),
        (json!({ "email": "a@b.example", "password": "x", "role": "super_admin" }), "validation_failed", "role"),
    ] {
        let answer = world.post(path, &body).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["error_code"]), (400, &json!(code)), "{body}");
        assert!(answer.json()["msg"].as_str().unwrap().contains(said), "{body}: {}", answer.text());
    }
    let phone = world.post(path, &json!({ "phone": "1", "password": "x" })).await;
    assert_eq!((phone.status.as_u16(), &phone.json()["error_code"]), (422, &json!("phone_provider_disabled")));
    let captcha = json!({ "email": "a@b.example", "password": "x", "gotrue_meta_security": { "captcha_token": "t" } });
    assert_eq!(world.post(path, &captcha).await.json()["error_code"], "feature_disabled");
    for raw in ["{", "nonsense", r#"{"email":"a@b.example","email":"c@d.example","password":"hunter2"}"#, ""] {
        let answer = world.with_key(hyper::Method::POST, path).body(raw.to_owned()).send().await;
        assert_eq!((answer.status.as_u16(), &answer.json()["error_code"]), (400, &json!("bad_json")), "{raw}");
        assert!(!answer.text().contains("hunter2"));
    }
    let long = world.with_key(hyper::Method::POST, path).body("x".repeat(70_000)).send().await;
    assert_eq!(long.status, 413);
    for query in [
        "",
        "?grant_type=",
        "?grant_type=magic",
        "?grant_type=password&grant_type=password",
        "?grant_type=password&x=1",
    ] {
        let answer =
            world.post(&format!("/auth/v1/token{query}"), &json!({ "email": "a@b.example", "password": "x" })).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
    }
}

#[tokio::test]
async fn errors_have_the_shape_that_the_client_asks_for() {
    let world = World::new().await;
    let body = json!({ "email": "nobody", "password": "x" });
    let path = "/auth/v1/token?grant_type=password";
    let call = || world.with_key(hyper::Method::POST, path).json(&body);
    let old = call().send().await;
    assert_eq!((&old.json()["code"], old.header("x-supabase-api-version")), (&json!(400), None));
    let new = call().header("x-supabase-api-version", "2024-01-01").send().await;
    assert_eq!(new.header("x-supabase-api-version"), Some("2024-01-01"));
    assert_eq!(new.json()["code"], "validation_failed");
    assert_eq!(new.json()["message"], new.json()["msg"]);
    let odd = call().header("x-supabase-api-version", "latest").send().await;
    assert_eq!((odd.status.as_u16(), &odd.json()["error_code"]), (400, &json!("validation_failed")));
}
