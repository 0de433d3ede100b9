use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use super::attempts::{self, Attempt};
use super::gate::Gate;
use super::passwords::{Known, Password, password_hash};
use super::problem::Problem;
use super::sessions::{self, Refreshed, Session};
use super::users::{self, User};
use crate::db::caller::Act;
use crate::{Error, Result};

/// How long a sign-in waits until it may hash.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest address that is looked up.
const LONGEST_ADDRESS: usize = 254;

impl Gate {
    /// Signs somebody in by address and password.
    pub(super) async fn sign_in(&self, email: &str, password: Zeroizing<String>, act: &Act) -> Result<Value, Problem> {
        let (attempt, user) = self.proven(email, password, act).await?;
        let session = self.signed_in(&attempt, &user, act).await?;
        Ok(self.answer(&user, &session)?)
    }

    /// The person whom an address and a password prove.
    ///
    /// Unknown address and wrong password go the same way, statement by statement, and compute the same hashes.
    pub(super) async fn proven(
        &self,
        email: &str,
        password: Zeroizing<String>,
        act: &Act,
    ) -> Result<(Attempt, User), Problem> {
        let email = address(email)?;
        let attempt = self.attempt(email, act).await?;
        let tx = self.begin(act).await?;
        let user = users::by_email(&tx, email).await?;
        let known = User::password(user.as_ref(), users::somebodys_bcrypt(&tx).await?);
        tx.commit().await?;
        if !self.check(known, password).await? {
            return Err(self.failed(user.as_ref(), act).await?);
        }
        let user = user.ok_or_else(Problem::invalid_credentials)?;
        if user.is_disabled {
            self.failed(Some(&user), act).await?;
            return Err(Problem::disabled());
        }
        Ok((attempt, user))
    }

    /// Continues a session.
    pub(super) async fn refresh(&self, token: &str, act: &Act) -> Result<Value, Problem> {
        let tx = self.begin(act).await?;
        let refreshed = sessions::refresh(&tx, token, &self.parts().keys.live_now()).await?;
        // Also where it is refused: reuse has ended the session.
        tx.commit().await?;
        match refreshed {
            Refreshed::On(user, session) => Ok(self.answer(&user, &session)?),
            Refreshed::Refused(problem) => Err(problem),
        }
    }

    /// Counts an attempt, or turns it away.
    pub(super) async fn attempt(&self, account: &str, act: &Act) -> Result<Attempt, Problem> {
        let attempt = Attempt::new(account, act.address);
        let tx = self.begin(act).await?;
        let begun = attempt.begin(&tx).await?;
        if let Err(too_soon) = &begun
            && too_soon.is_news
        {
            let user = users::by_email(&tx, account).await?;
            sessions::log(&tx, "sign_in", &details("locked", user.as_ref())).await?;
        }
        tx.commit().await?;
        begun.map(|()| attempt).map_err(|too_soon| Problem::too_soon(too_soon.wait))
    }

    /// Whether a password is the one that is known, computed where it disturbs nobody and not too often at once.
    pub(super) async fn check(&self, known: Known, password: Zeroizing<String>) -> Result<bool, Problem> {
        self.hashing(move || known.is(&password)).await
    }

    /// The hash of a new password.
    pub(super) async fn hash(&self, password: Password) -> Result<String, Problem> {
        self.hashing(move || password_hash(password.reveal())).await
    }

    async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = self.parts().hashing.clone().acquire_owned();
        let turn =
            tokio::time::timeout(PATIENCE, turn).await.map_err(|_| Error::busy("passwords are being checked"))?;
        // The turn goes with the work: it isn't free while somebody who hung up is still being hashed.
        let done = spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        Ok(done.await.map_err(|error| Error::failure(format!("a password wasn't hashed: {error}")))??)
    }

    async fn failed(&self, user: Option<&User>, act: &Act) -> Result<Problem> {
        let tx = self.begin(act).await?;
        sessions::log(&tx, "sign_in", &details("failed", user)).await?;
        attempts::forget(&tx).await?;
        tx.commit().await?;
        Ok(Problem::invalid_credentials())
    }

    async fn signed_in(&self, attempt: &Attempt, user: &User, act: &Act) -> Result<Session> {
        let tx = self.begin(act).await?;
        attempt.succeed(&tx).await?;
        sessions::is_by(&tx, user, None).await?;
        let session = sessions::begin(&tx, user, &self.parts().keys.live_now(), act).await?;
        sessions::is_by(&tx, user, Some(session.id())).await?;
        sessions::log(&tx, "sign_in", &details("good", Some(user))).await?;
        tx.commit().await?;
        Ok(session)
    }
}

/// What the audit log says of a sign-in. An address that nobody has isn't kept: people type passwords there.
pub(super) fn details(outcome: &str, user: Option<&User>) -> Value {
    json!({ "outcome": outcome, "method": "password", "user_id": user.map(|user| user.id) })
}

/// What can be an address at all.
fn address(text: &str) -> Result<&str, Problem> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST_ADDRESS || !text.contains('@') || text.contains(char::is_control) {
        return Err(Problem::bad_request("Unable to validate email address: invalid format"));
    }
    Ok(text)
}
