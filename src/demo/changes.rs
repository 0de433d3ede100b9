use serde_json::{Value, json};
use uuid::Uuid;

use super::chance;
use super::people::{ADMIN, MANAGERS, Person, STAFF};
use super::roster::BOOKING;
use crate::configurations::changes::command::{self, Then};
use crate::configurations::changes::{State, Tools, Wanted};
use crate::db::caller::Act;
use crate::db::database::Database;
use crate::db::tx::Tx;
use crate::{Error, Result};

/// Makes changes of configuration in every state that there is, each by somebody who may, the way that anybody does.
///
/// Each is an act of its own, since nobody approves what they propose: it comes after [`super::load`], for an agency that
/// was added just now.
pub async fn make_changes(database: &Database, tools: &Tools) -> Result<()> {
    let desk = Desk { database, tools };
    desk.decided().await?;
    desk.taken_back().await?;
    desk.open().await
}

struct Desk<'a> {
    database: &'a Database,
    tools: &'a Tools,
}

impl Desk<'_> {
    /// Changes of which somebody has made up their mind.
    async fn decided(&self) -> Result<()> {
        let ([manager, _], [staff, _]) = (&MANAGERS, &STAFF);
        let hours = |hours: &str| lumen(json!({ "key": "support.hours", "value": hours }));
        self.apply(manager, hours("Mon-Sat 9:00-17:00 CET"), "Lumen Yoga answers on Saturdays, too").await?;
        let late = self.propose(staff, hours("Mon-Fri 9:00-24:00 CET"), "Answer until midnight").await?;
        self.decide(manager, late, State::Rejected, Some("Nobody of the studio is there that late")).await?;
        let short = lumen(json!({ "key": "booking.slotMinutes", "value": 45, "template_id": BOOKING }));
        let short = self.propose(staff, short, "Classes of three quarters of an hour").await?;
        self.decide(staff, short, State::Withdrawn, None).await
    }

    /// A change that did no good.
    async fn taken_back(&self) -> Result<()> {
        let [manager, _] = &MANAGERS;
        let half = lumen(json!({ "key": "booking.cancelHours", "value": 12, "template_id": BOOKING }));
        let half = self.apply(manager, half, "Classes may be cancelled half a day ahead").await?;
        let reason = "Two classes stood empty: a day ahead again";
        let tx = self.begin(manager, reason).await?;
        Box::pin(command::revert(&tx, self.tools, half, reason, Then::Apply)).await?;
        tx.commit().await
    }

    /// Changes that wait for somebody.
    async fn open(&self) -> Result<()> {
        let ([manager, _], [staff, _]) = (&MANAGERS, &STAFF);
        let lead = lumen(json!({ "key": "booking.leadHours", "value": 2, "template_id": BOOKING }));
        let lead = self.propose(staff, lead, "Classes can be booked up to two hours ahead").await?;
        self.decide(manager, lead, State::Approved, Some("Marta asked for it in writing")).await?;
        let texts = json!({ "key": "notifications.channels", "value": ["sms"], "template_id": BOOKING });
        self.propose(staff, lumen(texts), "Text messages while testing, too, as Marta asked").await?;
        // Client 1 has a value of its own, which shields it from this.
        let reminders = json!({ "key": "notifications.reminderHours", "value": 48, "template_id": BOOKING });
        self.propose(&ADMIN, set(reminders), "Remind of every booking two days ahead").await?;
        // No template's schema takes a word for a feature; in development another value shields from it.
        let soon = json!({ "key": "features.statusPage", "value": "soon" });
        self.propose(&ADMIN, set(soon), "Say that the status page comes soon").await?;
        Ok(())
    }

    async fn propose(&self, who: &Person, edit: Value, reason: &str) -> Result<Uuid> {
        self.write(who, edit, reason, Then::Propose).await
    }

    async fn apply(&self, who: &Person, edit: Value, reason: &str) -> Result<Uuid> {
        self.write(who, edit, reason, Then::Apply).await
    }

    async fn write(&self, who: &Person, edit: Value, reason: &str, then: Then) -> Result<Uuid> {
        let edit: Wanted = serde_json::from_value(edit)
            .map_err(|error| Error::failure(format!("the demo's edit for “{reason}” is none")).caused_by(error))?;
        let tx = self.begin(who, reason).await?;
        let made = Box::pin(command::write(&tx, self.tools, vec![edit], reason, then)).await?;
        tx.commit().await?;
        Ok(made.change.id)
    }

    async fn decide(&self, who: &Person, id: Uuid, state: State, words: Option<&str>) -> Result<()> {
        let tx = self.begin(who, words.unwrap_or_default()).await?;
        command::decide(&tx, id, state, words).await?;
        tx.commit().await
    }

    async fn begin(&self, who: &Person, reason: &str) -> Result<Tx<'static>> {
        self.database.begin(&who.caller(), &Act::new(reason)).await
    }
}

fn set(mut edit: Value) -> Value {
    edit["operation"] = json!("set");
    edit
}

/// Sets something for client 1.
fn lumen(edit: Value) -> Value {
    let mut edit = set(edit);
    edit["client_id"] = json!(chance::id("client", 1));
    edit
}
