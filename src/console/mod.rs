//! The console's shell: what every page of the agency's staff shares.
//!
//! A page lives in its slice (`pages.rs`), reads under the role of who looks at it, and hands what it shows to [`Page`],
//! which puts navigation, breadcrumbs and toasts around it. An answer is always a whole document: what htmx replaces of a
//! page it selects from that, so a handler has one answer, with or without JavaScript. A form is sent by POST; what comes
//! of it is a redirect ([`Done`]) with a toast, or the same page with status 422, what was typed and each fault at its
//! field ([`Form`]).
//!
//! A handler gives `Result<Page, Problem>`: [`shell`] makes a page of whatever was refused, here or in a layer before.
//! Nothing is inline, neither script nor style, because the pages' policy lets nothing inline in. Everything that comes
//! from a row passes through maud, which escapes it.
//!
//! How to add a page is said in `docs/ARCHITECTURE.md`.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::auth::Gate;
use crate::clock::Clock;
use crate::db::database::Database;

/// Style sheets, scripts and icons, as the program carries them.
pub mod assets;

/// The pages about one client.
mod client_tabs;

/// What pages are put together from.
pub mod components;

/// A form that waits until somebody has given their password.
mod carried;

/// The cookie of a session.
mod cookie;

/// Requests that change something have to come from a page of ours.
mod csrf;

/// Tables as files for spreadsheets.
mod csv;

/// What was done, and where to go on.
mod done;

/// Where people come in.
pub mod door;

/// What wasn't done, as a page.
mod failure;

/// What was typed into a form, and what is wrong with it.
mod form;

/// The document around a page.
mod layout;

/// The list of a table: what was asked, in which order, and from which row on.
pub mod list;

/// Two people who edit one row.
pub mod meeting;

/// What people are called.
mod names;

/// Where one can go, by role.
mod nav;

/// The client that a page is about.
mod of_client;

/// A page, from the document's first line to its last.
mod page;

/// A row as a form.
pub mod record;

/// For whom pages are.
mod roles;

/// What the browser says about the screen.
mod screen;

/// A form that is sent twice.
mod sending;

/// What a form sent.
mod sent;

/// What stands around every page's handler.
mod shell;

/// Who is signed in.
mod visitor;

/// The pages about one template.
mod template_tabs;

/// Words that several pages use.
pub mod words;

pub use client_tabs::client_tabs;
pub use csv::{Csv, as_file};
pub use done::Done;
pub use failure::sentence;
pub use form::Form;
pub use meeting::{Meeting, Texts};
pub use names::Names;
pub use nav::Nav;
pub use of_client::OfClient;
pub use page::Page;
pub use roles::{ADMINISTRATORS, AGENCY, EVERYBODY, MANAGERS};
pub use screen::{Screen, Theme, Toast, is_ours, segment};
pub use sent::Sent;
pub use shell::refused;
pub use template_tabs::template_tabs;
pub use visitor::{Person, Visitor};

/// What pages need of the server. Cheap to clone.
#[derive(Clone)]
pub struct Console {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    gate: Gate,
    clock: Clock,
    public_url: String,
    sendings: sending::Sendings,
}

impl Console {
    /// One that browsers find under a URL.
    pub fn new(database: Database, gate: Gate, clock: Clock, public_url: &str) -> Self {
        let public_url = public_url.trim_end_matches('/').to_owned();
        Self { inner: Arc::new(Inner { database, gate, clock, public_url, sendings: sending::Sendings::new() }) }
    }

    /// The way to PostgreSQL.
    pub fn database(&self) -> &Database {
        &self.inner.database
    }

    /// Who is let in.
    pub fn gate(&self) -> &Gate {
        &self.inner.gate
    }

    /// Where the time comes from.
    pub fn clock(&self) -> Clock {
        self.inner.clock
    }

    /// Where browsers find the server, without a slash at its end.
    pub fn public_url(&self) -> &str {
        &self.inner.public_url
    }
}

/// Pages for somebody signed in: whoever isn't is led to sign in first.
pub fn signed_in<S: Clone + Send + Sync + 'static>(console: &Console, pages: Router<S>) -> Router<S> {
    let pages = pages.layer(from_fn_with_state(console.clone(), visitor::layer));
    in_the_open(console, pages)
}

/// Pages for whoever comes.
pub fn in_the_open<S: Clone + Send + Sync + 'static>(console: &Console, pages: Router<S>) -> Router<S> {
    pages
        .layer(from_fn_with_state(console.clone(), csrf::layer))
        .layer(from_fn_with_state(console.clone(), shell::around))
}

/// What belongs to no slice: assets, where people come in, and the switch between light and dark.
pub fn routes<S: Clone + Send + Sync + 'static>(console: &Console) -> Router<S> {
    in_the_open(console, shell::themes().merge(door::open(console.clone())))
        .merge(signed_in(console, door::inside(console.clone())))
        .merge(assets::routes())
}
