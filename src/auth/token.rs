use std::fmt;

use zeroize::Zeroizing;

use super::secret::{is_letter, letter, random_word, sha256};
use crate::Result;

/// 260 random bits, in letters of five.
const RANDOM: usize = 52;

/// Letters of checksum behind them: a token that was cut off or mistyped is told from one that is unknown, and what looks
/// like a token in somebody's repository can be told from one without asking.
const CHECKSUM: usize = 6;

/// How much of a token is kept in the clear, behind its prefix, to recognise it by.
const SHOWN: usize = 4;

/// What a token is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
#[schema(as = TokenKind)]
pub enum Kind {
    /// Names an app, and nobody: what a page without a session sends.
    Publishable,
    /// Acts as the person who has it.
    Personal,
    /// Acts as `tenantry_service`: a machine of the agency's own.
    Service,
    /// Reads one client's configuration; `/config/v1` only.
    Runtime,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Publishable, Self::Personal, Self::Service, Self::Runtime];

    /// As `tenantry.tokens.kind` has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publishable => "publishable",
            Self::Personal => "personal",
            Self::Service => "service",
            Self::Runtime => "runtime",
        }
    }

    /// What its tokens begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Publishable => "tnt_pub_",
            Self::Personal => "tnt_pat_",
            Self::Service => "tnt_svc_",
            Self::Runtime => "tnt_rt_",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A token in clear, shown once and never kept; has no `Debug`, so that no log shows it.
pub struct Token {
    kind: Kind,
    text: Zeroizing<String>,
}

impl Token {
    /// A new one.
    pub fn generated(kind: Kind) -> Result<Self> {
        let body = Zeroizing::new(format!("{}{}", kind.prefix(), &*random_word(RANDOM)?));
        let text = Zeroizing::new(format!("{}{}", &*body, checksum(&body)));
        Ok(Self { kind, text })
    }

    /// Reads one; none where the text has not the form of a token or its checksum doesn't fit.
    pub fn parse(text: &str) -> Option<Self> {
        let kind = Kind::ALL.into_iter().find(|kind| text.starts_with(kind.prefix()))?;
        let letters = &text[kind.prefix().len()..];
        if letters.len() != RANDOM + CHECKSUM || !letters.chars().all(is_letter) {
            return None;
        }
        let (body, sum) = text.split_at(text.len() - CHECKSUM);
        (checksum(body) == sum).then(|| Self { kind, text: Zeroizing::new(text.to_owned()) })
    }

    /// What it is for.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The token itself, for whoever it is given to.
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// What the database knows of it.
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.text.as_bytes())
    }

    /// The beginning, by which people recognise it.
    pub fn shown(&self) -> &str {
        &self.text[..self.kind.prefix().len() + SHOWN]
    }
}

/// Whether a text is meant as a token of ours, well-formed or not.
pub fn looks_like_token(text: &str) -> bool {
    text.starts_with("tnt_")
}

fn checksum(body: &str) -> String {
    sha256(body.as_bytes()).iter().take(CHECKSUM).map(|byte| letter(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tokens_are_read_as_they_are_written_and_differ() {
        for kind in Kind::ALL {
            let (token, other) = (Token::generated(kind).unwrap(), Token::generated(kind).unwrap());
            let read = Token::parse(token.reveal()).unwrap();
            assert_eq!((read.kind(), read.hash()), (kind, token.hash()));
            assert_ne!(token.reveal(), other.reveal());
            assert!(token.reveal().starts_with(token.shown()) && token.shown().len() < 14);
        }
    }

    proptest! {
        #[test]
        fn a_token_with_one_character_changed_is_none(place in 8..66_usize, letter in "[a-z0-9]") {
            let token = Token::generated(Kind::Service).unwrap();
            let mut text = token.reveal().to_owned();
            text.replace_range(place..=place, &letter);
            prop_assume!(text != token.reveal());
            // 30 bits of checksum: one in a billion passes.
            prop_assert!(Token::parse(&text).is_none());
        }

        #[test]
        fn no_other_text_is_a_token(text in "\\PC{0,100}", prefix in "tnt_(pub|pat|svc|rt)_") {
            prop_assert!(Token::parse(&text).is_none());
            let prefixed = format!("{prefix}{text}");
            prop_assert!(Token::parse(&prefixed).is_none());
        }
    }
}
