//! What `migrate up` would do and what stands against it, without changing anything.
//!
//! The catalog and the rows are read in one read-only snapshot; the steps come from a rehearsal on a schema-only copy,
//! where the rules that rows break are taken as they were found, so that the steps and their locks are those to come.

mod fault;

use serde::Serialize;

use super::up::refuse_changed_ones;
use super::{Quiet, Record, Runner, UpOptions, ledger, preconditions, rehearsal, up_recorded};
use crate::db::admin::Admin;
use crate::db::adopt::findings::{self, CutOff, Dependant, Findings};
use crate::db::adopt::{Adoption, Assumed, keep, mending, partition};
use crate::settings::Settings;
use crate::{Error, Result};

pub use fault::{Fault, Place};

/// What `migrate up` would do and what stands against it.
#[derive(Debug, Serialize)]
pub struct Plan {
    /// Tables of the site's that become Tenantry's.
    pub adopted: Vec<String>,
    /// Rows that break rules, and rows that no rule catches but a person should know of.
    pub faults: Vec<Fault>,
    /// Who loses rights, or keeps them because of `--keep-role`.
    pub cut_off: Vec<CutOff>,
    /// Roles in metadata that people can edit, people who reached clients by `created_by` only, policies and views of
    /// the site's that ours replace.
    pub access: Access,
    /// What stands on tables that are to be partitioned.
    pub dependants: Vec<Dependant>,
    /// Each step with the locks that it takes; none where the rehearsal wasn't possible.
    pub steps: Vec<Record>,
    /// Why there was no rehearsal.
    pub not_rehearsed: Option<String>,
}

/// Who has access today, and why that ends.
#[derive(Debug, Default, Serialize)]
pub struct Access {
    /// Roles that people could give themselves.
    pub claimed_roles: Vec<findings::ClaimedRole>,
    /// People who reached clients by having made their rows, and by nothing else.
    pub created_by_only: Vec<findings::CreatedByOnly>,
    /// Policies that ours replace.
    pub policies: Vec<findings::Replaced>,
    /// Views that show rows past row level security.
    pub views: Vec<findings::Bypass>,
}

/// Plans, changing nothing.
pub async fn plan(settings: &Settings, admin: &mut Admin, keep_roles: &[String]) -> Result<Plan> {
    preconditions::check(admin).await?;
    keep::check(admin, keep_roles).await?;
    refuse_changed_ones(&ledger::closed(admin).await?)?;
    let Seen { adoption, assumed, findings, dependants } = look(admin, keep_roles).await?;
    let (steps, not_rehearsed) = match on_a_copy(settings, admin, keep_roles, &assumed).await {
        Ok(steps) => (steps, None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    let mut faults: Vec<Fault> = assumed.diagnoses.into_iter().map(Fault::from).collect();
    faults.extend(fault::of_findings(&findings));
    let Findings { without_manager: _, claimed_roles, created_by_only, policies, views, cut_off, plain_values: _ } =
        findings;
    let access = Access { claimed_roles, created_by_only, policies, views };
    let adopted = adoption.tables.into_iter().collect();
    Ok(Plan { adopted, faults, cut_off, access, dependants, steps, not_rehearsed })
}

/// What a database has, seen at one moment.
struct Seen {
    adoption: Adoption,
    assumed: Assumed,
    findings: Findings,
    dependants: Vec<Dependant>,
}

async fn look(admin: &mut Admin, keep_roles: &[String]) -> Result<Seen> {
    let mut quiet = Quiet;
    let runner = Runner::new(admin, std::time::Duration::ZERO, &mut quiet);
    let adoption = Adoption::look(&runner, keep_roles).await?;
    runner.admin.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let seen = seen(&runner, adoption, keep_roles).await;
    runner.admin.batch_execute("ROLLBACK").await?;
    seen
}

/// Everything about the rows, seen at one moment.
async fn seen(runner: &Runner<'_>, adoption: Adoption, keep_roles: &[String]) -> Result<Seen> {
    let subjects = adoption.subjects(runner.admin).await?;
    let diagnoses = mending::survey_and_diagnose(runner.admin, &subjects).await?;
    let assumed = Assumed { diagnoses, bounds: partition::bounds(runner.admin, &adoption).await? };
    let tables: Vec<String> = adoption.tables.iter().cloned().collect();
    let findings = findings::find(runner.admin, &tables, keep_roles).await?;
    let to_swap: Vec<String> = adoption.model.partitioned_by.keys().cloned().collect();
    let dependants = findings::dependants(runner.admin, &to_swap).await?;
    Ok(Seen { adoption, assumed, findings, dependants })
}

/// The steps and their locks, from doing them on a schema-only copy.
async fn on_a_copy(
    settings: &Settings,
    admin: &Admin,
    keep_roles: &[String],
    assumed: &Assumed,
) -> Result<Vec<Record>> {
    let options = UpOptions { keep_roles: keep_roles.to_vec(), assumed: Some(assumed.clone()), ..UpOptions::default() };
    rehearsal::on_a_copy(settings, admin, async |copy| up_recorded(copy, &options).await).await
}

impl Plan {
    /// The steps as a script for psql, for whoever gives no superuser.
    pub fn script(&self) -> Result<String> {
        if let Some(why) = &self.not_rehearsed {
            return Err(Error::failure(format!("the steps aren't known: {why}")));
        }
        let mut script = String::from(
            "-- What `tenantry migrate up` would do to this database, for psql as a superuser.\n\
             -- Run it with: psql --set ON_ERROR_STOP=1 --file=THIS_FILE\n\
             -- Where a lock isn't to be had within 100 ms it stops, so that the application never waits: go on from\n\
             -- the step that failed. Back up first. `tenantry migrate up` afterwards finds nothing left to do.\n\
             SET TimeZone = 'UTC';\nSET DateStyle = 'ISO, MDY';\nSET row_security = on;\nSET transform_null_equals = off;\n",
        );
        for (place, record) in self.steps.iter().enumerate() {
            script.extend(["\n-- ", &record.migration, ": ", &record.step, "\n", &record.script()]);
            let last = self.steps.get(place + 1).is_none_or(|next| next.migration != record.migration);
            if last {
                script.push_str(&super::record::closing(&record.migration));
            }
        }
        Ok(script)
    }
}
