//! What a request begins with, as far as it must be known to refuse what can't be read further.

use axum::http::StatusCode;

/// Enough for the method and the path's first segments.
const KEPT: usize = 64;

/// The first bytes of a request, and the length of its first line.
#[derive(Debug, Default)]
pub(super) struct Opening {
    first: Vec<u8>,
    line: usize,
    is_line_over: bool,
}

impl Opening {
    /// Notes what was read.
    pub(super) fn read(&mut self, bytes: &[u8]) {
        if self.first.len() < KEPT {
            self.first.extend(bytes.iter().take(KEPT - self.first.len()));
        }
        if !self.is_line_over {
            let end = bytes.iter().position(|byte| *byte == b'\n');
            self.is_line_over = end.is_some();
            self.line += end.unwrap_or(bytes.len());
        }
    }

    /// Begins with the next request.
    pub(super) fn clear(&mut self) {
        self.first.clear();
        (self.line, self.is_line_over) = (0, false);
    }

    /// The method, where there is one.
    pub(super) fn method(&self) -> &str {
        self.word(0)
    }

    /// The beginning of the path, where there is one.
    pub(super) fn path(&self) -> &str {
        let path = self.word(1).split('?').next().unwrap_or_default();
        if path.starts_with('/') { path } else { "" }
    }

    /// The status that says it best: what is too large may be so by its URL alone.
    pub(super) fn status(&self, said: StatusCode, url_limit: usize) -> StatusCode {
        let is_url = said == StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE && self.line > url_limit;
        if is_url { StatusCode::URI_TOO_LONG } else { said }
    }

    fn word(&self, place: usize) -> &str {
        let line = self.first.split(|byte| b"\r\n".contains(byte)).next().unwrap_or_default();
        let plain = line.iter().position(|byte| !byte.is_ascii_graphic() && *byte != b' ').unwrap_or(line.len());
        std::str::from_utf8(&line[..plain]).unwrap_or_default().split(' ').nth(place).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parts: &[&[u8]]) -> Opening {
        let mut opening = Opening::default();
        for part in parts {
            opening.read(part);
        }
        opening
    }

    #[test]
    fn says_method_and_path_however_they_come() {
        let opening = of(&[b"GE", b"T /rest/v1/clients_en", b"hanced?id=eq.1 HTTP/1.1\r\nhost", b": a\r\n"]);
        assert_eq!((opening.method(), opening.path(), opening.line), ("GET", "/rest/v1/clients_enhanced", 47));
        let long = of(&[format!("GET /rest/v1/{} HTTP/1.1", "a".repeat(70_000)).as_bytes()]);
        assert!(long.path().starts_with("/rest/v1/aaa") && long.path().len() < KEPT);
        let too_large = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        assert_eq!(long.status(too_large, 65_000), StatusCode::URI_TOO_LONG);
        assert_eq!(opening.status(too_large, 65_000), too_large);
        assert_eq!(long.status(StatusCode::BAD_REQUEST, 65_000), StatusCode::BAD_REQUEST);
    }

    #[test]
    fn says_nothing_of_what_is_none() {
        for odd in [&b""[..], b"\r\n\r\n", b"\x16\x03\x01\x02", b"hello", b"GET \xff/ HTTP/1.1\r\n"] {
            assert_eq!(of(&[odd]).path(), "", "{odd:?}");
        }
    }
}
