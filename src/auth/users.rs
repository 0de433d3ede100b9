use serde_json::{Map, Value, json};
use tokio_postgres::Row;
use uuid::Uuid;

use super::passwords::Known;
use crate::Result;
use crate::db::tx::Tx;

/// Everything that an access token may carry of what a person says about themselves, in bytes: it travels with each
/// request. `getUser()` gives all of it.
const CARRIED: usize = 2_048;

/// A person who may sign in here, or might if they weren't disabled.
pub struct User {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) role: String,
    pub(super) is_disabled: bool,
    pub(super) about: Map<String, Value>,
    app_metadata: Map<String, Value>,
    created_at: Option<String>,
    updated_at: Option<String>,
    confirmed_at: Option<String>,
    last_sign_in_at: Option<String>,
    argon2id: Option<String>,
    bcrypt: Option<String>,
}

/// A person, by what stands behind it. A site's own `auth.users` may lack columns, so that they are read off the row as
/// JSON; and it is never written, so that what is ours stands beside it.
const USER: &str = "
    SELECT u.id, u.email::text AS email, p.role::text AS role, w.password_hash,
           p.disabled_at IS NOT NULL OR coalesce((j.row ->> 'banned_until')::timestamptz > now(), false) AS is_disabled,
           j.row ->> 'encrypted_password' AS encrypted_password,
           coalesce(m.data, j.row -> 'raw_user_meta_data') AS user_metadata, j.row -> 'raw_app_meta_data' AS app_metadata,
           j.row ->> 'created_at' AS created_at, j.row ->> 'email_confirmed_at' AS confirmed_at,
           to_jsonb(greatest((j.row ->> 'updated_at')::timestamptz, m.updated_at)) #>> '{}' AS updated_at,
           to_jsonb((SELECT max(s.started_at) FROM tenantry.sessions s WHERE s.user_id = u.id)) #>> '{}' AS last_sign_in_at
      FROM auth.users u
     CROSS JOIN LATERAL (SELECT to_jsonb(u) AS row OFFSET 0) j
      JOIN tenantry.people p ON p.user_id = u.id
      LEFT JOIN tenantry.passwords w ON w.user_id = u.id
      LEFT JOIN tenantry.user_metadata m ON m.user_id = u.id
     WHERE j.row ->> 'deleted_at' IS NULL AND ";

/// The person with an address; none where two have it, since then it says nothing.
pub async fn by_email(tx: &Tx<'_>, email: &str) -> Result<Option<User>> {
    let rows = tx.query(&format!("{USER} lower(u.email) = lower($1) LIMIT 2"), &[&email]).await?;
    Ok(if let [row] = rows.as_slice() { Some(User::from(row)) } else { None })
}

/// The person with an id.
pub async fn by_id(tx: &Tx<'_>, id: Uuid) -> Result<Option<User>> {
    Ok(tx.query_opt(&format!("{USER} u.id = $1"), &[&id]).await?.as_ref().map(User::from))
}

/// A bcrypt hash of anybody's, where this database has some.
pub async fn somebodys_bcrypt(tx: &Tx<'_>) -> Result<Option<String>> {
    let row = tx
        .query_opt(
            "SELECT to_jsonb(u) ->> 'encrypted_password' FROM auth.users u
              WHERE to_jsonb(u) ->> 'encrypted_password' LIKE '$2_$%' LIMIT 1",
            &[],
        )
        .await?;
    Ok(row.map(|row| row.get(0)))
}

/// Writes what a person says about themselves.
pub async fn set_metadata(tx: &Tx<'_>, id: Uuid, data: &Value) -> Result<()> {
    tx.execute(
        "INSERT INTO tenantry.user_metadata AS m (user_id, data) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET data = excluded.data, updated_at = now()",
        &[&id, data],
    )
    .await?;
    Ok(())
}

/// Writes a person's password, given its hash.
pub async fn set_password(tx: &Tx<'_>, id: Uuid, hash: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO tenantry.passwords AS w (user_id, password_hash) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = now()",
        &[&id, &hash],
    )
    .await?;
    Ok(())
}

impl From<&Row> for User {
    fn from(row: &Row) -> Self {
        let object = |name: &str| match row.get::<_, Option<Value>>(name) {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
        Self {
            id: row.get("id"),
            email: row.get::<_, Option<String>>("email").unwrap_or_default(),
            role: row.get("role"),
            is_disabled: row.get("is_disabled"),
            about: object("user_metadata"),
            app_metadata: object("app_metadata"),
            created_at: row.get("created_at"),
            updated_at: row.get("updated_at"),
            confirmed_at: row.get("confirmed_at"),
            last_sign_in_at: row.get("last_sign_in_at"),
            argon2id: row.get("password_hash"),
            bcrypt: row.get("encrypted_password"),
        }
    }
}

impl User {
    /// What is known of the person's password; of nobody's where there is no such person.
    pub fn password(user: Option<&Self>, somebodys_bcrypt: Option<String>) -> Known {
        Known {
            argon2id: user.and_then(|user| user.argon2id.clone()),
            bcrypt: user.and_then(|user| user.bcrypt.clone()).filter(|hash| hash.starts_with("$2")),
            somebodys_bcrypt,
        }
    }

    /// The person as `supabase.auth` gives them.
    pub fn json(&self) -> Value {
        let Self { id, email, created_at, updated_at, confirmed_at, last_sign_in_at, about, .. } = self;
        let identity = json!({
            "identity_id": id, "id": id, "user_id": id, "provider": "email",
            "identity_data": { "sub": id, "email": email },
            "created_at": created_at, "updated_at": updated_at, "last_sign_in_at": last_sign_in_at,
        });
        json!({
            "id": id, "aud": "authenticated", "role": "authenticated", "email": email, "phone": "",
            "email_confirmed_at": confirmed_at, "confirmed_at": confirmed_at, "last_sign_in_at": last_sign_in_at,
            "app_metadata": self.app_metadata(), "user_metadata": about, "identities": [identity],
            "created_at": created_at, "updated_at": updated_at, "is_anonymous": false,
        })
    }

    /// The claims of the person's access tokens, without those that differ from token to token.
    pub fn claims(&self) -> Value {
        let carried = serde_json::to_string(&self.about).is_ok_and(|text| text.len() <= CARRIED);
        json!({
            "sub": self.id, "aud": "authenticated", "role": "authenticated", "email": self.email, "phone": "",
            "app_metadata": self.app_metadata(), "is_anonymous": false,
            "user_metadata": if carried { self.about.clone() } else { Map::new() },
        })
    }

    /// What a site wrote there, with the role that counts.
    fn app_metadata(&self) -> Map<String, Value> {
        let mut members = self.app_metadata.clone();
        members.insert("role".to_owned(), json!(self.role));
        members.entry("provider").or_insert_with(|| json!("email"));
        members.entry("providers").or_insert_with(|| json!(["email"]));
        members
    }
}
