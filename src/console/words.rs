use crate::db::policies::rules::Role;

/// What the product is called.
pub const PRODUCT: &str = "Tenantry";

/// Where there is no value.
pub const NONE: &str = "–";

/// Somebody who isn't named.
pub const SOMEBODY: &str = "Somebody";

/// What people call a role.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Client => "Client",
        Role::Staff => "Staff",
        Role::Manager => "Manager",
        Role::Admin => "Admin",
        Role::Service => "Service",
        Role::SuperAdmin => "Super admin",
    }
}

/// A word of the database as people read it: `past_due` is `Past due`.
pub fn label(word: &str) -> String {
    let spaced = word.replace(['_', '-'], " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A count with its noun: `1 client`, `2 clients`, `12,000 clients`.
pub fn count(number: i64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(&number.to_string()), if number == 1 { one } else { many })
}

/// A whole number with commas between thousands.
pub fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let first = digits.len() % 3;
    let (head, rest) = digits.split_at(if first == 0 { digits.len().min(3) } else { first });
    let rest: String = rest.as_bytes().chunks(3).map(|three| format!(",{}", String::from_utf8_lossy(three))).collect();
    format!("{sign}{head}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_database_are_readable() {
        assert_eq!(label("past_due"), "Past due");
        assert_eq!(label(""), "");
        assert_eq!(label("é"), "É");
    }

    #[test]
    fn thousands_are_grouped() {
        for (digits, expected) in
            [("0", "0"), ("999", "999"), ("1000", "1,000"), ("-1234567", "-1,234,567"), ("100000", "100,000")]
        {
            assert_eq!(grouped(digits), expected);
        }
        assert_eq!(count(1, "client", "clients"), "1 client");
        assert_eq!(count(12_000, "client", "clients"), "12,000 clients");
    }
}
