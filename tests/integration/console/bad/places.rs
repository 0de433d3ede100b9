//! Where forms are: every page of every route, with rows of each state in the places of their names.

use super::super::pages::lines;
use super::super::world::{CLIENT, CUSTOMIZATION, TEMPLATE};
use crate::auth::world::id;

pub const DRAFT: &str = "d1000000-0000-4000-8000-00000000000d";
pub const WAITING: &str = "d2000000-0000-4000-8000-00000000000d";
pub const APPROVED: &str = "d3000000-0000-4000-8000-00000000000d";
pub const DEPLOYMENT: &str = "e0000000-0000-4000-8000-00000000000e";
pub const SET_UP: &str = "e1000000-0000-4000-8000-00000000000e";
pub const READY: &str = "e3000000-0000-4000-8000-00000000000e";
pub const KIND: &str = "e2000000-0000-4000-8000-00000000000e";
pub const GONE: &str = "a1000000-0000-4000-8000-00000000000a";

/// Rows whose ids the database gave.
#[derive(Clone, Debug)]
pub struct Given {
    /// A change that somebody else proposes.
    pub theirs: String,
    /// One of whoever looks.
    pub own: String,
    /// One that is applied.
    pub applied: String,
    /// The row of a secret.
    pub secret: String,
    /// A row that steers Tenantry.
    pub steering: String,
}

/// Pages that the routes alone don't lead to.
fn besides(manager: &str) -> Vec<String> {
    let mut pages: Vec<String> =
        ["act=archive".to_owned(), "act=tier&tier=premium".to_owned(), format!("act=assign&manager={manager}")]
            .map(|act| format!("/clients/bulk?{act}&client={CLIENT}"))
            .into();
    let scopes = [
        format!("/clients/{CLIENT}/configuration"),
        format!("/templates/{TEMPLATE}/configuration"),
        "/configuration".into(),
    ];
    for scope in scopes {
        pages.extend(["key=branding", "key=branding.tagline&as=json"].map(|asked| format!("{scope}/edit?{asked}")));
    }
    for key in ["branding.tagline", "api.key", "store.pageSize"] {
        pages.push(format!("/clients/{CLIENT}/configuration/edit?key={key}"));
    }
    pages.push(format!("/customizations/{DRAFT}/edit?as=json"));
    pages
}

/// Every page.
pub fn all(given: &Given) -> Vec<String> {
    let routes = lines().into_iter().filter(|line| line.method == "GET").flat_map(|line| filled(line.path, given));
    let is_page = |path: &String| !["/clients.csv", "/audit.csv", "/audit.jsonl"].contains(&path.as_str());
    routes.filter(is_page).chain(besides(&id("manager").to_string())).collect()
}

/// The paths of a route.
fn filled(route: &str, given: &Given) -> Vec<String> {
    let people = [id("staff").to_string(), GONE.to_owned()];
    let ids: Vec<&str> = match route.split('/').nth(1).unwrap_or_default() {
        "customizations" => vec![DRAFT, WAITING, APPROVED, CUSTOMIZATION],
        "deployment-configurations" => vec![SET_UP, READY],
        "deployment-templates" => vec![KIND],
        "deployments" => vec![DEPLOYMENT],
        "changes" => vec![&given.theirs, &given.own, &given.applied],
        "people" => people.iter().map(String::as_str).collect(),
        "configuration" => vec![&given.steering],
        "configurations" => vec![&given.secret],
        "templates" => vec![TEMPLATE],
        "audit" => vec!["1"],
        _ => vec![CLIENT],
    };
    let versions = if route.contains("{version}") { vec!["1.0.0", "2.0.0", "3.0.0"] } else { vec![""] };
    if !route.contains('{') {
        return vec![route.to_owned()];
    }
    let pairs = ids.iter().flat_map(|id| versions.iter().map(move |version| (id, version)));
    let paths = pairs.map(|(id, version)| {
        let path = route.replace("{version}", version);
        ["{id}", "{client_id}", "{row_id}", "{template_id}"].iter().fold(path, |path, name| path.replace(name, id))
    });
    paths.collect()
}

/// The route that a form is sent to, as the table of routes has it.
pub fn route(action: &str) -> String {
    let path = action.split('?').next().unwrap_or_default();
    let (segments, mut best) = (path.split('/').collect::<Vec<_>>(), None);
    for line in lines().iter().filter(|line| line.method == "POST") {
        let parts: Vec<&str> = line.path.split('/').collect();
        let is_hole = |part: &str| part.starts_with('{');
        let fits = parts.len() == segments.len()
            && parts.iter().zip(&segments).all(|(part, segment)| is_hole(part) || part == segment);
        let holes = parts.iter().filter(|part| is_hole(part)).count();
        if fits && best.as_ref().is_none_or(|(_, fewest)| holes < *fewest) {
            best = Some((line.path.to_owned(), holes));
        }
    }
    best.map_or_else(|| path.to_owned(), |(route, _)| route)
}

/// Whether people of a role may send a form there.
pub fn may(route: &str, role: &str) -> bool {
    lines().iter().any(|line| line.method == "POST" && line.path == route && line.roles.contains(role))
}

#[test]
fn a_form_is_of_the_nearest_route() {
    assert_eq!(route("/people/me/password"), "/people/me/password");
    assert_eq!(route(&format!("/people/{GONE}/role")), "/people/{id}/role");
    assert_eq!(route("/clients/bulk"), "/clients/bulk");
    assert_eq!(route("/theme"), "/theme");
}
