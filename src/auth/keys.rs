use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::{Jwk, JwkSet, KeyOperations, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::secret::random_bytes;
use crate::{Error, Result};

/// How many keys are believed: the one that signs, and the one before it until its tokens have run out.
pub const LIVE: usize = 2;

/// What signs access tokens and vouches for refresh tokens. Its private halves are never printed and never in the database.
pub struct Key {
    number: u32,
    id: String,
    signing: EncodingKey,
    verifying: DecodingKey,
    jwk: Jwk,
    refresh_secret: hmac::Key,
}

/// A key as it lies in its file, in base64.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// P-256 in PKCS #8 form.
    signing: Zeroizing<String>,
    /// 256 random bits.
    refresh: Zeroizing<String>,
}

impl Key {
    /// Makes one; returns it with what its file holds.
    pub fn generate(number: u32) -> Result<(Self, Zeroizing<Vec<u8>>)> {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|_| Error::failure("the system gives no randomness for a key"))?;
        let written = Written {
            signing: Zeroizing::new(STANDARD.encode(pkcs8.as_ref())),
            refresh: Zeroizing::new(STANDARD.encode(random_bytes(32)?.as_slice())),
        };
        let file = Zeroizing::new(serde_json::to_vec(&written)?);
        Ok((Self::read(number, &file)?, file))
    }

    /// A key from its file.
    pub fn read(number: u32, file: &[u8]) -> Result<Self> {
        // What serde_json says of a file could repeat a piece of it.
        let written: Written =
            serde_json::from_slice(file).map_err(|_| Error::failure("it isn't a key as Tenantry writes them"))?;
        let decode =
            |text: &str| STANDARD.decode(text).map(Zeroizing::new).map_err(|_| Error::failure("it isn't base64"));
        let (pkcs8, refresh) = (decode(&written.signing)?, decode(&written.refresh)?);
        if refresh.len() != 32 {
            return Err(Error::failure("its refresh secret hasn't 32 bytes"));
        }
        let signing = EncodingKey::from_ec_der(&pkcs8);
        let broken = |_| Error::failure("it holds no P-256 key in PKCS #8 form");
        let mut jwk = Jwk::from_encoding_key(&signing, Algorithm::ES256).map_err(broken)?;
        let id = jwk.thumbprint(ThumbprintHash::SHA256).map_err(broken)?;
        jwk.common.key_id = Some(id.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        jwk.common.key_operations = Some(vec![KeyOperations::Verify]);
        let verifying = DecodingKey::from_jwk(&jwk).map_err(broken)?;
        Ok(Self { number, id, signing, verifying, jwk, refresh_secret: hmac::Key::new(hmac::HMAC_SHA256, &refresh) })
    }

    /// Its place among all keys there ever were.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The claim `kid`: its thumbprint (RFC 7638).
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn signing(&self) -> &EncodingKey {
        &self.signing
    }

    pub(super) fn verifying(&self) -> &DecodingKey {
        &self.verifying
    }

    pub(super) fn refresh_secret(&self) -> &hmac::Key {
        &self.refresh_secret
    }
}

/// The keys that are live, newest first; never none.
pub struct KeySet {
    keys: Vec<Key>,
}

impl KeySet {
    /// From keys, newest first.
    pub fn new(keys: Vec<Key>) -> Self {
        assert!(!keys.is_empty(), "somebody has to sign");
        Self { keys }
    }

    /// The one that signs.
    pub fn newest(&self) -> &Key {
        &self.keys[0]
    }

    /// All of them.
    pub fn all(&self) -> &[Key] {
        &self.keys
    }

    /// The one with an id.
    pub fn find(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// Their public halves, for whoever checks tokens without asking us.
    pub fn published(&self) -> JwkSet {
        JwkSet { keys: self.keys.iter().map(|key| key.jwk.clone()).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let (key, file) = Key::generate(3).unwrap();
        let read = Key::read(3, &file).unwrap();
        assert_eq!((read.id(), read.number()), (key.id(), 3));
    }

    #[test]
    fn nothing_private_is_published() {
        let keys = KeySet::new(vec![Key::generate(2).unwrap().0, Key::generate(1).unwrap().0]);
        let published = serde_json::to_value(keys.published()).unwrap();
        assert_eq!(published["keys"].as_array().unwrap().len(), 2);
        for key in published["keys"].as_array().unwrap() {
            let members: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
            assert!(
                members.iter().all(|name| ["use", "key_ops", "alg", "kid", "kty", "crv", "x", "y"].contains(name)),
                "{members:?}"
            );
            assert_eq!((&key["alg"], &key["crv"], &key["use"]), (&"ES256".into(), &"P-256".into(), &"sig".into()));
        }
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_repeated() {
        for file in ["", "{}", r#"{"signing":"hunter2","refresh":"hunter2"}"#, r#"{"signing":"aGk=","refresh":"aGk="}"#]
        {
            let refused = Key::read(1, file.as_bytes()).err().expect(file).to_string();
            assert!(!refused.contains("hunter2"), "{refused}");
        }
    }
}
