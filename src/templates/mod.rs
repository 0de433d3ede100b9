//! Templates and what clients make of them.
//!
//! What Tenantry counts of their use is kept by the database with each write (`migrations/0031_figures.up.sql`); what time
//! alone moves, [`figures`] computes.

/// Usage counts and scores.
pub mod figures;
