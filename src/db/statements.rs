use std::hash::{Hash, Hasher};
use std::sync::Arc;

use quick_cache::Equivalent;
use quick_cache::unsync::Cache;
use tokio_postgres::Statement;

use crate::settings::Sessions;

/// What was prepared on one connection, as much of it as is worth keeping.
///
/// By role too: PostgreSQL plans a statement under row level security for the role that runs it, and plans it anew each
/// time that another one does.
pub(super) struct Statements {
    cache: Cache<Key, Statement>,
}

#[derive(PartialEq, Eq, Hash)]
struct Key {
    role: &'static str,
    sql: Arc<str>,
}

struct Asked<'a> {
    role: &'static str,
    sql: &'a str,
}

impl Hash for Asked<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.role.hash(state);
        self.sql.hash(state);
    }
}

impl Equivalent<Key> for Asked<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.role == key.role && self.sql == &*key.sql
    }
}

impl Statements {
    pub(super) fn new(sessions: &Sessions) -> Self {
        Self { cache: Cache::new(sessions.statement_cache) }
    }

    pub(super) fn get(&self, role: &'static str, sql: &str) -> Option<Statement> {
        self.cache.get(&Asked { role, sql }).cloned()
    }

    pub(super) fn keep(&mut self, role: &'static str, sql: &str, statement: Statement) {
        self.cache.insert(Key { role, sql: sql.into() }, statement);
    }

    pub(super) fn forget(&mut self, role: &'static str, sql: &str) {
        self.cache.remove(&Asked { role, sql });
    }
}
