//! Roles that pages are for, by what they have in common. What a row lets somebody do, its policies say besides.

use crate::db::policies::rules::Role::{self, Admin, Client, Manager, Staff, SuperAdmin};

/// Everybody who can sign in.
pub const EVERYBODY: &[Role] = &[Client, Staff, Manager, Admin, SuperAdmin];

/// Everybody who works for the agency.
pub const AGENCY: &[Role] = &[Staff, Manager, Admin, SuperAdmin];

/// Whoever may write what belongs to some client or other: administrators any client's, managers that of those they manage.
pub const MANAGERS: &[Role] = &[Manager, Admin, SuperAdmin];

/// Whoever looks after the agency itself.
pub const ADMINISTRATORS: &[Role] = &[Admin, SuperAdmin];
