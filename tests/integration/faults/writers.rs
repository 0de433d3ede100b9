use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tenantry::db::admin::Admin;
use tenantry::db::caller::{Act, Caller};
use tenantry::db::database::Database;
use tenantry::error::Kind;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// A table that everybody may write into.
const TABLE: &str = "CREATE TABLE public.notes (id uuid PRIMARY KEY);
                     GRANT SELECT, INSERT ON public.notes TO anon";

/// Callers who write notes and remember which were acknowledged.
pub struct Writers {
    tasks: Vec<JoinHandle<BTreeSet<Uuid>>>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    is_over: AtomicBool,
    acknowledged: AtomicUsize,
    refused: AtomicUsize,
    progress: Notify,
}

impl Writers {
    /// Makes the table and sets them going.
    pub async fn start(admin: &Admin, database: &Database, count: usize) -> Self {
        admin.batch_execute(TABLE).await.expect("a table");
        let shared = Arc::new(Shared::default());
        let tasks = (0..count).map(|_| tokio::spawn(write(database.clone(), shared.clone()))).collect();
        Self { tasks, shared }
    }

    /// Waits until so many more notes were acknowledged; fails where that takes longer than ten seconds.
    pub async fn go_on(&self, more: usize) {
        let wanted = self.shared.acknowledged.load(Ordering::SeqCst) + more;
        let begun = Instant::now();
        while self.shared.acknowledged.load(Ordering::SeqCst) < wanted {
            let left = Duration::from_secs(10).saturating_sub(begun.elapsed());
            tokio::time::timeout(left, self.shared.progress.notified()).await.expect("they go on within ten seconds");
        }
    }

    /// How many were refused so far.
    pub fn refused(&self) -> usize {
        self.shared.refused.load(Ordering::SeqCst)
    }

    /// Ends them; what was acknowledged.
    pub async fn end(self) -> BTreeSet<Uuid> {
        self.shared.is_over.store(true, Ordering::SeqCst);
        let mut all = BTreeSet::new();
        for task in self.tasks {
            all.extend(task.await.expect("a writer sees nothing wrong"));
        }
        all
    }
}

async fn write(database: Database, shared: Arc<Shared>) -> BTreeSet<Uuid> {
    let mut acknowledged = BTreeSet::new();
    while !shared.is_over.load(Ordering::SeqCst) {
        let id = Uuid::new_v4();
        let act = Act::new("a test");
        let sql = "INSERT INTO public.notes VALUES ($1) RETURNING id";
        match database.once(&Caller::anonymous(), &act, sql, &[&id]).await {
            Ok(rows) => {
                assert_eq!(rows.len(), 1);
                assert_eq!(rows[0].get::<_, Uuid>(0), id, "everybody gets their own answer");
                acknowledged.insert(id);
                shared.acknowledged.fetch_add(1, Ordering::SeqCst);
                shared.progress.notify_one();
            }
            Err(error) => {
                assert!([Kind::Unavailable, Kind::Busy].contains(&error.kind()), "{error}: {:?}", error.refusal());
                shared.refused.fetch_add(1, Ordering::SeqCst);
                // Whoever is refused at once lets others do something.
                tokio::task::yield_now().await;
            }
        }
    }
    acknowledged
}

/// Sees that what was acknowledged is there.
pub async fn assert_kept(admin: &Admin, acknowledged: &BTreeSet<Uuid>) {
    let rows = admin.query("SELECT id FROM public.notes", &[]).await.expect("the notes");
    let kept: BTreeSet<Uuid> = rows.iter().map(|row| row.get(0)).collect();
    let lost: Vec<&Uuid> = acknowledged.difference(&kept).collect();
    assert!(lost.is_empty(), "{} of {} were lost", lost.len(), acknowledged.len());
}
