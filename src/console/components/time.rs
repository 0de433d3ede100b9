use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
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

/// A moment that somebody typed: as a browser's field has it, in their zone, or with a zone of its own.
pub fn read_moment(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let civil = || text.parse::<DateTime>().ok()?.to_zoned(zone.clone()).ok();
    text.parse().ok().or_else(|| civil().map(|there| there.timestamp()))
}

/// The same as a browser's field has it.
pub fn typed_moment(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).datetime().strftime("%Y-%m-%dT%H:%M").to_string()
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
    fn a_moment_without_a_zone_is_in_that_of_whoever_types_it() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let read = |text: &str| read_moment(text, &zone).map(|at| at.to_string());
        assert_eq!(read("2026-11-23T10:00").as_deref(), Some("2026-11-23T08:00:00Z"));
        assert_eq!(read("2026-11-23T10:00:00Z").as_deref(), Some("2026-11-23T10:00:00Z"));
        assert_eq!(read("2026-11-23").as_deref(), Some("2026-11-22T22:00:00Z"));
        assert_eq!((read("soon"), read("")), (None, None));
        let typed = read_moment("2026-11-23T10:00", &zone).map(|at| typed_moment(at, &zone));
        assert_eq!(typed.as_deref(), Some("2026-11-23T10:00"));
    }

    #[test]
    fn a_day_is_the_same_everywhere() {
        assert!(day(jiff::civil::date(2026, 2, 1)).into_string().contains(">1 Feb 2026<"));
    }
}
