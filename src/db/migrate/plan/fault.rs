use serde::Serialize;

use crate::db::adopt::findings::{Findings, PlainValue, PlainValues};
use crate::db::adopt::mending::{Diagnosis, Mend, Question};
use crate::db::adopt::rule::{Rule, RuleKind};

/// Rows in which something is wrong, what, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The table, in `public`.
    pub table: String,
    /// The rule's name: that of the constraint to come, or a few words where no constraint says it.
    pub rule: String,
    /// What the rule says.
    pub says: String,
    /// How many rows.
    pub rows: i64,
    /// Ids of up to a thousand of them.
    pub examples: Vec<String>,
    /// What to do, in a line.
    pub mend: String,
    /// What `--mend` does.
    pub mends: Vec<Mend>,
    /// What is left to a person.
    pub question: Option<Question>,
    /// Where in the rows it is, of values that must not stand in the clear.
    pub places: Vec<Place>,
}

/// Where in a row a value is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The row's id.
    pub row: String,
    /// The column.
    pub column: String,
    /// Keys down to the value, joined by dots; empty where the column itself is the value.
    pub path: String,
    /// What gives it away.
    pub why: String,
}

impl From<Diagnosis> for Fault {
    fn from(diagnosis: Diagnosis) -> Self {
        let mend = diagnosis.suggestion();
        let Diagnosis { violation, mends, question } = diagnosis;
        Self {
            says: says(&violation.rule),
            table: violation.rule.table,
            rule: violation.rule.name,
            rows: violation.rows,
            examples: violation.examples,
            mend,
            mends,
            question,
            places: Vec::new(),
        }
    }
}

/// The faults that no constraint catches.
pub(super) fn of_findings(findings: &Findings) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !findings.without_manager.is_empty() {
        let ids: Vec<String> = findings.without_manager.iter().map(|client| client.client.clone()).collect();
        faults.push(Fault {
            table: "clients_enhanced".to_owned(),
            rule: "enterprise clients have a manager".to_owned(),
            says: "tier is enterprise, and assigned_manager is NULL: nobody would manage the client".to_owned(),
            rows: i64::try_from(ids.len()).unwrap_or(i64::MAX),
            mend: format!(
                "Who manages the client? For example: UPDATE public.clients_enhanced SET assigned_manager = \
                 'the id of a person' WHERE id = '{}'",
                ids[0]
            ),
            examples: ids,
            mends: Vec::new(),
            question: None,
            places: Vec::new(),
        });
    }
    faults.extend(findings.plain_values.iter().map(plain));
    faults
}

fn plain(found: &PlainValues) -> Fault {
    let (rule, says, mend) = if found.cards { CARDS } else { SECRETS };
    let mut examples: Vec<String> = found.examples.iter().map(|value| value.row.clone()).collect();
    examples.dedup();
    let place = |value: &PlainValue| Place {
        row: value.row.clone(),
        column: value.column.clone(),
        path: value.path.clone(),
        why: value.why.clone(),
    };
    Fault {
        table: found.examples.first().map_or_else(String::new, |value| value.table.clone()),
        rule: rule.to_owned(),
        says: says.to_owned(),
        rows: found.places,
        examples,
        mend: mend.to_owned(),
        mends: Vec::new(),
        question: None,
        places: found.examples.iter().map(place).collect(),
    }
}

/// Rule, what it says, and the mend.
const SECRETS: (&str, &str, &str) = (
    "no secret stands in the clear",
    "whoever reads the table reads the secret; base64 hides nothing",
    "take the value out of the row and give it to the app elsewhere, then change the secret, since backups hold it too; \
     writes that bring another one in are refused",
);

/// Rule, what it says, and the mend.
const CARDS: (&str, &str, &str) = (
    "no card number is stored",
    "the value has the form, the prefix and the check digit of a payment card's number",
    "replace it by the reference that the payment provider gives for the card",
);

/// What a rule says, in SQL.
fn says(rule: &Rule) -> String {
    match &rule.kind {
        RuleKind::Check { expression, .. } => format!("CHECK ({expression})"),
        RuleKind::NotNull { column } => format!("{column} NOT NULL"),
        RuleKind::Unique { key, nulls_not_distinct, predicate } => {
            let nulls = if *nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
            let only = predicate.as_ref().map(|predicate| format!(" WHERE {predicate}")).unwrap_or_default();
            format!("UNIQUE{nulls} ({}){only}", key.join(", "))
        }
        RuleKind::ForeignKey { columns, target, target_columns } => {
            format!("FOREIGN KEY ({}) REFERENCES {target} ({})", columns.join(", "), target_columns.join(", "))
        }
    }
}
