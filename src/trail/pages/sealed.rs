use jiff::SignedDuration;
use maud::{Markup, html};

use crate::audit::entry::Entry;
use crate::console::Visitor;
use crate::console::components::{Icon, Tone, badge, card, code, icon, moment};
use crate::trail::types::Seal;

/// How old the newest seal may be before it is worth a word: one is made each minute at least.
const SEALER_SLEEPS: SignedDuration = SignedDuration::from_secs(150);

/// In a word, whether a seal holds an entry.
pub(super) fn mark(seal: Option<&Seal>) -> Markup {
    match seal {
        Some(seal) => html! { span.sealed { (icon(Icon::Lock)) "Seal " (seal.number) } },
        None => html! { span.sealed.is-open { (icon(Icon::Unlock)) "Not sealed yet" } },
    }
}

/// Above the list: how far the log is sealed, and what that means.
pub(super) fn state(visitor: &Visitor, newest: Option<&Seal>) -> Markup {
    html! {
        details.seals {
            summary {
                (icon(Icon::Lock))
                @match newest {
                    Some(seal) => { "Newest seal " strong { (seal.number) } ", " (moment(seal.at, &visitor.zone)) }
                    None => "Nothing is sealed yet",
                }
                @if newest.is_some_and(|seal| is_asleep(visitor, seal)) { " " (badge(Tone::Attention, "No seal since")) }
            }
            div.seals-body {
                p {
                    "A seal is a signature over the entries that came since the seal before it, and over that seal, made once a \
                     second with a key that isn't in the database. Whoever changes, removes or reorders an entry that is \
                     sealed, be it as owner of the database, breaks the chain, and " code { "tenantry audit verify" }
                    " names the place. Of entries that aren't sealed yet nothing is promised."
                }
                @if let Some(seal) = newest {
                    p { "Keep this head elsewhere: " code { "tenantry audit verify --head" } " proves with it one day that nothing was cut off." }
                    (code(&seal.head()))
                }
                @if newest.is_none_or(|seal| is_asleep(visitor, seal)) {
                    p { "Seals are made while " code { "tenantry up" } " or " code { "tenantry serve" } " runs with its data directory: see its log for why none came since." }
                }
            }
        }
    }
}

fn is_asleep(visitor: &Visitor, newest: &Seal) -> bool {
    visitor.screen.now.duration_since(newest.at) > SEALER_SLEEPS
}

/// What there is to say of one entry: its seal, and whether it still gives the hash that was kept with it.
pub(super) fn told(visitor: &Visitor, entry: &Entry, seal: Option<&Seal>) -> Markup {
    let body = html! {
        @match seal {
            Some(seal) => {
                p {
                    (badge(Tone::Good, "Sealed")) " by seal " strong { (seal.number) } ", made "
                    (moment(seal.at, &visitor.zone)) "."
                }
                p.text-secondary {
                    "Whoever changes or removes this entry since breaks the chain of seals, which "
                    code { "tenantry audit verify" } " finds. With the head of the seal it can be asked for:"
                }
                (code(&seal.head()))
            }
            None => {
                p { (badge(Tone::Attention, "Not sealed yet")) }
                p.text-secondary {
                    "It is younger than the newest seal. Until one holds it, whoever owns the database could rewrite it \
                     without a trace."
                }
            }
        }
        (hash(entry))
        p.text-secondary { "Signatures aren't checked on this page: " code { "tenantry audit verify" } " does so, outside of the database." }
    };
    card("Seal", &body)
}

fn hash(entry: &Entry) -> Markup {
    let is_own = entry.hash().as_bytes() == entry.row_hash.as_slice();
    html! {
        p {
            @if entry.erased {
                (badge(Tone::Quiet, "Erased")) " Its contents were erased; their hash stays, so that the seals hold."
            } @else if is_own {
                (badge(Tone::Good, "Whole")) " Its contents give the hash that was kept when it was written."
            } @else {
                (badge(Tone::Bad, "Rewritten")) " Its contents don't give the hash that was kept when it was written: run " code { "tenantry audit verify" } "."
            }
        }
    }
}
