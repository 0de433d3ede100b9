use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{connect, output};
use crate::Result;
use crate::members::{MemberRole, actions};
use crate::settings::Settings;

#[derive(Debug, Subcommand)]
pub enum Member {
    /// Make a person a member of a client, or change as what
    #[command(
        after_help = "Example: tenantry member add --client hello@shop.example --user mia@agency.example --role manager"
    )]
    Add(Membership),
    /// End a person's membership of a client
    #[command(
        after_help = "Example: tenantry member remove --client hello@shop.example --user mia@agency.example --role manager"
    )]
    Remove(Membership),
}

/// One person's part in one client.
#[derive(Debug, Args)]
pub struct Membership {
    /// The client: id, e-mail or name
    #[arg(long, value_name = "C")]
    client: String,
    /// Address that the person signs in with
    #[arg(long, value_name = "U")]
    user: String,
    /// What they may do there at most
    #[arg(long, value_name = "R")]
    role: MemberRole,
}

pub async fn run(command: &Member, settings: &Settings) -> Result<ExitCode> {
    let (done, what) = match command {
        Member::Add(Membership { client, user, role }) => {
            let add =
                connect::act(settings, "member add", async |tx| actions::add_member(tx, client, user, *role).await);
            (add.await?, "is a member of")
        }
        Member::Remove(Membership { client, user, role }) => {
            let remove = connect::act(settings, "member remove", async |tx| {
                actions::remove_member(tx, client, user, *role).await
            });
            (remove.await?, "is no member any more of")
        }
    };
    output::answer(settings.format, &done, || {
        format!("{} {what} {} ({}) as {}", done.email, done.client_name, done.client_id, done.member_role)
    });
    Ok(ExitCode::SUCCESS)
}
