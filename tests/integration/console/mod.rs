//! The console, as browsers see it: who gets in, what each role finds behind which button, and what is kept out.

mod approvals;
mod bad;
mod changes;
mod configuration;
mod csrf;
mod forms;
mod imports;
mod links;
mod pages;
mod people;
mod sessions;
mod sign_in;
mod step_up;
mod templates;
mod tokens;
mod trail;
mod world;
