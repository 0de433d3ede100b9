use maud::{Markup, html};
use tokio_postgres::Row;

use crate::Result;
use crate::console::components::{Tone, card};
use crate::console::words;
use crate::db::tx::Tx;

/// Rows of a table by a column: the card's heading, and the list that they stand in.
pub(super) struct Figures {
    heading: &'static str,
    /// What one of them is called, and several.
    nouns: (&'static str, &'static str),
    path: &'static str,
    name: &'static str,
    nothing: &'static str,
}

pub(super) const CLIENTS_BY_STATUS: Figures = Figures {
    heading: "Clients by status",
    nouns: ("client", "clients"),
    path: "/clients",
    name: "status",
    nothing: "No clients yet.",
};

pub(super) const CLIENTS_BY_TIER: Figures = Figures {
    heading: "Clients by tier",
    nouns: ("client", "clients"),
    path: "/clients",
    name: "tier",
    nothing: "No clients yet.",
};

pub(super) const DEPLOYMENTS_BY_STATUS: Figures = Figures {
    heading: "Deployments by status",
    nouns: ("deployment", "deployments"),
    path: "/deployments",
    name: "status",
    nothing: "Nothing was deployed yet.",
};

pub(super) const DEPLOYMENTS_BY_HEALTH: Figures = Figures {
    heading: "Deployments by health",
    nouns: ("deployment", "deployments"),
    path: "/deployments",
    name: "health",
    nothing: "Nothing was deployed yet.",
};

pub(super) const SUBSCRIPTIONS: Figures = Figures {
    heading: "Subscriptions by status",
    nouns: ("account", "accounts"),
    path: "/billing",
    name: "status",
    nothing: "Nobody has an account yet.",
};

/// Words and how many rows have each, the most first.
pub(super) type Counted = Vec<(String, i64)>;

/// Clients by status, and by tier.
pub(super) async fn clients(tx: &Tx<'_>) -> Result<[Counted; 2]> {
    let sql = "SELECT GROUPING(k.status), coalesce(k.status, k.tier), pg_catalog.count(*)
                 FROM (SELECT c.status::text, c.tier::text FROM public.clients_enhanced c WHERE c.archived_at IS NULL) k
                GROUP BY GROUPING SETS ((k.status), (k.tier)) ORDER BY 3 DESC, 2";
    Ok(both(&tx.query(sql, &[]).await?))
}

/// Deployments by status, and by health.
pub(super) async fn deployments(tx: &Tx<'_>) -> Result<[Counted; 2]> {
    let sql = "SELECT GROUPING(k.status), coalesce(k.status, k.health), pg_catalog.count(*)
                 FROM (SELECT coalesce(d.status, 'pending')::text AS status, coalesce(d.health_status, 'unknown')::text AS health
                         FROM public.client_deployments d) k
                GROUP BY GROUPING SETS ((k.status), (k.health)) ORDER BY 3 DESC, 2";
    Ok(both(&tx.query(sql, &[]).await?))
}

/// Accounts by the status of their subscription.
pub(super) async fn subscriptions(tx: &Tx<'_>) -> Result<Counted> {
    let sql = "SELECT b.subscription_status::text, pg_catalog.count(*) FROM public.client_billing_info b
                GROUP BY 1 ORDER BY 2 DESC, 1";
    Ok(tx.query(sql, &[]).await?.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// What was counted by a first column, and by a second.
fn both(rows: &[Row]) -> [Counted; 2] {
    [0, 1].map(|which| {
        let rows = rows.iter().filter(|row| row.get::<_, i32>(0) == which);
        rows.map(|row| (row.get(1), row.get(2))).collect()
    })
}

impl Figures {
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
