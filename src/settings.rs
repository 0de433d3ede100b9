use std::path::PathBuf;

pub use self::limits::Limits;
pub use self::server::Server;
pub use self::sessions::{Pooler, Sessions};
pub use self::sign_in::{SignIn, public_url};
pub use self::snapshots::Snapshots;
pub use self::tables::Tables;
pub use self::told::{Source, Told};

/// How much one request may ask of the server.
mod limits;

/// The HTTP server.
mod server;

/// The server's sessions at PostgreSQL.
mod sessions;

/// Who is let in.
mod sign_in;

/// Configuration that client apps read from memory.
mod snapshots;

/// The table API.
mod tables;

/// Settings as they are in force.
mod told;

/// Where `--help` lists them: after the options of the command itself.
const EVERYWHERE: &str = "Options of every command";

/// Settings that every command understands: each has an option, a variable and a default.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Settings {
    /// PostgreSQL server and database to use; without it, the cluster in the data directory
    ///
    /// For example `postgres://tenantry_server@db.example/tenantry`.
    #[arg(
        long,
        help_heading = EVERYWHERE,
        env = "DATABASE_URL",
        hide_env_values = true,
        global = true,
        value_name = "URL"
    )]
    pub database_url: Option<String>,

    /// What migrations, backups and the operator's own commands connect as [default: the database URL]
    #[arg(
        long,
        help_heading = EVERYWHERE,
        env = "DATABASE_ADMIN_URL",
        hide_env_values = true,
        global = true,
        value_name = "URL"
    )]
    pub database_admin_url: Option<String>,

    /// Where Tenantry keeps its own cluster, keys and backups
    #[arg(
        long,
        help_heading = EVERYWHERE,
        env = "TENANTRY_DATA_DIR",
        global = true,
        value_name = "DIR",
        default_value = Settings::DEFAULT_DATA_DIR
    )]
    pub data_dir: PathBuf,

    /// Where PostgreSQL's programs are [default: `pg_config --bindir`, `/usr/lib/postgresql/*/bin`, `PATH`]
    #[arg(
        long,
        help_heading = EVERYWHERE,
        env = "TENANTRY_PG_BINDIR",
        global = true,
        value_name = "DIR",
        hide_short_help = true
    )]
    pub pg_bindir: Option<PathBuf>,

    /// Who Tenantry's own cluster runs as where Tenantry runs as root [default: postgres]
    #[arg(
        long,
        help_heading = EVERYWHERE,
        env = "TENANTRY_PG_USER",
        global = true,
        value_name = "USER",
        hide_short_help = true
    )]
    pub pg_user: Option<String>,

    /// File with the password that `migrate up` gives the role `tenantry_server`, for a server of yours; `-` is standard
    /// input
    ///
    /// The password itself may stand in the variable `TENANTRY_SERVER_PASSWORD`. On the command line everybody on the
    /// machine could read it.
    #[arg(
        long,
        help_heading = EVERYWHERE,
        env = "TENANTRY_SERVER_PASSWORD_FILE",
        global = true,
        value_name = "FILE",
        hide_short_help = true
    )]
    pub server_password_file: Option<PathBuf>,

    /// File with the keys that secrets are sealed under [default: encryption-keys in the data directory]
    ///
    /// Made on the first start, for its owner alone. The keys themselves may stand in the variable
    /// `TENANTRY_ENCRYPTION_KEYS`, or in systemd's credential `tenantry-encryption-keys`.
    #[arg(
        long,
        help_heading = EVERYWHERE,
        env = "TENANTRY_ENCRYPTION_KEYS_FILE",
        global = true,
        value_name = "FILE",
        hide_short_help = true
    )]
    pub encryption_keys_file: Option<PathBuf>,

    /// How answers are printed
    #[arg(long, help_heading = EVERYWHERE, env = "TENANTRY_FORMAT", global = true, value_enum, default_value_t)]
    pub format: Format,
}

/// Who reads what a command prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A person: tables and sentences.
    #[default]
    Text,
    /// A machine: one JSON document.
    Json,
}

impl Settings {
    /// The data directory where none is named: in the current one.
    pub const DEFAULT_DATA_DIR: &str = "tenantry-data";

    /// What migrations, backups and operators connect with, where a server was named.
    pub fn admin_url(&self) -> Option<&str> {
        self.database_admin_url.as_deref().or(self.database_url.as_deref())
    }

    /// Where the keys that sign access tokens are kept, likewise.
    pub fn keys_folder(&self) -> PathBuf {
        self.data_dir.join("keys")
    }

    /// Where the key that seals the audit log is kept, outside the database and PostgreSQL's own directory.
    pub fn audit_folder(&self) -> PathBuf {
        self.data_dir.join("audit")
    }
}
