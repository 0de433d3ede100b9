//! What GoTrue does and Tenantry doesn't: each with its own word, and what to do instead.

use axum::http::{Method, StatusCode, Uri};

use super::problem::Problem;

const NO_SIGN_UP: &str =
    "Signups not allowed for this instance: an administrator adds people with `tenantry user create`";
const NO_MAIL: &str = "Tenantry sends no mail and no messages: people sign in with their password, and an administrator gives a new one with `tenantry user password`";
const NO_PROVIDERS: &str = "There are no other providers to sign in with; tokens of an issuer that you trust are accepted where the server's setting TENANTRY_ISSUERS names it";
const NO_FACTORS: &str =
    "There are no further factors; let an issuer that asks for them sign people in, and name it in TENANTRY_ISSUERS";
const NO_ADMIN: &str =
    "People are kept on the command line: tenantry user create, role, disable, password; tenantry member add";

/// Beginnings of paths, the word, and what to do instead.
const REFUSED: &[(&str, &str, &str)] = &[
    ("/signup", "signup_disabled", NO_SIGN_UP),
    ("/invite", "signup_disabled", NO_SIGN_UP),
    ("/otp", "feature_disabled", NO_MAIL),
    ("/magiclink", "feature_disabled", NO_MAIL),
    ("/recover", "feature_disabled", NO_MAIL),
    ("/resend", "feature_disabled", NO_MAIL),
    ("/verify", "feature_disabled", NO_MAIL),
    (
        "/reauthenticate",
        "feature_disabled",
        "No mail is sent, so there is no nonce: send current_password, or sign in again",
    ),
    ("/authorize", "feature_disabled", NO_PROVIDERS),
    ("/callback", "feature_disabled", NO_PROVIDERS),
    ("/sso", "feature_disabled", NO_PROVIDERS),
    ("/oauth", "feature_disabled", NO_PROVIDERS),
    ("/user/identities", "feature_disabled", NO_PROVIDERS),
    ("/user/oauth", "feature_disabled", NO_PROVIDERS),
    ("/factors", "feature_disabled", NO_FACTORS),
    ("/passkeys", "feature_disabled", NO_FACTORS),
    ("/admin", "feature_disabled", NO_ADMIN),
    ("/generate_link", "feature_disabled", NO_ADMIN),
];

/// Answers every path that isn't a route.
pub async fn answer(method: Method, uri: Uri) -> Problem {
    let path = uri.path();
    let is_within = |known: &str| path.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    match REFUSED.iter().find(|(known, ..)| is_within(known)) {
        Some((_, word, instead)) => Problem::not_here(word, instead),
        None => {
            Problem::new(StatusCode::NOT_FOUND, "not_found", format!("There is no {method} {path} beneath /auth/v1"))
        }
    }
}

/// Answers a grant that isn't given.
pub fn grant(name: &str) -> Problem {
    match name {
        "pkce" | "id_token" | "web3" => Problem::not_here("feature_disabled", NO_PROVIDERS),
        _ => Problem::bad_request("grant_type is password or refresh_token"),
    }
}
