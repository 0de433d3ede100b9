//! Which columns of other relations a view's columns are, unchanged: read from the query as PostgreSQL keeps it.
//!
//! `pg_rewrite.ev_action` is a `pg_node_tree`, such as `({QUERY :commandType 1 … :targetList ({TARGETENTRY :expr {…} :resno 1
//! … :resorigtbl 16404 :resorigcol 1 …} …) …})`. Only the outermost query's target list is looked at.

/// A column of a view that is, unchanged, a column of another relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// The view's column.
    pub(super) number: i16,
    /// The other relation; a view itself perhaps.
    pub(super) relation: u32,
    /// Its column.
    pub(super) column: i16,
}

/// The columns of a view that are columns of others; empty for a query in a form that isn't known.
pub(super) fn origins(ev_action: &str) -> Vec<Origin> {
    let mut reader = Reader { rest: ev_action };
    reader.origins().unwrap_or_default()
}

/// Reads a `pg_node_tree` token by token: braces, parentheses, and words between them.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn token(&mut self) -> Option<&'a str> {
        self.rest = self.rest.trim_start();
        let first = self.rest.chars().next()?;
        let length = if "{}()".contains(first) { 1 } else { word_length(self.rest) };
        let (token, rest) = self.rest.split_at(length);
        self.rest = rest;
        Some(token)
    }

    fn origins(&mut self) -> Option<Vec<Origin>> {
        self.open("(")?;
        self.open("{")?;
        let mut found: Vec<Origin> = Vec::new();
        loop {
            match self.token()? {
                ":targetList" => {
                    self.open("(")?;
                    while let Some("{") = self.token() {
                        found.push(self.entry()?);
                    }
                    // A column that is an expression says so by a relation 0.
                    found.retain(|origin| origin.relation != 0 && origin.column > 0);
                    return Some(found);
                }
                token => self.skip_rest_of(token)?,
            }
        }
    }

    fn open(&mut self, bracket: &str) -> Option<()> {
        (self.token()? == bracket).then_some(())
    }

    /// One TARGETENTRY after its opening brace.
    fn entry(&mut self) -> Option<Origin> {
        let (mut number, mut relation, mut column) = (None, None, None);
        loop {
            match self.token()? {
                "}" => break,
                ":resno" => number = self.token()?.parse().ok(),
                ":resorigtbl" => relation = self.token()?.parse().ok(),
                ":resorigcol" => column = self.token()?.parse().ok(),
                token => self.skip_rest_of(token)?,
            }
        }
        Some(Origin { number: number?, relation: relation?, column: column? })
    }

    /// Where a token opened something, goes behind its end.
    fn skip_rest_of(&mut self, token: &str) -> Option<()> {
        let mut depth = usize::from(token == "{" || token == "(");
        while depth > 0 {
            match self.token()? {
                "{" | "(" => depth += 1,
                "}" | ")" => depth -= 1,
                _ => {}
            }
        }
        Some(())
    }
}

/// A word ends at white space or a bracket that no backslash protects.
fn word_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' | '}' | '(' | ')' => return at,
            c if c.is_whitespace() => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_columns_that_a_view_selects_unchanged() {
        let tree = "({QUERY :commandType 1 :rtable ({RTE :eref {ALIAS :aliasname c\\{x :colnames (\"id\" \"a\\)b\")}}) \
                    :targetList ({TARGETENTRY :expr {VAR :varno 1 :targetList (1)} :resno 1 :resname id :resorigtbl 16404 :resorigcol 2} \
                    {TARGETENTRY :expr {FUNCEXPR :args ({VAR} {VAR})} :resno 2 :resname sum :resorigtbl 0 :resorigcol 0}) :x 1})";
        assert_eq!(origins(tree), [Origin { number: 1, relation: 16404, column: 2 }]);
    }

    #[test]
    fn makes_nothing_of_what_it_does_not_know() {
        for tree in ["", "(", "({QUERY :targetList <>})", "({QUERY :targetList ({TARGETENTRY :resno", "<>"] {
            assert_eq!(origins(tree), [], "{tree}");
        }
    }
}
