use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::canonical::Array;
use super::hash::Hash;
use super::key::Key;

/// What a seal says, before it is hashed and signed. Its columns are described in `tenantry.audit_seals`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the column of the same name, which the database describes")]
pub struct Statement {
    pub number: i64,
    /// Microseconds since 1970.
    pub sealed_at: i64,
    /// First day of the month of its entries, `2026-11-01`.
    pub month: Option<String>,
    /// As `int8multirange` prints it.
    pub ids: String,
    pub row_count: i64,
    pub rows_hash: Hash,
    pub previous_hash: Hash,
    /// As `pg_snapshot` prints it.
    pub snapshot: String,
    pub restored_through: i64,
    pub key_id: String,
}

impl Statement {
    /// What is hashed and signed.
    pub fn canonical(&self) -> Vec<u8> {
        let Self {
            number,
            sealed_at,
            month,
            ids,
            row_count,
            rows_hash,
            previous_hash,
            snapshot,
            restored_through,
            key_id,
        } = self;
        Array::new("tenantry.audit_seals.1")
            .number(*number)
            .number(*sealed_at)
            .text(month.as_deref())
            .text(Some(ids))
            .number(*row_count)
            .printed(Some(rows_hash))
            .printed(Some(previous_hash))
            .text(Some(snapshot))
            .number(*restored_through)
            .text(Some(key_id))
            .finish()
    }

    /// Hashes and signs it.
    pub fn seal(self, key: &Key) -> Seal {
        let canonical = self.canonical();
        Seal { hash: Hash::of(&canonical), signature: key.sign(&canonical), statement: self }
    }
}

/// A seal of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// What it says.
    pub statement: Statement,
    /// The hash of that, which the next seal repeats.
    pub hash: Hash,
    /// Ed25519 over it.
    pub signature: Vec<u8>,
}

impl Seal {
    /// Its place in the chain and its hash: what is kept outside the database.
    pub fn head(&self) -> Head {
        Head { number: self.statement.number, hash: self.hash }
    }
}

/// A place in the chain and the hash there, written `57:9f86…`. Whoever keeps one can tell later whether the chain still
/// holds that seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The seal's number.
    pub number: i64,
    /// The seal's hash.
    pub hash: Hash,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, self.hash)
    }
}

impl FromStr for Head {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a head is the number of a seal, a colon and 64 hex digits, as `audit verify` prints it";
        let (number, hash) = text.trim().split_once(':').ok_or(WRONG)?;
        Ok(Self { number: number.parse().map_err(|_| WRONG)?, hash: hash.parse().map_err(|_| WRONG)? })
    }
}

impl Serialize for Head {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
