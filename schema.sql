-- The schema of a fresh database, made from migrations/ by `make generate`; the monthly partitions are left out.

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA auth;

ALTER SCHEMA auth OWNER TO tenantry_owner;

COMMENT ON SCHEMA auth IS 'Who can sign in, shaped like Supabase''s.';

CREATE SCHEMA tenantry;

ALTER SCHEMA tenantry OWNER TO tenantry_owner;

COMMENT ON SCHEMA tenantry IS 'Tenantry''s own: people, sessions, tokens, helper functions, ledger. Not reachable through the table API.';

CREATE FUNCTION auth.jwt() RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ SELECT nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb $$;

ALTER FUNCTION auth.jwt() OWNER TO tenantry_owner;

COMMENT ON FUNCTION auth.jwt() IS 'The claims of the request, unchecked; NULL without any.';

CREATE FUNCTION auth.role() RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ SELECT nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' $$;

ALTER FUNCTION auth.role() OWNER TO tenantry_owner;

COMMENT ON FUNCTION auth.role() IS 'The claim role of the request, unchecked; authenticated for everybody who is signed in.';

CREATE FUNCTION auth.uid() RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$ SELECT (nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;

ALTER FUNCTION auth.uid() OWNER TO tenantry_owner;

COMMENT ON FUNCTION auth.uid() IS 'The claim sub of the request, unchecked; NULL without claims.';

CREATE FUNCTION tenantry.activate_customization() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.activate_customization() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.activate_customization() IS 'Only what was approved is served, and of a template only what doesn''t change any more.';

CREATE FUNCTION tenantry.add_first_administrator(secret_hash bytea, email text, name text, password_hash text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    link pg_catalog.uuid;
    person pg_catalog.uuid;
BEGIN
    UPDATE tenantry.links l
       SET used_at = now()
     WHERE l.secret_hash = add_first_administrator.secret_hash AND l.kind = 'set_up'
       AND l.used_at IS NULL AND l.expires_at > now()
     RETURNING l.id INTO link;
    IF link IS NULL OR tenantry.has_administrator() THEN
        RETURN NULL;
    END IF;
    person := tenantry.add_person(add_first_administrator.email, add_first_administrator.name, 'super_admin');
    INSERT INTO tenantry.passwords (user_id, password_hash) VALUES (person, add_first_administrator.password_hash);
    RETURN person;
END
$$;

ALTER FUNCTION tenantry.add_first_administrator(secret_hash bytea, email text, name text, password_hash text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.add_first_administrator(secret_hash bytea, email text, name text, password_hash text) IS 'Makes the first super admin, by a link that counts, while there is none; else gives NULL.';

CREATE FUNCTION tenantry.add_person(email text, name text, role text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    person pg_catalog.uuid;
    known constant pg_catalog.uuid[] := ARRAY(SELECT u.id FROM auth.users u WHERE lower(u.email) = lower(add_person.email));
BEGIN
    IF cardinality(known) > 1 OR EXISTS (SELECT FROM tenantry.people p WHERE p.user_id = ANY (known)) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'TN422', MESSAGE = 'there is a person with this address already',
            HINT = 'An address is one person''s, whatever its case: give that person another role, or a link for a new password.',
            SCHEMA = 'tenantry', TABLE = 'people', COLUMN = 'email', CONSTRAINT = 'people_address';
    END IF;
    person := known[1];
    IF person IS NULL THEN
        person := gen_random_uuid();
        -- A site's own table may have two columns alone.
        IF EXISTS (SELECT FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = 'auth.users'::pg_catalog.regclass AND a.attname = 'raw_app_meta_data' AND NOT a.attisdropped) THEN
            INSERT INTO auth.users (id, email, raw_app_meta_data)
            VALUES (person, add_person.email, jsonb_build_object('role', add_person.role));
        ELSE
            INSERT INTO auth.users (id, email) VALUES (person, add_person.email);
        END IF;
    END IF;
    INSERT INTO tenantry.people (user_id, role, created_by) VALUES (person, add_person.role, tenantry.user_id());
    IF add_person.name <> '' THEN
        INSERT INTO tenantry.user_metadata (user_id, data) VALUES (person, jsonb_build_object('name', add_person.name));
    END IF;
    RETURN person;
END
$$;

ALTER FUNCTION tenantry.add_person(email text, name text, role text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.add_person(email text, name text, role text) IS 'Adds a person without a password; somebody of the site''s who has no role yet gets one, and keeps their id.';

CREATE FUNCTION tenantry.audit_delete() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET jit TO 'off'
    AS $$
DECLARE
    key pg_catalog.text := TG_ARGV[0];
    key2 pg_catalog.text := nullif(TG_ARGV[1], '');
    client pg_catalog.text := nullif(TG_ARGV[2], '');
    masks pg_catalog.jsonb := TG_ARGV[4];
BEGIN
    INSERT INTO public.audit_log (user_id, token_id, session_id, actor, database_role, login_role, address, request_id, reason,
                                  action, table_schema, table_name, row_id, client_id, before)
    SELECT w.user_id, w.token_id, w.session_id, w.actor, w.database_role, w.login_role, w.address, w.request_id, w.reason,
           'delete', TG_TABLE_SCHEMA, TG_TABLE_NAME, concat_ws('/', o.content ->> key, o.content ->> key2),
           (o.content ->> client)::pg_catalog.uuid,
           CASE WHEN tenantry.audit_suspects(t.said) THEN tenantry.masked(o.content || masks) ELSE o.content || masks END
      FROM (SELECT to_jsonb(r) AS content FROM gone r OFFSET 0) o
     CROSS JOIN LATERAL (SELECT (o.content - 'configuration_key')::pg_catalog.text AS said OFFSET 0) t
     CROSS JOIN tenantry.audit_who() w;
    RETURN NULL;
END
$$;

ALTER FUNCTION tenantry.audit_delete() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.audit_delete() IS 'Logs deleted rows whole. Arguments as tenantry.audit_table() gives them.';

CREATE FUNCTION tenantry.audit_event(action text, details jsonb DEFAULT NULL::jsonb, client_id uuid DEFAULT NULL::uuid, table_name text DEFAULT NULL::text, row_id text DEFAULT NULL::text, table_schema text DEFAULT 'public'::text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.audit_event(action text, details jsonb, client_id uuid, table_name text, row_id text, table_schema text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.audit_event(action text, details jsonb, client_id uuid, table_name text, row_id text, table_schema text) IS 'Logs an act that is no row (sign_in, reveal, export, backup, restore, migration …), in the transaction of the act. Who did it is taken from the settings of the transaction, never from the caller. Never pass a secret.';

CREATE FUNCTION tenantry.audit_hash_row() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.audit_hash_row() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.audit_hash_row() IS 'Gives an entry its salt, its transaction and its row_hash: SHA-256 of a JSON array of version, salt, id, at (microseconds since 1970), transaction_id, user_id, token_id, session_id, actor, database_role, login_role, address, action, table_schema, table_name, row_id, client_id, before, after, details, request_id, reason.';

CREATE FUNCTION tenantry.audit_insert() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET jit TO 'off'
    AS $$
DECLARE
    key pg_catalog.text := TG_ARGV[0];
    key2 pg_catalog.text := nullif(TG_ARGV[1], '');
    client pg_catalog.text := nullif(TG_ARGV[2], '');
    masks pg_catalog.jsonb := TG_ARGV[4];
BEGIN
    INSERT INTO public.audit_log (user_id, token_id, session_id, actor, database_role, login_role, address, request_id, reason,
                                  action, table_schema, table_name, row_id, client_id, after)
    SELECT w.user_id, w.token_id, w.session_id, w.actor, w.database_role, w.login_role, w.address, w.request_id, w.reason,
           'insert', TG_TABLE_SCHEMA, TG_TABLE_NAME, concat_ws('/', n.content ->> key, n.content ->> key2),
           (n.content ->> client)::pg_catalog.uuid,
           CASE WHEN tenantry.audit_suspects(t.said) THEN tenantry.masked(n.content || masks) ELSE n.content || masks END
      -- OFFSET 0 keeps the planner from writing the row out once for each use of it.
      FROM (SELECT to_jsonb(r) AS content FROM written r OFFSET 0) n
     CROSS JOIN LATERAL (SELECT (n.content - 'configuration_key')::pg_catalog.text AS said OFFSET 0) t
     CROSS JOIN tenantry.audit_who() w;
    RETURN NULL;
END
$$;

ALTER FUNCTION tenantry.audit_insert() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.audit_insert() IS 'Logs inserted rows whole. Arguments as tenantry.audit_table() gives them.';

CREATE FUNCTION tenantry.audit_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.audit_refuse_change() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.audit_refuse_change() IS 'Refuses to change the audit log and its seals, to their owner too; lets an erasure through.';

CREATE FUNCTION tenantry.audit_suspects(said text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT said OPERATOR(pg_catalog.~*) 'secret|passw|passphrase|pwd|token|credential|key|[sr]k_|whsec_|gh[opsur]_|_pat_|glpat-|npm_|xox|akia|sg[.]|tnt_|-----begin|eyj|://'
        OR said OPERATOR(pg_catalog.~) '[A-Za-z0-9+/]{16}'
$$;

ALTER FUNCTION tenantry.audit_suspects(said text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.audit_suspects(said text) IS 'Whether a document, as text, could hold something that tenantry.masked() masks. Internal.';

CREATE FUNCTION tenantry.audit_table(audited regclass, key text[] DEFAULT '{id}'::text[], client text DEFAULT ''::text, kept text[] DEFAULT '{}'::text[], hidden text[] DEFAULT '{}'::text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $_$
DECLARE
    arguments pg_catalog.text := format('%L, %L, %L, %L, %L', key[1], coalesce(key[2], ''), client, kept || '{updated_at,updated_by}',
        (SELECT coalesce(jsonb_object_agg(h, '{"$hidden": true}'::pg_catalog.jsonb), '{}') FROM unnest(hidden) h));
BEGIN
    EXECUTE format('CREATE TRIGGER audit_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS written
                    FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert(%s)', audited, arguments);
    EXECUTE format('CREATE TRIGGER audit_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS former NEW TABLE AS written
                    FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update(%s)', audited, arguments);
    EXECUTE format('CREATE TRIGGER audit_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS gone
                    FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete(%s)', audited, arguments);
    EXECUTE format('CREATE TRIGGER audit_truncate AFTER TRUNCATE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate()', audited);
END
$_$;

ALTER FUNCTION tenantry.audit_table(audited regclass, key text[], client text, kept text[], hidden text[]) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.audit_table(audited regclass, key text[], client text, kept text[], hidden text[]) IS 'Has every write of a table logged. key: its primary key (at most two columns); client: the column with the client, or empty; kept: columns whose change alone is no act; hidden: columns whose values never get into the log. For migrations.';

CREATE FUNCTION tenantry.audit_truncate() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
    INSERT INTO public.audit_log (user_id, token_id, session_id, actor, database_role, login_role, address, request_id, reason,
                                  action, table_schema, table_name)
    SELECT w.user_id, w.token_id, w.session_id, w.actor, w.database_role, w.login_role, w.address, w.request_id, w.reason,
           'truncate', TG_TABLE_SCHEMA, TG_TABLE_NAME
      FROM tenantry.audit_who() w;
    RETURN NULL;
END
$$;

ALTER FUNCTION tenantry.audit_truncate() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.audit_truncate() IS 'Logs that a table was emptied: nobody is granted it, but its owner can.';

CREATE FUNCTION tenantry.audit_update() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET jit TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
DECLARE
    key pg_catalog.text := TG_ARGV[0];
    key2 pg_catalog.text := nullif(TG_ARGV[1], '');
    client pg_catalog.text := nullif(TG_ARGV[2], '');
    kept pg_catalog.text[] := TG_ARGV[3];
    masks pg_catalog.jsonb := TG_ARGV[4];
BEGIN
    INSERT INTO public.audit_log (user_id, token_id, session_id, actor, database_role, login_role, address, request_id, reason,
                                  action, table_schema, table_name, row_id, client_id, before, after)
    SELECT w.user_id, w.token_id, w.session_id, w.actor, w.database_role, w.login_role, w.address, w.request_id, w.reason,
           'update', TG_TABLE_SCHEMA, TG_TABLE_NAME, coalesce(n.row_id, o.row_id),
           (coalesce(n.content, o.content) ->> client)::pg_catalog.uuid,
           CASE WHEN tenantry.audit_suspects(t.said) THEN tenantry.masked(d.before) ELSE d.before END,
           CASE WHEN tenantry.audit_suspects(t.said) THEN tenantry.masked(d.after) ELSE d.after END
      -- A row whose key was changed finds no partner: it gives one entry that ends the old key, one that begins the new.
      FROM (SELECT c.content, concat_ws('/', c.content ->> key, c.content ->> key2) AS row_id
              FROM (SELECT to_jsonb(r) AS content FROM former r OFFSET 0) c OFFSET 0) o
      FULL JOIN (SELECT c.content, concat_ws('/', c.content ->> key, c.content ->> key2) AS row_id
                   FROM (SELECT to_jsonb(r) AS content FROM written r OFFSET 0) c OFFSET 0) n ON n.row_id = o.row_id
     CROSS JOIN LATERAL (
           SELECT jsonb_object_agg(e.key, coalesce(masks -> e.key, o.content -> e.key)) FILTER (WHERE o.content IS NOT NULL) AS before,
                  jsonb_object_agg(e.key, coalesce(masks -> e.key, e.value)) FILTER (WHERE n.content IS NOT NULL) AS after
             FROM jsonb_each(coalesce(n.content, o.content)) e
            WHERE e.key <> ALL (kept)
              AND (n.content IS NULL OR o.content -> e.key IS DISTINCT FROM e.value)
           HAVING count(*) > 0) d
     CROSS JOIN LATERAL (SELECT concat(d.before - 'configuration_key', d.after - 'configuration_key') AS said OFFSET 0) t
     CROSS JOIN tenantry.audit_who() w;
    RETURN NULL;
END
$$;

ALTER FUNCTION tenantry.audit_update() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.audit_update() IS 'Logs the changed columns of updated rows, before and after. Arguments as tenantry.audit_table() gives them.';

CREATE FUNCTION tenantry.audit_who(OUT user_id uuid, OUT token_id uuid, OUT session_id uuid, OUT actor text, OUT database_role text, OUT login_role text, OUT address text, OUT request_id text, OUT reason text) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.audit_who(OUT user_id uuid, OUT token_id uuid, OUT session_id uuid, OUT actor text, OUT database_role text, OUT login_role text, OUT address text, OUT request_id text, OUT reason text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.audit_who(OUT user_id uuid, OUT token_id uuid, OUT session_id uuid, OUT actor text, OUT database_role text, OUT login_role text, OUT address text, OUT request_id text, OUT reason text) IS 'Who acts in this transaction, as an audit entry says it: claims, actor, roles, address, request, reason. Internal.';

CREATE FUNCTION tenantry.begin_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.begin_change() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.begin_change() IS 'Notes who proposed a change, from the session; one that is applied at once may reach no protected environment.';

CREATE FUNCTION tenantry.begin_customization() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.begin_customization() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.begin_customization() IS 'A customization is born as a draft, neither active nor approved.';

CREATE FUNCTION tenantry.begin_deployment_configuration() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.begin_deployment_configuration() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.begin_deployment_configuration() IS 'A deployment configuration is born as a draft, not in force.';

CREATE FUNCTION tenantry.check_member() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.check_member() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.check_member() IS 'member_role is client exactly for people whose role is client.';

CREATE FUNCTION tenantry.check_person_role() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.check_person_role() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.check_person_role() IS 'A person with memberships doesn''t become, or cease to be, a client''s login.';

CREATE FUNCTION tenantry.columns_changed(new_row jsonb, old_row jsonb, names text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    SELECT ARRAY(SELECT n FROM unnest(names) n WHERE new_row -> n IS DISTINCT FROM old_row -> n ORDER BY n)
$$;

ALTER FUNCTION tenantry.columns_changed(new_row jsonb, old_row jsonb, names text[]) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.columns_changed(new_row jsonb, old_row jsonb, names text[]) IS 'Which of the named columns differ.';

CREATE FUNCTION tenantry.contents_differ(a jsonb, b jsonb, besides text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    SELECT a - n.names <> b - n.names
      -- TG_ARGV of a trigger without arguments is NULL.
      FROM (SELECT coalesce(besides, '{}') || '{created_at,created_by,updated_at,updated_by,version}'::pg_catalog.text[]) n (names)
$$;

ALTER FUNCTION tenantry.contents_differ(a jsonb, b jsonb, besides text[]) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.contents_differ(a jsonb, b jsonb, besides text[]) IS 'Whether two rows differ in more than their stamps and the named columns, which Tenantry keeps by itself.';

CREATE FUNCTION tenantry.copy_role(person uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = 'auth.users'::pg_catalog.regclass AND a.attname = 'raw_app_meta_data' AND NOT a.attisdropped
                  AND has_column_privilege(a.attrelid, a.attnum, 'UPDATE')) THEN
        UPDATE auth.users u
           SET raw_app_meta_data = u.raw_app_meta_data || jsonb_build_object('role', p.role)
          FROM tenantry.people p
         WHERE u.id = person AND p.user_id = person;
    END IF;
END
$$;

ALTER FUNCTION tenantry.copy_role(person uuid) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.copy_role(person uuid) IS 'Copies a person''s role to where tokens are made from, on a table that Tenantry may write; a site''s own copy is its own.';

CREATE FUNCTION tenantry.count_writes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
    ELSE
        NEW.version := OLD.version + CASE WHEN tenantry.contents_differ(to_jsonb(NEW), to_jsonb(OLD), TG_ARGV) THEN 1 ELSE 0 END;
    END IF;
    RETURN NEW;
END
$$;

ALTER FUNCTION tenantry.count_writes() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.count_writes() IS 'Counts the changes of a row in version, whatever was sent; the columns named as arguments don''t count.';

CREATE FUNCTION tenantry.deployable_columns() RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    SELECT '{deployment_id,deployment_template_id,hosting_provider,region,instance_type,scaling_config,environment_variables,
             secret_variables,feature_flags,application_config,ssl_config,cors_config,security_headers,caching_config,cdn_config,
             monitoring_config,domain_verification,backup_config,recovery_config,custom_domain,subdomain}'::pg_catalog.text[]
$$;

ALTER FUNCTION tenantry.deployable_columns() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.deployable_columns() IS 'The columns of deployment_configurations that applying freezes.';

CREATE FUNCTION tenantry.end_sessions(person uuid) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    ended pg_catalog.int8;
BEGIN
    UPDATE tenantry.sessions s SET ended_at = now() WHERE s.user_id = person AND s.ended_at IS NULL;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END
$$;

ALTER FUNCTION tenantry.end_sessions(person uuid) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.end_sessions(person uuid) IS 'Ends every session of a person''s, and gives how many there were.';

CREATE FUNCTION tenantry.enter(claims jsonb, request_id text DEFAULT NULL::text, reason text DEFAULT NULL::text, address text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    refusal pg_catalog.text;
    entered pg_catalog.text;
    member_of pg_catalog.uuid[];
    settings pg_catalog.text[];
BEGIN
    BEGIN
        -- Nobody signed in: no person, no token, no role. The roles anon and authenticated see nothing anyway.
        IF claims -> 'sub' IS NOT NULL OR claims -> 'token_id' IS NOT NULL OR claims #> '{app_metadata,role}' IS NOT NULL THEN
            IF claims ->> 'sub' IS NULL THEN
                -- No database role is called tenantry_anon: a publishable key stands for nobody, and shows no row.
                IF tenantry.is_nobodys(claims, 'service', 'service') THEN
                    entered := 'tenantry_service';
                ELSIF NOT coalesce(tenantry.is_nobodys(claims, 'publishable', 'anon'), false) THEN
                    refusal := tenantry.refusal(claims);
                END IF;
            ELSE
                -- The clients are those of member_client_ids, and one more than is noted, so that more are noticed.
                SELECT 'tenantry_' || p.role,
                       CASE WHEN p.role IN ('client', 'staff', 'manager') THEN ARRAY(
                           SELECT m.client_id
                             FROM public.client_members m
                            WHERE m.user_id = p.user_id AND (m.member_role = 'client') IS NOT DISTINCT FROM (p.role = 'client')
                            LIMIT 201) END
                  INTO entered, member_of
                  FROM tenantry.person(claims) p;
                IF entered IS NULL THEN
                    refusal := tenantry.refusal(claims);
                END IF;
            END IF;
        END IF;
        -- The key of the app that a person uses, beside their own token.
        IF refusal IS NULL AND claims -> 'key_id' IS NOT NULL THEN
            refusal := CASE WHEN NOT EXISTS (
                SELECT FROM tenantry.tokens t
                 WHERE t.id = (claims ->> 'key_id')::pg_catalog.uuid
                   AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now()))
                THEN 'the apikey is unknown, expired or revoked' END;
        END IF;
    EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
        refusal := 'the claims are malformed';
    END;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'TN401', MESSAGE = refusal, HINT = 'Sign in again.';
    END IF;
    -- The server asks for scopes before it comes here; this holds where it forgets to.
    IF claims -> 'token_id' IS NOT NULL THEN
        PERFORM set_config('transaction_read_only', 'on', true)
           FROM tenantry.tokens t
          WHERE t.id = (claims ->> 'token_id')::pg_catalog.uuid
            AND t.kind IN ('personal', 'service') AND 'write' <> ALL (t.scopes);
    END IF;
    -- A long list takes longer to read from a setting than from its table, for each statement.
    IF cardinality(member_of) > 200 THEN
        entered := NULL;
    END IF;
    -- An expression and not PERFORM, which would be a query.
    settings := ARRAY[
        set_config('request.jwt.claims', coalesce(claims::pg_catalog.text, ''), true),
        set_config('tenantry.entered', coalesce(entered, ''), true),
        set_config('tenantry.member_of', coalesce(member_of::pg_catalog.text, '{}'), true),
        set_config('tenantry.request_id', coalesce(request_id, ''), true),
        set_config('tenantry.reason', coalesce(reason, ''), true),
        set_config('tenantry.address', coalesce(address, ''), true)];
END
$$;

ALTER FUNCTION tenantry.enter(claims jsonb, request_id text, reason text, address text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.enter(claims jsonb, request_id text, reason text, address text) IS 'Opens a request: sets claims, request id, reason and address for this transaction, notes who has entered and whose member they are, or raises TN401 for a disabled person, an ended session, a changed role, a revoked token or apikey. With a token that may not write, the transaction is read only. SET LOCAL ROLE follows it.';

CREATE FUNCTION tenantry.entered() RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
    RETURN tenantry.has_note() IS TRUE OR tenantry.holds_now();
END
$$;

ALTER FUNCTION tenantry.entered() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.entered() IS 'Whether the claims of this transaction hold for the role it runs as; false where tenantry.enter raises. Policies for all clients ask it once per statement.';

CREATE FUNCTION tenantry.erase_audit_log(ids int8multirange, reason text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.erase_audit_log(ids int8multirange, reason text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.erase_audit_log(ids int8multirange, reason text) IS 'Erases the contents of entries and logs that it did. The hashes stay, so the seals still hold; verify accepts an erased entry only where such an entry names it. For the owner only.';

CREATE FUNCTION tenantry.expired_partitions() RETURNS TABLE(parent name, partition regclass)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    AS $$
    SELECT p.parent, p.partition
      FROM tenantry.settings s
     CROSS JOIN tenantry.partitions() p
     WHERE s.key = 'partition_retention_months'
       AND jsonb_typeof(s.value -> p.parent::pg_catalog.text) = 'number'
       AND p.upper_bound <= date_trunc('month', now()) - (s.value ->> p.parent::pg_catalog.text)::integer * interval '1 month'
     ORDER BY p.parent, p.upper_bound
$$;

ALTER FUNCTION tenantry.expired_partitions() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.expired_partitions() IS 'Partitions older than the setting partition_retention_months keeps, e.g. {"client_analytics": 36}; none without it. `tenantry partitions maintain` detaches them (CONCURRENTLY, which no function can) and drops them.';

CREATE FUNCTION tenantry.fill_category() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.fill_category() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.fill_category() IS 'Fills configuration_category in from the scope, and refuses one that contradicts it.';

CREATE FUNCTION tenantry.fill_event_client() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.fill_event_client() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.fill_event_client() IS 'Fills an event''s client in from its deployment, for writers that don''t send it.';

CREATE FUNCTION tenantry.first_secret(document jsonb, at text[], configuration_schema jsonb, former jsonb, OUT place text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    SELECT array_to_string(s.place, '.')
      FROM tenantry.json_leaves(document) l
     CROSS JOIN LATERAL tenantry.secret_place(at || l.path, configuration_schema) s (place)
     WHERE s.place IS NOT NULL AND l.value IS DISTINCT FROM former #> l.path AND NOT tenantry.is_mask(l.value)
     LIMIT 1
$$;

ALTER FUNCTION tenantry.first_secret(document jsonb, at text[], configuration_schema jsonb, former jsonb, OUT place text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.first_secret(document jsonb, at text[], configuration_schema jsonb, former jsonb, OUT place text) IS 'The first place, in a document that stands at a path, where a schema says secret, no mask stands and the former document didn''t hold the same value.';

CREATE FUNCTION tenantry.follow_assignment() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.follow_assignment() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.follow_assignment() IS 'Makes the assigned manager a member, and ends the membership that the former one had from being assigned. What a person made stays.';

CREATE FUNCTION tenantry.has_administrator() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
    SELECT EXISTS (SELECT FROM tenantry.people p WHERE p.role = 'super_admin' AND p.disabled_at IS NULL)
$$;

ALTER FUNCTION tenantry.has_administrator() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.has_administrator() IS 'Whether there is a super admin who isn''t disabled.';

CREATE FUNCTION tenantry.has_note() RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    SELECT current_setting('tenantry.entered', true) = current_setting('role')
$$;

ALTER FUNCTION tenantry.has_note() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.has_note() IS 'Whether enter noted in this transaction that somebody of this role has entered. Internal.';

CREATE FUNCTION tenantry.history_keep() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
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

ALTER FUNCTION tenantry.history_keep() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.history_keep() IS 'Keeps the former content of a configuration row with the span and the revisions between which it was current. The columns named as arguments, which Tenantry keeps by itself, move neither history nor revision.';

CREATE FUNCTION tenantry.history_note_applied() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
    UPDATE public.deployment_configurations d
       SET applied_revision = tenantry.take_revision()
     WHERE d.id = NEW.id AND d.applied_configuration IS NOT NULL AND d.applied_revision IS NULL;
    RETURN NULL;
END
$$;

ALTER FUNCTION tenantry.history_note_applied() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.history_note_applied() IS 'Notes the revision that put a deployment configuration into force, which is known at commit only.';

CREATE FUNCTION tenantry.hold_approval() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    NEW.approved_by := OLD.approved_by;
    NEW.approved_at := OLD.approved_at;
    RETURN NEW;
END
$$;

ALTER FUNCTION tenantry.hold_approval() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.hold_approval() IS 'Ignores what a request sends for approved_by and approved_at, which only approving sets.';

CREATE FUNCTION tenantry.hold_customization_content() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.hold_customization_content() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.hold_customization_content() IS 'Content is writable in draft only: what was reviewed is what is deployed.';

CREATE FUNCTION tenantry.hold_pending_rule() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $_$
DECLARE
    rule constant pg_catalog.text := TG_ARGV[0];
    question constant pg_catalog.text := format('SELECT (%s) IS NOT FALSE FROM (SELECT ($1).*) AS written', TG_ARGV[2]);
    holds boolean;
BEGIN
    EXECUTE question INTO holds USING NEW;
    IF NOT holds AND TG_OP = 'UPDATE' AND NOT EXISTS (
        SELECT FROM unnest(TG_ARGV[3:]) AS c (name) WHERE to_jsonb(NEW) -> c.name IS DISTINCT FROM to_jsonb(OLD) -> c.name)
    THEN
        -- It was broken before, and this edit is about something else.
        holds := true;
    END IF;
    IF holds THEN
        RETURN NULL;
    END IF;
    IF TG_ARGV[1] = '23502' THEN
        RAISE not_null_violation USING
            MESSAGE = format('null value in column "%s" of relation "%s" violates not-null constraint', TG_ARGV[3], TG_TABLE_NAME),
            SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = TG_ARGV[3];
    END IF;
    RAISE check_violation USING
        MESSAGE = format('new row for relation "%s" violates check constraint "%s"', TG_TABLE_NAME, rule),
        SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = rule;
END
$_$;

ALTER FUNCTION tenantry.hold_pending_rule() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.hold_pending_rule() IS 'Holds a CHECK or NOT NULL for new writes while existing rows break it: refuses what brings a bad value in or makes one, and lets other edits of such a row through.';

CREATE FUNCTION tenantry.hold_system_row() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.hold_system_row() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.hold_system_row() IS 'System rows are inserted and deleted by super admins only; others change the value.';

CREATE FUNCTION tenantry.holds_now() RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    claims pg_catalog.jsonb;
BEGIN
    claims := nullif(current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb;
    IF current_setting('role') = 'tenantry_service' THEN
        RETURN tenantry.is_nobodys(claims, 'service', 'service');
    END IF;
    RETURN EXISTS (SELECT FROM tenantry.person(claims) p WHERE 'tenantry_' || p.role = current_setting('role'));
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    RETURN false;
END
$$;

ALTER FUNCTION tenantry.holds_now() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.holds_now() IS 'Whether people, sessions and tokens say that the claims of this transaction hold for the role it runs as. Internal.';

CREATE FUNCTION tenantry.holds_token(claims jsonb, kind text, user_id uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM tenantry.tokens t
         WHERE t.id = (claims ->> 'token_id')::pg_catalog.uuid AND t.kind = holds_token.kind
           AND t.user_id IS NOT DISTINCT FROM holds_token.user_id
           AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now()));
END
$$;

ALTER FUNCTION tenantry.holds_token(claims jsonb, kind text, user_id uuid) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.holds_token(claims jsonb, kind text, user_id uuid) IS 'Whether the token that the claims name is alive, of that kind and that person''s; NULL for nobody''s. Internal.';

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE tenantry.changes (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    state character varying(20) DEFAULT 'proposed'::character varying NOT NULL,
    reason text NOT NULL,
    client_id uuid,
    client_ids uuid[] NOT NULL,
    is_shared boolean NOT NULL,
    environments text[] NOT NULL,
    edits integer NOT NULL,
    reverts uuid,
    proposed_at timestamp with time zone DEFAULT now() NOT NULL,
    author uuid,
    author_token uuid,
    author_name text,
    decided_at timestamp with time zone,
    decided_by uuid,
    decided_name text,
    decision text,
    applied_at timestamp with time zone,
    applied_by uuid,
    revision bigint,
    CONSTRAINT changes_applied_at_check CHECK ((((state)::text = 'applied'::text) = (applied_at IS NOT NULL))),
    CONSTRAINT changes_client_id_check CHECK (((client_id IS NULL) OR ((client_ids = ARRAY[client_id]) AND (NOT is_shared)))),
    CONSTRAINT changes_edits_check CHECK ((edits > 0)),
    CONSTRAINT changes_environments_check CHECK ((environments <@ '{development,staging,production}'::text[])),
    CONSTRAINT changes_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 2000))),
    CONSTRAINT changes_state_check CHECK (((state)::text = ANY ((ARRAY['proposed'::character varying, 'approved'::character varying, 'applied'::character varying, 'rejected'::character varying, 'withdrawn'::character varying])::text[])))
);

ALTER TABLE ONLY tenantry.changes FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.changes OWNER TO tenantry_owner;

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

CREATE FUNCTION tenantry.is_author(change tenantry.changes) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.is_author(change tenantry.changes) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.is_author(change tenantry.changes) IS 'Whether whoever acts is the author of a change, by themselves or by a token.';

CREATE FUNCTION tenantry.is_card_number(value text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path TO ''
    AS $_$
DECLARE
    -- People write them in groups, with blanks or dashes, also of the kinds that word processors put there.
    digits pg_catalog.text := regexp_replace(value, '[\s\u00a0\u2007\u202f\u2010-\u2015-]', '', 'g');
    issued boolean;
BEGIN
    IF digits !~ '^[0-9]{13,19}$' THEN
        RETURN false;
    END IF;
    issued := CASE
        WHEN digits ~ '^4' THEN length(digits) IN (13, 16, 19)                                     -- Visa
        WHEN digits ~ '^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)' THEN length(digits) = 16     -- Mastercard
        WHEN digits ~ '^3[47]' THEN length(digits) = 15                                            -- American Express
        WHEN digits ~ '^(6011|64[4-9]|65)' THEN length(digits) BETWEEN 16 AND 19                   -- Discover, RuPay
        WHEN digits ~ '^(30[0-5]|3095|36|38|39)' THEN length(digits) BETWEEN 14 AND 19             -- Diners Club
        WHEN digits ~ '^35(2[89]|[3-8])' THEN length(digits) BETWEEN 16 AND 19                     -- JCB
        WHEN digits ~ '^(62|81)' THEN length(digits) BETWEEN 16 AND 19                             -- UnionPay
        WHEN digits ~ '^220[0-4]' THEN length(digits) BETWEEN 16 AND 19                            -- Mir
        WHEN digits ~ '^(50|5[6-8]|6)' THEN length(digits) BETWEEN 13 AND 19                       -- Maestro
        ELSE false END;
    -- Luhn: from the right, every second digit doubled, its own digits added.
    RETURN issued AND (
        SELECT sum(CASE WHEN d.place % 2 = 1 THEN d.digit ELSE d.digit * 2 - 9 * (d.digit / 5) END) % 10 = 0
          FROM (SELECT s.digit::int, s.place FROM string_to_table(reverse(digits), NULL) WITH ORDINALITY s (digit, place)) d);
END
$_$;

ALTER FUNCTION tenantry.is_card_number(value text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.is_card_number(value text) IS 'Whether a whole value is the number of a payment card: 13 to 19 digits, blanks and dashes aside, an issuer''s prefix with its length, and Luhn.';

CREATE FUNCTION tenantry.is_deployment_ended(status anynonarray, deployed_at timestamp with time zone) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    SELECT status::pg_catalog.text IN ('failed', 'rolled_back') OR tenantry.is_deployment_succeeded(status, deployed_at)
$$;

ALTER FUNCTION tenantry.is_deployment_ended(status anynonarray, deployed_at timestamp with time zone) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.is_deployment_ended(status anynonarray, deployed_at timestamp with time zone) IS 'Whether a deployment ended, well or not: what failed or was rolled back ended badly, what was cancelled before it ran never ended.';

CREATE FUNCTION tenantry.is_deployment_succeeded(status anynonarray, deployed_at timestamp with time zone) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    -- What was cancelled or superseded may have run before.
    SELECT status::pg_catalog.text IN ('deployed', 'maintenance')
        OR status::pg_catalog.text IN ('superseded', 'cancelled') AND deployed_at IS NOT NULL
$$;

ALTER FUNCTION tenantry.is_deployment_succeeded(status anynonarray, deployed_at timestamp with time zone) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.is_deployment_succeeded(status anynonarray, deployed_at timestamp with time zone) IS 'Whether a deployment ended well: it runs, or it ran until it was replaced or cancelled.';

CREATE FUNCTION tenantry.is_kept_for(named uuid, mask text, client uuid, table_name text, path text[], configuration_key text) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    SELECT EXISTS (
        SELECT FROM tenantry.secrets s
         WHERE s.id = named
           AND mask IN (tenantry.secret_mask(s)::pg_catalog.text, tenantry.secret_text_mask(s))
           AND s.client_id IS NOT DISTINCT FROM client
           AND s.table_name = is_kept_for.table_name
           -- What was put into force holds what its columns held, each mask in another place.
           AND (is_kept_for.path[1] = 'applied_configuration'
                OR s.column_name = is_kept_for.path[1]
                   AND s.path = tenantry.json_pointer(
                        CASE is_kept_for.path[1] WHEN 'configuration_value' THEN string_to_array(configuration_key, '.') END || is_kept_for.path[2:])))
$$;

ALTER FUNCTION tenantry.is_kept_for(named uuid, mask text, client uuid, table_name text, path text[], configuration_key text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.is_kept_for(named uuid, mask text, client uuid, table_name text, path text[], configuration_key text) IS 'Whether a mask, as text, is that of a secret which is kept for this client, table, column and path.';

CREATE FUNCTION tenantry.is_mask(value jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $_$
    SELECT CASE WHEN jsonb_typeof(value) = 'object' AND jsonb_typeof(value -> '$secret') = 'object' THEN
        value - '$secret' = '{}'
        AND (value -> '$secret') - '{id,fingerprint,set_at,set_by}'::pg_catalog.text[] = '{}'
        AND coalesce(value #>> '{$secret,id}' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', false)
        AND coalesce(value #>> '{$secret,fingerprint}' ~ '^[0-9a-f]{32}$', false)
        AND coalesce(value #>> '{$secret,set_at}' ~ '^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}[.][0-9]{6}Z$', false)
        AND coalesce(value #>> '{$secret,set_by}' ~ '^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|operator:.{1,100})$', true)
        ELSE false END
$_$;

ALTER FUNCTION tenantry.is_mask(value jsonb) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.is_mask(value jsonb) IS 'Whether a value has the form of what stands in a secret''s place. Which secret''s, and whether of this place, is judged elsewhere.';

CREATE FUNCTION tenantry.is_mending(table_name name) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    SELECT NOT tenantry.is_request()
       AND pg_has_role(session_user, 'tenantry_owner', 'MEMBER')
       AND EXISTS (SELECT FROM tenantry.pending_rules r WHERE r.table_name = is_mending.table_name)
$$;

ALTER FUNCTION tenantry.is_mending(table_name name) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.is_mending(table_name name) IS 'Whether an operator who connects as superuser or migrator writes to a table whose adopted rows still break rules: what they mend by hand may be frozen otherwise.';

CREATE FUNCTION tenantry.is_nobodys(claims jsonb, kind text, role text) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN claims ->> 'token_id' IS NOT NULL AND claims ->> 'sub' IS NULL AND claims ->> 'session_id' IS NULL
       AND (claims #>> '{app_metadata,role}' = is_nobodys.role) IS NOT FALSE
       AND tenantry.holds_token(claims, kind, NULL);
END
$$;

ALTER FUNCTION tenantry.is_nobodys(claims jsonb, kind text, role text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.is_nobodys(claims jsonb, kind text, role text) IS 'Whether the claims are those of a living token of that kind, which is nobody''s, and don''t speak of another role. Internal.';

CREATE FUNCTION tenantry.is_request() RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    SELECT current_setting('role') = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_super_admin,tenantry_service}')
$$;

ALTER FUNCTION tenantry.is_request() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.is_request() IS 'Whether this transaction acts for a request. Asks the setting, because in a definer function current_user is its owner.';

CREATE FUNCTION tenantry.json_leaves(document jsonb) RETURNS TABLE(path text[], value jsonb)
    LANGUAGE sql IMMUTABLE ROWS 50
    SET search_path TO ''
    AS $$
    WITH RECURSIVE place (path, value) AS (
        SELECT '{}'::pg_catalog.text[], document
        UNION ALL
        SELECT p.path || c.step, c.value
          FROM place p
         CROSS JOIN LATERAL (
            SELECT o.key, o.value
              FROM jsonb_each(CASE WHEN jsonb_typeof(p.value) = 'object' AND NOT tenantry.is_mask(p.value) THEN p.value ELSE '{}' END) o
            UNION ALL
            SELECT (a.ordinality - 1)::pg_catalog.text, a.value
              FROM jsonb_array_elements(CASE jsonb_typeof(p.value) WHEN 'array' THEN p.value ELSE '[]' END) WITH ORDINALITY a
         ) c (step, value)
    )
    SELECT p.path, p.value FROM place p WHERE jsonb_typeof(p.value) NOT IN ('object', 'array', 'null') OR tenantry.is_mask(p.value)
$$;

ALTER FUNCTION tenantry.json_leaves(document jsonb) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.json_leaves(document jsonb) IS 'Every string, number, boolean and mask of a document with its path.';

CREATE FUNCTION tenantry.json_pointer(path text[]) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    SELECT coalesce(string_agg('/' || replace(replace(s.step, '~', '~0'), '/', '~1'), '' ORDER BY s.place), '')
      FROM unnest(path) WITH ORDINALITY s (step, place)
$$;

ALTER FUNCTION tenantry.json_pointer(path text[]) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.json_pointer(path text[]) IS 'A path as a JSON pointer (RFC 6901).';

CREATE FUNCTION tenantry.judge_masks() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
DECLARE
    new_row pg_catalog.jsonb := to_jsonb(NEW);
    old_row pg_catalog.jsonb := '{}';
    place pg_catalog.text;
BEGIN
    -- Nearly every row is done here.
    IF new_row::pg_catalog.text !~ '\$secret|"secret:' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        old_row := to_jsonb(OLD);
        IF (new_row -> 'client_id', new_row -> 'configuration_key') IS DISTINCT FROM (old_row -> 'client_id', old_row -> 'configuration_key') THEN
            -- Another place, though the row is the same.
            old_row := '{}';
        END IF;
    END IF;
    -- What comes in is held until the row is there, lest a sweep takes it meanwhile.
    PERFORM FROM tenantry.secrets s
      WHERE s.id IN (SELECT m.found[1]::pg_catalog.uuid
                       FROM regexp_matches(new_row::pg_catalog.text, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') m (found)
                      WHERE strpos(old_row::pg_catalog.text, m.found[1]) = 0)
        FOR KEY SHARE;
    SELECT array_to_string(l.path, '.') INTO place
      FROM tenantry.json_leaves(new_row - '{configuration_schema,validation_rules,validation_results}'::pg_catalog.text[]) l
     CROSS JOIN LATERAL (
        SELECT CASE WHEN tenantry.is_mask(l.value) THEN l.value #>> '{$secret,id}'
                    WHEN cardinality(l.path) = 1 THEN tenantry.text_mask_id(l.value #>> '{}') END) m (secret)
     WHERE (m.secret IS NOT NULL OR '$secret' = ANY (l.path))
       AND old_row #> l.path IS DISTINCT FROM l.value
       AND NOT tenantry.is_kept_for(m.secret::pg_catalog.uuid, l.value #>> '{}', (new_row ->> 'client_id')::pg_catalog.uuid,
                                    TG_TABLE_NAME, l.path, new_row ->> 'configuration_key')
     LIMIT 1;
    IF place IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'TN422',
            MESSAGE = format('%s.%s holds a mask that isn''t the mask of a secret kept for this place', TG_TABLE_NAME, place),
            HINT = 'Write back the mask that stands there, unchanged, or send the secret itself through the API, which seals it.',
            SCHEMA = 'public', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_TABLE_NAME || '_mask';
    END IF;
    RETURN NEW;
END
$_$;

ALTER FUNCTION tenantry.judge_masks() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.judge_masks() IS 'Refuses a mask that is made up, altered, or of a secret that belongs to another client, table, column or path.';

CREATE FUNCTION tenantry.keep_figures() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
    kept pg_catalog.jsonb := '{"usage_count": 0, "last_used_at": null, "performance_score": null, "success_rate": null}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        kept := (SELECT jsonb_object_agg(o.key, o.value) FROM jsonb_each(to_jsonb(OLD)) o WHERE kept ? o.key);
    END IF;
    RETURN jsonb_populate_record(NEW, kept);
END
$$;

ALTER FUNCTION tenantry.keep_figures() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.keep_figures() IS 'Ignores what a request sends for usage and scores, which Tenantry counts by itself.';

CREATE FUNCTION tenantry.keep_scores(moment timestamp with time zone DEFAULT now()) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET jit TO 'off'
    AS $$
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

ALTER FUNCTION tenantry.keep_scores(moment timestamp with time zone) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.keep_scores(moment timestamp with time zone) IS 'Computes performance_score of every template version as of a moment, and returns how many it changed. The server calls it again and again.';

CREATE FUNCTION tenantry.known_people() RETURNS TABLE(user_id uuid, email text, name text, role character varying, disabled_at timestamp with time zone, created_at timestamp with time zone, has_password boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
    SELECT u.id, coalesce(u.email, '')::pg_catalog.text, coalesce(a.said ->> 'name', a.said ->> 'full_name'),
           p.role, p.disabled_at, p.created_at,
           h.user_id IS NOT NULL OR coalesce(j.content ->> 'encrypted_password', '') <> ''
      FROM auth.users u
     CROSS JOIN LATERAL (SELECT pg_catalog.to_jsonb(u) AS content OFFSET 0) j
      LEFT JOIN tenantry.people p ON p.user_id = u.id
      LEFT JOIN tenantry.passwords h ON h.user_id = u.id
      LEFT JOIN tenantry.user_metadata w ON w.user_id = u.id
     CROSS JOIN LATERAL (SELECT coalesce(w.data, j.content -> 'raw_user_meta_data') AS said) a
     WHERE tenantry.entered()
$$;

ALTER FUNCTION tenantry.known_people() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.known_people() IS 'Everybody who can sign in, and what they are here; without a role, somebody of the site''s. For those who keep people.';

CREATE FUNCTION tenantry.looks_secret(value text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path TO ''
    AS $_$
DECLARE
    form constant pg_catalog.text := '(^|[^A-Za-z0-9])([sr]k_(live|test)_|whsec_|gh[opsur]_[A-Za-z0-9]{20}|github_pat_|glpat-|npm_[A-Za-z0-9]{30}|xox[abeprs]-|AKIA[0-9A-Z]{16}|SG[.][A-Za-z0-9_-]{16}|tnt_(svc|pat|rt)_)'
        || '|-----BEGIN [A-Z ]*PRIVATE KEY-----'
        || '|^eyJ[A-Za-z0-9_-]+[.]eyJ[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*$'
        || '|://[^/:@[:space:]]*:[^/@[:space:]]+@';
BEGIN
    -- Base64 is how some say "encrypted": what it hides is looked at as well.
    RETURN value ~ form
        OR CASE WHEN length(value) >= 16 AND length(value) % 4 = 0 AND value ~ '^[A-Za-z0-9+/]+={0,2}$'
                THEN encode(decode(value, 'base64'), 'escape') ~ form ELSE false END;
END
$_$;

ALTER FUNCTION tenantry.looks_secret(value text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.looks_secret(value text) IS 'Whether the form of a value says that it is a secret: keys of well-known services, private keys, tokens, URLs with a password, plain or in base64.';

CREATE FUNCTION tenantry.maintain_partitions(earliest date DEFAULT NULL::date) RETURNS SETOF regclass
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    AS $$
DECLARE
    this_month constant pg_catalog.date := date_trunc('month', now());
    wanted pg_catalog.record;
    made pg_catalog.regclass;
BEGIN
    -- Two at once: the second finds everything there.
    PERFORM pg_advisory_xact_lock(hashtextextended('tenantry.maintain_partitions', 0));
    FOR wanted IN
        WITH present AS (
            SELECT p.relname AS parent, b.lower_bound, b.upper_bound
              FROM tenantry.tables t
              JOIN pg_catalog.pg_class p ON p.relname = t.table_name AND p.relnamespace = 'public'::pg_catalog.regnamespace
              LEFT JOIN tenantry.partitions() b ON b.parent = p.relname AND b.upper_bound IS NOT NULL
             -- A table that adoption had to leave plain takes every month as it is.
             WHERE t.kind = 'partitioned' AND p.relkind = 'p'
        ), span AS (
            -- Filled up from the first month there is; a month that retention took away before that doesn't come back.
            -- A new table starts two years back for figures that are reported late, the audit log today.
            SELECT p.parent,
                   least(coalesce(min(p.lower_bound), max(p.upper_bound),
                                  CASE p.parent WHEN 'audit_log' THEN this_month ELSE this_month - interval '24 months' END),
                         date_trunc('month', earliest)) AS first_month
              FROM present p GROUP BY p.parent
        )
        SELECT s.parent, m::pg_catalog.date AS month
          FROM span s
         CROSS JOIN generate_series(s.first_month::timestamp, this_month + interval '24 months', interval '1 month') m
         WHERE NOT EXISTS (SELECT FROM present p
                            WHERE p.parent = s.parent AND m::pg_catalog.date < p.upper_bound AND m::pg_catalog.date >= coalesce(p.lower_bound, '-infinity'))
         ORDER BY s.parent, m
    LOOP
        made := tenantry.make_partition(wanted.parent, wanted.month);
        IF made IS NOT NULL THEN
            RETURN NEXT made;
        END IF;
    END LOOP;
END
$$;

ALTER FUNCTION tenantry.maintain_partitions(earliest date) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.maintain_partitions(earliest date) IS 'Makes the monthly partitions that are missing, from the first month there is (or earliest, to take in older rows) to 24 months ahead, and returns them. The server calls it daily.';

CREATE FUNCTION tenantry.make_link(kind text, person uuid, secret_hash bytea, seconds integer) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    ends constant pg_catalog.timestamptz := now() + make_interval(secs => seconds);
BEGIN
    IF person IS NOT NULL AND NOT EXISTS (
        SELECT FROM tenantry.people p WHERE p.user_id = person AND p.disabled_at IS NULL)
    THEN
        RAISE EXCEPTION USING
            ERRCODE = 'TN422', MESSAGE = 'there is no such person, or they are disabled',
            HINT = 'Give them a role, or enable them first.',
            SCHEMA = 'tenantry', TABLE = 'links', COLUMN = 'user_id', CONSTRAINT = 'links_person';
    END IF;
    UPDATE tenantry.links l
       SET used_at = now()
     WHERE l.kind = make_link.kind AND l.user_id IS NOT DISTINCT FROM person AND l.used_at IS NULL;
    INSERT INTO tenantry.links (kind, secret_hash, user_id, created_by, expires_at)
    VALUES (make_link.kind, make_link.secret_hash, person, tenantry.user_id(), ends);
    RETURN ends;
END
$$;

ALTER FUNCTION tenantry.make_link(kind text, person uuid, secret_hash bytea, seconds integer) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.make_link(kind text, person uuid, secret_hash bytea, seconds integer) IS 'Makes a link that counts for so many seconds, and gives when it ends; those before it for the same count no more.';

CREATE FUNCTION tenantry.make_partition(parent name, month date) RETURNS regclass
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    AS $$
DECLARE
    partition_name constant pg_catalog.text := parent || to_char(month, '"_y"YYYY"m"MM');
    next_month constant pg_catalog.date := month + interval '1 month';
    partition_key pg_catalog.text := (SELECT a.attname FROM pg_catalog.pg_partitioned_table p
                             JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
                            WHERE p.partrelid = format('public.%I', parent)::pg_catalog.regclass);
    default_partition pg_catalog.regclass := (SELECT nullif(p.partdefid, 0)::pg_catalog.regclass FROM pg_catalog.pg_partitioned_table p
                                    WHERE p.partrelid = format('public.%I', parent)::pg_catalog.regclass);
    strays boolean;
BEGIN
    IF default_partition IS NOT NULL THEN
        -- Nobody may add a row between the look and the ATTACH, which would find it.
        EXECUTE pg_catalog.format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', default_partition);
        -- Rows that came while the month had no partition stay where they are: a trail isn't moved about.
        EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %I >= %L AND %I < %L)',
                       default_partition, partition_key, month, partition_key, next_month) INTO strays;
        IF strays THEN
            RETURN NULL;
        END IF;
    END IF;
    -- Made beside the parent and then attached, because CREATE … PARTITION OF would lock out every reader and writer.
    EXECUTE format('CREATE TABLE tenantry_partitions.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE)',
                   partition_name, parent);
    EXECUTE format('COMMENT ON TABLE tenantry_partitions.%I IS %L', partition_name,
                   format('Rows of %s of %s (UTC).', parent, to_char(month, 'YYYY-MM')));
    EXECUTE format('ALTER TABLE tenantry_partitions.%I ENABLE ROW LEVEL SECURITY', partition_name);
    EXECUTE format('CREATE POLICY tenantry_owner_all ON tenantry_partitions.%I FOR ALL TO tenantry_owner USING (true) WITH CHECK (true)', partition_name);
    -- pg_dump reads partitions one by one, and by a policy where its role may not bypass them.
    EXECUTE format('CREATE POLICY tenantry_backup_select ON tenantry_partitions.%I FOR SELECT TO tenantry_backup USING (true)', partition_name);
    EXECUTE format('GRANT SELECT ON tenantry_partitions.%I TO tenantry_backup', partition_name);
    EXECUTE format('ALTER TABLE tenantry_partitions.%I FORCE ROW LEVEL SECURITY', partition_name);
    EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION tenantry_partitions.%I FOR VALUES FROM (%L) TO (%L)',
                   parent, partition_name, month, next_month);
    RETURN format('tenantry_partitions.%I', partition_name)::pg_catalog.regclass;
END
$$;

ALTER FUNCTION tenantry.make_partition(parent name, month date) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.make_partition(parent name, month date) IS 'Makes the partition of one month; NULL where the DEFAULT partition already holds rows of it. Internal.';

CREATE FUNCTION tenantry.managed_client_ids() RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path TO ''
    AS $$
DECLARE
    claims pg_catalog.jsonb;
BEGIN
    claims := nullif(current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb;
    RETURN QUERY
        SELECT m.client_id
          FROM tenantry.person(claims) p
          JOIN public.client_members m ON m.user_id = p.user_id AND m.member_role = 'manager'
         WHERE p.role = 'manager' AND current_setting('role') = 'tenantry_manager';
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    RETURN;
END
$$;

ALTER FUNCTION tenantry.managed_client_ids() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.managed_client_ids() IS 'The clients that the person who has entered manages: as manager by role and by membership.';

CREATE FUNCTION tenantry.masked(document jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path TO ''
    AS $_$
DECLARE
    hidden constant pg_catalog.jsonb := '{"$hidden": true}';
    leaf pg_catalog.record;
BEGIN
    FOR leaf IN
        SELECT l.path FROM tenantry.json_leaves(document) l
         WHERE l.value #>> '{}' <> '' AND jsonb_typeof(l.value) <> 'boolean' AND NOT tenantry.is_mask(l.value)
           AND (tenantry.names_a_secret(array_to_string(l.path, '_')) OR tenantry.looks_secret(l.value #>> '{}'))
    LOOP
        -- The document itself may be the secret; jsonb_set wants a path.
        document := CASE leaf.path WHEN '{}' THEN hidden ELSE jsonb_set(document, leaf.path, hidden) END;
    END LOOP;
    RETURN document;
END
$_$;

ALTER FUNCTION tenantry.masked(document jsonb) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.masked(document jsonb) IS 'A document with {"$hidden": true} in place of each value whose key or form says that it is a secret, at any depth.';

CREATE FUNCTION tenantry.member_client_ids() RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path TO ''
    AS $$
DECLARE
    claims pg_catalog.jsonb;
BEGIN
    claims := nullif(current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb;
    -- The lesser of role and member_role: a client's login counts as client and as nothing else,
    -- and nobody else counts as client.
    RETURN QUERY
        SELECT m.client_id
          FROM tenantry.person(claims) p
          JOIN public.client_members m
            ON m.user_id = p.user_id AND (m.member_role = 'client') IS NOT DISTINCT FROM (p.role = 'client')
         WHERE 'tenantry_' || p.role = current_setting('role');
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    RETURN;
END
$$;

ALTER FUNCTION tenantry.member_client_ids() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.member_client_ids() IS 'The clients that the person who has entered is a member of.';

CREATE FUNCTION tenantry.move_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.move_change() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.move_change() IS 'proposed → approved → applied, or rejected, or withdrawn by its author; notes who and when. Approving takes a second person, and so does applying where an environment is protected.';

CREATE FUNCTION tenantry.move_customization() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.move_customization() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.move_customization() IS 'draft → in_review → approved → deployed, or back from in_review to draft with a reason. Approving notes who and when, and asks for a second person where the setting says so.';

CREATE FUNCTION tenantry.move_deployment_configuration() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.move_deployment_configuration() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.move_deployment_configuration() IS 'draft → validated → applied or failed; an edit makes a draft. Applying freezes the content and puts whatever was in force for the same client, environment and template out of force; the revision follows at commit.';

CREATE FUNCTION tenantry.move_template() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.move_template() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.move_template() IS 'draft → active → deprecated → archived; schema and defaults of a version that has left draft never change, because customizations rely on them.';

CREATE FUNCTION tenantry.names_a_secret(name text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT
    SET search_path TO ''
    AS $_$
    SELECT n.snake ~ '(SECRET|PASSWORD|PASSWD|PASSPHRASE|(^|_)PWD(_|$)|TOKEN$|API_?KEY|CREDENTIAL|(PRIVATE|ACCESS|SIGNING|ENCRYPTION|MASTER|AUTH|SERVICE_?ROLE)_?KEY)'
       -- What is about a password isn't one.
       AND n.snake !~ '_(MIN|MAX|LENGTH|TTL|ENABLED|REQUIRED|POLICY|TIMEOUT|EXPIRY|DAYS|HOURS)$'
      FROM (SELECT upper(regexp_replace(regexp_replace(name, '([a-z0-9])([A-Z])', '\1_\2', 'g'), '[^A-Za-z0-9]+', '_', 'g'))) n (snake)
$_$;

ALTER FUNCTION tenantry.names_a_secret(name text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.names_a_secret(name text) IS 'Whether the name of a variable says that its value is a secret, e.g. STRIPE_SECRET_KEY, dbPassword, GITHUB_TOKEN.';

CREATE FUNCTION tenantry.names_of(people uuid[]) RETURNS TABLE(user_id uuid, email text, name text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
    SELECT u.id, coalesce(u.email, '')::pg_catalog.text, coalesce(a.said ->> 'name', a.said ->> 'full_name')
      FROM auth.users u
      LEFT JOIN tenantry.user_metadata w ON w.user_id = u.id
     CROSS JOIN LATERAL (SELECT coalesce(w.data, pg_catalog.to_jsonb(u) -> 'raw_user_meta_data') AS said) a
     WHERE u.id = ANY (people) AND tenantry.entered()
$$;

ALTER FUNCTION tenantry.names_of(people uuid[]) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.names_of(people uuid[]) IS 'Address and name of people whose ids the caller knows already, from a row or a trail. Not for clients'' own logins.';

CREATE FUNCTION tenantry.newest_versions(templates text[] DEFAULT NULL::text[]) RETURNS TABLE(template_id text, template_version text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
    -- As in template_usage_summary, and as documents are composed: the program orders versions so, too.
    SELECT DISTINCT ON (n.template_id) n.template_id, n.template_version
      FROM public.template_configurations n
     WHERE n.status = 'active' AND (templates IS NULL OR n.template_id = ANY (templates))
     ORDER BY n.template_id, tenantry.version_rank(n.template_version) COLLATE "C" DESC NULLS LAST, n.created_at DESC,
              n.template_version COLLATE "C" DESC
$$;

ALTER FUNCTION tenantry.newest_versions(templates text[]) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.newest_versions(templates text[]) IS 'The version of each template, or of the named ones, that a customization without a version uses: the newest active one.';

CREATE FUNCTION tenantry.note_activation() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
    INSERT INTO tenantry.figures_due (template_id, template_version, used_at)
    SELECT DISTINCT w.template_id, w.template_version, now()
      FROM written w
      JOIN former f ON f.id = w.id
     WHERE w.is_active AND NOT coalesce(f.is_active, false);
    RETURN NULL;
END
$$;

ALTER FUNCTION tenantry.note_activation() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.note_activation() IS 'Notes when template versions came into use by an activation.';

CREATE FUNCTION tenantry.note_audit_retention(partition regclass) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.note_audit_retention(partition regclass) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.note_audit_retention(partition regclass) IS 'Logs that a month of the audit log is about to be dropped, so that verify can tell it from a removal. Called by retention, before the partition goes. For the owner only.';

CREATE FUNCTION tenantry.note_customizations() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.note_customizations() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.note_customizations() IS 'Notes the templates whose versions are now used by more or fewer customizations.';

CREATE FUNCTION tenantry.note_deployed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.note_deployed() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.note_deployed() IS 'Notes when a deployment became deployed, and by whom, where the writer doesn''t say.';

CREATE FUNCTION tenantry.note_deployments() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.note_deployments() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.note_deployments() IS 'Notes what deployments change in the figures of the deployment templates they are made from, and when they used a template version.';

CREATE FUNCTION tenantry.note_template() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.note_template() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.note_template() IS 'Notes a template whose versions changed, since a customization without a version then uses another.';

CREATE FUNCTION tenantry.number_customization() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.number_customization() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.number_customization() IS 'Gives a design the number after the last one of its client and template, whatever was sent.';

CREATE FUNCTION tenantry.own_membership() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    NEW.made_by_assignment := false;
    RETURN NEW;
END
$$;

ALTER FUNCTION tenantry.own_membership() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.own_membership() IS 'A membership that somebody makes or edits is theirs, and no assignment removes it.';

CREATE FUNCTION tenantry.partition_months_ahead() RETURNS TABLE(table_name name, months integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    AS $$
    -- The first month from now on that has no partition ends the count.
    SELECT t.table_name, (
        SELECT count(*)::integer
          FROM generate_series(1, 120) m
         WHERE NOT EXISTS (
            SELECT FROM generate_series(1, m) k
             WHERE NOT EXISTS (SELECT FROM tenantry.partitions() p
                                WHERE p.parent = t.table_name
                                  AND date_trunc('month', now()) + k * interval '1 month' >= coalesce(p.lower_bound, '-infinity')
                                  AND date_trunc('month', now()) + k * interval '1 month' < p.upper_bound)))
      FROM tenantry.tables t
      JOIN pg_catalog.pg_class c ON c.relname = t.table_name AND c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relkind = 'p'
     WHERE t.kind = 'partitioned'
$$;

ALTER FUNCTION tenantry.partition_months_ahead() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.partition_months_ahead() IS 'For how many months after this one each partitioned table is ready; /readyz warns under six. A table that is still plain isn''t listed: it takes every month.';

CREATE FUNCTION tenantry.partitions() RETURNS TABLE(parent name, partition regclass, lower_bound date, upper_bound date)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    AS $_$
    -- MINVALUE, which an adopted table is attached with, and DEFAULT have no date: they give NULL.
    SELECT p.relname, c.oid::pg_catalog.regclass,
           substring(b.bound FROM $re$^FOR VALUES FROM \('([0-9]{4}-[0-9]{2}-[0-9]{2})$re$)::pg_catalog.date,
           substring(b.bound FROM $re$ TO \('([0-9]{4}-[0-9]{2}-[0-9]{2})$re$)::pg_catalog.date
      FROM tenantry.tables t
      JOIN pg_catalog.pg_class p ON p.relname = t.table_name AND p.relnamespace = 'public'::pg_catalog.regnamespace AND p.relkind = 'p'
      JOIN pg_catalog.pg_inherits i ON i.inhparent = p.oid
      JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
     CROSS JOIN LATERAL pg_get_expr(c.relpartbound, c.oid) b (bound)
     WHERE t.kind = 'partitioned'
$_$;

ALTER FUNCTION tenantry.partitions() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.partitions() IS 'The partitions of Tenantry''s tables with their bounds, days in UTC; NULL where a bound is open.';

CREATE FUNCTION tenantry.people_seen(people uuid[]) RETURNS TABLE(user_id uuid, last_sign_in_at timestamp with time zone, open_sessions bigint, clients bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
    SELECT i.id,
           (SELECT pg_catalog.max(s.started_at) FROM tenantry.sessions s WHERE s.user_id = i.id),
           (SELECT pg_catalog.count(*) FROM tenantry.sessions s
             WHERE s.user_id = i.id AND s.ended_at IS NULL AND s.expires_at > pg_catalog.now()),
           (SELECT pg_catalog.count(*) FROM public.client_members m WHERE m.user_id = i.id)
      FROM pg_catalog.unnest(people) AS i (id)
     WHERE tenantry.entered()
$$;

ALTER FUNCTION tenantry.people_seen(people uuid[]) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.people_seen(people uuid[]) IS 'When people last signed in, how many sessions they have open and how many clients. For those who keep people.';

CREATE FUNCTION tenantry.person(claims jsonb) RETURNS TABLE(user_id uuid, role character varying)
    LANGUAGE sql STABLE
    AS $$
    SELECT p.user_id, p.role
      FROM tenantry.people p
      LEFT JOIN tenantry.sessions s
        ON s.id = (claims ->> 'session_id')::pg_catalog.uuid AND s.user_id = (claims ->> 'sub')::pg_catalog.uuid
           AND s.ended_at IS NULL AND s.expires_at > now()
     WHERE p.user_id = (claims ->> 'sub')::pg_catalog.uuid AND p.disabled_at IS NULL
       AND (claims #>> '{app_metadata,role}' = p.role) IS NOT FALSE
       AND (claims ->> 'session_id' IS NULL OR s.id IS NOT NULL)
       AND (claims ->> 'token_id' IS NULL OR tenantry.holds_token(claims, 'personal', p.user_id))
$$;

ALTER FUNCTION tenantry.person(claims jsonb) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.person(claims jsonb) IS 'The person that the claims stand for, and their role; no row where the claims don''t hold. A session or token that they name must be alive, the person not disabled, the role still theirs. Internal.';

CREATE FUNCTION tenantry.pin_template_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.pin_template_version() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.pin_template_version() IS 'Archived versions go on serving those who pin them, and nobody else.';

CREATE FUNCTION tenantry.protected_environments() RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
    SELECT coalesce(array_agg(e.name), '{}')
      FROM public.system_configurations s
     CROSS JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(s.configuration_value) WHEN 'array' THEN s.configuration_value ELSE '[]' END) e (name)
     WHERE s.configuration_key = 'protected_environments' AND s.is_system AND s.is_active
       AND s.client_id IS NULL AND s.template_id IS NULL AND s.environment = 'all'
$$;

ALTER FUNCTION tenantry.protected_environments() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.protected_environments() IS 'The environments where somebody other than the author has to approve a change: the system row protected_environments.';

CREATE FUNCTION tenantry.put_back(row_id uuid, reverted uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.put_back(row_id uuid, reverted uuid) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.put_back(row_id uuid, reverted uuid) IS 'Puts a deployment configuration back into force, or out of it, as it was before a change, frozen content and all, for whoever may write such a row. Only a revert does that.';

CREATE FUNCTION tenantry.recall_use() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO ''
    AS $$
    INSERT INTO tenantry.figures_due (template_id, template_version, used_at)
    SELECT t.template_id, NULL, NULL::pg_catalog.timestamptz FROM public.template_configurations t
    UNION
    -- When a row became active wasn't kept; it can't have been before it was approved.
    SELECT c.template_id, c.template_version, max(greatest(d.deployed_at, CASE WHEN c.is_active THEN c.approved_at END))
      FROM public.client_customizations c
      LEFT JOIN public.client_deployments d ON d.client_id = c.client_id AND d.customization_id = c.id
     GROUP BY c.template_id, c.template_version;
$$;

ALTER FUNCTION tenantry.recall_use() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.recall_use() IS 'Notes every template as used as its customizations and deployments say, for rows that were there before figures were kept.';

CREATE FUNCTION tenantry.refusal(claims jsonb) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    person constant pg_catalog.uuid := claims ->> 'sub';
    has_token constant pg_catalog.bool := claims ->> 'token_id' IS NOT NULL;
BEGIN
    RETURN CASE
        WHEN has_token AND NOT tenantry.holds_token(claims, 'personal', person)
             AND (person IS NOT NULL
                  OR NOT tenantry.holds_token(claims, 'service', NULL) AND NOT tenantry.holds_token(claims, 'publishable', NULL))
        THEN 'the token is unknown, expired or revoked'
        WHEN (person IS NOT NULL OR NOT has_token)
             AND NOT EXISTS (SELECT FROM tenantry.people p WHERE p.user_id = person AND p.disabled_at IS NULL)
        THEN 'the person is unknown or disabled'
        WHEN claims #>> '{app_metadata,role}' IS DISTINCT FROM (SELECT p.role FROM tenantry.people p WHERE p.user_id = person)
             AND claims #>> '{app_metadata,role}' IS NOT NULL
        THEN 'the role is no longer the person''s'
        ELSE 'the session has ended' END;
END
$$;

ALTER FUNCTION tenantry.refusal(claims jsonb) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.refusal(claims jsonb) IS 'Why claims that don''t hold don''t. Asked about no others. Internal.';

CREATE FUNCTION tenantry.refuse(table_name name, rule text, message text, hint text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'TN422', MESSAGE = message, HINT = hint,
        SCHEMA = 'public', TABLE = table_name, CONSTRAINT = table_name || '_' || rule;
END
$$;

ALTER FUNCTION tenantry.refuse(table_name name, rule text, message text, hint text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.refuse(table_name name, rule text, message text, hint text) IS 'Raises TN422: the rule that a write breaks, what is wrong, what to do.';

CREATE FUNCTION tenantry.refuse_billing_secrets() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    new_row pg_catalog.jsonb := to_jsonb(NEW);
    old_row pg_catalog.jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    secret pg_catalog.text;
BEGIN
    FOREACH secret IN ARRAY '{payment_method_id,tax_id,vat_number}'::pg_catalog.text[] LOOP
        IF new_row ->> secret <> '' AND tenantry.text_mask_id(new_row ->> secret) IS NULL AND new_row -> secret IS DISTINCT FROM old_row -> secret THEN
            PERFORM tenantry.refuse_secret(TG_TABLE_NAME, secret);
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;

ALTER FUNCTION tenantry.refuse_billing_secrets() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.refuse_billing_secrets() IS 'Refuses means of payment and tax numbers, which are secrets.';

CREATE FUNCTION tenantry.refuse_card_numbers() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    new_row pg_catalog.jsonb := to_jsonb(NEW);
    old_row pg_catalog.jsonb := '{}';
    place pg_catalog.text;
BEGIN
    -- A whole value of 13 to 19 digits, as JSON shows it, with nothing but blanks and dashes between them: nearly every
    -- row is done here.
    IF new_row::pg_catalog.text !~ '["[ ][\s\u00a0\u2007\u202f\u2010-\u2015-]*[0-9]([\s\u00a0\u2007\u202f\u2010-\u2015-]*[0-9]){12,18}[\s\u00a0\u2007\u202f\u2010-\u2015-]*["\],}]' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        old_row := to_jsonb(OLD);
    END IF;
    -- A key may be a card number too; the message doesn't repeat it.
    SELECT string_agg(CASE WHEN tenantry.is_card_number(s.step) THEN '…' ELSE s.step END, '.' ORDER BY s.place) INTO place
      FROM (SELECT l.path
              FROM tenantry.json_leaves(new_row) l
              JOIN pg_catalog.pg_attribute a ON a.attrelid = TG_RELID AND a.attname = l.path[1]
             WHERE a.atttypid IN ('pg_catalog.text'::pg_catalog.regtype, 'pg_catalog.varchar'::pg_catalog.regtype, 'pg_catalog.bpchar'::pg_catalog.regtype, 'pg_catalog.jsonb'::pg_catalog.regtype, 'pg_catalog.json'::pg_catalog.regtype, 'pg_catalog.text[]'::pg_catalog.regtype, 'pg_catalog.varchar[]'::pg_catalog.regtype)
               AND tenantry.is_card_number(l.value #>> '{}')
               AND NOT EXISTS (SELECT FROM tenantry.json_leaves(old_row -> l.path[1]) o WHERE o.value #>> '{}' = l.value #>> '{}')
             LIMIT 1) found
     CROSS JOIN unnest(found.path) WITH ORDINALITY s (step, place);
    IF place IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'TN422',
            MESSAGE = format('%s.%s looks like the number of a payment card, which is never stored', tenantry.table_of(TG_RELID), place),
            HINT = 'Store the reference that the payment provider gives for the card.',
            SCHEMA = 'public', TABLE = tenantry.table_of(TG_RELID), CONSTRAINT = tenantry.table_of(TG_RELID) || '_card_number';
    END IF;
    RETURN NEW;
END
$$;

ALTER FUNCTION tenantry.refuse_card_numbers() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.refuse_card_numbers() IS 'Refuses a write that brings a card number into a text or jsonb column.';

CREATE FUNCTION tenantry.refuse_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.refuse_change() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.refuse_change() IS 'Refuses to change or remove what is only added to.';

CREATE FUNCTION tenantry.refuse_configuration_secrets() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    former pg_catalog.jsonb;
    place pg_catalog.text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.configuration_key, NEW.template_id, NEW.configuration_schema, NEW.is_encrypted)
           IS NOT DISTINCT FROM (OLD.configuration_key, OLD.template_id, OLD.configuration_schema, OLD.is_encrypted) THEN
            -- The same place: what stood there stays.
            former := OLD.configuration_value;
        END IF;
    END IF;
    IF NEW.is_encrypted AND NEW.configuration_value IS DISTINCT FROM former AND NOT tenantry.is_mask(NEW.configuration_value) THEN
        PERFORM tenantry.refuse_secret(TG_TABLE_NAME, 'configuration_value');
    END IF;
    place := (SELECT s.place
                FROM tenantry.schemas_of(TG_TABLE_NAME, to_jsonb(NEW)) c
               CROSS JOIN LATERAL tenantry.first_secret(NEW.configuration_value, c.at, c.configuration_schema, former) s
               WHERE s.place IS NOT NULL
               LIMIT 1);
    IF place IS NOT NULL THEN
        PERFORM tenantry.refuse_secret(TG_TABLE_NAME, concat_ws(' at ', 'configuration_value', nullif(place, '')));
    END IF;
    RETURN NEW;
END
$$;

ALTER FUNCTION tenantry.refuse_configuration_secrets() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.refuse_configuration_secrets() IS 'Refuses a value that is encrypted by name, or secret by its own schema or a template''s.';

CREATE FUNCTION tenantry.refuse_document_secrets() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    document_column constant pg_catalog.text := TG_ARGV[0];
    new_document pg_catalog.jsonb := to_jsonb(NEW) -> document_column;
    old_document pg_catalog.jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) -> document_column END;
    place pg_catalog.text;
BEGIN
    IF TG_TABLE_NAME = 'template_configurations' AND TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) -> 'configuration_schema' IS DISTINCT FROM to_jsonb(OLD) -> 'configuration_schema' THEN
            -- What was no secret's place may be one now.
            old_document := NULL;
        END IF;
    END IF;
    IF new_document IS NOT DISTINCT FROM old_document THEN
        RETURN NEW;
    END IF;
    place := (SELECT s.place
                FROM tenantry.schemas_of(TG_TABLE_NAME, to_jsonb(NEW)) c
               CROSS JOIN LATERAL tenantry.first_secret(new_document, c.at, c.configuration_schema, old_document) s
               WHERE s.place IS NOT NULL
               LIMIT 1);
    IF place IS NOT NULL THEN
        PERFORM tenantry.refuse_secret(TG_TABLE_NAME, concat_ws(' at ', document_column, nullif(place, '')));
    END IF;
    RETURN NEW;
END
$$;

ALTER FUNCTION tenantry.refuse_document_secrets() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.refuse_document_secrets() IS 'Refuses a document (the column named as argument) with a value where the template''s schema, or the row''s own, says secret.';

CREATE FUNCTION tenantry.refuse_flags() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    RAISE insufficient_privilege USING
        MESSAGE = format('%s of %s is decided when the row is inserted', array_to_string(TG_ARGV, ' or '), TG_TABLE_NAME),
        HINT = 'Delete the row and insert it anew.',
        SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_TABLE_NAME || '_flags_fixed';
END
$$;

ALTER FUNCTION tenantry.refuse_flags() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.refuse_flags() IS 'Refuses to change a flag that other rights depend on.';

CREATE FUNCTION tenantry.refuse_move() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.refuse_move() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.refuse_move() IS 'Refuses to move a row to another client.';

CREATE FUNCTION tenantry.refuse_new_id() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.refuse_new_id() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.refuse_new_id() IS 'Refuses to give a row another id.';

CREATE FUNCTION tenantry.refuse_secret(table_name name, place text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'TN422',
        MESSAGE = format('%s.%s is a secret, and secrets are never stored in the clear', table_name, place),
        HINT = 'Send it through the API (/rest/v1 or POST /api/v1/changes) or `tenantry config set`, which seal it before the database sees it.',
        SCHEMA = 'public', TABLE = table_name, CONSTRAINT = table_name || '_plain_secret';
END
$$;

ALTER FUNCTION tenantry.refuse_secret(table_name name, place text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.refuse_secret(table_name name, place text) IS 'Says that a place holds a secret, never which.';

CREATE FUNCTION tenantry.refuse_secret_variables() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    new_row pg_catalog.jsonb := to_jsonb(NEW);
    old_row pg_catalog.jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    place pg_catalog.text;
BEGIN
    IF new_row -> 'environment_variables' IS NOT DISTINCT FROM old_row -> 'environment_variables'
       AND new_row -> 'secret_variables' IS NOT DISTINCT FROM old_row -> 'secret_variables' THEN
        RETURN NEW;
    END IF;
    SELECT array_to_string(l.path, '.') INTO place
      FROM tenantry.json_leaves(new_row -> 'environment_variables') l
     CROSS JOIN LATERAL (
        SELECT new_row -> 'secret_variables' ?| ARRAY[l.path[1], array_to_string(l.path, '.')] AS listed_now,
               old_row -> 'secret_variables' ?| ARRAY[l.path[1], array_to_string(l.path, '.')] AS listed_before,
               old_row -> 'environment_variables' #> l.path = l.value AS held_before) k
     WHERE l.value #>> '{}' <> ''
       AND jsonb_typeof(l.value) <> 'boolean'
       AND NOT tenantry.is_mask(l.value)
       AND (k.listed_now OR tenantry.names_a_secret(array_to_string(l.path, '_')) OR tenantry.looks_secret(l.value #>> '{}'))
       AND (k.held_before IS NOT TRUE OR (k.listed_now AND k.listed_before IS NOT TRUE))
     LIMIT 1;
    IF FOUND THEN
        PERFORM tenantry.refuse_secret(TG_TABLE_NAME, 'environment_variables.' || place);
    END IF;
    RETURN NEW;
END
$$;

ALTER FUNCTION tenantry.refuse_secret_variables() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.refuse_secret_variables() IS 'Refuses a variable that secret_variables lists, or whose name or form says that it is a secret.';

CREATE FUNCTION tenantry.refuse_unapproved(environments text[]) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.refuse_unapproved(environments text[]) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.refuse_unapproved(environments text[]) IS 'Refuses a change that nobody has approved where an environment is protected.';

CREATE FUNCTION tenantry.restore_row(table_name text, row_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
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
$_$;

ALTER FUNCTION tenantry.restore_row(table_name text, row_id uuid) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.restore_row(table_name text, row_id uuid) IS 'Brings a configuration row back as it was when it was deleted, state and all, for whoever may write such a row. Only a revert does that.';

CREATE FUNCTION tenantry.schemas_of(table_name text, content jsonb) RETURNS TABLE(configuration_schema jsonb, at text[])
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $_$
    SELECT c.configuration_schema, c.at
      FROM (SELECT content -> 'configuration_schema', '{}'::pg_catalog.text[]
             WHERE table_name IN ('system_configurations', 'template_configurations')
            UNION ALL
            SELECT t.configuration_schema,
                   CASE table_name WHEN 'system_configurations' THEN string_to_array(content ->> 'configuration_key', '.') ELSE '{}' END
              FROM public.template_configurations t
             WHERE table_name IN ('client_customizations', 'deployment_configurations') AND t.template_id = content ->> 'template_id'
                OR table_name = 'system_configurations' AND t.template_id = coalesce(content ->> 'template_id', t.template_id)) c (configuration_schema, at)
     WHERE jsonb_path_exists(c.configuration_schema, '$.**."x-secret"')
$_$;

ALTER FUNCTION tenantry.schemas_of(table_name text, content jsonb) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.schemas_of(table_name text, content jsonb) IS 'The schemas, with "x-secret" in them, that a configuration row''s document answers to, and where in them it stands: its own, and those of its template, or of every template where it names none.';

CREATE TABLE tenantry.secrets (
    id uuid NOT NULL,
    client_id uuid,
    table_name character varying(63) NOT NULL,
    column_name character varying(63) NOT NULL,
    path text NOT NULL,
    data_key_id uuid NOT NULL,
    ciphertext bytea NOT NULL,
    fingerprint character varying(64) NOT NULL,
    set_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    set_by text,
    CONSTRAINT secrets_fingerprint_check CHECK (((fingerprint)::text ~ '^[0-9a-f]{32}$'::text))
);

ALTER TABLE ONLY tenantry.secrets FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.secrets OWNER TO tenantry_owner;

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

CREATE FUNCTION tenantry.secret_mask(secret tenantry.secrets) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $_$
    SELECT jsonb_build_object('$secret', jsonb_build_object(
        'id', secret.id, 'fingerprint', secret.fingerprint,
        'set_at', to_char(secret.set_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'set_by', secret.set_by))
$_$;

ALTER FUNCTION tenantry.secret_mask(secret tenantry.secrets) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.secret_mask(secret tenantry.secrets) IS 'What stands in a document in a secret''s place.';

CREATE FUNCTION tenantry.secret_place(path text[], configuration_schema jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $_$
    WITH RECURSIVE node (depth, schema, followed) AS (
        SELECT 0, configuration_schema, '{}'::pg_catalog.text[]
        UNION ALL
        SELECT n.depth + c.step, c.schema, CASE c.step WHEN 0 THEN n.followed || c.reference ELSE '{}' END
          FROM node n
         CROSS JOIN LATERAL (
            SELECT 1, b.schema, '{}'::pg_catalog.text[]
              FROM (VALUES (n.schema #> ARRAY['properties', path[n.depth + 1]]),
                           (CASE WHEN n.schema #> ARRAY['properties', path[n.depth + 1]] IS NULL AND n.schema -> 'patternProperties' IS NULL
                                 THEN n.schema -> 'additionalProperties' END),
                           (CASE WHEN path[n.depth + 1] ~ '^[0-9]+$' THEN n.schema -> 'items' END),
                           (CASE WHEN path[n.depth + 1] ~ '^[0-9]+$' THEN n.schema #> ARRAY['prefixItems', path[n.depth + 1]] END)) b (schema)
             WHERE n.depth < cardinality(path)
            UNION ALL
            -- Other patterns than plain ones may mean something else here than where schemas are judged.
            SELECT 1, p.value, '{}'::pg_catalog.text[]
              FROM jsonb_each(CASE jsonb_typeof(n.schema -> 'patternProperties') WHEN 'object' THEN n.schema -> 'patternProperties' ELSE '{}' END) p
             WHERE n.depth < cardinality(path)
               AND CASE WHEN p.key ~ '^[A-Za-z0-9_.*+?^$|()\[\]-]*$' THEN path[n.depth + 1] ~ p.key ELSE false END
            UNION ALL
            SELECT 0, a.value, '{}'::pg_catalog.text[]
              FROM (VALUES (n.schema -> 'allOf'), (n.schema -> 'anyOf'), (n.schema -> 'oneOf'),
                           (jsonb_build_array(n.schema -> 'if', n.schema -> 'then', n.schema -> 'else'))) l (schemas)
             CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(l.schemas) WHEN 'array' THEN l.schemas ELSE '[]' END) a
            UNION ALL
            -- A reference that was followed at this place already would go round in circles.
            SELECT 0, configuration_schema #> string_to_array(substr(n.schema ->> '$ref', 3), '/'), ARRAY[n.schema ->> '$ref']
             WHERE starts_with(n.schema ->> '$ref', '#/') AND n.schema ->> '$ref' <> ALL (n.followed)
         ) c (step, schema, reference)
         WHERE jsonb_typeof(c.schema) = 'object'
    )
    SELECT path[:n.depth] FROM node n WHERE n.schema -> 'x-secret' = 'true' ORDER BY n.depth LIMIT 1
$_$;

ALTER FUNCTION tenantry.secret_place(path text[], configuration_schema jsonb) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.secret_place(path text[], configuration_schema jsonb) IS 'The beginning of a path that a JSON Schema marks "x-secret": true, through properties, items, combinations and local references; NULL where none does.';

CREATE FUNCTION tenantry.secret_text_mask(secret tenantry.secrets) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $$
    SELECT format('secret:%s:%s', secret.id, secret.fingerprint)
$$;

ALTER FUNCTION tenantry.secret_text_mask(secret tenantry.secrets) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.secret_text_mask(secret tenantry.secrets) IS 'What stands in a column of text in a secret''s place.';

CREATE FUNCTION tenantry.secrets_stamp() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    who pg_catalog.record := tenantry.audit_who();
BEGIN
    NEW.set_at := clock_timestamp();
    NEW.set_by := coalesce(who.user_id::pg_catalog.text, who.token_id::pg_catalog.text, left(substring(who.actor FROM '^operator:.+'), 100));
    RETURN NEW;
END
$$;

ALTER FUNCTION tenantry.secrets_stamp() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.secrets_stamp() IS 'Says who set a secret and when, whatever was sent.';

CREATE FUNCTION tenantry.secrets_stay() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.secrets_stay() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.secrets_stay() IS 'Holds everything of a secret but under which data key it is sealed.';

CREATE FUNCTION tenantry.settle_at_commit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.settle_at_commit() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.settle_at_commit() IS 'Settles what this transaction noted, at its end.';

CREATE FUNCTION tenantry.settle_deployment_templates(notes bigint[]) RETURNS uuid[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET jit TO 'off'
    AS $$
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

ALTER FUNCTION tenantry.settle_deployment_templates(notes bigint[]) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.settle_deployment_templates(notes bigint[]) IS 'Adds these notes to what deployment templates say; gives those of them that somebody is editing, whose notes have to wait. Internal.';

CREATE FUNCTION tenantry.settle_figures() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.settle_figures() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.settle_figures() IS 'Brings usage counts, success rates and last uses up to the notes, and removes those. The server calls it for notes that had to wait.';

CREATE FUNCTION tenantry.settle_templates(notes bigint[]) RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET jit TO 'off'
    AS $$
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

ALTER FUNCTION tenantry.settle_templates(notes bigint[]) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.settle_templates(notes bigint[]) IS 'Counts the templates of these notes again; gives those of them that somebody is editing, whose notes have to wait. Internal.';

CREATE FUNCTION tenantry.snapshots_notify() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
BEGIN
    PERFORM pg_notify('tenantry_revision', NEW.revision::pg_catalog.text);
    RETURN NULL;
END
$$;

ALTER FUNCTION tenantry.snapshots_notify() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.snapshots_notify() IS 'Tells servers of a revision, when it is committed.';

CREATE FUNCTION tenantry.stamp_insert() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.stamp_insert() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.stamp_insert() IS 'Says who made a row and when: from the session for requests, else as sent.';

CREATE FUNCTION tenantry.stamp_times() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.stamp_times() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.stamp_times() IS 'As stamp_insert and stamp_update, for a table that keeps no people.';

CREATE FUNCTION tenantry.stamp_token() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.stamp_token() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.stamp_token() IS 'Says who made a token and when; one that was revoked stays so.';

CREATE FUNCTION tenantry.stamp_update() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.stamp_update() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.stamp_update() IS 'Says who changed a row and when; an update that changes nothing, or only the columns named as arguments, which Tenantry keeps, isn''t a change.';

CREATE FUNCTION tenantry.sweep_secrets(after uuid, most integer, younger interval) RETURNS TABLE(last_id uuid, swept bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET jit TO 'off'
    AS $$
DECLARE
    swept_of pg_catalog.record;
BEGIN
    swept := 0;
    SELECT n.id INTO last_id
      FROM (SELECT s.id FROM tenantry.secrets s WHERE s.id > after ORDER BY s.id LIMIT most) n (id)
     ORDER BY n.id DESC LIMIT 1;
    -- In one statement, so that a secret is seen together with the row that it was set for.
    FOR swept_of IN
        WITH pending AS MATERIALIZED (
            SELECT DISTINCT m.found[1]::pg_catalog.uuid AS id
              FROM tenantry.changes c
              JOIN tenantry.change_edits e ON e.change_id = c.id
             CROSS JOIN LATERAL regexp_matches(concat(e.columns, e.before), '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') m (found)
             WHERE c.state IN ('proposed', 'approved')
        ), looked_at AS MATERIALIZED (
            SELECT s.id, s.id::pg_catalog.text AS named, s.client_id, s.table_name
              FROM tenantry.secrets s
             WHERE s.id > after AND s.id <= last_id AND s.set_at < now() - younger
               FOR UPDATE SKIP LOCKED
        ), gone AS (
            DELETE FROM tenantry.secrets s USING looked_at l
             WHERE s.id = l.id
               AND NOT EXISTS (SELECT FROM pending p WHERE p.id = l.id)
               AND NOT EXISTS (SELECT FROM public.system_configurations t
                                WHERE l.table_name = 'system_configurations' AND t.client_id = l.client_id
                                  AND strpos(to_jsonb(t)::pg_catalog.text, l.named) > 0)
               AND NOT EXISTS (SELECT FROM public.system_configurations t
                                WHERE l.table_name = 'system_configurations' AND l.client_id IS NULL AND t.client_id IS NULL
                                  AND strpos(to_jsonb(t)::pg_catalog.text, l.named) > 0)
               AND NOT EXISTS (SELECT FROM public.template_configurations t
                                WHERE l.table_name = 'template_configurations' AND strpos(to_jsonb(t)::pg_catalog.text, l.named) > 0)
               AND NOT EXISTS (SELECT FROM public.client_customizations t
                                WHERE l.table_name = 'client_customizations' AND t.client_id = l.client_id
                                  AND strpos(to_jsonb(t)::pg_catalog.text, l.named) > 0)
               AND NOT EXISTS (SELECT FROM public.deployment_configurations t
                                WHERE l.table_name = 'deployment_configurations' AND t.client_id = l.client_id
                                  AND strpos(to_jsonb(t)::pg_catalog.text, l.named) > 0)
               AND NOT EXISTS (SELECT FROM public.client_deployments t
                                WHERE l.table_name = 'client_deployments' AND t.client_id = l.client_id
                                  AND strpos(to_jsonb(t)::pg_catalog.text, l.named) > 0)
               AND NOT EXISTS (SELECT FROM public.client_billing_info t
                                WHERE l.table_name = 'client_billing_info' AND t.client_id = l.client_id
                                  AND strpos(to_jsonb(t)::pg_catalog.text, l.named) > 0)
               AND NOT EXISTS (SELECT FROM public.configuration_versions v
                                WHERE v.table_name = l.table_name
                                  AND v.scope_id = coalesce(l.client_id, '00000000-0000-0000-0000-000000000000')
                                  AND strpos(v.content::pg_catalog.text, l.named) > 0)
            RETURNING s.id, s.client_id, s.table_name, s.column_name, s.path
        )
        SELECT g.client_id, count(*) AS secrets,
               jsonb_agg(jsonb_build_object('id', g.id, 'table', g.table_name, 'column', g.column_name, 'path', g.path) ORDER BY g.id) AS details
          FROM gone g
         GROUP BY g.client_id
    LOOP
        swept := swept + swept_of.secrets;
        PERFORM tenantry.audit_event('sweep_secrets', jsonb_build_object('secrets', swept_of.details), swept_of.client_id, 'secrets', NULL, 'tenantry');
    END LOOP;
    RETURN NEXT;
END
$$;

ALTER FUNCTION tenantry.sweep_secrets(after uuid, most integer, younger interval) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.sweep_secrets(after uuid, most integer, younger interval) IS 'Of so many secrets after an id, removes those that nothing refers to, unless they are younger than an interval: whoever set them may be about to write the row. Gives the last id that was looked at, NULL at the end, and how many went; the audit log has each.';

CREATE FUNCTION tenantry.table_of(relation regclass) RETURNS name
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = coalesce(pg_partition_root(relation), relation)
$$;

ALTER FUNCTION tenantry.table_of(relation regclass) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.table_of(relation regclass) IS 'The name of a table, or of the one that it is a partition of: triggers of rows fire on the partition.';

CREATE FUNCTION tenantry.take_revision() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION tenantry.take_revision() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.take_revision() IS 'The revision of this transaction. From then until its end every other writer of configuration waits, so only deferred triggers call it.';

CREATE FUNCTION tenantry.text_mask_id(value text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO ''
    AS $_$
    SELECT substring(value FROM '^secret:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):[0-9a-f]{32}$')
$_$;

ALTER FUNCTION tenantry.text_mask_id(value text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.text_mask_id(value text) IS 'The secret that a mask in a column of text names; NULL where it is no mask.';

CREATE FUNCTION tenantry.token_revisions_keep() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    subject constant tenantry.tokens := coalesce(NEW, OLD);
BEGIN
    IF subject.kind = 'runtime' THEN
        INSERT INTO tenantry.token_revisions (token_id, revision) VALUES (subject.id, tenantry.take_revision())
        ON CONFLICT (token_id) DO UPDATE SET revision = excluded.revision;
    END IF;
    RETURN NULL;
END
$$;

ALTER FUNCTION tenantry.token_revisions_keep() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.token_revisions_keep() IS 'Notes the revision that made, changed or ended a runtime token, which is known at commit only.';

CREATE FUNCTION tenantry.user_id() RETURNS uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    claims pg_catalog.jsonb;
BEGIN
    claims := nullif(current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb;
    RETURN (SELECT p.user_id FROM tenantry.person(claims) p WHERE 'tenantry_' || p.role = current_setting('role'));
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    RETURN NULL;
END
$$;

ALTER FUNCTION tenantry.user_id() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.user_id() IS 'The person who has entered; NULL for service tokens, jobs, operators, and claims that don''t hold.';

CREATE FUNCTION tenantry.version_rank(version text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $_$
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
$_$;

ALTER FUNCTION tenantry.version_rank(version text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.version_rank(version text) IS 'What versions are ordered by, COLLATE "C": semantic versions by their precedence; NULL for other words, which count as older than all of those.';

CREATE TABLE auth.users (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    aud character varying(255) DEFAULT 'authenticated'::character varying NOT NULL,
    role character varying(255) DEFAULT 'authenticated'::character varying NOT NULL,
    email character varying(255),
    encrypted_password character varying(255),
    email_confirmed_at timestamp with time zone,
    last_sign_in_at timestamp with time zone,
    raw_app_meta_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    raw_user_meta_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY auth.users FORCE ROW LEVEL SECURITY;

ALTER TABLE auth.users OWNER TO tenantry_owner;

COMMENT ON TABLE auth.users IS 'Everybody who can sign in. What they may do stands in tenantry.people.';

COMMENT ON COLUMN auth.users.id IS 'The person''s id everywhere: people, client_members, created_by, the claim sub.';

COMMENT ON COLUMN auth.users.aud IS 'Audience of the person''s access tokens, as Supabase has it.';

COMMENT ON COLUMN auth.users.role IS 'The claim role, always authenticated. The person''s role is tenantry.people.role.';

COMMENT ON COLUMN auth.users.email IS 'Address the person signs in with, unique whatever its case.';

COMMENT ON COLUMN auth.users.encrypted_password IS 'bcrypt hash of an adopted user. Tenantry''s own hashes stand in tenantry.passwords.';

COMMENT ON COLUMN auth.users.email_confirmed_at IS 'When the address was confirmed; NULL where it never was.';

COMMENT ON COLUMN auth.users.last_sign_in_at IS 'Last sign-in, as Supabase has it; Tenantry keeps its own in tenantry.sessions.';

COMMENT ON COLUMN auth.users.raw_app_meta_data IS 'Carries a copy of the person''s role. Not editable by the person.';

COMMENT ON COLUMN auth.users.raw_user_meta_data IS 'What the person may edit about themselves. Nothing here is ever believed.';

COMMENT ON COLUMN auth.users.created_at IS 'When the person was added.';

COMMENT ON COLUMN auth.users.updated_at IS 'When the row was last changed.';

CREATE TABLE public.audit_log (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    transaction_id xid8 NOT NULL,
    user_id uuid,
    token_id uuid,
    session_id uuid,
    actor text,
    database_role text NOT NULL,
    login_role text NOT NULL,
    address text,
    action text NOT NULL,
    table_schema text,
    table_name text,
    row_id text,
    client_id uuid,
    before jsonb,
    after jsonb,
    details jsonb,
    request_id text,
    reason text,
    erased_at timestamp with time zone,
    salt uuid,
    row_hash bytea NOT NULL
)
PARTITION BY RANGE (at);

ALTER TABLE ONLY public.audit_log FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_log OWNER TO tenantry_owner;

COMMENT ON TABLE public.audit_log IS 'What was done, by whom, to which row: written in the transaction of the act itself, never changed afterwards, sealed by tenantry.audit_seals. Partitioned by month (UTC) of at.';

COMMENT ON COLUMN public.audit_log.id IS 'Number of the entry. Not in the order of commits: a long transaction''s entries become visible after later ones.';

COMMENT ON COLUMN public.audit_log.at IS 'When it happened (the clock, not the start of the transaction).';

COMMENT ON COLUMN public.audit_log.transaction_id IS 'The transaction that did it. The sealer tells by it which entries became visible since the last seal.';

COMMENT ON COLUMN public.audit_log.user_id IS 'The person who did it, from the claims of the request; NULL for machines and operators.';

COMMENT ON COLUMN public.audit_log.token_id IS 'The service or runtime token that was used, if one was.';

COMMENT ON COLUMN public.audit_log.session_id IS 'The session of the person, if the request had one.';

COMMENT ON COLUMN public.audit_log.actor IS 'Who acted where it was neither person nor token: operator:<name> for the command line, migration:<name>, job:<name>.';

COMMENT ON COLUMN public.audit_log.database_role IS 'The database role in force, as set by SET ROLE, else the login.';

COMMENT ON COLUMN public.audit_log.login_role IS 'The role that logged in to PostgreSQL: claims can be set by whoever has free SQL, this cannot.';

COMMENT ON COLUMN public.audit_log.address IS 'Network address of the request, else of the database connection.';

COMMENT ON COLUMN public.audit_log.action IS 'insert, update, delete or truncate for rows; else what was done: sign_in, reveal, export, backup, restore, migration …';

COMMENT ON COLUMN public.audit_log.table_schema IS 'Schema of the table: public for Tenantry''s tables, tenantry for people, sessions, tokens, settings; NULL for what is no row.';

COMMENT ON COLUMN public.audit_log.table_name IS 'The table; NULL for what is no row.';

COMMENT ON COLUMN public.audit_log.row_id IS 'Primary key of the row as text; several columns are joined by a slash.';

COMMENT ON COLUMN public.audit_log.client_id IS 'The client it concerns, if it is one''s; no foreign key, because the trail outlives its subject.';

COMMENT ON COLUMN public.audit_log.before IS 'The changed columns as they were; the whole row for a delete. Secrets are masks.';

COMMENT ON COLUMN public.audit_log.after IS 'The changed columns as they became; the whole row for an insert. Secrets are masks.';

COMMENT ON COLUMN public.audit_log.details IS 'What there is to say about an action that is no row. Secrets are masks.';

COMMENT ON COLUMN public.audit_log.request_id IS 'Identifier of the request, as in the server''s log and in the answer.';

COMMENT ON COLUMN public.audit_log.reason IS 'Why, where the person was asked.';

COMMENT ON COLUMN public.audit_log.erased_at IS 'When the contents of this entry were erased (before, after, details, reason, address, salt); the hash stays, so that the seals still hold.';

COMMENT ON COLUMN public.audit_log.salt IS 'Random part of the hash, so that the contents of an erased entry cannot be guessed from its hash.';

COMMENT ON COLUMN public.audit_log.row_hash IS 'SHA-256 over the canonical form of the entry (see the trigger function tenantry.audit_hash_row).';

ALTER TABLE public.audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.client_analytics (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    client_id uuid NOT NULL,
    deployment_id uuid,
    analytics_date date NOT NULL,
    analytics_period character varying(20) DEFAULT 'daily'::character varying NOT NULL,
    analytics_hour smallint,
    page_views integer DEFAULT 0,
    unique_visitors integer DEFAULT 0,
    sessions integer DEFAULT 0,
    bounce_rate numeric(5,2),
    avg_session_duration numeric(8,2),
    avg_load_time numeric(8,2),
    core_web_vitals jsonb DEFAULT '{}'::jsonb,
    error_rate numeric(5,2),
    conversions integer DEFAULT 0,
    conversion_rate numeric(5,2),
    revenue numeric(15,2),
    currency character(3),
    engagement_metrics jsonb DEFAULT '{}'::jsonb,
    user_behavior jsonb DEFAULT '{}'::jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT client_analytics_analytics_hour_check CHECK (((analytics_hour >= 0) AND (analytics_hour <= 23))),
    CONSTRAINT client_analytics_analytics_period_check CHECK (((analytics_period)::text = ANY ((ARRAY['daily'::character varying, 'hourly'::character varying, 'weekly'::character varying, 'monthly'::character varying])::text[]))),
    CONSTRAINT client_analytics_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT client_analytics_hourly_check CHECK ((((analytics_period)::text = 'hourly'::text) = (analytics_hour IS NOT NULL)))
)
PARTITION BY RANGE (analytics_date);

ALTER TABLE ONLY public.client_analytics FORCE ROW LEVEL SECURITY;

ALTER TABLE public.client_analytics OWNER TO tenantry_owner;

COMMENT ON TABLE public.client_analytics IS 'Figures of clients'' apps, one row per client, deployment, day, period and hour. Partitioned by month of analytics_date.';

COMMENT ON COLUMN public.client_analytics.id IS 'Key of the figure.';

COMMENT ON COLUMN public.client_analytics.client_id IS 'The client it belongs to; never changes.';

COMMENT ON COLUMN public.client_analytics.deployment_id IS 'The deployment it was measured on; NULL where it is of the client as a whole.';

COMMENT ON COLUMN public.client_analytics.analytics_date IS 'The day, or the first day of the week or month.';

COMMENT ON COLUMN public.client_analytics.analytics_period IS 'What it sums up: daily, hourly, weekly or monthly.';

COMMENT ON COLUMN public.client_analytics.analytics_hour IS 'The hour, 0 to 23; present exactly when the period is hourly.';

COMMENT ON COLUMN public.client_analytics.page_views IS 'Pages seen.';

COMMENT ON COLUMN public.client_analytics.unique_visitors IS 'Visitors, each counted once.';

COMMENT ON COLUMN public.client_analytics.sessions IS 'Visits.';

COMMENT ON COLUMN public.client_analytics.bounce_rate IS 'Visits of one page, in percent.';

COMMENT ON COLUMN public.client_analytics.avg_session_duration IS 'Mean length of a visit, in seconds.';

COMMENT ON COLUMN public.client_analytics.avg_load_time IS 'Mean time to load a page, in seconds.';

COMMENT ON COLUMN public.client_analytics.core_web_vitals IS 'Core Web Vitals, as reported.';

COMMENT ON COLUMN public.client_analytics.error_rate IS 'Requests that failed, in percent.';

COMMENT ON COLUMN public.client_analytics.conversions IS 'Visits that reached their aim.';

COMMENT ON COLUMN public.client_analytics.conversion_rate IS 'The same in percent of the visits.';

COMMENT ON COLUMN public.client_analytics.revenue IS 'The client''s turnover through the app, in currency; NULL until known.';

COMMENT ON COLUMN public.client_analytics.currency IS 'ISO 4217 code of revenue, e.g. USD; NULL until known.';

COMMENT ON COLUMN public.client_analytics.engagement_metrics IS 'Further figures of engagement.';

COMMENT ON COLUMN public.client_analytics.user_behavior IS 'Further figures of what visitors do.';

COMMENT ON COLUMN public.client_analytics.created_at IS 'When the row was made.';

COMMENT ON COLUMN public.client_analytics.updated_at IS 'When the row was last changed; the base of If-Match.';

CREATE TABLE public.client_billing_info (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    client_id uuid NOT NULL,
    subscription_tier character varying(50) DEFAULT 'basic'::character varying NOT NULL,
    subscription_status character varying(50) DEFAULT 'trial'::character varying NOT NULL,
    subscription_start_date date,
    subscription_end_date date,
    trial_end_date date,
    billing_email character varying(255),
    billing_frequency character varying(50) DEFAULT 'monthly'::character varying NOT NULL,
    currency character(3) DEFAULT 'USD'::bpchar NOT NULL,
    payment_method_id character varying(255),
    payment_provider character varying(100) DEFAULT 'stripe'::character varying,
    payment_status character varying(50) DEFAULT 'pending'::character varying NOT NULL,
    billing_address jsonb DEFAULT '{}'::jsonb,
    tax_id character varying(255),
    vat_number character varying(255),
    usage_limits jsonb DEFAULT '{}'::jsonb,
    current_usage jsonb DEFAULT '{}'::jsonb,
    overage_charges numeric(16,3) DEFAULT 0 NOT NULL,
    invoice_amount numeric(16,3) DEFAULT 0 NOT NULL,
    account_balance numeric(16,3) DEFAULT 0 NOT NULL,
    credit_balance numeric(16,3) DEFAULT 0 NOT NULL,
    last_invoice_date date,
    next_invoice_date date,
    payment_retry_count integer DEFAULT 0 NOT NULL,
    last_payment_attempt timestamp with time zone,
    dunning_status character varying(50) DEFAULT 'none'::character varying NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    updated_by uuid,
    CONSTRAINT client_billing_info_billing_frequency_check CHECK (((billing_frequency)::text = ANY ((ARRAY['monthly'::character varying, 'yearly'::character varying, 'one-time'::character varying])::text[]))),
    CONSTRAINT client_billing_info_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT client_billing_info_dunning_status_check CHECK (((dunning_status)::text = ANY ((ARRAY['none'::character varying, 'soft'::character varying, 'hard'::character varying, 'final'::character varying])::text[]))),
    CONSTRAINT client_billing_info_payment_retry_count_check CHECK ((payment_retry_count >= 0)),
    CONSTRAINT client_billing_info_payment_status_check CHECK (((payment_status)::text = ANY ((ARRAY['pending'::character varying, 'valid'::character varying, 'failed'::character varying, 'expired'::character varying])::text[]))),
    CONSTRAINT client_billing_info_subscription_status_check CHECK (((subscription_status)::text = ANY ((ARRAY['trial'::character varying, 'active'::character varying, 'suspended'::character varying, 'cancelled'::character varying])::text[]))),
    CONSTRAINT client_billing_info_subscription_tier_check CHECK (((subscription_tier)::text = ANY ((ARRAY['basic'::character varying, 'standard'::character varying, 'premium'::character varying, 'enterprise'::character varying])::text[])))
);

ALTER TABLE ONLY public.client_billing_info FORCE ROW LEVEL SECURITY;

ALTER TABLE public.client_billing_info OWNER TO tenantry_owner;

COMMENT ON TABLE public.client_billing_info IS 'What a client is billed and how it pays, one row per client. Holds a provider''s references, never a card number.';

COMMENT ON COLUMN public.client_billing_info.id IS 'Key of the row.';

COMMENT ON COLUMN public.client_billing_info.client_id IS 'The client; one row each, never changes.';

COMMENT ON COLUMN public.client_billing_info.subscription_tier IS 'What is billed: basic, standard, premium or enterprise. How the client is served is clients_enhanced.tier.';

COMMENT ON COLUMN public.client_billing_info.subscription_status IS 'trial, active, suspended or cancelled; only active ones are invoiced.';

COMMENT ON COLUMN public.client_billing_info.subscription_start_date IS 'First day of the subscription.';

COMMENT ON COLUMN public.client_billing_info.subscription_end_date IS 'Last day of the subscription.';

COMMENT ON COLUMN public.client_billing_info.trial_end_date IS 'Last day of the trial.';

COMMENT ON COLUMN public.client_billing_info.billing_email IS 'Where invoices go.';

COMMENT ON COLUMN public.client_billing_info.billing_frequency IS 'monthly, yearly or one-time.';

COMMENT ON COLUMN public.client_billing_info.currency IS 'ISO 4217 code of all amounts of the row.';

COMMENT ON COLUMN public.client_billing_info.payment_method_id IS 'The provider''s reference of the means of payment; a secret, never a card number.';

COMMENT ON COLUMN public.client_billing_info.payment_provider IS 'Who takes the payments.';

COMMENT ON COLUMN public.client_billing_info.payment_status IS 'Whether the means of payment works: pending, valid, failed or expired.';

COMMENT ON COLUMN public.client_billing_info.billing_address IS 'Address on the invoice.';

COMMENT ON COLUMN public.client_billing_info.tax_id IS 'Tax number; a secret.';

COMMENT ON COLUMN public.client_billing_info.vat_number IS 'VAT number; a secret.';

COMMENT ON COLUMN public.client_billing_info.usage_limits IS 'What the subscription includes.';

COMMENT ON COLUMN public.client_billing_info.current_usage IS 'What was used of it in this period.';

COMMENT ON COLUMN public.client_billing_info.overage_charges IS 'Charges for use beyond the limits.';

COMMENT ON COLUMN public.client_billing_info.invoice_amount IS 'Amount of an invoice.';

COMMENT ON COLUMN public.client_billing_info.account_balance IS 'Balance of the account: below zero is what the client owes.';

COMMENT ON COLUMN public.client_billing_info.credit_balance IS 'What the client has to its credit.';

COMMENT ON COLUMN public.client_billing_info.last_invoice_date IS 'Day of the last invoice.';

COMMENT ON COLUMN public.client_billing_info.next_invoice_date IS 'Day of the next invoice; NULL where none is due.';

COMMENT ON COLUMN public.client_billing_info.payment_retry_count IS 'Failed attempts since the last payment.';

COMMENT ON COLUMN public.client_billing_info.last_payment_attempt IS 'When a payment was last tried.';

COMMENT ON COLUMN public.client_billing_info.dunning_status IS 'How far reminding has gone: none, soft, hard or final.';

COMMENT ON COLUMN public.client_billing_info.created_at IS 'When the row was made.';

COMMENT ON COLUMN public.client_billing_info.updated_at IS 'When the row was last changed; the base of If-Match.';

COMMENT ON COLUMN public.client_billing_info.created_by IS 'The person who made the row, from the session.';

COMMENT ON COLUMN public.client_billing_info.updated_by IS 'The person who last changed the row, from the session.';

CREATE TABLE public.clients_enhanced (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name character varying(255) NOT NULL,
    email character varying(255) NOT NULL,
    company_name character varying(255),
    industry character varying(100),
    website_url character varying(500),
    phone character varying(50),
    address jsonb DEFAULT '{}'::jsonb,
    business_size character varying(50),
    annual_revenue numeric(15,2),
    target_audience text,
    business_goals text[] DEFAULT '{}'::text[],
    technical_requirements jsonb DEFAULT '{}'::jsonb,
    preferred_integrations text[] DEFAULT '{}'::text[],
    compliance_requirements text[] DEFAULT '{}'::text[],
    brand_guidelines jsonb DEFAULT '{}'::jsonb,
    color_palette jsonb DEFAULT '{}'::jsonb,
    typography_preferences jsonb DEFAULT '{}'::jsonb,
    logo_assets jsonb DEFAULT '{}'::jsonb,
    visual_identity jsonb DEFAULT '{}'::jsonb,
    project_type character varying(100),
    project_scope text,
    budget_range character varying(50),
    timeline_requirements character varying(100),
    status character varying(50) DEFAULT 'active'::character varying NOT NULL,
    tier character varying(50) DEFAULT 'standard'::character varying NOT NULL,
    acquisition_source character varying(100),
    assigned_manager uuid,
    last_contact_date timestamp with time zone,
    contract_start_date date,
    contract_end_date date,
    renewal_date date,
    archived_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    updated_by uuid,
    CONSTRAINT clients_enhanced_business_size_check CHECK (((business_size)::text = ANY ((ARRAY['startup'::character varying, 'small'::character varying, 'medium'::character varying, 'enterprise'::character varying])::text[]))),
    CONSTRAINT clients_enhanced_status_check CHECK (((status)::text = ANY ((ARRAY['active'::character varying, 'inactive'::character varying, 'suspended'::character varying, 'churned'::character varying])::text[]))),
    CONSTRAINT clients_enhanced_tier_check CHECK (((tier)::text = ANY ((ARRAY['standard'::character varying, 'basic'::character varying, 'premium'::character varying, 'enterprise'::character varying])::text[])))
);

ALTER TABLE ONLY public.clients_enhanced FORCE ROW LEVEL SECURITY;

ALTER TABLE public.clients_enhanced OWNER TO tenantry_owner;

COMMENT ON TABLE public.clients_enhanced IS 'The agency''s clients. Nobody deletes one: a client that leaves is churned, then archived.';

COMMENT ON COLUMN public.clients_enhanced.id IS 'Key of the client; client_id everywhere else.';

COMMENT ON COLUMN public.clients_enhanced.name IS 'What the agency calls the client.';

COMMENT ON COLUMN public.clients_enhanced.email IS 'Main address; unique without regard to letter case among clients that aren''t archived.';

COMMENT ON COLUMN public.clients_enhanced.company_name IS 'Registered name of the company, where it differs from the name.';

COMMENT ON COLUMN public.clients_enhanced.industry IS 'Line of business, in the agency''s own words.';

COMMENT ON COLUMN public.clients_enhanced.website_url IS 'The client''s present web site.';

COMMENT ON COLUMN public.clients_enhanced.phone IS 'Telephone number as written by the client.';

COMMENT ON COLUMN public.clients_enhanced.address IS 'Postal address, e.g. {"city": "Leeds", "country": "GB"}.';

COMMENT ON COLUMN public.clients_enhanced.business_size IS 'startup, small, medium or enterprise; NULL until known.';

COMMENT ON COLUMN public.clients_enhanced.annual_revenue IS 'The client''s own yearly turnover, never what it pays the agency; NULL until known.';

COMMENT ON COLUMN public.clients_enhanced.target_audience IS 'Whom the client sells to.';

COMMENT ON COLUMN public.clients_enhanced.business_goals IS 'What the client wants to reach with the app.';

COMMENT ON COLUMN public.clients_enhanced.technical_requirements IS 'Technical conditions the client sets.';

COMMENT ON COLUMN public.clients_enhanced.preferred_integrations IS 'Services the app should connect to.';

COMMENT ON COLUMN public.clients_enhanced.compliance_requirements IS 'Rules the client is bound by, e.g. GDPR.';

COMMENT ON COLUMN public.clients_enhanced.brand_guidelines IS 'The client''s rules for its brand.';

COMMENT ON COLUMN public.clients_enhanced.color_palette IS 'Colours of the brand, e.g. {"primary": "#1b6ef3"}.';

COMMENT ON COLUMN public.clients_enhanced.typography_preferences IS 'Typefaces of the brand.';

COMMENT ON COLUMN public.clients_enhanced.logo_assets IS 'Where the logos are.';

COMMENT ON COLUMN public.clients_enhanced.visual_identity IS 'Whatever else belongs to how the client looks.';

COMMENT ON COLUMN public.clients_enhanced.project_type IS 'Kind of project, in the agency''s own words.';

COMMENT ON COLUMN public.clients_enhanced.project_scope IS 'What was agreed to be built.';

COMMENT ON COLUMN public.clients_enhanced.budget_range IS 'Budget as stated, a range in words.';

COMMENT ON COLUMN public.clients_enhanced.timeline_requirements IS 'When the client wants it, in words.';

COMMENT ON COLUMN public.clients_enhanced.status IS 'active, inactive, suspended or churned.';

COMMENT ON COLUMN public.clients_enhanced.tier IS 'How the client is served; what is billed is client_billing_info.subscription_tier, and a difference is shown, never mended.';

COMMENT ON COLUMN public.clients_enhanced.acquisition_source IS 'How the client came to the agency.';

COMMENT ON COLUMN public.clients_enhanced.assigned_manager IS 'The person who manages the client. A change makes that person a member as manager, and ends the membership that the former one had from this.';

COMMENT ON COLUMN public.clients_enhanced.last_contact_date IS 'When the agency last spoke with the client.';

COMMENT ON COLUMN public.clients_enhanced.contract_start_date IS 'First day of the contract.';

COMMENT ON COLUMN public.clients_enhanced.contract_end_date IS 'Last day of the contract.';

COMMENT ON COLUMN public.clients_enhanced.renewal_date IS 'Day by which the contract has to be renewed.';

COMMENT ON COLUMN public.clients_enhanced.archived_at IS 'When the client was archived; NULL for those that are served.';

COMMENT ON COLUMN public.clients_enhanced.created_at IS 'When the row was made.';

COMMENT ON COLUMN public.clients_enhanced.updated_at IS 'When the row was last changed; the base of If-Match.';

COMMENT ON COLUMN public.clients_enhanced.created_by IS 'The person who made the row, from the session.';

COMMENT ON COLUMN public.clients_enhanced.updated_by IS 'The person who last changed the row, from the session.';

CREATE TABLE public.deployment_configurations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    client_id uuid NOT NULL,
    deployment_id uuid,
    deployment_template_id uuid,
    template_id character varying(255),
    environment character varying(50) NOT NULL,
    deployment_name character varying(255) NOT NULL,
    hosting_provider character varying(100) DEFAULT 'vercel'::character varying,
    region character varying(100) DEFAULT 'us-east-1'::character varying,
    instance_type character varying(100),
    scaling_config jsonb DEFAULT '{}'::jsonb,
    environment_variables jsonb DEFAULT '{}'::jsonb,
    secret_variables text[] DEFAULT '{}'::text[],
    feature_flags jsonb DEFAULT '{}'::jsonb,
    application_config jsonb DEFAULT '{}'::jsonb,
    ssl_config jsonb DEFAULT '{}'::jsonb,
    cors_config jsonb DEFAULT '{}'::jsonb,
    security_headers jsonb DEFAULT '{}'::jsonb,
    caching_config jsonb DEFAULT '{}'::jsonb,
    cdn_config jsonb DEFAULT '{}'::jsonb,
    monitoring_config jsonb DEFAULT '{}'::jsonb,
    domain_verification jsonb DEFAULT '{}'::jsonb,
    backup_config jsonb DEFAULT '{}'::jsonb,
    recovery_config jsonb DEFAULT '{}'::jsonb,
    custom_domain character varying(255),
    subdomain character varying(255),
    status character varying(50) DEFAULT 'draft'::character varying NOT NULL,
    validation_results jsonb DEFAULT '{}'::jsonb,
    version integer DEFAULT 1 NOT NULL,
    applied_configuration jsonb,
    applied_revision bigint,
    applied_at timestamp with time zone,
    applied_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    updated_by uuid,
    CONSTRAINT deployment_configurations_applied_revision_check CHECK (((applied_revision IS NULL) OR (applied_configuration IS NOT NULL))),
    CONSTRAINT deployment_configurations_applied_status_check CHECK ((((status)::text <> 'applied'::text) OR (applied_configuration IS NOT NULL))),
    CONSTRAINT deployment_configurations_environment_check CHECK (((environment)::text = ANY ((ARRAY['development'::character varying, 'staging'::character varying, 'production'::character varying])::text[]))),
    CONSTRAINT deployment_configurations_status_check CHECK (((status)::text = ANY ((ARRAY['draft'::character varying, 'validated'::character varying, 'applied'::character varying, 'failed'::character varying])::text[]))),
    CONSTRAINT deployment_configurations_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.deployment_configurations FORCE ROW LEVEL SECURITY;

ALTER TABLE public.deployment_configurations OWNER TO tenantry_owner;

COMMENT ON TABLE public.deployment_configurations IS 'How a client''s deployments in an environment are set up. Applying freezes the content, so that an edit changes nothing that runs until it is applied again.';

COMMENT ON COLUMN public.deployment_configurations.id IS 'Key of the row.';

COMMENT ON COLUMN public.deployment_configurations.client_id IS 'The client it belongs to; never changes.';

COMMENT ON COLUMN public.deployment_configurations.deployment_id IS 'The deployment it is for, if one; of the same client.';

COMMENT ON COLUMN public.deployment_configurations.deployment_template_id IS 'The deployment template it was made from, if any.';

COMMENT ON COLUMN public.deployment_configurations.template_id IS 'The template it serves; NULL serves clients that have none.';

COMMENT ON COLUMN public.deployment_configurations.environment IS 'development, staging or production.';

COMMENT ON COLUMN public.deployment_configurations.deployment_name IS 'Its name, unique per client and environment.';

COMMENT ON COLUMN public.deployment_configurations.hosting_provider IS 'Who hosts.';

COMMENT ON COLUMN public.deployment_configurations.region IS 'Region of the provider.';

COMMENT ON COLUMN public.deployment_configurations.instance_type IS 'Size of the machine, in the provider''s word.';

COMMENT ON COLUMN public.deployment_configurations.scaling_config IS 'How it scales, e.g. {"min": 2, "max": 10}.';

COMMENT ON COLUMN public.deployment_configurations.environment_variables IS 'Variables of the process. Secret are those that secret_variables lists and those whose name or form says so. Not shown to the client''s own login.';

COMMENT ON COLUMN public.deployment_configurations.secret_variables IS 'Names of the variables that are secret. Not shown to the client''s own login.';

COMMENT ON COLUMN public.deployment_configurations.feature_flags IS 'Features; under features in the configuration once applied.';

COMMENT ON COLUMN public.deployment_configurations.application_config IS 'Configuration of the app; its highest layer once applied. Not shown to the client''s own login.';

COMMENT ON COLUMN public.deployment_configurations.ssl_config IS 'TLS. Not shown to the client''s own login.';

COMMENT ON COLUMN public.deployment_configurations.cors_config IS 'Cross-origin rules.';

COMMENT ON COLUMN public.deployment_configurations.security_headers IS 'Security headers.';

COMMENT ON COLUMN public.deployment_configurations.caching_config IS 'Caching.';

COMMENT ON COLUMN public.deployment_configurations.cdn_config IS 'Content network.';

COMMENT ON COLUMN public.deployment_configurations.monitoring_config IS 'Monitoring.';

COMMENT ON COLUMN public.deployment_configurations.domain_verification IS 'How the domain is proved.';

COMMENT ON COLUMN public.deployment_configurations.backup_config IS 'Backups of the app. Not shown to the client''s own login.';

COMMENT ON COLUMN public.deployment_configurations.recovery_config IS 'Recovery of the app. Not shown to the client''s own login.';

COMMENT ON COLUMN public.deployment_configurations.custom_domain IS 'The client''s own domain.';

COMMENT ON COLUMN public.deployment_configurations.subdomain IS 'Name below the agency''s domain.';

COMMENT ON COLUMN public.deployment_configurations.status IS 'draft, validated, then applied or failed; an edit makes it a draft again.';

COMMENT ON COLUMN public.deployment_configurations.validation_results IS 'What the last validation found. Not shown to the client''s own login.';

COMMENT ON COLUMN public.deployment_configurations.version IS 'Counts the writes of the row, kept by a trigger; the base of If-Match.';

COMMENT ON COLUMN public.deployment_configurations.applied_configuration IS 'The content as applied. The row is in force while this isn''t NULL; applying another empties it.';

COMMENT ON COLUMN public.deployment_configurations.applied_revision IS 'The installation''s revision that applied it.';

COMMENT ON COLUMN public.deployment_configurations.applied_at IS 'When it was last applied.';

COMMENT ON COLUMN public.deployment_configurations.applied_by IS 'Who last applied it.';

COMMENT ON COLUMN public.deployment_configurations.created_at IS 'When the row was made.';

COMMENT ON COLUMN public.deployment_configurations.updated_at IS 'When the row was last changed.';

COMMENT ON COLUMN public.deployment_configurations.created_by IS 'The person who made the row, from the session.';

COMMENT ON COLUMN public.deployment_configurations.updated_by IS 'The person who last changed the row, from the session.';

CREATE TABLE public.system_configurations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    configuration_key character varying(255) NOT NULL,
    configuration_category character varying(100) DEFAULT ''::character varying NOT NULL,
    configuration_value jsonb NOT NULL,
    configuration_schema jsonb DEFAULT '{}'::jsonb,
    description text,
    is_encrypted boolean DEFAULT false NOT NULL,
    is_system boolean DEFAULT false NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    is_delegated boolean DEFAULT false NOT NULL,
    client_id uuid,
    template_id character varying(255),
    environment character varying(50) DEFAULT 'all'::character varying NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    updated_by uuid,
    CONSTRAINT system_configurations_category_scope_check CHECK (((configuration_category)::text =
CASE
    WHEN ((client_id IS NOT NULL) AND ((environment)::text = 'all'::text)) THEN 'client'::text
    WHEN (client_id IS NOT NULL) THEN 'deployment'::text
    WHEN (template_id IS NOT NULL) THEN 'template'::text
    ELSE 'global'::text
END)),
    CONSTRAINT system_configurations_configuration_category_check CHECK (((configuration_category)::text = ANY ((ARRAY['global'::character varying, 'template'::character varying, 'client'::character varying, 'deployment'::character varying])::text[]))),
    CONSTRAINT system_configurations_configuration_key_check CHECK (((configuration_key)::text ~ '^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*$'::text)),
    CONSTRAINT system_configurations_environment_check CHECK (((environment)::text = ANY ((ARRAY['all'::character varying, 'development'::character varying, 'staging'::character varying, 'production'::character varying])::text[]))),
    CONSTRAINT system_configurations_is_encrypted_check CHECK (((NOT is_encrypted) OR (NOT (jsonb_typeof((configuration_value -> '$secret'::text)) IS DISTINCT FROM 'object'::text)))),
    CONSTRAINT system_configurations_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY public.system_configurations FORCE ROW LEVEL SECURITY;

ALTER TABLE public.system_configurations OWNER TO tenantry_owner;

COMMENT ON TABLE public.system_configurations IS 'Configuration by key: one row is one value at one layer. The layers are composed into what an app reads.';

COMMENT ON COLUMN public.system_configurations.id IS 'Key of the row.';

COMMENT ON COLUMN public.system_configurations.configuration_key IS 'Dotted path of the value in the document, e.g. features.booking.enabled; segments of letters, digits, _ and -.';

COMMENT ON COLUMN public.system_configurations.configuration_category IS 'The scope in a word: global (no client, no template), template (a template, no client), client (a client, all environments), deployment (a client, one environment). Filled in from the scope where left out.';

COMMENT ON COLUMN public.system_configurations.configuration_value IS 'The value; JSON null is a value, {"$removed": true} hides the layers below.';

COMMENT ON COLUMN public.system_configurations.configuration_schema IS 'JSON Schema 2020-12 that the value has to satisfy.';

COMMENT ON COLUMN public.system_configurations.description IS 'What the value is for.';

COMMENT ON COLUMN public.system_configurations.is_encrypted IS 'Whether the value is a secret.';

COMMENT ON COLUMN public.system_configurations.is_system IS 'Steers Tenantry itself and is never part of a document. Set at insert only; admins edit the value, nothing else.';

COMMENT ON COLUMN public.system_configurations.is_active IS 'A row that isn''t counts as absent: the layers below show.';

COMMENT ON COLUMN public.system_configurations.is_delegated IS 'Whether the client''s own login may edit the value. Set at insert only.';

COMMENT ON COLUMN public.system_configurations.client_id IS 'The client it belongs to; NULL for global and template rows. Never changes.';

COMMENT ON COLUMN public.system_configurations.template_id IS 'The template it applies to; NULL where it applies whatever the template.';

COMMENT ON COLUMN public.system_configurations.environment IS 'all, development, staging or production.';

COMMENT ON COLUMN public.system_configurations.version IS 'Counts the writes of the row, kept by a trigger; the base of If-Match.';

COMMENT ON COLUMN public.system_configurations.created_at IS 'When the row was made.';

COMMENT ON COLUMN public.system_configurations.updated_at IS 'When the row was last changed.';

COMMENT ON COLUMN public.system_configurations.created_by IS 'The person who made the row, from the session.';

COMMENT ON COLUMN public.system_configurations.updated_by IS 'The person who last changed the row, from the session.';

CREATE VIEW public.client_configuration_summary WITH (security_invoker='true') AS
 SELECT c.id AS client_id,
    c.name AS client_name,
    c.company_name,
    c.status AS client_status,
    c.tier,
    COALESCE(sc.system_configurations_count, (0)::bigint) AS system_configurations_count,
    COALESCE(dc.deployment_configurations_count, (0)::bigint) AS deployment_configurations_count,
    b.subscription_tier,
    b.subscription_status,
    b.next_invoice_date
   FROM (((public.clients_enhanced c
     LEFT JOIN ( SELECT system_configurations.client_id,
            count(*) AS system_configurations_count
           FROM public.system_configurations
          WHERE (system_configurations.client_id = ANY (ARRAY( SELECT clients_enhanced.id
                   FROM public.clients_enhanced)))
          GROUP BY system_configurations.client_id) sc ON ((sc.client_id = c.id)))
     LEFT JOIN ( SELECT deployment_configurations.client_id,
            count(*) AS deployment_configurations_count
           FROM public.deployment_configurations
          GROUP BY deployment_configurations.client_id) dc ON ((dc.client_id = c.id)))
     LEFT JOIN public.client_billing_info b ON ((b.client_id = c.id)));

ALTER TABLE public.client_configuration_summary OWNER TO tenantry_owner;

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

CREATE TABLE public.client_customizations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    client_id uuid NOT NULL,
    template_id character varying(255) NOT NULL,
    template_version character varying(50),
    customization_config jsonb DEFAULT '{}'::jsonb NOT NULL,
    branding_config jsonb DEFAULT '{}'::jsonb,
    feature_config jsonb DEFAULT '{}'::jsonb,
    integration_config jsonb DEFAULT '{}'::jsonb,
    ai_generated_customizations jsonb DEFAULT '{}'::jsonb,
    ai_customization_prompts text[] DEFAULT '{}'::text[],
    ai_customization_metadata jsonb DEFAULT '{}'::jsonb,
    theme_config jsonb DEFAULT '{}'::jsonb,
    layout_config jsonb DEFAULT '{}'::jsonb,
    component_overrides jsonb DEFAULT '{}'::jsonb,
    css_customizations text,
    content_overrides jsonb DEFAULT '{}'::jsonb,
    copy_customizations jsonb DEFAULT '{}'::jsonb,
    image_assets jsonb DEFAULT '{}'::jsonb,
    status character varying(50) DEFAULT 'draft'::character varying NOT NULL,
    version integer DEFAULT 1,
    is_active boolean DEFAULT false,
    approved_by uuid,
    approved_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    updated_by uuid,
    CONSTRAINT client_customizations_approval_check CHECK (((approved_by IS NULL) = (approved_at IS NULL))),
    CONSTRAINT client_customizations_status_check CHECK (((status)::text = ANY ((ARRAY['draft'::character varying, 'in_review'::character varying, 'approved'::character varying, 'deployed'::character varying])::text[])))
);

ALTER TABLE ONLY public.client_customizations FORCE ROW LEVEL SECURITY;

ALTER TABLE public.client_customizations OWNER TO tenantry_owner;

COMMENT ON TABLE public.client_customizations IS 'How a client''s app departs from its template, one row per version. Content is writable in draft only; a change to a reviewed design is a new version.';

COMMENT ON COLUMN public.client_customizations.id IS 'Key of this version of the design.';

COMMENT ON COLUMN public.client_customizations.client_id IS 'The client it belongs to; never changes.';

COMMENT ON COLUMN public.client_customizations.template_id IS 'The template it departs from.';

COMMENT ON COLUMN public.client_customizations.template_version IS 'The version of the template it pins; NULL is the newest active one.';

COMMENT ON COLUMN public.client_customizations.customization_config IS 'Values of this client for this template; layer 7 of its configuration while is_active.';

COMMENT ON COLUMN public.client_customizations.branding_config IS 'Brand: logo, colours.';

COMMENT ON COLUMN public.client_customizations.feature_config IS 'Features switched on or off.';

COMMENT ON COLUMN public.client_customizations.integration_config IS 'Services connected.';

COMMENT ON COLUMN public.client_customizations.ai_generated_customizations IS 'What a model proposed.';

COMMENT ON COLUMN public.client_customizations.ai_customization_prompts IS 'What it was asked.';

COMMENT ON COLUMN public.client_customizations.ai_customization_metadata IS 'Which model, when.';

COMMENT ON COLUMN public.client_customizations.theme_config IS 'Theme.';

COMMENT ON COLUMN public.client_customizations.layout_config IS 'Layout.';

COMMENT ON COLUMN public.client_customizations.component_overrides IS 'Components replaced.';

COMMENT ON COLUMN public.client_customizations.css_customizations IS 'Style sheet of the client.';

COMMENT ON COLUMN public.client_customizations.content_overrides IS 'Content replaced.';

COMMENT ON COLUMN public.client_customizations.copy_customizations IS 'Wording replaced.';

COMMENT ON COLUMN public.client_customizations.image_assets IS 'Images.';

COMMENT ON COLUMN public.client_customizations.status IS 'draft, in_review, approved, deployed in this order; from in_review back to draft with a reason.';

COMMENT ON COLUMN public.client_customizations.version IS 'Number of the design: the previous one of this client and template plus one.';

COMMENT ON COLUMN public.client_customizations.is_active IS 'Whether this version is served; one per client and template, approved or deployed.';

COMMENT ON COLUMN public.client_customizations.approved_by IS 'Who approved it; set together with approved_at. Not its author where the setting customization_review asks for a second person.';

COMMENT ON COLUMN public.client_customizations.approved_at IS 'When it was approved.';

COMMENT ON COLUMN public.client_customizations.created_at IS 'When the row was made.';

COMMENT ON COLUMN public.client_customizations.updated_at IS 'When the row was last changed; the base of If-Match.';

COMMENT ON COLUMN public.client_customizations.created_by IS 'The person who made the row, from the session: the author.';

COMMENT ON COLUMN public.client_customizations.updated_by IS 'The person who last changed the row, from the session.';

CREATE TABLE public.client_deployments (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    client_id uuid NOT NULL,
    customization_id uuid NOT NULL,
    deployment_template_id uuid,
    deployment_name character varying(255) NOT NULL,
    deployment_type character varying(50) DEFAULT 'production'::character varying NOT NULL,
    deployment_url character varying(500),
    custom_domain character varying(255),
    hosting_provider character varying(100) DEFAULT 'vercel'::character varying,
    region character varying(100),
    environment_config jsonb DEFAULT '{}'::jsonb,
    build_id character varying(255),
    commit_hash character varying(255),
    build_artifacts jsonb DEFAULT '{}'::jsonb,
    build_logs text,
    status character varying(50) DEFAULT 'pending'::character varying NOT NULL,
    health_status character varying(50) DEFAULT 'unknown'::character varying NOT NULL,
    last_health_check timestamp with time zone,
    performance_metrics jsonb DEFAULT '{}'::jsonb,
    uptime_percentage numeric(5,2),
    response_time_avg numeric(8,2),
    feature_flags jsonb DEFAULT '{}'::jsonb,
    environment_variables jsonb DEFAULT '{}'::jsonb,
    ssl_enabled boolean DEFAULT true,
    cdn_enabled boolean DEFAULT true,
    deployed_at timestamp with time zone,
    deployed_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    updated_by uuid,
    CONSTRAINT client_deployments_deployment_type_check CHECK (((deployment_type)::text = ANY ((ARRAY['production'::character varying, 'development'::character varying, 'staging'::character varying])::text[]))),
    CONSTRAINT client_deployments_health_status_check CHECK (((health_status)::text = ANY ((ARRAY['unknown'::character varying, 'healthy'::character varying, 'warning'::character varying, 'critical'::character varying])::text[]))),
    CONSTRAINT client_deployments_status_check CHECK (((status)::text = ANY ((ARRAY['pending'::character varying, 'building'::character varying, 'deploying'::character varying, 'deployed'::character varying, 'failed'::character varying, 'maintenance'::character varying, 'cancelled'::character varying, 'superseded'::character varying, 'rolled_back'::character varying])::text[])))
);

ALTER TABLE ONLY public.client_deployments FORCE ROW LEVEL SECURITY;

ALTER TABLE public.client_deployments OWNER TO tenantry_owner;

COMMENT ON TABLE public.client_deployments IS 'Where a client''s app runs. One that has events or analytics isn''t deleted but cancelled or superseded.';

COMMENT ON COLUMN public.client_deployments.id IS 'Key of the deployment.';

COMMENT ON COLUMN public.client_deployments.client_id IS 'The client it belongs to; never changes.';

COMMENT ON COLUMN public.client_deployments.customization_id IS 'What is deployed; a customization of the same client.';

COMMENT ON COLUMN public.client_deployments.deployment_template_id IS 'The deployment template it was made from, if any.';

COMMENT ON COLUMN public.client_deployments.deployment_name IS 'Its name.';

COMMENT ON COLUMN public.client_deployments.deployment_type IS 'The environment: production, development or staging.';

COMMENT ON COLUMN public.client_deployments.deployment_url IS 'Where it answers.';

COMMENT ON COLUMN public.client_deployments.custom_domain IS 'The client''s own domain; claimed by one live deployment at a time, without regard to letter case.';

COMMENT ON COLUMN public.client_deployments.hosting_provider IS 'Who hosts it.';

COMMENT ON COLUMN public.client_deployments.region IS 'Region of the provider.';

COMMENT ON COLUMN public.client_deployments.environment_config IS 'Configuration of the environment. Not shown to the client''s own login.';

COMMENT ON COLUMN public.client_deployments.build_id IS 'The provider''s id of the build.';

COMMENT ON COLUMN public.client_deployments.commit_hash IS 'The commit that was built.';

COMMENT ON COLUMN public.client_deployments.build_artifacts IS 'What the build made. Not shown to the client''s own login.';

COMMENT ON COLUMN public.client_deployments.build_logs IS 'What the build printed. Not shown to the client''s own login.';

COMMENT ON COLUMN public.client_deployments.status IS 'pending, building, deploying, deployed, failed, maintenance, cancelled, superseded or rolled_back; failed, cancelled, superseded and rolled_back hold no domain.';

COMMENT ON COLUMN public.client_deployments.health_status IS 'unknown until it was checked, then healthy, warning or critical.';

COMMENT ON COLUMN public.client_deployments.last_health_check IS 'When it was last checked.';

COMMENT ON COLUMN public.client_deployments.performance_metrics IS 'Figures of the last check, e.g. {"performance": {"avg_response_time": 120}}.';

COMMENT ON COLUMN public.client_deployments.uptime_percentage IS 'Percent of the time that it answered.';

COMMENT ON COLUMN public.client_deployments.response_time_avg IS 'Mean response time in milliseconds.';

COMMENT ON COLUMN public.client_deployments.feature_flags IS 'Features switched on or off in this deployment.';

COMMENT ON COLUMN public.client_deployments.environment_variables IS 'Variables of the process. Secret are those whose name or form says so. Not shown to the client''s own login.';

COMMENT ON COLUMN public.client_deployments.ssl_enabled IS 'Whether it is served by TLS.';

COMMENT ON COLUMN public.client_deployments.cdn_enabled IS 'Whether it is served through a content network.';

COMMENT ON COLUMN public.client_deployments.deployed_at IS 'When it was deployed.';

COMMENT ON COLUMN public.client_deployments.deployed_by IS 'Who deployed it.';

COMMENT ON COLUMN public.client_deployments.created_at IS 'When the row was made.';

COMMENT ON COLUMN public.client_deployments.updated_at IS 'When the row was last changed; the base of If-Match.';

COMMENT ON COLUMN public.client_deployments.created_by IS 'The person who made the row, from the session.';

COMMENT ON COLUMN public.client_deployments.updated_by IS 'The person who last changed the row, from the session.';

CREATE TABLE public.client_members (
    client_id uuid NOT NULL,
    user_id uuid NOT NULL,
    member_role character varying(50) DEFAULT 'manager'::character varying NOT NULL,
    made_by_assignment boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    updated_by uuid,
    CONSTRAINT client_members_member_role_check CHECK (((member_role)::text = ANY ((ARRAY['manager'::character varying, 'staff'::character varying, 'client'::character varying])::text[])))
);

ALTER TABLE ONLY public.client_members FORCE ROW LEVEL SECURITY;

ALTER TABLE public.client_members OWNER TO tenantry_owner;

COMMENT ON TABLE public.client_members IS 'Which people see which clients. A person''s right on a client is the lesser of their role and member_role.';

COMMENT ON COLUMN public.client_members.client_id IS 'The client.';

COMMENT ON COLUMN public.client_members.user_id IS 'The person; people are disabled, never deleted.';

COMMENT ON COLUMN public.client_members.member_role IS 'manager, staff or client; client exactly for people whose role is client.';

COMMENT ON COLUMN public.client_members.made_by_assignment IS 'Made by clients_enhanced.assigned_manager, and removed when that changes.';

COMMENT ON COLUMN public.client_members.created_at IS 'When the row was made.';

COMMENT ON COLUMN public.client_members.updated_at IS 'When the row was last changed; the base of If-Match.';

COMMENT ON COLUMN public.client_members.created_by IS 'The person who made the row, from the session.';

COMMENT ON COLUMN public.client_members.updated_by IS 'The person who last changed the row, from the session.';

CREATE VIEW public.client_summary WITH (security_invoker='true') AS
 SELECT c.id,
    c.name,
    c.email,
    c.company_name,
    c.status,
    c.tier,
    COALESCE(cc.customizations_count, (0)::bigint) AS customizations_count,
    COALESCE(cd.deployments_count, (0)::bigint) AS deployments_count,
    COALESCE(cd.active_deployments, (0)::bigint) AS active_deployments,
    c.created_at,
    c.last_contact_date,
    c.assigned_manager,
    c.updated_at,
    c.archived_at,
    c.renewal_date
   FROM ((public.clients_enhanced c
     LEFT JOIN ( SELECT client_customizations.client_id,
            count(*) AS customizations_count
           FROM public.client_customizations
          GROUP BY client_customizations.client_id) cc ON ((cc.client_id = c.id)))
     LEFT JOIN ( SELECT client_deployments.client_id,
            count(*) AS deployments_count,
            count(*) FILTER (WHERE ((client_deployments.status)::text = 'deployed'::text)) AS active_deployments
           FROM public.client_deployments
          GROUP BY client_deployments.client_id) cd ON ((cd.client_id = c.id)));

ALTER TABLE public.client_summary OWNER TO tenantry_owner;

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

CREATE TABLE public.configuration_versions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    table_name character varying(63) NOT NULL,
    row_id uuid NOT NULL,
    client_id uuid,
    scope_id uuid GENERATED ALWAYS AS (COALESCE(client_id, '00000000-0000-0000-0000-000000000000'::uuid)) STORED NOT NULL,
    content jsonb NOT NULL,
    operation character varying(10) NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone NOT NULL,
    revision_from bigint NOT NULL,
    revision_to bigint NOT NULL,
    changed_by uuid,
    reason text,
    CONSTRAINT configuration_versions_operation_check CHECK (((operation)::text = ANY ((ARRAY['update'::character varying, 'delete'::character varying])::text[]))),
    CONSTRAINT configuration_versions_revision_to_check CHECK ((revision_to >= revision_from)),
    CONSTRAINT configuration_versions_table_name_check CHECK (((table_name)::text = ANY ((ARRAY['system_configurations'::character varying, 'template_configurations'::character varying, 'client_customizations'::character varying, 'deployment_configurations'::character varying])::text[]))),
    CONSTRAINT configuration_versions_valid_to_check CHECK ((valid_to > valid_from))
);

ALTER TABLE ONLY public.configuration_versions FORCE ROW LEVEL SECURITY;

ALTER TABLE public.configuration_versions OWNER TO tenantry_owner;

COMMENT ON TABLE public.configuration_versions IS 'Former contents of configuration rows, each with the span and the revisions between which it was current. Written by triggers alone; nobody updates or deletes one. The present content is the row itself.';

COMMENT ON COLUMN public.configuration_versions.id IS 'Key of the version.';

COMMENT ON COLUMN public.configuration_versions.table_name IS 'system_configurations, template_configurations, client_customizations or deployment_configurations.';

COMMENT ON COLUMN public.configuration_versions.row_id IS 'The row''s id in that table.';

COMMENT ON COLUMN public.configuration_versions.client_id IS 'The row''s client, for the policies; NULL for global and template rows.';

COMMENT ON COLUMN public.configuration_versions.scope_id IS 'client_id, or the nil UUID for global and template rows; what policies ask.';

COMMENT ON COLUMN public.configuration_versions.content IS 'The whole row as it was. A secret''s place holds its mask.';

COMMENT ON COLUMN public.configuration_versions.operation IS 'What ended it: update, or delete for the closing row.';

COMMENT ON COLUMN public.configuration_versions.valid_from IS 'Since when it was the current content.';

COMMENT ON COLUMN public.configuration_versions.valid_to IS 'Until when, not included.';

COMMENT ON COLUMN public.configuration_versions.revision_from IS 'The first of the installation''s revisions that had it.';

COMMENT ON COLUMN public.configuration_versions.revision_to IS 'The first revision that no longer had it.';

COMMENT ON COLUMN public.configuration_versions.changed_by IS 'The person who ended it, from the session.';

COMMENT ON COLUMN public.configuration_versions.reason IS 'Why, where the writer said so.';

CREATE VIEW public.deployment_status_summary WITH (security_invoker='true') AS
 SELECT d.id,
    d.client_id,
    c.name AS client_name,
    d.deployment_name,
    d.deployment_type,
    d.status,
    d.health_status,
    d.deployment_url,
    d.deployed_at,
    d.last_health_check,
    ((d.performance_metrics -> 'performance'::text) ->> 'avg_response_time'::text) AS avg_response_time,
    d.uptime_percentage,
    d.custom_domain,
    d.hosting_provider,
    d.created_at,
    d.updated_at
   FROM (public.client_deployments d
     JOIN public.clients_enhanced c ON ((c.id = d.client_id)));

ALTER TABLE public.deployment_status_summary OWNER TO tenantry_owner;

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

CREATE TABLE public.deployment_templates (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    template_name character varying(255) NOT NULL,
    template_type character varying(50) DEFAULT 'basic'::character varying NOT NULL,
    description text,
    configuration_template jsonb DEFAULT '{}'::jsonb NOT NULL,
    required_variables text[] DEFAULT '{}'::text[],
    optional_variables text[] DEFAULT '{}'::text[],
    supported_environments text[] DEFAULT '{development,staging,production}'::text[],
    default_environment character varying(50) DEFAULT 'production'::character varying NOT NULL,
    supported_providers text[] DEFAULT '{vercel,netlify,aws,gcp}'::text[],
    default_provider character varying(100) DEFAULT 'vercel'::character varying,
    category character varying(100),
    tags text[] DEFAULT '{}'::text[],
    use_cases text[] DEFAULT '{}'::text[],
    usage_count integer DEFAULT 0 NOT NULL,
    success_rate numeric(5,2),
    last_used_at timestamp with time zone,
    status character varying(50) DEFAULT 'active'::character varying NOT NULL,
    is_system_template boolean DEFAULT false NOT NULL,
    is_featured boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    updated_by uuid,
    CONSTRAINT deployment_templates_default_environment_check CHECK (((default_environment)::text = ANY ((ARRAY['development'::character varying, 'staging'::character varying, 'production'::character varying])::text[]))),
    CONSTRAINT deployment_templates_status_check CHECK (((status)::text = ANY ((ARRAY['active'::character varying, 'draft'::character varying, 'deprecated'::character varying])::text[]))),
    CONSTRAINT deployment_templates_success_rate_check CHECK (((success_rate >= (0)::numeric) AND (success_rate <= (100)::numeric))),
    CONSTRAINT deployment_templates_supported_environments_check CHECK ((supported_environments <@ '{development,staging,production}'::text[])),
    CONSTRAINT deployment_templates_template_type_check CHECK (((template_type)::text = ANY ((ARRAY['basic'::character varying, 'standard'::character varying, 'enterprise'::character varying, 'custom'::character varying])::text[]))),
    CONSTRAINT deployment_templates_usage_count_check CHECK ((usage_count >= 0))
);

ALTER TABLE ONLY public.deployment_templates FORCE ROW LEVEL SECURITY;

ALTER TABLE public.deployment_templates OWNER TO tenantry_owner;

COMMENT ON TABLE public.deployment_templates IS 'Ready-made ways to deploy, for all clients.';

COMMENT ON COLUMN public.deployment_templates.id IS 'Key of the deployment template.';

COMMENT ON COLUMN public.deployment_templates.template_name IS 'Its name, unique.';

COMMENT ON COLUMN public.deployment_templates.template_type IS 'basic, standard, enterprise or custom.';

COMMENT ON COLUMN public.deployment_templates.description IS 'What it is for.';

COMMENT ON COLUMN public.deployment_templates.configuration_template IS 'The configuration that a deployment starts from, e.g. {"provider": "vercel", "ssl": true}.';

COMMENT ON COLUMN public.deployment_templates.required_variables IS 'Variables that have to be given.';

COMMENT ON COLUMN public.deployment_templates.optional_variables IS 'Variables that may be given.';

COMMENT ON COLUMN public.deployment_templates.supported_environments IS 'Environments it may be used in, of development, staging, production.';

COMMENT ON COLUMN public.deployment_templates.default_environment IS 'Environment where none is named.';

COMMENT ON COLUMN public.deployment_templates.supported_providers IS 'Hosting providers it may be used with.';

COMMENT ON COLUMN public.deployment_templates.default_provider IS 'Hosting provider where none is named.';

COMMENT ON COLUMN public.deployment_templates.category IS 'Group in the list, e.g. hosting.';

COMMENT ON COLUMN public.deployment_templates.tags IS 'Words to find it by.';

COMMENT ON COLUMN public.deployment_templates.use_cases IS 'What it suits, in words.';

COMMENT ON COLUMN public.deployment_templates.usage_count IS 'Deployments made from it. Kept by Tenantry: doesn''t move updated_at.';

COMMENT ON COLUMN public.deployment_templates.success_rate IS '100 × deployments succeeded / deployments ended, of those made from it; failed and rolled_back ended without success, cancelled before it was deployed never ended. NULL until one ended. Kept by Tenantry.';

COMMENT ON COLUMN public.deployment_templates.last_used_at IS 'When it was last deployed from: the latest deployed_at. Kept by Tenantry.';

COMMENT ON COLUMN public.deployment_templates.status IS 'active, draft or deprecated.';

COMMENT ON COLUMN public.deployment_templates.is_system_template IS 'Seeded by Tenantry: admins edit it but can''t delete it; never changed after insert.';

COMMENT ON COLUMN public.deployment_templates.is_featured IS 'Whether it is shown first.';

COMMENT ON COLUMN public.deployment_templates.created_at IS 'When the row was made.';

COMMENT ON COLUMN public.deployment_templates.updated_at IS 'When the row was last changed; the base of If-Match.';

COMMENT ON COLUMN public.deployment_templates.created_by IS 'The person who made the row, from the session.';

COMMENT ON COLUMN public.deployment_templates.updated_by IS 'The person who last changed the row, from the session.';

CREATE TABLE public.deployment_tracking_events (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    client_id uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL,
    deployment_id uuid NOT NULL,
    event_type character varying(100) NOT NULL,
    event_status character varying(50) DEFAULT 'info'::character varying NOT NULL,
    event_message text,
    event_details jsonb DEFAULT '{}'::jsonb,
    event_timestamp timestamp with time zone DEFAULT now() NOT NULL,
    duration_ms integer,
    triggered_by character varying(100) DEFAULT 'system'::character varying NOT NULL,
    triggered_by_user uuid,
    metadata jsonb DEFAULT '{}'::jsonb,
    CONSTRAINT deployment_tracking_events_client_id_check CHECK ((client_id <> '00000000-0000-0000-0000-000000000000'::uuid)),
    CONSTRAINT deployment_tracking_events_event_status_check CHECK (((event_status)::text = ANY ((ARRAY['info'::character varying, 'success'::character varying, 'failure'::character varying, 'warning'::character varying])::text[]))),
    CONSTRAINT deployment_tracking_events_event_timestamp_check CHECK ((event_timestamp <= (now() + '24:00:00'::interval))),
    CONSTRAINT deployment_tracking_events_event_type_check CHECK (((event_type)::text = ANY ((ARRAY['build_started'::character varying, 'build_completed'::character varying, 'deploy_started'::character varying, 'deploy_completed'::character varying, 'health_check'::character varying, 'error'::character varying, 'rollback'::character varying, 'maintenance'::character varying])::text[]))),
    CONSTRAINT deployment_tracking_events_triggered_by_check CHECK (((triggered_by)::text = ANY ((ARRAY['system'::character varying, 'user'::character varying, 'webhook'::character varying, 'schedule'::character varying])::text[])))
)
PARTITION BY RANGE (event_timestamp);

ALTER TABLE ONLY public.deployment_tracking_events FORCE ROW LEVEL SECURITY;

ALTER TABLE public.deployment_tracking_events OWNER TO tenantry_owner;

COMMENT ON TABLE public.deployment_tracking_events IS 'What happened to deployments. Append-only: nobody updates or deletes an event. Partitioned by month (UTC) of event_timestamp.';

COMMENT ON COLUMN public.deployment_tracking_events.id IS 'Key of the event.';

COMMENT ON COLUMN public.deployment_tracking_events.client_id IS 'The client of the deployment; filled in from it where left out.';

COMMENT ON COLUMN public.deployment_tracking_events.deployment_id IS 'The deployment that it happened to.';

COMMENT ON COLUMN public.deployment_tracking_events.event_type IS 'build_started, build_completed, deploy_started, deploy_completed, health_check, error, rollback or maintenance.';

COMMENT ON COLUMN public.deployment_tracking_events.event_status IS 'info, success, failure or warning.';

COMMENT ON COLUMN public.deployment_tracking_events.event_message IS 'What happened, for people.';

COMMENT ON COLUMN public.deployment_tracking_events.event_details IS 'What happened, for machines.';

COMMENT ON COLUMN public.deployment_tracking_events.event_timestamp IS 'When it happened; not more than a day ahead.';

COMMENT ON COLUMN public.deployment_tracking_events.duration_ms IS 'How long it took, in milliseconds.';

COMMENT ON COLUMN public.deployment_tracking_events.triggered_by IS 'What caused it: system, user, webhook or schedule.';

COMMENT ON COLUMN public.deployment_tracking_events.triggered_by_user IS 'The person who caused it, where one did.';

COMMENT ON COLUMN public.deployment_tracking_events.metadata IS 'Whatever the reporter adds.';

CREATE TABLE public.template_configurations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    template_id character varying(255) NOT NULL,
    template_version character varying(50) NOT NULL,
    template_name character varying(255) NOT NULL,
    configuration_schema jsonb DEFAULT '{}'::jsonb NOT NULL,
    default_configuration jsonb DEFAULT '{}'::jsonb NOT NULL,
    required_fields text[] DEFAULT '{}'::text[],
    optional_fields text[] DEFAULT '{}'::text[],
    validation_rules jsonb DEFAULT '{}'::jsonb,
    validation_enabled boolean DEFAULT true NOT NULL,
    category character varying(100),
    tags text[] DEFAULT '{}'::text[],
    industry_specific boolean DEFAULT false NOT NULL,
    supported_industries text[] DEFAULT '{}'::text[],
    usage_count integer DEFAULT 0 NOT NULL,
    last_used_at timestamp with time zone,
    performance_score numeric(5,2),
    status character varying(50) DEFAULT 'active'::character varying NOT NULL,
    is_featured boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    updated_by uuid,
    CONSTRAINT template_configurations_performance_score_check CHECK (((performance_score >= (0)::numeric) AND (performance_score <= (100)::numeric))),
    CONSTRAINT template_configurations_status_check CHECK (((status)::text = ANY ((ARRAY['active'::character varying, 'draft'::character varying, 'deprecated'::character varying, 'archived'::character varying])::text[]))),
    CONSTRAINT template_configurations_usage_count_check CHECK ((usage_count >= 0))
);

ALTER TABLE ONLY public.template_configurations FORCE ROW LEVEL SECURITY;

ALTER TABLE public.template_configurations OWNER TO tenantry_owner;

COMMENT ON TABLE public.template_configurations IS 'Templates of apps, one row per version. Schema and defaults of a version that has left draft never change.';

COMMENT ON COLUMN public.template_configurations.id IS 'Key of this version.';

COMMENT ON COLUMN public.template_configurations.template_id IS 'The template, the same in all its versions, e.g. consultation-booking.';

COMMENT ON COLUMN public.template_configurations.template_version IS 'A semantic version where published in Tenantry; adopted ones keep their word (latest, 1.2), older than all others and never an alias that moves.';

COMMENT ON COLUMN public.template_configurations.template_name IS 'What people call the template.';

COMMENT ON COLUMN public.template_configurations.configuration_schema IS 'JSON Schema 2020-12 of the resolved configuration. Its default values are the lowest layer; x-secret, x-locked, x-merge and x-env-name are Tenantry''s keywords.';

COMMENT ON COLUMN public.template_configurations.default_configuration IS 'Values of the template itself, the layer above the defaults of the schema.';

COMMENT ON COLUMN public.template_configurations.required_fields IS 'Keys shown as required in forms; what validates is the schema.';

COMMENT ON COLUMN public.template_configurations.optional_fields IS 'Keys shown as optional in forms.';

COMMENT ON COLUMN public.template_configurations.validation_rules IS 'Rules beyond the schema, for the agency''s own tools.';

COMMENT ON COLUMN public.template_configurations.validation_enabled IS 'Whether documents of this template are judged by its schema.';

COMMENT ON COLUMN public.template_configurations.category IS 'Group in the list of templates.';

COMMENT ON COLUMN public.template_configurations.tags IS 'Words to find it by.';

COMMENT ON COLUMN public.template_configurations.industry_specific IS 'Whether it is meant for the supported industries only.';

COMMENT ON COLUMN public.template_configurations.supported_industries IS 'Industries it is meant for.';

COMMENT ON COLUMN public.template_configurations.usage_count IS 'Customizations that use this version, those without a version counting for the newest active one. Kept by Tenantry: moves neither history nor updated_at.';

COMMENT ON COLUMN public.template_configurations.last_used_at IS 'Last activation of a customization of this version, or deployed_at of the last deployment of one. Kept by Tenantry.';

COMMENT ON COLUMN public.template_configurations.performance_score IS '0 to 100, over 90 days: mean of those that exist of 100 × deployments succeeded / deployments ended, 100 × health checks succeeded / health checks, mean uptime_percentage. Deployments count by their events deploy_completed, or by their status where they have none; events of status info tell no outcome and don''t count. NULL without any. Kept by Tenantry.';

COMMENT ON COLUMN public.template_configurations.status IS 'draft, then active, deprecated, archived, never back; born active where nothing is said. Archived versions go on serving those who pin them.';

COMMENT ON COLUMN public.template_configurations.is_featured IS 'Whether it is shown first.';

COMMENT ON COLUMN public.template_configurations.created_at IS 'When the row was made.';

COMMENT ON COLUMN public.template_configurations.updated_at IS 'When the row was last changed; the base of If-Match.';

COMMENT ON COLUMN public.template_configurations.created_by IS 'The person who made the row, from the session.';

COMMENT ON COLUMN public.template_configurations.updated_by IS 'The person who last changed the row, from the session.';

CREATE VIEW public.template_usage_summary WITH (security_invoker='true') AS
 WITH newest AS (
         SELECT DISTINCT ON (n.template_id) n.template_id,
            n.template_version
           FROM public.template_configurations n
          WHERE ((n.status)::text = 'active'::text)
          ORDER BY n.template_id, (tenantry.version_rank((n.template_version)::text) COLLATE "C") DESC NULLS LAST, n.created_at DESC, (n.template_version COLLATE "C") DESC
        )
 SELECT t.template_id,
    t.template_version,
    t.template_name,
    t.category,
    t.status,
    t.usage_count,
    t.performance_score,
    COALESCE(cc.customizations_draft, (0)::bigint) AS customizations_draft,
    COALESCE(cc.customizations_in_review, (0)::bigint) AS customizations_in_review,
    COALESCE(cc.customizations_approved, (0)::bigint) AS customizations_approved,
    COALESCE(cc.customizations_deployed, (0)::bigint) AS customizations_deployed,
    COALESCE(cd.live_deployments, (0)::bigint) AS live_deployments,
    t.last_used_at
   FROM ((public.template_configurations t
     LEFT JOIN ( SELECT u.template_id,
            COALESCE(u.template_version, n.template_version) AS template_version,
            count(*) FILTER (WHERE ((u.status)::text = 'draft'::text)) AS customizations_draft,
            count(*) FILTER (WHERE ((u.status)::text = 'in_review'::text)) AS customizations_in_review,
            count(*) FILTER (WHERE ((u.status)::text = 'approved'::text)) AS customizations_approved,
            count(*) FILTER (WHERE ((u.status)::text = 'deployed'::text)) AS customizations_deployed
           FROM (public.client_customizations u
             LEFT JOIN newest n ON (((n.template_id)::text = (u.template_id)::text)))
          GROUP BY u.template_id, COALESCE(u.template_version, n.template_version)) cc ON ((((cc.template_id)::text = (t.template_id)::text) AND ((cc.template_version)::text = (t.template_version)::text))))
     LEFT JOIN ( SELECT u.template_id,
            COALESCE(u.template_version, n.template_version) AS template_version,
            count(*) AS live_deployments
           FROM ((public.client_deployments d
             JOIN public.client_customizations u ON (((u.client_id = d.client_id) AND (u.id = d.customization_id))))
             LEFT JOIN newest n ON (((n.template_id)::text = (u.template_id)::text)))
          WHERE ((d.status)::text = 'deployed'::text)
          GROUP BY u.template_id, COALESCE(u.template_version, n.template_version)) cd ON ((((cd.template_id)::text = (t.template_id)::text) AND ((cd.template_version)::text = (t.template_version)::text))));

ALTER TABLE public.template_usage_summary OWNER TO tenantry_owner;

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

CREATE TABLE tenantry.adopted_tables (
    table_name name NOT NULL,
    catalog jsonb NOT NULL,
    adopted_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY tenantry.adopted_tables FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.adopted_tables OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.adopted_tables IS 'Tables that existed before Tenantry, as they were: what `migrate down` goes back to.';

COMMENT ON COLUMN tenantry.adopted_tables.table_name IS 'Name in public.';

COMMENT ON COLUMN tenantry.adopted_tables.catalog IS 'Columns, types, defaults, constraints, indexes, triggers, policies, grants, owner and dependants as they were.';

COMMENT ON COLUMN tenantry.adopted_tables.adopted_at IS 'When it was adopted.';

CREATE TABLE tenantry.audit_seals (
    number bigint NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    month date,
    ids int8multirange NOT NULL,
    row_count bigint NOT NULL,
    rows_hash bytea NOT NULL,
    previous_hash bytea NOT NULL,
    snapshot pg_snapshot NOT NULL,
    restored_through bigint DEFAULT 0 NOT NULL,
    key_id text NOT NULL,
    seal_hash bytea NOT NULL,
    signature bytea NOT NULL,
    CONSTRAINT audit_seals_empty_check CHECK ((((row_count = 0) = isempty(ids)) AND ((row_count = 0) = (month IS NULL)))),
    CONSTRAINT audit_seals_hashes_check CHECK (((octet_length(rows_hash) = 32) AND (octet_length(previous_hash) = 32) AND (octet_length(seal_hash) = 32) AND (octet_length(signature) = 64))),
    CONSTRAINT audit_seals_number_check CHECK ((number >= 1))
);

ALTER TABLE ONLY tenantry.audit_seals FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.audit_seals OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.audit_seals IS 'The chain of signed seals over the entries of the audit log. One sealer at a time seals what became visible since the last seal; an empty seal every minute shows that it was there. Kept when a month of the log is dropped.';

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

COMMENT ON CONSTRAINT audit_seals_empty_check ON tenantry.audit_seals IS 'An empty seal names neither entries nor a month.';

COMMENT ON CONSTRAINT audit_seals_hashes_check ON tenantry.audit_seals IS 'SHA-256 hashes have 32 bytes, Ed25519 signatures 64.';

COMMENT ON CONSTRAINT audit_seals_number_check ON tenantry.audit_seals IS 'The chain starts at 1.';

CREATE TABLE tenantry.change_edits (
    change_id uuid NOT NULL,
    place integer NOT NULL,
    table_name character varying(63) NOT NULL,
    row_id uuid NOT NULL,
    operation character varying(10) NOT NULL,
    columns jsonb NOT NULL,
    before jsonb,
    base jsonb,
    CONSTRAINT change_edits_before_check CHECK ((((operation)::text = 'insert'::text) = (before IS NULL))),
    CONSTRAINT change_edits_operation_check CHECK (((operation)::text = ANY ((ARRAY['insert'::character varying, 'update'::character varying, 'delete'::character varying])::text[]))),
    CONSTRAINT change_edits_table_name_check CHECK (((table_name)::text = ANY ((ARRAY['system_configurations'::character varying, 'template_configurations'::character varying, 'client_customizations'::character varying, 'deployment_configurations'::character varying])::text[])))
);

ALTER TABLE ONLY tenantry.change_edits FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.change_edits OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.change_edits IS 'The rows that a change edits. A secret''s place holds its mask.';

COMMENT ON COLUMN tenantry.change_edits.change_id IS 'The change.';

COMMENT ON COLUMN tenantry.change_edits.place IS 'Its place among the edits, from 0.';

COMMENT ON COLUMN tenantry.change_edits.table_name IS 'The table of the row.';

COMMENT ON COLUMN tenantry.change_edits.row_id IS 'The row''s id there; an inserted one has it from here.';

COMMENT ON COLUMN tenantry.change_edits.operation IS 'insert, update or delete.';

COMMENT ON COLUMN tenantry.change_edits.columns IS 'The columns that are written.';

COMMENT ON COLUMN tenantry.change_edits.before IS 'The whole row that the edit was made for, to which a revert goes back.';

COMMENT ON COLUMN tenantry.change_edits.base IS 'The version of that row.';

CREATE TABLE tenantry.change_preview_documents (
    change_id uuid NOT NULL,
    place integer NOT NULL,
    client_id uuid NOT NULL,
    template_id character varying(255),
    environment character varying(50) NOT NULL,
    number integer NOT NULL
);

ALTER TABLE ONLY tenantry.change_preview_documents FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.change_preview_documents OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.change_preview_documents IS 'The documents that a change reaches, each with its group.';

COMMENT ON COLUMN tenantry.change_preview_documents.change_id IS 'The change.';

COMMENT ON COLUMN tenantry.change_preview_documents.place IS 'Its place in the order of client, template and environment: where a page ends, the next begins.';

COMMENT ON COLUMN tenantry.change_preview_documents.client_id IS 'The client.';

COMMENT ON COLUMN tenantry.change_preview_documents.template_id IS 'The template; NULL for a client that has none.';

COMMENT ON COLUMN tenantry.change_preview_documents.environment IS 'The environment.';

COMMENT ON COLUMN tenantry.change_preview_documents.number IS 'The group.';

CREATE TABLE tenantry.change_preview_groups (
    change_id uuid NOT NULL,
    number integer NOT NULL,
    outcome character varying(20) NOT NULL,
    documents bigint NOT NULL,
    content jsonb NOT NULL,
    CONSTRAINT change_preview_groups_outcome_check CHECK (((outcome)::text = ANY ((ARRAY['invalid'::character varying, 'locked_out'::character varying, 'incomplete'::character varying, 'changed'::character varying, 'shielded'::character varying, 'not_in_template'::character varying, 'unchanged'::character varying])::text[])))
);

ALTER TABLE ONLY tenantry.change_preview_groups FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.change_preview_groups OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.change_preview_groups IS 'What a change does, once for all documents to which it does the same.';

COMMENT ON COLUMN tenantry.change_preview_groups.change_id IS 'The change.';

COMMENT ON COLUMN tenantry.change_preview_groups.number IS 'The group''s number within the preview, from 0.';

COMMENT ON COLUMN tenantry.change_preview_groups.outcome IS 'The worst that happens to these documents.';

COMMENT ON COLUMN tenantry.change_preview_groups.documents IS 'How many they are.';

COMMENT ON COLUMN tenantry.change_preview_groups.content IS 'Keys before and after, edits without effect and why, what becomes invalid, what is incomplete.';

CREATE TABLE tenantry.change_previews (
    change_id uuid NOT NULL,
    revision bigint NOT NULL,
    state character varying(20) NOT NULL,
    documents bigint NOT NULL,
    done bigint DEFAULT 0 NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    beat_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT change_previews_done_check CHECK (((done >= 0) AND (done <= documents))),
    CONSTRAINT change_previews_state_check CHECK (((state)::text = ANY ((ARRAY['computing'::character varying, 'ready'::character varying])::text[])))
);

ALTER TABLE ONLY tenantry.change_previews FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.change_previews OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.change_previews IS 'What a change would do to every document that it reaches, as of a revision.';

COMMENT ON COLUMN tenantry.change_previews.change_id IS 'The change.';

COMMENT ON COLUMN tenantry.change_previews.revision IS 'The installation''s revision that it was computed at.';

COMMENT ON COLUMN tenantry.change_previews.state IS 'computing, then ready.';

COMMENT ON COLUMN tenantry.change_previews.documents IS 'How many documents the change reaches.';

COMMENT ON COLUMN tenantry.change_previews.done IS 'How many of them were looked at.';

COMMENT ON COLUMN tenantry.change_previews.counts IS 'How many documents there are by outcome.';

COMMENT ON COLUMN tenantry.change_previews.beat_at IS 'When whoever computes it was last heard of; somebody else begins anew where that is long ago.';

CREATE TABLE tenantry.client_import_lines (
    import_id uuid NOT NULL,
    line integer NOT NULL,
    cells jsonb NOT NULL
);

ALTER TABLE ONLY tenantry.client_import_lines FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.client_import_lines OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.client_import_lines IS 'The rows of a file as they were read.';

COMMENT ON COLUMN tenantry.client_import_lines.import_id IS 'Of which file.';

COMMENT ON COLUMN tenantry.client_import_lines.line IS 'On which line of it the row begins.';

COMMENT ON COLUMN tenantry.client_import_lines.cells IS 'Its cells in order, each as text.';

CREATE TABLE tenantry.client_import_rows (
    import_id uuid NOT NULL,
    line integer NOT NULL,
    outcome character varying(50) NOT NULL,
    client_id uuid,
    seen_at timestamp with time zone,
    address text,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    faults jsonb NOT NULL,
    is_moved boolean DEFAULT false NOT NULL,
    CONSTRAINT client_import_rows_outcome_check CHECK (((outcome)::text = ANY ((ARRAY['add'::character varying, 'change'::character varying, 'same'::character varying, 'refused'::character varying])::text[])))
);

ALTER TABLE ONLY tenantry.client_import_rows FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.client_import_rows OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.client_import_rows IS 'What importing each row would do, by the last dry run.';

COMMENT ON COLUMN tenantry.client_import_rows.import_id IS 'Of which file.';

COMMENT ON COLUMN tenantry.client_import_rows.line IS 'On which line of it the row begins.';

COMMENT ON COLUMN tenantry.client_import_rows.outcome IS 'add, change, same (nothing to do) or refused.';

COMMENT ON COLUMN tenantry.client_import_rows.client_id IS 'The client that it is about; NULL for one that would be added.';

COMMENT ON COLUMN tenantry.client_import_rows.seen_at IS 'The client''s updated_at at the dry run.';

COMMENT ON COLUMN tenantry.client_import_rows.address IS 'The address that the client would have, in lower case: two rows can''t have the same.';

COMMENT ON COLUMN tenantry.client_import_rows.before IS 'Of each column that would change, what it holds.';

COMMENT ON COLUMN tenantry.client_import_rows.after IS 'The columns that would be written.';

COMMENT ON COLUMN tenantry.client_import_rows.faults IS 'Everything that is wrong with the row: pointer, rule, detail and mend each.';

COMMENT ON COLUMN tenantry.client_import_rows.is_moved IS 'Somebody else changed the client after the dry run before this one.';

CREATE TABLE tenantry.client_imports (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT tenantry.user_id() NOT NULL,
    file_name character varying(255) NOT NULL,
    headings text[] NOT NULL,
    columns text[] NOT NULL,
    lines integer DEFAULT 0 NOT NULL,
    state character varying(50) DEFAULT 'reading'::character varying NOT NULL,
    checks integer DEFAULT 0 NOT NULL,
    added integer DEFAULT 0 NOT NULL,
    changed integer DEFAULT 0 NOT NULL,
    unchanged integer DEFAULT 0 NOT NULL,
    refused integer DEFAULT 0 NOT NULL,
    moved integer DEFAULT 0 NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    failure text,
    applied_at timestamp with time zone,
    CONSTRAINT client_imports_applied_at_check CHECK (((applied_at IS NOT NULL) = ((state)::text = 'applied'::text))),
    CONSTRAINT client_imports_columns_check CHECK ((cardinality(columns) = cardinality(headings))),
    CONSTRAINT client_imports_state_check CHECK (((state)::text = ANY ((ARRAY['reading'::character varying, 'read'::character varying, 'checked'::character varying, 'applied'::character varying])::text[])))
);

ALTER TABLE ONLY tenantry.client_imports FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.client_imports OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.client_imports IS 'Files of clients between upload and import: what was decided about each, and how far it is.';

COMMENT ON COLUMN tenantry.client_imports.id IS 'By which its page names it.';

COMMENT ON COLUMN tenantry.client_imports.created_at IS 'When it was uploaded; a day later it is swept.';

COMMENT ON COLUMN tenantry.client_imports.created_by IS 'Whose it is: nobody else sees it.';

COMMENT ON COLUMN tenantry.client_imports.file_name IS 'What the file is called where it came from.';

COMMENT ON COLUMN tenantry.client_imports.headings IS 'The headings of its columns, in order, as they stand in the file.';

COMMENT ON COLUMN tenantry.client_imports.columns IS 'What each column is: a column of clients, - where it is left out, empty where somebody still has to say.';

COMMENT ON COLUMN tenantry.client_imports.lines IS 'How many rows it has.';

COMMENT ON COLUMN tenantry.client_imports.state IS 'reading, read, checked (there is a dry run) or applied. Whether somebody is at it tells an advisory lock.';

COMMENT ON COLUMN tenantry.client_imports.checks IS 'How many dry runs there were: an import names the one that it was decided by.';

COMMENT ON COLUMN tenantry.client_imports.added IS 'How many rows add a client.';

COMMENT ON COLUMN tenantry.client_imports.changed IS 'How many rows change one.';

COMMENT ON COLUMN tenantry.client_imports.unchanged IS 'How many rows say what is so already.';

COMMENT ON COLUMN tenantry.client_imports.refused IS 'How many rows can''t be imported.';

COMMENT ON COLUMN tenantry.client_imports.moved IS 'Of how many rows the client was changed by somebody else after the dry run before this one.';

COMMENT ON COLUMN tenantry.client_imports.done IS 'How many rows were looked at, or written, by whoever is at it.';

COMMENT ON COLUMN tenantry.client_imports.failure IS 'Why the last try to import it broke off; NULL where none did.';

COMMENT ON COLUMN tenantry.client_imports.applied_at IS 'When it was imported.';

CREATE TABLE tenantry.configuration_heads (
    table_name character varying(63) NOT NULL,
    row_id uuid NOT NULL,
    client_id uuid,
    valid_from timestamp with time zone NOT NULL,
    revision bigint NOT NULL
);

ALTER TABLE ONLY tenantry.configuration_heads FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.configuration_heads OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.configuration_heads IS 'Since when, and since which revision, the present content of each configuration row is current.';

COMMENT ON COLUMN tenantry.configuration_heads.table_name IS 'The table of the row.';

COMMENT ON COLUMN tenantry.configuration_heads.row_id IS 'Its id.';

COMMENT ON COLUMN tenantry.configuration_heads.client_id IS 'Its client; NULL for global and template rows.';

COMMENT ON COLUMN tenantry.configuration_heads.valid_from IS 'Since when its content is current.';

COMMENT ON COLUMN tenantry.configuration_heads.revision IS 'The revision that made it so.';

CREATE TABLE tenantry.data_keys (
    id uuid NOT NULL,
    client_id uuid,
    key_id character varying(64) NOT NULL,
    wrapped bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone
);

ALTER TABLE ONLY tenantry.data_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.data_keys OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.data_keys IS 'The keys of secrets: one for each client and one for global rows, each wrapped by a key-encryption key.';

COMMENT ON COLUMN tenantry.data_keys.id IS 'Part of what each secret under it is bound to.';

COMMENT ON COLUMN tenantry.data_keys.client_id IS 'Whose secrets it seals; NULL for those of global and template rows.';

COMMENT ON COLUMN tenantry.data_keys.key_id IS 'The key-encryption key that it is wrapped by.';

COMMENT ON COLUMN tenantry.data_keys.wrapped IS 'The key, wrapped: AES-256-GCM bound to its id, its client and the wrapping key.';

COMMENT ON COLUMN tenantry.data_keys.created_at IS 'When it was made.';

COMMENT ON COLUMN tenantry.data_keys.retired_at IS 'Since when another one seals; it goes when nothing is sealed under it any more.';

CREATE TABLE tenantry.deployment_template_outcomes (
    deployment_template_id uuid NOT NULL,
    made bigint NOT NULL,
    ended bigint NOT NULL,
    succeeded bigint NOT NULL
);

ALTER TABLE ONLY tenantry.deployment_template_outcomes FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.deployment_template_outcomes OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.deployment_template_outcomes IS 'What usage_count and success_rate of a deployment template are made of.';

COMMENT ON COLUMN tenantry.deployment_template_outcomes.deployment_template_id IS 'The deployment template.';

COMMENT ON COLUMN tenantry.deployment_template_outcomes.made IS 'Deployments made from it.';

COMMENT ON COLUMN tenantry.deployment_template_outcomes.ended IS 'Those of them that succeeded or failed.';

COMMENT ON COLUMN tenantry.deployment_template_outcomes.succeeded IS 'Those of them that succeeded.';

CREATE TABLE tenantry.document_findings (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    client_id uuid NOT NULL,
    template_id character varying(255) DEFAULT ''::character varying NOT NULL,
    environment character varying(50) NOT NULL,
    weight character varying(20) NOT NULL,
    faults integer NOT NULL,
    detail text NOT NULL,
    found_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT document_findings_faults_check CHECK ((faults > 0)),
    CONSTRAINT document_findings_weight_check CHECK (((weight)::text = ANY ((ARRAY['invalid'::character varying, 'incomplete'::character varying])::text[])))
);

ALTER TABLE ONLY tenantry.document_findings FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.document_findings OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.document_findings IS 'Resolved documents that are invalid or incomplete, as of tenantry.document_looks.';

COMMENT ON COLUMN tenantry.document_findings.id IS 'Tells rows apart where a list goes on.';

COMMENT ON COLUMN tenantry.document_findings.client_id IS 'The client whose document it is.';

COMMENT ON COLUMN tenantry.document_findings.template_id IS 'The template of the document; empty for a client without one.';

COMMENT ON COLUMN tenantry.document_findings.environment IS 'The environment of the document.';

COMMENT ON COLUMN tenantry.document_findings.weight IS 'invalid, or incomplete where nothing but required keys are missing.';

COMMENT ON COLUMN tenantry.document_findings.faults IS 'How many faults it has.';

COMMENT ON COLUMN tenantry.document_findings.detail IS 'The worst of them, with its place; secrets are masked.';

COMMENT ON COLUMN tenantry.document_findings.found_at IS 'Since when it has been found so.';

CREATE TABLE tenantry.document_looks (
    only_row boolean DEFAULT true NOT NULL,
    revision bigint NOT NULL,
    documents bigint NOT NULL,
    looked_at timestamp with time zone NOT NULL,
    CONSTRAINT document_looks_only_row_check CHECK (only_row)
);

ALTER TABLE ONLY tenantry.document_looks FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.document_looks OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.document_looks IS 'One row, once there was a look: when every document was last judged.';

COMMENT ON COLUMN tenantry.document_looks.only_row IS 'Holds it to one row.';

COMMENT ON COLUMN tenantry.document_looks.revision IS 'The installation''s revision that the look began at.';

COMMENT ON COLUMN tenantry.document_looks.documents IS 'How many documents there were.';

COMMENT ON COLUMN tenantry.document_looks.looked_at IS 'When it began.';

CREATE TABLE tenantry.encryption_keys (
    key_id character varying(64) NOT NULL,
    check_value bytea NOT NULL,
    first_used_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT encryption_keys_check_value_check CHECK ((octet_length(check_value) = 32)),
    CONSTRAINT encryption_keys_key_id_check CHECK (((key_id)::text ~ '^kek-[0-9a-f]{16}$'::text))
);

ALTER TABLE ONLY tenantry.encryption_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.encryption_keys OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.encryption_keys IS 'The key-encryption keys that this database needs: never a key, only what it is called and what tells it from others.';

COMMENT ON COLUMN tenantry.encryption_keys.key_id IS 'What the key is called; derived from it.';

COMMENT ON COLUMN tenantry.encryption_keys.check_value IS 'Derived from the key as well: a key that gives another isn''t the one.';

COMMENT ON COLUMN tenantry.encryption_keys.first_used_at IS 'Since when this database needs it.';

CREATE TABLE tenantry.figures_due (
    id bigint NOT NULL,
    template_id character varying(255),
    template_version character varying(50),
    deployment_template_id uuid,
    made integer DEFAULT 0 NOT NULL,
    ended integer DEFAULT 0 NOT NULL,
    succeeded integer DEFAULT 0 NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT figures_due_subject_check CHECK ((num_nonnulls(template_id, deployment_template_id) = 1))
);

ALTER TABLE ONLY tenantry.figures_due FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.figures_due OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.figures_due IS 'What writes have moved and figures don''t say yet. Added to without waiting for anybody, and emptied at commit.';

COMMENT ON COLUMN tenantry.figures_due.id IS 'Key of the note.';

COMMENT ON COLUMN tenantry.figures_due.template_id IS 'The template whose customizations or versions changed.';

COMMENT ON COLUMN tenantry.figures_due.template_version IS 'The version that was used; NULL is the newest active one.';

COMMENT ON COLUMN tenantry.figures_due.deployment_template_id IS 'The deployment template whose deployments changed.';

COMMENT ON COLUMN tenantry.figures_due.made IS 'How many more deployments are made from it.';

COMMENT ON COLUMN tenantry.figures_due.ended IS 'How many more of them have ended.';

COMMENT ON COLUMN tenantry.figures_due.succeeded IS 'How many more of them have succeeded.';

COMMENT ON COLUMN tenantry.figures_due.used_at IS 'When it was used; NULL where it wasn''t.';

ALTER TABLE tenantry.figures_due ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME tenantry.figures_due_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE tenantry.filled_events (
    event_id uuid NOT NULL,
    client_id uuid
);

ALTER TABLE ONLY tenantry.filled_events FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.filled_events OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.filled_events IS 'Events whose client adoption filled in where the site had the column already: `migrate down` puts back what stood there.';

COMMENT ON COLUMN tenantry.filled_events.event_id IS 'Id of the event.';

COMMENT ON COLUMN tenantry.filled_events.client_id IS 'What stood in client_id: NULL, or the id of nobody.';

CREATE TABLE tenantry.installation_revision (
    only_row boolean DEFAULT true NOT NULL,
    revision bigint NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    began_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT installation_revision_only_row_check CHECK (only_row)
);

ALTER TABLE ONLY tenantry.installation_revision FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.installation_revision OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.installation_revision IS 'One row: the revision of all configuration of this installation. Each transaction that changes configuration takes the next.';

COMMENT ON COLUMN tenantry.installation_revision.only_row IS 'Holds it to one row.';

COMMENT ON COLUMN tenantry.installation_revision.revision IS 'The newest revision.';

COMMENT ON COLUMN tenantry.installation_revision.taken_at IS 'When it was taken.';

COMMENT ON COLUMN tenantry.installation_revision.began_at IS 'When history began: nothing is known of before.';

CREATE TABLE tenantry.links (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    kind character varying(50) NOT NULL,
    secret_hash bytea NOT NULL,
    user_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT links_expires_at_check CHECK ((expires_at > created_at)),
    CONSTRAINT links_kind_check CHECK (((kind)::text = ANY ((ARRAY['set_up'::character varying, 'password'::character varying])::text[]))),
    CONSTRAINT links_secret_hash_check CHECK ((octet_length(secret_hash) = 32)),
    CONSTRAINT links_user_id_check CHECK ((((kind)::text = 'password'::text) = (user_id IS NOT NULL)))
);

ALTER TABLE ONLY tenantry.links FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.links OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.links IS 'Links by which somebody chooses a password, once. The secret part is never stored.';

COMMENT ON COLUMN tenantry.links.id IS 'By which the audit log names it. Opens nothing.';

COMMENT ON COLUMN tenantry.links.kind IS 'set_up makes the first administrator, password is for a person who is there.';

COMMENT ON COLUMN tenantry.links.secret_hash IS 'SHA-256 of the 256 random bits in the link.';

COMMENT ON COLUMN tenantry.links.user_id IS 'Whose password it is for; NULL for the first administrator, who isn''t there yet.';

COMMENT ON COLUMN tenantry.links.created_at IS 'When it was made.';

COMMENT ON COLUMN tenantry.links.created_by IS 'Who made it; NULL where an operator did on the command line.';

COMMENT ON COLUMN tenantry.links.expires_at IS 'When it stops by itself.';

COMMENT ON COLUMN tenantry.links.used_at IS 'When it was used, or a newer one took its place; NULL while it counts.';

CREATE TABLE tenantry.made_rows (
    table_name name NOT NULL,
    row_id uuid NOT NULL,
    content jsonb NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY tenantry.made_rows FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.made_rows OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.made_rows IS 'Rows that seeds and adoption made: `migrate down` drops those that nobody touched since, and refuses where somebody did.';

COMMENT ON COLUMN tenantry.made_rows.table_name IS 'Table of the row, in public.';

COMMENT ON COLUMN tenantry.made_rows.row_id IS 'Its id.';

COMMENT ON COLUMN tenantry.made_rows.content IS 'The row as it was made.';

COMMENT ON COLUMN tenantry.made_rows.made_at IS 'When it was made.';

CREATE TABLE tenantry.mends (
    id bigint NOT NULL,
    table_name name NOT NULL,
    row_key jsonb NOT NULL,
    column_name name NOT NULL,
    rule text NOT NULL,
    reason text NOT NULL,
    old_value jsonb,
    new_value jsonb,
    mended_at timestamp with time zone DEFAULT now() NOT NULL,
    undone_at timestamp with time zone
);

ALTER TABLE ONLY tenantry.mends FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.mends OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.mends IS 'Values that `migrate up --mend` changed, so that `migrate down --unmend` can put them back.';

COMMENT ON COLUMN tenantry.mends.id IS 'Order of mending; undone in reverse.';

COMMENT ON COLUMN tenantry.mends.table_name IS 'Table of the row.';

COMMENT ON COLUMN tenantry.mends.row_key IS 'Primary key of the row, column by column.';

COMMENT ON COLUMN tenantry.mends.column_name IS 'Column that was changed.';

COMMENT ON COLUMN tenantry.mends.rule IS 'Rule that the old value broke.';

COMMENT ON COLUMN tenantry.mends.reason IS 'Why this value and no other.';

COMMENT ON COLUMN tenantry.mends.old_value IS 'Value before; NULL for SQL NULL.';

COMMENT ON COLUMN tenantry.mends.new_value IS 'Value after.';

COMMENT ON COLUMN tenantry.mends.mended_at IS 'When it was mended.';

COMMENT ON COLUMN tenantry.mends.undone_at IS 'When the mend was taken back; NULL while it stands.';

ALTER TABLE tenantry.mends ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME tenantry.mends_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE tenantry.migration_steps (
    migration text NOT NULL,
    step text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp(),
    applied_by text DEFAULT SESSION_USER NOT NULL,
    program_version text NOT NULL
);

ALTER TABLE ONLY tenantry.migration_steps FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.migration_steps OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.migration_steps IS 'The migration ledger: one row per step that was applied, or was begun outside a transaction.';

COMMENT ON COLUMN tenantry.migration_steps.migration IS 'Number and name of the migration.';

COMMENT ON COLUMN tenantry.migration_steps.step IS 'What the step does; "done" closes its migration.';

COMMENT ON COLUMN tenantry.migration_steps.checksum IS 'SHA-256 of the step''s SQL, in hex.';

COMMENT ON COLUMN tenantry.migration_steps.applied_at IS 'When the step was done; NULL for one that was begun outside a transaction, until it is known to be done.';

COMMENT ON COLUMN tenantry.migration_steps.applied_by IS 'The database role that the migrator connected as.';

COMMENT ON COLUMN tenantry.migration_steps.program_version IS 'Version of the program that applied it.';

CREATE TABLE tenantry.passwords (
    user_id uuid NOT NULL,
    password_hash text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT passwords_password_hash_check CHECK ((password_hash ~~ '$argon2id$%'::text))
);

ALTER TABLE ONLY tenantry.passwords FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.passwords OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.passwords IS 'Password hashes, apart from people so that neither audit nor administration reads them.';

COMMENT ON COLUMN tenantry.passwords.user_id IS 'Whose password it is.';

COMMENT ON COLUMN tenantry.passwords.password_hash IS 'argon2id in PHC string form.';

COMMENT ON COLUMN tenantry.passwords.changed_at IS 'When the password was set.';

CREATE TABLE tenantry.pending_rules (
    table_name name NOT NULL,
    rule name NOT NULL,
    kind character varying(50) NOT NULL,
    rows bigint NOT NULL,
    stand_in text NOT NULL,
    suggested_mend text NOT NULL,
    found_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT pending_rules_kind_check CHECK (((kind)::text = ANY ((ARRAY['check'::character varying, 'not_null'::character varying, 'unique'::character varying, 'foreign_key'::character varying, 'partition'::character varying])::text[]))),
    CONSTRAINT pending_rules_rows_check CHECK ((rows >= 0))
);

ALTER TABLE ONLY tenantry.pending_rules FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.pending_rules OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.pending_rules IS 'Rules that existing rows still break, each with what holds it for new writes meanwhile.';

COMMENT ON COLUMN tenantry.pending_rules.table_name IS 'Table the rule is for.';

COMMENT ON COLUMN tenantry.pending_rules.rule IS 'Name that the constraint will have.';

COMMENT ON COLUMN tenantry.pending_rules.kind IS 'check, not_null, unique, foreign_key, or partition (the table stays plain).';

COMMENT ON COLUMN tenantry.pending_rules.rows IS 'Rows that broke it when it was last looked at.';

COMMENT ON COLUMN tenantry.pending_rules.stand_in IS 'What holds the rule for new writes.';

COMMENT ON COLUMN tenantry.pending_rules.suggested_mend IS 'What to do about the rows.';

COMMENT ON COLUMN tenantry.pending_rules.found_at IS 'When it was found.';

CREATE TABLE tenantry.people (
    user_id uuid NOT NULL,
    role character varying(50) NOT NULL,
    disabled_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    updated_by uuid,
    CONSTRAINT people_role_check CHECK (((role)::text = ANY ((ARRAY['super_admin'::character varying, 'admin'::character varying, 'manager'::character varying, 'staff'::character varying, 'client'::character varying])::text[])))
);

ALTER TABLE ONLY tenantry.people FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.people OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.people IS 'The role of each person. Nobody can edit their own; claims and raw_app_meta_data carry copies that are checked against it.';

COMMENT ON COLUMN tenantry.people.user_id IS 'auth.users.id of the person.';

COMMENT ON COLUMN tenantry.people.role IS 'super_admin, admin, manager, staff or client; the database role is this with tenantry_ before it.';

COMMENT ON COLUMN tenantry.people.disabled_at IS 'Since when the person is shut out; NULL while they are not. People are disabled, never deleted.';

COMMENT ON COLUMN tenantry.people.created_at IS 'When the person got a role.';

COMMENT ON COLUMN tenantry.people.updated_at IS 'When role or disabled_at last changed.';

COMMENT ON COLUMN tenantry.people.created_by IS 'Who gave the role; NULL where an operator did on the command line.';

COMMENT ON COLUMN tenantry.people.updated_by IS 'Who last changed it; NULL where an operator did on the command line.';

CREATE TABLE tenantry.secret_reads (
    token_id uuid NOT NULL,
    address text NOT NULL,
    hour timestamp with time zone NOT NULL,
    client_id uuid NOT NULL,
    reads bigint NOT NULL,
    audited bigint DEFAULT 0 NOT NULL,
    CONSTRAINT secret_reads_audited_check CHECK (((audited >= 0) AND (audited <= reads)))
);

ALTER TABLE ONLY tenantry.secret_reads FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.secret_reads OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.secret_reads IS 'Reads of secrets by runtime tokens, counted here until the hour is over, so that the audit log gets an entry an hour and not one per read. Hours that it has stay a day, so that a late count doesn''t make another entry.';

COMMENT ON COLUMN tenantry.secret_reads.token_id IS 'The token.';

COMMENT ON COLUMN tenantry.secret_reads.address IS 'Where the app called from; empty where that isn''t known.';

COMMENT ON COLUMN tenantry.secret_reads.hour IS 'The hour.';

COMMENT ON COLUMN tenantry.secret_reads.client_id IS 'The client whose secrets were read.';

COMMENT ON COLUMN tenantry.secret_reads.reads IS 'How often, by all servers.';

COMMENT ON COLUMN tenantry.secret_reads.audited IS 'How many of them the audit log has: none until the hour is over.';

COMMENT ON CONSTRAINT secret_reads_audited_check ON tenantry.secret_reads IS 'What is audited was read.';

CREATE TABLE tenantry.sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    kind character varying(50) DEFAULT 'api'::character varying NOT NULL,
    secret_hash bytea,
    generation integer DEFAULT 0 NOT NULL,
    refreshed_at timestamp with time zone DEFAULT now() NOT NULL,
    address inet,
    device character varying(255),
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    stepped_up_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT sessions_expires_at_check CHECK ((expires_at > started_at)),
    CONSTRAINT sessions_generation_check CHECK ((generation >= 0)),
    CONSTRAINT sessions_kind_check CHECK (((kind)::text = ANY ((ARRAY['api'::character varying, 'console'::character varying])::text[]))),
    CONSTRAINT sessions_secret_hash_check CHECK ((octet_length(secret_hash) = 32)),
    CONSTRAINT sessions_stepped_up_at_check CHECK (((stepped_up_at IS NULL) OR ((kind)::text = 'console'::text)))
);

ALTER TABLE ONLY tenantry.sessions FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.sessions OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.sessions IS 'One sign-in of one person, until it ends or expires.';

COMMENT ON COLUMN tenantry.sessions.id IS 'The claim session_id. No secret: it opens nothing by itself.';

COMMENT ON COLUMN tenantry.sessions.user_id IS 'Who signed in.';

COMMENT ON COLUMN tenantry.sessions.kind IS 'api: an app''s, which goes on by refresh tokens; console: a browser''s, by its cookie. Neither opens the other''s entrance.';

COMMENT ON COLUMN tenantry.sessions.secret_hash IS 'SHA-256 of the cookie or of the newest refresh token, which is never stored; NULL where the session has none.';

COMMENT ON COLUMN tenantry.sessions.generation IS 'How many refresh tokens the newest one had before it. A token of an earlier place is a used one.';

COMMENT ON COLUMN tenantry.sessions.refreshed_at IS 'When the newest refresh token was made: for ten seconds the one before it gets the same answer. Of the console, when it was last used, to the minute.';

COMMENT ON COLUMN tenantry.sessions.address IS 'Address the sign-in came from.';

COMMENT ON COLUMN tenantry.sessions.device IS 'What the browser said it is, so that a person knows their own sessions.';

COMMENT ON COLUMN tenantry.sessions.started_at IS 'When the person signed in.';

COMMENT ON COLUMN tenantry.sessions.stepped_up_at IS 'When the person last gave their password again in this session of the console.';

COMMENT ON COLUMN tenantry.sessions.expires_at IS 'When the session ends by itself, unless it is used before.';

COMMENT ON COLUMN tenantry.sessions.ended_at IS 'When it was ended by sign-out, by an admin, or because a refresh token was used twice.';

CREATE TABLE tenantry.settings (
    key character varying(255) NOT NULL,
    value jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_by uuid
);

ALTER TABLE ONLY tenantry.settings FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.settings OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.settings IS 'Settings of the installation that belong with its data.';

COMMENT ON COLUMN tenantry.settings.key IS 'Name of the setting.';

COMMENT ON COLUMN tenantry.settings.value IS 'Its value.';

COMMENT ON COLUMN tenantry.settings.updated_at IS 'When it was last set.';

COMMENT ON COLUMN tenantry.settings.updated_by IS 'Who set it; NULL where an operator did on the command line.';

CREATE TABLE tenantry.sign_in_delays (
    subject bytea NOT NULL,
    failures integer NOT NULL,
    failed_at timestamp with time zone NOT NULL,
    blocked_until timestamp with time zone NOT NULL,
    is_logged boolean DEFAULT false NOT NULL,
    CONSTRAINT sign_in_delays_subject_check CHECK ((octet_length(subject) = 32))
);

ALTER TABLE ONLY tenantry.sign_in_delays FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.sign_in_delays OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.sign_in_delays IS 'How often somebody got a password wrong lately, and how long they wait: for each account from each address, and for each address. Shared by all servers.';

COMMENT ON COLUMN tenantry.sign_in_delays.subject IS 'SHA-256 of the kind of count, the address of the network and the account.';

COMMENT ON COLUMN tenantry.sign_in_delays.failures IS 'Failures in a row, those that are under way among them.';

COMMENT ON COLUMN tenantry.sign_in_delays.failed_at IS 'When the last one was.';

COMMENT ON COLUMN tenantry.sign_in_delays.blocked_until IS 'Until when no password is looked at.';

COMMENT ON COLUMN tenantry.sign_in_delays.is_logged IS 'Whether the audit log knows that somebody was turned away since: one entry a wait, or whoever knocks would fill it.';

CREATE TABLE tenantry.tables (
    table_name name NOT NULL,
    kind character varying(50) NOT NULL,
    client_owned boolean NOT NULL,
    CONSTRAINT tables_kind_check CHECK (((kind)::text = ANY ((ARRAY['table'::character varying, 'partitioned'::character varying, 'view'::character varying])::text[])))
);

ALTER TABLE ONLY tenantry.tables FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.tables OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.tables IS 'The tables and views in public that are Tenantry''s.';

COMMENT ON COLUMN tenantry.tables.table_name IS 'Name in public.';

COMMENT ON COLUMN tenantry.tables.kind IS 'table, partitioned (plain while rows of an adopted one stand against it) or view.';

COMMENT ON COLUMN tenantry.tables.client_owned IS 'Whether each row belongs to the client in its client_id.';

CREATE TABLE tenantry.token_revisions (
    token_id uuid NOT NULL,
    revision bigint NOT NULL
);

ALTER TABLE ONLY tenantry.token_revisions FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.token_revisions OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.token_revisions IS 'The revision at which each runtime token was last made, changed, revoked or deleted.';

COMMENT ON COLUMN tenantry.token_revisions.token_id IS 'tenantry.tokens.id of the token.';

COMMENT ON COLUMN tenantry.token_revisions.revision IS 'The revision of that transaction.';

CREATE TABLE tenantry.tokens (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name character varying(255) NOT NULL,
    kind character varying(50) NOT NULL,
    prefix character varying(50) NOT NULL,
    secret_hash bytea NOT NULL,
    scopes text[] DEFAULT '{}'::text[] NOT NULL,
    user_id uuid,
    client_id uuid,
    template_id character varying(255),
    environment character varying(50),
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT tokens_client_id_check CHECK ((((kind)::text = 'runtime'::text) = ((client_id IS NOT NULL) AND (environment IS NOT NULL)))),
    CONSTRAINT tokens_environment_check CHECK (((environment)::text = ANY ((ARRAY['development'::character varying, 'staging'::character varying, 'production'::character varying])::text[]))),
    CONSTRAINT tokens_kind_check CHECK (((kind)::text = ANY ((ARRAY['publishable'::character varying, 'personal'::character varying, 'service'::character varying, 'runtime'::character varying])::text[]))),
    CONSTRAINT tokens_scopes_check CHECK (
CASE kind
    WHEN 'publishable'::text THEN (scopes = '{}'::text[])
    WHEN 'runtime'::text THEN (scopes <@ '{config:read,secret:read}'::text[])
    ELSE (scopes <@ '{read,write}'::text[])
END),
    CONSTRAINT tokens_secret_hash_check CHECK ((octet_length(secret_hash) = 32)),
    CONSTRAINT tokens_user_id_check CHECK ((((kind)::text = 'personal'::text) = (user_id IS NOT NULL)))
);

ALTER TABLE ONLY tenantry.tokens FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.tokens OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.tokens IS 'Keys that machines and people''s programs call with. The secret part is never stored.';

COMMENT ON COLUMN tenantry.tokens.id IS 'The claim token_id.';

COMMENT ON COLUMN tenantry.tokens.name IS 'What it is for, in the words of whoever made it.';

COMMENT ON COLUMN tenantry.tokens.kind IS 'publishable becomes anon, personal the person, service tenantry_service; runtime reads /config/v1 only.';

COMMENT ON COLUMN tenantry.tokens.prefix IS 'First characters, to recognise a token by, such as tnt_svc_1a2b.';

COMMENT ON COLUMN tenantry.tokens.secret_hash IS 'SHA-256 of the whole token.';

COMMENT ON COLUMN tenantry.tokens.scopes IS 'read, write (personal, service); config:read, secret:read (runtime).';

COMMENT ON COLUMN tenantry.tokens.user_id IS 'Whose personal token it is.';

COMMENT ON COLUMN tenantry.tokens.client_id IS 'Client whose configuration a runtime token reads.';

COMMENT ON COLUMN tenantry.tokens.template_id IS 'Template a runtime token reads; NULL for the one of the client''s active customization.';

COMMENT ON COLUMN tenantry.tokens.environment IS 'Environment a runtime token reads.';

COMMENT ON COLUMN tenantry.tokens.created_at IS 'When it was made.';

COMMENT ON COLUMN tenantry.tokens.created_by IS 'Who made it; NULL where an operator did on the command line.';

COMMENT ON COLUMN tenantry.tokens.expires_at IS 'When it stops by itself; NULL for never.';

COMMENT ON COLUMN tenantry.tokens.last_used_at IS 'Last use, not to the second.';

COMMENT ON COLUMN tenantry.tokens.revoked_at IS 'When it was revoked.';

CREATE TABLE tenantry.user_metadata (
    user_id uuid NOT NULL,
    data jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_metadata_data_check CHECK ((jsonb_typeof(data) = 'object'::text))
);

ALTER TABLE ONLY tenantry.user_metadata FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.user_metadata OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.user_metadata IS 'What people say about themselves. Nothing here is ever believed.';

COMMENT ON COLUMN tenantry.user_metadata.user_id IS 'Who.';

COMMENT ON COLUMN tenantry.user_metadata.data IS 'What, as `updateUser({ data })` wrote it over auth.users.raw_user_meta_data.';

COMMENT ON COLUMN tenantry.user_metadata.updated_at IS 'When it was last changed.';

CREATE TABLE tenantry.walled_views (
    view_schema name NOT NULL,
    view_name name NOT NULL,
    security_invoker text,
    catalog jsonb
);

ALTER TABLE ONLY tenantry.walled_views FORCE ROW LEVEL SECURITY;

ALTER TABLE tenantry.walled_views OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.walled_views IS 'Views of the site''s over adopted tables. They read with their caller''s rights since adoption, and materialised ones are for their owner alone; `migrate down` gives them back what they had.';

COMMENT ON COLUMN tenantry.walled_views.view_schema IS 'Schema of the view.';

COMMENT ON COLUMN tenantry.walled_views.view_name IS 'Its name.';

COMMENT ON COLUMN tenantry.walled_views.security_invoker IS 'The option as it was; NULL where it wasn''t set.';

COMMENT ON COLUMN tenantry.walled_views.catalog IS 'A materialised view as it was, with its grants; NULL for any other.';

ALTER TABLE ONLY auth.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id, at);

COMMENT ON CONSTRAINT audit_log_pkey ON public.audit_log IS 'The entry by its number; at is there because it is the partition key.';

ALTER TABLE ONLY public.client_analytics
    ADD CONSTRAINT client_analytics_client_deployment_date_period_hour_key UNIQUE NULLS NOT DISTINCT (client_id, deployment_id, analytics_date, analytics_period, analytics_hour);

ALTER TABLE ONLY public.client_analytics
    ADD CONSTRAINT client_analytics_pkey PRIMARY KEY (client_id, id, analytics_date);

ALTER TABLE ONLY public.client_billing_info
    ADD CONSTRAINT client_billing_info_client_id_id_key UNIQUE (client_id, id);

ALTER TABLE ONLY public.client_billing_info
    ADD CONSTRAINT client_billing_info_client_id_key UNIQUE (client_id);

ALTER TABLE ONLY public.client_billing_info
    ADD CONSTRAINT client_billing_info_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.client_customizations
    ADD CONSTRAINT client_customizations_client_id_id_key UNIQUE (client_id, id);

ALTER TABLE ONLY public.client_customizations
    ADD CONSTRAINT client_customizations_client_id_template_id_version_key UNIQUE (client_id, template_id, version);

ALTER TABLE ONLY public.client_customizations
    ADD CONSTRAINT client_customizations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.client_deployments
    ADD CONSTRAINT client_deployments_client_id_id_key UNIQUE (client_id, id);

ALTER TABLE ONLY public.client_deployments
    ADD CONSTRAINT client_deployments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.client_members
    ADD CONSTRAINT client_members_pkey PRIMARY KEY (client_id, user_id);

ALTER TABLE ONLY public.clients_enhanced
    ADD CONSTRAINT clients_enhanced_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.configuration_versions
    ADD CONSTRAINT configuration_versions_client_id_id_key UNIQUE (client_id, id);

ALTER TABLE ONLY public.configuration_versions
    ADD CONSTRAINT configuration_versions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.configuration_versions
    ADD CONSTRAINT configuration_versions_table_name_row_id_valid_from_key UNIQUE (table_name, row_id, valid_from);

ALTER TABLE ONLY public.deployment_configurations
    ADD CONSTRAINT deployment_configurations_client_environment_name_key UNIQUE (client_id, environment, deployment_name);

ALTER TABLE ONLY public.deployment_configurations
    ADD CONSTRAINT deployment_configurations_client_id_id_key UNIQUE (client_id, id);

ALTER TABLE ONLY public.deployment_configurations
    ADD CONSTRAINT deployment_configurations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.deployment_templates
    ADD CONSTRAINT deployment_templates_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.deployment_templates
    ADD CONSTRAINT deployment_templates_template_name_key UNIQUE (template_name);

ALTER TABLE ONLY public.deployment_tracking_events
    ADD CONSTRAINT deployment_tracking_events_pkey PRIMARY KEY (client_id, id, event_timestamp);

ALTER TABLE ONLY public.system_configurations
    ADD CONSTRAINT system_configurations_client_id_id_key UNIQUE (client_id, id);

ALTER TABLE ONLY public.system_configurations
    ADD CONSTRAINT system_configurations_configuration_key_scope_key UNIQUE NULLS NOT DISTINCT (configuration_key, client_id, template_id, environment);

ALTER TABLE ONLY public.system_configurations
    ADD CONSTRAINT system_configurations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.template_configurations
    ADD CONSTRAINT template_configurations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.template_configurations
    ADD CONSTRAINT template_configurations_template_id_template_version_key UNIQUE (template_id, template_version);

ALTER TABLE ONLY tenantry.adopted_tables
    ADD CONSTRAINT adopted_tables_pkey PRIMARY KEY (table_name);

ALTER TABLE ONLY tenantry.audit_seals
    ADD CONSTRAINT audit_seals_pkey PRIMARY KEY (number);

COMMENT ON CONSTRAINT audit_seals_pkey ON tenantry.audit_seals IS 'Two sealers at once cannot make two seals of one number: the chain does not fork.';

ALTER TABLE ONLY tenantry.change_edits
    ADD CONSTRAINT change_edits_change_id_table_name_row_id_key UNIQUE (change_id, table_name, row_id);

ALTER TABLE ONLY tenantry.change_edits
    ADD CONSTRAINT change_edits_pkey PRIMARY KEY (change_id, place);

ALTER TABLE ONLY tenantry.change_preview_documents
    ADD CONSTRAINT change_preview_documents_pkey PRIMARY KEY (change_id, place);

ALTER TABLE ONLY tenantry.change_preview_groups
    ADD CONSTRAINT change_preview_groups_pkey PRIMARY KEY (change_id, number);

ALTER TABLE ONLY tenantry.change_previews
    ADD CONSTRAINT change_previews_pkey PRIMARY KEY (change_id);

ALTER TABLE ONLY tenantry.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tenantry.changes
    ADD CONSTRAINT changes_revision_key UNIQUE (revision);

ALTER TABLE ONLY tenantry.client_import_lines
    ADD CONSTRAINT client_import_lines_pkey PRIMARY KEY (import_id, line);

ALTER TABLE ONLY tenantry.client_import_rows
    ADD CONSTRAINT client_import_rows_pkey PRIMARY KEY (import_id, line);

ALTER TABLE ONLY tenantry.client_imports
    ADD CONSTRAINT client_imports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tenantry.configuration_heads
    ADD CONSTRAINT configuration_heads_pkey PRIMARY KEY (table_name, row_id);

ALTER TABLE ONLY tenantry.data_keys
    ADD CONSTRAINT data_keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tenantry.deployment_template_outcomes
    ADD CONSTRAINT deployment_template_outcomes_pkey PRIMARY KEY (deployment_template_id);

ALTER TABLE ONLY tenantry.document_findings
    ADD CONSTRAINT document_findings_id_key UNIQUE (id);

ALTER TABLE ONLY tenantry.document_findings
    ADD CONSTRAINT document_findings_pkey PRIMARY KEY (client_id, template_id, environment);

ALTER TABLE ONLY tenantry.document_looks
    ADD CONSTRAINT document_looks_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY tenantry.encryption_keys
    ADD CONSTRAINT encryption_keys_pkey PRIMARY KEY (key_id);

ALTER TABLE ONLY tenantry.figures_due
    ADD CONSTRAINT figures_due_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tenantry.filled_events
    ADD CONSTRAINT filled_events_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY tenantry.installation_revision
    ADD CONSTRAINT installation_revision_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY tenantry.links
    ADD CONSTRAINT links_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tenantry.links
    ADD CONSTRAINT links_secret_hash_key UNIQUE (secret_hash);

ALTER TABLE ONLY tenantry.made_rows
    ADD CONSTRAINT made_rows_pkey PRIMARY KEY (table_name, row_id);

ALTER TABLE ONLY tenantry.mends
    ADD CONSTRAINT mends_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tenantry.migration_steps
    ADD CONSTRAINT migration_steps_pkey PRIMARY KEY (migration, step);

ALTER TABLE ONLY tenantry.passwords
    ADD CONSTRAINT passwords_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY tenantry.pending_rules
    ADD CONSTRAINT pending_rules_pkey PRIMARY KEY (table_name, rule);

ALTER TABLE ONLY tenantry.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY tenantry.secret_reads
    ADD CONSTRAINT secret_reads_pkey PRIMARY KEY (token_id, address, hour);

ALTER TABLE ONLY tenantry.secrets
    ADD CONSTRAINT secrets_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tenantry.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tenantry.sessions
    ADD CONSTRAINT sessions_secret_hash_key UNIQUE (secret_hash);

ALTER TABLE ONLY tenantry.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (key);

ALTER TABLE ONLY tenantry.sign_in_delays
    ADD CONSTRAINT sign_in_delays_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY tenantry.tables
    ADD CONSTRAINT tables_pkey PRIMARY KEY (table_name);

ALTER TABLE ONLY tenantry.token_revisions
    ADD CONSTRAINT token_revisions_pkey PRIMARY KEY (token_id);

ALTER TABLE ONLY tenantry.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tenantry.tokens
    ADD CONSTRAINT tokens_secret_hash_key UNIQUE (secret_hash);

ALTER TABLE ONLY tenantry.user_metadata
    ADD CONSTRAINT user_metadata_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY tenantry.walled_views
    ADD CONSTRAINT walled_views_pkey PRIMARY KEY (view_schema, view_name);

CREATE UNIQUE INDEX users_email_key ON auth.users USING btree (lower((email)::text));

COMMENT ON INDEX public.audit_log_pkey IS 'One entry: WHERE id = $1 AND at = $2. The partition key has to be part of it.';

COMMENT ON INDEX public.client_analytics_client_deployment_date_period_hour_key IS 'The figure that an upsert meets: ON CONFLICT (client_id, deployment_id, analytics_date, analytics_period, analytics_hour). Holds it unique and covers the foreign keys.';

COMMENT ON INDEX public.client_analytics_pkey IS 'One figure of a member''s clients: WHERE client_id = $1 AND id = $2. The partition key has to be part of it.';

COMMENT ON INDEX public.client_billing_info_client_id_id_key IS 'Target of composite keys: (client_id, id) of another table can''t name another client''s row.';

COMMENT ON INDEX public.client_billing_info_client_id_key IS 'A client''s billing: WHERE client_id = $1. Holds it to one row, so that embeds give an object.';

COMMENT ON INDEX public.client_billing_info_pkey IS 'One row by its id.';

CREATE UNIQUE INDEX client_customizations_active_key ON public.client_customizations USING btree (client_id, template_id) WHERE is_active;

COMMENT ON INDEX public.client_customizations_active_key IS 'What is served: WHERE client_id = $1 AND template_id = $2 AND is_active. Holds it to one.';

COMMENT ON INDEX public.client_customizations_client_id_id_key IS 'Target of (client_id, customization_id), so that a deployment can''t name another client''s; also the rows of a member''s clients.';

COMMENT ON INDEX public.client_customizations_client_id_template_id_version_key IS 'The versions of a client''s design and the next number: WHERE client_id = $1 AND template_id = $2 ORDER BY version DESC. Holds them unique.';

COMMENT ON INDEX public.client_customizations_pkey IS 'One customization by its id.';

COMMENT ON INDEX public.client_deployments_client_id_id_key IS 'Target of (client_id, deployment_id), so that events and analytics can''t name another client''s; also the rows of a member''s clients.';

CREATE UNIQUE INDEX client_deployments_lower_custom_domain_key ON public.client_deployments USING btree (lower((custom_domain)::text)) WHERE (((custom_domain)::text <> ''::text) AND ((status)::text <> ALL ((ARRAY['failed'::character varying, 'cancelled'::character varying, 'superseded'::character varying, 'rolled_back'::character varying])::text[])));

COMMENT ON INDEX public.client_deployments_lower_custom_domain_key IS 'Who serves a domain: WHERE lower(custom_domain) = $1 among those alive. Holds it to one.';

COMMENT ON INDEX public.client_deployments_pkey IS 'One deployment by its id.';

COMMENT ON INDEX public.client_members_pkey IS 'The members of a client: WHERE client_id = $1. Holds a person to one membership.';

CREATE UNIQUE INDEX clients_enhanced_lower_email_key ON public.clients_enhanced USING btree (lower((email)::text)) WHERE (archived_at IS NULL);

COMMENT ON INDEX public.clients_enhanced_lower_email_key IS 'The client of a mailbox: WHERE lower(email) = $1 AND archived_at IS NULL. Holds it unique.';

COMMENT ON INDEX public.clients_enhanced_pkey IS 'One client by its id; target of every client_id.';

COMMENT ON INDEX public.configuration_versions_client_id_id_key IS 'One version of a member''s clients: WHERE client_id = $1 AND id = $2. Target of composite keys.';

COMMENT ON INDEX public.configuration_versions_pkey IS 'One version by its id.';

COMMENT ON INDEX public.configuration_versions_table_name_row_id_valid_from_key IS 'The history of a row, and its content as of a time: WHERE table_name = $1 AND row_id = $2 AND valid_from <= $3 ORDER BY valid_from DESC LIMIT 1. Holds spans from starting twice.';

COMMENT ON INDEX public.deployment_configurations_client_environment_name_key IS 'A client''s configurations in an environment by name: WHERE client_id = $1 AND environment = $2 ORDER BY deployment_name. Holds the name unique.';

COMMENT ON INDEX public.deployment_configurations_client_id_id_key IS 'One row of a member''s clients: WHERE client_id = $1 AND id = $2. Target of composite keys.';

CREATE UNIQUE INDEX deployment_configurations_in_force_key ON public.deployment_configurations USING btree (client_id, environment, template_id) NULLS NOT DISTINCT WHERE (applied_configuration IS NOT NULL);

COMMENT ON INDEX public.deployment_configurations_in_force_key IS 'What is in force: WHERE client_id = $1 AND environment = $2 AND template_id = $3 AND applied_configuration IS NOT NULL. Holds it to one.';

COMMENT ON INDEX public.deployment_configurations_pkey IS 'One row by its id.';

COMMENT ON INDEX public.deployment_templates_pkey IS 'One deployment template by its id; target of deployment_template_id.';

COMMENT ON INDEX public.deployment_templates_template_name_key IS 'One deployment template by its name, which seeds use: WHERE template_name = $1. Holds it unique.';

COMMENT ON INDEX public.deployment_tracking_events_pkey IS 'One event of a member''s clients: WHERE client_id = $1 AND id = $2. The partition key has to be part of it.';

CREATE INDEX idx_audit_log_client_id ON ONLY public.audit_log USING btree (client_id, id);

COMMENT ON INDEX public.idx_audit_log_client_id IS 'The trail of one client, newest first: WHERE client_id = $1 ORDER BY id DESC.';

CREATE INDEX idx_audit_log_request_id ON ONLY public.audit_log USING hash (request_id);

COMMENT ON INDEX public.idx_audit_log_request_id IS 'What one request wrote: WHERE request_id = $1. Nothing but equality.';

CREATE INDEX idx_audit_log_row ON ONLY public.audit_log USING btree (table_schema, table_name, row_id, id);

COMMENT ON INDEX public.idx_audit_log_row IS 'The trail of one row, oldest first.';

CREATE INDEX idx_audit_log_transaction_id ON ONLY public.audit_log USING btree (transaction_id);

COMMENT ON INDEX public.idx_audit_log_transaction_id IS 'The sealer''s: entries of transactions since the last seal.';

CREATE INDEX idx_audit_log_user_id ON ONLY public.audit_log USING btree (user_id, id) WHERE (user_id IS NOT NULL);

COMMENT ON INDEX public.idx_audit_log_user_id IS 'What one person did, newest first: WHERE user_id = $1 ORDER BY id DESC.';

CREATE INDEX idx_client_analytics_client_date ON ONLY public.client_analytics USING btree (client_id, analytics_date DESC);

COMMENT ON INDEX public.idx_client_analytics_client_date IS 'A client''s figures, newest first: WHERE client_id = $1 ORDER BY analytics_date DESC.';

CREATE INDEX idx_client_analytics_date ON ONLY public.client_analytics USING btree (analytics_date);

COMMENT ON INDEX public.idx_client_analytics_date IS 'All figures of a span of days: WHERE analytics_date BETWEEN $1 AND $2.';

CREATE INDEX idx_client_analytics_deployment_date ON ONLY public.client_analytics USING btree (deployment_id, analytics_date DESC);

COMMENT ON INDEX public.idx_client_analytics_deployment_date IS 'A deployment''s figures, for roles that see every client: WHERE deployment_id = $1 ORDER BY analytics_date DESC.';

CREATE INDEX idx_client_analytics_id ON ONLY public.client_analytics USING btree (id);

COMMENT ON INDEX public.idx_client_analytics_id IS 'One figure by its id alone, as existing components ask: WHERE id = $1.';

CREATE INDEX idx_client_billing_dunning ON public.client_billing_info USING btree (dunning_status, last_payment_attempt) WHERE ((dunning_status)::text <> 'none'::text);

COMMENT ON INDEX public.idx_client_billing_dunning IS 'Who is being reminded, longest first: WHERE dunning_status = $1 ORDER BY last_payment_attempt.';

CREATE INDEX idx_client_billing_next_invoice ON public.client_billing_info USING btree (next_invoice_date) WHERE (((subscription_status)::text = 'active'::text) AND (next_invoice_date IS NOT NULL));

COMMENT ON INDEX public.idx_client_billing_next_invoice IS 'Who is to be invoiced: WHERE subscription_status = ''active'' AND next_invoice_date <= $1 ORDER BY next_invoice_date.';

CREATE INDEX idx_client_billing_trial_end ON public.client_billing_info USING btree (trial_end_date) WHERE ((subscription_status)::text = 'trial'::text);

COMMENT ON INDEX public.idx_client_billing_trial_end IS 'Trials that end: WHERE subscription_status = ''trial'' AND trial_end_date <= $1.';

CREATE INDEX idx_client_customizations_client_created ON public.client_customizations USING btree (client_id, created_at DESC);

COMMENT ON INDEX public.idx_client_customizations_client_created IS 'A client''s customizations, newest first: WHERE client_id = $1 ORDER BY created_at DESC.';

CREATE INDEX idx_client_customizations_status ON public.client_customizations USING btree (status, updated_at);

COMMENT ON INDEX public.idx_client_customizations_status IS 'What waits for review, longest first: WHERE status = ''in_review'' ORDER BY updated_at.';

CREATE INDEX idx_client_customizations_template ON public.client_customizations USING btree (template_id, template_version);

COMMENT ON INDEX public.idx_client_customizations_template IS 'The customizations that use a template or one version of it: WHERE template_id = $1 AND template_version = $2.';

CREATE INDEX idx_client_deployments_client_created ON public.client_deployments USING btree (client_id, created_at DESC);

COMMENT ON INDEX public.idx_client_deployments_client_created IS 'A client''s deployments, newest first: WHERE client_id = $1 ORDER BY created_at DESC.';

CREATE INDEX idx_client_deployments_customization ON public.client_deployments USING btree (client_id, customization_id);

COMMENT ON INDEX public.idx_client_deployments_customization IS 'The deployments of a customization: WHERE client_id = $1 AND customization_id = $2; and whether it may be deleted.';

CREATE INDEX idx_client_deployments_deployment_template ON public.client_deployments USING btree (deployment_template_id);

COMMENT ON INDEX public.idx_client_deployments_deployment_template IS 'The deployments made from a deployment template: WHERE deployment_template_id = $1.';

CREATE INDEX idx_client_deployments_status ON public.client_deployments USING btree (status);

COMMENT ON INDEX public.idx_client_deployments_status IS 'Deployments in a status: WHERE status = $1.';

CREATE INDEX idx_client_deployments_unhealthy ON public.client_deployments USING btree (last_health_check DESC) WHERE ((health_status)::text = ANY ((ARRAY['warning'::character varying, 'critical'::character varying])::text[]));

COMMENT ON INDEX public.idx_client_deployments_unhealthy IS 'What is ill now, last checked first: WHERE health_status IN (''warning'', ''critical'') ORDER BY last_health_check DESC.';

CREATE INDEX idx_client_members_user_id ON public.client_members USING btree (user_id, member_role);

COMMENT ON INDEX public.idx_client_members_user_id IS 'The clients of a person, all or as manager, which every policy asks: WHERE user_id = $1 AND member_role = ''manager''.';

CREATE INDEX idx_clients_enhanced_created_at ON public.clients_enhanced USING btree (created_at DESC);

COMMENT ON INDEX public.idx_clients_enhanced_created_at IS 'The newest clients: ORDER BY created_at DESC LIMIT n.';

CREATE INDEX idx_clients_enhanced_manager ON public.clients_enhanced USING btree (assigned_manager);

COMMENT ON INDEX public.idx_clients_enhanced_manager IS 'The clients assigned to a manager: WHERE assigned_manager = $1.';

CREATE INDEX idx_clients_enhanced_name ON public.clients_enhanced USING btree (name);

COMMENT ON INDEX public.idx_clients_enhanced_name IS 'The list of clients by name, page by page: WHERE name > $1 ORDER BY name LIMIT n.';

CREATE INDEX idx_clients_enhanced_renewal_date ON public.clients_enhanced USING btree (renewal_date) WHERE ((archived_at IS NULL) AND (renewal_date IS NOT NULL));

COMMENT ON INDEX public.idx_clients_enhanced_renewal_date IS 'Renewals that are due or overdue: WHERE archived_at IS NULL AND renewal_date <= $1 ORDER BY renewal_date.';

CREATE INDEX idx_clients_enhanced_status ON public.clients_enhanced USING btree (status);

COMMENT ON INDEX public.idx_clients_enhanced_status IS 'Clients in a status: WHERE status = $1.';

CREATE INDEX idx_configuration_versions_client_valid ON public.configuration_versions USING btree (client_id, valid_to DESC);

COMMENT ON INDEX public.idx_configuration_versions_client_valid IS 'What changed for a client of late: WHERE client_id = $1 ORDER BY valid_to DESC.';

CREATE INDEX idx_configuration_versions_revision ON public.configuration_versions USING btree (revision_to);

COMMENT ON INDEX public.idx_configuration_versions_revision IS 'What a span of revisions changed: WHERE revision_to > $1 AND revision_to <= $2.';

CREATE INDEX idx_configuration_versions_scope_valid ON public.configuration_versions USING btree (scope_id, valid_to DESC);

COMMENT ON INDEX public.idx_configuration_versions_scope_valid IS 'What changed of late for whoever is a member of some clients: the policies'' scope_id = ANY (…) ORDER BY valid_to DESC.';

CREATE INDEX idx_deployment_configurations_client_id ON public.deployment_configurations USING btree (client_id, created_at DESC);

COMMENT ON INDEX public.idx_deployment_configurations_client_id IS 'A client''s configurations, newest first: WHERE client_id = $1 ORDER BY created_at DESC.';

CREATE INDEX idx_deployment_configurations_deployment ON public.deployment_configurations USING btree (client_id, deployment_id);

COMMENT ON INDEX public.idx_deployment_configurations_deployment IS 'The configurations of a deployment: WHERE client_id = $1 AND deployment_id = $2. Covers the foreign key.';

CREATE INDEX idx_deployment_configurations_deployment_template ON public.deployment_configurations USING btree (deployment_template_id);

COMMENT ON INDEX public.idx_deployment_configurations_deployment_template IS 'The configurations made from a deployment template: WHERE deployment_template_id = $1. Covers the foreign key.';

CREATE INDEX idx_deployment_configurations_environment ON public.deployment_configurations USING btree (environment, status);

COMMENT ON INDEX public.idx_deployment_configurations_environment IS 'Configurations of an environment over all clients, by status: WHERE environment = $1 AND status = $2.';

CREATE INDEX idx_deployment_events_client_deployment ON ONLY public.deployment_tracking_events USING btree (client_id, deployment_id, event_timestamp DESC);

COMMENT ON INDEX public.idx_deployment_events_client_deployment IS 'A deployment''s events under a member''s policies, newest first: WHERE client_id = $1 AND deployment_id = $2 ORDER BY event_timestamp DESC. Covers the foreign key.';

CREATE INDEX idx_deployment_events_client_timestamp ON ONLY public.deployment_tracking_events USING btree (client_id, event_timestamp DESC);

COMMENT ON INDEX public.idx_deployment_events_client_timestamp IS 'A client''s events, newest first: WHERE client_id = $1 ORDER BY event_timestamp DESC.';

CREATE INDEX idx_deployment_events_deployment_id ON ONLY public.deployment_tracking_events USING btree (deployment_id);

COMMENT ON INDEX public.idx_deployment_events_deployment_id IS 'A deployment''s events, for roles that see every client: WHERE deployment_id = $1.';

CREATE INDEX idx_deployment_events_id ON ONLY public.deployment_tracking_events USING btree (id);

COMMENT ON INDEX public.idx_deployment_events_id IS 'One event by its id alone, as existing components ask: WHERE id = $1.';

CREATE INDEX idx_deployment_events_timestamp ON ONLY public.deployment_tracking_events USING btree (event_timestamp);

COMMENT ON INDEX public.idx_deployment_events_timestamp IS 'What happened of late, over all clients: ORDER BY event_timestamp DESC LIMIT n.';

CREATE INDEX idx_deployment_templates_configuration ON public.deployment_templates USING gin (configuration_template jsonb_path_ops);

COMMENT ON INDEX public.idx_deployment_templates_configuration IS 'Templates with a given setting: WHERE configuration_template @> $1. Only for roles that see all: under row level security jsonb operators can''t use an index.';

CREATE INDEX idx_deployment_templates_status ON public.deployment_templates USING btree (status, category);

COMMENT ON INDEX public.idx_deployment_templates_status IS 'The list of those that may be used, by group: WHERE status = ''active'' ORDER BY category.';

CREATE INDEX idx_system_configurations_client_created ON public.system_configurations USING btree (client_id, created_at DESC);

COMMENT ON INDEX public.idx_system_configurations_client_created IS 'A client''s rows, newest first: WHERE client_id = $1 ORDER BY created_at DESC.';

CREATE INDEX idx_system_configurations_client_id ON public.system_configurations USING btree (client_id, environment);

COMMENT ON INDEX public.idx_system_configurations_client_id IS 'A layer of a client: WHERE client_id = $1 AND environment = $2; global and template layers with client_id IS NULL.';

CREATE INDEX idx_system_configurations_client_key ON public.system_configurations USING btree (client_id, configuration_key);

COMMENT ON INDEX public.idx_system_configurations_client_key IS 'A client''s rows by key, page by page: WHERE client_id = $1 ORDER BY configuration_key.';

CREATE INDEX idx_system_configurations_key ON public.system_configurations USING btree (configuration_key varchar_pattern_ops);

COMMENT ON INDEX public.idx_system_configurations_key IS 'The rows below a key: WHERE configuration_key ~>=~ ''billing.'' AND configuration_key ~<~ ''billing/''. These operators are leakproof, which LIKE isn''t, so it serves under row level security.';

CREATE INDEX idx_system_configurations_template ON public.system_configurations USING btree (template_id, environment) WHERE (template_id IS NOT NULL);

COMMENT ON INDEX public.idx_system_configurations_template IS 'The rows that name a template: WHERE template_id = $1 AND environment = $2.';

CREATE INDEX idx_system_configurations_value ON public.system_configurations USING gin (configuration_value jsonb_path_ops);

COMMENT ON INDEX public.idx_system_configurations_value IS 'Rows that hold a value: WHERE configuration_value @> $1. Only for roles that see all: under row level security jsonb operators can''t use an index.';

CREATE INDEX idx_template_configurations_category ON public.template_configurations USING btree (category, template_name);

COMMENT ON INDEX public.idx_template_configurations_category IS 'The list of templates by group: WHERE category = $1 ORDER BY template_name.';

CREATE INDEX idx_template_configurations_default ON public.template_configurations USING gin (default_configuration jsonb_path_ops);

COMMENT ON INDEX public.idx_template_configurations_default IS 'Templates with a given default: WHERE default_configuration @> $1. Only for roles that see all: under row level security jsonb operators can''t use an index.';

CREATE INDEX idx_template_configurations_status ON public.template_configurations USING btree (status);

COMMENT ON INDEX public.idx_template_configurations_status IS 'Versions in a status; clients, staff and managers see the active ones only: WHERE status = ''active''.';

CREATE INDEX idx_template_configurations_template_id ON public.template_configurations USING btree (template_id, created_at DESC);

COMMENT ON INDEX public.idx_template_configurations_template_id IS 'The versions of a template, newest first: WHERE template_id = $1 ORDER BY created_at DESC.';

COMMENT ON INDEX public.system_configurations_client_id_id_key IS 'One row of a member''s clients: WHERE client_id = $1 AND id = $2. Target of composite keys.';

COMMENT ON INDEX public.system_configurations_configuration_key_scope_key IS 'A key over all its layers: WHERE configuration_key = $1. Holds it to one row per client, template and environment.';

COMMENT ON INDEX public.system_configurations_pkey IS 'One row by its id.';

COMMENT ON INDEX public.template_configurations_pkey IS 'One version by its id.';

COMMENT ON INDEX public.template_configurations_template_id_template_version_key IS 'The version that a customization pins: WHERE template_id = $1 AND template_version = $2. Holds it unique.';

CREATE INDEX audit_seals_ids ON tenantry.audit_seals USING gist (ids) WHERE (row_count > 0);

COMMENT ON INDEX tenantry.audit_seals_ids IS 'The seal of an entry: WHERE row_count > 0 AND ids @> $1.';

COMMENT ON INDEX tenantry.change_edits_change_id_table_name_row_id_key IS 'Holds a change to one edit of a row.';

COMMENT ON INDEX tenantry.change_edits_pkey IS 'The edits of a change in their order.';

CREATE INDEX change_preview_documents_number_idx ON tenantry.change_preview_documents USING btree (change_id, number, place);

COMMENT ON INDEX tenantry.change_preview_documents_number_idx IS 'A page of one group, or of one outcome: WHERE change_id = $1 AND number = $2 AND place > $3 ORDER BY place.';

COMMENT ON INDEX tenantry.change_preview_documents_pkey IS 'A page of a preview: WHERE change_id = $1 AND place > $2 ORDER BY place.';

COMMENT ON INDEX tenantry.change_preview_groups_pkey IS 'The groups of a preview, and one of them.';

COMMENT ON INDEX tenantry.change_previews_pkey IS 'The preview of a change.';

CREATE INDEX changes_client_id_idx ON tenantry.changes USING btree (client_id, proposed_at DESC, id DESC);

COMMENT ON INDEX tenantry.changes_client_id_idx IS 'The changes of one client, newest first: WHERE client_id = $1 ORDER BY proposed_at DESC, id DESC.';

COMMENT ON INDEX tenantry.changes_pkey IS 'One change by its id.';

CREATE INDEX changes_proposed_at_idx ON tenantry.changes USING btree (proposed_at DESC, id DESC);

COMMENT ON INDEX tenantry.changes_proposed_at_idx IS 'Changes, newest first, page by page: WHERE (proposed_at, id) < ($1, $2) ORDER BY proposed_at DESC, id DESC.';

CREATE INDEX changes_reverts_idx ON tenantry.changes USING btree (reverts);

COMMENT ON INDEX tenantry.changes_reverts_idx IS 'What took a change back: WHERE reverts = $1.';

COMMENT ON INDEX tenantry.changes_revision_key IS 'The change that made a revision: WHERE revision = $1.';

CREATE INDEX client_import_rows_outcome_idx ON tenantry.client_import_rows USING btree (import_id, outcome, line);

COMMENT ON INDEX tenantry.client_import_rows_outcome_idx IS 'The rows of one outcome, page by page.';

CREATE INDEX client_imports_created_by_idx ON tenantry.client_imports USING btree (created_by, created_at);

COMMENT ON INDEX tenantry.client_imports_created_by_idx IS 'The imports of one person, newest first.';

CREATE INDEX configuration_heads_revision_idx ON tenantry.configuration_heads USING btree (revision);

COMMENT ON INDEX tenantry.configuration_heads_revision_idx IS 'What is newer than a revision: WHERE revision > $1.';

CREATE UNIQUE INDEX data_keys_client_id_key ON tenantry.data_keys USING btree (client_id) NULLS NOT DISTINCT WHERE (retired_at IS NULL);

COMMENT ON INDEX tenantry.data_keys_client_id_key IS 'The key that seals for a client: WHERE client_id IS NOT DISTINCT FROM $1 AND retired_at IS NULL.';

CREATE INDEX data_keys_key_id_idx ON tenantry.data_keys USING btree (key_id);

COMMENT ON INDEX tenantry.data_keys_key_id_idx IS 'What a key-encryption key still wraps: WHERE key_id = $1.';

CREATE INDEX document_findings_found_idx ON tenantry.document_findings USING btree (weight, found_at, id);

COMMENT ON INDEX tenantry.document_findings_found_idx IS 'What is wrong by weight, oldest first.';

COMMENT ON INDEX tenantry.document_findings_id_key IS 'Holds id to be one row''s.';

COMMENT ON INDEX tenantry.document_findings_pkey IS 'What is wrong with a client''s documents: WHERE client_id = $1.';

COMMENT ON INDEX tenantry.document_looks_pkey IS 'Holds the table to one row.';

CREATE INDEX links_user_id_idx ON tenantry.links USING btree (user_id);

COMMENT ON INDEX tenantry.links_user_id_idx IS 'The links of one person.';

CREATE INDEX secrets_data_key_id_idx ON tenantry.secrets USING btree (data_key_id);

COMMENT ON INDEX tenantry.secrets_data_key_id_idx IS 'What is still sealed under a data key: WHERE data_key_id = $1.';

CREATE INDEX sessions_user_id_idx ON tenantry.sessions USING btree (user_id);

CREATE INDEX sign_in_delays_failed_at_idx ON tenantry.sign_in_delays USING btree (failed_at);

CREATE INDEX token_revisions_revision_idx ON tenantry.token_revisions USING btree (revision);

COMMENT ON INDEX tenantry.token_revisions_revision_idx IS 'What is newer than a revision: WHERE revision > $1.';

CREATE INDEX tokens_client_id_idx ON tenantry.tokens USING btree (client_id);

CREATE INDEX tokens_created_at_idx ON tenantry.tokens USING btree (created_at DESC, id DESC);

CREATE INDEX tokens_user_id_idx ON tenantry.tokens USING btree (user_id);

CREATE TRIGGER audit_delete AFTER DELETE ON public.client_billing_info REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_delete AFTER DELETE ON public.client_customizations REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_delete AFTER DELETE ON public.client_deployments REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_delete AFTER DELETE ON public.client_members REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('client_id', 'user_id', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_delete AFTER DELETE ON public.clients_enhanced REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('id', '', 'id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_delete AFTER DELETE ON public.deployment_configurations REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_delete AFTER DELETE ON public.deployment_templates REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('id', '', '', '{usage_count,last_used_at,success_rate,updated_at,updated_by}', '{}');

CREATE TRIGGER audit_delete AFTER DELETE ON public.system_configurations REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_delete AFTER DELETE ON public.template_configurations REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('id', '', '', '{usage_count,last_used_at,performance_score,updated_at,updated_by}', '{}');

CREATE TRIGGER audit_hash_row BEFORE INSERT ON public.audit_log FOR EACH ROW EXECUTE FUNCTION tenantry.audit_hash_row();

CREATE TRIGGER audit_insert AFTER INSERT ON public.client_billing_info REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_insert AFTER INSERT ON public.client_customizations REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_insert AFTER INSERT ON public.client_deployments REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_insert AFTER INSERT ON public.client_members REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('client_id', 'user_id', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_insert AFTER INSERT ON public.clients_enhanced REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('id', '', 'id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_insert AFTER INSERT ON public.deployment_configurations REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_insert AFTER INSERT ON public.deployment_templates REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('id', '', '', '{usage_count,last_used_at,success_rate,updated_at,updated_by}', '{}');

CREATE TRIGGER audit_insert AFTER INSERT ON public.system_configurations REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_insert AFTER INSERT ON public.template_configurations REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('id', '', '', '{usage_count,last_used_at,performance_score,updated_at,updated_by}', '{}');

CREATE TRIGGER audit_refuse_change BEFORE DELETE OR UPDATE ON public.audit_log FOR EACH ROW EXECUTE FUNCTION tenantry.audit_refuse_change();

CREATE TRIGGER audit_refuse_truncate BEFORE TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_refuse_change();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.client_billing_info FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.client_customizations FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.client_deployments FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.client_members FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.clients_enhanced FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.deployment_configurations FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.deployment_templates FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.system_configurations FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON public.template_configurations FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_update AFTER UPDATE ON public.client_billing_info REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_update AFTER UPDATE ON public.client_customizations REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_update AFTER UPDATE ON public.client_deployments REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_update AFTER UPDATE ON public.client_members REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('client_id', 'user_id', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_update AFTER UPDATE ON public.clients_enhanced REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('id', '', 'id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_update AFTER UPDATE ON public.deployment_configurations REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_update AFTER UPDATE ON public.deployment_templates REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('id', '', '', '{usage_count,last_used_at,success_rate,updated_at,updated_by}', '{}');

CREATE TRIGGER audit_update AFTER UPDATE ON public.system_configurations REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_update AFTER UPDATE ON public.template_configurations REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('id', '', '', '{usage_count,last_used_at,performance_score,updated_at,updated_by}', '{}');

CREATE TRIGGER tenantry_10_fill_category BEFORE INSERT OR UPDATE ON public.system_configurations FOR EACH ROW EXECUTE FUNCTION tenantry.fill_category();

CREATE TRIGGER tenantry_10_fill_event_client BEFORE INSERT ON public.deployment_tracking_events FOR EACH ROW WHEN (((new.client_id IS NULL) OR (new.client_id = '00000000-0000-0000-0000-000000000000'::uuid))) EXECUTE FUNCTION tenantry.fill_event_client();

CREATE TRIGGER tenantry_10_keep_figures BEFORE INSERT OR UPDATE ON public.deployment_templates FOR EACH ROW WHEN ((CURRENT_USER = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_super_admin,tenantry_service}'::name[]))) EXECUTE FUNCTION tenantry.keep_figures();

CREATE TRIGGER tenantry_10_keep_figures BEFORE INSERT OR UPDATE ON public.template_configurations FOR EACH ROW WHEN ((CURRENT_USER = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_super_admin,tenantry_service}'::name[]))) EXECUTE FUNCTION tenantry.keep_figures();

CREATE TRIGGER tenantry_10_number_customization BEFORE INSERT OR UPDATE ON public.client_customizations FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.number_customization();

CREATE TRIGGER tenantry_10_own_membership BEFORE INSERT OR UPDATE ON public.client_members FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.own_membership();

CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT OR UPDATE ON public.client_billing_info FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();

CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT OR UPDATE ON public.client_customizations FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();

CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT OR UPDATE ON public.client_deployments FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();

CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT OR UPDATE ON public.deployment_configurations FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();

CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT OR UPDATE ON public.deployment_templates FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();

CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT ON public.deployment_tracking_events FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();

CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT OR UPDATE ON public.system_configurations FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();

CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT OR UPDATE ON public.template_configurations FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();

CREATE TRIGGER tenantry_20_refuse_change BEFORE DELETE OR UPDATE ON public.configuration_versions FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.refuse_change();

CREATE TRIGGER tenantry_20_refuse_change BEFORE DELETE OR UPDATE ON public.deployment_tracking_events FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.refuse_change();

CREATE TRIGGER tenantry_20_refuse_flags BEFORE UPDATE ON public.deployment_templates FOR EACH ROW WHEN (((new.is_system_template IS DISTINCT FROM old.is_system_template) AND (CURRENT_USER = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_super_admin,tenantry_service}'::name[])))) EXECUTE FUNCTION tenantry.refuse_flags('is_system_template');

CREATE TRIGGER tenantry_20_refuse_flags BEFORE UPDATE ON public.system_configurations FOR EACH ROW WHEN ((((new.is_system IS DISTINCT FROM old.is_system) OR (new.is_delegated IS DISTINCT FROM old.is_delegated)) AND (CURRENT_USER = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_super_admin,tenantry_service}'::name[])))) EXECUTE FUNCTION tenantry.refuse_flags('is_system', 'is_delegated');

CREATE TRIGGER tenantry_20_refuse_move BEFORE UPDATE ON public.client_analytics FOR EACH ROW WHEN (((new.client_id IS DISTINCT FROM old.client_id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_move();

CREATE TRIGGER tenantry_20_refuse_move BEFORE UPDATE ON public.client_billing_info FOR EACH ROW WHEN (((new.client_id IS DISTINCT FROM old.client_id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_move();

CREATE TRIGGER tenantry_20_refuse_move BEFORE UPDATE ON public.client_customizations FOR EACH ROW WHEN (((new.client_id IS DISTINCT FROM old.client_id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_move();

CREATE TRIGGER tenantry_20_refuse_move BEFORE UPDATE ON public.client_deployments FOR EACH ROW WHEN (((new.client_id IS DISTINCT FROM old.client_id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_move();

CREATE TRIGGER tenantry_20_refuse_move BEFORE UPDATE ON public.client_members FOR EACH ROW WHEN (((new.client_id IS DISTINCT FROM old.client_id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_move();

CREATE TRIGGER tenantry_20_refuse_move BEFORE UPDATE ON public.deployment_configurations FOR EACH ROW WHEN (((new.client_id IS DISTINCT FROM old.client_id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_move();

CREATE TRIGGER tenantry_20_refuse_move BEFORE UPDATE ON public.system_configurations FOR EACH ROW WHEN (((new.client_id IS DISTINCT FROM old.client_id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_move();

CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.client_analytics FOR EACH ROW WHEN (((new.id IS DISTINCT FROM old.id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_new_id();

CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.client_billing_info FOR EACH ROW WHEN (((new.id IS DISTINCT FROM old.id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_new_id();

CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.client_customizations FOR EACH ROW WHEN (((new.id IS DISTINCT FROM old.id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_new_id();

CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.client_deployments FOR EACH ROW WHEN (((new.id IS DISTINCT FROM old.id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_new_id();

CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.clients_enhanced FOR EACH ROW WHEN (((new.id IS DISTINCT FROM old.id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_new_id();

CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.deployment_configurations FOR EACH ROW WHEN (((new.id IS DISTINCT FROM old.id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_new_id();

CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.deployment_templates FOR EACH ROW WHEN (((new.id IS DISTINCT FROM old.id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_new_id();

CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.system_configurations FOR EACH ROW WHEN (((new.id IS DISTINCT FROM old.id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_new_id();

CREATE TRIGGER tenantry_20_refuse_new_id BEFORE UPDATE ON public.template_configurations FOR EACH ROW WHEN (((new.id IS DISTINCT FROM old.id) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.refuse_new_id();

CREATE TRIGGER tenantry_20_refuse_truncate BEFORE TRUNCATE ON public.configuration_versions FOR EACH STATEMENT WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.refuse_change();

CREATE TRIGGER tenantry_20_refuse_truncate BEFORE TRUNCATE ON public.deployment_tracking_events FOR EACH STATEMENT WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.refuse_change();

CREATE TRIGGER tenantry_25_judge_masks BEFORE INSERT OR UPDATE ON public.client_billing_info FOR EACH ROW EXECUTE FUNCTION tenantry.judge_masks();

CREATE TRIGGER tenantry_25_judge_masks BEFORE INSERT OR UPDATE ON public.client_customizations FOR EACH ROW EXECUTE FUNCTION tenantry.judge_masks();

CREATE TRIGGER tenantry_25_judge_masks BEFORE INSERT OR UPDATE ON public.client_deployments FOR EACH ROW EXECUTE FUNCTION tenantry.judge_masks();

CREATE TRIGGER tenantry_25_judge_masks BEFORE INSERT OR UPDATE ON public.deployment_configurations FOR EACH ROW EXECUTE FUNCTION tenantry.judge_masks();

CREATE TRIGGER tenantry_25_judge_masks BEFORE INSERT OR UPDATE ON public.system_configurations FOR EACH ROW EXECUTE FUNCTION tenantry.judge_masks();

CREATE TRIGGER tenantry_25_judge_masks BEFORE INSERT OR UPDATE ON public.template_configurations FOR EACH ROW EXECUTE FUNCTION tenantry.judge_masks();

CREATE TRIGGER tenantry_30_hold_system_row BEFORE DELETE ON public.deployment_templates FOR EACH ROW WHEN ((old.is_system_template AND (CURRENT_USER = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_service}'::name[])))) EXECUTE FUNCTION tenantry.hold_system_row();

CREATE TRIGGER tenantry_30_hold_system_row BEFORE DELETE OR UPDATE ON public.system_configurations FOR EACH ROW WHEN ((old.is_system AND (CURRENT_USER = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_service}'::name[])))) EXECUTE FUNCTION tenantry.hold_system_row();

CREATE TRIGGER tenantry_30_hold_system_row_insert BEFORE INSERT ON public.deployment_templates FOR EACH ROW WHEN ((new.is_system_template AND (CURRENT_USER = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_service}'::name[])))) EXECUTE FUNCTION tenantry.hold_system_row();

CREATE TRIGGER tenantry_30_hold_system_row_insert BEFORE INSERT ON public.system_configurations FOR EACH ROW WHEN ((new.is_system AND (CURRENT_USER = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_service}'::name[])))) EXECUTE FUNCTION tenantry.hold_system_row();

CREATE TRIGGER tenantry_30_refuse_secret_variables BEFORE INSERT OR UPDATE ON public.client_deployments FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.refuse_secret_variables();

CREATE TRIGGER tenantry_30_refuse_secret_variables BEFORE INSERT OR UPDATE ON public.deployment_configurations FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.refuse_secret_variables();

CREATE TRIGGER tenantry_30_refuse_secrets BEFORE INSERT OR UPDATE ON public.client_billing_info FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.refuse_billing_secrets();

CREATE TRIGGER tenantry_30_refuse_secrets BEFORE INSERT OR UPDATE ON public.client_customizations FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.refuse_document_secrets('customization_config');

CREATE TRIGGER tenantry_30_refuse_secrets BEFORE INSERT OR UPDATE ON public.deployment_configurations FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.refuse_document_secrets('application_config');

CREATE TRIGGER tenantry_30_refuse_secrets BEFORE INSERT OR UPDATE ON public.system_configurations FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.refuse_configuration_secrets();

CREATE TRIGGER tenantry_30_refuse_secrets BEFORE INSERT OR UPDATE ON public.template_configurations FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.refuse_document_secrets('default_configuration');

CREATE TRIGGER tenantry_40_begin BEFORE INSERT ON public.deployment_configurations FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.begin_deployment_configuration();

CREATE TRIGGER tenantry_40_begin_customization BEFORE INSERT ON public.client_customizations FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.begin_customization();

CREATE TRIGGER tenantry_40_check_member BEFORE INSERT OR UPDATE ON public.client_members FOR EACH ROW EXECUTE FUNCTION tenantry.check_member();

CREATE TRIGGER tenantry_40_hold_content BEFORE UPDATE ON public.client_customizations FOR EACH ROW WHEN ((((old.status)::text <> 'draft'::text) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.hold_customization_content();

CREATE TRIGGER tenantry_40_move_template BEFORE INSERT OR UPDATE ON public.template_configurations FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.move_template();

CREATE TRIGGER tenantry_40_pin_template_version BEFORE INSERT OR UPDATE ON public.client_customizations FOR EACH ROW WHEN (((new.template_version IS NOT NULL) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.pin_template_version();

CREATE TRIGGER tenantry_50_activate_customization BEFORE UPDATE ON public.client_customizations FOR EACH ROW WHEN ((new.is_active AND (NOT COALESCE(old.is_active, false)) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.activate_customization();

CREATE TRIGGER tenantry_50_hold_approval BEFORE UPDATE ON public.client_customizations FOR EACH ROW WHEN ((((NOT ((new.status)::text IS DISTINCT FROM (old.status)::text)) OR ((new.status)::text <> 'approved'::text)) AND (CURRENT_USER = ANY ('{tenantry_client,tenantry_staff,tenantry_manager,tenantry_admin,tenantry_super_admin,tenantry_service}'::name[])))) EXECUTE FUNCTION tenantry.hold_approval();

CREATE TRIGGER tenantry_50_move BEFORE UPDATE ON public.deployment_configurations FOR EACH ROW WHEN (((CURRENT_USER <> 'tenantry_owner'::name) OR ((pg_trigger_depth() = 0) AND (NOT (new.applied_configuration IS DISTINCT FROM old.applied_configuration))))) EXECUTE FUNCTION tenantry.move_deployment_configuration();

CREATE TRIGGER tenantry_50_move_customization BEFORE UPDATE ON public.client_customizations FOR EACH ROW WHEN ((((new.status)::text IS DISTINCT FROM (old.status)::text) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.move_customization();

CREATE TRIGGER tenantry_50_note_deployed BEFORE INSERT OR UPDATE ON public.client_deployments FOR EACH ROW WHEN ((((new.status)::text = 'deployed'::text) AND (CURRENT_USER <> 'tenantry_owner'::name))) EXECUTE FUNCTION tenantry.note_deployed();

CREATE TRIGGER tenantry_60_follow_assignment AFTER INSERT OR UPDATE ON public.clients_enhanced FOR EACH ROW EXECUTE FUNCTION tenantry.follow_assignment();

CREATE TRIGGER tenantry_60_note AFTER INSERT OR DELETE OR UPDATE ON public.deployment_templates FOR EACH ROW EXECUTE FUNCTION tenantry.note_template();

CREATE TRIGGER tenantry_60_note AFTER INSERT OR DELETE OR UPDATE ON public.template_configurations FOR EACH ROW EXECUTE FUNCTION tenantry.note_template();

CREATE TRIGGER tenantry_60_note_activation AFTER UPDATE ON public.client_customizations REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.note_activation();

CREATE TRIGGER tenantry_60_note_delete AFTER DELETE ON public.client_customizations REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.note_customizations();

CREATE TRIGGER tenantry_60_note_delete AFTER DELETE ON public.client_deployments REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.note_deployments();

CREATE TRIGGER tenantry_60_note_insert AFTER INSERT ON public.client_customizations REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.note_customizations();

CREATE TRIGGER tenantry_60_note_insert AFTER INSERT ON public.client_deployments REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.note_deployments();

CREATE TRIGGER tenantry_60_note_update AFTER UPDATE ON public.client_customizations REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.note_customizations();

CREATE TRIGGER tenantry_60_note_update AFTER UPDATE ON public.client_deployments REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.note_deployments();

CREATE TRIGGER tenantry_80_count_writes BEFORE INSERT OR UPDATE ON public.deployment_configurations FOR EACH ROW WHEN (((CURRENT_USER <> 'tenantry_owner'::name) OR (pg_trigger_depth() > 0))) EXECUTE FUNCTION tenantry.count_writes('applied_revision');

CREATE TRIGGER tenantry_80_count_writes BEFORE INSERT OR UPDATE ON public.system_configurations FOR EACH ROW WHEN (((CURRENT_USER <> 'tenantry_owner'::name) OR (pg_trigger_depth() > 0))) EXECUTE FUNCTION tenantry.count_writes();

CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.client_billing_info FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();

CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.client_customizations FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();

CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.client_deployments FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();

CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.client_members FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();

CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.clients_enhanced FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();

CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.deployment_configurations FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();

CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.deployment_templates FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();

CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.system_configurations FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();

CREATE TRIGGER tenantry_90_stamp_insert BEFORE INSERT ON public.template_configurations FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_insert();

CREATE TRIGGER tenantry_90_stamp_times BEFORE INSERT ON public.client_analytics FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_times();

CREATE TRIGGER tenantry_90_stamp_times_update BEFORE UPDATE ON public.client_analytics FOR EACH ROW WHEN ((CURRENT_USER <> 'tenantry_owner'::name)) EXECUTE FUNCTION tenantry.stamp_times();

CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.client_billing_info FOR EACH ROW WHEN (((CURRENT_USER <> 'tenantry_owner'::name) OR (pg_trigger_depth() > 0))) EXECUTE FUNCTION tenantry.stamp_update();

CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.client_customizations FOR EACH ROW WHEN (((CURRENT_USER <> 'tenantry_owner'::name) OR (pg_trigger_depth() > 0))) EXECUTE FUNCTION tenantry.stamp_update();

CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.client_deployments FOR EACH ROW WHEN (((CURRENT_USER <> 'tenantry_owner'::name) OR (pg_trigger_depth() > 0))) EXECUTE FUNCTION tenantry.stamp_update();

CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.client_members FOR EACH ROW WHEN (((CURRENT_USER <> 'tenantry_owner'::name) OR (pg_trigger_depth() > 0))) EXECUTE FUNCTION tenantry.stamp_update();

CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.clients_enhanced FOR EACH ROW WHEN (((CURRENT_USER <> 'tenantry_owner'::name) OR (pg_trigger_depth() > 0))) EXECUTE FUNCTION tenantry.stamp_update();

CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.deployment_configurations FOR EACH ROW WHEN (((CURRENT_USER <> 'tenantry_owner'::name) OR (pg_trigger_depth() > 0))) EXECUTE FUNCTION tenantry.stamp_update('applied_revision');

CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.deployment_templates FOR EACH ROW WHEN (((CURRENT_USER <> 'tenantry_owner'::name) OR (pg_trigger_depth() > 0))) EXECUTE FUNCTION tenantry.stamp_update('usage_count', 'last_used_at', 'success_rate');

CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.system_configurations FOR EACH ROW WHEN (((CURRENT_USER <> 'tenantry_owner'::name) OR (pg_trigger_depth() > 0))) EXECUTE FUNCTION tenantry.stamp_update();

CREATE TRIGGER tenantry_90_stamp_update BEFORE UPDATE ON public.template_configurations FOR EACH ROW WHEN (((CURRENT_USER <> 'tenantry_owner'::name) OR (pg_trigger_depth() > 0))) EXECUTE FUNCTION tenantry.stamp_update('usage_count', 'last_used_at', 'performance_score');

CREATE CONSTRAINT TRIGGER tenantry_history_keep AFTER INSERT OR DELETE OR UPDATE ON public.client_customizations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenantry.history_keep();

CREATE CONSTRAINT TRIGGER tenantry_history_keep AFTER INSERT OR DELETE OR UPDATE ON public.deployment_configurations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenantry.history_keep('applied_revision');

CREATE CONSTRAINT TRIGGER tenantry_history_keep AFTER INSERT OR DELETE OR UPDATE ON public.system_configurations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenantry.history_keep();

CREATE CONSTRAINT TRIGGER tenantry_history_keep AFTER INSERT OR DELETE OR UPDATE ON public.template_configurations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenantry.history_keep('usage_count', 'last_used_at', 'performance_score');

CREATE CONSTRAINT TRIGGER tenantry_history_note_applied AFTER INSERT OR UPDATE ON public.deployment_configurations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((new.applied_configuration IS NOT NULL) AND (new.applied_revision IS NULL))) EXECUTE FUNCTION tenantry.history_note_applied();

CREATE TRIGGER audit_delete AFTER DELETE ON tenantry.changes REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_delete AFTER DELETE ON tenantry.data_keys REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('id', '', 'client_id', '{wrapped,key_id,updated_at,updated_by}', '{"wrapped": {"$hidden": true}}');

CREATE TRIGGER audit_delete AFTER DELETE ON tenantry.encryption_keys REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('key_id', '', '', '{updated_at,updated_by}', '{"check_value": {"$hidden": true}}');

CREATE TRIGGER audit_delete AFTER DELETE ON tenantry.links REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('id', '', '', '{updated_at,updated_by}', '{"secret_hash": {"$hidden": true}}');

CREATE TRIGGER audit_delete AFTER DELETE ON tenantry.passwords REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('user_id', '', '', '{updated_at,updated_by}', '{"password_hash": {"$hidden": true}}');

CREATE TRIGGER audit_delete AFTER DELETE ON tenantry.people REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('user_id', '', '', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_delete AFTER DELETE ON tenantry.sessions REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('id', '', '', '{secret_hash,generation,refreshed_at,stepped_up_at,expires_at,updated_at,updated_by}', '{"secret_hash": {"$hidden": true}}');

CREATE TRIGGER audit_delete AFTER DELETE ON tenantry.settings REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('key', '', '', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_delete AFTER DELETE ON tenantry.tokens REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('id', '', 'client_id', '{last_used_at,updated_at,updated_by}', '{"secret_hash": {"$hidden": true}}');

CREATE TRIGGER audit_delete AFTER DELETE ON tenantry.user_metadata REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_delete('user_id', '', '', '{updated_at,updated_by}', '{"data": {"$hidden": true}}');

CREATE TRIGGER audit_insert AFTER INSERT ON tenantry.changes REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_insert AFTER INSERT ON tenantry.data_keys REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('id', '', 'client_id', '{wrapped,key_id,updated_at,updated_by}', '{"wrapped": {"$hidden": true}}');

CREATE TRIGGER audit_insert AFTER INSERT ON tenantry.encryption_keys REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('key_id', '', '', '{updated_at,updated_by}', '{"check_value": {"$hidden": true}}');

CREATE TRIGGER audit_insert AFTER INSERT ON tenantry.links REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('id', '', '', '{updated_at,updated_by}', '{"secret_hash": {"$hidden": true}}');

CREATE TRIGGER audit_insert AFTER INSERT ON tenantry.passwords REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('user_id', '', '', '{updated_at,updated_by}', '{"password_hash": {"$hidden": true}}');

CREATE TRIGGER audit_insert AFTER INSERT ON tenantry.people REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('user_id', '', '', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_insert AFTER INSERT ON tenantry.sessions REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('id', '', '', '{secret_hash,generation,refreshed_at,stepped_up_at,expires_at,updated_at,updated_by}', '{"secret_hash": {"$hidden": true}}');

CREATE TRIGGER audit_insert AFTER INSERT ON tenantry.settings REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('key', '', '', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_insert AFTER INSERT ON tenantry.tokens REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('id', '', 'client_id', '{last_used_at,updated_at,updated_by}', '{"secret_hash": {"$hidden": true}}');

CREATE TRIGGER audit_insert AFTER INSERT ON tenantry.user_metadata REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_insert('user_id', '', '', '{updated_at,updated_by}', '{"data": {"$hidden": true}}');

CREATE TRIGGER audit_refuse_change BEFORE DELETE OR UPDATE OR TRUNCATE ON tenantry.audit_seals FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_refuse_change();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON tenantry.changes FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON tenantry.data_keys FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON tenantry.encryption_keys FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON tenantry.links FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON tenantry.passwords FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON tenantry.people FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON tenantry.sessions FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON tenantry.settings FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON tenantry.tokens FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_truncate AFTER TRUNCATE ON tenantry.user_metadata FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_truncate();

CREATE TRIGGER audit_update AFTER UPDATE ON tenantry.changes REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('id', '', 'client_id', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_update AFTER UPDATE ON tenantry.data_keys REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('id', '', 'client_id', '{wrapped,key_id,updated_at,updated_by}', '{"wrapped": {"$hidden": true}}');

CREATE TRIGGER audit_update AFTER UPDATE ON tenantry.encryption_keys REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('key_id', '', '', '{updated_at,updated_by}', '{"check_value": {"$hidden": true}}');

CREATE TRIGGER audit_update AFTER UPDATE ON tenantry.links REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('id', '', '', '{updated_at,updated_by}', '{"secret_hash": {"$hidden": true}}');

CREATE TRIGGER audit_update AFTER UPDATE ON tenantry.passwords REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('user_id', '', '', '{updated_at,updated_by}', '{"password_hash": {"$hidden": true}}');

CREATE TRIGGER audit_update AFTER UPDATE ON tenantry.people REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('user_id', '', '', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_update AFTER UPDATE ON tenantry.sessions REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('id', '', '', '{secret_hash,generation,refreshed_at,stepped_up_at,expires_at,updated_at,updated_by}', '{"secret_hash": {"$hidden": true}}');

CREATE TRIGGER audit_update AFTER UPDATE ON tenantry.settings REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('key', '', '', '{updated_at,updated_by}', '{}');

CREATE TRIGGER audit_update AFTER UPDATE ON tenantry.tokens REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('id', '', 'client_id', '{last_used_at,updated_at,updated_by}', '{"secret_hash": {"$hidden": true}}');

CREATE TRIGGER audit_update AFTER UPDATE ON tenantry.user_metadata REFERENCING OLD TABLE AS former NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_update('user_id', '', '', '{updated_at,updated_by}', '{"data": {"$hidden": true}}');

CREATE TRIGGER secrets_stamp BEFORE INSERT ON tenantry.secrets FOR EACH ROW EXECUTE FUNCTION tenantry.secrets_stamp();

CREATE TRIGGER secrets_stay BEFORE UPDATE ON tenantry.secrets FOR EACH ROW EXECUTE FUNCTION tenantry.secrets_stay();

CREATE TRIGGER tenantry_40_check_person_role AFTER UPDATE ON tenantry.people FOR EACH ROW WHEN (((new.role)::text IS DISTINCT FROM (old.role)::text)) EXECUTE FUNCTION tenantry.check_person_role();

CREATE TRIGGER tenantry_50_begin_change BEFORE INSERT ON tenantry.changes FOR EACH ROW EXECUTE FUNCTION tenantry.begin_change();

CREATE TRIGGER tenantry_50_move_change BEFORE UPDATE ON tenantry.changes FOR EACH ROW EXECUTE FUNCTION tenantry.move_change();

CREATE TRIGGER tenantry_90_stamp_token BEFORE INSERT OR UPDATE OF revoked_at ON tenantry.tokens FOR EACH ROW EXECUTE FUNCTION tenantry.stamp_token();

CREATE CONSTRAINT TRIGGER tenantry_settle AFTER INSERT ON tenantry.figures_due DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenantry.settle_at_commit();

CREATE TRIGGER tenantry_snapshots_notify AFTER UPDATE ON tenantry.installation_revision FOR EACH ROW EXECUTE FUNCTION tenantry.snapshots_notify();

CREATE CONSTRAINT TRIGGER tenantry_token_revisions_keep AFTER INSERT OR DELETE OR UPDATE OF secret_hash, kind, scopes, client_id, template_id, environment, expires_at, revoked_at ON tenantry.tokens DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenantry.token_revisions_keep();

ALTER TABLE public.client_analytics
    ADD CONSTRAINT client_analytics_client_id_deployment_id_fkey FOREIGN KEY (client_id, deployment_id) REFERENCES public.client_deployments(client_id, id);

ALTER TABLE public.client_analytics
    ADD CONSTRAINT client_analytics_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients_enhanced(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.client_billing_info
    ADD CONSTRAINT client_billing_info_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients_enhanced(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.client_customizations
    ADD CONSTRAINT client_customizations_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients_enhanced(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.client_customizations
    ADD CONSTRAINT client_customizations_template_id_template_version_fkey FOREIGN KEY (template_id, template_version) REFERENCES public.template_configurations(template_id, template_version) ON DELETE RESTRICT;

ALTER TABLE ONLY public.client_deployments
    ADD CONSTRAINT client_deployments_client_id_customization_id_fkey FOREIGN KEY (client_id, customization_id) REFERENCES public.client_customizations(client_id, id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.client_deployments
    ADD CONSTRAINT client_deployments_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients_enhanced(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.client_deployments
    ADD CONSTRAINT client_deployments_deployment_template_id_fkey FOREIGN KEY (deployment_template_id) REFERENCES public.deployment_templates(id) ON DELETE SET NULL (deployment_template_id);

ALTER TABLE ONLY public.client_members
    ADD CONSTRAINT client_members_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients_enhanced(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.configuration_versions
    ADD CONSTRAINT configuration_versions_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients_enhanced(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.deployment_configurations
    ADD CONSTRAINT deployment_configurations_client_id_deployment_id_fkey FOREIGN KEY (client_id, deployment_id) REFERENCES public.client_deployments(client_id, id) ON DELETE SET NULL (deployment_id);

ALTER TABLE ONLY public.deployment_configurations
    ADD CONSTRAINT deployment_configurations_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients_enhanced(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.deployment_configurations
    ADD CONSTRAINT deployment_configurations_deployment_template_id_fkey FOREIGN KEY (deployment_template_id) REFERENCES public.deployment_templates(id) ON DELETE SET NULL (deployment_template_id);

ALTER TABLE public.deployment_tracking_events
    ADD CONSTRAINT deployment_tracking_events_client_id_deployment_id_fkey FOREIGN KEY (client_id, deployment_id) REFERENCES public.client_deployments(client_id, id);

ALTER TABLE ONLY public.system_configurations
    ADD CONSTRAINT system_configurations_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients_enhanced(id) ON DELETE RESTRICT;

ALTER TABLE ONLY tenantry.change_edits
    ADD CONSTRAINT change_edits_change_id_fkey FOREIGN KEY (change_id) REFERENCES tenantry.changes(id);

ALTER TABLE ONLY tenantry.change_preview_documents
    ADD CONSTRAINT change_preview_documents_change_id_fkey FOREIGN KEY (change_id) REFERENCES tenantry.change_previews(change_id) ON DELETE CASCADE;

ALTER TABLE ONLY tenantry.change_preview_groups
    ADD CONSTRAINT change_preview_groups_change_id_fkey FOREIGN KEY (change_id) REFERENCES tenantry.change_previews(change_id) ON DELETE CASCADE;

ALTER TABLE ONLY tenantry.change_previews
    ADD CONSTRAINT change_previews_change_id_fkey FOREIGN KEY (change_id) REFERENCES tenantry.changes(id);

ALTER TABLE ONLY tenantry.changes
    ADD CONSTRAINT changes_reverts_fkey FOREIGN KEY (reverts) REFERENCES tenantry.changes(id);

ALTER TABLE ONLY tenantry.client_import_lines
    ADD CONSTRAINT client_import_lines_import_id_fkey FOREIGN KEY (import_id) REFERENCES tenantry.client_imports(id) ON DELETE CASCADE;

ALTER TABLE ONLY tenantry.client_import_rows
    ADD CONSTRAINT client_import_rows_import_id_fkey FOREIGN KEY (import_id) REFERENCES tenantry.client_imports(id) ON DELETE CASCADE;

ALTER TABLE ONLY tenantry.data_keys
    ADD CONSTRAINT data_keys_key_id_fkey FOREIGN KEY (key_id) REFERENCES tenantry.encryption_keys(key_id);

ALTER TABLE ONLY tenantry.links
    ADD CONSTRAINT links_user_id_fkey FOREIGN KEY (user_id) REFERENCES tenantry.people(user_id);

ALTER TABLE ONLY tenantry.passwords
    ADD CONSTRAINT passwords_user_id_fkey FOREIGN KEY (user_id) REFERENCES tenantry.people(user_id);

ALTER TABLE ONLY tenantry.secrets
    ADD CONSTRAINT secrets_data_key_id_fkey FOREIGN KEY (data_key_id) REFERENCES tenantry.data_keys(id);

ALTER TABLE ONLY tenantry.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES tenantry.people(user_id);

ALTER TABLE ONLY tenantry.tokens
    ADD CONSTRAINT tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES tenantry.people(user_id);

ALTER TABLE ONLY tenantry.user_metadata
    ADD CONSTRAINT user_metadata_user_id_fkey FOREIGN KEY (user_id) REFERENCES tenantry.people(user_id);

CREATE POLICY tenantry_auth_select ON auth.users FOR SELECT TO tenantry_auth USING (true);

CREATE POLICY tenantry_backup_select ON auth.users FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_owner_all ON auth.users TO tenantry_owner USING (true) WITH CHECK (true);

ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_log ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.client_analytics ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.client_billing_info ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.client_customizations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.client_deployments ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.client_members ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.clients_enhanced ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.configuration_versions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deployment_configurations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deployment_templates ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.deployment_tracking_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.system_configurations ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.template_configurations ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenantry_admin_delete ON public.client_customizations FOR DELETE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_delete ON public.client_deployments FOR DELETE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_delete ON public.client_members FOR DELETE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_delete ON public.deployment_configurations FOR DELETE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_delete ON public.deployment_templates FOR DELETE TO tenantry_admin USING (((NOT is_system_template) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_admin_delete ON public.system_configurations FOR DELETE TO tenantry_admin USING (((NOT is_system) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_admin_delete ON public.template_configurations FOR DELETE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_insert ON public.client_analytics FOR INSERT TO tenantry_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_insert ON public.client_billing_info FOR INSERT TO tenantry_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_insert ON public.client_customizations FOR INSERT TO tenantry_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_insert ON public.client_deployments FOR INSERT TO tenantry_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_insert ON public.client_members FOR INSERT TO tenantry_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_insert ON public.clients_enhanced FOR INSERT TO tenantry_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_insert ON public.deployment_configurations FOR INSERT TO tenantry_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_insert ON public.deployment_templates FOR INSERT TO tenantry_admin WITH CHECK (((NOT is_system_template) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_admin_insert ON public.deployment_tracking_events FOR INSERT TO tenantry_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_insert ON public.system_configurations FOR INSERT TO tenantry_admin WITH CHECK (((NOT is_system) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_admin_insert ON public.template_configurations FOR INSERT TO tenantry_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON public.audit_log FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON public.client_analytics FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON public.client_billing_info FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON public.client_customizations FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON public.client_deployments FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON public.client_members FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON public.clients_enhanced FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON public.configuration_versions FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON public.deployment_configurations FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON public.deployment_templates FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON public.deployment_tracking_events FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON public.system_configurations FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON public.template_configurations FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_update ON public.client_analytics FOR UPDATE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_update ON public.client_billing_info FOR UPDATE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_update ON public.client_customizations FOR UPDATE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_update ON public.client_deployments FOR UPDATE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_update ON public.client_members FOR UPDATE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_update ON public.clients_enhanced FOR UPDATE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_update ON public.deployment_configurations FOR UPDATE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_update ON public.deployment_templates FOR UPDATE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_update ON public.system_configurations FOR UPDATE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_update ON public.template_configurations FOR UPDATE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_backup_select ON public.audit_log FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON public.client_analytics FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON public.client_billing_info FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON public.client_customizations FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON public.client_deployments FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON public.client_members FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON public.clients_enhanced FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON public.configuration_versions FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON public.deployment_configurations FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON public.deployment_templates FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON public.deployment_tracking_events FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON public.system_configurations FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON public.template_configurations FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_client_select ON public.client_analytics FOR SELECT TO tenantry_client USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_client_select ON public.client_billing_info FOR SELECT TO tenantry_client USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_client_select ON public.client_customizations FOR SELECT TO tenantry_client USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_client_select ON public.client_deployments FOR SELECT TO tenantry_client USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_client_select ON public.client_members FOR SELECT TO tenantry_client USING ((user_id = ( SELECT tenantry.user_id() AS user_id)));

CREATE POLICY tenantry_client_select ON public.clients_enhanced FOR SELECT TO tenantry_client USING ((id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_client_select ON public.deployment_configurations FOR SELECT TO tenantry_client USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_client_select ON public.deployment_templates FOR SELECT TO tenantry_client USING ((((status)::text = 'active'::text) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_client_select ON public.deployment_tracking_events FOR SELECT TO tenantry_client USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_client_select ON public.system_configurations FOR SELECT TO tenantry_client USING (((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])) AND (NOT is_encrypted)));

CREATE POLICY tenantry_client_select ON public.template_configurations FOR SELECT TO tenantry_client USING ((((status)::text = 'active'::text) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_client_update ON public.system_configurations FOR UPDATE TO tenantry_client USING (((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])) AND is_delegated AND (NOT is_encrypted) AND (NOT is_system))) WITH CHECK (((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])) AND is_delegated AND (NOT is_encrypted) AND (NOT is_system)));

CREATE POLICY tenantry_manager_delete ON public.system_configurations FOR DELETE TO tenantry_manager USING (((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))) AND (NOT is_system)));

CREATE POLICY tenantry_manager_insert ON public.client_customizations FOR INSERT TO tenantry_manager WITH CHECK ((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))));

CREATE POLICY tenantry_manager_insert ON public.client_deployments FOR INSERT TO tenantry_manager WITH CHECK ((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))));

CREATE POLICY tenantry_manager_insert ON public.deployment_configurations FOR INSERT TO tenantry_manager WITH CHECK ((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))));

CREATE POLICY tenantry_manager_insert ON public.deployment_tracking_events FOR INSERT TO tenantry_manager WITH CHECK ((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))));

CREATE POLICY tenantry_manager_insert ON public.system_configurations FOR INSERT TO tenantry_manager WITH CHECK (((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))) AND (NOT is_system)));

CREATE POLICY tenantry_manager_select ON public.audit_log FOR SELECT TO tenantry_manager USING (((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))) AND (table_schema = 'public'::text) AND (table_name = ANY ('{clients_enhanced,client_members,client_customizations,client_deployments,deployment_configurations,client_billing_info,system_configurations}'::text[]))));

CREATE POLICY tenantry_manager_select ON public.client_analytics FOR SELECT TO tenantry_manager USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_manager_select ON public.client_billing_info FOR SELECT TO tenantry_manager USING ((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))));

CREATE POLICY tenantry_manager_select ON public.client_customizations FOR SELECT TO tenantry_manager USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_manager_select ON public.client_deployments FOR SELECT TO tenantry_manager USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_manager_select ON public.client_members FOR SELECT TO tenantry_manager USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_manager_select ON public.clients_enhanced FOR SELECT TO tenantry_manager USING ((id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_manager_select ON public.configuration_versions FOR SELECT TO tenantry_manager USING (((scope_id = ANY (ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids
UNION ALL
 SELECT '00000000-0000-0000-0000-000000000000'::uuid AS uuid
  WHERE tenantry.entered()))) AND (((table_name)::text <> 'template_configurations'::text) OR (row_id = ANY (ARRAY( SELECT t.id
   FROM public.template_configurations t))))));

CREATE POLICY tenantry_manager_select ON public.deployment_configurations FOR SELECT TO tenantry_manager USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_manager_select ON public.deployment_templates FOR SELECT TO tenantry_manager USING ((((status)::text = 'active'::text) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_manager_select ON public.deployment_tracking_events FOR SELECT TO tenantry_manager USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_manager_select ON public.system_configurations FOR SELECT TO tenantry_manager USING ((NULLIF((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])), false) IS NOT NULL));

CREATE POLICY tenantry_manager_select ON public.template_configurations FOR SELECT TO tenantry_manager USING ((((status)::text = 'active'::text) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_manager_select_global ON public.system_configurations FOR SELECT TO tenantry_manager USING ((((client_id IS NULL) IS TRUE) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_manager_update ON public.client_customizations FOR UPDATE TO tenantry_manager USING ((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids)))) WITH CHECK ((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))));

CREATE POLICY tenantry_manager_update ON public.client_deployments FOR UPDATE TO tenantry_manager USING ((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids)))) WITH CHECK ((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))));

CREATE POLICY tenantry_manager_update ON public.clients_enhanced FOR UPDATE TO tenantry_manager USING ((id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids)))) WITH CHECK ((id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))));

CREATE POLICY tenantry_manager_update ON public.deployment_configurations FOR UPDATE TO tenantry_manager USING ((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids)))) WITH CHECK ((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))));

CREATE POLICY tenantry_manager_update ON public.system_configurations FOR UPDATE TO tenantry_manager USING (((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))) AND (NOT is_system))) WITH CHECK (((client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))) AND (NOT is_system)));

CREATE POLICY tenantry_owner_all ON public.audit_log TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON public.client_analytics TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON public.client_billing_info TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON public.client_customizations TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON public.client_deployments TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON public.client_members TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON public.clients_enhanced TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON public.configuration_versions TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON public.deployment_configurations TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON public.deployment_templates TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON public.deployment_tracking_events TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON public.system_configurations TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON public.template_configurations TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_service_delete ON public.client_customizations FOR DELETE TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_delete ON public.client_deployments FOR DELETE TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_delete ON public.deployment_configurations FOR DELETE TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_delete ON public.deployment_templates FOR DELETE TO tenantry_service USING (((NOT is_system_template) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_service_delete ON public.system_configurations FOR DELETE TO tenantry_service USING (((NOT is_system) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_service_delete ON public.template_configurations FOR DELETE TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_insert ON public.client_analytics FOR INSERT TO tenantry_service WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_insert ON public.client_billing_info FOR INSERT TO tenantry_service WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_insert ON public.client_customizations FOR INSERT TO tenantry_service WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_insert ON public.client_deployments FOR INSERT TO tenantry_service WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_insert ON public.clients_enhanced FOR INSERT TO tenantry_service WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_insert ON public.deployment_configurations FOR INSERT TO tenantry_service WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_insert ON public.deployment_templates FOR INSERT TO tenantry_service WITH CHECK (((NOT is_system_template) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_service_insert ON public.deployment_tracking_events FOR INSERT TO tenantry_service WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_insert ON public.system_configurations FOR INSERT TO tenantry_service WITH CHECK (((NOT is_system) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_service_insert ON public.template_configurations FOR INSERT TO tenantry_service WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON public.audit_log FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON public.client_analytics FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON public.client_billing_info FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON public.client_customizations FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON public.client_deployments FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON public.client_members FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON public.clients_enhanced FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON public.configuration_versions FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON public.deployment_configurations FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON public.deployment_templates FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON public.deployment_tracking_events FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON public.system_configurations FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON public.template_configurations FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_update ON public.client_analytics FOR UPDATE TO tenantry_service USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_update ON public.client_billing_info FOR UPDATE TO tenantry_service USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_update ON public.client_customizations FOR UPDATE TO tenantry_service USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_update ON public.client_deployments FOR UPDATE TO tenantry_service USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_update ON public.clients_enhanced FOR UPDATE TO tenantry_service USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_update ON public.deployment_configurations FOR UPDATE TO tenantry_service USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_update ON public.deployment_templates FOR UPDATE TO tenantry_service USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_update ON public.system_configurations FOR UPDATE TO tenantry_service USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_update ON public.template_configurations FOR UPDATE TO tenantry_service USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_staff_select ON public.client_analytics FOR SELECT TO tenantry_staff USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_staff_select ON public.client_customizations FOR SELECT TO tenantry_staff USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_staff_select ON public.client_deployments FOR SELECT TO tenantry_staff USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_staff_select ON public.client_members FOR SELECT TO tenantry_staff USING ((user_id = ( SELECT tenantry.user_id() AS user_id)));

CREATE POLICY tenantry_staff_select ON public.clients_enhanced FOR SELECT TO tenantry_staff USING ((id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_staff_select ON public.configuration_versions FOR SELECT TO tenantry_staff USING (((scope_id = ANY (ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids
UNION ALL
 SELECT '00000000-0000-0000-0000-000000000000'::uuid AS uuid
  WHERE tenantry.entered()))) AND (((table_name)::text <> 'template_configurations'::text) OR (row_id = ANY (ARRAY( SELECT t.id
   FROM public.template_configurations t))))));

CREATE POLICY tenantry_staff_select ON public.deployment_configurations FOR SELECT TO tenantry_staff USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_staff_select ON public.deployment_templates FOR SELECT TO tenantry_staff USING ((((status)::text = 'active'::text) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_staff_select ON public.deployment_tracking_events FOR SELECT TO tenantry_staff USING ((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])));

CREATE POLICY tenantry_staff_select ON public.system_configurations FOR SELECT TO tenantry_staff USING ((NULLIF((client_id = ANY (( SELECT
        CASE
            WHEN (current_setting('tenantry.entered'::text, true) = current_setting('role'::text)) THEN (current_setting('tenantry.member_of'::text, true))::uuid[]
            ELSE ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)
        END AS "array")::uuid[])), false) IS NOT NULL));

CREATE POLICY tenantry_staff_select ON public.template_configurations FOR SELECT TO tenantry_staff USING ((((status)::text = 'active'::text) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_staff_select_global ON public.system_configurations FOR SELECT TO tenantry_staff USING ((((client_id IS NULL) IS TRUE) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_super_admin_delete ON public.client_customizations FOR DELETE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_delete ON public.client_deployments FOR DELETE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_delete ON public.client_members FOR DELETE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_delete ON public.deployment_configurations FOR DELETE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_delete ON public.deployment_templates FOR DELETE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_delete ON public.system_configurations FOR DELETE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_delete ON public.template_configurations FOR DELETE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_insert ON public.client_analytics FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_insert ON public.client_billing_info FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_insert ON public.client_customizations FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_insert ON public.client_deployments FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_insert ON public.client_members FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_insert ON public.clients_enhanced FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_insert ON public.deployment_configurations FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_insert ON public.deployment_templates FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_insert ON public.deployment_tracking_events FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_insert ON public.system_configurations FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_insert ON public.template_configurations FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON public.audit_log FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON public.client_analytics FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON public.client_billing_info FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON public.client_customizations FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON public.client_deployments FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON public.client_members FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON public.clients_enhanced FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON public.configuration_versions FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON public.deployment_configurations FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON public.deployment_templates FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON public.deployment_tracking_events FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON public.system_configurations FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON public.template_configurations FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_update ON public.client_analytics FOR UPDATE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_update ON public.client_billing_info FOR UPDATE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_update ON public.client_customizations FOR UPDATE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_update ON public.client_deployments FOR UPDATE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_update ON public.client_members FOR UPDATE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_update ON public.clients_enhanced FOR UPDATE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_update ON public.deployment_configurations FOR UPDATE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_update ON public.deployment_templates FOR UPDATE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_update ON public.system_configurations FOR UPDATE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_update ON public.template_configurations FOR UPDATE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_worker_all ON public.audit_log TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_all ON public.client_analytics TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_all ON public.client_billing_info TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_all ON public.client_customizations TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_all ON public.client_deployments TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_all ON public.client_members TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_all ON public.clients_enhanced TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_all ON public.configuration_versions TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_all ON public.deployment_configurations TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_all ON public.deployment_templates TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_all ON public.deployment_tracking_events TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_all ON public.system_configurations TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_all ON public.template_configurations TO tenantry_worker USING (true) WITH CHECK (true);

ALTER TABLE tenantry.adopted_tables ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.audit_seals ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.change_edits ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.change_preview_documents ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.change_preview_groups ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.change_previews ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.changes ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.client_import_lines ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.client_import_rows ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.client_imports ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.configuration_heads ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.data_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.deployment_template_outcomes ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.document_findings ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.document_looks ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.encryption_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.figures_due ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.filled_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.installation_revision ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.links ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.made_rows ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.mends ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.migration_steps ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.passwords ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.pending_rules ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.people ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.secret_reads ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.secrets ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.sign_in_delays ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.tables ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenantry_admin_delete ON tenantry.client_import_rows FOR DELETE TO tenantry_admin USING ((import_id = ANY (ARRAY( SELECT i.id
   FROM tenantry.client_imports i))));

CREATE POLICY tenantry_admin_delete ON tenantry.client_imports FOR DELETE TO tenantry_admin USING (((created_by = ( SELECT tenantry.user_id() AS user_id)) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_admin_insert ON tenantry.change_edits FOR INSERT TO tenantry_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_insert ON tenantry.changes FOR INSERT TO tenantry_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_insert ON tenantry.client_import_lines FOR INSERT TO tenantry_admin WITH CHECK ((import_id = ANY (ARRAY( SELECT i.id
   FROM tenantry.client_imports i))));

CREATE POLICY tenantry_admin_insert ON tenantry.client_import_rows FOR INSERT TO tenantry_admin WITH CHECK ((import_id = ANY (ARRAY( SELECT i.id
   FROM tenantry.client_imports i))));

CREATE POLICY tenantry_admin_insert ON tenantry.client_imports FOR INSERT TO tenantry_admin WITH CHECK (((created_by = ( SELECT tenantry.user_id() AS user_id)) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_admin_insert ON tenantry.tokens FOR INSERT TO tenantry_admin WITH CHECK ((((kind)::text = 'runtime'::text) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_admin_select ON tenantry.change_edits FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON tenantry.change_preview_documents FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON tenantry.change_preview_groups FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON tenantry.change_previews FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON tenantry.changes FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON tenantry.client_import_lines FOR SELECT TO tenantry_admin USING ((import_id = ANY (ARRAY( SELECT i.id
   FROM tenantry.client_imports i))));

CREATE POLICY tenantry_admin_select ON tenantry.client_import_rows FOR SELECT TO tenantry_admin USING ((import_id = ANY (ARRAY( SELECT i.id
   FROM tenantry.client_imports i))));

CREATE POLICY tenantry_admin_select ON tenantry.client_imports FOR SELECT TO tenantry_admin USING (((created_by = ( SELECT tenantry.user_id() AS user_id)) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_admin_select ON tenantry.document_findings FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON tenantry.document_looks FOR SELECT TO tenantry_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_select ON tenantry.tokens FOR SELECT TO tenantry_admin USING ((((kind)::text = 'runtime'::text) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_admin_update ON tenantry.changes FOR UPDATE TO tenantry_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_admin_update ON tenantry.client_import_rows FOR UPDATE TO tenantry_admin USING ((import_id = ANY (ARRAY( SELECT i.id
   FROM tenantry.client_imports i)))) WITH CHECK ((import_id = ANY (ARRAY( SELECT i.id
   FROM tenantry.client_imports i))));

CREATE POLICY tenantry_admin_update ON tenantry.client_imports FOR UPDATE TO tenantry_admin USING (((created_by = ( SELECT tenantry.user_id() AS user_id)) AND ( SELECT tenantry.entered() AS entered))) WITH CHECK (((created_by = ( SELECT tenantry.user_id() AS user_id)) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_admin_update ON tenantry.tokens FOR UPDATE TO tenantry_admin USING ((((kind)::text = 'runtime'::text) AND ( SELECT tenantry.entered() AS entered))) WITH CHECK ((((kind)::text = 'runtime'::text) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_auth_delete ON tenantry.sign_in_delays FOR DELETE TO tenantry_auth USING (true);

CREATE POLICY tenantry_auth_insert ON tenantry.passwords FOR INSERT TO tenantry_auth WITH CHECK (true);

CREATE POLICY tenantry_auth_insert ON tenantry.sessions FOR INSERT TO tenantry_auth WITH CHECK (true);

CREATE POLICY tenantry_auth_insert ON tenantry.sign_in_delays FOR INSERT TO tenantry_auth WITH CHECK (true);

CREATE POLICY tenantry_auth_insert ON tenantry.user_metadata FOR INSERT TO tenantry_auth WITH CHECK (true);

CREATE POLICY tenantry_auth_select ON tenantry.links FOR SELECT TO tenantry_auth USING (true);

CREATE POLICY tenantry_auth_select ON tenantry.passwords FOR SELECT TO tenantry_auth USING (true);

CREATE POLICY tenantry_auth_select ON tenantry.people FOR SELECT TO tenantry_auth USING (true);

CREATE POLICY tenantry_auth_select ON tenantry.sessions FOR SELECT TO tenantry_auth USING (true);

CREATE POLICY tenantry_auth_select ON tenantry.sign_in_delays FOR SELECT TO tenantry_auth USING (true);

CREATE POLICY tenantry_auth_select ON tenantry.token_revisions FOR SELECT TO tenantry_auth USING (true);

CREATE POLICY tenantry_auth_select ON tenantry.tokens FOR SELECT TO tenantry_auth USING (true);

CREATE POLICY tenantry_auth_select ON tenantry.user_metadata FOR SELECT TO tenantry_auth USING (true);

CREATE POLICY tenantry_auth_update ON tenantry.links FOR UPDATE TO tenantry_auth USING (true) WITH CHECK (true);

CREATE POLICY tenantry_auth_update ON tenantry.passwords FOR UPDATE TO tenantry_auth USING (true) WITH CHECK (true);

CREATE POLICY tenantry_auth_update ON tenantry.sessions FOR UPDATE TO tenantry_auth USING (true) WITH CHECK (true);

CREATE POLICY tenantry_auth_update ON tenantry.sign_in_delays FOR UPDATE TO tenantry_auth USING (true) WITH CHECK (true);

CREATE POLICY tenantry_auth_update ON tenantry.tokens FOR UPDATE TO tenantry_auth USING (true) WITH CHECK (true);

CREATE POLICY tenantry_auth_update ON tenantry.user_metadata FOR UPDATE TO tenantry_auth USING (true) WITH CHECK (true);

CREATE POLICY tenantry_backup_select ON tenantry.adopted_tables FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.audit_seals FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.change_edits FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.change_preview_documents FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.change_preview_groups FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.change_previews FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.changes FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.client_import_lines FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.client_import_rows FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.client_imports FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.configuration_heads FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.data_keys FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.deployment_template_outcomes FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.document_findings FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.document_looks FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.encryption_keys FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.figures_due FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.filled_events FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.installation_revision FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.links FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.made_rows FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.mends FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.migration_steps FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.passwords FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.pending_rules FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.people FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.secret_reads FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.secrets FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.sessions FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.settings FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.sign_in_delays FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.tables FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.token_revisions FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.tokens FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.user_metadata FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_backup_select ON tenantry.walled_views FOR SELECT TO tenantry_backup USING (true);

CREATE POLICY tenantry_client_insert ON tenantry.change_edits FOR INSERT TO tenantry_client WITH CHECK ((EXISTS ( SELECT
   FROM tenantry.changes c
  WHERE (c.id = change_edits.change_id))));

CREATE POLICY tenantry_client_insert ON tenantry.changes FOR INSERT TO tenantry_client WITH CHECK (((author = ( SELECT tenantry.user_id() AS user_id)) AND (NOT is_shared) AND (client_ids <@ ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids))));

CREATE POLICY tenantry_client_select ON tenantry.change_edits FOR SELECT TO tenantry_client USING ((EXISTS ( SELECT
   FROM tenantry.changes c
  WHERE (c.id = change_edits.change_id))));

CREATE POLICY tenantry_client_select ON tenantry.changes FOR SELECT TO tenantry_client USING (((author = ( SELECT tenantry.user_id() AS user_id)) AND (NOT is_shared) AND (client_ids <@ ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids))));

CREATE POLICY tenantry_manager_insert ON tenantry.change_edits FOR INSERT TO tenantry_manager WITH CHECK ((EXISTS ( SELECT
   FROM tenantry.changes c
  WHERE (c.id = change_edits.change_id))));

CREATE POLICY tenantry_manager_insert ON tenantry.changes FOR INSERT TO tenantry_manager WITH CHECK (((NOT is_shared) AND (client_ids <@ ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids))));

CREATE POLICY tenantry_manager_insert ON tenantry.tokens FOR INSERT TO tenantry_manager WITH CHECK ((((kind)::text = 'runtime'::text) AND (client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids)))));

CREATE POLICY tenantry_manager_select ON tenantry.change_edits FOR SELECT TO tenantry_manager USING ((EXISTS ( SELECT
   FROM tenantry.changes c
  WHERE (c.id = change_edits.change_id))));

CREATE POLICY tenantry_manager_select ON tenantry.change_preview_documents FOR SELECT TO tenantry_manager USING ((EXISTS ( SELECT
   FROM tenantry.changes c
  WHERE (c.id = change_preview_documents.change_id))));

CREATE POLICY tenantry_manager_select ON tenantry.change_preview_groups FOR SELECT TO tenantry_manager USING ((EXISTS ( SELECT
   FROM tenantry.changes c
  WHERE (c.id = change_preview_groups.change_id))));

CREATE POLICY tenantry_manager_select ON tenantry.change_previews FOR SELECT TO tenantry_manager USING ((EXISTS ( SELECT
   FROM tenantry.changes c
  WHERE (c.id = change_previews.change_id))));

CREATE POLICY tenantry_manager_select ON tenantry.changes FOR SELECT TO tenantry_manager USING (((NOT is_shared) AND (client_ids <@ ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids))));

CREATE POLICY tenantry_manager_select ON tenantry.document_findings FOR SELECT TO tenantry_manager USING ((client_id = ANY (ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids))));

CREATE POLICY tenantry_manager_select ON tenantry.document_looks FOR SELECT TO tenantry_manager USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_manager_select ON tenantry.tokens FOR SELECT TO tenantry_manager USING ((((kind)::text = 'runtime'::text) AND (client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids)))));

CREATE POLICY tenantry_manager_update ON tenantry.changes FOR UPDATE TO tenantry_manager USING (((NOT is_shared) AND ((client_ids <@ ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids)) OR ((author = ( SELECT tenantry.user_id() AS user_id)) AND (client_ids <@ ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)))))) WITH CHECK (((NOT is_shared) AND ((client_ids <@ ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids)) OR ((author = ( SELECT tenantry.user_id() AS user_id)) AND (client_ids <@ ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids))))));

CREATE POLICY tenantry_manager_update ON tenantry.tokens FOR UPDATE TO tenantry_manager USING ((((kind)::text = 'runtime'::text) AND (client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids))))) WITH CHECK ((((kind)::text = 'runtime'::text) AND (client_id = ANY (ARRAY( SELECT tenantry.managed_client_ids() AS managed_client_ids)))));

CREATE POLICY tenantry_owner_all ON tenantry.adopted_tables TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.audit_seals TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.change_edits TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.change_preview_documents TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.change_preview_groups TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.change_previews TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.changes TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.client_import_lines TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.client_import_rows TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.client_imports TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.configuration_heads TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.data_keys TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.deployment_template_outcomes TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.document_findings TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.document_looks TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.encryption_keys TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.figures_due TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.filled_events TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.installation_revision TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.links TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.made_rows TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.mends TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.migration_steps TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.passwords TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.pending_rules TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.people TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.secret_reads TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.secrets TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.sessions TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.settings TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.sign_in_delays TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.tables TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.token_revisions TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.tokens TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.user_metadata TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_owner_all ON tenantry.walled_views TO tenantry_owner USING (true) WITH CHECK (true);

CREATE POLICY tenantry_service_insert ON tenantry.change_edits FOR INSERT TO tenantry_service WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_insert ON tenantry.changes FOR INSERT TO tenantry_service WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON tenantry.change_edits FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON tenantry.change_preview_documents FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON tenantry.change_preview_groups FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON tenantry.change_previews FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_select ON tenantry.changes FOR SELECT TO tenantry_service USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_service_update ON tenantry.changes FOR UPDATE TO tenantry_service USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_staff_insert ON tenantry.change_edits FOR INSERT TO tenantry_staff WITH CHECK ((EXISTS ( SELECT
   FROM tenantry.changes c
  WHERE (c.id = change_edits.change_id))));

CREATE POLICY tenantry_staff_insert ON tenantry.changes FOR INSERT TO tenantry_staff WITH CHECK (((NOT is_shared) AND (client_ids <@ ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids))));

CREATE POLICY tenantry_staff_select ON tenantry.change_edits FOR SELECT TO tenantry_staff USING ((EXISTS ( SELECT
   FROM tenantry.changes c
  WHERE (c.id = change_edits.change_id))));

CREATE POLICY tenantry_staff_select ON tenantry.change_preview_documents FOR SELECT TO tenantry_staff USING ((EXISTS ( SELECT
   FROM tenantry.changes c
  WHERE (c.id = change_preview_documents.change_id))));

CREATE POLICY tenantry_staff_select ON tenantry.change_preview_groups FOR SELECT TO tenantry_staff USING ((EXISTS ( SELECT
   FROM tenantry.changes c
  WHERE (c.id = change_preview_groups.change_id))));

CREATE POLICY tenantry_staff_select ON tenantry.change_previews FOR SELECT TO tenantry_staff USING ((EXISTS ( SELECT
   FROM tenantry.changes c
  WHERE (c.id = change_previews.change_id))));

CREATE POLICY tenantry_staff_select ON tenantry.changes FOR SELECT TO tenantry_staff USING (((NOT is_shared) AND (client_ids <@ ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids))));

CREATE POLICY tenantry_staff_select ON tenantry.document_findings FOR SELECT TO tenantry_staff USING ((client_id = ANY (ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids))));

CREATE POLICY tenantry_staff_select ON tenantry.document_looks FOR SELECT TO tenantry_staff USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_staff_update ON tenantry.changes FOR UPDATE TO tenantry_staff USING (((author = ( SELECT tenantry.user_id() AS user_id)) AND (NOT is_shared) AND (client_ids <@ ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids)))) WITH CHECK (((author = ( SELECT tenantry.user_id() AS user_id)) AND (NOT is_shared) AND (client_ids <@ ARRAY( SELECT tenantry.member_client_ids() AS member_client_ids))));

CREATE POLICY tenantry_super_admin_delete ON tenantry.client_import_rows FOR DELETE TO tenantry_super_admin USING ((import_id = ANY (ARRAY( SELECT i.id
   FROM tenantry.client_imports i))));

CREATE POLICY tenantry_super_admin_delete ON tenantry.client_imports FOR DELETE TO tenantry_super_admin USING (((created_by = ( SELECT tenantry.user_id() AS user_id)) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_super_admin_insert ON tenantry.change_edits FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_insert ON tenantry.changes FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_insert ON tenantry.client_import_lines FOR INSERT TO tenantry_super_admin WITH CHECK ((import_id = ANY (ARRAY( SELECT i.id
   FROM tenantry.client_imports i))));

CREATE POLICY tenantry_super_admin_insert ON tenantry.client_import_rows FOR INSERT TO tenantry_super_admin WITH CHECK ((import_id = ANY (ARRAY( SELECT i.id
   FROM tenantry.client_imports i))));

CREATE POLICY tenantry_super_admin_insert ON tenantry.client_imports FOR INSERT TO tenantry_super_admin WITH CHECK (((created_by = ( SELECT tenantry.user_id() AS user_id)) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_super_admin_insert ON tenantry.people FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_insert ON tenantry.tokens FOR INSERT TO tenantry_super_admin WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON tenantry.change_edits FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON tenantry.change_preview_documents FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON tenantry.change_preview_groups FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON tenantry.change_previews FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON tenantry.changes FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON tenantry.client_import_lines FOR SELECT TO tenantry_super_admin USING ((import_id = ANY (ARRAY( SELECT i.id
   FROM tenantry.client_imports i))));

CREATE POLICY tenantry_super_admin_select ON tenantry.client_import_rows FOR SELECT TO tenantry_super_admin USING ((import_id = ANY (ARRAY( SELECT i.id
   FROM tenantry.client_imports i))));

CREATE POLICY tenantry_super_admin_select ON tenantry.client_imports FOR SELECT TO tenantry_super_admin USING (((created_by = ( SELECT tenantry.user_id() AS user_id)) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_super_admin_select ON tenantry.document_findings FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON tenantry.document_looks FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON tenantry.people FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_select ON tenantry.tokens FOR SELECT TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_update ON tenantry.changes FOR UPDATE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_super_admin_update ON tenantry.client_import_rows FOR UPDATE TO tenantry_super_admin USING ((import_id = ANY (ARRAY( SELECT i.id
   FROM tenantry.client_imports i)))) WITH CHECK ((import_id = ANY (ARRAY( SELECT i.id
   FROM tenantry.client_imports i))));

CREATE POLICY tenantry_super_admin_update ON tenantry.client_imports FOR UPDATE TO tenantry_super_admin USING (((created_by = ( SELECT tenantry.user_id() AS user_id)) AND ( SELECT tenantry.entered() AS entered))) WITH CHECK (((created_by = ( SELECT tenantry.user_id() AS user_id)) AND ( SELECT tenantry.entered() AS entered)));

CREATE POLICY tenantry_super_admin_update ON tenantry.people FOR UPDATE TO tenantry_super_admin USING ((( SELECT tenantry.entered() AS entered) AND (user_id <> ( SELECT tenantry.user_id() AS user_id)))) WITH CHECK ((( SELECT tenantry.entered() AS entered) AND (user_id <> ( SELECT tenantry.user_id() AS user_id))));

CREATE POLICY tenantry_super_admin_update ON tenantry.tokens FOR UPDATE TO tenantry_super_admin USING (( SELECT tenantry.entered() AS entered)) WITH CHECK (( SELECT tenantry.entered() AS entered));

CREATE POLICY tenantry_worker_delete ON tenantry.change_preview_documents FOR DELETE TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_delete ON tenantry.change_preview_groups FOR DELETE TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_delete ON tenantry.change_previews FOR DELETE TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_delete ON tenantry.client_imports FOR DELETE TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_delete ON tenantry.document_findings FOR DELETE TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_delete ON tenantry.secret_reads FOR DELETE TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_insert ON tenantry.audit_seals FOR INSERT TO tenantry_worker WITH CHECK (true);

CREATE POLICY tenantry_worker_insert ON tenantry.change_preview_documents FOR INSERT TO tenantry_worker WITH CHECK (true);

CREATE POLICY tenantry_worker_insert ON tenantry.change_preview_groups FOR INSERT TO tenantry_worker WITH CHECK (true);

CREATE POLICY tenantry_worker_insert ON tenantry.change_previews FOR INSERT TO tenantry_worker WITH CHECK (true);

CREATE POLICY tenantry_worker_insert ON tenantry.data_keys FOR INSERT TO tenantry_worker WITH CHECK (true);

CREATE POLICY tenantry_worker_insert ON tenantry.document_findings FOR INSERT TO tenantry_worker WITH CHECK (true);

CREATE POLICY tenantry_worker_insert ON tenantry.document_looks FOR INSERT TO tenantry_worker WITH CHECK (true);

CREATE POLICY tenantry_worker_insert ON tenantry.encryption_keys FOR INSERT TO tenantry_worker WITH CHECK (true);

CREATE POLICY tenantry_worker_insert ON tenantry.secret_reads FOR INSERT TO tenantry_worker WITH CHECK (true);

CREATE POLICY tenantry_worker_insert ON tenantry.secrets FOR INSERT TO tenantry_worker WITH CHECK (true);

CREATE POLICY tenantry_worker_select ON tenantry.audit_seals FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.change_edits FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.change_preview_documents FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.change_preview_groups FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.change_previews FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.changes FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.client_imports FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.configuration_heads FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.data_keys FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.document_findings FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.document_looks FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.encryption_keys FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.installation_revision FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.migration_steps FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.pending_rules FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.people FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.secret_reads FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.secrets FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.settings FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_select ON tenantry.tables FOR SELECT TO tenantry_worker USING (true);

CREATE POLICY tenantry_worker_update ON tenantry.change_preview_documents FOR UPDATE TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_update ON tenantry.change_preview_groups FOR UPDATE TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_update ON tenantry.change_previews FOR UPDATE TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_update ON tenantry.document_findings FOR UPDATE TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_update ON tenantry.document_looks FOR UPDATE TO tenantry_worker USING (true) WITH CHECK (true);

CREATE POLICY tenantry_worker_update ON tenantry.secret_reads FOR UPDATE TO tenantry_worker USING (true) WITH CHECK (true);

ALTER TABLE tenantry.token_revisions ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.tokens ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.user_metadata ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenantry.walled_views ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA auth TO tenantry_auth;
GRANT USAGE ON SCHEMA auth TO tenantry_backup;

GRANT ALL ON SCHEMA public TO tenantry_owner;
GRANT USAGE ON SCHEMA public TO tenantry_admin;
GRANT USAGE ON SCHEMA public TO tenantry_backup;
GRANT USAGE ON SCHEMA public TO tenantry_client;
GRANT USAGE ON SCHEMA public TO tenantry_manager;
GRANT USAGE ON SCHEMA public TO tenantry_service;
GRANT USAGE ON SCHEMA public TO tenantry_staff;
GRANT USAGE ON SCHEMA public TO tenantry_super_admin;
GRANT USAGE ON SCHEMA public TO tenantry_worker;

GRANT USAGE ON SCHEMA tenantry TO tenantry_server;
GRANT USAGE ON SCHEMA tenantry TO tenantry_auth;
GRANT USAGE ON SCHEMA tenantry TO tenantry_worker;
GRANT USAGE ON SCHEMA tenantry TO tenantry_backup;
GRANT USAGE ON SCHEMA tenantry TO tenantry_client;
GRANT USAGE ON SCHEMA tenantry TO tenantry_staff;
GRANT USAGE ON SCHEMA tenantry TO tenantry_manager;
GRANT USAGE ON SCHEMA tenantry TO tenantry_admin;
GRANT USAGE ON SCHEMA tenantry TO tenantry_service;
GRANT USAGE ON SCHEMA tenantry TO tenantry_super_admin;

REVOKE ALL ON FUNCTION tenantry.activate_customization() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.add_first_administrator(secret_hash bytea, email text, name text, password_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.add_first_administrator(secret_hash bytea, email text, name text, password_hash text) TO tenantry_auth;

REVOKE ALL ON FUNCTION tenantry.add_person(email text, name text, role text) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.add_person(email text, name text, role text) TO tenantry_super_admin;

REVOKE ALL ON FUNCTION tenantry.audit_delete() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.audit_event(action text, details jsonb, client_id uuid, table_name text, row_id text, table_schema text) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.audit_event(action text, details jsonb, client_id uuid, table_name text, row_id text, table_schema text) TO tenantry_auth;
GRANT ALL ON FUNCTION tenantry.audit_event(action text, details jsonb, client_id uuid, table_name text, row_id text, table_schema text) TO tenantry_worker;
GRANT ALL ON FUNCTION tenantry.audit_event(action text, details jsonb, client_id uuid, table_name text, row_id text, table_schema text) TO tenantry_manager;
GRANT ALL ON FUNCTION tenantry.audit_event(action text, details jsonb, client_id uuid, table_name text, row_id text, table_schema text) TO tenantry_admin;
GRANT ALL ON FUNCTION tenantry.audit_event(action text, details jsonb, client_id uuid, table_name text, row_id text, table_schema text) TO tenantry_super_admin;
GRANT ALL ON FUNCTION tenantry.audit_event(action text, details jsonb, client_id uuid, table_name text, row_id text, table_schema text) TO tenantry_service;

REVOKE ALL ON FUNCTION tenantry.audit_hash_row() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.audit_insert() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.audit_refuse_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.audit_suspects(said text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.audit_table(audited regclass, key text[], client text, kept text[], hidden text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.audit_truncate() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.audit_update() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.audit_who(OUT user_id uuid, OUT token_id uuid, OUT session_id uuid, OUT actor text, OUT database_role text, OUT login_role text, OUT address text, OUT request_id text, OUT reason text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.begin_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.begin_customization() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.begin_deployment_configuration() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.check_member() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.check_person_role() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.columns_changed(new_row jsonb, old_row jsonb, names text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.contents_differ(a jsonb, b jsonb, besides text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.copy_role(person uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.copy_role(person uuid) TO tenantry_super_admin;

REVOKE ALL ON FUNCTION tenantry.count_writes() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.deployable_columns() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.end_sessions(person uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.end_sessions(person uuid) TO tenantry_super_admin;

REVOKE ALL ON FUNCTION tenantry.enter(claims jsonb, request_id text, reason text, address text) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.enter(claims jsonb, request_id text, reason text, address text) TO tenantry_server;

REVOKE ALL ON FUNCTION tenantry.entered() FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.entered() TO tenantry_client;
GRANT ALL ON FUNCTION tenantry.entered() TO tenantry_staff;
GRANT ALL ON FUNCTION tenantry.entered() TO tenantry_manager;
GRANT ALL ON FUNCTION tenantry.entered() TO tenantry_admin;
GRANT ALL ON FUNCTION tenantry.entered() TO tenantry_service;
GRANT ALL ON FUNCTION tenantry.entered() TO tenantry_super_admin;

REVOKE ALL ON FUNCTION tenantry.erase_audit_log(ids int8multirange, reason text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.expired_partitions() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.fill_category() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.fill_event_client() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.first_secret(document jsonb, at text[], configuration_schema jsonb, former jsonb, OUT place text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.follow_assignment() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.has_administrator() FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.has_administrator() TO tenantry_auth;

REVOKE ALL ON FUNCTION tenantry.has_note() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.history_keep() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.history_note_applied() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.hold_approval() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.hold_customization_content() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.hold_pending_rule() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.hold_system_row() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.holds_now() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.holds_token(claims jsonb, kind text, user_id uuid) FROM PUBLIC;

GRANT SELECT ON TABLE tenantry.changes TO tenantry_backup;
GRANT SELECT,INSERT ON TABLE tenantry.changes TO tenantry_client;
GRANT SELECT,INSERT ON TABLE tenantry.changes TO tenantry_staff;
GRANT SELECT,INSERT ON TABLE tenantry.changes TO tenantry_manager;
GRANT SELECT,INSERT ON TABLE tenantry.changes TO tenantry_admin;
GRANT SELECT,INSERT ON TABLE tenantry.changes TO tenantry_service;
GRANT SELECT,INSERT ON TABLE tenantry.changes TO tenantry_super_admin;
GRANT SELECT ON TABLE tenantry.changes TO tenantry_worker;

GRANT UPDATE(state) ON TABLE tenantry.changes TO tenantry_staff;
GRANT UPDATE(state) ON TABLE tenantry.changes TO tenantry_manager;
GRANT UPDATE(state) ON TABLE tenantry.changes TO tenantry_admin;
GRANT UPDATE(state) ON TABLE tenantry.changes TO tenantry_service;
GRANT UPDATE(state) ON TABLE tenantry.changes TO tenantry_super_admin;

GRANT UPDATE(decision) ON TABLE tenantry.changes TO tenantry_staff;
GRANT UPDATE(decision) ON TABLE tenantry.changes TO tenantry_manager;
GRANT UPDATE(decision) ON TABLE tenantry.changes TO tenantry_admin;
GRANT UPDATE(decision) ON TABLE tenantry.changes TO tenantry_service;
GRANT UPDATE(decision) ON TABLE tenantry.changes TO tenantry_super_admin;

GRANT UPDATE(revision) ON TABLE tenantry.changes TO tenantry_staff;
GRANT UPDATE(revision) ON TABLE tenantry.changes TO tenantry_manager;
GRANT UPDATE(revision) ON TABLE tenantry.changes TO tenantry_admin;
GRANT UPDATE(revision) ON TABLE tenantry.changes TO tenantry_service;
GRANT UPDATE(revision) ON TABLE tenantry.changes TO tenantry_super_admin;

REVOKE ALL ON FUNCTION tenantry.is_author(change tenantry.changes) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.is_author(change tenantry.changes) TO tenantry_client;
GRANT ALL ON FUNCTION tenantry.is_author(change tenantry.changes) TO tenantry_staff;
GRANT ALL ON FUNCTION tenantry.is_author(change tenantry.changes) TO tenantry_manager;
GRANT ALL ON FUNCTION tenantry.is_author(change tenantry.changes) TO tenantry_admin;
GRANT ALL ON FUNCTION tenantry.is_author(change tenantry.changes) TO tenantry_service;
GRANT ALL ON FUNCTION tenantry.is_author(change tenantry.changes) TO tenantry_super_admin;

REVOKE ALL ON FUNCTION tenantry.is_card_number(value text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.is_deployment_ended(status anynonarray, deployed_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.is_deployment_succeeded(status anynonarray, deployed_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.is_kept_for(named uuid, mask text, client uuid, table_name text, path text[], configuration_key text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.is_mask(value jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.is_mending(table_name name) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.is_nobodys(claims jsonb, kind text, role text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.is_request() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.json_leaves(document jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.json_pointer(path text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.judge_masks() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.keep_figures() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.keep_scores(moment timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.keep_scores(moment timestamp with time zone) TO tenantry_worker;

REVOKE ALL ON FUNCTION tenantry.known_people() FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.known_people() TO tenantry_admin;
GRANT ALL ON FUNCTION tenantry.known_people() TO tenantry_super_admin;

REVOKE ALL ON FUNCTION tenantry.looks_secret(value text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.maintain_partitions(earliest date) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.maintain_partitions(earliest date) TO tenantry_server;
GRANT ALL ON FUNCTION tenantry.maintain_partitions(earliest date) TO tenantry_worker;

REVOKE ALL ON FUNCTION tenantry.make_link(kind text, person uuid, secret_hash bytea, seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.make_link(kind text, person uuid, secret_hash bytea, seconds integer) TO tenantry_super_admin;

REVOKE ALL ON FUNCTION tenantry.make_partition(parent name, month date) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.managed_client_ids() FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.managed_client_ids() TO tenantry_client;
GRANT ALL ON FUNCTION tenantry.managed_client_ids() TO tenantry_staff;
GRANT ALL ON FUNCTION tenantry.managed_client_ids() TO tenantry_manager;
GRANT ALL ON FUNCTION tenantry.managed_client_ids() TO tenantry_admin;
GRANT ALL ON FUNCTION tenantry.managed_client_ids() TO tenantry_service;
GRANT ALL ON FUNCTION tenantry.managed_client_ids() TO tenantry_super_admin;

REVOKE ALL ON FUNCTION tenantry.masked(document jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.member_client_ids() FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.member_client_ids() TO tenantry_client;
GRANT ALL ON FUNCTION tenantry.member_client_ids() TO tenantry_staff;
GRANT ALL ON FUNCTION tenantry.member_client_ids() TO tenantry_manager;
GRANT ALL ON FUNCTION tenantry.member_client_ids() TO tenantry_admin;
GRANT ALL ON FUNCTION tenantry.member_client_ids() TO tenantry_service;
GRANT ALL ON FUNCTION tenantry.member_client_ids() TO tenantry_super_admin;

REVOKE ALL ON FUNCTION tenantry.move_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.move_customization() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.move_deployment_configuration() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.move_template() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.names_a_secret(name text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.names_of(people uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.names_of(people uuid[]) TO tenantry_staff;
GRANT ALL ON FUNCTION tenantry.names_of(people uuid[]) TO tenantry_manager;
GRANT ALL ON FUNCTION tenantry.names_of(people uuid[]) TO tenantry_admin;
GRANT ALL ON FUNCTION tenantry.names_of(people uuid[]) TO tenantry_super_admin;
GRANT ALL ON FUNCTION tenantry.names_of(people uuid[]) TO tenantry_service;

REVOKE ALL ON FUNCTION tenantry.newest_versions(templates text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.note_activation() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.note_audit_retention(partition regclass) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.note_customizations() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.note_deployed() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.note_deployments() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.note_template() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.number_customization() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.own_membership() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.partition_months_ahead() FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.partition_months_ahead() TO tenantry_server;
GRANT ALL ON FUNCTION tenantry.partition_months_ahead() TO tenantry_worker;

REVOKE ALL ON FUNCTION tenantry.partitions() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.people_seen(people uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.people_seen(people uuid[]) TO tenantry_admin;
GRANT ALL ON FUNCTION tenantry.people_seen(people uuid[]) TO tenantry_super_admin;

REVOKE ALL ON FUNCTION tenantry.person(claims jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.pin_template_version() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.protected_environments() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.put_back(row_id uuid, reverted uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.put_back(row_id uuid, reverted uuid) TO tenantry_worker;
GRANT ALL ON FUNCTION tenantry.put_back(row_id uuid, reverted uuid) TO tenantry_manager;
GRANT ALL ON FUNCTION tenantry.put_back(row_id uuid, reverted uuid) TO tenantry_admin;
GRANT ALL ON FUNCTION tenantry.put_back(row_id uuid, reverted uuid) TO tenantry_super_admin;
GRANT ALL ON FUNCTION tenantry.put_back(row_id uuid, reverted uuid) TO tenantry_service;

REVOKE ALL ON FUNCTION tenantry.recall_use() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.refusal(claims jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.refuse(table_name name, rule text, message text, hint text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.refuse_billing_secrets() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.refuse_card_numbers() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.refuse_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.refuse_configuration_secrets() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.refuse_document_secrets() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.refuse_flags() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.refuse_move() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.refuse_new_id() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.refuse_secret(table_name name, place text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.refuse_secret_variables() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.refuse_unapproved(environments text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.refuse_unapproved(environments text[]) TO tenantry_client;
GRANT ALL ON FUNCTION tenantry.refuse_unapproved(environments text[]) TO tenantry_staff;
GRANT ALL ON FUNCTION tenantry.refuse_unapproved(environments text[]) TO tenantry_manager;
GRANT ALL ON FUNCTION tenantry.refuse_unapproved(environments text[]) TO tenantry_admin;
GRANT ALL ON FUNCTION tenantry.refuse_unapproved(environments text[]) TO tenantry_service;
GRANT ALL ON FUNCTION tenantry.refuse_unapproved(environments text[]) TO tenantry_super_admin;

REVOKE ALL ON FUNCTION tenantry.restore_row(table_name text, row_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.restore_row(table_name text, row_id uuid) TO tenantry_worker;
GRANT ALL ON FUNCTION tenantry.restore_row(table_name text, row_id uuid) TO tenantry_manager;
GRANT ALL ON FUNCTION tenantry.restore_row(table_name text, row_id uuid) TO tenantry_admin;
GRANT ALL ON FUNCTION tenantry.restore_row(table_name text, row_id uuid) TO tenantry_super_admin;
GRANT ALL ON FUNCTION tenantry.restore_row(table_name text, row_id uuid) TO tenantry_service;

REVOKE ALL ON FUNCTION tenantry.schemas_of(table_name text, content jsonb) FROM PUBLIC;

GRANT SELECT ON TABLE tenantry.secrets TO tenantry_backup;
GRANT SELECT,INSERT ON TABLE tenantry.secrets TO tenantry_worker;

REVOKE ALL ON FUNCTION tenantry.secret_mask(secret tenantry.secrets) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.secret_mask(secret tenantry.secrets) TO tenantry_worker;

REVOKE ALL ON FUNCTION tenantry.secret_place(path text[], configuration_schema jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.secret_text_mask(secret tenantry.secrets) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.secrets_stamp() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.secrets_stay() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.settle_at_commit() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.settle_deployment_templates(notes bigint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.settle_figures() FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.settle_figures() TO tenantry_worker;

REVOKE ALL ON FUNCTION tenantry.settle_templates(notes bigint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.snapshots_notify() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.stamp_insert() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.stamp_times() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.stamp_token() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.stamp_update() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.sweep_secrets(after uuid, most integer, younger interval) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.sweep_secrets(after uuid, most integer, younger interval) TO tenantry_worker;

REVOKE ALL ON FUNCTION tenantry.table_of(relation regclass) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.take_revision() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.text_mask_id(value text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.token_revisions_keep() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.user_id() FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.user_id() TO tenantry_client;
GRANT ALL ON FUNCTION tenantry.user_id() TO tenantry_staff;
GRANT ALL ON FUNCTION tenantry.user_id() TO tenantry_manager;
GRANT ALL ON FUNCTION tenantry.user_id() TO tenantry_admin;
GRANT ALL ON FUNCTION tenantry.user_id() TO tenantry_service;
GRANT ALL ON FUNCTION tenantry.user_id() TO tenantry_super_admin;

REVOKE ALL ON FUNCTION tenantry.version_rank(version text) FROM PUBLIC;
GRANT ALL ON FUNCTION tenantry.version_rank(version text) TO tenantry_client;
GRANT ALL ON FUNCTION tenantry.version_rank(version text) TO tenantry_staff;
GRANT ALL ON FUNCTION tenantry.version_rank(version text) TO tenantry_manager;
GRANT ALL ON FUNCTION tenantry.version_rank(version text) TO tenantry_admin;
GRANT ALL ON FUNCTION tenantry.version_rank(version text) TO tenantry_service;
GRANT ALL ON FUNCTION tenantry.version_rank(version text) TO tenantry_super_admin;
GRANT ALL ON FUNCTION tenantry.version_rank(version text) TO tenantry_worker;

GRANT SELECT ON TABLE auth.users TO tenantry_backup;
GRANT SELECT ON TABLE auth.users TO tenantry_auth;

GRANT SELECT ON TABLE public.audit_log TO tenantry_backup;
GRANT SELECT ON TABLE public.audit_log TO tenantry_worker;
GRANT SELECT ON TABLE public.audit_log TO tenantry_client;
GRANT SELECT ON TABLE public.audit_log TO tenantry_staff;
GRANT SELECT ON TABLE public.audit_log TO tenantry_manager;
GRANT SELECT ON TABLE public.audit_log TO tenantry_admin;
GRANT SELECT ON TABLE public.audit_log TO tenantry_service;
GRANT SELECT ON TABLE public.audit_log TO tenantry_super_admin;

GRANT SELECT ON SEQUENCE public.audit_log_id_seq TO tenantry_backup;

GRANT SELECT ON TABLE public.client_analytics TO tenantry_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.client_analytics TO tenantry_worker;
GRANT SELECT ON TABLE public.client_analytics TO tenantry_client;
GRANT SELECT ON TABLE public.client_analytics TO tenantry_staff;
GRANT SELECT ON TABLE public.client_analytics TO tenantry_manager;
GRANT SELECT,INSERT,UPDATE ON TABLE public.client_analytics TO tenantry_admin;
GRANT SELECT,INSERT,UPDATE ON TABLE public.client_analytics TO tenantry_service;
GRANT SELECT,INSERT,UPDATE ON TABLE public.client_analytics TO tenantry_super_admin;

GRANT SELECT ON TABLE public.client_billing_info TO tenantry_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.client_billing_info TO tenantry_worker;
GRANT SELECT ON TABLE public.client_billing_info TO tenantry_staff;
GRANT SELECT ON TABLE public.client_billing_info TO tenantry_manager;
GRANT SELECT,INSERT,UPDATE ON TABLE public.client_billing_info TO tenantry_admin;
GRANT SELECT,INSERT,UPDATE ON TABLE public.client_billing_info TO tenantry_service;
GRANT SELECT,INSERT,UPDATE ON TABLE public.client_billing_info TO tenantry_super_admin;

GRANT SELECT(id) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(client_id) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(subscription_tier) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(subscription_status) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(subscription_start_date) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(subscription_end_date) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(trial_end_date) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(billing_email) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(billing_frequency) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(currency) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(payment_provider) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(payment_status) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(billing_address) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(usage_limits) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(current_usage) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(overage_charges) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(invoice_amount) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(account_balance) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(credit_balance) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(last_invoice_date) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(next_invoice_date) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(payment_retry_count) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(last_payment_attempt) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(dunning_status) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(created_at) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(updated_at) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(created_by) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT(updated_by) ON TABLE public.client_billing_info TO tenantry_client;

GRANT SELECT ON TABLE public.clients_enhanced TO tenantry_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE public.clients_enhanced TO tenantry_worker;
GRANT SELECT ON TABLE public.clients_enhanced TO tenantry_client;
GRANT SELECT ON TABLE public.clients_enhanced TO tenantry_staff;
GRANT SELECT ON TABLE public.clients_enhanced TO tenantry_manager;
GRANT SELECT,INSERT,UPDATE ON TABLE public.clients_enhanced TO tenantry_admin;
GRANT SELECT,INSERT,UPDATE ON TABLE public.clients_enhanced TO tenantry_service;
GRANT SELECT,INSERT,UPDATE ON TABLE public.clients_enhanced TO tenantry_super_admin;

GRANT UPDATE(id) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(name) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(company_name) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(industry) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(website_url) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(phone) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(address) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(business_size) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(annual_revenue) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(target_audience) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(business_goals) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(technical_requirements) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(preferred_integrations) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(compliance_requirements) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(brand_guidelines) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(color_palette) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(typography_preferences) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(logo_assets) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(visual_identity) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(project_type) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(project_scope) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(budget_range) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(timeline_requirements) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(acquisition_source) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(last_contact_date) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(contract_start_date) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(contract_end_date) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(renewal_date) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(created_at) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(updated_at) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(created_by) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT UPDATE(updated_by) ON TABLE public.clients_enhanced TO tenantry_manager;

GRANT SELECT ON TABLE public.deployment_configurations TO tenantry_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deployment_configurations TO tenantry_worker;
GRANT SELECT ON TABLE public.deployment_configurations TO tenantry_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.deployment_configurations TO tenantry_manager;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deployment_configurations TO tenantry_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deployment_configurations TO tenantry_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deployment_configurations TO tenantry_super_admin;

GRANT SELECT(id) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(client_id) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(deployment_id) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(deployment_template_id) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(template_id) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(environment) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(deployment_name) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(hosting_provider) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(region) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(instance_type) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(scaling_config) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(feature_flags) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(cors_config) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(security_headers) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(caching_config) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(cdn_config) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(monitoring_config) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(domain_verification) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(custom_domain) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(subdomain) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(status) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(version) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(applied_revision) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(applied_at) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(applied_by) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(created_at) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(updated_at) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(created_by) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT(updated_by) ON TABLE public.deployment_configurations TO tenantry_client;

GRANT SELECT ON TABLE public.system_configurations TO tenantry_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.system_configurations TO tenantry_worker;
GRANT SELECT ON TABLE public.system_configurations TO tenantry_client;
GRANT SELECT ON TABLE public.system_configurations TO tenantry_staff;
GRANT SELECT,INSERT,DELETE ON TABLE public.system_configurations TO tenantry_manager;
GRANT SELECT,INSERT,DELETE ON TABLE public.system_configurations TO tenantry_admin;
GRANT SELECT,INSERT,DELETE ON TABLE public.system_configurations TO tenantry_service;
GRANT SELECT,INSERT,DELETE ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(id) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(id) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(id) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(id) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(configuration_key) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(configuration_key) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(configuration_key) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(configuration_key) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(configuration_category) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(configuration_category) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(configuration_category) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(configuration_category) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(configuration_value) ON TABLE public.system_configurations TO tenantry_client;
GRANT UPDATE(configuration_value) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(configuration_value) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(configuration_value) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(configuration_value) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(configuration_schema) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(configuration_schema) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(configuration_schema) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(configuration_schema) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(description) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(description) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(description) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(description) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(is_encrypted) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(is_encrypted) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(is_encrypted) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(is_encrypted) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(is_active) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(is_active) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(is_active) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(is_active) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(client_id) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(client_id) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(client_id) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(client_id) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(template_id) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(template_id) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(template_id) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(template_id) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(environment) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(environment) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(environment) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(environment) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(version) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(version) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(version) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(version) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(created_at) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(created_at) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(created_at) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(created_at) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(updated_at) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(updated_at) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(updated_at) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(updated_at) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(created_by) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(created_by) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(created_by) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(created_by) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT UPDATE(updated_by) ON TABLE public.system_configurations TO tenantry_manager;
GRANT UPDATE(updated_by) ON TABLE public.system_configurations TO tenantry_admin;
GRANT UPDATE(updated_by) ON TABLE public.system_configurations TO tenantry_service;
GRANT UPDATE(updated_by) ON TABLE public.system_configurations TO tenantry_super_admin;

GRANT SELECT ON TABLE public.client_configuration_summary TO tenantry_client;
GRANT SELECT ON TABLE public.client_configuration_summary TO tenantry_staff;
GRANT SELECT ON TABLE public.client_configuration_summary TO tenantry_manager;
GRANT SELECT ON TABLE public.client_configuration_summary TO tenantry_admin;
GRANT SELECT ON TABLE public.client_configuration_summary TO tenantry_service;
GRANT SELECT ON TABLE public.client_configuration_summary TO tenantry_super_admin;
GRANT SELECT ON TABLE public.client_configuration_summary TO tenantry_worker;

GRANT SELECT ON TABLE public.client_customizations TO tenantry_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.client_customizations TO tenantry_worker;
GRANT SELECT ON TABLE public.client_customizations TO tenantry_client;
GRANT SELECT ON TABLE public.client_customizations TO tenantry_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.client_customizations TO tenantry_manager;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.client_customizations TO tenantry_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.client_customizations TO tenantry_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.client_customizations TO tenantry_super_admin;

GRANT SELECT ON TABLE public.client_deployments TO tenantry_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.client_deployments TO tenantry_worker;
GRANT SELECT ON TABLE public.client_deployments TO tenantry_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.client_deployments TO tenantry_manager;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.client_deployments TO tenantry_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.client_deployments TO tenantry_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.client_deployments TO tenantry_super_admin;

GRANT SELECT(id) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(client_id) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(customization_id) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(deployment_template_id) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(deployment_name) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(deployment_type) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(deployment_url) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(custom_domain) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(hosting_provider) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(region) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(build_id) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(commit_hash) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(status) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(health_status) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(last_health_check) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(performance_metrics) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(uptime_percentage) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(response_time_avg) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(feature_flags) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(ssl_enabled) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(cdn_enabled) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(deployed_at) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(deployed_by) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(created_at) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(updated_at) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(created_by) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT(updated_by) ON TABLE public.client_deployments TO tenantry_client;

GRANT SELECT ON TABLE public.client_members TO tenantry_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.client_members TO tenantry_worker;
GRANT SELECT ON TABLE public.client_members TO tenantry_client;
GRANT SELECT ON TABLE public.client_members TO tenantry_staff;
GRANT SELECT ON TABLE public.client_members TO tenantry_manager;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.client_members TO tenantry_admin;
GRANT SELECT ON TABLE public.client_members TO tenantry_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.client_members TO tenantry_super_admin;

GRANT SELECT ON TABLE public.client_summary TO tenantry_client;
GRANT SELECT ON TABLE public.client_summary TO tenantry_staff;
GRANT SELECT ON TABLE public.client_summary TO tenantry_manager;
GRANT SELECT ON TABLE public.client_summary TO tenantry_admin;
GRANT SELECT ON TABLE public.client_summary TO tenantry_service;
GRANT SELECT ON TABLE public.client_summary TO tenantry_super_admin;
GRANT SELECT ON TABLE public.client_summary TO tenantry_worker;

GRANT SELECT ON TABLE public.configuration_versions TO tenantry_backup;
GRANT SELECT ON TABLE public.configuration_versions TO tenantry_worker;
GRANT SELECT ON TABLE public.configuration_versions TO tenantry_client;
GRANT SELECT ON TABLE public.configuration_versions TO tenantry_staff;
GRANT SELECT ON TABLE public.configuration_versions TO tenantry_manager;
GRANT SELECT ON TABLE public.configuration_versions TO tenantry_admin;
GRANT SELECT ON TABLE public.configuration_versions TO tenantry_service;
GRANT SELECT ON TABLE public.configuration_versions TO tenantry_super_admin;

GRANT SELECT ON TABLE public.deployment_status_summary TO tenantry_client;
GRANT SELECT ON TABLE public.deployment_status_summary TO tenantry_staff;
GRANT SELECT ON TABLE public.deployment_status_summary TO tenantry_manager;
GRANT SELECT ON TABLE public.deployment_status_summary TO tenantry_admin;
GRANT SELECT ON TABLE public.deployment_status_summary TO tenantry_service;
GRANT SELECT ON TABLE public.deployment_status_summary TO tenantry_super_admin;
GRANT SELECT ON TABLE public.deployment_status_summary TO tenantry_worker;

GRANT SELECT ON TABLE public.deployment_templates TO tenantry_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deployment_templates TO tenantry_worker;
GRANT SELECT ON TABLE public.deployment_templates TO tenantry_client;
GRANT SELECT ON TABLE public.deployment_templates TO tenantry_staff;
GRANT SELECT ON TABLE public.deployment_templates TO tenantry_manager;
GRANT SELECT,INSERT,DELETE ON TABLE public.deployment_templates TO tenantry_admin;
GRANT SELECT,INSERT,DELETE ON TABLE public.deployment_templates TO tenantry_service;
GRANT SELECT,INSERT,DELETE ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(id) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(id) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(id) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(template_name) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(template_name) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(template_name) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(template_type) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(template_type) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(template_type) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(description) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(description) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(description) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(configuration_template) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(configuration_template) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(configuration_template) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(required_variables) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(required_variables) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(required_variables) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(optional_variables) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(optional_variables) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(optional_variables) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(supported_environments) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(supported_environments) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(supported_environments) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(default_environment) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(default_environment) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(default_environment) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(supported_providers) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(supported_providers) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(supported_providers) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(default_provider) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(default_provider) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(default_provider) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(category) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(category) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(category) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(tags) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(tags) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(tags) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(use_cases) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(use_cases) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(use_cases) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(usage_count) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(usage_count) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(usage_count) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(success_rate) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(success_rate) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(success_rate) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(last_used_at) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(last_used_at) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(last_used_at) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(status) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(status) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(status) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(is_featured) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(is_featured) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(is_featured) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(created_at) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(created_at) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(created_at) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(updated_at) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(updated_at) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(updated_at) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(created_by) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(created_by) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(created_by) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT UPDATE(updated_by) ON TABLE public.deployment_templates TO tenantry_admin;
GRANT UPDATE(updated_by) ON TABLE public.deployment_templates TO tenantry_service;
GRANT UPDATE(updated_by) ON TABLE public.deployment_templates TO tenantry_super_admin;

GRANT SELECT ON TABLE public.deployment_tracking_events TO tenantry_backup;
GRANT SELECT,INSERT ON TABLE public.deployment_tracking_events TO tenantry_worker;
GRANT SELECT ON TABLE public.deployment_tracking_events TO tenantry_client;
GRANT SELECT ON TABLE public.deployment_tracking_events TO tenantry_staff;
GRANT SELECT,INSERT ON TABLE public.deployment_tracking_events TO tenantry_manager;
GRANT SELECT,INSERT ON TABLE public.deployment_tracking_events TO tenantry_admin;
GRANT SELECT,INSERT ON TABLE public.deployment_tracking_events TO tenantry_service;
GRANT SELECT,INSERT ON TABLE public.deployment_tracking_events TO tenantry_super_admin;

GRANT SELECT ON TABLE public.template_configurations TO tenantry_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.template_configurations TO tenantry_worker;
GRANT SELECT ON TABLE public.template_configurations TO tenantry_client;
GRANT SELECT ON TABLE public.template_configurations TO tenantry_staff;
GRANT SELECT ON TABLE public.template_configurations TO tenantry_manager;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.template_configurations TO tenantry_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.template_configurations TO tenantry_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.template_configurations TO tenantry_super_admin;

GRANT SELECT ON TABLE public.template_usage_summary TO tenantry_client;
GRANT SELECT ON TABLE public.template_usage_summary TO tenantry_staff;
GRANT SELECT ON TABLE public.template_usage_summary TO tenantry_manager;
GRANT SELECT ON TABLE public.template_usage_summary TO tenantry_admin;
GRANT SELECT ON TABLE public.template_usage_summary TO tenantry_service;
GRANT SELECT ON TABLE public.template_usage_summary TO tenantry_super_admin;
GRANT SELECT ON TABLE public.template_usage_summary TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.adopted_tables TO tenantry_backup;

GRANT SELECT ON TABLE tenantry.audit_seals TO tenantry_backup;
GRANT SELECT,INSERT ON TABLE tenantry.audit_seals TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.change_edits TO tenantry_backup;
GRANT SELECT,INSERT ON TABLE tenantry.change_edits TO tenantry_client;
GRANT SELECT,INSERT ON TABLE tenantry.change_edits TO tenantry_staff;
GRANT SELECT,INSERT ON TABLE tenantry.change_edits TO tenantry_manager;
GRANT SELECT,INSERT ON TABLE tenantry.change_edits TO tenantry_admin;
GRANT SELECT,INSERT ON TABLE tenantry.change_edits TO tenantry_service;
GRANT SELECT,INSERT ON TABLE tenantry.change_edits TO tenantry_super_admin;
GRANT SELECT ON TABLE tenantry.change_edits TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.change_preview_documents TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.change_preview_documents TO tenantry_staff;
GRANT SELECT ON TABLE tenantry.change_preview_documents TO tenantry_manager;
GRANT SELECT ON TABLE tenantry.change_preview_documents TO tenantry_admin;
GRANT SELECT ON TABLE tenantry.change_preview_documents TO tenantry_service;
GRANT SELECT ON TABLE tenantry.change_preview_documents TO tenantry_super_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenantry.change_preview_documents TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.change_preview_groups TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.change_preview_groups TO tenantry_staff;
GRANT SELECT ON TABLE tenantry.change_preview_groups TO tenantry_manager;
GRANT SELECT ON TABLE tenantry.change_preview_groups TO tenantry_admin;
GRANT SELECT ON TABLE tenantry.change_preview_groups TO tenantry_service;
GRANT SELECT ON TABLE tenantry.change_preview_groups TO tenantry_super_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenantry.change_preview_groups TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.change_previews TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.change_previews TO tenantry_staff;
GRANT SELECT ON TABLE tenantry.change_previews TO tenantry_manager;
GRANT SELECT ON TABLE tenantry.change_previews TO tenantry_admin;
GRANT SELECT ON TABLE tenantry.change_previews TO tenantry_service;
GRANT SELECT ON TABLE tenantry.change_previews TO tenantry_super_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenantry.change_previews TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.client_import_lines TO tenantry_backup;
GRANT SELECT,INSERT ON TABLE tenantry.client_import_lines TO tenantry_admin;
GRANT SELECT,INSERT ON TABLE tenantry.client_import_lines TO tenantry_super_admin;

GRANT SELECT ON TABLE tenantry.client_import_rows TO tenantry_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenantry.client_import_rows TO tenantry_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenantry.client_import_rows TO tenantry_super_admin;

GRANT SELECT ON TABLE tenantry.client_imports TO tenantry_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenantry.client_imports TO tenantry_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenantry.client_imports TO tenantry_super_admin;
GRANT SELECT,DELETE ON TABLE tenantry.client_imports TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.configuration_heads TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.configuration_heads TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.data_keys TO tenantry_backup;
GRANT SELECT,INSERT ON TABLE tenantry.data_keys TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.deployment_template_outcomes TO tenantry_backup;

GRANT SELECT ON TABLE tenantry.document_findings TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.document_findings TO tenantry_staff;
GRANT SELECT ON TABLE tenantry.document_findings TO tenantry_manager;
GRANT SELECT ON TABLE tenantry.document_findings TO tenantry_admin;
GRANT SELECT ON TABLE tenantry.document_findings TO tenantry_super_admin;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenantry.document_findings TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.document_looks TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.document_looks TO tenantry_staff;
GRANT SELECT ON TABLE tenantry.document_looks TO tenantry_manager;
GRANT SELECT ON TABLE tenantry.document_looks TO tenantry_admin;
GRANT SELECT ON TABLE tenantry.document_looks TO tenantry_super_admin;
GRANT SELECT,INSERT,UPDATE ON TABLE tenantry.document_looks TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.encryption_keys TO tenantry_backup;
GRANT SELECT,INSERT ON TABLE tenantry.encryption_keys TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.figures_due TO tenantry_backup;

GRANT SELECT ON SEQUENCE tenantry.figures_due_id_seq TO tenantry_backup;

GRANT SELECT ON TABLE tenantry.filled_events TO tenantry_backup;

GRANT SELECT ON TABLE tenantry.installation_revision TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.installation_revision TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.links TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.links TO tenantry_auth;

GRANT UPDATE(used_at) ON TABLE tenantry.links TO tenantry_auth;

GRANT SELECT ON TABLE tenantry.made_rows TO tenantry_backup;

GRANT SELECT ON TABLE tenantry.mends TO tenantry_backup;

GRANT SELECT ON SEQUENCE tenantry.mends_id_seq TO tenantry_backup;

GRANT SELECT ON TABLE tenantry.migration_steps TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.migration_steps TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.passwords TO tenantry_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE tenantry.passwords TO tenantry_auth;

GRANT SELECT ON TABLE tenantry.pending_rules TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.pending_rules TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.people TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.people TO tenantry_auth;
GRANT SELECT,INSERT,UPDATE ON TABLE tenantry.people TO tenantry_super_admin;
GRANT SELECT ON TABLE tenantry.people TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.secret_reads TO tenantry_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenantry.secret_reads TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.sessions TO tenantry_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE tenantry.sessions TO tenantry_auth;

GRANT SELECT ON TABLE tenantry.settings TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.settings TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.sign_in_delays TO tenantry_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenantry.sign_in_delays TO tenantry_auth;

GRANT SELECT ON TABLE tenantry.tables TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.tables TO tenantry_worker;

GRANT SELECT ON TABLE tenantry.token_revisions TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.token_revisions TO tenantry_auth;

GRANT SELECT ON TABLE tenantry.tokens TO tenantry_backup;
GRANT SELECT ON TABLE tenantry.tokens TO tenantry_auth;
GRANT INSERT ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT INSERT ON TABLE tenantry.tokens TO tenantry_admin;
GRANT INSERT ON TABLE tenantry.tokens TO tenantry_manager;

GRANT SELECT(id) ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT SELECT(id) ON TABLE tenantry.tokens TO tenantry_admin;
GRANT SELECT(id) ON TABLE tenantry.tokens TO tenantry_manager;

GRANT SELECT(name) ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT SELECT(name) ON TABLE tenantry.tokens TO tenantry_admin;
GRANT SELECT(name) ON TABLE tenantry.tokens TO tenantry_manager;

GRANT SELECT(kind) ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT SELECT(kind) ON TABLE tenantry.tokens TO tenantry_admin;
GRANT SELECT(kind) ON TABLE tenantry.tokens TO tenantry_manager;

GRANT SELECT(prefix) ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT SELECT(prefix) ON TABLE tenantry.tokens TO tenantry_admin;
GRANT SELECT(prefix) ON TABLE tenantry.tokens TO tenantry_manager;

GRANT SELECT(scopes) ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT SELECT(scopes) ON TABLE tenantry.tokens TO tenantry_admin;
GRANT SELECT(scopes) ON TABLE tenantry.tokens TO tenantry_manager;

GRANT SELECT(user_id) ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT SELECT(user_id) ON TABLE tenantry.tokens TO tenantry_admin;
GRANT SELECT(user_id) ON TABLE tenantry.tokens TO tenantry_manager;

GRANT SELECT(client_id) ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT SELECT(client_id) ON TABLE tenantry.tokens TO tenantry_admin;
GRANT SELECT(client_id) ON TABLE tenantry.tokens TO tenantry_manager;

GRANT SELECT(template_id) ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT SELECT(template_id) ON TABLE tenantry.tokens TO tenantry_admin;
GRANT SELECT(template_id) ON TABLE tenantry.tokens TO tenantry_manager;

GRANT SELECT(environment) ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT SELECT(environment) ON TABLE tenantry.tokens TO tenantry_admin;
GRANT SELECT(environment) ON TABLE tenantry.tokens TO tenantry_manager;

GRANT SELECT(created_at) ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT SELECT(created_at) ON TABLE tenantry.tokens TO tenantry_admin;
GRANT SELECT(created_at) ON TABLE tenantry.tokens TO tenantry_manager;

GRANT SELECT(created_by) ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT SELECT(created_by) ON TABLE tenantry.tokens TO tenantry_admin;
GRANT SELECT(created_by) ON TABLE tenantry.tokens TO tenantry_manager;

GRANT SELECT(expires_at) ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT SELECT(expires_at) ON TABLE tenantry.tokens TO tenantry_admin;
GRANT SELECT(expires_at) ON TABLE tenantry.tokens TO tenantry_manager;

GRANT UPDATE(last_used_at) ON TABLE tenantry.tokens TO tenantry_auth;
GRANT SELECT(last_used_at) ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT SELECT(last_used_at) ON TABLE tenantry.tokens TO tenantry_admin;
GRANT SELECT(last_used_at) ON TABLE tenantry.tokens TO tenantry_manager;

GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE tenantry.tokens TO tenantry_super_admin;
GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE tenantry.tokens TO tenantry_admin;
GRANT SELECT(revoked_at),UPDATE(revoked_at) ON TABLE tenantry.tokens TO tenantry_manager;

GRANT SELECT ON TABLE tenantry.user_metadata TO tenantry_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE tenantry.user_metadata TO tenantry_auth;

GRANT SELECT ON TABLE tenantry.walled_views TO tenantry_backup;
