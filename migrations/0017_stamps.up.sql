-- Who and when: created_*, updated_* and the write counters, filled in by triggers, whatever a request sends.
--
-- Triggers of Tenantry's on public tables are called tenantry_NN_what, because PostgreSQL fires them by name:
-- 10 fills in what was left out, 20 to 40 refuse, 50 moves states, 80 counts, 90 stamps (last, since it compares what
-- will be stored).
--
-- Most of them leave tenantry_owner alone: a migration that touches a row isn't somebody editing it. What the owner does
-- from inside a trigger (a foreign key's SET NULL, another row put out of force) is part of somebody's edit, hence
-- pg_trigger_depth(). Conditions on the role stand in WHEN, where current_user still is the one who writes;
-- the functions themselves run as their owner, so that no role needs a right on what they look up.

INSERT INTO tenantry.tables (table_name, kind, client_owned) VALUES
    ('clients_enhanced', 'table', false),
    ('client_members', 'table', true),
    ('client_customizations', 'table', true),
    ('client_deployments', 'table', true),
    ('deployment_tracking_events', 'partitioned', true),
    ('client_analytics', 'partitioned', true),
    ('system_configurations', 'table', true),
    ('template_configurations', 'table', false),
    ('deployment_configurations', 'table', true),
    ('client_billing_info', 'table', true),
    ('deployment_templates', 'table', false),
    ('configuration_versions', 'table', true),
    ('audit_log', 'partitioned', true);

CREATE FUNCTION tenantry.is_request() RETURNS boolean LANGUAGE sql STABLE SET search_path = '' AS
$$
    SELECT current_setting('role') = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_super_admin,tenantry_service}')
$$;
COMMENT ON FUNCTION tenantry.is_request() IS 'Whether this transaction acts for a request. Asks the setting, because in a definer function current_user is its owner.';

CREATE FUNCTION tenantry.contents_differ(a jsonb, b jsonb, besides text[]) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = '' AS
$$
    SELECT a - n.names <> b - n.names
      -- TG_ARGV of a trigger without arguments is NULL.
      FROM (SELECT coalesce(besides, '{}') || '{created_at,created_by,updated_at,updated_by,version}'::pg_catalog.text[]) n (names)
$$;
COMMENT ON FUNCTION tenantry.contents_differ(jsonb, jsonb, text[]) IS
    'Whether two rows differ in more than their stamps and the named columns, which Tenantry keeps by itself.';

CREATE FUNCTION tenantry.table_of(relation regclass) RETURNS name LANGUAGE sql STABLE SET search_path = '' AS
$$
    SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = coalesce(pg_partition_root(relation), relation)
$$;
COMMENT ON FUNCTION tenantry.table_of(regclass) IS 'The name of a table, or of the one that it is a partition of: triggers of rows fire on the partition.';

-- Stamps --------------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.stamp_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    IF tenantry.is_request() THEN
        NEW.created_at := now();
        NEW.updated_at := now();
        NEW.created_by := tenantry.user_id();
        NEW.updated_by := NEW.created_by;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.stamp_insert() IS 'Says who made a row and when: from the session for requests, else as sent.';

CREATE FUNCTION tenantry.stamp_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    changed boolean := tenantry.contents_differ(to_jsonb(NEW), to_jsonb(OLD), TG_ARGV);
BEGIN
    IF tenantry.is_request() THEN
        NEW.created_at := OLD.created_at;
        NEW.created_by := OLD.created_by;
        NEW.updated_at := OLD.updated_at;
        NEW.updated_by := CASE WHEN changed THEN tenantry.user_id() ELSE OLD.updated_by END;
    END IF;
    IF changed AND NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at THEN
        -- It is the base of If-Match, so it has to move also where this transaction began before the last write.
        NEW.updated_at := greatest(now(), OLD.updated_at + interval '1 microsecond');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.stamp_update() IS
    'Says who changed a row and when; an update that changes nothing, or only the columns named as arguments, which Tenantry keeps, isn''t a change.';

CREATE FUNCTION tenantry.stamp_times() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF tenantry.is_request() THEN
            NEW.created_at := now();
            NEW.updated_at := now();
        END IF;
        RETURN NEW;
    END IF;
    IF tenantry.is_request() THEN
        NEW.created_at := OLD.created_at;
        NEW.updated_at := OLD.updated_at;
    END IF;
    IF NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at AND tenantry.contents_differ(to_jsonb(NEW), to_jsonb(OLD), '{}') THEN
        NEW.updated_at := greatest(now(), OLD.updated_at + interval '1 microsecond');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.stamp_times() IS 'As stamp_insert and stamp_update, for a table that keeps no people.';

CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.clients_enhanced
    FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();
CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.clients_enhanced
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner' OR pg_trigger_depth() > 0) EXECUTE FUNCTION tenantry.stamp_update();
CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.client_members
    FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();
CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.client_members
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner' OR pg_trigger_depth() > 0) EXECUTE FUNCTION tenantry.stamp_update();
CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.client_customizations
    FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();
CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.client_customizations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner' OR pg_trigger_depth() > 0) EXECUTE FUNCTION tenantry.stamp_update();
CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.client_deployments
    FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();
CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.client_deployments
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner' OR pg_trigger_depth() > 0) EXECUTE FUNCTION tenantry.stamp_update();
CREATE TRIGGER tenantry_90_stamp_times BEFORE INSERT ON public.client_analytics
    FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_times();
CREATE TRIGGER tenantry_90_stamp_times_update BEFORE UPDATE ON public.client_analytics
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.stamp_times();
CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.system_configurations
    FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();
CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.system_configurations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner' OR pg_trigger_depth() > 0) EXECUTE FUNCTION tenantry.stamp_update();
CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.template_configurations
    FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();
CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.template_configurations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner' OR pg_trigger_depth() > 0)
    EXECUTE FUNCTION tenantry.stamp_update('usage_count', 'last_used_at', 'performance_score');
CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.deployment_configurations
    FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();
CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.deployment_configurations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner' OR pg_trigger_depth() > 0)
    EXECUTE FUNCTION tenantry.stamp_update('applied_revision');
CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.client_billing_info
    FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();
CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.client_billing_info
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner' OR pg_trigger_depth() > 0) EXECUTE FUNCTION tenantry.stamp_update();
CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.deployment_templates
    FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();
CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.deployment_templates
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner' OR pg_trigger_depth() > 0)
    EXECUTE FUNCTION tenantry.stamp_update('usage_count', 'last_used_at', 'success_rate');

-- Write counters --------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.count_writes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
    ELSE
        NEW.version := OLD.version + CASE WHEN tenantry.contents_differ(to_jsonb(NEW), to_jsonb(OLD), TG_ARGV) THEN 1 ELSE 0 END;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.count_writes() IS 'Counts the changes of a row in version, whatever was sent; the columns named as arguments don''t count.';

CREATE TRIGGER tenantry_80_count_writes BEFORE INSERT OR UPDATE ON public.system_configurations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner' OR pg_trigger_depth() > 0) EXECUTE FUNCTION tenantry.count_writes();
CREATE TRIGGER tenantry_80_count_writes BEFORE INSERT OR UPDATE ON public.deployment_configurations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner' OR pg_trigger_depth() > 0) EXECUTE FUNCTION tenantry.count_writes('applied_revision');

-- Figures that Tenantry keeps -----------------------------------------------------------------------------

CREATE FUNCTION tenantry.keep_figures() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS
$$
DECLARE
    kept pg_catalog.jsonb := '{"usage_count": 0, "last_used_at": null, "performance_score": null, "success_rate": null}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        kept := (SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(to_jsonb(OLD)) o WHERE kept ? o.key);
    END IF;
    RETURN jsonb_populate_record(NEW, kept);
END
$$;
COMMENT ON FUNCTION tenantry.keep_figures() IS 'Ignores what a request sends for usage and scores, which Tenantry counts by itself.';

CREATE TRIGGER tenantry_10_keep_figures BEFORE INSERT OR UPDATE ON public.template_configurations
    FOR EACH ROW WHEN (current_user = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_super_admin,tenantry_service}'))
    EXECUTE FUNCTION tenantry.keep_figures();
CREATE TRIGGER tenantry_10_keep_figures BEFORE INSERT OR UPDATE ON public.deployment_templates
    FOR EACH ROW WHEN (current_user = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_super_admin,tenantry_service}'))
    EXECUTE FUNCTION tenantry.keep_figures();

REVOKE ALL ON FUNCTION tenantry.is_request(), tenantry.table_of(regclass), tenantry.contents_differ(jsonb, jsonb, text[]), tenantry.stamp_insert(),
    tenantry.stamp_update(), tenantry.stamp_times(), tenantry.count_writes(), tenantry.keep_figures() FROM PUBLIC;
