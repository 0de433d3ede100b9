use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use uuid::Uuid;

use super::etag::Sight;
use super::slot::Slot;
use super::subject::Subject;
use crate::auth::runtime::{Changed, RuntimeToken};

type Hash = [u8; 32];

/// By a hash that is as good as any other: nobody chooses what SHA-256 makes of a token.
type Tokens = HashMap<Hash, Arc<Known>, BuildHasherDefault<FirstBytes>>;

/// Takes the first bytes of a SHA-256 as they are.
#[derive(Default)]
struct FirstBytes(u64);

impl Hasher for FirstBytes {
    fn write(&mut self, bytes: &[u8]) {
        // An array says its length first, which no two keys differ in.
        self.0 = bytes.first_chunk().copied().map_or(self.0, u64::from_le_bytes);
    }

    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Everything that is in memory: tokens by their hash, and the documents that they read.
///
/// Whoever reads loads one pointer to the tokens and finds the document behind theirs.
#[derive(Default)]
pub struct Shelf {
    tokens: ArcSwap<Tokens>,
    /// Held by whoever changes tokens, and by nobody who reads.
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    slots: HashMap<Subject, Arc<Slot>>,
    /// Tokens that were revoked: whoever saw one alive a moment before may come late with it.
    gone: HashSet<Uuid>,
}

/// A runtime token that this server knows.
pub struct Known {
    /// Its id.
    pub id: Uuid,
    /// Whether it reads configuration.
    pub reads: bool,
    /// What it sees of secrets.
    pub sight: Sight,
    /// What it reads.
    pub slot: Arc<Slot>,
    expires_at: Option<Timestamp>,
    is_gone: AtomicBool,
}

impl Known {
    /// Whether it counts at a time.
    pub fn is_alive(&self, now: impl FnOnce() -> Timestamp) -> bool {
        !self.is_gone.load(Ordering::Relaxed) && self.expires_at.is_none_or(|end| end > now())
    }

    /// When it stops by itself.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    fn end(&self) {
        self.is_gone.store(true, Ordering::Relaxed);
        self.slot.wake(Duration::ZERO);
    }
}

impl Shelf {
    /// The token with a hash.
    pub fn find(&self, hash: &Hash) -> Option<Arc<Known>> {
        self.tokens.load().get(hash).cloned()
    }

    /// Every document.
    pub fn slots(&self) -> Vec<Arc<Slot>> {
        self.held().slots.values().cloned().collect()
    }

    /// How many tokens and documents there are.
    pub fn counts(&self) -> (usize, usize) {
        (self.tokens.load().len(), self.held().slots.len())
    }

    /// These are all the tokens there are.
    pub fn replace(&self, tokens: &[RuntimeToken]) {
        let mut held = self.held();
        let before = self.tokens.load_full();
        let after = tokens.iter().map(|token| (token.hash, know(&mut held.slots, &before, token))).collect();
        held.gone.clear();
        self.settle(held, &before, after);
    }

    /// This became of some tokens.
    pub fn apply(&self, changes: &[Changed]) {
        if changes.is_empty() {
            return;
        }
        let mut held = self.held();
        let before = self.tokens.load_full();
        let named: HashSet<Uuid> = changes.iter().map(Changed::id).collect();
        let unnamed = before.iter().filter(|(_, known)| !named.contains(&known.id));
        let mut after: Tokens = unnamed.map(|(hash, known)| (*hash, known.clone())).collect();
        for change in changes {
            match change {
                Changed::Alive(token) => {
                    held.gone.remove(&token.id);
                    after.insert(token.hash, know(&mut held.slots, &before, token));
                }
                Changed::Gone(id) => {
                    held.gone.insert(*id);
                }
            }
        }
        self.settle(held, &before, after);
    }

    /// A token that was found in the database before it was heard of. None where it was revoked meanwhile.
    pub fn introduce(&self, token: &RuntimeToken) -> Option<Arc<Known>> {
        let mut held = self.held();
        let before = self.tokens.load_full();
        if let Some(known) = before.get(&token.hash) {
            return Some(known.clone());
        }
        if held.gone.contains(&token.id) {
            return None;
        }
        let known = know(&mut held.slots, &before, token);
        let mut after = Tokens::clone(&before);
        after.insert(token.hash, known.clone());
        self.settle(held, &before, after);
        Some(known)
    }

    /// Lets go of tokens that have expired.
    pub fn prune(&self, now: Timestamp) {
        let held = self.held();
        let before = self.tokens.load_full();
        let alive = before.iter().filter(|(_, known)| known.is_alive(|| now));
        let after: Tokens = alive.map(|(hash, known)| (*hash, known.clone())).collect();
        if after.len() < before.len() {
            self.settle(held, &before, after);
        }
    }

    /// Swaps the tokens, ends those that are gone, and lets go of documents that nobody reads any more.
    fn settle(&self, mut held: MutexGuard<'_, Held>, before: &Tokens, after: Tokens) {
        let read: HashSet<*const Slot> = after.values().map(|known| Arc::as_ptr(&known.slot)).collect();
        held.slots.retain(|_, slot| read.contains(&Arc::as_ptr(slot)));
        let is_kept = |hash: &Hash, known: &Arc<Known>| after.get(hash).is_some_and(|kept| Arc::ptr_eq(kept, known));
        let gone = before.iter().filter(|(hash, known)| !is_kept(hash, known)).map(|(_, known)| known.clone());
        let gone: Vec<Arc<Known>> = gone.collect();
        self.tokens.store(Arc::new(after));
        for known in gone {
            known.end();
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A token as it is known, which stays the same value while it stays the same token.
fn know(slots: &mut HashMap<Subject, Arc<Slot>>, before: &Tokens, token: &RuntimeToken) -> Arc<Known> {
    let subject = Subject::from(token);
    let sight = if token.reads_secrets { Sight::Secret } else { Sight::Masked };
    if let Some(known) = before.get(&token.hash)
        && (known.reads, known.sight, known.expires_at) == (token.reads, sight, token.expires_at)
        && known.slot.subject == subject
        && known.id == token.id
    {
        return known.clone();
    }
    let slot = slots.entry(subject.clone()).or_insert_with(|| Arc::new(Slot::new(subject)));
    slot.is_read(token.reads_secrets);
    Arc::new(Known {
        id: token.id,
        reads: token.reads,
        sight,
        slot: slot.clone(),
        expires_at: token.expires_at,
        is_gone: AtomicBool::new(false),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(id: u128, client: u128) -> RuntimeToken {
        RuntimeToken {
            id: Uuid::from_u128(id),
            hash: [u8::try_from(id).expect("a small number"); 32],
            client_id: Uuid::from_u128(client),
            template_id: None,
            environment: "production".to_owned(),
            reads: true,
            reads_secrets: false,
            expires_at: None,
        }
    }

    fn alive(shelf: &Shelf, id: u8) -> bool {
        shelf.find(&[id; 32]).is_some_and(|known| known.is_alive(|| Timestamp::UNIX_EPOCH))
    }

    #[test]
    fn tokens_share_documents_and_documents_go_with_their_last_token() {
        let shelf = Shelf::default();
        shelf.replace(&[token(1, 7), token(2, 7), token(3, 8)]);
        assert_eq!(shelf.counts(), (3, 2));
        let (one, two) = (shelf.find(&[1; 32]).expect("it"), shelf.find(&[2; 32]).expect("it"));
        assert!(Arc::ptr_eq(&one.slot, &two.slot));
        shelf.apply(&[Changed::Gone(Uuid::from_u128(1)), Changed::Gone(Uuid::from_u128(3))]);
        assert_eq!(shelf.counts(), (1, 1));
        assert!(!one.is_alive(|| Timestamp::UNIX_EPOCH), "whoever has it already sees that it is gone");
        assert!(alive(&shelf, 2));
    }

    #[test]
    fn a_token_that_was_revoked_does_not_come_back_by_somebody_late() {
        let shelf = Shelf::default();
        assert!(shelf.introduce(&token(1, 7)).is_some());
        shelf.apply(&[Changed::Gone(Uuid::from_u128(1)), Changed::Gone(Uuid::from_u128(2))]);
        assert!(shelf.introduce(&token(1, 7)).is_none() && shelf.introduce(&token(2, 7)).is_none());
        shelf.apply(&[Changed::Alive(token(1, 7))]);
        assert!(alive(&shelf, 1));
    }

    #[test]
    fn a_token_that_may_more_makes_its_document_anew() {
        let shelf = Shelf::default();
        shelf.replace(&[token(1, 7)]);
        let before = shelf.find(&[1; 32]).expect("it");
        before.slot.is_of(5);
        assert!(!before.slot.is_behind());
        shelf.apply(&[Changed::Alive(RuntimeToken { reads_secrets: true, ..token(1, 7) })]);
        let after = shelf.find(&[1; 32]).expect("it");
        assert!(Arc::ptr_eq(&before.slot, &after.slot) && after.slot.is_behind());
        assert!(!before.is_alive(|| Timestamp::UNIX_EPOCH), "a stream by what it was ends");
    }

    #[test]
    fn an_expired_token_does_not_count() {
        let shelf = Shelf::default();
        let end = Timestamp::from_second(100).expect("a time");
        shelf.replace(&[RuntimeToken { expires_at: Some(end), ..token(1, 7) }]);
        let known = shelf.find(&[1; 32]).expect("it");
        let at = |second| Timestamp::from_second(second).expect("a time");
        assert!(known.is_alive(|| at(99)) && !known.is_alive(|| at(100)));
        shelf.prune(at(99));
        assert_eq!(shelf.counts(), (1, 1));
        shelf.prune(at(100));
        assert_eq!(shelf.counts(), (0, 0));
    }
}
