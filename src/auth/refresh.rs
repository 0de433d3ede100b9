use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::keys::KeySet;
use super::secret::sha256;

/// What tells a refresh token from everything else, for people and for programs that look for leaked secrets.
const PREFIX: &str = "tnt_rft_";

const MAC: usize = 32;

const NAMED: usize = 16 + 4;

/// A refresh token that one of our keys has vouched for: which session it continues, and how often that had been
/// continued before.
///
/// The token holds both and an HMAC over them. So an invented token is refused without asking the database, a used one is
/// recognised for as long as its session lasts without keeping it, and whoever asks twice can be given the same answer
/// although nothing but a hash is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refresh {
    /// The session.
    pub session: Uuid,
    /// How many tokens the session had before this one.
    pub generation: i32,
}

impl Refresh {
    /// The token itself, made with a key.
    pub fn token(self, secret: &hmac::Key) -> Zeroizing<String> {
        let named = self.named();
        let mut bytes = named.to_vec();
        bytes.extend_from_slice(hmac::sign(secret, &named).as_ref());
        Zeroizing::new(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Reads one that one of the keys has made.
    pub fn parse(text: &str, keys: &KeySet) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        if bytes.len() != NAMED + MAC {
            return None;
        }
        let (named, mac) = bytes.split_at(NAMED);
        keys.all().iter().find(|key| hmac::verify(key.refresh_secret(), named, mac).is_ok())?;
        let (session, generation) = named.split_at(16);
        Some(Self {
            session: Uuid::from_slice(session).ok()?,
            generation: i32::from_be_bytes(generation.try_into().ok()?),
        })
    }

    /// The one after it.
    pub fn next(self) -> Self {
        Self { generation: self.generation + 1, ..self }
    }

    fn named(self) -> [u8; NAMED] {
        let mut named = [0; NAMED];
        named[..16].copy_from_slice(self.session.as_bytes());
        named[16..].copy_from_slice(&self.generation.to_be_bytes());
        named
    }
}

/// What the database knows of a refresh token.
pub fn hash(token: &str) -> [u8; 32] {
    sha256(token.as_bytes())
}

/// What becomes of a token that is a session's, given the session as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It is the newest: it is exchanged.
    First,
    /// It was exchanged a moment ago, by another tab perhaps: the same answer again.
    Again,
    /// Somebody kept it who shouldn't have: the session ends.
    Stolen,
}

/// How long the same answer is given again, in seconds.
pub const AGAIN_SECONDS: i64 = 10;

/// Judges a token's generation against the newest one and the seconds since that was made.
pub fn judge(generation: i32, newest: i32, seconds_since: f64) -> Use {
    #[expect(clippy::cast_precision_loss, reason = "ten")]
    let within = seconds_since <= AGAIN_SECONDS as f64;
    match newest.checked_sub(generation) {
        Some(0) => Use::First,
        Some(1) if within => Use::Again,
        _ => Use::Stolen,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::auth::keys::Key;

    #[test]
    fn a_used_token_counts_once_more_for_ten_seconds() {
        assert_eq!(judge(4, 4, 9_000.0), Use::First);
        assert_eq!(judge(3, 4, 9.9), Use::Again);
        assert_eq!(judge(3, 4, 10.1), Use::Stolen);
        assert_eq!(judge(2, 4, 0.1), Use::Stolen);
        assert_eq!(judge(5, 4, 0.1), Use::Stolen);
        assert_eq!(judge(i32::MIN, i32::MAX, 0.0), Use::Stolen);
    }

    #[test]
    fn both_live_keys_vouch_and_no_other() {
        let (old, new, other) = (Key::generate(1).unwrap().0, Key::generate(2).unwrap().0, Key::generate(3).unwrap().0);
        let refresh = Refresh { session: Uuid::new_v4(), generation: 7 };
        let (by_old, by_new, by_other) = (
            refresh.token(old.refresh_secret()),
            refresh.token(new.refresh_secret()),
            refresh.token(other.refresh_secret()),
        );
        let keys = KeySet::new(vec![new, old]);
        assert_eq!(Refresh::parse(&by_old, &keys), Some(refresh));
        assert_eq!(Refresh::parse(&by_new, &keys), Some(refresh));
        assert_eq!(Refresh::parse(&by_other, &keys), None);
    }

    proptest! {
        #[test]
        fn a_changed_token_is_none(place in 8..78_usize, letter in "[A-Za-z0-9_-]") {
            let keys = KeySet::new(vec![Key::generate(1).unwrap().0]);
            let token = Refresh { session: Uuid::new_v4(), generation: 1 }.token(keys.newest().refresh_secret());
            let mut text = token.as_str().to_owned();
            prop_assume!(place < text.len());
            text.replace_range(place..=place, &letter);
            prop_assume!(text != *token);
            prop_assert_eq!(Refresh::parse(&text, &keys), None);
        }

        #[test]
        fn no_text_is_a_token(text in "\\PC{0,120}") {
            let keys = KeySet::new(vec![Key::generate(1).unwrap().0]);
            let prefixed = format!("{PREFIX}{text}");
            prop_assert_eq!(Refresh::parse(&text, &keys), None);
            prop_assert_eq!(Refresh::parse(&prefixed, &keys), None);
        }
    }
}
