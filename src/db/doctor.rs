//! What is wrong, or will be, with the server, the roles and the rows: each finding with its mend.

use tokio_postgres::{Client, Row};

use super::admin::{self, Admin};
use super::migrate::{ledger, migrations, verify, verify::verify};
use super::tx::Tx;
use crate::Result;

/// Something to be mended, or to be known.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub place: String,
    /// What.
    pub what: String,
    /// What to do about it.
    pub mend: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// To be known, or to be mended some day.
    Warning,
    /// To be mended now.
    Wrong,
}

impl Finding {
    /// A finding from its parts.
    pub fn new(severity: Severity, place: impl Into<String>, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { severity, place: place.into(), what: what.into(), mend: mend.into() }
    }
}

/// Everything that the database tells an operator's connection.
pub async fn examine(admin: &Admin) -> Result<Vec<Finding>> {
    let mut findings = release(admin).await?;
    findings.extend(rows(admin, OF_ANY_DATABASE).await?);
    if !ledger::exists(admin).await? {
        let (what, mend) = ("Tenantry's schema isn't there yet", "run tenantry up, or tenantry migrate up alone");
        findings.push(Finding::new(Severity::Wrong, admin::describe(admin.config()), what, mend));
        return Ok(findings);
    }
    let verified = verify(admin).await?.into_iter().map(|found| {
        let severity = match found.severity {
            verify::Severity::Pending => Severity::Warning,
            verify::Severity::Wrong => Severity::Wrong,
        };
        Finding { severity, place: found.place, what: found.what, mend: found.mend }
    });
    findings.extend(verified);
    let closed = ledger::closed(admin).await?;
    if migrations().iter().all(|migration| closed.contains_key(migration.name)) {
        admin.batch_execute(&format!("BEGIN READ ONLY; {}", ledger::AS_OWNER)).await?;
        let found = rows(admin, OF_OURS).await;
        admin.batch_execute("ROLLBACK").await?;
        findings.extend(found?);
    }
    Ok(findings)
}

/// What a job of the server's sees of the same, on a database with the whole schema.
pub async fn examine_as_server(tx: &Tx<'_>) -> Result<Vec<Finding>> {
    let number = tx.query_one("SELECT current_setting('server_version_num')::int", &[]).await?.get(0);
    let mut findings: Vec<Finding> = unsafe_release(number).into_iter().collect();
    for (severity, sql) in OF_ANY_DATABASE.iter().chain(OF_OURS) {
        findings.extend(tx.query(sql, &[]).await?.iter().map(|row| found(*severity, row)));
    }
    Ok(findings)
}

/// What the connection of the server itself shows: it should have no rights of its own, and be one session for one client.
pub async fn examine_server_connection(server: &Admin) -> Result<Vec<Finding>> {
    let mut findings = rows(server, OF_THE_SERVER).await?;
    let second = server.again().await?;
    let pid = "SELECT pg_backend_pid()";
    let (one, other): (i32, i32) = (server.query_one(pid, &[]).await?.get(0), second.query_one(pid, &[]).await?.get(0));
    if one == other {
        findings.push(Finding::new(
            Severity::Warning,
            "DATABASE_URL",
            "a connection pooler in transaction mode stands before this database",
            "PgBouncer 1.21 or later with max_prepared_statements set will do; give DATABASE_ADMIN_URL a direct connection",
        ));
    }
    Ok(findings)
}

/// The first minor release of a major one in which cached plans follow role changes (CVE-2026-14666).
const FIRST_SAFE: &[(i32, i32)] = &[(15, 19)];

async fn release(client: &Client) -> Result<Vec<Finding>> {
    let number: i32 = client.query_one("SELECT current_setting('server_version_num')::int", &[]).await?.get(0);
    Ok(unsafe_release(number).into_iter().collect())
}

fn unsafe_release(number: i32) -> Option<Finding> {
    let (major, minor) = (number / 10_000, number % 10_000);
    let (_, safe) = FIRST_SAFE.iter().find(|(of, _)| *of == major)?;
    (minor < *safe).then(|| {
        Finding::new(
            Severity::Warning,
            format!("PostgreSQL {major}.{minor}"),
            format!("cached plans don't follow role changes before {major}.{safe} (CVE-2026-14666)"),
            format!("upgrade to {major}.{safe} or later; a minor upgrade takes a restart and no migration"),
        )
    })
}

async fn rows(client: &Client, checks: &[(Severity, &str)]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (severity, sql) in checks {
        findings.extend(client.query(*sql, &[]).await?.iter().map(|row| found(*severity, row)));
    }
    Ok(findings)
}

fn found(severity: Severity, row: &Row) -> Finding {
    Finding::new(severity, row.get::<_, String>(0), row.get::<_, String>(1), row.get::<_, String>(2))
}

/// Each check gives a row (place, what, mend) for everything that it finds.
const OF_ANY_DATABASE: &[(Severity, &str)] = &[
    (
        Severity::Wrong,
        "SELECT 'setting ' || name, name || ' is off: a crash of the machine can ruin the database',
                'set ' || name || ' = on and restart PostgreSQL'
           FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off' ORDER BY 1",
    ),
    (
        Severity::Warning,
        "SELECT 'setting synchronous_commit', 'synchronous_commit is off: a crash loses what was acknowledged in the last moment',
                'set synchronous_commit = on'
           FROM pg_settings WHERE name = 'synchronous_commit' AND setting = 'off'",
    ),
    (
        Severity::Warning,
        "SELECT 'setting data_checksums', 'pages carry no checksums: a failing disk is noticed late',
                'stop PostgreSQL and run pg_checksums --enable'
           FROM pg_settings WHERE name = 'data_checksums' AND setting = 'off'",
    ),
    (
        Severity::Warning,
        "SELECT 'setting timezone', 'the time zone is ' || reset_val || ', while months and days of Tenantry are those of UTC',
                format('ALTER DATABASE %I SET timezone = ''UTC''', current_database())
           FROM pg_settings WHERE name = 'TimeZone' AND reset_val NOT IN ('UTC', 'Etc/UTC', 'GMT', 'Etc/GMT', 'Universal', 'Zulu')",
    ),
    (
        Severity::Warning,
        "SELECT 'setting row_security', 'row_security is off: whoever isn''t told otherwise gets an error where row level security holds',
                format('ALTER DATABASE %I SET row_security = on', current_database())
           FROM pg_settings WHERE name = 'row_security' AND reset_val = 'off'",
    ),
    (
        Severity::Warning,
        "SELECT 'role ' || rolname, 'has BYPASSRLS: row level security doesn''t hold for it, wherever it has a grant',
                format('ALTER ROLE %I NOBYPASSRLS, unless something of yours needs it', rolname)
           FROM pg_roles WHERE rolbypassrls AND NOT rolsuper AND rolname <> 'tenantry_backup' ORDER BY 1",
    ),
];

const OF_OURS: &[(Severity, &str)] = &[
    (
        Severity::Wrong,
        "SELECT DISTINCT 'role ' || r.rolname, 'has BYPASSRLS and rights on ' || t.table_name || ': it sees every client',
                format('REVOKE ALL ON public.%I FROM %I', t.table_name, r.rolname)
           FROM pg_roles r CROSS JOIN tenantry.tables t
           JOIN pg_class c ON c.relname = t.table_name AND c.relnamespace = 'public'::regnamespace
          WHERE r.rolbypassrls AND NOT r.rolsuper AND r.rolname <> 'tenantry_backup' AND r.oid <> c.relowner
            AND NOT pg_has_role(r.oid, c.relowner, 'MEMBER')
            AND has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE') ORDER BY 1, 2",
    ),
    (
        Severity::Wrong,
        "SELECT 'role ' || m.rolname, 'is a member of ' || g.rolname || ' and so has its rights and policies',
                format('REVOKE %I FROM %I', g.rolname, m.rolname)
           FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
          WHERE g.rolname LIKE 'tenantry\\_%' AND NOT m.rolsuper
            AND NOT (m.rolname = 'tenantry_server' AND g.rolname NOT IN ('tenantry_owner', 'tenantry_backup'))
            AND NOT (g.rolname IN ('tenantry_owner', 'tenantry_backup') AND m.rolname NOT LIKE 'tenantry\\_%'
                     AND (m.rolcreaterole OR m.oid IN (SELECT d.datdba FROM pg_database d)
                          OR m.rolname = session_user)) ORDER BY 1, 2",
    ),
    (
        Severity::Warning,
        "SELECT 'table public.' || c.relname, 'is the site''s own and has no row level security'
                || CASE WHEN open.who IS NULL THEN '' ELSE ', and ' || open.who || ' may reach it' END,
                format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, and give it policies', c.relname)
           FROM pg_class c
           LEFT JOIN LATERAL (
                SELECT string_agg(DISTINCT coalesce(r.rolname, 'everybody'), ', ') AS who
                  FROM aclexplode(c.relacl) g LEFT JOIN pg_roles r ON r.oid = g.grantee
                 WHERE g.grantee = 0 OR r.rolname IN ('anon', 'authenticated')) open ON true
          WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity
            AND NOT EXISTS (SELECT FROM tenantry.tables t WHERE t.table_name = c.relname) ORDER BY 1",
    ),
    (
        Severity::Wrong,
        "SELECT 'table public.' || table_name, 'has no partition after this month', 'run tenantry partitions maintain'
           FROM tenantry.partition_months_ahead() WHERE months < 1 ORDER BY 1",
    ),
    (
        Severity::Warning,
        "SELECT 'table public.' || table_name, format('has partitions for %s months ahead, fewer than six', months),
                'run tenantry partitions maintain'
           FROM tenantry.partition_months_ahead() WHERE months BETWEEN 1 AND 5 ORDER BY 1",
    ),
    (
        Severity::Warning,
        "SELECT 'audit log', coalesce('the newest seal is from ' || to_char(max(sealed_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI \"UTC\"')
                         || ': what was logged since isn''t sealed', 'there is no seal yet'), 'keep tenantry up running'
           FROM tenantry.audit_seals HAVING coalesce(max(sealed_at) < now() - interval '5 minutes', true)",
    ),
];

const OF_THE_SERVER: &[(Severity, &str)] = &[(
    Severity::Warning,
    "SELECT 'DATABASE_URL', format('the server connects as %s, which %s', rolname,
                CASE WHEN rolsuper THEN 'is a superuser' WHEN rolbypassrls THEN 'has BYPASSRLS'
                     ELSE 'has rights of its own' END),
            'connect as tenantry_server, which has none, and give this role in DATABASE_ADMIN_URL'
       FROM pg_roles WHERE rolname = current_user AND rolname <> 'tenantry_server'",
)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_before_the_first_safe_one_are_named() {
        assert!(unsafe_release(150_018).is_some_and(|found| found.what.contains("CVE-2026-14666")));
        assert_eq!(unsafe_release(150_019), None);
        assert_eq!(unsafe_release(150_020), None);
        assert_eq!(unsafe_release(160_001), None, "nothing is known of others, so nothing is said");
    }
}
