//! Figures of clients' apps: visits, conversions, load time, errors, revenue.
//!
//! Apps, or whoever measures them, report figures as rows of `client_analytics`: of a deployment or of the client as a whole,
//! by the day, the hour, the week or the month. What pages show of a day is taken once: hours count only where nobody
//! reported the day, and single deployments only where nobody reported the client as a whole. Counts are summed; visitors
//! who are each counted once aren't, because nobody knows who came twice. Means are weighted by page views. Amounts of two
//! currencies are never one. A day that nobody reported is a gap and not zero.
//!
//! Members see the figures of their clients, administrators those of all.

/// The pages of the console.
pub mod pages;

mod store;
mod types;

pub use types::{DAYS, Day, OfClient, Revenue, Span};
