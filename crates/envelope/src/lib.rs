//! Envelope encryption: a key ring, data keys, sealed values bound to their place, keyed fingerprints.
//!
//! Three layers of keys, each opening the next:
//!
//! - [`Ring`]: key-encryption keys, which never enter the database. The first encrypts, all of them decrypt.
//! - [`DataKey`]: one for each client and one for global rows, kept wrapped by a key of the ring.
//! - a sealed value: AES-256-GCM under a data key, with everything that says where it belongs as associated data, so that
//!   it opens there and nowhere else.
//!
//! A [`Fingerprint`] is a MAC of the value under a key of the same client, so that equal values can be seen to be equal
//! and nobody can guess a value by it. Everything that holds a plain value or a key overwrites itself when it goes, and
//! can't be printed, compared or serialised by accident.
//!
//! No input or output, no clock. Randomness is the system's, taken from aws-lc-rs.

/// What can go wrong, without a word of what was sealed.
mod error;

/// The one cipher: sealing bytes with associated data.
mod cipher;

/// Associated data as length-prefixed tuples.
mod tuple;

/// The keys of data keys and secrets.
mod data_key;

/// Key-encryption keys.
mod key;

/// Values in the clear.
mod plaintext;

/// Where secrets belong.
mod place;

/// The ring on paper, under a passphrase.
pub mod recovery;

/// Key-encryption keys in order.
mod ring;

#[cfg(test)]
mod vectors;

pub use data_key::{DataKey, Fingerprint};
pub use error::{Error, Result};
pub use key::{Key, KeyId};
pub use place::{Owner, Place};
pub use plaintext::Plaintext;
pub use ring::Ring;
