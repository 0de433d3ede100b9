use std::sync::Arc;

use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::compiled::Compiled;
use super::gathered::Gathered;
use super::inputs::Inputs;
use super::row::{Applied, ConfigRow, Customization, Scope, ValueRow, VersionRow, applied_config, said};
use crate::Result;
use crate::configurations::types::ConfigTable;
use crate::db::tx::Tx;

/// Which documents are to be composed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    clients: Option<&'a [Uuid]>,
    templates: &'a [&'a str],
}

impl<'a> Wanted<'a> {
    /// Those of every client.
    pub const fn all() -> Self {
        Self { clients: None, templates: &[] }
    }

    /// Those of some clients, of the templates that their own rows name.
    pub const fn clients(clients: &'a [Uuid]) -> Self {
        Self { clients: Some(clients), templates: &[] }
    }

    /// And of templates that somebody asks for.
    #[must_use]
    pub const fn asked(self, templates: &'a [&'a str]) -> Self {
        Self { templates, ..self }
    }

    /// The statement, in which conditions stand for placeholders.
    pub(super) fn statement(&self, text: &str) -> String {
        let of_wanted = "IN (SELECT w.template_id FROM wanted w)";
        let (clients, templates) = match self.clients {
            // PostgreSQL takes a list of unknown length for ten, and would plan the statement anew for every single client.
            Some([_]) => ("= ($1::uuid[])[1]", of_wanted),
            Some(_) => ("= ANY ($1::uuid[])", of_wanted),
            None => ("IS NOT NULL", "IS NOT NULL"),
        };
        conditions(&conditions(text, "$CLIENTS", clients), "$TEMPLATES", templates)
    }

    /// Templates that were asked for.
    pub(super) fn templates(&self) -> &'a [&'a str] {
        self.templates
    }

    /// The clients as the parameter of the statement.
    pub(super) fn ids(&self) -> Option<&'a [Uuid]> {
        self.clients
    }
}

/// Puts a condition in the place of each `$NAME(column)`.
fn conditions(text: &str, name: &str, condition: &str) -> String {
    let opening = format!("{name}(");
    let mut parts = text.split(&opening);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |said, part| {
        let (column, rest) = part.split_once(')').unwrap_or((part, ""));
        format!("{said}{column} {condition}{rest}")
    })
}

impl Inputs {
    /// Reads what some documents are composed of, as of one moment; as whoever sees every row.
    ///
    /// One statement, so that it is one snapshot also where the transaction isn't, and `revision` is the one it shows.
    pub async fn load(tx: &Tx<'_>, compiled: &Compiled, wanted: Wanted<'_>) -> Result<Self> {
        let known = compiled.versions();
        let stamps: Vec<&str> = known.keys().map(String::as_str).collect();
        let mut gathered = Gathered::new(compiled, &known);
        let statement = wanted.statement(include_str!("current.sql"));
        tx.each(&statement, &[&wanted.ids(), &wanted.templates(), &stamps], |row| match read(&Columns(&row)) {
            Read::Revision(revision) => gathered.revision = revision,
            Read::Client(id) => gathered.client(id),
            Read::Row(row) => gathered.take(row),
            Read::Unreadable(table, id) => gathered.unreadable.push((table, id)),
        })
        .await?;
        Ok(gathered.inputs())
    }
}

/// What a row of the statement is.
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and a box for each of many rows costs more")]
enum Read {
    Revision(i64),
    Client(Uuid),
    Row(ConfigRow),
    /// A value that is nested deeper than anything can be read.
    Unreadable(ConfigTable, Uuid),
}

fn read(columns: &Columns<'_>) -> Read {
    let table = match columns.0.get::<_, i16>(0) {
        0 => return Read::Revision(columns.0.get(10)),
        1 => return Read::Client(columns.id()),
        2 => ConfigTable::TemplateConfigurations,
        3 => ConfigTable::ClientCustomizations,
        4 => ConfigTable::SystemConfigurations,
        _ => ConfigTable::DeploymentConfigurations,
    };
    let row = match table {
        ConfigTable::TemplateConfigurations => columns.version(),
        ConfigTable::ClientCustomizations => columns.customization(),
        ConfigTable::SystemConfigurations => columns.value(),
        ConfigTable::DeploymentConfigurations => columns.applied(),
    };
    row.map_or_else(|| Read::Unreadable(table, columns.id()), Read::Row)
}

/// A row of the statement, by its columns.
struct Columns<'a>(&'a Row);

impl Columns<'_> {
    fn id(&self) -> Uuid {
        self.0.get(1)
    }

    fn client(&self) -> Option<Uuid> {
        self.0.get(2)
    }

    fn template(&self) -> Option<Arc<str>> {
        self.0.get::<_, Option<&str>>(3).map(Into::into)
    }

    fn text(&self, place: usize) -> Option<&str> {
        self.0.get(place)
    }

    /// Fails where a value is nested deeper than anything can be read.
    fn json(&self, place: usize) -> Result<Option<Value>, tokio_postgres::Error> {
        self.0.try_get(place)
    }

    fn version(&self) -> Option<ConfigRow> {
        let content = match (self.json(11).ok()?, self.json(12).ok()?) {
            (Some(schema), Some(defaults)) => Some((schema, defaults)),
            _ => None,
        };
        Some(ConfigRow::Version(VersionRow {
            id: self.id(),
            template_id: self.template()?,
            version: self.text(5)?.to_owned(),
            status: self.text(6)?.parse().ok()?,
            is_judged: self.0.get(8),
            is_literal: self.0.get(9),
            created: self.0.get(10),
            stamp: self.text(7).map(ToOwned::to_owned),
            content,
        }))
    }

    fn customization(&self) -> Option<ConfigRow> {
        Some(ConfigRow::Customization(Customization {
            id: self.id(),
            client_id: self.client()?,
            template_id: self.template()?,
            template_version: self.text(5).map(ToOwned::to_owned),
            is_literal: self.0.get(9),
            config: self.json(11).ok()?.unwrap_or_default(),
        }))
    }

    fn value(&self) -> Option<ConfigRow> {
        Some(ConfigRow::Value(ValueRow {
            id: self.id(),
            client_id: self.client(),
            scope: Scope { template_id: self.template(), environment: self.text(4)?.parse().ok() },
            key: self.text(5)?.to_owned(),
            is_literal: self.0.get(9),
            value: self.json(11).ok()??,
            schema: self.json(12).ok()?.and_then(said),
        }))
    }

    fn applied(&self) -> Option<ConfigRow> {
        Some(ConfigRow::Applied(Applied {
            id: self.id(),
            client_id: self.client()?,
            template_id: self.template(),
            environment: self.text(4)?.parse().ok()?,
            config: applied_config(self.json(11).ok()?, self.json(12).ok()?),
        }))
    }
}
