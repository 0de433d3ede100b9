//! Bringing a site's existing tables to the schema, and back.
//!
//! A table that exists already is *adopted*: its catalog is recorded, then brought to the shape that its migration's
//! file gives (the *model*), in steps that take writes all along. Rows that break a [`rule`] stay as they are; what
//! stands in for the rule until they are mended holds it for new writes.

/// Rules that existing rows may break, and the rows that do.
pub mod rule;

/// Which existing rows a rule would refuse, found by trying the rule's own expression on them.
pub mod survey;

/// Every mend that `migrate up --mend` knows, each with its reason.
pub mod mends;

/// What can be done about rows that break a rule.
pub mod mending;

/// The shape that the migrations give their tables.
pub mod model;

/// How a site's table differs from the model.
pub mod compare;

/// What no constraint says and a person has to know before adoption.
pub mod findings;

/// From what is there to what the model says, as a list of steps.
pub mod planner;

/// Rows that adoption makes.
pub mod rows;

/// Roles of the site's that keep their rights.
pub mod keep;

/// Roles that people had in metadata that they can edit.
pub mod people;

/// Rules that existing rows still break, as the database remembers them.
pub mod pending;

/// Which tables of ours a site has, and whether they can be adopted.
mod adoption;

/// Whether the server's disk has room for an adoption.
pub mod space;

/// Views of the site's that read with their caller's rights from adoption on.
mod walled_views;

/// What is tidied up after an adoption.
mod tidy;

/// Whether the rows keep the rules, whatever the catalog says.
mod truth;

/// Steps outside a transaction that a killed run had begun.
mod begun;

/// Names and owners that stand in the way.
mod names;

/// Whether people can be known by a site's `auth.users`.
mod auth_users;

/// One table brought to the shape of the model.
mod converge;

/// The site's views of our names.
mod site_views;

/// The swap of a plain table for a partitioned one.
pub mod partition;

/// Back to what a site had.
pub mod restore;

/// What is left when every migration is applied, and tried again by every later run.
mod settle;

pub use adoption::{Adoption, Assumed, record, recorded};
pub use converge::{converge, subject};
pub use settle::{empty_views, settle};
pub use site_views::replace_views;
pub use tidy::tidy;
pub use truth::untrue;
pub use walled_views::unwall;

use crate::Result;
use crate::db::migrate::Runner;

/// Adopts one table: records it as it is, then brings it to the shape of the model.
pub async fn adopt(runner: &mut Runner<'_>, adoption: &Adoption, table: &str) -> Result<()> {
    let migration = Adoption::migration(table);
    if !recorded(runner).await?.contains(table)
        && let Some(actual) = runner.table(table).await?
    {
        runner.run(migration, &record(&actual)?).await?;
    }
    converge(runner, adoption, table).await
}
