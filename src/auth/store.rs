//! SQL on what lets people and programs in; all of it as `tenantry_auth`.

use std::sync::atomic::AtomicI64;

use uuid::Uuid;

use super::callers::KnownToken;
use super::token::Kind;
use crate::Result;
use crate::db::caller::{Act, Caller};
use crate::db::database::Database;

/// A personal token that is alive, and who has it.
pub(super) struct PersonalToken {
    pub(super) id: Uuid,
    pub(super) user_id: Uuid,
    pub(super) role: String,
    pub(super) scopes: Vec<String>,
    pub(super) is_use_due: bool,
}

/// The token with a hash, of that kind, while it is alive.
pub(super) async fn token(database: &Database, act: &Act, hash: &[u8], kind: Kind) -> Result<Option<KnownToken>> {
    let rows = database
        .read(
            &Caller::Auth,
            act,
            "SELECT t.id, t.scopes
               FROM tenantry.tokens t
              WHERE t.secret_hash = $1 AND t.kind = $2
                AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())",
            &[&hash, &kind.as_str()],
        )
        .await?;
    let known = |row: &tokio_postgres::Row| KnownToken {
        id: row.get("id"),
        scopes: row.get("scopes"),
        noted: AtomicI64::new(0),
    };
    Ok(rows.first().map(known))
}

/// The personal token with a hash, while it is alive, with its person's role as it is now.
pub(super) async fn personal_token(database: &Database, act: &Act, hash: &[u8]) -> Result<Option<PersonalToken>> {
    let rows = database
        .read(
            &Caller::Auth,
            act,
            "SELECT t.id, t.user_id, p.role::text AS role, t.scopes,
                    coalesce(t.last_used_at < now() - interval '10 minutes', true) AS is_use_due
               FROM tenantry.tokens t
               JOIN tenantry.people p ON p.user_id = t.user_id AND p.disabled_at IS NULL
              WHERE t.secret_hash = $1 AND t.kind = 'personal'
                AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())",
            &[&hash],
        )
        .await?;
    let found = |row: &tokio_postgres::Row| PersonalToken {
        id: row.get("id"),
        user_id: row.get("user_id"),
        role: row.get("role"),
        scopes: row.get("scopes"),
        is_use_due: row.get("is_use_due"),
    };
    Ok(rows.first().map(found))
}

/// The role of a person who isn't disabled.
pub(super) async fn role(database: &Database, act: &Act, user_id: Uuid) -> Result<Option<String>> {
    let sql = "SELECT p.role::text FROM tenantry.people p WHERE p.user_id = $1 AND p.disabled_at IS NULL";
    let rows = database.read(&Caller::Auth, act, sql, &[&user_id]).await?;
    Ok(rows.first().map(|row| row.get(0)))
}

/// Writes down that a token was used, not more often than each so many seconds and not to the second.
pub(super) async fn note_use(database: &Database, id: Uuid, every: i64) -> Result<()> {
    #[expect(clippy::cast_precision_loss, reason = "minutes in seconds")]
    let every = every as f64;
    database
        .once(
            &Caller::Auth,
            &Act::new("use of a token"),
            "UPDATE tenantry.tokens SET last_used_at = date_trunc('minute', now())
              WHERE id = $1 AND coalesce(last_used_at < now() - make_interval(secs => $2), true)",
            &[&id, &every],
        )
        .await?;
    Ok(())
}
