use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::Result;
use crate::console::list::{Order, Rows, Window};
use crate::db::tx::Tx;

/// A template, as the list shows it: by its newest version that is in use, else by its newest.
pub(super) struct Listed {
    pub(super) template_id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) status: String,
    pub(super) category: Option<String>,
    pub(super) industries: Vec<String>,
    pub(super) is_featured: bool,
    /// How many versions it has.
    pub(super) versions: i64,
    /// How many clients run it, of those that the caller sees.
    pub(super) clients: i64,
    pub(super) last_used_at: Option<Timestamp>,
}

/// What narrows the list; what isn't said narrows nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    /// A part of id, name or tags.
    pub(super) sought: Option<String>,
    pub(super) category: Option<String>,
    pub(super) industry: Option<String>,
    /// Some version is in this status.
    pub(super) status: Option<String>,
    /// Whether somebody runs it.
    pub(super) is_used: Option<bool>,
}

/// The orders of the list.
pub(super) const ORDERS: &[Order] = &[
    order("name", "pg_catalog.lower(t.template_name)", "pg_catalog.text", false),
    order("clients", "t.clients", "pg_catalog.int8", true),
    order("changed", "t.updated_at", "pg_catalog.timestamptz", true),
];

const fn order(name: &'static str, by: &'static str, of: &'static str, is_descending: bool) -> Order {
    Order { name, by, of, then: "t.id", is_descending }
}

/// Every template that the caller sees, once, with how much it is used.
const TEMPLATES: &str = r#"
SELECT v.id, v.template_id::text AS template_id, v.template_name::text AS template_name, v.template_version::text AS version,
       v.status::text AS status, v.category::text AS category, coalesce(v.supported_industries, '{}') AS industries,
       coalesce(v.tags, '{}') AS tags, v.is_featured, n.versions, n.statuses, n.last_used_at, n.updated_at, u.clients
  FROM (SELECT DISTINCT ON (a.template_id) a.* FROM public.template_configurations a
         ORDER BY a.template_id, (a.status = 'active') DESC,
                  tenantry.version_rank(a.template_version) COLLATE "C" DESC NULLS LAST, a.created_at DESC) v
 CROSS JOIN LATERAL (SELECT pg_catalog.count(*) AS versions, pg_catalog.array_agg(w.status::text) AS statuses,
                            pg_catalog.max(w.last_used_at) AS last_used_at, pg_catalog.max(w.updated_at) AS updated_at
                       FROM public.template_configurations w WHERE w.template_id = v.template_id) n
 CROSS JOIN LATERAL (SELECT pg_catalog.count(DISTINCT c.client_id) AS clients FROM public.client_customizations c
                      WHERE c.template_id = v.template_id AND c.is_active) u"#;

/// A page of the list.
pub(super) async fn page(tx: &Tx<'_>, filter: &Filter, window: &Window) -> Result<Rows<Listed>> {
    let Filter { sought, category, industry, status, is_used } = filter;
    let from = format!(
        "FROM ({TEMPLATES}) t
          WHERE ($1::text IS NULL OR pg_catalog.strpos(pg_catalog.lower(pg_catalog.concat_ws(' ', t.template_id, t.template_name,
                     pg_catalog.array_to_string(t.tags, ' '))), pg_catalog.lower($1)) > 0)
            AND ($2::text IS NULL OR t.category = $2)
            AND ($3::text IS NULL OR $3 = ANY (t.industries))
            AND ($4::text IS NULL OR $4 = ANY (t.statuses))
            AND ($5::boolean IS NULL OR (t.clients > 0) = $5)"
    );
    window.read(tx, ("SELECT t.*", &from), vec![sought, category, industry, status, is_used], listed).await
}

fn listed(row: &Row) -> Listed {
    Listed {
        template_id: row.get("template_id"),
        name: row.get("template_name"),
        version: row.get("version"),
        status: row.get("status"),
        category: row.get("category"),
        industries: row.get("industries"),
        is_featured: row.get("is_featured"),
        versions: row.get("versions"),
        clients: row.get("clients"),
        last_used_at: row.get("last_used_at"),
    }
}

/// The categories and industries that templates name.
pub(super) async fn choices(tx: &Tx<'_>) -> Result<(Vec<String>, Vec<String>)> {
    let sql = "SELECT ARRAY(SELECT DISTINCT t.category::text FROM public.template_configurations t
                             WHERE t.category IS NOT NULL ORDER BY 1),
                      ARRAY(SELECT DISTINCT i.name FROM public.template_configurations t,
                                   pg_catalog.unnest(t.supported_industries) i (name) ORDER BY 1)";
    let row = tx.query_one(sql, &[]).await?;
    Ok((row.get(0), row.get(1)))
}

/// How much a version is used, of what the caller sees.
pub(super) struct Usage {
    pub(super) version: String,
    /// Customizations that run it.
    pub(super) active: i64,
    /// Of those, the ones that pin it.
    pub(super) pinned: i64,
    pub(super) live_deployments: i64,
    pub(super) score: Option<f64>,
    pub(super) last_used_at: Option<Timestamp>,
}

/// The usage of each version of a template; `newest` is the one that those follow who pin none.
pub(super) async fn usage(tx: &Tx<'_>, template_id: &str, newest: Option<&str>) -> Result<Vec<Usage>> {
    let sql =
        "SELECT s.template_version::text, a.active, a.pinned, s.live_deployments::bigint, s.performance_score::float8,
                      s.last_used_at
                 FROM public.template_usage_summary s
                CROSS JOIN LATERAL (SELECT pg_catalog.count(*) AS active,
                                           pg_catalog.count(*) FILTER (WHERE c.template_version IS NOT NULL) AS pinned
                                      FROM public.client_customizations c
                                     WHERE c.template_id = s.template_id AND c.is_active
                                       AND coalesce(c.template_version, $2) = s.template_version) a
                WHERE s.template_id = $1";
    let rows = tx.query(sql, &[&template_id, &newest]).await?;
    let usage = |row: &Row| Usage {
        version: row.get(0),
        active: row.get(1),
        pinned: row.get(2),
        live_deployments: row.get(3),
        score: row.get(4),
        last_used_at: row.get(5),
    };
    Ok(rows.iter().map(usage).collect())
}

/// A client's customization of a template.
pub(super) struct User {
    pub(super) customization: Uuid,
    pub(super) client_id: Uuid,
    pub(super) client: String,
    /// The version that it pins; none where it follows the newest.
    pub(super) pinned: Option<String>,
    pub(super) status: String,
    pub(super) is_active: bool,
    /// Whether the caller manages the client.
    pub(super) is_managed: bool,
    pub(super) updated_at: Timestamp,
}

/// The order of those who use a template.
pub(super) const USER_ORDERS: &[Order] = &[Order {
    name: "client",
    by: "pg_catalog.lower(e.name)",
    of: "pg_catalog.text",
    then: "c.id",
    is_descending: false,
}];

/// A page of the customizations of a template that are served or on their way there; of one version where it is named.
pub(super) async fn users(
    tx: &Tx<'_>,
    template_id: &str,
    version: Option<&str>,
    window: &Window,
) -> Result<Rows<User>> {
    let select = "SELECT c.id, c.client_id, e.name::text, c.template_version::text, c.status::text, c.is_active,
                c.client_id = ANY (ARRAY(SELECT tenantry.managed_client_ids())), c.updated_at";
    let from = "FROM public.client_customizations c JOIN public.clients_enhanced e ON e.id = c.client_id
          WHERE c.template_id = $1 AND (c.is_active OR c.status IN ('draft', 'in_review', 'approved'))
            AND ($2::text IS NULL OR c.template_version = $2)";
    let user = |row: &Row| User {
        customization: row.get(0),
        client_id: row.get(1),
        client: row.get(2),
        pinned: row.get(3),
        status: row.get(4),
        is_active: row.get(5),
        is_managed: row.get(6),
        updated_at: row.get(7),
    };
    window.read(tx, (select, from), vec![&template_id, &version], user).await
}

/// A customization that is to be brought to another version, and whose it is.
pub(super) struct Brought {
    pub(super) client_id: Uuid,
    pub(super) client: String,
    pub(super) template_id: String,
    pub(super) pinned: Option<String>,
    pub(super) status: String,
    pub(super) is_managed: bool,
    /// When it was last written, exactly: what a form was opened for.
    pub(super) updated_at: Timestamp,
}

/// That of an id; none where there is none that the caller sees.
pub(super) async fn brought(tx: &Tx<'_>, id: Uuid) -> Result<Option<Brought>> {
    let sql = "SELECT c.client_id, e.name::text, c.template_id::text, c.template_version::text, c.status::text,
                      c.client_id = ANY (ARRAY(SELECT tenantry.managed_client_ids())), c.updated_at
                 FROM public.client_customizations c JOIN public.clients_enhanced e ON e.id = c.client_id
                WHERE c.id = $1";
    let row = tx.query_opt(sql, &[&id]).await?;
    Ok(row.map(|row| Brought {
        client_id: row.get(0),
        client: row.get(1),
        template_id: row.get(2),
        pinned: row.get(3),
        status: row.get(4),
        is_managed: row.get(5),
        updated_at: row.get(6),
    }))
}
