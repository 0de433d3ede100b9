use std::collections::BTreeMap;

use super::Surroundings;
use super::layout::{Page, key, text};
use super::order::by_name;
use super::surroundings::WritableView;
use super::typescript::{Source, section};
use crate::tables::catalog::{Catalog, Column, Kind, Relation, Relationship};

/// The version of PostgREST whose rules `supabase-js` is to take for ours: spread embeds of many rows, `maxAffected`.
const POSTGREST: &str = "14";

const JSON: &str = "export type Json =
  | string
  | number
  | boolean
  | null
  | { [key: string]: Json | undefined }
  | Json[]

";

/// The whole file.
pub fn database(catalog: &Catalog, surroundings: &Surroundings) -> String {
    let source = Source { catalog, surroundings };
    let mut page = Page::default();
    page.verbatim(JSON);
    page.block("export type Database = {", "}", |page| {
        page.line("// Allows to automatically instantiate createClient with right options");
        page.line("// instead of createClient<Database, { PostgrestVersion: 'XX' }>(URL, KEY)");
        page.block("__InternalSupabase: {", "}", |page| {
            page.line(&format!("PostgrestVersion: {}", text(POSTGREST)));
        });
        page.block("public: {", "}", |page| source.schema(page));
    });
    page.line("");
    page.verbatim(include_str!("shortcuts.ts"));
    page.block("export const Constants = {", "} as const", |page| {
        page.block("public: {", "},", |page| constants(page, &surroundings.enums));
    });
    page.into_text()
}

fn constants(page: &mut Page, enums: &BTreeMap<String, Vec<String>>) {
    if enums.is_empty() {
        return page.line("Enums: {},");
    }
    page.block("Enums: {", "},", |page| {
        for (name, labels) in ordered(enums) {
            page.list(&key(name), &labels.iter().map(|label| text(label)).collect::<Vec<_>>(), ",");
        }
    });
}

fn ordered<T>(named: &BTreeMap<String, T>) -> Vec<(&String, &T)> {
    let mut all: Vec<_> = named.iter().collect();
    all.sort_by(|(a, _), (b, _)| by_name(a, b));
    all
}

impl Source<'_> {
    fn schema(self, page: &mut Page) {
        for part in ["Tables", "Views"] {
            let mut relations: Vec<usize> = (0..self.catalog.relations().len())
                .filter(|place| section(self.catalog.relation(*place).kind) == part)
                .collect();
            relations.sort_by(|a, b| by_name(&self.catalog.relation(*a).name, &self.catalog.relation(*b).name));
            page.part(part, relations.is_empty(), |page| {
                for place in relations {
                    self.relation(page, place);
                }
            });
        }
        self.functions(page);
        let Surroundings { enums, composites, writable_views: _, functions: _ } = self.surroundings;
        page.part("Enums", enums.is_empty(), |page| {
            for (name, labels) in ordered(enums) {
                page.property(&key(name), &labels.iter().map(|label| text(label)).collect::<Vec<_>>());
            }
        });
        page.part("CompositeTypes", composites.is_empty(), |page| {
            for (name, attributes) in ordered(composites) {
                page.object(name, attributes.is_empty(), |page| {
                    for (attribute, pg_type) in attributes {
                        page.property(&key(attribute), &self.of_attribute(pg_type));
                    }
                });
            }
        });
    }

    fn relation(self, page: &mut Page, place: usize) {
        let relation = self.catalog.relation(place);
        let mut columns: Vec<&Column> = relation.columns.iter().collect();
        columns.sort_by(|a, b| by_name(&a.name, &b.name));
        page.object(&relation.name, false, |page| {
            page.object("Row", columns.is_empty(), |page| {
                for column in &columns {
                    page.property(&key(&column.name), &self.of_column(column, !column.not_null));
                }
            });
            self.written(page, relation, &columns);
            self.relationships(page, place);
        });
    }

    /// What Insert and Update take.
    fn written(self, page: &mut Page, relation: &Relation, columns: &[&Column]) {
        if relation.kind == Kind::MaterialisedView {
            return;
        }
        if relation.kind == Kind::View {
            let Some(view) = self.surroundings.writable_views.get(&relation.name) else { return };
            for (name, _) in [("Insert", view.insert), ("Update", view.update)].iter().filter(|(_, takes)| *takes) {
                page.object(name, false, |page| self.into_view(page, view, columns));
            }
            return;
        }
        for name in ["Insert", "Update"] {
            page.object(name, columns.is_empty(), |page| {
                for column in columns {
                    if column.is_computed() {
                        page.property(&format!("{}?", key(&column.name)), &["never".to_owned()]);
                        continue;
                    }
                    let may_be_left_out = name == "Update" || column.is_optional();
                    let mark = if may_be_left_out { "?" } else { "" };
                    let name = format!("{}{mark}", key(&column.name));
                    page.property(&name, &self.of_column(column, !column.not_null));
                }
            });
        }
    }

    fn into_view(self, page: &mut Page, view: &WritableView, columns: &[&Column]) {
        for column in columns {
            let takes = view.columns.contains(&column.name);
            let of_values = if takes { self.of_column(column, true) } else { vec!["never".to_owned()] };
            page.property(&format!("{}?", key(&column.name)), &of_values);
        }
    }

    fn relationships(self, page: &mut Page, place: usize) {
        let mut relationships: Vec<&Relationship> = self.catalog.relationships_of(place).collect();
        relationships.sort_by(|a, b| {
            by_name(&a.name, &b.name)
                .then_with(|| by_name(self.target(a), self.target(b)))
                .then_with(|| by_name(&self.target_columns(a).join(","), &self.target_columns(b).join(",")))
        });
        if relationships.is_empty() {
            return page.line("Relationships: []");
        }
        page.block("Relationships: [", "]", |page| {
            for relationship in relationships {
                page.block("{", "},", |page| self.relationship(page, relationship));
            }
        });
    }

    fn relationship(self, page: &mut Page, relationship: &Relationship) {
        let columns = self.names(relationship.relation, &relationship.columns);
        page.line(&format!("foreignKeyName: {}", text(&relationship.name)));
        page.list("columns", &columns, "");
        page.line(&format!("isOneToOne: {}", relationship.is_one_to_one));
        page.line(&format!("referencedRelation: {}", text(self.target(relationship))));
        page.list("referencedColumns", &self.target_columns(relationship), "");
    }

    fn target(&self, relationship: &Relationship) -> &str {
        &self.catalog.relation(relationship.target).name
    }

    fn target_columns(self, relationship: &Relationship) -> Vec<String> {
        self.names(relationship.target, &relationship.target_columns)
    }

    fn names(self, relation: usize, columns: &[usize]) -> Vec<String> {
        let columns = columns.iter().map(|place| &self.catalog.relation(relation).columns[*place]);
        columns.map(|column| text(&column.name)).collect()
    }
}
