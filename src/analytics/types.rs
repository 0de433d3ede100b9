use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use uuid::Uuid;

use crate::problem::Problem;

/// The spans to choose from, in days.
pub const DAYS: [(&str, i64); 4] = [("7", 7), ("30", 30), ("90", 90), ("365", 365)];

/// The span where none is chosen.
pub const USUAL: &str = "30";

/// Days that figures are shown of, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub from: Date,
    /// The last: today, where the reader is.
    pub to: Date,
}

impl Span {
    /// The span that was asked for.
    pub fn parse(asked: Option<&str>, now: Timestamp, zone: &TimeZone) -> Result<Self, Problem> {
        let asked = asked.unwrap_or(USUAL);
        let known = DAYS.iter().find(|(word, _)| *word == asked).ok_or_else(|| {
            let words: Vec<&str> = DAYS.iter().map(|(word, _)| *word).collect();
            Problem::invalid(format!("there is no span of {asked:?} days")).mend(format!("choose {}", words.join(", ")))
        })?;
        let to = now.to_zoned(zone.clone()).date();
        Ok(Self { from: to.saturating_sub((known.1 - 1).days()), to })
    }

    /// Every day of it, in order.
    pub fn days(&self) -> impl Iterator<Item = Date> {
        self.from.series(1.day()).take_while(|day| *day <= self.to)
    }
}

/// What some figures come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sums {
    /// Visits.
    pub visits: i64,
    /// Pages seen.
    pub page_views: i64,
    /// Visits that reached their aim.
    pub conversions: i64,
    /// Mean time to load a page, in seconds; none where nobody measured.
    pub load_time: Option<f64>,
    /// Requests that failed, in percent; none where nobody measured.
    pub error_rate: Option<f64>,
}

/// What was reported of a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Day {
    /// The day.
    pub day: Date,
    /// What its figures come to.
    pub sums: Sums,
}

/// What was earned on a day, of one currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Revenue {
    /// The currency; none where nobody said.
    pub currency: Option<String>,
    /// The day.
    pub day: Date,
    /// The amount as it is drawn.
    pub drawn: f64,
    /// The amount, as the database has it.
    pub amount: String,
}

/// What all days come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Total {
    /// Everything but money.
    pub sums: Sums,
    /// What was earned: currency and amount, as the database has it.
    pub revenue: Vec<(Option<String>, String)>,
}

/// What was reported of a span.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reported {
    /// Each day of which anything was, in order.
    pub days: Vec<Day>,
    /// What was earned, by currency and then by day.
    pub revenue: Vec<Revenue>,
    /// What all days come to.
    pub total: Total,
}

/// What a client's days come to, as the list of clients shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct OfClient {
    /// The client.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// What its days come to.
    pub total: Total,
}

/// Whether there is anything to show, and what else there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The latest day of which anything was reported at all.
    pub latest: Option<Date>,
    /// Whether weeks or months were reported within the span.
    pub has_longer: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_ends_today_where_the_reader_is() {
        let now: Timestamp = "2026-11-23T23:30:00Z".parse().expect("a moment");
        let there = TimeZone::fixed(jiff::tz::offset(1));
        let span = Span::parse(Some("7"), now, &there).expect("a span");
        assert_eq!((span.from.to_string(), span.to.to_string()), ("2026-11-18".to_owned(), "2026-11-24".to_owned()));
        assert_eq!(span.days().count(), 7);
        assert_eq!(Span::parse(None, now, &TimeZone::UTC).expect("a span").days().count(), 30);
        assert_eq!(Span::parse(Some("8"), now, &there).expect_err("no such span").status.as_u16(), 422);
    }
}
