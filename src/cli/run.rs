use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use zeroize::Zeroizing;

use self::ask::{Answer, Server};
use self::copy::Copy;
use super::output;
use crate::clock::Clock;
use crate::snapshots::variables::{self, Variables};
use crate::{Error, Result};

mod ask;
mod copy;

/// Options of `tenantry run`.
#[derive(Debug, clap::Args)]
pub struct Run {
    /// Runtime token of the app; everybody on the machine can read a command line, so rather put it into the variable
    #[arg(long, env = "TENANTRY_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Secret,

    /// Where the server answers
    #[arg(long, env = "TENANTRY_URL", value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: Server,

    /// Seconds that the server may take to answer before the copy is used
    #[arg(long, env = "TENANTRY_RUN_TIMEOUT", value_name = "S", default_value_t = 5,
          value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: u64,

    /// Folder for an encrypted copy of the variables, which the next start uses where the server can't be reached
    /// [default: `tenantry` in `XDG_CACHE_HOME`, or `~/.cache`]
    #[arg(long, env = "TENANTRY_COPIES", value_name = "DIR")]
    copies: Option<PathBuf>,

    /// Keep no copy, and start nothing where the server can't be reached
    #[arg(long, conflicts_with = "copies")]
    no_copy: bool,

    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// A token as it was given; overwritten when it goes, and never printed.
#[derive(Clone)]
struct Secret(Zeroizing<String>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(a token)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

/// Starts a command with the variables of an app's configuration, in this process's place.
pub async fn run(command: &Run) -> Result<ExitCode> {
    let variables = command.variables().await?;
    let (program, arguments) = command.command.split_first().ok_or_else(|| Error::usage("name a command after --"))?;
    // The command has the values: the token would give it nothing but what may be read later.
    let failed =
        std::process::Command::new(program).args(arguments).env_remove("TENANTRY_TOKEN").envs(variables).exec();
    let program = program.to_string_lossy();
    Err(Error::failure(format!("{program} can't be started: {failed}"))
        .mend("check the command after --")
        .caused_by(failed))
}

impl Run {
    /// From the server; from the copy where it can't be reached.
    async fn variables(&self) -> Result<Variables> {
        let copy = self.copy();
        let patience = Duration::from_secs(self.timeout);
        match self.url.variables(&self.token.0, patience).await {
            Answer::Variables(text) => {
                let read = variables::parse(&text).ok_or_else(|| not_ours(&self.url))?;
                if let Some(copy) = copy
                    && let Err(error) = copy.keep(&text, Clock::System.now())
                {
                    output::note(format!(
                        "tenantry: no copy was kept for a start without the server: {}",
                        error.what()
                    ));
                }
                Ok(read)
            }
            Answer::Refused(error) => {
                // What was taken away isn't read from a copy either.
                if let Some(copy) = copy {
                    copy.drop_it()?;
                }
                Err(error)
            }
            Answer::Faulty(error) => Err(error),
            Answer::Away(error) => {
                let Some(kept) = copy.and_then(|copy| copy.open()) else {
                    return Err(
                        error.mend("start the server, or name it with --url; there is no copy of an earlier start")
                    );
                };
                output::note(format!("tenantry: {}; starting with the variables of {:.0}", error.what(), kept.at));
                variables::parse(&kept.text).ok_or_else(|| not_ours(&self.url))
            }
        }
    }

    /// Where the copy is; none where there is to be none, or no place for it.
    fn copy(&self) -> Option<Copy> {
        let folder = match (&self.copies, self.no_copy) {
            (_, true) => return None,
            (Some(folder), _) => folder.clone(),
            (None, _) => {
                let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
                set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")))?.join("tenantry")
            }
        };
        Some(Copy::new(folder, self.url.as_str(), &self.token.0))
    }
}

fn not_ours(server: &Server) -> Error {
    Error::failure(format!("{} answered with something that isn't a file of variables", server.as_str()))
        .mend("check that --url names a Tenantry server")
}
