//! The server over HTTP.

mod answers;
mod health;
mod limits;
mod logs;
mod slow;
mod unread;
