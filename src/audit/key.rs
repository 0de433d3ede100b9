use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, ParsedPublicKey};

use super::hash::Hash;
use crate::{Error, Result};

/// The key that signs seals. It never enters the database and is never printed.
pub struct Key {
    pair: Ed25519KeyPair,
    id: String,
}

impl Key {
    /// Makes a new key; returns it with its PKCS #8 form, which is for the key's file and nothing else.
    pub fn generate() -> Result<(Self, zeroize::Zeroizing<Vec<u8>>)> {
        let document = Ed25519KeyPair::generate_pkcs8(&aws_lc_rs::rand::SystemRandom::new())
            .map_err(|_| Error::failure("the system gives no randomness for a key"))?;
        let pkcs8 = zeroize::Zeroizing::new(document.as_ref().to_vec());
        Ok((Self::from_pkcs8(&pkcs8)?, pkcs8))
    }

    /// A key from its PKCS #8 form.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8)
            .map_err(|_| Error::failure("it isn't an Ed25519 key in PKCS #8 form (DER)"))?;
        let id = key_id(pair.public_key().as_ref());
        Ok(Self { pair, id })
    }

    /// What seals name it by.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its public half.
    pub fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    /// Signs.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }
}

impl fmt::Debug for Key {
    /// Its id: the private half is never printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.id).finish()
    }
}

/// The public keys whose seals are believed: those that lie outside the database.
#[derive(Default)]
pub struct Trusted {
    keys: BTreeMap<String, ParsedPublicKey>,
}

/// What became of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// It is the key's.
    Good,
    /// It isn't.
    Bad,
    /// The key isn't among the trusted ones.
    UnknownKey,
}

impl Trusted {
    /// Adds a public key.
    pub fn add(&mut self, public: &[u8]) -> Result<()> {
        let key =
            ParsedPublicKey::new(&ED25519, public).map_err(|_| Error::failure("it isn't an Ed25519 public key"))?;
        self.keys.insert(key_id(public), key);
        Ok(())
    }

    /// Checks a signature by the key of that id.
    pub fn check(&self, key_id: &str, message: &[u8], signature: &[u8]) -> Signature {
        match self.keys.get(key_id) {
            None => Signature::UnknownKey,
            Some(key) if key.verify_sig(message, signature).is_ok() => Signature::Good,
            Some(_) => Signature::Bad,
        }
    }
}

/// The first 16 hex digits of the hash of a public key.
fn key_id(public: &[u8]) -> String {
    Hash::of(public).to_string()[..16].to_owned()
}
