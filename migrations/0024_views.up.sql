-- The four views. Each runs with the rights of whoever asks (security_invoker), so that the policies of the tables
-- beneath decide, and each count is an aggregate of its own, because joining two lists multiplies them.
-- client_summary and deployment_status_summary keep the columns that sites know in their order; new ones are at the end.

CREATE VIEW public.client_summary WITH (security_invoker = true) AS
    SELECT c.id, c.name, c.email, c.company_name, c.status, c.tier,
           coalesce(cc.customizations_count, 0) AS customizations_count,
           coalesce(cd.deployments_count, 0) AS deployments_count,
           coalesce(cd.active_deployments, 0) AS active_deployments,
           c.created_at, c.last_contact_date, c.assigned_manager,
           c.updated_at, c.archived_at, c.renewal_date
      FROM public.clients_enhanced c
      LEFT JOIN (SELECT client_id, count(*) AS customizations_count
                   FROM public.client_customizations GROUP BY client_id) cc ON cc.client_id = c.id
      LEFT JOIN (SELECT client_id, count(*) AS deployments_count, count(*) FILTER (WHERE status = 'deployed') AS active_deployments
                   FROM public.client_deployments GROUP BY client_id) cd ON cd.client_id = c.id;

CREATE VIEW public.deployment_status_summary WITH (security_invoker = true) AS
    SELECT d.id, d.client_id, c.name AS client_name, d.deployment_name, d.deployment_type, d.status, d.health_status,
           d.deployment_url, d.deployed_at, d.last_health_check,
           d.performance_metrics -> 'performance' ->> 'avg_response_time' AS avg_response_time, d.uptime_percentage,
           d.custom_domain, d.hosting_provider, d.created_at, d.updated_at
      FROM public.client_deployments d
      JOIN public.clients_enhanced c ON c.id = d.client_id;

CREATE VIEW public.client_configuration_summary WITH (security_invoker = true) AS
    SELECT c.id AS client_id, c.name AS client_name, c.company_name, c.status AS client_status, c.tier,
           coalesce(sc.system_configurations_count, 0) AS system_configurations_count,
           coalesce(dc.deployment_configurations_count, 0) AS deployment_configurations_count,
           b.subscription_tier, b.subscription_status, b.next_invoice_date
      FROM public.clients_enhanced c
      LEFT JOIN (SELECT client_id, count(*) AS system_configurations_count
                   FROM public.system_configurations
                  -- A list of system_configurations names its clients: of the two policies that staff and managers have
                  -- there, no index serves both.
                  WHERE client_id = ANY (ARRAY(SELECT id FROM public.clients_enhanced))
                  GROUP BY client_id) sc ON sc.client_id = c.id
      LEFT JOIN (SELECT client_id, count(*) AS deployment_configurations_count
                   FROM public.deployment_configurations GROUP BY client_id) dc ON dc.client_id = c.id
      LEFT JOIN public.client_billing_info b ON b.client_id = c.id;

CREATE FUNCTION tenantry.version_rank(version text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = '' AS
$$
    -- Compared by bytes, element by element: three numbers, then the identifiers of a prerelease, of which numbers come
    -- before words and fewer before more, and every prerelease before the release. What follows a + doesn't count.
    SELECT CASE WHEN greatest(m.part[1]::numeric, m.part[2]::numeric, m.part[3]::numeric) <= 18446744073709551615 THEN
               ARRAY[lpad(m.part[1], 20, '0'), lpad(m.part[2], 20, '0'), lpad(m.part[3], 20, '0')]
               || CASE WHEN m.part[4] IS NULL THEN ARRAY['~']
                       ELSE ARRAY(SELECT CASE WHEN i.word ~ '^[0-9]+$' THEN '0' || lpad(length(i.word)::pg_catalog.text, 2, '0') || i.word ELSE '1' || i.word END
                                    FROM unnest(string_to_array(m.part[4], '.')) WITH ORDINALITY i (word, place)
                                   ORDER BY i.place) END
           END
      FROM (SELECT regexp_match(version, '^(0|[1-9][0-9]*)[.](0|[1-9][0-9]*)[.](0|[1-9][0-9]*)'
                || '(?:-((?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(?:[.](?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*))?'
                || '(?:[+][0-9A-Za-z-]+(?:[.][0-9A-Za-z-]+)*)?$')) m (part)
$$;
COMMENT ON FUNCTION tenantry.version_rank(text) IS
    'What versions are ordered by, COLLATE "C": semantic versions by their precedence; NULL for other words, which count as older than all of those.';

CREATE VIEW public.template_usage_summary WITH (security_invoker = true) AS
    WITH newest AS (
        -- What a customization without a version uses: the highest semantic version that is active; adopted versions
        -- under other names count as older than all of those.
        SELECT DISTINCT ON (n.template_id) n.template_id, n.template_version
          FROM public.template_configurations n
         WHERE n.status = 'active'
         ORDER BY n.template_id, tenantry.version_rank(n.template_version) COLLATE "C" DESC NULLS LAST, n.created_at DESC,
                  n.template_version COLLATE "C" DESC
    )
    SELECT t.template_id, t.template_version, t.template_name, t.category, t.status, t.usage_count, t.performance_score,
           coalesce(cc.customizations_draft, 0) AS customizations_draft,
           coalesce(cc.customizations_in_review, 0) AS customizations_in_review,
           coalesce(cc.customizations_approved, 0) AS customizations_approved,
           coalesce(cc.customizations_deployed, 0) AS customizations_deployed,
           coalesce(cd.live_deployments, 0) AS live_deployments,
           t.last_used_at
      FROM public.template_configurations t
      LEFT JOIN (SELECT u.template_id, coalesce(u.template_version, n.template_version) AS template_version,
                        count(*) FILTER (WHERE u.status = 'draft') AS customizations_draft,
                        count(*) FILTER (WHERE u.status = 'in_review') AS customizations_in_review,
                        count(*) FILTER (WHERE u.status = 'approved') AS customizations_approved,
                        count(*) FILTER (WHERE u.status = 'deployed') AS customizations_deployed
                   FROM public.client_customizations u
                   LEFT JOIN newest n ON n.template_id = u.template_id
                  GROUP BY u.template_id, coalesce(u.template_version, n.template_version)) cc
        ON cc.template_id = t.template_id AND cc.template_version = t.template_version
      LEFT JOIN (SELECT u.template_id, coalesce(u.template_version, n.template_version) AS template_version,
                        count(*) AS live_deployments
                   FROM public.client_deployments d
                   JOIN public.client_customizations u ON u.client_id = d.client_id AND u.id = d.customization_id
                   LEFT JOIN newest n ON n.template_id = u.template_id
                  WHERE d.status = 'deployed'
                  GROUP BY u.template_id, coalesce(u.template_version, n.template_version)) cd
        ON cd.template_id = t.template_id AND cd.template_version = t.template_version;

COMMENT ON VIEW public.client_summary IS 'Clients with what they have, one row per client.';
COMMENT ON COLUMN public.client_summary.id IS 'The client.';
COMMENT ON COLUMN public.client_summary.name IS 'Its name.';
COMMENT ON COLUMN public.client_summary.email IS 'Its main address.';
COMMENT ON COLUMN public.client_summary.company_name IS 'Its company.';
COMMENT ON COLUMN public.client_summary.status IS 'Its status.';
COMMENT ON COLUMN public.client_summary.tier IS 'How it is served.';
COMMENT ON COLUMN public.client_summary.customizations_count IS 'Its customizations, all versions.';
COMMENT ON COLUMN public.client_summary.deployments_count IS 'Its deployments, whatever their status.';
COMMENT ON COLUMN public.client_summary.active_deployments IS 'Those that are deployed.';
COMMENT ON COLUMN public.client_summary.created_at IS 'When the client was added.';
COMMENT ON COLUMN public.client_summary.last_contact_date IS 'When the agency last spoke with it.';
COMMENT ON COLUMN public.client_summary.assigned_manager IS 'Who manages it.';
COMMENT ON COLUMN public.client_summary.updated_at IS 'When the client was last changed.';
COMMENT ON COLUMN public.client_summary.archived_at IS 'When it was archived; NULL for those that are served.';
COMMENT ON COLUMN public.client_summary.renewal_date IS 'Day by which its contract has to be renewed.';

COMMENT ON VIEW public.deployment_status_summary IS 'Deployments with their health, one row per deployment.';
COMMENT ON COLUMN public.deployment_status_summary.id IS 'The deployment.';
COMMENT ON COLUMN public.deployment_status_summary.client_id IS 'Its client.';
COMMENT ON COLUMN public.deployment_status_summary.client_name IS 'The clients name.';
COMMENT ON COLUMN public.deployment_status_summary.deployment_name IS 'Its name.';
COMMENT ON COLUMN public.deployment_status_summary.deployment_type IS 'Its environment.';
COMMENT ON COLUMN public.deployment_status_summary.status IS 'Its status.';
COMMENT ON COLUMN public.deployment_status_summary.health_status IS 'Its health.';
COMMENT ON COLUMN public.deployment_status_summary.deployment_url IS 'Where it answers.';
COMMENT ON COLUMN public.deployment_status_summary.deployed_at IS 'When it was deployed.';
COMMENT ON COLUMN public.deployment_status_summary.last_health_check IS 'When it was last checked.';
COMMENT ON COLUMN public.deployment_status_summary.avg_response_time IS 'Mean response time in milliseconds of the last check, as text: performance_metrics -> performance -> avg_response_time.';
COMMENT ON COLUMN public.deployment_status_summary.uptime_percentage IS 'Percent of the time that it answered.';
COMMENT ON COLUMN public.deployment_status_summary.custom_domain IS 'The clients own domain.';
COMMENT ON COLUMN public.deployment_status_summary.hosting_provider IS 'Who hosts it.';
COMMENT ON COLUMN public.deployment_status_summary.created_at IS 'When it was made.';
COMMENT ON COLUMN public.deployment_status_summary.updated_at IS 'When it was last changed.';

COMMENT ON VIEW public.client_configuration_summary IS 'Clients with their configuration and subscription, one row per client.';
COMMENT ON COLUMN public.client_configuration_summary.client_id IS 'The client.';
COMMENT ON COLUMN public.client_configuration_summary.client_name IS 'Its name.';
COMMENT ON COLUMN public.client_configuration_summary.company_name IS 'Its company.';
COMMENT ON COLUMN public.client_configuration_summary.client_status IS 'Its status.';
COMMENT ON COLUMN public.client_configuration_summary.tier IS 'How it is served.';
COMMENT ON COLUMN public.client_configuration_summary.system_configurations_count IS 'Its own configuration rows.';
COMMENT ON COLUMN public.client_configuration_summary.deployment_configurations_count IS 'Its deployment configurations.';
COMMENT ON COLUMN public.client_configuration_summary.subscription_tier IS 'What is billed; NULL where the caller may not see billing.';
COMMENT ON COLUMN public.client_configuration_summary.subscription_status IS 'trial, active, suspended or cancelled; NULL where the caller may not see billing.';
COMMENT ON COLUMN public.client_configuration_summary.next_invoice_date IS 'Day of the next invoice; NULL where none is due or the caller may not see billing.';

COMMENT ON VIEW public.template_usage_summary IS 'Templates with who uses them, one row per version. A customization without a version counts for the newest active one.';
COMMENT ON COLUMN public.template_usage_summary.template_id IS 'The template.';
COMMENT ON COLUMN public.template_usage_summary.template_version IS 'Its version.';
COMMENT ON COLUMN public.template_usage_summary.template_name IS 'Its name.';
COMMENT ON COLUMN public.template_usage_summary.category IS 'Its group.';
COMMENT ON COLUMN public.template_usage_summary.status IS 'The status of the version.';
COMMENT ON COLUMN public.template_usage_summary.usage_count IS 'Customizations that use the version, as kept by Tenantry.';
COMMENT ON COLUMN public.template_usage_summary.performance_score IS '0 to 100, as kept by Tenantry; NULL until known.';
COMMENT ON COLUMN public.template_usage_summary.customizations_draft IS 'Drafts that use it, among those the caller sees.';
COMMENT ON COLUMN public.template_usage_summary.customizations_in_review IS 'Customizations in review.';
COMMENT ON COLUMN public.template_usage_summary.customizations_approved IS 'Approved ones.';
COMMENT ON COLUMN public.template_usage_summary.customizations_deployed IS 'Deployed ones.';
COMMENT ON COLUMN public.template_usage_summary.live_deployments IS 'Deployments of it that are deployed.';
COMMENT ON COLUMN public.template_usage_summary.last_used_at IS 'Last activation or deployment.';

INSERT INTO tenantry.tables (table_name, kind, client_owned) VALUES
    ('client_summary', 'view', false),
    ('deployment_status_summary', 'view', true),
    ('client_configuration_summary', 'view', true),
    ('template_usage_summary', 'view', false);
