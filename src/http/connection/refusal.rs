//! What is said where a request can't be read.

use std::fmt::Write as _;
use std::net::SocketAddr;

use axum::body::Body;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, DATE};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use bytes::{Bytes, BytesMut};

use super::opening::Opening;
use crate::http::{act, error, watch};

/// A refusal of hyper's own: a status and little else.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bare {
    pub(super) status: StatusCode,
    date: Option<HeaderValue>,
}

impl Bare {
    /// Reads what hyper writes.
    pub(super) fn read(head: &[u8]) -> Option<Self> {
        let number = head.strip_prefix(b"HTTP/1.1 ")?.get(..3)?;
        let status = StatusCode::from_bytes(number).ok().filter(StatusCode::is_client_error)?;
        let mut lines = head.split(|byte| b"\r\n".contains(byte));
        let date = lines.find_map(|line| HeaderValue::from_bytes(line.strip_prefix(b"date: ")?).ok());
        Some(Self { status, date })
    }
}

/// The whole refusal, as it is written: with a body in the words of the entrance, and the headers that every answer has.
pub(super) fn written(bare: Bare, opening: &Opening, url_limit: usize, peer: SocketAddr) -> Bytes {
    let status = opening.status(bare.status, url_limit);
    let act = act::of_request(&HeaderMap::new(), peer, &[]);
    let (kind, body) = error::said(opening.path(), status, &act.request_id);
    let body = body.to_string();
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    headers.extend(bare.date.map(|date| (DATE, date)));
    let method = Method::from_bytes(opening.method().as_bytes()).unwrap_or_default();
    watch::refused(&mut answer, &method, opening.path(), &act);
    let mut written = head(status, answer.headers());
    if method != Method::HEAD {
        written.extend_from_slice(body.as_bytes());
    }
    written.freeze()
}

fn head(status: StatusCode, headers: &HeaderMap) -> BytesMut {
    let mut head = BytesMut::new();
    // Writing into memory doesn't fail.
    let _ = write!(head, "HTTP/1.1 {status}\r\n");
    for (name, value) in headers {
        let _ = write!(head, "{name}: ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_refusal_by_its_first_line() {
        let bare = "HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\ndate: Mon, 23 Nov 2026 09:30:00 GMT\r\n\r\n";
        let bare = Bare::read(bare.as_bytes()).expect("it is one");
        assert_eq!(bare.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        assert_eq!(bare.date, Some(HeaderValue::from_static("Mon, 23 Nov 2026 09:30:00 GMT")));
        for other in ["", "HTTP/1.1 4", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 100 Continue\r\n", "{\"status\": 400}"] {
            assert_eq!(Bare::read(other.as_bytes()), None, "{other}");
        }
    }
}
