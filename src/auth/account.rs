use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode};
use serde_json::{Map, Value};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::gate::Gate;
use super::passwords::Password;
use super::problem::Problem;
use super::sessions::{self, Scope};
use super::sign_in::details;
use super::users::{self, User};
use crate::db::caller::{Act, Caller};

/// How old a session may be, in seconds, that changes the password without saying the current one.
const FRESH: f64 = 600.0;

/// The longest that a person may say about themselves, in bytes of JSON.
const LONGEST_METADATA: usize = 16 * 1024;

/// A person whose claims hold now.
pub struct Person {
    pub(super) id: Uuid,
    pub(super) session: Option<Uuid>,
}

/// What a person may change about themselves, as `updateUser` sends it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    password: Option<Zeroizing<String>>,
    current_password: Option<Zeroizing<String>>,
    data: Option<Map<String, Value>>,
    email: Option<String>,
    phone: Option<String>,
    nonce: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
}

impl Gate {
    /// The person who calls. Asks the database whether their claims still hold, as every request does.
    pub(super) async fn person(&self, method: &Method, headers: &HeaderMap, act: &Act) -> Result<Person, Problem> {
        let caller = self.caller(method, headers, act).await?;
        let Caller::Person(claims, _) = &caller else {
            let said = "Nobody is signed in: send a person's access token as `Authorization: Bearer`";
            // A key alone leaves open who asks; a bearer that is nobody's is wrong.
            return Err(if headers.contains_key(AUTHORIZATION) {
                Problem::new(StatusCode::FORBIDDEN, "bad_jwt", said)
            } else {
                Problem::new(StatusCode::UNAUTHORIZED, "no_authorization", said)
            });
        };
        self.confirm(&caller, act).await?;
        let id = |name: &str| claims.value()[name].as_str().and_then(|id| Uuid::try_parse(id).ok());
        let user = id("sub").ok_or_else(|| Problem::new(StatusCode::FORBIDDEN, "bad_jwt", "The claims name nobody"))?;
        Ok(Person { id: user, session: id("session_id") })
    }

    /// What is known of a person.
    pub(super) async fn user(&self, person: &Person, act: &Act) -> Result<Value, Problem> {
        let tx = self.begin(act).await?;
        let user = users::by_id(&tx, person.id).await?;
        tx.commit().await?;
        Ok(user.ok_or_else(nobody)?.json())
    }

    /// Changes what a person may change about themselves: never the role.
    pub(super) async fn update(&self, person: &Person, changes: Changes, act: &Act) -> Result<Value, Problem> {
        let Changes { password, current_password, data, email, phone, nonce, code_challenge, code_challenge_method } =
            changes;
        refuse(email.or(phone).is_some(), "Addresses are changed by an administrator of Tenantry")?;
        refuse(nonce.is_some(), "No mail is sent, so there is no nonce: send current_password, or sign in again")?;
        refuse(code_challenge.or(code_challenge_method).is_some(), "There is no PKCE, since no mail is sent")?;
        if password.is_none() && data.is_none() {
            return Err(Problem::bad_request("There is nothing to change: send password or data"));
        }
        let hash = match password {
            Some(password) => Some(self.new_password(person, password, current_password, act).await?),
            None => None,
        };
        self.write(person, hash, data, act).await
    }

    /// Signs a person out.
    pub(super) async fn sign_out(&self, person: &Person, scope: Scope, act: &Act) -> Result<(), Problem> {
        if person.session.is_none() {
            let said = "This token belongs to no session of Tenantry's: revoke it where it was made";
            return Err(Problem::new(StatusCode::FORBIDDEN, "session_not_found", said));
        }
        let tx = self.begin(act).await?;
        let user = users::by_id(&tx, person.id).await?.ok_or_else(nobody)?;
        sessions::is_by(&tx, &user, person.session).await?;
        sessions::end(&tx, person.id, person.session, scope).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The hash of a new password, where the person shows that it is them: by the current one, or a session that is young.
    pub(super) async fn new_password(
        &self,
        person: &Person,
        password: Zeroizing<String>,
        current: Option<Zeroizing<String>>,
        act: &Act,
    ) -> Result<String, Problem> {
        let chosen = Password::chosen(&password).map_err(|error| Problem::weak_password(error.what()))?;
        if current.as_deref() == Some(&*password) {
            let said = "New password should be different from the old password.";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "same_password", said));
        }
        match current {
            Some(current) => self.prove(person, current, act).await?,
            None => self.is_fresh(person, act).await?,
        }
        self.hash(chosen).await
    }

    async fn is_fresh(&self, person: &Person, act: &Act) -> Result<(), Problem> {
        let tx = self.begin(act).await?;
        let age = sessions::age(&tx, person.id, person.session).await?;
        tx.commit().await?;
        if age.is_some_and(|age| age < FRESH) {
            return Ok(());
        }
        let said =
            "Send current_password, or sign in again: a new password alone is taken for ten minutes after signing in";
        Err(Problem::new(StatusCode::BAD_REQUEST, "reauthentication_needed", said))
    }

    /// Counts like a sign-in: whoever found an open session shouldn't guess the password there.
    pub(super) async fn prove(&self, person: &Person, current: Zeroizing<String>, act: &Act) -> Result<(), Problem> {
        let tx = self.begin(act).await?;
        let user = users::by_id(&tx, person.id).await?.ok_or_else(nobody)?;
        let known = User::password(Some(&user), users::somebodys_bcrypt(&tx).await?);
        tx.commit().await?;
        let attempt = self.attempt(&user.email, act).await?;
        if !self.check(known, current).await? {
            let tx = self.begin(act).await?;
            sessions::is_by(&tx, &user, person.session).await?;
            sessions::log(&tx, "password_again", &details("failed", Some(&user))).await?;
            tx.commit().await?;
            return Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "invalid_credentials",
                "The current password isn't right",
            ));
        }
        let tx = self.begin(act).await?;
        attempt.succeed(&tx).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn write(
        &self,
        person: &Person,
        hash: Option<String>,
        data: Option<Map<String, Value>>,
        act: &Act,
    ) -> Result<Value, Problem> {
        let tx = self.begin(act).await?;
        let user = users::by_id(&tx, person.id).await?.ok_or_else(nobody)?;
        sessions::is_by(&tx, &user, person.session).await?;
        if let Some(data) = data {
            users::set_metadata(&tx, person.id, &merged(user.about, data)?).await?;
        }
        if let Some(hash) = hash {
            users::set_password(&tx, person.id, &hash).await?;
            // Somebody else may know the old one.
            sessions::end(&tx, person.id, person.session, Scope::Others).await?;
        }
        let user = users::by_id(&tx, person.id).await?.ok_or_else(nobody)?;
        tx.commit().await?;
        Ok(user.json())
    }
}

/// What a person said about themselves before, and says now: a member that is null goes.
fn merged(mut said: Map<String, Value>, data: Map<String, Value>) -> Result<Value, Problem> {
    for (name, value) in data {
        if value.is_null() {
            said.remove(&name);
        } else {
            said.insert(name, value);
        }
    }
    let said = Value::Object(said);
    let text = said.to_string();
    if text.len() > LONGEST_METADATA {
        return Err(Problem::bad_request(format!("data has more than {LONGEST_METADATA} bytes")));
    }
    if text.contains("\\u0000") {
        return Err(Problem::bad_request("data holds the character U+0000, which PostgreSQL can't keep"));
    }
    Ok(said)
}

fn refuse(asked: bool, instead: &str) -> Result<(), Problem> {
    if asked { Err(Problem::not_here("feature_disabled", instead)) } else { Ok(()) }
}

fn nobody() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "user_not_found", "User from sub claim in JWT does not exist")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn data_goes_over_what_was_said_and_null_takes_away() {
        let object = |value: Value| value.as_object().unwrap().clone();
        let said = object(json!({ "name": "Mia", "theme": "dark" }));
        let merged = merged(said, object(json!({ "theme": null, "city": "Oslo" }))).unwrap();
        assert_eq!(merged, json!({ "name": "Mia", "city": "Oslo" }));
    }

    #[test]
    fn data_that_cannot_be_kept_is_refused() {
        let object = |value: Value| value.as_object().unwrap().clone();
        assert!(merged(Map::new(), object(json!({ "a": "x".repeat(LONGEST_METADATA) }))).is_err());
        assert!(merged(Map::new(), object(json!({ "a": "\0" }))).is_err());
        assert!(merged(Map::new(), object(json!({ "a": "\\u0041" }))).is_ok());
    }
}
