//! What the console does with bad input, shown for every form that it has.
//!
//! The forms are found on the pages, so that one added later is covered by itself: [`stage`] opens every page of every
//! route, in a world in which each button is there, and [`page`] reads the forms as a browser does.

mod both;
mod expired;
mod long;
mod page;
mod places;
mod script;
mod stage;
mod stale;
mod twice;
mod typed;
mod unknown;
