//! What stands in `tenantry`: who may do what with it, typed by hand, and nobody anything else.

use std::collections::BTreeSet;

use super::claims;
use super::world::{furnish, person};
use crate::support::Database;

/// A grant and a policy, both, for each of these; the owner may all, and backups read all.
const EXPECTED: &str = "
people        | tenantry_auth        | SELECT
people        | tenantry_worker      | SELECT
people        | tenantry_super_admin | SELECT INSERT UPDATE
passwords     | tenantry_auth        | SELECT INSERT UPDATE
sessions      | tenantry_auth        | SELECT INSERT UPDATE
tokens        | tenantry_auth        | SELECT UPDATE
tokens        | tenantry_manager     | SELECT INSERT UPDATE
tokens        | tenantry_admin       | SELECT INSERT UPDATE
tokens        | tenantry_super_admin | SELECT INSERT UPDATE
user_metadata | tenantry_auth        | SELECT INSERT UPDATE
sign_in_delays | tenantry_auth       | SELECT INSERT UPDATE DELETE
links         | tenantry_auth        | SELECT UPDATE
migration_steps | tenantry_worker    | SELECT
tables        | tenantry_worker      | SELECT
settings      | tenantry_worker      | SELECT
pending_rules | tenantry_worker      | SELECT
installation_revision | tenantry_worker | SELECT
configuration_heads | tenantry_worker | SELECT
audit_seals   | tenantry_worker      | SELECT INSERT
changes       | tenantry_client      | SELECT INSERT
changes       | tenantry_staff       | SELECT INSERT UPDATE
changes       | tenantry_manager     | SELECT INSERT UPDATE
changes       | tenantry_admin       | SELECT INSERT UPDATE
changes       | tenantry_service     | SELECT INSERT UPDATE
changes       | tenantry_super_admin | SELECT INSERT UPDATE
changes       | tenantry_worker      | SELECT
change_edits  | tenantry_client      | SELECT INSERT
change_edits  | tenantry_staff       | SELECT INSERT
change_edits  | tenantry_manager     | SELECT INSERT
change_edits  | tenantry_admin       | SELECT INSERT
change_edits  | tenantry_service     | SELECT INSERT
change_edits  | tenantry_super_admin | SELECT INSERT
change_edits  | tenantry_worker      | SELECT
document_findings | tenantry_staff | SELECT
document_findings | tenantry_manager | SELECT
document_findings | tenantry_admin | SELECT
document_findings | tenantry_super_admin | SELECT
document_findings | tenantry_worker | SELECT INSERT UPDATE DELETE
document_looks | tenantry_staff | SELECT
document_looks | tenantry_manager | SELECT
document_looks | tenantry_admin | SELECT
document_looks | tenantry_super_admin | SELECT
document_looks | tenantry_worker | SELECT INSERT UPDATE
change_previews | tenantry_staff | SELECT
change_previews | tenantry_manager | SELECT
change_previews | tenantry_admin | SELECT
change_previews | tenantry_service | SELECT
change_previews | tenantry_super_admin | SELECT
change_previews | tenantry_worker | SELECT INSERT UPDATE DELETE
change_preview_groups | tenantry_staff | SELECT
change_preview_groups | tenantry_manager | SELECT
change_preview_groups | tenantry_admin | SELECT
change_preview_groups | tenantry_service | SELECT
change_preview_groups | tenantry_super_admin | SELECT
change_preview_groups | tenantry_worker | SELECT INSERT UPDATE DELETE
change_preview_documents | tenantry_staff | SELECT
change_preview_documents | tenantry_manager | SELECT
change_preview_documents | tenantry_admin | SELECT
change_preview_documents | tenantry_service | SELECT
change_preview_documents | tenantry_super_admin | SELECT
change_preview_documents | tenantry_worker | SELECT INSERT UPDATE DELETE
token_revisions | tenantry_auth      | SELECT
secret_reads  | tenantry_worker      | SELECT INSERT UPDATE DELETE
encryption_keys | tenantry_worker    | SELECT INSERT
data_keys     | tenantry_worker      | SELECT INSERT
secrets       | tenantry_worker      | SELECT INSERT
client_imports | tenantry_admin       | SELECT INSERT UPDATE DELETE
client_imports | tenantry_super_admin | SELECT INSERT UPDATE DELETE
client_imports | tenantry_worker      | SELECT DELETE
client_import_lines | tenantry_admin       | SELECT INSERT
client_import_lines | tenantry_super_admin | SELECT INSERT
client_import_rows  | tenantry_admin       | SELECT INSERT UPDATE DELETE
client_import_rows  | tenantry_super_admin | SELECT INSERT UPDATE DELETE
";

#[tokio::test]
async fn nobody_reaches_what_is_tenantrys_own_but_who_is_named() {
    let database = Database::migrated().await;
    let db = database.connect().await;
    let reached = |by: &str| {
        format!(
            "SELECT concat_ws(' ', c.relname, r.rolname, k.command)
               FROM pg_class c
              CROSS JOIN pg_roles r
              CROSS JOIN (VALUES ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) k (command, letter)
              WHERE c.relnamespace = 'tenantry'::regnamespace AND c.relkind IN ('r', 'p')
                AND (r.rolname LIKE 'tenantry\\_%' OR r.rolname IN ('anon', 'authenticated'))
                AND r.rolname NOT IN ('tenantry_owner', 'tenantry_backup')
                AND {by}"
        )
    };
    let by_grant = reached(
        "CASE k.command WHEN 'DELETE' THEN has_table_privilege(r.oid, c.oid, 'DELETE')
                        ELSE has_any_column_privilege(r.oid, c.oid, k.command) END",
    );
    let by_policy = reached(
        "EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polroles @> ARRAY[r.oid]
                    AND p.polcmd IN (k.letter::\"char\", '*'))",
    );
    let expected: BTreeSet<String> = EXPECTED
        .trim()
        .lines()
        .flat_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let (table, role) = (cells[0].to_owned(), cells[1].to_owned());
            cells[2].split(' ').map(|command| format!("{table} {role} {command}")).collect::<Vec<_>>()
        })
        .collect();
    for query in [by_grant, by_policy] {
        let rows = db.query(&query, &[]).await.expect("the catalog");
        let actual: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(actual, expected);
    }
}

#[tokio::test]
async fn people_are_a_super_admins_and_only_while_the_claims_hold() {
    let database = Database::migrated().await;
    let db = database.connect().await;
    furnish(&db).await;
    db.batch_execute("SET session_replication_role = origin").await.expect("a superuser's connection");
    let demote = format!("UPDATE tenantry.people SET role = 'admin' WHERE user_id = '{}'", person("super_admin"));
    let of_their_own =
        format!("SET LOCAL request.jwt.claims = '{}'; SET LOCAL ROLE tenantry_super_admin", claims::of("super_admin"));
    db.batch_execute(&format!("BEGIN; {of_their_own}")).await.expect("a superuser's connection");
    assert_eq!(db.execute(&demote, &[]).await.expect("no error"), 0, "nobody changes their own role");
    db.batch_execute("ROLLBACK").await.expect("a transaction is open");
    let promote = format!("UPDATE tenantry.people SET role = 'admin' WHERE user_id = '{}'", person("staff"));
    for (role, claims, expected) in [
        ("super_admin", claims::of("super_admin").to_string(), Some(1)),
        ("super_admin", claims::of("admin").to_string(), Some(0)),
        ("super_admin", "{}".to_owned(), Some(0)),
        ("admin", claims::of("admin").to_string(), None),
        ("service", claims::of("service").to_string(), None),
        ("staff", claims::of("staff").to_string(), None),
    ] {
        let before = format!("BEGIN; SET LOCAL request.jwt.claims = '{claims}'; SET LOCAL ROLE tenantry_{role}");
        db.batch_execute(&before).await.expect("a superuser's connection");
        let changed = db.execute(&promote, &[]).await;
        db.batch_execute("ROLLBACK").await.expect("a transaction is open");
        assert_eq!(changed.ok(), expected, "{role} with {claims}");
    }
}
