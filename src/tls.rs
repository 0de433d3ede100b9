//! TLS towards others: the machine's own certificates decide whom to trust.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

use crate::{Error, Result};

/// How to speak TLS as a client.
pub fn client() -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        roots.add_parsable_certificates([certificate]);
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::failure("TLS can't be set up on this machine").caused_by(error))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
