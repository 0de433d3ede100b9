-- Changes: every write of configuration with its author, its reason, its edits and what it does to whose documents.
--
-- A change is proposed, perhaps approved, and applied; or rejected, or withdrawn. The trigger here holds the way through
-- these states, who decided and when, and that a protected environment needs a second person. What is edited never
-- changes once it is proposed, because that is what people approve.

CREATE TABLE tenantry.changes (
    id             uuid         CONSTRAINT changes_pkey PRIMARY KEY DEFAULT pg_catalog.gen_random_uuid(),
    state          varchar(20)  NOT NULL DEFAULT 'proposed',
    reason         text         NOT NULL,
    -- Whose rows it edits. The only client stands in a column of its own, which an index can serve under row level
    -- security.
    client_id      uuid,
    client_ids     uuid[]       NOT NULL,
    is_shared      boolean      NOT NULL,
    environments   text[]       NOT NULL,
    edits          integer      NOT NULL,
    reverts        uuid         CONSTRAINT changes_reverts_fkey REFERENCES tenantry.changes (id),
    proposed_at    timestamptz  NOT NULL DEFAULT pg_catalog.now(),
    author         uuid,
    author_token   uuid,
    author_name    text,
    decided_at     timestamptz,
    decided_by     uuid,
    decided_name   text,
    decision       text,
    applied_at     timestamptz,
    applied_by     uuid,
    revision       bigint       CONSTRAINT changes_revision_key UNIQUE,
    CONSTRAINT changes_state_check CHECK (state IN ('proposed', 'approved', 'applied', 'rejected', 'withdrawn')),
    CONSTRAINT changes_reason_check CHECK (pg_catalog.length(reason) BETWEEN 1 AND 2000),
    CONSTRAINT changes_client_id_check CHECK (client_id IS NULL OR client_ids = ARRAY[client_id] AND NOT is_shared),
    CONSTRAINT changes_environments_check CHECK (environments <@ '{development,staging,production}'::text[]),
    CONSTRAINT changes_edits_check CHECK (edits > 0),
    CONSTRAINT changes_applied_at_check CHECK ((state = 'applied') = (applied_at IS NOT NULL))
);
CREATE INDEX changes_proposed_at_idx ON tenantry.changes (proposed_at DESC, id DESC);
CREATE INDEX changes_client_id_idx ON tenantry.changes (client_id, proposed_at DESC, id DESC);
CREATE INDEX changes_reverts_idx ON tenantry.changes (reverts);

COMMENT ON TABLE tenantry.changes IS 'Every write of configuration: who, why, and how far it got.';
COMMENT ON COLUMN tenantry.changes.id IS 'Key of the change.';
COMMENT ON COLUMN tenantry.changes.state IS 'proposed, then approved, then applied; or rejected, or withdrawn. Approval is needed where an environment it reaches is protected.';
COMMENT ON COLUMN tenantry.changes.reason IS 'What its author says it is for.';
COMMENT ON COLUMN tenantry.changes.client_id IS 'The only client whose rows it edits; NULL where there are several, or rows of none.';
COMMENT ON COLUMN tenantry.changes.client_ids IS 'The clients whose rows it edits.';
COMMENT ON COLUMN tenantry.changes.is_shared IS 'Whether it edits global rows, template rows or templates, which reach every client.';
COMMENT ON COLUMN tenantry.changes.environments IS 'The environments whose documents its rows belong to.';
COMMENT ON COLUMN tenantry.changes.edits IS 'How many rows it edits.';
COMMENT ON COLUMN tenantry.changes.reverts IS 'The change that it takes back.';
COMMENT ON COLUMN tenantry.changes.proposed_at IS 'When it was proposed.';
COMMENT ON COLUMN tenantry.changes.author IS 'The person who proposed it, from the session.';
COMMENT ON COLUMN tenantry.changes.author_token IS 'The token that it was proposed with, where it was one.';
COMMENT ON COLUMN tenantry.changes.author_name IS 'As whom the audit log knows somebody without a session, such as operator:root.';
COMMENT ON COLUMN tenantry.changes.decided_at IS 'When it was approved, rejected or withdrawn.';
COMMENT ON COLUMN tenantry.changes.decided_by IS 'The person who did that.';
COMMENT ON COLUMN tenantry.changes.decided_name IS 'As whom the audit log knows them where they have no session.';
COMMENT ON COLUMN tenantry.changes.decision IS 'What they said to it.';
COMMENT ON COLUMN tenantry.changes.applied_at IS 'When it was applied.';
COMMENT ON COLUMN tenantry.changes.applied_by IS 'The person who applied it.';
COMMENT ON COLUMN tenantry.changes.revision IS 'The installation''s revision that it made; NULL where nothing was left to change.';
COMMENT ON INDEX tenantry.changes_pkey IS 'One change by its id.';
COMMENT ON INDEX tenantry.changes_revision_key IS 'The change that made a revision: WHERE revision = $1.';
COMMENT ON INDEX tenantry.changes_proposed_at_idx IS 'Changes, newest first, page by page: WHERE (proposed_at, id) < ($1, $2) ORDER BY proposed_at DESC, id DESC.';
COMMENT ON INDEX tenantry.changes_client_id_idx IS 'The changes of one client, newest first: WHERE client_id = $1 ORDER BY proposed_at DESC, id DESC.';
COMMENT ON INDEX tenantry.changes_reverts_idx IS 'What took a change back: WHERE reverts = $1.';

CREATE TABLE tenantry.change_edits (
    change_id   uuid         NOT NULL CONSTRAINT change_edits_change_id_fkey REFERENCES tenantry.changes (id),
    place       integer      NOT NULL,
    table_name  varchar(63)  NOT NULL,
    row_id      uuid         NOT NULL,
    operation   varchar(10)  NOT NULL,
    columns     jsonb        NOT NULL,
    before      jsonb,
    base        jsonb,
    CONSTRAINT change_edits_pkey PRIMARY KEY (change_id, place),
    CONSTRAINT change_edits_change_id_table_name_row_id_key UNIQUE (change_id, table_name, row_id),
    CONSTRAINT change_edits_table_name_check CHECK (table_name IN ('system_configurations', 'template_configurations', 'client_customizations', 'deployment_configurations')),
    CONSTRAINT change_edits_operation_check CHECK (operation IN ('insert', 'update', 'delete')),
    CONSTRAINT change_edits_before_check CHECK ((operation = 'insert') = (before IS NULL))
);
COMMENT ON TABLE tenantry.change_edits IS 'The rows that a change edits. A secret''s place holds its mask.';
COMMENT ON COLUMN tenantry.change_edits.change_id IS 'The change.';
COMMENT ON COLUMN tenantry.change_edits.place IS 'Its place among the edits, from 0.';
COMMENT ON COLUMN tenantry.change_edits.table_name IS 'The table of the row.';
COMMENT ON COLUMN tenantry.change_edits.row_id IS 'The row''s id there; an inserted one has it from here.';
COMMENT ON COLUMN tenantry.change_edits.operation IS 'insert, update or delete.';
COMMENT ON COLUMN tenantry.change_edits.columns IS 'The columns that are written.';
COMMENT ON COLUMN tenantry.change_edits.before IS 'The whole row that the edit was made for, to which a revert goes back.';
COMMENT ON COLUMN tenantry.change_edits.base IS 'The version of that row.';
COMMENT ON INDEX tenantry.change_edits_pkey IS 'The edits of a change in their order.';
COMMENT ON INDEX tenantry.change_edits_change_id_table_name_row_id_key IS 'Holds a change to one edit of a row.';

-- Previews ------------------------------------------------------------------------------------------------------

CREATE TABLE tenantry.change_previews (
    change_id  uuid         CONSTRAINT change_previews_pkey PRIMARY KEY
                            CONSTRAINT change_previews_change_id_fkey REFERENCES tenantry.changes (id),
    revision   bigint       NOT NULL,
    state      varchar(20)  NOT NULL,
    documents  bigint       NOT NULL,
    done       bigint       NOT NULL DEFAULT 0,
    counts     jsonb        NOT NULL DEFAULT '{}',
    beat_at    timestamptz  NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT change_previews_state_check CHECK (state IN ('computing', 'ready')),
    CONSTRAINT change_previews_done_check CHECK (done BETWEEN 0 AND documents)
);
COMMENT ON TABLE tenantry.change_previews IS 'What a change would do to every document that it reaches, as of a revision.';
COMMENT ON COLUMN tenantry.change_previews.change_id IS 'The change.';
COMMENT ON COLUMN tenantry.change_previews.revision IS 'The installation''s revision that it was computed at.';
COMMENT ON COLUMN tenantry.change_previews.state IS 'computing, then ready.';
COMMENT ON COLUMN tenantry.change_previews.documents IS 'How many documents the change reaches.';
COMMENT ON COLUMN tenantry.change_previews.done IS 'How many of them were looked at.';
COMMENT ON COLUMN tenantry.change_previews.counts IS 'How many documents there are by outcome.';
COMMENT ON COLUMN tenantry.change_previews.beat_at IS 'When whoever computes it was last heard of; somebody else begins anew where that is long ago.';
COMMENT ON INDEX tenantry.change_previews_pkey IS 'The preview of a change.';

CREATE TABLE tenantry.change_preview_groups (
    change_id  uuid         NOT NULL CONSTRAINT change_preview_groups_change_id_fkey REFERENCES tenantry.change_previews (change_id) ON DELETE CASCADE,
    number     integer      NOT NULL,
    outcome    varchar(20)  NOT NULL,
    documents  bigint       NOT NULL,
    content    jsonb        NOT NULL,
    CONSTRAINT change_preview_groups_pkey PRIMARY KEY (change_id, number),
    CONSTRAINT change_preview_groups_outcome_check CHECK (outcome IN ('invalid', 'locked_out', 'incomplete', 'changed', 'shielded', 'not_in_template', 'unchanged'))
);
COMMENT ON TABLE tenantry.change_preview_groups IS 'What a change does, once for all documents to which it does the same.';
COMMENT ON COLUMN tenantry.change_preview_groups.change_id IS 'The change.';
COMMENT ON COLUMN tenantry.change_preview_groups.number IS 'The group''s number within the preview, from 0.';
COMMENT ON COLUMN tenantry.change_preview_groups.outcome IS 'The worst that happens to these documents.';
COMMENT ON COLUMN tenantry.change_preview_groups.documents IS 'How many they are.';
COMMENT ON COLUMN tenantry.change_preview_groups.content IS 'Keys before and after, edits without effect and why, what becomes invalid, what is incomplete.';
COMMENT ON INDEX tenantry.change_preview_groups_pkey IS 'The groups of a preview, and one of them.';

CREATE TABLE tenantry.change_preview_documents (
    change_id    uuid         NOT NULL CONSTRAINT change_preview_documents_change_id_fkey REFERENCES tenantry.change_previews (change_id) ON DELETE CASCADE,
    place        integer      NOT NULL,
    client_id    uuid         NOT NULL,
    template_id  varchar(255),
    environment  varchar(50)  NOT NULL,
    number       integer      NOT NULL,
    CONSTRAINT change_preview_documents_pkey PRIMARY KEY (change_id, place)
);
CREATE INDEX change_preview_documents_number_idx ON tenantry.change_preview_documents (change_id, number, place);
COMMENT ON TABLE tenantry.change_preview_documents IS 'The documents that a change reaches, each with its group.';
COMMENT ON COLUMN tenantry.change_preview_documents.change_id IS 'The change.';
COMMENT ON COLUMN tenantry.change_preview_documents.place IS 'Its place in the order of client, template and environment: where a page ends, the next begins.';
COMMENT ON COLUMN tenantry.change_preview_documents.client_id IS 'The client.';
COMMENT ON COLUMN tenantry.change_preview_documents.template_id IS 'The template; NULL for a client that has none.';
COMMENT ON COLUMN tenantry.change_preview_documents.environment IS 'The environment.';
COMMENT ON COLUMN tenantry.change_preview_documents.number IS 'The group.';
COMMENT ON INDEX tenantry.change_preview_documents_pkey IS 'A page of a preview: WHERE change_id = $1 AND place > $2 ORDER BY place.';
COMMENT ON INDEX tenantry.change_preview_documents_number_idx IS 'A page of one group, or of one outcome: WHERE change_id = $1 AND number = $2 AND place > $3 ORDER BY place.';

-- States --------------------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.protected_environments() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS
$$
    SELECT coalesce(array_agg(e.name), '{}')
      FROM public.system_configurations s
     CROSS JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(s.configuration_value) WHEN 'array' THEN s.configuration_value ELSE '[]' END) e (name)
     WHERE s.configuration_key = 'protected_environments' AND s.is_system AND s.is_active
       AND s.client_id IS NULL AND s.template_id IS NULL AND s.environment = 'all'
$$;
COMMENT ON FUNCTION tenantry.protected_environments() IS 'The environments where somebody other than the author has to approve a change: the system row protected_environments.';

CREATE FUNCTION tenantry.refuse_unapproved(environments text[]) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    held pg_catalog.text[] := ARRAY(SELECT unnest(environments) INTERSECT SELECT unnest(tenantry.protected_environments()) ORDER BY 1);
BEGIN
    IF held <> '{}' THEN
        RAISE EXCEPTION USING ERRCODE = 'TN422', CONSTRAINT = 'changes_protected', SCHEMA = 'tenantry', TABLE = 'changes',
            MESSAGE = format('%s is protected: a change there needs the approval of somebody other than its author', array_to_string(held, ' and ')),
            HINT = 'propose it with POST /api/v1/changes, and have somebody else approve it';
    END IF;
END
$$;
COMMENT ON FUNCTION tenantry.refuse_unapproved(text[]) IS 'Refuses a change that nobody has approved where an environment is protected.';

CREATE FUNCTION tenantry.begin_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    who pg_catalog.record;
BEGIN
    SELECT * INTO who FROM tenantry.audit_who();
    IF NEW.state NOT IN ('proposed', 'applied') THEN
        RAISE EXCEPTION USING ERRCODE = 'TN422', CONSTRAINT = 'changes_state_transition', SCHEMA = 'tenantry', TABLE = 'changes',
            MESSAGE = format('a change begins as proposed or applied, not as %s', NEW.state), HINT = 'propose it first';
    END IF;
    NEW.proposed_at := now();
    NEW.author := tenantry.user_id();
    NEW.author_token := who.token_id;
    NEW.author_name := who.actor;
    NEW.decided_at := NULL;
    NEW.decided_by := NULL;
    NEW.decided_name := NULL;
    IF NEW.state = 'applied' THEN
        PERFORM tenantry.refuse_unapproved(NEW.environments);
        NEW.applied_at := now();
        NEW.applied_by := NEW.author;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.begin_change() IS 'Notes who proposed a change, from the session; one that is applied at once may reach no protected environment.';

CREATE TRIGGER tenantry_50_begin_change BEFORE INSERT ON tenantry.changes
    FOR EACH ROW EXECUTE FUNCTION tenantry.begin_change();

CREATE FUNCTION tenantry.is_author(change tenantry.changes) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    who pg_catalog.record;
BEGIN
    SELECT * INTO who FROM tenantry.audit_who();
    -- Behind a token stands whoever made it: one person in two roles is one person.
    RETURN tenantry.user_id() = coalesce(change.author, (SELECT t.created_by FROM tenantry.tokens t WHERE t.id = change.author_token))
        OR who.token_id = change.author_token
        OR who.actor = change.author_name AND tenantry.user_id() IS NULL AND who.token_id IS NULL;
END
$$;
COMMENT ON FUNCTION tenantry.is_author(tenantry.changes) IS 'Whether whoever acts is the author of a change, by themselves or by a token.';

CREATE FUNCTION tenantry.move_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    who pg_catalog.record;
BEGIN
    SELECT * INTO who FROM tenantry.audit_who();
    IF to_jsonb(NEW) - '{state,decision,decided_at,decided_by,decided_name,applied_at,applied_by,revision}'::pg_catalog.text[]
       <> to_jsonb(OLD) - '{state,decision,decided_at,decided_by,decided_name,applied_at,applied_by,revision}'::pg_catalog.text[] THEN
        RAISE insufficient_privilege USING MESSAGE = 'what was proposed can''t be changed', SCHEMA = 'tenantry', TABLE = 'changes',
            CONSTRAINT = 'changes_content_frozen', HINT = 'withdraw it and propose another';
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('proposed', 'approved'), ('proposed', 'applied'), ('proposed', 'rejected'), ('proposed', 'withdrawn'),
                                      ('approved', 'applied'), ('approved', 'rejected'), ('approved', 'withdrawn')) THEN
        RAISE EXCEPTION USING ERRCODE = 'TN422', CONSTRAINT = 'changes_state_transition', SCHEMA = 'tenantry', TABLE = 'changes',
            MESSAGE = format('a change that is %s can''t become %s', OLD.state, NEW.state),
            HINT = CASE OLD.state WHEN 'applied' THEN 'revert it, which is a change of its own' ELSE 'propose it anew' END;
    END IF;
    NEW.decided_at := OLD.decided_at;
    NEW.decided_by := OLD.decided_by;
    NEW.decided_name := OLD.decided_name;
    NEW.applied_by := OLD.applied_by;
    IF NEW.state = 'applied' THEN
        IF OLD.state <> 'approved' THEN
            PERFORM tenantry.refuse_unapproved(NEW.environments);
        END IF;
        NEW.decision := OLD.decision;
        NEW.applied_at := now();
        NEW.applied_by := tenantry.user_id();
        RETURN NEW;
    END IF;
    IF NEW.state = 'approved' AND (tenantry.is_author(OLD) OR tenantry.user_id() IS NULL AND who.actor IS NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'TN422', CONSTRAINT = 'changes_second_person', SCHEMA = 'tenantry', TABLE = 'changes',
            MESSAGE = 'a change is approved by a person, and not by its author', HINT = 'have somebody else approve it';
    END IF;
    IF NEW.state = 'withdrawn' AND tenantry.is_author(OLD) IS NOT TRUE THEN
        RAISE insufficient_privilege USING MESSAGE = 'only its author withdraws a change', SCHEMA = 'tenantry', TABLE = 'changes',
            CONSTRAINT = 'changes_withdrawn_by_author', HINT = 'reject it instead';
    END IF;
    NEW.decided_at := now();
    NEW.decided_by := tenantry.user_id();
    NEW.decided_name := who.actor;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.move_change() IS
    'proposed → approved → applied, or rejected, or withdrawn by its author; notes who and when. Approving takes a second person, and so does applying where an environment is protected.';

CREATE TRIGGER tenantry_50_move_change BEFORE UPDATE ON tenantry.changes
    FOR EACH ROW EXECUTE FUNCTION tenantry.move_change();

-- Reverting a deletion ------------------------------------------------------------------------------------------

-- As the owner, because what was deployed, or in force, isn't born so again, and its way through the states lies behind it.
CREATE FUNCTION tenantry.restore_row(table_name text, row_id uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    caller constant pg_catalog.text := current_setting('role');
    former pg_catalog.jsonb;
    names pg_catalog.text;
    contents pg_catalog.text;
BEGIN
    SELECT v.content INTO former
      FROM public.configuration_versions v
     WHERE v.table_name = restore_row.table_name AND v.row_id = restore_row.row_id AND v.operation = 'delete'
     ORDER BY v.valid_to DESC LIMIT 1;
    IF former IS NULL OR tenantry.is_request() AND (NOT tenantry.entered() OR NOT CASE caller
        WHEN 'tenantry_super_admin' THEN true
        WHEN 'tenantry_admin' THEN coalesce(former ->> 'is_system', 'false') = 'false'
        WHEN 'tenantry_service' THEN coalesce(former ->> 'is_system', 'false') = 'false'
        WHEN 'tenantry_manager' THEN restore_row.table_name <> 'template_configurations' AND coalesce(former ->> 'is_system', 'false') = 'false'
             AND (former ->> 'client_id')::pg_catalog.uuid IN (SELECT tenantry.managed_client_ids())
        ELSE false END)
    THEN
        RAISE insufficient_privilege USING MESSAGE = format('no row %s of %s was deleted that you may bring back', row_id, table_name),
            HINT = 'ask somebody who may write it';
    END IF;
    -- Whoever still knows the version before the deletion has to look again.
    IF table_name IN ('system_configurations', 'deployment_configurations') THEN
        former := former || jsonb_build_object('version', (former ->> 'version')::int + 1);
    END IF;
    -- The null of JSON is a value of a key, and no lack of one.
    SELECT string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum),
           string_agg(CASE a.attname WHEN 'configuration_value' THEN '$1 -> ''configuration_value''' ELSE format('r.%I', a.attname) END, ', ' ORDER BY a.attnum)
      INTO names, contents
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
     WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relname = restore_row.table_name
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND former ? a.attname;
    EXECUTE format('INSERT INTO public.%1$I (%2$s) SELECT %3$s FROM pg_catalog.jsonb_populate_record(NULL::public.%1$I, $1) r',
                   table_name, names, contents)
      USING former;
END
$$;
COMMENT ON FUNCTION tenantry.restore_row(text, uuid) IS
    'Brings a configuration row back as it was when it was deleted, state and all, for whoever may write such a row. Only a revert does that.';

-- As the owner: what is in force was applied once, and goes back to that without another way through the states. The
-- content comes from the history, so nobody makes one up.
CREATE FUNCTION tenantry.put_back(row_id uuid, reverted uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    caller constant pg_catalog.text := current_setting('role');
    former pg_catalog.jsonb;
    is_in_force pg_catalog.bool;
BEGIN
    SELECT v.content INTO former
      FROM public.configuration_versions v
      JOIN tenantry.changes c ON c.revision = v.revision_to
     WHERE v.table_name = 'deployment_configurations' AND v.row_id = put_back.row_id AND v.operation = 'update' AND c.id = reverted
     ORDER BY v.valid_from LIMIT 1;
    IF former IS NULL OR tenantry.is_request() AND (NOT tenantry.entered() OR NOT CASE caller
        WHEN 'tenantry_super_admin' THEN true
        WHEN 'tenantry_admin' THEN true
        WHEN 'tenantry_service' THEN true
        WHEN 'tenantry_manager' THEN (former ->> 'client_id')::pg_catalog.uuid IN (SELECT tenantry.managed_client_ids())
        ELSE false END)
    THEN
        RAISE insufficient_privilege USING MESSAGE = format('deployment configuration %s isn''t for you to put back', row_id),
            HINT = 'ask somebody who may apply it';
    END IF;
    is_in_force := former -> 'applied_configuration' <> 'null';
    -- The way through the states is left only by writing what is in force; where that stays the same, it is written twice.
    UPDATE public.deployment_configurations d
       SET status = former ->> 'status', applied_configuration = NULL, applied_revision = NULL
     WHERE d.id = row_id AND d.applied_configuration = former -> 'applied_configuration';
    UPDATE public.deployment_configurations d
       SET status = former ->> 'status', applied_configuration = nullif(former -> 'applied_configuration', 'null'), applied_revision = NULL,
           applied_at = CASE WHEN is_in_force THEN now() ELSE (former ->> 'applied_at')::pg_catalog.timestamptz END,
           applied_by = CASE WHEN is_in_force THEN tenantry.user_id() ELSE (former ->> 'applied_by')::pg_catalog.uuid END,
           version = d.version + 1, updated_at = greatest(now(), d.updated_at + interval '1 microsecond'), updated_by = tenantry.user_id()
     WHERE d.id = row_id;
END
$$;
COMMENT ON FUNCTION tenantry.put_back(uuid, uuid) IS
    'Puts a deployment configuration back into force, or out of it, as it was before a change, frozen content and all, for whoever may write such a row. Only a revert does that.';

SELECT tenantry.audit_table('tenantry.changes', client => 'client_id');

REVOKE ALL ON FUNCTION tenantry.protected_environments(), tenantry.refuse_unapproved(text[]), tenantry.begin_change(),
    tenantry.is_author(tenantry.changes), tenantry.move_change(), tenantry.restore_row(text, uuid),
    tenantry.put_back(uuid, uuid) FROM PUBLIC;
