use crate::problem::{Fault, Problem};

/// The longest row, in bytes: all that a client can hold, and a guard against a quote that is never closed.
pub(super) const LONGEST_ROW: usize = 1024 * 1024;

/// The mark by which programs know UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What other files begin with.
const UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];
const WORKBOOK: &[u8] = b"PK\x03\x04";

/// What stands between the cells of a row, as spreadsheets write it.
const DELIMITERS: &[u8] = b",;\t";

/// A row as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The line that it begins on, counted from one.
    pub(super) line: u32,
    /// Its cells.
    pub(super) cells: Vec<String>,
}

/// A file of comma-separated values, read while it comes in, by RFC 4180 to the letter.
///
/// Readers that take whatever comes would make something else of a file whose quotes are wrong than its author meant, and
/// nobody would notice: here it is refused with its place. Lenient alone is what spreadsheets differ in: a comma, a
/// semicolon or a tab between cells (the heading tells), line breaks of every system, a mark of UTF-8 at the start.
pub(super) struct Reader {
    /// What came before the end of the first line, by which the delimiter is known; none once it is.
    head: Option<Vec<u8>>,
    delimiter: u8,
    place: Place,
    cell: Vec<u8>,
    cells: Vec<String>,
    /// The line that is read, and the one that the row began on.
    line: u32,
    begun: u32,
    /// How long the row is so far.
    length: usize,
    /// Whether the last byte was a carriage return, to which a line feed belongs.
    is_returned: bool,
}

/// Where in a cell the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before its first byte.
    Start,
    /// In one without quotes.
    Plain,
    /// Between quotes, of which the first stands on this line.
    Quoted(u32),
    /// Behind a quote that ends it, unless another one follows.
    Closed(u32),
}

/// Why a file can't be read, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    line: u32,
    /// Which cell of the row, counted from one.
    cell: usize,
    flaw: Flaw,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    QuoteWithin,
    TextBehind,
    Unclosed,
    TooLong { quoted_from: Option<u32> },
    Null,
    NotUtf8,
    Utf16,
    Workbook,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self {
            head: Some(Vec::new()),
            delimiter: b',',
            place: Place::Start,
            cell: Vec::new(),
            cells: Vec::new(),
            line: 1,
            begun: 1,
            length: 0,
            is_returned: false,
        }
    }

    /// Reads what came next, and hands over each row that ends in it.
    pub(super) fn feed(&mut self, bytes: &[u8], take: &mut impl FnMut(Record)) -> Result<(), Broken> {
        let Some(head) = &mut self.head else { return self.read(bytes, take) };
        head.extend_from_slice(bytes);
        if first_line(head).is_none() && head.len() <= LONGEST_ROW {
            return Ok(());
        }
        self.open(take)
    }

    /// Hands over the last row, where no line break ends it.
    pub(super) fn finish(&mut self, take: &mut impl FnMut(Record)) -> Result<(), Broken> {
        self.open(take)?;
        match self.place {
            Place::Quoted(line) => Err(Broken { line, ..self.broken(Flaw::Unclosed) }),
            _ => self.end_row(take),
        }
    }

    /// Finds out what kind of file it is, and reads what was kept until that was known.
    fn open(&mut self, take: &mut impl FnMut(Record)) -> Result<(), Broken> {
        let Some(head) = self.head.take() else { return Ok(()) };
        if UTF_16.iter().any(|mark| head.starts_with(mark)) {
            return Err(self.broken(Flaw::Utf16));
        }
        if head.starts_with(WORKBOOK) {
            return Err(self.broken(Flaw::Workbook));
        }
        let head = head.strip_prefix(MARK).unwrap_or(&head);
        self.delimiter = delimiter(first_line(head).unwrap_or(head));
        self.read(head, take)
    }

    fn read(&mut self, bytes: &[u8], take: &mut impl FnMut(Record)) -> Result<(), Broken> {
        let mut rest = bytes;
        while let Some((&byte, behind)) = rest.split_first() {
            let run = self.run(rest);
            if run > 0 {
                self.keep(&rest[..run])?;
                rest = &rest[run..];
                continue;
            }
            self.step(byte, take)?;
            self.is_returned = byte == b'\r';
            rest = behind;
        }
        Ok(())
    }

    /// How many bytes from here on are plainly of the cell.
    fn run(&self, bytes: &[u8]) -> usize {
        let is_special = |byte: u8| byte == b'"' || byte == b'\r' || byte == b'\n' || byte == 0;
        let ends = |byte: &u8| match self.place {
            Place::Plain => is_special(*byte) || *byte == self.delimiter,
            Place::Quoted(_) => is_special(*byte),
            Place::Start | Place::Closed(_) => true,
        };
        bytes.iter().position(ends).unwrap_or(bytes.len())
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        self.is_returned = false;
        self.cell.extend_from_slice(bytes);
        self.grow(bytes.len())
    }

    fn grow(&mut self, by: usize) -> Result<(), Broken> {
        self.length += by;
        if self.length <= LONGEST_ROW {
            return Ok(());
        }
        let quoted_from = if let Place::Quoted(line) = self.place { Some(line) } else { None };
        Err(Broken { line: self.begun, ..self.broken(Flaw::TooLong { quoted_from }) })
    }

    fn step(&mut self, byte: u8, take: &mut impl FnMut(Record)) -> Result<(), Broken> {
        if byte == 0 {
            return Err(self.broken(Flaw::Null));
        }
        self.grow(1)?;
        match (self.place, byte) {
            (Place::Start, b'"') => self.place = Place::Quoted(self.line),
            (Place::Quoted(line), b'"') => self.place = Place::Closed(line),
            (Place::Quoted(_), _) => {
                self.cell.push(byte);
                self.count_line(byte);
            }
            (Place::Closed(line), b'"') => {
                self.cell.push(byte);
                self.place = Place::Quoted(line);
            }
            (Place::Plain, b'"') => return Err(self.broken(Flaw::QuoteWithin)),
            (_, b'\r' | b'\n') => {
                // The second half of a line break that ended the row already.
                let is_half = byte == b'\n' && self.is_returned;
                if !is_half {
                    self.end_row(take)?;
                }
                self.count_line(byte);
                self.begun = self.line;
                self.length = 0;
            }
            (_, byte) if byte == self.delimiter => self.end_cell()?,
            (Place::Closed(_), _) => return Err(self.broken(Flaw::TextBehind)),
            (Place::Start | Place::Plain, _) => {
                self.cell.push(byte);
                self.place = Place::Plain;
            }
        }
        Ok(())
    }

    fn count_line(&mut self, byte: u8) {
        if byte == b'\r' || byte == b'\n' && !self.is_returned {
            self.line += 1;
        }
    }

    fn end_cell(&mut self) -> Result<(), Broken> {
        let broken = self.broken(Flaw::NotUtf8);
        let cell = String::from_utf8(std::mem::take(&mut self.cell)).map_err(|_| broken)?;
        self.cells.push(cell);
        self.place = Place::Start;
        Ok(())
    }

    /// Hands the row over, unless nothing at all stands on its line.
    fn end_row(&mut self, take: &mut impl FnMut(Record)) -> Result<(), Broken> {
        if self.place != Place::Start || !self.cells.is_empty() {
            self.end_cell()?;
            take(Record { line: self.begun, cells: std::mem::take(&mut self.cells) });
        }
        Ok(())
    }

    fn broken(&self, flaw: Flaw) -> Broken {
        Broken { line: self.line, cell: self.cells.len() + 1, flaw }
    }
}

/// The first line, where it ends.
fn first_line(bytes: &[u8]) -> Option<&[u8]> {
    let mut is_quoted = false;
    let end = bytes.iter().position(|byte| {
        is_quoted ^= *byte == b'"';
        !is_quoted && (*byte == b'\n' || *byte == b'\r')
    });
    end.map(|end| &bytes[..end])
}

/// What stands between cells: of what may, that which the heading has most of, outside of quotes.
fn delimiter(heading: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut is_quoted = false;
    for byte in heading {
        is_quoted ^= *byte == b'"';
        if let Some(place) = DELIMITERS.iter().position(|known| known == byte).filter(|_| !is_quoted) {
            counts[place] += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    DELIMITERS[counts.iter().position(|count| *count == most).unwrap_or(0)]
}

impl Broken {
    /// For the form that the file was sent by.
    pub(super) fn problem(self) -> Problem {
        let Self { line, cell, flaw } = self;
        let at = |detail: &str| format!("line {line}, cell {cell}: {detail}");
        let (rule, detail, mend) = match flaw {
            Flaw::QuoteWithin => (
                "quote",
                at("a quote stands within a cell that doesn't begin with one"),
                "put the whole cell in quotes, and write each quote within it twice: \"a \"\"b\"\" c\"".to_owned(),
            ),
            Flaw::TextBehind => (
                "quote",
                at("text stands behind the quote that ends the cell"),
                "write a quote within a cell twice, or take away what stands behind the last one".to_owned(),
            ),
            Flaw::Unclosed => (
                "quote",
                at("a quote is opened and never closed"),
                "close it; everything behind it was taken for one cell".to_owned(),
            ),
            Flaw::TooLong { quoted_from } => (
                "length",
                format!("line {line}: the row has more than {LONGEST_ROW} bytes"),
                quoted_from.map_or_else(
                    || "shorten it".to_owned(),
                    |from| format!("shorten it; or close the quote that is opened on line {from}, if that is why"),
                ),
            ),
            Flaw::Null => (
                "characters",
                at("the character U+0000 stands there, which no text has"),
                "save the file as “CSV UTF-8”: a file in UTF-16 looks like this".to_owned(),
            ),
            Flaw::NotUtf8 => (
                "utf-8",
                at("this isn't UTF-8; a spreadsheet's plain “CSV” is often Windows-1252"),
                "save it as “CSV UTF-8”".to_owned(),
            ),
            Flaw::Utf16 => (
                "utf-8",
                "the file is in UTF-16, and not in UTF-8".to_owned(),
                "save it as “CSV UTF-8”, not as “Unicode text”".to_owned(),
            ),
            Flaw::Workbook => (
                "csv",
                "the file is a workbook, and not a CSV file".to_owned(),
                "open it in the spreadsheet, and save it as “CSV UTF-8”".to_owned(),
            ),
        };
        refused(vec![Fault::at("/file", rule, detail).mend(mend)])
    }
}

/// A file that can't be imported at all.
pub(super) fn refused(faults: Vec<Fault>) -> Problem {
    Problem::faults("the file can't be imported, and nothing was kept of it", faults)
}

#[cfg(test)]
mod tests;
