use std::collections::{BTreeMap, HashMap};

use super::relation::Relation;
use super::views::Origin;

/// A foreign key between exposed relations, or what becomes of it through views that select its columns unchanged.
///
/// The list is what `postgres-meta` gives as `Relationships`: each belongs to the relation with the referencing columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relationship {
    /// Name of the foreign key.
    pub name: String,
    /// Place of the referencing relation in the catalog.
    pub relation: usize,
    /// Places of its columns, in the order of the key.
    pub columns: Vec<usize>,
    /// Whether the referencing columns are unique, so that there is at most one row on either side.
    pub is_one_to_one: bool,
    /// Place of the referenced relation in the catalog.
    pub target: usize,
    /// Places of its columns, in the order of the key.
    pub target_columns: Vec<usize>,
}

/// A foreign key as the catalog of the database has it.
#[derive(Clone, Debug)]
pub(super) struct ForeignKey {
    pub(super) name: String,
    pub(super) relation: u32,
    pub(super) columns: Vec<i16>,
    pub(super) target: u32,
    pub(super) target_columns: Vec<i16>,
    pub(super) is_one_to_one: bool,
}

/// Where exposed relations show columns of tables: under which place in the catalog, and which of its columns.
pub(super) struct Showings {
    /// By table, every exposed relation that shows some of its columns, with its columns for each of the table's.
    by_table: HashMap<u32, BTreeMap<usize, HashMap<i16, Vec<usize>>>>,
}

impl Showings {
    /// `exposed` are the relations with their oids and the places of their columns by number.
    pub(super) fn new(
        exposed: &[(u32, HashMap<i16, usize>)],
        relations: &[Relation],
        views: &HashMap<u32, Vec<Origin>>,
    ) -> Self {
        let mut by_table: HashMap<u32, BTreeMap<usize, HashMap<i16, Vec<usize>>>> = HashMap::new();
        for (place, (oid, numbers)) in exposed.iter().enumerate() {
            for (number, column) in numbers {
                let shown = if relations[place].is_writable() {
                    vec![(*oid, *number)]
                } else {
                    sources(*oid, *number, views, views.len())
                };
                for (table, of_table) in shown {
                    let showing = by_table.entry(table).or_default().entry(place).or_default();
                    showing.entry(of_table).or_default().push(*column);
                }
            }
        }
        for column in by_table.values_mut().flat_map(BTreeMap::values_mut).flat_map(HashMap::values_mut) {
            column.sort_unstable();
        }
        Self { by_table }
    }

    /// Gives a view's column the values that a CHECK lists for the table's column that it is.
    pub(super) fn pass_lists_on(&self, relations: &mut [Relation]) {
        for showing in self.by_table.values() {
            let Some((table, shown)) = showing.iter().find(|(place, _)| relations[**place].is_writable()) else {
                continue;
            };
            for (number, columns) in shown {
                let values: Vec<String> =
                    columns.first().map(|column| relations[*table].columns[*column].values.clone()).unwrap_or_default();
                for (place, shown) in showing.iter().filter(|(place, _)| *place != table) {
                    for column in shown.get(number).into_iter().flatten() {
                        relations[*place].columns[*column].values.clone_from(&values);
                    }
                }
            }
        }
    }

    /// The relations that show all of these columns of a table, each with every way to name them.
    fn of(&self, table: u32, columns: &[i16]) -> Vec<(usize, Vec<Vec<usize>>)> {
        let Some(showing) = self.by_table.get(&table) else { return Vec::new() };
        showing
            .iter()
            .filter_map(|(place, shown)| {
                let each: Option<Vec<&Vec<usize>>> = columns.iter().map(|column| shown.get(column)).collect();
                Some((*place, combinations(&each?)))
            })
            .collect()
    }

    /// What becomes of a foreign key among the exposed relations.
    pub(super) fn relationships(&self, key: &ForeignKey) -> Vec<Relationship> {
        let mut found = Vec::new();
        for (relation, ways) in self.of(key.relation, &key.columns) {
            for columns in &ways {
                for (target, target_ways) in self.of(key.target, &key.target_columns) {
                    found.extend(target_ways.into_iter().map(|target_columns| Relationship {
                        name: key.name.clone(),
                        relation,
                        columns: columns.clone(),
                        is_one_to_one: key.is_one_to_one,
                        target,
                        target_columns,
                    }));
                }
            }
        }
        found
    }
}

/// The columns that a view's column is, unchanged, down to tables; `depth` ends what can't be a cycle.
fn sources(relation: u32, number: i16, views: &HashMap<u32, Vec<Origin>>, depth: usize) -> Vec<(u32, i16)> {
    let Some(origins) = views.get(&relation) else { return vec![(relation, number)] };
    if depth == 0 {
        return Vec::new();
    }
    let direct = origins.iter().filter(|origin| origin.number == number);
    direct.flat_map(|origin| sources(origin.relation, origin.column, views, depth - 1)).collect()
}

/// Every way to take one of each.
fn combinations(each: &[&Vec<usize>]) -> Vec<Vec<usize>> {
    each.iter().fold(vec![Vec::new()], |ways, choices| {
        ways.iter()
            .flat_map(|way| choices.iter().map(move |choice| way.iter().copied().chain([*choice]).collect()))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_every_combination() {
        assert_eq!(combinations(&[&vec![1, 2], &vec![3]]), [vec![1, 3], vec![2, 3]]);
        assert_eq!(combinations(&[]), [Vec::<usize>::new()]);
    }

    #[test]
    fn follows_views_over_views_down_to_the_table() {
        let origin = |number, relation, column| Origin { number, relation, column };
        let views = HashMap::from([(10, vec![origin(1, 11, 2)]), (11, vec![origin(2, 1, 7)])]);
        assert_eq!(sources(10, 1, &views, 2), [(1, 7)]);
        assert_eq!(sources(10, 9, &views, 2), []);
        assert_eq!(sources(1, 7, &views, 2), [(1, 7)]);
        let cycle = HashMap::from([(10, vec![origin(1, 10, 1)])]);
        assert_eq!(sources(10, 1, &cycle, 1), []);
    }
}
