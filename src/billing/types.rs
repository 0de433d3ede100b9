use jiff::civil::Date;
use uuid::Uuid;

/// What is billed.
pub const TIERS: [&str; 4] = ["basic", "standard", "premium", "enterprise"];

/// How a subscription stands.
pub const STATUSES: [&str; 4] = ["trial", "active", "suspended", "cancelled"];

/// How often a client is billed.
pub const FREQUENCIES: [&str; 3] = ["monthly", "yearly", "one-time"];

/// Whether the means of payment works.
pub const PAYMENTS: [&str; 4] = ["pending", "valid", "failed", "expired"];

/// How far reminding has gone.
pub const DUNNINGS: [&str; 4] = ["none", "soft", "hard", "final"];

/// A client's account, as lists show it. Amounts are decimal text of its currency.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its key.
    pub id: Uuid,
    /// Whose it is.
    pub client_id: Uuid,
    /// What the client is called.
    pub client: String,
    /// What is billed.
    pub tier: String,
    /// How the client is served, which may be another tier.
    pub served_as: String,
    /// How the subscription stands.
    pub status: String,
    /// Whether the means of payment works.
    pub payment: String,
    /// How far reminding has gone.
    pub dunning: String,
    /// The currency of all its amounts.
    pub currency: String,
    /// What an invoice is about.
    pub invoice: String,
    /// What the client owes; zero where it owes nothing.
    pub owed: String,
    /// The day of the next invoice.
    pub next_invoice: Option<Date>,
}

/// What narrows a list of accounts; what isn't said narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Somewhere in the client's name or company.
    pub search: Option<String>,
    /// What is billed.
    pub tier: Option<String>,
    /// How the subscription stands.
    pub status: Option<String>,
    /// Whether the means of payment works.
    pub payment: Option<String>,
    /// How far reminding has gone.
    pub dunning: Option<String>,
}

impl Filter {
    /// By what was asked under a name.
    pub fn parse<'a>(asked: impl Fn(&str) -> Option<&'a str>) -> Self {
        let text = |name| asked(name).map(ToOwned::to_owned);
        Self {
            search: text("q"),
            tier: text("tier"),
            status: text("status"),
            payment: text("payment"),
            dunning: text("dunning"),
        }
    }
}

/// The accounts of one currency together. Amounts are decimal text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// The currency.
    pub currency: String,
    /// How many accounts there are.
    pub accounts: i64,
    /// What the next invoices are about, of those that are due to be written.
    pub next_invoices: String,
    /// What clients owe.
    pub owed: String,
    /// What clients have to their credit.
    pub credit: String,
}
