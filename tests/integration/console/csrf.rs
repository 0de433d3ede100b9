//! Requests that another site has a browser send.

use hyper::Method;

use super::world::World;
use crate::auth::world::{PASSWORD, id};

/// What a browser says of where a request comes from that is no page of ours, and what nobody forges successfully.
const FOREIGN: &[&[(&str, &str)]] = &[
    &[],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8080")],
    &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
    &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[("origin", "http://localhost:8080.evil.example")],
    &[("origin", "https://evil.example"), ("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example")],
    &[("referer", "http://localhost:8080/people/me")],
];

#[tokio::test]
async fn another_site_changes_nothing() {
    let world = World::new().await;
    let browser = world.stepped_up("super_admin").await;
    let staff = id("staff");
    let forms: &[(&str, &[(&str, &str)])] = &[
        ("/sign-out", &[]),
        ("/people/me", &[("name", "Mallory"), ("time_zone", "")]),
        ("/people", &[("email", "mallory@evil.example"), ("name", ""), ("role", "super_admin")]),
        (&format!("/people/{staff}/role"), &[("role", "super_admin")]),
        (&format!("/people/{staff}/disable"), &[]),
        (&format!("/people/{staff}/link"), &[]),
        ("/sign-in", &[("email", "staff@agency.example"), ("password", PASSWORD), ("next", "/")]),
    ];
    let state = "SELECT (SELECT count(*) FROM tenantry.people)::text || (SELECT count(*) FROM tenantry.links)
                        || (SELECT count(*) FROM tenantry.sessions WHERE ended_at IS NULL)
                        || (SELECT count(*) FROM tenantry.user_metadata) || (SELECT string_agg(role, ',' ORDER BY user_id) FROM tenantry.people)";
    let before = world.text(state).await;
    for (path, fields) in forms {
        for foreign in FOREIGN {
            let call = foreign.iter().fold(browser.form(path, fields), |call, (name, value)| call.header(name, value));
            let answer = call.send().await;
            assert_eq!(answer.status, 403, "{path} {foreign:?}");
            assert!(answer.headers.get("set-cookie").is_none(), "{path} {foreign:?}");
        }
    }
    assert_eq!(world.text(state).await, before);
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let call = browser.call(method.clone(), "/people/me").header("sec-fetch-site", "cross-site");
        assert_eq!(call.send().await.status, 403, "{method}");
    }
}

#[tokio::test]
async fn a_page_of_ours_says_so_in_either_header() {
    let world = World::new().await;
    let browser = world.signed_in("staff").await;
    let host = format!("http://{}", world.server.address);
    for said in [
        [("sec-fetch-site", "same-origin"), ("origin", host.as_str())].as_slice(),
        &[("origin", &host)],
        &[("sec-fetch-site", "same-origin")],
        &[("origin", "http://localhost:8080")],
    ] {
        let form = browser.form("/people/me", &[("name", "Mia"), ("time_zone", "")]);
        let answer = said.iter().fold(form, |call, (name, value)| call.header(name, value)).send().await;
        assert_eq!(answer.status, 303, "{said:?}: {}", answer.text());
    }
}

#[tokio::test]
async fn pages_let_nothing_in_and_are_kept_nowhere() {
    let world = World::new().await;
    let browser = world.signed_in("staff").await;
    for path in ["/people/me", "/people", "/sign-in?next=/x", "/step-up", "/choose-password?link=x", "/set-up?link=x"] {
        let answer = browser.get(path).await;
        if answer.status == 303 {
            continue;
        }
        let policy = answer.header("content-security-policy").unwrap_or_default().to_owned();
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        let page = answer.text();
        assert!(!page.contains("<script>") && !page.contains(" style=\"") && !page.contains(" onclick"), "{path}");
    }
}
