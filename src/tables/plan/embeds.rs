use dialect::query::select::{self, Shape};

use super::Asker;
use super::read::Levels;
use super::types::{Embed, Item, Node, What};
use crate::tables::refusal::Refusal;

impl Asker<'_> {
    /// Related rows, with everything that the parameters say of them.
    pub(super) fn embed(
        &self,
        origin: usize,
        embed: &select::Embed,
        path: &[String],
        levels: &mut Levels<'_>,
    ) -> Result<Embed, Refusal> {
        let link = self.link(origin, &embed.relation, embed.hint.as_deref())?;
        let path: Vec<String> = path.iter().cloned().chain([embed.name().to_owned()]).collect();
        let level = levels.take(&path);
        let mut node = self.node(link.target, &embed.select, &level, &path, levels)?;
        let is_many = link.cardinality.is_many();
        let most = if is_many { self.max_rows } else { 1 };
        node.limit = Some(node.limit.map_or(most, |asked| asked.min(most)));
        Ok(Embed {
            name: embed.name().to_owned(),
            node,
            join: link.join,
            is_many,
            is_inner: embed.join == select::Join::Inner,
            is_spread: embed.shape == Shape::Spread,
        })
    }
}

/// The entries that an embed, by its place, adds to the outer rows.
pub(super) fn shown(place: usize, embed: &Embed) -> Vec<Item> {
    if embed.is_spread {
        return embed.node.items.iter().map(|item| Item { key: item.key.clone(), what: What::Spread(place) }).collect();
    }
    if embed.node.items.is_empty() {
        return Vec::new();
    }
    vec![Item { key: embed.name.clone(), what: What::Embedded(place) }]
}

/// Refuses to count rows by what can't be compared.
pub(super) fn check_grouped(node: &Node) -> Result<(), Refusal> {
    let shows_others = node.items.iter().any(|item| matches!(item.what, What::Embedded(_) | What::Spread(_)));
    if node.is_grouped && shows_others {
        return Err(Refusal::bad("PGRST100", "count() stands beside columns, not beside embeds")
            .hint("count within the embed instead: `relation(count())`"));
    }
    Ok(())
}
