//! The sample agency of `tenantry up --demo`.
//!
//! *Harbour & Pine* is a small agency with eight people who sign in and forty clients: dentists, roasters, schools. It is
//! there so that every state that Tenantry knows can be looked at before there is any data of one's own. It is made by
//! the program itself, the way that people make such rows: drafts are written, reviewed and moved on one state at a time,
//! so that every rule of the database holds for it as for anybody.
//!
//! Everything follows from a fixed seed ([`chance`]) and from a clock: on two databases with the same clock the rows are
//! the same, keys included, and the three months of events and figures end at the clock's present ([`calendar`]). Only
//! passwords are made up anew each time; they are returned once and kept nowhere. What people did to configuration
//! comes on top ([`make_changes`]), by the same way as anybody's changes and with the time that it is.
//!
//! What to look for:
//!
//! - *a locked key*: `privacy.cookieBanner` is locked by the agency; client 4 had set it before, which is ignored since;
//! - *an override that shields*: `notifications.reminderHours` was raised for all bookings, but client 1 has its own;
//! - *an incomplete document*: client 25's shop lacks `store.supportEmail`, which its template requires;
//! - *a failed deployment*: client 6's staging, and its deployment configuration says why;
//! - *changes in every state*: most are about client 1; one that waits would break documents, and client 1's own value
//!   shields it from another;
//! - *an overdue renewal*: client 9's contract ran out, and its card has expired.
//!
//! A database that holds other clients is refused: sample data among real clients would be billed, counted and shown.

mod analytics;
mod billing;
mod calendar;
mod chance;
mod changes;
mod clients;
mod configurations;
mod customizations;
mod deployments;
mod environments;
mod events;
mod figures;
mod people;
mod roster;
mod rows;
mod templates;

use serde_json::json;
use tokio_postgres::Transaction;

pub use changes::make_changes;
pub use people::Credential;

use crate::clock::Clock;
use crate::db::admin::Admin;
use crate::{Error, Result};
use calendar::Calendar;

/// The setting that says that the agency is there, and since when.
const MARK: &str = "demo";

/// Adds the sample agency in one transaction and returns everybody's password; nothing where it is there already.
pub async fn load(admin: &mut Admin, clock: Clock) -> Result<Option<Vec<Credential>>> {
    let tx = admin.transaction().await?;
    tx.batch_execute("SET LOCAL ROLE tenantry_owner; SET LOCAL tenantry.reason = 'sample agency of up --demo'").await?;
    if is_there(&tx).await? {
        return Ok(None);
    }
    refuse_company(&tx).await?;
    let calendar = Calendar::ending(clock.now());
    let credentials = fill(&tx, calendar).await?;
    let mark = json!({ "ends_at": calendar.now });
    tx.execute("INSERT INTO tenantry.settings (key, value) VALUES ($1, $2)", &[&MARK, &mark]).await?;
    tx.commit().await?;
    Ok(Some(credentials))
}

async fn fill(tx: &Transaction<'_>, calendar: Calendar) -> Result<Vec<Credential>> {
    let credentials = people::add(tx, calendar).await?;
    clients::add(tx, calendar).await?;
    people::let_in(tx, calendar).await?;
    templates::publish(tx, calendar).await?;
    customizations::add(tx, calendar).await?;
    templates::retire(tx).await?;
    deployments::add(tx, calendar).await?;
    configurations::add(tx, calendar).await?;
    environments::add(tx, calendar).await?;
    billing::add(tx, calendar).await?;
    events::add(tx, calendar).await?;
    analytics::add(tx, calendar).await?;
    figures::count(tx, calendar).await?;
    // Nothing but ANALYZE counts the rows of a partitioned table as a whole, for plans and for `status`.
    tx.batch_execute("ANALYZE public.deployment_tracking_events, public.client_analytics, public.audit_log").await?;
    Ok(credentials)
}

async fn is_there(tx: &Transaction<'_>) -> Result<bool> {
    // Two programs that start at once wait for each other here.
    tx.execute("SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('tenantry demo'))", &[]).await?;
    Ok(tx.query_opt("SELECT FROM tenantry.settings WHERE key = $1", &[&MARK]).await?.is_some())
}

async fn refuse_company(tx: &Transaction<'_>) -> Result<()> {
    let clients: i64 = tx.query_one("SELECT count(*) FROM public.clients_enhanced", &[]).await?.get(0);
    if clients == 0 {
        return Ok(());
    }
    Err(Error::failure(format!(
        "the sample agency is only added to a database without clients, and this one has {clients}"
    ))
    .mend("start without --demo, or give --demo a database or --data-dir of its own"))
}
