use maud::{Markup, html};
use tokio_postgres::Row;

use crate::Result;
use crate::console::components::{Tone, card};
use crate::console::words;
use crate::db::tx::Tx;

/// Rows of a table by a column: the card's heading, the list that they stand in, and the query, which gives words and counts.
pub(super) struct Figures {
    heading: &'static str,
    /// What one of them is called, and several.
    nouns: (&'static str, &'static str),
    path: &'static str,
    name: &'static str,
    sql: &'static str,
    nothing: &'static str,
}

pub(super) const CLIENTS_BY_STATUS: Figures = Figures {
    heading: "Clients by status",
    nouns: ("client", "clients"),
    path: "/clients",
    name: "status",
    sql: "SELECT c.status::text, pg_catalog.count(*) FROM public.clients_enhanced c
           WHERE c.archived_at IS NULL GROUP BY c.status ORDER BY 2 DESC, 1",
    nothing: "No clients yet.",
};

pub(super) const CLIENTS_BY_TIER: Figures = Figures {
    heading: "Clients by tier",
    nouns: ("client", "clients"),
    path: "/clients",
    name: "tier",
    sql: "SELECT c.tier::text, pg_catalog.count(*) FROM public.clients_enhanced c
           WHERE c.archived_at IS NULL GROUP BY c.tier ORDER BY 2 DESC, 1",
    nothing: "No clients yet.",
};

pub(super) const DEPLOYMENTS_BY_STATUS: Figures = Figures {
    heading: "Deployments by status",
    nouns: ("deployment", "deployments"),
    path: "/deployments",
    name: "status",
    sql: "SELECT coalesce(d.status, 'pending')::text, pg_catalog.count(*) FROM public.client_deployments d
           GROUP BY 1 ORDER BY 2 DESC, 1",
    nothing: "Nothing was deployed yet.",
};

pub(super) const DEPLOYMENTS_BY_HEALTH: Figures = Figures {
    heading: "Deployments by health",
    nouns: ("deployment", "deployments"),
    path: "/deployments",
    name: "health",
    sql: "SELECT coalesce(d.health_status, 'unknown')::text, pg_catalog.count(*) FROM public.client_deployments d
           GROUP BY 1 ORDER BY 2 DESC, 1",
    nothing: "Nothing was deployed yet.",
};

pub(super) const SUBSCRIPTIONS: Figures = Figures {
    heading: "Subscriptions by status",
    nouns: ("account", "accounts"),
    path: "/billing",
    name: "status",
    sql: "SELECT b.subscription_status::text, pg_catalog.count(*) FROM public.client_billing_info b
           GROUP BY 1 ORDER BY 2 DESC, 1",
    nothing: "Nobody has an account yet.",
};

impl Figures {
    /// Counts.
    pub(super) async fn count(&self, tx: &Tx<'_>) -> Result<Vec<(String, i64)>> {
        let rows = tx.query(self.sql, &[]).await?;
        Ok(rows.iter().map(|row: &Row| (row.get(0), row.get(1))).collect())
    }

    /// Shows what was counted: all of them, and for each word a bar, its share and the way to the list.
    pub(super) fn card(&self, counted: &[(String, i64)]) -> Markup {
        let all: i64 = counted.iter().map(|(_, count)| count).sum();
        let (one, many) = self.nouns;
        let body = html! {
            @if counted.is_empty() {
                p.text-secondary { (self.nothing) }
            } @else {
                p.figure { a href=(self.path) { (words::count(all, one, many)) } }
                ul.figures {
                    @for (word, count) in counted {
                        li {
                            a href={ (self.path) "?" (self.name) "=" (word) } { (words::label(word)) }
                            (bar(word, *count, all))
                            span.number { (words::grouped(&count.to_string())) }
                        }
                    }
                }
            }
        };
        card(self.heading, &body)
    }
}

/// A share as a bar, in the colour of the word.
fn bar(word: &str, count: i64, all: i64) -> Markup {
    let tone = match Tone::of_status(word) {
        Tone::Good => "good",
        Tone::Busy => "busy",
        Tone::Attention => "attention",
        Tone::Bad => "bad",
        Tone::Quiet => "quiet",
    };
    let width = (count * 1_000 / all.max(1)).max(8);
    html! {
        svg.bar viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" {
            rect class={ "bar-" (tone) } width=(width) height="10" rx="5" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_leads_to_the_rows_that_it_counts() {
        let counted = [("active".to_owned(), 1_200), ("churned".to_owned(), 1)];
        let shown = CLIENTS_BY_STATUS.card(&counted).into_string();
        assert!(shown.contains("1,201 clients"), "{shown}");
        assert!(shown.contains("href=\"/clients?status=active\"") && shown.contains("1,200"), "{shown}");
        assert!(shown.contains("width=\"8\""), "the smallest share is seen: {shown}");
    }

    #[test]
    fn without_rows_it_says_so_and_shows_no_number() {
        let shown = SUBSCRIPTIONS.card(&[]).into_string();
        assert!(shown.contains("Nobody has an account yet.") && !shown.contains("<svg"), "{shown}");
    }
}
