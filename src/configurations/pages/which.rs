use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::subject::Subject;
use crate::configurations::asked::{Asked, Found};
use crate::configurations::documents::{Compiled, Target};
use crate::configurations::{AsOf, Environment, View};
use crate::console::Visitor;
use crate::console::list;
use crate::db::policies::rules::Role;
use crate::db::tx::Tx;
use crate::problem::Problem;

/// The parts of an address that say which document.
const PARTS: [&str; 3] = ["template", "environment", "as_of"];

/// Which document a page is about.
pub(super) struct Which<'a> {
    pub(super) subject: Subject,
    address: &'a list::Asked,
    pub(super) asked: Asked,
}

impl<'a> Which<'a> {
    /// What an address says; moments without a zone are in the visitor's.
    pub(super) fn read(subject: Subject, address: &'a list::Asked, visitor: &Visitor) -> Result<Self, Problem> {
        let as_of = address.some("as_of").map(|text| moment(text, &visitor.zone));
        let template = if subject.is_shared() { subject.template() } else { address.some("template") };
        let template = template.map(ToOwned::to_owned);
        let asked = Asked::read(subject.client_id(), template, address.some("environment"), as_of.as_deref())?;
        Ok(Self { subject, address, asked })
    }

    /// The document itself, where the visitor sees it.
    pub(super) async fn find(&self, tx: &Tx<'_>, compiled: &Compiled, visitor: &Visitor) -> Result<Found, Problem> {
        self.subject.refuse_others(tx, visitor).await?;
        if self.subject.is_shared() {
            self.asked.find_shared(tx, compiled).await
        } else {
            self.asked.find(tx, compiled, view(visitor)).await
        }
    }

    /// The address of a page about this document, with more said.
    pub(super) fn at(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut address = list::Asked::parse(path, "");
        for part in PARTS {
            if let Some(value) = self.address.some(part) {
                address = address.with(part, value);
            }
        }
        more.iter().fold(address, |address, (name, value)| address.with(name, value)).href()
    }

    /// The address of the document's page, with one thing said otherwise and the rest as it is.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        if value.is_empty() { self.address.without(name).href() } else { self.address.with(name, value).href() }
    }

    /// The path of the document's page.
    pub(super) fn path(&self) -> String {
        self.subject.path()
    }

    /// Whether former configuration is shown.
    pub(super) fn is_past(&self) -> bool {
        self.asked.as_of.is_some()
    }

    /// The moment, as the field for it shows it.
    pub(super) fn moment(&self, visitor: &Visitor) -> String {
        match self.asked.as_of {
            None => String::new(),
            Some(AsOf::Revision(revision)) => revision.to_string(),
            Some(AsOf::Time(time)) => {
                time.to_zoned(visitor.zone.clone()).datetime().strftime("%Y-%m-%dT%H:%M").to_string()
            }
        }
    }
}

/// How much of documents somebody is shown.
pub(super) fn view(visitor: &Visitor) -> View {
    if visitor.person.role == Role::Client { View::Client } else { View::Staff }
}

/// What people call an environment.
pub(super) fn environment(environment: Environment) -> &'static str {
    match environment {
        Environment::Development => "Development",
        Environment::Staging => "Staging",
        Environment::Production => "Production",
    }
}

/// The same document in another environment.
pub(super) fn in_environment(target: &Target, environment: Environment) -> Target {
    Target { environment, ..target.clone() }
}

/// A moment as the browser's field sends it, said exactly.
fn moment(text: &str, zone: &TimeZone) -> String {
    let civil = text.parse::<DateTime>().ok().filter(|_| text.contains('T') && !text.ends_with('Z'));
    let exact = civil.and_then(|civil| civil.to_zoned(zone.clone()).ok());
    exact.map_or_else(|| text.to_owned(), |zoned| zoned.timestamp().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_without_a_zone_is_in_that_of_the_reader() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        assert_eq!(moment("2026-11-23T10:00", &zone), "2026-11-23T08:00:00Z");
        assert_eq!(moment("2026-11-23T10:00:00Z", &zone), "2026-11-23T10:00:00Z");
        assert_eq!(moment("42", &zone), "42");
        assert_eq!(moment("soon", &zone), "soon");
    }
}
