//! Layered configuration: what a client's app reads is one document, resolved from twelve layers. Pure: no I/O, no clock.
//!
//! In reading order:
//! [`key`] is where a value stands and [`place`] the order of the layers;
//! [`value`] what a value may hold, [`written`] what of a text no value keeps; [`patch`] what a layer does to the document
//! beneath it;
//! [`layer`] what stands at one place, [`lock`] how a lower layer wins, [`schema`] what a JSON Schema says of all that;
//! [`sources`] the layers of a document and [`fold`] how they become one ([`resolve`]);
//! [`references`] texts that take the values of other places;
//! [`mod@origins`] and [`mod@explain`] tell where values come from, by the same fold; [`mod@validate`] judges the result;
//! [`mod@diff`] and [`mod@three_way`] compare documents; [`card`] knows numbers of payment cards.
//! [`problem`] is how all of them say what is wrong, [`limits`] how much there may be.

pub mod card;
pub mod diff;
pub mod explain;
pub mod fold;
pub mod key;
pub mod layer;
pub mod limits;
pub mod lock;
pub mod origins;
pub mod patch;
pub mod place;
pub mod problem;
pub mod references;
pub mod schema;
pub mod sources;
pub mod three_way;
mod tree;
pub mod validate;
pub mod value;
pub mod written;

pub use diff::{Difference, diff};
pub use explain::{Explanation, Outcome, Says, Step, explain};
pub use fold::{Resolved, closed, resolve};
pub use key::Key;
pub use layer::{Entry, Layer, Row};
pub use lock::Lock;
pub use origins::{Origin, Origins, origins};
pub use place::{Place, Scope};
pub use problem::{Problem, Rule, Weight};
pub use references::Secret;
pub use schema::Schema;
pub use sources::{Identity, Shared, Sources};
pub use three_way::{Decision, Upgrade, UpgradeStep, three_way};
pub use validate::validate;
pub use value::{check, is_removed};
