-- The installation's revision, and the history of the four configuration tables by it.
--
-- All of it happens in deferred constraint triggers, at commit: the counter is one row, and whoever holds it makes every
-- other writer of configuration wait, so nobody may hold it while working. Being taken last, its order is the order of
-- commits, also of the times in the history.

CREATE TABLE tenantry.installation_revision (
    only_row  boolean     CONSTRAINT installation_revision_pkey PRIMARY KEY DEFAULT true,
    revision  bigint      NOT NULL,
    taken_at  timestamptz NOT NULL,
    began_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT installation_revision_only_row_check CHECK (only_row)
);
COMMENT ON TABLE tenantry.installation_revision IS 'One row: the revision of all configuration of this installation. Each transaction that changes configuration takes the next.';
COMMENT ON COLUMN tenantry.installation_revision.only_row IS 'Holds it to one row.';
COMMENT ON COLUMN tenantry.installation_revision.revision IS 'The newest revision.';
COMMENT ON COLUMN tenantry.installation_revision.taken_at IS 'When it was taken.';
COMMENT ON COLUMN tenantry.installation_revision.began_at IS 'When history began: nothing is known of before.';
INSERT INTO tenantry.installation_revision (revision, taken_at) VALUES (1, clock_timestamp());

-- Beside the rows and not in them, so that the tables keep the columns that sites know.
CREATE TABLE tenantry.configuration_heads (
    table_name  varchar(63)  NOT NULL,
    row_id      uuid         NOT NULL,
    client_id   uuid,
    valid_from  timestamptz  NOT NULL,
    revision    bigint       NOT NULL,
    CONSTRAINT configuration_heads_pkey PRIMARY KEY (table_name, row_id)
);
CREATE INDEX configuration_heads_revision_idx ON tenantry.configuration_heads (revision);
COMMENT ON TABLE tenantry.configuration_heads IS 'Since when, and since which revision, the present content of each configuration row is current.';
COMMENT ON COLUMN tenantry.configuration_heads.table_name IS 'The table of the row.';
COMMENT ON COLUMN tenantry.configuration_heads.row_id IS 'Its id.';
COMMENT ON COLUMN tenantry.configuration_heads.client_id IS 'Its client; NULL for global and template rows.';
COMMENT ON COLUMN tenantry.configuration_heads.valid_from IS 'Since when its content is current.';
COMMENT ON COLUMN tenantry.configuration_heads.revision IS 'The revision that made it so.';
COMMENT ON INDEX tenantry.configuration_heads_revision_idx IS 'What is newer than a revision: WHERE revision > $1.';

CREATE FUNCTION tenantry.take_revision() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    taken bigint;
BEGIN
    -- One per transaction: the second time, the counter's row is this transaction's own.
    UPDATE tenantry.installation_revision r
       SET revision = r.revision + 1, taken_at = clock_timestamp()
     WHERE r.only_row AND r.xmin <> pg_current_xact_id()::xid
    RETURNING r.revision INTO taken;
    IF NOT FOUND THEN
        taken := (SELECT r.revision FROM tenantry.installation_revision r WHERE r.only_row);
    END IF;
    RETURN taken;
END
$$;
COMMENT ON FUNCTION tenantry.take_revision() IS 'The revision of this transaction. From then until its end every other writer of configuration waits, so only deferred triggers call it.';

-- No sequential scans: a session keeps the plans that it made while these tables were still small. No compiling either:
-- a statement here is about one row, and runs once for each row of a transaction.
CREATE FUNCTION tenantry.history_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = '' SET enable_seqscan = off SET jit = off AS
$$
DECLARE
    -- Not of type name, which would compare in another collation than the index has.
    source constant pg_catalog.text := TG_TABLE_NAME;
    head tenantry.configuration_heads;
    next_from pg_catalog.timestamptz;
    next_revision bigint;
    subject pg_catalog.record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NOT tenantry.contents_differ(to_jsonb(NEW), to_jsonb(OLD), TG_ARGV) THEN
            RETURN NULL;
        END IF;
    END IF;
    subject := coalesce(NEW, OLD);
    next_revision := tenantry.take_revision();

    SELECT h.* INTO head FROM tenantry.configuration_heads h WHERE h.table_name = source AND h.row_id = subject.id;
    IF NOT FOUND THEN
        -- The row is new, or was here before; or it is back after a deletion, whose closing row it must not overlap.
        head.valid_from := CASE WHEN TG_OP = 'INSERT'
            THEN (SELECT max(v.valid_to) FROM public.configuration_versions v WHERE v.table_name = source AND v.row_id = subject.id)
            ELSE least(OLD.created_at, clock_timestamp()) END;
        head.revision := 0;
    END IF;
    -- The row lock is still held, so nobody is between the two.
    next_from := greatest(clock_timestamp(), head.valid_from + interval '1 microsecond');

    IF TG_OP <> 'INSERT' THEN
        INSERT INTO public.configuration_versions
            (table_name, row_id, client_id, content, operation, valid_from, valid_to, revision_from, revision_to, changed_by, reason)
        VALUES (source, OLD.id, (to_jsonb(OLD) ->> 'client_id')::pg_catalog.uuid, to_jsonb(OLD), lower(TG_OP),
                head.valid_from, next_from, head.revision, next_revision,
                tenantry.user_id(), nullif(current_setting('tenantry.reason', true), ''));
    END IF;
    IF TG_OP = 'DELETE' THEN
        DELETE FROM tenantry.configuration_heads h WHERE h.table_name = source AND h.row_id = OLD.id;
    ELSE
        INSERT INTO tenantry.configuration_heads (table_name, row_id, client_id, valid_from, revision)
        VALUES (source, NEW.id, (to_jsonb(NEW) ->> 'client_id')::pg_catalog.uuid, next_from, next_revision)
        ON CONFLICT (table_name, row_id) DO UPDATE SET valid_from = excluded.valid_from, revision = excluded.revision;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tenantry.history_keep() IS
    'Keeps the former content of a configuration row with the span and the revisions between which it was current. The columns named as arguments, which Tenantry keeps by itself, move neither history nor revision.';

CREATE CONSTRAINT TRIGGER tenantry_history_keep AFTER INSERT OR UPDATE OR DELETE ON public.system_configurations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenantry.history_keep();
CREATE CONSTRAINT TRIGGER tenantry_history_keep AFTER INSERT OR UPDATE OR DELETE ON public.template_configurations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenantry.history_keep('usage_count', 'last_used_at', 'performance_score');
CREATE CONSTRAINT TRIGGER tenantry_history_keep AFTER INSERT OR UPDATE OR DELETE ON public.client_customizations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenantry.history_keep();
CREATE CONSTRAINT TRIGGER tenantry_history_keep AFTER INSERT OR UPDATE OR DELETE ON public.deployment_configurations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenantry.history_keep('applied_revision');

CREATE FUNCTION tenantry.history_note_applied() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    UPDATE public.deployment_configurations d
       SET applied_revision = tenantry.take_revision()
     WHERE d.id = NEW.id AND d.applied_configuration IS NOT NULL AND d.applied_revision IS NULL;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tenantry.history_note_applied() IS 'Notes the revision that put a deployment configuration into force, which is known at commit only.';

CREATE CONSTRAINT TRIGGER tenantry_history_note_applied AFTER INSERT OR UPDATE ON public.deployment_configurations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.applied_configuration IS NOT NULL AND NEW.applied_revision IS NULL)
    EXECUTE FUNCTION tenantry.history_note_applied();

-- History starts here for rows that an adopted database brought along.
INSERT INTO tenantry.configuration_heads (table_name, row_id, client_id, valid_from, revision)
SELECT r.table_name, r.id, r.client_id, clock_timestamp(), 1
  FROM (SELECT 'system_configurations', id, client_id FROM public.system_configurations
        UNION ALL SELECT 'template_configurations', id, NULL FROM public.template_configurations
        UNION ALL SELECT 'client_customizations', id, client_id FROM public.client_customizations
        UNION ALL SELECT 'deployment_configurations', id, client_id FROM public.deployment_configurations) r (table_name, id, client_id);

REVOKE ALL ON FUNCTION tenantry.take_revision(), tenantry.history_keep(), tenantry.history_note_applied() FROM PUBLIC;
