//! Making, listing and revoking tokens.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use super::secret::sha256;
use super::token::{Kind, Token};
use crate::db::tx::Tx;
use crate::{Error, Result};

/// What a token is to be.
pub struct Wanted {
    /// What it is for, in the words of whoever makes it.
    pub name: String,
    /// What it does, and for whom.
    pub use_for: UseFor,
    /// When it stops by itself.
    pub expires_at: Option<Timestamp>,
}

/// What a token does, and for whom.
pub enum UseFor {
    /// Names an app.
    App,
    /// Acts as a person.
    Person(Uuid, Vec<Scope>),
    /// Acts as `tenantry_service`.
    Service(Vec<Scope>),
    /// Reads a client's configuration.
    Runtime(Runtime),
}

/// What may be done with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Scope {
    /// GET and HEAD (personal, service)
    Read,
    /// Everything else (personal, service)
    Write,
    /// The configuration, with masks in the places of secrets (runtime)
    #[value(name = "config:read")]
    ConfigRead,
    /// Secrets in their places (runtime)
    #[value(name = "secret:read")]
    SecretRead,
}

impl Scope {
    /// As `tenantry.tokens.scopes` has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::ConfigRead => "config:read",
            Self::SecretRead => "secret:read",
        }
    }

    /// Whether tokens of a kind may have it.
    pub fn is_of(self, kind: Kind) -> bool {
        match self {
            Self::Read | Self::Write => matches!(kind, Kind::Personal | Kind::Service),
            Self::ConfigRead | Self::SecretRead => kind == Kind::Runtime,
        }
    }
}

/// Whose configuration a runtime token reads.
pub struct Runtime {
    /// The client.
    pub client_id: Uuid,
    /// development, staging or production.
    pub environment: String,
    /// The template; none for that of the client's active customization.
    pub template_id: Option<String>,
    /// Whether it reads secrets as well.
    pub secrets: bool,
}

/// A token as the database knows it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Listed {
    /// Its id, which the audit log names it by.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Its first characters.
    pub prefix: String,
    /// What it may.
    pub scopes: Vec<String>,
    /// Who has it.
    pub user_id: Option<Uuid>,
    /// Whose configuration it reads.
    pub client_id: Option<Uuid>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, not to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Makes a token; what it is can't be found out afterwards.
pub async fn create(tx: &Tx<'_>, wanted: &Wanted) -> Result<(Token, Listed)> {
    if wanted.name.trim().is_empty() || wanted.name.chars().count() > 255 || wanted.name.contains(char::is_control) {
        return Err(Error::usage("a token's name has 1 to 255 characters and no control characters")
            .mend("say what it is for: --name 'nightly import'"));
    }
    if let UseFor::Runtime(Runtime { template_id: Some(template_id), .. }) = &wanted.use_for {
        see_template(tx, template_id).await?;
    }
    let token = Token::generated(wanted.use_for.kind())?;
    let (user_id, runtime) = match &wanted.use_for {
        UseFor::Person(user_id, _) => (Some(*user_id), None),
        UseFor::Runtime(runtime) => (None, Some(runtime)),
        UseFor::App | UseFor::Service(_) => (None, None),
    };
    let row = tx
        .query_one(
            "INSERT INTO tenantry.tokens AS t
                    (name, kind, prefix, secret_hash, scopes, user_id, client_id, environment, template_id, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             RETURNING t.*",
            &[
                &wanted.name,
                &token.kind().as_str(),
                &token.shown(),
                &token.hash().as_slice(),
                &wanted.use_for.scopes(),
                &user_id,
                &runtime.map(|runtime| runtime.client_id),
                &runtime.map(|runtime| runtime.environment.as_str()),
                &runtime.and_then(|runtime| runtime.template_id.as_deref()),
                &wanted.expires_at,
            ],
        )
        .await?;
    Ok((token, Listed::from(&row)))
}

/// Refuses a template that isn't there: its token would read nothing.
async fn see_template(tx: &Tx<'_>, template_id: &str) -> Result<()> {
    let sql = "SELECT FROM public.template_configurations t WHERE t.template_id = $1 LIMIT 1";
    match tx.query_opt(sql, &[&template_id]).await? {
        Some(_) => Ok(()),
        None => Err(Error::failure(format!("there is no template {template_id:?}"))
            .mend("leave --template out for that of the client's active customization, or name one that there is")),
    }
}

/// Every token, newest first.
pub async fn list(tx: &Tx<'_>) -> Result<Vec<Listed>> {
    let rows = tx.query("SELECT t.* FROM tenantry.tokens t ORDER BY t.created_at DESC, t.id", &[]).await?;
    Ok(rows.iter().map(Listed::from).collect())
}

/// Revokes the one token that an id, its first characters or the token itself names; it is refused from now on.
pub async fn revoke(tx: &Tx<'_>, named: &str) -> Result<Listed> {
    let (id, hash) = (Uuid::try_parse(named).ok(), Token::parse(named).map(|token| sha256(token.reveal().as_bytes())));
    let rows = tx
        .query(
            "SELECT t.* FROM tenantry.tokens t
              WHERE t.id = $1 OR t.secret_hash = $2 OR t.prefix = $3 ORDER BY t.revoked_at NULLS FIRST LIMIT 2",
            &[&id, &hash.as_ref().map(<[u8; 32]>::as_slice), &named],
        )
        .await?;
    let found: Vec<Listed> = rows.iter().map(Listed::from).collect();
    match found.as_slice() {
        [] => Err(Error::failure("there is no such token").mend("see which there are with `tenantry token list`")),
        [_, _] => {
            Err(Error::failure("several tokens begin like that").mend("name it by its id, from `tenantry token list`"))
        }
        [one, ..] => {
            let row = tx
                .query_one(
                    "UPDATE tenantry.tokens t SET revoked_at = coalesce(t.revoked_at, now()) WHERE t.id = $1 RETURNING t.*",
                    &[&one.id],
                )
                .await?;
            Ok(Listed::from(&row))
        }
    }
}

impl UseFor {
    fn kind(&self) -> Kind {
        match self {
            Self::App => Kind::Publishable,
            Self::Person(..) => Kind::Personal,
            Self::Service(_) => Kind::Service,
            Self::Runtime(_) => Kind::Runtime,
        }
    }

    fn scopes(&self) -> Vec<&'static str> {
        match self {
            Self::App => vec![],
            Self::Person(_, scopes) | Self::Service(scopes) => {
                let both = [Scope::Read, Scope::Write];
                both.into_iter().filter(|scope| scopes.contains(scope)).map(Scope::as_str).collect()
            }
            Self::Runtime(runtime) if runtime.secrets => vec!["config:read", "secret:read"],
            Self::Runtime(_) => vec!["config:read"],
        }
    }
}

impl From<&Row> for Listed {
    fn from(row: &Row) -> Self {
        Self {
            id: row.get("id"),
            name: row.get("name"),
            kind: row.get("kind"),
            prefix: row.get("prefix"),
            scopes: row.get("scopes"),
            user_id: row.get("user_id"),
            client_id: row.get("client_id"),
            created_at: row.get("created_at"),
            expires_at: row.get("expires_at"),
            last_used_at: row.get("last_used_at"),
            revoked_at: row.get("revoked_at"),
        }
    }
}
