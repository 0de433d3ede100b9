use serde_json::{Map, Value};

use super::types::{DUNNINGS, FREQUENCIES, PAYMENTS, STATUSES, TIERS};
use crate::console::record::{self, Field, Kind};
use crate::problem::Problem;

/// What is billed, and until when.
const SUBSCRIPTION: &str = "Subscription";

/// What is due.
const AMOUNTS: &str = "Invoices and balance";

/// How it is paid.
const PAYMENT: &str = "Payment";

/// What the subscription includes.
const USAGE: &str = "Usage";

/// The headings of an account, in order.
pub const SECTIONS: [&str; 4] = [SUBSCRIPTION, AMOUNTS, PAYMENT, USAGE];

/// The columns that hold secrets: what was typed is sealed, and what is there isn't shown.
pub const SECRETS: [(&str, &str); 3] =
    [("payment_method_id", "Means of payment"), ("tax_id", "Tax number"), ("vat_number", "VAT number")];

/// Every other column that people write, in order.
pub const FIELDS: &[Field] = {
    use Kind::{Amount, Day, Email, Json, Line, OneOf};
    &[
        Field::new("subscription_tier", "Tier", SUBSCRIPTION, OneOf(&TIERS)).required(),
        Field::new("subscription_status", "Status", SUBSCRIPTION, OneOf(&STATUSES)).required(),
        Field::new("billing_frequency", "Billed", SUBSCRIPTION, OneOf(&FREQUENCIES)).required(),
        Field::new("trial_end_date", "Trial until", SUBSCRIPTION, Day),
        Field::new("subscription_start_date", "From", SUBSCRIPTION, Day),
        Field::new("subscription_end_date", "Until", SUBSCRIPTION, Day),
        Field::new("currency", "Currency", AMOUNTS, Line(3)).required().hint("Its ISO 4217 code, such as EUR."),
        Field::new("invoice_amount", "Amount of an invoice", AMOUNTS, Amount).required(),
        Field::new("overage_charges", "Charges for use beyond the limits", AMOUNTS, Amount).required(),
        Field::new("account_balance", "Balance of the account", AMOUNTS, Amount)
            .required()
            .hint("Below zero is what the client owes."),
        Field::new("credit_balance", "Credit", AMOUNTS, Amount).required(),
        Field::new("last_invoice_date", "Last invoice", AMOUNTS, Day),
        Field::new("next_invoice_date", "Next invoice", AMOUNTS, Day).hint("Without a day, nobody is billed."),
        Field::new("billing_email", "Invoices go to", PAYMENT, Email),
        Field::new("billing_address", "Address on invoices", PAYMENT, Json),
        Field::new("payment_provider", "Provider", PAYMENT, Line(100)),
        Field::new("payment_status", "Means of payment", PAYMENT, OneOf(&PAYMENTS)).required(),
        Field::new("dunning_status", "Reminding", PAYMENT, OneOf(&DUNNINGS)).required(),
        Field::new("usage_limits", "What is included", USAGE, Json)
            .hint("Names and numbers: {\"monthlyVisits\": 10000}."),
        Field::new("current_usage", "What was used in this period", USAGE, Json),
    ]
};

/// What stands in the form of an account that isn't there yet: nobody pays by omission.
pub const NEW: [(&str, &str); 10] = [
    ("subscription_tier", "standard"),
    ("subscription_status", "trial"),
    ("billing_frequency", "monthly"),
    ("currency", "USD"),
    ("invoice_amount", "0"),
    ("overage_charges", "0"),
    ("account_balance", "0"),
    ("credit_balance", "0"),
    ("payment_status", "pending"),
    ("dunning_status", "none"),
];

/// What a field is called.
pub fn label(name: &str) -> &'static str {
    FIELDS.iter().find(|field| field.name == name).map_or("", |field| field.label)
}

/// What was typed into a form, column by column; every fault at once.
pub fn parse<'t>(typed: impl Fn(&str) -> Option<&'t str>) -> Result<Map<String, Value>, Problem> {
    record::parse(FIELDS, "the account can't be saved like this", typed)
}
