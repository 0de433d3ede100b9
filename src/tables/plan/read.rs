use std::collections::BTreeMap;

use dialect::Query;
use dialect::query::select::{self, Item as Asked};
use dialect::query::{Level, Path};

use super::Asker;
use super::columns::{cast, checked_key, key_of};
use super::conditions::not_embedded;
use super::embeds::{check_grouped, shown};
use super::types::{Item, Node, Value, What};
use crate::tables::catalog::Relation;
use crate::tables::refusal::Refusal;

/// A page of rows, and perhaps how many there are in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The rows.
    pub node: Node,
    /// Whether all rows are counted that the conditions let through.
    pub with_total: bool,
}

/// What was asked of embeds, each to be taken once.
pub(super) struct Levels<'a>(BTreeMap<&'a Path, &'a Level>);

impl<'a> Levels<'a> {
    pub(super) fn of(query: &'a Query) -> Self {
        Self(query.embedded.iter().collect())
    }

    /// What was asked of the embed under a path; nothing perhaps.
    pub(super) fn take(&mut self, path: &[String]) -> Level {
        self.0.remove(&path.to_vec()).cloned().unwrap_or_default()
    }

    /// Refuses what speaks of embeds that aren't there.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        match self.0.keys().next() {
            Some(path) => Err(not_embedded(&path.join("."))),
            None => Ok(()),
        }
    }
}

/// Plans a request for rows.
pub fn read(asker: &Asker<'_>, relation: usize, query: &Query, with_total: bool) -> Result<Read, Refusal> {
    for (name, is_there) in [("columns", query.columns.is_some()), ("on_conflict", query.on_conflict.is_some())] {
        if is_there {
            return Err(Refusal::bad("PGRST100", format!("`{name}` has no meaning where nothing is written"))
                .hint("leave it out, or send it with POST or PATCH"));
        }
    }
    let mut levels = Levels::of(query);
    let mut node = asker.node(relation, selected(query), &query.root, &[], &mut levels)?;
    levels.finish()?;
    node.limit = Some(node.limit.map_or(asker.max_rows, |asked| asked.min(asker.max_rows)));
    Ok(Read { node, with_total })
}

/// What is selected: without `select`, what `*` does.
pub(super) fn selected(query: &Query) -> &[Asked] {
    query.select.as_deref().unwrap_or(&[Asked::Star])
}

impl Asker<'_> {
    /// Rows of a relation with what was asked of them at one level.
    pub(super) fn node(
        &self,
        place: usize,
        selected: &[Asked],
        level: &Level,
        path: &[String],
        levels: &mut Levels<'_>,
    ) -> Result<Node, Refusal> {
        let relation = self.relation(place);
        let mut node = Node { relation: place, limit: level.limit, offset: level.offset, ..Node::default() };
        let mut keys = Keys::default();
        for asked in selected {
            match asked {
                Asked::Star => keys.weak(self.star(relation)?),
                Asked::Column(column) => keys.add(self.item(relation, column)?)?,
                Asked::Count(count) => keys.add(counted(count.alias.as_deref(), count.cast.as_deref())?)?,
                Asked::Embed(embed) => {
                    let embed = self.embed(place, embed, path, levels)?;
                    if node.embeds.iter().any(|other| other.name == embed.name) {
                        return Err(Refusal::bad("PGRST100", format!("two embeds are called '{}'", embed.name))
                            .hint("give one of them an alias: `alias:relation(…)`"));
                    }
                    let items = shown(node.embeds.len(), &embed);
                    if embed.is_spread {
                        keys.weak(items);
                    } else {
                        items.into_iter().try_for_each(|item| keys.add(item))?;
                    }
                    node.embeds.push(embed);
                }
            }
        }
        node.items = keys.into_items();
        node.is_grouped = node.items.iter().any(|item| matches!(item.what, What::Count { .. }));
        check_grouped(&node)?;
        node.conditions = self.conditions(relation, &node.embeds, &level.conditions)?;
        node.order = self.order(&node, &level.order)?;
        Ok(node)
    }

    fn star(&self, relation: &Relation) -> Result<Vec<Item>, Refusal> {
        let items = self.readable(relation)?.into_iter().map(|column| Item {
            key: relation.columns[column].name.clone(),
            what: What::Value { value: Value { column, path: Vec::new() }, cast: None },
        });
        Ok(items.collect())
    }

    fn item(&self, relation: &Relation, column: &select::Column) -> Result<Item, Refusal> {
        let is_plain_count = column.field.name == "count" && column.field.path.is_empty();
        if is_plain_count && relation.position("count").is_none() {
            // `count` without parentheses: how components wrote it before there was count().
            return counted(column.alias.as_deref(), column.cast.as_deref());
        }
        let value = self.value(relation, &column.field)?;
        let cast = column.cast.as_deref().map(cast).transpose()?;
        let key = checked_key(column.alias.clone().unwrap_or_else(|| key_of(&column.field)))?;
        Ok(Item { key, what: What::Value { value, cast } })
    }
}

fn counted(alias: Option<&str>, to: Option<&str>) -> Result<Item, Refusal> {
    let key = checked_key(alias.unwrap_or("count").to_owned())?;
    Ok(Item { key, what: What::Count { cast: to.map(cast).transpose()? } })
}

/// The items of a row while they are collected. What `*` and spreads bring gives way to what is named, since JSON has
/// each key once and clients take the last.
#[derive(Default)]
struct Keys {
    items: Vec<(Item, bool)>,
}

impl Keys {
    /// Adds what wasn't named one by one.
    fn weak(&mut self, items: Vec<Item>) {
        for item in items {
            match self.items.iter_mut().find(|(other, _)| other.key == item.key) {
                Some((other, false)) => *other = item,
                Some((_, true)) => {}
                None => self.items.push((item, false)),
            }
        }
    }

    /// Adds what was named.
    fn add(&mut self, item: Item) -> Result<(), Refusal> {
        match self.items.iter_mut().find(|(other, _)| other.key == item.key) {
            Some((other, true)) if *other != item => {
                Err(Refusal::bad("PGRST100", format!("two entries of select have the key '{}'", item.key))
                    .hint("give one of them an alias: `alias:column`"))
            }
            Some(other) => {
                *other = (item, true);
                Ok(())
            }
            None => {
                self.items.push((item, true));
                Ok(())
            }
        }
    }

    fn into_items(self) -> Vec<Item> {
        self.items.into_iter().map(|(item, _)| item).collect()
    }
}
