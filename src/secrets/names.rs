use std::sync::LazyLock;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use regex::Regex;
use regex::bytes::Regex as BytesRegex;
use serde_json::Value;

/// Names of secrets, in upper snake case. The same stands in `tenantry.names_a_secret`; a test compares them.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        "(SECRET|PASSWORD|PASSWD|PASSPHRASE|(^|_)PWD(_|$)|TOKEN$|API_?KEY|CREDENTIAL\
         |(PRIVATE|ACCESS|SIGNING|ENCRYPTION|MASTER|AUTH|SERVICE_?ROLE)_?KEY)",
    )
});

/// What is about a password isn't one.
static ABOUT: LazyLock<Regex> =
    LazyLock::new(|| regex("_(MIN|MAX|LENGTH|TTL|ENABLED|REQUIRED|POLICY|TIMEOUT|EXPIRY|DAYS|HOURS)$"));

static HUMP: LazyLock<Regex> = LazyLock::new(|| regex("([a-z0-9])([A-Z])"));

static BETWEEN_WORDS: LazyLock<Regex> = LazyLock::new(|| regex("[^A-Za-z0-9]+"));

/// Forms of secrets. The same stands in `tenantry.looks_secret`; a test compares them.
static FORM: LazyLock<BytesRegex> = LazyLock::new(|| {
    let form = "(^|[^A-Za-z0-9])([sr]k_(live|test)_|whsec_|gh[opsur]_[A-Za-z0-9]{20}|github_pat_|glpat-|npm_[A-Za-z0-9]{30}\
                |xox[abeprs]-|AKIA[0-9A-Z]{16}|SG[.][A-Za-z0-9_-]{16}|tnt_(svc|pat|rt)_)\
                |-----BEGIN [A-Z ]*PRIVATE KEY-----\
                |^eyJ[A-Za-z0-9_-]+[.]eyJ[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*$\
                |://[^/:@[:space:]]*:[^/@[:space:]]+@";
    BytesRegex::new(&format!("(?-u){form}")).unwrap_or_else(|_| unreachable!("a pattern that a test compiles"))
});

/// As PostgreSQL decodes: whatever the last bits are.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Shorter texts aren't decoded.
const SHORTEST_BASE64: usize = 16;

/// Whether the name or the form of a variable says that it is a secret; an empty one and a switch are none.
pub fn is_secret_variable(name: &str, value: &Value) -> bool {
    let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    let holds_something = !value.is_boolean() && !value.is_null() && !text.is_empty();
    holds_something && (names_a_secret(name) || looks_secret(&text))
}

/// Whether the name of a variable says that its value is a secret, e.g. `STRIPE_SECRET_KEY`, `dbPassword`, `GITHUB_TOKEN`.
pub(super) fn names_a_secret(name: &str) -> bool {
    let humps = HUMP.replace_all(name, "${1}_${2}");
    let snake = BETWEEN_WORDS.replace_all(&humps, "_").to_ascii_uppercase();
    NAME.is_match(&snake) && !ABOUT.is_match(&snake)
}

/// Whether the form of a value says that it is a secret, plain or in base64.
pub(super) fn looks_secret(value: &str) -> bool {
    let in_base64 = || value.len() >= SHORTEST_BASE64 && BASE64.decode(value).is_ok_and(|bytes| FORM.is_match(&bytes));
    FORM.is_match(value.as_bytes()) || in_base64()
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|_| unreachable!("a pattern that a test compiles"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known_in_every_spelling() {
        for name in ["STRIPE_SECRET_KEY", "dbPassword", "GITHUB_TOKEN", "maps_api-key", "pwd", "service-role-key"] {
            assert!(names_a_secret(name), "{name}");
        }
        for name in ["APP_NAME", "PASSWORD_MIN_LENGTH", "TOKEN_TTL", "tokens_per_day", "monkey"] {
            assert!(!names_a_secret(name), "{name}");
        }
    }

    #[test]
    fn forms_of_secrets_are_known_also_in_base64() {
        for value in ["sk_live_1", "postgres://app:pw@db/app", "c2tfbGl2ZV9oaWRkZW4tdmFsdWU=", "eyJa.eyJb.c"] {
            assert!(looks_secret(value), "{value}");
        }
        for value in ["https://api.example", "QWNtZSBzaG9wIGZvciBhbGw=", "desk_live_1", ""] {
            assert!(!looks_secret(value), "{value}");
        }
    }
}
