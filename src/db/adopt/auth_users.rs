//! Whether people can be known by a site's `auth.users`: it is only read, and `tenantry user create` adds to it.

use tokio_postgres::Client;

use super::compare;
use crate::Result;
use crate::db::catalog::{Column, Table, read};

/// What keeps a site's `auth.users` from saying who people are, in sentences; nothing where there is none yet.
pub(super) async fn unusable(client: &Client) -> Result<Vec<String>> {
    let found = read::tables(client, "auth", &["users"]).await?;
    Ok(found.iter().flat_map(faults).collect())
}

fn faults(users: &Table) -> Vec<String> {
    if let Some((kind, _)) = compare::other_kind(users) {
        return vec![format!(
            "auth.users is {kind}, and people are added to it: put a table with its rows in its place, or rename it, and \
             Tenantry makes one of its own"
        )];
    }
    let mut found = id(users);
    match users.column("email") {
        None => found.push(
            "auth.users.email is missing, and people are found by their address: ALTER TABLE auth.users ADD COLUMN email \
             varchar(255), and fill it in"
                .to_owned(),
        ),
        Some(email) if !compare::is_text(email) => found.push(another("email", email, "text")),
        Some(_) => {}
    }
    for name in ["raw_app_meta_data", "raw_user_meta_data"] {
        if let Some(data) = users.column(name).filter(|column| !["json", "jsonb"].contains(&column.base_type.as_str()))
        {
            found.push(another(name, data, "jsonb"));
        }
    }
    found
}

/// A person is one row, and is named by a uuid everywhere else.
fn id(users: &Table) -> Vec<String> {
    let Some(id) = users.column("id") else {
        return vec![
            "auth.users.id (uuid) is missing: ALTER TABLE auth.users ADD COLUMN id uuid NOT NULL DEFAULT \
             gen_random_uuid() UNIQUE"
                .to_owned(),
        ];
    };
    if id.base_type != "uuid" {
        return vec![format!(
            "auth.users.id is {}, and Tenantry knows people by a uuid: ALTER TABLE auth.users RENAME COLUMN id TO number; \
             ALTER TABLE auth.users ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE",
            id.type_name
        )];
    }
    let is_key = |index: &crate::db::catalog::Index| {
        index.unique && index.valid && index.predicate.is_none() && index.keys == ["id"]
    };
    if id.not_null && users.indexes.iter().any(is_key) {
        return Vec::new();
    }
    vec![
        "auth.users.id isn't a key, so that two people may have one, or none: ALTER TABLE auth.users ALTER COLUMN id SET \
         NOT NULL, ADD UNIQUE (id)"
            .to_owned(),
    ]
}

fn another(name: &str, column: &Column, wanted: &str) -> String {
    let now = &column.type_name;
    format!(
        "auth.users.{name} is {now}, and is read as {wanted}: ALTER TABLE auth.users ALTER COLUMN {name} TYPE {wanted} USING \
         {name}::{wanted}"
    )
}
