use hyper::Method;
use serde_json::{Value, json};

use super::world::{Relation, Walls};
use crate::auth::forged::{not_valid, sign_as_the_server, tampered};
use crate::support::server::{Answer, Call};

const PEOPLE: [&str; 5] = ["client", "staff", "manager", "admin", "super_admin"];

/// A request that would do something.
struct Route {
    method: Method,
    path: String,
    body: Value,
}

fn routes(relations: &[Relation]) -> Vec<Route> {
    let route = |method, path: &str, body| Route { method, path: path.to_owned(), body };
    let mut routes = vec![
        route(Method::GET, "/auth/v1/user", Value::Null),
        route(Method::PUT, "/auth/v1/user", json!({ "data": {} })),
        route(Method::POST, "/auth/v1/logout", json!({})),
        route(Method::POST, "/rest/v1/rpc/anything", json!({})),
    ];
    for Relation { name, column, is_view } in relations {
        let (all, some) = (format!("/rest/v1/{name}"), format!("/rest/v1/{name}?{column}=not.is.null"));
        routes.push(route(Method::GET, &some, Value::Null));
        routes.push(route(Method::HEAD, &some, Value::Null));
        if !is_view {
            routes.push(route(Method::POST, &all, json!({ column: null })));
            routes.push(route(Method::PATCH, &some, json!({ column: null })));
            routes.push(route(Method::DELETE, &some, Value::Null));
        }
    }
    routes
}

/// Where the paths of operations have a name of something: something that is there.
fn filled(path: &str) -> String {
    let there = |segment: &str| {
        match segment {
            "{range}" => "1..2",
            "{version}" => "1.0.0",
            "{template_id}" => "matrix",
            "explain" => "explain?key=theme",
            segment if segment.starts_with('{') => "c1000000-0000-4000-8000-000000000001",
            segment => segment,
        }
        .to_owned()
    };
    path.split('/').map(there).collect::<Vec<_>>().join("/")
}

/// All of these, and every operation that the document has besides.
async fn every_route(walls: &Walls) -> Vec<Route> {
    let mut routes = routes(&walls.relations().await);
    let document = walls.world.server.get("/openapi.json").await.json();
    let paths = document["paths"].as_object().expect("paths");
    let guarded = paths.iter().filter(|(path, _)| path.starts_with("/api/v1/") || path.starts_with("/config/v1"));
    let known = routes.len();
    for (path, operations) in guarded {
        for (method, operation) in operations.as_object().expect("operations") {
            let method = method.to_uppercase().parse().expect("a method");
            // A body that is in order, so that nothing is said of it before it is known who asks.
            let body = operation.pointer("/requestBody/content/application~1json/example").cloned();
            routes.push(Route {
                method,
                path: filled(path),
                body: body.unwrap_or_else(|| json!({ "reason": "a test" })),
            });
        }
    }
    assert!(routes.len() > known + 20, "the document has them");
    routes
}

async fn send(call: Call<'_>, route: &Route) -> Answer {
    match route.method {
        Method::GET | Method::HEAD => call.send().await,
        Method::DELETE => call.header("prefer", "return=representation").send().await,
        _ => call.header("prefer", "return=representation").json(&route.body).send().await,
    }
}

fn assert_nothing(answer: &Answer, what: &str) {
    assert!([401, 403, 404].contains(&answer.status.as_u16()), "{what}: {} {}", answer.status, answer.text());
    if !answer.body.is_empty() {
        let said = answer.json();
        assert!(said.get("code").or(said.get("status")).is_some(), "{what}: {said}");
    }
    for secret in ["@example.com", "matrix.", "c1000000", "d1000000"] {
        assert!(!answer.text().contains(secret), "{what}: {}", answer.text());
    }
}

#[tokio::test]
async fn without_credentials_no_route_gives_anything() {
    let walls = Walls::new().await;
    for route in every_route(&walls).await {
        let Route { method, path, .. } = &route;
        let call = || walls.world.server.call(method.clone(), path);
        let answer = send(call(), &route).await;
        assert_eq!(answer.status.as_u16(), 401, "{method} {path}: {}", answer.text());
        assert!(answer.header("www-authenticate").is_some(), "{method} {path}");
        assert_nothing(&answer, path);
        assert_nothing(&send(call().header("apikey", "anon"), &route).await, path);
    }
}

#[tokio::test]
async fn with_the_apps_key_alone_no_table_gives_anything() {
    let walls = Walls::new().await;
    let key = walls.world.key.clone();
    for route in every_route(&walls).await {
        let answer = send(walls.call(route.method.clone(), &route.path, &key), &route).await;
        assert_nothing(&answer, &format!("{} {}", route.method, route.path));
    }
}

#[tokio::test]
async fn tampered_and_stale_tokens_give_nothing_on_any_route() {
    let walls = Walls::new().await;
    let routes = every_route(&walls).await;
    let session = walls.session("admin");
    let mut tokens = tampered(&walls.world, &session).await;
    tokens.extend(not_valid(&walls.world, &session));
    for role in PEOPLE {
        let mut claims = Walls::claims(role);
        claims["exp"] = json!(claims["iat"].as_i64().expect("a number") - 1);
        tokens.push(("expired", sign_as_the_server(&walls.world, &claims)));
        let mut claims = Walls::claims(role);
        claims["app_metadata"]["role"] = json!(if role == "super_admin" { "admin" } else { "super_admin" });
        tokens.push(("another role's", sign_as_the_server(&walls.world, &claims)));
    }
    let before = walls.text(ROWS).await;
    for route in &routes {
        for (what, token) in &tokens {
            let answer = send(walls.call(route.method.clone(), &route.path, token), route).await;
            assert_nothing(&answer, &format!("{what}: {} {}", route.method, route.path));
        }
    }
    assert_eq!(walls.text(ROWS).await, before, "nothing was written");
}

/// The same route, asked what makes no sense.
async fn send_nonsense(walls: &Walls, route: &Route, token: &str) -> Answer {
    let path = route.path.split('?').next().unwrap_or_default();
    let call = walls.call(route.method.clone(), &format!("{path}?no_such_thing=some"), token);
    match route.method {
        Method::GET | Method::HEAD | Method::DELETE => call.send().await,
        _ => call.header("content-type", "application/json").body("{\"no_such_thing\": [").send().await,
    }
}

#[tokio::test]
async fn who_is_nobody_is_told_that_before_what_is_wrong_with_what_they_sent() {
    let walls = Walls::new().await;
    let mut routes = every_route(&walls).await;
    routes.push(Route { method: Method::GET, path: "/rest/v1/no_such_table".to_owned(), body: Value::Null });
    let session = walls.session("admin");
    let tokens = not_valid(&walls.world, &session);
    for route in &routes {
        let Route { method, path, .. } = route;
        let known = send_nonsense(&walls, route, session.access()).await;
        assert_eq!(known.status == 401, path.starts_with("/config/v1"), "{method} {path}: {}", known.text());
        for (what, token) in &tokens {
            let answer = send_nonsense(&walls, route, token).await;
            // An ended session is GoTrue's 403 at its own entrance.
            let is_gotrue = path.starts_with("/auth/v1") && answer.status == 403;
            assert!(answer.status == 401 || is_gotrue, "{what}: {method} {path}: {} {}", answer.status, answer.text());
            assert!(!answer.text().contains("no_such"), "{what}: {method} {path}: {}", answer.text());
        }
    }
}

/// What all rows of all tables hash to.
const ROWS: &str = "
    SELECT md5(string_agg(t.row, ',' ORDER BY t.row)) FROM (
        SELECT to_jsonb(c)::text FROM public.clients_enhanced c UNION ALL SELECT to_jsonb(m)::text FROM public.client_members m
        UNION ALL SELECT to_jsonb(s)::text FROM public.system_configurations s
        UNION ALL SELECT to_jsonb(d)::text FROM public.client_deployments d
        UNION ALL SELECT to_jsonb(b)::text FROM public.client_billing_info b
        UNION ALL SELECT to_jsonb(p)::text FROM tenantry.people p UNION ALL SELECT to_jsonb(s)::text FROM tenantry.sessions s
        UNION ALL SELECT to_jsonb(l)::text FROM public.audit_log l) t (row)";
