//! Clients from a file: what a dry run says, what an import does, and what is refused.

mod applied;
mod broken;
mod dry_run;
mod killed;
mod large;
mod world;
