use std::sync::LazyLock;

use aws_lc_rs::digest::{Context, SHA256};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::get;

/// A file as browsers get it.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

macro_rules! asset {
    ($name:literal, $media_type:literal) => {
        Asset {
            name: $name,
            media_type: $media_type,
            plain: include_bytes!(concat!("../../assets/dist/", $name)), // Not there? Type `make assets`.
            brotli: include_bytes!(concat!("../../assets/dist/", $name, ".br")), // Not there? Type `make assets`.
            gzip: include_bytes!(concat!("../../assets/dist/", $name, ".gz")), // Not there? Type `make assets`.
        }
    };
}

static ASSETS: [Asset; 6] = [
    asset!("tabler.css", "text/css; charset=utf-8"),
    asset!("console.css", "text/css; charset=utf-8"),
    asset!("htmx.js", "text/javascript; charset=utf-8"),
    asset!("console.js", "text/javascript; charset=utf-8"),
    asset!("icons.svg", "image/svg+xml"),
    asset!("favicon.svg", "image/svg+xml"),
];

/// The pictures of the style sheet, which its own release holds as `data:` URLs, by their number.
static PICTURES: &str = include_str!("../../assets/dist/pictures.json");

/// A hash over all of them: what is served under it never changes.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Context::new(&SHA256);
    for asset in &ASSETS {
        hash.update(asset.plain);
    }
    hash.finish().as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
});

static PICTURE_FILES: LazyLock<Vec<String>> = LazyLock::new(|| serde_json::from_str(PICTURES).unwrap_or_default());

/// For good: under this URL nothing else will ever be.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Where an asset is.
pub fn url(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// The route of all assets.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{version}/{name}", get(serve))
}

async fn serve(Path((version, name)): Path<(String, String)>, headers: HeaderMap) -> Response<Body> {
    let mut answer = match (ASSETS.iter().find(|asset| asset.name == name), picture(&name)) {
        (Some(asset), _) => packed(asset, &headers),
        (None, Some(picture)) => ([(CONTENT_TYPE, "image/svg+xml")], picture).into_response(),
        (None, None) => return StatusCode::NOT_FOUND.into_response(),
    };
    // A page of another release, while servers change over, gets what there is and doesn't keep it.
    let kept = if version == *VERSION { FOR_GOOD } else { HeaderValue::from_static("no-cache") };
    answer.headers_mut().insert(CACHE_CONTROL, kept);
    answer
}

fn packed(asset: &'static Asset, headers: &HeaderMap) -> Response<Body> {
    let (encoding, bytes) = if takes(headers, "br") {
        (Some("br"), asset.brotli)
    } else if takes(headers, "gzip") {
        (Some("gzip"), asset.gzip)
    } else {
        (None, asset.plain)
    };
    let mut answer = Bytes::from_static(bytes).into_response();
    let said = answer.headers_mut();
    said.insert(CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
    said.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        said.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    answer
}

/// Whether a browser takes an encoding.
fn takes(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|choice| {
        let (name, weight) = choice.split_once(';').unwrap_or((choice, "q=1"));
        let weight = weight.trim().trim_start_matches("q=").parse::<f32>().unwrap_or(0.0);
        name.trim().eq_ignore_ascii_case(encoding) && weight > 0.0
    })
}

fn picture(name: &str) -> Option<&'static str> {
    let number: usize = name.strip_prefix("picture-")?.strip_suffix(".svg")?.parse().ok()?;
    PICTURE_FILES.get(number).map(String::as_str)
}

/// The names of all icons, for the test that pages use no other.
#[cfg(test)]
pub(super) fn icons() -> Vec<String> {
    let sprite = String::from_utf8_lossy(ASSETS[4].plain);
    sprite.split("<symbol id=\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(encodings: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(encodings))])
    }

    #[test]
    fn an_encoding_is_taken_unless_its_weight_is_nothing() {
        assert!(takes(&accepting("gzip, deflate, br;q=0.8"), "br"));
        assert!(!takes(&accepting("gzip, br;q=0"), "br"));
        assert!(!takes(&accepting("brotli"), "br"));
        assert!(!takes(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn what_is_embedded_is_what_lies_in_the_folder() {
        for (own, text) in [
            ("console.css", include_str!("../../assets/console.css")),
            ("console.js", include_str!("../../assets/console.js")),
            ("favicon.svg", include_str!("../../assets/favicon.svg")),
        ] {
            let asset = ASSETS.iter().find(|asset| asset.name == own).expect("an asset");
            assert!(asset.plain == text.as_bytes(), "{own} has changed: type `make assets`");
        }
    }

    #[test]
    fn a_first_visit_ships_little() {
        let compressed: usize = ASSETS.iter().map(|asset| asset.brotli.len()).sum();
        assert!(compressed < 120_000, "{compressed} bytes leave no room for a page within 150 KB");
    }

    #[test]
    fn every_picture_that_the_style_sheet_names_is_there() {
        let css = String::from_utf8_lossy(ASSETS[0].plain);
        let named: Vec<&str> = css.split("url(").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)).collect();
        assert!(named.len() > 5, "{named:?}");
        for name in named {
            assert!(picture(name).is_some(), "{name}");
        }
    }
}
