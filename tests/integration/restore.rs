//! Restoring where roles are missing that only a superuser can make: all of it is said at once, and nothing is half-done.

use tenantry::db::admin::Admin;

use crate::support::cluster::Cluster;
use crate::support::server::Folder;
use crate::support::{Database, tenantry};

/// A table of the site's that belongs to one role and is read by another.
const SITE: &str = "
CREATE TABLE public.notes (id int PRIMARY KEY, note text);
INSERT INTO public.notes SELECT n, 'note ' || n FROM generate_series(1, 30) n;
ALTER TABLE public.notes OWNER TO site_notes_owner;
GRANT SELECT ON public.notes TO \"Site's reader\";
INSERT INTO public.clients_enhanced (name, email) SELECT 'Client ' || n, n || '@shop.example' FROM generate_series(1, 20) n;";

/// Roles belong to the test server, where another run may have made them.
const ROLES: &str = "
DO $$ BEGIN CREATE ROLE site_notes_owner NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE \"Site's reader\" NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;";

async fn backed_up() -> Folder {
    let (database, shelf) = (Database::migrated().await, Folder::new());
    database.connect().await.batch_execute(&format!("{ROLES}{SITE}")).await.expect("the site");
    let taken = tenantry(&["backup", &shelf.0.to_string_lossy(), "--database-url", &database.url()]);
    assert_eq!(taken.code, Some(0), "{}", taken.err);
    shelf
}

/// Every role and database of a cluster.
async fn names(admin: &Admin) -> Vec<String> {
    let sql = "SELECT rolname::text FROM pg_roles WHERE rolname !~ '^pg_' UNION ALL SELECT datname FROM pg_database ORDER BY 1";
    admin.query(sql, &[]).await.expect("the catalog").iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn without_createrole_a_superuser_is_told_every_statement_and_nothing_is_left() {
    let (shelf, cluster) = (backed_up().await, Cluster::start());
    let superuser = Admin::connect(&cluster.url("postgres")).await.expect("it runs");
    superuser.batch_execute("CREATE ROLE keeper LOGIN CREATEDB").await.expect("a superuser may");
    let before = names(&superuser).await;
    let place = shelf.0.to_string_lossy();
    let restore = || tenantry(&["restore", &place, "--into", "agency", "--database-url", &cluster.url("keeper")]);
    let refused = restore();
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    assert!(
        refused.err.contains("keeper may not make") && refused.err.contains("nothing was left behind"),
        "{}",
        refused.err
    );
    assert_eq!(names(&superuser).await, before);

    let statements: Vec<&str> = refused.err.lines().map(str::trim).filter(|line| line.ends_with(';')).collect();
    for expected in [
        "CREATE ROLE tenantry_owner NOLOGIN NOINHERIT;",
        "CREATE ROLE \"site_notes_owner\" NOLOGIN;",
        "GRANT \"site_notes_owner\" TO \"keeper\";",
        "CREATE ROLE \"Site's reader\" NOLOGIN;",
        "GRANT tenantry_owner TO keeper;",
    ] {
        assert!(statements.contains(&expected), "{expected}: {}", refused.err);
    }
    assert!(statements.iter().all(|statement| !statement.contains("DATABASE")), "{}", refused.err);
    superuser.batch_execute(&statements.concat()).await.expect("each is in order");
    let restored = restore();
    assert_eq!(restored.code, Some(0), "{}", restored.err);

    let inside = superuser.to_database("agency").await.expect("it is there");
    let counted = "SELECT (SELECT count(*) FROM notes) + (SELECT count(*) FROM clients_enhanced)";
    assert_eq!(inside.query_one(counted, &[]).await.expect("rows").get::<_, i64>(0), 50);
    let owner = "SELECT tableowner::text FROM pg_tables WHERE tablename = 'notes'";
    assert_eq!(inside.query_one(owner, &[]).await.expect("the catalog").get::<_, String>(0), "site_notes_owner");
    let url = cluster.url("keeper").replace("/postgres", "/agency");
    for arguments in [&["migrate", "verify"][..], &["migrate", "up", "--no-backup"]] {
        let done = tenantry(&[arguments, &["--database-url", &url]].concat());
        assert_eq!(done.code, Some(0), "{arguments:?}: {}{}", done.out, done.err);
    }
}

#[tokio::test]
async fn a_role_that_owned_something_and_is_not_ours_is_asked_for_by_name() {
    let (shelf, cluster) = (backed_up().await, Cluster::migrated().await);
    let superuser = Admin::connect(&cluster.url("postgres")).await.expect("it runs");
    superuser
        .batch_execute(&format!(
            "CREATE ROLE keeper LOGIN CREATEDB; GRANT tenantry_owner, tenantry_backup TO keeper;{ROLES}"
        ))
        .await
        .expect("a superuser may");
    let before = names(&superuser).await;
    let place = shelf.0.to_string_lossy();
    let refused = tenantry(&["restore", &place, "--into", "agency", "--database-url", &cluster.url("keeper")]);
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    let statements: Vec<&str> = refused.err.lines().map(str::trim).filter(|line| line.ends_with(';')).collect();
    assert_eq!(statements, ["GRANT \"site_notes_owner\" TO \"keeper\";"], "{}", refused.err);
    assert_eq!(names(&superuser).await, before);
}

#[tokio::test]
async fn a_name_that_no_database_can_have_is_refused_before_anything_is_made() {
    let (shelf, database) = (backed_up().await, Database::empty().await);
    let admin = database.connect().await;
    let databases = async || -> i64 {
        let sql = "SELECT count(*) FROM pg_database WHERE datname LIKE '%unfinished'";
        admin.query_one(sql, &[]).await.expect("the catalog").get(0)
    };
    let before = databases().await;
    for name in ["", &"n".repeat(64)] {
        let place = shelf.0.to_string_lossy();
        let refused = tenantry(&["restore", &place, "--into", name, "--database-url", &database.url()]);
        assert_eq!(refused.code, Some(2), "{name:?}: {}", refused.out);
        assert!(refused.err.contains("--into") && refused.err.contains("1 to 63 bytes"), "{name:?}: {}", refused.err);
    }
    assert_eq!(databases().await, before);
}
