use tokio_postgres::{Row, Transaction, types::ToSql};
use uuid::Uuid;

use super::admin::Admin;
use super::quote;
use crate::Result;

/// On whose behalf statements reach the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Somebody at the command line of the machine, as the user that they are there.
    Operator(String),
}

impl Caller {
    /// The person at this command line, as the machine knows them.
    pub fn operator() -> Self {
        let asked = std::process::Command::new("id").arg("-un").output().ok();
        let name = asked.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        let number = || rustix::process::getuid().as_raw().to_string();
        Self::Operator(name.filter(|name| !name.is_empty()).unwrap_or_else(number))
    }

    /// As whom the audit log knows them.
    pub fn actor(&self) -> String {
        match self {
            Self::Operator(name) => format!("operator:{name}"),
        }
    }

    /// The database role whose rights they have.
    fn role(&self) -> &'static str {
        match self {
            Self::Operator(_) => "tenantry_owner",
        }
    }
}

/// A transaction with a caller's role and what the audit log wants to know, all of it set for this transaction alone.
///
/// Rolled back unless committed.
pub struct Tx<'a> {
    transaction: Transaction<'a>,
    role: &'static str,
}

impl<'a> Tx<'a> {
    /// Begins one; `reason` is what the caller says the act is for.
    pub async fn begin(admin: &'a mut Admin, caller: &Caller, reason: &str) -> Result<Self> {
        let transaction = admin.transaction().await?;
        let role = caller.role();
        let set = [
            ("tenantry.actor", caller.actor()),
            ("tenantry.reason", reason.to_owned()),
            ("tenantry.request_id", Uuid::new_v4().to_string()),
        ];
        let set: String = set
            .iter()
            .map(|(name, value)| {
                format!("SELECT set_config({}, {}, true);", quote::literal(name), quote::literal(value))
            })
            .collect();
        transaction.batch_execute(&format!("{set} SET LOCAL ROLE {role}; SET LOCAL search_path = ''")).await?;
        Ok(Self { transaction, role })
    }

    /// Every row of a query.
    pub async fn query(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>> {
        Ok(self.transaction.query(sql, values).await?)
    }

    /// The one row of a query.
    pub async fn query_one(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Row> {
        Ok(self.transaction.query_one(sql, values).await?)
    }

    /// The only row of a query, if there is one.
    pub async fn query_opt(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Option<Row>> {
        Ok(self.transaction.query_opt(sql, values).await?)
    }

    /// How many rows a statement touched.
    pub async fn execute(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64> {
        Ok(self.transaction.execute(sql, values).await?)
    }

    /// Runs statements without values, separated by semicolons.
    pub async fn run(&self, sql: &str) -> Result<()> {
        Ok(self.transaction.batch_execute(sql).await?)
    }

    /// Does work with the rights of the connection itself: for a table of the site's that Tenantry doesn't own.
    pub async fn as_connected<T>(&self, work: impl AsyncFnOnce(&Self) -> Result<T>) -> Result<T> {
        self.transaction.batch_execute("SET LOCAL ROLE NONE").await?;
        let done = work(self).await?;
        self.transaction.batch_execute(&format!("SET LOCAL ROLE {}", self.role)).await?;
        Ok(done)
    }

    /// Commits.
    pub async fn commit(self) -> Result<()> {
        Ok(self.transaction.commit().await?)
    }
}
