//! Policies cost little: a page of one client's rows as its manager, against the same query as owner with the clients
//! written out.

use std::cell::Cell;
use std::pin::Pin;

use tokio_postgres::{Client, Statement};
use uuid::Uuid;

use crate::support::{Benchmark, Database, Limit, Report, interleave, setting};

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

        let manager = database.connect().await;
        manager
            .batch_execute(
                "SELECT set_config('request.jwt.claims', json_build_object('sub', md5('manager')::uuid, 'role', 'authenticated',
                     'session_id', md5('session')::uuid, 'app_metadata', json_build_object('role', 'manager'))::text, false);
                 SET ROLE tenantry_manager",
            )
            .await
            .expect("a superuser's connection");
        let owner = database.connect().await;
        owner.batch_execute("SET ROLE tenantry_owner").await.expect("a superuser's connection");
        let mut report = Report::default();
        for page in PAGES {
            report = report.and(compare(&manager, &owner, &mine, page).await);
        }
        report
    })
}

/// One page, as manager and as owner.
async fn compare(manager: &Client, owner: &Client, mine: &[Uuid], (name, rest): &(&str, &str)) -> Report {
    let query = format!("SELECT {COLUMNS} FROM public.system_configurations WHERE client_id = $1");
    let written_out = mine.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ");
    let page = manager.prepare(&format!("{query} {rest}")).await.expect("it parses");
    let page_written_out = owner
        .prepare(&format!("{query} AND client_id = ANY (ARRAY[{written_out}]::uuid[]) {rest}"))
        .await
        .expect("it parses");
    let (of_manager, of_owner) = (Pages::from(mine, 0), Pages::from(mine, mine.len() / 2));
    let rounds = async |rounds: usize| {
        interleave(
            rounds,
            async || of_manager.read(manager, &page).await,
            async || of_owner.read(owner, &page_written_out).await,
        )
        .await
    };
    // What a session does once, such as compiling functions, isn't what a page costs.
    rounds(50).await;
    let (with, without) = rounds(setting("BENCH_ROUNDS", 1_000)).await;
    Report::default()
        .figure(format!("{name}: as manager, under policies (median)"), with.median(), "ms", Limit::None)
        .figure(format!("{name}: as owner, clients written out (median)"), without.median(), "ms", Limit::None)
        .figure(format!("{name}: ratio"), with.median() / without.median(), "×", Limit::AtMost(PROMISED))
}

/// Pages of one client after another. Whoever begins elsewhere isn't helped by what the other has just read.
struct Pages<'a> {
    clients: &'a [Uuid],
    next: Cell<usize>,
}

impl<'a> Pages<'a> {
    fn from(clients: &'a [Uuid], first: usize) -> Self {
        Self { clients, next: Cell::new(first) }
    }

    async fn read(&self, db: &Client, page: &Statement) {
        let client = &self.clients[self.next.get() % self.clients.len()];
        self.next.set(self.next.get() + 1);
        let rows = db.query(page, &[client]).await.expect("a page");
        assert_eq!(rows.len(), 50, "a full page of {client}");
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
