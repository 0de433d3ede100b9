use axum::body::Body;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;

use super::screen::Toast;

/// What comes of a form that was taken: the page to go on with, and a sentence that it shows.
#[derive(Clone, Debug)]
pub struct Done {
    to: String,
    toast: Option<Toast>,
}

impl Done {
    /// On with a page of ours.
    pub fn to(path: impl Into<String>) -> Self {
        Self { to: path.into(), toast: None }
    }

    /// Says what was done.
    #[must_use]
    pub fn saying(self, text: impl Into<String>) -> Self {
        Self { toast: Some(Toast { text: text.into(), undo: None }), ..self }
    }

    /// Offers to take it back by a POST to a path of ours.
    #[must_use]
    pub fn undo(self, path: impl Into<String>) -> Self {
        Self { toast: self.toast.map(|toast| Toast { undo: Some(path.into()), ..toast }), ..self }
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response<Body> {
        let mut answer = StatusCode::SEE_OTHER.into_response();
        let headers = answer.headers_mut();
        let to = HeaderValue::from_str(&self.to).unwrap_or(HeaderValue::from_static("/"));
        headers.insert(LOCATION, to);
        if let Some(toast) = self.toast
            && let Ok(cookie) = HeaderValue::from_str(&toast_cookie(&toast.cookie(), 60))
        {
            headers.append(SET_COOKIE, cookie);
        }
        answer
    }
}

/// The line that sets or, with no age, takes away what the next page says.
pub(super) fn toast_cookie(value: &str, age: u32) -> String {
    format!("{}={value}; Path=/; Max-Age={age}; Secure; HttpOnly; SameSite=Lax", Toast::COOKIE)
}
