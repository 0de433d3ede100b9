use serde_json::{Value, json};
use tokio_postgres::Transaction;

use super::calendar::Calendar;
use super::chance::{self, number};
use super::clients::OVERDUE;
use super::people::ADMIN;
use super::roster::{self, Client};
use super::rows::insert;
use crate::Result;

/// Adds what each client is billed.
pub async fn add(tx: &Transaction<'_>, calendar: Calendar) -> Result<()> {
    let rows = roster::numbered().map(|(number, client)| row(number, client, calendar)).collect();
    insert(tx, "public.client_billing_info", rows).await?;
    Ok(())
}

/// How a subscription stands, and the money of it.
struct Standing {
    subscription: &'static str,
    payment: &'static str,
    dunning: &'static str,
    retries: u32,
}

fn standing(n: usize, client: &Client) -> Standing {
    let of = |subscription, payment, dunning, retries| Standing { subscription, payment, dunning, retries };
    match (client.status, n) {
        ("churned", 24) => of("cancelled", "expired", "final", 4),
        ("churned", _) => of("cancelled", "valid", "none", 0),
        ("suspended", 18) => of("suspended", "failed", "final", 4),
        ("suspended" | "inactive", _) => of("suspended", "valid", "none", 0),
        (_, 37..=39) => of("trial", "pending", "none", 0),
        (_, 9) => of("active", "expired", "soft", 1),
        (_, 20) => of("active", "failed", "hard", 3),
        (_, 14) => of("active", "failed", "soft", 2),
        _ => of("active", "valid", "none", 0),
    }
}

fn row(n: usize, client: &Client, calendar: Calendar) -> Value {
    let Standing { subscription, payment, dunning, retries } = standing(n, client);
    let frequency = match client.template {
        _ if client.tier == "enterprise" => "yearly",
        roster::LEADS if client.tier == "basic" => "one-time",
        _ => "monthly",
    };
    let trial = subscription == "trial";
    let amount = if trial { 0 } else { amount(client, frequency) };
    let since = calendar.moment(client.joined, 620);
    json!({
        "client_id": chance::id("client", n),
        "id": chance::id("billing", n),
        // Client 22 is served better than it pays for, which the console shows and nobody mends.
        "subscription_tier": if n == 22 { "standard" } else { client.tier },
        "subscription_status": subscription,
        "subscription_start_date": (!trial).then(|| calendar.days_ago(client.joined.saturating_sub(14)).to_string()),
        "subscription_end_date": (subscription == "cancelled").then(|| calendar.days_ago(100).to_string()),
        "trial_end_date": trial_end(client, calendar),
        "billing_email": format!("accounts@{}.example", client.slug),
        "billing_frequency": frequency,
        "currency": client.currency(),
        "payment_status": payment,
        "billing_address": { "name": client.company, "city": client.city, "country": client.country },
        "usage_limits": { "monthlyVisits": limit(client.tier) },
        "current_usage": { "monthlyVisits": limit(client.tier) * u64::from(20 + number(&format!("usage {n}"), 75)) / 100 },
        "overage_charges": if n == 3 { "42.500" } else { "0" },
        "invoice_amount": amount.to_string(),
        "account_balance": if dunning == "none" { "0".to_owned() } else { (-i64::from(amount)).to_string() },
        "credit_balance": if n == 11 { "120.000" } else { "0" },
        "last_invoice_date": (!trial).then(|| calendar.days_ago(last_invoice(n, frequency)).to_string()),
        "next_invoice_date": next_invoice(n, subscription, frequency, calendar),
        "payment_retry_count": retries,
        "last_payment_attempt": (retries > 0).then(|| calendar.moment(3, 300)),
        "dunning_status": dunning,
        "created_at": since,
        "updated_at": calendar.moment(client.joined.min(3), 310),
        "created_by": ADMIN.id(),
        "updated_by": ADMIN.id(),
    })
}

/// Trials last sixty days here.
fn trial_end(client: &Client, calendar: Calendar) -> String {
    match client.joined.checked_sub(60) {
        Some(ago) => calendar.days_ago(ago).to_string(),
        None => calendar.in_days(60 - client.joined).to_string(),
    }
}

fn last_invoice(n: usize, frequency: &str) -> u32 {
    match frequency {
        "yearly" => 20 + number(&format!("invoice {n}"), 280),
        _ => 1 + number(&format!("invoice {n}"), 27),
    }
}

/// Only who can be invoiced has one; the overdue contract's is past.
fn next_invoice(n: usize, subscription: &str, frequency: &str, calendar: Calendar) -> Option<String> {
    match (subscription, frequency) {
        ("active", _) if n == OVERDUE.0 => Some(calendar.days_ago(OVERDUE.1).to_string()),
        ("active", "yearly") => Some(calendar.in_days(365 - last_invoice(n, frequency)).to_string()),
        ("active", "monthly") => Some(calendar.in_days(30 - last_invoice(n, frequency)).to_string()),
        _ => None,
    }
}

/// In the client's own currency, by price list.
fn amount(client: &Client, frequency: &str) -> u32 {
    let monthly = match client.tier {
        "basic" => 29,
        "standard" => 79,
        "premium" => 249,
        _ => 890,
    };
    let rate = match client.currency() {
        "JPY" => 150,
        "KES" => 130,
        "CZK" => 23,
        "SEK" | "NOK" | "DKK" => 10,
        "PLN" => 4,
        "BGN" => 2,
        _ => 1,
    };
    monthly * rate * if frequency == "yearly" { 11 } else { 1 }
}

fn limit(tier: &str) -> u64 {
    match tier {
        "basic" => 5_000,
        "standard" => 20_000,
        "premium" => 60_000,
        _ => 250_000,
    }
}
