use std::fmt::Write as _;

use super::{Grant, Policy, Publication, Table, Trigger};
use crate::db::quote::{ident, literal, qualified};

/// The longest name that PostgreSQL keeps.
const LONGEST_NAME: usize = 63;

/// A name made of another one and a suffix, always the same and never cut by PostgreSQL.
pub fn derived(name: &str, suffix: &str) -> String {
    let whole = format!("{name}_{suffix}");
    if whole.len() <= LONGEST_NAME {
        return whole;
    }
    let hash = &crate::db::migrate::checksum(name)[..8];
    let room = LONGEST_NAME - suffix.len() - hash.len() - 2;
    let cut = (0..=room).rev().find(|at| name.is_char_boundary(*at)).unwrap_or_default();
    format!("{}_{hash}_{suffix}", &name[..cut])
}

/// A printed expression as it was written, so that PostgreSQL reads the same tree from it again.
///
/// `status IN ('a', 'b')` over a varchar is printed `(status)::text = ANY ((ARRAY['a'::character varying, …])::text[])`, and
/// that, read again, is another tree: the cast goes to each element. A constraint copied from a print would then differ
/// from its model for ever.
pub fn as_written(printed: &str) -> String {
    let mut text = printed.to_owned();
    for (operator, word) in [(")::text = ANY ((ARRAY[", "IN"), (")::text <> ALL ((ARRAY[", "NOT IN")] {
        while let Some(written) = rewrite_list(&text, operator, word) {
            text = written;
        }
    }
    text
}

fn rewrite_list(text: &str, operator: &str, word: &str) -> Option<String> {
    let at = text.find(operator)?;
    let open = opening(&text[..at])?;
    let list = at + operator.len();
    let end = list + text[list..].find("])::text[])")?;
    let (column, items) = (&text[open + 1..at], &text[list..end]);
    let rest = &text[end + "])::text[])".len()..];
    Some(format!("{}{column} {word} ({items}){rest}", &text[..open]))
}

/// Where the parenthesis stands that is open at the end of a text; what is quoted has none.
fn opening(text: &str) -> Option<usize> {
    let (mut depth, mut quoted) = (0_usize, None);
    for (place, letter) in text.char_indices().rev() {
        match letter {
            '\'' | '"' if quoted == Some(letter) => quoted = None,
            _ if quoted.is_some() => {}
            '\'' | '"' => quoted = Some(letter),
            ')' => depth += 1,
            '(' if depth == 0 => return Some(place),
            '(' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Whom a grant or a policy is for.
pub fn grantee(role: Option<&str>) -> String {
    role.map_or_else(|| "PUBLIC".to_owned(), ident)
}

/// Statements that give an object exactly these grants, in this order, whoever has some now.
///
/// `object` is as GRANT names it (`TABLE public.x`), `present` who is named in its grants now, `owner` who owns it and
/// runs the statements. What somebody else granted is granted as that role, because the order and the grantor are kept.
pub fn grants(object: &str, owner: &str, present: &[Grant], wanted: &[Grant]) -> String {
    let mut sql = String::new();
    for grant in present.iter().rev() {
        let to = grantee(grant.grantee.as_deref());
        as_role(&mut sql, owner, &grant.grantor, &format!("REVOKE ALL ON {object} FROM {to}"));
    }
    for grant in wanted {
        let to = grantee(grant.grantee.as_deref());
        for (privileges, option) in [(&grant.privileges, ""), (&grant.grantable, " WITH GRANT OPTION")] {
            if !privileges.is_empty() {
                let statement = format!("GRANT {} ON {object} TO {to}{option}", privileges.join(", "));
                as_role(&mut sql, owner, &grant.grantor, &statement);
            }
        }
    }
    sql
}

/// The same for the grants on one column, which are written `SELECT (column)`.
pub fn column_grants(table: &str, column: &str, owner: &str, present: &[Grant], wanted: &[Grant]) -> String {
    let mut sql = String::new();
    let of_column = |privileges: &[String]| {
        privileges.iter().map(|privilege| format!("{privilege} ({})", ident(column))).collect::<Vec<_>>().join(", ")
    };
    for grant in present {
        let to = grantee(grant.grantee.as_deref());
        let all: Vec<String> = grant.privileges.iter().chain(&grant.grantable).cloned().collect();
        as_role(&mut sql, owner, &grant.grantor, &format!("REVOKE {} ON {table} FROM {to}", of_column(&all)));
    }
    for grant in wanted {
        let to = grantee(grant.grantee.as_deref());
        for (privileges, option) in [(&grant.privileges, ""), (&grant.grantable, " WITH GRANT OPTION")] {
            if !privileges.is_empty() {
                let statement = format!("GRANT {} ON {table} TO {to}{option}", of_column(privileges));
                as_role(&mut sql, owner, &grant.grantor, &statement);
            }
        }
    }
    sql
}

fn as_role(sql: &mut String, owner: &str, grantor: &str, statement: &str) {
    let written = if grantor == owner {
        writeln!(sql, "{statement};")
    } else {
        writeln!(sql, "SET LOCAL ROLE {}; {statement}; RESET ROLE;", ident(grantor))
    };
    written.expect("writing to a string can't fail");
}

impl Policy {
    /// The statements that make it on a table.
    pub fn create(&self, table: &str) -> String {
        let kind = if self.permissive { "PERMISSIVE" } else { "RESTRICTIVE" };
        let command = match self.command {
            'r' => "SELECT",
            'a' => "INSERT",
            'w' => "UPDATE",
            'd' => "DELETE",
            _ => "ALL",
        };
        let roles: Vec<String> = self.roles.iter().map(|role| grantee(role.as_deref())).collect();
        let mut sql =
            format!("CREATE POLICY {} ON {table} AS {kind} FOR {command} TO {}", ident(&self.name), roles.join(", "));
        for (word, printed) in [("USING", &self.using), ("WITH CHECK", &self.check)] {
            if let Some(printed) = printed {
                write!(sql, " {word} ({})", as_written(printed)).expect("writing to a string can't fail");
            }
        }
        sql.push_str(";\n");
        sql + &comment(&format!("POLICY {} ON {table}", ident(&self.name)), self.comment.as_deref())
    }

    /// Whether two policies are the same but for their comments.
    pub fn same_as(&self, other: &Self) -> bool {
        Self { comment: None, ..self.clone() } == Self { comment: None, ..other.clone() }
    }
}

impl Trigger {
    /// The statements that make it on the table of its definition.
    pub fn create(&self, table: &str) -> String {
        format!("{};\n{}", as_written(&self.definition), self.state(table))
    }

    /// The statements that switch a trigger of this name on or off as this one is, with its comment.
    pub fn state(&self, table: &str) -> String {
        let name = ident(&self.name);
        let enabled = match self.enabled {
            'D' => format!("ALTER TABLE {table} DISABLE TRIGGER {name};\n"),
            'R' => format!("ALTER TABLE {table} ENABLE REPLICA TRIGGER {name};\n"),
            'A' => format!("ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};\n"),
            _ => String::new(),
        };
        enabled + &comment(&format!("TRIGGER {name} ON {table}"), self.comment.as_deref())
    }
}

impl Publication {
    /// The statement that adds a table to it again.
    pub fn add(&self, table: &str) -> String {
        let columns = self.columns.as_ref().map_or_else(String::new, |columns| {
            format!(" ({})", columns.iter().map(|column| ident(column)).collect::<Vec<_>>().join(", "))
        });
        let filter = self.filter.as_ref().map_or_else(String::new, |filter| format!(" WHERE ({filter})"));
        format!("ALTER PUBLICATION {} ADD TABLE {table}{columns}{filter};\n", ident(&self.name))
    }

    /// The statement that says whether it publishes rows of partitions as their parent's.
    pub fn through_root(&self, via_root: bool) -> String {
        format!("ALTER PUBLICATION {} SET (publish_via_partition_root = {via_root});\n", ident(&self.name))
    }
}

impl Table {
    /// Its name as SQL.
    pub fn sql_name(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    /// Its comment and those of its columns, constraints and indexes: object as COMMENT ON names it, and text.
    pub fn comments(&self) -> Vec<(String, Option<&str>)> {
        let table = self.sql_name();
        let word = match self.kind {
            'v' => "VIEW",
            'm' => "MATERIALIZED VIEW",
            _ => "TABLE",
        };
        let own = (format!("{word} {table}"), self.comment.as_deref());
        let columns = self
            .columns
            .iter()
            .map(|column| (format!("COLUMN {table}.{}", ident(&column.name)), column.comment.as_deref()));
        let constraints = self.constraints.iter().map(|constraint| {
            (format!("CONSTRAINT {} ON {table}", ident(&constraint.name)), constraint.comment.as_deref())
        });
        let indexes = self
            .indexes
            .iter()
            .map(|index| (format!("INDEX {}", qualified(&self.schema, &index.name)), index.comment.as_deref()));
        std::iter::once(own).chain(columns).chain(constraints).chain(indexes).collect()
    }
}

/// The statement that sets a comment; none where there is no comment.
pub fn comment(object: &str, text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| format!("COMMENT ON {object} IS {};\n", literal(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_names_fit_and_differ() {
        assert_eq!(derived("short", "new"), "short_new");
        let (a, b) = ("x".repeat(62) + "a", "x".repeat(62) + "b");
        assert_eq!(derived(&a, "pending").len(), LONGEST_NAME);
        assert_ne!(derived(&a, "pending"), derived(&b, "pending"));
        assert!(derived(&"ä".repeat(31), "pending").len() <= LONGEST_NAME);
    }

    #[test]
    fn lists_of_varchar_are_written_as_in_the_file() {
        let printed =
            "CHECK (((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))";
        assert_eq!(as_written(printed), "CHECK ((status IN ('a'::character varying, 'b'::character varying)))");
        let negated = "((status)::text <> ALL ((ARRAY['a'::character varying])::text[])) AND (tier IS NOT NULL)";
        assert_eq!(as_written(negated), "(status NOT IN ('a'::character varying)) AND (tier IS NOT NULL)");
        assert_eq!(as_written("CHECK ((n > 0))"), "CHECK ((n > 0))");
        let nested = "((a IS NULL) OR (COALESCE(a, ')'::character varying))::text = ANY ((ARRAY['b'::character varying])::text[]))";
        assert_eq!(
            as_written(nested),
            "((a IS NULL) OR COALESCE(a, ')'::character varying) IN ('b'::character varying))"
        );
    }
}
