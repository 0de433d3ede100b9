//! The audit log: what writes leave in it, who may touch it, and what verification finds.

mod attacks;
mod command;
mod rights;
mod running;
mod sealing;
mod writes;

use std::path::PathBuf;

use tenantry::audit::finding::Finding;
use tenantry::audit::folder::Folder;
use tenantry::audit::seal::Head;
use tenantry::audit::sealer::seal_once;
use tenantry::audit::verify::{Report, verify};
use tenantry::db::admin::Admin;
use uuid::Uuid;

use crate::support::Database;

/// A migrated database with its audit folder, as an operator and as an intruder have it.
struct Log {
    database: Database,
    /// A superuser's connection.
    admin: Admin,
    /// The operator's data directory; the folder is in it.
    data_dir: PathBuf,
    folder: Folder,
}

impl Log {
    async fn new() -> Self {
        Self::in_database(Database::migrated().await).await
    }

    async fn in_database(database: Database) -> Self {
        let admin = database.connect().await;
        let data_dir = std::env::temp_dir().join(format!("tenantry-audit-{}", Uuid::new_v4().simple()));
        let folder = Folder::new(data_dir.join("audit"));
        Self { database, admin, data_dir, folder }
    }

    /// A log of three seals with three entries each, with text in them that is hard to quote.
    async fn sealed() -> Self {
        let mut log = Self::new().await;
        log.seal().await;
        for batch in ["a", "b", "c"] {
            for name in
                ["\"quoted\", \\ and\ttabbed", "new\nline \u{1} \u{7f} ümläut 🦀", "'; DROP TABLE clients_enhanced; --"]
            {
                log.add_client(&format!("{name} {batch}")).await;
            }
            assert_eq!(log.seal().await.len(), 1);
        }
        assert_eq!(log.findings().await, []);
        log
    }

    async fn add_client(&self, name: &str) -> Uuid {
        let sql = "INSERT INTO public.clients_enhanced (name, email, technical_requirements)
                   VALUES ($1::text, gen_random_uuid() || '@example.com', jsonb_build_object($1::text, 1.50)) RETURNING id";
        self.admin.query_one(sql, &[&name]).await.expect("a client is added").get(0)
    }

    async fn seal(&mut self) -> Vec<Head> {
        seal_once(&mut self.admin, &self.folder).await.expect("the log is sealed")
    }

    async fn verify(&mut self, head: Option<Head>) -> Report {
        verify(&mut self.admin, &self.folder, head).await.expect("the log is read")
    }

    async fn findings(&mut self) -> Vec<Finding> {
        self.verify(None).await.findings
    }

    /// Statements as a superuser with every trigger switched off.
    async fn intrude(&self, sql: &str) {
        let sql = format!("SET session_replication_role = replica; {sql}; RESET session_replication_role");
        self.admin.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// The first id of a seal.
    async fn first_of(&self, seal: i64) -> i64 {
        let sql = "SELECT lower(ids) FROM tenantry.audit_seals WHERE number = $1";
        self.admin.query_one(sql, &[&seal]).await.expect("the seal is there").get(0)
    }

    async fn text(&self, sql: &str) -> String {
        let row = self.admin.query_one(sql, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        row.get::<_, Option<String>>(0).unwrap_or_default()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.data_dir);
    }
}
