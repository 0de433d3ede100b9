//! What a text of JSON says and no value keeps.

use layers::written::{is_kept, lost};
use proptest::prelude::*;
use serde_json::Value;

#[test]
fn numbers_are_kept_as_far_as_a_float_has_digits() {
    for kept in [
        "0",
        "-0",
        "-0.0",
        "1.50",
        "1e3",
        "1E+3",
        "0.1",
        "0.30000000000000004",
        "9007199254740993",
        "18446744073709551615",
        "-9223372036854775808",
        "1e300",
        "100000000000000000000",
        "0.00000000000000000000000001",
        "0e999999999999999999999",
    ] {
        assert!(is_kept(kept), "{kept}");
    }
    for lost in [
        "0.12345678901234567890",
        "3.14159265358979323846",
        "18446744073709551616",
        "-9223372036854775809",
        "9007199254740993.5",
        "123456789012345678.9",
        "1e-400",
        "1e99999999999999999999",
    ] {
        assert!(!is_kept(lost), "{lost}");
    }
}

#[test]
fn what_is_lost_is_told_with_its_place() {
    let text = r#" {"a": [1, {"b/c": 0.12345678901234567890}], "fine": "0.12345678901234567890", "d\"e": 18446744073709551616,
                   "a": null, "x": {"a": 1, "b": {"\u0061": 1, "a": 2}}, "n": [[], {}, -1.5, 1.00000000000000000001]} "#;
    let found: Vec<(String, String)> =
        lost(text).into_iter().map(|problem| (problem.path.pointer(), problem.rule.name().to_owned())).collect();
    let expected = ["/a/1/b~1c", "/d\"e", "/a", "/x/b/a", "/n/3"];
    assert_eq!(found, expected.map(|pointer| (pointer.to_owned(), "unkept".to_owned())));
    assert_eq!(lost("0.12345678901234567890")[0].path.pointer(), "");
    for text in ["", "{", "\"", "{\"a", "[1,", "}", "]]", "\"\\", "nonsense", "{\"a\" 1"] {
        assert_eq!(lost(text), [], "{text}");
    }
}

#[test]
fn what_is_wrong_all_over_is_told_of_its_beginning() {
    let text = format!("[{}]", vec!["0.12345678901234567890"; 10_000].join(","));
    assert_eq!(lost(&text).len(), 500);
}

proptest! {
    #[test]
    fn whatever_was_a_value_comes_back(float in any::<f64>().prop_filter("JSON has it", |float| float.is_finite()), whole in any::<i64>()) {
        let text = serde_json::json!({ "float": float, "whole": [whole] }).to_string();
        prop_assert_eq!(lost(&text), []);
        let read: Value = serde_json::from_str(&text).expect("JSON");
        prop_assert_eq!(read["float"].as_f64(), Some(float));
    }

    #[test]
    fn a_number_that_is_a_float_to_the_last_digit_is_kept(digits in "[1-9][0-9]{0,24}", places in 0..30_usize) {
        let number = format!("0.{}{digits}", "0".repeat(places));
        let read: f64 = serde_json::from_str(&number).expect("a number");
        let again = format!("{read:.60}");
        let is_same = again.trim_end_matches('0') == number.trim_end_matches('0');
        prop_assert!(!is_same || is_kept(&number), "{}", number);
    }
}
