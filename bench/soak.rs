//! `kill -9` on a migration at random moments: whatever it had done by then, the next one finishes the job.
//!
//! Even runs adopt the database as it is, with rows that break rules; odd ones adopt it mended, so that the big tables are
//! swapped for partitioned ones. Each is compared with the same adoption undisturbed: the same schema, the same ledger, the
//! same rows, no index left invalid.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tenantry::db::admin::Admin;
use uuid::Uuid;

use crate::site;
use crate::support::{Benchmark, Database, Limit, Report, schema_dump, setting};

/// See the module.
pub const BENCHMARK: Benchmark = Benchmark {
    name: "soak",
    about: "migrations killed at random moments, each finished by the next one",
    by_default: false,
    run: || Box::pin(run()),
};

/// How long the second migration may take before it counts as stuck.
const PATIENCE: &str = "2m";

async fn run() -> Report {
    let runs: u32 = setting("SOAK_RUNS", 100);
    let mut chance = Chance(setting("SOAK_SEED", Uuid::new_v4().as_u64_pair().0));
    println!("SOAK_SEED={}", chance.0);
    let sites = [Site::new(false).await, Site::new(true).await];
    let (mut in_the_middle, mut failed) = (0, 0);
    for run in 0..runs {
        let site = &sites[run as usize % 2];
        // A little longer than it takes, so that the very end is hit as well.
        let moment = site.takes.mul_f64(chance.share() * 1.05);
        let trial = Trial::of(site, moment).await;
        in_the_middle += u32::from(trial.killed);
        if !trial.wrong.is_empty() {
            failed += 1;
            println!("run {run}, {}, killed after {} ms:", site.name(), moment.as_millis());
            trial.wrong.iter().for_each(|what| println!("  {what}"));
        }
        if (run + 1).is_multiple_of(10) {
            println!("{} of {runs}: {in_the_middle} killed in the middle, {failed} wrong", run + 1);
        }
    }
    Report::default()
        .figure("undisturbed, as it is", sites[0].takes.as_secs_f64(), "s", Limit::None)
        .figure("undisturbed, mended", sites[1].takes.as_secs_f64(), "s", Limit::None)
        .figure("runs", runs.into(), "", Limit::None)
        .figure("killed in the middle", in_the_middle.into(), "", Limit::None)
        .figure("not finished rightly", failed.into(), "", Limit::AtMost(0.0))
}

/// A database to adopt, and what becomes of it undisturbed.
struct Site {
    database: Database,
    mended: bool,
    takes: Duration,
    rows: BTreeMap<String, String>,
    adopted: Adopted,
}

/// What has to come out whatever happened on the way.
#[derive(PartialEq, Eq)]
struct Adopted {
    schema: String,
    ledger: Vec<String>,
    pending: Vec<String>,
    findings: String,
}

impl Site {
    async fn new(mended: bool) -> Self {
        let database = site::load().await;
        let admin = database.connect().await;
        if mended {
            site::mend(&admin).await;
        }
        let rows = rows(&admin, &columns(&admin).await).await;
        drop(admin);
        let copy = site::copy(&database).await;
        let begun = Instant::now();
        let said = migrate(&copy, &["up", "--no-backup"]).await;
        assert!(said.is_ok(), "undisturbed, migrate up fails: {said:?}");
        let takes = begun.elapsed();
        let adopted = Adopted::of(&copy).await;
        Self { database, mended, takes, rows, adopted }
    }

    fn name(&self) -> &'static str {
        if self.mended { "mended" } else { "as it is" }
    }
}

/// One migration that was killed, and the one after.
struct Trial {
    killed: bool,
    wrong: Vec<String>,
}

impl Trial {
    async fn of(site: &Site, moment: Duration) -> Self {
        let copy = site::copy(&site.database).await;
        let columns = columns(&copy.connect().await).await;
        let mut child = program(&copy, &["up", "--no-backup"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        tokio::time::sleep(moment).await;
        let killed = child.try_wait().expect("a child").is_none();
        child.kill().expect("a child of ours");
        child.wait().expect("it is dead");
        let mut wrong = Vec::new();
        if let Err(said) = migrate(&copy, &["up", "--no-backup", "--patience", PATIENCE]).await {
            wrong.push(format!("the next migration fails: {said}"));
        } else {
            wrong.extend(site.adopted.differs(&Adopted::of(&copy).await));
        }
        let admin = copy.connect().await;
        for (table, hash) in rows(&admin, &columns).await {
            if site.rows.get(&table) != Some(&hash) {
                wrong.push(format!("rows of {table} have changed"));
            }
        }
        wrong.extend(invalid_indexes(&admin).await.into_iter().map(|index| format!("index {index} is invalid")));
        Self { killed, wrong }
    }
}

impl Adopted {
    async fn of(database: &Database) -> Self {
        let admin = database.connect().await;
        let ledger =
            "SELECT concat_ws(' ', migration, step, checksum, CASE WHEN applied_at IS NULL THEN 'not done' END)
                        FROM tenantry.migration_steps ORDER BY 1";
        let pending =
            "SELECT concat_ws(' ', table_name, rule, kind, rows, stand_in) FROM tenantry.pending_rules ORDER BY 1";
        let findings = migrate(database, &["verify", "--format", "json"]).await.unwrap_or_else(|said| said);
        Self {
            schema: schema_dump(database),
            ledger: lines(&admin, ledger).await,
            pending: lines(&admin, pending).await,
            findings,
        }
    }

    /// In what another one differs.
    fn differs(&self, other: &Self) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.findings != other.findings {
            wrong.push(format!("verify says {}", other.findings));
        }
        for (what, expected, found) in
            [("ledger", &self.ledger, &other.ledger), ("pending rules", &self.pending, &other.pending)]
        {
            let lacking = expected.iter().filter(|line| !found.contains(line));
            wrong.extend(lacking.map(|line| format!("{what} lacks {line}")));
            wrong.extend(found.iter().filter(|line| !expected.contains(line)).map(|line| format!("{what} has {line}")));
        }
        let differing = self.schema.lines().zip(other.schema.lines()).find(|(expected, found)| expected != found);
        if let Some((expected, found)) = differing {
            wrong.push(format!("schema: {found}\n    instead of {expected}"));
        }
        wrong
    }
}

fn program(database: &Database, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenantry"));
    command.arg("migrate").args(arguments).args(["--database-url", &database.url()]).stdin(Stdio::null());
    command
}

/// Runs the program to its end: what it answered, or what it said was wrong.
async fn migrate(database: &Database, arguments: &[&str]) -> Result<String, String> {
    let mut command = program(database, arguments);
    let output = tokio::task::spawn_blocking(move || command.output().expect("the program is built")).await;
    let output = output.expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    let said = text(&output.stderr);
    Err(if output.stdout.is_empty() { said } else { text(&output.stdout) })
}

/// The site's tables with their columns, before anybody adds to them.
async fn columns(admin: &Admin) -> BTreeMap<String, String> {
    let rows = admin
        .query(
            "SELECT c.relname::text, string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum)
               FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.relname",
            &[],
        )
        .await;
    rows.expect("the catalog").iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// A hash of what stood in those columns, for each table.
async fn rows(admin: &Admin, columns: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut hashes = BTreeMap::new();
    for (table, columns) in columns {
        let query = format!(
            "SELECT count(*) || md5(coalesce(string_agg(md5(ROW({columns})::text), '' ORDER BY md5(ROW({columns})::text)), '')) FROM public.\"{table}\" t"
        );
        hashes.insert(table.clone(), lines(admin, &query).await.concat());
    }
    hashes
}

async fn invalid_indexes(admin: &Admin) -> Vec<String> {
    lines(admin, "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid OR NOT indisready").await
}

async fn lines(admin: &Admin, query: &str) -> Vec<String> {
    let rows = admin.query(query, &[]).await.unwrap_or_else(|error| panic!("{query}: {error:?}"));
    rows.iter().map(|row| row.get(0)).collect()
}

/// Random numbers that repeat with their seed (splitmix64).
struct Chance(u64);

impl Chance {
    /// From 0 up to but not including 1.
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let bits = u32::try_from((mixed ^ (mixed >> 31)) >> 32).expect("32 bits");
        f64::from(bits) / (f64::from(u32::MAX) + 1.0)
    }
}
