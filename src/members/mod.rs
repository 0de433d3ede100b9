//! People, their roles, and which clients they see.
//!
//! Everybody who can sign in is a row of `auth.users`, shaped like Supabase's and perhaps a site's own. What makes them a
//! person of Tenantry is a row of `tenantry.people`: one [`Role`], which they can't edit, and whether they are disabled.
//! People are disabled, never deleted, because trails name them. Passwords stand apart in `tenantry.passwords`, as
//! argon2id hashes.
//!
//! Which clients a person sees is `public.client_members`: a person's right on a client is the lesser of their role and
//! their [`MemberRole`] there. A membership as `client` is exactly for people whose role is `client`; the database holds
//! that.
//!
//! [`actions`] is the only writer.

/// What may be done to people and memberships, each act in one transaction.
pub mod actions;

/// Pages of people and access.
pub mod pages;

mod directory;
mod store;
mod types;

pub use store::{Client, Membership, Person};
pub use types::{EmailAddress, MemberRole, Role};
