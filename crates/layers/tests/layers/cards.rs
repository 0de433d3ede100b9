//! Numbers of payment cards, by the same examples that the database is tested with.

use layers::card::{cards_in, is_card_number};
use serde_json::json;

/// Test numbers that the issuers publish.
const CARDS: [&str; 10] = [
    "4111111111111111",
    "4222222222222",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "6011111111111117",
    "30569309025904",
    "3530111333300000",
    "6200000000000005",
    "6759649826438453",
];

/// Close to one, but wrong in prefix, length or check digit, or only part of a value.
const OTHERS: [&str; 12] = [
    "4111111111111112",
    "411111111111111",
    "9111111111111111",
    "1700000000000000",
    "37828224631000",
    "order 4111111111111111",
    "4111111111111111.5",
    "0000000000000000",
    "41111111-1111-4111-8111-111111111111",
    "",
    "-- --",
    "41111111111111111111",
];

#[test]
fn issuer_length_and_check_digit_make_a_card_number() {
    for card in CARDS {
        assert!(is_card_number(card), "{card}");
        let (start, last) = card.split_at(card.len() - 1);
        let mistyped = (last.parse::<u8>().expect("a digit") + 1) % 10;
        assert!(!is_card_number(&format!("{start}{mistyped}")), "{card}");
    }
    for other in OTHERS {
        assert!(!is_card_number(other), "{other}");
    }
    for grouped in ["4111 1111 1111 1111", "4111-1111-1111-1111", " 4111\u{a0}1111\u{2013}1111 1111 "] {
        assert!(is_card_number(grouped), "{grouped}");
    }
}

#[test]
fn they_are_found_as_text_and_as_numbers_at_any_depth() {
    let value =
        json!({ "a": ["x", "4111 1111 1111 1111"], "n": 4_111_111_111_111_111_u64, "fine": { "order": "4111" } });
    let found: Vec<_> = cards_in(&value).iter().map(layers::Key::pointer).collect();
    assert_eq!(found, ["/a/1", "/n"]);
    assert_eq!(cards_in(&json!("4111111111111111")), [layers::Key::root()]);
}
