use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::Response;
use futures_util::stream;

use super::parse;
use crate::Result;
use crate::clients::imports::columns::{REFUSED_BECAUSE, REFUSED_LINE};
use crate::clients::imports::store;
use crate::clients::imports::types::{Import, Row};
use crate::clients::imports::work::absent;
use crate::console::{ADMINISTRATORS, Console, Csv, Visitor, as_file};
use crate::problem::{Fault, Problem};

/// How many rows are read at once.
const AT_ONCE: i64 = 1_000;

/// Every refused row as it stood in the file, and behind it its line and what is wrong with it: mended, it can be imported.
pub(super) async fn file(
    State(console): State<Console>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response<Body>, Problem> {
    visitor.has_to_be(ADMINISTRATORS)?;
    let id = parse(&id)?;
    let tx = visitor.snapshot(&console).await?;
    let import = store::find(&tx, id).await?.ok_or_else(absent)?;
    drop(tx);
    let parts = Parts { console, visitor, import, last: 0, is_over: false };
    Ok(as_file(Body::from_stream(stream::try_unfold(parts, Parts::next)), Csv::MEDIA_TYPE, "refused.csv"))
}

/// A file that is read while it is sent.
struct Parts {
    console: Console,
    visitor: Visitor,
    import: Import,
    /// The last line that was sent.
    last: i32,
    is_over: bool,
}

impl Parts {
    async fn next(mut self) -> Result<Option<(String, Self)>> {
        if self.is_over {
            return Ok(None);
        }
        let part =
            self.part().await.inspect_err(|error| tracing::error!(%error, "a file of refused rows broke off"))?;
        Ok(Some((part, self)))
    }

    async fn part(&mut self) -> Result<String> {
        let is_first = self.last == 0;
        let tx = self.visitor.snapshot(&self.console).await?;
        let rows = store::refused(&tx, self.import.id, self.last, AT_ONCE).await?;
        let headings = self.import.headings.iter().map(String::as_str).filter(|heading| !is_note(heading));
        let mut csv = Csv::new(headings.chain([REFUSED_LINE, REFUSED_BECAUSE]));
        if !is_first {
            csv.part();
        }
        for row in &rows {
            self.line(&mut csv, row);
        }
        self.is_over = rows.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
        self.last = rows.last().map_or(self.last, |row| row.line);
        Ok(csv.part())
    }

    fn line(&self, csv: &mut Csv, row: &Row) {
        let (line, because) = (row.line.to_string(), because(&row.faults));
        let headings = &self.import.headings;
        let is_noted = |place: usize| headings.get(place).is_some_and(|heading| is_note(heading));
        // A row with too few cells gets as many as the heading has, so that what is noted stands under its own.
        let cells = row.cells.iter().map(|cell| Csv::plain(cell)).chain(std::iter::repeat(""));
        let cells = cells.take(row.cells.len().max(headings.len())).enumerate().filter(|(place, _)| !is_noted(*place));
        csv.line(cells.map(|(_, cell)| cell).chain([line.as_str(), because.as_str()]));
    }
}

/// Whether a column is one of those that such a file has besides.
fn is_note(heading: &str) -> bool {
    [REFUSED_LINE, REFUSED_BECAUSE].contains(&heading.trim())
}

fn because(faults: &[Fault]) -> String {
    let one = |fault: &Fault| {
        let mend = fault.mend.as_ref().map_or_else(String::new, |mend| format!(" ({mend})"));
        format!("{} {}{mend}", fault.pointer.trim_start_matches('/'), fault.detail).trim().to_owned()
    };
    faults.iter().map(one).collect::<Vec<_>>().join("; ")
}
