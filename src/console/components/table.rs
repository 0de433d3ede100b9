use maud::{Markup, Render, html};

use super::{Icon, icon};
use crate::console::list::Asked;

/// A column of a table.
pub struct Column {
    label: String,
    sort: Option<&'static str>,
    heading: Heading,
    is_number: bool,
    where_narrow: Narrow,
}

/// What becomes of a column where the screen is narrow.
#[derive(PartialEq, Eq)]
enum Narrow {
    Beside,
    Below,
    Gone,
}

/// What stands at the head of a column.
#[derive(PartialEq, Eq)]
enum Heading {
    /// Its label.
    Label,
    /// Its label, for who doesn't see it.
    Quiet,
    /// A box that ticks those of all rows.
    Ticks,
}

impl Column {
    /// One with a heading.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            sort: None,
            heading: Heading::Label,
            is_number: false,
            where_narrow: Narrow::Beside,
        }
    }

    /// One of boxes to tick; where scripts run, the one in its heading ticks them all.
    pub fn ticks() -> Self {
        Self { heading: Heading::Ticks, ..Self::new("Tick all") }
    }

    /// Rows can be put in its order, by this name in the URL.
    #[must_use]
    pub fn sorted_by(self, name: &'static str) -> Self {
        Self { sort: Some(name), ..self }
    }

    /// Holds numbers, which stand at the right.
    #[must_use]
    pub fn number(self) -> Self {
        Self { is_number: true, ..self }
    }

    /// Its heading is for who doesn't see it: buttons, boxes.
    #[must_use]
    pub fn quiet(self) -> Self {
        Self { heading: Heading::Quiet, ..self }
    }

    /// Is left out where the screen is narrow.
    #[must_use]
    pub fn wide_only(self) -> Self {
        Self { where_narrow: Narrow::Gone, ..self }
    }

    /// Stands below the others where the screen is narrow: long texts, several buttons.
    #[must_use]
    pub fn below(self) -> Self {
        Self { where_narrow: Narrow::Below, ..self }
    }

    fn is_below(&self) -> bool {
        self.where_narrow == Narrow::Below
    }

    fn is_wide_only(&self) -> bool {
        self.where_narrow == Narrow::Gone
    }
}

/// Rows in columns; renders itself.
pub struct Table<'a> {
    caption: &'a str,
    asked: Option<(&'a Asked, &'a str, &'a str)>,
    columns: Vec<Column>,
    rows: Vec<Vec<Markup>>,
}

impl<'a> Table<'a> {
    /// One whose caption is for who doesn't see it.
    pub fn new(caption: &'a str, columns: impl IntoIterator<Item = Column>) -> Self {
        Self { caption, asked: None, columns: columns.into_iter().collect(), rows: Vec::new() }
    }

    /// Its headings put rows in order: what is asked now, which order that is, and the element of which id follows.
    #[must_use]
    pub fn sortable(self, asked: &'a Asked, sort: &'a str, target: &'a str) -> Self {
        Self { asked: Some((asked, sort, target)), ..self }
    }

    /// Adds a row: a cell for each column.
    #[must_use]
    pub fn row(mut self, cells: impl IntoIterator<Item = Markup>) -> Self {
        self.rows.push(cells.into_iter().collect());
        self
    }

    /// Whether nothing in it can be reached by the keyboard: then it is reached itself, to be scrolled where it is wide.
    fn is_still(&self) -> bool {
        let can_be_reached =
            |cell: &Markup| ["<a ", "<button", "<input", "<summary"].iter().any(|tag| cell.0.contains(tag));
        self.asked.is_none() && !self.rows.iter().flatten().any(can_be_reached)
    }

    fn stacks(&self) -> bool {
        self.columns.iter().any(Column::is_below)
    }

    fn heading(&self, column: &Column) -> Markup {
        let sorting = self.asked.zip(column.sort);
        let order = sorting.and_then(|((_, now, _), name)| order(now, name));
        html! {
            th scope="col" .number[column.is_number] .below[column.is_below()] .wide-only[column.is_wide_only()] aria-sort=[order] {
                @match sorting {
                    Some(((asked, _, target), name)) => {
                        @let to = if order == Some("ascending") { format!("-{name}") } else { name.to_owned() };
                        @let to = asked.without("before").without("after").with("sort", &to).href();
                        a.sort href=(to) hx-get=(to) hx-target={ "#" (target) } hx-select={ "#" (target) }
                            hx-swap="outerHTML show:none" hx-push-url="true" {
                            (column.label)
                            (icon(match order {
                                Some("ascending") => Icon::Up,
                                Some(_) => Icon::Down,
                                None => Icon::Selector,
                            }))
                        }
                    }
                    None if column.heading == Heading::Ticks => {
                        input.form-check-input type="checkbox" data-rows aria-label=(column.label);
                    }
                    None if column.heading == Heading::Quiet => span.visually-hidden { (column.label) },
                    None => (column.label),
                }
            }
        }
    }
}

/// Which order a column has, where it is the one that rows are in.
fn order(now: &str, name: &str) -> Option<&'static str> {
    match now.strip_prefix('-') {
        Some(now) if now == name => Some("descending"),
        None if now == name => Some("ascending"),
        _ => None,
    }
}

impl Render for Table<'_> {
    fn render(&self) -> Markup {
        html! {
            div.table-responsive tabindex=[self.is_still().then_some("0")] {
                table.table.table-vcenter.list.list-stacks[self.stacks()] {
                    caption.visually-hidden { (self.caption) }
                    thead { tr { @for column in &self.columns { (self.heading(column)) } } }
                    tbody {
                        @for row in &self.rows {
                            tr {
                                @for (cell, column) in row.iter().zip(&self.columns) {
                                    td .number[column.is_number] .below[column.is_below()] .wide-only[column.is_wide_only()] { (cell) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_turns_the_order_round() {
        let asked = Asked::parse("/clients", "status=active&sort=name&after=x");
        let table =
            Table::new("Clients", [Column::new("Name").sorted_by("name"), Column::new("Tier").sorted_by("tier")]);
        let shown = table.sortable(&asked, "name", "list").render().into_string();
        assert!(shown.contains("href=\"/clients?status=active&amp;sort=-name\""), "{shown}");
        assert!(shown.contains("href=\"/clients?status=active&amp;sort=tier\""), "{shown}");
        assert_eq!(shown.matches("aria-sort").count(), 1);
    }

    #[test]
    fn rows_are_stacked_where_a_column_stands_below() {
        let table = |column| Table::new("People", [Column::new("Person"), column]).render().into_string();
        assert!(table(Column::new("End").below()).contains("list-stacks"));
        assert!(!table(Column::new("Since").wide_only()).contains("list-stacks"));
    }

    #[test]
    fn a_table_without_links_can_be_scrolled_by_the_keyboard() {
        let table = |cell: Markup| Table::new("Months", [Column::new("Month")]).row([cell]).render().into_string();
        assert!(table(html! { "May" }).contains("tabindex=\"0\""));
        assert!(!table(html! { a href="/may" { "May" } }).contains("tabindex"));
    }
}
