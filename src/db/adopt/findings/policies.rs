use serde::Serialize;
use tokio_postgres::Client;

use crate::Result;

/// A policy of the site's that ours replace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replaced {
    /// The table, in `public`.
    pub table: String,
    /// The policy.
    pub policy: String,
    /// The command that it is for.
    pub command: String,
    /// What is wrong with it, where something is.
    pub fault: Option<String>,
}

/// A view of the site's through which rows are seen past row level security.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bypass {
    /// The view, with its schema.
    pub view: String,
    /// The tables that it shows, in `public`.
    pub tables: Vec<String>,
    /// As whom it reads them.
    pub owner: String,
}

pub(super) async fn replaced(client: &Client, tables: &[String]) -> Result<Vec<Replaced>> {
    let sql = "
        SELECT c.relname::text, p.polname::text,
               CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
               CASE
                   WHEN w.said ~* '(raw_user_meta_data|user_metadata)' THEN 'believes metadata that the person can edit'
                   WHEN p.polpermissive AND (w.using_ = 'true' OR w.checking = 'true') THEN 'opens every row'
               END
          FROM pg_catalog.pg_policy p
          JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
         CROSS JOIN LATERAL (SELECT pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)) e (using_, checking)
         CROSS JOIN LATERAL (SELECT coalesce(e.using_, '') || coalesce(e.checking, ''), e.using_, e.checking) w (said, using_, checking)
         WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relname = ANY ($1::text[])
           AND c.relowner IS DISTINCT FROM pg_catalog.to_regrole('tenantry_owner')
         ORDER BY 1, 2";
    let rows = client.query(sql, &[&tables]).await?;
    let found = rows.iter().map(|row| Replaced {
        table: row.get(0),
        policy: row.get(1),
        command: row.get(2),
        fault: row.get(3),
    });
    Ok(found.collect())
}

pub(super) async fn bypassing(client: &Client, tables: &[String]) -> Result<Vec<Bypass>> {
    let sql = "
        SELECT v.oid::pg_catalog.regclass::text, array_agg(DISTINCT t.relname::text ORDER BY t.relname::text),
               pg_catalog.pg_get_userbyid(v.relowner)::text
          FROM pg_catalog.pg_class v
          JOIN pg_catalog.pg_rewrite r ON r.ev_class = v.oid
          JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
                                     AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
          JOIN pg_catalog.pg_class t ON t.oid = d.refobjid AND t.oid <> v.oid
         WHERE v.relkind IN ('v', 'm')
           AND t.relnamespace = 'public'::pg_catalog.regnamespace AND t.relname = ANY ($1::text[])
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_options_to_table(v.reloptions) o
                            WHERE o.option_name = 'security_invoker' AND o.option_value::boolean)
         GROUP BY v.oid, v.relowner ORDER BY 1";
    let rows = client.query(sql, &[&tables]).await?;
    Ok(rows.iter().map(|row| Bypass { view: row.get(0), tables: row.get(1), owner: row.get(2) }).collect())
}
