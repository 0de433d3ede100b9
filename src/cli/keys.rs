use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;

use envelope::{Key, KeyId, Owner, recovery};
use serde::Serialize;
use zeroize::Zeroizing;

use super::connect;
use super::output;
use super::progress::Shown;
use crate::auth::passwords::Password;
use crate::db::caller::Caller;
use crate::db::migrate::ledger;
use crate::db::tx::Tx;
use crate::members::actions::the_client;
use crate::secrets::rotate::{self, Begun, Step, What};
use crate::secrets::sweep;
use crate::secrets::verify::{self, Listed, Role};
use crate::secrets::{Keys as Held, recover};
use crate::settings::Settings;
use crate::{Error, Result, files};

/// `tenantry keys …`.
#[derive(Debug, clap::Subcommand)]
pub enum Keys {
    /// List the keys that secrets are under, where they are and what needs them; never the keys themselves
    #[command(after_help = "Example: tenantry keys list --format json")]
    List,

    /// Print a new key, for a variable or a credential; a file is made by itself
    #[command(after_help = "Example: tenantry keys generate >> /etc/tenantry/encryption-keys")]
    Generate,

    /// Put secrets under a new key; ended anywhere, the next one goes on
    ///
    /// Without --client, a new key-encryption key is put before the others in its file, and every data key is wrapped by it:
    /// a moment's work, whatever the number of secrets. Keys in a variable or a credential are the operator's to change:
    /// put the new one first, then run this. With --client, that client gets a new data key, and every secret of it is
    /// sealed anew.
    #[command(after_help = "Examples:\n  tenantry keys rotate\n  tenantry keys rotate --client hello@shop.example")]
    Rotate {
        /// Client whose secrets are sealed anew, by id, e-mail or name
        #[arg(long, value_name = "CLIENT", conflicts_with = "global")]
        client: Option<String>,
        /// Seal the secrets of global and template rows anew
        #[arg(long)]
        global: bool,
    },

    /// Open every secret, and look for masks that don't belong where they stand; exit code 1 where something is wrong
    #[command(after_help = "Example: tenantry keys verify")]
    Verify,

    /// Remove secrets that nothing refers to any more; the server does it once a day
    ///
    /// Those are what rejected and withdrawn changes leave, and former values of rows without a history. What history or a
    /// change that may still be applied needs stays, and so does what is younger than an hour.
    #[command(after_help = "Example: tenantry keys sweep")]
    Sweep,

    /// Write the keys to a file that a passphrase opens, to be kept apart from the backups
    ///
    /// Without --passphrase-stdin a passphrase is made and printed once, on standard error.
    #[command(after_help = "Example: tenantry keys export-recovery /media/safe/tenantry-keys.txt")]
    ExportRecovery {
        /// Take the passphrase from the first line of standard input
        #[arg(long)]
        passphrase_stdin: bool,
        /// File to write
        file: PathBuf,
    },

    /// Bring the keys of a recovery export back, after those that are there; the passphrase is the first line of standard
    /// input
    #[command(after_help = "Example: tenantry keys import-recovery /media/safe/tenantry-keys.txt < passphrase.txt")]
    ImportRecovery {
        /// File that `export-recovery` wrote
        file: PathBuf,
    },
}

#[derive(Serialize)]
struct Rotated {
    begun: Begun,
    moved: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    encrypts: Option<String>,
}

#[derive(Serialize)]
struct Swept {
    swept: u64,
}

#[derive(Serialize)]
struct Exported<'a> {
    file: &'a PathBuf,
    keys: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    passphrase: Option<&'a str>,
}

/// Runs `tenantry keys …`.
pub async fn run(command: &Keys, settings: &Settings) -> Result<ExitCode> {
    match command {
        Keys::List => list(settings).await?,
        Keys::Generate => {
            let key = Key::generate().map_err(|error| Error::failure(error.to_string()))?;
            output::line(key.print().as_str());
        }
        Keys::Rotate { client, global } => rotate(client.as_deref(), *global, settings).await?,
        Keys::Verify => return verify(settings).await,
        Keys::Sweep => sweep(settings).await?,
        Keys::ExportRecovery { passphrase_stdin, file } => export(*passphrase_stdin, file, settings).await?,
        Keys::ImportRecovery { file } => import(file, settings)?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(settings: &Settings) -> Result<()> {
    let keys = Held::of(settings)?;
    let found = connect::act(settings, "keys list", async |tx| verify::list(tx, &keys).await).await?;
    output::answer(settings.format, &found, || {
        if found.is_empty() {
            return format!("no keys yet; the first start makes one in {}", keys.source().describe());
        }
        let row = |key: &Listed| {
            let role = match key.role {
                Role::Encrypts => "encrypts",
                Role::Decrypts if key.first_used_at.is_none() => "isn't needed by this database",
                Role::Decrypts => "decrypts",
                Role::Missing => "MISSING",
            };
            let since = key.first_used_at.map_or_else(String::new, |at| format!("{at:.0}"));
            [key.key_id.clone(), role.to_owned(), since, key.data_keys.to_string(), key.secrets.to_string()]
        };
        let table = output::table(["key", "role", "needed since", "data keys", "secrets"], found.iter().map(row));
        format!("keys of {}\n{table}", keys.source().describe())
    });
    Ok(())
}

async fn sweep(settings: &Settings) -> Result<()> {
    let swept = connect::with(settings, async |admin| {
        ledger::needs_schema(admin).await?;
        sweep::sweep(admin, &Caller::operator()).await
    })
    .await?;
    output::answer(settings.format, &Swept { swept }, || match swept {
        0 => "every secret is needed".to_owned(),
        1 => "removed one secret that nothing refers to".to_owned(),
        count => format!("removed {count} secrets that nothing refers to"),
    });
    Ok(())
}

async fn rotate(client: Option<&str>, global: bool, settings: &Settings) -> Result<()> {
    let keys = Held::of(settings)?;
    let shown = Shown::new();
    let rotated = connect::with(settings, async |admin| {
        ledger::needs_schema(admin).await?;
        let caller = Caller::operator();
        let tx = Tx::begin(admin, &caller, "keys rotate").await?;
        let what = match client {
            Some(client) => What::DataKey(Owner::Client(the_client(&tx, client).await?.id)),
            None if global => What::DataKey(Owner::Global),
            None => What::Wrapping,
        };
        let begun = rotate::begin(&tx, &keys, what).await?;
        tx.commit().await?;
        let mut moved = 0;
        loop {
            let tx = Tx::begin(admin, &caller, "keys rotate").await?;
            let step = rotate::step(&tx, &keys, what, rotate::BATCH).await?;
            tx.commit().await?;
            match step {
                Step::Moved(count) => moved += count,
                Step::Done => break,
            }
            shown.say(&format!("{moved} under the new key"));
        }
        let encrypts = keys.ring().filter(|_| what == What::Wrapping).map(|ring| ring.first().id().to_string());
        Ok(Rotated { begun, moved, encrypts })
    })
    .await
    .inspect_err(|_| shown.done())?;
    shown.done();
    output::answer(settings.format, &rotated, || text(&rotated));
    Ok(())
}

fn text(rotated: &Rotated) -> String {
    let resumed = if rotated.begun == Begun::Resumed { "went on with the last rotation: " } else { "" };
    match &rotated.encrypts {
        Some(key) => format!(
            "{resumed}{key} encrypts from now on, and {} data keys were wrapped by it\n\
             Keep the former keys for as long as there are backups from before; the database needs them no more.",
            rotated.moved
        ),
        None if rotated.begun == Begun::Nothing => "there are no such secrets yet, so nothing to seal anew".to_owned(),
        None => format!("{resumed}{} secrets were sealed anew under a new data key", rotated.moved),
    }
}

async fn verify(settings: &Settings) -> Result<ExitCode> {
    let keys = Held::of(settings)?;
    let verified = connect::act(settings, "keys verify", async |tx| verify::verify(tx, &keys).await).await?;
    output::answer(settings.format, &verified, || {
        if verified.findings.is_empty() {
            return verified.sentence();
        }
        let rows = verified.findings.iter().map(|found| [found.place.clone(), found.what.clone(), found.mend.clone()]);
        output::table(["place", "what", "mend"], rows)
    });
    Ok(if verified.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn export(passphrase_stdin: bool, file: &PathBuf, settings: &Settings) -> Result<()> {
    let keys = Held::of(settings)?;
    let made = if passphrase_stdin { None } else { Some(Password::generated()?) };
    let passphrase = match &made {
        Some(made) => Zeroizing::new(made.reveal().to_owned()),
        None => first_line()?,
    };
    let text = connect::act(settings, "keys export-recovery", async |tx| recover::export(tx, &keys, &passphrase).await)
        .await?;
    let (folder, name) = (file.parent().unwrap_or(file), file.file_name().and_then(|name| name.to_str()));
    let folder = if folder.as_os_str().is_empty() { std::path::Path::new(".") } else { folder };
    files::write_new(folder, name.unwrap_or_default(), text.as_bytes(), 0o400).map_err(|error| {
        Error::failure(format!("can't write {}: {error}", file.display()))
            .mend("name a file that isn't there yet, in a folder that you may write to")
    })?;
    let ids = recovery::key_ids(&text).unwrap_or_default();
    let exported = Exported {
        file,
        keys: ids.iter().map(ToString::to_string).collect(),
        passphrase: made.as_ref().map(Password::reveal),
    };
    output::answer(settings.format, &exported, || {
        let shown = made.as_ref().map_or_else(String::new, |made| {
            format!("\npassphrase, shown this once and kept nowhere: {}", made.reveal())
        });
        format!(
            "wrote {} to {}{shown}\nKeep file and passphrase apart, and both apart from the backups.",
            exported.keys.join(", "),
            file.display()
        )
    });
    Ok(())
}

fn import(file: &PathBuf, settings: &Settings) -> Result<()> {
    let keys = Held::of(settings)?;
    let text = std::fs::read_to_string(file).map_err(|error| {
        Error::usage(format!("can't read {}: {error}", file.display())).mend("name the file that export-recovery wrote")
    })?;
    let brought = recover::import(&keys, &text, &first_line()?)?;
    let ids: Vec<String> = brought.iter().map(KeyId::to_string).collect();
    output::answer(settings.format, &ids, || match ids.len() {
        0 => format!("every key of it is in {} already", keys.source().describe()),
        _ => format!("brought back {} into {}", ids.join(", "), keys.source().describe()),
    });
    Ok(())
}

/// The first line of standard input.
fn first_line() -> Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    std::io::stdin().lock().read_to_string(&mut text).map_err(|error| {
        Error::usage(format!("can't read the passphrase: {error}"))
            .mend("give it as a line of UTF-8 text on standard input")
    })?;
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}
