use serde_json::{Value, json};
use tokio_postgres::Transaction;

use super::calendar::Calendar;
use super::chance;
use super::customizations::INCOMPLETE;
use super::people::{ADMIN, LOGINS, MANAGERS, manager};
use super::roster::{self, BOOKING, LEADS, PORTAL, SHOP};
use super::rows::insert;
use crate::Result;

/// One value at one layer.
struct Setting {
    key: &'static str,
    value: Value,
    client: Option<usize>,
    template: Option<&'static str>,
    environment: &'static str,
    schema: Value,
    description: &'static str,
    delegated: bool,
    active: bool,
    days_ago: u32,
}

/// Adds a value at every layer there is, lowest first.
pub async fn add(tx: &Transaction<'_>, calendar: Calendar) -> Result<()> {
    let settings = for_all().into_iter().chain(for_templates()).chain(for_clients()).chain(openings());
    let rows = (1..).zip(settings).map(|(number, setting)| setting.row(number, calendar)).collect();
    insert(tx, "public.system_configurations", rows).await?;
    Ok(())
}

/// The agency's own defaults.
fn for_all() -> Vec<Setting> {
    vec![
        setting("support.email", json!("support@harbourpine.example"), 600)
            .about("Where every app sends people for help"),
        setting("support.hours", json!("Mon-Fri 9:00-17:00 CET"), 600).about("When somebody answers there"),
        // Whatever is beneath a locked key stays as the agency has it; client 4 asked otherwise before there was a lock.
        setting("privacy.cookieBanner", json!(true), 210)
            .schema(json!({ "type": "boolean", "x-locked": true }))
            .about("Held by the agency since the audit of our apps: no client switches it off"),
        setting("privacy.retentionMonths", json!(24), 600)
            .schema(json!({ "type": "integer", "minimum": 1, "maximum": 36 })),
        setting("notifications.reminderHours", json!(24), 600)
            .about("How long before an appointment people are reminded"),
        setting("features.statusPage", json!(true), 160),
        setting("features.statusPage", json!(false), 160).within("development").about("Nobody watches development"),
        setting("branding.poweredBy", json!("Made by Harbour & Pine"), 600),
        setting("support.email", json!("testing@harbourpine.example"), 420).within("staging"),
    ]
}

fn for_templates() -> Vec<Setting> {
    vec![
        setting("booking.cancelHours", json!(24), 140).template(BOOKING),
        setting("booking.leadHours", json!(1), 140)
            .template(BOOKING)
            .within("development")
            .about("So that tests needn't wait"),
        setting("notifications.reminderHours", json!(36), 20)
            .template(BOOKING)
            .about("Raised for everybody; clients with a value of their own keep it"),
        setting("notifications.channels", json!(["email"]), 140).template(BOOKING),
        setting("checkout.returnDays", json!(30), 190)
            .template(SHOP)
            .schema(json!({ "type": "integer", "minimum": 14, "x-locked": true }))
            .about("The terms that our lawyers read"),
        setting("checkout.guest", json!(true), 190).template(SHOP),
        setting("catalogue.pageSize", json!(6), 190).template(SHOP).within("development"),
        setting("features.priceInList", json!(true), 75).template(SHOP),
        setting("form.answerDays", json!(2), 300).template(LEADS),
        setting("portal.sessionMinutes", json!(20), 250)
            .template(PORTAL)
            .within("production")
            .about("Portals show invoices"),
    ]
}

/// What single clients asked for.
fn for_clients() -> Vec<Setting> {
    vec![
        // Shields client 1 from what the template says since, by design: it was asked for.
        setting("notifications.reminderHours", json!(3), 260)
            .client(1)
            .template(BOOKING)
            .about("Marta: classes are booked on the day, a day ahead is too early"),
        setting("branding.tagline", json!("Breathe out."), 250).client(1).delegated().about("Marta writes it herself"),
        setting("booking.openingHours", json!({ "mon-fri": ["07:00-21:00"], "sat": ["08:00-14:00"] }), 250)
            .client(1)
            .template(BOOKING)
            .delegated(),
        setting("notifications.channels", json!(["email", "sms"]), 250)
            .client(1)
            .template(BOOKING)
            .within("production"),
        setting("support.email", json!("studio@lumenyoga.example"), 250).client(1),
        setting("form.thankYou", json!("Thanks! Owen rings back within ${form.answerDays} days."), 330)
            .client(2)
            .template(LEADS)
            .delegated(),
        setting("branding.poweredBy", json!({ "$removed": true }), 330).client(2).about("White label, as agreed"),
        setting("features.statusPage", json!(false), 90).client(3),
        setting("catalogue.sort", json!("popularity"), 90).client(3).template(SHOP).within("production"),
        // Older than the lock above: stored, ignored, and shown as locked out.
        setting("privacy.cookieBanner", json!(false), 400).client(4).about("Had its own banner from another company"),
        setting("privacy.retentionMonths", json!(36), 380)
            .client(4)
            .within("production")
            .about("Patients' records are kept longer"),
        setting("features.onlinePayment", json!(true), 50)
            .client(4)
            .template(BOOKING)
            .within("staging")
            .about("Trying it out"),
        setting("documents.types", json!(["pdf", "docx"]), 120).client(5).template(PORTAL),
        setting("portal.language", json!("de"), 200).client(8).template(PORTAL),
        setting("support.hours", json!("by appointment"), 200).client(8),
        setting("store.currency", json!("USD"), 100).client(7).template(SHOP),
        setting("portal.language", json!("fr"), 150).client(19).template(PORTAL).within("production"),
        setting("features.priceInList", json!(false), 40).client(23).template(SHOP),
        // What the template requires and nobody supplies, since the mailbox was given up: the document is incomplete.
        setting("store.supportEmail", json!("old-desk@stoneandfern.example"), 70)
            .client(INCOMPLETE)
            .template(SHOP)
            .inactive()
            .about("Mailbox given up; the new one isn't known yet"),
        setting("booking.slotMinutes", json!(20), 60)
            .client(34)
            .template(BOOKING)
            .within("production")
            .about("Check-ups are short"),
    ]
}

/// Season's opening notes of those who take bookings, which is what most managers edit.
fn openings() -> Vec<Setting> {
    roster::numbered()
        .filter(|(number, client)| client.template == BOOKING && client.status == "active" && *number > 4)
        .map(|(number, client)| {
            setting("contact.phone", json!(format!("+00 555 02{number:02}")), client.joined.min(35))
                .client(number)
                .template(BOOKING)
        })
        .collect()
}

fn setting(key: &'static str, value: Value, days_ago: u32) -> Setting {
    Setting {
        key,
        value,
        client: None,
        template: None,
        environment: "all",
        schema: json!({}),
        description: "",
        delegated: false,
        active: true,
        days_ago,
    }
}

impl Setting {
    fn client(self, number: usize) -> Self {
        Self { client: Some(number), ..self }
    }

    fn template(self, template: &'static str) -> Self {
        Self { template: Some(template), ..self }
    }

    fn within(self, environment: &'static str) -> Self {
        Self { environment, ..self }
    }

    fn schema(self, schema: Value) -> Self {
        Self { schema, ..self }
    }

    fn about(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    fn delegated(self) -> Self {
        Self { delegated: true, ..self }
    }

    fn inactive(self) -> Self {
        Self { active: false, ..self }
    }

    fn row(self, number: usize, calendar: Calendar) -> Value {
        let at = calendar.moment(self.days_ago, 615);
        let author = match self.client {
            None => ADMIN.id(),
            Some(client) if self.delegated => {
                LOGINS.get(client - 1).map_or_else(|| ADMIN.id(), super::people::Person::id)
            }
            Some(client) => manager(client).unwrap_or_else(|| MANAGERS[0].id()),
        };
        json!({
            "id": chance::id("setting", number),
            "configuration_key": self.key,
            "configuration_value": self.value,
            "configuration_schema": self.schema,
            "description": (!self.description.is_empty()).then_some(self.description),
            "is_encrypted": false,
            "is_system": false,
            "is_active": self.active,
            "is_delegated": self.delegated,
            "client_id": self.client.map(|client| chance::id("client", client)),
            "template_id": self.template,
            "environment": self.environment,
            "created_at": at,
            "updated_at": at,
            "created_by": ADMIN.id(),
            "updated_by": author,
        })
    }
}
