use std::time::Duration;

/// How much one request may ask of the server.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Limits of a request")]
pub struct Limits {
    /// Bytes that the body of a request may have; more is refused (413)
    #[arg(long, env = "TENANTRY_BODY_LIMIT", value_name = "BYTES", default_value_t = Self::default().body_limit,
          hide_short_help = true)]
    pub body_limit: usize,

    /// Bytes that the path and query of a request may have, at most 65,000; more is refused (414)
    #[arg(long, env = "TENANTRY_URL_LIMIT", value_name = "BYTES", default_value_t = Self::default().url_limit,
          value_parser = url_limit, hide_short_help = true)]
    pub url_limit: usize,

    /// Bytes that the headers of a request may have, its URL among them; more is refused (431)
    #[arg(long, env = "TENANTRY_HEADER_LIMIT", value_name = "BYTES", default_value_t = Self::default().header_limit,
          value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(8_192..), hide_short_help = true)]
    pub header_limit: usize,

    /// Seconds that a client may take for the headers of a request, or for its next request on the same connection
    #[arg(long, env = "TENANTRY_HEADER_TIMEOUT", value_name = "S", default_value_t = Self::default().header_timeout,
          value_parser = seconds(), hide_short_help = true)]
    pub header_timeout: u64,

    /// Seconds that a request may take, with its body (408)
    #[arg(long, env = "TENANTRY_REQUEST_TIMEOUT", value_name = "S", default_value_t = Self::default().request_timeout,
          value_parser = seconds(), hide_short_help = true)]
    pub request_timeout: u64,

    /// Seconds that what is under way may take when the server is asked to end
    #[arg(long, env = "TENANTRY_GRACE", value_name = "S", default_value_t = Self::default().grace,
          value_parser = seconds(), hide_short_help = true)]
    pub grace: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Ten thousand rows of a kilobyte and a half.
            body_limit: 16 * 1024 * 1024,
            // A list of 1,600 ids.
            url_limit: 65_000,
            header_limit: 128 * 1024,
            header_timeout: 15,
            request_timeout: 60,
            grace: 30,
        }
    }
}

impl Limits {
    /// How long a client may take for the headers of a request.
    pub fn header_timeout(&self) -> Duration {
        Duration::from_secs(self.header_timeout)
    }

    /// How long a request may take.
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout)
    }

    /// How long what is under way may take at the end.
    pub fn grace(&self) -> Duration {
        Duration::from_secs(self.grace)
    }
}

/// Longer URLs are refused by what reads them, without a word of ours.
fn url_limit(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|limit| (1..=65_000).contains(limit))
        .ok_or_else(|| "write a number from 1 to 65000".to_owned())
}

fn seconds() -> clap::builder::RangedU64ValueParser {
    clap::builder::RangedU64ValueParser::new().range(1..=86_400)
}
