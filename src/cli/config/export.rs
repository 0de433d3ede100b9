use super::Which;
use crate::Result;
use crate::cli::{connect, output};
use crate::configurations::documents::Compiled;
use crate::configurations::export::{Export, export};
use crate::settings::{Format, Settings};

pub(super) async fn run(which: &Which, settings: &Settings) -> Result<()> {
    let Export { document, sources: _, left_out } = connect::act(settings, "config export", async |tx| {
        Ok(export(tx, &Compiled::default(), &which.asked(tx).await?).await?)
    })
    .await?;
    output::answer(Format::Json, &document, String::new);
    for pointer in left_out.iter().filter(|_| settings.format == Format::Text) {
        output::note(format!("left out, since it is secret: {pointer}"));
    }
    Ok(())
}
