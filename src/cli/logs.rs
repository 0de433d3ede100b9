use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// What a command says about its own work: warnings.
const OF_COMMANDS: &str = "warn";

/// What a server says besides: a line for each request.
const OF_SERVERS: &str = "warn,tenantry::http=info";

/// Sends logs to standard error; `TENANTRY_LOG` asks for more or less, such as `tenantry=debug`.
///
/// A server's are JSON, one object a line, unless a person looks at them.
pub(super) fn listen(is_server: bool) {
    let filter = EnvFilter::try_from_env("TENANTRY_LOG");
    let filter = filter.unwrap_or_else(|_| EnvFilter::new(if is_server { OF_SERVERS } else { OF_COMMANDS }));
    let is_seen = std::io::stderr().is_terminal();
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(is_seen);
    if is_server && !is_seen {
        logs.json().flatten_event(true).with_current_span(false).with_span_list(false).init();
    } else {
        logs.init();
    }
}
