use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A set of entries by their ids, as PostgreSQL's `int8multirange` writes it: `{[1,5),[8,9)}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    /// Start → end of each range, the end not included; ranges neither overlap nor touch.
    ranges: BTreeMap<i64, i64>,
}

impl Ids {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> i64 {
        self.ranges.iter().map(|(start, end)| end - start).sum()
    }

    /// Whether an id is among them.
    pub fn contains(&self, id: i64) -> bool {
        self.ranges.range(..=id).next_back().is_some_and(|(_, end)| id < *end)
    }

    /// Adds one id.
    pub fn insert(&mut self, id: i64) {
        self.insert_range(id, id + 1);
    }

    /// Adds those of another set.
    pub fn insert_all(&mut self, others: &Self) {
        for (start, end) in others.ranges() {
            self.insert_range(start, end);
        }
    }

    /// Its ranges in order, each with its end not included.
    pub fn ranges(&self) -> impl Iterator<Item = (i64, i64)> {
        self.ranges.iter().map(|(start, end)| (*start, *end))
    }

    /// The ids that another set has too.
    #[must_use]
    pub fn intersection(&self, others: &Self) -> Self {
        let mut both = Self::default();
        for (start, end) in self.ranges() {
            // The range that begins before ours may reach into it.
            let from = others.ranges.range(..=start).next_back().map_or(start, |(from, _)| *from);
            for (from, until) in others.ranges.range(from..end) {
                both.insert_range(start.max(*from), end.min(*until));
            }
        }
        both
    }

    /// The ids that another set lacks.
    #[must_use]
    pub fn difference(&self, others: &Self) -> Self {
        let mut left = Self::default();
        for (start, end) in self.ranges() {
            let mut next = start;
            let mut range = Self::default();
            range.insert_range(start, end);
            for (from, until) in range.intersection(others).ranges() {
                left.insert_range(next, from);
                next = until;
            }
            left.insert_range(next, end);
        }
        left
    }

    fn insert_range(&mut self, mut start: i64, mut end: i64) {
        if start >= end {
            return;
        }
        while let Some((&from, &until)) = self.ranges.range(..=end).next_back()
            && until >= start
        {
            self.ranges.remove(&from);
            start = start.min(from);
            end = end.max(until);
        }
        self.ranges.insert(start, end);
    }
}

impl fmt::Display for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (place, (start, end)) in self.ranges().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}[{start},{end})")?;
        }
        f.write_str("}")
    }
}

impl FromStr for Ids {
    type Err = &'static str;

    /// Reads what PostgreSQL prints. A range without bounds is refused: no sealer makes one.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "not a set of ids such as {[1,5),[8,9)}";
        let inside = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).ok_or(WRONG)?;
        let mut ids = Self::default();
        for range in inside.split_terminator(')') {
            let (start, end) =
                range.trim_start_matches(',').strip_prefix('[').and_then(|r| r.split_once(',')).ok_or(WRONG)?;
            let (start, end) = (start.parse().map_err(|_| WRONG)?, end.parse().map_err(|_| WRONG)?);
            if start >= end {
                return Err(WRONG);
            }
            ids.insert_range(start, end);
        }
        Ok(ids)
    }
}

impl FromIterator<i64> for Ids {
    fn from_iter<I: IntoIterator<Item = i64>>(ids: I) -> Self {
        let mut set = Self::default();
        ids.into_iter().for_each(|id| set.insert(id));
        set
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn members(ids: &Ids) -> BTreeSet<i64> {
        ids.ranges().flat_map(|(start, end)| start..end).collect()
    }

    proptest! {
        #[test]
        fn a_set_of_ranges_is_a_set(a: BTreeSet<u8>, b: BTreeSet<u8>) {
            let a: BTreeSet<i64> = a.into_iter().map(i64::from).collect();
            let b: BTreeSet<i64> = b.into_iter().map(i64::from).collect();
            let (x, y): (Ids, Ids) = (a.iter().rev().copied().collect(), b.iter().copied().collect());
            prop_assert_eq!(&members(&x), &a);
            prop_assert_eq!(x.len(), i64::try_from(a.len()).unwrap());
            prop_assert!((0..=256).all(|id| x.contains(id) == a.contains(&id)));
            prop_assert_eq!(members(&x.intersection(&y)), &a & &b);
            prop_assert_eq!(members(&x.difference(&y)), &a - &b);
            let mut both = x.clone();
            both.insert_all(&y);
            prop_assert_eq!(members(&both), &a | &b);
            prop_assert!(both.ranges().zip(both.ranges().skip(1)).all(|(one, next)| one.1 < next.0));
        }

        #[test]
        fn what_is_printed_is_read_back(a: BTreeSet<i16>) {
            let ids: Ids = a.into_iter().map(i64::from).collect();
            prop_assert_eq!(ids.to_string().parse::<Ids>(), Ok(ids));
        }
    }

    #[test]
    fn what_no_sealer_writes_is_refused() {
        for text in ["", "{", "{(,)}", "{[1,)}", "{[5,1)}", "{[1,2]}", "{x}"] {
            assert!(text.parse::<Ids>().is_err(), "{text}");
        }
        assert_eq!("{}".parse(), Ok(Ids::default()));
    }
}
