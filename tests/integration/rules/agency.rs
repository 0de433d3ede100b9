use tenantry::db::admin::Admin;
use tokio_postgres::SimpleQueryMessage;

use crate::support::Database;

/// A client whom the manager manages, with the staff person and the login as members.
pub const ACME: &str = "c0000000-0000-4000-8000-00000000000a";
/// A client without members.
pub const OTHER: &str = "c0000000-0000-4000-8000-00000000000b";

/// Somebody who writes SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    SuperAdmin,
    Admin,
    Manager,
    Staff,
    Client,
    /// A machine with a service token.
    Service,
    /// A superuser by hand, without claims.
    Operator,
    /// The role that migrations run as.
    Owner,
}

impl Who {
    /// The person's id; nobody's for machines and operators.
    pub fn id(self) -> &'static str {
        match self {
            Self::SuperAdmin => "a0000000-0000-4000-8000-000000000001",
            Self::Admin => "a0000000-0000-4000-8000-000000000002",
            Self::Manager => "a0000000-0000-4000-8000-000000000003",
            Self::Staff => "a0000000-0000-4000-8000-000000000004",
            Self::Client => "a0000000-0000-4000-8000-000000000005",
            Self::Service | Self::Operator | Self::Owner => panic!("{self:?} is no person"),
        }
    }

    fn role(self) -> Option<&'static str> {
        Some(match self {
            Self::SuperAdmin => "super_admin",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Staff => "staff",
            Self::Client => "client",
            Self::Service => "service",
            Self::Operator | Self::Owner => return None,
        })
    }

    /// The statements that open a request, as the server sends them.
    fn entrance(self) -> String {
        match self.role() {
            Some("service") => format!(
                "SELECT tenantry.enter('{{\"token_id\": \"{TOKEN}\", \"app_metadata\": {{\"role\": \"service\"}}}}');
                 SET LOCAL ROLE tenantry_service;"
            ),
            Some(role) => format!(
                "SELECT tenantry.enter('{{\"sub\": \"{}\", \"role\": \"authenticated\", \"app_metadata\": {{\"role\": \"{role}\"}}}}');
                 SET LOCAL ROLE tenantry_{role};",
                self.id()
            ),
            None if self == Self::Owner => "SET LOCAL ROLE tenantry_owner;".to_owned(),
            None => String::new(),
        }
    }
}

const TOKEN: &str = "b0000000-0000-4000-8000-000000000001";

/// Why the database refused.
#[derive(Debug)]
pub struct Refusal {
    pub code: String,
    pub constraint: String,
    pub message: String,
    pub hint: String,
    /// Everything that the server said, to look for what it must not say.
    pub whole: String,
}

impl Refusal {
    /// Asserts which rule refused, and that the mend is named.
    #[track_caller]
    pub fn by(&self, code: &str, constraint: &str) {
        assert_eq!((self.code.as_str(), self.constraint.as_str()), (code, constraint), "{self:#?}");
        assert!(!self.hint.is_empty(), "the mend is missing: {self:#?}");
    }
}

/// A migrated database with people of every role and two clients.
pub struct Agency {
    pub admin: Admin,
    _database: Database,
}

impl Agency {
    pub async fn new() -> Self {
        let database = Database::migrated().await;
        let agency = Self { admin: database.connect().await, _database: database };
        let people = [Who::SuperAdmin, Who::Admin, Who::Manager, Who::Staff, Who::Client];
        let people = people.map(|who| format!("('{}', '{}')", who.id(), who.role().expect("a person"))).join(", ");
        agency
            .ok(
                Who::Operator,
                &format!(
                    "INSERT INTO tenantry.people (user_id, role) VALUES {people};
                     INSERT INTO tenantry.tokens (id, name, kind, prefix, scopes, secret_hash)
                     VALUES ('{TOKEN}', 'test', 'service', 'tnt_svc_test', '{{read,write}}', sha256('test'));
                     INSERT INTO clients_enhanced (id, name, email, assigned_manager)
                     VALUES ('{ACME}', 'Acme', 'acme@example.com', '{manager}'), ('{OTHER}', 'Other', 'other@example.com', NULL);
                     INSERT INTO client_members (client_id, user_id, member_role)
                     VALUES ('{ACME}', '{staff}', 'staff'), ('{ACME}', '{client}', 'client');",
                    manager = Who::Manager.id(),
                    staff = Who::Staff.id(),
                    client = Who::Client.id(),
                ),
            )
            .await;
        agency
    }

    /// A second connection.
    pub async fn again(&self) -> Admin {
        self.admin.again().await.expect("the test server is up")
    }

    /// Runs statements in one transaction as somebody, and returns the rows of the last one that gave any, as text.
    pub async fn run(&self, who: Who, sql: &str) -> Result<Vec<Vec<String>>, Refusal> {
        run_on(&self.admin, who, sql).await
    }

    /// As [`Agency::run`], where nothing may be refused.
    pub async fn ok(&self, who: Who, sql: &str) -> Vec<Vec<String>> {
        match self.run(who, sql).await {
            Ok(rows) => rows,
            Err(refusal) => panic!("{who:?} was refused {sql}: {refusal:#?}"),
        }
    }

    /// As [`Agency::run`], where the statement has to be refused.
    pub async fn refused(&self, who: Who, sql: &str) -> Refusal {
        match self.run(who, sql).await {
            Ok(rows) => panic!("{who:?} wasn't refused {sql}, which gave {rows:?}"),
            Err(refusal) => refusal,
        }
    }

    /// The single value that a query gives a superuser.
    pub async fn value(&self, sql: &str) -> String {
        let rows = self.ok(Who::Operator, sql).await;
        assert_eq!((rows.len(), rows.first().map(Vec::len)), (1, Some(1)), "{sql} gives {rows:?}");
        rows[0][0].clone()
    }
}

/// As [`Agency::run`], on a connection of its own.
pub async fn run_on(connection: &Admin, who: Who, sql: &str) -> Result<Vec<Vec<String>>, Refusal> {
    let told = connection.simple_query(&format!("BEGIN; {} {sql}; COMMIT", who.entrance())).await;
    match told {
        Ok(messages) => Ok(last_rows(&messages)),
        Err(error) => {
            connection.batch_execute("ROLLBACK").await.expect("a rollback");
            let error = error.as_db_error().unwrap_or_else(|| panic!("not from the server: {error}"));
            Err(Refusal {
                code: error.code().code().to_owned(),
                constraint: error.constraint().unwrap_or_default().to_owned(),
                message: error.message().to_owned(),
                hint: error.hint().unwrap_or_default().to_owned(),
                whole: format!("{error:?}"),
            })
        }
    }
}

/// The rows of the last statement that gave any; the entrance gives one as well, before a command that gives none.
fn last_rows(messages: &[SimpleQueryMessage]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for message in messages {
        match message {
            SimpleQueryMessage::RowDescription(_) => rows.clear(),
            SimpleQueryMessage::Row(row) => {
                rows.push((0..row.len()).map(|column| row.get(column).unwrap_or("NULL").to_owned()).collect());
            }
            _ => {}
        }
    }
    rows
}
