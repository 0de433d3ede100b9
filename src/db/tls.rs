use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{Result, tls};

/// TLS towards PostgreSQL, used only where the connection string's `sslmode` asks for it or the server offers it.
pub(super) fn connector() -> Result<MakeRustlsConnect> {
    Ok(MakeRustlsConnect::new(tls::client()?))
}
