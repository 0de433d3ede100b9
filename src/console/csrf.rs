//! Requests that change something have to come from a page of ours.
//!
//! A browser says where a request comes from in two headers that no page can write: `Sec-Fetch-Site`, which it leaves out
//! over plain HTTP, and `Origin`, which it sends with every POST. Whatever of them is there has to say that it is this
//! server; where none is, nobody knows, and the request is refused. That cookies are `SameSite=Lax` helps besides.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method, Response};
use axum::middleware::Next;
use axum::response::IntoResponse as _;

use super::Console;
use crate::problem::Problem;

/// What the browser says of where a request comes from.
const SITE: &str = "sec-fetch-site";

/// Refuses what another site has a browser send here.
pub(super) async fn layer(State(console): State<Console>, request: Request, next: Next) -> Response<Body> {
    match judge(request.method(), request.headers(), console.public_url()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn judge(method: &Method, headers: &HeaderMap, public_url: &str) -> Result<(), Problem> {
    if method.is_safe() {
        return Ok(());
    }
    let said = |name| headers.get_all(name).iter().map(|value| value.to_str().unwrap_or_default());
    let (sites, origins): (Vec<&str>, Vec<&str>) = (said(SITE).collect(), said(ORIGIN.as_str()).collect());
    // `none` is somebody who sends a form again by hand.
    let is_same_site = sites.iter().all(|site| ["same-origin", "none"].contains(site));
    let is_our_origin = origins.iter().all(|origin| is_ours(origin, headers, public_url));
    match (sites.as_slice(), origins.as_slice()) {
        ([], []) => Err(refused("The request doesn't say which page it comes from")
            .mend("Send it from a page of the console; programs call /api/v1 and /rest/v1 with a token")),
        _ if !is_same_site => {
            Err(refused("The request comes from another site").mend("Open the console itself, and do it there"))
        }
        _ if !is_our_origin => Err(refused(format!(
            "The request comes from another address than this server's, which is {public_url}"
        ))
        .mend("Open the console under that address; if the one that you use is right, set TENANTRY_PUBLIC_URL to it")),
        _ => Ok(()),
    }
}

fn refused(detail: impl Into<String>) -> Problem {
    Problem::forbidden(detail)
}

/// Whether an origin is where this server is: where the settings say, or where the request itself went.
fn is_ours(origin: &str, headers: &HeaderMap, public_url: &str) -> bool {
    let Some((_, authority)) = origin.split_once("://") else { return false };
    let mut hosts = headers.get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().unwrap_or_default(),
        _ => "",
    };
    origin == origin_of(public_url) || (!authority.is_empty() && authority == host)
}

/// Scheme, host and port of a URL, as a browser says them.
fn origin_of(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return String::new() };
    let authority = rest.split('/').next().unwrap_or_default().to_ascii_lowercase();
    let usual = if scheme == "https" { ":443" } else { ":80" };
    format!("{scheme}://{}", authority.strip_suffix(usual).unwrap_or(&authority))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    const PUBLIC: &str = "https://Tenantry.agency.example:443/console";

    fn verdict(method: &Method, said: &[(&'static str, &'static str)]) -> bool {
        let pairs = said.iter().chain(&[("host", "10.0.0.1:8080")]);
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        judge(method, &headers, PUBLIC).is_ok()
    }

    #[test]
    fn what_a_page_of_ours_sends_is_taken() {
        for said in [
            [("sec-fetch-site", "same-origin"), ("origin", "https://tenantry.agency.example")].as_slice(),
            &[("sec-fetch-site", "same-origin")],
            &[("origin", "http://10.0.0.1:8080")],
            &[("sec-fetch-site", "none"), ("origin", "https://tenantry.agency.example")],
        ] {
            assert!(verdict(&Method::POST, said), "{said:?}");
        }
    }

    #[test]
    fn what_another_site_sends_is_refused_whatever_it_forges() {
        for said in [
            [].as_slice(),
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site"), ("origin", "https://shop.agency.example")],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://tenantry.agency.example")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
            &[("origin", "null")],
            &[("origin", "")],
            &[("origin", "://")],
            &[("origin", "https://tenantry.agency.example.evil.example")],
            &[("origin", "https://evil.example"), ("origin", "https://tenantry.agency.example")],
            &[("origin", "http://tenantry.agency.example")],
            &[("origin", "https://evil.example"), ("x-forwarded-host", "evil.example")],
            &[("origin", "https://evil.example"), ("host", "evil.example")],
            &[("sec-fetch-site", "Same-Origin")],
            &[("referer", "https://tenantry.agency.example/")],
        ] {
            for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                assert!(!verdict(&method, said), "{method} {said:?}");
            }
        }
    }

    #[test]
    fn looking_is_free() {
        for method in [Method::GET, Method::HEAD] {
            assert!(verdict(&method, &[("sec-fetch-site", "cross-site")]), "{method}");
        }
    }
}
