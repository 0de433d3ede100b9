use std::process::ExitCode;

use super::{connect, output};
use crate::db::migrate::ledger;
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
        let tx = admin.transaction().await?;
        tx.batch_execute("SET LOCAL ROLE tenantry_worker; SET LOCAL search_path = ''").await?;
        let (catalog, surroundings) = types::read::public(&tx).await?;
        Ok(types::database(&catalog, &surroundings))
    })
    .await?;
    let printed = Printed { typescript };
    output::answer(settings.format, &printed, || printed.typescript.trim_end().to_owned());
    Ok(ExitCode::SUCCESS)
}
