use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jsonwebtoken::jwk::JwkSet;
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;

use super::callers::{KnownToken, Verified};
use super::foreign::Issuers;
use super::key_folder::KeyFolder;
use crate::Result;
use crate::clock::Clock;
use crate::db::database::Database;
use crate::settings::SignIn;

/// How many verified access tokens and known keys are kept; more only cost the work again.
const REMEMBERED: usize = 10_000;

/// How many passwords are hashed at once: each takes 64 MiB and a core.
const HASHED_AT_ONCE: usize = 2;

/// Where everybody comes in: what is needed to tell who calls. Cheap to clone.
#[derive(Clone)]
pub struct Gate {
    inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) database: Database,
    pub(super) clock: Clock,
    pub(super) keys: KeyFolder,
    pub(super) issuers: Issuers,
    /// The claim `iss` of our access tokens.
    pub(super) issuer: String,
    /// Access tokens whose signature was right, by their hash. Whether they still count is asked with each request.
    pub(super) verified: Cache<[u8; 32], Arc<Verified>>,
    /// Keys and service tokens, by their hash; likewise.
    pub(super) tokens: Cache<[u8; 32], Arc<KnownToken>>,
    pub(super) hashing: Arc<Semaphore>,
}

impl Gate {
    /// One with the keys of a folder; the first key is made where there is none.
    pub fn new(database: Database, clock: Clock, keys: &Path, settings: &SignIn) -> Result<Self> {
        let issuer = format!("{}/auth/v1", settings.public_url.trim_end_matches('/'));
        let issuers = match &settings.issuers {
            Some(file) => Issuers::read(file, &issuer)?,
            None => Issuers::default(),
        };
        let inner = Inner {
            database,
            clock,
            keys: KeyFolder::open(keys)?,
            issuers,
            issuer,
            verified: Cache::new(REMEMBERED),
            tokens: Cache::new(REMEMBERED),
            hashing: Arc::new(Semaphore::new(HASHED_AT_ONCE)),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    pub(super) fn parts(&self) -> &Inner {
        &self.inner
    }

    pub(super) fn database(&self) -> &Database {
        &self.inner.database
    }

    /// The public halves of the keys that are live.
    pub fn published_keys(&self) -> JwkSet {
        self.inner.keys.live_now().published()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }
}
