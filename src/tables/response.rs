use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_RANGE, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use bytes::Bytes;
use dialect::headers::media;
use tokio_postgres::Row;

use super::plan::{Node, Read, Returning, Write};
use super::refusal::Refusal;
use super::request::{METHODS, Request, Verb};
use super::sql;

const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// An answer that isn't a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The form of the body; none without one.
    pub form: Option<media::Answer>,
    /// Which rows these are, of how many.
    pub range: Option<String>,
    /// Which preferences were honoured.
    pub applied: Option<String>,
    /// The body.
    pub body: Bytes,
}

/// What a read found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page {
    body: Option<String>,
    rows: u64,
    total: Option<u64>,
}

/// What a write did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Done {
    body: Option<String>,
    rows: u64,
    pub(super) affected: u64,
    /// What the rows hold that came back; none where none did.
    node: Option<Node>,
}

impl Page {
    pub(super) fn of(row: Option<Row>) -> Self {
        let count = |row: &Row, place| row.get::<_, Option<i64>>(place).map(i64::unsigned_abs);
        match row {
            Some(row) => Self { body: row.get(0), rows: count(&row, 1).unwrap_or_default(), total: count(&row, 2) },
            None => Self { body: None, rows: 0, total: None },
        }
    }

    /// Refuses a page that begins behind the last row, and any number of rows but one where one was asked for.
    pub(super) fn check(&self, plan: &Read, answer: media::Answer) -> Result<(), Refusal> {
        let offset = plan.node.offset.unwrap_or_default();
        if let Some(total) = self.total
            && offset > total
        {
            let message = "Requested range not satisfiable";
            let details = format!("An offset of {offset} was requested, but there are only {total} rows.");
            return Err(Refusal::new(StatusCode::RANGE_NOT_SATISFIABLE, "PGRST103", message).details(details));
        }
        check_single(answer, self.rows)
    }
}

impl Done {
    pub(super) fn of(plan: &Write, row: Option<Row>) -> Self {
        let count = |row: &Row, place| row.get::<_, i64>(place).unsigned_abs();
        let node = match &plan.returning {
            Returning::Rows(node) => Some(node.clone()),
            Returning::Nothing | Returning::Count => None,
        };
        match row {
            Some(row) => Self { body: row.get(0), rows: count(&row, 1), affected: count(&row, 2), node },
            None => Self { body: None, rows: 0, affected: 0, node },
        }
    }

    /// A write of so many rows of which nothing comes back.
    pub(super) fn affecting(affected: u64) -> Self {
        Self { body: None, rows: affected, affected, node: None }
    }

    /// The same, of so many rows that were written, whether or not the caller sees them.
    #[must_use]
    pub(super) fn of_so_many(self, affected: u64) -> Self {
        Self { affected, ..self }
    }

    /// Refuses what mustn't be committed.
    pub(super) fn check(&self, answer: media::Answer, max_affected: Option<u64>) -> Result<(), Refusal> {
        if let Some(most) = max_affected
            && self.affected > most
        {
            let message = "Query result exceeds max-affected preference constraint";
            return Err(Refusal::bad("PGRST124", message)
                .details(format!("The query affects {} rows", self.affected))
                .hint("filter the rows, or raise max-affected"));
        }
        check_single(answer, if self.node.is_some() { self.rows } else { self.affected })
    }
}

fn check_single(answer: media::Answer, rows: u64) -> Result<(), Refusal> {
    if answer == media::Answer::Object && rows != 1 {
        let message = "Cannot coerce the result to a single JSON object";
        return Err(Refusal::new(StatusCode::NOT_ACCEPTABLE, "PGRST116", message)
            .details(format!("The result contains {rows} rows")));
    }
    Ok(())
}

/// The answer to a read.
pub(super) fn read(request: &Request<'_>, plan: &Read, page: Page) -> Answer {
    let offset = plan.node.offset.unwrap_or_default();
    let is_part = page.total.is_some_and(|total| page.rows < total);
    Answer {
        status: if is_part { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK },
        form: Some(request.answer),
        range: Some(range(offset, page.rows, page.total)),
        applied: request.applied(),
        body: body(request.answer, &plan.node, page.body),
    }
}

/// The answer to a write.
pub(super) fn written(request: &Request<'_>, done: Done) -> Answer {
    let total = request.prefer.count.map(|_| done.affected);
    let (bare, range) = match request.act {
        Verb::Insert(_) => (StatusCode::CREATED, range(0, 0, total)),
        // Nobody counts what nobody asked to have counted or to have back.
        Verb::Update(_) if done.node.is_some() || total.is_some() => {
            (StatusCode::NO_CONTENT, range(0, done.affected, total))
        }
        _ => (StatusCode::NO_CONTENT, range(0, 0, total)),
    };
    let (range, applied) = (Some(range), request.applied());
    match done.node {
        None => Answer { status: bare, form: None, range, applied, body: Bytes::new() },
        Some(node) => {
            let status = if bare == StatusCode::CREATED { bare } else { StatusCode::OK };
            let body = body(request.answer, &node, done.body);
            Answer { status, form: Some(request.answer), range, applied, body }
        }
    }
}

fn body(answer: media::Answer, node: &Node, text: Option<String>) -> Bytes {
    let text = text.unwrap_or_default();
    match answer {
        media::Answer::Array | media::Answer::Object => text.into(),
        media::Answer::Csv => format!("{}\n{text}", sql::header(&node.items)).into(),
    }
}

/// Which rows, of how many: `0-9/57`, `0-9/*`, `*/0`.
fn range(offset: u64, rows: u64, total: Option<u64>) -> String {
    let total = total.map_or_else(|| "*".to_owned(), |total| total.to_string());
    if rows == 0 { format!("*/{total}") } else { format!("{offset}-{}/{total}", offset + rows - 1) }
}

impl From<Answer> for Response<Body> {
    fn from(answer: Answer) -> Self {
        let mut response = Response::new(Body::from(answer.body));
        *response.status_mut() = answer.status;
        let headers = response.headers_mut();
        if let Some(form) = answer.form {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(form.content_type()));
        }
        for (name, value) in [(CONTENT_RANGE, answer.range), (PREFERENCE_APPLIED, answer.applied)] {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                headers.insert(name, value);
            }
        }
        response
    }
}

impl From<Refusal> for Response<Body> {
    fn from(refusal: Refusal) -> Self {
        let Refusal { status, code, message, details, hint } = refusal;
        let body = serde_json::json!({ "code": code, "message": message, "details": details, "hint": hint });
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        let more = match status {
            StatusCode::UNAUTHORIZED => Some((WWW_AUTHENTICATE, "Bearer")),
            StatusCode::SERVICE_UNAVAILABLE => Some((RETRY_AFTER, "1")),
            StatusCode::METHOD_NOT_ALLOWED if code == "PGRST117" => Some((ALLOW, METHODS)),
            _ => None,
        };
        if let Some((name, value)) = more {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_says_which_rows_of_how_many() {
        assert_eq!(range(0, 10, Some(57)), "0-9/57");
        assert_eq!(range(20, 10, None), "20-29/*");
        assert_eq!(range(0, 0, Some(0)), "*/0");
        assert_eq!(range(60, 0, Some(57)), "*/57");
    }

    #[test]
    fn one_row_is_one_row() {
        assert!(check_single(media::Answer::Object, 1).is_ok());
        assert!(check_single(media::Answer::Array, 5).is_ok());
        let refused = check_single(media::Answer::Object, 0).unwrap_err();
        assert_eq!((refused.status.as_u16(), refused.code.as_str()), (406, "PGRST116"));
        assert_eq!(refused.details.as_deref(), Some("The result contains 0 rows"));
    }
}
