-- The states that customizations, templates, deployments and deployment configurations go through, and what may be
-- written in which.
--
-- Refusals have SQLSTATE TN422 and name table, rule (as constraint), and in the hint what to do. Rows whose state came
-- from before adoption and is none of ours may be put into any state.

CREATE FUNCTION tenantry.refuse(table_name name, rule text, message text, hint text) RETURNS void LANGUAGE plpgsql SET search_path = '' AS
$$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'TN422', MESSAGE = message, HINT = hint,
        SCHEMA = 'public', TABLE = table_name, CONSTRAINT = table_name || '_' || rule;
END
$$;
COMMENT ON FUNCTION tenantry.refuse(name, text, text, text) IS 'Raises TN422: the rule that a write breaks, what is wrong, what to do.';

CREATE FUNCTION tenantry.columns_changed(new_row jsonb, old_row jsonb, names text[]) RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = '' AS
$$
    SELECT ARRAY(SELECT n FROM unnest(names) n WHERE new_row -> n IS DISTINCT FROM old_row -> n ORDER BY n)
$$;
COMMENT ON FUNCTION tenantry.columns_changed(jsonb, jsonb, text[]) IS 'Which of the named columns differ.';

CREATE FUNCTION tenantry.is_mending(table_name name) RETURNS boolean LANGUAGE sql STABLE SET search_path = '' AS
$$
    SELECT NOT tenantry.is_request()
       AND pg_has_role(session_user, 'tenantry_owner', 'MEMBER')
       AND EXISTS (SELECT FROM tenantry.pending_rules r WHERE r.table_name = is_mending.table_name)
$$;
COMMENT ON FUNCTION tenantry.is_mending(name) IS
    'Whether an operator who connects as superuser or migrator writes to a table whose adopted rows still break rules: what they mend by hand may be frozen otherwise.';

-- Customizations ----------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.number_customization() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.client_id, NEW.template_id) IS NOT DISTINCT FROM (OLD.client_id, OLD.template_id) THEN
        IF NOT tenantry.is_mending(TG_TABLE_NAME) THEN
            NEW.version := OLD.version;
        END IF;
        RETURN NEW;
    END IF;
    -- Two at once would find the same highest number.
    PERFORM pg_advisory_xact_lock(hashtextextended(format('client_customizations/%s/%s', NEW.client_id, NEW.template_id), 0));
    NEW.version := (SELECT coalesce(max(c.version), 0) + 1
                      FROM public.client_customizations c
                     WHERE c.client_id = NEW.client_id AND c.template_id = NEW.template_id);
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.number_customization() IS 'Gives a design the number after the last one of its client and template, whatever was sent.';

CREATE TRIGGER tenantry_10_number_customization BEFORE INSERT OR UPDATE ON public.client_customizations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.number_customization();

CREATE FUNCTION tenantry.begin_customization() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    IF NEW.status <> 'draft' THEN
        PERFORM tenantry.refuse(TG_TABLE_NAME, 'status_transition',
            format('a customization begins as a draft, not as %s', NEW.status),
            'Insert it as draft, then set status in_review, approved, deployed in this order.');
    END IF;
    IF NEW.is_active THEN
        PERFORM tenantry.refuse(TG_TABLE_NAME, 'is_active', 'a draft can''t be active', 'Have it approved, then set is_active.');
    END IF;
    -- Approval is an act of its own.
    NEW.approved_by := NULL;
    NEW.approved_at := NULL;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.begin_customization() IS 'A customization is born as a draft, neither active nor approved.';

CREATE TRIGGER tenantry_40_begin_customization BEFORE INSERT ON public.client_customizations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.begin_customization();

CREATE FUNCTION tenantry.hold_customization_content() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    changed pg_catalog.text[] := tenantry.columns_changed(to_jsonb(NEW), to_jsonb(OLD),
        '{template_id,template_version,customization_config,branding_config,feature_config,integration_config,
          ai_generated_customizations,ai_customization_prompts,ai_customization_metadata,theme_config,layout_config,
          component_overrides,css_customizations,content_overrides,copy_customizations,image_assets}');
BEGIN
    IF changed <> '{}' AND NOT tenantry.is_mending(TG_TABLE_NAME) THEN
        PERFORM tenantry.refuse(TG_TABLE_NAME, 'content_frozen',
            format('%s can''t be changed, because this customization is %s and no draft', array_to_string(changed, ', '), OLD.status),
            CASE OLD.status WHEN 'in_review' THEN 'Send it back to draft with a reason, or insert a new version.'
                 ELSE 'Insert a new version with the change.' END);
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.hold_customization_content() IS 'Content is writable in draft only: what was reviewed is what is deployed.';

CREATE TRIGGER tenantry_40_hold_content BEFORE UPDATE ON public.client_customizations
    FOR EACH ROW WHEN (OLD.status <> 'draft' AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.hold_customization_content();

CREATE FUNCTION tenantry.move_customization() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    ours constant pg_catalog.text[] := '{draft,in_review,approved,deployed}';
BEGIN
    IF OLD.status::pg_catalog.text = ANY (ours) AND NOT tenantry.is_mending(TG_TABLE_NAME)
       AND (OLD.status, NEW.status) NOT IN (('draft', 'in_review'), ('in_review', 'approved'), ('approved', 'deployed'), ('in_review', 'draft')) THEN
        PERFORM tenantry.refuse(TG_TABLE_NAME, 'status_transition',
            format('a customization can''t go from %s to %s', OLD.status, NEW.status),
            CASE OLD.status
                WHEN 'draft' THEN 'Set status to in_review.'
                WHEN 'in_review' THEN 'Set status to approved, or back to draft with a reason.'
                WHEN 'approved' THEN 'Set status to deployed, or insert a new version.'
                ELSE 'Insert a new version.' END);
    END IF;
    IF OLD.status = 'in_review' AND NEW.status = 'draft' AND NOT tenantry.is_mending(TG_TABLE_NAME) AND coalesce(current_setting('tenantry.reason', true), '') = '' THEN
        PERFORM tenantry.refuse(TG_TABLE_NAME, 'status_reason', 'a customization is sent back with a reason, and there is none',
            'Say why: the request''s reason, or the setting tenantry.reason in the same transaction.');
    END IF;
    IF NEW.status = 'approved' THEN
        NEW.approved_at := CASE WHEN tenantry.is_request() THEN now() ELSE coalesce(NEW.approved_at, now()) END;
        NEW.approved_by := CASE WHEN tenantry.is_request() THEN tenantry.user_id() ELSE NEW.approved_by END;
        IF NEW.approved_by IS NULL THEN
            PERFORM tenantry.refuse(TG_TABLE_NAME, 'approval', 'somebody has to approve a customization, and this session is nobody''s',
                'Sign in as the person who approves it, or send approved_by.');
        END IF;
        IF NEW.approved_by = OLD.created_by AND EXISTS (
            SELECT FROM public.system_configurations s
             WHERE s.configuration_key = 'customization_review' AND s.is_system AND s.is_active
               AND s.client_id IS NULL AND s.template_id IS NULL AND s.environment = 'all'
               AND s.configuration_value -> 'second_person' = 'true')
        THEN
            PERFORM tenantry.refuse(TG_TABLE_NAME, 'second_person', 'the author of a customization can''t approve it',
                'Have somebody else approve it; customization_review.second_person asks for it.');
        END IF;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.move_customization() IS
    'draft → in_review → approved → deployed, or back from in_review to draft with a reason. Approving notes who and when, and asks for a second person where the setting says so.';

CREATE TRIGGER tenantry_50_move_customization BEFORE UPDATE ON public.client_customizations
    FOR EACH ROW WHEN (NEW.status IS DISTINCT FROM OLD.status AND current_user <> 'tenantry_owner')
    EXECUTE FUNCTION tenantry.move_customization();

CREATE FUNCTION tenantry.hold_approval() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS
$$
BEGIN
    NEW.approved_by := OLD.approved_by;
    NEW.approved_at := OLD.approved_at;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.hold_approval() IS 'Ignores what a request sends for approved_by and approved_at, which only approving sets.';

CREATE TRIGGER tenantry_50_hold_approval BEFORE UPDATE ON public.client_customizations
    FOR EACH ROW WHEN ((NEW.status IS NOT DISTINCT FROM OLD.status OR NEW.status <> 'approved')
        AND current_user = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_super_admin,tenantry_service}'))
    EXECUTE FUNCTION tenantry.hold_approval();

CREATE FUNCTION tenantry.activate_customization() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    IF NEW.status NOT IN ('approved', 'deployed') THEN
        PERFORM tenantry.refuse(TG_TABLE_NAME, 'is_active',
            format('a customization that is %s can''t be active', NEW.status), 'Have it approved, then set is_active.');
    END IF;
    IF EXISTS (SELECT FROM public.template_configurations t
                WHERE t.template_id = NEW.template_id AND t.template_version = NEW.template_version AND t.status = 'draft') THEN
        PERFORM tenantry.refuse(TG_TABLE_NAME, 'template_draft',
            format('version %s of template %s is a draft, which may still be changed', NEW.template_version, NEW.template_id),
            'Publish the version, then set is_active.');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.activate_customization() IS 'Only what was approved is served, and of a template only what doesn''t change any more.';

CREATE TRIGGER tenantry_50_activate_customization BEFORE UPDATE ON public.client_customizations
    FOR EACH ROW WHEN (NEW.is_active AND NOT coalesce(OLD.is_active, false) AND current_user <> 'tenantry_owner')
    EXECUTE FUNCTION tenantry.activate_customization();

CREATE FUNCTION tenantry.pin_template_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.template_id, NEW.template_version) IS NOT DISTINCT FROM (OLD.template_id, OLD.template_version) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM public.template_configurations t
                WHERE t.template_id = NEW.template_id AND t.template_version = NEW.template_version AND t.status = 'archived') THEN
        PERFORM tenantry.refuse(TG_TABLE_NAME, 'template_archived',
            format('version %s of template %s is archived, and archived versions can''t be pinned anew', NEW.template_version, NEW.template_id),
            'Pin a version that is active, or leave template_version out for the newest.');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.pin_template_version() IS 'Archived versions go on serving those who pin them, and nobody else.';

CREATE TRIGGER tenantry_40_pin_template_version BEFORE INSERT OR UPDATE ON public.client_customizations
    FOR EACH ROW WHEN (NEW.template_version IS NOT NULL AND current_user <> 'tenantry_owner')
    EXECUTE FUNCTION tenantry.pin_template_version();

-- Templates -----------------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.move_template() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    changed pg_catalog.text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('draft', 'active') THEN
            PERFORM tenantry.refuse(TG_TABLE_NAME, 'status_transition',
                format('a template version begins as draft or active, not as %s', NEW.status), 'Leave status out, or insert it as draft.');
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status <> OLD.status
       AND (OLD.status, NEW.status) NOT IN (('draft', 'active'), ('active', 'deprecated'), ('deprecated', 'archived')) THEN
        PERFORM tenantry.refuse(TG_TABLE_NAME, 'status_transition',
            format('a template version can''t go from %s to %s', OLD.status, NEW.status),
            'It goes from draft to active, deprecated, archived, one at a time and never back; publish a new version instead.');
    END IF;
    changed := tenantry.columns_changed(to_jsonb(NEW), to_jsonb(OLD), '{template_id,template_version,configuration_schema,default_configuration}');
    IF OLD.status <> 'draft' AND changed <> '{}' THEN
        PERFORM tenantry.refuse(TG_TABLE_NAME, 'content_frozen',
            format('%s can''t be changed, because this version is %s', array_to_string(changed, ', '), OLD.status),
            'Publish a new version with the change.');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.move_template() IS
    'draft → active → deprecated → archived; schema and defaults of a version that has left draft never change, because customizations rely on them.';

CREATE TRIGGER tenantry_40_move_template BEFORE INSERT OR UPDATE ON public.template_configurations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.move_template();

-- Deployments ---------------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.note_deployed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    was_sent boolean := TG_OP = 'INSERT' AND NEW.deployed_at IS NOT NULL;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.status = 'deployed' THEN
            RETURN NEW;
        END IF;
        was_sent := NEW.deployed_at IS DISTINCT FROM OLD.deployed_at;
    END IF;
    IF NOT was_sent THEN
        NEW.deployed_at := now();
        NEW.deployed_by := coalesce(tenantry.user_id(), NEW.deployed_by);
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.note_deployed() IS 'Notes when a deployment became deployed, and by whom, where the writer doesn''t say.';

CREATE TRIGGER tenantry_50_note_deployed BEFORE INSERT OR UPDATE ON public.client_deployments
    FOR EACH ROW WHEN (NEW.status = 'deployed' AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.note_deployed();

-- Deployment configurations -------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.deployable_columns() RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = '' AS
$$
    SELECT '{deployment_id,deployment_template_id,hosting_provider,region,instance_type,scaling_config,environment_variables,
             secret_variables,feature_flags,application_config,ssl_config,cors_config,security_headers,caching_config,cdn_config,
             monitoring_config,domain_verification,backup_config,recovery_config,custom_domain,subdomain}'::pg_catalog.text[]
$$;
COMMENT ON FUNCTION tenantry.deployable_columns() IS 'The columns of deployment_configurations that applying freezes.';

CREATE FUNCTION tenantry.begin_deployment_configuration() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    IF NEW.status <> 'draft' THEN
        PERFORM tenantry.refuse(TG_TABLE_NAME, 'status_transition',
            format('a deployment configuration begins as a draft, not as %s', NEW.status),
            'Insert it as draft, then validate and apply it.');
    END IF;
    NEW.applied_configuration := NULL;
    NEW.applied_revision := NULL;
    NEW.applied_at := NULL;
    NEW.applied_by := NULL;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.begin_deployment_configuration() IS 'A deployment configuration is born as a draft, not in force.';

CREATE TRIGGER tenantry_40_begin BEFORE INSERT ON public.deployment_configurations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.begin_deployment_configuration();

CREATE FUNCTION tenantry.move_deployment_configuration() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    edited pg_catalog.text[] := tenantry.columns_changed(to_jsonb(NEW), to_jsonb(OLD), tenantry.deployable_columns());
BEGIN
    -- Only applying writes these.
    NEW.applied_configuration := OLD.applied_configuration;
    NEW.applied_revision := OLD.applied_revision;
    NEW.applied_at := OLD.applied_at;
    NEW.applied_by := CASE WHEN tenantry.is_request() OR NEW.status <> 'applied' THEN OLD.applied_by ELSE NEW.applied_by END;

    IF OLD.applied_configuration IS NOT NULL
       AND (NEW.environment, NEW.template_id) IS DISTINCT FROM (OLD.environment, OLD.template_id) THEN
        PERFORM tenantry.refuse(TG_TABLE_NAME, 'in_force',
            'environment and template_id can''t be changed while the configuration is in force',
            'Apply another one first, or insert a new one for the other environment or template.');
    END IF;

    IF edited <> '{}' AND OLD.status <> 'draft' THEN
        IF NEW.status NOT IN (OLD.status, 'draft') THEN
            PERFORM tenantry.refuse(TG_TABLE_NAME, 'status_transition',
                format('%s was edited, so the configuration can''t become %s', array_to_string(edited, ', '), NEW.status),
                'Edit it, which makes it a draft, then validate it, then apply it.');
        END IF;
        NEW.status := 'draft';
    ELSIF NEW.status <> OLD.status
          AND (OLD.status, NEW.status) NOT IN (('draft', 'validated'), ('validated', 'applied'), ('validated', 'failed'), ('failed', 'validated'),
                                               ('validated', 'draft'), ('failed', 'draft'), ('applied', 'draft')) THEN
        PERFORM tenantry.refuse(TG_TABLE_NAME, 'status_transition',
            format('a deployment configuration can''t go from %s to %s', OLD.status, NEW.status),
            'It goes from draft to validated, then to applied or failed; an edit makes it a draft again.');
    END IF;

    IF NEW.status = 'applied' AND OLD.status <> 'applied' THEN
        -- Two at once would each find no other in force.
        PERFORM pg_advisory_xact_lock(hashtextextended(format('deployment_configurations/%s/%s/%s', NEW.client_id, NEW.environment, NEW.template_id), 0));
        UPDATE public.deployment_configurations d
           SET applied_configuration = NULL, applied_revision = NULL,
               status = CASE d.status WHEN 'applied' THEN 'validated' ELSE d.status END
         WHERE d.client_id = NEW.client_id AND d.environment = NEW.environment AND d.template_id IS NOT DISTINCT FROM NEW.template_id
           AND d.applied_configuration IS NOT NULL AND d.id <> NEW.id;
        NEW.applied_configuration := (SELECT jsonb_object_agg(c.key, c.value) FROM jsonb_each(to_jsonb(NEW)) c
                                       WHERE c.key = ANY (tenantry.deployable_columns()));
        NEW.applied_revision := NULL;
        NEW.applied_at := now();
        NEW.applied_by := CASE WHEN tenantry.is_request() THEN tenantry.user_id() ELSE NEW.applied_by END;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.move_deployment_configuration() IS
    'draft → validated → applied or failed; an edit makes a draft. Applying freezes the content and puts whatever was in force for the same client, environment and template out of force; the revision follows at commit.';

-- The owner's too, but what applying and foreign keys do from within, and where it writes applied_configuration itself: that
-- is a revert's doing (tenantry.put_back), and nobody else's.
CREATE TRIGGER tenantry_50_move BEFORE UPDATE ON public.deployment_configurations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner'
        OR pg_trigger_depth() = 0 AND NEW.applied_configuration IS NOT DISTINCT FROM OLD.applied_configuration) EXECUTE FUNCTION tenantry.move_deployment_configuration();

REVOKE ALL ON FUNCTION tenantry.refuse(name, text, text, text), tenantry.is_mending(name), tenantry.columns_changed(jsonb, jsonb, text[]),
    tenantry.number_customization(), tenantry.begin_customization(), tenantry.hold_customization_content(),
    tenantry.move_customization(), tenantry.hold_approval(), tenantry.activate_customization(), tenantry.pin_template_version(),
    tenantry.move_template(), tenantry.note_deployed(), tenantry.deployable_columns(),
    tenantry.begin_deployment_configuration(), tenantry.move_deployment_configuration() FROM PUBLIC;
