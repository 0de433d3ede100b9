//! What pages are put together from: a function, or a builder that renders itself, for each part.

/// Words with a colour.
mod badge;

/// Frames around what belongs together.
mod card;

/// Figures as a picture.
pub mod chart;

/// Text that is code.
mod code;

/// Asking again before something is done.
mod confirm;

/// What was, beside what is.
mod diff;

/// What stands where there are no rows.
mod empty;

/// Fields of forms.
pub mod field;

/// What narrows a list.
mod filters;

/// Pictures of the size of a letter.
mod icon;

/// Amounts.
mod money;

/// The way to the next rows.
mod pager;

/// What is shown once.
mod secret;

/// Rows.
mod table;

/// Parts of a page that have pages of their own.
mod tabs;

/// Moments and days.
mod time;

/// Documents of JSON, as people read them.
mod told;

pub use badge::{Tone, badge, status};
pub use card::{Facts, card};
pub use code::{code, json};
pub use confirm::Confirm;
pub use diff::{diff, side_by_side};
pub use empty::{empty, empty_action};
pub use filters::{Choice, Filters};
pub use icon::{Icon, icon};
pub use money::money;
pub use pager::pager;
pub use secret::secret;
pub use table::{Column, Table};
pub use tabs::tabs;
pub use time::{day, moment, read_moment, typed_moment};
pub use told::told;
