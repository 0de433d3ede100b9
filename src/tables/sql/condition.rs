use dialect::query::filter::{Case, Comparison, Is, Operation, Quantifier, SearchSyntax, SetComparison};

use super::{Rows, Writer};
use crate::tables::plan::{Condition, Embed, Node, Value};

impl<'a> Writer<'a> {
    /// What the rows of a node must fulfil: its conditions, and that inner embeds have rows.
    pub(super) fn conditions(&mut self, rows: Rows<'a>, node: &Node) -> Vec<String> {
        let mut all: Vec<String> =
            node.conditions.iter().map(|condition| self.condition(rows, &node.embeds, condition)).collect();
        for embed in node.embeds.iter().filter(|embed| embed.is_inner) {
            all.push(self.exists(rows, embed));
        }
        all
    }

    /// One condition, fit to stand between ANDs.
    pub(super) fn condition(&mut self, rows: Rows<'a>, embeds: &[Embed], condition: &Condition) -> String {
        let mut joined = |conditions: &[Condition], by: &str| {
            let each: Vec<String> = conditions.iter().map(|one| self.condition(rows, embeds, one)).collect();
            format!("({})", each.join(by))
        };
        match condition {
            Condition::All(conditions) => joined(conditions, " AND "),
            Condition::One(conditions) => joined(conditions, " OR "),
            Condition::Not(condition) => format!("NOT ({})", self.condition(rows, embeds, condition)),
            Condition::Exists(place) => self.exists(rows, &embeds[*place]),
            Condition::Test { value, operation } => self.test(rows, value, operation),
        }
    }

    fn test(&mut self, rows: Rows<'a>, value: &Value, operation: &Operation) -> String {
        let left = self.expression(rows, value);
        match operation {
            Operation::Compare(comparison, to) => format!("{left} {} {}", comparison.sql(), self.value(to.as_str())),
            Operation::Like(case, pattern) => format!("{left} {} {}", like(*case), self.value(pattern.to_sql())),
            Operation::LikeEach(case, quantifier, patterns) => {
                let quantifier = match quantifier {
                    Quantifier::Any => "ANY",
                    Quantifier::All => "ALL",
                };
                format!("{left} {} {quantifier} ({})", like(*case), self.value(patterns.to_sql()))
            }
            Operation::Match(case, pattern) => {
                let operator = match case {
                    Case::Sensitive => "~",
                    Case::Insensitive => "~*",
                };
                format!("{left} {operator} {}", self.value(pattern.as_str()))
            }
            Operation::Is(is) => format!("{left} IS {}", is.sql()),
            Operation::In(values) if value.is_plain() && rows.relation.columns[value.column].is_array() => {
                self.one_of_arrays(&left, values)
            }
            Operation::In(values) => format!("{left} = ANY ({})", self.value(array_literal(values))),
            Operation::Set(comparison, to) => format!("{left} {} {}", comparison.sql(), self.value(to.as_str())),
            Operation::Search { syntax, language, query } => {
                self.search(rows, value, &left, *syntax, language.as_deref(), query)
            }
        }
    }

    /// PostgreSQL has no arrays of arrays that could hold the values.
    fn one_of_arrays(&mut self, left: &str, values: &[String]) -> String {
        let values: Vec<String> = values.iter().map(|value| self.value(value.as_str())).collect();
        if values.is_empty() { "false".to_owned() } else { format!("{left} IN ({})", values.join(", ")) }
    }

    /// Text is made a `tsvector` in the same language as the query; a `tsvector` is one.
    fn search(
        &mut self,
        rows: Rows<'a>,
        value: &Value,
        left: &str,
        syntax: SearchSyntax,
        language: Option<&str>,
        query: &str,
    ) -> String {
        let configuration = |writer: &mut Self| match language {
            Some(language) => format!("{}::pg_catalog.regconfig, ", writer.value(language)),
            None => String::new(),
        };
        let is_vector = value.path.is_empty() && rows.relation.columns[value.column].base_type == "tsvector";
        let document =
            if is_vector { left.to_owned() } else { format!("pg_catalog.to_tsvector({}{left})", configuration(self)) };
        let configuration = configuration(self);
        format!("{document} @@ pg_catalog.{}({configuration}{})", syntax.function(), self.value(query))
    }
}

fn like(case: Case) -> &'static str {
    match case {
        Case::Sensitive => "LIKE",
        Case::Insensitive => "ILIKE",
    }
}

/// Values as one literal of an array, each quoted, so that none can be NULL or end early.
fn array_literal(values: &[String]) -> String {
    let quoted: Vec<String> =
        values.iter().map(|value| format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))).collect();
    format!("{{{}}}", quoted.join(","))
}

/// The operator of SQL.
trait Words {
    fn sql(&self) -> &'static str;
}

impl Words for Comparison {
    fn sql(&self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::IsDistinct => "IS DISTINCT FROM",
        }
    }
}

impl Words for SetComparison {
    fn sql(&self) -> &'static str {
        match self {
            Self::Contains => "@>",
            Self::ContainedBy => "<@",
            Self::Overlaps => "&&",
        }
    }
}

impl Words for Is {
    fn sql(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::NotNull => "NOT NULL",
            Self::True => "TRUE",
            Self::False => "FALSE",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// The function that reads a query.
trait Function {
    fn function(&self) -> &'static str;
}

impl Function for SearchSyntax {
    fn function(&self) -> &'static str {
        match self {
            Self::Operators => "to_tsquery",
            Self::Plain => "plainto_tsquery",
            Self::Phrase => "phraseto_tsquery",
            Self::Web => "websearch_to_tsquery",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::array_literal;

    #[test]
    fn a_list_is_one_literal_that_nothing_ends_early() {
        let values = ["a", "b,c", "null", "\"", "\\", "{}", ""].map(str::to_owned);
        assert_eq!(array_literal(&values), r#"{"a","b,c","null","\"","\\","{}",""}"#);
        assert_eq!(array_literal(&[]), "{}");
    }
}
