use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde_json::Value;

use super::keys::KeySet;
use super::refusal::Refusal;

/// The audience of every access token, as Supabase has it.
pub const AUDIENCE: &str = "authenticated";

/// How far the clocks of two machines may be apart, in seconds: for tokens that somebody else made.
pub const SKEW: i64 = 30;

/// Longer ones are nobody's: what a header of a request may hold.
const LONGEST: usize = 16 * 1024;

/// Signs claims with the newest key.
pub fn sign(claims: &Value, keys: &KeySet) -> crate::Result<String> {
    let key = keys.newest();
    let header = Header { kid: Some(key.id().to_owned()), ..Header::new(Algorithm::ES256) };
    jsonwebtoken::encode(&header, claims, key.signing())
        .map_err(|error| crate::Error::failure(format!("an access token can't be signed: {error}")))
}

/// Who must have made a token, with what, and for whom.
pub struct Expected<'a> {
    /// The one algorithm: what the token says it was made with is compared with it and decides nothing.
    pub algorithm: Algorithm,
    /// The key to check it with.
    pub key: &'a DecodingKey,
    /// The claim `iss`.
    pub issuer: &'a str,
    /// The claim `aud`, or one of several there.
    pub audience: &'a str,
    /// How many seconds after its end a token still counts.
    pub skew: i64,
}

/// What a token says of itself before anything is believed: only good for choosing what to check it against.
pub struct Claimed {
    /// The header.
    pub header: Header,
    /// The claim `iss`.
    pub issuer: String,
}

/// Reads what a token says of itself, and refuses one that wants to be checked in a way of its own.
pub fn read(token: &str) -> Result<Claimed, Refusal> {
    let malformed = || Refusal::invalid("the bearer is no token and no JWT");
    if token.len() > LONGEST {
        return Err(Refusal::invalid("the bearer is longer than any token"));
    }
    let header = jsonwebtoken::decode_header(token).map_err(|error| match error.kind() {
        // `none` is read as an algorithm that nobody knows.
        jsonwebtoken::errors::ErrorKind::Json(_) => {
            Refusal::invalid("the JWT's header names no algorithm that is accepted")
        }
        _ => malformed(),
    })?;
    let brings_key = header.jwk.is_some() || header.jku.is_some() || header.x5u.is_some() || header.x5c.is_some();
    if brings_key || header.crit.is_some() {
        return Err(Refusal::invalid("the JWT's header brings its own key or conditions, which aren't taken"));
    }
    let claims: Value = jsonwebtoken::dangerous::insecure_decode_claims(token).map_err(|_| malformed())?;
    let issuer = claims["iss"].as_str().unwrap_or_default().to_owned();
    Ok(Claimed { header, issuer })
}

/// Checks a token's signature, algorithm, issuer, audience and times, and returns its claims.
pub fn verify(token: &str, expected: &Expected<'_>, now: Timestamp) -> Result<Value, Refusal> {
    let mut validation = Validation::new(expected.algorithm);
    validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    validation.set_audience(&[expected.audience]);
    validation.set_issuer(&[expected.issuer]);
    // The times are compared below, with a clock that tests can set.
    validation.validate_exp = false;
    let verified = jsonwebtoken::decode::<Value>(token, expected.key, &validation).map_err(refused)?;
    in_time(&verified.claims, now.as_second(), expected.skew)?;
    Ok(verified.claims)
}

fn refused(error: jsonwebtoken::errors::Error) -> Refusal {
    use jsonwebtoken::errors::ErrorKind;
    match error.into_kind() {
        ErrorKind::InvalidSignature => Refusal::invalid("the JWT's signature isn't right"),
        ErrorKind::InvalidAlgorithm => Refusal::invalid("the JWT was made with another algorithm than its issuer's"),
        ErrorKind::InvalidAudience => Refusal::over("JWT not in audience"),
        ErrorKind::InvalidIssuer => Refusal::over("the JWT has another issuer"),
        ErrorKind::MissingRequiredClaim(claim) => Refusal::over(format!("the JWT lacks the claim {claim}")),
        _ => Refusal::invalid("the bearer is no JWT that can be read"),
    }
}

/// Whether the claims hold now: `exp` has to be there, `nbf` and `iat` count where they are.
fn in_time(claims: &Value, now: i64, skew: i64) -> Result<(), Refusal> {
    #[expect(clippy::cast_possible_truncation, reason = "it saturates, and years beyond i64 are as good as none")]
    let seconds = |name: &str| match &claims[name] {
        Value::Null => Ok(None),
        value => value
            .as_i64()
            .or_else(|| value.as_f64().map(|seconds| seconds as i64))
            .map(Some)
            .ok_or_else(|| Refusal::over(format!("the JWT's claim {name} is no number"))),
    };
    let end = seconds("exp")?.ok_or_else(|| Refusal::over("the JWT lacks the claim exp"))?;
    if now >= end.saturating_add(skew) {
        return Err(Refusal::over("JWT expired").hint("Refresh the session, or sign in again."));
    }
    let begins = |name: &str| Ok(seconds(name)?.is_some_and(|begin| begin > now.saturating_add(SKEW)));
    if begins("nbf")? {
        return Err(Refusal::over("JWT not yet valid"));
    }
    if begins("iat")? {
        return Err(Refusal::over("JWT issued at future"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::hmac;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::auth::keys::Key;

    const NOW: i64 = 1_790_000_000;

    fn now() -> Timestamp {
        Timestamp::from_second(NOW).unwrap()
    }

    fn claims() -> Value {
        json!({ "iss": "https://us.example/auth/v1", "aud": "authenticated", "sub": "s", "exp": NOW + 900, "iat": NOW })
    }

    fn with(changes: &Value) -> Value {
        let mut claims = claims();
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }

    fn check(token: &str, keys: &KeySet) -> Result<Value, Refusal> {
        let claimed = read(token)?;
        let key = claimed
            .header
            .kid
            .as_deref()
            .and_then(|id| keys.find(id))
            .ok_or_else(|| Refusal::invalid("unknown key"))?;
        let expected = Expected {
            algorithm: Algorithm::ES256,
            key: key.verifying(),
            issuer: "https://us.example/auth/v1",
            audience: AUDIENCE,
            skew: 0,
        };
        verify(token, &expected, now())
    }

    fn keys() -> KeySet {
        KeySet::new(vec![Key::generate(2).unwrap().0, Key::generate(1).unwrap().0])
    }

    fn forge(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    #[test]
    fn what_we_sign_we_believe() {
        let keys = keys();
        assert_eq!(check(&sign(&claims(), &keys).unwrap(), &keys).unwrap(), claims());
    }

    #[test]
    fn forged_tokens_are_refused() {
        let keys = keys();
        let kid = keys.newest().id();
        let public = serde_json::to_value(keys.published()).unwrap()["keys"][0].clone();
        let hs256 = |secret: Vec<u8>| {
            move |message: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), message).as_ref().to_vec()
        };
        let jwk_text = public.to_string().into_bytes();
        let x = URL_SAFE_NO_PAD.decode(public["x"].as_str().unwrap()).unwrap();
        let y = URL_SAFE_NO_PAD.decode(public["y"].as_str().unwrap()).unwrap();
        let point = [vec![4], x, y].concat();
        let hs = json!({ "alg": "HS256", "kid": kid });
        for (what, token) in [
            ("alg none", forge(&json!({ "alg": "none", "kid": kid }), &claims(), |_| vec![])),
            ("alg None", forge(&json!({ "alg": "None", "kid": kid }), &claims(), |_| vec![])),
            ("no alg", forge(&json!({ "kid": kid }), &claims(), |_| vec![])),
            ("empty signature", forge(&json!({ "alg": "ES256", "kid": kid }), &claims(), |_| vec![])),
            ("zero signature", forge(&json!({ "alg": "ES256", "kid": kid }), &claims(), |_| vec![0; 64])),
            ("HS256 with the public key as JSON", forge(&hs, &claims(), hs256(jwk_text))),
            ("HS256 with the public point", forge(&hs, &claims(), hs256(point))),
            ("HS256 with nothing", forge(&hs, &claims(), hs256(vec![]))),
        ] {
            let refused = check(&token, &keys).expect_err(what);
            assert_eq!((refused.status.as_u16(), refused.code), (401, "PGRST301"), "{what}: {}", refused.message);
        }
    }

    #[test]
    fn a_key_that_a_token_brings_is_not_taken() {
        let (keys, attacker) = (keys(), KeySet::new(vec![Key::generate(1).unwrap().0]));
        let jwk = attacker.published().keys.remove(0);
        for id in [keys.newest().id(), attacker.newest().id()] {
            let header = Header { kid: Some(id.to_owned()), jwk: Some(jwk.clone()), ..Header::new(Algorithm::ES256) };
            let token = jsonwebtoken::encode(&header, &claims(), attacker.newest().signing()).unwrap();
            assert_eq!(check(&token, &keys).unwrap_err().code, "PGRST301");
        }
        let swapped = Header { kid: Some(keys.newest().id().to_owned()), ..Header::new(Algorithm::ES256) };
        let token = jsonwebtoken::encode(&swapped, &claims(), attacker.newest().signing()).unwrap();
        assert_eq!(check(&token, &keys).unwrap_err().message, "the JWT's signature isn't right");
        let older = Header { kid: Some(keys.all()[1].id().to_owned()), ..Header::new(Algorithm::ES256) };
        let token = jsonwebtoken::encode(&older, &claims(), keys.newest().signing()).unwrap();
        assert_eq!(check(&token, &keys).unwrap_err().message, "the JWT's signature isn't right");
    }

    #[test]
    fn claims_that_do_not_hold_are_refused() {
        let keys = keys();
        for (changes, message) in [
            (json!({ "exp": NOW }), "JWT expired"),
            (json!({ "exp": NOW - 3_600 }), "JWT expired"),
            (json!({ "exp": null }), "the JWT lacks the claim exp"),
            (json!({ "exp": "tomorrow" }), "the JWT lacks the claim exp"),
            (json!({ "nbf": NOW + 3_600 }), "JWT not yet valid"),
            (json!({ "iat": NOW + 3_600 }), "JWT issued at future"),
            (json!({ "aud": "anon" }), "JWT not in audience"),
            (json!({ "aud": [] }), "JWT not in audience"),
            (json!({ "aud": null }), "the JWT lacks the claim aud"),
            (json!({ "iss": "https://them.example/auth/v1" }), "the JWT has another issuer"),
            (json!({ "iss": null }), "the JWT lacks the claim iss"),
            (json!({ "sub": null }), "the JWT lacks the claim sub"),
        ] {
            let token = sign(&with(&changes), &keys).unwrap();
            let refused = check(&token, &keys).expect_err(message);
            assert_eq!((refused.code, refused.message.as_str()), ("PGRST303", message), "{changes}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_believed(text in "\\PC{0,200}") {
            let keys = KeySet::new(vec![Key::generate(1).unwrap().0]);
            prop_assert!(check(&text, &keys).is_err());
        }

        #[test]
        fn a_changed_token_is_not_believed(place in any::<proptest::sample::Index>(), letter in "[A-Za-z0-9_.-]") {
            let keys = KeySet::new(vec![Key::generate(1).unwrap().0]);
            let token = sign(&claims(), &keys).unwrap();
            let mut changed = token.clone();
            let place = place.index(token.len());
            changed.replace_range(place..=place, &letter);
            prop_assume!(changed != token);
            prop_assert!(check(&changed, &keys).is_err());
        }
    }
}
