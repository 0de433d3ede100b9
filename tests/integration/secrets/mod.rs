//! Secrets: sealed on their way in, masked wherever they stand, opened with the right keys and nowhere else.

mod backups;
mod concealed;
mod entrances;
mod handed_back;
mod marker;
mod names;
mod nowhere;
mod places;
mod revealed;
mod rotation;
mod started;
mod swept;
mod tampered;
mod world;
