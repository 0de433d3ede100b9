use std::process::ExitCode;

use super::{connect, output};
use crate::Result;
use crate::db::migrate::seeds;
use crate::settings::Settings;

/// How many rows seeding added.
#[derive(serde::Serialize)]
struct Seeded {
    added: i64,
}

pub async fn run(settings: &Settings) -> Result<ExitCode> {
    let added = connect::act(settings, "seed", async |tx| seeds::add_missing(tx).await).await?;
    output::answer(settings.format, &Seeded { added }, || match added {
        0 => "every row that Tenantry needs is there; what people edited is left as it is".to_owned(),
        count => format!("added {count} rows"),
    });
    Ok(ExitCode::SUCCESS)
}
