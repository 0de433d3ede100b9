use serde_json::{Value, json};
use tokio_postgres::Transaction;

use super::calendar::{Calendar, DAYS};
use super::chance::{self, between, number};
use super::deployments::{Deployment, deployments};
use super::roster;
use super::rows::insert;
use crate::Result;

/// Adds three months of figures: one row a day for each app in production, and by the hour for yesterday where the tier
/// has it.
pub async fn add(tx: &Transaction<'_>, calendar: Calendar) -> Result<()> {
    let live: Vec<Deployment> = deployments()
        .into_iter()
        .filter(|deployment| deployment.environment == "production" && deployment.status == "deployed")
        .collect();
    let mut rows = Vec::new();
    for deployment in &live {
        let last = deployment.begun.min(DAYS);
        // Today isn't over.
        rows.extend((1..=last).rev().map(|days_ago| row(deployment, calendar, days_ago, None)));
        if deployment.of().tier == "enterprise" && last > 0 {
            rows.extend((0..24).map(|hour| row(deployment, calendar, 1, Some(hour))));
        }
    }
    insert(tx, "public.client_analytics", rows).await?;
    Ok(())
}

fn row(deployment: &Deployment, calendar: Calendar, days_ago: u32, hour: Option<u32>) -> Value {
    let client = deployment.of();
    let date = calendar.days_ago(days_ago);
    let purpose = format!("{} {days_ago} {hour:?}", deployment.number);
    let visits = visits(deployment, f64::from(date.weekday().to_monday_zero_offset()), days_ago, hour);
    let sessions = visits + visits / 8;
    let conversions = sessions * (10 + number(&format!("conversions {purpose}"), 25)) / 1_000;
    let sells = client.template == roster::SHOP;
    let load = f64::from(deployment.response_time()) / 1_000.0 + between(&format!("load {purpose}"), 0.5, 1.4);
    let at = calendar.moment(days_ago - 1, 15);
    json!({
        "id": chance::id(&format!("figure {} {hour:?}", deployment.number), days_ago as usize),
        "client_id": chance::id("client", deployment.client),
        "deployment_id": deployment.id(),
        "analytics_date": date.to_string(),
        "analytics_period": if hour.is_some() { "hourly" } else { "daily" },
        "analytics_hour": hour,
        "page_views": sessions * (22 + number(&format!("pages {purpose}"), 20)) / 10,
        "unique_visitors": visits,
        "sessions": sessions,
        "bounce_rate": between(&format!("bounce {purpose}"), 28.0, 61.0),
        "avg_session_duration": between(&format!("duration {purpose}"), 45.0, 260.0),
        "avg_load_time": (load * 100.0).round() / 100.0,
        "core_web_vitals": { "lcp": (load * 1_400.0).round() / 1_000.0, "cls": between(&format!("cls {purpose}"), 0.0, 0.2) },
        "error_rate": error_rate(deployment, days_ago, &purpose),
        "conversions": conversions,
        "conversion_rate": percent(conversions, sessions),
        "revenue": sells.then(|| between(&format!("revenue {purpose}"), 18.0, 64.0) * f64::from(conversions)),
        "currency": sells.then(|| client.currency()),
        "engagement_metrics": {},
        "user_behavior": {},
        "created_at": at,
        "updated_at": at,
    })
}

/// More of them by tier, fewer at the weekend, a little more every week, none twice the same.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hundreds of people")]
fn visits(deployment: &Deployment, weekday: f64, days_ago: u32, hour: Option<u32>) -> u32 {
    let usual = match deployment.of().tier {
        "enterprise" => 1_900.0,
        "premium" => 620.0,
        "standard" => 240.0,
        _ => 85.0,
    };
    let own = between(&format!("size {}", deployment.number), 0.6, 1.5);
    let weekend = if weekday >= 5.0 { 0.62 } else { 1.0 };
    let growth = 1.0 + f64::from(DAYS - days_ago.min(DAYS)) * 0.002;
    let chance = between(&format!("visits {} {days_ago} {hour:?}", deployment.number), 0.85, 1.15);
    let share = hour.map_or(1.0, |hour| if (8..22).contains(&hour) { 1.0 / 16.0 } else { 1.0 / 80.0 });
    (usual * own * weekend * growth * chance * share).round() as u32
}

fn error_rate(deployment: &Deployment, days_ago: u32, purpose: &str) -> f64 {
    let purpose = format!("errors {purpose}");
    match deployment.health {
        "critical" if days_ago <= 2 => between(&purpose, 11.0, 28.0),
        "warning" => between(&purpose, 0.9, 3.0),
        _ => between(&purpose, 0.0, 0.4),
    }
}

fn percent(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| (f64::from(part) * 10_000.0 / f64::from(whole)).round() / 100.0)
}
