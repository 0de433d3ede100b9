//! One cell of the matrix: a role, in a state of its claims, tries one thing; what comes of it is undone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use tokio_postgres::{Client, SimpleQueryMessage};

use super::claims::Claims;
use super::expected::Expectation;
use super::subjects::Subject;
use super::world::client;

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Reading, changing, removing whatever there is, without a condition: policies alone decide.
    SelectAll,
    UpdateAll,
    DeleteAll,
    /// Giving every row to somebody else's client, without reading it.
    MoveAll,
    /// The same with one row, and what RETURNING gives.
    Select,
    Update,
    Delete,
    Insert,
    InsertReturning,
    Upsert,
}

impl Act {
    pub const OF_ALL_ROWS: [Self; 4] = [Self::SelectAll, Self::UpdateAll, Self::DeleteAll, Self::MoveAll];
    pub const OF_ONE_ROW: [Self; 6] =
        [Self::Select, Self::Update, Self::Delete, Self::Insert, Self::InsertReturning, Self::Upsert];

    /// Whether a row of which this is expected is reached.
    pub fn is_allowed(self, expectation: &Expectation) -> bool {
        let letters = match self {
            Self::SelectAll | Self::Select => "S",
            Self::UpdateAll => "U",
            Self::DeleteAll => "D",
            Self::Update => "SU",
            Self::Delete => "SD",
            Self::Insert => "I",
            Self::InsertReturning => "SI",
            Self::Upsert => "SIU",
            Self::MoveAll => return false,
        };
        letters.chars().all(|letter| expectation.allows(letter))
    }
}

/// Where in the matrix.
#[derive(Clone, Copy)]
pub struct Cell<'a> {
    pub subject: &'static Subject,
    pub role: &'a str,
    pub claims: Claims,
    pub act: Act,
    /// The row that is tried; of acts on all rows, none.
    pub row: &'static str,
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} as {} with claims {:?}: {:?}", self.subject.table, self.row, self.role, self.claims, self.act)
    }
}

/// The kinds of rows that were reached, or how it was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Reached(BTreeSet<&'static str>),
    Refused(String),
}

impl Outcome {
    /// Whether no row was reached, for lack of a right or of a row; any other error is a fault of the matrix.
    pub fn reached_nothing(&self) -> bool {
        match self {
            Self::Reached(rows) => rows.is_empty(),
            Self::Refused(code) => code == "42501",
        }
    }
}

impl Cell<'_> {
    /// Tries it in a savepoint of the open transaction, which is rolled back.
    pub async fn try_out(&self, db: &Client) -> Outcome {
        db.batch_execute(&self.before()).await.unwrap_or_else(|error| panic!("{self}: {error:?}"));
        let outcome = match self.act {
            Act::UpdateAll | Act::DeleteAll | Act::MoveAll => self.try_blindly(db).await,
            _ => self.try_seeing(db).await,
        };
        db.batch_execute("ROLLBACK TO cell; RELEASE cell").await.expect("the savepoint is there");
        outcome
    }

    fn before(&self) -> String {
        let table = self.subject.table;
        let mut sql = vec!["SAVEPOINT cell".to_owned(), self.claims.before(self.role)];
        if matches!(self.act, Act::Insert | Act::InsertReturning) {
            // Room for the same row, past the triggers and foreign keys that the statement itself is to meet.
            let is = self.subject.is(self.row, self.role);
            sql.push(
                "SELECT set_config('cell.triggers', current_setting('session_replication_role'), true)".to_owned(),
            );
            sql.push(format!("SET LOCAL session_replication_role = replica; DELETE FROM public.{table} WHERE {is}"));
            sql.push(
                "SELECT set_config('session_replication_role', current_setting('cell.triggers'), true)".to_owned(),
            );
        }
        if matches!(self.act, Act::UpdateAll | Act::DeleteAll | Act::MoveAll) {
            // An update moves a row to another place, which tells what a statement did that reads nothing.
            sql.push(format!("CREATE TEMP TABLE places AS {}", self.places()));
        }
        if let Some(claims) = self.claims.text(self.role) {
            sql.push(format!("SET LOCAL request.jwt.claims = '{claims}'"));
        }
        sql.push(match self.role {
            "anon" | "authenticated" => format!("SET LOCAL ROLE {}", self.role),
            role => format!("SET LOCAL ROLE tenantry_{role}"),
        });
        sql.join(";")
    }

    fn places(&self) -> String {
        format!(
            "SELECT {} AS key, concat(tableoid, ctid) AS place FROM public.{}",
            self.subject.key(),
            self.subject.table
        )
    }

    fn statement(&self) -> String {
        let subject = self.subject;
        let (table, set, key) = (subject.table, subject.set, subject.key());
        let is = if self.row.is_empty() { String::new() } else { subject.is(self.row, self.role) };
        match self.act {
            Act::SelectAll => format!("SELECT {key} FROM public.{table}"),
            Act::UpdateAll => format!("UPDATE public.{table} SET {set}"),
            Act::DeleteAll => format!("DELETE FROM public.{table}"),
            Act::Select => format!("SELECT {key} FROM public.{table} WHERE {is}"),
            Act::Update => format!("UPDATE public.{table} SET {set} WHERE {is} RETURNING {key}"),
            Act::Delete => format!("DELETE FROM public.{table} WHERE {is} RETURNING {key}"),
            Act::Insert => subject.insert(self.row, self.role),
            Act::InsertReturning => format!("{} RETURNING {key}", subject.insert(self.row, self.role)),
            Act::Upsert => format!(
                "{} ON CONFLICT ON CONSTRAINT {table}_pkey DO UPDATE SET {set} RETURNING {key}",
                subject.insert(self.row, self.role)
            ),
            Act::MoveAll => format!("UPDATE public.{table} SET {} = '{}'", subject.owner, client("other")),
        }
    }

    async fn try_seeing(&self, db: &Client) -> Outcome {
        match db.simple_query(&self.statement()).await {
            Err(error) => refused(&error),
            Ok(messages) if self.act == Act::Insert => {
                let added = messages.iter().any(|message| matches!(message, SimpleQueryMessage::CommandComplete(1)));
                Outcome::Reached(if added { BTreeSet::from([self.row]) } else { BTreeSet::new() })
            }
            Ok(messages) => Outcome::Reached(self.kinds(messages.iter().filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => row.get(0),
                _ => None,
            }))),
        }
    }

    async fn try_blindly(&self, db: &Client) -> Outcome {
        if let Err(error) = db.batch_execute(&self.statement()).await {
            return refused(&error);
        }
        let changed = format!(
            "RESET ROLE; SELECT p.key FROM places p LEFT JOIN ({}) n USING (key) WHERE n.place IS DISTINCT FROM p.place",
            self.places()
        );
        let messages = db.simple_query(&changed).await.unwrap_or_else(|error| panic!("{self}: {error:?}"));
        Outcome::Reached(self.kinds(messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        })))
    }

    /// The kinds of the rows with these keys; rows that the matrix doesn't know are none of its business.
    fn kinds<'k>(&self, keys: impl Iterator<Item = &'k str>) -> BTreeSet<&'static str> {
        let kinds: BTreeMap<String, &'static str> =
            self.subject.rows.iter().map(|row| (self.subject.key_of(row, self.role), *row)).collect();
        keys.filter_map(|key| kinds.get(key).copied()).collect()
    }
}

fn refused(error: &tokio_postgres::Error) -> Outcome {
    Outcome::Refused(error.code().map_or_else(|| error.to_string(), |code| code.code().to_owned()))
}
