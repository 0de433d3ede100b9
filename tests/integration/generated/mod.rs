//! Files that are made from the migrations and stand in git: `make generate` writes them, these tests hold them current.

mod database_doc;
mod openapi;
mod schema_sql;
mod texts;
mod types;
