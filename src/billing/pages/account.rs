use axum::extract::{Path, State};
use maud::{Markup, Render, html};
use serde_json::{Map, Value};

use super::usage::usage;
use super::{SEERS, WRITERS, list};
use crate::billing::fields::{FIELDS, SECRETS};
use crate::billing::store;
use crate::console::components::{
    Facts, Icon, Tone, badge, card, day, empty, empty_action, icon, moment, money, status, told,
};
use crate::console::record::Kind;
use crate::console::{Console, OfClient, Page, Visitor, words};
use crate::db::policies::rules::Role;
use crate::problem::Problem;

/// What the figures are.
const OF_RECORD: &str = "Balance, credit, charges and the day of the last invoice are figures of record: what whoever bills \
     has written down. The amount and the day of the next invoice, and what was used so far, aren't yet: they can change until \
     the invoice is written.";

/// A client's account.
pub(super) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Page, Problem> {
    visitor.has_to_be(SEERS)?;
    let tx = visitor.snapshot(&console).await?;
    let client = OfClient::find(&tx, &id).await?;
    let row = store::row(&tx, client.id, visitor.person.role != Role::Client).await?;
    let served_as = store::served_as(&tx, client.id).await?.unwrap_or_default();
    let edit = format!("/clients/{}/billing/edit", client.id);
    let body = match &row {
        Some(row) => Shown { row, visitor: &visitor, client: &client, served_as: &served_as }.render(),
        None => nothing(&visitor, &edit),
    };
    let page = client.page(&visitor, "Billing", "billing", &body);
    let may_edit = row.is_some() && visitor.is(WRITERS);
    Ok(page.actions(html! { @if may_edit { a.btn.btn-primary href=(edit) { (icon(Icon::Edit)) "Edit" } } }))
}

fn nothing(visitor: &Visitor, edit: &str) -> Markup {
    let words = "There is no account, so nobody is billed.";
    html! {
        div.card {
            @if visitor.is(WRITERS) {
                @let open = html! { a.btn.btn-primary href=(edit) { (icon(Icon::Plus)) "Open an account" } };
                (empty_action(Icon::Card, "No account", words, &open))
            } @else {
                (empty(Icon::Card, "No account", words))
            }
        }
    }
}

struct Shown<'a> {
    row: &'a Map<String, Value>,
    visitor: &'a Visitor,
    client: &'a OfClient,
    served_as: &'a str,
}

impl Shown<'_> {
    fn text(&self, name: &str) -> &str {
        self.row.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn subscription(&self) -> Markup {
        let tier = self.text("subscription_tier");
        let tier = html! {
            (words::label(tier))
            @if tier != self.served_as {
                " " (badge(Tone::Attention, &format!("served as {}", words::label(self.served_as).to_lowercase())))
            }
        };
        let facts = Facts::new()
            .fact("Tier", Some(tier))
            .fact("Status", Some(status(self.text("subscription_status"))))
            .fact("Billed", Some(html! { (words::label(self.text("billing_frequency"))) }))
            .fact("Trial until", self.day("trial_end_date"))
            .fact("From", self.day("subscription_start_date"))
            .fact("Until", self.day("subscription_end_date"));
        card("Subscription", &facts.render())
    }

    fn amounts(&self) -> Markup {
        let facts =
            FIELDS.iter().filter(|field| field.kind == Kind::Amount).fold(Facts::new(), |facts, field| {
                match (field.name, self.text(field.name).strip_prefix('-')) {
                    ("account_balance", Some(owed)) => facts.fact("Owed", Some(self.money(owed))),
                    ("account_balance", None) => facts.fact("Owed", Some(self.money("0"))),
                    _ => facts.fact(field.label, Some(self.money(self.text(field.name)))),
                }
            });
        let next = self.text("next_invoice_date").parse().ok();
        let facts = facts
            .fact("Last invoice", self.day("last_invoice_date"))
            .fact("Next invoice", next.map(|date| list::next(Some(date), self.visitor)));
        card("Invoices and balance", &html! { (facts) p.note { (OF_RECORD) } })
    }

    fn payment(&self) -> Markup {
        let filled = |name: &str| Some(self.text(name)).filter(|text| !text.is_empty()).map(|text| html! { (text) });
        let retries = self.row.get("payment_retry_count").and_then(Value::as_i64).unwrap_or_default();
        let tried = self.text("last_payment_attempt").parse().ok().map(|at| moment(at, &self.visitor.zone));
        let mut facts = Facts::new()
            .fact("Means of payment", Some(status(self.text("payment_status"))))
            .fact("Provider", filled("payment_provider"))
            .fact("Reminding", Some(list::reminding(self.text("dunning_status"))))
            .fact("Failed attempts", Some(html! { (words::grouped(&retries.to_string())) }))
            .fact("Last attempt", tried)
            .fact("Invoices go to", filled("billing_email"));
        if self.visitor.person.role != Role::Client {
            facts =
                SECRETS.iter().fold(facts, |facts, (name, label)| facts.fact(label_of(name, label), self.secret(name)));
        }
        let address =
            self.row.get("billing_address").filter(|value| value.as_object().is_some_and(|all| !all.is_empty()));
        card("Payment", &facts.fact("Address on invoices", address.map(told)).render())
    }

    /// That there is a secret, and the way to look at it.
    fn secret(&self, name: &str) -> Option<Markup> {
        let is_there = self.row.get(name).is_some_and(|value| !value.is_null());
        let id = self.text("id");
        let here = format!("/clients/{}/billing", self.client.id);
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("at", &format!("/{name}"))
            .append_pair("next", &here)
            .finish();
        is_there.then(|| {
            html! {
                span.text-secondary { "Kept secret" } " "
                a href={ "/configurations/" (id) "/reveal?" (query) } { "Reveal" }
            }
        })
    }

    fn usage(&self) -> Markup {
        let of = |name: &str| self.row.get(name).unwrap_or(&Value::Null);
        let table = usage(of("usage_limits"), of("current_usage"));
        card("Usage", &table.unwrap_or_else(|| {
            html! { p.text-secondary { "Neither limits nor use are known. Whoever measures use writes both into the account." } }
        }))
    }

    fn day(&self, name: &str) -> Option<Markup> {
        self.text(name).parse().ok().map(day)
    }

    fn money(&self, amount: &str) -> Markup {
        money(amount, self.text("currency"))
    }
}

/// The means of payment as such is called otherwise than whether it works.
fn label_of<'l>(name: &str, label: &'l str) -> &'l str {
    if name == "payment_method_id" { "Provider's reference" } else { label }
}

impl Render for Shown<'_> {
    fn render(&self) -> Markup {
        let changed = self.text("updated_at").parse().ok().map(|at| moment(at, &self.visitor.zone));
        html! {
            div.cards { (self.subscription()) (self.amounts()) (self.payment()) (self.usage()) }
            @if let Some(at) = changed { p.text-secondary { "Last changed " (at) } }
        }
    }
}
