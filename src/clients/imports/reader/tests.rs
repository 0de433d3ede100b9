use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::console::Csv;

/// Reads a file that comes in pieces of so many bytes.
fn read(file: &[u8], piece: usize) -> Result<Vec<Record>, Broken> {
    let (mut reader, mut records) = (Reader::new(), Vec::new());
    for piece in file.chunks(piece) {
        reader.feed(piece, &mut |record| records.push(record))?;
    }
    reader.finish(&mut |record| records.push(record))?;
    Ok(records)
}

fn cells(file: &str) -> Vec<Vec<String>> {
    read(file.as_bytes(), 7).expect("it can be read").into_iter().map(|record| record.cells).collect()
}

fn refusal(file: &[u8]) -> (String, String, String) {
    let problem = read(file, 5).expect_err("it is broken").problem();
    let fault = problem.errors.into_iter().next().expect("a fault");
    (fault.rule, fault.detail, fault.mend.expect("a mend"))
}

#[test]
fn files_of_every_spreadsheet_are_read() {
    for file in [
        "name,email\r\nA,a@b.c\r\n",
        "name,email\nA,a@b.c",
        "name,email\rA,a@b.c\r",
        "\u{feff}name;email\r\nA;a@b.c\r\n",
        "\"name\"\t\"email\"\n\"A\"\t\"a@b.c\"\n",
        "name,email\r\n\r\n\nA,a@b.c\r\n\r\n",
    ] {
        assert_eq!(cells(file), [["name", "email"], ["A", "a@b.c"]], "{file:?}");
    }
    assert_eq!(cells("name;note\nA;\"1,5; \"\"x\"\"\r\ny\"\n"), [["name", "note"], ["A", "1,5; \"x\"\r\ny"]]);
    assert_eq!(cells("\"a;b\",c\n1,2"), [["a;b", "c"], ["1", "2"]], "a delimiter in quotes is none");
    assert_eq!(cells("name\nA\n\"\"\n"), [["name"], ["A"], [""]]);
    assert_eq!(cells(",\n,,"), [vec!["", ""], vec!["", "", ""]], "how many cells a row has is somebody else's matter");
    assert_eq!(cells(""), Vec::<Vec<String>>::new());
    assert_eq!(cells("\u{feff}"), Vec::<Vec<String>>::new());
}

#[test]
fn a_row_says_on_which_line_it_begins() {
    let records = read(b"a,b\r\n1,\"x\r\ny\nz\"\r\n\r\n2,3\n4,5", 3).expect("it can be read");
    assert_eq!(records.iter().map(|record| record.line).collect::<Vec<_>>(), [1, 2, 6, 7]);
}

#[test]
fn what_is_broken_is_told_with_its_place_and_what_to_do() {
    let long = format!("a,b\n1,2\n3,{}\n", "x".repeat(2 * 1024 * 1024));
    let unclosed = format!("a,b\n1,\"{}", "x\n".repeat(1024 * 1024));
    for (file, rule, place, mend) in [
        (b"a,b\n1,x\"y\n".as_slice(), "quote", "line 2, cell 2: a quote stands within", "put the whole cell in quotes"),
        (b"a,b\n1,x\"\n", "quote", "line 2, cell 2: a quote stands within", "put the whole"),
        (b"a,b\n\"x\"y,2\n", "quote", "line 2, cell 1: text stands behind", "twice"),
        (b"a,b\n\"x\" ,2\n", "quote", "line 2, cell 1: text stands behind", "twice"),
        (b"a,b\n1,2\n3,\"x\n4,5\n", "quote", "line 3, cell 2: a quote is opened and never closed", "close it"),
        (b"a,b\n1,\"", "quote", "line 2, cell 2: a quote is opened and never closed", "close it"),
        (b"\"a,b\n1,2\n", "quote", "line 1, cell 1: a quote is opened and never closed", "close it"),
        (b"a,b\n1,x\0y\n", "characters", "line 2, cell 2: the character U+0000", "CSV UTF-8"),
        (b"a,b\n1,Z\xfcrich\n", "utf-8", "line 2, cell 2: this isn't UTF-8", "CSV UTF-8"),
        (b"a,b\n1,\"\xff\"\n", "utf-8", "line 2, cell 2: this isn't UTF-8", "CSV UTF-8"),
        (b"\xff\xfea\0,\0b\0\n\0", "utf-8", "the file is in UTF-16", "CSV UTF-8"),
        (b"\xfe\xff\0a\0\n", "utf-8", "the file is in UTF-16", "CSV UTF-8"),
        (b"a\0,\0b\0\n\0", "characters", "line 1, cell 1: the character U+0000", "UTF-16"),
        (b"PK\x03\x04\x14\0\x06\0", "csv", "a workbook", "CSV UTF-8"),
        (long.as_bytes(), "length", "line 3: the row has more than 1048576 bytes", "shorten it"),
        (unclosed.as_bytes(), "length", "line 2: the row has more", "close the quote that is opened on line 2"),
    ] {
        let (is_rule, detail, is_mend) = refusal(file);
        assert_eq!(is_rule, rule, "{detail}");
        assert!(detail.contains(place) && is_mend.contains(mend), "{detail}: {is_mend}");
    }
}

/// What others make of the same file.
fn by_others(file: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let file = file.strip_prefix(MARK).unwrap_or(file);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(first_line(file).unwrap_or(file)))
        .from_reader(file);
    let rows = reader.byte_records().map(|row| row.expect("it is lenient"));
    rows.map(|row| row.iter().map(<[u8]>::to_vec).collect()).collect()
}

proptest! {
    #[test]
    fn what_is_exported_is_read_as_it_was(
        rows in vec(vec("[a-z,;\"'=\\-+@\\t\\r\\n ü＝]{0,8}", 3), 0..6), piece in 1_usize..40
    ) {
        let mut csv = Csv::new(["one", "two", "three"]);
        for row in &rows {
            csv.line(row.iter().map(String::as_str));
        }
        let read = read(csv.part().as_bytes(), piece).expect("our own files are right");
        let plain: Vec<Vec<&str>> =
            read[1..].iter().map(|record| record.cells.iter().map(|cell| Csv::plain(cell)).collect()).collect();
        prop_assert_eq!(plain, rows);
    }

    #[test]
    fn what_is_accepted_is_what_others_read(file in "[ab,;\"\r\n]{0,24}", piece in 1_usize..9) {
        if let Ok(records) = read(file.as_bytes(), piece) {
            let cells: Vec<Vec<Vec<u8>>> =
                records.into_iter().map(|record| record.cells.into_iter().map(String::into_bytes).collect()).collect();
            prop_assert_eq!(cells, by_others(file.as_bytes()));
        }
    }

    #[test]
    fn no_bytes_make_it_panic_and_pieces_make_no_difference(file in vec(any::<u8>(), 0..200), piece in 1_usize..50) {
        prop_assert_eq!(read(&file, piece), read(&file, usize::MAX));
    }
}
