//! Settings as they are in force, for whoever looks at the installation.

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use crate::settings::{Source, Told};

/// What stands in the place of a value that may hold a password.
const HIDDEN: &str = "set, and not shown";

/// Every setting of the command that was given, with its source.
pub fn settings(program: &Command, matches: &ArgMatches) -> Vec<Told> {
    let Some((name, of_command)) = matches.subcommand() else { return Vec::new() };
    let Some(command) = program.find_subcommand(name) else { return Vec::new() };
    let all = program.get_arguments().chain(command.get_arguments());
    all.filter(|argument| !["help", "version"].contains(&argument.get_id().as_str()))
        .filter_map(|argument| told(argument, of_command))
        .collect()
}

fn told(argument: &Arg, matches: &ArgMatches) -> Option<Told> {
    let name = argument.get_long()?;
    let id = argument.get_id().as_str();
    let source = match matches.value_source(id) {
        Some(ValueSource::CommandLine) => Source::CommandLine,
        Some(ValueSource::EnvVariable) => Source::Environment,
        _ => Source::Default,
    };
    let raw = matches.get_raw(id).map(|values| {
        let values = values.map(|value| value.to_string_lossy().into_owned());
        values.collect::<Vec<_>>().join(", ")
    });
    let hides = argument.is_hide_env_values_set();
    Some(Told {
        heading: argument.get_help_heading().unwrap_or("Options").to_owned(),
        name: format!("--{name}"),
        variable: argument.get_env().map(|variable| variable.to_string_lossy().into_owned()),
        value: raw.map(|value| if hides { HIDDEN.to_owned() } else { value }),
        source,
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    fn of(arguments: &[&str]) -> Vec<Told> {
        let program = Cli::command();
        let matches = program.clone().try_get_matches_from(arguments).expect("a command line");
        settings(&program, &matches)
    }

    #[test]
    fn every_setting_is_told_with_its_source_and_no_password() {
        let told = of(&["tenantry", "--database-url", "postgres://ops:hunter2@db/a", "serve", "--pool-size", "7"]);
        let one = |name: &str| told.iter().find(|told| told.name == name).expect("a setting");
        assert_eq!(one("--pool-size").value.as_deref(), Some("7"));
        assert_eq!(one("--pool-size").source, Source::CommandLine);
        assert_eq!(one("--body-limit").source, Source::Default);
        assert_eq!(one("--database-url").value.as_deref(), Some(HIDDEN));
        assert!(told.iter().all(|told| told.value.as_deref().is_none_or(|value| !value.contains("hunter2"))));
    }
}
