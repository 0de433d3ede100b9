/// Configuration that client apps read from memory.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Configuration in memory")]
pub struct Snapshots {
    /// Seconds for which configuration is served from memory while the database is away; then it is refused (503)
    #[arg(long, env = "TENANTRY_STALE_LIMIT", value_name = "S", default_value_t = Self::default().stale_limit,
          hide_short_help = true)]
    pub stale_limit: u64,

    /// Streams of changes that may be open at once; more are refused (503)
    #[arg(long, env = "TENANTRY_MAX_STREAMS", value_name = "COUNT", default_value_t = Self::default().max_streams,
          hide_short_help = true)]
    pub max_streams: usize,
}

impl Default for Snapshots {
    fn default() -> Self {
        Self { stale_limit: 24 * 60 * 60, max_streams: 10_000 }
    }
}
