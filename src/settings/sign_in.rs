use std::path::PathBuf;

/// Who is let in.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Sign-in")]
pub struct SignIn {
    /// Where browsers find the server; access tokens name it as their issuer, so all servers of an installation say the same
    #[arg(long, env = "TENANTRY_PUBLIC_URL", value_name = "URL", default_value_t = Self::default().public_url,
          value_parser = public_url)]
    pub public_url: String,

    /// JSON file with issuers whose access tokens are believed besides our own, such as a Supabase project
    ///
    /// A list of {"issuer": …, "algorithm": "HS256", "secret": …} or {"issuer": …, "algorithm": "ES256", "jwks": {"keys": […]}}.
    #[arg(long, env = "TENANTRY_ISSUERS", value_name = "FILE", hide_short_help = true)]
    pub issuers: Option<PathBuf>,
}

impl Default for SignIn {
    fn default() -> Self {
        Self { public_url: "http://localhost:8080".to_owned(), issuers: None }
    }
}

fn public_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest.map(|rest| rest.trim_end_matches('/')) {
        Some(rest) if !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || "?#@\"".contains(c)) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("write it as https://tenantry.agency.example".to_owned()),
    }
}
