use axum::http::{HeaderMap, Method, StatusCode};
use dialect::headers::Headers;
use dialect::headers::media::Answer;
use dialect::headers::prefer::Prefer;
use dialect::{Limits, Query};

use super::body::Body;
use super::refusal::Refusal;

/// What a request asks of one table.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// What is done.
    pub act: Verb<'a>,
    /// The name in the path.
    pub table: &'a str,
    /// What stands behind the `?`.
    pub query: Query,
    /// The form of the answer.
    pub answer: Answer,
    /// How the client would like it.
    pub prefer: Prefer,
    /// The version that the row must still have.
    pub if_match: Option<String>,
}

/// What a request does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb<'a> {
    /// GET, or HEAD, whose rows nobody reads.
    Read {
        /// Whether it is HEAD.
        is_head: bool,
    },
    /// POST.
    Insert(Body<'a>),
    /// PATCH.
    Update(Body<'a>),
    /// DELETE.
    Delete,
}

/// The methods that a table answers.
pub(super) const METHODS: &str = "GET, HEAD, POST, PATCH, DELETE, OPTIONS";

impl<'a> Request<'a> {
    /// Reads a request; whatever has no meaning in it is refused.
    pub fn parse(
        method: &Method,
        table: &'a str,
        query: &[u8],
        headers: &HeaderMap,
        body: &'a [u8],
    ) -> Result<Self, Refusal> {
        let writes = *method == Method::POST || *method == Method::PATCH;
        let pairs = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let Headers { answer, prefer, if_match } = Headers::parse(writes, pairs)?;
        let query = Query::parse(query, &Limits::default())?;
        let act = match method.as_str() {
            "GET" => Verb::Read { is_head: false },
            "HEAD" => Verb::Read { is_head: true },
            "POST" => Verb::Insert(Body::of(table, body)?),
            "PATCH" => Verb::Update(Body::of(table, body)?),
            "DELETE" => Verb::Delete,
            other => return Err(no_method(other)),
        };
        if !writes && !body.is_empty() {
            return Err(Refusal::bad("PGRST102", format!("{method} takes no body"))
                .hint("leave it out; filters say which rows"));
        }
        let request = Self { act, table, query, answer, prefer, if_match };
        request.check_preferences()?;
        Ok(request)
    }

    /// Refuses preferences and conditions that would have no effect.
    fn check_preferences(&self) -> Result<(), Refusal> {
        let Prefer { returning, count: _, resolution, missing, handling: _, max_affected } = &self.prefer;
        let is_read = matches!(self.act, Verb::Read { .. });
        let is_insert = matches!(self.act, Verb::Insert(_));
        let meaningless = [
            (is_read && returning.is_some(), "return"),
            (is_read && max_affected.is_some(), "max-affected"),
            (!is_insert && resolution.is_some(), "resolution"),
            (!is_insert && missing.is_some(), "missing"),
        ];
        if let Some((_, name)) = meaningless.iter().find(|(is_there, _)| *is_there) {
            return Err(Refusal::bad("PGRST122", format!("the preference `{name}` has no meaning for this method"))
                .hint("leave it out"));
        }
        if self.if_match.is_some() && (is_read || is_insert) {
            return Err(Refusal::bad("PGRST100", "If-Match belongs to PATCH and DELETE").hint("leave the header out"));
        }
        Ok(())
    }

    /// What of the preferences is honoured, as `Preference-Applied` says it.
    pub(super) fn applied(&self) -> Option<String> {
        let Prefer { returning, count, resolution, missing, handling, max_affected } = &self.prefer;
        let all = [
            returning.map(|value| value.to_string()),
            count.map(|value| value.to_string()),
            resolution.map(|value| value.to_string()),
            missing.map(|value| value.to_string()),
            handling.map(|value| value.to_string()),
            max_affected.map(|value| format!("max-affected={value}")),
        ];
        let said: Vec<String> = all.into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join(", "))
    }
}

/// A method that no table knows.
pub(super) fn no_method(method: &str) -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "PGRST117", format!("Unsupported HTTP method: {method}"))
        .hint(format!("one of {METHODS}"))
}
