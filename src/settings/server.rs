use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::{Limits, Sessions, SignIn, Snapshots, Tables};

/// The HTTP server.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Server")]
pub struct Server {
    /// Address that the server listens on; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, env = "TENANTRY_LISTEN", value_name = "ADDRESS:PORT", value_parser = address)]
    pub listen: Option<SocketAddr>,

    /// Origins whose pages may call the server from a browser, with commas between them [default, on loopback and for the
    /// sample agency: `http://localhost:3000` and `http://localhost:5173`]
    #[arg(long, env = "TENANTRY_ORIGINS", value_name = "ORIGIN", value_delimiter = ',', value_parser = origin)]
    pub origins: Option<Vec<String>>,

    /// Addresses of proxies whose X-Forwarded-For is believed, with commas between them
    #[arg(long, env = "TENANTRY_PROXIES", value_name = "ADDRESS", value_delimiter = ',', hide_short_help = true)]
    pub proxies: Vec<IpAddr>,

    #[command(flatten)]
    #[expect(missing_docs, reason = "a sentence here would replace the command's own in its help")]
    pub limits: Limits,

    #[command(flatten)]
    #[expect(missing_docs, reason = "as above")]
    pub sessions: Sessions,

    #[command(flatten)]
    #[expect(missing_docs, reason = "as above")]
    pub sign_in: SignIn,

    #[command(flatten)]
    #[expect(missing_docs, reason = "as above")]
    pub tables: Tables,

    #[command(flatten)]
    #[expect(missing_docs, reason = "as above")]
    pub snapshots: Snapshots,
}

/// Where a page under development is served from, by the tools that most people use.
const DEVELOPMENT: [&str; 2] = ["http://localhost:3000", "http://localhost:5173"];

impl Server {
    /// Where the server listens unless it is told otherwise: on this machine alone.
    pub const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

    /// Where the server listens.
    pub fn listen(&self) -> SocketAddr {
        self.listen.unwrap_or(Self::DEFAULT_LISTEN)
    }

    /// The origins whose pages may call the server: those that were named, else, where only this machine reaches the
    /// server, those of pages under development.
    pub fn origins(&self) -> Vec<String> {
        match &self.origins {
            Some(named) => named.clone(),
            None if self.listen().ip().is_loopback() => DEVELOPMENT.map(ToOwned::to_owned).into(),
            None => Vec::new(),
        }
    }

    /// The same server, which pages under development may call wherever it listens, unless origins were named.
    #[must_use]
    pub fn for_pages_under_development(mut self) -> Self {
        self.origins.get_or_insert_with(|| DEVELOPMENT.map(ToOwned::to_owned).into());
        self
    }
}

/// An address and a port to listen on.
fn address(text: &str) -> Result<SocketAddr, String> {
    use std::net::ToSocketAddrs as _;

    let wrong = || "write it as ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080".to_owned();
    let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
    if host.is_empty() || port.parse::<u16>().is_err() {
        return Err(wrong());
    }
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let mut found = text.to_socket_addrs().map_err(|_| wrong())?;
    found.next().ok_or_else(wrong)
}

/// An origin as a browser sends it: scheme, host and, where it isn't the scheme's own, port; nothing after it.
fn origin(text: &str) -> Result<String, String> {
    let wrong = || "write it as https://app.example or http://localhost:3000, without a path; * is none".to_owned();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or_else(wrong)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.:[]".contains(c);
    if !host.is_empty() && host.chars().all(plain) { Ok(text.to_owned()) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        for good in ["http://localhost:3000", "https://app.example", "https://[::1]:8443"] {
            assert_eq!(origin(good).as_deref(), Ok(good));
        }
        for bad in
            ["*", "null", "app.example", "https://", "https://app.example/", "https://App.example", "https://a,b"]
        {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_address_names_its_port() {
        assert_eq!(address("127.0.0.1:8080").map(|found| found.port()), Ok(8080));
        assert!(address("[::1]:80").is_ok_and(|found| found.is_ipv6()));
        assert!(address("localhost:8080").is_ok_and(|found| found.ip().is_loopback()));
        for bad in ["8080", "localhost:", "localhost:99999", ":80", "[::g]:80"] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn pages_under_development_may_call_where_only_this_machine_listens() {
        let open = Server { listen: Some(SocketAddr::from(([0, 0, 0, 0], 8080))), ..Server::default() };
        assert_eq!(open.origins(), Vec::<String>::new());
        assert_eq!(Server::default().origins().len(), 2);
        assert_eq!(open.for_pages_under_development().origins().len(), 2);
        let named = Server { origins: Some(vec!["https://app.example".to_owned()]), ..Server::default() };
        assert_eq!(named.for_pages_under_development().origins(), ["https://app.example"]);
    }
}
