use serde::Serialize;
use tokio_postgres::Client;

use super::has_columns;
use crate::Result;

/// The roles that a person can have.
const ROLES: [&str; 5] = ["super_admin", "admin", "manager", "staff", "client"];

/// An enterprise client that nobody manages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WithoutManager {
    /// The client's id.
    pub client: String,
    /// Its status.
    pub status: Option<String>,
}

/// A role in metadata that the person can edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimedRole {
    /// The person's id in `auth.users`.
    pub person: String,
    /// The word that stands there.
    pub role: String,
    /// Whether it is one of the words that `--adopt-roles` copies.
    pub known: bool,
}

/// Somebody who reached clients by having made their rows, and by nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CreatedByOnly {
    /// The person's id.
    pub person: String,
    /// How many clients.
    pub clients: i64,
    /// Ids of up to twenty of them.
    pub examples: Vec<String>,
}

pub(super) async fn without_manager(client: &Client, tables: &[String]) -> Result<Vec<WithoutManager>> {
    let columns = ["id", "tier", "status", "assigned_manager"];
    if !clients_have(client, tables, &columns).await? {
        return Ok(Vec::new());
    }
    let sql = "SELECT id::text, status::text FROM public.clients_enhanced
                WHERE lower(btrim(tier::text)) = 'enterprise' AND assigned_manager IS NULL ORDER BY id";
    let rows = client.query(sql, &[]).await?;
    Ok(rows.iter().map(|row| WithoutManager { client: row.get(0), status: row.get(1) }).collect())
}

pub(super) async fn claimed_roles(client: &Client) -> Result<Vec<ClaimedRole>> {
    if !has_columns(client, "auth", "users", &["id", "raw_user_meta_data"]).await? {
        return Ok(Vec::new());
    }
    let sql = "SELECT id::text, raw_user_meta_data ->> 'role' FROM auth.users
                WHERE raw_user_meta_data ->> 'role' IS NOT NULL ORDER BY id";
    let claimed = |row: &tokio_postgres::Row| {
        let role: String = row.get(1);
        let known = ROLES.contains(&role.as_str());
        ClaimedRole { person: row.get(0), role, known }
    };
    Ok(client.query(sql, &[]).await?.iter().map(claimed).collect())
}

pub(super) async fn created_by_only(client: &Client, tables: &[String]) -> Result<Vec<CreatedByOnly>> {
    if !clients_have(client, tables, &["id", "created_by", "assigned_manager"]).await? {
        return Ok(Vec::new());
    }
    let sql = "SELECT created_by::text, count(*), (array_agg(id::text ORDER BY id))[1:20]
                 FROM public.clients_enhanced
                WHERE created_by IS NOT NULL AND created_by IS DISTINCT FROM assigned_manager
                GROUP BY created_by ORDER BY count(*) DESC, created_by";
    let rows = client.query(sql, &[]).await?;
    let found = rows.iter().map(|row| CreatedByOnly { person: row.get(0), clients: row.get(1), examples: row.get(2) });
    Ok(found.collect())
}

async fn clients_have(client: &Client, tables: &[String], columns: &[&str]) -> Result<bool> {
    Ok(tables.iter().any(|table| table == "clients_enhanced")
        && has_columns(client, "public", "clients_enhanced", columns).await?)
}
