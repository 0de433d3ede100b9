use std::collections::BTreeSet;

use tokio_postgres::Client;

use super::{ledger, migrations};
use crate::Result;
use crate::db::admin::Admin;
use crate::db::adopt::{self, rule::Violation};

/// Something that isn't as the migrations left it, or not yet as they mean it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The object: table, index, policy, migration.
    pub place: String,
    /// The rule and what is wrong with it.
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Known and held for new writes: rows that wait to be mended.
    Pending,
    /// The database isn't what the migrations made.
    Wrong,
}

/// Compares the database with what the migrations made: the ledger, the catalog, and every row with every rule.
pub async fn verify(admin: &Admin) -> Result<Vec<Finding>> {
    let mut findings = ledger_findings(admin).await?;
    // Of a database that isn't migrated, or not to the end, that is all there is to say.
    if !findings.is_empty() {
        return Ok(findings);
    }
    admin.batch_execute(&format!("BEGIN READ ONLY; {}", ledger::AS_OWNER)).await?;
    let found = catalog_findings(admin).await;
    let pending = pending(admin).await;
    admin.batch_execute("ROLLBACK").await?;
    findings.extend(found?);
    let pending = pending?;
    let broken = adopt::untrue(admin).await?;
    findings.extend(broken.iter().filter(|violation| !pending.contains(&key(violation))).map(untrue));
    Ok(findings)
}

/// Table and rule of what is known to be broken.
async fn pending(client: &Client) -> Result<BTreeSet<(String, String)>> {
    let rows = client.query("SELECT table_name::text, rule::text FROM tenantry.pending_rules", &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

fn key(violation: &Violation) -> (String, String) {
    (violation.rule.table.clone(), violation.rule.name.clone())
}

fn untrue(violation: &Violation) -> Finding {
    let examples = violation.examples.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
    Finding {
        severity: Severity::Wrong,
        place: format!("{} of {}", violation.rule.name, violation.rule.table),
        what: format!(
            "{} rows break the rule, though it stands: somebody wrote past it (ids: {examples})",
            violation.rows
        ),
        mend: "correct or remove these rows, and find out who can write with triggers or constraints off".to_owned(),
    }
}

async fn ledger_findings(client: &Client) -> Result<Vec<Finding>> {
    let closed = ledger::closed(client).await?;
    let wrong = |place: &str, what: &str, mend: &str| Finding {
        severity: Severity::Wrong,
        place: format!("migration {place}"),
        what: what.to_owned(),
        mend: mend.to_owned(),
    };
    let mut findings = Vec::new();
    let known = migrations();
    for migration in &known {
        match closed.get(migration.name) {
            None => findings.push(wrong(migration.name, "isn't applied", "run tenantry migrate up")),
            Some(checksum) if *checksum != migration.checksum() => findings.push(wrong(
                migration.name,
                "was applied with another content (its checksum differs)",
                "run the version of tenantry that applied it",
            )),
            Some(_) => {}
        }
    }
    for name in closed.keys().filter(|name| known.iter().all(|migration| migration.name != name.as_str())) {
        findings.push(wrong(name, "is unknown to this program", "run the newer version of tenantry that applied it"));
    }
    Ok(findings)
}

async fn catalog_findings(client: &Client) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (severity, sql) in CHECKS {
        for row in client.query(*sql, &[]).await? {
            findings.push(Finding { severity: *severity, place: row.get(0), what: row.get(1), mend: row.get(2) });
        }
    }
    Ok(findings)
}

/// Each check gives a row (place, what, mend) for everything that is wrong.
const CHECKS: &[(Severity, &str)] = &[
    (Severity::Wrong, MISSING_TABLES),
    (Severity::Wrong, UNPROTECTED_TABLES),
    (Severity::Wrong, INVALID_INDEXES),
    (Severity::Wrong, UNVALIDATED_CONSTRAINTS),
    (Severity::Wrong, DISABLED_TRIGGERS),
    (Severity::Wrong, FOREIGN_OWNERS),
    (Severity::Pending, PENDING_RULES),
];

const MISSING_TABLES: &str = "
SELECT format('public.%I', t.table_name), 'the ' || t.kind || ' is missing', 'restore the last backup into a database of its own and compare'
  FROM tenantry.tables t WHERE to_regclass(format('public.%I', t.table_name)) IS NULL ORDER BY 1";

const UNPROTECTED_TABLES: &str = "
SELECT c.oid::regclass::text,
       CASE WHEN c.relrowsecurity THEN 'row level security isn''t forced' ELSE 'row level security is off' END,
       format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY; ALTER TABLE %1$s FORCE ROW LEVEL SECURITY', c.oid::regclass)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
   AND (n.nspname IN ('tenantry', 'tenantry_partitions')
        OR n.nspname = 'public' AND c.relname IN (SELECT table_name FROM tenantry.tables))
 ORDER BY 1";

const INVALID_INDEXES: &str = "
SELECT i.indexrelid::regclass::text, 'the index isn''t valid, so no query uses it', 'run tenantry migrate up, which builds it again'
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT (i.indisvalid AND i.indisready)
   AND (n.nspname IN ('tenantry', 'tenantry_partitions')
        OR n.nspname = 'public' AND c.relname IN (SELECT table_name FROM tenantry.tables))
 ORDER BY 1";

const UNVALIDATED_CONSTRAINTS: &str = "
SELECT format('%s of %s', quote_ident(k.conname), k.conrelid::regclass), 'the constraint isn''t validated',
       format('run tenantry migrate up, or ALTER TABLE %s VALIDATE CONSTRAINT %I', k.conrelid::regclass, k.conname)
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT k.convalidated
   AND (n.nspname IN ('tenantry', 'tenantry_partitions')
        OR n.nspname = 'public' AND c.relname IN (SELECT table_name FROM tenantry.tables))
   AND NOT EXISTS (SELECT FROM tenantry.pending_rules p WHERE p.table_name = c.relname AND p.rule = k.conname)
 ORDER BY 1";

const DISABLED_TRIGGERS: &str = "
SELECT format('%s of %s', quote_ident(t.tgname), t.tgrelid::regclass), 'the trigger is disabled',
       format('ALTER TABLE %s ENABLE TRIGGER %I', t.tgrelid::regclass, t.tgname)
  FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
 WHERE t.tgenabled <> 'O' AND p.pronamespace = 'tenantry'::regnamespace AND NOT t.tgisinternal
 ORDER BY 1";

const FOREIGN_OWNERS: &str = "
SELECT c.oid::regclass::text, 'it belongs to ' || pg_get_userbyid(c.relowner) || ', not to tenantry_owner',
       format('ALTER TABLE %s OWNER TO tenantry_owner', c.oid::regclass)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v') AND c.relowner <> 'tenantry_owner'::regrole
   AND (n.nspname IN ('tenantry', 'tenantry_partitions')
        OR n.nspname = 'public' AND c.relname IN (SELECT table_name FROM tenantry.tables))
 ORDER BY 1";

const PENDING_RULES: &str = "
SELECT format('%s of %s', p.rule, p.table_name), format('%s rows break the rule; new writes are held by: %s', p.rows, p.stand_in),
       p.suggested_mend
  FROM tenantry.pending_rules p ORDER BY 1";
