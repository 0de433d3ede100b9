//! Files of variables, as `dotenv` programs read them; but no variable of this program's surroundings is ever put in.

use crate::problem::Fault;

/// A variable, and the line that it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) line: usize,
}

/// Reads variables; every bad line is a fault, which never repeats the line.
pub(super) fn read(text: &str) -> Result<Vec<Variable>, Vec<Fault>> {
    let mut variables = Vec::new();
    let mut faults = Vec::new();
    let mut lines = (1..).zip(text.trim_start_matches('\u{feff}').lines());
    while let Some((line, said)) = lines.next() {
        let said = said.trim();
        if said.is_empty() || said.starts_with('#') {
            continue;
        }
        let mut next = || lines.next().map(|(_, said)| said);
        match variable(said, line, &mut next) {
            Ok(variable) => variables.push(variable),
            Err(what) => faults.push(bad_line(line, what)),
        }
    }
    if faults.is_empty() { Ok(variables) } else { Err(faults) }
}

fn bad_line(line: usize, what: &str) -> Fault {
    Fault::at("/content", "line", format!("line {line}: {what}")).mend("write it as NAME=value, or leave it out")
}

fn variable<'a>(
    said: &'a str,
    line: usize,
    next: &mut dyn FnMut() -> Option<&'a str>,
) -> Result<Variable, &'static str> {
    let said = said.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(said);
    let (name, value) = said.split_once('=').ok_or("there is no = in it")?;
    let name = name.trim();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if name.is_empty() || !name.chars().all(is_plain) {
        return Err("what stands before = is no name of letters, digits and _");
    }
    let value = match value.trim_start().chars().next() {
        Some('\'') => quoted(&value.trim_start()[1..], '\'', next)?,
        Some('"') => unescaped(&quoted(&value.trim_start()[1..], '"', next)?)?,
        _ => plain(value).to_owned(),
    };
    Ok(Variable { name: name.to_owned(), value, line })
}

/// What stands without quotes: up to a comment, without the blanks around it.
fn plain(value: &str) -> &str {
    let end = value.find(" #").or_else(|| value.find("\t#")).unwrap_or(value.len());
    value[..end].trim()
}

/// What stands between quotes, on this line and those after it.
fn quoted<'a>(first: &'a str, quote: char, next: &mut dyn FnMut() -> Option<&'a str>) -> Result<String, &'static str> {
    let mut value = String::new();
    let mut rest = first;
    loop {
        let mut is_escaped = false;
        for (place, c) in rest.char_indices() {
            if c == quote && !is_escaped {
                value.push_str(&rest[..place]);
                let after = rest[place + quote.len_utf8()..].trim();
                return if after.is_empty() || after.starts_with('#') {
                    Ok(value)
                } else {
                    Err("something stands after the closing quote")
                };
            }
            is_escaped = c == '\\' && !is_escaped && quote == '"';
        }
        value.push_str(rest);
        value.push('\n');
        rest = next().ok_or("its quote is never closed")?;
    }
}

fn unescaped(text: &str) -> Result<String, &'static str> {
    let mut value = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => value.push(match chars.next().ok_or("it ends with a backslash")? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                same @ ('\\' | '"' | '\'' | '$') => same,
                _ => return Err("a backslash stands before a character that needs none"),
            }),
            c => value.push(c),
        }
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(String, String)> {
        let read = read(text).expect("good lines");
        read.into_iter().map(|variable| (variable.name, variable.value)).collect()
    }

    #[test]
    fn reads_what_dotenv_programs_read() {
        let text = "# a comment\nexport A=1\nB = two words # and a comment\nC='raw $X \\n'\nD=\"line\\nline \\\"q\\\"\"\nE=\nF='over\ntwo lines'\nG=a#b\n";
        let expected = [
            ("A", "1"),
            ("B", "two words"),
            ("C", "raw $X \\n"),
            ("D", "line\nline \"q\""),
            ("E", ""),
            ("F", "over\ntwo lines"),
            ("G", "a#b"),
        ];
        assert_eq!(values(text), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn every_bad_line_is_named_and_none_repeated() {
        let faults = read("A=1\nhunter2\n=hunter2\nB='hunter2' x\nC D=hunter2\nE=\"hunter2\n").expect_err("bad lines");
        let said: Vec<&str> = faults.iter().map(|fault| fault.detail.as_str()).collect();
        let lines: Vec<&str> = said.iter().filter_map(|said| said.split(':').next()).collect();
        assert_eq!(lines, ["line 2", "line 3", "line 4", "line 5", "line 6"]);
        assert!(!said.concat().contains("hunter2"));
    }

    #[test]
    fn nothing_of_the_surroundings_is_put_in() {
        assert_eq!(
            values("A=${PATH}\nB=\"$HOME\""),
            [("A".to_owned(), "${PATH}".to_owned()), ("B".to_owned(), "$HOME".to_owned())]
        );
    }
}
