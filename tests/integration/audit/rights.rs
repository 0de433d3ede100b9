//! Nobody rewrites the log: neither a role of a request nor its owner.

use tenantry::db::admin::Admin;

use super::Log;

#[tokio::test]
async fn no_role_updates_deletes_truncates_or_writes_the_log() {
    let log = Log::new().await;
    log.add_client("somebody").await;
    let roles =
        "SELECT rolname::text FROM pg_roles WHERE rolname ~ '^tenantry_' OR rolname IN ('anon', 'authenticated')";
    let roles = log.admin.query(roles, &[]).await.expect("the roles");
    assert!(roles.len() >= 12);
    for role in roles.iter().map(|row| row.get::<_, String>(0)).filter(|role| role != "tenantry_owner") {
        for table in ["public.audit_log", "tenantry_partitions.audit_log_default", "tenantry.audit_seals"] {
            for act in [
                format!("UPDATE {table} SET {} = NULL", if table.ends_with("seals") { "row_count" } else { "action" }),
                format!("DELETE FROM {table}"),
                format!("TRUNCATE {table}"),
                format!("ALTER TABLE {table} DISABLE TRIGGER ALL"),
            ] {
                refused(&log, &role, &act).await;
            }
        }
        refused(&log, &role, "INSERT INTO public.audit_log (action, database_role, login_role) VALUES ('x', 'x', 'x')")
            .await;
        refused(&log, &role, "SELECT tenantry.erase_audit_log('{[1,2)}', 'x')").await;
        refused(&log, &role, "SELECT tenantry.note_audit_retention('public.audit_log')").await;
    }
}

#[tokio::test]
async fn a_request_logs_what_it_did_but_excuses_nothing() {
    let log = Log::new().await;
    for action in ["erasure", "retention"] {
        refused(
            &log,
            "tenantry_admin",
            &format!("SELECT tenantry.audit_event('{action}', '{{\"ids\": \"{{[1,2)}}\"}}')"),
        )
        .await;
    }
    for role in ["anon", "authenticated", "tenantry_client", "tenantry_staff"] {
        refused(&log, role, "SELECT tenantry.audit_event('reveal')").await;
    }
    log.admin
        .batch_execute("SET ROLE tenantry_manager; SELECT tenantry.audit_event('reveal', table_name => 'client_deployments'); RESET ROLE")
        .await
        .expect("a manager reveals");
    let entry = "SELECT concat_ws(' ', action, database_role, login_role, table_schema) FROM public.audit_log ORDER BY id DESC LIMIT 1";
    assert_eq!(log.text(entry).await, "reveal tenantry_manager postgres public");
}

#[tokio::test]
async fn the_servers_login_seals_and_verifies() {
    let mut log = Log::sealed().await;
    log.add_client("one more").await;
    let mut config = log.admin.config().clone();
    log.admin = Admin::connect_with(config.user("tenantry_server").clone()).await.expect("the server logs in");
    assert_eq!(log.seal().await.len(), 1);
    assert_eq!(log.findings().await, []);
}

#[tokio::test]
async fn its_owner_only_adds_to_it() {
    let mut log = Log::new().await;
    log.add_client("somebody").await;
    log.seal().await;
    for act in [
        "UPDATE public.audit_log SET reason = 'x'",
        "UPDATE public.audit_log SET erased_at = now()",
        "UPDATE public.audit_log SET erased_at = now(), salt = NULL, before = NULL, after = NULL, details = NULL, reason = NULL, address = NULL, action = 'x'",
        "DELETE FROM public.audit_log",
        "TRUNCATE public.audit_log",
        "UPDATE tenantry.audit_seals SET row_count = 0",
        "DELETE FROM tenantry.audit_seals",
        "TRUNCATE tenantry.audit_seals",
    ] {
        refused(&log, "tenantry_owner", act).await;
    }
}

#[tokio::test]
async fn whoever_inserts_chooses_neither_hash_nor_transaction() {
    let mut log = Log::new().await;
    log.admin
        .batch_execute(
            "SET ROLE tenantry_owner;
             INSERT INTO public.audit_log (transaction_id, salt, row_hash, action, database_role, login_role)
             VALUES ('5', gen_random_uuid(), '\\x00', 'sign_in', 'x', 'x');
             RESET ROLE",
        )
        .await
        .expect("the owner may add");
    log.seal().await;
    assert_eq!(log.findings().await, []);
}

async fn refused(log: &Log, role: &str, act: &str) {
    log.admin.batch_execute(&format!("SET ROLE {role}")).await.expect("the role is there");
    let outcome = log.admin.batch_execute(act).await;
    log.admin.batch_execute("RESET ROLE").await.expect("a superuser may");
    let error = outcome.expect_err(&format!("{role}: {act}"));
    assert_eq!(error.code().map(tokio_postgres::error::SqlState::code), Some("42501"), "{role}: {act}: {error:?}");
}
