//! What the audit log costs a write: the same statements with its triggers and without, in turn.

use tenantry::db::admin::Admin;

use crate::support::{Benchmark, Database, Limit, Report, Samples, interleave, setting};

pub const BENCHMARK: Benchmark = Benchmark {
    name: "audit",
    about: "one client updated, and 10,000 at once, with the audit triggers and without",
    by_default: true,
    run: || Box::pin(run()),
};

const CLIENTS: i64 = 10_000;

async fn run() -> Report {
    let (logged, bare) = (Bench::new(true).await, Bench::new(false).await);
    let rounds = setting("BENCH_WRITES", 1_000);
    let one = interleave(rounds, async || logged.update_one().await, async || bare.update_one().await).await;
    let all =
        interleave(setting("BENCH_BULKS", 10), async || logged.update_all().await, async || bare.update_all().await)
            .await;
    figures("one row", &one, Limit::Under(5.0)).and(figures("10,000 rows", &all, Limit::Under(5.0)))
}

/// The limit is one of decency: what a trail of every write costs depends on what else a write does.
fn figures(what: &str, (logged, bare): &(Samples, Samples), limit: Limit) -> Report {
    Report::default()
        .figure(format!("{what}, logged, median"), logged.median(), "ms", Limit::None)
        .figure(format!("{what}, not logged, median"), bare.median(), "ms", Limit::None)
        .figure(format!("{what}, ratio"), logged.median() / bare.median(), "×", limit)
}

/// A database of clients, with the triggers or without.
struct Bench {
    _database: Database,
    admin: Admin,
}

impl Bench {
    async fn new(logged: bool) -> Self {
        let database = Database::migrated().await;
        let admin = database.connect().await;
        let clients = "INSERT INTO public.clients_enhanced (id, name, email)
                       SELECT ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 'client ' || n, n || '@example.com'
                         FROM generate_series(1, $1::bigint) n";
        admin.execute(clients, &[&CLIENTS]).await.expect("clients are added");
        if !logged {
            let off = "ALTER TABLE public.clients_enhanced DISABLE TRIGGER audit_update";
            admin.batch_execute(off).await.expect("the trigger is there");
        }
        admin.batch_execute("VACUUM ANALYZE").await.expect("a superuser may");
        Self { _database: database, admin }
    }

    async fn update_one(&self) {
        let sql = "UPDATE public.clients_enhanced SET phone = gen_random_uuid()::text
                    WHERE id = (SELECT ('00000000-0000-0000-0000-' || lpad((1 + floor(random() * 9999))::text, 12, '0'))::uuid)";
        assert_eq!(self.admin.execute(sql, &[]).await.expect("a client is updated"), 1);
    }

    async fn update_all(&self) {
        let sql = "UPDATE public.clients_enhanced SET phone = gen_random_uuid()::text";
        self.admin.batch_execute(sql).await.expect("all are updated");
    }
}
