use serde_json::json;
use tokio_postgres::Transaction;
use uuid::Uuid;

use super::calendar::Calendar;
use super::chance;
use super::roster::{self, Client};
use super::rows::insert;
use crate::Result;
use crate::auth::passwords::{Password, password_hash};
use crate::db::caller::{Caller, Claims};
use crate::db::policies::rules::Role;

/// What somebody types to sign in. Shown once, kept nowhere; has no `Debug`, so that no log shows it.
#[derive(Clone, serde::Serialize)]
pub struct Credential {
    /// The address.
    pub email: &'static str,
    /// The role.
    pub role: &'static str,
    /// The password.
    pub password: String,
}

/// Somebody who can sign in.
pub struct Person {
    /// Their number.
    number: usize,
    /// Their address.
    pub email: &'static str,
    /// Their name.
    pub name: &'static str,
    /// Their role.
    pub role: &'static str,
}

/// Runs the agency.
pub const OWNER: Person = person(1, "ines.duarte@harbourpine.example", "Inês Duarte", "super_admin");
/// Takes clients on, and publishes templates.
pub const ADMIN: Person = person(2, "tomas.lindqvist@harbourpine.example", "Tomas Lindqvist", "admin");
/// Managers: the first has the clients of odd numbers, the second those of even ones.
pub const MANAGERS: [Person; 2] = [
    person(3, "priya.nair@harbourpine.example", "Priya Nair", "manager"),
    person(4, "daniel.okafor@harbourpine.example", "Daniel Okafor", "manager"),
];
/// Staff: the first looks after health and wellness, the second after shops.
pub const STAFF: [Person; 2] = [
    person(5, "mei.tanaka@harbourpine.example", "Mei Tanaka", "staff"),
    person(6, "luca.moretti@harbourpine.example", "Luca Moretti", "staff"),
];
/// The logins of clients 1 and 2.
pub const LOGINS: [Person; 2] = [
    person(7, "marta@lumenyoga.example", "Marta Villanueva", "client"),
    person(8, "owen@fairbairnjoinery.example", "Owen Fairbairn", "client"),
];

/// The one client that nobody manages yet.
const UNASSIGNED: usize = 37;

const fn person(number: usize, email: &'static str, name: &'static str, role: &'static str) -> Person {
    Person { number, email, name, role }
}

impl Person {
    /// Their key.
    pub fn id(&self) -> Uuid {
        chance::id("person", self.number)
    }

    /// Them, as somebody who does something.
    pub fn caller(&self) -> Caller {
        let claims = json!({ "sub": self.id(), "role": "authenticated", "app_metadata": { "role": self.role } });
        Caller::Person(Claims::new(claims), Role::of_person(self.role).expect("a role that people have"))
    }
}

fn everybody() -> impl Iterator<Item = &'static Person> {
    [&OWNER, &ADMIN].into_iter().chain(&MANAGERS).chain(&STAFF).chain(&LOGINS)
}

/// Who manages a client.
pub fn manager(client: usize) -> Option<Uuid> {
    (client != UNASSIGNED).then(|| MANAGERS[(client + 1) % 2].id())
}

/// Adds the people, each with a password of their own that is made up now.
pub async fn add(tx: &Transaction<'_>, calendar: Calendar) -> Result<Vec<Credential>> {
    let (mut users, mut people, mut passwords, mut credentials) = (vec![], vec![], vec![], vec![]);
    for person in everybody() {
        let (id, since, password) = (person.id(), calendar.moment(640, 540), Password::generated()?);
        users.push(json!({
            "id": id, "email": person.email, "raw_app_meta_data": { "role": person.role },
            "raw_user_meta_data": { "full_name": person.name }, "created_at": since,
        }));
        people.push(json!({ "user_id": id, "role": person.role, "created_at": since, "updated_at": since }));
        passwords.push(json!({
            "user_id": id, "password_hash": password_hash(password.reveal())?, "changed_at": calendar.now,
        }));
        credentials.push(Credential { email: person.email, role: person.role, password: password.reveal().to_owned() });
    }
    insert(tx, "auth.users", users).await?;
    insert(tx, "tenantry.people", people).await?;
    insert(tx, "tenantry.passwords", passwords).await?;
    Ok(credentials)
}

/// Lets staff and the clients' own logins in. The managers' memberships come from `assigned_manager`.
pub async fn let_in(tx: &Transaction<'_>, calendar: Calendar) -> Result<()> {
    let mut members = Vec::new();
    let mut member = |client: usize, person: &Person, role: &str, since| {
        members.push(json!({
            "client_id": chance::id("client", client), "user_id": person.id(), "member_role": role,
            "created_at": since, "updated_at": since, "created_by": ADMIN.id(),
        }));
    };
    for (number, client) in roster::numbered() {
        let since = calendar.moment(client.joined, 600);
        for person in STAFF.iter().filter(|person| looks_after(person, client)) {
            member(number, person, "staff", since);
        }
    }
    for (number, login) in (1..).zip(&LOGINS) {
        member(number, login, "client", calendar.moment(300, 600));
    }
    // A stand-in: Daniel knows the first client's clinic software.
    member(1, &MANAGERS[1], "staff", calendar.moment(30, 660));
    insert(tx, "public.client_members", members).await?;
    // Managers have been members since they were assigned, which was when the client was taken on.
    tx.execute(
        "UPDATE public.client_members m SET created_at = c.created_at, updated_at = c.created_at, created_by = c.created_by
           FROM public.clients_enhanced c WHERE c.id = m.client_id AND m.made_by_assignment",
        &[],
    )
    .await?;
    Ok(())
}

fn looks_after(person: &Person, client: &Client) -> bool {
    if person.number == STAFF[0].number {
        ["health", "wellness", "beauty"].contains(&client.industry)
    } else {
        client.template == roster::SHOP
    }
}
