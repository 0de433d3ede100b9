//! Runtime tokens as a server keeps them in memory: what each may read, by its hash.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use super::callers;
use super::refusal::Refusal;
use super::secret::sha256;
use crate::Result;
use crate::db::caller::{Act, Caller};
use crate::db::database::Database;

/// A runtime token as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeToken {
    /// Its id, which the audit log names it by.
    pub id: Uuid,
    /// SHA-256 of the whole token.
    pub hash: [u8; 32],
    /// The client whose configuration it reads.
    pub client_id: Uuid,
    /// The template; none for that of the client's active customization.
    pub template_id: Option<String>,
    /// development, staging or production.
    pub environment: String,
    /// Whether it reads configuration at all.
    pub reads: bool,
    /// Whether it reads secrets as well.
    pub reads_secrets: bool,
    /// When it stops by itself.
    pub expires_at: Option<Timestamp>,
}

/// What became of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It was made, or what it may has changed.
    Alive(RuntimeToken),
    /// It was revoked or deleted.
    Gone(Uuid),
}

impl Changed {
    /// Its id.
    pub fn id(&self) -> Uuid {
        match self {
            Self::Alive(token) => token.id,
            Self::Gone(id) => *id,
        }
    }
}

/// The token that a request carries, well-formed or not. No other header and no parameter names one.
pub fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let value = callers::one(headers, &AUTHORIZATION)?.unwrap_or_default();
    let bearer = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    bearer.map(|(_, token)| token.trim()).filter(|token| !token.is_empty()).ok_or_else(|| {
        Refusal::missing("the request carries no runtime token").hint("Send it as `Authorization: Bearer tnt_rt_…`.")
    })
}

/// What the database knows of a token.
pub fn hash(token: &str) -> [u8; 32] {
    sha256(token.as_bytes())
}

const COLUMNS: &str = "t.id, t.secret_hash, t.client_id, t.template_id, t.environment, t.scopes, t.expires_at";

/// Every runtime token that wasn't revoked. Those that expired are refused by their time.
pub async fn all(database: &Database) -> Result<Vec<RuntimeToken>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tenantry.tokens t
          WHERE t.kind = 'runtime' AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())"
    );
    let rows = database.read(&Caller::Auth, &Act::new("runtime tokens"), &sql, &[]).await?;
    rows.iter().map(RuntimeToken::try_from).collect()
}

/// What became of tokens after a revision.
pub async fn changed_after(database: &Database, revision: i64) -> Result<Vec<Changed>> {
    let sql = format!(
        "SELECT r.token_id, t.id IS NOT NULL AND t.kind = 'runtime' AND t.revoked_at IS NULL AS is_alive, {COLUMNS}
           FROM tenantry.token_revisions r
           LEFT JOIN tenantry.tokens t ON t.id = r.token_id
          WHERE r.revision > $1"
    );
    let rows = database.read(&Caller::Auth, &Act::new("runtime tokens"), &sql, &[&revision]).await?;
    rows.iter()
        .map(|row| {
            if row.get("is_alive") {
                Ok(Changed::Alive(RuntimeToken::try_from(row)?))
            } else {
                Ok(Changed::Gone(row.get("token_id")))
            }
        })
        .collect()
}

/// The token with a hash, while it is alive.
pub async fn by_hash(database: &Database, act: &Act, hash: &[u8; 32]) -> Result<Option<RuntimeToken>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tenantry.tokens t
          WHERE t.secret_hash = $1 AND t.kind = 'runtime' AND t.revoked_at IS NULL
            AND (t.expires_at IS NULL OR t.expires_at > now())"
    );
    let rows = database.read(&Caller::Auth, act, &sql, &[&hash.as_slice()]).await?;
    rows.first().map(RuntimeToken::try_from).transpose()
}

impl TryFrom<&Row> for RuntimeToken {
    type Error = crate::Error;

    fn try_from(row: &Row) -> Result<Self> {
        let scopes: Vec<String> = row.get("scopes");
        let holds = |scope: &str| scopes.iter().any(|held| held == scope);
        let hash: &[u8] = row.get("secret_hash");
        Ok(Self {
            id: row.get("id"),
            hash: hash.try_into().map_err(|_| crate::Error::failure("the hash of a token hasn't 32 bytes"))?,
            client_id: row.get("client_id"),
            template_id: row.get("template_id"),
            environment: row.get("environment"),
            reads: holds("config:read"),
            reads_secrets: holds("secret:read"),
            expires_at: row.get("expires_at"),
        })
    }
}
