use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use uuid::Uuid;

use crate::Result;
use crate::console::components::{Icon, Tone, badge, card, icon, moment};
use crate::console::{AGENCY, EVERYBODY, Visitor, words};
use crate::db::policies::rules::Role::{self, Admin, Client, Manager, SuperAdmin};
use crate::db::tx::Tx;

/// How many of the rows are named.
const NAMED: usize = 3;

/// Something that somebody should look at.
struct Matter {
    /// What it is, of one and of several.
    nouns: (&'static str, &'static str),
    tone: Tone,
    /// The list of these rows.
    path: &'static str,
    /// Where one of them is; its id stands in the place of the braces.
    each: &'static str,
    /// For whom it is.
    roles: &'static [Role],
    /// Ids and names of the rows, most pressing first; `$1` is today.
    sql: &'static str,
}

const MATTERS: &[Matter] = &[
    Matter {
        nouns: ("deployment failed", "deployments failed"),
        tone: Tone::Bad,
        path: "/deployments?status=failed",
        each: "/deployments/{}",
        roles: EVERYBODY,
        sql: "SELECT d.id, c.name::text AS name, d.updated_at AS at FROM public.client_deployments d
                JOIN public.clients_enhanced c ON c.id = d.client_id
               WHERE d.status = 'failed' AND $1::pg_catalog.date IS NOT NULL",
    },
    Matter {
        nouns: ("deployment is in critical health", "deployments are in critical health"),
        tone: Tone::Bad,
        path: "/deployments?health=critical",
        each: "/deployments/{}",
        roles: EVERYBODY,
        sql: "SELECT d.id, c.name::text AS name, d.last_health_check AS at FROM public.client_deployments d
                JOIN public.clients_enhanced c ON c.id = d.client_id
               WHERE d.health_status = 'critical' AND $1::pg_catalog.date IS NOT NULL",
    },
    Matter {
        nouns: ("client has an invalid configuration", "clients have invalid configurations"),
        tone: Tone::Bad,
        path: "/configuration/findings?weight=invalid",
        each: "/clients/{}/configuration",
        roles: AGENCY,
        sql: "SELECT c.id, c.name::text AS name, pg_catalog.min(f.found_at) AS at FROM tenantry.document_findings f
                JOIN public.clients_enhanced c ON c.id = f.client_id
               WHERE f.weight = 'invalid' AND c.archived_at IS NULL AND $1::pg_catalog.date IS NOT NULL
               GROUP BY c.id, c.name",
    },
    Matter {
        nouns: ("client has an incomplete configuration", "clients have incomplete configurations"),
        tone: Tone::Attention,
        path: "/configuration/findings?weight=incomplete",
        each: "/clients/{}/configuration",
        roles: AGENCY,
        sql: "SELECT c.id, c.name::text AS name, pg_catalog.min(f.found_at) AS at FROM tenantry.document_findings f
                JOIN public.clients_enhanced c ON c.id = f.client_id
               WHERE f.weight = 'incomplete' AND c.archived_at IS NULL AND $1::pg_catalog.date IS NOT NULL
               GROUP BY c.id, c.name",
    },
    Matter {
        nouns: ("deployment configuration didn't validate", "deployment configurations didn't validate"),
        tone: Tone::Bad,
        path: "/deployment-configurations?status=failed",
        each: "/deployment-configurations/{}",
        roles: AGENCY,
        sql: "SELECT s.id, c.name::text AS name, s.updated_at AS at FROM public.deployment_configurations s
                JOIN public.clients_enhanced c ON c.id = s.client_id
               WHERE s.status = 'failed' AND $1::pg_catalog.date IS NOT NULL",
    },
    Matter {
        nouns: ("renewal is overdue", "renewals are overdue"),
        tone: Tone::Attention,
        path: "/clients?status=active&sort=renewal",
        each: "/clients/{}",
        roles: EVERYBODY,
        sql: "SELECT c.id, c.name::text AS name, c.renewal_date AS at FROM public.clients_enhanced c
               WHERE c.archived_at IS NULL AND c.status = 'active' AND c.renewal_date < $1",
    },
    Matter {
        nouns: ("invoice is overdue", "invoices are overdue"),
        tone: Tone::Attention,
        path: "/billing?status=active&sort=next",
        each: "/clients/{}",
        roles: &[Client, Manager, Admin, SuperAdmin],
        sql:
            "SELECT b.client_id AS id, c.name::text AS name, b.next_invoice_date AS at FROM public.client_billing_info b
                JOIN public.clients_enhanced c ON c.id = b.client_id
               WHERE b.subscription_status = 'active' AND b.next_invoice_date < $1",
    },
    Matter {
        nouns: ("client has no manager", "clients have no manager"),
        tone: Tone::Attention,
        path: "/clients?manager=nobody",
        each: "/clients/{}",
        roles: AGENCY,
        sql: "SELECT c.id, c.name::text AS name, c.created_at AS at FROM public.clients_enhanced c
               WHERE c.archived_at IS NULL AND c.assigned_manager IS NULL AND $1::pg_catalog.date IS NOT NULL",
    },
    Matter {
        nouns: ("customization waits for review", "customizations wait for review"),
        tone: Tone::Busy,
        path: "/customizations?status=in_review",
        each: "/customizations/{}",
        roles: AGENCY,
        sql: "SELECT z.id, c.name::text AS name, z.updated_at AS at FROM public.client_customizations z
                JOIN public.clients_enhanced c ON c.id = z.client_id
               WHERE z.status = 'in_review' AND $1::pg_catalog.date IS NOT NULL",
    },
    Matter {
        nouns: ("change waits for a decision", "changes wait for a decision"),
        tone: Tone::Busy,
        path: "/changes?state=proposed",
        each: "/changes/{}",
        roles: AGENCY,
        sql: "SELECT g.id, pg_catalog.left(g.reason, 80) AS name, g.proposed_at AS at FROM tenantry.changes g
               WHERE g.state = 'proposed' AND $1::pg_catalog.date IS NOT NULL",
    },
];

/// What of it there is: how many rows, and the first of them.
pub(super) struct Found {
    matter: &'static Matter,
    count: i64,
    first: Vec<(Uuid, String)>,
}

/// Looks for what needs somebody, as far as it is for a role.
pub(super) async fn find(tx: &Tx<'_>, role: Role, today: Date) -> Result<Vec<Found>> {
    let matters: Vec<&'static Matter> = MATTERS.iter().filter(|matter| matter.roles.contains(&role)).collect();
    let parts = matters.iter().map(|matter| {
        format!(
            "SELECT pg_catalog.count(*), (pg_catalog.array_agg(m.id ORDER BY m.at, m.id))[1:{NAMED}],
                    (pg_catalog.array_agg(m.name ORDER BY m.at, m.id))[1:{NAMED}] FROM ({}) m",
            matter.sql
        )
    });
    let sql = parts.collect::<Vec<_>>().join(" UNION ALL ");
    let rows = tx.query(&sql, &[&today]).await?;
    let found = matters.into_iter().zip(&rows).map(|(matter, row)| {
        let (ids, names): (Option<Vec<Uuid>>, Option<Vec<String>>) = (row.get(1), row.get(2));
        let first = ids.unwrap_or_default().into_iter().zip(names.unwrap_or_default());
        Found { matter, count: row.get(0), first: first.collect() }
    });
    Ok(found.filter(|found| found.count > 0).collect())
}

/// As of when it is known which configurations don't validate; none before the server has looked.
pub(super) async fn looked_at(tx: &Tx<'_>) -> Result<Option<Timestamp>> {
    let sql = "SELECT l.looked_at FROM tenantry.document_looks l";
    Ok(tx.query_opt(sql, &[]).await?.map(|row| row.get(0)))
}

/// Shows it, or that there is nothing; of configurations what was known at a time.
pub(super) fn shown(found: &[Found], visitor: &Visitor, looked_at: Option<Timestamp>) -> Markup {
    let body = html! {
        @if found.is_empty() {
            p.text-secondary { (icon(Icon::CircleCheck)) " Nothing waits for anybody." }
        } @else {
            ul.matters { @for one in found { li { (matter(one)) } } }
        }
        @if visitor.is(AGENCY) {
            p.note {
                a href="/configuration/findings" { "Configurations" }
                @match looked_at {
                    Some(at) => { " were last looked at " (moment(at, &visitor.zone)) "." },
                    None => " weren't looked at yet.",
                }
            }
        }
    };
    card("What needs attention", &body)
}

fn matter(found: &Found) -> Markup {
    let Found { matter, count, first } = found;
    let (one, many) = matter.nouns;
    let rest = count - i64::try_from(first.len()).unwrap_or_default();
    html! {
        (badge(matter.tone, &words::grouped(&count.to_string())))
        div {
            a href=(matter.path) { (if *count == 1 { one } else { many }) }
            p.text-secondary {
                @for (place, (id, name)) in first.iter().enumerate() {
                    @if place > 0 { ", " }
                    a href=(matter.each.replace("{}", &id.to_string())) { (name) }
                }
                @if rest > 0 { " and " (words::grouped(&rest.to_string())) " more" }
            }
        }
    }
}
