use serde::Serialize;

use super::{Action, Content, Role, Step, ledger, migrations};
use crate::db::quote::literal;

/// What a step did, as `migrate plan` prints it.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// Number and name of the migration.
    pub migration: String,
    /// The step's name.
    pub step: String,
    /// Its SQL.
    pub sql: String,
    /// The locks that it held just before its commit: table and mode.
    pub locks: Vec<(String, String)>,
    /// The step itself.
    #[serde(skip)]
    done: Step,
}

impl Record {
    /// A step of a migration with the locks that it was seen to hold.
    pub(super) fn new(migration: &str, step: &Step, locks: Vec<(String, String)>) -> Self {
        Self {
            migration: migration.to_owned(),
            step: step.name.to_string(),
            sql: step.sql().to_owned(),
            locks,
            done: step.clone(),
        }
    }

    /// The step as a person can run it in psql, its entry in the ledger included.
    pub fn script(&self) -> String {
        // What comes before the ledger is written to it when its migration is closed.
        let before = self.migration.starts_with("0001_") && self.step == "whole";
        let checksum = self.done.checksum();
        let entry = if before { String::new() } else { ledger_entry(&self.migration, &self.step, &checksum) };
        let sql = self.sql.trim_end().trim_end_matches(';');
        let owner = self.done.role == Role::Owner;
        match &self.done.action {
            Action::Transaction { locks, .. } => {
                let role = if owner { "SET LOCAL ROLE tenantry_owner;\n" } else { "" };
                let locks: Vec<String> =
                    locks.iter().map(|(table, mode)| format!("LOCK TABLE {table} IN {mode} MODE;\n")).collect();
                format!(
                    "BEGIN;\nSET LOCAL lock_timeout = '100ms';\n{role}{}SET LOCAL search_path = public;\n\
                     SET LOCAL tenantry.migrating = 'on';\n{sql};\nRESET ROLE;\n{entry}COMMIT;\n",
                    locks.concat()
                )
            }
            Action::Outside { clear, .. } => {
                let clear: Vec<String> = clear.iter().map(|statement| format!("{statement};\n")).collect();
                format!("{}{}{sql};\n{}{entry}", session(owner), clear.concat(), END_OF_SESSION)
            }
            Action::Batch { .. } => format!(
                "{}DO $batches$\nDECLARE\n    after text := '';\n    next text;\n    done bigint;\nBEGIN\n    LOOP\n        \
                 EXECUTE $batch$\n{sql}\n$batch$ INTO next, done USING after;\n        COMMIT;\n        \
                 EXIT WHEN next IS NULL;\n        after := next;\n    END LOOP;\nEND\n$batches$;\n{}{entry}",
                session(owner),
                END_OF_SESSION
            ),
        }
    }
}

/// What a step outside a transaction sets, and takes back.
fn session(owner: bool) -> &'static str {
    if owner { "SET ROLE tenantry_owner;\nSET search_path = public;\n" } else { "SET search_path = public;\n" }
}

const END_OF_SESSION: &str = "RESET search_path;\nRESET ROLE;\n";

/// The statement that writes a step to the ledger.
fn ledger_entry(migration: &str, step: &str, checksum: &str) -> String {
    format!(
        "INSERT INTO tenantry.migration_steps (migration, step, checksum, program_version)\n    \
         VALUES ({}, {}, {}, {})\n    ON CONFLICT (migration, step) DO UPDATE SET checksum = excluded.checksum, \
         applied_at = clock_timestamp();\n",
        literal(migration),
        literal(step),
        literal(checksum),
        literal(env!("CARGO_PKG_VERSION")),
    )
}

/// The statement that closes a migration in the ledger.
pub(super) fn closing(migration: &str) -> String {
    let known = migrations().into_iter().find(|known| known.name == migration);
    known.map_or_else(String::new, |known| {
        let roles = matches!(known.content, Content::Roles { .. });
        let whole = if roles { ledger_entry(known.name, "whole", &known.checksum()) } else { String::new() };
        whole + &ledger_entry(known.name, ledger::DONE, &known.checksum())
    })
}
