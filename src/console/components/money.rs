use maud::{Markup, html};

use crate::console::words;

/// An amount of a currency, as the database has it: a number's text. Amounts of two currencies are never one.
pub fn money(amount: &str, currency: &str) -> Markup {
    html! { span.money { (grouped(amount)) " " span.currency { (currency) } } }
}

/// With commas between thousands and at least two places, a third where it isn't zero; what is no number stays as it is.
fn grouped(amount: &str) -> String {
    let (whole, places) = amount.split_once('.').unwrap_or((amount, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if digits.is_empty() || !is_number(digits) || !is_number(places) {
        return amount.to_owned();
    }
    // Of the places that the column has, some currencies use three and most two.
    let places = places.trim_end_matches('0');
    format!("{}.{places:0<2}", words::grouped(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_thousands_and_places() {
        for (amount, expected) in [
            ("0", "0.00"),
            ("1234.5", "1,234.50"),
            ("-1234567.899", "-1,234,567.899"),
            ("249.000", "249.00"),
            ("1.120", "1.12"),
            ("NaN", "NaN"),
            ("", ""),
            ("12e5", "12e5"),
        ] {
            assert_eq!(grouped(amount), expected);
        }
    }
}
