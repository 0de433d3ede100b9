use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use aws_lc_rs::digest::{Context, SHA256};
use axum::http::{HeaderMap, HeaderName, Method, header};
use jiff::Timestamp;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use uuid::Uuid;

use super::gate::Gate;
use super::jwt::{self, AUDIENCE, Expected};
use super::refusal::{Denial, Refusal};
use super::store;
use super::token::{Kind, Token, looks_like_token};
use crate::db::caller::{Act, Caller, Claims};
use crate::db::policies::rules::Role;

const APIKEY: HeaderName = HeaderName::from_static("apikey");

/// How much later a token's next use has to be, in seconds, to be written down.
const USE_EVERY: i64 = 10 * 60;

/// A key or service token that was found once. What is kept here never changes; whether it is still alive is asked with
/// each request.
pub struct KnownToken {
    pub(super) id: Uuid,
    pub(super) scopes: Vec<String>,
    /// When its use was last written down, in seconds.
    pub(super) noted: AtomicI64,
}

/// An access token of ours whose signature was right.
pub struct Verified {
    key_id: String,
    ends: i64,
    caller: Caller,
}

/// What a request says about who it is.
struct Credentials<'a> {
    /// What decides who calls.
    bearer: &'a str,
    /// The key of the app, where it is another.
    apikey: Option<&'a str>,
}

impl Gate {
    /// Who calls, by what a request carries, and that they may call with this method.
    ///
    /// What only the database knows, whether a session is over or a token revoked, is asked by `tenantry.enter` in the
    /// pipeline of the request itself, so that nothing kept here delays it.
    pub async fn caller(&self, method: &Method, headers: &HeaderMap, act: &Act) -> Result<Caller, Denial> {
        let credentials = credentials(headers)?;
        let key_id = match credentials.apikey {
            Some(apikey) => Some(self.key_id(apikey, act).await?),
            None => None,
        };
        if looks_like_token(credentials.bearer) {
            self.by_token(credentials.bearer, key_id, method, act).await
        } else {
            self.by_jwt(credentials.bearer, key_id, act).await
        }
    }

    /// That a caller is somebody now: what else the pipeline of their request asks, asked by itself.
    pub(super) async fn confirm(&self, caller: &Caller, act: &Act) -> Result<(), Denial> {
        self.database().read(caller, act, "SELECT", &[]).await?;
        Ok(())
    }

    /// That the key of an app is alive, where one is sent: signing in asks for no more.
    pub(super) async fn app(&self, headers: &HeaderMap, act: &Act) -> Result<(), Denial> {
        let Some(text) = one(headers, &APIKEY)? else { return Ok(()) };
        let token = parse(text.trim())?;
        let is_alive = store::token(self.database(), act, &token.hash(), token.kind()).await?.is_some();
        if is_alive { Ok(()) } else { Err(unknown_token().into()) }
    }

    async fn by_token(&self, text: &str, key_id: Option<Uuid>, method: &Method, act: &Act) -> Result<Caller, Denial> {
        let token = parse(text)?;
        match token.kind() {
            Kind::Publishable => {
                let known = self.known(&token, act).await?;
                Ok(Caller::Anonymous(claims(json!({ "role": "anon", "token_id": known.id }), key_id)))
            }
            Kind::Service => {
                let known = self.known(&token, act).await?;
                in_scope(&known.scopes, method)?;
                let said =
                    json!({ "role": "authenticated", "token_id": known.id, "app_metadata": { "role": "service" } });
                Ok(Caller::Service(claims(said, key_id)))
            }
            Kind::Personal => self.by_personal_token(&token, key_id, method, act).await,
            Kind::Runtime => Err(Refusal::forbidden(
                "a runtime token reads /config/v1 and nothing else",
                "Use a service token (tnt_svc_…) or a personal one (tnt_pat_…) here.",
            )
            .into()),
        }
    }

    /// Not remembered, because the person's role goes into the claims, and it may change.
    async fn by_personal_token(
        &self,
        token: &Token,
        key_id: Option<Uuid>,
        method: &Method,
        act: &Act,
    ) -> Result<Caller, Denial> {
        let found = store::personal_token(self.database(), act, &token.hash()).await?.ok_or_else(unknown_token)?;
        in_scope(&found.scopes, method)?;
        if found.is_use_due {
            self.note_use(found.id);
        }
        let said = json!({
            "aud": AUDIENCE, "role": AUDIENCE, "sub": found.user_id, "token_id": found.id,
            "app_metadata": { "role": found.role },
        });
        person(said, key_id)
    }

    async fn by_jwt(&self, text: &str, key_id: Option<Uuid>, act: &Act) -> Result<Caller, Denial> {
        let (now, remembered_as) = (self.now(), hash(text, key_id));
        if let Some(verified) = self.parts().verified.get(&remembered_as)
            && verified.ends > now.as_second()
            && self.parts().keys.live().find(&verified.key_id).is_some()
        {
            return Ok(verified.caller.clone());
        }
        let claimed = jwt::read(text)?;
        if let Some(foreign) = self.parts().issuers.verify(text, &claimed.header, &claimed.issuer, now) {
            return self.by_foreign(foreign?, &claimed.issuer, key_id, act).await;
        }
        let verified = Arc::new(self.verify(text, claimed.header.kid.as_deref(), key_id, now)?);
        self.parts().verified.insert(remembered_as, verified.clone());
        Ok(verified.caller.clone())
    }

    /// Checks an access token of ours.
    fn verify(&self, text: &str, kid: Option<&str>, key_id: Option<Uuid>, now: Timestamp) -> Result<Verified, Denial> {
        let unknown = || Refusal::invalid("the JWT names no key that is live here, and no issuer that is believed");
        let kid = kid.ok_or_else(unknown)?;
        let mut keys = self.parts().keys.live();
        if keys.find(kid).is_none() {
            keys = self.parts().keys.live_now();
        }
        let key = keys.find(kid).ok_or_else(unknown)?;
        let expected = Expected {
            algorithm: Algorithm::ES256,
            key: key.verifying(),
            issuer: &self.parts().issuer,
            audience: AUDIENCE,
            skew: 0,
        };
        let said = jwt::verify(text, &expected, now)?;
        let ends = said["exp"].as_i64().unwrap_or_default();
        Ok(Verified { key_id: kid.to_owned(), ends, caller: person(said, key_id)? })
    }

    /// Somebody whom a foreign issuer vouches for: who they are stands in the token, what they may here.
    async fn by_foreign(&self, user_id: Uuid, issuer: &str, key_id: Option<Uuid>, act: &Act) -> Result<Caller, Denial> {
        let role = store::role(self.database(), act, user_id).await?;
        let role = role.ok_or_else(|| Refusal::over("the person is unknown or disabled"))?;
        let said = json!({
            "iss": issuer, "aud": AUDIENCE, "role": AUDIENCE, "sub": user_id, "app_metadata": { "role": role },
        });
        person(said, key_id)
    }

    /// The id of the key that an app sends beside a person's token.
    async fn key_id(&self, text: &str, act: &Act) -> Result<Uuid, Denial> {
        let token = parse(text)?;
        match token.kind() {
            Kind::Publishable | Kind::Service => Ok(self.known(&token, act).await?.id),
            Kind::Personal | Kind::Runtime => Err(Refusal::invalid("the apikey is no publishable key")
                .hint("Send a key (tnt_pub_…) as `apikey`, and the token as `Authorization: Bearer`.")
                .into()),
        }
    }

    /// A key or service token, remembered once it was found.
    async fn known(&self, token: &Token, act: &Act) -> Result<Arc<KnownToken>, Denial> {
        let hash = token.hash();
        let known = match self.parts().tokens.get(&hash) {
            Some(known) => known,
            None => {
                let found = store::token(self.database(), act, &hash, token.kind()).await?;
                let known = Arc::new(found.ok_or_else(unknown_token)?);
                self.parts().tokens.insert(hash, known.clone());
                known
            }
        };
        let (now, noted) = (self.now().as_second(), known.noted.load(Ordering::Relaxed));
        let is_due = now.saturating_sub(noted) >= USE_EVERY;
        if is_due && known.noted.compare_exchange(noted, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            self.note_use(known.id);
        }
        Ok(known)
    }

    /// Writes down that a token was used, beside the request: nobody waits for it, and nobody misses one that fails.
    fn note_use(&self, id: Uuid) {
        let gate = self.clone();
        tokio::spawn(async move {
            if let Err(error) = store::note_use(gate.database(), id, USE_EVERY).await {
                tracing::warn!(%error, "the use of a token wasn't written down");
            }
        });
    }
}

/// What a request carries. `supabase-js` sends its key as both where nobody is signed in.
fn credentials(headers: &HeaderMap) -> Result<Credentials<'_>, Refusal> {
    let bearer = match one(headers, &header::AUTHORIZATION)? {
        None => None,
        Some(value) => match value.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Some(token.trim()),
            _ => return Err(Refusal::missing("Authorization is not of the form `Bearer <token>`")),
        },
    };
    let apikey = one(headers, &APIKEY)?.map(str::trim);
    match (bearer.filter(|text| !text.is_empty()), apikey.filter(|text| !text.is_empty())) {
        (Some(bearer), apikey) => Ok(Credentials { bearer, apikey: apikey.filter(|apikey| *apikey != bearer) }),
        (None, Some(bearer)) => Ok(Credentials { bearer, apikey: None }),
        (None, None) => Err(Refusal::missing("the request carries no credentials")),
    }
}

/// The value of a header that stands there at most once: of two, another program may believe the other one.
pub(super) fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            value.to_str().map(Some).map_err(|_| Refusal::missing(format!("the header {name} isn't text")))
        }
        (Some(_), Some(_)) => Err(Refusal::missing(format!("the header {name} stands there twice"))),
    }
}

fn parse(text: &str) -> Result<Token, Refusal> {
    Token::parse(text).ok_or_else(|| Refusal::invalid("the token isn't whole, or mistyped: its checksum doesn't fit"))
}

fn unknown_token() -> Refusal {
    Refusal::over("the token is unknown, expired or revoked")
}

fn in_scope(scopes: &[String], method: &Method) -> Result<(), Refusal> {
    let (scope, hint) = if [Method::GET, Method::HEAD, Method::OPTIONS].contains(method) {
        ("read", "Make a token with `tenantry token create --scope read`.")
    } else {
        ("write", "Make a token with `tenantry token create --scope read --scope write`.")
    };
    if scopes.iter().any(|held| held == scope) {
        return Ok(());
    }
    Err(Refusal::forbidden(format!("the token's scopes don't hold {scope}, which {method} needs"), hint))
}

/// A person by their claims, whose role stands in them.
pub(super) fn person(said: Value, key_id: Option<Uuid>) -> Result<Caller, Denial> {
    let role = said["app_metadata"]["role"].as_str().and_then(Role::of_person);
    let role = role.ok_or_else(|| Refusal::over("the claims name no role of a person"))?;
    Ok(Caller::Person(claims(said, key_id), role))
}

fn claims(mut said: Value, key_id: Option<Uuid>) -> Claims {
    if let Some(key_id) = key_id {
        said["key_id"] = json!(key_id);
    }
    Claims::new(said)
}

/// What an access token is remembered by: itself, and the key that it came with.
fn hash(text: &str, key_id: Option<Uuid>) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(key_id.unwrap_or_default().as_bytes());
    context.update(text.as_bytes());
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}
