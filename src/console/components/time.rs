use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};

/// A moment in somebody's zone; the exact one, with its zone and as UTC, shows on hover.
pub fn moment(at: Timestamp, zone: &TimeZone) -> Markup {
    let there = at.to_zoned(zone.clone());
    let exact = format!("{} ({})", there.strftime("%A, %-d %B %Y, %H:%M:%S %Z"), at.strftime("%Y-%m-%d %H:%M:%S%.fZ"));
    html! { time datetime=(at) title=(exact) { (there.strftime("%-d %b %Y, %H:%M")) } }
}

/// A day of the calendar, which has no zone.
pub fn day(date: Date) -> Markup {
    html! { time datetime=(date) title=(date.strftime("%A, %-d %B %Y")) { (date.strftime("%-d %b %Y")) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_the_persons_zone_and_exactly_on_hover() {
        let at: Timestamp = "2026-11-23T23:05:09.25Z".parse().expect("a moment");
        let shown = moment(at, &TimeZone::fixed(jiff::tz::offset(1))).into_string();
        assert!(shown.contains(">24 Nov 2026, 00:05<"), "{shown}");
        assert!(shown.contains("(2026-11-23 23:05:09.25Z)"), "{shown}");
        assert!(shown.contains("datetime=\"2026-11-23T23:05:09.25Z\""), "{shown}");
    }

    #[test]
    fn a_day_is_the_same_everywhere() {
        assert!(day(jiff::civil::date(2026, 2, 1)).into_string().contains(">1 Feb 2026<"));
    }
}
