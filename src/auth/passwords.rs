use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use super::secret::random_word;
use crate::{Error, Result};

/// Memory, passes and lanes: 64 MiB thrice takes a tenth of a second or so, and a graphics card few guesses at a time.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;

const SHORTEST: usize = 8;

/// Longer ones are no safer, and hashing them takes memory from others.
const LONGEST: usize = 1_000;

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
        let word = random_word(20)?;
        let groups: Vec<&str> = (0..4).map(|group| &word[group * 5..group * 5 + 5]).collect();
        Ok(Self(Zeroizing::new(groups.join("-"))))
    }

    /// The password itself: to be hashed, or printed once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// The argon2id hash of a password as a PHC string, salted at random.
pub fn password_hash(password: &str) -> Result<String> {
    let hashed = argon2()?.hash_password(password.as_bytes());
    hashed
        .map(|hash| hash.to_string())
        .map_err(|error| Error::failure(format!("the password can't be hashed: {error}")))
}

/// What is known of a person's password, to check one against.
pub struct Known {
    /// Our own hash, which counts where there is one.
    pub argon2id: Option<String>,
    /// The hash of somebody adopted.
    pub bcrypt: Option<String>,
    /// A bcrypt hash of anybody's, where this database has some: what it costs to check one is always paid then.
    pub somebodys_bcrypt: Option<String>,
}

impl Known {
    /// Whether the password is the person's.
    ///
    /// Takes as long whether there is a hash or not, and whichever it is: both are always computed.
    pub fn is(&self, password: &str) -> Result<bool> {
        self.is_by(&Computed, password)
    }

    fn is_by(&self, hashes: &impl Hashes, password: &str) -> Result<bool> {
        let ours = self.argon2id.as_deref();
        let by_argon2 = hashes.argon2id(password, ours)?;
        let theirs = self.bcrypt.as_deref();
        let by_bcrypt = match theirs.or(self.somebodys_bcrypt.as_deref()) {
            Some(hash) => hashes.bcrypt(password, hash),
            None => false,
        };
        Ok(if ours.is_some() { by_argon2 } else { theirs.is_some() && by_bcrypt })
    }
}

/// What costs time in a sign-in.
trait Hashes {
    /// Whether a password has a hash; of nobody's, one is computed all the same.
    fn argon2id(&self, password: &str, hash: Option<&str>) -> Result<bool>;

    /// Whether a password has a bcrypt hash.
    fn bcrypt(&self, password: &str, hash: &str) -> bool;
}

struct Computed;

impl Hashes for Computed {
    fn argon2id(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        match hash {
            Some(hash) => Ok(argon2()?.verify_password(password.as_bytes(), hash).is_ok()),
            None => password_hash(password).map(|_| false),
        }
    }

    fn bcrypt(&self, password: &str, hash: &str) -> bool {
        bcrypt::verify(password, hash).unwrap_or(false)
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| Error::failure(format!("argon2 refuses its parameters: {error}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use argon2::password_hash::phc::PasswordHash;

    use super::*;

    /// Writes down what would be computed, and finds no password right but one.
    #[derive(Default)]
    struct Counted(RefCell<Vec<&'static str>>);

    impl Hashes for Counted {
        fn argon2id(&self, password: &str, hash: Option<&str>) -> Result<bool> {
            self.0.borrow_mut().push("argon2id");
            Ok(hash == Some(password))
        }

        fn bcrypt(&self, password: &str, hash: &str) -> bool {
            self.0.borrow_mut().push("bcrypt");
            hash == password
        }
    }

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
    fn our_hash_counts_before_one_that_was_there() {
        let bcrypt = bcrypt::hash("theirs", 4).unwrap();
        let known = |ours: Option<&str>, theirs: bool| Known {
            argon2id: ours.map(|password| password_hash(password).unwrap()),
            bcrypt: theirs.then(|| bcrypt.clone()),
            somebodys_bcrypt: Some(bcrypt.clone()),
        };
        assert!(known(Some("ours"), true).is("ours").unwrap());
        assert!(!known(Some("ours"), true).is("theirs").unwrap(), "it was changed here");
        assert!(known(None, true).is("theirs").unwrap());
        assert!(!known(None, true).is("other").unwrap());
        assert!(!known(None, false).is("theirs").unwrap(), "somebody else's");
    }

    #[test]
    fn the_same_is_computed_whoever_it_is_and_whether_it_is_right() {
        let hash = |is_there: bool| is_there.then(|| "right".to_owned());
        for adopted in [false, true] {
            let mut works = Vec::new();
            for (ours, theirs) in [(false, false), (true, false), (false, adopted), (true, adopted)] {
                let known = Known { argon2id: hash(ours), bcrypt: hash(theirs), somebodys_bcrypt: hash(adopted) };
                for password in ["right", "wrong", ""] {
                    let counted = Counted::default();
                    let is_theirs = known.is_by(&counted, password).unwrap();
                    assert_eq!(is_theirs, password == "right" && (ours || theirs), "{ours} {theirs} {password}");
                    works.push(counted.0.take());
                }
            }
            let expected: &[&str] = if adopted { &["argon2id", "bcrypt"] } else { &["argon2id"] };
            assert!(works.iter().all(|work| work == expected), "{works:?}");
        }
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
