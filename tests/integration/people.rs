//! People and memberships, as an operator keeps them on the command line.

use std::io::Write as _;
use std::process::Stdio;

use argon2::password_hash::PasswordVerifier as _;
use argon2::password_hash::phc::PasswordHash;
use serde_json::Value;

use crate::support::Database;
use crate::support::program::{Outcome, program, tenantry};

/// The command line on one database.
struct Office {
    database: Database,
}

impl Office {
    async fn new() -> Self {
        Self { database: Database::migrated().await }
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with_input(arguments, "")
    }

    fn run_with_input(&self, arguments: &[&str], input: &str) -> Outcome {
        let mut child = program()
            .args(["--database-url", &self.database.url()])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program is built");
        // A program that refuses before it reads closes the pipe.
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        Outcome::from(child.wait_with_output().expect("it was started"))
    }

    /// Runs a command that succeeds, and gives its answer.
    fn does(&self, arguments: &[&str]) -> Value {
        let done = self.run(&[&["--format", "json"], arguments].concat());
        assert_eq!(done.code, Some(0), "{arguments:?}: {}", done.err);
        serde_json::from_str(&done.out).expect("JSON")
    }

    /// Runs a command that is refused, and gives what it says.
    fn is_refused(&self, arguments: &[&str], code: i32) -> String {
        let done = self.run(arguments);
        assert_eq!((done.code, done.out.as_str()), (Some(code), ""), "{arguments:?}: {}", done.err);
        done.err
    }

    async fn text(&self, sql: &str) -> Option<String> {
        self.database.connect().await.query_one(sql, &[]).await.expect(sql).get(0)
    }
}

#[tokio::test]
async fn a_person_is_added_with_a_password_that_is_shown_once_and_kept_as_a_hash() {
    let office = Office::new().await;
    let created = office.does(&["user", "create", "--email", "Mia@agency.example", "--role", "manager"]);
    let password = created["password"].as_str().expect("it is printed");
    let hash = office.text("SELECT password_hash FROM tenantry.passwords").await.expect("a hash");
    assert!(hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{hash}");
    let parsed = PasswordHash::new(&hash).expect("a PHC string");
    assert!(argon2::Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());

    let people = office.does(&["user", "list"]);
    assert_eq!(people[0]["email"], "Mia@agency.example");
    assert_eq!(people[0]["role"], "manager");
    assert!(!people.to_string().contains(password), "it is shown once");
}

#[tokio::test]
async fn a_chosen_password_comes_on_standard_input_and_is_never_printed() {
    let office = Office::new().await;
    let create = ["user", "create", "--email", "mia@agency.example", "--role", "staff", "--password-stdin"];
    let done = office.run_with_input(&create, "correct horse battery\n");
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(!done.out.contains("correct horse") && !done.err.contains("correct horse"));
    let hash = office.text("SELECT password_hash FROM tenantry.passwords").await.expect("a hash");
    let parsed = PasswordHash::new(&hash).expect("a PHC string");
    assert!(argon2::Argon2::default().verify_password(b"correct horse battery", &parsed).is_ok());

    let short = office.run_with_input(&["user", "password", "mia@agency.example", "--password-stdin"], "short\n");
    assert_eq!(short.code, Some(2));
    assert!(short.err.contains("8 characters") && !short.err.contains("\"short\""), "{}", short.err);
    let nothing = office.run_with_input(&["user", "password", "mia@agency.example", "--password-stdin"], "");
    assert_eq!(nothing.code, Some(2), "{}", nothing.err);
}

#[tokio::test]
async fn bad_input_is_refused_and_says_what_to_do() {
    let office = Office::new().await;
    for email in
        ["mia", "mia@", "@agency.example", "mia@@agency.example", "mia@agency..example", "mia agency@x.example"]
    {
        let said = office.is_refused(&["user", "create", "--email", email, "--role", "staff"], 2);
        assert!(said.contains("--email"), "{email}: {said}");
    }
    let said = office.is_refused(&["user", "create", "--email", "mia@agency.example", "--role", "boss"], 2);
    assert!(said.contains("client, staff, manager, admin, super_admin"), "{said}");
    let said = office.is_refused(&["user", "role", "nobody@agency.example", "staff"], 1);
    assert!(said.contains("nobody@agency.example") && said.contains("tenantry user list"), "{said}");
    assert_eq!(
        office.text("SELECT count(*)::text FROM auth.users").await.as_deref(),
        Some("0"),
        "nothing was half-done"
    );

    office.does(&["user", "create", "--email", "mia@agency.example", "--role", "staff"]);
    let said = office.is_refused(&["user", "create", "--email", "MIA@agency.example", "--role", "admin"], 1);
    assert!(said.contains("already") && said.contains("tenantry user role"), "{said}");
    assert_eq!(office.text("SELECT role::text FROM tenantry.people").await.as_deref(), Some("staff"));
}

#[tokio::test]
async fn roles_change_people_are_shut_out_and_let_in_again() {
    let office = Office::new().await;
    office.does(&["user", "create", "--email", "mia@agency.example", "--role", "staff"]);
    office
        .database
        .connect()
        .await
        .batch_execute(
            "INSERT INTO tenantry.sessions (user_id, expires_at) SELECT user_id, now() + interval '1 day' FROM tenantry.people",
        )
        .await
        .expect("a session");

    assert_eq!(office.does(&["user", "role", "mia@agency.example", "admin"])["role"], "admin");
    let copy = office.text("SELECT raw_app_meta_data ->> 'role' FROM auth.users").await;
    assert_eq!(copy.as_deref(), Some("admin"), "the copy follows");

    assert!(office.does(&["user", "disable", "mia@agency.example"])["disabled_at"].is_string());
    let open = office.text("SELECT count(*)::text FROM tenantry.sessions WHERE ended_at IS NULL").await;
    assert_eq!(open.as_deref(), Some("0"), "their sessions end");
    assert!(office.does(&["user", "enable", "mia@agency.example"])["disabled_at"].is_null());
}

#[tokio::test]
async fn the_audit_log_says_which_operator_did_it() {
    let office = Office::new().await;
    office.does(&["user", "create", "--email", "mia@agency.example", "--role", "staff"]);
    let actor = "SELECT string_agg(DISTINCT actor || ' ' || reason, ',') FROM audit_log WHERE table_name = 'people'";
    let said = office.text(actor).await.expect("an entry");
    assert!(said.starts_with("operator:") && said.ends_with(" user create"), "{said}");
    let secret = "SELECT count(*)::text FROM audit_log WHERE coalesce(after::text, '') LIKE '%argon2%'";
    assert_eq!(office.text(secret).await.as_deref(), Some("0"), "no hash in the log");
}

#[tokio::test]
async fn people_become_members_of_clients_and_leave_them() {
    let office = Office::new().await;
    let admin = office.database.connect().await;
    admin
        .batch_execute(
            "INSERT INTO clients_enhanced (name, email) VALUES ('Shop', 'hello@shop.example'), ('Bakery', 'hi@bakery.example');",
        )
        .await
        .expect("clients");
    office.does(&["user", "create", "--email", "mia@agency.example", "--role", "manager"]);
    office.does(&["user", "create", "--email", "sam@shop.example", "--role", "client"]);

    let add = ["member", "add", "--client", "hello@shop.example", "--user", "mia@agency.example", "--role"];
    assert_eq!(office.does(&[&add[..], &["manager"]].concat())["client_name"], "Shop");
    assert_eq!(office.does(&[&add[..], &["staff"]].concat())["member_role"], "staff", "again changes as what");
    let said = office.is_refused(&[&add[..], &["client"]].concat(), 1);
    assert!(said.contains("role is manager"), "{said}");
    let said = office.is_refused(&[&add[..], &["owner"]].concat(), 2);
    assert!(said.contains("owner"), "{said}");
    let said = office
        .is_refused(&["member", "add", "--client", "Nowhere", "--user", "mia@agency.example", "--role", "staff"], 1);
    assert!(said.contains("no client \"Nowhere\""), "{said}");
    office.does(&["member", "add", "--client", "Shop", "--user", "sam@shop.example", "--role", "client"]);

    let remove = ["member", "remove", "--client", "Shop", "--user", "mia@agency.example", "--role"];
    let said = office.is_refused(&[&remove[..], &["manager"]].concat(), 1);
    assert!(said.contains("as staff"), "{said}");
    office.does(&[&remove[..], &["staff"]].concat());
    let said = office.is_refused(&[&remove[..], &["staff"]].concat(), 1);
    assert!(said.contains("no member"), "{said}");
}

#[tokio::test]
async fn psql_as_a_person_sees_what_the_person_sees() {
    let office = Office::new().await;
    let admin = office.database.connect().await;
    admin
        .batch_execute("INSERT INTO clients_enhanced (name, email) VALUES ('Shop', 'hello@shop.example'), ('Bakery', 'hi@bakery.example');")
        .await
        .expect("clients");
    office.does(&["user", "create", "--email", "mia@agency.example", "--role", "staff"]);
    office.does(&["member", "add", "--client", "Shop", "--user", "mia@agency.example", "--role", "staff"]);

    let sql = "SELECT string_agg(name, ',' ORDER BY name) || ' as ' || current_user FROM clients_enhanced";
    let ask = |who: &[&str]| {
        let asked = office.run(&[&["psql", "--command", sql], who, &["--", "--tuples-only", "--no-align"]].concat());
        assert_eq!(asked.code, Some(0), "{}", asked.err);
        asked.out.trim().to_owned()
    };
    assert_eq!(ask(&["--as", "mia@agency.example"]), "Shop as tenantry_staff");
    assert_eq!(ask(&[]), "Bakery,Shop as postgres");
    let said = office.is_refused(&["psql", "--as", "nobody@agency.example", "--command", "SELECT 1"], 1);
    assert!(said.contains("nobody@agency.example"), "{said}");
}

#[tokio::test]
async fn commands_on_a_database_without_the_schema_say_so() {
    let database = Database::empty().await;
    for command in [&["user", "list"][..], &["seed"], &["partitions", "maintain"]] {
        let refused = crate::support::tenantry(&[command, &["--database-url", &database.url()]].concat());
        assert_eq!(refused.code, Some(1));
        assert!(refused.err.contains("tenantry migrate up"), "{command:?}: {}", refused.err);
    }
}

#[tokio::test]
async fn seeding_again_adds_what_is_missing_and_keeps_what_was_edited() {
    let office = Office::new().await;
    assert_eq!(office.does(&["seed"])["added"], 0);
    let admin = office.database.connect().await;
    admin
        .batch_execute(
            "SET ROLE tenantry_owner; SET tenantry.actor = 'operator:test';
             UPDATE system_configurations SET configuration_value = '{\"currency\": \"EUR\"}' WHERE configuration_key = 'billing_settings'",
        )
        .await
        .expect("an edit");
    assert_eq!(office.does(&["seed"])["added"], 0);
    let value = "SELECT configuration_value ->> 'currency' FROM system_configurations WHERE configuration_key = 'billing_settings'";
    assert_eq!(office.text(value).await.as_deref(), Some("EUR"));
}

#[tokio::test]
async fn months_are_made_and_those_past_retention_go() {
    let office = Office::new().await;
    assert_eq!(office.does(&["partitions", "maintain"]), serde_json::json!({ "made": [], "dropped": [] }));
    let admin = office.database.connect().await;
    admin
        .batch_execute(
            "INSERT INTO tenantry.settings (key, value) VALUES ('partition_retention_months', '{\"client_analytics\": 12, \"audit_log\": 12}')",
        )
        .await
        .expect("a setting");
    let done = office.does(&["partitions", "maintain"]);
    let dropped = done["dropped"].as_array().expect("a list");
    assert!(
        !dropped.is_empty()
            && dropped.iter().all(|name| name.as_str().is_some_and(|name| name.contains("client_analytics"))),
        "{done}"
    );
    assert_eq!(
        office.does(&["partitions", "maintain"]),
        serde_json::json!({ "made": [], "dropped": [] }),
        "they stay away"
    );
    let logged = office.text("SELECT count(*)::text FROM audit_log WHERE action = 'retention'").await;
    assert_eq!(logged, Some(dropped.len().to_string()));
}

#[tokio::test]
async fn people_of_an_adopted_site_keep_their_id_and_get_a_role() {
    let office = Office { database: Database::existing().await };
    office.does(&["migrate", "up"]);
    let email = office.text("SELECT max(email) FROM auth.users").await.expect("the site has people");
    let id = office.text("SELECT id::text FROM auth.users ORDER BY email DESC LIMIT 1").await;
    let before = office.text("SELECT count(*)::text FROM auth.users").await;
    let created = office.does(&["user", "create", "--email", &email.to_uppercase(), "--role", "manager"]);
    assert_eq!(created["user_id"].as_str().map(ToOwned::to_owned), id, "who was known keeps their id");
    assert_eq!(office.text("SELECT count(*)::text FROM auth.users").await, before);

    office.does(&["user", "create", "--email", "new@agency.example", "--role", "staff"]);
    let people = office.does(&["user", "list"]);
    let roles: Vec<&str> =
        people.as_array().expect("a list").iter().filter_map(|person| person["role"].as_str()).collect();
    assert_eq!(roles.len(), 2, "nobody else got a role unasked: {people}");
}

#[tokio::test]
async fn a_sites_own_people_may_have_an_address_and_nothing_more() {
    let database = Database::empty().await;
    let admin = database.connect().await;
    admin
        .batch_execute("CREATE SCHEMA auth; CREATE TABLE auth.users (id uuid PRIMARY KEY, email text)")
        .await
        .expect("a site");
    for arguments in [
        &["migrate", "up", "--no-backup"][..],
        &["user", "create", "--email", "mia@agency.example", "--role", "staff"],
        &["user", "role", "mia@agency.example", "admin"],
        &["user", "password", "mia@agency.example"],
        &["user", "list"],
    ] {
        let done = tenantry(&[arguments, &["--database-url", &database.url()]].concat());
        assert_eq!(done.code, Some(0), "{arguments:?}: {}", done.err);
    }
    let added = "SELECT tenantry.add_person('zoe@agency.example', 'Zoe', 'staff')::text";
    admin.batch_execute("SET ROLE tenantry_owner").await.expect("a superuser may");
    admin.query_one(added, &[]).await.expect("somebody is added");
    let people: i64 = admin.query_one("SELECT count(*) FROM auth.users", &[]).await.expect("its people").get(0);
    assert_eq!(people, 2);
}

#[tokio::test]
async fn a_sites_own_people_may_be_counted_by_a_sequence() {
    for users in [
        "CREATE TABLE auth.users (id uuid PRIMARY KEY, email text, number bigserial)",
        "CREATE TABLE auth.users (id uuid PRIMARY KEY, email text, number bigint GENERATED ALWAYS AS IDENTITY)",
        "CREATE SEQUENCE public.numbers; CREATE TABLE auth.users (id uuid PRIMARY KEY, email text,
            number text DEFAULT 'P' || nextval('public.numbers'))",
        "CREATE TABLE auth.users (id uuid PRIMARY KEY, email text, number bigserial); ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY",
    ] {
        let database = Database::empty().await;
        let admin = database.connect().await;
        admin.batch_execute(&format!("CREATE SCHEMA auth; {users}")).await.expect("a site");
        let office = Office { database };
        for arguments in [
            &["migrate", "up", "--no-backup"][..],
            &["user", "create", "--email", "mia@agency.example", "--role", "staff"],
        ] {
            let done = office.run(arguments);
            assert_eq!(done.code, Some(0), "{users}: {arguments:?}: {}", done.err);
        }
        let number = "SELECT right(number::text, 1) FROM auth.users WHERE email = 'mia@agency.example'";
        assert_eq!(office.text(number).await.as_deref(), Some("1"), "{users}");
        let done = office.run(&["migrate", "down", "--to", "0", "--lose-data"]);
        assert_eq!(done.code, Some(0), "{users}: {}", done.err);
        let rights = "SELECT string_agg(c.relacl::text, ' ') FROM pg_class c WHERE c.relkind = 'S' AND c.relacl::text LIKE '%tenantry%'";
        assert_eq!(office.text(rights).await, None, "{users}");
    }
}
