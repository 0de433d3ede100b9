use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, OriginalUri, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use futures_util::StreamExt as _;
use percent_encoding::percent_decode_str;

use super::sending::{self, Sending};
use crate::problem::{Fault, Problem};

/// The largest form that is taken: a document of configuration with everything around it. One that carries another is
/// larger by what that one is.
pub(super) const LARGEST: usize = 2 * 1024 * 1024;

/// More fields than any form of ours has.
const MOST_FIELDS: usize = 10_000;

/// What a form sent: its fields in order, as they were typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Sent {
    pairs: Vec<(String, String)>,
    /// Where it was sent to.
    path: String,
    /// Whether it says on which page it was filled in.
    says_its_page: bool,
    /// Fields in which nobody saw what was typed.
    sealed: Vec<String>,
}

/// The field that names those in which nobody sees what is typed; there is one for each.
pub(super) const SEALED: &str = "_sealed";

impl std::fmt::Debug for Sent {
    /// Without values: some are secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.pairs.iter().map(|(name, _)| name)).finish()
    }
}

impl Sent {
    /// Fields that were sent to a path.
    pub fn new(path: impl Into<String>, pairs: Vec<(String, String)>) -> Self {
        let (about, pairs): (Vec<_>, Vec<_>) =
            pairs.into_iter().partition(|(name, _)| [sending::FIELD, SEALED].contains(&name.as_str()));
        let says_its_page = about.iter().any(|(name, _)| name == sending::FIELD);
        let sealed = about.into_iter().filter(|(name, _)| name == SEALED).map(|(_, name)| name).collect();
        Self { pairs, path: path.into(), says_its_page, sealed }
    }

    /// Whether it says on which page it was filled in.
    pub(super) fn says_its_page(&self) -> bool {
        self.says_its_page
    }

    /// Fields in which nobody saw what was typed.
    pub(super) fn sealed(&self) -> &[String] {
        &self.sealed
    }

    /// The value of a field, as it was typed; the first one where there are several.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The same without space around it; none where nothing is left.
    pub fn trimmed(&self, name: &str) -> Option<&str> {
        self.get(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// Every value of a field that may be there more than once.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box was ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Every field with its value, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Path and query that it was sent to.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Refuses fields that a form doesn't have, which somebody meant something by.
    pub fn only(&self, known: &[&str]) -> Result<(), Problem> {
        self.only_where(|name| known.contains(&name))
    }

    /// The same for forms whose fields follow from what they are about.
    pub fn only_where(&self, is_known: impl Fn(&str) -> bool) -> Result<(), Problem> {
        let odd: Vec<Fault> = self
            .pairs
            .iter()
            .filter(|(name, _)| !is_known(name))
            .map(|(name, _)| Fault {
                pointer: name.chars().take(100).collect(),
                rule: "unknown".to_owned(),
                detail: "this form has no such field".to_owned(),
                mend: Some("leave it out, or load the page again: it may have changed".to_owned()),
                ..Fault::default()
            })
            .collect();
        if odd.is_empty() { Ok(()) } else { Err(Problem::faults("the form has fields that aren't known here", odd)) }
    }
}

impl<S: Sync> FromRequest<S> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let uri = request.extensions().get::<OriginalUri>().map_or_else(|| request.uri().clone(), |uri| uri.0.clone());
        let path = uri.path_and_query().map_or("/", |both| both.as_str()).to_owned();
        let sending = request.extensions().get::<Sending>().cloned();
        if !is_form(request.headers()) {
            let said = "a form is sent as application/x-www-form-urlencoded";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, said).mend("send it from the console's page"));
        }
        let bytes = body(request.into_body()).await?;
        let sent = Self::new(path, parse(&bytes)?);
        if let Some(sending) = sending {
            sending.begin(&sent, &bytes).await?;
        }
        Ok(sent)
    }
}

/// Whether a body is said to be a form's fields.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    is_of_type(headers, "application/x-www-form-urlencoded")
}

/// Whether a body is said to be a form with files.
pub(super) fn is_upload(headers: &HeaderMap) -> bool {
    is_of_type(headers, "multipart/form-data")
}

fn is_of_type(headers: &HeaderMap, expected: &str) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(expected)
}

/// The most of a file that is passed over where it isn't taken, in bytes.
const PASSED_OVER: usize = 128 * 1024 * 1024;

/// Reads on where nobody wants what comes: a browser shows no answer before it has sent all of a file.
pub(super) async fn pass_over(body: Body) {
    let (mut parts, mut length) = (body.into_data_stream(), 0);
    while let Some(Ok(part)) = parts.next().await {
        length += part.len();
        if length > PASSED_OVER {
            return;
        }
    }
}

async fn body(body: Body) -> Result<Vec<u8>, Problem> {
    let read = to_bytes(body, LARGEST).await;
    read.map(Vec::from).map_err(|_| {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, format!("the form has more than {LARGEST} bytes, or broke off"))
            .mend("send less at once")
    })
}

/// The fields of a form. Strictly: what isn't UTF-8, or can't be kept in PostgreSQL, is refused and not replaced.
pub(super) fn parse(body: &[u8]) -> Result<Vec<(String, String)>, Problem> {
    let unreadable = || Problem::unreadable("the form isn't UTF-8, or holds the character U+0000");
    let text = std::str::from_utf8(body).map_err(|_| unreadable())?;
    let decoded = |text: &str| {
        let spaced = text.replace('+', " ");
        let decoded = percent_decode_str(&spaced).decode_utf8().map(String::from).ok();
        decoded.filter(|text| !text.contains('\0')).ok_or_else(unreadable)
    };
    let fields = text.split('&').filter(|field| !field.is_empty());
    let pairs: Result<Vec<_>, Problem> = fields
        .take(MOST_FIELDS + 1)
        .map(|field| field.split_once('=').unwrap_or((field, "")))
        .map(|(name, value)| Ok((decoded(name)?, decoded(value)?)))
        .collect();
    let pairs = pairs?;
    if pairs.len() > MOST_FIELDS {
        return Err(Problem::unreadable(format!("the form has more than {MOST_FIELDS} fields")));
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let pairs = parse("name=Mia+%26+Ben&tags=a&tags=b&note=%C3%A9%0D%0A&empty=&bare".as_bytes()).unwrap();
        let sent = Sent::new("/x", pairs);
        assert_eq!(sent.get("name"), Some("Mia & Ben"));
        assert_eq!(sent.all("tags").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((sent.get("note"), sent.trimmed("note")), (Some("é\r\n"), Some("é")));
        assert_eq!((sent.get("empty"), sent.trimmed("empty"), sent.is_ticked("bare")), (Some(""), None, true));
        assert_eq!(sent.get("other"), None);
        assert_eq!(format!("{sent:?}"), r#"["name", "tags", "tags", "note", "empty", "bare"]"#);
    }

    #[test]
    fn what_cannot_be_kept_is_refused() {
        for odd in [b"a=%ff".as_slice(), b"a=\xff", b"a=%00", b"%00=a"] {
            assert_eq!(parse(odd).unwrap_err().status, 400, "{odd:?}");
        }
    }

    #[test]
    fn a_field_that_nobody_knows_is_named() {
        let sent = Sent::new("/x", vec![("name".into(), "x".into()), ("is_admin".into(), "yes".into())]);
        let refused = sent.only(&["name"]).unwrap_err();
        assert_eq!((refused.status.as_u16(), refused.errors[0].pointer.as_str()), (422, "is_admin"));
        assert!(sent.only(&["name", "is_admin"]).is_ok());
    }

    proptest! {
        #[test]
        fn no_body_makes_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&body);
        }
    }
}
