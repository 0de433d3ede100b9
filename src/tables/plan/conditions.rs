use dialect::query::Field;
use dialect::query::filter::{self, Connective, Is, Operation};
use dialect::query::order::{self, OrderTerm};

use super::Asker;
use super::types::{Condition, Embed, Item, Node, Order, OrderBy, What};
use crate::tables::catalog::Relation;
use crate::tables::refusal::Refusal;

impl Asker<'_> {
    /// What rows of a relation must fulfil; `embeds` are those that conditions may speak of.
    pub(super) fn conditions(
        &self,
        relation: &Relation,
        embeds: &[Embed],
        conditions: &[filter::Condition],
    ) -> Result<Vec<Condition>, Refusal> {
        conditions.iter().map(|condition| self.condition(relation, embeds, condition)).collect()
    }

    fn condition(
        &self,
        relation: &Relation,
        embeds: &[Embed],
        condition: &filter::Condition,
    ) -> Result<Condition, Refusal> {
        let (negated, planned) = match condition {
            filter::Condition::Filter(filter) => (filter.negated, self.test(relation, embeds, filter)?),
            filter::Condition::Logic(logic) => {
                let joined = self.conditions(relation, embeds, &logic.conditions)?;
                let planned = match logic.connective {
                    Connective::And => Condition::All(joined),
                    Connective::Or => Condition::One(joined),
                };
                (logic.negated, planned)
            }
        };
        Ok(if negated { Condition::Not(Box::new(planned)) } else { planned })
    }

    fn test(&self, relation: &Relation, embeds: &[Embed], filter: &filter::Filter) -> Result<Condition, Refusal> {
        if let Some(place) = embeds.iter().position(|embed| is_about(embed, &filter.field)) {
            match filter.operation {
                Operation::Is(Is::Null) => return Ok(Condition::Not(Box::new(Condition::Exists(place)))),
                Operation::Is(Is::NotNull) => return Ok(Condition::Exists(place)),
                _ => {}
            }
        }
        let value = self.value(relation, &filter.field)?;
        Ok(Condition::Test { value, operation: filter.operation.clone() })
    }

    /// The order of a node's rows, whose items and embeds are planned already.
    pub(super) fn order(&self, node: &Node, terms: &[OrderTerm]) -> Result<Vec<Order>, Refusal> {
        terms
            .iter()
            .map(|term| {
                let by = match &term.by {
                    order::OrderBy::Field(field) if node.is_grouped => self.order_of_group(node, field)?,
                    order::OrderBy::Field(field) => OrderBy::Value(self.value(self.relation(node.relation), field)?),
                    order::OrderBy::Related { embed, field } => self.order_by_related(node, embed, field)?,
                };
                Ok(Order { by, direction: term.direction, nulls: term.nulls })
            })
            .collect()
    }

    /// Counted rows are ordered by what they are counted by, or by the count.
    fn order_of_group(&self, node: &Node, field: &Field) -> Result<OrderBy, Refusal> {
        let relation = self.relation(node.relation);
        let is_meant = |item: &Item| match &item.what {
            What::Value { value, .. } => {
                relation.columns[value.column].name == field.name && value.path == field.path || item.key == field.name
            }
            _ => item.key == field.name && field.path.is_empty(),
        };
        node.items.iter().position(is_meant).map(OrderBy::Item).ok_or_else(|| {
            Refusal::bad("42803", format!("rows that are counted can't be ordered by '{}'", field.name))
                .hint("order by a column that select names beside count(), or by count")
        })
    }

    fn order_by_related(&self, node: &Node, name: &str, field: &Field) -> Result<OrderBy, Refusal> {
        let place = node.embeds.iter().position(|embed| embed.name == name).ok_or_else(|| not_embedded(name))?;
        let embed = &node.embeds[place];
        if embed.is_many {
            let message = format!("A related order on '{name}' is not possible");
            let details = format!(
                "'{}' and '{name}' do not form a many-to-one or one-to-one relationship",
                self.relation(node.relation).name
            );
            return Err(Refusal::bad("PGRST118", message).details(details));
        }
        Ok(OrderBy::Related(place, self.value(self.relation(embed.node.relation), field)?))
    }
}

fn is_about(embed: &Embed, field: &Field) -> bool {
    field.path.is_empty() && embed.name == field.name
}

/// A parameter that speaks of an embed which isn't there.
pub(super) fn not_embedded(name: &str) -> Refusal {
    Refusal::bad("PGRST108", format!("'{name}' is not an embedded resource in this request"))
        .hint(format!("Verify that '{name}' is included in the 'select' query parameter."))
}
