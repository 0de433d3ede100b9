//! How long somebody has to wait who gets passwords wrong. Pure; the counts stand in `tenantry.sign_in_delays`.

/// A rule for one kind of count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delays {
    /// So many failures cost nothing: people mistype.
    free: i32,
    /// The longest wait, in seconds.
    longest: i64,
    /// After so many seconds without a failure, it begins anew.
    forgotten_after: i64,
}

/// For one account from one address: nobody else's sign-in to it waits, so it may grow long.
pub const ACCOUNT_FROM_ADDRESS: Delays = Delays { free: 5, longest: 15 * 60, forgotten_after: 24 * 60 * 60 };

/// For one address, whatever the account: behind it may be an office, or an app's own server, so it stays short. It is
/// what slows down trying one password on many accounts.
pub const ADDRESS: Delays = Delays { free: 50, longest: 60, forgotten_after: 15 * 60 };

impl Delays {
    /// The count after one more failure, so many seconds after the last.
    pub fn count(self, failures: i32, seconds_since: f64) -> i32 {
        #[expect(clippy::cast_precision_loss, reason = "days in seconds")]
        if seconds_since >= self.forgotten_after as f64 { 1 } else { failures.saturating_add(1) }
    }

    /// How many seconds to wait after so many failures: one, then twice as long each time.
    pub fn wait(self, failures: i32) -> i64 {
        let paid = failures.saturating_sub(self.free);
        match u32::try_from(paid) {
            Ok(paid) if paid > 0 => {
                1_i64.checked_shl(paid - 1).filter(|wait| *wait > 0).unwrap_or(self.longest).min(self.longest)
            }
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_are_free_then_it_doubles_up_to_the_longest() {
        let waits: Vec<i64> = (4..=18).map(|failures| ACCOUNT_FROM_ADDRESS.wait(failures)).collect();
        assert_eq!(waits, [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    }

    #[test]
    fn it_is_forgotten_after_a_while() {
        assert_eq!(ADDRESS.count(70, 899.0), 71);
        assert_eq!(ADDRESS.count(70, 900.0), 1);
    }

    proptest! {
        #[test]
        fn more_failures_never_wait_less(failures in 0..i32::MAX) {
            for delays in [ACCOUNT_FROM_ADDRESS, ADDRESS] {
                let wait = delays.wait(failures);
                prop_assert!(wait <= delays.wait(failures.saturating_add(1)));
                prop_assert!((0..=delays.longest).contains(&wait));
            }
        }
    }
}
