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
