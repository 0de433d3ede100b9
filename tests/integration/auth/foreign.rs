use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use tenantry::settings;

use super::world::{World, id};
use crate::support::{Database, Server};

const THEIRS: &str = "https://abc.supabase.co/auth/v1";
const SECRET: &str = "a-secret-of-a-supabase-project-that-nobody-guesses";

async fn world() -> World {
    let file = std::env::temp_dir().join(format!("tenantry-issuers-{}.json", uuid::Uuid::new_v4().simple()));
    let issuers = json!([{ "issuer": THEIRS, "algorithm": "HS256", "secret": SECRET }]);
    std::fs::write(&file, issuers.to_string()).expect("the temporary directory can be written to");
    let sign_in = settings::SignIn { issuers: Some(file.clone()), ..settings::SignIn::default() };
    let server =
        Server::on(Database::migrated().await, settings::Server { sign_in, ..settings::Server::default() }).await;
    let _ = std::fs::remove_file(file);
    World::on(server).await
}

fn claims(role: &str) -> Value {
    let now = jiff_now();
    json!({
        "iss": THEIRS, "aud": "authenticated", "sub": id(role), "exp": now + 600, "iat": now, "role": "service_role",
        "session_id": uuid::Uuid::new_v4(), "app_metadata": { "role": "super_admin" }, "user_metadata": { "role": "admin" },
    })
}

fn jiff_now() -> i64 {
    tenantry::clock::Clock::System.now().as_second()
}

fn sign(claims: &Value) -> String {
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).expect("it signs")
}

#[tokio::test]
async fn somebody_of_ours_is_let_in_with_the_role_that_they_have_here() {
    let world = world().await;
    let token = sign(&claims("staff"));
    let answer = world.user(&token).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["app_metadata"]["role"], "staff");
    world.sql(&format!("UPDATE tenantry.people SET role = 'manager' WHERE user_id = '{}'", id("staff"))).await;
    assert_eq!(world.user(&token).await.json()["app_metadata"]["role"], "manager", "from the next request on");
    world.sql(&format!("UPDATE tenantry.people SET disabled_at = now() WHERE user_id = '{}'", id("staff"))).await;
    assert_eq!(world.user(&token).await.status, 401);
}

#[tokio::test]
async fn nobody_else_is() {
    let world = world().await;
    let with = |name: &str, value: Value| {
        let mut claims = claims("staff");
        claims[name] = value;
        sign(&claims)
    };
    for (what, token) in [
        ("a stranger", with("sub", json!(uuid::Uuid::new_v4()))),
        ("nobody", with("sub", Value::Null)),
        ("no audience", with("aud", Value::Null)),
        ("another audience", with("aud", json!("anon"))),
        ("no end", with("exp", Value::Null)),
        ("expired", with("exp", json!(jiff_now() - 60))),
        ("another project", with("iss", json!("https://xyz.supabase.co/auth/v1"))),
        ("ourselves", with("iss", json!("http://localhost:8080/auth/v1"))),
        ("no issuer", with("iss", Value::Null)),
    ] {
        assert_eq!(world.user(&token).await.status, 401, "{what}");
    }
    let wrong = EncodingKey::from_secret(b"another-secret-that-is-long-enough-to-be-one");
    let forged = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims("staff"), &wrong).expect("it signs");
    assert_eq!(world.user(&forged).await.status, 401);
    let stronger = EncodingKey::from_secret(SECRET.as_bytes());
    let other = jsonwebtoken::encode(&Header::new(Algorithm::HS512), &claims("staff"), &stronger).expect("it signs");
    assert_eq!(world.user(&other).await.status, 401, "another algorithm");
    let session = world.sign_in("manager").await;
    assert_eq!(world.user(session.access()).await.status, 200, "our own go on");
}

#[tokio::test]
async fn a_foreign_session_is_not_ours_to_end() {
    let world = world().await;
    let out = world.with_bearer(hyper::Method::POST, "/auth/v1/logout", &sign(&claims("staff"))).send().await;
    assert_eq!((out.status.as_u16(), &out.json()["error_code"]), (403, &json!("session_not_found")));
}
