use super::Adoption;
use crate::Result;
use crate::db::migrate::{Runner, Step, ledger};
use crate::db::quote::qualified;

/// Vacuums each adopted table once: what filling columns in has left behind goes, and the planner knows the new columns.
pub async fn tidy(runner: &mut Runner<'_>, adoption: &Adoption) -> Result<()> {
    for table in &adoption.tables {
        let migration = Adoption::migration(table);
        let step = Step::outside(
            format!("{table} vacuumed"),
            Vec::new(),
            format!("VACUUM (ANALYZE) {}", qualified("public", table)),
        );
        if !ledger::has(runner.admin, migration, &step.name).await? {
            runner.run(migration, &step).await?;
        }
    }
    Ok(())
}
