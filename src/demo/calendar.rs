use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

/// How far back events and figures go: three months.
pub const DAYS: u32 = 92;

/// Every time in the demo, counted from the moment of the clock.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    /// The moment at which the agency's story ends.
    pub now: Timestamp,
    /// Its day in UTC.
    pub today: Date,
}

impl Calendar {
    /// A calendar that ends at a moment.
    pub fn ending(now: Timestamp) -> Self {
        Self { now, today: now.to_zoned(TimeZone::UTC).date() }
    }

    /// A day in the past.
    pub fn days_ago(self, days: u32) -> Date {
        self.today.saturating_sub(i64::from(days).days())
    }

    /// A day to come.
    pub fn in_days(self, days: u32) -> Date {
        self.today.saturating_add(i64::from(days).days())
    }

    /// A minute of a day in the past, never later than now.
    pub fn moment(self, days_ago: u32, minute_of_day: u32) -> Timestamp {
        let midnight = self.days_ago(days_ago).to_zoned(TimeZone::UTC).map_or(self.now, |day| day.timestamp());
        midnight
            .saturating_add(SignedDuration::from_mins(i64::from(minute_of_day)))
            .map_or(self.now, |at| at.min(self.now))
    }

    /// Whether a minute of today is still to come.
    pub fn minute_is_ahead(self, minute_of_day: u32) -> bool {
        self.moment(0, minute_of_day) == self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_happens_after_now() {
        let calendar = Calendar::ending("2026-03-15T10:30:00Z".parse().expect("a time"));
        assert_eq!(calendar.moment(0, 1_000), calendar.now);
        assert_eq!(calendar.moment(1, 60).to_string(), "2026-03-14T01:00:00Z");
        assert_eq!(calendar.days_ago(15).to_string(), "2026-02-28");
    }
}
