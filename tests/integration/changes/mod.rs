//! Changes of configuration: previews, applying, approval, reverting, through HTTP and against PostgreSQL.

mod life;
mod world;
