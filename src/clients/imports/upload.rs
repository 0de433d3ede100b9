use axum::extract::multipart::{Field, Multipart};
use bytes::Bytes;
use uuid::Uuid;

use super::reader::{Broken, Reader, Record, refused};
use super::{LARGEST, MOST_ROWS, columns, store};
use crate::console::{Console, Visitor, words};
use crate::problem::{Fault, Problem};

/// How many rows are written at once, and how many bytes they have about then at most.
const AT_ONCE: usize = 2_000;
const BYTES_AT_ONCE: usize = 1024 * 1024;

/// The longest name of a file that is kept, in characters.
const LONGEST_NAME: usize = 255;

/// Takes the file of a form in, and gives its id. What can't be read isn't kept.
pub(super) async fn take(console: &Console, visitor: &Visitor, form: &mut Multipart) -> Result<Uuid, Problem> {
    let mut taken = None;
    while let Some(field) = form.next_field().await.map_err(|_| broke_off())? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" || taken.is_some() {
            return Err(unknown(&name));
        }
        taken = Some(take_file(console, visitor, field).await?);
    }
    taken.ok_or_else(missing)
}

/// Reads to the end of the file also where it is refused: a browser shows no answer before.
async fn take_file(console: &Console, visitor: &Visitor, mut field: Field<'_>) -> Result<Uuid, Problem> {
    let name = file_name(field.file_name().unwrap_or_default());
    let mut intake = Intake::new(console, visitor, name);
    let mut outcome = Ok(());
    let mut length = 0;
    while let Some(part) = field.chunk().await.transpose() {
        let Ok(part) = part else {
            outcome = outcome.and(Err(broke_off()));
            break;
        };
        length += part.len();
        if length > 2 * LARGEST {
            break;
        }
        if outcome.is_ok() {
            outcome = if length > LARGEST { Err(too_large()) } else { intake.feed(&part).await };
        }
    }
    let finished = match outcome {
        Ok(()) if length == 0 && intake.name.is_empty() => Err(missing()),
        Ok(()) => intake.finish().await,
        Err(problem) => Err(problem),
    };
    if finished.is_err() {
        intake.discard().await?;
    }
    finished
}

/// A file that comes in.
struct Intake<'a> {
    console: &'a Console,
    visitor: &'a Visitor,
    name: String,
    reader: Reader,
    /// Rows that aren't written yet, and how long they are.
    records: Vec<Record>,
    weight: usize,
    /// Where they are written, once the heading is known.
    id: Option<Uuid>,
    rows: usize,
}

impl<'a> Intake<'a> {
    fn new(console: &'a Console, visitor: &'a Visitor, name: String) -> Self {
        Self { console, visitor, name, reader: Reader::new(), records: Vec::new(), weight: 0, id: None, rows: 0 }
    }

    async fn feed(&mut self, part: &Bytes) -> Result<(), Problem> {
        self.weight += part.len();
        let records = &mut self.records;
        self.reader.feed(part, &mut |record| records.push(record)).map_err(Broken::problem)?;
        if self.records.len() >= AT_ONCE || self.weight >= BYTES_AT_ONCE { self.write().await } else { Ok(()) }
    }

    async fn finish(&mut self) -> Result<Uuid, Problem> {
        let records = &mut self.records;
        self.reader.finish(&mut |record| records.push(record)).map_err(Broken::problem)?;
        self.write().await?;
        let Some(id) = self.id else { return Err(empty("the file is empty")) };
        if self.rows == 0 {
            return Err(empty("the file has a heading and no rows"));
        }
        let tx = self.visitor.begin(self.console).await?;
        store::is_read(&tx, id, i32::try_from(self.rows).unwrap_or(i32::MAX)).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn write(&mut self) -> Result<(), Problem> {
        if self.id.is_none() && !self.records.is_empty() {
            let heading = self.records.remove(0);
            self.id = Some(self.begin(&heading.cells).await?);
        }
        let Some(id) = self.id else { return Ok(()) };
        // Spreadsheets leave rows behind in which nothing stands.
        self.records.retain(|record| record.cells.iter().any(|cell| !cell.trim().is_empty()));
        self.rows += self.records.len();
        if self.rows > MOST_ROWS {
            return Err(too_many());
        }
        for records in self.records.chunks(AT_ONCE) {
            let tx = self.visitor.begin(self.console).await?;
            store::add_lines(&tx, id, records).await?;
            tx.commit().await?;
        }
        self.records.clear();
        self.weight = 0;
        Ok(())
    }

    async fn begin(&self, headings: &[String]) -> Result<Uuid, Problem> {
        let columns = columns::recognise(headings)?;
        let tx = self.visitor.begin(self.console).await?;
        let id = store::create(&tx, &self.name, headings, &columns).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn discard(&self) -> Result<(), Problem> {
        let Some(id) = self.id else { return Ok(()) };
        let tx = self.visitor.begin(self.console).await?;
        store::discard(&tx, id).await?;
        Ok(tx.commit().await?)
    }
}

/// The name without folders, which some browsers send along, and without what a name can't show.
fn file_name(sent: &str) -> String {
    let name = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect()
}

fn missing() -> Problem {
    Problem::faults("no file is chosen", vec![Fault::at("/file", "required", "choose a file")])
}

fn empty(detail: &str) -> Problem {
    refused(vec![Fault::at("/file", "empty", detail).mend("export the list of clients to see what a file looks like")])
}

fn too_large() -> Problem {
    let detail = format!("the file has more than {} MiB", LARGEST / 1024 / 1024);
    refused(vec![Fault::at("/file", "size", detail).mend("split it, and import one part after the other")])
}

fn too_many() -> Problem {
    let most = words::grouped(&MOST_ROWS.to_string());
    let fault = Fault::at("/file", "rows", format!("the file has more than {most} rows"));
    refused(vec![fault.mend("split it, each part with the heading, and import one after the other")])
}

fn broke_off() -> Problem {
    Problem::unreadable("the upload broke off, and nothing was kept of it").mend("choose the file again")
}

fn unknown(name: &str) -> Problem {
    let fault =
        Fault::at(name.chars().take(100).collect::<String>(), "unknown", "this form has no such field, or has it once");
    Problem::faults(
        "the form has fields that aren't known here",
        vec![fault.mend("send one file, under the name file")],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_as_where_it_came_from_without_its_folder() {
        for (sent, name) in [
            ("clients.csv", "clients.csv"),
            ("C:\\Users\\mia\\clients.csv", "clients.csv"),
            ("../../etc/passwd", "passwd"),
            ("a\u{7}b<script>.csv", "ab<script>.csv"),
            ("", ""),
        ] {
            assert_eq!(file_name(sent), name);
        }
        assert_eq!(file_name(&"é".repeat(300)).chars().count(), LONGEST_NAME);
    }
}
