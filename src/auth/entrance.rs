use axum::extract::FromRef;

use super::gate::Gate;
use super::signed::Signed;
use crate::db::database::Database;
use crate::db::tx::Tx;
use crate::problem::Problem;

/// What handlers of `/api/v1` need: who is let in, the way to the database, and what they work with. Cheap to clone.
#[derive(Clone)]
pub struct Entrance<T = ()> {
    gate: Gate,
    /// The way to the database.
    pub database: Database,
    /// What they work with besides.
    pub tools: T,
}

impl<T> Entrance<T> {
    /// One to a database.
    pub fn new(gate: Gate, database: Database, tools: T) -> Self {
        Self { gate, database, tools }
    }

    /// Begins what writes.
    pub async fn begin(&self, signed: &Signed) -> Result<Tx<'static>, Problem> {
        Ok(self.database.begin(&signed.caller, &signed.act).await?)
    }

    /// Begins what reads, all of it as of one moment.
    pub async fn snapshot(&self, signed: &Signed) -> Result<Tx<'static>, Problem> {
        Ok(self.database.snapshot(&signed.caller, &signed.act).await?)
    }
}

impl<T> FromRef<Entrance<T>> for Gate {
    fn from_ref(entrance: &Entrance<T>) -> Self {
        entrance.gate.clone()
    }
}
