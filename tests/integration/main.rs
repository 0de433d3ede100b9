//! Tests against a real PostgreSQL, through the entrances that users have. `make test` starts the server.

mod support;

mod adoption;
mod adoption_data;
mod architecture;
mod audit;
mod auth;
mod backup;
mod bad_input;
mod changes;
mod console;
mod demo;
mod doctor;
mod documents;
mod faults;
mod generated;
mod http;
mod migrations;
mod people;
mod pipeline;
mod rehearsal;
mod rest;
mod restore;
mod roles;
mod row_level_security;
mod rules;
mod secrets;
mod snapshots;
mod templates;
mod up;
mod verify;
mod walls;
