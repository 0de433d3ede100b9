use serde::Serialize;
use tokio_postgres::Client;

use crate::Result;
use crate::db::adopt::walled_views::OVER_OURS;

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
    /// Whether it is materialised: then it holds copies of rows, and is for its owner alone from adoption on.
    pub materialised: bool,
    /// Who else may read it now, and loses that where it is materialised; `PUBLIC` is everybody.
    pub readers: Vec<String>,
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
    let sql = format!(
        "{OVER_OURS}
        SELECT v.oid::pg_catalog.regclass::text, array_agg(DISTINCT t.relname::text ORDER BY t.relname::text),
               pg_catalog.pg_get_userbyid(v.relowner)::text, v.relkind = 'm',
               ARRAY(SELECT DISTINCT coalesce(pg_catalog.pg_get_userbyid(nullif(a.grantee, 0))::text, 'PUBLIC')
                       FROM (SELECT v.relacl UNION ALL
                             SELECT c.attacl FROM pg_catalog.pg_attribute c WHERE c.attrelid = v.oid) acls (acl)
                      CROSS JOIN LATERAL pg_catalog.aclexplode(acls.acl) a
                      WHERE a.grantee <> v.relowner ORDER BY 1)
          FROM over_ours o
          JOIN pg_catalog.pg_class v ON v.oid = o.view AND v.relkind IN ('v', 'm')
          JOIN pg_catalog.pg_class t ON t.oid = o.base
         WHERE pg_catalog.pg_get_userbyid(v.relowner) <> 'tenantry_owner'
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_options_to_table(v.reloptions) o
                            WHERE o.option_name = 'security_invoker' AND o.option_value::boolean)
         GROUP BY v.oid, v.relowner, v.relkind, v.relacl ORDER BY 1"
    );
    let rows = client.query(&sql, &[&tables]).await?;
    let found = rows.iter().map(|row| Bypass {
        view: row.get(0),
        tables: row.get(1),
        owner: row.get(2),
        materialised: row.get(3),
        readers: row.get(4),
    });
    Ok(found.collect())
}
