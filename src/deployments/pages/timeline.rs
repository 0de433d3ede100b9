use axum::extract::{Path, State};
use maud::{Markup, html};

use crate::console::components::{Choice, Filters, Icon, empty, json, moment, pager, status};
use crate::console::list::{Asked, Rows};
use crate::console::{Console, Names, OfClient, Page, Visitor, words};
use crate::deployments::store::{self, LATEST};
use crate::deployments::types::{Event, KINDS, OUTCOMES, Told};
use crate::problem::Problem;

/// The id of what is shown anew when the timeline is narrowed.
const LIST: &str = "timeline";

/// What fills a timeline.
const WHAT_FILLS_IT: &str = "Builds, deployments, health checks and errors stand here as soon as they are told: by pipelines and \
     components through the table API, or by people on the page of a deployment.";

/// What happened to all deployments of a client.
pub(super) async fn of_client(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Page, Problem> {
    let told = Told::parse(|name| asked.some(name))?;
    let window = asked.order(LATEST)?;
    let tx = visitor.snapshot(&console).await?;
    let client = OfClient::find(&tx, &id).await?;
    let events = store::events(&tx, client.id, None, &told, &window).await?;
    let names = Names::of(&tx, &visitor, events.rows.iter().filter_map(|event| event.person)).await?;
    let timeline = Timeline { visitor: &visitor, asked: &asked, names: &names, is_of_one: false };
    Ok(client.page(&visitor, "Events", "events", &timeline.shown(&events)))
}

/// Events, the latest first.
pub(super) struct Timeline<'a> {
    pub(super) visitor: &'a Visitor,
    pub(super) asked: &'a Asked,
    pub(super) names: &'a Names,
    /// Whether all of them are of one deployment, whose name then goes without saying.
    pub(super) is_of_one: bool,
}

impl Timeline<'_> {
    pub(super) fn shown(&self, events: &Rows<Event>) -> Markup {
        if events.rows.is_empty() && !self.asked.is_narrowed() && events.before.is_none() {
            return html! { div.card { (empty(Icon::Activity, "Nothing has happened yet", WHAT_FILLS_IT)) } };
        }
        let filters = Filters::new(self.asked, LIST)
            .choice(Choice::of_words("kind", "What", KINDS))
            .choice(Choice::of_words("outcome", "Outcome", OUTCOMES));
        html! {
            (filters)
            div.card.list-frame #(LIST) {
                (filters.summary())
                @if events.rows.is_empty() {
                    (empty(Icon::Search, "No event is like that", "Take a filter away."))
                } @else {
                    ol.timeline { @for event in &events.rows { (self.event(event)) } }
                }
                (pager(self.asked, events))
            }
        }
    }

    fn event(&self, event: &Event) -> Markup {
        html! {
            li.timeline-item {
                span class={ "timeline-mark is-" (event.outcome) } aria-hidden="true" {}
                div.timeline-head {
                    strong { (words::label(&event.kind)) }
                    (status(&event.outcome))
                    @if let Some(took) = event.took { span.text-secondary { "took " (duration(took)) } }
                }
                @if let Some(message) = &event.message { p.timeline-message { (message) } }
                p.timeline-note {
                    (moment(event.at, &self.visitor.zone))
                    @if !self.is_of_one { " · " a href={ "/deployments/" (event.deployment_id) } { (event.deployment) } }
                    " · " (self.cause(event))
                }
                @if let Some(details) = &event.details { details.timeline-more { summary { "Details" } (json(details)) } }
            }
        }
    }

    fn cause(&self, event: &Event) -> Markup {
        html! {
            @match event.person {
                Some(person) => { "by " (self.names.name(person)) },
                None if event.by == "user" => "by somebody",
                None => { "by " (words::label(&event.by).to_lowercase()) },
            }
        }
    }
}

/// A length of time as people say it: `850 ms`, `42.5 s`, `3 min 20 s`, `2 h 5 min`.
pub(super) fn duration(milliseconds: i32) -> String {
    let seconds = milliseconds / 1_000;
    match (milliseconds, seconds) {
        (..0, _) => words::NONE.to_owned(),
        (_, 0) => format!("{milliseconds} ms"),
        (_, ..60) => {
            let tenths = milliseconds % 1_000 / 100;
            if tenths == 0 { format!("{seconds} s") } else { format!("{seconds}.{tenths} s") }
        }
        (_, ..3_600) => parts(seconds / 60, "min", seconds % 60, "s"),
        _ => parts(seconds / 3_600, "h", seconds % 3_600 / 60, "min"),
    }
}

fn parts(large: i32, large_unit: &str, small: i32, small_unit: &str) -> String {
    if small == 0 { format!("{large} {large_unit}") } else { format!("{large} {large_unit} {small} {small_unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_told_in_two_units_at_most() {
        for (milliseconds, told) in [
            (0, "0 ms"),
            (850, "850 ms"),
            (42_000, "42 s"),
            (42_560, "42.5 s"),
            (60_000, "1 min"),
            (200_400, "3 min 20 s"),
            (7_500_000, "2 h 5 min"),
            (-1, "–"),
        ] {
            assert_eq!(duration(milliseconds), told);
        }
    }
}
