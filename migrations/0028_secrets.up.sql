-- Secrets: ciphertexts, the data keys that they are sealed under, and what tells the right key-encryption key.
--
-- The rows of public hold masks, which name a secret; a dump without the key-encryption keys, which never enter the
-- database, opens none of them. What seals and opens is the program (crates/envelope): nothing here can.

CREATE TABLE tenantry.encryption_keys (
    key_id      varchar(64) CONSTRAINT encryption_keys_pkey PRIMARY KEY
                CONSTRAINT encryption_keys_key_id_check CHECK (key_id ~ '^kek-[0-9a-f]{16}$'),
    check_value bytea       NOT NULL
                CONSTRAINT encryption_keys_check_value_check CHECK (octet_length(check_value) = 32),
    first_used_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE tenantry.encryption_keys IS 'The key-encryption keys that this database needs: never a key, only what it is called and what tells it from others.';
COMMENT ON COLUMN tenantry.encryption_keys.key_id IS 'What the key is called; derived from it.';
COMMENT ON COLUMN tenantry.encryption_keys.check_value IS 'Derived from the key as well: a key that gives another isn''t the one.';
COMMENT ON COLUMN tenantry.encryption_keys.first_used_at IS 'Since when this database needs it.';

CREATE TABLE tenantry.data_keys (
    id         uuid        CONSTRAINT data_keys_pkey PRIMARY KEY,
    client_id  uuid,
    key_id     varchar(64) NOT NULL CONSTRAINT data_keys_key_id_fkey REFERENCES tenantry.encryption_keys (key_id),
    wrapped    bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz
);
-- Of two transactions that give a client its first key, the second waits here and takes the first one's.
CREATE UNIQUE INDEX data_keys_client_id_key ON tenantry.data_keys (client_id) NULLS NOT DISTINCT WHERE retired_at IS NULL;
CREATE INDEX data_keys_key_id_idx ON tenantry.data_keys (key_id);
COMMENT ON TABLE tenantry.data_keys IS 'The keys of secrets: one for each client and one for global rows, each wrapped by a key-encryption key.';
COMMENT ON COLUMN tenantry.data_keys.id IS 'Part of what each secret under it is bound to.';
COMMENT ON COLUMN tenantry.data_keys.client_id IS 'Whose secrets it seals; NULL for those of global and template rows.';
COMMENT ON COLUMN tenantry.data_keys.key_id IS 'The key-encryption key that it is wrapped by.';
COMMENT ON COLUMN tenantry.data_keys.wrapped IS 'The key, wrapped: AES-256-GCM bound to its id, its client and the wrapping key.';
COMMENT ON COLUMN tenantry.data_keys.created_at IS 'When it was made.';
COMMENT ON COLUMN tenantry.data_keys.retired_at IS 'Since when another one seals; it goes when nothing is sealed under it any more.';
COMMENT ON INDEX tenantry.data_keys_client_id_key IS 'The key that seals for a client: WHERE client_id IS NOT DISTINCT FROM $1 AND retired_at IS NULL.';
COMMENT ON INDEX tenantry.data_keys_key_id_idx IS 'What a key-encryption key still wraps: WHERE key_id = $1.';

CREATE TABLE tenantry.secrets (
    id          uuid         CONSTRAINT secrets_pkey PRIMARY KEY,
    client_id   uuid,
    table_name  varchar(63)  NOT NULL,
    column_name varchar(63)  NOT NULL,
    path        text         NOT NULL,
    data_key_id uuid         NOT NULL CONSTRAINT secrets_data_key_id_fkey REFERENCES tenantry.data_keys (id),
    ciphertext  bytea        NOT NULL,
    fingerprint varchar(64)  NOT NULL CONSTRAINT secrets_fingerprint_check CHECK (fingerprint ~ '^[0-9a-f]{32}$'),
    set_at      timestamptz  NOT NULL DEFAULT clock_timestamp(),
    set_by      text
);
CREATE INDEX secrets_data_key_id_idx ON tenantry.secrets (data_key_id);
COMMENT ON TABLE tenantry.secrets IS 'Ciphertexts. A row of public holds a mask that names one; former contents keep theirs, so that going back needs no plain value.';
COMMENT ON COLUMN tenantry.secrets.id IS 'What masks name.';
COMMENT ON COLUMN tenantry.secrets.client_id IS 'Whose row it belongs to; NULL for global and template rows.';
COMMENT ON COLUMN tenantry.secrets.table_name IS 'The table it belongs to.';
COMMENT ON COLUMN tenantry.secrets.column_name IS 'The column it belongs to.';
COMMENT ON COLUMN tenantry.secrets.path IS 'The place in that column as a JSON pointer; in configuration_value the row''s key comes first.';
COMMENT ON COLUMN tenantry.secrets.data_key_id IS 'The data key that it is sealed under.';
COMMENT ON COLUMN tenantry.secrets.ciphertext IS 'AES-256-GCM, bound to id, client, table, column, path and data key.';
COMMENT ON COLUMN tenantry.secrets.fingerprint IS 'MAC of the value under a key of the client''s: equal where values are, no help in guessing them.';
COMMENT ON COLUMN tenantry.secrets.set_at IS 'When it was set.';
COMMENT ON COLUMN tenantry.secrets.set_by IS 'Who set it: a person''s id, or an operator.';
COMMENT ON INDEX tenantry.secrets_data_key_id_idx IS 'What is still sealed under a data key: WHERE data_key_id = $1.';

CREATE FUNCTION tenantry.secrets_stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    who pg_catalog.record := tenantry.audit_who();
BEGIN
    NEW.set_at := clock_timestamp();
    NEW.set_by := coalesce(who.user_id::pg_catalog.text, who.token_id::pg_catalog.text, left(substring(who.actor FROM '^operator:.+'), 100));
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.secrets_stamp() IS 'Says who set a secret and when, whatever was sent.';
CREATE TRIGGER secrets_stamp BEFORE INSERT ON tenantry.secrets FOR EACH ROW EXECUTE FUNCTION tenantry.secrets_stamp();

CREATE FUNCTION tenantry.secrets_stay() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS
$$
BEGIN
    IF to_jsonb(NEW) - '{ciphertext,data_key_id}'::pg_catalog.text[] IS DISTINCT FROM to_jsonb(OLD) - '{ciphertext,data_key_id}'::pg_catalog.text[] THEN
        RAISE EXCEPTION USING
            ERRCODE = 'TN422',
            MESSAGE = 'a secret is never changed: masks in rows and in their history name it as it is',
            HINT = 'Set a new value in the row, which gets a secret of its own.',
            SCHEMA = 'tenantry', TABLE = 'secrets', CONSTRAINT = 'secrets_stay';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.secrets_stay() IS 'Holds everything of a secret but under which data key it is sealed.';
CREATE TRIGGER secrets_stay BEFORE UPDATE ON tenantry.secrets FOR EACH ROW EXECUTE FUNCTION tenantry.secrets_stay();

CREATE FUNCTION tenantry.secret_mask(secret tenantry.secrets) RETURNS jsonb LANGUAGE sql STABLE SET search_path = '' AS
$$
    SELECT jsonb_build_object('$secret', jsonb_build_object(
        'id', secret.id, 'fingerprint', secret.fingerprint,
        'set_at', to_char(secret.set_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'set_by', secret.set_by))
$$;
COMMENT ON FUNCTION tenantry.secret_mask(tenantry.secrets) IS 'What stands in a document in a secret''s place.';

CREATE FUNCTION tenantry.secret_text_mask(secret tenantry.secrets) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = '' AS
$$
    SELECT format('secret:%s:%s', secret.id, secret.fingerprint)
$$;
COMMENT ON FUNCTION tenantry.secret_text_mask(tenantry.secrets) IS 'What stands in a column of text in a secret''s place.';

REVOKE ALL ON FUNCTION tenantry.secrets_stamp(), tenantry.secrets_stay(), tenantry.secret_mask(tenantry.secrets),
    tenantry.secret_text_mask(tenantry.secrets) FROM PUBLIC;

-- Rotation touches every data key, and is one entry of its own.
SELECT tenantry.audit_table('tenantry.encryption_keys', key => '{key_id}', hidden => '{check_value}');
SELECT tenantry.audit_table('tenantry.data_keys', client => 'client_id', kept => '{wrapped,key_id}', hidden => '{wrapped}');
