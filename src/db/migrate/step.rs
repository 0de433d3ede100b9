use std::borrow::Cow;

use aws_lc_rs::digest::{SHA256, digest};

use crate::db::quote::qualified;

/// How the names of steps begin that build an index, and end that drop one: the ledger knows steps by their names.
const BUILT: &str = "index ";
const DROPPED: &str = " failed and goes";

/// One piece of work of a migration: done whole or not at all, and safe to begin again.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it does, in a few words; unique within its migration.
    pub name: Cow<'static, str>,
    /// As whom.
    pub role: Role,
    /// How.
    pub action: Action,
}

/// As whom a step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `tenantry_owner`, which owns every object of Tenantry's.
    Owner,
    /// The role that the migrator connected as: for what the owner can't do, such as taking over a site's table.
    Migrator,
}

/// How a step does its work.
#[derive(Clone, Debug)]
pub enum Action {
    /// Statements in one transaction, after taking all its locks in the order given, as `LOCK TABLE` names them.
    Transaction {
        /// Table and lock mode, for example `("public.clients_enhanced", "ACCESS EXCLUSIVE")`.
        locks: Vec<(String, &'static str)>,
        /// The statements, separated by semicolons.
        sql: Cow<'static, str>,
        /// Whether to wait for transactions older than five seconds first, rather than queue behind them.
        after_old_transactions: bool,
    },
    /// One statement that PostgreSQL refuses to run in a transaction, such as `CREATE INDEX CONCURRENTLY`.
    Outside {
        /// Statements that remove what an interrupted try left behind; each runs on its own.
        clear: Vec<String>,
        /// The statement.
        sql: String,
    },
    /// A statement repeated, each time in a transaction of its own, until it says that nothing is left.
    ///
    /// It takes the former cursor as `$1` (text, empty at first) and returns one row `(next text, rows bigint)`, with a
    /// `next` of NULL at the end.
    Batch {
        /// The statement.
        sql: String,
    },
}

impl Step {
    /// Statements in one transaction as the owner, with no locks taken ahead.
    pub fn transaction(name: impl Into<Cow<'static, str>>, sql: impl Into<Cow<'static, str>>) -> Self {
        let action = Action::Transaction { locks: Vec::new(), sql: sql.into(), after_old_transactions: false };
        Self { name: name.into(), role: Role::Owner, action }
    }

    /// Statements in one transaction as the owner, after taking locks in a fixed order.
    pub fn locking(
        name: impl Into<Cow<'static, str>>,
        mut locks: Vec<(String, &'static str)>,
        sql: impl Into<Cow<'static, str>>,
    ) -> Self {
        locks.sort();
        let action = Action::Transaction { locks, sql: sql.into(), after_old_transactions: false };
        Self { name: name.into(), role: Role::Owner, action }
    }

    /// A statement outside a transaction, as the owner.
    pub fn outside(name: impl Into<Cow<'static, str>>, clear: Vec<String>, sql: impl Into<String>) -> Self {
        Self { name: name.into(), role: Role::Owner, action: Action::Outside { clear, sql: sql.into() } }
    }

    /// An index of `public` built while others write; what an interrupted try left behind is cleared away first.
    pub fn index(index: &str, statement: impl Into<String>) -> Self {
        let clear = vec![format!("DROP INDEX CONCURRENTLY IF EXISTS {}", qualified("public", index))];
        Self::outside(format!("{BUILT}{index}"), clear, statement)
    }

    /// An index of `public` dropped while others write.
    pub fn drop_index(index: &str) -> Self {
        let drop = format!("DROP INDEX CONCURRENTLY IF EXISTS {}", qualified("public", index));
        Self::outside(format!("{index}{DROPPED}"), Vec::new(), drop)
    }

    /// The index that a step of this name builds, where it builds one.
    pub fn index_built(name: &str) -> Option<&str> {
        name.strip_prefix(BUILT)
    }

    /// The index that a step of this name drops, where it drops one.
    pub fn index_dropped(name: &str) -> Option<&str> {
        name.strip_suffix(DROPPED)
    }

    /// A statement repeated in small transactions, as the owner.
    pub fn batch(name: impl Into<Cow<'static, str>>, sql: impl Into<String>) -> Self {
        Self { name: name.into(), role: Role::Owner, action: Action::Batch { sql: sql.into() } }
    }

    /// The same step as the role that the migrator connected as.
    #[must_use]
    pub fn as_migrator(self) -> Self {
        Self { role: Role::Migrator, ..self }
    }

    /// The same step, waiting for old transactions first; changes nothing on a step that isn't a transaction.
    #[must_use]
    pub fn after_old_transactions(mut self) -> Self {
        if let Action::Transaction { after_old_transactions, .. } = &mut self.action {
            *after_old_transactions = true;
        }
        self
    }

    /// The SQL that does the work.
    pub fn sql(&self) -> &str {
        match &self.action {
            Action::Transaction { sql, .. } => sql,
            Action::Outside { sql, .. } | Action::Batch { sql } => sql,
        }
    }

    /// SHA-256 of the SQL, in hex.
    pub fn checksum(&self) -> String {
        checksum(self.sql())
    }
}

/// SHA-256 of a text, in hex.
pub fn checksum(text: &str) -> String {
    use std::fmt::Write as _;

    digest(&SHA256, text.as_bytes()).as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a string can't fail");
        hex
    })
}
