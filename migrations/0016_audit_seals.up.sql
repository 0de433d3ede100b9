-- What makes the audit log hard to tamper with: a salted hash in every entry, the refusal of every change, and the
-- seals, a signed chain over the hashes. The key that signs is a file outside the database, so that whoever owns the
-- database, even as superuser, can break the chain but not forge it. `tenantry audit verify` finds where it is broken.

-- A missing partition would stop every write of every table, so this one table has a DEFAULT. It is empty as long as
-- tenantry.maintain_partitions() runs.
CREATE TABLE tenantry_partitions.audit_log_default PARTITION OF public.audit_log DEFAULT;
COMMENT ON TABLE tenantry_partitions.audit_log_default IS
    'Entries of months without a partition of their own: there so that no write ever fails for lack of one.';

-- Entries -----------------------------------------------------------------------------------------------

-- The canonical form is a JSON array as PostgreSQL prints it: injective, because strings are quoted and their quotes
-- escaped, free of every setting of the session (the time is a count of microseconds), and the same bytes come out
-- of src/audit/canonical.rs. It opens with its version; another form gets another number, and old entries keep theirs.
CREATE FUNCTION tenantry.audit_hash_row() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS
$$
BEGIN
    -- Whoever may insert may still not choose these. The id comes from the identity column (GENERATED ALWAYS).
    NEW.transaction_id := pg_current_xact_id();
    NEW.salt := gen_random_uuid();
    NEW.erased_at := NULL;
    NEW.row_hash := sha256(convert_to(json_build_array(
        'tenantry.audit_log.1', NEW.salt, NEW.id, (extract(epoch FROM NEW.at) * 1000000)::bigint, NEW.transaction_id::pg_catalog.text,
        NEW.user_id, NEW.token_id, NEW.session_id, NEW.actor, NEW.database_role, NEW.login_role, NEW.address,
        NEW.action, NEW.table_schema, NEW.table_name, NEW.row_id, NEW.client_id, NEW.before, NEW.after, NEW.details,
        NEW.request_id, NEW.reason)::pg_catalog.text, 'UTF8'));
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.audit_hash_row() IS
    'Gives an entry its salt, its transaction and its row_hash: SHA-256 of a JSON array of version, salt, id, at (microseconds since 1970), transaction_id, user_id, token_id, session_id, actor, database_role, login_role, address, action, table_schema, table_name, row_id, client_id, before, after, details, request_id, reason.';
CREATE TRIGGER audit_hash_row BEFORE INSERT ON public.audit_log
    FOR EACH ROW EXECUTE FUNCTION tenantry.audit_hash_row();

CREATE FUNCTION tenantry.audit_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS
$$
DECLARE
    contents constant pg_catalog.text[] := '{before,after,details,reason,address,salt,erased_at}';
BEGIN
    -- The one change there is: an erasure, which empties the contents and touches nothing else.
    IF TG_LEVEL = 'ROW' AND TG_OP = 'UPDATE' THEN
        IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
           AND num_nonnulls(NEW.before, NEW.after, NEW.details, NEW.reason, NEW.address, NEW.salt) = 0
           AND to_jsonb(OLD) - contents = to_jsonb(NEW) - contents
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE insufficient_privilege USING
        MESSAGE = format('%s is only added to: %s is refused', TG_TABLE_NAME, TG_OP),
        HINT = 'Contents are erased with tenantry.erase_audit_log(ids, reason); old months go with their partition.';
END
$$;
COMMENT ON FUNCTION tenantry.audit_refuse_change() IS
    'Refuses to change the audit log and its seals, to their owner too; lets an erasure through.';
CREATE TRIGGER audit_refuse_change BEFORE UPDATE OR DELETE ON public.audit_log
    FOR EACH ROW EXECUTE FUNCTION tenantry.audit_refuse_change();
CREATE TRIGGER audit_refuse_truncate BEFORE TRUNCATE ON public.audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_refuse_change();

-- Seals -------------------------------------------------------------------------------------------------

CREATE TABLE tenantry.audit_seals (
    number           bigint         CONSTRAINT audit_seals_pkey PRIMARY KEY,
    sealed_at        timestamptz    NOT NULL,
    month            date,
    ids              int8multirange NOT NULL,
    row_count        bigint         NOT NULL,
    rows_hash        bytea          NOT NULL,
    previous_hash    bytea          NOT NULL,
    snapshot         pg_snapshot    NOT NULL,
    restored_through bigint         NOT NULL DEFAULT 0,
    key_id           text           NOT NULL,
    seal_hash        bytea          NOT NULL,
    signature        bytea          NOT NULL,
    CONSTRAINT audit_seals_number_check CHECK (number >= 1),
    CONSTRAINT audit_seals_empty_check CHECK ((row_count = 0) = isempty(ids) AND (row_count = 0) = (month IS NULL)),
    CONSTRAINT audit_seals_hashes_check CHECK (
        octet_length(rows_hash) = 32 AND octet_length(previous_hash) = 32
        AND octet_length(seal_hash) = 32 AND octet_length(signature) = 64)
);
CREATE INDEX audit_seals_ids ON tenantry.audit_seals USING gist (ids) WHERE row_count > 0;
COMMENT ON TABLE tenantry.audit_seals IS
    'The chain of signed seals over the entries of the audit log. One sealer at a time seals what became visible since the last seal; an empty seal every minute shows that it was there. Kept when a month of the log is dropped.';
COMMENT ON COLUMN tenantry.audit_seals.number IS 'Place in the chain, from 1 without a gap.';
COMMENT ON COLUMN tenantry.audit_seals.sealed_at IS 'When it was made, by the database''s clock, before its snapshot was taken.';
COMMENT ON COLUMN tenantry.audit_seals.month IS 'Month (UTC) of the entries: a seal never spans two, so that dropping a month leaves no seal half checkable. NULL for an empty seal.';
COMMENT ON COLUMN tenantry.audit_seals.ids IS 'The entries that it seals. Ids are not in the order of commits, so it can have holes that a later seal fills.';
COMMENT ON COLUMN tenantry.audit_seals.row_count IS 'How many entries it seals.';
COMMENT ON COLUMN tenantry.audit_seals.rows_hash IS 'SHA-256 over id (8 bytes, big endian) and row_hash of each entry, in the order of ids.';
COMMENT ON COLUMN tenantry.audit_seals.previous_hash IS 'seal_hash of the seal before; zeros for the first.';
COMMENT ON COLUMN tenantry.audit_seals.snapshot IS 'What was visible when it was made: the next seal takes what was not.';
COMMENT ON COLUMN tenantry.audit_seals.restored_through IS 'Entries up to this id came from another cluster in a restore, where transaction ids counted differently; their transaction_id says nothing here.';
COMMENT ON COLUMN tenantry.audit_seals.key_id IS 'Which key signed: the first 16 hex digits of the SHA-256 of the public key.';
COMMENT ON COLUMN tenantry.audit_seals.seal_hash IS 'SHA-256 of the canonical form of the seal (src/audit/seal.rs).';
COMMENT ON COLUMN tenantry.audit_seals.signature IS 'Ed25519 over the canonical form, with the key that is kept outside the database.';
COMMENT ON CONSTRAINT audit_seals_pkey ON tenantry.audit_seals IS 'Two sealers at once cannot make two seals of one number: the chain does not fork.';
COMMENT ON INDEX tenantry.audit_seals_ids IS 'The seal of an entry: WHERE row_count > 0 AND ids @> $1.';
COMMENT ON CONSTRAINT audit_seals_number_check ON tenantry.audit_seals IS 'The chain starts at 1.';
COMMENT ON CONSTRAINT audit_seals_empty_check ON tenantry.audit_seals IS 'An empty seal names neither entries nor a month.';
COMMENT ON CONSTRAINT audit_seals_hashes_check ON tenantry.audit_seals IS 'SHA-256 hashes have 32 bytes, Ed25519 signatures 64.';

CREATE TRIGGER audit_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON tenantry.audit_seals
    FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_refuse_change();

-- Writing -----------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.audit_who(
    OUT user_id uuid, OUT token_id uuid, OUT session_id uuid, OUT actor text, OUT database_role text,
    OUT login_role text, OUT address text, OUT request_id text, OUT reason text)
    LANGUAGE plpgsql STABLE SET search_path = '' AS
$$
DECLARE
    claims pg_catalog.text := nullif(current_setting('request.jwt.claims', true), '');
    parsed pg_catalog.jsonb;
BEGIN
    actor := nullif(current_setting('tenantry.actor', true), '');
    request_id := nullif(current_setting('tenantry.request_id', true), '');
    reason := nullif(current_setting('tenantry.reason', true), '');
    address := coalesce(nullif(current_setting('tenantry.address', true), ''), host(inet_client_addr()));
    -- In a definer function current_user is its owner; the setting still names the role of the caller.
    login_role := session_user;
    database_role := current_setting('role');
    IF database_role = 'none' THEN
        database_role := login_role;
    END IF;
    IF claims IS NOT NULL THEN
        -- Claims that nobody can read give an entry without a person. They must not stop an operator's write, and a
        -- request with such claims sees and writes no row anyway.
        BEGIN
            parsed := claims::pg_catalog.jsonb;
            user_id := (parsed ->> 'sub')::pg_catalog.uuid;
            token_id := (parsed ->> 'token_id')::pg_catalog.uuid;
            session_id := (parsed ->> 'session_id')::pg_catalog.uuid;
        EXCEPTION WHEN data_exception THEN
            user_id := NULL;
            token_id := NULL;
            session_id := NULL;
        END;
    END IF;
END
$$;
COMMENT ON FUNCTION tenantry.audit_who() IS
    'Who acts in this transaction, as an audit entry says it: claims, actor, roles, address, request, reason. Internal.';

CREATE FUNCTION tenantry.audit_event(
    action text, details jsonb DEFAULT NULL, client_id uuid DEFAULT NULL,
    table_name text DEFAULT NULL, row_id text DEFAULT NULL, table_schema text DEFAULT 'public')
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    entry bigint;
BEGIN
    IF audit_event.action IN ('', 'insert', 'update', 'delete', 'truncate') THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('%L is not the name of an event: what happens to rows is logged by their triggers', audit_event.action),
            HINT = 'Name what was done: sign_in, reveal, export, backup, restore, migration.';
    END IF;
    IF audit_event.action IN ('erasure', 'retention') AND tenantry.is_request() THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('no request logs %s', audit_event.action),
            HINT = 'tenantry audit verify excuses what such an entry names, so the operator alone writes one.';
    END IF;
    INSERT INTO public.audit_log (user_id, token_id, session_id, actor, database_role, login_role, address, request_id, reason,
                                  action, details, client_id, table_schema, table_name, row_id)
    SELECT w.user_id, w.token_id, w.session_id, w.actor, w.database_role, w.login_role, w.address, w.request_id, w.reason,
           audit_event.action, audit_event.details, audit_event.client_id,
           CASE WHEN audit_event.table_name IS NOT NULL THEN audit_event.table_schema END, audit_event.table_name, audit_event.row_id
      FROM tenantry.audit_who() w
    RETURNING id INTO entry;
    RETURN entry;
END
$$;
COMMENT ON FUNCTION tenantry.audit_event(text, jsonb, uuid, text, text, text) IS
    'Logs an act that is no row (sign_in, reveal, export, backup, restore, migration …), in the transaction of the act. Who did it is taken from the settings of the transaction, never from the caller. Never pass a secret.';

-- Erasure and retention ---------------------------------------------------------------------------------

CREATE FUNCTION tenantry.erase_audit_log(ids int8multirange, reason text)
    RETURNS bigint LANGUAGE plpgsql SET search_path = '' AS
$$
DECLARE
    erased pg_catalog.int8multirange;
BEGIN
    WITH emptied AS (
        UPDATE public.audit_log l
           SET erased_at = clock_timestamp(), salt = NULL, before = NULL, after = NULL, details = NULL, reason = NULL, address = NULL
         WHERE l.id <@ erase_audit_log.ids AND l.erased_at IS NULL
           -- These say what is gone and why; without them verify could not tell erased from tampered with.
           AND l.action NOT IN ('erasure', 'retention')
        RETURNING l.id)
    SELECT coalesce(range_agg(int8range(e.id, e.id, '[]')), '{}') INTO erased FROM emptied e;
    PERFORM set_config('tenantry.reason', erase_audit_log.reason, true);
    PERFORM tenantry.audit_event('erasure', jsonb_build_object('ids', erased::pg_catalog.text));
    RETURN (SELECT coalesce(sum(upper(r) - lower(r)), 0) FROM unnest(erased) r);
END
$$;
COMMENT ON FUNCTION tenantry.erase_audit_log(int8multirange, text) IS
    'Erases the contents of entries and logs that it did. The hashes stay, so the seals still hold; verify accepts an erased entry only where such an entry names it. For the owner only.';

CREATE FUNCTION tenantry.note_audit_retention(partition regclass)
    RETURNS bigint LANGUAGE plpgsql SET search_path = '' AS
$$
DECLARE
    dropped pg_catalog.int8multirange;
    unsealed pg_catalog.int8multirange;
BEGIN
    EXECUTE format('SELECT coalesce(range_agg(int8range(id, id, ''[]'')), ''{}'') FROM %s', partition) INTO dropped;
    unsealed := dropped - (SELECT coalesce(range_agg(s.ids), '{}') FROM tenantry.audit_seals s);
    IF NOT isempty(unsealed) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('%s holds entries that no seal holds yet: %s', partition, unsealed),
            HINT = 'Let the sealer run (tenantry up), then drop the partition.';
    END IF;
    RETURN tenantry.audit_event('retention', jsonb_build_object('partition', partition::pg_catalog.text, 'ids', dropped::pg_catalog.text));
END
$$;
COMMENT ON FUNCTION tenantry.note_audit_retention(regclass) IS
    'Logs that a month of the audit log is about to be dropped, so that verify can tell it from a removal. Called by retention, before the partition goes. For the owner only.';

-- Rights ------------------------------------------------------------------------------------------------

REVOKE ALL ON FUNCTION tenantry.audit_hash_row(), tenantry.audit_refuse_change(), tenantry.audit_who(),
    tenantry.audit_event(text, jsonb, uuid, text, text, text), tenantry.erase_audit_log(int8multirange, text),
    tenantry.note_audit_retention(regclass) FROM PUBLIC;
