//! Rows that break rules, or that no rule catches: found, listed, mended, put back.

mod backup;
mod faults;
mod figures;
mod mended;
mod plain_values;
mod plan;
mod roles;
mod site;
mod words;
