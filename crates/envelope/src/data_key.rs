use std::fmt;

use aws_lc_rs::hmac;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::cipher::{self, KEY_LENGTH, random};
use crate::key::hex;
use crate::tuple::encode;
use crate::{Error, Key, KeyId, Owner, Place, Plaintext, Result, Ring};

/// What the associated data of a wrapped data key begins with.
const WRAPPED: &[u8] = b"tenantry data key 1";

/// What the associated data of a secret begins with.
const SECRET: &[u8] = b"tenantry secret 1";

/// Twice a key: one half seals, the other makes fingerprints.
const MATERIAL: usize = 2 * KEY_LENGTH;

/// The key of one client's secrets, or of those of global rows.
pub struct DataKey {
    id: Uuid,
    owner: Owner,
    material: Zeroizing<[u8; MATERIAL]>,
}

/// A MAC of a value under a key of its owner: equal where the values are, and no help in guessing them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// As text: 32 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl DataKey {
    /// A new one at random.
    pub fn generate(id: Uuid, owner: Owner) -> Result<Self> {
        Ok(Self { id, owner, material: random()? })
    }

    /// One that takes this one's place: it seals anew and makes the same fingerprints, since rows keep those.
    pub fn successor(&self, id: Uuid) -> Result<Self> {
        let mut next = Self::generate(id, self.owner)?;
        next.material[KEY_LENGTH..].copy_from_slice(&self.material[KEY_LENGTH..]);
        Ok(next)
    }

    /// What it is called.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Whose it is.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// Wraps it by a key-encryption key, for the database.
    pub fn wrap(&self, by: &Key) -> Result<Vec<u8>> {
        cipher::seal(&by.wrapping(), &wrapped_as(self.id, self.owner, by.id()), self.material.as_slice())
    }

    /// Unwraps one by the key of a ring that it was wrapped by.
    pub fn unwrap(ring: &Ring, by: &KeyId, id: Uuid, owner: Owner, wrapped: &[u8]) -> Result<Self> {
        let key = ring.find(by).ok_or_else(|| Error::MissingKey(by.clone()))?;
        let opened = cipher::open(&key.wrapping(), &wrapped_as(id, owner, by), wrapped)?;
        let mut material = Zeroizing::new([0; MATERIAL]);
        if opened.len() != MATERIAL {
            return Err(Error::Refused);
        }
        material.copy_from_slice(&opened);
        Ok(Self { id, owner, material })
    }

    /// Seals a value for its place under the id of its secret.
    pub fn seal(&self, secret: Uuid, place: Place<'_>, plain: &Plaintext) -> Result<Vec<u8>> {
        cipher::seal(&self.sealing(), &self.sealed_as(secret, place), plain.bytes())
    }

    /// Opens a value that was sealed by this key for this place under this id.
    pub fn open(&self, secret: Uuid, place: Place<'_>, sealed: &[u8]) -> Result<Plaintext> {
        let mut opened = cipher::open(&self.sealing(), &self.sealed_as(secret, place), sealed)?;
        Ok(Plaintext::of_bytes(std::mem::take(&mut *opened)))
    }

    /// The fingerprint of a value.
    pub fn fingerprint(&self, plain: &Plaintext) -> Fingerprint {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.material[KEY_LENGTH..]);
        Fingerprint(hex(&hmac::sign(&key, plain.bytes()).as_ref()[..16]))
    }

    fn sealing(&self) -> Zeroizing<[u8; KEY_LENGTH]> {
        let mut key = Zeroizing::new([0; KEY_LENGTH]);
        key.copy_from_slice(&self.material[..KEY_LENGTH]);
        key
    }

    /// Everything that says where a secret belongs.
    fn sealed_as(&self, secret: Uuid, place: Place<'_>) -> Vec<u8> {
        encode(&[
            SECRET,
            secret.as_bytes(),
            &self.owner.to_bytes(),
            place.table.as_bytes(),
            place.column.as_bytes(),
            place.path.as_bytes(),
            self.id.as_bytes(),
        ])
    }

    #[cfg(test)]
    pub(crate) fn of(id: Uuid, owner: Owner, material: [u8; MATERIAL]) -> Self {
        Self { id, owner, material: Zeroizing::new(material) }
    }

    #[cfg(test)]
    pub(crate) fn seal_with(&self, nonce: [u8; 12], secret: Uuid, place: Place<'_>, plain: &Plaintext) -> Vec<u8> {
        cipher::seal_with(&self.sealing(), nonce, &self.sealed_as(secret, place), plain.bytes())
    }

    #[cfg(test)]
    pub(crate) fn wrap_with(&self, nonce: [u8; 12], by: &Key) -> Vec<u8> {
        let associated = wrapped_as(self.id, self.owner, by.id());
        cipher::seal_with(&by.wrapping(), nonce, &associated, self.material.as_slice())
    }
}

fn wrapped_as(id: Uuid, owner: Owner, by: &KeyId) -> Vec<u8> {
    encode(&[WRAPPED, id.as_bytes(), &owner.to_bytes(), by.as_str().as_bytes()])
}
