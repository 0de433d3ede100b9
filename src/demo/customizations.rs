use serde_json::{Value, json};
use tokio_postgres::Transaction;
use uuid::Uuid;

use super::calendar::Calendar;
use super::chance::{self, number};
use super::clients::colour;
use super::people::{ADMIN, MANAGERS, manager};
use super::roster::{self, Client};
use super::rows::insert;
use crate::Result;

/// The client whose document lacks what its template requires: the address for support, which nobody has told yet.
pub const INCOMPLETE: usize = 25;

/// How far the design of a customization got.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Being written.
    Draft,
    /// Waiting for somebody to look at it.
    InReview,
    /// Found good.
    Approved,
    /// In use somewhere.
    Deployed,
}

/// One version of a client's design.
pub struct Design {
    /// The number of the client.
    pub client: usize,
    /// Its version, from 1.
    pub version: u32,
    /// How far it got.
    pub stage: Stage,
    /// Whether it is the one that counts.
    pub active: bool,
    /// How many days ago it was begun.
    begun: u32,
}

impl Design {
    /// Its key.
    pub fn id(&self) -> Uuid {
        id(self.client, self.version)
    }

    /// How many days ago it was approved.
    pub fn approved(&self) -> u32 {
        self.begun.saturating_sub(4)
    }
}

/// The key of a version of a client's design.
pub fn id(client: usize, version: u32) -> Uuid {
    chance::id(&format!("design {version} of"), client)
}

/// Every design, oldest first for each client.
pub fn designs() -> Vec<Design> {
    roster::numbered().flat_map(|(number, client)| designs_of(number, client)).collect()
}

/// New clients are on their first design; older ones on their second, and some of them have begun the next.
fn designs_of(client: usize, of: &Client) -> Vec<Design> {
    let design = |version, stage, active, begun| Design { client, version, stage, active, begun };
    match of.joined {
        ..=30 => vec![design(1, Stage::InReview, false, 9)],
        31..=60 => vec![design(1, Stage::Approved, true, 20)],
        61..=90 => vec![design(1, Stage::Draft, false, 33)],
        91..=250 => vec![design(1, Stage::Deployed, true, of.joined - 14)],
        _ => {
            let second = 60 + number(&format!("second design {client}"), 120);
            let mut designs =
                vec![design(1, Stage::Deployed, false, of.joined - 14), design(2, Stage::Deployed, true, second)];
            match client % 4 {
                0 => designs.push(design(3, Stage::Draft, false, 6)),
                1 => designs.push(design(3, Stage::InReview, false, 11)),
                2 => designs.push(design(3, Stage::Approved, false, 15)),
                _ => {}
            }
            designs
        }
    }
}

/// Adds the designs as drafts and takes each as far as it got, one state after the other.
pub async fn add(tx: &Transaction<'_>, calendar: Calendar) -> Result<()> {
    let designs = designs();
    let rows = designs.iter().map(|design| row(design, &roster::CLIENTS[design.client - 1], calendar)).collect();
    insert(tx, "public.client_customizations", rows).await?;
    let reached = |stage| designs.iter().filter(|design| design.stage >= stage).map(Design::id).collect::<Vec<_>>();
    tx.execute(
        "UPDATE public.client_customizations SET status = 'in_review' WHERE id = ANY ($1)",
        &[&reached(Stage::InReview)],
    )
    .await?;
    // Four days after it was begun, by somebody who isn't its author.
    tx.execute(
        "UPDATE public.client_customizations
            SET status = 'approved', approved_by = $2, approved_at = created_at + interval '96 hours'
          WHERE id = ANY ($1)",
        &[&reached(Stage::Approved), &ADMIN.id()],
    )
    .await?;
    tx.execute(
        "UPDATE public.client_customizations SET status = 'deployed' WHERE id = ANY ($1)",
        &[&reached(Stage::Deployed)],
    )
    .await?;
    let active: Vec<Uuid> = designs.iter().filter(|design| design.active).map(Design::id).collect();
    tx.execute("UPDATE public.client_customizations SET is_active = true WHERE id = ANY ($1)", &[&active]).await?;
    Ok(())
}

fn row(design: &Design, client: &Client, calendar: Calendar) -> Value {
    let begun = calendar.moment(design.begun, 560);
    let author = manager(design.client).unwrap_or_else(|| MANAGERS[0].id());
    let config = config(design, client);
    json!({
        "id": design.id(),
        "client_id": chance::id("client", design.client),
        "template_id": client.template,
        "template_version": pinned(design, client),
        "customization_config": config,
        "branding_config": config["branding"],
        "feature_config": config["features"],
        "integration_config": { "newsletter": design.client.is_multiple_of(3) },
        "ai_customization_prompts": [],
        "theme_config": { "density": if design.version > 1 { "comfortable" } else { "compact" } },
        "layout_config": { "header": "centred", "columns": 1 + design.client % 2 },
        "component_overrides": {},
        "css_customizations": format!(":root {{ --brand: {}; }}", colour(design.client, "primary")),
        "content_overrides": {},
        "copy_customizations": { "headline": format!("{} in {}", client.company, client.city) },
        "image_assets": { "hero": format!("images/{}-{}.webp", client.slug, design.version) },
        "version": design.version,
        "created_at": begun,
        "updated_at": begun,
        "created_by": author,
        "updated_by": author,
    })
}

/// The version that was newest when the design was begun, or none, which follows the newest.
fn pinned(design: &Design, client: &Client) -> Option<&'static str> {
    match (client.template, design.begun) {
        (roster::BOOKING, 341..) | (roster::SHOP, 201..) | (roster::PORTAL, _) => Some("1.0.0"),
        (roster::BOOKING, 151..) => Some("1.4.0"),
        (roster::BOOKING, _) => Some("2.0.0"),
        (roster::SHOP, _) => Some("1.2.0"),
        _ => None,
    }
}

/// What the design sets, as its template's schema has it.
fn config(design: &Design, client: &Client) -> Value {
    let n = design.client;
    let branding = json!({ "primaryColor": colour(n, "primary"), "logo": format!("logos/{}.svg", client.slug) });
    match client.template {
        roster::BOOKING => json!({
            "branding": branding,
            "booking": { "slotMinutes": 30 + 15 * (n % 4), "leadHours": 6 + n % 20 },
            "contact": { "email": client.email() },
            "features": { "waitlist": n.is_multiple_of(2), "onlinePayment": design.version > 1 },
        }),
        roster::SHOP => {
            let mut store = json!({ "name": client.company, "currency": client.currency() });
            if n != INCOMPLETE {
                store["supportEmail"] = json!(client.email());
            }
            json!({
                "branding": branding,
                "store": store,
                "catalogue": { "pageSize": 12 + 12 * (n % 3) },
                "features": { "wishlist": design.version > 1, "giftCards": n.is_multiple_of(3) },
            })
        }
        roster::PORTAL => json!({
            "branding": branding,
            "portal": { "title": format!("{} portal", client.company) },
            "documents": { "maxMegabytes": 20 + 10 * (n % 4) },
            "features": { "forum": n.is_multiple_of(2), "directory": true },
        }),
        _ => json!({
            "branding": branding,
            "form": { "recipient": client.email(), "fields": ["name", "email", "phone", "message"] },
            "brochure": { "enabled": !n.is_multiple_of(2), "file": format!("brochures/{}.pdf", client.slug) },
            "features": { "callBack": n.is_multiple_of(2) },
        }),
    }
}
