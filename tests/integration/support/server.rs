use std::net::SocketAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::header::{HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tenantry::app::App;
use tenantry::auth::Gate;
use tenantry::clock::Clock;
use tenantry::db::database;
use tenantry::http::server::serve;
use tenantry::secrets::Keys;
use tenantry::secrets::source::Source;
use tenantry::settings;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_postgres::Config;

use super::Database;
use super::database::{maintenance, wait_until_nobody_is_in};

/// The server on a free port, connected as `tenantry_server`; ended with the value.
pub struct Server {
    /// The database that it works on.
    pub database: Arc<Database>,
    /// Its data directory, with its keys.
    pub data_dir: Arc<Folder>,
    http: Http,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Server {
    /// One on a fresh, migrated database.
    pub async fn start() -> Self {
        Self::on(Database::migrated().await, settings::Server::default()).await
    }

    /// One on a database, told how to be.
    pub async fn on(database: Database, settings: settings::Server) -> Self {
        Self::with(Arc::new(database), Arc::new(Folder::new()), settings).await
    }

    /// Another one beside it, on the same database and with the same keys.
    pub async fn beside(&self) -> Self {
        Self::with(self.database.clone(), self.data_dir.clone(), settings::Server::default()).await
    }

    /// One on a database, with the keys of another.
    pub async fn of(database: Database, data_dir: Arc<Folder>) -> Self {
        Self::with(Arc::new(database), data_dir, settings::Server::default()).await
    }

    async fn with(database: Arc<Database>, data_dir: Arc<Folder>, settings: settings::Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let handle = database::Database::new(&database.server_config(), &settings.sessions).expect("a pool");
        let gate = Gate::new(handle.clone(), Clock::System, &data_dir.0.join("keys"), &settings.sign_in)
            .expect("a folder for keys");
        let keys = Keys::from(Source::File(data_dir.0.join("encryption-keys"))).expect("a place for keys");
        let app = App::new(handle, gate, Arc::new(keys), settings, Clock::System);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve(listener, app, async {
            let _ = stopped.await;
        }));
        Self { database, data_dir, http: Http::at(address), stop: Some(stop), task }
    }

    /// Asks it to end and waits until it has.
    pub async fn end(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        (&mut self.task).await.expect("the server ends without a panic");
    }
}

impl Deref for Server {
    type Target = Http;

    fn deref(&self) -> &Http {
        &self.http
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Whoever calls a server.
#[derive(Clone)]
pub struct Http {
    /// Where the server listens.
    pub address: SocketAddr,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Http {
    /// Somebody who calls the server at an address.
    pub fn at(address: SocketAddr) -> Self {
        // Shorter than the server waits for another request: while a test waits for a command, nothing sees a connection end.
        let client = Client::builder(TokioExecutor::new()).pool_idle_timeout(Duration::from_secs(5)).build_http();
        Self { address, client }
    }

    /// A request that hasn't been sent yet.
    pub fn call(&self, method: Method, path: &str) -> Call<'_> {
        Call { http: self, method, path: path.to_owned(), headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// A GET, sent.
    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path).send().await
    }
}

/// A folder of the test's own, removed with the value.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        Self(std::env::temp_dir().join(format!("tenantry-data-{}", uuid::Uuid::new_v4().simple())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A request.
pub struct Call<'a> {
    http: &'a Http,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Call<'_> {
    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header's value"));
        self
    }

    /// Sends JSON along.
    #[must_use]
    pub fn json(self, value: &serde_json::Value) -> Self {
        let mut call = self.header("content-type", "application/json");
        call.body = value.to_string().into();
        call
    }

    /// Sends bytes along.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it and reads the whole answer.
    pub async fn send(self) -> Answer {
        self.try_send().await.expect("the server answers")
    }

    /// Sends it; an error where the connection ends without an answer.
    pub async fn try_send(self) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
        let uri = format!("http://{}{}", self.http.address, self.path);
        let mut request = Request::builder().method(self.method).uri(uri).body(Full::new(self.body))?;
        *request.headers_mut() = self.headers;
        let (parts, body) = self.http.client.request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }
}

impl Database {
    /// Another one with all that is in it, once nobody is connected to it any more.
    pub async fn copy(&self) -> Self {
        wait_until_nobody_is_in(&maintenance().await, &self.name).await;
        Self::with(&format!("TEMPLATE {}", self.name)).await
    }

    /// How the server connects to it.
    pub fn server_config(&self) -> Config {
        self.server_url().parse().expect("it is a URL")
    }
}

/// What the server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// A header, where it is there once.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
