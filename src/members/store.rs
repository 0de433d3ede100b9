use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use super::types::{EmailAddress, MemberRole, Role};
use crate::Result;
use crate::db::tx::Tx;

/// Somebody who can sign in, and what they are here.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Person {
    /// `auth.users.id`.
    pub user_id: Uuid,
    /// The address that they sign in with, as they wrote it.
    pub email: String,
    /// Their role; none for somebody of the site's who has none here.
    pub role: Option<String>,
    /// Since when they are shut out.
    pub disabled_at: Option<Timestamp>,
    /// How many clients they are members of.
    pub clients: i64,
}

impl From<&Row> for Person {
    fn from(row: &Row) -> Self {
        Self {
            user_id: row.get("user_id"),
            email: row.get("email"),
            role: row.get("role"),
            disabled_at: row.get("disabled_at"),
            clients: row.get("clients"),
        }
    }
}

/// One person's part in one client.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Membership {
    /// The client's id.
    pub client_id: Uuid,
    /// The client's name.
    pub client_name: String,
    /// The person.
    pub email: String,
    /// What they may do there at most.
    pub member_role: MemberRole,
}

/// A client, as a command names it.
pub struct Client {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// Everybody, by address.
pub(super) async fn people(tx: &Tx<'_>) -> Result<Vec<Person>> {
    let users = on_users(tx, async |tx| {
        tx.query("SELECT id, coalesce(email, '') FROM auth.users ORDER BY lower(email), id", &[]).await
    })
    .await?;
    let ids: Vec<Uuid> = users.iter().map(|row| row.get(0)).collect();
    let emails: Vec<String> = users.iter().map(|row| row.get(1)).collect();
    let rows = tx
        .query(
            "SELECT u.user_id, u.email, p.role::text, p.disabled_at,
                    (SELECT count(*) FROM public.client_members m WHERE m.user_id = u.user_id) AS clients
               FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS u (user_id, email, place)
               LEFT JOIN tenantry.people p ON p.user_id = u.user_id
              ORDER BY u.place",
            &[&ids, &emails],
        )
        .await?;
    Ok(rows.iter().map(Person::from).collect())
}

/// The person with an address, whatever its case; two where a site has let that happen.
pub(super) async fn find(tx: &Tx<'_>, email: &str) -> Result<Vec<Person>> {
    let same = |person: &Person| person.email.to_lowercase() == email.to_lowercase();
    Ok(people(tx).await?.into_iter().filter(same).collect())
}

/// Adds somebody who can sign in.
pub(super) async fn add_user(tx: &Tx<'_>, email: &EmailAddress, role: Role) -> Result<Uuid> {
    let (id, address) = (Uuid::new_v4(), email.as_str());
    let metadata = serde_json::json!({ "role": role });
    on_users(tx, async |tx| {
        // A site's own table may have two columns alone.
        let has_metadata = "SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                                            WHERE a.attrelid = 'auth.users'::regclass AND a.attname = 'raw_app_meta_data'
                                              AND NOT a.attisdropped)";
        if tx.query_one(has_metadata, &[]).await?.get(0) {
            let insert = "INSERT INTO auth.users (id, email, raw_app_meta_data) VALUES ($1, $2, $3)";
            tx.execute(insert, &[&id, &address, &metadata]).await
        } else {
            tx.execute("INSERT INTO auth.users (id, email) VALUES ($1, $2)", &[&id, &address]).await
        }
    })
    .await?;
    Ok(id)
}

/// Gives somebody a role, or another.
pub(super) async fn set_role(tx: &Tx<'_>, user_id: Uuid, role: Role) -> Result<()> {
    tx.execute(
        "INSERT INTO tenantry.people AS p (user_id, role) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET role = excluded.role, updated_at = now()",
        &[&user_id, &role.as_str()],
    )
    .await?;
    Ok(())
}

/// Copies the role to where tokens are made from, on a table that Tenantry may write; a site's own copy is its own.
pub(super) async fn copy_role(tx: &Tx<'_>, user_id: Uuid) -> Result<()> {
    tx.query("SELECT tenantry.copy_role($1)", &[&user_id]).await?;
    Ok(())
}

/// Sets a password, given its hash.
pub(super) async fn set_password(tx: &Tx<'_>, user_id: Uuid, hash: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO tenantry.passwords AS p (user_id, password_hash) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = now()",
        &[&user_id, &hash],
    )
    .await?;
    Ok(())
}

/// Shuts somebody out, or lets them in again; whether that changed anything.
pub(super) async fn set_disabled(tx: &Tx<'_>, user_id: Uuid, disabled: bool) -> Result<bool> {
    let changed = tx
        .execute(
            "UPDATE tenantry.people SET disabled_at = CASE WHEN $2 THEN now() END, updated_at = now()
              WHERE user_id = $1 AND (disabled_at IS NOT NULL) <> $2",
            &[&user_id, &disabled],
        )
        .await?;
    Ok(changed > 0)
}

/// Ends every session of a person that hasn't ended yet.
pub(super) async fn end_sessions(tx: &Tx<'_>, user_id: Uuid) -> Result<i64> {
    let row = tx.query_one("SELECT tenantry.end_sessions($1)", &[&user_id]).await?;
    Ok(row.get(0))
}

/// The clients that an id, an e-mail or a name means: by id where it is one.
pub(super) async fn clients(tx: &Tx<'_>, named: &str) -> Result<Vec<Client>> {
    let rows = tx
        .query(
            "SELECT id, name::text FROM public.clients_enhanced
              WHERE id::text = lower($1) OR lower(email) = lower($1) OR lower(name) = lower($1) OR lower(company_name) = lower($1)
              ORDER BY (id::text = lower($1)) DESC, name LIMIT 10",
            &[&named],
        )
        .await?;
    Ok(rows.iter().map(|row| Client { id: row.get(0), name: row.get(1) }).collect())
}

/// Makes a membership, or changes its role.
pub(super) async fn set_membership(tx: &Tx<'_>, client: Uuid, user: Uuid, member_role: MemberRole) -> Result<()> {
    tx.execute(
        "INSERT INTO public.client_members AS m (client_id, user_id, member_role) VALUES ($1, $2, $3)
         ON CONFLICT (client_id, user_id) DO UPDATE
            SET member_role = excluded.member_role, made_by_assignment = false, updated_at = now()",
        &[&client, &user, &member_role.as_str()],
    )
    .await?;
    Ok(())
}

/// The role of a membership; none where there is none.
pub(super) async fn member_role(tx: &Tx<'_>, client: Uuid, user: Uuid) -> Result<Option<String>> {
    let sql = "SELECT member_role::text FROM public.client_members WHERE client_id = $1 AND user_id = $2";
    Ok(tx.query_opt(sql, &[&client, &user]).await?.map(|row| row.get(0)))
}

/// Ends a membership.
pub(super) async fn remove_membership(tx: &Tx<'_>, client: Uuid, user: Uuid) -> Result<()> {
    tx.execute("DELETE FROM public.client_members WHERE client_id = $1 AND user_id = $2", &[&client, &user]).await?;
    Ok(())
}

/// Does work on `auth.users` as whoever may: where the table is a site's, with row level security of its own (as on
/// Supabase), that is the role that connected and not Tenantry's owner.
async fn on_users<T>(tx: &Tx<'_>, work: impl AsyncFnOnce(&Tx<'_>) -> Result<T>) -> Result<T> {
    let row = tx
        .query_one(
            "SELECT pg_catalog.pg_get_userbyid(c.relowner) = 'tenantry_owner' OR NOT c.relrowsecurity
               FROM pg_catalog.pg_class c WHERE c.oid = 'auth.users'::regclass",
            &[],
        )
        .await?;
    if row.get(0) { work(tx).await } else { tx.as_connected(work).await }
}
