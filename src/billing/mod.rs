//! What clients are billed, as the agency's books have it.
//!
//! An *account* is a row of `client_billing_info`: one per client, with its subscription, how it pays, what is due and what
//! it may use. Tenantry keeps these figures; whoever writes invoices and takes payments (a job, a provider's webhook,
//! somebody in the console) says what they are. Nothing here is worked out from a price list, and amounts of two currencies
//! are never added up.
//!
//! Administrators write accounts. Managers see those of the clients they manage, and a client's own login sees its own,
//! without the means of payment and tax numbers, which are secrets.

/// What people do with accounts.
pub mod actions;

/// The columns that people write.
pub mod fields;

/// The pages of the console.
pub mod pages;

mod store;
mod types;

pub use types::{Account, DUNNINGS, FREQUENCIES, Filter, PAYMENTS, STATUSES, TIERS, Total};
