//! `Prefer`: how the client would like it (RFC 7240).

use std::fmt;

use super::preference::{entries, is_preference};
use crate::{Code, Error};

/// The preferences that are honoured. `Display` of each value is what `Preference-Applied` says of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefer {
    /// `return=`: what a write gives back.
    pub returning: Option<Return>,
    /// `count=`: how rows are counted.
    pub count: Option<Count>,
    /// `resolution=`: what an insert does with rows that are there already.
    pub resolution: Option<Resolution>,
    /// `missing=`: what a row of an array gets for a column that it leaves out.
    pub missing: Option<Missing>,
    /// `handling=`: what became of preferences that nobody here knows.
    pub handling: Option<Handling>,
    /// `max-affected=`: how many rows a write may change at most. Counts under either handling.
    pub max_affected: Option<u64>,
}

/// Declares the values of a preference with the text that stands for each.
macro_rules! preference {
    ($(#[$about:meta])* $name:ident { $($(#[$of_value:meta])* $value:ident = $text:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$of_value])* $value),+
        }

        impl $name {
            const ALL: &[Self] = &[$(Self::$value),+];
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$value => $text),+ })
            }
        }
    };
}

preference!(
    /// What a write gives back.
    Return {
        /// Nothing.
        Minimal = "return=minimal",
        /// The rows as they are afterwards.
        Representation = "return=representation",
    }
);

preference!(
    /// How rows are counted. Every way gives the exact count: estimates tell of rows that the caller may not see.
    Count {
        /// As it is done.
        Exact = "count=exact",
        /// What the planner expects, elsewhere.
        Planned = "count=planned",
        /// The one or the other, elsewhere.
        Estimated = "count=estimated",
    }
);

preference!(
    /// What an insert does with rows that are there already.
    Resolution {
        /// Changes them.
        MergeDuplicates = "resolution=merge-duplicates",
        /// Leaves them as they are.
        IgnoreDuplicates = "resolution=ignore-duplicates",
    }
);

preference!(
    /// What a row of an array gets for a column that it leaves out.
    Missing {
        /// The column's default.
        Default = "missing=default",
        /// NULL.
        Null = "missing=null",
    }
);

preference!(
    /// What becomes of preferences that nobody here knows.
    Handling {
        /// The request is refused.
        Strict = "handling=strict",
        /// They are passed over.
        Lenient = "handling=lenient",
    }
);

/// The names that are honoured.
const HONOURED: &[&str] = &["return", "count", "resolution", "missing", "handling", "max-affected"];

/// Names that mean something in PostgREST and nothing here. Passing over `tx=rollback` would write what was meant to
/// be a rehearsal, so that these are refused under either handling.
const REFUSED: &[&str] = &["tx", "timezone", "params"];

impl Prefer {
    /// Reads the values of all `Prefer` headers. Of a preference that is given several times, the first counts.
    ///
    /// A known preference with a value that it doesn't take is refused, and so is what can't be a preference; an unknown one
    /// only under `handling=strict`.
    pub(super) fn parse(values: &[&str]) -> Result<Self, Error> {
        let mut prefer = Self::default();
        let (mut unknown, mut refused) = (Vec::new(), Vec::new());
        for entry in values.iter().flat_map(|value| entries(value)) {
            let (name, preference) = normal(entry);
            let (is_one, honoured) = (is_preference(entry), HONOURED.contains(&name.as_str()));
            if is_one && honoured && prefer.take(&name, &preference) {
                continue;
            }
            let is_wrong = !is_one || honoured || REFUSED.contains(&name.as_str());
            if is_wrong { refused.push(entry) } else { unknown.push(entry) }
        }
        if !refused.is_empty() {
            return Err(error("Preferences that aren't given here", &refused));
        }
        if prefer.handling == Some(Handling::Strict) && !unknown.is_empty() {
            return Err(error("Invalid preferences given with handling=strict", &unknown));
        }
        Ok(prefer)
    }

    /// Takes over a preference; false where it doesn't take that value.
    fn take(&mut self, name: &str, preference: &str) -> bool {
        match name {
            "return" => first(&mut self.returning, named(Return::ALL, preference)),
            "count" => first(&mut self.count, named(Count::ALL, preference)),
            "resolution" => first(&mut self.resolution, named(Resolution::ALL, preference)),
            "missing" => first(&mut self.missing, named(Missing::ALL, preference)),
            "handling" => first(&mut self.handling, named(Handling::ALL, preference)),
            _ => first(&mut self.max_affected, number(preference)),
        }
    }
}

/// The name, and `name=value` without blanks and quotes, in lower case.
fn normal(entry: &str) -> (String, String) {
    let (name, value) = entry.split_once('=').unwrap_or((entry, ""));
    let name = name.trim().to_ascii_lowercase();
    let preference = format!("{name}={}", value.trim().trim_matches('"').to_ascii_lowercase());
    (name, preference)
}

fn named<T: Copy + fmt::Display>(all: &[T], preference: &str) -> Option<T> {
    all.iter().copied().find(|value| value.to_string() == preference)
}

fn number(preference: &str) -> Option<u64> {
    let (_, digits) = preference.split_once('=')?;
    // Only digits: `parse` would take a sign too. Rows are counted in a bigint.
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| digits.parse::<i64>().ok())
        .flatten()
        .map(i64::unsigned_abs)
}

fn first<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    let takes = value.is_some();
    *place = place.take().or(value);
    takes
}

fn error(message: &str, preferences: &[&str]) -> Error {
    let all = [
        Return::ALL.iter().map(ToString::to_string).collect::<Vec<_>>(),
        Count::ALL.iter().map(ToString::to_string).collect(),
        Resolution::ALL.iter().map(ToString::to_string).collect(),
        Missing::ALL.iter().map(ToString::to_string).collect(),
        Handling::ALL.iter().map(ToString::to_string).collect(),
        vec!["max-affected=number".to_owned()],
    ];
    Error {
        code: Code::Preference,
        message: message.to_owned(),
        details: Some(format!("Invalid preferences: {}", preferences.join(", "))),
        hint: Some(format!("there are {}", all.concat().join(", "))),
    }
}
