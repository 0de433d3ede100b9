//! Roles that people had in metadata that they can edit. They are never believed; once a person has looked at them and
//! says `--adopt-roles`, those that are plain known words are copied.

use serde::Serialize;

use super::findings::has_columns;
use crate::Result;
use crate::db::migrate::{Runner, Step};

/// What became of the roles in `raw_user_meta_data`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AdoptedRoles {
    /// How many people got the role that stands there.
    pub copied: i64,
    /// People whose word isn't plain and known, or who can't have that role as they stand: id, word, and why not.
    pub left: Vec<LeftRole>,
}

/// A role that was not copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftRole {
    /// The person's id in `auth.users`.
    pub person: String,
    /// The word.
    pub role: String,
    /// Why it was left.
    pub why: String,
}

/// People with a word in their metadata and what stands against it. A person who has a role by now keeps it.
const CLAIMS: &str = "
    SELECT u.id, u.raw_user_meta_data ->> 'role' AS role,
           CASE
               WHEN jsonb_typeof(u.raw_user_meta_data::jsonb -> 'role') <> 'string'
                    OR u.raw_user_meta_data ->> 'role' NOT IN ('super_admin', 'admin', 'manager', 'staff', 'client')
                   THEN 'it is no word that Tenantry knows'
               WHEN EXISTS (SELECT FROM tenantry.people p WHERE p.user_id = u.id AND p.role <> u.raw_user_meta_data ->> 'role')
                   THEN 'the person has another role by now'
               WHEN u.raw_user_meta_data ->> 'role' = 'client'
                    AND EXISTS (SELECT FROM public.client_members m WHERE m.user_id = u.id AND m.member_role <> 'client')
                   THEN 'a client''s login can''t be a member as manager or staff'
           END AS why
      FROM auth.users u WHERE u.raw_user_meta_data ->> 'role' IS NOT NULL";

/// Copies the plain known words into `tenantry.people`; needs the audit triggers in place.
pub async fn adopt_roles(runner: &mut Runner<'_>) -> Result<AdoptedRoles> {
    if !has_columns(runner.admin, "auth", "users", &["id", "raw_user_meta_data"]).await? {
        return Ok(AdoptedRoles::default());
    }
    let people = "SELECT count(*) FROM tenantry.people";
    let before: i64 = runner.admin.query_one(people, &[]).await?.get(0);
    let sql = format!(
        "SET LOCAL TimeZone = 'UTC';
         WITH made AS (
             INSERT INTO tenantry.people AS p (user_id, role)
             SELECT c.id, c.role FROM ({CLAIMS}) c WHERE c.why IS NULL
             ON CONFLICT (user_id) DO NOTHING
             RETURNING p.user_id, to_jsonb(p) AS content)
         INSERT INTO tenantry.made_rows (table_name, row_id, content)
         SELECT 'people', m.user_id, m.content FROM made m"
    );
    runner.run("roles", &Step::transaction("copied from raw_user_meta_data", sql)).await?;
    let after: i64 = runner.admin.query_one(people, &[]).await?.get(0);
    let left = format!("SELECT c.id::text, c.role, c.why FROM ({CLAIMS}) c WHERE c.why IS NOT NULL ORDER BY 1");
    let left = runner.admin.query(&left, &[]).await?;
    let left = left.iter().map(|row| LeftRole { person: row.get(0), role: row.get(1), why: row.get(2) });
    Ok(AdoptedRoles { copied: after - before, left: left.collect() })
}
