use std::time::Duration;

use axum::http::header::{CONTENT_LOCATION, CONTENT_RANGE, ETAG, HeaderName, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, Method};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use super::act::REQUEST_ID;

/// What a page of another origin may read of an answer, besides its body.
const EXPOSED: [HeaderName; 7] = [
    CONTENT_RANGE,
    CONTENT_LOCATION,
    HeaderName::from_static("preference-applied"),
    ETAG,
    LOCATION,
    RETRY_AFTER,
    REQUEST_ID,
];

/// Lets the pages of some origins call the server, and no others.
///
/// Never with cookies: whoever calls says who they are in a header, which no page of another origin can make a browser send.
pub(super) fn layer(origins: &[String]) -> CorsLayer {
    let origins = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    let methods =
        [Method::GET, Method::HEAD, Method::POST, Method::PATCH, Method::PUT, Method::DELETE, Method::OPTIONS];
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods(methods)
        // Components send headers of their own, and none of them opens anything.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED)
        .max_age(Duration::from_hours(1))
}
