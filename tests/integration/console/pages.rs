//! Every page and every button against every role: who may look, who may press, and that no button shows that may not be.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::world::{CLIENT, CUSTOMIZATION, TEMPLATE, World};
use crate::auth::world::id;

const ROLES: [&str; 5] = ["client", "staff", "manager", "admin", "super_admin"];

/// Every route of a page: who may look at it, or press the button behind which it stands. A line for each new one; the
/// test below finds those that have none. `-` is for whoever isn't signed in.
const EXPECTED: &str = "
GET  /                             | client staff manager admin super_admin
GET  /clients                      | client staff manager admin super_admin
GET  /clients.csv                  | client staff manager admin super_admin
GET  /clients/bulk                 | admin super_admin
POST /clients/bulk                 | admin super_admin
GET  /clients/import               | admin super_admin
POST /clients/import               | admin super_admin
GET  /clients/import/{id}          | admin super_admin
GET  /clients/import/{id}/refused.csv | admin super_admin
POST /clients/import/{id}/check    | admin super_admin
POST /clients/import/{id}/apply    | admin super_admin
POST /clients/import/{id}/discard  | admin super_admin
GET  /clients/new                  | admin super_admin
POST /clients/new                  | admin super_admin
GET  /clients/{id}                 | client staff manager admin super_admin
GET  /billing                      | client manager admin super_admin
GET  /clients/{id}/billing         | client manager admin super_admin
GET  /clients/{id}/billing/edit    | admin super_admin
POST /clients/{id}/billing/edit    | admin super_admin
GET  /find                         | client staff manager admin super_admin
GET  /system                       | admin super_admin
POST /system/months                | admin super_admin
GET  /clients/{id}/edit            | manager admin super_admin
POST /clients/{id}/edit            | manager admin super_admin
GET  /clients/{id}/members         | staff manager admin super_admin
POST /clients/{id}/members         | admin super_admin
POST /clients/{id}/members/{user_id}/as/{member_role} | admin super_admin
POST /clients/{id}/members/{user_id}/end              | admin super_admin
GET  /clients/{id}/deployments     | client staff manager admin super_admin
GET  /clients/{id}/events          | client staff manager admin super_admin
GET  /clients/{id}/customizations     | client staff manager admin super_admin
GET  /clients/{id}/customizations/new | manager admin super_admin
POST /clients/{id}/customizations/new | manager admin super_admin
GET  /customizations               | client staff manager admin super_admin
GET  /customizations/{id}          | client staff manager admin super_admin
GET  /customizations/{id}/edit     | manager admin super_admin
POST /customizations/{id}/edit     | manager admin super_admin
POST /customizations/{id}/submit   | manager admin super_admin
POST /customizations/{id}/approve  | manager admin super_admin
POST /customizations/{id}/return   | manager admin super_admin
POST /customizations/{id}/deploy   | manager admin super_admin
POST /customizations/{id}/activate | manager admin super_admin
POST /customizations/{id}/again    | manager admin super_admin
GET  /clients/{id}/analytics       | client staff manager admin super_admin
GET  /analytics                    | client staff manager admin super_admin
GET  /clients/{id}/deployment-configurations     | client staff manager admin super_admin
GET  /clients/{id}/deployment-configurations/new | manager admin super_admin
POST /clients/{id}/deployment-configurations/new | manager admin super_admin
GET  /deployment-configurations               | client staff manager admin super_admin
GET  /deployment-configurations/{id}          | client staff manager admin super_admin
GET  /deployment-configurations/{id}/edit     | manager admin super_admin
POST /deployment-configurations/{id}/edit     | manager admin super_admin
POST /deployment-configurations/{id}/validate | manager admin super_admin
POST /deployment-configurations/{id}/apply    | manager admin super_admin
GET  /deployment-configurations/{id}/remove   | admin super_admin
POST /deployment-configurations/{id}/remove   | admin super_admin
GET  /deployment-templates                    | client staff manager admin super_admin
GET  /deployment-templates/new                | admin super_admin
POST /deployment-templates/new                | admin super_admin
GET  /deployment-templates/{id}               | client staff manager admin super_admin
GET  /deployment-templates/{id}/edit          | admin super_admin
POST /deployment-templates/{id}/edit          | admin super_admin
GET  /deployment-templates/{id}/remove        | admin super_admin
POST /deployment-templates/{id}/remove        | admin super_admin
GET  /deployments                  | client staff manager admin super_admin
GET  /deployments/{id}             | client staff manager admin super_admin
POST /deployments/{id}/events      | manager admin super_admin
POST /deployments/{id}/standing    | manager admin super_admin
GET  /clients/{client_id}/configuration             | client staff manager admin super_admin
GET  /clients/{client_id}/configuration/edit        | staff manager admin super_admin
POST /clients/{client_id}/configuration/edit        | staff manager admin super_admin
GET  /clients/{client_id}/configuration/differences | staff manager admin super_admin
GET  /configurations/{row_id}/history               | client staff manager admin super_admin
GET  /configurations/{row_id}/reveal                | manager admin super_admin
POST /configurations/{row_id}/reveal                | manager admin super_admin
GET  /changes                      | staff manager admin super_admin
GET  /changes/{id}                 | staff manager admin super_admin
POST /changes/{id}/apply           | staff manager admin super_admin
POST /changes/{id}/approve         | staff manager admin super_admin
POST /changes/{id}/reject          | staff manager admin super_admin
POST /changes/{id}/withdraw        | staff manager admin super_admin
POST /changes/{id}/revert          | staff manager admin super_admin
POST /changes/{id}/undo            | staff manager admin super_admin
POST /changes/{id}/again           | staff manager admin super_admin
GET  /configuration                | staff manager admin super_admin
GET  /configuration/findings       | staff manager admin super_admin
GET  /configuration/edit           | admin super_admin
POST /configuration/edit           | admin super_admin
GET  /configuration/system/{row_id}                 | admin super_admin
POST /configuration/system/{row_id}                 | admin super_admin
GET  /templates                    | staff manager admin super_admin
GET  /templates/new                | admin super_admin
POST /templates/new                | admin super_admin
GET  /templates/{template_id}      | staff manager admin super_admin
GET  /templates/{template_id}/new  | admin super_admin
POST /templates/{template_id}/new  | admin super_admin
GET  /templates/{template_id}/versions/{version}         | staff manager admin super_admin
GET  /templates/{template_id}/versions/{version}/edit    | admin super_admin
POST /templates/{template_id}/versions/{version}/edit    | admin super_admin
POST /templates/{template_id}/versions/{version}/advance | admin super_admin
GET  /templates/{template_id}/configuration              | staff manager admin super_admin
GET  /templates/{template_id}/configuration/edit         | admin super_admin
POST /templates/{template_id}/configuration/edit         | admin super_admin
GET  /customizations/{id}/upgrade  | manager admin super_admin
POST /customizations/{id}/upgrade  | manager admin super_admin
GET  /audit                        | manager admin super_admin
GET  /audit.csv                    | manager admin super_admin
GET  /audit.jsonl                  | manager admin super_admin
GET  /audit/{id}                   | manager admin super_admin
GET  /clients/{client_id}/audit    | manager admin super_admin
GET  /people                       | admin super_admin
POST /people                       | super_admin
GET  /people/new                   | super_admin
GET  /people/me                    | client staff manager admin super_admin
POST /people/me                    | client staff manager admin super_admin
POST /people/me/password           | client staff manager admin super_admin
POST /people/me/sessions/end       | client staff manager admin super_admin
GET  /people/{id}                  | admin super_admin
GET  /people/{id}/role             | super_admin
POST /people/{id}/role             | super_admin
GET  /people/{id}/disable          | super_admin
POST /people/{id}/disable          | super_admin
POST /people/{id}/enable           | super_admin
POST /people/{id}/sessions/end     | super_admin
POST /people/{id}/link             | super_admin
POST /people/{id}/memberships      | admin super_admin
POST /people/{id}/memberships/end  | admin super_admin
GET  /tokens                       | manager admin super_admin
POST /tokens                       | manager admin super_admin
GET  /tokens/new                   | manager admin super_admin
POST /tokens/{id}/revoke           | manager admin super_admin
";

/// A route and who may use it.
pub struct Line {
    pub method: &'static str,
    pub path: &'static str,
    pub roles: BTreeSet<&'static str>,
}

/// Every route, as it stands in the table.
pub fn lines() -> Vec<Line> {
    let lines = EXPECTED.trim().lines().map(|line| {
        let (route, roles) = line.split_once('|').expect("a bar");
        let (method, path) = route.trim().split_once(' ').expect("a method and a path");
        Line { method, path: path.trim(), roles: roles.split_whitespace().collect() }
    });
    lines.collect()
}

/// The path with what the world has in the places of its names.
fn filled(path: &str) -> String {
    let of = match path {
        path if path.starts_with("/people") => id("staff").to_string(),
        path if path.starts_with("/customizations") => CUSTOMIZATION.to_owned(),
        _ => CLIENT.to_owned(),
    };
    let path = path.replace("{id}", &of).replace("{client_id}", CLIENT).replace("{row_id}", CLIENT);
    let path = path.replace("{user_id}", &id("staff").to_string()).replace("{member_role}", "manager");
    path.replace("{template_id}", TEMPLATE).replace("{version}", "1.0.0")
}

#[tokio::test]
async fn each_role_looks_at_its_pages_and_at_no_other() {
    let world = World::new().await;
    for role in ROLES {
        let browser = world.stepped_up(role).await;
        for Line { path, roles, .. } in lines().iter().filter(|line| line.method == "GET") {
            let answer = browser.get(&filled(path)).await;
            // A page that needs to be asked something says so.
            assert_eq!(answer.status != 403, roles.contains(role), "{role} {path}: {}", answer.text());
            assert!(answer.status.as_u16() < 500, "{role} {path}: {}", answer.text());
            let is_page = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
            assert!(!is_page || answer.text().contains("<h1"), "{role} {path}");
            // A page and the database agree about what a role may: nothing is shown that is refused.
            assert!(!answer.text().contains("SQLSTATE"), "{role} {path}");
        }
    }
}

#[tokio::test]
async fn the_post_behind_a_button_is_refused_for_roles_that_have_no_such_button() {
    let world = World::new().await;
    for role in ROLES {
        let browser = world.stepped_up(role).await;
        for Line { path, roles, .. } in
            lines().iter().filter(|line| line.method == "POST" && !line.roles.contains(role))
        {
            let answer = browser.post(&filled(path), &[]).await;
            assert_eq!(answer.status, 403, "{role} {path} {roles:?}: {}", answer.text());
        }
    }
    assert_eq!(world.text("SELECT count(*)::text FROM tenantry.people WHERE disabled_at IS NOT NULL").await, "0");
}

#[tokio::test]
async fn a_page_shows_no_button_that_its_reader_may_not_press() {
    let world = World::new().await;
    let posts: Vec<(String, BTreeSet<&str>)> =
        lines().into_iter().filter(|line| line.method == "POST").map(|line| (filled(line.path), line.roles)).collect();
    for role in ROLES {
        let browser = world.stepped_up(role).await;
        for line in lines().iter().filter(|line| line.method == "GET" && line.roles.contains(role)) {
            let page = browser.get(&filled(line.path)).await;
            for (path, roles) in posts.iter().filter(|(_, roles)| !roles.contains(role)) {
                let button = format!("method=\"post\" action=\"{path}\"");
                assert!(!page.text().contains(&button), "{role} sees {path} on {}, which is for {roles:?}", line.path);
            }
        }
    }
}

#[tokio::test]
async fn whoever_is_not_signed_in_sees_and_changes_nothing() {
    let world = World::new().await;
    let browser = world.browser();
    for line in lines() {
        let path = filled(line.path);
        if line.method == "GET" {
            let answer = browser.get(&path).await;
            let to = answer.header("location").unwrap_or_default();
            assert!(answer.status == 303 && to.starts_with("/sign-in?next=/"), "{path}");
        } else {
            let answer = browser.post(&path, &[]).await;
            assert!(answer.status == 401 && answer.text().contains("Sign in"), "{path}");
        }
    }
}

#[test]
fn every_route_of_a_page_stands_in_the_table() {
    let table: BTreeSet<String> = lines().iter().map(|line| format!("{} {}", line.method, line.path)).collect();
    let mut missing = Vec::new();
    for file in page_routers() {
        let text = fs::read_to_string(&file).expect("a source file");
        // Pages for whoever comes stand in a router of their own.
        let signed_in = text.split("pub fn open_routes").next().unwrap_or_default();
        for route in signed_in.split(".route(").skip(1) {
            let path = route.split('"').nth(1).expect("a path");
            let handlers =
                route.split_once(',').map_or("", |(_, rest)| rest).split(".with_state").next().unwrap_or_default();
            for (method, _) in [("GET", "get("), ("POST", "post(")].iter().filter(|(_, call)| handlers.contains(call)) {
                let route = format!("{method} {path}");
                if !table.contains(&route) {
                    missing.push(route);
                }
            }
        }
    }
    assert!(missing.is_empty(), "say in tests/integration/console/pages.rs who may use them: {missing:#?}");
}

/// The files that name routes of pages.
fn page_routers() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with("pages.rs") || path.ends_with("pages/mod.rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "pages are there");
    found
}
