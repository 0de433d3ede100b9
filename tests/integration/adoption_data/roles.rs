//! Roles: the logins of the site's that keep their rights, and the roles that people had in metadata.

use super::site::{migrate, migrated};
use crate::support::{Database, schema_dump};

/// Makes a login of the site's that reads and writes, and a second one that only reads, through a group.
async fn logins(database: &Database) -> (String, String) {
    let (app, reports) = (format!("app_{}", database.name), format!("reports_{}", database.name));
    let sql = format!(
        "CREATE ROLE {app} LOGIN; CREATE ROLE {reports} LOGIN; CREATE ROLE readers_{name} NOLOGIN;
         GRANT readers_{name} TO {reports};
         GRANT SELECT ON ALL TABLES IN SCHEMA public TO readers_{name};
         GRANT SELECT, INSERT, UPDATE, TRUNCATE ON clients_enhanced, client_deployments, deployment_tracking_events TO {app};
         CREATE POLICY app ON clients_enhanced TO {app} USING (true);",
        name = database.name
    );
    database.connect().await.batch_execute(&sql).await.expect("the site's logins");
    (app, reports)
}

#[tokio::test]
async fn a_kept_login_goes_on_working_and_others_see_nothing() {
    let database = Database::existing().await;
    let admin = database.connect().await;
    let (app, reports) = logins(&database).await;
    let before = schema_dump(&database);

    let plan = migrated(&database, &["plan", "--keep-role", &app]);
    let of = |role: &str, key: &str| -> Vec<bool> {
        let found = plan["cut_off"].as_array().expect("a list").iter().filter(|found| found["role"] == role);
        found.map(|found| found[key].as_bool().expect("a flag")).collect()
    };
    assert_eq!((of(&app, "login"), of(&app, "kept")), (vec![true; 3], vec![true; 3]));
    assert_eq!(of("authenticated", "kept"), [false; 5]);

    migrated(&database, &["up", "--keep-role", &app]);
    let status = migrated(&database, &["status"]);
    let kept: Vec<String> = status["kept_roles"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|kept| kept["role"] == app && kept["privileges"] == serde_json::json!(["SELECT", "INSERT", "UPDATE"]))
        .map(|kept| kept["table"].as_str().expect("a table").to_owned())
        .collect();
    assert_eq!(kept, ["client_deployments", "clients_enhanced", "deployment_tracking_events"]);

    let clients = "SELECT count(*) FROM clients_enhanced";
    assert_eq!(as_role(&admin, &app, clients).await, Ok(201));
    let write = "WITH w AS (INSERT INTO deployment_tracking_events (deployment_id, event_type, event_status)
                 VALUES (md5('dep:11')::uuid, 'health_check', 'success') RETURNING client_id)
                 SELECT count(*) FROM w WHERE client_id = md5('client:1')::uuid";
    assert_eq!(as_role(&admin, &app, write).await, Ok(1), "a writer that knows nothing of client_id");
    let change = "WITH w AS (UPDATE client_deployments SET region = 'eu' RETURNING 1) SELECT count(*) FROM w";
    assert_eq!(as_role(&admin, &app, change).await, Ok(300));
    let delete = "WITH w AS (DELETE FROM clients_enhanced RETURNING 1) SELECT count(*) FROM w";
    assert_eq!(as_role(&admin, &app, delete).await, Err("42501".to_owned()), "it never could");
    let read = "SELECT count(*) FROM client_billing_info";
    assert_eq!(as_role(&admin, &app, read).await, Err("42501".to_owned()), "nothing new is opened");
    assert_eq!(as_role(&admin, &reports, clients).await, Ok(0), "who isn't kept sees no row");

    // What was written since stays: only the shape goes back.
    let down = migrate(&database, &["down", "--lose-data"]);
    assert_eq!(down.code, Some(0), "{}", down.err);
    assert_eq!(schema_dump(&database), before);
}

#[tokio::test]
async fn a_role_can_be_kept_later_by_its_group() {
    let database = Database::existing().await;
    let admin = database.connect().await;
    let (_, reports) = logins(&database).await;
    migrated(&database, &["up"]);
    let clients = "SELECT count(*) FROM clients_enhanced";
    assert_eq!(as_role(&admin, &reports, clients).await, Ok(0));
    migrated(&database, &["up", "--keep-role", &reports]);
    assert_eq!(as_role(&admin, &reports, clients).await, Ok(201));
    assert_eq!(as_role(&admin, &reports, "SELECT count(*) FROM client_analytics").await, Ok(18_002));
}

#[tokio::test]
async fn roles_that_cannot_be_kept_are_refused_before_anything_changes() {
    let database = Database::existing().await;
    for role in ["nobody_of_this_name", "postgres", "authenticated", "tenantry_owner"] {
        let refused = migrate(&database, &["up", "--keep-role", role]);
        assert_eq!(refused.code, Some(2), "{role}: {}", refused.err);
        assert!(refused.err.contains(role) && refused.err.contains("mend:"), "{}", refused.err);
    }
    let admin = database.connect().await;
    let there = "SELECT to_regnamespace('tenantry') IS NOT NULL";
    assert!(!admin.query_one(there, &[]).await.expect("the catalog").get::<_, bool>(0));
}

#[tokio::test]
async fn roles_in_metadata_are_copied_only_when_somebody_says_so() {
    let database = Database::existing().await;
    let admin = database.connect().await;
    admin
        .batch_execute(
            r#"INSERT INTO auth.users (email, raw_user_meta_data) VALUES
                   ('a@agency.example', '{"role": "Admin"}'), ('b@agency.example', '{"role": "owner"}'),
                   ('c@agency.example', '{"role": ["admin"]}'), ('d@agency.example', '{"role": "client"}');
               UPDATE auth.users SET raw_user_meta_data = '{"role": "client"}' WHERE id = md5('user:3')::uuid;"#,
        )
        .await
        .expect("more people");
    let people = "SELECT coalesce(string_agg(role || ' ' || n, ', ' ORDER BY role), '')
                    FROM (SELECT role, count(*) AS n FROM tenantry.people GROUP BY role) r";
    migrated(&database, &["up"]);
    assert_eq!(admin.query_one(people, &[]).await.expect("people").get::<_, String>(0), "");

    let outcome = migrated(&database, &["up", "--adopt-roles"]);
    assert_eq!(outcome["roles"]["copied"], 7, "{outcome:#}");
    // Three words that nobody knows, and a client's login that manages clients.
    assert_eq!(outcome["roles"]["left"].as_array().map(Vec::len), Some(4), "{outcome:#}");
    let now: String = admin.query_one(people, &[]).await.expect("people").get(0);
    assert_eq!(now, "admin 1, client 1, manager 2, staff 2, super_admin 1");

    let again = migrated(&database, &["up", "--adopt-roles"]);
    assert_eq!(again["roles"]["copied"], 0);
}

/// The count that a query gives a role, or the SQLSTATE.
async fn as_role(admin: &tenantry::db::admin::Admin, role: &str, sql: &str) -> Result<i64, String> {
    admin.batch_execute(&format!("SET ROLE {role}")).await.expect("the role");
    let answer = admin.query_one(sql, &[]).await;
    admin.batch_execute("RESET ROLE").await.expect("back");
    answer.map(|row| row.get(0)).map_err(|error| error.code().expect("PostgreSQL refuses").code().to_owned())
}
