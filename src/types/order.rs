//! The order of names in the file, which is that of a dictionary: `client_id` before `client1` before `clients`.

use std::cmp::Ordering;

/// ASCII in the order of Unicode's collation; letters stand together whatever their case.
const ALPHABET: &str =
    " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ";

/// Compares two names as `Intl.Collator("en")` does; what isn't ASCII comes last, by code point.
pub(super) fn by_name(a: &str, b: &str) -> Ordering {
    letters(a).cmp(letters(b)).then_with(|| cases(a).cmp(cases(b)))
}

fn letters(name: &str) -> impl Iterator<Item = usize> {
    name.chars().map(|c| place(c.to_ascii_lowercase()))
}

/// Where nothing but case differs, small letters come first.
fn cases(name: &str) -> impl Iterator<Item = usize> {
    name.chars().map(place)
}

fn place(c: char) -> usize {
    ALPHABET.find(c).unwrap_or(ALPHABET.len() + c as usize)
}

#[cfg(test)]
mod tests {
    use super::by_name;

    #[test]
    fn orders_as_a_dictionary_does() {
        // What Intl.Collator("en") makes of them.
        let ordered = ["a b", "a_b", "A_b", "a-b", "a1", "ab", "aB", "Ab", "AB", "ab_c", "az", "Z"];
        let mut names = ordered;
        names.reverse();
        names.sort_by(|a, b| by_name(a, b));
        assert_eq!(names, ordered);
    }
}
