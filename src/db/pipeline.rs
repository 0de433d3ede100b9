//! What goes to the server together.
//!
//! A transaction of a request is four messages: BEGIN, `tenantry.enter` with the role, the statement, COMMIT. They are sent
//! without waiting for each other's answers, and PostgreSQL answers them in order. If one fails, those after it fail in
//! the aborted transaction, COMMIT ends that, and the first error is the one to report.

use futures_util::future::{join, join3};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Row, Statement};

use super::caller::{Act, Caller};
use super::pool::Connection;
use super::text::Text;
use crate::settings::{Pooler, Sessions};

type Answer<T> = std::result::Result<T, tokio_postgres::Error>;

/// Opens a request and takes its role. In one statement, so that there is one message less; `enter` comes first, because
/// the target list is evaluated from left to right, and nobody but the server's own role may execute it.
pub(super) const ENTER: &str = "SELECT tenantry.enter($1, $2, $3, $4), pg_catalog.set_config('role', $5, true)";

const ENTER_TYPES: [Type; 5] = [Type::JSONB, Type::TEXT, Type::TEXT, Type::TEXT, Type::TEXT];

/// The words around the statements of a transaction.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) begin: String,
    pub(super) begin_reading: String,
    pub(super) begin_snapshot: String,
    pub(super) commit: &'static str,
    pub(super) roll_back: &'static str,
}

impl Words {
    pub(super) fn new(sessions: &Sessions) -> Self {
        // What a session is told once, behind a pooler each transaction has to be told.
        let limits = match sessions.pooler {
            Pooler::None => String::new(),
            Pooler::Prepared | Pooler::Unprepared => format!("; {}", sessions.limits("SET LOCAL")),
        };
        let (commit, roll_back) = if sessions.pooler.keeps_statements() {
            ("COMMIT", "ROLLBACK")
        } else {
            // Another session of the pooler's would find the names of our statements taken.
            ("COMMIT; DEALLOCATE ALL", "ROLLBACK; DEALLOCATE ALL")
        };
        Self {
            begin: format!("BEGIN READ WRITE{limits}"),
            begin_reading: format!("BEGIN READ ONLY{limits}"),
            begin_snapshot: format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY{limits}"),
            commit,
            roll_back,
        }
    }
}

/// What opens a transaction on somebody's behalf.
pub(super) struct Opening<'a> {
    pub(super) begin: &'a str,
    pub(super) caller: &'a Caller,
    pub(super) act: &'a Act,
}

impl Opening<'_> {
    /// BEGIN, the claims and the role.
    pub(super) async fn send(&self, connection: &Connection) -> Answer<()> {
        let client = connection.client();
        let claims = Text(self.caller.claims().map(super::caller::Claims::text));
        let address = self.act.address.map(|address| address.to_string());
        let role = self.caller.role();
        let values: [&(dyn ToSql + Sync); 5] = [&claims, &self.act.request_id, &self.act.reason, &address, &role];
        let enter = async {
            match &connection.enter {
                Some(prepared) => client.execute(prepared, &values).await,
                None => client.execute_typed(ENTER, &values.into_iter().zip(ENTER_TYPES).collect::<Vec<_>>()).await,
            }
        };
        let (begun, entered) = join(client.batch_execute(self.begin), enter).await;
        begun?;
        entered?;
        Ok(())
    }
}

/// How far a transaction came that failed.
pub(super) struct Failed {
    pub(super) error: tokio_postgres::Error,
    /// Whether PostgreSQL may have committed it all the same, since nobody heard the answer.
    pub(super) perhaps_done: bool,
}

impl Failed {
    /// A failure before COMMIT. Where PostgreSQL itself said so, it read nothing that came after.
    fn before_commit(error: tokio_postgres::Error) -> Self {
        Self { perhaps_done: error.as_db_error().is_none(), error }
    }

    fn at_commit(error: tokio_postgres::Error) -> Self {
        let fatal = error.as_db_error().is_none_or(|refusal| refusal.severity() == "FATAL");
        Self { perhaps_done: fatal, error }
    }
}

/// A whole transaction of one statement, in one round trip; in two where the statement wasn't prepared yet.
pub(super) async fn once(
    connection: &Connection,
    words: &Words,
    opening: &Opening<'_>,
    sql: &str,
    values: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, Failed> {
    let (client, role) = (connection.client(), opening.caller.role());
    let commit = commit(connection, words);
    if let Some(statement) = connection.prepared(role, sql) {
        if opening.begin == words.begin_reading {
            return read(connection, opening, &statement, values, commit).await.inspect_err(|failed| {
                connection.reconsider(role, sql, &failed.error);
            });
        }
        let (opened, rows, committed) = join3(opening.send(connection), client.query(&statement, values), commit).await;
        opened.map_err(Failed::before_commit)?;
        let rows = rows.inspect_err(|error| connection.reconsider(role, sql, error)).map_err(Failed::before_commit)?;
        committed.map_err(Failed::at_commit)?;
        return Ok(rows);
    }
    let (opened, prepared) = join(opening.send(connection), client.prepare(sql)).await;
    match opened.and(prepared) {
        Ok(statement) => {
            let (rows, committed) = join(client.query(&statement, values), commit).await;
            let rows = rows.map_err(Failed::before_commit)?;
            committed.map_err(Failed::at_commit)?;
            connection.keep(role, sql, statement);
            Ok(rows)
        }
        Err(error) => {
            let _ = client.batch_execute(words.roll_back).await;
            Err(Failed { error, perhaps_done: false })
        }
    }
}

/// The same where nothing is written: nobody waits for the answer to COMMIT, which whoever has the connection next is
/// answered after.
async fn read(
    connection: &Connection,
    opening: &Opening<'_>,
    statement: &Statement,
    values: &[&(dyn ToSql + Sync)],
    commit: impl Future<Output = Answer<()>>,
) -> Result<Vec<Row>, Failed> {
    let mut commit = std::pin::pin!(commit);
    let sent = std::future::poll_fn(|context| {
        let _ = commit.as_mut().poll(context);
        std::task::Poll::Ready(())
    });
    let (opened, rows, ()) = join3(opening.send(connection), connection.client().query(statement, values), sent).await;
    opened.map_err(Failed::before_commit)?;
    rows.map_err(Failed::before_commit)
}

/// COMMIT, which in an aborted transaction is a rollback and no error.
pub(super) async fn commit(connection: &Connection, words: &Words) -> Answer<()> {
    let committed = connection.client().batch_execute(words.commit).await;
    if committed.is_err() && !connection.keeps_statements() {
        // What follows COMMIT in the same message wasn't done either.
        let _ = connection.client().batch_execute(words.roll_back).await;
    }
    committed
}

/// A statement within a transaction that is open.
pub(super) async fn statement(connection: &Connection, role: &'static str, sql: &str) -> Answer<Statement> {
    match connection.prepared(role, sql) {
        Some(statement) => Ok(statement),
        None => {
            let statement = connection.client().prepare(sql).await?;
            connection.keep(role, sql, statement.clone());
            Ok(statement)
        }
    }
}

/// Whether a statement that was prepared no longer fits: the schema has changed, or the session isn't the one it was.
pub(super) fn is_outdated(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|refusal| {
        let cached_plan =
            *refusal.code() == SqlState::FEATURE_NOT_SUPPORTED && refusal.routine() == Some("RevalidateCachedQuery");
        cached_plan || *refusal.code() == SqlState::INVALID_SQL_STATEMENT_NAME
    })
}
