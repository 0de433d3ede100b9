//! What the columns of a file are: the headings of our own export, columns of clients and what forms call them.

use crate::clients::fields::FIELDS;
use crate::problem::{Fault, Problem, nearest};

use super::reader::refused;

/// The column by which a client is known for certain.
pub(super) const ID: &str = "id";

/// The column by which it is known else.
pub(super) const EMAIL: &str = "email";

/// Who manages it, by name or address; written as the column of that id.
pub(super) const MANAGER: &str = "manager";
pub(super) const ASSIGNED: &str = "assigned_manager";

/// In place of a column: it is left out.
pub(super) const LEFT_OUT: &str = "-";

/// In place of a column: somebody has to say.
pub(super) const UNSETTLED: &str = "";

/// What a file of ours has besides, which nobody writes.
pub(super) const NOTES: [&str; 4] = ["created_at", "updated_at", REFUSED_LINE, REFUSED_BECAUSE];

/// In the file of refused rows: where each stood, and why.
pub(super) const REFUSED_LINE: &str = "refused_line";
pub(super) const REFUSED_BECAUSE: &str = "refused_because";

/// More columns than any file of ours has.
const MOST: usize = 200;

/// The longest heading that is kept, in characters.
const LONGEST: usize = 100;

/// Every column that can be written, or tells which client is meant, in the order in which they are told.
pub(super) fn known() -> impl Iterator<Item = &'static str> {
    std::iter::once(ID).chain(FIELDS.iter().map(|field| field.name)).chain([MANAGER])
}

/// What a column is called in forms.
pub(super) fn label(column: &str) -> &str {
    match column {
        ID => "Id",
        MANAGER | ASSIGNED => "Manager",
        other => FIELDS.iter().find(|field| field.name == other).map_or(other, |field| field.label),
    }
}

/// What each heading is, as far as it is known; the faults of the heading where it has some.
pub(super) fn recognise(headings: &[String]) -> Result<Vec<String>, Problem> {
    let faults = faults(headings);
    if !faults.is_empty() {
        return Err(refused(faults));
    }
    let columns: Vec<String> = headings.iter().map(|heading| meant(heading).unwrap_or(UNSETTLED).to_owned()).collect();
    if columns.iter().all(|column| column != UNSETTLED) {
        has_key(&columns).map_err(|fault| refused(vec![fault]))?;
    }
    Ok(columns)
}

/// What somebody probably meant by a heading that isn't known.
pub(super) fn suggestion(heading: &str) -> Option<&'static str> {
    nearest(&plain(heading), known())
}

/// The columns as somebody settled them: which one each unknown heading is, or that it is left out.
pub(super) fn settle(columns: &[String], chosen: impl Fn(usize) -> Option<String>) -> Result<Vec<String>, Problem> {
    let mut faults = Vec::new();
    let mut settled = columns.to_vec();
    for (place, column) in settled.iter_mut().enumerate().filter(|(_, column)| *column == UNSETTLED) {
        *column = chosen(place).unwrap_or_default();
        let is_known = column == LEFT_OUT || known().any(|known| known == column);
        if !is_known {
            let fault = Fault::at(pointer(place), "choice", "isn't said yet");
            faults.push(fault.mend("choose which column it is, or that it is left out"));
        }
    }
    for (place, column) in settled.iter().enumerate() {
        let is_twice = column != LEFT_OUT && settled.iter().filter(|other| *other == column).count() > 1;
        if is_twice && columns[place] == UNSETTLED && !column.is_empty() {
            let detail = format!("{column} is another column already");
            faults.push(Fault::at(pointer(place), "unique", detail).mend("choose another, or leave it out"));
        }
    }
    if faults.is_empty()
        && let Err(fault) = has_key(&settled)
    {
        faults.push(fault);
    }
    if faults.is_empty() { Ok(settled) } else { Err(Problem::faults("the columns aren't settled yet", faults)) }
}

/// The columns of clients that a file with these writes.
pub(super) fn written(columns: &[String]) -> Vec<&'static str> {
    let has = |name: &str| columns.iter().any(|column| column == name);
    let fields = FIELDS.iter().map(|field| field.name).filter(|name| has(name));
    fields.chain(has(MANAGER).then_some(ASSIGNED)).collect()
}

/// The name of the field by which a column is settled.
pub(super) fn pointer(place: usize) -> String {
    format!("column-{place}")
}

/// Without a column that tells which client is meant, nothing can be matched.
fn has_key(columns: &[String]) -> Result<(), Fault> {
    if columns.iter().any(|column| column == ID || column == EMAIL) {
        return Ok(());
    }
    let fault = Fault::at(
        "/file",
        "key",
        "the file has neither a column email nor a column id, so that nobody knows whom a row means",
    );
    Err(fault.mend("add one of them; the export has both"))
}

fn faults(headings: &[String]) -> Vec<Fault> {
    let at = |place: usize| format!("line 1, cell {}", place + 1);
    if headings.len() > MOST {
        let detail = format!("the heading has {} columns, of which there may be {MOST}", headings.len());
        return vec![Fault::at("/file", "columns", detail).mend("take away those that aren't of clients")];
    }
    let mut faults = Vec::new();
    for (place, heading) in headings.iter().enumerate() {
        let same = |other: &String| {
            plain(other) == plain(heading)
                || meant(other).is_some_and(|is| is != LEFT_OUT && meant(heading) == Some(is))
        };
        if heading.trim().is_empty() {
            let fault = Fault::at("/file", "heading", format!("{}: the column has no heading", at(place)));
            faults.push(fault.mend("give it one, or take the column away"));
        } else if heading.chars().count() > LONGEST {
            let detail = format!("{}: the heading has more than {LONGEST} characters", at(place));
            faults.push(
                Fault::at("/file", "heading", detail).mend("is line 1 the heading? Put one there, or shorten it"),
            );
        } else if let Some(first) = headings[..place].iter().position(same) {
            let detail =
                format!("{}: the column {:?} is there twice, first as cell {}", at(place), heading.trim(), first + 1);
            faults.push(Fault::at("/file", "unique", detail).mend("take one of them away, or name it otherwise"));
        }
    }
    faults
}

/// The column that a heading names, or that it is left out; none where it isn't known.
fn meant(heading: &str) -> Option<&'static str> {
    let heading = plain(heading);
    if NOTES.contains(&&*heading) {
        return Some(LEFT_OUT);
    }
    if heading == ASSIGNED {
        return Some(MANAGER);
    }
    known().find(|column| *column == heading || plain(label(column)) == heading)
}

/// A heading without what people write differently.
fn plain(heading: &str) -> String {
    let words = heading.trim().to_lowercase();
    words.chars().map(|c| if c == ' ' || c == '-' { '_' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headings: &[&str]) -> Vec<String> {
        headings.iter().map(|heading| (*heading).to_owned()).collect()
    }

    fn rules(headings: &[&str]) -> Vec<String> {
        let problem = recognise(&of(headings)).expect_err("it has faults");
        problem.errors.into_iter().map(|fault| fault.rule).collect()
    }

    #[test]
    fn columns_are_known_by_their_own_names_and_by_those_of_forms() {
        let columns =
            recognise(&of(&["id", " E-mail", "Company name", "Contract from", "updated_at", "Fax", "Manager"]));
        assert_eq!(columns, Ok(of(&["id", "email", "company_name", "contract_start_date", "-", "", "manager"])));
    }

    #[test]
    fn a_heading_is_whole_and_names_each_column_once() {
        assert_eq!(rules(&["email", "", " "]), ["heading", "heading"]);
        assert_eq!(rules(&["email", "name", "Email"]), ["unique"]);
        assert_eq!(rules(&["email", "E-Mail"]), ["unique"], "two names of one column");
        assert_eq!(rules(&["fax", "email", "Fax"]), ["unique"]);
        assert_eq!(rules(&["name", "phone"]), ["key"]);
        assert_eq!(rules(&[&"x".repeat(101), "email"]), ["heading"]);
        assert_eq!(rules(&["a"; 201]), ["columns"]);
        assert!(recognise(&of(&["mail", "name"])).is_ok(), "somebody may say yet that mail is the address");
    }

    #[test]
    fn what_is_not_known_is_settled_by_a_choice() {
        let columns = of(&["email", "", ""]);
        let by = |first: &'static str, second: &'static str| {
            settle(&columns, move |place| Some(if place == 1 { first } else { second }.to_owned()))
        };
        assert_eq!(by("name", "-"), Ok(of(&["email", "name", "-"])));
        let pointers = |problem: Problem| problem.errors.into_iter().map(|fault| fault.pointer).collect::<Vec<_>>();
        assert_eq!(pointers(by("", "password").expect_err("unsettled")), ["column-1", "column-2"]);
        assert_eq!(pointers(by("email", "-").expect_err("twice")), ["column-1"]);
        assert_eq!(pointers(by("phone", "phone").expect_err("twice")), ["column-1", "column-2"]);
        let keyless = settle(&of(&["name", ""]), |_| Some("-".to_owned()));
        assert_eq!(pointers(keyless.expect_err("no key")), ["/file"]);
        assert_eq!(suggestion("Compny Name"), Some("company_name"));
        assert_eq!(written(&of(&["id", "manager", "email", "-"])), ["email", "assigned_manager"]);
    }
}
