//! Changes of configuration: previews, applying, approval, reverting, through HTTP and against PostgreSQL.

mod approval;
mod bad_input;
mod crossing;
mod life;
mod previews;
mod reach;
pub mod world;
