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
        Self { public_url: Self::LOCAL.to_owned(), issuers: None }
    }
}

impl SignIn {
    /// Where browsers of this machine find the server, unless another place was named.
    pub const LOCAL: &str = "http://localhost:8080";

    /// Where the console is: where the settings say, else where the server listens.
    pub fn console_url(&self, listens: &str) -> String {
        if self.public_url == Self::LOCAL { listens.to_owned() } else { self.public_url.clone() }
    }

    /// Whether browsers keep nobody signed in to the console: over plain http they do so on their own machine alone.
    pub fn is_plain(&self) -> bool {
        let host =
            self.public_url.strip_prefix("http://").map(|rest| rest.split(['/', ':']).next().unwrap_or_default());
        let is_here = |host: &str| host == "localhost" || host.starts_with("127.") || host.starts_with('[');
        host.is_some_and(|host| !is_here(host))
    }
}

/// A URL that browsers find the server under.
pub fn public_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest.map(|rest| rest.trim_end_matches('/')) {
        Some(rest) if !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || "?#@\"".contains(c)) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("write it as https://tenantry.agency.example".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_the_own_machine() {
        let at = |url: &str| SignIn { public_url: url.to_owned(), issuers: None };
        for url in ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:8080", "https://tenantry.agency.example"]
        {
            assert!(!at(url).is_plain(), "{url}");
        }
        assert!(at("http://tenantry.agency.example").is_plain() && at("http://10.0.0.5:8080").is_plain());
    }

    #[test]
    fn the_console_is_where_the_settings_say_else_where_the_server_listens() {
        let named = SignIn { public_url: "https://tenantry.agency.example".to_owned(), issuers: None };
        assert_eq!(named.console_url("http://127.0.0.1:8080"), "https://tenantry.agency.example");
        assert_eq!(SignIn::default().console_url("http://127.0.0.1:9090"), "http://127.0.0.1:9090");
    }
}
