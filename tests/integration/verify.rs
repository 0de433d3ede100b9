//! `migrate verify` names whatever isn't as the migrations made it.

use crate::support::{Database, tenantry};

/// Breaks a migrated database with a statement and gives what `migrate verify` then says.
async fn verify_after(breakage: &str) -> (Option<i32>, String) {
    let database = Database::migrated().await;
    database.connect().await.batch_execute(breakage).await.unwrap_or_else(|error| panic!("{breakage}: {error}"));
    let outcome = tenantry(&["migrate", "verify", "--format", "json", "--database-url", &database.url()]);
    (outcome.code, outcome.out + &outcome.err)
}

#[tokio::test]
async fn a_migrated_database_has_no_findings() {
    assert_eq!(verify_after("SELECT 1").await, (Some(0), "[]\n".to_owned()));
}

#[tokio::test]
async fn each_breakage_is_named_with_its_place_and_mend() {
    let cases = [
        (
            "ALTER TABLE client_deployments DISABLE ROW LEVEL SECURITY",
            "client_deployments",
            "row level security is off",
        ),
        ("ALTER TABLE client_deployments NO FORCE ROW LEVEL SECURITY", "client_deployments", "isn't forced"),
        ("ALTER TABLE client_deployments OWNER TO postgres", "client_deployments", "belongs to postgres"),
        ("DROP VIEW client_summary", "client_summary", "is missing"),
        (
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'idx_client_deployments_status'::regclass",
            "idx_client_deployments_status",
            "isn't valid",
        ),
        (
            "UPDATE pg_constraint SET convalidated = false WHERE conname = 'client_deployments_status_check'",
            "client_deployments_status_check",
            "isn't validated",
        ),
        (
            "UPDATE tenantry.migration_steps SET checksum = 'x' WHERE migration = '0003_clients_enhanced' AND step = 'done'",
            "0003_clients_enhanced",
            "checksum differs",
        ),
        (
            "DELETE FROM tenantry.migration_steps WHERE migration = '0012_client_billing_info'",
            "0012_client_billing_info",
            "isn't applied",
        ),
        (
            "SET session_replication_role = replica;
             INSERT INTO client_billing_info (client_id) VALUES ('00000000-0000-0000-0000-000000000009')",
            "client_billing_info_client_id_fkey",
            "somebody wrote past it",
        ),
        (
            "INSERT INTO tenantry.migration_steps VALUES ('9999_later', 'done', 'x', now(), 'me', '9')",
            "9999_later",
            "unknown to this program",
        ),
    ];
    for (breakage, place, what) in cases {
        let (code, said) = verify_after(breakage).await;
        assert_eq!(code, Some(1), "{breakage}: {said}");
        assert!(said.contains(place) && said.contains(what) && said.contains("\"mend\""), "{breakage}: {said}");
    }
}

#[tokio::test]
async fn a_changed_migration_is_refused_before_anything_is_applied() {
    let database = Database::migrated().await;
    let admin = database.connect().await;
    let forge = "UPDATE tenantry.migration_steps SET checksum = 'x' WHERE migration = '0003_clients_enhanced' AND step = 'done'";
    admin.batch_execute(forge).await.expect("a superuser may");
    let refused = tenantry(&["migrate", "up", "--database-url", &database.url()]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("0003_clients_enhanced") && refused.err.contains("mend:"), "{}", refused.err);
}
