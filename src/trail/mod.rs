//! The audit log as people read it: who did what, what was before and after, and whether a seal holds it.
//!
//! Entries and seals themselves are [`crate::audit`]'s, which lies beneath sign-in and the console, because both write
//! entries. Their pages need the console, and so stand above it, in a slice of their own.
//!
//! Who is shown what is the database's affair: a manager the trail of the clients that they manage, without what they
//! couldn't read otherwise; administrators all of it; nobody else anything. Seals are looked up for entries that somebody
//! was shown already. A page says which seal names an entry, and whether the entry still gives the hash that was kept with
//! it; whether seals are genuine is for `tenantry audit verify` to say, which has the keys.
//!
//! An export is sent while it is read, a part at a time, each part in a transaction of its own: nobody's slow line keeps a
//! connection. That it was asked for is an entry itself, and the last one that it holds.

/// What people look at in a browser.
pub mod pages;

mod store;
mod types;
