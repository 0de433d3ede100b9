//! The rows that the matrix asks for, and the people who ask.

use tokio_postgres::Client;

/// The client that a kind of row belongs to; `second` is another that the manager manages.
pub fn client(name: &str) -> &'static str {
    match name {
        "own" => "c1000000-0000-4000-8000-000000000001",
        "joined" => "c1000000-0000-4000-8000-000000000002",
        "other" => "c1000000-0000-4000-8000-000000000003",
        "second" => "c1000000-0000-4000-8000-000000000004",
        unknown => panic!("there is no client {unknown}"),
    }
}

/// The person who acts in a role of a request; machines have a token instead.
pub fn person(role: &str) -> &'static str {
    match role {
        "client" => "a1000000-0000-4000-8000-000000000001",
        "staff" => "a1000000-0000-4000-8000-000000000002",
        "manager" => "a1000000-0000-4000-8000-000000000003",
        "admin" => "a1000000-0000-4000-8000-000000000004",
        "super_admin" => "a1000000-0000-4000-8000-000000000005",
        "colleague" => "a1000000-0000-4000-8000-000000000006",
        other => panic!("{other} is nobody's role"),
    }
}

/// The service token.
pub const TOKEN: &str = "b1000000-0000-4000-8000-000000000001";

/// The session of every person: their id with an `e` in front.
pub fn session(role: &str) -> String {
    person(role).replacen('a', "e", 1)
}

/// Makes people, clients and one row of every kind, past triggers and foreign keys, which have tests of their own.
pub async fn furnish(db: &Client) {
    db.batch_execute("SET session_replication_role = replica").await.expect("a superuser's connection");
    let mut sql = vec![
        // Thousands of statements run faster over one partition than over seventy.
        "DO $$ DECLARE partition regclass; BEGIN
             FOR partition IN SELECT p.partition FROM tenantry.partitions() p
                              WHERE p.lower_bound IS NOT NULL AND NOT now() BETWEEN p.lower_bound AND p.upper_bound LOOP
                 EXECUTE format('DROP TABLE %s', partition);
             END LOOP; END $$"
            .to_owned(),
        format!(
            "INSERT INTO tenantry.tokens (id, name, kind, prefix, secret_hash)
             VALUES ('{TOKEN}', 'matrix', 'service', 'tnt_svc_matr', sha256('matrix'))"
        ),
        format!(
            "INSERT INTO public.clients_enhanced (id, name, email) VALUES ('{}', 'second', 'second@example.com')",
            client("second")
        ),
    ];
    for role in ["client", "staff", "manager", "admin", "super_admin", "colleague"] {
        let (id, session) = (person(role), session(role));
        let rank = if role == "colleague" { "staff" } else { role };
        sql.push(format!("INSERT INTO tenantry.people (user_id, role) VALUES ('{id}', '{rank}')"));
        sql.push(format!(
            "INSERT INTO tenantry.sessions (id, user_id, expires_at) VALUES ('{session}', '{id}', now() + interval '1 day')"
        ));
    }
    for (client_name, role, member_role) in [
        ("own", "client", "client"),
        ("own", "staff", "staff"),
        ("own", "manager", "manager"),
        ("own", "colleague", "staff"),
        ("joined", "staff", "staff"),
        ("joined", "manager", "staff"),
        ("second", "manager", "manager"),
        ("other", "colleague", "staff"),
    ] {
        sql.push(format!(
            "INSERT INTO public.client_members (client_id, user_id, member_role) VALUES ('{}', '{}', '{member_role}')",
            client(client_name),
            person(role)
        ));
    }
    for subject in super::subjects::SUBJECTS.iter().filter(|subject| subject.table != "client_members") {
        sql.extend(subject.rows.iter().map(|row| subject.insert(row, "staff")));
    }
    db.batch_execute(&sql.join(";")).await.unwrap_or_else(|error| panic!("the world can't be furnished: {error:?}"));
}
