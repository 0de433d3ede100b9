//! The rules that the database holds by itself, whoever writes: each test does as a real role what a rule allows or
//! refuses, and reads the outcome back.

mod agency;

mod card_numbers;
mod customizations;
mod deployment_configurations;
mod events;
mod figures;
mod fixed;
mod history;
mod members;
mod partitions;
mod secrets;
mod seeds;
mod stamps;
mod system_configurations;
mod templates;
mod views;
