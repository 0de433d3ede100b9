use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};

use crate::db::caller::Act;

/// Where a request's number is said, in both directions.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Longer numbers than this are no numbers.
const LONGEST_REQUEST_ID: usize = 128;

/// What the audit log wants to know of a request besides who calls.
pub(super) fn of_request(headers: &HeaderMap, peer: SocketAddr, proxies: &[IpAddr]) -> Act {
    Act { request_id: request_id(headers), reason: None, address: Some(address(headers, peer.ip(), proxies)) }
}

/// The number that the client or a proxy gave the request, where it is one; else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let plain = |text: &&str| {
        (1..=LONGEST_REQUEST_ID).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(plain);
    given.map_or_else(|| uuid::Uuid::new_v4().to_string(), ToOwned::to_owned)
}

/// Where the call comes from: the nearest address that isn't a known proxy's. What stands further left anybody may have
/// written.
fn address(headers: &HeaderMap, peer: IpAddr, proxies: &[IpAddr]) -> IpAddr {
    let mut nearest = peer.to_canonical();
    let forwarded = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    let mut further: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    while proxies.contains(&nearest)
        && let Some(Ok(next)) = further.pop().map(str::parse::<IpAddr>)
    {
        nearest = next.to_canonical();
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().expect("a header's value")))
            .collect()
    }

    #[test]
    fn an_address_is_believed_from_a_known_proxy_alone() {
        let said = headers(&[("x-forwarded-for", "6.6.6.6, 9.9.9.9, 10.0.0.2")]);
        let [peer, one, other]: [IpAddr; 3] = ["10.0.0.1", "10.0.0.2", "9.9.9.9"].map(|text| text.parse().unwrap());
        assert_eq!(address(&said, peer, &[]), peer);
        assert_eq!(address(&said, peer, &[peer]), one);
        assert_eq!(address(&said, peer, &[peer, one]), other);
        assert_eq!(address(&headers(&[("x-forwarded-for", "nobody")]), peer, &[peer]), peer);
        assert_eq!(address(&headers(&[]), peer, &[peer]), peer);
    }

    #[test]
    fn a_number_is_taken_over_where_it_is_one() {
        assert_eq!(request_id(&headers(&[("x-request-id", "abc-1.2_3")])), "abc-1.2_3");
        for odd in ["", "a b", "a\"b", &"x".repeat(129)] {
            assert_eq!(request_id(&headers(&[("x-request-id", odd)])).len(), 36, "{odd}");
        }
    }
}
