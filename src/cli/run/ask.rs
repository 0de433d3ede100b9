use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, HOST};
use hyper::{Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use zeroize::Zeroizing;

use crate::{Error, Result, tls};

/// No file of variables is longer: an environment of that size starts no process.
const LONGEST: usize = 4 * 1024 * 1024;

/// A Tenantry server, by its URL.
#[derive(Clone, Debug)]
pub struct Server {
    text: String,
    uri: Uri,
    host: String,
    port: u16,
    is_secure: bool,
}

/// What came of asking.
pub enum Answer {
    /// The variables.
    Variables(Zeroizing<String>),
    /// The token reads nothing any more.
    Refused(Error),
    /// The server answers, and has no variables to give.
    Faulty(Error),
    /// It can't be reached, or can't answer now.
    Away(Error),
}

impl FromStr for Server {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write it as https://tenantry.example or http://127.0.0.1:8080, without a path".to_owned();
        let base = text.trim_end_matches('/');
        let uri: Uri = format!("{base}/config/v1?format=env").parse().map_err(|_| wrong())?;
        let is_secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong()),
        };
        let host = uri.host().ok_or_else(wrong)?.trim_matches(['[', ']']).to_owned();
        let has_path =
            uri.path() != "/config/v1" || uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        if host.is_empty() || has_path {
            return Err(wrong());
        }
        let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
        Ok(Self { text: base.to_owned(), uri, host, port, is_secure })
    }
}

impl Server {
    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Asks for the variables that a token reads.
    pub async fn variables(&self, token: &str, patience: Duration) -> Answer {
        match tokio::time::timeout(patience, self.ask(token)).await {
            Ok(Ok((status, body))) => self.answer(status, body),
            Ok(Err(error)) => Answer::Away(error),
            Err(_) => Answer::Away(Error::failure(format!("{} doesn't answer", self.text))),
        }
    }

    fn answer(&self, status: StatusCode, body: Zeroizing<String>) -> Answer {
        let said = || Error::failure(format!("{} answered {status}{}", self.text, detail(&body)));
        match status {
            StatusCode::OK => Answer::Variables(body),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Answer::Refused(
                said().mend("make another token: tenantry token create --client C --env E --scope config:read"),
            ),
            status if status.is_server_error() => Answer::Away(said()),
            _ => Answer::Faulty(said().mend("ask the agency: the token is good, and its configuration isn't")),
        }
    }

    async fn ask(&self, token: &str) -> Result<(StatusCode, Zeroizing<String>)> {
        let away = |error: std::io::Error| Error::failure(format!("{} can't be reached: {error}", self.text));
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(away)?;
        if !self.is_secure {
            return self.over(stream, token).await;
        }
        let name = ServerName::try_from(self.host.clone())
            .map_err(|_| Error::usage(format!("{:?} is no name that a certificate can be for", self.host)))?;
        let secured = TlsConnector::from(Arc::new(tls::client()?)).connect(name, stream).await.map_err(away)?;
        self.over(secured, token).await
    }

    async fn over(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        token: &str,
    ) -> Result<(StatusCode, Zeroizing<String>)> {
        let failed = |error: hyper::Error| Error::failure(format!("{} broke off: {error}", self.text));
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(failed)?;
        let connection = tokio::spawn(connection);
        let request = Request::get(self.uri.path_and_query().map_or("/", |path| path.as_str()))
            .header(HOST, self.uri.authority().map_or("", |authority| authority.as_str()))
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .body(Empty::<Bytes>::new())
            .map_err(|_| Error::usage("the token can't be sent: it holds something that no token holds"))?;
        let response: Response<_> = sender.send_request(request).await.map_err(failed)?;
        let (parts, body) = response.into_parts();
        let whole = Limited::new(body, LONGEST).collect().await;
        connection.abort();
        let bytes = whole.map_err(|error| Error::failure(format!("{} broke off: {error}", self.text)))?.to_bytes();
        let text = str::from_utf8(&bytes).map_err(|_| Error::failure(format!("{} answered no text", self.text)))?;
        Ok((parts.status, Zeroizing::new(text.to_owned())))
    }
}

/// What a problem says of itself.
fn detail(body: &str) -> String {
    let said: Option<serde_json::Value> = serde_json::from_str(body).ok();
    said.as_ref().and_then(|said| said["detail"].as_str()).map_or_else(String::new, |detail| format!(": {detail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_scheme_and_host() {
        let server: Server = "https://tenantry.example/".parse().expect("a URL");
        assert_eq!((server.host.as_str(), server.port, server.is_secure), ("tenantry.example", 443, true));
        let server: Server = "http://[::1]:8080".parse().expect("a URL");
        assert_eq!((server.host.as_str(), server.port, server.is_secure), ("::1", 8080, false));
        for odd in ["tenantry.example", "ftp://x", "http://", "http://x/path", "http://user:word@x", "http://x?y"] {
            assert!(odd.parse::<Server>().is_err(), "{odd}");
        }
    }
}
