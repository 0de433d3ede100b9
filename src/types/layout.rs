//! Lines as the formatter that `supabase gen types` uses lays them out: two spaces, no semicolons, 80 columns.

/// Where a line is broken.
const WIDTH: usize = 80;

/// A file as it grows, block by block.
#[derive(Default)]
pub(super) struct Page {
    text: String,
    depth: usize,
}

impl Page {
    /// What was written.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// One line.
    pub(super) fn line(&mut self, text: &str) {
        if !text.is_empty() {
            self.text.push_str(&"  ".repeat(self.depth));
            self.text.push_str(text);
        }
        self.text.push('\n');
    }

    /// Lines that are laid out already.
    pub(super) fn verbatim(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Lines between an opening and a closing one.
    pub(super) fn block(&mut self, opening: &str, closing: &str, inside: impl FnOnce(&mut Self)) {
        self.line(opening);
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.line(closing);
    }

    /// `name: { … }`.
    pub(super) fn object(&mut self, name: &str, is_empty: bool, inside: impl FnOnce(&mut Self)) {
        if is_empty {
            return self.line(&format!("{}: {{}}", key(name)));
        }
        self.block(&format!("{}: {{", key(name)), "}", inside);
    }

    /// A part of the schema, in which an index says that there is nothing.
    pub(super) fn part(&mut self, name: &str, is_empty: bool, inside: impl FnOnce(&mut Self)) {
        self.object(name, false, |page| if is_empty { page.line("[_ in never]: never") } else { inside(page) });
    }

    /// A property with a union as its type, on one line where it fits.
    pub(super) fn property(&mut self, name: &str, union: &[String]) {
        let whole = format!("{name}: {}", union.join(" | "));
        if self.fits(&whole) || union.len() < 2 {
            return self.line(&whole);
        }
        self.line(&format!("{name}:"));
        self.depth += 1;
        for member in union {
            self.line(&format!("| {member}"));
        }
        self.depth -= 1;
    }

    /// A property with a list of texts, on one line where it fits; `end` stands behind it.
    pub(super) fn list(&mut self, name: &str, items: &[String], end: &str) {
        let whole = format!("{name}: [{}]{end}", items.join(", "));
        if self.fits(&whole) {
            return self.line(&whole);
        }
        self.block(&format!("{name}: ["), &format!("]{end}"), |page| {
            for item in items {
                page.line(&format!("{item},"));
            }
        });
    }

    /// A property of a shape, or of one of several.
    pub(super) fn shapes(&mut self, name: &str, shapes: &[Shape]) {
        if let [one] = shapes {
            return self.shape(name, one);
        }
        let flat: Option<Vec<String>> = shapes.iter().map(Shape::flat).collect();
        if let Some(flat) = flat.filter(|flat| self.fits(&format!("{name}: {}", flat.join(" | ")))) {
            return self.line(&format!("{name}: {}", flat.join(" | ")));
        }
        self.line(&format!("{name}:"));
        self.depth += 1;
        for shape in shapes {
            match (shape.flat().map(|flat| format!("| {flat}")).filter(|line| self.fits(line)), shape) {
                (Some(line), _) => self.line(&line),
                (None, Shape::Object { entries, end, .. }) => {
                    self.line("| {");
                    self.depth += 2;
                    self.entries(entries);
                    self.depth -= 1;
                    self.line(&format!("}}{end}"));
                    self.depth -= 1;
                }
                (None, Shape::Union(members)) => self.line(&format!("| {}", members.join(" | "))),
            }
        }
        self.depth -= 1;
    }

    fn shape(&mut self, name: &str, shape: &Shape) {
        match shape {
            Shape::Union(members) => self.property(name, members),
            Shape::Object { entries, end, .. } => {
                match shape.flat().map(|flat| format!("{name}: {flat}")).filter(|line| self.fits(line)) {
                    Some(line) => self.line(&line),
                    None => self.block(&format!("{name}: {{"), &format!("}}{end}"), |page| page.entries(entries)),
                }
            }
        }
    }

    fn entries(&mut self, entries: &[(String, Shape)]) {
        for (name, shape) in entries {
            self.shape(name, shape);
        }
    }

    fn fits(&self, line: &str) -> bool {
        2 * self.depth + line.chars().count() <= WIDTH
    }
}

/// A type that may be an object.
pub(super) enum Shape {
    /// Members of a union.
    Union(Vec<String>),
    /// An object.
    Object {
        /// Its properties.
        entries: Vec<(String, Shape)>,
        /// Whether it is broken into lines also where it would fit on one.
        is_open: bool,
        /// What stands behind it: `[]`.
        end: &'static str,
    },
}

impl Shape {
    pub(super) fn text(text: &str) -> Self {
        Self::Union(vec![text.to_owned()])
    }

    pub(super) fn object(entries: Vec<(String, Self)>) -> Self {
        Self::Object { entries, is_open: false, end: "" }
    }

    pub(super) fn open(entries: Vec<(String, Self)>, end: &'static str) -> Self {
        Self::Object { entries, is_open: true, end }
    }

    /// On one line, where nothing in it is open.
    fn flat(&self) -> Option<String> {
        match self {
            Self::Union(members) => Some(members.join(" | ")),
            Self::Object { is_open: true, .. } => None,
            Self::Object { entries, end, .. } => {
                let entries = entries.iter().map(|(name, shape)| Some(format!("{name}: {}", shape.flat()?)));
                Some(format!("{{ {} }}{end}", entries.collect::<Option<Vec<_>>>()?.join("; ")))
            }
        }
    }
}

/// A name as a key of an object: in quotes only where it has to be.
pub(super) fn key(name: &str) -> String {
    let is_identifier = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$');
    if is_identifier { name.to_owned() } else { text(name) }
}

/// A text as a literal.
pub(super) fn text(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_what_does_not_fit() {
        let mut page = Page::default();
        let members: Vec<String> = (0..9).map(|number| text(&format!("value-{number}"))).collect();
        page.property("short", &members[..2]);
        page.property("long", &members);
        page.list("columns", &members, "");
        let written = page.into_text();
        assert!(written.starts_with("short: \"value-0\" | \"value-1\"\nlong:\n  | \"value-0\"\n"), "{written}");
        assert!(written.ends_with("columns: [\n  \"value-0\",\n  \"value-1\",\n  \"value-2\",\n  \"value-3\",\n  \"value-4\",\n  \"value-5\",\n  \"value-6\",\n  \"value-7\",\n  \"value-8\",\n]\n"), "{written}");
    }

    #[test]
    fn quotes_keys_that_are_no_identifiers() {
        assert_eq!([key("id"), key("2nd"), key("a b"), key("_x$1")], ["id", "\"2nd\"", "\"a b\"", "_x$1"]);
    }
}
