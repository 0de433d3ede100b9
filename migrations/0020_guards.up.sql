-- Rules that hold whoever writes: rows stay with their client, trails are only added to, system rows stay, what follows
-- from another row is filled in, memberships fit the people.
--
-- What nobody may do has SQLSTATE 42501, as if it weren't granted (for request roles it isn't: these hold for every other
-- role too). What contradicts other values has TN422 or the SQLSTATE of the constraint that it would break.

-- Rows stay with their client ---------------------------------------------------------------------------------

CREATE FUNCTION tenantry.refuse_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    subject constant pg_catalog.name := tenantry.table_of(TG_RELID);
BEGIN
    IF tenantry.is_mending(subject) THEN
        RETURN NEW;
    END IF;
    RAISE insufficient_privilege USING
        MESSAGE = format('a row of %s can''t be moved to another client', subject),
        HINT = 'Insert a new row for the other client.',
        SCHEMA = 'public', TABLE = subject, COLUMN = 'client_id', CONSTRAINT = subject || '_client_id_fixed';
END
$$;
COMMENT ON FUNCTION tenantry.refuse_move() IS 'Refuses to move a row to another client.';

CREATE TRIGGER tenantry_20_refuse_move BEFORE UPDATE ON public.client_members
    FOR EACH ROW WHEN (NEW.client_id IS DISTINCT FROM OLD.client_id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_move();
CREATE TRIGGER tenantry_20_refuse_move BEFORE UPDATE ON public.client_customizations
    FOR EACH ROW WHEN (NEW.client_id IS DISTINCT FROM OLD.client_id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_move();
CREATE TRIGGER tenantry_20_refuse_move BEFORE UPDATE ON public.client_deployments
    FOR EACH ROW WHEN (NEW.client_id IS DISTINCT FROM OLD.client_id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_move();
CREATE TRIGGER tenantry_20_refuse_move BEFORE UPDATE ON public.client_analytics
    FOR EACH ROW WHEN (NEW.client_id IS DISTINCT FROM OLD.client_id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_move();
CREATE TRIGGER tenantry_20_refuse_move BEFORE UPDATE ON public.system_configurations
    FOR EACH ROW WHEN (NEW.client_id IS DISTINCT FROM OLD.client_id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_move();
CREATE TRIGGER tenantry_20_refuse_move BEFORE UPDATE ON public.deployment_configurations
    FOR EACH ROW WHEN (NEW.client_id IS DISTINCT FROM OLD.client_id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_move();
CREATE TRIGGER tenantry_20_refuse_move BEFORE UPDATE ON public.client_billing_info
    FOR EACH ROW WHEN (NEW.client_id IS DISTINCT FROM OLD.client_id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_move();

-- Rows keep their id: history, the audit log and the addresses of consoles name rows by it.

CREATE FUNCTION tenantry.refuse_new_id() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    subject constant pg_catalog.name := tenantry.table_of(TG_RELID);
BEGIN
    IF tenantry.is_mending(subject) THEN
        RETURN NEW;
    END IF;
    RAISE insufficient_privilege USING
        MESSAGE = format('the id of a row of %s can''t be changed', subject),
        HINT = 'Leave id out, or send the one that the row has.',
        SCHEMA = 'public', TABLE = subject, COLUMN = 'id', CONSTRAINT = subject || '_id_fixed';
END
$$;
COMMENT ON FUNCTION tenantry.refuse_new_id() IS 'Refuses to give a row another id.';

CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.clients_enhanced
    FOR EACH ROW WHEN (NEW.id IS DISTINCT FROM OLD.id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_new_id();
CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.client_customizations
    FOR EACH ROW WHEN (NEW.id IS DISTINCT FROM OLD.id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_new_id();
CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.client_deployments
    FOR EACH ROW WHEN (NEW.id IS DISTINCT FROM OLD.id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_new_id();
CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.client_analytics
    FOR EACH ROW WHEN (NEW.id IS DISTINCT FROM OLD.id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_new_id();
CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.system_configurations
    FOR EACH ROW WHEN (NEW.id IS DISTINCT FROM OLD.id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_new_id();
CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.template_configurations
    FOR EACH ROW WHEN (NEW.id IS DISTINCT FROM OLD.id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_new_id();
CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.deployment_configurations
    FOR EACH ROW WHEN (NEW.id IS DISTINCT FROM OLD.id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_new_id();
CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.client_billing_info
    FOR EACH ROW WHEN (NEW.id IS DISTINCT FROM OLD.id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_new_id();
CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.deployment_templates
    FOR EACH ROW WHEN (NEW.id IS DISTINCT FROM OLD.id AND current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_new_id();

-- Trails are only added to --------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.refuse_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    subject constant pg_catalog.name := tenantry.table_of(TG_RELID);
BEGIN
    IF TG_OP <> 'TRUNCATE' AND tenantry.is_mending(subject) THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    RAISE insufficient_privilege USING
        MESSAGE = format('%s is only added to: %s is refused', subject, TG_OP),
        HINT = CASE subject WHEN 'deployment_tracking_events' THEN 'Insert another event that corrects it.'
                    ELSE 'Change the row itself; its former content is added here.' END,
        SCHEMA = 'public', TABLE = subject, CONSTRAINT = subject || '_append_only';
END
$$;
COMMENT ON FUNCTION tenantry.refuse_change() IS 'Refuses to change or remove what is only added to.';

CREATE TRIGGER tenantry_20_refuse_change BEFORE UPDATE OR DELETE ON public.deployment_tracking_events
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_change();
CREATE TRIGGER tenantry_20_refuse_truncate BEFORE TRUNCATE ON public.deployment_tracking_events
    FOR EACH STATEMENT WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_change();
CREATE TRIGGER tenantry_20_refuse_change BEFORE UPDATE OR DELETE ON public.configuration_versions
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_change();
CREATE TRIGGER tenantry_20_refuse_truncate BEFORE TRUNCATE ON public.configuration_versions
    FOR EACH STATEMENT WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_change();

-- System rows stay ----------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.refuse_flags() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS
$$
BEGIN
    RAISE insufficient_privilege USING
        MESSAGE = format('%s of %s is decided when the row is inserted', array_to_string(TG_ARGV, ' or '), TG_TABLE_NAME),
        HINT = 'Delete the row and insert it anew.',
        SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_TABLE_NAME || '_flags_fixed';
END
$$;
COMMENT ON FUNCTION tenantry.refuse_flags() IS 'Refuses to change a flag that other rights depend on.';

CREATE TRIGGER tenantry_20_refuse_flags BEFORE UPDATE ON public.system_configurations
    FOR EACH ROW WHEN ((NEW.is_system IS DISTINCT FROM OLD.is_system OR NEW.is_delegated IS DISTINCT FROM OLD.is_delegated)
        AND current_user = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_super_admin,tenantry_service}'))
    EXECUTE FUNCTION tenantry.refuse_flags('is_system', 'is_delegated');
CREATE TRIGGER tenantry_20_refuse_flags BEFORE UPDATE ON public.deployment_templates
    FOR EACH ROW WHEN (NEW.is_system_template IS DISTINCT FROM OLD.is_system_template
        AND current_user = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_super_admin,tenantry_service}'))
    EXECUTE FUNCTION tenantry.refuse_flags('is_system_template');

CREATE FUNCTION tenantry.hold_system_row() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS
$$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'system_configurations' THEN
        -- The stamps and the counter are kept by triggers.
        IF to_jsonb(NEW) - '{configuration_value,updated_at,updated_by,version}'::pg_catalog.text[]
           = to_jsonb(OLD) - '{configuration_value,updated_at,updated_by,version}'::pg_catalog.text[] THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE insufficient_privilege USING
        MESSAGE = format('%s can''t %s a row of %s that steers Tenantry itself', current_user, lower(TG_OP), TG_TABLE_NAME),
        HINT = CASE TG_OP WHEN 'UPDATE' THEN 'Change its configuration_value only, or ask a super admin.' ELSE 'Ask a super admin.' END,
        SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_TABLE_NAME || '_system_row';
END
$$;
COMMENT ON FUNCTION tenantry.hold_system_row() IS 'System rows are inserted and deleted by super admins only; others change the value.';

CREATE TRIGGER tenantry_30_hold_system_row_insert BEFORE INSERT ON public.system_configurations
    FOR EACH ROW WHEN (NEW.is_system AND current_user = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_service}'))
    EXECUTE FUNCTION tenantry.hold_system_row();
CREATE TRIGGER tenantry_30_hold_system_row BEFORE UPDATE OR DELETE ON public.system_configurations
    FOR EACH ROW WHEN (OLD.is_system AND current_user = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_service}'))
    EXECUTE FUNCTION tenantry.hold_system_row();
CREATE TRIGGER tenantry_30_hold_system_row_insert BEFORE INSERT ON public.deployment_templates
    FOR EACH ROW WHEN (NEW.is_system_template AND current_user = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_service}'))
    EXECUTE FUNCTION tenantry.hold_system_row();
CREATE TRIGGER tenantry_30_hold_system_row BEFORE DELETE ON public.deployment_templates
    FOR EACH ROW WHEN (OLD.is_system_template AND current_user = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_service}'))
    EXECUTE FUNCTION tenantry.hold_system_row();

-- What follows from the rest is filled in -----------------------------------------------------------------------

CREATE FUNCTION tenantry.fill_category() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS
$$
DECLARE
    scope constant pg_catalog.text := CASE
        WHEN NEW.client_id IS NOT NULL AND NEW.environment = 'all' THEN 'client'
        WHEN NEW.client_id IS NOT NULL THEN 'deployment'
        WHEN NEW.template_id IS NOT NULL THEN 'template'
        ELSE 'global' END;
    left_out boolean := coalesce(NEW.configuration_category, '') = '';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        left_out := left_out OR NEW.configuration_category IS NOT DISTINCT FROM OLD.configuration_category;
    END IF;
    IF left_out THEN
        NEW.configuration_category := scope;
    ELSIF NEW.configuration_category <> scope THEN
        RAISE check_violation USING
            MESSAGE = format('configuration_category %s contradicts the scope, which is %s', NEW.configuration_category, scope),
            HINT = 'Leave configuration_category out; it follows from client_id, template_id and environment.',
            SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'configuration_category',
            CONSTRAINT = 'system_configurations_category_scope_check';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.fill_category() IS 'Fills configuration_category in from the scope, and refuses one that contradicts it.';

CREATE TRIGGER tenantry_10_fill_category BEFORE INSERT OR UPDATE ON public.system_configurations
    FOR EACH ROW EXECUTE FUNCTION tenantry.fill_category();

-- OR REPLACE: where a site had the table, adoption made these first, before it filled the column for older rows.
CREATE OR REPLACE FUNCTION tenantry.fill_event_client() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    NEW.client_id := (SELECT d.client_id FROM public.client_deployments d WHERE d.id = NEW.deployment_id);
    IF NEW.client_id IS NULL AND current_setting('role') IN ('tenantry_client', 'tenantry_staff', 'tenantry_manager') THEN
        -- No client has this id, so the policies refuse the row, just as they do for another client's deployment:
        -- nobody learns from the answer whether that one exists.
        NEW.client_id := '00000000-0000-0000-0000-000000000000';
    ELSIF NEW.client_id IS NULL THEN
        RAISE foreign_key_violation USING
            MESSAGE = format('there is no deployment %s', NEW.deployment_id),
            HINT = 'Send the deployment_id of a row of client_deployments.',
            SCHEMA = 'public', TABLE = 'deployment_tracking_events', COLUMN = 'deployment_id',
            CONSTRAINT = 'deployment_tracking_events_client_id_deployment_id_fkey';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.fill_event_client() IS 'Fills an event''s client in from its deployment, for writers that don''t send it.';

CREATE OR REPLACE TRIGGER tenantry_10_fill_event_client BEFORE INSERT ON public.deployment_tracking_events
    FOR EACH ROW WHEN (NEW.client_id IS NULL OR NEW.client_id = '00000000-0000-0000-0000-000000000000')
    EXECUTE FUNCTION tenantry.fill_event_client();

-- Memberships fit the people ------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.check_member() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    person_role pg_catalog.text;
BEGIN
    -- The lock keeps the role from changing until this is committed.
    SELECT p.role INTO person_role FROM tenantry.people p WHERE p.user_id = NEW.user_id FOR SHARE;
    IF (NEW.member_role = 'client') <> (person_role IS NOT DISTINCT FROM 'client') THEN
        PERFORM tenantry.refuse(TG_TABLE_NAME, 'member_role_fits',
            format('member_role %s doesn''t fit a person whose role is %s', NEW.member_role, coalesce(person_role, 'not known')),
            CASE WHEN NEW.member_role = 'client' THEN 'Give the person the role client first, or make them manager or staff.'
                 ELSE 'A client''s own login is a member as client.' END);
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.check_member() IS 'member_role is client exactly for people whose role is client.';

CREATE TRIGGER tenantry_40_check_member BEFORE INSERT OR UPDATE ON public.client_members
    FOR EACH ROW EXECUTE FUNCTION tenantry.check_member();

CREATE FUNCTION tenantry.check_person_role() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    IF EXISTS (SELECT FROM public.client_members m
                WHERE m.user_id = NEW.user_id AND (m.member_role = 'client') <> (NEW.role = 'client')) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'TN422',
            MESSAGE = format('a person who is a member of clients can''t go from role %s to %s', OLD.role, NEW.role),
            HINT = 'End the person''s memberships first (tenantry member remove), then change the role.',
            SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = 'role', CONSTRAINT = 'people_role_fits';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tenantry.check_person_role() IS 'A person with memberships doesn''t become, or cease to be, a client''s login.';

CREATE TRIGGER tenantry_40_check_person_role AFTER UPDATE ON tenantry.people
    FOR EACH ROW WHEN (NEW.role IS DISTINCT FROM OLD.role) EXECUTE FUNCTION tenantry.check_person_role();

CREATE FUNCTION tenantry.own_membership() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS
$$
BEGIN
    NEW.made_by_assignment := false;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.own_membership() IS 'A membership that somebody makes or edits is theirs, and no assignment removes it.';

CREATE TRIGGER tenantry_10_own_membership BEFORE INSERT OR UPDATE ON public.client_members
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.own_membership();

CREATE FUNCTION tenantry.follow_assignment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.assigned_manager IS NOT DISTINCT FROM OLD.assigned_manager THEN
            RETURN NULL;
        END IF;
        DELETE FROM public.client_members m
         WHERE m.client_id = NEW.id AND m.user_id = OLD.assigned_manager AND m.made_by_assignment;
    END IF;
    IF NEW.assigned_manager IS NOT NULL THEN
        INSERT INTO public.client_members (client_id, user_id, member_role, made_by_assignment)
        VALUES (NEW.id, NEW.assigned_manager, 'manager', true)
        ON CONFLICT (client_id, user_id) DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tenantry.follow_assignment() IS
    'Makes the assigned manager a member, and ends the membership that the former one had from being assigned. What a person made stays.';

CREATE TRIGGER tenantry_60_follow_assignment AFTER INSERT OR UPDATE ON public.clients_enhanced
    FOR EACH ROW EXECUTE FUNCTION tenantry.follow_assignment();

-- Tokens ----------------------------------------------------------------------------------------------------------

-- Behind a token stands whoever made it, so no request says who that was.
CREATE FUNCTION tenantry.stamp_token() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    IF tenantry.is_request() THEN
        IF TG_OP = 'INSERT' THEN
            NEW.created_at := now();
            NEW.created_by := tenantry.user_id();
            NEW.last_used_at := NULL;
            NEW.revoked_at := NULL;
        ELSE
            NEW.revoked_at := coalesce(OLD.revoked_at, now());
        END IF;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.stamp_token() IS 'Says who made a token and when; one that was revoked stays so.';

CREATE TRIGGER tenantry_90_stamp_token BEFORE INSERT OR UPDATE OF revoked_at ON tenantry.tokens
    FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_token();

REVOKE ALL ON FUNCTION tenantry.refuse_move(), tenantry.refuse_new_id(), tenantry.refuse_change(), tenantry.refuse_flags(), tenantry.hold_system_row(),
    tenantry.fill_category(), tenantry.fill_event_client(), tenantry.check_member(), tenantry.check_person_role(),
    tenantry.own_membership(), tenantry.follow_assignment(), tenantry.stamp_token() FROM PUBLIC;
