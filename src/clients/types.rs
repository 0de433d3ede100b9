use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use crate::problem::{Fault, Problem};

/// How a client stands.
pub const STATUSES: [&str; 4] = ["active", "inactive", "suspended", "churned"];

/// How a client is served.
pub const TIERS: [&str; 4] = ["standard", "basic", "premium", "enterprise"];

/// How large a client's business is.
pub const SIZES: [&str; 4] = ["startup", "small", "medium", "enterprise"];

/// Of a list, what asks for those that were put away.
pub const ARCHIVED: &str = "archived";

/// In place of a manager, what asks for those that have none.
pub const NOBODY: &str = "nobody";

/// A client, as lists show it.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its key.
    pub id: Uuid,
    /// What the agency calls it.
    pub name: String,
    /// Its main address.
    pub email: String,
    /// The registered name, where it is another.
    pub company_name: Option<String>,
    /// Its line of business.
    pub industry: Option<String>,
    /// How large it is.
    pub business_size: Option<String>,
    /// How it stands.
    pub status: String,
    /// How it is served.
    pub tier: String,
    /// Who manages it.
    pub manager: Option<Uuid>,
    /// The day by which its contract has to be renewed.
    pub renewal_date: Option<Date>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Since when it is put away.
    pub archived_at: Option<Timestamp>,
}

impl Client {
    /// How it stands, or that it was put away.
    pub fn standing(&self) -> &str {
        if self.archived_at.is_some() { ARCHIVED } else { &self.status }
    }
}

/// What narrows a list of clients; what isn't said narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Somewhere in name, company or address.
    pub search: Option<String>,
    /// Their status; [`ARCHIVED`] for those that were put away, which no other list has.
    pub status: Option<String>,
    /// Their tier.
    pub tier: Option<String>,
    /// Their line of business.
    pub industry: Option<String>,
    /// Who manages them.
    pub manager: Option<Uuid>,
    /// Nobody manages them.
    pub is_unmanaged: bool,
    /// How large they are.
    pub size: Option<String>,
}

impl Filter {
    /// By what was asked under a name.
    pub fn parse<'a>(asked: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Problem> {
        let text = |name| asked(name).map(ToOwned::to_owned);
        let (manager, is_unmanaged) = match asked("manager") {
            None => (None, false),
            Some(NOBODY) => (None, true),
            Some(id) => (Some(parse_manager(id)?), false),
        };
        Ok(Self {
            search: text("q"),
            status: text("status"),
            tier: text("tier"),
            industry: text("industry"),
            manager,
            is_unmanaged,
            size: text("size"),
        })
    }

    /// Whether it asks for those that were put away.
    pub fn is_archived(&self) -> bool {
        self.status.as_deref() == Some(ARCHIVED)
    }
}

fn parse_manager(id: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(id).map_err(|_| {
        let fault = Fault::at("manager", "id", "this is nobody's id").mend("choose a manager of the list");
        Problem::faults("the list can't be narrowed so", vec![fault])
    })
}

/// What is done to several clients at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bulk {
    /// Gives them a manager, or takes away the one that they have.
    Assign(Option<Uuid>),
    /// Has them served otherwise.
    Tier(String),
    /// Puts them away.
    Archive,
    /// Brings them back.
    Restore,
}

impl Bulk {
    /// By the words of a form; which fault it has where it has one.
    pub fn parse(act: &str, manager: &str, tier: &str) -> Result<Self, Problem> {
        let refused = |pointer, detail: &str| {
            Problem::faults("choose what is to be done", vec![Fault::at(pointer, "choice", detail)])
        };
        match act {
            "assign" if manager == NOBODY => Ok(Self::Assign(None)),
            "assign" => {
                let id = Uuid::try_parse(manager);
                id.map(Some).map(Self::Assign).map_err(|_| refused("/manager", "choose who is to manage them"))
            }
            "tier" if TIERS.contains(&tier) => Ok(Self::Tier(tier.to_owned())),
            "tier" => Err(refused("/tier", "choose a tier")),
            "archive" => Ok(Self::Archive),
            "restore" => Ok(Self::Restore),
            _ => Err(refused("/act", "choose one: assign a manager, set the tier, archive, bring back")),
        }
    }

    /// Whether it changes a client.
    pub fn changes(&self, client: &Client) -> bool {
        match self {
            Self::Assign(manager) => client.manager != *manager,
            Self::Tier(tier) => client.tier != *tier,
            Self::Archive => client.archived_at.is_none(),
            Self::Restore => client.archived_at.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_says_who_manages_or_that_nobody_does() {
        let by = |manager: &'static str| Filter::parse(move |name| (name == "manager").then_some(manager));
        assert!(by(NOBODY).is_ok_and(|filter| filter.is_unmanaged && filter.manager.is_none()));
        assert!(by("a1000000-0000-4000-8000-000000000000").is_ok_and(|filter| filter.manager.is_some()));
        assert_eq!(by("' OR true").expect_err("no id").errors[0].pointer, "manager");
        assert_eq!(Filter::parse(|_| None), Ok(Filter::default()));
    }

    #[test]
    fn an_act_needs_what_it_is_about() {
        assert_eq!(Bulk::parse("assign", NOBODY, ""), Ok(Bulk::Assign(None)));
        assert_eq!(Bulk::parse("tier", "", "premium"), Ok(Bulk::Tier("premium".to_owned())));
        for (act, pointer) in [("assign", "/manager"), ("tier", "/tier"), ("delete", "/act"), ("", "/act")] {
            assert_eq!(Bulk::parse(act, "x", "gold").expect_err(act).errors[0].pointer, pointer);
        }
    }
}
