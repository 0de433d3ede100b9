/// The table API.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Table API")]
pub struct Tables {
    /// Rows that an answer holds at most
    #[arg(long, env = "TENANTRY_MAX_ROWS", value_name = "COUNT", default_value_t = Self::default().max_rows,
          value_parser = clap::value_parser!(u64).range(1..=1_000_000), hide_short_help = true)]
    pub max_rows: u64,

    /// Tables and views of the site's own to expose although they have no row level security
    ///
    /// Whoever holds a key or is signed in reaches them as far as the grants of `anon` and `authenticated` go.
    #[arg(long, env = "TENANTRY_EXPOSE", value_name = "NAME,…", value_delimiter = ',', hide_short_help = true)]
    pub expose: Vec<String>,
}

impl Default for Tables {
    fn default() -> Self {
        Self { max_rows: 1_000, expose: Vec::new() }
    }
}
