use std::fmt::Write as _;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::cipher::{self, KEY_LENGTH, random};
use crate::tuple::encode;
use crate::{Error, KeyId, Result, Ring};

/// Shorter passphrases are guessed by whoever finds the export.
pub const SHORTEST_PASSPHRASE: usize = 16;

/// What guessing costs: memory in KiB, passes, lanes. Once in a while it may take a second.
const COST: Cost = Cost { memory: 256 * 1024, passes: 4, lanes: 1 };

/// An export that asks for more than this is no export, but an attack on whoever reads it.
const DEAREST: Cost = Cost { memory: 1024 * 1024, passes: 16, lanes: 4 };

const SALT: usize = 16;

const BEGIN: &str = "-----BEGIN TENANTRY RECOVERY EXPORT-----";

const END: &str = "-----END TENANTRY RECOVERY EXPORT-----";

/// What the associated data of an export begins with.
const EXPORT: &[u8] = b"tenantry recovery export 1";

#[derive(Clone, Copy, PartialEq, Eq)]
struct Cost {
    memory: u32,
    passes: u32,
    lanes: u32,
}

/// A ring as text to be kept on paper or in a safe, wrapped by a passphrase; it says which keys are in it.
pub fn export(ring: &Ring, passphrase: &str) -> Result<String> {
    if passphrase.chars().count() < SHORTEST_PASSPHRASE {
        return Err(Error::WeakPassphrase);
    }
    write(ring, passphrase, COST)
}

/// The ring of an export.
pub fn import(text: &str, passphrase: &str) -> Result<Ring> {
    let Read { head, cost, salt, sealed } = read(text)?;
    let key = stretch(passphrase, &salt, cost)?;
    let opened =
        cipher::open(&key, &encode(&[EXPORT, head.as_bytes()]), &sealed).map_err(|_| Error::WrongPassphrase)?;
    let text = std::str::from_utf8(&opened).map_err(|_| Error::NotAnExport("there are no keys in it"))?;
    Ring::parse(text)
}

/// Which keys an export says it has; nothing vouches for that before it is opened.
pub fn key_ids(text: &str) -> Result<Vec<KeyId>> {
    let head = read(text)?.head;
    let named = head.lines().find_map(|line| line.strip_prefix("keys: "));
    Ok(named.unwrap_or_default().split(' ').map(KeyId::named).collect())
}

fn write(ring: &Ring, passphrase: &str, cost: Cost) -> Result<String> {
    let salt = random::<SALT>()?;
    let ids: Vec<&str> = ring.ids().map(KeyId::as_str).collect();
    let head = format!(
        "keys: {}\nargon2id: m={} t={} p={}\nsalt: {}\n",
        ids.join(" "),
        cost.memory,
        cost.passes,
        cost.lanes,
        STANDARD.encode(salt.as_slice())
    );
    let key = stretch(passphrase, salt.as_slice(), cost)?;
    let sealed = cipher::seal(&key, &encode(&[EXPORT, head.as_bytes()]), ring.print().as_bytes())?;
    let mut text = format!("{BEGIN}\n{head}\n");
    let body = STANDARD.encode(sealed);
    for line in body.as_bytes().chunks(64) {
        let _ = writeln!(text, "{}", String::from_utf8_lossy(line));
    }
    let _ = writeln!(text, "{END}");
    Ok(text)
}

struct Read {
    /// Every line that says how to open it, as it was authenticated.
    head: String,
    cost: Cost,
    salt: Vec<u8>,
    sealed: Vec<u8>,
}

fn read(text: &str) -> Result<Read> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let begins = lines.iter().position(|line| *line == BEGIN).ok_or(Error::NotAnExport("its first line is missing"))?;
    let ends = lines.iter().position(|line| *line == END).ok_or(Error::NotAnExport("its last line is missing"))?;
    let within = lines.get(begins + 1..ends).ok_or(Error::NotAnExport("its lines are out of order"))?;
    let gap = within.iter().position(|line| line.is_empty()).ok_or(Error::NotAnExport("its head has no end"))?;
    let (head, body) = within.split_at(gap);
    let said = |name: &str| head.iter().find_map(|line| line.strip_prefix(name));
    let salt = said("salt: ").and_then(|salt| STANDARD.decode(salt).ok());
    let salt = salt.filter(|salt| salt.len() == SALT).ok_or(Error::NotAnExport("its salt can't be read"))?;
    let cost = said("argon2id: ").and_then(cost).ok_or(Error::NotAnExport("its line argon2id can't be read"))?;
    let sealed = STANDARD.decode(body.concat()).map_err(|_| Error::NotAnExport("its body isn't base64"))?;
    let head = head.iter().map(|line| format!("{line}\n")).collect();
    Ok(Read { head, cost, salt, sealed })
}

fn cost(text: &str) -> Option<Cost> {
    let mut words = text.split(' ');
    let mut number = |name: &str| words.next()?.strip_prefix(name)?.parse::<u32>().ok();
    let cost = Cost { memory: number("m=")?, passes: number("t=")?, lanes: number("p=")? };
    let within = cost.memory <= DEAREST.memory && cost.passes <= DEAREST.passes && cost.lanes <= DEAREST.lanes;
    (within && words.next().is_none()).then_some(cost)
}

fn stretch(passphrase: &str, salt: &[u8], cost: Cost) -> Result<Zeroizing<[u8; KEY_LENGTH]>> {
    let impossible = |_| Error::NotAnExport("its line argon2id asks for what can't be");
    let params = Params::new(cost.memory, cost.passes, cost.lanes, Some(KEY_LENGTH)).map_err(impossible)?;
    let mut key = Zeroizing::new([0; KEY_LENGTH]);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(passphrase.as_bytes(), salt, key.as_mut_slice()).map_err(impossible)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;

    const PASSPHRASE: &str = "correct horse battery staple";

    /// Dear enough to be an export, cheap enough for a test.
    const CHEAP: Cost = Cost { memory: 64, passes: 1, lanes: 1 };

    fn ring() -> Ring {
        Ring::new(vec![Key::generate().unwrap(), Key::generate().unwrap()]).unwrap()
    }

    #[test]
    fn an_export_brings_every_key_back_in_order() {
        let ring = ring();
        let text = write(&ring, PASSPHRASE, CHEAP).unwrap();
        assert!(ring.ids().eq(&key_ids(&text).unwrap()));
        assert!(import(&text, PASSPHRASE).unwrap().ids().eq(ring.ids()));
        let posted = text.replace('\n', "\r\n  ");
        assert!(import(&format!("by post:{posted}"), PASSPHRASE).is_err(), "its first line isn't one any more");
        assert!(import(&format!("by post:\n{posted}"), PASSPHRASE).unwrap().ids().eq(ring.ids()));
    }

    #[test]
    fn no_key_stands_in_it_and_no_other_passphrase_opens_it() {
        let ring = ring();
        let text = write(&ring, PASSPHRASE, CHEAP).unwrap();
        for key in ring.print().lines() {
            assert!(!text.contains(&key[8..24]));
        }
        for wrong in ["", "correct horse battery stapl", "Correct horse battery staple"] {
            assert_eq!(import(&text, wrong).err(), Some(Error::WrongPassphrase), "{wrong}");
        }
    }

    #[test]
    fn whatever_is_altered_is_noticed() {
        let text = write(&ring(), PASSPHRASE, CHEAP).unwrap();
        for (place, byte) in text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_graphic()) {
            let mut altered = text.clone().into_bytes();
            altered[place] = if byte == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert!(import(&altered, PASSPHRASE).is_err(), "byte {place} of {text}");
        }
        for end in 0..text.len() - 1 {
            assert!(import(&text[..end], PASSPHRASE).is_err(), "cut after {end}");
        }
    }

    #[test]
    fn an_export_cant_ask_for_all_memory_there_is() {
        let text = write(&ring(), PASSPHRASE, CHEAP).unwrap();
        for dear in ["m=4294967295 t=1 p=1", "m=64 t=4294967295 p=1", "m=64 t=1 p=200", "m=64 t=1 p=0"] {
            let refused = import(&text.replace("m=64 t=1 p=1", dear), PASSPHRASE).err().unwrap();
            assert!(matches!(refused, Error::NotAnExport(_)), "{dear}: {refused}");
        }
    }

    #[test]
    fn a_passphrase_that_would_be_guessed_is_refused() {
        assert_eq!(export(&ring(), "fifteen letters").err(), Some(Error::WeakPassphrase));
    }
}
