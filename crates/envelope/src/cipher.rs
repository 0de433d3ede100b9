use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{hkdf, rand};
use zeroize::Zeroizing;

use crate::{Error, Result};

/// How many bytes a key of AES-256 has, and everything derived like one.
pub(crate) const KEY_LENGTH: usize = 32;

/// The form of sealed bytes: this byte, a random nonce, ciphertext, tag.
const FORM: u8 = 1;

const HEAD: usize = 1 + NONCE_LEN;

const TAG: usize = 16;

/// Random bytes of the system's.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>> {
    let mut bytes = Zeroizing::new([0; N]);
    rand::fill(bytes.as_mut_slice()).map_err(|_| Error::NoRandomness)?;
    Ok(bytes)
}

/// A key for one purpose from a secret: HKDF-SHA256.
pub(crate) fn derive(secret: &[u8], purpose: &str) -> Zeroizing<[u8; KEY_LENGTH]> {
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"tenantry envelope");
    let mut derived = Zeroizing::new([0; KEY_LENGTH]);
    let expanded = salt.extract(secret);
    let filled = expanded
        .expand(&[purpose.as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|key_material| key_material.fill(derived.as_mut_slice()));
    assert!(filled.is_ok(), "HKDF gives 32 bytes");
    derived
}

/// Seals under a nonce that nobody used before: 96 random bits, good for 2^32 values a key.
pub(crate) fn seal(key: &[u8; KEY_LENGTH], associated: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    Ok(seal_with(key, *random::<NONCE_LEN>()?, associated, plain))
}

/// Seals under a nonce that is given, as known answers need it.
pub(crate) fn seal_with(key: &[u8; KEY_LENGTH], nonce: [u8; NONCE_LEN], associated: &[u8], plain: &[u8]) -> Vec<u8> {
    // Room for all of it at once: a vector that grows leaves copies of what it held.
    let mut body = Vec::with_capacity(plain.len() + TAG);
    body.extend_from_slice(plain);
    let sealed = cipher(key).seal_in_place_append_tag(Nonce::from(&nonce), Aad::from(associated), &mut body);
    assert!(sealed.is_ok(), "AES-256-GCM seals what fits into memory");
    [&[FORM], nonce.as_slice(), &body].concat()
}

/// Opens what was sealed under the same key with the same associated data, and nothing else.
pub(crate) fn open(key: &[u8; KEY_LENGTH], associated: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    if sealed.len() < HEAD + TAG || sealed[0] != FORM {
        return Err(Error::Refused);
    }
    let (head, body) = sealed.split_at(HEAD);
    let nonce = Nonce::try_assume_unique_for_key(&head[1..]).map_err(|_| Error::Refused)?;
    let mut body = Zeroizing::new(body.to_vec());
    let opened = cipher(key).open_in_place(nonce, Aad::from(associated), &mut body);
    let length = opened.map_err(|_| Error::Refused)?.len();
    body.truncate(length);
    Ok(body)
}

fn cipher(key: &[u8; KEY_LENGTH]) -> LessSafeKey {
    let key = UnboundKey::new(&AES_256_GCM, key);
    LessSafeKey::new(key.unwrap_or_else(|_| unreachable!("a key of AES-256 has 32 bytes")))
}
