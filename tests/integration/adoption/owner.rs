//! A site is adopted by the role that owns it and is no superuser: by itself where it may make roles, else after a
//! superuser has run the statements that it is told.

use uuid::Uuid;

use super::site::{MENDED, columns, hashes, same_schema, schema, site};
use crate::support::server::Folder;
use crate::support::{Database, Outcome, tenantry};

/// Everything that the site has becomes a role's.
const HAND_OVER: &str = "
DO $$
DECLARE
    command text;
BEGIN
    FOR command IN
        SELECT format('ALTER DATABASE %I OWNER TO $NEW', current_database())
        UNION ALL
        SELECT format('ALTER SCHEMA %I OWNER TO $NEW', nspname) FROM pg_namespace WHERE nspname IN ('public', 'auth')
        UNION ALL
        SELECT format('ALTER TABLE %s OWNER TO $NEW', oid::regclass) FROM pg_class
         WHERE relnamespace IN ('public'::regnamespace, 'auth'::regnamespace) AND relkind IN ('r', 'v', 'm')
        UNION ALL
        SELECT format('ALTER ROUTINE %s OWNER TO $NEW', oid::regprocedure) FROM pg_proc
         WHERE pronamespace IN ('public'::regnamespace, 'auth'::regnamespace)
    LOOP
        EXECUTE command;
    END LOOP;
END $$";

struct Owner {
    name: String,
    database: Database,
}

impl Owner {
    async fn new(attributes: &str, more: &[&str]) -> Self {
        let name = format!("owner_{}", Uuid::new_v4().simple());
        let database = site(more).await;
        let superuser = database.connect().await;
        superuser.batch_execute(&format!("CREATE ROLE {name} LOGIN {attributes}")).await.expect("a superuser may");
        superuser.batch_execute(&HAND_OVER.replace("$NEW", &name)).await.expect("a superuser may");
        Self { name, database }
    }

    fn migrate(&self, arguments: &[&str]) -> Outcome {
        self.run(&[&["migrate"], arguments].concat())
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        self.on(&self.database, arguments)
    }

    fn on(&self, database: &Database, arguments: &[&str]) -> Outcome {
        let url = database.url().replacen("postgres@", &format!("{}@", self.name), 1);
        tenantry(&[arguments, &["--database-url", &url]].concat())
    }

    /// Leaves no role to the other tests of the server, whose `doctor` would rightly name it.
    async fn gone(self) {
        let name = &self.name;
        let leave = format!("REASSIGN OWNED BY {name} TO CURRENT_USER; DROP OWNED BY {name}; DROP ROLE {name}");
        self.database.connect().await.batch_execute(&leave).await.expect("a superuser may");
    }

    /// There and back, compared with what it was.
    async fn goes_there_and_back(&self, partitioned: bool) {
        let admin = self.database.connect().await;
        let columns = columns(&admin).await;
        let (rows, before) = (hashes(&admin, &columns).await, schema(&self.database));
        for arguments in [&["plan"][..], &["up", "--no-backup"], &["up", "--no-backup"], &["verify"], &["status"]] {
            let done = self.migrate(arguments);
            assert_eq!(done.code, Some(0), "{arguments:?}: {}{}", done.out, done.err);
        }
        assert_eq!(hashes(&admin, &columns).await, rows);
        let kind = "SELECT relkind = 'p' FROM pg_class WHERE oid = 'public.deployment_tracking_events'::regclass";
        assert_eq!(admin.query_one(kind, &[]).await.expect("the catalog").get::<_, bool>(0), partitioned);
        let back = self.migrate(&["down"]);
        assert_eq!(back.code, Some(0), "{}", back.err);
        assert_eq!(hashes(&admin, &columns).await, rows);
        same_schema(&schema(&self.database), &before);
    }
}

#[tokio::test]
async fn one_who_may_make_roles_needs_nobody() {
    for (more, partitioned) in [(&[][..], false), (&[MENDED], true)] {
        let owner = Owner::new("CREATEROLE", more).await;
        owner.goes_there_and_back(partitioned).await;
        owner.gone().await;
    }
}

/// A materialised view that its owner can't fill any more, once the tables are Tenantry's.
const REPORT: &str = "
CREATE MATERIALIZED VIEW clients_by_tier AS SELECT tier, count(*) AS clients FROM clients_enhanced GROUP BY 1";

/// Who owns what, and who may do what with it. The rest of a schema PostgreSQL prints otherwise once it was restored.
fn rights(schema: &str) -> Vec<&str> {
    let is_right =
        |line: &&str| line.contains(" OWNER TO ") || line.starts_with("GRANT ") || line.starts_with("REVOKE ");
    schema.lines().filter(is_right).collect()
}

#[tokio::test]
async fn one_who_may_make_roles_and_databases_backs_up_and_restores() {
    let owner = Owner::new("CREATEROLE CREATEDB", &[REPORT]).await;
    let (admin, directory) = (owner.database.connect().await, Folder::new());
    let columns = columns(&admin).await;
    let place = |name: &str| directory.0.join(name).to_string_lossy().into_owned();
    let before = owner.run(&["backup", "--prove", &place("before")]);
    assert_eq!(before.code, Some(0), "a site as it is: {}", before.err);

    let up = owner.migrate(&["up", "--data-dir", &place("data")]);
    assert_eq!(up.code, Some(0), "with the backup that it takes by itself: {}", up.err);
    let taken = owner.run(&["backup", "--prove", &place("after")]);
    assert_eq!(taken.code, Some(0), "{}", taken.err);
    let (rows, adopted) = (hashes(&admin, &columns).await, schema(&owner.database));

    let restored = Database { name: format!("t_{}", Uuid::new_v4().simple()) };
    let done = owner.run(&["restore", &place("after"), "--into", &restored.name]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    let admin = restored.connect().await;
    assert_eq!(hashes(&admin, &columns).await, rows);
    assert_eq!(rights(&schema(&restored)), rights(&adopted));
    let report: i64 = admin.query_one("SELECT count(*) FROM clients_by_tier", &[]).await.expect("it is filled").get(0);
    assert!(report > 0);
    for arguments in [&["migrate", "verify"][..], &["migrate", "up", "--no-backup"], &["migrate", "down"]] {
        let done = owner.on(&restored, arguments);
        assert_eq!(done.code, Some(0), "{arguments:?}: {}{}", done.out, done.err);
    }
    drop((admin, restored));
    owner.gone().await;
}

#[tokio::test]
async fn one_who_may_not_is_told_what_a_superuser_has_to_run_and_carries_on() {
    let owner = Owner::new("", &[MENDED]).await;
    let before = schema(&owner.database);
    let refused = owner.migrate(&["up", "--no-backup"]);
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    same_schema(&schema(&owner.database), &before);
    let statements: Vec<&str> = refused.err.lines().filter(|line| line.ends_with(';')).collect();
    assert!(statements.iter().all(|statement| !statement.contains("SUPERUSER")), "{statements:?}");
    owner.database.connect().await.batch_execute(&statements.concat()).await.expect("a superuser may");
    owner.goes_there_and_back(true).await;
    owner.gone().await;
}

#[tokio::test]
async fn commands_take_as_many_connections_as_operations_md_says() {
    let owner = Owner::new("CREATEROLE", &[]).await;
    let superuser = owner.database.connect().await;
    let directory = std::env::temp_dir().join(format!("{}-backup", owner.database.name));
    let backup = directory.to_string_lossy();
    for (arguments, connections) in [(&["migrate", "up", "--no-backup"][..], 2), (&["backup", &backup], 3)] {
        for (limit, code) in [(connections - 1, Some(1)), (connections, Some(0))] {
            let sql = format!("ALTER ROLE {} CONNECTION LIMIT {limit}", owner.name);
            superuser.batch_execute(&sql).await.expect("a superuser may");
            let done = owner.run(arguments);
            assert_eq!(done.code, code, "{arguments:?} with {limit}: {}{}", done.out, done.err);
            assert_eq!(done.err.contains("too many connections"), code == Some(1), "{}", done.err);
        }
    }
    std::fs::remove_dir_all(directory).expect("the backup");
    owner.gone().await;
}
