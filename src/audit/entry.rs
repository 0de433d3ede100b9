use uuid::Uuid;

use super::canonical::Array;
use super::hash::Hash;

/// One entry of the audit log, as `public.audit_log` keeps it. Its columns are described there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the column of the same name, which the database describes")]
pub struct Entry {
    pub id: i64,
    /// Microseconds since 1970.
    pub at: i64,
    pub transaction_id: u64,
    pub user_id: Option<Uuid>,
    pub token_id: Option<Uuid>,
    pub session_id: Option<Uuid>,
    pub actor: Option<String>,
    pub database_role: String,
    pub login_role: String,
    pub address: Option<String>,
    pub action: String,
    pub table_schema: Option<String>,
    pub table_name: Option<String>,
    pub row_id: Option<String>,
    pub client_id: Option<Uuid>,
    /// JSON as PostgreSQL prints it, like `after` and `details`.
    pub before: Option<String>,
    pub after: Option<String>,
    pub details: Option<String>,
    pub request_id: Option<String>,
    pub reason: Option<String>,
    pub erased: bool,
    pub salt: Option<Uuid>,
    /// As the database has it, of whatever length somebody gave it.
    pub row_hash: Vec<u8>,
}

impl Entry {
    /// What `row_hash` has to be, unless the entry was erased.
    pub fn hash(&self) -> Hash {
        Hash::of(&self.canonical())
    }

    /// Whether what an erasure takes away is gone.
    pub fn is_empty(&self) -> bool {
        self.salt.is_none()
            && [&self.before, &self.after, &self.details, &self.reason, &self.address]
                .iter()
                .all(|value| value.is_none())
    }

    fn canonical(&self) -> Vec<u8> {
        // Destructured without `..`, so that a new column asks to be hashed.
        let Self {
            id,
            at,
            transaction_id,
            user_id,
            token_id,
            session_id,
            actor,
            database_role,
            login_role,
            address,
            action,
            table_schema,
            table_name,
            row_id,
            client_id,
            before,
            after,
            details,
            request_id,
            reason,
            erased: _,
            salt,
            row_hash: _,
        } = self;
        Array::new("tenantry.audit_log.1")
            .printed(*salt)
            .number(*id)
            .number(*at)
            .printed(Some(transaction_id))
            .printed(*user_id)
            .printed(*token_id)
            .printed(*session_id)
            .text(actor.as_deref())
            .text(Some(database_role))
            .text(Some(login_role))
            .text(address.as_deref())
            .text(Some(action))
            .text(table_schema.as_deref())
            .text(table_name.as_deref())
            .text(row_id.as_deref())
            .printed(*client_id)
            .json(before.as_deref())
            .json(after.as_deref())
            .json(details.as_deref())
            .text(request_id.as_deref())
            .text(reason.as_deref())
            .finish()
    }
}
