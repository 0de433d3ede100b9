//! A site's own worker, which goes on writing at a steady rate whatever else happens to the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tenantry::db::admin::Admin;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, Statement};
use uuid::Uuid;

use crate::site::WRITER;
use crate::support::Samples;

/// Writes a second.
const RATE: u32 = 200;

/// Connections that share them; one that waits for a lock doesn't keep the others from writing in time.
const CONNECTIONS: usize = 40;

/// Statements as a site's code has them: with the columns that it knows, by name.
const WRITES: [&str; 5] = [
    "INSERT INTO deployment_tracking_events (deployment_id, event_type, event_status, event_timestamp, duration_ms, triggered_by)
     VALUES ($1, 'health_check', 'success', now(), $2, 'schedule')",
    "UPDATE client_analytics SET page_views = page_views + 1, sessions = sessions + $2 % 2
      WHERE deployment_id = $1 AND analytics_date = '2025-05-20'",
    "UPDATE client_deployments SET last_health_check = now(), response_time_avg = $2 % 500 WHERE id = $1",
    "INSERT INTO client_analytics (client_id, deployment_id, analytics_date, page_views, sessions)
     SELECT client_id, id, date '2025-09-01' + $2::integer, 40, 20 FROM client_deployments WHERE id = $1",
    "UPDATE clients_enhanced SET last_contact_date = now() + $2::integer * interval '1 second'
      WHERE id = (SELECT client_id FROM client_deployments WHERE id = $1)",
];

/// What the writer saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// When each write was due, and how long it took from then.
    pub writes: Vec<(Instant, Duration)>,
    /// What was refused.
    pub errors: Vec<String>,
}

impl Seen {
    /// How long the writes took.
    pub fn times(&self) -> Samples {
        let mut samples = Samples::default();
        self.writes.iter().for_each(|(_, took)| samples.push(*took));
        samples
    }

    /// The writes that took longest.
    pub fn slowest(&self, count: usize) -> Vec<(Instant, Duration)> {
        let mut writes = self.writes.clone();
        writes.sort_by_key(|(_, took)| std::cmp::Reverse(*took));
        writes.truncate(count);
        writes
    }
}

/// A writer at work.
pub struct Writer {
    seen: Arc<Mutex<Seen>>,
    stop: Arc<AtomicBool>,
    hands: Vec<JoinHandle<()>>,
}

impl Writer {
    /// Begins to write.
    pub async fn start(admin: &Admin) -> Self {
        let deployments = admin.query("SELECT id FROM client_deployments ORDER BY id", &[]).await.expect("deployments");
        let deployments: Arc<Vec<Uuid>> = Arc::new(deployments.iter().map(|row| row.get(0)).collect());
        let mut config = admin.config().clone();
        config.user(WRITER).application_name(WRITER);
        let writer = Self { seen: Arc::default(), stop: Arc::default(), hands: Vec::new() };
        let turn = Arc::new(AtomicU64::new(0));
        let mut ready = Vec::new();
        for _ in 0..CONNECTIONS {
            ready.push(Hand::connect(&config, &deployments, &turn, &writer).await);
        }
        let begun = Instant::now();
        let hands = ready.into_iter().map(|hand| tokio::spawn(hand.work(begun))).collect();
        Self { hands, ..writer }
    }

    /// Ends and says what was seen.
    pub async fn stop(self) -> Seen {
        self.stop.store(true, Ordering::Relaxed);
        for hand in self.hands {
            hand.await.expect("a writer doesn't panic");
        }
        std::mem::take(&mut *self.seen.lock().await)
    }
}

struct Hand {
    client: Client,
    statements: Vec<Statement>,
    deployments: Arc<Vec<Uuid>>,
    turn: Arc<AtomicU64>,
    seen: Arc<Mutex<Seen>>,
    stop: Arc<AtomicBool>,
}

impl Hand {
    async fn connect(config: &Config, deployments: &Arc<Vec<Uuid>>, turn: &Arc<AtomicU64>, of: &Writer) -> Self {
        let (client, connection) = config.connect(tokio_postgres::NoTls).await.expect("the writer may connect");
        tokio::spawn(connection);
        let mut statements = Vec::new();
        for write in WRITES {
            statements.push(client.prepare(write).await.unwrap_or_else(|error| panic!("{write}: {error:?}")));
        }
        let (seen, stop) = (of.seen.clone(), of.stop.clone());
        Self { client, statements, deployments: deployments.clone(), turn: turn.clone(), seen, stop }
    }

    /// Takes the next write that is due, until told to stop.
    async fn work(self, begun: Instant) {
        while !self.stop.load(Ordering::Relaxed) {
            let turn = self.turn.fetch_add(1, Ordering::Relaxed);
            let due = begun + Duration::from_secs(turn) / RATE;
            tokio::time::sleep_until(due.into()).await;
            let written = self.write(turn).await;
            // From when it was due: a write that had to wait for a free connection has waited, too.
            let took = due.elapsed();
            let mut seen = self.seen.lock().await;
            match written {
                Ok(_) => seen.writes.push((due, took)),
                Err(error) => seen.errors.push(error),
            }
        }
    }

    async fn write(&self, turn: u64) -> Result<u64, String> {
        let turn = usize::try_from(turn).expect("some thousands");
        let (statement, round) = (&self.statements[turn % WRITES.len()], turn / WRITES.len());
        let deployment = self.deployments[round % self.deployments.len()];
        let number = i32::try_from(round / self.deployments.len()).expect("some hundreds");
        self.client.execute(statement, &[&deployment, &number]).await.map_err(|error| {
            format!(
                "{}: {}",
                WRITES[turn % WRITES.len()],
                error.as_db_error().map_or(error.to_string(), ToString::to_string)
            )
        })
    }
}
