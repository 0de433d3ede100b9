use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::gate::Gate;
use super::jwt;
use super::keys::KeySet;
use super::problem::Problem;
use super::refresh::{self, Refresh, Use};
use super::users::{self, User};
use crate::Result;
use crate::db::caller::{Act, Caller};
use crate::db::tx::Tx;
use axum::http::StatusCode;

/// How long an access token counts, in seconds.
const ACCESS_SECONDS: i64 = 15 * 60;

/// After how many days without a refresh a session ends.
const IDLE_DAYS: i32 = 30;

/// A session at the moment at which it was begun or continued.
pub struct Session {
    id: Uuid,
    started_at: Timestamp,
    refresh_token: Zeroizing<String>,
}

/// A session as it stands, locked.
struct Stored {
    user_id: Uuid,
    generation: i32,
    secret_hash: Option<Vec<u8>>,
    seconds_since: f64,
    started_at: Timestamp,
    is_open: bool,
}

/// Begins a session of a person's.
pub async fn begin(tx: &Tx<'_>, user: &User, keys: &KeySet, act: &Act) -> Result<Session> {
    let id = Uuid::new_v4();
    let refresh_token = Refresh { session: id, generation: 0 }.token(keys.newest().refresh_secret());
    let hash = refresh::hash(&refresh_token);
    let row = tx
        .query_one(
            "INSERT INTO tenantry.sessions (id, user_id, kind, secret_hash, address, expires_at)
             VALUES ($1, $2, 'api', $3, $4::text::inet, now() + make_interval(days => $5)) RETURNING started_at",
            &[&id, &user.id, &hash.as_slice(), &act.address.map(|address| address.to_string()), &IDLE_DAYS],
        )
        .await?;
    Ok(Session { id, started_at: row.get(0), refresh_token })
}

/// What a refresh token gives.
pub enum Refreshed {
    /// The session goes on.
    On(Box<User>, Session),
    /// It doesn't.
    Refused(Problem),
}

/// Continues a session by its refresh token; one that was used before ends it.
pub async fn refresh(tx: &Tx<'_>, token: &str, keys: &KeySet) -> Result<Refreshed> {
    let not_found = || {
        let said = "Invalid Refresh Token: Refresh Token Not Found";
        Refreshed::Refused(Problem::new(StatusCode::BAD_REQUEST, "refresh_token_not_found", said))
    };
    let Some(presented) = Refresh::parse(token, keys) else { return Ok(not_found()) };
    let Some(stored) = lock(tx, presented.session).await?.filter(|stored| stored.is_open) else {
        return Ok(not_found());
    };
    let Some(user) = users::by_id(tx, stored.user_id).await? else { return Ok(not_found()) };
    if user.is_disabled {
        return Ok(Refreshed::Refused(Problem::disabled()));
    }
    let held = |token: &str| stored.secret_hash.as_deref() == Some(refresh::hash(token).as_slice());
    let next = match refresh::judge(presented.generation, stored.generation, stored.seconds_since) {
        Use::First if held(token) => {
            let next = presented.next();
            let token = next.token(keys.newest().refresh_secret());
            store(tx, next, &token).await?;
            Some(token)
        }
        // The same key may not be the newest any more.
        Use::Again => {
            keys.all().iter().map(|key| presented.next().token(key.refresh_secret())).find(|token| held(token))
        }
        Use::First => None,
        Use::Stolen => return end_stolen(tx, presented, &user).await.map(Refreshed::Refused),
    };
    let Some(refresh_token) = next else { return Ok(not_found()) };
    let session = Session { id: presented.session, started_at: stored.started_at, refresh_token };
    Ok(Refreshed::On(Box::new(user), session))
}

/// Which of a person's sessions a sign-out is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// All.
    Global,
    /// The one that asks.
    Local,
    /// All but the one that asks.
    Others,
}

/// Ends sessions of a person's.
pub async fn end(tx: &Tx<'_>, user_id: Uuid, asking: Option<Uuid>, scope: Scope) -> Result<()> {
    let (but, only) = match scope {
        Scope::Global => (None, None),
        Scope::Local => (None, asking),
        Scope::Others => (asking, None),
    };
    tx.execute(
        "UPDATE tenantry.sessions SET ended_at = now()
          WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2 AND ($3::uuid IS NULL OR id = $3)",
        &[&user_id, &but, &only],
    )
    .await?;
    Ok(())
}

/// Seconds since a session was begun; none where it is no session of the person's that is open.
pub async fn age(tx: &Tx<'_>, user_id: Uuid, session: Option<Uuid>) -> Result<Option<f64>> {
    let sql = "SELECT extract(epoch FROM now() - s.started_at)::float8 FROM tenantry.sessions s
                WHERE s.id = $1 AND s.user_id = $2 AND s.ended_at IS NULL";
    Ok(tx.query_opt(sql, &[&session, &user_id]).await?.map(|row| row.get(0)))
}

/// Has the audit log know by whom and in which session this transaction is.
pub async fn is_by(tx: &Tx<'_>, user: &User, session: Option<Uuid>) -> Result<()> {
    let claims = json!({ "sub": user.id, "session_id": session }).to_string();
    tx.query("SELECT pg_catalog.set_config('request.jwt.claims', $1, true)", &[&claims]).await?;
    Ok(())
}

/// Writes an event into the audit log; one about a person into the trail of their row.
pub async fn log(tx: &Tx<'_>, action: &str, details: &Value) -> Result<()> {
    let person = details["user_id"].as_str();
    let table = person.map(|_| "people");
    tx.query("SELECT tenantry.audit_event($1, $2, NULL, $3, $4, 'tenantry')", &[&action, details, &table, &person])
        .await?;
    Ok(())
}

impl Gate {
    /// What a sign-in and a refresh answer.
    pub(super) fn answer(&self, user: &User, session: &Session) -> Result<Value> {
        let now = self.now().as_second();
        let ends = now + ACCESS_SECONDS;
        let mut claims = user.claims();
        for (name, value) in [
            ("iss", json!(self.parts().issuer)),
            ("iat", json!(now)),
            ("exp", json!(ends)),
            ("session_id", json!(session.id)),
            ("aal", json!("aal1")),
            ("amr", json!([{ "method": "password", "timestamp": session.started_at.as_second() }])),
        ] {
            claims[name] = value;
        }
        Ok(json!({
            "access_token": jwt::sign(&claims, &self.parts().keys.live())?,
            "token_type": "bearer", "expires_in": ACCESS_SECONDS, "expires_at": ends,
            "refresh_token": session.refresh_token.as_str(), "user": user.json(),
        }))
    }

    /// A transaction of sign-in's own.
    pub(super) async fn begin(&self, act: &Act) -> Result<Tx<'static>> {
        self.database().begin(&Caller::Auth, act).await
    }
}

impl Session {
    /// Its id.
    pub fn id(&self) -> Uuid {
        self.id
    }
}

async fn lock(tx: &Tx<'_>, id: Uuid) -> Result<Option<Stored>> {
    let row = tx
        .query_opt(
            "SELECT s.user_id, s.generation, s.secret_hash, s.started_at,
                    extract(epoch FROM clock_timestamp() - s.refreshed_at)::float8 AS seconds_since,
                    s.ended_at IS NULL AND s.expires_at > now() AS is_open
               FROM tenantry.sessions s WHERE s.id = $1 AND s.kind = 'api' FOR UPDATE",
            &[&id],
        )
        .await?;
    Ok(row.map(|row| Stored {
        user_id: row.get("user_id"),
        generation: row.get("generation"),
        secret_hash: row.get("secret_hash"),
        seconds_since: row.get("seconds_since"),
        started_at: row.get("started_at"),
        is_open: row.get("is_open"),
    }))
}

async fn store(tx: &Tx<'_>, next: Refresh, token: &str) -> Result<()> {
    tx.execute(
        "UPDATE tenantry.sessions
            SET generation = $2, secret_hash = $3, refreshed_at = clock_timestamp(),
                expires_at = now() + make_interval(days => $4)
          WHERE id = $1",
        &[&next.session, &next.generation, &refresh::hash(token).as_slice(), &IDLE_DAYS],
    )
    .await?;
    Ok(())
}

async fn end_stolen(tx: &Tx<'_>, presented: Refresh, user: &User) -> Result<Problem> {
    is_by(tx, user, Some(presented.session)).await?;
    end(tx, user.id, Some(presented.session), Scope::Local).await?;
    log(tx, "refresh_token_reuse", &json!({ "session_id": presented.session })).await?;
    let said = "Invalid Refresh Token: Already Used";
    Ok(Problem::new(StatusCode::BAD_REQUEST, "refresh_token_already_used", said))
}
