use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use maud::{Markup, html};

use super::layout;
use super::nav::Nav;
use super::screen::Screen;
use super::sending;
use super::visitor::Visitor;

/// A page: what it shows, and what stands around that.
#[derive(Clone)]
pub struct Page {
    pub(super) frame: Frame,
    pub(super) title: String,
    pub(super) subtitle: Option<Markup>,
    pub(super) under: Option<Nav>,
    pub(super) crumbs: Vec<(String, String)>,
    pub(super) actions: Markup,
    pub(super) body: Markup,
    status: StatusCode,
}

/// For whom a page is.
#[derive(Clone)]
pub(super) enum Frame {
    /// Somebody signed in: with navigation.
    Inside(Box<Visitor>),
    /// Nobody in particular: a card in the middle.
    Bare(Box<Screen>),
}

impl Page {
    /// One for somebody signed in; its title is its heading.
    pub fn new(visitor: &Visitor, title: impl Into<String>) -> Self {
        Self::within(Frame::Inside(Box::new(visitor.clone())), title.into())
    }

    /// One without navigation, for whoever isn't signed in.
    pub fn bare(screen: &Screen, title: impl Into<String>) -> Self {
        Self::within(Frame::Bare(Box::new(screen.clone())), title.into())
    }

    fn within(frame: Frame, title: String) -> Self {
        Self {
            frame,
            title,
            subtitle: None,
            under: None,
            crumbs: Vec::new(),
            actions: html! {},
            body: html! {},
            status: StatusCode::OK,
        }
    }

    /// Marks the part of the navigation that it belongs to.
    #[must_use]
    pub fn under(self, nav: Nav) -> Self {
        Self { under: Some(nav), ..self }
    }

    /// Adds a breadcrumb before the page's own title.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, path: impl Into<String>) -> Self {
        self.crumbs.push((label.into(), path.into()));
        self
    }

    /// Puts a line under the heading.
    #[must_use]
    pub fn subtitle(self, line: Markup) -> Self {
        Self { subtitle: Some(line), ..self }
    }

    /// Puts buttons beside the heading.
    #[must_use]
    pub fn actions(self, actions: Markup) -> Self {
        Self { actions, ..self }
    }

    /// What the page shows.
    #[must_use]
    pub fn body(self, body: Markup) -> Self {
        Self { body, ..self }
    }

    /// Answers with another status than 200.
    #[must_use]
    pub fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub(super) fn screen(&self) -> &Screen {
        match &self.frame {
            Frame::Inside(visitor) => &visitor.screen,
            Frame::Bare(screen) => screen,
        }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response<Body> {
        let document = layout::document(&self).into_string();
        let document = match &self.frame {
            Frame::Inside(visitor) => sending::number(&document, &visitor.act.request_id),
            Frame::Bare(_) => document,
        };
        let mut answer = Response::new(Body::from(document));
        *answer.status_mut() = self.status;
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        answer.extensions_mut().insert(Shown);
        answer
    }
}

/// Beside an answer that is a page: it has said what there was to say.
#[derive(Clone, Copy)]
pub(super) struct Shown;
