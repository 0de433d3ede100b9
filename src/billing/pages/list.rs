use axum::extract::State;
use jiff::civil::Date;
use maud::{Markup, Render as _, html};

use super::SEERS;
use crate::billing::store::{self, ORDERS};
use crate::billing::types::{Account, DUNNINGS, Filter, PAYMENTS, STATUSES, TIERS, Total};
use crate::console::components::{Choice, Column, Filters, Icon, Table, Tone, badge, day, empty, money, pager, status};
use crate::console::list::{Asked, Rows};
use crate::console::{Console, Nav, Page, Visitor, words};
use crate::problem::Problem;

/// The id of what is shown anew when the list is narrowed.
const LIST: &str = "list";

/// What fills the list.
const WHAT_FILLS_IT: &str = "A client gets its account on its page, or through the table API.";

/// The accounts that the visitor sees.
pub(super) async fn list(State(console): State<Console>, visitor: Visitor, asked: Asked) -> Result<Page, Problem> {
    visitor.has_to_be(SEERS)?;
    let filter = Filter::parse(|name| asked.some(name));
    let window = asked.order(ORDERS)?;
    let tx = visitor.snapshot(&console).await?;
    let (accounts, totals) = tokio::try_join!(store::page(&tx, &filter, &window), store::totals(&tx, &filter))?;
    let body = body(&visitor, &asked, &window.sort(), &accounts, &totals);
    Ok(Page::new(&visitor, "Billing").under(Nav::Billing).body(body))
}

fn body(visitor: &Visitor, asked: &Asked, sort: &str, accounts: &Rows<Account>, totals: &[Total]) -> Markup {
    let count: i64 = totals.iter().map(|total| total.accounts).sum();
    if count == 0 && !asked.is_narrowed() {
        return html! { div.card { (empty(Icon::Card, "No accounts yet", WHAT_FILLS_IT)) } };
    }
    let filters = filters(asked);
    html! {
        (filters)
        div #(LIST) {
            @if !totals.is_empty() { div.card.totals { (together(totals)) } }
            div.card.list-frame {
                (filters.summary())
                div.list-head { p.list-count { (words::count(count, "account", "accounts")) } }
                @if accounts.rows.is_empty() {
                    (empty(Icon::Search, "No account is like that", "Take a filter away, or search for something else."))
                } @else {
                    (table(visitor, asked, sort, accounts))
                }
                (pager(asked, accounts))
            }
        }
    }
}

fn filters(asked: &Asked) -> Filters<'_> {
    Filters::new(asked, LIST)
        .search("Client or company")
        .choice(Choice::of_words("tier", "Tier", TIERS))
        .choice(Choice::of_words("status", "Subscription", STATUSES))
        .choice(Choice::of_words("payment", "Payment", PAYMENTS))
        .choice(Choice::of_words("dunning", "Reminding", DUNNINGS))
}

/// What the accounts come to, each currency by itself.
fn together(totals: &[Total]) -> Markup {
    let columns = [
        Column::new("Currency"),
        Column::new("Accounts").number().wide_only(),
        Column::new("Next invoices").number(),
        Column::new("Owed").number(),
        Column::new("Credit").number().wide_only(),
    ];
    let table = totals.iter().fold(Table::new("Together, by currency", columns), |table, total| {
        table.row([
            html! { (total.currency) },
            html! { (words::grouped(&total.accounts.to_string())) },
            money(&total.next_invoices, &total.currency),
            money(&total.owed, &total.currency),
            money(&total.credit, &total.currency),
        ])
    });
    table.render()
}

fn table(visitor: &Visitor, asked: &Asked, sort: &str, accounts: &Rows<Account>) -> Markup {
    let columns = [
        Column::new("Client").sorted_by("client"),
        Column::new("Subscription").sorted_by("status"),
        Column::new("Payment").wide_only(),
        Column::new("Reminding").wide_only(),
        Column::new("Invoice").number().wide_only(),
        Column::new("Owed").number(),
        Column::new("Next invoice").sorted_by("next").wide_only(),
    ];
    let table = Table::new("Accounts", columns).sortable(asked, sort, LIST);
    accounts.rows.iter().fold(table, |table, account| table.row(row(visitor, account))).render()
}

fn row(visitor: &Visitor, account: &Account) -> [Markup; 7] {
    let Account { currency, .. } = account;
    [
        html! {
            div.list-main {
                a href={ "/clients/" (account.client_id) "/billing" } { (account.client) }
                span { (tier(account)) }
            }
        },
        status(&account.status),
        status(&account.payment),
        reminding(&account.dunning),
        money(&account.invoice, currency),
        money(&account.owed, currency),
        next(account.next_invoice, visitor),
    ]
}

/// What is billed, and that the client is served as something else where it is.
fn tier(account: &Account) -> Markup {
    html! {
        (words::label(&account.tier))
        @if account.tier != account.served_as {
            " " (badge(Tone::Attention, &format!("served as {}", words::label(&account.served_as).to_lowercase())))
        }
    }
}

/// How far reminding has gone, where it has begun.
pub(super) fn reminding(dunning: &str) -> Markup {
    match dunning {
        "none" => html! { span.text-secondary { (words::NONE) } },
        "final" => badge(Tone::Bad, &words::label(dunning)),
        _ => badge(Tone::Attention, &words::label(dunning)),
    }
}

/// The day of the next invoice, which is said to have passed where it has.
pub(super) fn next(date: Option<Date>, visitor: &Visitor) -> Markup {
    let today = visitor.screen.now.to_zoned(visitor.zone.clone()).date();
    html! {
        @match date {
            Some(date) => { (day(date)) @if date < today { " " (badge(Tone::Bad, "overdue")) } },
            None => span.text-secondary { (words::NONE) },
        }
    }
}
