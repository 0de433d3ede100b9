//! Figures of days as a picture. The picture is drawn here, as SVG, and stretched to its place; what is written beside it
//! is text, which stays as large as all other.

use jiff::civil::Date;
use maud::{Markup, Render, html};

use super::{Column, Table, day};

/// A day's figure: as it is drawn, and as it is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The day.
    pub day: Date,
    /// How much it is; none where nobody told.
    pub value: Option<f64>,
    /// The same in words.
    pub told: String,
}

/// How figures are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// Each by itself, from the ground up: what is counted.
    Bars,
    /// As a line: what is measured.
    Line,
}

/// Figures of days, one after the other, with a table behind; renders itself.
pub struct Chart<'a> {
    id: &'a str,
    title: &'a str,
    total: Option<Markup>,
    drawn: Drawn,
    points: &'a [Point],
    told: &'a dyn Fn(f64) -> String,
}

impl<'a> Chart<'a> {
    /// One with an id of its own on the page; `told` says a figure of the scale in words.
    pub fn new(
        id: &'a str,
        title: &'a str,
        drawn: Drawn,
        points: &'a [Point],
        told: &'a dyn Fn(f64) -> String,
    ) -> Self {
        Self { id, title, total: None, drawn, points, told }
    }

    /// Says beside the title what all days come to.
    #[must_use]
    pub fn total(self, total: Markup) -> Self {
        Self { total: Some(total), ..self }
    }

    fn plot(&self, top: f64) -> Markup {
        let (title, summary) = (format!("{}-title", self.id), format!("{}-summary", self.id));
        let labelled = format!("{title} {summary}");
        let width = self.points.len();
        html! {
            svg.chart-plot viewBox={ "0 0 " (width) " 100" } preserveAspectRatio="none" role="img" aria-labelledby=(labelled) {
                title id=(title) { (self.title) }
                desc id=(summary) { (self.summary()) }
                @for step in 1..STEPS {
                    @let height = u16::from(step) * 100 / u16::from(STEPS);
                    line.chart-grid x1="0" x2=(width) y1=(height) y2=(height) vector-effect="non-scaling-stroke" {}
                }
                @match self.drawn {
                    Drawn::Bars => (bars(self.points, top)),
                    Drawn::Line => (lines(self.points, top)),
                }
            }
        }
    }

    /// What the picture shows, for who doesn't see it.
    fn summary(&self) -> String {
        let known = || self.points.iter().filter_map(|point| Some((point, point.value?)));
        let least = known().min_by(|(_, a), (_, b)| a.total_cmp(b));
        let most = known().max_by(|(_, a), (_, b)| a.total_cmp(b));
        match (self.points.first(), self.points.last(), least, most) {
            (Some(first), Some(last), Some((least, _)), Some((most, _))) => format!(
                "From {} to {}: {} on {} at least, {} on {} at most.",
                first.day, last.day, least.told, least.day, most.told, most.day
            ),
            _ => "Nobody told a figure.".to_owned(),
        }
    }

    fn table(&self) -> Markup {
        let columns = [Column::new("Day"), Column::new(self.title).number()];
        let rows = self.points.iter().rev().map(|point| [day(point.day), html! { (point.told) }]);
        let table = rows.fold(Table::new(self.title, columns), Table::row);
        html! { details.chart-table { summary { "As a table" } (table) } }
    }
}

impl Render for Chart<'_> {
    fn render(&self) -> Markup {
        let greatest = self.points.iter().filter_map(|point| point.value).fold(0.0, f64::max);
        let top = top(greatest);
        html! {
            figure.card.chart {
                figcaption.card-header {
                    h2.card-title { (self.title) }
                    @if let Some(total) = &self.total { span.chart-total { (total) } }
                }
                div.card-body {
                    div.chart-frame {
                        ul.chart-scale aria-hidden="true" {
                            @for step in (0..=STEPS).rev() { li { ((self.told)(top * f64::from(step) / f64::from(STEPS))) } }
                        }
                        (self.plot(top))
                        ul.chart-days aria-hidden="true" { @for at in days(self.points) { li { (at.strftime("%-d %b")) } } }
                    }
                    (self.table())
                }
            }
        }
    }
}

/// Into how many parts the scale is divided.
const STEPS: u8 = 4;

/// The end of the scale: a round number that is no smaller, and that divides evenly.
fn top(greatest: f64) -> f64 {
    if !greatest.is_finite() || greatest <= 0.0 {
        return f64::from(STEPS);
    }
    let unit = 10_f64.powf((greatest / f64::from(STEPS)).log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0].map(|step| step * unit * f64::from(STEPS));
    steps.into_iter().find(|top| *top >= greatest).unwrap_or(greatest)
}

/// The first day, the middle one and the last.
fn days(points: &[Point]) -> Vec<Date> {
    let places = match points.len() {
        0 => vec![],
        1 | 2 => (0..points.len()).collect(),
        count => vec![0, count / 2, count - 1],
    };
    places.into_iter().map(|place| points[place].day).collect()
}

fn bars(points: &[Point], top: f64) -> Markup {
    html! {
        @for (place, point) in points.iter().enumerate() {
            @if let Some(value) = point.value {
                @let height = value.clamp(0.0, top) / top * 100.0;
                rect.chart-bar x={ (place) ".1" } y=(rounded(100.0 - height)) width="0.8" height=(rounded(height)) {
                    title { (point.day) ": " (point.told) }
                }
            }
        }
    }
}

/// Days that nobody told of are gaps.
fn lines(points: &[Point], top: f64) -> Markup {
    let height = |value: f64| rounded(100.0 - value.clamp(0.0, top) / top * 100.0);
    let known = |point: &Point| point.value.is_some();
    let numbered: Vec<(usize, &Point)> = points.iter().enumerate().collect();
    let parts = numbered.chunk_by(|(_, a), (_, b)| known(a) == known(b));
    let parts = parts.filter(|part| part.first().is_some_and(|(_, point)| known(point)));
    let drawn = parts.map(|part| {
        let place = |(place, point): &(usize, &Point)| format!("{place}.5,{}", height(point.value.unwrap_or_default()));
        match part {
            // One day alone is a line as wide as the day.
            [(at, point)] => {
                let y = height(point.value.unwrap_or_default());
                format!("{at}.1,{y} {at}.9,{y}")
            }
            part => part.iter().map(place).collect::<Vec<_>>().join(" "),
        }
    });
    html! { @for points in drawn { polyline.chart-line points=(points) vector-effect="non-scaling-stroke" {} } }
}

fn rounded(number: f64) -> String {
    format!("{number:.2}")
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn points(values: &[Option<f64>]) -> Vec<Point> {
        let point = |(place, value): (i64, &Option<f64>)| Point {
            day: date(2026, 11, 1).saturating_add(place.days()),
            value: *value,
            told: value.map_or_else(|| "–".to_owned(), |value| format!("{value} <b>")),
        };
        (0..).zip(values).map(point).collect()
    }

    fn shown(drawn: Drawn, values: &[Option<f64>]) -> String {
        let points = points(values);
        Chart::new("visits", "Visits", drawn, &points, &|value| value.to_string()).render().into_string()
    }

    #[test]
    fn a_picture_says_what_it_shows_and_has_a_table_behind() {
        let shown = shown(Drawn::Bars, &[Some(3.0), None, Some(8.0)]);
        assert!(shown.contains("aria-labelledby=\"visits-title visits-summary\""), "{shown}");
        assert!(shown.contains("3 &lt;b&gt; on 2026-11-01 at least, 8 &lt;b&gt; on 2026-11-03 at most."), "{shown}");
        assert_eq!(shown.matches("<rect").count(), 2, "what nobody told isn't zero");
        assert_eq!(shown.matches("<tr>").count(), 4, "{shown}");
        assert!(!shown.contains("style="), "{shown}");
    }

    #[test]
    fn a_line_has_gaps_where_nobody_told() {
        let shown = shown(Drawn::Line, &[Some(1.0), Some(2.0), None, Some(4.0), None]);
        assert_eq!(shown.matches("<polyline").count(), 2);
        assert!(shown.contains("0.5,75.00 1.5,50.00") && shown.contains("3.1,0.00 3.9,0.00"), "{shown}");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert!(shown(Drawn::Line, &[]).contains("Nobody told a figure."));
        assert!(!shown(Drawn::Bars, &[None]).contains("<rect"));
    }

    proptest! {
        #[test]
        fn the_scale_holds_every_figure_and_isnt_much_too_long(greatest in 1e-6_f64..1e12) {
            let top = top(greatest);
            prop_assert!(top >= greatest && top <= greatest * 2.51, "{top}");
        }
    }
}
