//! Changes of configuration: previews, applying, approval, reverting, through HTTP and against PostgreSQL.

mod approval;
mod attacks;
mod bad_input;
mod crossing;
mod entrances;
mod in_force;
mod life;
mod previews;
mod reach;
pub mod world;
