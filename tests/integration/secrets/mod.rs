//! Secrets: sealed on their way in, masked wherever they stand, opened with the right keys and nowhere else.

mod backups;
mod concealed;
mod marker;
mod names;
mod places;
mod revealed;
mod rotation;
mod started;
mod tampered;
mod world;
