use zeroize::Zeroizing;

use crate::key::on_line;
use crate::{Error, Key, KeyId, Result};

/// Key-encryption keys in order: the first encrypts, all of them decrypt.
pub struct Ring {
    keys: Vec<Key>,
}

impl Ring {
    /// Keys in order; refuses none, and one that stands there twice.
    pub fn new(keys: Vec<Key>) -> Result<Self> {
        if keys.is_empty() {
            return Err(Error::NoKeys);
        }
        for (place, key) in keys.iter().enumerate() {
            if keys[..place].iter().any(|before| before.id() == key.id()) {
                return Err(Error::KeyTwice(key.id().clone()));
            }
        }
        Ok(Self { keys })
    }

    /// Reads keys, one a line; what follows a `#` is a comment. A variable may have blanks or commas instead of lines.
    pub fn parse(text: &str) -> Result<Self> {
        let mut keys = Vec::new();
        for (place, line) in text.lines().enumerate() {
            let spoken = line.split('#').next().unwrap_or_default();
            for word in spoken.split([' ', '\t', ',']) {
                keys.extend(on_line(word, place + 1)?);
            }
        }
        Self::new(keys)
    }

    /// All of them, one a line.
    pub fn print(&self) -> Zeroizing<String> {
        // Room for all of it at once: a string that grows leaves copies of what it held.
        let lines: Vec<Zeroizing<String>> = self.keys.iter().map(Key::print).collect();
        let mut text = Zeroizing::new(String::with_capacity(lines.iter().map(|line| line.len() + 1).sum()));
        for line in lines {
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    /// The one that encrypts.
    pub fn first(&self) -> &Key {
        &self.keys[0]
    }

    /// The one of that name.
    pub fn find(&self, id: &KeyId) -> Option<&Key> {
        self.keys.iter().find(|key| key.id() == id)
    }

    /// What they are called, in order.
    pub fn ids(&self) -> impl Iterator<Item = &KeyId> {
        self.keys.iter().map(Key::id)
    }

    /// The same ring with another key before all others.
    #[must_use]
    pub fn beginning_with(self, key: Key) -> Self {
        let others = self.keys.into_iter().filter(|other| other.id() != key.id());
        let others: Vec<Key> = others.collect();
        Self { keys: std::iter::once(key).chain(others).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_read_as_it_is_written_in_order() {
        let ring = Ring::new(vec![Key::generate().unwrap(), Key::generate().unwrap()]).unwrap();
        let again = Ring::parse(&ring.print()).unwrap();
        assert!(ring.ids().eq(again.ids()));
        assert_eq!(again.first().id(), ring.ids().next().unwrap());
        let inline = ring.print().replace('\n', ", ");
        assert!(Ring::parse(&inline).unwrap().ids().eq(ring.ids()), "as a variable has it");
    }

    #[test]
    fn what_is_wrong_is_named_by_its_line_and_not_repeated() {
        let key = Key::generate().unwrap();
        let text = format!("# the first\n{}\n\nhunter22 # old\n", *key.print());
        let refused = Ring::parse(&text).err().unwrap();
        assert_eq!(refused, Error::NotAKey { line: 4 });
        assert!(!refused.to_string().contains("hunter22"));
        assert_eq!(Ring::parse("# nothing\n").err(), Some(Error::NoKeys));
        let twice = format!("{0}\n{0}", *key.print());
        assert_eq!(Ring::parse(&twice).err(), Some(Error::KeyTwice(key.id().clone())));
    }

    #[test]
    fn a_new_key_goes_before_the_others() {
        let (old, new) = (Key::generate().unwrap(), Key::generate().unwrap());
        let ids = [new.id().clone(), old.id().clone()];
        let ring = Ring::new(vec![old]).unwrap().beginning_with(new);
        assert!(ring.ids().eq(&ids));
        assert!(ring.find(&ids[1]).is_some());
    }
}
