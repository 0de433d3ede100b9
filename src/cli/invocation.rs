use std::path::Path;

use crate::settings::Settings;

/// A command as a person can type it in the same directory: this program, on the same database.
pub fn command(settings: &Settings, arguments: &str) -> String {
    let program = std::env::args().next().unwrap_or_else(|| "tenantry".to_owned());
    let mut line = format!("{} {arguments}", shell_word(&program));
    for (option, url) in
        [("--database-url", &settings.database_url), ("--database-admin-url", &settings.database_admin_url)]
    {
        if let Some(url) = url.as_deref().filter(|url| !holds_password(url)) {
            line.push_str(&format!(" {option} {}", shell_word(url)));
        }
    }
    if settings.admin_url().is_none() && settings.data_dir != Path::new(Settings::DEFAULT_DATA_DIR) {
        let directory = settings.data_dir.canonicalize().unwrap_or_else(|_| settings.data_dir.clone());
        line.push_str(&format!(" --data-dir {}", shell_word(&directory.display().to_string())));
    }
    line
}

/// What has to be set before such a command where a password keeps the URL from being printed.
pub fn beforehand(settings: &Settings) -> Option<&'static str> {
    let urls = [&settings.database_url, &settings.database_admin_url];
    urls.into_iter()
        .flatten()
        .any(|url| holds_password(url))
        .then_some("with DATABASE_URL (and DATABASE_ADMIN_URL) set as for this one, since they hold a password")
}

/// Whether a URL or `key=value` string names a password; one that can't be read may.
fn holds_password(url: &str) -> bool {
    url.parse::<tokio_postgres::Config>().map_or(true, |config| config.get_password().is_some())
}

/// A word that a shell takes as it is, in quotes where it needs them.
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@=%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(shell_word("/srv/a-b"), "/srv/a-b");
        assert_eq!(shell_word("my data"), "'my data'");
        assert_eq!(shell_word("it's"), r"'it'\''s'");
        assert_eq!(shell_word(""), "''");
    }

    #[test]
    fn a_password_is_never_printed() {
        let settings = |url: &str| Settings { database_url: Some(url.to_owned()), ..Settings::default() };
        let open = settings("postgres://ops@db/agency");
        assert!(command(&open, "status").ends_with("status --database-url postgres://ops@db/agency"));
        assert_eq!(beforehand(&open), None);
        let closed = settings("postgres://ops:hunter2@db/agency");
        assert!(!command(&closed, "status").contains("hunter2"));
        assert!(beforehand(&closed).is_some());
    }
}
