use axum::Router;

use super::health;
use crate::app::Shared;

/// Every route of the server.
pub fn all(app: Shared) -> Router {
    Router::new().merge(health::routes()).with_state(app)
}
