//! Making, listing and revoking tokens.
//!
//! Who may is said by policies (`src/db/policies/inner.rs`): a super admin any token, admins and a client's managers the
//! runtime tokens of clients, a machine none, so that revoking its token ends all that it could do.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use super::secret::sha256;
use super::token::{Kind, Token};
use crate::db::tx::Tx;
use crate::problem::{Fault, Problem};
use crate::{Error, Result};

/// The entrance of `/api/v1/tokens`.
pub mod api;

/// What of a token is told; its hash isn't.
const COLUMNS: &str = "t.id, t.name, t.kind::text, t.prefix::text, t.scopes, t.user_id, t.client_id, t.template_id::text, \
     t.environment::text, t.created_at, t.created_by, t.expires_at, t.last_used_at, t.revoked_at";

/// The longest name, in characters.
const LONGEST_NAME: usize = 255;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, serde::Deserialize, utoipa::ToSchema)]
#[schema(as = TokenScope)]
pub enum Scope {
    /// GET and HEAD (personal, service)
    #[serde(rename = "read")]
    Read,
    /// Everything else (personal, service)
    #[serde(rename = "write")]
    Write,
    /// The configuration, with masks in the places of secrets (runtime)
    #[value(name = "config:read")]
    #[serde(rename = "config:read")]
    ConfigRead,
    /// Secrets in their places (runtime)
    #[value(name = "secret:read")]
    #[serde(rename = "secret:read")]
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
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Token)]
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
    /// Of which template; none for that of the client's active customization.
    pub template_id: Option<String>,
    /// In which environment.
    pub environment: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Who made it; none where it was an operator.
    pub created_by: Option<Uuid>,
    /// When it stops by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// When it was last used, not to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
}

/// What is wrong with a token's name.
pub fn check_name(name: &str) -> Option<Fault> {
    let is_fine = !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME && !name.contains(char::is_control);
    (!is_fine).then(|| {
        Fault::at("/name", "length", "a token's name has 1 to 255 characters and no control characters")
            .mend("say what it is for, as in 'nightly import'")
    })
}

/// Makes a token; what it is can't be found out afterwards. Whoever makes it sees the client that it is for.
pub async fn create(tx: &Tx<'_>, wanted: &Wanted) -> Result<(Token, Listed), Problem> {
    let mut faults: Vec<Fault> = check_name(&wanted.name).into_iter().collect();
    if let UseFor::Runtime(runtime) = &wanted.use_for {
        faults.extend(unknown(tx, runtime).await?);
    }
    if !faults.is_empty() {
        return Err(Problem::faults("the token can't be made", faults));
    }
    let token = Token::generated(wanted.use_for.kind())?;
    let (user_id, runtime) = match &wanted.use_for {
        UseFor::Person(user_id, _) => (Some(*user_id), None),
        UseFor::Runtime(runtime) => (None, Some(runtime)),
        UseFor::App | UseFor::Service(_) => (None, None),
    };
    let sql = format!(
        "INSERT INTO tenantry.tokens AS t
                (name, kind, prefix, secret_hash, scopes, user_id, client_id, environment, template_id, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         RETURNING {COLUMNS}"
    );
    let row = tx
        .query_one(
            &sql,
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

/// The faults of a client or template that isn't there: its token would read nothing.
async fn unknown(tx: &Tx<'_>, runtime: &Runtime) -> Result<Vec<Fault>> {
    let Runtime { client_id, template_id, .. } = runtime;
    let sql = "SELECT EXISTS (SELECT FROM public.clients_enhanced c WHERE c.id = $1),
                      $2::text IS NULL OR EXISTS (SELECT FROM public.template_configurations t WHERE t.template_id = $2)";
    let row = tx.query_one(sql, &[client_id, template_id]).await?;
    let client = (!row.get::<_, bool>(0)).then(|| {
        Fault::at("/client_id", "client", format!("there is no client {client_id}")).mend("name one by its id")
    });
    let template = template_id.as_ref().filter(|_| !row.get::<_, bool>(1)).map(|template_id| {
        Fault::at("/template_id", "template", format!("there is no template {template_id:?}"))
            .mend("leave it out for that of the client's active customization, or name one that there is")
    });
    Ok(client.into_iter().chain(template).collect())
}

/// Which tokens a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those of this kind.
    pub kind: Option<Kind>,
    /// Those that read this client's configuration.
    pub client_id: Option<Uuid>,
    /// Those that come after this one in the list.
    pub after: Option<Uuid>,
    /// How many at most; none for all.
    pub limit: Option<i64>,
}

/// Tokens that the caller sees, newest first.
pub async fn list(tx: &Tx<'_>, filter: &Filter) -> Result<Vec<Listed>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tenantry.tokens t
          WHERE ($1::text IS NULL OR t.kind = $1) AND ($2::uuid IS NULL OR t.client_id = $2)
            AND ($3::uuid IS NULL
                 OR (t.created_at, t.id) < (SELECT a.created_at, a.id FROM tenantry.tokens a WHERE a.id = $3))
          ORDER BY t.created_at DESC, t.id DESC LIMIT $4"
    );
    let kind = filter.kind.map(Kind::as_str);
    let rows = tx.query(&sql, &[&kind, &filter.client_id, &filter.after, &filter.limit]).await?;
    Ok(rows.iter().map(Listed::from).collect())
}

/// Revokes the one token that an id, its first characters or the token itself names, for whoever reads hashes.
pub async fn revoke_named(tx: &Tx<'_>, named: &str) -> Result<Listed> {
    let (id, hash) = (Uuid::try_parse(named).ok(), Token::parse(named).map(|token| sha256(token.reveal().as_bytes())));
    let rows = tx
        .query(
            "SELECT t.id FROM tenantry.tokens t
              WHERE t.id = $1 OR t.secret_hash = $2 OR t.prefix = $3 ORDER BY t.revoked_at NULLS FIRST LIMIT 2",
            &[&id, &hash.as_ref().map(<[u8; 32]>::as_slice), &named],
        )
        .await?;
    let absent = || Error::failure("there is no such token").mend("see which there are with `tenantry token list`");
    match rows.as_slice() {
        [] => Err(absent()),
        [_, _] => {
            Err(Error::failure("several tokens begin like that").mend("name it by its id, from `tenantry token list`"))
        }
        [one, ..] => revoke(tx, one.get(0)).await?.ok_or_else(absent),
    }
}

/// Revokes a token, which is refused from now on; none where there is none that the caller sees. One that was revoked
/// before stays revoked since then.
pub async fn revoke(tx: &Tx<'_>, id: Uuid) -> Result<Option<Listed>> {
    let sql = format!(
        "UPDATE tenantry.tokens t SET revoked_at = coalesce(t.revoked_at, pg_catalog.now()) WHERE t.id = $1 RETURNING {COLUMNS}"
    );
    Ok(tx.query_opt(&sql, &[&id]).await?.as_ref().map(Listed::from))
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
            template_id: row.get("template_id"),
            environment: row.get("environment"),
            created_at: row.get("created_at"),
            created_by: row.get("created_by"),
            expires_at: row.get("expires_at"),
            last_used_at: row.get("last_used_at"),
            revoked_at: row.get("revoked_at"),
        }
    }
}
