use axum::body::Body;
use axum::extract::State;
use axum::http::Response;

use crate::clients::store;
use crate::clients::types::{Client, Filter};
use crate::console::list::Asked;
use crate::console::{Console, Csv, Names, Visitor};
use crate::problem::Problem;

const HEADINGS: [&str; 12] = [
    "id",
    "name",
    "email",
    "company_name",
    "status",
    "tier",
    "industry",
    "business_size",
    "manager",
    "renewal_date",
    "created_at",
    "updated_at",
];

/// All clients of a list, as a file.
pub(super) async fn export(
    State(console): State<Console>,
    visitor: Visitor,
    asked: Asked,
) -> Result<Response<Body>, Problem> {
    let filter = Filter::parse(|name| asked.some(name))?;
    let tx = visitor.snapshot(&console).await?;
    let (_, managing) = store::choices(&tx).await?;
    let names = Names::of(&tx, &visitor, managing).await?;
    let mut csv = Csv::new(HEADINGS);
    store::each(&tx, &filter, |client| line(&mut csv, &client, &names)).await?;
    Ok(csv.answer("clients.csv"))
}

fn line(csv: &mut Csv, client: &Client, names: &Names) {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let fields = [
        client.id.to_string(),
        client.name.clone(),
        client.email.clone(),
        or_empty(&client.company_name),
        client.standing().to_owned(),
        client.tier.clone(),
        or_empty(&client.industry),
        or_empty(&client.business_size),
        client.manager.map(|id| names.name(id).to_owned()).unwrap_or_default(),
        client.renewal_date.map(|date| date.to_string()).unwrap_or_default(),
        client.created_at.to_string(),
        client.updated_at.to_string(),
    ];
    csv.line(fields.iter().map(String::as_str));
}
