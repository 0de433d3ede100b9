use std::process::ExitCode;

use super::{connect, output};
use crate::db::caller::Caller;
use crate::db::migrate::ledger;
use crate::db::tx::Tx;
use crate::settings::Settings;
use crate::{Result, types};

/// The file, for a machine that wants an answer in JSON.
#[derive(serde::Serialize)]
struct Printed {
    typescript: String,
}

pub async fn run(settings: &Settings) -> Result<ExitCode> {
    let typescript = connect::with(settings, async |admin| {
        ledger::needs_schema(admin).await?;
        let tx = Tx::begin(admin, &Caller::Worker, "print the types").await?;
        let (catalog, surroundings) = types::read::public(&tx).await?;
        Ok(types::database(&catalog, &surroundings))
    })
    .await?;
    let printed = Printed { typescript };
    output::answer(settings.format, &printed, || printed.typescript.trim_end().to_owned());
    Ok(ExitCode::SUCCESS)
}
