use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::cipher::{KEY_LENGTH, derive, random};
use crate::{Error, Result};

/// How a key is written: this, then its 32 bytes in base64 for URLs.
const PREFIX: &str = "tnt_kek_";

/// What a key is called: derived from it, so that it can be said aloud and a key can't have another's name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(String);

impl KeyId {
    /// The id in its text, whether or not there is such a key.
    pub fn named(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A key-encryption key, which wraps data keys and never enters the database.
pub struct Key {
    id: KeyId,
    secret: Zeroizing<[u8; KEY_LENGTH]>,
}

impl Key {
    /// A new one at random.
    pub fn generate() -> Result<Self> {
        Ok(Self::of(random()?))
    }

    /// Reads one as [`Key::print`] writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let body = text.strip_prefix(PREFIX)?;
        let mut secret = Zeroizing::new([0; KEY_LENGTH]);
        let length = URL_SAFE_NO_PAD.decode_slice(body, secret.as_mut_slice()).ok()?;
        (length == KEY_LENGTH).then(|| Self::of(secret))
    }

    pub(crate) fn of(secret: Zeroizing<[u8; KEY_LENGTH]>) -> Self {
        let name = derive(secret.as_slice(), "key id 1");
        Self { id: KeyId(format!("kek-{}", hex(&name[..8]))), secret }
    }

    /// What it is called.
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    /// The key itself, as it stands in a file or a variable.
    pub fn print(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + KEY_LENGTH * 2));
        text.push_str(PREFIX);
        URL_SAFE_NO_PAD.encode_string(self.secret.as_slice(), &mut text);
        text
    }

    /// What a database keeps to know the key again by; says nothing about it.
    pub fn check_value(&self) -> [u8; KEY_LENGTH] {
        *derive(self.secret.as_slice(), "check value 1")
    }

    /// Whether a check value is this key's.
    pub fn has_check_value(&self, kept: &[u8]) -> bool {
        // By a MAC of both under a key of one use: its comparison takes as long for every value.
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"compare");
        hmac::verify(&key, kept, hmac::sign(&key, &self.check_value()).as_ref()).is_ok()
    }

    /// What wraps data keys.
    pub(crate) fn wrapping(&self) -> Zeroizing<[u8; KEY_LENGTH]> {
        derive(self.secret.as_slice(), "wrap data keys 1")
    }
}

/// Whether a key stands on a line, and which.
pub(crate) fn on_line(line: &str, number: usize) -> Result<Option<Key>> {
    let text = line.split('#').next().unwrap_or_default().trim();
    if text.is_empty() {
        return Ok(None);
    }
    Key::parse(text).map(Some).ok_or(Error::NotAKey { line: number })
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or_default());
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let key = Key::generate().unwrap();
        let again = Key::parse(&key.print()).unwrap();
        assert_eq!(key.id(), again.id());
        assert!(again.has_check_value(&key.check_value()));
        assert_eq!(key.id().as_str().len(), "kek-".len() + 16);
    }

    #[test]
    fn another_key_has_another_name_and_check_value() {
        let (key, other) = (Key::generate().unwrap(), Key::generate().unwrap());
        assert_ne!(key.id(), other.id());
        assert!(!other.has_check_value(&key.check_value()));
        assert!(!key.has_check_value(&key.check_value()[..31]));
    }

    #[test]
    fn what_isnt_one_is_refused() {
        let key = Key::generate().unwrap().print();
        for odd in ["", "tnt_kek_", &key[1..], &key[..key.len() - 1], &format!("{}a", *key), &format!("{} ", *key)] {
            assert!(Key::parse(odd).is_none(), "{odd}");
        }
    }
}
