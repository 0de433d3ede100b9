//! TypeScript's view of the database: the type that `createClient<Database>` of `@supabase/supabase-js` takes.
//!
//! It has the shape that `supabase gen types typescript` prints, name for name and line for line, so that a site changes
//! one import and nothing else. Beyond it stand literal unions: where a CHECK lists the values of a column, the type does
//! too, and a status that doesn't exist is an error of the compiler, not of the database.
//!
//! Like that command, it describes all of `public`, also what the table API exposes only after row level security was
//! switched on.

/// Reading what it is made of.
pub mod read;

mod functions;
mod layout;
mod order;
mod print;
mod surroundings;
mod typescript;

pub use print::database;
pub use surroundings::Surroundings;
