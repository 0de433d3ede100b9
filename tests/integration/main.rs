//! Tests against a real PostgreSQL, through the entrances that users have. `make test` starts the server.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "tests may say what they do")]

mod support;

mod migrations;
