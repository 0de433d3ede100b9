use std::process::ExitCode;

use serde::Serialize;

use super::output;
use crate::Result;
use crate::auth::key_folder::KeyFolder;
use crate::settings::Settings;

/// `tenantry auth …`.
#[derive(Debug, clap::Subcommand)]
pub enum Auth {
    /// Make a new signing key for access tokens; the one before is believed until the next rotation, others no more
    ///
    /// Servers take it within a second, without a restart. Where a key may have been stolen, rotate twice: then whoever is
    /// signed in signs in again.
    #[command(after_help = "Example: tenantry auth rotate-keys")]
    RotateKeys,
}

#[derive(Serialize)]
struct Rotated {
    signs: String,
    still_believed: Vec<String>,
}

/// Runs `tenantry auth …`.
pub fn run(command: &Auth, settings: &Settings) -> Result<ExitCode> {
    match command {
        Auth::RotateKeys => {
            let mut live = KeyFolder::rotate(&settings.keys_folder())?;
            let rotated = Rotated { signs: live.remove(0), still_believed: live };
            output::answer(settings.format, &rotated, || {
                let still = rotated.still_believed.first();
                let still = still.map_or_else(String::new, |id| format!("\n{id} is believed until the next rotation"));
                format!("{} signs from now on{still}", rotated.signs)
            });
        }
    }
    Ok(ExitCode::SUCCESS)
}
