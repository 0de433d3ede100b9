//! Templates of apps, their versions, and what clients make of them.
//!
//! A *version* is written as a draft; once it is active, its schema and defaults never change, because customizations and
//! documents rely on them. It goes from draft to active, deprecated, archived, and never back: what has to be different is
//! another version. A customization without a version follows the newest active one, so that publishing a version reaches
//! the documents of all who pin none, and is refused where it would break one.
//!
//! A *customization* is how one client's app departs from its template. Which one is served is decided by activating it,
//! which puts the one before it out of service in the same act, and which is refused while a document that somebody's app
//! reads would lack something. Bringing it to another version is an *upgrade*: a merge of the old defaults, the new ones
//! and the client's own values that settles what it can ([`upgrade`]), and asks about the rest.
//!
//! A *deployment configuration* is validated, then applied: its content is frozen, and what was in force before is not any
//! more.
//!
//! All of these are changes of configuration: they are judged, written and noted as such by
//! [`crate::configurations::changes`], and can be reverted. What Tenantry counts of the use of templates is kept by the
//! database with each write (`migrations/0031_figures.up.sql`); what time alone moves, [`figures`] computes.

/// Routes and handlers.
pub mod api;

/// Usage counts and scores.
pub mod figures;

/// What people look at and do in a browser.
pub mod pages;

/// Bringing a customization to another version of its template.
pub mod upgrade;

mod customizations;
mod deployments;
mod store;
mod types;
mod versions;

pub use customizations::{Said, activate, bring, redraft, said};
pub use deployments::{apply, validate};
pub use types::{
    Activated, AppliedConfiguration, Brought, Choice, Judged, Lacking, NewVersion, Published, Stage, Start, Step,
    Upgrade, Verdict,
};
pub use versions::{advance, publish};
