//! What happens under load while PostgreSQL goes away: nothing wrong is answered, nothing acknowledged is lost, and it
//! goes on by itself.

mod away;
mod cancelled;
mod over_http;
mod writers;
