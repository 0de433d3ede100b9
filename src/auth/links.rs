//! One-time links: by which the first administrator is made, and people choose a password whom nobody mails one.

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::console::{self, Browser, Secret};
use super::gate::Gate;
use super::passwords::Password;
use super::sessions::{self, Scope};
use super::users;
use crate::db::caller::{Act, Caller};
use crate::db::tx::Tx;
use crate::problem::Problem;
use crate::{Error, Result};

/// How long a link counts, in seconds: until tomorrow, since it is passed on by hand.
const SECONDS: i32 = 24 * 60 * 60;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// Makes the first administrator.
    SetUp,
    /// Has this person choose a password.
    Password(Uuid),
}

/// A link that was just made; its secret is known here and nowhere else.
pub struct Link {
    made_for: For,
    secret: Secret,
    /// When it stops by itself.
    pub ends: Timestamp,
}

/// Whom a link that counts is for.
#[derive(Clone, Debug)]
pub struct Linked {
    /// Whose password; none where it makes the first administrator.
    pub person: Option<Invited>,
}

/// Somebody who chooses a password by a link.
#[derive(Clone, Debug)]
pub struct Invited {
    /// Who.
    pub user_id: Uuid,
    /// The address that they sign in with.
    pub email: String,
}

/// Whether nobody is there yet who could let others in.
pub async fn is_set_up_needed(tx: &Tx<'_>) -> Result<bool> {
    let row = tx.query_one("SELECT NOT tenantry.has_administrator()", &[]).await?;
    Ok(row.get(0))
}

/// Makes a link; those that were made before for the same count no more.
pub async fn make(tx: &Tx<'_>, made_for: For) -> Result<Link> {
    let secret = Secret::generated()?;
    let (kind, person) = match made_for {
        For::SetUp => ("set_up", None),
        For::Password(person) => ("password", Some(person)),
    };
    let sql = "SELECT tenantry.make_link($1, $2, $3, $4)";
    let row = tx.query_one(sql, &[&kind, &person, &secret.hash().as_slice(), &SECONDS]).await?;
    Ok(Link { made_for, secret, ends: row.get(0) })
}

impl Link {
    /// Where it leads, at the server that browsers find under a URL.
    pub fn url(&self, public_url: &str) -> Zeroizing<String> {
        let page = match self.made_for {
            For::SetUp => "set-up",
            For::Password(_) => "choose-password",
        };
        Zeroizing::new(format!("{}/{page}?link={}", public_url.trim_end_matches('/'), &*self.secret.reveal()))
    }
}

impl Gate {
    /// What a link is for; none where it doesn't count, or doesn't any more.
    pub async fn linked(&self, link: &Secret, act: &Act) -> Result<Option<Linked>> {
        let sql = "SELECT l.user_id, coalesce(u.email, '')::text AS email
                     FROM tenantry.links l
                     LEFT JOIN tenantry.people p ON p.user_id = l.user_id
                     LEFT JOIN auth.users u ON u.id = l.user_id
                    WHERE l.secret_hash = $1 AND l.used_at IS NULL AND l.expires_at > now()
                      AND CASE l.kind WHEN 'set_up' THEN NOT tenantry.has_administrator()
                                      ELSE p.disabled_at IS NULL AND u.id IS NOT NULL END";
        let rows = self.database().read(&Caller::Auth, act, sql, &[&link.hash().as_slice()]).await?;
        Ok(rows.first().map(|row| Linked {
            person: row.get::<_, Option<Uuid>>("user_id").map(|user_id| Invited { user_id, email: row.get("email") }),
        }))
    }

    /// Makes the first administrator and signs them in.
    pub async fn set_up(
        &self,
        link: &Secret,
        email: &str,
        name: &str,
        password: Password,
        browser: &Browser<'_>,
        act: &Act,
    ) -> Result<Secret, Problem> {
        // Asked before as well, so that nobody without a link has passwords hashed.
        if self.linked(link, act).await?.is_none_or(|linked| linked.person.is_some()) {
            return Err(spent());
        }
        let hash = self.hash(password).await?;
        let tx = self.begin(act).await?;
        let sql = "SELECT tenantry.add_first_administrator($1, $2, $3, $4)";
        let row = tx.query_one(sql, &[&link.hash().as_slice(), &email, &name, &hash]).await?;
        let person: Uuid = row.get::<_, Option<_>>(0).ok_or_else(spent)?;
        let secret = sign_in(&tx, person, browser, act).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Gives a person the password that they chose by a link, ends their sessions, and signs them in.
    pub async fn choose_password(
        &self,
        link: &Secret,
        password: Password,
        browser: &Browser<'_>,
        act: &Act,
    ) -> Result<Secret, Problem> {
        let linked = self.linked(link, act).await?.and_then(|linked| linked.person);
        let person = linked.ok_or_else(spent)?.user_id;
        let hash = self.hash(password).await?;
        let tx = self.begin(act).await?;
        let used = tx
            .execute(
                "UPDATE tenantry.links SET used_at = now()
                  WHERE secret_hash = $1 AND user_id = $2 AND used_at IS NULL AND expires_at > now()",
                &[&link.hash().as_slice(), &person],
            )
            .await?;
        if used == 0 {
            return Err(spent());
        }
        users::set_password(&tx, person, &hash).await?;
        sessions::end(&tx, person, None, Scope::Global).await?;
        sessions::log(&tx, "password_link", &json!({ "user_id": person })).await?;
        let secret = sign_in(&tx, person, browser, act).await?;
        tx.commit().await?;
        Ok(secret)
    }
}

async fn sign_in(tx: &Tx<'_>, person: Uuid, browser: &Browser<'_>, act: &Act) -> Result<Secret> {
    let user = users::by_id(tx, person).await?;
    let user = user.ok_or_else(|| Error::failure("somebody whose password was just set isn't there"))?;
    console::begin(tx, &user, browser, act).await
}

/// What a link that doesn't count gets.
pub fn spent() -> Problem {
    Problem::absent("This link was used already, has expired, or isn't whole").mend(
        "Ask whoever gave it to you for another: a super admin makes one on the page People, an operator with `tenantry user reset-link`",
    )
}
