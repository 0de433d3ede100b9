use std::io::BufRead as _;
use std::process::ExitCode;

use clap::Subcommand;
use jiff::Timestamp;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{connect, output};
use crate::auth::passwords::Password;
use crate::members::{EmailAddress, Person, Role, actions};
use crate::settings::{Settings, SignIn, public_url};
use crate::{Error, Result};

#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a person; without --password-stdin a password is made and printed once
    #[command(after_help = "Example: tenantry user create --email mia@agency.example --role manager")]
    Create {
        /// Address that they sign in with
        #[arg(long, value_name = "E")]
        email: EmailAddress,
        /// What they may do at most
        #[arg(long, value_name = "R")]
        role: Role,
        /// Take the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List everybody who can sign in, with role and number of clients
    #[command(after_help = "Example: tenantry user list --format json")]
    List,
    /// Give a person another role
    #[command(after_help = "Example: tenantry user role mia@agency.example admin")]
    Role {
        /// Address that they sign in with
        #[arg(value_name = "E")]
        email: String,
        /// What they may do at most from now on
        #[arg(value_name = "R")]
        role: Role,
    },
    /// Shut a person out and end their sessions; people are never deleted, because trails name them
    #[command(after_help = "Example: tenantry user disable mia@agency.example")]
    Disable {
        /// Address that they sign in with
        #[arg(value_name = "E")]
        email: String,
    },
    /// Let a person in again
    #[command(after_help = "Example: tenantry user enable mia@agency.example")]
    Enable {
        /// Address that they sign in with
        #[arg(value_name = "E")]
        email: String,
    },
    /// Make a link by which a person chooses another password; it counts once, for a day, and ends their sessions
    #[command(after_help = "Example: tenantry user reset-link mia@agency.example")]
    ResetLink {
        /// Address that they sign in with
        #[arg(value_name = "E")]
        email: String,
        /// Where browsers find the server
        #[arg(long, env = "TENANTRY_PUBLIC_URL", value_name = "URL", default_value = SignIn::LOCAL, value_parser = public_url)]
        public_url: String,
    },
    /// Give a person another password and end their sessions; without --password-stdin it is made and printed once
    #[command(after_help = "Example: tenantry user password mia@agency.example --password-stdin < password.txt")]
    Password {
        /// Address that they sign in with
        #[arg(value_name = "E")]
        email: String,
        /// Take the password from the first line of standard input
        #[arg(long)]
        password_stdin: bool,
    },
}

/// A person whose password was just set; shown here where nobody chose it, and nowhere else.
#[derive(serde::Serialize)]
struct Credential<'a> {
    user_id: Uuid,
    email: &'a str,
    role: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
}

/// A link as it is printed, once.
#[derive(serde::Serialize)]
struct MadeLink<'a> {
    email: &'a str,
    link: Zeroizing<String>,
    ends: Timestamp,
}

pub async fn run(command: &User, settings: &Settings) -> Result<ExitCode> {
    match command {
        User::Create { email, role, password_stdin } => {
            let (password, chosen) = password(*password_stdin)?;
            let created =
                connect::act(settings, "user create", async |tx| actions::create(tx, email, *role, &password).await);
            let (user_id, shown) = (created.await?, (!chosen).then(|| password.reveal()));
            let role = role.as_str();
            print(
                settings,
                "created",
                &Credential { user_id, email: email.as_str(), role: Some(role), password: shown },
            );
        }
        User::List => {
            let people = connect::act(settings, "user list", async |tx| actions::list(tx).await).await?;
            output::answer(settings.format, &people, || list(&people));
        }
        User::Role { email, role } => {
            let changed =
                connect::act(settings, "user role", async |tx| actions::set_role(tx, email, *role).await).await?;
            output::answer(settings.format, &changed, || format!("{} is {role} now", changed.email));
        }
        User::Disable { email } => {
            let person = connect::act(settings, "user disable", async |tx| actions::disable(tx, email).await).await?;
            output::answer(settings.format, &person, || format!("{} is shut out", person.email));
        }
        User::Enable { email } => {
            let person = connect::act(settings, "user enable", async |tx| actions::enable(tx, email).await).await?;
            output::answer(settings.format, &person, || format!("{} may sign in again", person.email));
        }
        User::ResetLink { email, public_url } => {
            let link =
                connect::act(settings, "user reset-link", async |tx| actions::reset_link(tx, email).await).await?;
            let made = MadeLink { email, link: link.url(public_url), ends: link.ends };
            output::answer(settings.format, &made, || {
                format!(
                    "{}\nIt counts once, until {:.0}, and is kept nowhere: pass it on to {email} now.",
                    *made.link, made.ends
                )
            });
        }
        User::Password { email, password_stdin } => {
            let (password, chosen) = password(*password_stdin)?;
            let set =
                connect::act(settings, "user password", async |tx| actions::set_password(tx, email, &password).await);
            let (person, shown) = (set.await?, (!chosen).then(|| password.reveal()));
            let role = person.role.as_deref();
            print(
                settings,
                "changed",
                &Credential { user_id: person.user_id, email: &person.email, role, password: shown },
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The password to set, and whether somebody chose it.
fn password(from_stdin: bool) -> Result<(Password, bool)> {
    if !from_stdin {
        return Ok((Password::generated()?, false));
    }
    let mut line = Zeroizing::new(String::new());
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Error::usage(format!("standard input can't be read: {error}")).mend("give UTF-8 text"))?;
    let text = line.strip_suffix('\n').map_or(line.as_str(), |text| text.strip_suffix('\r').unwrap_or(text));
    Ok((Password::chosen(text)?, true))
}

fn print(settings: &Settings, what: &str, credential: &Credential<'_>) {
    output::answer(settings.format, credential, || {
        let role = credential.role.unwrap_or("no role");
        let done = format!("{what} {} ({role})", credential.email);
        match credential.password {
            Some(password) => {
                format!("{done}\npassword: {password}\nIt is shown this once and kept nowhere: pass it on now.")
            }
            None => done,
        }
    });
}

fn list(people: &[Person]) -> String {
    if people.is_empty() {
        return "nobody yet; add somebody with `tenantry user create`".to_owned();
    }
    let row = |person: &Person| {
        [
            person.email.clone(),
            person.role.clone().unwrap_or_else(|| "(none)".to_owned()),
            person.clients.to_string(),
            person.disabled_at.map_or_else(String::new, |since| format!("disabled since {since:.0}")),
            person.user_id.to_string(),
        ]
    };
    output::table(["e-mail", "role", "clients", "", "id"], people.iter().map(row))
}
