use std::path::PathBuf;

/// Settings that every command understands: each has an option, a variable and a default.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Settings {
    /// PostgreSQL server and database to use; without it, the cluster in the data directory
    ///
    /// For example `postgres://tenantry_server@db.example/tenantry`.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true, value_name = "URL")]
    pub database_url: Option<String>,

    /// What migrations, backups and the operator's own commands connect as [default: the database URL]
    #[arg(long, env = "DATABASE_ADMIN_URL", hide_env_values = true, global = true, value_name = "URL")]
    pub database_admin_url: Option<String>,

    /// Where Tenantry keeps its own cluster, keys and backups
    #[arg(long, env = "TENANTRY_DATA_DIR", global = true, value_name = "DIR", default_value = "tenantry-data")]
    pub data_dir: PathBuf,

    /// How answers are printed
    #[arg(long, env = "TENANTRY_FORMAT", global = true, value_enum, default_value_t)]
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
    /// What migrations, backups and operators connect with, where a server was named.
    pub fn admin_url(&self) -> Option<&str> {
        self.database_admin_url.as_deref().or(self.database_url.as_deref())
    }
}
