use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::auth::console::Secret;

/// The cookie of a session. By its prefix browsers take it over TLS alone (and from the own machine), for this host and all
/// of its paths, so that no neighbour under the same domain can put one in its place.
const NAME: &str = "__Host-session";

const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

/// The secret that a request carries; none where it carries two, since then somebody else put one of them there.
pub(super) fn secret(headers: &HeaderMap) -> Option<Secret> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut found = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == NAME);
    match (found.next(), found.next()) {
        (Some((_, value)), None) => Secret::parse(value),
        _ => None,
    }
}

/// The line that gives a browser its session, for as long as it is open.
pub fn set(secret: &Secret) -> HeaderValue {
    let line = zeroize::Zeroizing::new(format!("{NAME}={}; {ATTRIBUTES}", &*secret.reveal()));
    let mut value = HeaderValue::from_str(&line).expect("base64 can stand in a header");
    value.set_sensitive(true);
    value
}

/// The line that takes it away.
pub(super) fn clear() -> HeaderValue {
    HeaderValue::from_static("__Host-session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carrying(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (COOKIE, line.parse().expect("a header"))).collect()
    }

    #[test]
    fn a_session_is_read_where_it_is_one_and_stands_there_once() {
        let given = Secret::generated().expect("randomness");
        let line = set(&given).to_str().expect("text").split(';').next().expect("a pair").to_owned();
        let read = |lines: &[&str]| secret(&carrying(lines)).map(|secret| secret.hash());
        assert_eq!(read(&[&format!("theme=dark; {line}; tz=UTC")]), Some(given.hash()));
        assert_eq!(read(&["theme=dark", &line]), Some(given.hash()));
        assert_eq!(read(&[&format!("{line}; {line}")]), None);
        assert_eq!(read(&[&line, "__Host-session=other"]), None);
        for odd in
            ["", "__Host-session=", "__Host-session=abc", &line.replace("__Host-", ""), &line.replace('=', " = ")]
        {
            assert_eq!(read(&[odd]), None, "{odd}");
        }
    }

    #[test]
    fn what_clears_a_session_has_the_attributes_of_what_sets_it() {
        let cleared = clear();
        let line = cleared.to_str().expect("text");
        assert!(line.starts_with(&format!("{NAME}=; {ATTRIBUTES}; Max-Age=0")), "{line}");
    }
}
