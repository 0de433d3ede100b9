//! Which relationship an embed means.

use super::Asker;
use super::types::Join;
use crate::tables::catalog::{Catalog, Relationship};
use crate::tables::refusal::Refusal;

/// A way from a relation to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// The other relation's place in the catalog.
    pub(super) target: usize,
    pub(super) join: Join,
    pub(super) cardinality: Cardinality,
    /// The foreign keys' names: one, or the two of a relation between.
    keys: Vec<String>,
    /// What else may stand for it in a hint.
    words: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cardinality {
    ManyToOne,
    OneToOne,
    OneToMany,
    ManyToMany,
}

impl Cardinality {
    pub(super) fn is_many(self) -> bool {
        matches!(self, Self::OneToMany | Self::ManyToMany)
    }

    fn words(self) -> &'static str {
        match self {
            Self::ManyToOne => "many-to-one",
            Self::OneToOne => "one-to-one",
            Self::OneToMany => "one-to-many",
            Self::ManyToMany => "many-to-many",
        }
    }
}

impl Asker<'_> {
    /// The one link from `origin` that a name and perhaps a hint mean.
    pub(super) fn link(&self, origin: usize, name: &str, hint: Option<&str>) -> Result<Link, Refusal> {
        let all = links(self.catalog, origin);
        let mut found: Vec<&Link> = all.iter().filter(|link| self.is_meant(origin, link, name, hint)).collect();
        match (found.pop(), found.is_empty()) {
            (Some(link), true) => Ok(link.clone()),
            (Some(last), false) => {
                found.push(last);
                Err(self.ambiguous(origin, name, &found))
            }
            (None, _) => Err(self.unrelated(origin, name, hint, &all)),
        }
    }

    fn is_meant(&self, origin: usize, link: &Link, name: &str, hint: Option<&str>) -> bool {
        let target = self.relation(link.target);
        let is_named = target.name == name;
        let is_hinted = |hint: &str| link.keys.iter().chain(&link.words).any(|word| word == hint);
        // Of the two directions of a key within one relation, its name means the rows that refer to it.
        let is_backward = link.target != origin || link.cardinality != Cardinality::ManyToOne;
        match hint {
            Some(hint) => is_named && is_hinted(hint),
            None if is_named => is_backward,
            // A key or a column stands for a table; views that show the same columns are only meant by their names.
            None => target.is_writable() && is_hinted(name) && !link.cardinality.is_many(),
        }
    }

    fn unrelated(&self, origin: usize, name: &str, hint: Option<&str>, all: &[Link]) -> Refusal {
        let from = &self.relation(origin).name;
        let hinted = hint.map(|hint| format!(" using the hint '{hint}'")).unwrap_or_default();
        Refusal::bad("PGRST200", format!("Could not find a relationship between '{from}' and '{name}' in the schema cache"))
            .details(format!(
                "Searched for a foreign key relationship between '{from}' and '{name}'{hinted} in the schema 'public', but no matches were found."
            ))
            .did_you_mean(name, all.iter().map(|link| self.relation(link.target).name.as_str()))
    }

    fn ambiguous(&self, origin: usize, name: &str, found: &[&Link]) -> Refusal {
        let from = &self.relation(origin).name;
        let ways: Vec<serde_json::Value> = found
            .iter()
            .map(|link| {
                serde_json::json!({
                    "cardinality": link.cardinality.words(),
                    "embedding": format!("{from} with {}", self.relation(link.target).name),
                    "relationship": self.relationship(origin, link),
                })
            })
            .collect();
        let hints: Vec<String> =
            found.iter().map(|link| format!("'{}!{}'", self.relation(link.target).name, link.hint())).collect();
        Refusal {
            status: axum::http::StatusCode::MULTIPLE_CHOICES,
            ..Refusal::bad(
                "PGRST201",
                format!("Could not embed because more than one relationship was found for '{from}' and '{name}'"),
            )
        }
        .details(serde_json::Value::from(ways).to_string())
        .hint(format!(
            "Try changing '{name}' to one of the following: {}. Find the desired relationship in the 'details' key.",
            hints.join(", ")
        ))
    }

    fn relationship(&self, origin: usize, link: &Link) -> String {
        let columns = |relation: usize, places: Vec<usize>| {
            let relation = self.relation(relation);
            let names: Vec<&str> = places.iter().map(|place| relation.columns[*place].name.as_str()).collect();
            format!("{}({})", relation.name, names.join(", "))
        };
        match &link.join {
            Join::Direct(pairs) => format!(
                "{} using {} and {}",
                link.keys.join(", "),
                columns(origin, pairs.iter().map(|(column, _)| *column).collect()),
                columns(link.target, pairs.iter().map(|(_, column)| *column).collect()),
            ),
            Join::Through { relation, outer, inner } => format!(
                "{} using {} and {}",
                self.relation(*relation).name,
                columns(*relation, outer.iter().map(|(_, column)| *column).collect()),
                columns(*relation, inner.iter().map(|(column, _)| *column).collect()),
            ),
        }
    }
}

impl Link {
    /// What tells it from others to the same relation.
    fn hint(&self) -> &str {
        match self.join {
            Join::Direct(_) => &self.keys[0],
            Join::Through { .. } => &self.words[0],
        }
    }
}

/// Every way from a relation to another of the same owner: requests on the site's tables run as another role.
fn links(catalog: &Catalog, origin: usize) -> Vec<Link> {
    let all = catalog.relationships();
    let forward = all.iter().filter(|key| key.relation == origin).map(|key| forward(catalog, key));
    let backward = all.iter().filter(|key| key.target == origin).map(|key| backward(catalog, key));
    let is_ours = catalog.relation(origin).is_ours;
    forward
        .chain(backward)
        .chain(through(catalog, origin))
        .filter(|link| catalog.relation(link.target).is_ours == is_ours)
        .collect()
}

fn forward(catalog: &Catalog, key: &Relationship) -> Link {
    Link {
        target: key.target,
        join: Join::Direct(key.columns.iter().copied().zip(key.target_columns.iter().copied()).collect()),
        cardinality: if key.is_one_to_one { Cardinality::OneToOne } else { Cardinality::ManyToOne },
        keys: vec![key.name.clone()],
        words: words(catalog, key),
    }
}

fn backward(catalog: &Catalog, key: &Relationship) -> Link {
    Link {
        target: key.relation,
        join: Join::Direct(key.target_columns.iter().copied().zip(key.columns.iter().copied()).collect()),
        cardinality: if key.is_one_to_one { Cardinality::OneToOne } else { Cardinality::OneToMany },
        keys: vec![key.name.clone()],
        words: words(catalog, key),
    }
}

/// Many-to-many: through a table whose primary key is made of both keys.
fn through(catalog: &Catalog, origin: usize) -> Vec<Link> {
    let mut found = Vec::new();
    for outer in catalog.relationships().iter().filter(|key| key.target == origin) {
        let between = catalog.relation(outer.relation);
        for inner in catalog.relationships_of(outer.relation).filter(|inner| *inner != outer) {
            let is_of_both =
                outer.columns.iter().chain(&inner.columns).all(|column| between.primary_key.contains(column));
            let is_of_one = inner.columns.iter().all(|column| outer.columns.contains(column));
            if is_of_both && !is_of_one {
                found.push(Link {
                    target: inner.target,
                    join: Join::Through {
                        relation: outer.relation,
                        outer: outer.target_columns.iter().copied().zip(outer.columns.iter().copied()).collect(),
                        inner: inner.columns.iter().copied().zip(inner.target_columns.iter().copied()).collect(),
                    },
                    cardinality: Cardinality::ManyToMany,
                    keys: vec![outer.name.clone(), inner.name.clone()],
                    words: vec![between.name.clone()],
                });
            }
        }
    }
    found
}

/// What may stand for a key besides its name: the column that tells it from the others, and, since adoption made keys
/// composite that components know by one column, the name that PostgreSQL gives a key of that column alone.
fn words(catalog: &Catalog, key: &Relationship) -> Vec<String> {
    let relation = catalog.relation(key.relation);
    let single = |column: &usize| catalog.relationships_of(key.relation).any(|other| other.columns == [*column]);
    let telling: Vec<&usize> = match key.columns.as_slice() {
        [only] => vec![only],
        several => several.iter().filter(|column| !single(column)).collect(),
    };
    let [column] = telling.as_slice() else { return Vec::new() };
    let column = &relation.columns[**column].name;
    vec![column.clone(), format!("{}_{column}_fkey", relation.name)]
}
