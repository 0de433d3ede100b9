use std::net::SocketAddr;

use super::{Sessions, SignIn};

/// The HTTP server.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Server")]
pub struct Server {
    /// Address and port that the server listens on
    #[arg(long, env = "TENANTRY_LISTEN", value_name = "ADDRESS:PORT", default_value_t = Self::default().listen)]
    pub listen: SocketAddr,

    #[command(flatten)]
    #[expect(missing_docs, reason = "a sentence here would replace the command's own in its help")]
    pub sessions: Sessions,

    #[command(flatten)]
    #[expect(missing_docs, reason = "as above")]
    pub sign_in: SignIn,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            sessions: Sessions::default(),
            sign_in: SignIn::default(),
        }
    }
}
