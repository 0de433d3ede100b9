//! Numbers of payment cards, which are never stored. `tenantry.is_card_number` says the same in the database.

use serde_json::Value;

use crate::Key;

/// Digits that a card number has.
const LENGTHS: std::ops::RangeInclusive<usize> = 13..=19;

/// Whether a whole text is the number of a payment card: blanks and dashes aside, 13 to 19 digits with an issuer's prefix,
/// its length, and Luhn's check digit.
pub fn is_card_number(text: &str) -> bool {
    let mut digits = Vec::with_capacity(*LENGTHS.end());
    for character in text.chars().filter(|&character| !is_separator(character)) {
        match character {
            '0'..='9' if digits.len() < *LENGTHS.end() => digits.push(character as u8 - b'0'),
            _ => return false,
        }
    }
    LENGTHS.contains(&digits.len()) && is_issued(&digits) && passes_luhn(&digits)
}

/// People write them in groups, with blanks or dashes, also of the kinds that word processors put there.
fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}')
}

/// Whether an issuer gives out numbers that start so, of that length. Of several that match, the first decides.
fn is_issued(digits: &[u8]) -> bool {
    let start = |length: usize| digits[..length].iter().fold(0, |number: u32, &digit| number * 10 + u32::from(digit));
    let length = digits.len();
    match (start(1), start(2), start(3), start(4)) {
        // Visa.
        (4, ..) => matches!(length, 13 | 16 | 19),
        // Mastercard.
        (_, 51..=55, ..) | (_, _, _, 2221..=2720) => length == 16,
        // American Express.
        (_, 34 | 37, ..) => length == 15,
        // Discover, RuPay.
        (_, 65, ..) | (_, _, 644..=649, _) | (_, _, _, 6011) => (16..=19).contains(&length),
        // Diners Club.
        (_, 36 | 38 | 39, ..) | (_, _, 300..=305, _) | (_, _, _, 3095) => (14..=19).contains(&length),
        // JCB, UnionPay and Mir.
        (_, _, _, 3528..=3589 | 2200..=2204) | (_, 62 | 81, ..) => (16..=19).contains(&length),
        // Maestro.
        (6, ..) | (_, 50 | 56..=58, ..) => true,
        _ => false,
    }
}

/// From the right, every second digit doubled, its own digits added.
fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip([false, true].into_iter().cycle())
        .map(|(&digit, is_doubled)| match (u32::from(digit), is_doubled) {
            (digit, false) => digit,
            (digit, true) => digit * 2 - 9 * (digit / 5),
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The places of a value that hold card numbers, be it as text or as numbers.
pub fn cards_in(value: &Value) -> Vec<Key> {
    let mut found = Vec::new();
    collect(value, &Key::root(), &mut found);
    found
}

fn collect(value: &Value, path: &Key, found: &mut Vec<Key>) {
    match value {
        Value::String(text) if is_card_number(text) => found.push(path.clone()),
        Value::Number(number) if is_card_number(&number.to_string()) => found.push(path.clone()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &path.child(&index.to_string()), found);
            }
        }
        Value::Object(properties) => {
            for (name, value) in properties {
                collect(value, &path.child(name), found);
            }
        }
        _ => {}
    }
}
