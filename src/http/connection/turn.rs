use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

const FREE: u8 = 0;
const ASKED: u8 = 1;
const ANSWERED: u8 = 2;
const REFUSED: u8 = 3;

/// Whose turn it is on a connection: the client's, until a request was understood; then ours, until its answer is written.
///
/// hyper refuses by itself what it can't read as a request, with a bare status. It reads while it is the client's turn, so
/// whatever is written then is such a refusal, and nothing else is. One task does all of this, hence the plain order.
#[derive(Debug, Default)]
pub(super) struct Turn {
    at: AtomicU8,
    is_unread: AtomicBool,
}

impl Turn {
    /// A request was understood; its body is yet to come, or there is none.
    pub(super) fn asked(&self, has_body: bool) {
        self.at.store(ASKED, Ordering::Relaxed);
        self.is_unread.store(has_body, Ordering::Relaxed);
    }

    /// The body of the request was read to its end.
    pub(super) fn read_whole(&self) {
        self.is_unread.store(false, Ordering::Relaxed);
    }

    /// The last of the answer was handed over to be written.
    pub(super) fn answered(&self) {
        self.at.store(ANSWERED, Ordering::Relaxed);
    }

    /// Everything that was handed over is written. Whether that ended an answer.
    pub(super) fn written(&self) -> bool {
        self.at.compare_exchange(ANSWERED, FREE, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// What came isn't a request, and is refused; what follows it isn't read as one.
    pub(super) fn refused(&self) {
        self.at.store(REFUSED, Ordering::Relaxed);
        self.is_unread.store(true, Ordering::Relaxed);
    }

    /// Whether it is the client's.
    pub(super) fn is_free(&self) -> bool {
        self.at.load(Ordering::Relaxed) == FREE
    }

    /// Whether what came was refused.
    pub(super) fn is_refused(&self) -> bool {
        self.at.load(Ordering::Relaxed) == REFUSED
    }

    /// Whether the client may still be sending what nobody reads.
    pub(super) fn is_unread(&self) -> bool {
        self.is_unread.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_when_it_is_written_and_not_before() {
        let turn = Turn::default();
        assert!(turn.is_free() && !turn.written());
        turn.asked(true);
        assert!(!turn.is_free() && turn.is_unread() && !turn.written(), "a part of it was written");
        turn.read_whole();
        turn.answered();
        assert!(!turn.is_free() && !turn.is_unread());
        assert!(turn.written() && turn.is_free() && !turn.written());
    }

    #[test]
    fn a_refusal_is_the_end() {
        let turn = Turn::default();
        turn.refused();
        assert!(turn.is_refused() && turn.is_unread() && !turn.written() && !turn.is_free());
    }
}
