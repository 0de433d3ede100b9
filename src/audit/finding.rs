use std::fmt;

use serde::Serialize;

use super::ids::Ids;
use super::seal::Head;

/// Something in the log or its seals that no honest writer leaves, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are places: a seal's number, an entry's id")]
pub enum Finding {
    /// The entry's contents aren't those that were hashed.
    Edited { seal: Option<i64>, entry: i64 },
    /// Hashes of entries were written anew, to fit what was edited.
    Rehashed { seal: i64, entries: String },
    /// A sealed entry isn't there.
    Removed { seal: i64, entries: String },
    /// An entry of that number is there twice.
    Repeated { seal: i64, entry: i64 },
    /// The entry lies in another month than when it was sealed.
    Redated { seal: i64, entry: i64 },
    /// The contents were emptied, and no entry says that they were erased.
    Emptied { seal: Option<i64>, entry: i64 },
    /// The entry is in no seal, though one was made after it was committed.
    Unsealed { entry: i64, why: String },
    /// Seals are missing in the chain.
    SealsRemoved { first: i64, last: i64 },
    /// A seal says something else than what was hashed.
    SealEdited { seal: i64 },
    /// A seal doesn't follow from the one before it.
    ChainBroken { seal: i64 },
    /// A seal isn't signed by the key that it names.
    Forged { seal: i64, key: String },
    /// A seal is signed by a key that nobody here knows.
    UnknownKey { seal: i64, key: String },
    /// A seal has entries that another has already.
    SealedTwice { seal: i64, entries: String },
    /// A seal that was seen once isn't in the chain any more.
    CutOff { head: Head, chain_ends: i64 },
}

impl Finding {
    /// Whether a seal is gone that was seen before.
    pub fn is_cut_off(&self) -> bool {
        matches!(self, Self::CutOff { .. })
    }

    /// Whether all that is missing is a key to check with.
    pub fn is_unknown_key(&self) -> bool {
        matches!(self, Self::UnknownKey { .. })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited { seal: Some(seal), entry } => write!(f, "entry {entry} (seal {seal}) was edited"),
            Self::Edited { seal: None, entry } => write!(f, "entry {entry}, which no seal holds yet, was edited"),
            Self::Rehashed { seal, entries } => {
                write!(f, "hashes among entries {entries} (seal {seal}) were computed anew to fit edited contents")
            }
            Self::Removed { seal, entries } => write!(f, "entries {entries} (seal {seal}) were removed or renumbered"),
            Self::Repeated { seal, entry } => write!(f, "entry {entry} (seal {seal}) is there twice"),
            Self::Redated { seal, entry } => write!(f, "entry {entry} (seal {seal}) was moved to another month"),
            Self::Emptied { seal: Some(seal), entry } => {
                write!(f, "entry {entry} (seal {seal}) was emptied, and no erasure of it is logged")
            }
            Self::Emptied { seal: None, entry } => {
                write!(f, "entry {entry} was emptied, and no erasure of it is logged")
            }
            Self::Unsealed { entry, why } => write!(f, "entry {entry} is in no seal: {why}"),
            Self::SealsRemoved { first, last } => write!(f, "seals {first} to {last} were removed"),
            Self::SealEdited { seal } => write!(f, "seal {seal} was edited"),
            Self::ChainBroken { seal } => write!(f, "seal {seal} doesn't follow from the one before it"),
            Self::Forged { seal, key } => write!(f, "seal {seal} isn't signed by key {key}: it was forged"),
            Self::UnknownKey { seal, key } => {
                write!(f, "seal {seal} and perhaps later ones are signed by key {key}, which isn't known here")
            }
            Self::SealedTwice { seal, entries } => write!(f, "seal {seal} repeats entries {entries} of earlier seals"),
            Self::CutOff { head, chain_ends } => {
                write!(
                    f,
                    "seal {} with hash {} was there once and isn't any more (the chain ends at {chain_ends}): its end was cut off or replaced",
                    head.number, head.hash
                )
            }
        }
    }
}

/// Entries as a person writes them: `5–7, 9`.
pub(super) fn entries(ids: &Ids) -> String {
    const SHOWN: usize = 20;
    let range =
        |(start, end): (i64, i64)| if end - start == 1 { start.to_string() } else { format!("{start}–{}", end - 1) };
    let mut text = ids.ranges().take(SHOWN).map(range).collect::<Vec<_>>().join(", ");
    if ids.ranges().count() > SHOWN {
        text.push_str(" …");
    }
    text
}
