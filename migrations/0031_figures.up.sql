-- Figures that Tenantry keeps: how often template versions and deployment templates are used, when last, and how well
-- they do.
--
-- Use follows the write that moves it. A statement notes what it moved (tenantry.figures_due); at commit the notes are
-- settled, one transaction after the other, so that each counts all that came before it. Settling waits for the row of
-- the installation's revision, which nobody holds while working, and for nothing else: a template that somebody is
-- editing keeps its notes until that edit commits. Scores are about the last ninety days, so time alone moves them: the
-- server computes them again and again (tenantry.keep_scores).
--
-- What is written here are the columns that history, updated_at and the audit log leave out.

CREATE TABLE tenantry.figures_due (
    id                      bigint       GENERATED ALWAYS AS IDENTITY CONSTRAINT figures_due_pkey PRIMARY KEY,
    template_id             varchar(255),
    template_version        varchar(50),
    deployment_template_id  uuid,
    made                    integer      NOT NULL DEFAULT 0,
    ended                   integer      NOT NULL DEFAULT 0,
    succeeded               integer      NOT NULL DEFAULT 0,
    used_at                 timestamptz,
    CONSTRAINT figures_due_subject_check CHECK (num_nonnulls(template_id, deployment_template_id) = 1)
);
COMMENT ON TABLE tenantry.figures_due IS 'What writes have moved and figures don''t say yet. Added to without waiting for anybody, and emptied at commit.';
COMMENT ON COLUMN tenantry.figures_due.id IS 'Key of the note.';
COMMENT ON COLUMN tenantry.figures_due.template_id IS 'The template whose customizations or versions changed.';
COMMENT ON COLUMN tenantry.figures_due.template_version IS 'The version that was used; NULL is the newest active one.';
COMMENT ON COLUMN tenantry.figures_due.deployment_template_id IS 'The deployment template whose deployments changed.';
COMMENT ON COLUMN tenantry.figures_due.made IS 'How many more deployments are made from it.';
COMMENT ON COLUMN tenantry.figures_due.ended IS 'How many more of them have ended.';
COMMENT ON COLUMN tenantry.figures_due.succeeded IS 'How many more of them have succeeded.';
COMMENT ON COLUMN tenantry.figures_due.used_at IS 'When it was used; NULL where it wasn''t.';

-- A percentage can't be counted on from, so what it is made of stands here.
CREATE TABLE tenantry.deployment_template_outcomes (
    deployment_template_id  uuid    CONSTRAINT deployment_template_outcomes_pkey PRIMARY KEY,
    made                    bigint  NOT NULL,
    ended                   bigint  NOT NULL,
    succeeded               bigint  NOT NULL
);
COMMENT ON TABLE tenantry.deployment_template_outcomes IS 'What usage_count and success_rate of a deployment template are made of.';
COMMENT ON COLUMN tenantry.deployment_template_outcomes.deployment_template_id IS 'The deployment template.';
COMMENT ON COLUMN tenantry.deployment_template_outcomes.made IS 'Deployments made from it.';
COMMENT ON COLUMN tenantry.deployment_template_outcomes.ended IS 'Those of them that succeeded or failed.';
COMMENT ON COLUMN tenantry.deployment_template_outcomes.succeeded IS 'Those of them that succeeded.';

-- What counts -------------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.newest_versions(templates text[] DEFAULT NULL) RETURNS TABLE (template_id text, template_version text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS
$$
    -- As in template_usage_summary, and as documents are composed: the program orders versions so, too.
    SELECT DISTINCT ON (n.template_id) n.template_id, n.template_version
      FROM public.template_configurations n
     WHERE n.status = 'active' AND (templates IS NULL OR n.template_id = ANY (templates))
     ORDER BY n.template_id, tenantry.version_rank(n.template_version) COLLATE "C" DESC NULLS LAST, n.created_at DESC,
              n.template_version COLLATE "C" DESC
$$;
COMMENT ON FUNCTION tenantry.newest_versions(text[]) IS 'The version of each template, or of the named ones, that a customization without a version uses: the newest active one.';

-- A site's status may be an enum of its own.
CREATE FUNCTION tenantry.is_deployment_succeeded(status anynonarray, deployed_at timestamptz) RETURNS boolean
    LANGUAGE sql IMMUTABLE SET search_path = '' AS
$$
    -- What was cancelled or superseded may have run before.
    SELECT status::pg_catalog.text IN ('deployed', 'maintenance')
        OR status::pg_catalog.text IN ('superseded', 'cancelled') AND deployed_at IS NOT NULL
$$;
COMMENT ON FUNCTION tenantry.is_deployment_succeeded(anynonarray, timestamptz) IS 'Whether a deployment ended well: it runs, or it ran until it was replaced or cancelled.';

CREATE FUNCTION tenantry.is_deployment_ended(status anynonarray, deployed_at timestamptz) RETURNS boolean
    LANGUAGE sql IMMUTABLE SET search_path = '' AS
$$
    SELECT status::pg_catalog.text IN ('failed', 'rolled_back') OR tenantry.is_deployment_succeeded(status, deployed_at)
$$;
COMMENT ON FUNCTION tenantry.is_deployment_ended(anynonarray, timestamptz) IS 'Whether a deployment ended, well or not: what failed or was rolled back ended badly, what was cancelled before it ran never ended.';

-- Notes ---------------------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.note_customizations() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO tenantry.figures_due (template_id) SELECT DISTINCT w.template_id FROM written w;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO tenantry.figures_due (template_id) SELECT DISTINCT g.template_id FROM gone g;
    ELSE
        INSERT INTO tenantry.figures_due (template_id)
        SELECT DISTINCT t.template_id
          FROM written w
          JOIN former f ON f.id = w.id
         CROSS JOIN LATERAL (VALUES (w.template_id), (f.template_id)) t (template_id)
         WHERE (w.template_id, w.template_version) IS DISTINCT FROM (f.template_id, f.template_version);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tenantry.note_customizations() IS 'Notes the templates whose versions are now used by more or fewer customizations.';

CREATE TRIGGER tenantry_60_note_insert AFTER INSERT ON public.client_customizations
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.note_customizations();
CREATE TRIGGER tenantry_60_note_update AFTER UPDATE ON public.client_customizations
    REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.note_customizations();
CREATE TRIGGER tenantry_60_note_delete AFTER DELETE ON public.client_customizations
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.note_customizations();

CREATE FUNCTION tenantry.note_activation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    INSERT INTO tenantry.figures_due (template_id, template_version, used_at)
    SELECT DISTINCT w.template_id, w.template_version, now()
      FROM written w
      JOIN former f ON f.id = w.id
     WHERE w.is_active AND NOT coalesce(f.is_active, false);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tenantry.note_activation() IS 'Notes when template versions came into use by an activation.';

-- A migration that marks a row as active activates nothing now.
CREATE TRIGGER tenantry_60_note_activation AFTER UPDATE ON public.client_customizations
    REFERENCING OLD TABLE AS former NEW TABLE AS written
    FOR EACH STATEMENT WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.note_activation();

CREATE FUNCTION tenantry.note_deployments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO tenantry.figures_due (deployment_template_id, made, ended, succeeded, used_at)
        SELECT w.deployment_template_id, count(*),
               count(*) FILTER (WHERE tenantry.is_deployment_ended(w.status, w.deployed_at)),
               count(*) FILTER (WHERE tenantry.is_deployment_succeeded(w.status, w.deployed_at)), max(w.deployed_at)
          FROM written w
         WHERE w.deployment_template_id IS NOT NULL
         GROUP BY w.deployment_template_id;
        INSERT INTO tenantry.figures_due (template_id, template_version, used_at)
        SELECT c.template_id, c.template_version, max(w.deployed_at)
          FROM written w
          JOIN public.client_customizations c ON c.client_id = w.client_id AND c.id = w.customization_id
         WHERE w.deployed_at IS NOT NULL
         GROUP BY c.template_id, c.template_version;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO tenantry.figures_due (deployment_template_id, made, ended, succeeded)
        SELECT g.deployment_template_id, -count(*),
               -count(*) FILTER (WHERE tenantry.is_deployment_ended(g.status, g.deployed_at)),
               -count(*) FILTER (WHERE tenantry.is_deployment_succeeded(g.status, g.deployed_at))
          FROM gone g
         WHERE g.deployment_template_id IS NOT NULL
         GROUP BY g.deployment_template_id;
    ELSE
        INSERT INTO tenantry.figures_due (deployment_template_id, made, ended, succeeded, used_at)
        SELECT d.deployment_template_id, sum(d.sign),
               coalesce(sum(d.sign) FILTER (WHERE tenantry.is_deployment_ended(d.status, d.deployed_at)), 0),
               coalesce(sum(d.sign) FILTER (WHERE tenantry.is_deployment_succeeded(d.status, d.deployed_at)), 0),
               max(d.deployed_at) FILTER (WHERE d.sign > 0)
          FROM written w
          JOIN former f ON f.id = w.id
         CROSS JOIN LATERAL (VALUES (1, w.deployment_template_id, w.status, w.deployed_at),
                                    (-1, f.deployment_template_id, f.status, f.deployed_at))
                    d (sign, deployment_template_id, status, deployed_at)
         WHERE (w.deployment_template_id, w.status, w.deployed_at) IS DISTINCT FROM (f.deployment_template_id, f.status, f.deployed_at)
           AND d.deployment_template_id IS NOT NULL
         GROUP BY d.deployment_template_id;
        INSERT INTO tenantry.figures_due (template_id, template_version, used_at)
        SELECT c.template_id, c.template_version, max(w.deployed_at)
          FROM written w
          JOIN former f ON f.id = w.id
          JOIN public.client_customizations c ON c.client_id = w.client_id AND c.id = w.customization_id
         WHERE w.deployed_at IS NOT NULL
           AND (w.customization_id, w.deployed_at) IS DISTINCT FROM (f.customization_id, f.deployed_at)
         GROUP BY c.template_id, c.template_version;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tenantry.note_deployments() IS 'Notes what deployments change in the figures of the deployment templates they are made from, and when they used a template version.';

CREATE TRIGGER tenantry_60_note_insert AFTER INSERT ON public.client_deployments
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.note_deployments();
CREATE TRIGGER tenantry_60_note_update AFTER UPDATE ON public.client_deployments
    REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.note_deployments();
CREATE TRIGGER tenantry_60_note_delete AFTER DELETE ON public.client_deployments
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.note_deployments();

-- Any edit, because notes of others may wait for this row, and none of the columns that settling itself writes.
CREATE FUNCTION tenantry.note_template() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    kept constant pg_catalog.text[] := '{usage_count,last_used_at,performance_score,success_rate}';
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - kept = to_jsonb(OLD) - kept THEN
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'deployment_templates' THEN
        INSERT INTO tenantry.figures_due (deployment_template_id) VALUES (coalesce(NEW.id, OLD.id));
    ELSE
        INSERT INTO tenantry.figures_due (template_id) VALUES (coalesce(NEW.template_id, OLD.template_id));
        IF TG_OP = 'UPDATE' AND NEW.template_id <> OLD.template_id THEN
            INSERT INTO tenantry.figures_due (template_id) VALUES (OLD.template_id);
        END IF;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tenantry.note_template() IS 'Notes a template whose versions changed, since a customization without a version then uses another.';

CREATE TRIGGER tenantry_60_note AFTER INSERT OR UPDATE OR DELETE ON public.template_configurations
    FOR EACH ROW EXECUTE FUNCTION tenantry.note_template();
CREATE TRIGGER tenantry_60_note AFTER INSERT OR UPDATE OR DELETE ON public.deployment_templates
    FOR EACH ROW EXECUTE FUNCTION tenantry.note_template();

-- Settling ------------------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.settle_templates(notes bigint[]) RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = '' SET jit = off AS
$$
DECLARE
    noted pg_catalog.text[];
    held pg_catalog.uuid[];
    busy pg_catalog.text[];
BEGIN
    noted := ARRAY(SELECT DISTINCT n.template_id FROM tenantry.figures_due n WHERE n.id = ANY (notes) AND n.template_id IS NOT NULL);
    held := ARRAY(SELECT t.id FROM public.template_configurations t WHERE t.template_id = ANY (noted) FOR NO KEY UPDATE SKIP LOCKED);
    busy := ARRAY(SELECT DISTINCT t.template_id FROM public.template_configurations t
                   WHERE t.template_id = ANY (noted) AND t.id <> ALL (held));

    WITH newest AS (
        SELECT w.template_id, w.template_version FROM tenantry.newest_versions(noted) w
    ), used AS (
        SELECT c.template_id, coalesce(c.template_version, w.template_version) AS template_version, count(*) AS customizations
          FROM public.client_customizations c
          LEFT JOIN newest w ON w.template_id = c.template_id
         WHERE c.template_id = ANY (noted)
         GROUP BY c.template_id, coalesce(c.template_version, w.template_version)
    ), last_use AS (
        -- Nothing was used in the future, whatever a row says of when it was deployed.
        SELECT n.template_id, coalesce(n.template_version, w.template_version) AS template_version,
               max(least(n.used_at, clock_timestamp())) FILTER (WHERE n.used_at IS NOT NULL) AS used_at
          FROM tenantry.figures_due n
          LEFT JOIN newest w ON w.template_id = n.template_id
         WHERE n.id = ANY (notes)
         GROUP BY n.template_id, coalesce(n.template_version, w.template_version)
    )
    UPDATE public.template_configurations t
       SET usage_count = coalesce(u.customizations, 0), last_used_at = greatest(t.last_used_at, l.used_at)
      FROM public.template_configurations v
      LEFT JOIN used u ON u.template_id = v.template_id AND u.template_version = v.template_version
      LEFT JOIN last_use l ON l.template_id = v.template_id AND l.template_version = v.template_version
     WHERE v.id = t.id AND t.id = ANY (held)
       AND (t.usage_count <> coalesce(u.customizations, 0) OR l.used_at > coalesce(t.last_used_at, '-infinity'));
    RETURN busy;
END
$$;
COMMENT ON FUNCTION tenantry.settle_templates(bigint[]) IS 'Counts the templates of these notes again; gives those of them that somebody is editing, whose notes have to wait. Internal.';

CREATE FUNCTION tenantry.settle_deployment_templates(notes bigint[]) RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = '' SET jit = off AS
$$
DECLARE
    noted pg_catalog.uuid[];
    held pg_catalog.uuid[];
    busy pg_catalog.uuid[];
BEGIN
    noted := ARRAY(SELECT DISTINCT n.deployment_template_id FROM tenantry.figures_due n
                    WHERE n.id = ANY (notes) AND n.deployment_template_id IS NOT NULL);
    held := ARRAY(SELECT t.id FROM public.deployment_templates t WHERE t.id = ANY (noted) FOR NO KEY UPDATE SKIP LOCKED);
    busy := ARRAY(SELECT t.id FROM public.deployment_templates t WHERE t.id = ANY (noted) AND t.id <> ALL (held));

    INSERT INTO tenantry.deployment_template_outcomes AS o (deployment_template_id, made, ended, succeeded)
    SELECT n.deployment_template_id, sum(n.made), sum(n.ended), sum(n.succeeded)
      FROM tenantry.figures_due n
     WHERE n.id = ANY (notes) AND n.deployment_template_id = ANY (held)
     GROUP BY n.deployment_template_id
    ON CONFLICT (deployment_template_id) DO UPDATE
       SET made = o.made + excluded.made, ended = o.ended + excluded.ended, succeeded = o.succeeded + excluded.succeeded;
    DELETE FROM tenantry.deployment_template_outcomes o
     WHERE o.deployment_template_id = ANY (noted) AND o.deployment_template_id <> ALL (held || busy);

    UPDATE public.deployment_templates t
       SET usage_count = o.made, success_rate = r.rate, last_used_at = greatest(t.last_used_at, l.used_at)
      FROM tenantry.deployment_template_outcomes o
     CROSS JOIN LATERAL (SELECT round(100.0 * o.succeeded / nullif(o.ended, 0), 2)) r (rate)
      LEFT JOIN (SELECT n.deployment_template_id, max(least(n.used_at, clock_timestamp())) FILTER (WHERE n.used_at IS NOT NULL) AS used_at
                   FROM tenantry.figures_due n WHERE n.id = ANY (notes) GROUP BY n.deployment_template_id) l
        ON l.deployment_template_id = o.deployment_template_id
     WHERE t.id = o.deployment_template_id AND t.id = ANY (held)
       AND (t.usage_count <> o.made OR t.success_rate IS DISTINCT FROM r.rate OR l.used_at > coalesce(t.last_used_at, '-infinity'));
    RETURN busy;
END
$$;
COMMENT ON FUNCTION tenantry.settle_deployment_templates(bigint[]) IS 'Adds these notes to what deployment templates say; gives those of them that somebody is editing, whose notes have to wait. Internal.';

CREATE FUNCTION tenantry.settle_figures() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    notes pg_catalog.int8[];
    busy_templates pg_catalog.text[];
    busy_deployment_templates pg_catalog.uuid[];
BEGIN
    -- Whoever notes something commits under this lock, so nobody's notes come in between. It isn't taken without need.
    IF NOT EXISTS (SELECT FROM tenantry.figures_due) THEN
        RETURN;
    END IF;
    PERFORM FROM tenantry.installation_revision r WHERE r.only_row FOR NO KEY UPDATE;
    notes := ARRAY(SELECT n.id FROM tenantry.figures_due n ORDER BY n.id);
    IF notes <> '{}' THEN
        busy_templates := tenantry.settle_templates(notes);
        busy_deployment_templates := tenantry.settle_deployment_templates(notes);
        DELETE FROM tenantry.figures_due n
         WHERE n.id = ANY (notes)
           AND (n.template_id = ANY (busy_templates) OR n.deployment_template_id = ANY (busy_deployment_templates)) IS NOT TRUE;
        PERFORM set_config('tenantry.figures_settled', notes[cardinality(notes)]::pg_catalog.text, true);
    END IF;
END
$$;
COMMENT ON FUNCTION tenantry.settle_figures() IS 'Brings usage counts, success rates and last uses up to the notes, and removes those. The server calls it for notes that had to wait.';

CREATE FUNCTION tenantry.settle_at_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    -- The first note of a transaction settles the others too.
    IF NEW.id > coalesce(nullif(current_setting('tenantry.figures_settled', true), ''), '0')::pg_catalog.int8
       -- Where a transaction reads from a snapshot, others may have settled since, so this is left to the server.
       AND current_setting('transaction_isolation') = 'read committed'
    THEN
        PERFORM tenantry.settle_figures();
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tenantry.settle_at_commit() IS 'Settles what this transaction noted, at its end.';

CREATE CONSTRAINT TRIGGER tenantry_settle AFTER INSERT ON tenantry.figures_due
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenantry.settle_at_commit();

-- Scores ----------------------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.keep_scores(moment timestamptz DEFAULT now()) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = '' SET jit = off AS
$$
DECLARE
    since constant pg_catalog.timestamptz := moment - interval '2160 hours';
    scores pg_catalog.jsonb;
    changed pg_catalog.int8;
BEGIN
    WITH told AS (
        SELECT e.deployment_id,
               count(*) FILTER (WHERE e.event_type = 'deploy_completed') AS ended,
               count(*) FILTER (WHERE e.event_type = 'deploy_completed' AND e.event_status = 'success') AS succeeded,
               count(*) FILTER (WHERE e.event_type = 'health_check') AS checks,
               count(*) FILTER (WHERE e.event_type = 'health_check' AND e.event_status = 'success') AS passed
          FROM public.deployment_tracking_events e
         WHERE e.event_timestamp > since AND e.event_timestamp <= moment
           AND e.event_type IN ('deploy_completed', 'health_check') AND e.event_status <> 'info'
         GROUP BY e.deployment_id
    ), running AS (
        -- A site's column may be of another type, and hold what is no percentage: that isn't counted.
        SELECT v.id AS version_id,
               CASE WHEN t.ended > 0 THEN t.ended
                    WHEN coalesce(d.deployed_at, d.updated_at) > since AND tenantry.is_deployment_ended(d.status, d.deployed_at) THEN 1
                    ELSE 0 END AS ended,
               CASE WHEN t.ended > 0 THEN t.succeeded
                    WHEN coalesce(d.deployed_at, d.updated_at) > since AND tenantry.is_deployment_succeeded(d.status, d.deployed_at) THEN 1
                    ELSE 0 END AS succeeded,
               coalesce(t.checks, 0) AS checks, coalesce(t.passed, 0) AS passed,
               CASE WHEN coalesce(d.last_health_check, d.deployed_at, d.updated_at) > since AND d.uptime_percentage BETWEEN 0 AND 100
                    THEN d.uptime_percentage::pg_catalog.numeric END AS uptime
          FROM public.client_customizations c
          LEFT JOIN tenantry.newest_versions() w ON w.template_id = c.template_id
          JOIN public.template_configurations v
            ON v.template_id = c.template_id AND v.template_version = coalesce(c.template_version, w.template_version)
          JOIN public.client_deployments d ON d.client_id = c.client_id AND d.customization_id = c.id
          LEFT JOIN told t ON t.deployment_id = d.id
    ), shares AS (
        SELECT r.version_id,
               100.0 * sum(r.succeeded) / nullif(sum(r.ended), 0) AS deployments,
               100.0 * sum(r.passed) / nullif(sum(r.checks), 0) AS checks,
               avg(r.uptime) AS uptime
          FROM running r
         GROUP BY r.version_id
    )
    SELECT coalesce(jsonb_object_agg(s.version_id, (SELECT round(avg(x.share), 2)
                                                      FROM (VALUES (s.deployments), (s.checks), (s.uptime)) x (share))), '{}')
      INTO scores
      FROM shares s;

    -- Computed first, so that rows are locked for no longer than writing them takes.
    UPDATE public.template_configurations t
       SET performance_score = (scores ->> t.id::pg_catalog.text)::numeric
     WHERE t.id IN (SELECT v.id FROM public.template_configurations v
                     WHERE v.performance_score IS DISTINCT FROM (scores ->> v.id::pg_catalog.text)::numeric
                       FOR NO KEY UPDATE SKIP LOCKED);
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;
COMMENT ON FUNCTION tenantry.keep_scores(timestamptz) IS 'Computes performance_score of every template version as of a moment, and returns how many it changed. The server calls it again and again.';

-- What was there before ---------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.recall_use() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = '' AS
$$
    INSERT INTO tenantry.figures_due (template_id, template_version, used_at)
    SELECT t.template_id, NULL, NULL::pg_catalog.timestamptz FROM public.template_configurations t
    UNION
    -- When a row became active wasn't kept; it can't have been before it was approved.
    SELECT c.template_id, c.template_version, max(greatest(d.deployed_at, CASE WHEN c.is_active THEN c.approved_at END))
      FROM public.client_customizations c
      LEFT JOIN public.client_deployments d ON d.client_id = c.client_id AND d.customization_id = c.id
     GROUP BY c.template_id, c.template_version;
$$;
COMMENT ON FUNCTION tenantry.recall_use() IS 'Notes every template as used as its customizations and deployments say, for rows that were there before figures were kept.';

DO $$
BEGIN
    DELETE FROM tenantry.figures_due;
    INSERT INTO tenantry.figures_due (deployment_template_id, made, ended, succeeded, used_at)
    SELECT t.id, count(d.id),
           count(*) FILTER (WHERE tenantry.is_deployment_ended(d.status, d.deployed_at)),
           count(*) FILTER (WHERE tenantry.is_deployment_succeeded(d.status, d.deployed_at)), max(d.deployed_at)
      FROM public.deployment_templates t
      LEFT JOIN public.client_deployments d ON d.deployment_template_id = t.id
     GROUP BY t.id;
    PERFORM tenantry.recall_use();
    PERFORM tenantry.settle_figures();
    PERFORM tenantry.keep_scores();
END
$$;

REVOKE ALL ON FUNCTION tenantry.newest_versions(text[]), tenantry.is_deployment_succeeded(anynonarray, timestamptz),
    tenantry.is_deployment_ended(anynonarray, timestamptz), tenantry.note_customizations(), tenantry.note_activation(),
    tenantry.note_deployments(), tenantry.note_template(), tenantry.settle_templates(bigint[]),
    tenantry.settle_deployment_templates(bigint[]), tenantry.settle_figures(), tenantry.settle_at_commit(),
    tenantry.keep_scores(timestamptz), tenantry.recall_use() FROM PUBLIC;
