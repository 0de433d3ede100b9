//! The command line: one file per command.

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::Result;
use crate::error::Kind;
use crate::settings::{Settings, Told};

/// How answers are printed.
pub mod output;

/// The database that a command works on.
mod connect;

/// Commands as a person can type them.
mod invocation;

/// How long work goes on.
mod progress;

/// When somebody asks the program to end.
mod signals;

/// Settings as they are in force.
mod told;

mod audit;
mod auth;

mod backup;
mod before_up;
mod change;
mod config;
mod customization;
mod deployment_config;
mod doctor;
mod keys;
mod logs;
mod member;
mod migrate;
mod partitions;
mod psql;
mod restore;
mod run;
mod sample_app;
mod seed;
mod serve;
mod status;
mod template;
mod token;
mod types;
mod up;
mod user;

/// The self-hosted back office for agencies and software vendors who run one app per client.
#[derive(Debug, Parser)]
#[command(
    name = "tenantry",
    version,
    about,
    arg_required_else_help = true,
    propagate_version = true,
    after_help = "Example: tenantry up --demo"
)]
pub struct Cli {
    #[command(flatten)]
    settings: Settings,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring up PostgreSQL, the schema and the server, and keep them running
    ///
    /// Without `DATABASE_URL` that is a private PostgreSQL in the data directory, made when it is missing.
    #[command(after_help = "Example: tenantry up --data-dir /var/lib/tenantry")]
    Up(up::Up),

    /// Answer HTTP, on a database that `up` or `migrate up` has brought up; several may run beside each other
    #[command(after_help = "Example: tenantry serve --database-url postgres://tenantry_server@db.example/tenantry")]
    Serve(serve::Serve),

    /// Bring a database, empty or in use, to the schema that this program needs, and back
    #[command(subcommand)]
    Migrate(migrate::Migrate),

    /// Take a backup: PostgreSQL's own dump, and a manifest with checksums, row counts and content hashes
    #[command(after_help = "Example: tenantry backup --prove /srv/backups/2026-11-23")]
    Backup(backup::Backup),

    /// Restore a backup into a database that doesn't exist yet or is empty
    #[command(after_help = "Example: tenantry restore /srv/backups/2026-11-23 --into tenantry_yesterday")]
    Restore(restore::Restore),

    /// Show how the installation stands: database, schema, pending rules, partitions, rows, newest seal
    #[command(after_help = "Example: tenantry status --format json")]
    Status,

    /// Look for what is wrong, or will be, and say how to mend it; exit code 1 where something is wrong
    #[command(after_help = "Example: tenantry doctor")]
    Doctor,

    /// Add the rows that Tenantry itself needs where they are missing; what people edited is left as it is
    #[command(after_help = "Example: tenantry seed")]
    Seed,

    /// Add people, change their role or password, shut them out
    #[command(subcommand, after_help = "Example: tenantry user create --email mia@agency.example --role manager")]
    User(user::User),

    /// Say which clients a person sees
    #[command(
        subcommand,
        after_help = "Example: tenantry member add --client hello@shop.example --user mia@agency.example --role manager"
    )]
    Member(member::Member),

    /// Read the configuration of clients' apps: the document, where each value comes from, its history
    #[command(subcommand, after_help = "Example: tenantry config explain hello@lumenyoga.example support.email")]
    Config(config::Config),

    /// Publish versions of templates, and retire them
    #[command(subcommand, after_help = "Example: tenantry template publish storefront 2.0.0 --schema schema.json")]
    Template(template::Template),

    /// Have customizations served, and bring them to other versions of their templates
    #[command(subcommand, after_help = "Example: tenantry customization upgrade 7c1d… --to 2.0.0 --dry-run")]
    Customization(customization::Customization),

    /// Validate deployment configurations, and put them into force
    #[command(subcommand, after_help = "Example: tenantry deployment-config apply 51ac…")]
    DeploymentConfig(deployment_config::DeploymentConfig),

    /// Make, list and revoke tokens: keys for apps, people's programs and machines
    #[command(subcommand, after_help = "Example: tenantry token create publishable --name 'admin app'")]
    Token(token::Token),

    /// Look at changes of configuration, decide about them, take them back
    #[command(subcommand, after_help = "Example: tenantry change list --state proposed")]
    Change(change::Change),

    /// Start a command with the variables of an app's configuration: the keys that have an `x-env-name`
    ///
    /// Where the server can't be reached, with those of the last start, which an encrypted copy keeps until the token is
    /// refused.
    #[command(
        after_help = "Example: tenantry run --url https://tenantry.example -- node server.js (with TENANTRY_TOKEN in its environment)"
    )]
    Run(run::Run),

    /// Look after the keys that sign access tokens
    #[command(subcommand, after_help = "Example: tenantry auth rotate-keys")]
    Auth(auth::Auth),

    /// Look after the keys that secrets are sealed under
    #[command(subcommand, after_help = "Example: tenantry keys verify")]
    Keys(keys::Keys),

    /// Prove the audit log unchanged, or print it
    #[command(subcommand, after_help = "Example: tenantry audit verify")]
    Audit(audit::Audit),

    /// Look after the tables that grow by month
    #[command(subcommand, after_help = "Example: tenantry partitions maintain")]
    Partitions(partitions::Partitions),

    /// Print the `Database` type for supabase-js, in the shape of `supabase gen types typescript`
    ///
    /// Beyond that shape it has literal unions for the columns whose rules list their values.
    #[command(after_help = "Example: tenantry types > src/database.types.ts")]
    Types,

    /// Open psql on the right database, with a person's role and claims where one is named
    #[command(
        after_help = "Example: tenantry psql --as mia@agency.example --command 'SELECT name FROM clients_enhanced'"
    )]
    Psql(psql::Psql),
}

/// Parses the command line, runs the command and says how it went: 0, 1 for a failure, 2 for wrong use.
pub async fn main() -> ExitCode {
    let program = Cli::command();
    let matches = program.clone().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    logs::listen(matches!(cli.command, Command::Up(_) | Command::Serve(_)));
    match run(&cli, told::settings(&program, &matches)).await {
        Ok(code) => code,
        Err(error) => {
            output::error(&error, cli.settings.format);
            ExitCode::from(match error.kind() {
                Kind::Failure | Kind::Unavailable | Kind::Busy => 1,
                Kind::Usage => 2,
            })
        }
    }
}

async fn run(cli: &Cli, told: Vec<Told>) -> Result<ExitCode> {
    match &cli.command {
        Command::Up(command) => up::run(command, &cli.settings, told).await,
        Command::Serve(command) => serve::run(command, &cli.settings, told).await,
        Command::Migrate(command) => migrate::run(command, &cli.settings).await,
        Command::Backup(command) => backup::run(command, &cli.settings).await,
        Command::Restore(command) => restore::run(command, &cli.settings).await,
        Command::Status => status::run(&cli.settings).await,
        Command::Doctor => doctor::run(&cli.settings).await,
        Command::Seed => seed::run(&cli.settings).await,
        Command::User(command) => user::run(command, &cli.settings).await,
        Command::Member(command) => member::run(command, &cli.settings).await,
        Command::Config(command) => config::run(command, &cli.settings).await,
        Command::Template(command) => template::run(command, &cli.settings).await,
        Command::Customization(command) => customization::run(command, &cli.settings).await,
        Command::DeploymentConfig(command) => deployment_config::run(command, &cli.settings).await,
        Command::Token(command) => token::run(command, &cli.settings).await,
        Command::Run(command) => run::run(command).await,
        Command::Change(command) => change::run(command, &cli.settings).await,
        Command::Auth(command) => auth::run(command, &cli.settings),
        Command::Keys(command) => keys::run(command, &cli.settings).await,
        Command::Audit(command) => audit::run(command, &cli.settings).await,
        Command::Partitions(command) => partitions::run(command, &cli.settings).await,
        Command::Types => types::run(&cli.settings).await,
        Command::Psql(command) => psql::run(command, &cli.settings).await,
    }
}
