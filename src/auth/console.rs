//! Sessions of the console: what a browser's cookie stands for, and how it begins, goes on and ends.
//!
//! The cookie is 256 random bits, of which the database has a hash. A session ends by itself an hour after its last request,
//! and twelve hours after sign-in whatever happens. It has another cookie after each time that a password was given, so that
//! one which somebody knew before is worth nothing. Apps' sessions go on by refresh tokens, and neither opens the other's
//! entrance: `kind` tells them apart.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tokio_postgres::Row;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::account::Person;
use super::callers;
use super::gate::Gate;
use super::refusal::Denial;
use super::secret::{random_bytes, sha256};
use super::sessions::{self, Scope};
use super::sign_in::details;
use super::users::{self, User};
use crate::Result;
use crate::db::caller::{Act, Caller};
use crate::db::policies::rules::Role;
use crate::db::tx::Tx;
use crate::problem::Problem;

/// After how many minutes without a request a session is over.
pub const IDLE_MINUTES: i32 = 60;

/// After how many hours it is over whatever happens.
pub const LONGEST_HOURS: i32 = 12;

/// For how many minutes a password that was given again counts.
pub const STEPPED_UP_MINUTES: i32 = 10;

/// How much of what a browser says it is gets kept.
const LONGEST_DEVICE: usize = 255;

/// What a cookie or a link carries, and nothing here keeps. Has no `Debug`, so that no log shows it.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    const BYTES: usize = 32;

    /// A new one.
    pub fn generated() -> Result<Self> {
        Ok(Self(random_bytes(Self::BYTES)?))
    }

    /// Reads one; none where the text can't be one.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        (bytes.len() == Self::BYTES).then_some(Self(bytes))
    }

    /// As the browser gets it.
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(&*self.0))
    }

    /// What the database knows of it.
    pub fn hash(&self) -> [u8; 32] {
        sha256(&self.0)
    }
}

/// A browser that somebody signs in with.
#[derive(Default)]
pub struct Browser<'a> {
    /// What it says it is.
    pub device: Option<&'a str>,
    /// The session that it had before, whoever's that was.
    pub former: Option<Secret>,
}

/// Who comes with a session that is open.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The session's id, which opens nothing.
    pub session: Uuid,
    /// The person.
    pub user_id: Uuid,
    /// The address that they sign in with.
    pub email: String,
    /// What they are called, where they said so.
    pub name: Option<String>,
    /// The time zone that they chose.
    pub time_zone: Option<String>,
    /// Their role as it is now.
    pub role: Role,
    /// Whether they gave their password again lately.
    pub is_stepped_up: bool,
    /// On whose behalf the database is asked.
    pub caller: Caller,
}

/// One of a person's sessions, as they see it.
#[derive(Clone, Debug)]
pub struct Open {
    /// Its id.
    pub id: Uuid,
    /// Whether it is a browser's at the console; else an app's.
    pub is_console: bool,
    /// What the browser said it is.
    pub device: Option<String>,
    /// Where the sign-in came from.
    pub address: Option<String>,
    /// When it was begun.
    pub started_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Timestamp,
}

/// An open session by its secret, with everything that a page needs to know of the person, in one look. What a site keeps
/// in its own `auth.users` may lack columns, as for sign-in.
const VISIT: &str = "
    SELECT s.id, s.user_id, p.role::text AS role, coalesce(u.email, '')::text AS email,
           coalesce(a.said ->> 'name', a.said ->> 'full_name') AS name, a.said ->> 'time_zone' AS time_zone,
           coalesce(s.stepped_up_at > now() - make_interval(mins => $2), false) AS is_stepped_up,
           s.refreshed_at < now() - interval '1 minute' AS is_due
      FROM tenantry.sessions s
      JOIN tenantry.people p ON p.user_id = s.user_id AND p.disabled_at IS NULL
      JOIN auth.users u ON u.id = s.user_id
     CROSS JOIN LATERAL (SELECT to_jsonb(u) AS row OFFSET 0) j
      LEFT JOIN tenantry.user_metadata m ON m.user_id = s.user_id
     CROSS JOIN LATERAL (SELECT coalesce(m.data, j.row -> 'raw_user_meta_data') AS said) a
     WHERE s.secret_hash = $1 AND s.kind = 'console' AND s.ended_at IS NULL AND s.expires_at > now()
       AND j.row ->> 'deleted_at' IS NULL
       AND NOT coalesce((j.row ->> 'banned_until')::timestamptz > now(), false)";

/// Written at most once a minute, so that a page is no write.
const GO_ON: &str = "
    UPDATE tenantry.sessions
       SET refreshed_at = now(),
           expires_at = least(now() + make_interval(mins => $2), started_at + make_interval(hours => $3))
     WHERE id = $1 AND ended_at IS NULL AND refreshed_at < now() - interval '1 minute'";

impl Gate {
    /// Who comes with the secret of a session; none where it is over or never was one.
    pub async fn visit(&self, secret: &Secret, act: &Act) -> Result<Option<Visit>, Denial> {
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 2] = [&secret.hash().to_vec(), &STEPPED_UP_MINUTES];
        let rows = self.database().read(&Caller::Auth, act, VISIT, &values).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        if row.get("is_due") {
            let values: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
                [&row.get::<_, Uuid>("id"), &IDLE_MINUTES, &LONGEST_HOURS];
            self.database().once(&Caller::Auth, act, GO_ON, &values).await?;
        }
        Visit::of(row).map(Some)
    }

    /// Signs somebody in at the console, as `/auth/v1` does it; what the browser had before ends.
    pub async fn sign_in_at_console(
        &self,
        email: &str,
        password: Zeroizing<String>,
        browser: &Browser<'_>,
        act: &Act,
    ) -> Result<Secret, Problem> {
        let (attempt, user) = self.proven(email, password, act).await?;
        let tx = self.begin(act).await?;
        attempt.succeed(&tx).await?;
        let secret = begin(&tx, &user, browser, act).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Has a person give their password again, and the session another secret.
    pub async fn step_up(&self, visit: &Visit, password: Zeroizing<String>, act: &Act) -> Result<Secret, Problem> {
        self.prove(&visit.person(), password, act).await?;
        let secret = Secret::generated()?;
        let tx = self.begin(act).await?;
        let user = users::by_id(&tx, visit.user_id).await?.ok_or_else(over)?;
        sessions::is_by(&tx, &user, Some(visit.session)).await?;
        let renewed = tx
            .execute(
                "UPDATE tenantry.sessions SET secret_hash = $2, stepped_up_at = now()
                  WHERE id = $1 AND kind = 'console' AND ended_at IS NULL AND expires_at > now()",
                &[&visit.session, &secret.hash().as_slice()],
            )
            .await?;
        if renewed == 0 {
            return Err(over());
        }
        sessions::log(&tx, "password_again", &details("good", Some(&user))).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Gives a person another password, who shows the current one; their other sessions end.
    pub async fn change_password(
        &self,
        visit: &Visit,
        password: Zeroizing<String>,
        current: Zeroizing<String>,
        act: &Act,
    ) -> Result<(), Problem> {
        let person = visit.person();
        let hash = self.new_password(&person, password, Some(current), act).await?;
        self.write(&person, Some(hash), None, act).await?;
        Ok(())
    }

    /// Writes what a person is called and their time zone; an empty text takes one away.
    pub async fn introduce(&self, visit: &Visit, name: &str, time_zone: &str, act: &Act) -> Result<(), Problem> {
        let said = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
        let data = Map::from_iter([("name".to_owned(), said(name)), ("time_zone".to_owned(), said(time_zone))]);
        self.write(&visit.person(), None, Some(data), act).await?;
        Ok(())
    }

    /// A person's sessions that are open, newest first.
    pub async fn open_sessions(&self, user_id: Uuid, act: &Act) -> Result<Vec<Open>> {
        let sql = "SELECT s.id, s.kind = 'console' AS is_console, s.device::text AS device, host(s.address) AS address,
                          s.started_at, s.refreshed_at
                     FROM tenantry.sessions s
                    WHERE s.user_id = $1 AND s.ended_at IS NULL AND s.expires_at > now()
                    ORDER BY s.refreshed_at DESC, s.id LIMIT 100";
        let rows = self.database().read(&Caller::Auth, act, sql, &[&user_id]).await?;
        Ok(rows.iter().map(Open::from).collect())
    }

    /// Ends one of a person's own sessions, or all but the one that asks.
    pub async fn end_session(&self, visit: &Visit, one: Option<Uuid>, act: &Act) -> Result<(), Problem> {
        let (asking, scope) = match one {
            Some(id) => (id, Scope::Local),
            None => (visit.session, Scope::Others),
        };
        let tx = self.begin(act).await?;
        let user = users::by_id(&tx, visit.user_id).await?.ok_or_else(over)?;
        sessions::is_by(&tx, &user, Some(visit.session)).await?;
        sessions::end(&tx, user.id, Some(asking), scope).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Begins a session of the console, and writes down that somebody signed in.
pub(super) async fn begin(tx: &Tx<'_>, user: &User, browser: &Browser<'_>, act: &Act) -> Result<Secret> {
    let (id, secret) = (Uuid::new_v4(), Secret::generated()?);
    sessions::is_by(tx, user, None).await?;
    if let Some(former) = &browser.former {
        let sql = "UPDATE tenantry.sessions SET ended_at = now()
                    WHERE secret_hash = $1 AND kind = 'console' AND ended_at IS NULL";
        tx.execute(sql, &[&former.hash().as_slice()]).await?;
    }
    let device: Option<String> =
        browser.device.map(|said| said.chars().filter(|c| !c.is_control()).take(LONGEST_DEVICE).collect());
    tx.execute(
        "INSERT INTO tenantry.sessions (id, user_id, kind, secret_hash, address, device, expires_at)
         VALUES ($1, $2, 'console', $3, $4::text::inet, $5, now() + make_interval(mins => $6))",
        &[
            &id,
            &user.id,
            &secret.hash().as_slice(),
            &act.address.map(|address| address.to_string()),
            &device,
            &IDLE_MINUTES,
        ],
    )
    .await?;
    sessions::is_by(tx, user, Some(id)).await?;
    sessions::log(tx, "sign_in", &details("good", Some(user))).await?;
    Ok(secret)
}

/// What somebody is told whose session ended while they did something.
fn over() -> Problem {
    super::Refusal::over("the session has ended").into()
}

impl Visit {
    fn person(&self) -> Person {
        Person { id: self.user_id, session: Some(self.session) }
    }

    fn of(row: &Row) -> Result<Self, Denial> {
        let (session, user_id): (Uuid, Uuid) = (row.get("id"), row.get("user_id"));
        let said = json!({
            "aud": super::jwt::AUDIENCE, "role": super::jwt::AUDIENCE, "sub": user_id, "session_id": session,
            "app_metadata": { "role": row.get::<_, &str>("role") },
        });
        let caller = callers::person(said, None)?;
        let Caller::Person(_, role) = caller else { unreachable!("a person's claims give a person") };
        Ok(Self {
            session,
            user_id,
            email: row.get("email"),
            name: row.get("name"),
            time_zone: row.get("time_zone"),
            role,
            is_stepped_up: row.get("is_stepped_up"),
            caller,
        })
    }
}

impl From<&Row> for Open {
    fn from(row: &Row) -> Self {
        Self {
            id: row.get("id"),
            is_console: row.get("is_console"),
            device: row.get("device"),
            address: row.get("address"),
            started_at: row.get("started_at"),
            used_at: row.get("refreshed_at"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_secret_is_read_as_it_was_written_and_no_other_is_made() {
        let (secret, other) = (Secret::generated().unwrap(), Secret::generated().unwrap());
        assert_eq!(secret.reveal().len(), 43);
        assert_eq!(Secret::parse(&secret.reveal()).unwrap().hash(), secret.hash());
        assert_ne!(secret.hash(), other.hash());
    }

    proptest! {
        #[test]
        fn no_other_text_is_a_secret(text in "\\PC{0,60}") {
            prop_assume!(text.len() != 43);
            prop_assert!(Secret::parse(&text).is_none());
        }

        #[test]
        fn a_changed_secret_is_another(place in 0..43_usize, letter in "[A-Za-z0-9_-]") {
            let secret = Secret::generated().unwrap();
            let mut text = secret.reveal().to_string();
            text.replace_range(place..=place, &letter);
            prop_assume!(text != *secret.reveal());
            prop_assert!(Secret::parse(&text).is_none_or(|other| other.hash() != secret.hash()));
        }
    }
}
