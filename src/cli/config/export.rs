use clap::ValueEnum;

use super::Which;
use crate::Result;
use crate::cli::{connect, output};
use crate::configurations::documents::Compiled;
use crate::configurations::export::{self, export};
use crate::settings::{Format, Settings};
use crate::snapshots::variables;

/// Options of `tenantry config export`.
#[derive(Debug, clap::Args)]
pub struct Export {
    #[command(flatten)]
    which: Which,

    /// As what
    #[arg(long = "as", value_name = "FORM", value_enum, default_value_t)]
    form: Form,
}

/// What a document is written as.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Form {
    /// The document itself
    #[default]
    Json,
    /// `NAME=value` for each key that has the name of a variable by `x-env-name`
    Env,
}

pub(super) async fn run(command: &Export, settings: &Settings) -> Result<()> {
    let exported = connect::act(settings, "config export", async |tx| {
        Ok(export(tx, &Compiled::default(), &command.which.asked(tx).await?).await?)
    })
    .await?;
    let export::Export { document, sources, left_out } = exported;
    match command.form {
        Form::Json => output::answer(Format::Json, &document, String::new),
        Form::Env => {
            let found = variables::of(&document, &|path| sources.env_name(path).map(ToOwned::to_owned));
            output::line(variables::render(&found).trim_end());
        }
    }
    for pointer in left_out.iter().filter(|_| settings.format == Format::Text) {
        output::note(format!("left out, since it is secret: {pointer}"));
    }
    Ok(())
}
