//! Roles belong to the cluster: who may make them, and who else needs them.

use uuid::Uuid;

use crate::row_level_security::catalog;
use crate::support::{Database, tenantry};

#[tokio::test]
async fn who_may_not_make_roles_is_told_what_a_superuser_has_to_run() {
    let server = Database::migrated().await;
    let superuser = server.connect().await;
    let migrator = format!("migrator_{}", Uuid::new_v4().simple());
    superuser.batch_execute(&format!("CREATE ROLE {migrator} LOGIN")).await.expect("a superuser's connection");
    let database = Database::with(&format!("TEMPLATE template0 OWNER {migrator}")).await;
    let url = database.url().replacen("postgres@", &format!("{migrator}@"), 1);

    let refused = tenantry(&["migrate", "up", "--no-backup", "--database-url", &url]);
    assert_eq!(refused.code, Some(1), "{}", refused.err);
    assert!(refused.err.contains("may not make all of Tenantry's roles"), "{}", refused.err);
    let statements: Vec<&str> = refused.err.lines().filter(|line| line.ends_with(';')).collect();
    assert!(statements.contains(&format!("GRANT tenantry_owner TO {migrator};").as_str()), "{}", refused.err);

    let there = database.connect().await;
    there.batch_execute(&statements.concat()).await.expect("a superuser may");
    let applied = tenantry(&["migrate", "up", "--no-backup", "--database-url", &url]);
    assert_eq!(applied.code, Some(0), "{}", applied.err);
    let verified = tenantry(&["migrate", "verify", "--database-url", &url]);
    assert_eq!(verified.code, Some(0), "{} {}", verified.out, verified.err);
}

#[tokio::test]
async fn roles_stay_while_another_database_uses_them() {
    let (one, other) = (Database::migrated().await, Database::migrated().await);
    let gone = tenantry(&["migrate", "down", "--to", "0", "--database-url", &one.url()]);
    assert_eq!(gone.code, Some(0), "{}", gone.err);
    let db = other.connect().await;
    let broken = catalog::broken(&db).await;
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    // And what is left of the first refers to none of them.
    let admin = one.connect().await;
    let left = admin
        .query_one(
            "SELECT count(*) FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid
              WHERE r.rolname LIKE 'tenantry\\_%'
                AND s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
            &[],
        )
        .await
        .expect("the catalog");
    assert_eq!(left.get::<_, i64>(0), 0);
}
