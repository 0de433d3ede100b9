use std::io::Read as _;
use std::path::Path;

use zeroize::Zeroizing;

use crate::db::admin::Admin;
use crate::db::migrate::Outcome;
use crate::db::server_login;
use crate::settings::Settings;
use crate::{Error, Result};

/// Where the password may stand itself; a file of the same name with `_FILE` after it is a setting.
const VARIABLE: &str = "TENANTRY_SERVER_PASSWORD";

/// Gives `tenantry_server` its password where a setting holds one, else the statement to run when the role is new. Our own
/// cluster knows people by their user and needs none.
pub(super) async fn let_server_in(
    admin: &Admin,
    settings: &Settings,
    outcome: &Outcome,
) -> Result<Option<&'static str>> {
    if let Some(password) = given(settings)? {
        server_login::set_password(admin, &password).await?;
        return Ok(None);
    }
    let new = outcome.applied.contains(&"0001_roles") && settings.admin_url().is_some();
    Ok(new.then_some(server_login::STATEMENT))
}

fn given(settings: &Settings) -> Result<Option<Zeroizing<String>>> {
    let password = match &settings.server_password_file {
        Some(file) => Some(from_file(file)?),
        None => std::env::var(VARIABLE).ok().map(Zeroizing::new),
    };
    match password {
        Some(password) if password.is_empty() => Err(Error::usage("the password of tenantry_server is empty")
            .mend(format!("put one into {VARIABLE} or its file, or leave both away"))),
        password => Ok(password),
    }
}

/// The file's first line.
fn from_file(file: &Path) -> Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    let read = if file == Path::new("-") {
        std::io::stdin().lock().read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|error| {
        Error::usage(format!("{}: {error}", file.display()))
            .mend("name a file of UTF-8 text with the password of tenantry_server in its first line")
    })?;
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}
