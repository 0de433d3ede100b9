use hyper::Method;
use serde_json::json;

use super::world::World;

#[tokio::test]
async fn what_gotrue_has_and_tenantry_has_not_says_what_to_do_instead() {
    let world = World::new().await;
    for (method, path, code) in [
        (Method::POST, "/signup", "signup_disabled"),
        (Method::POST, "/invite", "signup_disabled"),
        (Method::POST, "/otp", "feature_disabled"),
        (Method::POST, "/verify", "feature_disabled"),
        (Method::POST, "/resend", "feature_disabled"),
        (Method::POST, "/recover", "feature_disabled"),
        (Method::GET, "/reauthenticate", "feature_disabled"),
        (Method::GET, "/authorize?provider=github", "feature_disabled"),
        (Method::POST, "/sso", "feature_disabled"),
        (Method::GET, "/user/identities/authorize?provider=github", "feature_disabled"),
        (Method::POST, "/factors", "feature_disabled"),
        (Method::DELETE, "/factors/1", "feature_disabled"),
        (Method::GET, "/admin/users", "feature_disabled"),
        (Method::POST, "/admin/users", "feature_disabled"),
        (Method::PUT, "/admin/users/1", "feature_disabled"),
        (Method::POST, "/token?grant_type=pkce", "feature_disabled"),
        (Method::POST, "/token?grant_type=id_token", "feature_disabled"),
    ] {
        let answer =
            world.with_key(method, &format!("/auth/v1{path}")).json(&json!({ "email": "a@b.example" })).send().await;
        assert_eq!((answer.status.as_u16(), &answer.json()["error_code"]), (422, &json!(code)), "{path}");
        assert!(answer.json()["msg"].as_str().is_some_and(|said| said.len() > 40), "{path}");
    }
    for path in ["/", "/nothing", "/signups", "/.well-known/openid-configuration"] {
        let answer = world.with_key(Method::GET, &format!("/auth/v1{path}")).send().await;
        assert_eq!((answer.status.as_u16(), &answer.json()["error_code"]), (404, &json!("not_found")), "{path}");
    }
    let wrong = world.with_key(Method::DELETE, "/auth/v1/user").send().await;
    assert_eq!(wrong.status, 405);
}

#[tokio::test]
async fn settings_say_that_people_sign_in_by_address_and_nobody_signs_up() {
    let world = World::new().await;
    let settings = world.server.get("/auth/v1/settings").await.json();
    assert_eq!((&settings["external"]["email"], &settings["disable_signup"]), (&json!(true), &json!(true)));
}
