use std::collections::BTreeMap;

use jiff::civil::Date;
use maud::{Markup, html};

use crate::analytics::types::{DAYS, Known, Reported, Revenue, Span, Sums, Total, USUAL};
use crate::console::components::chart::{Chart, Drawn, Point};
use crate::console::components::{Choice, Filters, Icon, day, empty, money};
use crate::console::list::Asked;
use crate::console::words;

/// The id of what is shown anew when another span is chosen.
pub(super) const FIGURES: &str = "figures";

/// What is known of a span.
pub(super) struct Figures {
    pub(super) span: Span,
    pub(super) reported: Reported,
    pub(super) known: Known,
}

/// The choice of a span, and of clients where there are several.
pub(super) fn filters(asked: &Asked) -> Filters<'_> {
    let spans = DAYS.iter().map(|(word, _)| ((*word).to_owned(), format!("{word} days")));
    Filters::new(asked, FIGURES).choice(Choice::of("days", "Span", spans).usually(USUAL))
}

impl Figures {
    /// What the span comes to, at a glance.
    pub(super) fn glance(&self) -> Markup {
        let Total { sums: Sums { visits, conversions, load_time, error_rate, .. }, revenue } = &self.reported.total;
        html! {
            ul.glance {
                (fact("Visits", &html! { (counted(*visits)) }))
                (fact("Conversions", &html! {
                    (counted(*conversions))
                    @if let Some(share) = share(*conversions, *visits) { " " small { (share) " of visits" } }
                }))
                (fact("Load time", &html! { (load_time.map_or_else(none, seconds)) }))
                (fact("Errors", &html! { (error_rate.map_or_else(none, percent)) }))
                @for (currency, amount) in revenue {
                    (fact("Revenue", &money(amount, currency.as_deref().unwrap_or(UNKNOWN))))
                }
            }
        }
    }

    /// Every figure by the day.
    pub(super) fn charts(&self) -> Markup {
        let count = |of: fn(&Sums) -> i64| self.points(|day| Some(of(day)).map(|n| (float(n), counted(n))));
        let (visits, views) = (count(|day| day.visits), count(|day| day.page_views));
        let conversions = count(|day| day.conversions);
        let load = self.points(|day| day.load_time.map(|time| (time, seconds(time))));
        let errors = self.points(|day| day.error_rate.map(|rate| (rate, percent(rate))));
        let total = &self.reported.total.sums;
        html! {
            div.charts {
                (Chart::new("visits", "Visits", Drawn::Bars, &visits, &plain).total(html! { (counted(total.visits)) }))
                (Chart::new("conversions", "Conversions", Drawn::Bars, &conversions, &plain).total(html! { (counted(total.conversions)) }))
                (Chart::new("load-time", "Load time", Drawn::Line, &load, &seconds).total(html! { (total.load_time.map_or_else(none, seconds)) }))
                (Chart::new("errors", "Errors", Drawn::Line, &errors, &percent).total(html! { (total.error_rate.map_or_else(none, percent)) }))
                (self.revenues())
                (Chart::new("page-views", "Page views", Drawn::Bars, &views, &plain).total(html! { (counted(total.page_views)) }))
            }
            p.text-secondary {
                "A day that nobody reported is a gap, not zero. Load time and errors are means weighted by page views. "
                "Amounts of two currencies are never added."
            }
        }
    }

    /// A picture for each currency.
    fn revenues(&self) -> Markup {
        html! {
            @for group in self.reported.revenue.chunk_by(|a, b| a.currency == b.currency) {
                @let currency = group[0].currency.as_deref().unwrap_or(UNKNOWN);
                @let earned: BTreeMap<Date, &Revenue> = group.iter().map(|earned| (earned.day, earned)).collect();
                @let points = self.by_day(|day| earned.get(&day).map(|earned| (earned.drawn, told(&earned.amount, currency))));
                @let amount = self.reported.total.revenue.iter().find(|(known, _)| *known == group[0].currency).map(|(_, amount)| amount.as_str());
                (Chart::new(&format!("revenue-{}", currency.to_lowercase().replace(' ', "-")), &format!("Revenue in {currency}"), Drawn::Bars, &points, &plain)
                    .total(html! { @if let Some(amount) = amount { (money(amount, currency)) } }))
            }
        }
    }

    fn points(&self, of: impl Fn(&Sums) -> Option<(f64, String)>) -> Vec<Point> {
        let known: BTreeMap<Date, &Sums> = self.reported.days.iter().map(|day| (day.day, &day.sums)).collect();
        self.by_day(|day| of(known.get(&day)?))
    }

    fn by_day(&self, of: impl Fn(Date) -> Option<(f64, String)>) -> Vec<Point> {
        let point = |day| match of(day) {
            Some((value, told)) => Point { day, value: Some(value), told },
            None => Point { day, value: None, told: words::NONE.to_owned() },
        };
        self.span.days().map(point).collect()
    }

    /// Whether nothing was reported by the day.
    pub(super) fn is_nothing(&self) -> bool {
        self.reported.days.is_empty()
    }

    /// That there is nothing, and what would fill the page.
    pub(super) fn nothing(&self) -> Markup {
        let what = match (&self.known.latest, self.known.has_longer) {
            (None, _) => {
                "Apps and whoever measures them report figures through the table API: one row of client_analytics a day."
            }
            (Some(_), true) => "Only weeks or months were reported of these days, and those can't be shown by the day.",
            (Some(_), false) => "Nothing was reported of these days: choose a longer span.",
        };
        html! {
            div.card {
                (empty(Icon::Chart, "No figures", what))
                @if let Some(latest) = self.known.latest { p.text-center.text-secondary { "The latest are of " (day(latest)) "." } }
            }
        }
    }
}

/// In place of a currency that nobody said.
pub(super) const UNKNOWN: &str = "unknown currency";

fn fact(label: &str, value: &Markup) -> Markup {
    html! { li.card { span.glance-label { (label) } span.glance-value { (value) } } }
}

fn none() -> String {
    words::NONE.to_owned()
}

#[expect(clippy::cast_precision_loss, reason = "it is only drawn")]
fn float(number: i64) -> f64 {
    number as f64
}

/// A count with commas between thousands.
pub(super) fn counted(number: i64) -> String {
    words::grouped(&number.to_string())
}

/// A share of visits, in percent.
pub(super) fn share(part: i64, whole: i64) -> Option<String> {
    (whole > 0).then(|| percent(float(part) / float(whole) * 100.0))
}

/// Seconds with two places.
pub(super) fn seconds(number: f64) -> String {
    format!("{number:.2} s")
}

/// Percent with two places.
pub(super) fn percent(number: f64) -> String {
    format!("{number:.2} %")
}

/// A number of a scale: no places where it is whole.
fn plain(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let point = if places.is_empty() { "" } else { "." };
    format!("{}{point}{places}", words::grouped(whole))
}

fn told(amount: &str, currency: &str) -> String {
    format!("{amount} {currency}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_says_whole_numbers_without_places() {
        for (number, told) in [(0.0, "0"), (2.5, "2.5"), (12_000.0, "12,000"), (0.25, "0.25"), (100.0, "100")] {
            assert_eq!(plain(number), told);
        }
    }

    #[test]
    fn a_share_of_nothing_is_none() {
        assert_eq!(share(1, 8).as_deref(), Some("12.50 %"));
        assert_eq!(share(0, 0), None);
    }
}
