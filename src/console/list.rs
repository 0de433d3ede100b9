use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::Result;
use crate::db::tx::Tx;
use crate::problem::Problem;

/// How many rows a page shows.
pub const PAGE: usize = 50;

/// What a list was asked by its URL: filters, order, and from which row on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Asked {
    /// Of a path and a query.
    pub fn parse(path: &str, query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes());
        let pairs = pairs.map(|(name, value)| (name.into_owned(), value.trim().to_owned()));
        Self { path: path.to_owned(), pairs: pairs.filter(|(_, value)| !value.is_empty()).collect() }
    }

    /// The path of the list.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is asked under a name; empty where nothing is.
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Everything that is asked under a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The same, as none where nothing is asked.
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// The same list, asked otherwise under one name.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut asked = self.without(name);
        asked.pairs.push((name.to_owned(), value.to_owned()));
        asked
    }

    /// The same list, asked nothing under a name; and from its first row on where a filter goes.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let pairs = self.pairs.iter().filter(|(known, _)| known != name);
        Self { path: self.path.clone(), pairs: pairs.cloned().collect() }
    }

    /// The URL, which always means the same list.
    pub fn href(&self) -> String {
        self.href_at(&self.path)
    }

    /// The URL of another page about the same rows.
    pub fn href_at(&self, path: &str) -> String {
        if self.pairs.is_empty() {
            return path.to_owned();
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.pairs).finish();
        format!("{path}?{query}")
    }

    /// Whether anything narrows the list.
    pub fn is_narrowed(&self) -> bool {
        self.pairs.iter().any(|(name, _)| !["sort", "before", "after", "columns"].contains(&name.as_str()))
    }

    /// What narrows the list, and its order: all but which columns and from which row on.
    pub fn narrowing(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.pairs.iter().filter(|(name, _)| !["before", "after", "columns"].contains(&name.as_str()));
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What a form that filters keeps as it is.
    pub fn kept(&self) -> impl Iterator<Item = (&str, &str)> {
        let kept = self.pairs.iter().filter(|(name, _)| ["sort", "columns"].contains(&name.as_str()));
        kept.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// In which order, and from which row on; `orders` are those that there are, the first where none is asked.
    pub fn order(&self, orders: &'static [Order]) -> Result<Window, Problem> {
        let asked = self.some("sort").unwrap_or(orders[0].name);
        let (name, is_turned) = asked.strip_prefix('-').map_or((asked, false), |name| (name, true));
        let order = orders.iter().find(|order| order.name == name).ok_or_else(|| {
            let names: Vec<&str> = orders.iter().map(|order| order.name).collect();
            Problem::invalid(format!("there is no order {name:?}")).mend(format!("choose {}", names.join(", ")))
        })?;
        let (cursor, is_backwards) = match (self.some("before"), self.some("after")) {
            (Some(before), _) => (Some(before), true),
            (None, after) => (after, false),
        };
        let start = cursor.map(Start::decode).transpose()?;
        Ok(Window { order, is_turned, is_backwards, start })
    }
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::parse(parts.uri.path(), parts.uri.query().unwrap_or_default()))
    }
}

/// An order that rows can be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its name in the URL.
    pub name: &'static str,
    /// What PostgreSQL compares: an expression that is never NULL, of an index where rows are many.
    pub by: &'static str,
    /// The expression's type.
    pub of: &'static str,
    /// The column that tells rows of the same place apart, a uuid.
    pub then: &'static str,
    /// Whether the greatest come first unless it is turned round.
    pub is_descending: bool,
}

/// Which rows of a list: the order, and from which row on, in which direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    order: &'static Order,
    is_turned: bool,
    is_backwards: bool,
    start: Option<Start>,
}

/// The row that a page begins or ends beside: the value of its order, as text, and its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    value: String,
    id: uuid::Uuid,
}

impl Start {
    /// The row of a value and an id.
    pub fn at(value: impl Into<String>, id: uuid::Uuid) -> Self {
        Self { value: value.into(), id }
    }

    fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}{}", self.id.simple(), self.value))
    }

    fn decode(text: &str) -> Result<Self, Problem> {
        let unreadable =
            || Problem::invalid("the link to these rows is broken").mend("go back to the first page of the list");
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| unreadable())?;
        let text = String::from_utf8(bytes).map_err(|_| unreadable())?;
        let (id, value) = text.split_at_checked(32).ok_or_else(unreadable)?;
        let id = uuid::Uuid::try_parse(id).map_err(|_| unreadable())?;
        if value.contains('\0') {
            return Err(unreadable());
        }
        Ok(Self { value: value.to_owned(), id })
    }
}

impl Window {
    /// As the URL names the order.
    pub fn sort(&self) -> String {
        format!("{}{}", if self.is_turned { "-" } else { "" }, self.order.name)
    }

    /// What to select besides, so that [`Window::rows`] can tell where the page ends: the order's value as text.
    pub fn value(&self) -> String {
        format!("({})::pg_catalog.text", self.order.by)
    }

    /// The condition on rows; empty for the first page. Its two parameters have these numbers.
    pub fn condition(&self, first: usize) -> String {
        if self.start.is_none() {
            return String::new();
        }
        let Order { by, of, then, .. } = self.order;
        let sign = if self.comes_down() { '<' } else { '>' };
        format!(" AND ({by}, {then}) {sign} (${first}::pg_catalog.text::{of}, ${}::pg_catalog.uuid)", first + 1)
    }

    /// The values of the condition's parameters.
    pub fn parameters(&self) -> Option<(&String, &uuid::Uuid)> {
        self.start.as_ref().map(|start| (&start.value, &start.id))
    }

    /// The order, and one row more than a page has, which tells that there are more.
    pub fn order_by(&self) -> String {
        self.order_by_up_to(PAGE + 1)
    }

    fn order_by_up_to(&self, limit: usize) -> String {
        let Order { by, then, .. } = self.order;
        let direction = if self.comes_down() { "DESC" } else { "ASC" };
        format!(" ORDER BY {by} {direction}, {then} {direction} LIMIT {limit}")
    }

    /// Reads a page: `select` is a query up to its last column, `from` the rest with its conditions, whose parameters
    /// `values` are; order, and from which row on, follow.
    pub async fn read<'v, T>(
        &'v self,
        tx: &Tx<'_>,
        (select, from): (&str, &str),
        mut values: Vec<&'v (dyn ToSql + Sync)>,
        row: impl Fn(&Row) -> T + Send,
    ) -> Result<Rows<T>> {
        let condition = self.condition(values.len() + 1);
        if let Some((value, id)) = self.parameters() {
            values.extend([value as &(dyn ToSql + Sync), id]);
        }
        let (place, then, order) = (self.value(), self.order.then, self.order_by());
        let sql = format!("{select}, {place} AS list_place, {then} AS list_id {from}{condition}{order}");
        let found = tx.query(&sql, &values).await?;
        let found = found
            .iter()
            .map(|found| (row(found), Start::at(found.get::<_, String>("list_place"), found.get("list_id"))));
        let Rows { rows, before, after } = self.rows(found.collect(), |(_, start): &(T, Start)| start.clone());
        Ok(Rows { rows: rows.into_iter().map(|(row, _)| row).collect(), before, after })
    }

    /// The page of what the query gave: in the order that was asked, with the ways on and back. `start` names the place
    /// of a row.
    pub fn rows<T>(&self, mut found: Vec<T>, start: impl Fn(&T) -> Start) -> Rows<T> {
        let has_more = found.len() > PAGE;
        found.truncate(PAGE);
        if self.is_backwards {
            found.reverse();
        }
        let place = |row: Option<&T>| row.map(|row| start(row).encode());
        let (has_before, has_after) =
            if self.is_backwards { (has_more, true) } else { (self.start.is_some(), has_more) };
        let before = has_before.then(|| place(found.first())).flatten();
        let after = has_after.then(|| place(found.last())).flatten();
        Rows { rows: found, before, after }
    }

    fn comes_down(&self) -> bool {
        (self.order.is_descending != self.is_turned) != self.is_backwards
    }
}

/// A page of rows, and where the rows before and after it begin.
#[derive(Clone, Debug)]
pub struct Rows<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The cursor of those before.
    pub before: Option<String>,
    /// The cursor of those after.
    pub after: Option<String>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const ORDERS: &[Order] = &[
        Order { name: "name", by: "c.name", of: "pg_catalog.text", then: "c.id", is_descending: false },
        Order { name: "made", by: "c.made", of: "pg_catalog.timestamptz", then: "c.id", is_descending: true },
    ];

    fn window(query: &str) -> Window {
        Asked::parse("/clients", query).order(ORDERS).expect("a window")
    }

    #[test]
    fn a_url_means_the_same_list() {
        let asked = Asked::parse("/clients", "q=a%26b&status=&tier=basic&sort=-name");
        assert_eq!(asked.href(), "/clients?q=a%26b&tier=basic&sort=-name");
        assert_eq!(asked.without("q").with("q", "ü").href(), "/clients?tier=basic&sort=-name&q=%C3%BC");
        assert!(asked.is_narrowed() && !Asked::parse("/clients", "sort=name&after=x").is_narrowed());
        assert_eq!(asked.kept().collect::<Vec<_>>(), [("sort", "-name")]);
    }

    #[test]
    fn an_order_that_there_isnt_is_refused() {
        for query in ["sort=owner", "sort=name;DROP", "after=%00", "before=AAAA"] {
            let refused = Asked::parse("/clients", query).order(ORDERS).expect_err(query);
            assert_eq!(refused.status.as_u16(), 422, "{query}");
        }
    }

    #[test]
    fn the_page_before_is_read_backwards() {
        let id = Uuid::nil();
        let start = Start::at("b", id).encode();
        assert!(window("sort=name").order_by().contains("c.name ASC"));
        assert!(window("sort=-name").order_by().contains("c.name DESC"));
        assert!(window("sort=made").order_by().contains("c.made DESC"));
        assert!(window(&format!("before={start}")).order_by().contains("c.name DESC"));
        assert_eq!(
            window(&format!("after={start}")).condition(3),
            " AND (c.name, c.id) > ($3::pg_catalog.text::pg_catalog.text, $4::pg_catalog.uuid)"
        );
        assert_eq!(window("").condition(3), "");
    }

    #[test]
    fn a_full_page_and_one_more_has_a_next_page() {
        let all: Vec<usize> = (0..=PAGE).collect();
        let start = |row: &usize| Start::at(row.to_string(), Uuid::nil());
        let first = window("").rows(all.clone(), start);
        assert_eq!((first.rows.len(), first.before, first.after.is_some()), (PAGE, None, true));
        let back = window(&format!("before={}", start(&0).encode())).rows(all[..2].to_vec(), start);
        assert_eq!((back.rows.clone(), back.before, back.after.is_some()), (vec![1, 0], None, true));
    }

    proptest! {
        #[test]
        fn a_cursor_comes_back_as_it_went(value in "[^\\x00]{0,40}", id in any::<u128>()) {
            let start = Start::at(value, Uuid::from_u128(id));
            prop_assert_eq!(Start::decode(&start.encode()), Ok(start));
        }

        #[test]
        fn no_text_breaks_a_cursor(text in "\\PC{0,80}") {
            let _ = Start::decode(&text);
        }
    }
}
