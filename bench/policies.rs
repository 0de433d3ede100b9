//! Policies cost little: a page of one client's rows as its manager, against the same query as owner with the clients
//! written out.
//!
//! Both read it in a transaction that `tenantry.enter` opened, as the server does, and on one connection: of two, one is
//! often slower by half for no other reason than where the system has put its process, whichever of them it is. What is
//! compared is the page; what opening takes is printed beside it.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::time::{Duration, Instant};

use tokio_postgres::{Client, Statement};
use uuid::Uuid;

use crate::support::{Benchmark, Database, Limit, Report, Samples, interleave_timed, setting};

pub const BENCHMARK: Benchmark = Benchmark {
    name: "policies",
    about: "a manager of 20 of 10,000 clients reads a page of one client's 1,000,000 configuration rows",
    by_default: true,
    run,
};

/// How much slower than without policies the page may be.
const PROMISED: f64 = 1.2;

/// As the table API asks for it: the columns by name, all of them.
const COLUMNS: &str =
    "id, configuration_key, configuration_category, configuration_value, configuration_schema, description,
                       is_encrypted, is_system, is_active, is_delegated, client_id, template_id, environment, version,
                       created_at, updated_at, created_by, updated_by";

/// What opens a transaction, up to the role.
const OPEN: &str = "BEGIN READ ONLY;
    SELECT tenantry.enter(jsonb_build_object('sub', md5('manager')::uuid, 'role', 'authenticated',
        'session_id', md5('session')::uuid, 'app_metadata', jsonb_build_object('role', 'manager')));
    SET LOCAL ROLE";

/// More than one page, so that nothing is made fast for one alone: what follows the condition on the client.
const PAGES: &[(&str, &str)] = &[
    ("by key", "ORDER BY configuration_key LIMIT 50"),
    ("newest first", "ORDER BY created_at DESC LIMIT 50"),
    ("one environment, by id", "AND environment = 'all' ORDER BY id LIMIT 50"),
    ("last changed first, which no index is sorted by", "ORDER BY updated_at DESC, id LIMIT 50"),
];

fn run() -> Pin<Box<dyn Future<Output = Report>>> {
    Box::pin(async {
        let (clients, rows) = (setting("BENCH_CLIENTS", 10_000), setting("BENCH_ROWS", 1_000_000));
        let database = Database::migrated().await;
        let admin = database.connect().await;
        fill(&admin, clients, rows).await;
        let mine: Vec<Uuid> = admin
            .query(
                "SELECT client_id FROM public.client_members WHERE user_id = md5('manager')::uuid ORDER BY client_id",
                &[],
            )
            .await
            .expect("the manager has members")
            .iter()
            .map(|row| row.get(0))
            .collect();

        let mut report = Report::default();
        for page in PAGES {
            let db = database.connect().await;
            report = report.and(compare(&db, &mine, page).await);
        }
        report
    })
}

/// One page, as manager and as owner.
async fn compare(db: &Client, mine: &[Uuid], (name, rest): &(&str, &str)) -> Report {
    let query = format!("SELECT {COLUMNS} FROM public.system_configurations WHERE client_id = $1");
    let written_out = mine.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ");
    let with_list = format!("{query} AND client_id = ANY (ARRAY[{written_out}]::uuid[]) {rest}");
    let of_manager = Pages::prepare(db, "tenantry_manager", &format!("{query} {rest}"), mine, 0).await;
    let of_owner = Pages::prepare(db, "tenantry_owner", &with_list, mine, mine.len() / 2).await;
    let rounds = async |rounds: usize| {
        interleave_timed(rounds, async || of_manager.read().await, async || of_owner.read().await).await
    };
    // What a session does once, such as compiling functions, isn't what a page costs.
    rounds(50).await;
    of_manager.openings.take();
    let (with, without) = rounds(setting("BENCH_ROUNDS", 1_000)).await;
    let opening = of_manager.openings.take();
    Report::default()
        .figure(format!("{name}: as manager, under policies (median)"), with.median(), "ms", Limit::None)
        .figure(format!("{name}: as owner, clients written out (median)"), without.median(), "ms", Limit::None)
        .figure(format!("{name}: ratio"), with.median() / without.median(), "×", Limit::AtMost(PROMISED))
        .figure(format!("{name}: BEGIN, enter and the role, before that (median)"), opening.median(), "ms", Limit::None)
}

/// Pages of one client after another, each in a transaction. Whoever begins elsewhere isn't helped by what the other has
/// just read.
struct Pages<'a> {
    db: &'a Client,
    open: String,
    page: Statement,
    clients: &'a [Uuid],
    next: Cell<usize>,
    openings: RefCell<Samples>,
}

impl<'a> Pages<'a> {
    async fn prepare(db: &'a Client, role: &str, query: &str, clients: &'a [Uuid], first: usize) -> Self {
        let open = format!("{OPEN} {role}");
        // PostgreSQL plans for the role that prepares.
        db.batch_execute(&open).await.expect("it may");
        let page = db.prepare(query).await.expect("it parses");
        db.batch_execute("COMMIT").await.expect("a transaction is open");
        Self { db, open, page, clients, next: Cell::new(first), openings: RefCell::default() }
    }

    /// How long the page takes.
    async fn read(&self) -> Duration {
        let client = &self.clients[self.next.get() % self.clients.len()];
        self.next.set(self.next.get() + 1);
        let opened = Instant::now();
        self.db.batch_execute(&self.open).await.expect("it may");
        self.openings.borrow_mut().push(opened.elapsed());
        let asked = Instant::now();
        let rows = self.db.query(&self.page, &[client]).await.expect("a page");
        let took = asked.elapsed();
        assert_eq!(rows.len(), 50, "a full page of {client}");
        self.db.batch_execute("COMMIT").await.expect("a transaction is open");
        took
    }
}

/// Clients with equally many rows each, and a manager of 20 of them, spread evenly.
async fn fill(admin: &Client, clients: i32, rows: i32) {
    let per_client = rows / clients;
    admin
        .batch_execute(&format!(
            "SET session_replication_role = replica;
             INSERT INTO public.clients_enhanced (id, name, email)
             SELECT md5('client ' || n)::uuid, 'client ' || n, n || '@example.com' FROM generate_series(1, {clients}) n;
             INSERT INTO public.system_configurations (configuration_key, configuration_category, configuration_value, client_id)
             SELECT 'section' || k % 10 || '.key' || k, 'client', to_jsonb('value ' || k), md5('client ' || n)::uuid
               FROM generate_series(1, {clients}) n, generate_series(1, {per_client}) k;
             INSERT INTO public.system_configurations (configuration_key, configuration_category, configuration_value)
             SELECT 'global.key' || k, 'global', to_jsonb(k) FROM generate_series(1, 100) k;
             INSERT INTO tenantry.people (user_id, role) VALUES (md5('manager')::uuid, 'manager');
             INSERT INTO tenantry.sessions (id, user_id, expires_at)
             VALUES (md5('session')::uuid, md5('manager')::uuid, now() + interval '1 day');
             INSERT INTO public.client_members (client_id, user_id, member_role)
             SELECT md5('client ' || n * ({clients} / 20))::uuid, md5('manager')::uuid, 'manager' FROM generate_series(1, 20) n
             UNION ALL
             SELECT md5('client ' || n)::uuid, md5('colleague ' || n / 20)::uuid, 'manager' FROM generate_series(1, {clients}) n;
             SET session_replication_role = origin"
        ))
        .await
        .expect("the rows are Tenantry's");
    admin.batch_execute("VACUUM ANALYZE").await.expect("a superuser's connection");
}
