use serde_json::{Value, json};
use tokio_postgres::Transaction;

use super::calendar::Calendar;
use super::chance::{self, hex, number, pick};
use super::people::{ADMIN, manager};
use super::roster::{self, Client};
use super::rows::insert;
use crate::Result;

/// Whose contract ran out without anybody renewing it, and how many days ago.
pub const OVERDUE: (usize, u32) = (9, 12);

/// The client that left long ago and was put away; its address is free again.
const ARCHIVED: usize = 40;

/// Adds the clients.
pub async fn add(tx: &Transaction<'_>, calendar: Calendar) -> Result<()> {
    let rows = roster::numbered().map(|(number, client)| row(number, client, calendar)).collect();
    insert(tx, "public.clients_enhanced", rows).await?;
    Ok(())
}

fn row(n: usize, client: &Client, calendar: Calendar) -> Value {
    let Contract { start, end, renewal } = contract(n, client, calendar);
    let contact = if client.has_left() { 120 } else { number(&format!("contact {n}"), 28) };
    let last_contact = calendar.moment(contact, 600 + number(&format!("hour {n}"), 400));
    json!({
        "id": chance::id("client", n),
        "name": client.contact,
        "email": client.email(),
        "company_name": client.company,
        "industry": client.industry,
        "website_url": format!("https://www.{}.example", client.slug),
        "phone": format!("+{} 555 01{:02}", dialling_code(client.country), n),
        "address": { "city": client.city, "country": client.country },
        "business_size": client.size,
        "annual_revenue": revenue(n, client),
        "target_audience": audience(client.industry),
        "business_goals": goals(client.template),
        "technical_requirements": { "languages": languages(client.country), "accessibility": "WCAG 2.2 AA" },
        "preferred_integrations": [pick(&format!("integration {n}"), ["calendar", "newsletter", "accounting", "crm"])],
        "compliance_requirements": if is_european(client.country) { json!(["GDPR"]) } else { json!([]) },
        "brand_guidelines": { "voice": pick(&format!("voice {n}"), ["warm", "plain", "precise", "playful"]) },
        "color_palette": { "primary": colour(n, "primary"), "accent": colour(n, "accent") },
        "typography_preferences": { "heading": pick(&format!("font {n}"), ["Lora", "Inter", "Work Sans"]), "body": "Inter" },
        "logo_assets": { "svg": format!("logos/{}.svg", client.slug) },
        "visual_identity": { "mood": pick(&format!("mood {n}"), ["calm", "bold", "natural", "crisp"]) },
        "project_type": client.template,
        "project_scope": format!("{} for {}", scope(client.template), client.company),
        "budget_range": budget(client.tier),
        "timeline_requirements": pick(&format!("timeline {n}"), ["4 weeks", "6 weeks", "8 weeks", "3 months"]),
        "status": client.status,
        "tier": client.tier,
        "acquisition_source": pick(&format!("source {n}"), ["referral", "intake form", "trade fair", "newsletter"]),
        "assigned_manager": manager(n),
        "last_contact_date": last_contact,
        "contract_start_date": start,
        "contract_end_date": end,
        "renewal_date": renewal,
        "archived_at": (n == ARCHIVED).then(|| calendar.moment(60, 700)),
        "created_at": calendar.moment(client.joined, 600),
        "updated_at": last_contact,
        "created_by": ADMIN.id(),
        "updated_by": ADMIN.id(),
    })
}

struct Contract {
    start: String,
    end: String,
    renewal: Option<String>,
}

/// Contracts run for a year and renew on the day they were signed, unless the client has left.
fn contract(n: usize, client: &Client, calendar: Calendar) -> Contract {
    let start = calendar.days_ago(client.joined).to_string();
    if n == OVERDUE.0 {
        let end = calendar.days_ago(OVERDUE.1).to_string();
        return Contract { start, renewal: Some(end.clone()), end };
    }
    if client.has_left() {
        return Contract { start, end: calendar.days_ago(100).to_string(), renewal: None };
    }
    let end = calendar.in_days(365 - client.joined % 365).to_string();
    Contract { start, renewal: (client.status == "active").then(|| end.clone()), end }
}

/// The colour of a client's brand.
pub fn colour(n: usize, which: &str) -> String {
    format!("#{}", hex(&format!("{which} colour {n}"), 6))
}

/// What small companies don't tell stays unknown.
fn revenue(n: usize, client: &Client) -> Option<u32> {
    let thousands = number(&format!("revenue {n}"), 80);
    match client.size {
        "startup" => None,
        "small" => Some((120 + thousands * 5) * 1_000),
        "medium" => Some((900 + thousands * 40) * 1_000),
        _ => Some((9_000 + thousands * 300) * 1_000),
    }
}

fn budget(tier: &str) -> &'static str {
    match tier {
        "basic" => "under 5k",
        "standard" => "5k-15k",
        "premium" => "15k-40k",
        _ => "over 40k",
    }
}

fn scope(template: &str) -> &'static str {
    match template {
        roster::BOOKING => "Online booking with reminders",
        roster::SHOP => "Shop with catalogue and checkout",
        roster::PORTAL => "Portal with documents and directory",
        _ => "Enquiry form with follow-up",
    }
}

fn goals(template: &str) -> Value {
    match template {
        roster::BOOKING => json!(["fewer missed appointments", "bookings outside opening hours"]),
        roster::SHOP => json!(["more repeat orders", "smaller baskets abandoned"]),
        roster::PORTAL => json!(["less post", "documents in one place"]),
        _ => json!(["more enquiries", "answers within two days"]),
    }
}

fn audience(industry: &str) -> &'static str {
    match industry {
        "health" | "wellness" | "beauty" => "People nearby who book by telephone in their lunch break",
        "hospitality" | "culture" => "Travellers who plan a few weeks ahead",
        "education" => "Parents and adult learners",
        "consulting" | "property" => "Existing customers with paperwork",
        _ => "Households within an hour's drive",
    }
}

fn languages(country: &str) -> Value {
    match country {
        "DE" => json!(["de", "en"]),
        "FR" | "BE" => json!(["fr", "en"]),
        "PT" => json!(["pt", "en"]),
        "JP" => json!(["ja", "en"]),
        "CA" => json!(["en", "fr"]),
        _ => json!(["en"]),
    }
}

fn is_european(country: &str) -> bool {
    !["US", "CA", "AU", "JP", "KE", "GB", "NO"].contains(&country)
}

fn dialling_code(country: &str) -> &'static str {
    match country {
        "US" | "CA" => "1",
        "GB" => "44",
        "DE" => "49",
        "FR" => "33",
        "PT" => "351",
        "JP" => "81",
        "AU" => "61",
        "IT" => "39",
        "ES" => "34",
        "IE" => "353",
        "SE" => "46",
        "NO" => "47",
        "DK" => "45",
        "FI" => "358",
        "PL" => "48",
        "CZ" => "420",
        "BG" => "359",
        "BE" => "32",
        "HR" => "385",
        _ => "254",
    }
}
