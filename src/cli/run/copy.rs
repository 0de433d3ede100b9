use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf;
use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::{Error, Result, files};

/// What a copy's key is derived for, and the form of the file.
const FORM: &[u8] = b"tenantry copy of variables 1";

/// An encrypted copy of an app's variables. Its key comes from the token alone: without the token it is noise, and it
/// opens for no other token or server.
pub struct Copy {
    folder: PathBuf,
    name: String,
    key: Zeroizing<[u8; 32]>,
    associated: Vec<u8>,
}

/// What was kept.
pub struct Kept {
    /// When.
    pub at: Timestamp,
    /// The file of variables.
    pub text: Zeroizing<String>,
}

impl Copy {
    /// The place of a copy, which needn't be there.
    pub fn new(folder: PathBuf, server: &str, token: &str) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, FORM);
        let secret = salt.extract(token.as_bytes());
        let filled = secret.expand(&[b"key"], hkdf::HKDF_SHA256).and_then(|found| found.fill(key.as_mut_slice()));
        debug_assert!(filled.is_ok(), "HKDF gives 32 bytes");
        let associated = [FORM, b"\0", server.as_bytes()].concat();
        let of = digest(&SHA256, &[associated.as_slice(), b"\0", token.as_bytes()].concat());
        let name = of.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        Self { folder, name, key, associated }
    }

    /// Keeps variables.
    pub fn keep(&self, text: &str, now: Timestamp) -> Result<()> {
        let mut sealed = Zeroizing::new(Vec::with_capacity(text.len() + 64));
        sealed.extend_from_slice(&now.as_second().to_be_bytes());
        sealed.extend_from_slice(text.as_bytes());
        let nonce = self.seal(&mut sealed).map_err(|_| Error::failure("the copy can't be encrypted"))?;
        files::make_private_folder(&self.folder)?;
        files::replace(&self.folder, &self.name, &[nonce.as_ref().as_slice(), &sealed].concat(), 0o600)?;
        Ok(())
    }

    fn seal(&self, body: &mut Vec<u8>) -> std::result::Result<Nonce, Unspecified> {
        RandomizedNonceKey::new(&AES_256_GCM, &*self.key)?.seal_in_place_append_tag(Aad::from(&self.associated), body)
    }

    /// What was kept; none where there is nothing, or something else.
    pub fn open(&self) -> Option<Kept> {
        let mut body = Zeroizing::new(fs::read(self.folder.join(&self.name)).ok()?);
        let (nonce, sealed) = body.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, &*self.key).ok()?;
        let plain = key.open_in_place(nonce, Aad::from(&self.associated), sealed).ok()?;
        let (at, text) = plain.split_first_chunk()?;
        let at = Timestamp::from_second(i64::from_be_bytes(*at)).ok()?;
        Some(Kept { at, text: Zeroizing::new(str::from_utf8(text).ok()?.to_owned()) })
    }

    /// Removes it.
    pub fn drop_it(&self) -> Result<()> {
        match fs::remove_file(self.folder.join(&self.name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Error::failure(format!("the copy in {} can't be removed: {error}", self.folder.display()))
                    .mend("remove it: the token no longer reads these values")
                    .caused_by(error))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_opens_for_its_token_and_server_alone() {
        let folder = std::env::temp_dir().join(format!("tenantry-copy-{}", uuid::Uuid::new_v4().simple()));
        let at = Timestamp::from_second(1_000).expect("a time");
        let copy = Copy::new(folder.clone(), "http://one.example", "tnt_rt_one");
        copy.keep("KEY='secret value'\n", at).expect("it is written");
        let kept = copy.open().expect("it opens");
        assert_eq!((kept.at, kept.text.as_str()), (at, "KEY='secret value'\n"));
        let file = folder.join(&copy.name);
        let bytes = fs::read(&file).expect("it is there");
        assert!(
            !bytes.windows(6).any(|window| window == b"secret") && !bytes.windows(6).any(|window| window == b"tnt_rt")
        );
        for (server, token) in [("http://one.example", "tnt_rt_two"), ("http://two.example", "tnt_rt_one")] {
            let other = Copy::new(folder.clone(), server, token);
            assert!(other.open().is_none());
            fs::copy(&file, folder.join(&other.name)).expect("it is copied");
            assert!(other.open().is_none());
        }
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            fs::write(&file, &changed).expect("it is written");
            assert!(copy.open().is_none(), "byte {place}");
        }
        fs::write(&file, &bytes[..4]).expect("it is written");
        assert!(copy.open().is_none());
        copy.drop_it().expect("it is removed");
        copy.drop_it().expect("it needn't be there");
        let _ = fs::remove_dir_all(folder);
    }
}
