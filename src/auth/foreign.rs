//! Issuers of access tokens that aren't ours: a Supabase project, say, whose sign-in an agency keeps.
//!
//! They are named in a file, each with one fixed algorithm and its keys. What such a token says is believed as far as who
//! somebody is, never what they may: that is looked up here.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header};
use serde::Deserialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::jwt::{self, Expected};
use super::refusal::Refusal;
use crate::{Error, Result};

/// The shortest secret that HS256 is any good with: as long as its hash.
const SHORTEST_SECRET: usize = 32;

/// The issuers that are believed; none unless a file names some.
#[derive(Default)]
pub struct Issuers {
    issuers: Vec<Issuer>,
}

struct Issuer {
    name: String,
    audience: String,
    algorithm: Algorithm,
    /// Each with the id that a token names it by; HS256 has one, without.
    keys: Vec<(Option<String>, DecodingKey)>,
}

/// An issuer as the file names it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    issuer: String,
    algorithm: Algorithm,
    #[serde(default = "authenticated")]
    audience: String,
    secret: Option<Zeroizing<String>>,
    jwks: Option<JwkSet>,
}

fn authenticated() -> String {
    jwt::AUDIENCE.to_owned()
}

impl Issuers {
    /// Reads the file.
    pub fn read(file: &Path, ours: &str) -> Result<Self> {
        let place = file.display().to_string();
        let text = fs::read(file).map(Zeroizing::new).map_err(|error| {
            Error::usage(format!("{place} can't be read: {error}"))
                .mend("name a file that is there in TENANTRY_ISSUERS")
        })?;
        Self::parse(&text, ours).map_err(|error| error.within(&place))
    }

    fn parse(text: &[u8], ours: &str) -> Result<Self> {
        let named: Vec<Named> = serde_json::from_slice(text).map_err(|error| {
            // What serde_json says could repeat a secret, but for where it is.
            Error::usage(format!("line {}, column {}: it isn't a list of issuers", error.line(), error.column())).mend(
                "write [{\"issuer\": \"https://…/auth/v1\", \"algorithm\": \"HS256\", \"secret\": \"…\"}], or an \
                 asymmetric algorithm with \"jwks\": {\"keys\": […]}; \"audience\" is \"authenticated\" unless said",
            )
        })?;
        let mut seen = BTreeSet::from([ours.to_owned()]);
        let mut issuers = Vec::new();
        for one in named {
            let place = one.issuer.clone();
            if one.issuer.is_empty() || !seen.insert(one.issuer.clone()) {
                return Err(Error::usage(format!("the issuer {place:?} is named twice, is ours, or has no name")));
            }
            issuers.push(Issuer::new(one).map_err(|error| error.within(&format!("the issuer {place:?}")))?);
        }
        Ok(Self { issuers })
    }

    /// Who a token says somebody is, where one of the issuers has made it; none where it is no issuer's of these.
    pub fn verify(&self, token: &str, header: &Header, issuer: &str, now: Timestamp) -> Option<Result<Uuid, Refusal>> {
        let issuer = self.issuers.iter().find(|known| known.name == issuer)?;
        Some(issuer.verify(token, header, now))
    }
}

impl Issuer {
    fn new(named: Named) -> Result<Self> {
        use Algorithm::{ES256, ES384, EdDSA, HS256, RS256};
        let keys = match (named.algorithm, named.secret, named.jwks) {
            (HS256, Some(secret), None) if secret.len() >= SHORTEST_SECRET => {
                vec![(None, DecodingKey::from_secret(secret.as_bytes()))]
            }
            (HS256, Some(_), None) => {
                return Err(Error::usage(format!(
                    "its secret has less than {SHORTEST_SECRET} bytes, and could be guessed"
                )));
            }
            (RS256 | ES256 | ES384 | EdDSA, None, Some(jwks)) => asymmetric(named.algorithm, &jwks)?,
            (RS256 | ES256 | ES384 | EdDSA, ..) => return Err(Error::usage("its algorithm needs jwks, and no secret")),
            (HS256, ..) => return Err(Error::usage("HS256 needs a secret, and no jwks")),
            _ => return Err(Error::usage("its algorithm is none of HS256, RS256, ES256, ES384, EdDSA")),
        };
        Ok(Self { name: named.issuer, audience: named.audience, algorithm: named.algorithm, keys })
    }

    fn verify(&self, token: &str, header: &Header, now: Timestamp) -> Result<Uuid, Refusal> {
        let named = |(id, _): &&(Option<String>, DecodingKey)| id.is_none() || *id == header.kid;
        let (_, key) = self
            .keys
            .iter()
            .find(named)
            .ok_or_else(|| Refusal::invalid("the JWT names a key that its issuer hasn't"))?;
        let expected =
            Expected { algorithm: self.algorithm, key, issuer: &self.name, audience: &self.audience, skew: jwt::SKEW };
        let claims = jwt::verify(token, &expected, now)?;
        let subject = claims["sub"].as_str().and_then(|sub| Uuid::try_parse(sub).ok());
        subject.ok_or_else(|| Refusal::over("the JWT's claim sub is no person's id"))
    }
}

/// The keys of a set that are for checking with an algorithm.
fn asymmetric(algorithm: Algorithm, jwks: &JwkSet) -> Result<Vec<(Option<String>, DecodingKey)>> {
    let fits = |jwk: &&Jwk| {
        let for_signing = jwk.common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
        let same = jwk.common.key_algorithm.is_none_or(|named| named.to_string() == format!("{algorithm:?}"));
        for_signing && same && jwk.common.key_id.is_some()
    };
    let keys: Vec<_> = jwks
        .keys
        .iter()
        .filter(fits)
        .filter_map(|jwk| Some((jwk.common.key_id.clone(), DecodingKey::from_jwk(jwk).ok()?)))
        .filter(|(_, key)| key.family() == algorithm.family())
        .collect();
    if keys.is_empty() {
        return Err(Error::usage(format!("its jwks has no key with a kid for {algorithm:?}")));
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::EncodingKey;
    use serde_json::{Value, json};

    use super::*;
    use crate::auth::keys::{Key, KeySet};

    const NOW: i64 = 1_790_000_000;
    const THEIRS: &str = "https://abc.supabase.co/auth/v1";
    const SECRET: &str = "a-secret-of-at-least-thirty-two-bytes";
    const PERSON: Uuid = Uuid::from_u128(7);

    fn now() -> Timestamp {
        Timestamp::from_second(NOW).unwrap()
    }

    fn issuers(list: &Value) -> Result<Issuers> {
        Issuers::parse(list.to_string().as_bytes(), "https://us.example/auth/v1")
    }

    fn claims() -> Value {
        json!({ "iss": THEIRS, "aud": "authenticated", "sub": PERSON, "exp": NOW + 60, "app_metadata": { "role": "super_admin" } })
    }

    fn verify(issuers: &Issuers, token: &str) -> Option<Result<Uuid, Refusal>> {
        let claimed = jwt::read(token).unwrap();
        issuers.verify(token, &claimed.header, &claimed.issuer, now())
    }

    #[test]
    fn a_secret_and_a_key_set_are_believed_for_their_issuer_alone() {
        let keys = KeySet::new(vec![Key::generate(1).unwrap().0]);
        let issuers = issuers(&json!([
            { "issuer": THEIRS, "algorithm": "HS256", "secret": SECRET },
            { "issuer": "https://idp.example", "algorithm": "ES256", "audience": "tenantry", "jwks": keys.published() },
        ]))
        .unwrap();
        let hs = |claims: &Value| {
            let key = EncodingKey::from_secret(SECRET.as_bytes());
            jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
        };
        assert_eq!(verify(&issuers, &hs(&claims())), Some(Ok(PERSON)));

        let mut other = claims();
        other["iss"] = "https://idp.example".into();
        other["aud"] = "tenantry".into();
        assert_eq!(verify(&issuers, &jwt::sign(&other, &keys).unwrap()), Some(Ok(PERSON)));
        assert!(verify(&issuers, &hs(&other)).unwrap().is_err(), "another's algorithm");
        assert!(verify(&issuers, &jwt::sign(&claims(), &keys).unwrap()).unwrap().is_err(), "another's key");

        let mut unknown = claims();
        unknown["iss"] = "https://us.example/auth/v1".into();
        assert!(verify(&issuers, &hs(&unknown)).is_none(), "nobody's");
    }

    #[test]
    fn audience_end_and_person_are_required() {
        let issuers = issuers(&json!([{ "issuer": THEIRS, "algorithm": "HS256", "secret": SECRET }])).unwrap();
        for (changes, why) in [
            (json!({ "aud": null }), "lacks the claim aud"),
            (json!({ "aud": "anon" }), "not in audience"),
            (json!({ "exp": null }), "lacks the claim exp"),
            (json!({ "exp": NOW - 31 }), "expired"),
            (json!({ "sub": null }), "lacks the claim sub"),
            (json!({ "sub": "somebody" }), "no person's id"),
        ] {
            let mut changed = claims();
            for (name, value) in changes.as_object().unwrap() {
                changed[name] = value.clone();
            }
            let key = EncodingKey::from_secret(SECRET.as_bytes());
            let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &changed, &key).unwrap();
            let refused = verify(&issuers, &token).unwrap().expect_err(why);
            assert!(refused.message.contains(why), "{changes}: {}", refused.message);
        }
    }

    #[test]
    fn a_file_that_is_wrong_is_refused_and_repeats_no_secret() {
        let keys = KeySet::new(vec![Key::generate(1).unwrap().0]);
        let published = serde_json::to_value(keys.published()).unwrap();
        for (list, why) in [
            (json!({}), "list of issuers"),
            (json!([{ "issuer": THEIRS, "algorithm": "none", "secret": SECRET }]), "list of issuers"),
            (json!([{ "issuer": THEIRS, "algorithm": "HS256", "secret": "hunter2" }]), "could be guessed"),
            (json!([{ "issuer": THEIRS, "algorithm": "HS256", "jwks": published }]), "needs a secret"),
            (json!([{ "issuer": THEIRS, "algorithm": "ES256", "secret": SECRET, "jwks": published }]), "needs jwks"),
            (json!([{ "issuer": THEIRS, "algorithm": "RS256", "jwks": published }]), "no key with a kid"),
            (json!([{ "issuer": THEIRS, "algorithm": "ES256", "jwks": { "keys": [] } }]), "no key with a kid"),
            (json!([{ "issuer": THEIRS, "algorithm": "HS256", "secret": SECRET, "role": "admin" }]), "list of issuers"),
            (json!([{ "issuer": "https://us.example/auth/v1", "algorithm": "HS256", "secret": SECRET }]), "is ours"),
        ] {
            let refused = issuers(&list).err().expect(why).to_string();
            assert!(refused.contains(why), "{list}: {refused}");
            assert!(!refused.contains("hunter2") && !refused.contains(SECRET), "{refused}");
        }
    }
}
