use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use zeroize::Zeroizing;

use crate::{Error, Result};

/// Letters and digits that nobody takes for one another: 32 of them, five bits each.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";

/// So many characters of the alphabet at random.
pub fn random_word(length: usize) -> Result<Zeroizing<String>> {
    let random = random_bytes(length)?;
    Ok(Zeroizing::new(random.iter().map(|byte| letter(*byte)).collect()))
}

/// So many random bytes.
pub fn random_bytes(length: usize) -> Result<Zeroizing<Vec<u8>>> {
    let mut random = Zeroizing::new(vec![0_u8; length]);
    rand::fill(&mut random).map_err(|error| Error::failure("the machine gives no random numbers").caused_by(error))?;
    Ok(random)
}

/// SHA-256, which is how tokens stand in the database: they are random enough that nothing slower is needed.
pub fn sha256(text: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, text).as_ref());
    hash
}

/// The letter for the lowest five bits of a byte.
pub fn letter(byte: u8) -> char {
    char::from(ALPHABET[usize::from(byte % 32)])
}

/// Whether a character is of the alphabet.
pub fn is_letter(character: char) -> bool {
    character.is_ascii() && ALPHABET.contains(&(character as u8))
}
