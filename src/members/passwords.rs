use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::{Error, Result};

/// Memory, passes and lanes: 64 MiB thrice takes a tenth of a second or so, and a graphics card few guesses at a time.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;

const SHORTEST: usize = 8;

/// Longer ones are no safer, and hashing them takes memory from others.
const LONGEST: usize = 1_000;

/// Letters and digits that nobody takes for one another: 32 of them, five bits each.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";

/// A password in clear, which is neither shown nor kept: overwritten when it goes.
pub struct Password(Zeroizing<String>);

impl Password {
    /// One that somebody chose.
    pub fn chosen(text: &str) -> Result<Self> {
        let length = text.chars().count();
        if length < SHORTEST || text.len() > LONGEST {
            return Err(Error::usage(format!(
                "a password has {SHORTEST} characters or more, and at most {LONGEST} bytes"
            ))
            .mend("choose another, or leave --password-stdin out to have one made"));
        }
        if text.contains(char::is_control) {
            return Err(Error::usage("a password has no control characters").mend("give it on one line"));
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// One that nobody could guess: 100 random bits in four groups.
    pub fn generated() -> Result<Self> {
        let mut random = Zeroizing::new([0_u8; 20]);
        aws_lc_rs::rand::fill(random.as_mut_slice())
            .map_err(|error| Error::failure("the machine gives no random numbers").caused_by(error))?;
        let mut text = Zeroizing::new(String::with_capacity(23));
        for (place, byte) in random.iter().enumerate() {
            if place > 0 && place % 5 == 0 {
                text.push('-');
            }
            text.push(char::from(ALPHABET[usize::from(byte % 32)]));
        }
        Ok(Self(text))
    }

    /// The password itself: to be hashed, or printed once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// The argon2id hash of a password as a PHC string, salted at random.
pub fn password_hash(password: &str) -> Result<String> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| Error::failure(format!("argon2 refuses its parameters: {error}")))?;
    let hashed = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(password.as_bytes());
    hashed
        .map(|hash| hash.to_string())
        .map_err(|error| Error::failure(format!("the password can't be hashed: {error}")))
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordVerifier as _;
    use argon2::password_hash::phc::PasswordHash;

    use super::*;

    #[test]
    fn a_hash_says_how_it_was_made_and_verifies() {
        let hash = password_hash("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{hash}");
        let parsed = PasswordHash::new(&hash).unwrap();
        assert!(Argon2::default().verify_password(b"correct horse", &parsed).is_ok());
        assert!(Argon2::default().verify_password(b"correct house", &parsed).is_err());
        assert_ne!(hash, password_hash("correct horse").unwrap(), "salted");
    }

    #[test]
    fn generated_passwords_are_long_and_differ() {
        let (one, other) = (Password::generated().unwrap(), Password::generated().unwrap());
        assert_eq!(one.reveal().len(), 23);
        assert_ne!(one.reveal(), other.reveal());
        assert!(Password::chosen(one.reveal()).is_ok());
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        for text in ["", "1234567", "line\nbreak", &"x".repeat(1_001)] {
            assert!(Password::chosen(text).is_err());
        }
        assert!(Password::chosen("12345678").is_ok());
    }
}
