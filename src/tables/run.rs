use std::sync::Arc;

use axum::http::StatusCode;
use dialect::headers::media::Answer;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::catalog::{Catalog, Relation};
use super::plan::{Asker, Condition, Conflict, Found, Insert, Read, Returning, Write, Writing};
use super::refusal::Refusal;
use super::request::{Request, Verb};
use super::response::{self, Done, Page};
use super::sql::{self, Form, Statement};
use super::writer::{self, Writer};
use super::{Tables, failure, plan};
use crate::db::caller::{Act, Caller};
use crate::db::text::Text;
use crate::db::tx::Tx;

/// How often a transaction is tried that PostgreSQL gave up for another one's sake.
const TRIES: usize = 3;

impl Tables {
    /// Does what a request asks, with the rights of whoever asks.
    pub async fn answer(&self, caller: &Caller, act: &Act, request: &Request<'_>) -> Result<response::Answer, Refusal> {
        let catalog = self.catalog().await?;
        match self.attempt(&catalog, caller, act, request).await {
            Err(refusal) if failure::may_be_outdated(&refusal) => match self.changed_since(&catalog).await? {
                Some(newer) => self.attempt(&newer, caller, act, request).await,
                None => Err(refusal),
            },
            answered => answered,
        }
    }

    async fn attempt(
        &self,
        catalog: &Arc<Catalog>,
        caller: &Caller,
        act: &Act,
        request: &Request<'_>,
    ) -> Result<response::Answer, Refusal> {
        let known = catalog.position(request.table).ok_or_else(|| no_table(catalog, request.table));
        let role = known.as_ref().ok().filter(|place| !catalog.relation(**place).is_ours).map(|_| caller.at_the_site());
        let asking = role.as_ref().unwrap_or(caller);
        let asker = Asker { catalog, role: asking.role(), max_rows: self.settings().max_rows };
        let run = Run { tables: self, catalog, caller: asking, act };
        match known.and_then(|place| Planned::new(&asker, place, request)) {
            Err(refusal) => Err(self.unless_nobody(caller, act, refusal).await),
            Ok(Planned::Read { plan, is_head }) => {
                run.read(&plan, request.answer, is_head).await.map(|page| response::read(request, &plan, page))
            }
            Ok(Planned::Write(wanted)) => match run.write(&wanted).await {
                // Actions look at what was sent before they send anything themselves.
                Err(refusal) if !run.is_plain(&wanted) => Err(self.unless_nobody(caller, act, refusal).await),
                done => Ok(response::written(request, done?)),
            },
        }
    }

    /// A refusal, or, where whoever asks is nobody, that they are: it comes before what is wrong with the request.
    ///
    /// Most of what is wrong is found without PostgreSQL, which alone knows whether a session is over or a key revoked. So
    /// it is asked now, and what isn't refused is asked nothing twice.
    pub(super) async fn unless_nobody(&self, caller: &Caller, act: &Act, refusal: Refusal) -> Refusal {
        if !refusal.status.is_client_error() || refusal.status == StatusCode::UNAUTHORIZED {
            return refusal;
        }
        let Err(error) = self.database().read(caller, act, "SELECT", &[]).await else { return refusal };
        match self.catalog().await {
            Ok(catalog) => failure::refusal(&error, caller.role(), &catalog),
            Err(unknown) => unknown,
        }
    }
}

/// What a request will do, found out without PostgreSQL.
enum Planned<'a> {
    Read { plan: Read, is_head: bool },
    Write(Wanted<'a>),
}

impl<'a> Planned<'a> {
    fn new(asker: &Asker<'_>, place: usize, request: &'a Request<'_>) -> Result<Self, Refusal> {
        let (relation, query, prefer) = (asker.catalog.relation(place), &request.query, &request.prefer);
        let write = match &request.act {
            Verb::Read { is_head } => {
                let plan = plan::read(asker, place, query, prefer.count.is_some())?;
                return Ok(Self::Read { plan, is_head: *is_head });
            }
            _ if !relation.is_writable() => return Err(read_only(relation)),
            Verb::Insert(body) => plan::insert(asker, place, query, prefer, body)?,
            Verb::Update(body) => plan::update(asker, place, query, prefer, body)?,
            Verb::Delete => plan::delete(asker, place, query, prefer)?,
        };
        Ok(Self::Write(Wanted::new(request, relation, write)?))
    }
}

fn no_table(catalog: &Catalog, name: &str) -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "PGRST205",
        format!("Could not find the table 'public.{name}' in the schema cache"),
    )
    .did_you_mean(name, catalog.relations().iter().map(|relation| relation.name.as_str()))
}

fn read_only(relation: &Relation) -> Refusal {
    let message = format!("{} is a view: it can't be written to", relation.name);
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "PGRST117", message).hint("write to the tables that it reads")
}

/// A write with everything that has to hold before it is committed.
pub(super) struct Wanted<'a> {
    pub(super) plan: Write,
    pub(super) body: &'a str,
    pub(super) answer: Answer,
    pub(super) if_match: Option<sql::Match<'a>>,
    pub(super) max_affected: Option<u64>,
}

impl<'a> Wanted<'a> {
    fn new(request: &'a Request<'_>, relation: &Relation, mut plan: Write) -> Result<Self, Refusal> {
        let body = match &request.act {
            Verb::Insert(body) | Verb::Update(body) => body.text,
            Verb::Read { .. } | Verb::Delete => "",
        };
        let if_match = match &request.if_match {
            Some(version) => Some((version_of(relation)?, version.as_str())),
            None => None,
        };
        let max_affected = request.prefer.max_affected;
        let has_to_count = request.prefer.count.is_some()
            || max_affected.is_some()
            || request.if_match.is_some()
            || request.answer == Answer::Object;
        if plan.returning == Returning::Nothing && has_to_count {
            plan.returning = Returning::Count;
        }
        Ok(Self { plan, body, answer: request.answer, if_match, max_affected })
    }

    /// Whether something has to be looked at between the statement and COMMIT, or before the statement.
    fn is_checked(&self) -> bool {
        self.answer == Answer::Object || self.max_affected.is_some() || self.if_match.is_some() || self.is_looked_for()
    }

    /// Whether the same write may be admitted a moment later: others were in its way, or an upsert looked for a row before
    /// somebody else put it there.
    fn may_be_tried_again(&self, refusal: &Refusal) -> bool {
        let is_upsert = self.conflict().is_some();
        ["40001", "40P01"].contains(&refusal.code.as_str()) || is_upsert && refusal.code == "23505"
    }

    fn is_looked_for(&self) -> bool {
        matches!(self.conflict(), Some(Conflict { target: Found::ByLooking(_), .. }))
    }

    /// What becomes of rows that are there already, where the write is an upsert.
    pub(super) fn conflict(&self) -> Option<&Conflict> {
        match &self.plan.writing {
            Writing::Insert(Insert { conflict, .. }) => conflict.as_ref(),
            Writing::Update(_) | Writing::Delete(_) => None,
        }
    }

    /// What rows must fulfil to be written.
    pub(super) fn conditions(&self) -> &[Condition] {
        match &self.plan.writing {
            Writing::Update(change) => &change.conditions,
            Writing::Delete(conditions) => conditions,
            Writing::Insert(_) => &[],
        }
    }
}

fn version_of(relation: &Relation) -> Result<usize, Refusal> {
    writer::version(relation).ok_or_else(|| {
        Refusal::bad("PGRST100", format!("{} has no version that If-Match could compare", relation.name))
            .hint("leave the header out")
    })
}

/// Where and for whom statements run.
pub(super) struct Run<'a> {
    pub(super) tables: &'a Tables,
    pub(super) catalog: &'a Catalog,
    pub(super) caller: &'a Caller,
    pub(super) act: &'a Act,
}

impl Run<'_> {
    async fn read(&self, plan: &Read, answer: Answer, is_head: bool) -> Result<Page, Refusal> {
        // The one row of an answer has to be known as such, also where nobody reads it.
        let form = if is_head { Form::Counted } else { Form::Body(answer) };
        let statement = sql::read(self.catalog, plan, form);
        let texts = texts(&statement);
        let rows = self.tables.database().read(self.caller, self.act, &statement.sql, &parameters(&texts)).await;
        let rows = rows.map_err(|error| self.refusal(&error))?;
        let page = Page::of(rows.into_iter().next());
        page.check(plan, answer)?;
        Ok(page)
    }

    fn writer(&self, wanted: &Wanted<'_>) -> Writer {
        writer::of(self.catalog.relation(wanted.plan.relation))
    }

    /// Whether a write is one statement, or that in a transaction.
    fn is_plain(&self, wanted: &Wanted<'_>) -> bool {
        self.writer(wanted) == Writer::Plain
    }

    async fn write(&self, wanted: &Wanted<'_>) -> Result<Done, Refusal> {
        let writer = self.writer(wanted);
        if writer == Writer::Plain && !wanted.is_checked() {
            let statement = self.statement(wanted);
            let texts = texts(&statement);
            let rows = self.tables.database().once(self.caller, self.act, &statement.sql, &parameters(&texts)).await;
            let rows = rows.map_err(|error| self.refusal(&error))?;
            return Ok(Done::of(&wanted.plan, rows.into_iter().next()));
        }
        let mut tried = 1;
        loop {
            let done = match writer {
                Writer::Plain => self.write_checked(wanted).await,
                // On the heap: what it holds while it waits is large.
                Writer::Sealed => Box::pin(self.write_sealed(wanted)).await,
                Writer::Change(table) => Box::pin(self.write_change(wanted, table)).await,
            };
            match done {
                Err(refusal) if tried < TRIES && wanted.may_be_tried_again(&refusal) => tried += 1,
                done => return done,
            }
        }
    }

    pub(super) fn statement(&self, wanted: &Wanted<'_>) -> Statement {
        sql::write(self.catalog, &wanted.plan, wanted.body, wanted.if_match, Form::Body(wanted.answer))
    }

    /// A transaction whose outcome decides whether it is committed; rolled back where it is refused.
    async fn write_checked(&self, wanted: &Wanted<'_>) -> Result<Done, Refusal> {
        let tx = self.begin().await?;
        if wanted.is_looked_for() {
            self.lock(&tx, wanted).await?;
        }
        self.finish(tx, wanted, &self.statement(wanted)).await
    }

    /// Runs the statement of a write, and commits where everything holds that has to.
    pub(super) async fn finish(&self, tx: Tx<'_>, wanted: &Wanted<'_>, statement: &Statement) -> Result<Done, Refusal> {
        let row = self.query(&tx, statement).await?;
        let done = Done::of(&wanted.plan, row);
        if wanted.if_match.is_some() {
            self.check_version(&tx, wanted, done.affected).await?;
        }
        done.check(wanted.answer, wanted.max_affected)?;
        tx.commit().await.map_err(|error| self.refusal(&error))?;
        Ok(done)
    }

    pub(super) async fn begin(&self) -> Result<Tx<'_>, Refusal> {
        self.tables.database().begin(self.caller, self.act).await.map_err(|error| self.refusal(&error))
    }

    /// Lets one upsert after the other look for rows of a table.
    pub(super) async fn lock(&self, tx: &Tx<'_>, wanted: &Wanted<'_>) -> Result<(), Refusal> {
        let table = &self.catalog.relation(wanted.plan.relation).name;
        tx.query(sql::LOCK, &[table]).await.map(drop).map_err(|error| self.refusal(&error))
    }

    /// Refuses a write with a version that found no row, with the row that is there, or several.
    pub(super) async fn check_version(&self, tx: &Tx<'_>, wanted: &Wanted<'_>, found: u64) -> Result<(), Refusal> {
        match found {
            1 => return Ok(()),
            0 => {}
            _ => return Err(several()),
        }
        let relation = wanted.plan.relation;
        let statement = sql::current(self.catalog, relation, &self.readable(relation), wanted.conditions());
        let found = self.query(tx, &statement).await?;
        let (row, count): (Option<String>, i64) = found.map(|row| (row.get(0), row.get(1))).unwrap_or_default();
        if count > 1 {
            return Err(several());
        }
        let moved =
            Refusal::new(StatusCode::PRECONDITION_FAILED, "TN412", "the row is no longer the one that If-Match names");
        Err(match row {
            Some(row) => {
                moved.details(row).hint("look at the row in `details`, and send the change again with its version")
            }
            None => moved.details("there is no such row").hint("read the rows again"),
        })
    }

    /// The places of the columns that the caller may read.
    pub(super) fn readable(&self, relation: usize) -> Vec<usize> {
        let (relation, role) = (self.catalog.relation(relation), self.caller.role());
        (0..relation.columns.len()).filter(|place| relation.columns[*place].select.contain(role)).collect()
    }

    /// The first row of a statement.
    pub(super) async fn query(&self, tx: &Tx<'_>, statement: &Statement) -> Result<Option<Row>, Refusal> {
        Ok(self.rows(tx, statement).await?.into_iter().next())
    }

    /// All rows of a statement.
    pub(super) async fn rows(&self, tx: &Tx<'_>, statement: &Statement) -> Result<Vec<Row>, Refusal> {
        let texts = texts(statement);
        tx.query(&statement.sql, &parameters(&texts)).await.map_err(|error| self.refusal(&error))
    }

    pub(super) fn refusal(&self, error: &crate::Error) -> Refusal {
        let refusal = failure::refusal(error, self.caller.role(), self.catalog);
        if refusal.status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(request_id = self.act.request_id, %error, "a statement of the table API failed");
        }
        refusal
    }
}

fn several() -> Refusal {
    Refusal::bad("PGRST100", "If-Match compares one row, and the filters find several").hint("filter by the row's key")
}

/// The values of a statement as text, whatever type PostgreSQL reads them as.
fn texts(statement: &Statement) -> Vec<Text<'_>> {
    statement.values.iter().map(|value| Text(Some(value))).collect()
}

fn parameters<'a>(texts: &'a [Text<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    texts.iter().map(|text| text as &(dyn ToSql + Sync)).collect()
}
