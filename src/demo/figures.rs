use tokio_postgres::Transaction;

use super::calendar::Calendar;
use crate::Result;

/// Counts what Tenantry keeps by itself, from the rows that are there: which versions are used and how well they do.
pub async fn count(tx: &Transaction<'_>, calendar: Calendar) -> Result<()> {
    tx.execute(TEMPLATES, &[&calendar.now]).await?;
    tx.execute(DEPLOYMENT_TEMPLATES, &[]).await?;
    Ok(())
}

/// As the comment on `performance_score` has it: the mean of those shares that exist, over ninety days.
const TEMPLATES: &str = "
WITH designs AS (
    -- A customization without a version follows the newest active one.
    SELECT t.id AS version_id, c.client_id, c.id AS customization_id, c.approved_at
      FROM public.client_customizations c
     CROSS JOIN LATERAL (SELECT n.id FROM public.template_configurations n
                          WHERE n.template_id = c.template_id
                            AND (n.template_version = c.template_version OR c.template_version IS NULL AND n.status = 'active')
                          ORDER BY n.created_at DESC LIMIT 1) t
), running AS (
    SELECT g.version_id, d.id AS deployment_id, d.uptime_percentage, d.deployed_at
      FROM designs g JOIN public.client_deployments d USING (client_id, customization_id)
), usage AS (
    SELECT g.version_id, count(*) AS customizations, max(g.approved_at) AS activated FROM designs g GROUP BY g.version_id
), uptime AS (
    SELECT r.version_id, avg(r.uptime_percentage) AS share, max(r.deployed_at) AS deployed FROM running r GROUP BY r.version_id
), outcomes AS (
    SELECT r.version_id,
           100.0 * avg((e.event_status = 'success')::int) FILTER (WHERE e.event_type = 'deploy_completed') AS deployments,
           100.0 * avg((e.event_status = 'success')::int) FILTER (WHERE e.event_type = 'health_check') AS checks
      FROM running r JOIN public.deployment_tracking_events e USING (deployment_id)
     WHERE e.event_timestamp > $1::timestamptz - interval '2160 hours'
     GROUP BY r.version_id
)
UPDATE public.template_configurations t
   SET usage_count = u.customizations, last_used_at = greatest(u.activated, p.deployed),
       performance_score = round((SELECT avg(s.share) FROM (VALUES (o.deployments), (o.checks), (p.share)) s (share)), 2)
  FROM usage u LEFT JOIN uptime p USING (version_id) LEFT JOIN outcomes o USING (version_id)
 WHERE t.id = u.version_id";

const DEPLOYMENT_TEMPLATES: &str = "
UPDATE public.deployment_templates t
   SET usage_count = d.used, last_used_at = d.last_used, success_rate = d.succeeded
  FROM (SELECT deployment_template_id AS id, count(*) AS used, max(created_at) AS last_used,
               round(100.0 * count(*) FILTER (WHERE status <> 'failed') / count(*), 2) AS succeeded
          FROM public.client_deployments
         WHERE status NOT IN ('pending', 'building', 'deploying') GROUP BY deployment_template_id) d
 WHERE t.id = d.id";
