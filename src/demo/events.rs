use serde_json::{Value, json};
use tokio_postgres::Transaction;
use uuid::Uuid;

use super::calendar::{Calendar, DAYS};
use super::chance::{self, number};
use super::deployments::{Deployment, deployments};
use super::people::{MANAGERS, manager};
use super::rows::insert;
use crate::Result;

/// The hours of health checks.
const CHECKS: [u32; 2] = [6, 18];

/// How often a running app is built anew, in days.
const RELEASES: u32 = 23;

/// Adds three months of events.
pub async fn add(tx: &Transaction<'_>, calendar: Calendar) -> Result<()> {
    // A test's clock may stand before the first month that there is a partition for.
    tx.execute("SELECT tenantry.maintain_partitions($1)", &[&calendar.days_ago(DAYS + 1)]).await?;
    let rows = deployments().iter().flat_map(|deployment| Story::of(deployment, calendar)).collect();
    insert(tx, "public.deployment_tracking_events", rows).await?;
    Ok(())
}

/// What happened to one deployment, in order.
struct Story<'a> {
    deployment: &'a Deployment,
    calendar: Calendar,
    events: Vec<Value>,
}

impl<'a> Story<'a> {
    fn of(deployment: &'a Deployment, calendar: Calendar) -> Vec<Value> {
        let mut story = Self { deployment, calendar, events: Vec::new() };
        for days_ago in (0..=DAYS).rev().filter(|days_ago| *days_ago <= deployment.begun) {
            story.day(days_ago);
        }
        story.events
    }

    fn day(&mut self, days_ago: u32) {
        if days_ago == self.deployment.begun {
            self.release(days_ago, self.deployment.status);
        } else if !self.deployment.is_running() {
            return;
        } else if (self.deployment.begun - days_ago).is_multiple_of(RELEASES) {
            self.release(days_ago, "deployed");
        }
        if self.deployment.is_running() {
            self.checks(days_ago);
            self.trouble(days_ago);
        }
    }

    /// Building and deploying, as far as it got.
    fn release(&mut self, days_ago: u32, status: &str) {
        let minute = 500 + number(&format!("release {} {days_ago}", self.deployment.number), 300);
        let seconds = 40 + number(&format!("seconds {} {days_ago}", self.deployment.number), 200);
        let mut tell = |kind, status, after, duration| {
            self.event(days_ago, minute + after, kind, status, duration, "user");
        };
        if status == "pending" {
            return;
        }
        tell("build_started", "info", 0, None);
        if status == "building" {
            return;
        }
        let unbuildable = status == "failed" && self.deployment.environment == "development";
        if unbuildable {
            return self.event(days_ago, minute + 2, "error", "failure", Some(21_000), "user");
        }
        let mut tell = |kind, status, after, duration| {
            self.event(days_ago, minute + after, kind, status, duration, "user");
        };
        tell("build_completed", "success", 4, Some(seconds * 1_000));
        tell("deploy_started", "info", 5, None);
        match status {
            "deploying" => {}
            "failed" => tell("deploy_completed", "failure", 9, Some(240_000)),
            "rolled_back" => {
                tell("deploy_completed", "success", 7, Some(95_000));
                tell("rollback", "warning", 55, Some(18_000));
            }
            _ => tell("deploy_completed", "success", 7, Some(60_000 + seconds * 300)),
        }
    }

    fn checks(&mut self, days_ago: u32) {
        for hour in CHECKS {
            let purpose = format!("check {} {days_ago} {hour}", self.deployment.number);
            let jitter = number(&purpose, 60);
            // A critical app fails from the day before yesterday on, an ailing one every now and then.
            let status = match self.deployment.health {
                "critical" if days_ago <= 2 => "failure",
                "warning" if number(&format!("{purpose} slow"), 5) == 0 => "warning",
                _ if number(&format!("{purpose} blip"), 300) == 0 => "warning",
                _ => "success",
            };
            let took = self.deployment.response_time() + jitter * 2;
            self.event(days_ago, hour * 60 + jitter, "health_check", status, Some(took), "schedule");
        }
    }

    fn trouble(&mut self, days_ago: u32) {
        if self.deployment.health == "critical" && days_ago <= 2 {
            self.event(days_ago, 320, "error", "failure", None, "webhook");
        }
        if self.deployment.status == "maintenance" && days_ago == 20 {
            self.event(days_ago, 540, "maintenance", "info", None, "user");
        }
    }

    /// Adds one event, unless its time hasn't come.
    fn event(&mut self, days_ago: u32, minute: u32, kind: &str, status: &str, duration: Option<u32>, by: &str) {
        if days_ago == 0 && self.calendar.minute_is_ahead(minute) {
            return;
        }
        let person = (by == "user").then(|| manager(self.deployment.client).unwrap_or_else(|| MANAGERS[0].id()));
        let id: Uuid = chance::id(&format!("event {}", self.deployment.number), self.events.len());
        self.events.push(json!({
            "id": id,
            "client_id": chance::id("client", self.deployment.client),
            "deployment_id": self.deployment.id(),
            "event_type": kind,
            "event_status": status,
            "event_message": message(kind, status),
            "event_details": {},
            "event_timestamp": self.calendar.moment(days_ago, minute),
            "duration_ms": duration,
            "triggered_by": by,
            "triggered_by_user": person,
            "metadata": {},
        }));
    }
}

fn message(kind: &str, status: &str) -> Option<&'static str> {
    match (kind, status) {
        ("deploy_completed", "failure") => {
            Some("The app didn't answer after it was started: the logo isn't among the client's assets")
        }
        ("error", _) => Some("Requests fail: the database of the app refuses connections"),
        ("health_check", "failure") => Some("No answer within 10 seconds"),
        ("health_check", "warning") => Some("Slower than usual"),
        ("rollback", _) => Some("Prices were shown without tax; back to the former release"),
        ("maintenance", _) => Some("A notice is shown while the account is suspended"),
        _ => None,
    }
}
