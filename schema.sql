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

CREATE FUNCTION tenantry.audit_event(action text, details jsonb DEFAULT NULL::jsonb, client_id uuid DEFAULT NULL::uuid, table_name text DEFAULT NULL::text, row_id text DEFAULT NULL::text, table_schema text DEFAULT 'public'::text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    entry bigint;
BEGIN
    IF audit_event.action IN ('insert', 'update', 'delete', 'truncate') THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('%s is an action of a row, which its trigger logs', audit_event.action),
            HINT = 'Name what was done: sign_in, reveal, export, backup, restore, migration.';
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
        'tenantry.audit_log.1', NEW.salt, NEW.id, (extract(epoch FROM NEW.at) * 1000000)::bigint, NEW.transaction_id::text,
        NEW.user_id, NEW.token_id, NEW.session_id, NEW.actor, NEW.database_role, NEW.login_role, NEW.address,
        NEW.action, NEW.table_schema, NEW.table_name, NEW.row_id, NEW.client_id, NEW.before, NEW.after, NEW.details,
        NEW.request_id, NEW.reason)::text, 'UTF8'));
    RETURN NEW;
END
$$;

ALTER FUNCTION tenantry.audit_hash_row() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.audit_hash_row() IS 'Gives an entry its salt, its transaction and its row_hash: SHA-256 of a JSON array of version, salt, id, at (microseconds since 1970), transaction_id, user_id, token_id, session_id, actor, database_role, login_role, address, action, table_schema, table_name, row_id, client_id, before, after, details, request_id, reason.';

CREATE FUNCTION tenantry.audit_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
    contents constant text[] := '{before,after,details,reason,address,salt,erased_at}';
BEGIN
    -- The one change there is: an erasure, which empties the contents and touches nothing else.
    IF TG_LEVEL = 'ROW' AND TG_OP = 'UPDATE' THEN
        IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND to_jsonb(OLD) - contents = to_jsonb(NEW) - contents THEN
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

CREATE FUNCTION tenantry.audit_who(OUT user_id uuid, OUT token_id uuid, OUT session_id uuid, OUT actor text, OUT database_role text, OUT login_role text, OUT address text, OUT request_id text, OUT reason text) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
DECLARE
    claims text := nullif(current_setting('request.jwt.claims', true), '');
    parsed jsonb;
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
            parsed := claims::jsonb;
            user_id := (parsed ->> 'sub')::uuid;
            token_id := (parsed ->> 'token_id')::uuid;
            session_id := (parsed ->> 'session_id')::uuid;
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

CREATE FUNCTION tenantry.enter(claims jsonb, request_id text DEFAULT NULL::text, reason text DEFAULT NULL::text, address text DEFAULT NULL::text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    refusal text;
BEGIN
    -- Nobody signed in: no person, no token, no role. The roles anon and authenticated see nothing anyway.
    IF claims -> 'sub' IS NOT NULL OR claims -> 'token_id' IS NOT NULL OR claims #> '{app_metadata,role}' IS NOT NULL THEN
        refusal := (SELECT s.refusal FROM tenantry.standing(claims::text, NULL) s);
        IF refusal IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'TN401', MESSAGE = refusal, HINT = 'Sign in again.';
        END IF;
    END IF;
    PERFORM set_config('request.jwt.claims', coalesce(claims::text, ''), true),
            set_config('tenantry.request_id', coalesce(request_id, ''), true),
            set_config('tenantry.reason', coalesce(reason, ''), true),
            set_config('tenantry.address', coalesce(address, ''), true);
END
$$;

ALTER FUNCTION tenantry.enter(claims jsonb, request_id text, reason text, address text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.enter(claims jsonb, request_id text, reason text, address text) IS 'Opens a request: sets claims, request id, reason and address for this transaction, or raises TN401 for a disabled person, an ended session, a changed role, a revoked token. SET LOCAL ROLE follows it.';

CREATE FUNCTION tenantry.entered() RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
    RETURN (SELECT s.refusal IS NULL
              FROM tenantry.standing(current_setting('request.jwt.claims', true), current_setting('role')) s);
END
$$;

ALTER FUNCTION tenantry.entered() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.entered() IS 'Whether the claims of this transaction hold for the role it runs as; false where tenantry.enter raises. Policies for all clients ask it once per statement.';

CREATE FUNCTION tenantry.erase_audit_log(ids int8multirange, reason text) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
    erased int8multirange;
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
    PERFORM tenantry.audit_event('erasure', jsonb_build_object('ids', erased::text));
    RETURN (SELECT coalesce(sum(upper(r) - lower(r)), 0) FROM unnest(erased) r);
END
$$;

ALTER FUNCTION tenantry.erase_audit_log(ids int8multirange, reason text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.erase_audit_log(ids int8multirange, reason text) IS 'Erases the contents of entries and logs that it did. The hashes stay, so the seals still hold; verify accepts an erased entry only where such an entry names it. For the owner only.';

CREATE FUNCTION tenantry.managed_client_ids() RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path TO ''
    AS $$
BEGIN
    RETURN QUERY
        SELECT m.client_id
          FROM tenantry.standing(current_setting('request.jwt.claims', true), current_setting('role')) s
          JOIN public.client_members m ON m.user_id = s.user_id
         WHERE m.member_role = 'manager' AND s.role = 'manager';
END
$$;

ALTER FUNCTION tenantry.managed_client_ids() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.managed_client_ids() IS 'The clients that the person who has entered manages: as manager by role and by membership.';

CREATE FUNCTION tenantry.member_client_ids() RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path TO ''
    AS $$
BEGIN
    -- The lesser of role and member_role: a client's login counts as client and as nothing else,
    -- and nobody else counts as client.
    RETURN QUERY
        SELECT m.client_id
          FROM tenantry.standing(current_setting('request.jwt.claims', true), current_setting('role')) s
          JOIN public.client_members m ON m.user_id = s.user_id
         WHERE (m.member_role = 'client') = (s.role = 'client');
END
$$;

ALTER FUNCTION tenantry.member_client_ids() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.member_client_ids() IS 'The clients that the person who has entered is a member of.';

CREATE FUNCTION tenantry.note_audit_retention(partition regclass) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
DECLARE
    dropped int8multirange;
    unsealed int8multirange;
BEGIN
    EXECUTE format('SELECT coalesce(range_agg(int8range(id, id, ''[]'')), ''{}'') FROM %s', partition) INTO dropped;
    unsealed := dropped - (SELECT coalesce(range_agg(s.ids), '{}') FROM tenantry.audit_seals s);
    IF NOT isempty(unsealed) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('%s holds entries that no seal holds yet: %s', partition, unsealed),
            HINT = 'Let the sealer run (tenantry up), then drop the partition.';
    END IF;
    RETURN tenantry.audit_event('retention', jsonb_build_object('partition', partition::text, 'ids', dropped::text));
END
$$;

ALTER FUNCTION tenantry.note_audit_retention(partition regclass) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.note_audit_retention(partition regclass) IS 'Logs that a month of the audit log is about to be dropped, so that verify can tell it from a removal. Called by retention, before the partition goes. For the owner only.';

CREATE FUNCTION tenantry.standing(claims text, under_role text, OUT user_id uuid, OUT role text, OUT refusal text) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
DECLARE
    parsed jsonb;
    session_id uuid;
    token_id uuid;
    token record;
BEGIN
    IF claims IS NULL OR claims = '' THEN
        refusal := 'there are no claims';
        RETURN;
    END IF;
    BEGIN
        parsed := claims::jsonb;
        user_id := (parsed ->> 'sub')::uuid;
        session_id := (parsed ->> 'session_id')::uuid;
        token_id := (parsed ->> 'token_id')::uuid;
    EXCEPTION WHEN OTHERS THEN
        user_id := NULL;
        refusal := 'the claims are malformed';
        RETURN;
    END;

    IF token_id IS NOT NULL THEN
        SELECT t.kind, t.user_id INTO token
          FROM tenantry.tokens t
         WHERE t.id = token_id AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now());
        IF token.kind = 'service' AND user_id IS NULL THEN
            role := 'service';
        ELSIF token.kind IS DISTINCT FROM 'personal' OR token.user_id IS DISTINCT FROM user_id THEN
            refusal := 'the token is unknown, expired or revoked';
        END IF;
    END IF;

    IF role IS NULL AND refusal IS NULL THEN
        SELECT p.role INTO role
          FROM tenantry.people p
         WHERE p.user_id = standing.user_id AND p.disabled_at IS NULL;
        IF role IS NULL THEN
            refusal := 'the person is unknown or disabled';
        END IF;
    END IF;

    IF refusal IS NULL AND session_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM tenantry.sessions s
         WHERE s.id = session_id AND s.user_id = standing.user_id AND s.ended_at IS NULL AND s.expires_at > now())
    THEN
        refusal := 'the session has ended';
    END IF;

    -- What the claims say about the role is only ever compared. user_metadata isn't even looked at.
    IF refusal IS NULL
       AND (parsed #>> '{app_metadata,role}' <> role OR under_role <> 'tenantry_' || role)
    THEN
        refusal := 'the role is no longer the person''s';
    END IF;

    IF refusal IS NOT NULL THEN
        user_id := NULL;
        role := NULL;
    END IF;
END
$$;

ALTER FUNCTION tenantry.standing(claims text, under_role text, OUT user_id uuid, OUT role text, OUT refusal text) OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.standing(claims text, under_role text, OUT user_id uuid, OUT role text, OUT refusal text) IS 'Who the claims stand for and in which role, or why they don''t hold. A session or token that they name must be alive, the person not disabled, the role still theirs; under_role NULL leaves the database role unasked. Internal.';

CREATE FUNCTION tenantry.user_id() RETURNS uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
BEGIN
    RETURN (SELECT s.user_id
              FROM tenantry.standing(current_setting('request.jwt.claims', true), current_setting('role')) s);
END
$$;

ALTER FUNCTION tenantry.user_id() OWNER TO tenantry_owner;

COMMENT ON FUNCTION tenantry.user_id() IS 'The person who has entered; NULL for service tokens, jobs, operators, and claims that don''t hold.';

SET default_tablespace = '';

SET default_table_access_method = heap;

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
    row_hash bytea NOT NULL,
    CONSTRAINT audit_log_action_check CHECK ((action <> ''::text)),
    CONSTRAINT audit_log_erased_check CHECK (
CASE
    WHEN (erased_at IS NULL) THEN (salt IS NOT NULL)
    ELSE (num_nonnulls(salt, before, after, details, reason, address) = 0)
END),
    CONSTRAINT audit_log_row_hash_check CHECK ((octet_length(row_hash) = 32))
)
PARTITION BY RANGE (at);

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

COMMENT ON CONSTRAINT audit_log_action_check ON public.audit_log IS 'An action has a name.';

COMMENT ON CONSTRAINT audit_log_erased_check ON public.audit_log IS 'An erased entry holds no contents; one that is not erased has its salt.';

COMMENT ON CONSTRAINT audit_log_row_hash_check ON public.audit_log IS 'A SHA-256 hash has 32 bytes.';

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

COMMENT ON COLUMN public.client_billing_info.account_balance IS 'What the client owes.';

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

CREATE TABLE public.configuration_versions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    table_name character varying(63) NOT NULL,
    row_id uuid NOT NULL,
    client_id uuid,
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

ALTER TABLE public.configuration_versions OWNER TO tenantry_owner;

COMMENT ON TABLE public.configuration_versions IS 'Former contents of configuration rows, each with the span and the revisions between which it was current. Written by triggers alone; nobody updates or deletes one. The present content is the row itself.';

COMMENT ON COLUMN public.configuration_versions.id IS 'Key of the version.';

COMMENT ON COLUMN public.configuration_versions.table_name IS 'system_configurations, template_configurations, client_customizations or deployment_configurations.';

COMMENT ON COLUMN public.configuration_versions.row_id IS 'The row''s id in that table.';

COMMENT ON COLUMN public.configuration_versions.client_id IS 'The row''s client, for the policies; NULL for global and template rows.';

COMMENT ON COLUMN public.configuration_versions.content IS 'The whole row as it was. A secret''s place holds its mask.';

COMMENT ON COLUMN public.configuration_versions.operation IS 'What ended it: update, or delete for the closing row.';

COMMENT ON COLUMN public.configuration_versions.valid_from IS 'Since when it was the current content.';

COMMENT ON COLUMN public.configuration_versions.valid_to IS 'Until when, not included.';

COMMENT ON COLUMN public.configuration_versions.revision_from IS 'The first of the installation''s revisions that had it.';

COMMENT ON COLUMN public.configuration_versions.revision_to IS 'The first revision that no longer had it.';

COMMENT ON COLUMN public.configuration_versions.changed_by IS 'The person who ended it, from the session.';

COMMENT ON COLUMN public.configuration_versions.reason IS 'Why, where the writer said so.';

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

COMMENT ON COLUMN public.deployment_templates.success_rate IS 'Percent of its ended deployments that succeeded; NULL until something was deployed. Kept by Tenantry.';

COMMENT ON COLUMN public.deployment_templates.last_used_at IS 'When it was last deployed from. Kept by Tenantry.';

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

COMMENT ON COLUMN public.template_configurations.usage_count IS 'Customizations that use this version. Kept by Tenantry: moves neither history nor updated_at.';

COMMENT ON COLUMN public.template_configurations.last_used_at IS 'Last activation or deployment of this version. Kept by Tenantry.';

COMMENT ON COLUMN public.template_configurations.performance_score IS '0 to 100, over 90 days: mean of those that exist of 100 × deployments succeeded / deployments ended, 100 × health checks succeeded / health checks, mean uptime_percentage. NULL without any. Kept by Tenantry.';

COMMENT ON COLUMN public.template_configurations.status IS 'draft, then active, deprecated, archived, never back; born active where nothing is said. Archived versions go on serving those who pin them.';

COMMENT ON COLUMN public.template_configurations.is_featured IS 'Whether it is shown first.';

COMMENT ON COLUMN public.template_configurations.created_at IS 'When the row was made.';

COMMENT ON COLUMN public.template_configurations.updated_at IS 'When the row was last changed; the base of If-Match.';

COMMENT ON COLUMN public.template_configurations.created_by IS 'The person who made the row, from the session.';

COMMENT ON COLUMN public.template_configurations.updated_by IS 'The person who last changed the row, from the session.';

CREATE TABLE tenantry.adopted_tables (
    table_name name NOT NULL,
    catalog jsonb NOT NULL,
    adopted_at timestamp with time zone DEFAULT now() NOT NULL
);

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
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    applied_by text DEFAULT SESSION_USER NOT NULL,
    program_version text NOT NULL
);

ALTER TABLE tenantry.migration_steps OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.migration_steps IS 'The migration ledger: one row per step that was applied.';

COMMENT ON COLUMN tenantry.migration_steps.migration IS 'Number and name of the migration.';

COMMENT ON COLUMN tenantry.migration_steps.step IS 'What the step does; "done" closes its migration.';

COMMENT ON COLUMN tenantry.migration_steps.checksum IS 'SHA-256 of the step''s SQL, in hex.';

COMMENT ON COLUMN tenantry.migration_steps.applied_at IS 'When the step was done.';

COMMENT ON COLUMN tenantry.migration_steps.applied_by IS 'The database role that the migrator connected as.';

COMMENT ON COLUMN tenantry.migration_steps.program_version IS 'Version of the program that applied it.';

CREATE TABLE tenantry.passwords (
    user_id uuid NOT NULL,
    password_hash text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT passwords_password_hash_check CHECK ((password_hash ~~ '$argon2id$%'::text))
);

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

ALTER TABLE tenantry.people OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.people IS 'The role of each person. Nobody can edit their own; claims and raw_app_meta_data carry copies that are checked against it.';

COMMENT ON COLUMN tenantry.people.user_id IS 'auth.users.id of the person.';

COMMENT ON COLUMN tenantry.people.role IS 'super_admin, admin, manager, staff or client; the database role is this with tenantry_ before it.';

COMMENT ON COLUMN tenantry.people.disabled_at IS 'Since when the person is shut out; NULL while they are not. People are disabled, never deleted.';

COMMENT ON COLUMN tenantry.people.created_at IS 'When the person got a role.';

COMMENT ON COLUMN tenantry.people.updated_at IS 'When role or disabled_at last changed.';

COMMENT ON COLUMN tenantry.people.created_by IS 'Who gave the role; NULL where an operator did on the command line.';

COMMENT ON COLUMN tenantry.people.updated_by IS 'Who last changed it; NULL where an operator did on the command line.';

CREATE TABLE tenantry.sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    secret_hash bytea,
    address inet,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT sessions_expires_at_check CHECK ((expires_at > started_at)),
    CONSTRAINT sessions_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);

ALTER TABLE tenantry.sessions OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.sessions IS 'One sign-in of one person, until it ends or expires.';

COMMENT ON COLUMN tenantry.sessions.id IS 'The claim session_id. No secret: it opens nothing by itself.';

COMMENT ON COLUMN tenantry.sessions.user_id IS 'Who signed in.';

COMMENT ON COLUMN tenantry.sessions.secret_hash IS 'SHA-256 of the cookie or refresh token, which is never stored; NULL where the session has none.';

COMMENT ON COLUMN tenantry.sessions.address IS 'Address the sign-in came from.';

COMMENT ON COLUMN tenantry.sessions.started_at IS 'When the person signed in.';

COMMENT ON COLUMN tenantry.sessions.expires_at IS 'When the session ends by itself.';

COMMENT ON COLUMN tenantry.sessions.ended_at IS 'When it was ended by sign-out, by an admin, or because a refresh token was used twice.';

CREATE TABLE tenantry.settings (
    key character varying(255) NOT NULL,
    value jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_by uuid
);

ALTER TABLE tenantry.settings OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.settings IS 'Settings of the installation that belong with its data.';

COMMENT ON COLUMN tenantry.settings.key IS 'Name of the setting.';

COMMENT ON COLUMN tenantry.settings.value IS 'Its value.';

COMMENT ON COLUMN tenantry.settings.updated_at IS 'When it was last set.';

COMMENT ON COLUMN tenantry.settings.updated_by IS 'Who set it; NULL where an operator did on the command line.';

CREATE TABLE tenantry.tables (
    table_name name NOT NULL,
    kind character varying(50) NOT NULL,
    client_owned boolean NOT NULL,
    CONSTRAINT tables_kind_check CHECK (((kind)::text = ANY ((ARRAY['table'::character varying, 'partitioned'::character varying, 'view'::character varying])::text[])))
);

ALTER TABLE tenantry.tables OWNER TO tenantry_owner;

COMMENT ON TABLE tenantry.tables IS 'The tables and views in public that are Tenantry''s.';

COMMENT ON COLUMN tenantry.tables.table_name IS 'Name in public.';

COMMENT ON COLUMN tenantry.tables.kind IS 'table, partitioned (plain while rows of an adopted one stand against it) or view.';

COMMENT ON COLUMN tenantry.tables.client_owned IS 'Whether each row belongs to the client in its client_id.';

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

COMMENT ON COLUMN tenantry.tokens.created_by IS 'Who made it.';

COMMENT ON COLUMN tenantry.tokens.expires_at IS 'When it stops by itself; NULL for never.';

COMMENT ON COLUMN tenantry.tokens.last_used_at IS 'Last use, not to the second.';

COMMENT ON COLUMN tenantry.tokens.revoked_at IS 'When it was revoked.';

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

ALTER TABLE ONLY tenantry.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tenantry.sessions
    ADD CONSTRAINT sessions_secret_hash_key UNIQUE (secret_hash);

ALTER TABLE ONLY tenantry.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (key);

ALTER TABLE ONLY tenantry.tables
    ADD CONSTRAINT tables_pkey PRIMARY KEY (table_name);

ALTER TABLE ONLY tenantry.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY tenantry.tokens
    ADD CONSTRAINT tokens_secret_hash_key UNIQUE (secret_hash);

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

CREATE INDEX idx_audit_log_client_id ON ONLY public.audit_log USING btree (client_id, at DESC);

COMMENT ON INDEX public.idx_audit_log_client_id IS 'The trail of one client, newest first.';

CREATE INDEX idx_audit_log_row ON ONLY public.audit_log USING btree (table_schema, table_name, row_id, id);

COMMENT ON INDEX public.idx_audit_log_row IS 'The trail of one row, oldest first.';

CREATE INDEX idx_audit_log_transaction_id ON ONLY public.audit_log USING btree (transaction_id);

COMMENT ON INDEX public.idx_audit_log_transaction_id IS 'The sealer''s: entries of transactions since the last seal.';

CREATE INDEX idx_audit_log_user_id ON ONLY public.audit_log USING btree (user_id, at DESC) WHERE (user_id IS NOT NULL);

COMMENT ON INDEX public.idx_audit_log_user_id IS 'What one person did, newest first.';

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

CREATE INDEX sessions_user_id_idx ON tenantry.sessions USING btree (user_id);

CREATE INDEX tokens_client_id_idx ON tenantry.tokens USING btree (client_id);

CREATE INDEX tokens_user_id_idx ON tenantry.tokens USING btree (user_id);

CREATE TRIGGER audit_hash_row BEFORE INSERT ON public.audit_log FOR EACH ROW EXECUTE FUNCTION tenantry.audit_hash_row();

CREATE TRIGGER audit_refuse_change BEFORE DELETE OR UPDATE ON public.audit_log FOR EACH ROW EXECUTE FUNCTION tenantry.audit_refuse_change();

CREATE TRIGGER audit_refuse_truncate BEFORE TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_refuse_change();

CREATE TRIGGER audit_refuse_change BEFORE DELETE OR UPDATE OR TRUNCATE ON tenantry.audit_seals FOR EACH STATEMENT EXECUTE FUNCTION tenantry.audit_refuse_change();

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

ALTER TABLE ONLY tenantry.passwords
    ADD CONSTRAINT passwords_user_id_fkey FOREIGN KEY (user_id) REFERENCES tenantry.people(user_id);

ALTER TABLE ONLY tenantry.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES tenantry.people(user_id);

ALTER TABLE ONLY tenantry.tokens
    ADD CONSTRAINT tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES tenantry.people(user_id);

GRANT ALL ON SCHEMA public TO tenantry_owner;
GRANT USAGE ON SCHEMA public TO tenantry_admin;
GRANT USAGE ON SCHEMA public TO tenantry_backup;
GRANT USAGE ON SCHEMA public TO tenantry_client;
GRANT USAGE ON SCHEMA public TO tenantry_manager;
GRANT USAGE ON SCHEMA public TO tenantry_service;
GRANT USAGE ON SCHEMA public TO tenantry_staff;
GRANT USAGE ON SCHEMA public TO tenantry_super_admin;
GRANT USAGE ON SCHEMA public TO tenantry_worker;

REVOKE ALL ON FUNCTION tenantry.audit_event(action text, details jsonb, client_id uuid, table_name text, row_id text, table_schema text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.audit_hash_row() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.audit_refuse_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.audit_who(OUT user_id uuid, OUT token_id uuid, OUT session_id uuid, OUT actor text, OUT database_role text, OUT login_role text, OUT address text, OUT request_id text, OUT reason text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.enter(claims jsonb, request_id text, reason text, address text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.entered() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.erase_audit_log(ids int8multirange, reason text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.managed_client_ids() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.member_client_ids() FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.note_audit_retention(partition regclass) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.standing(claims text, under_role text, OUT user_id uuid, OUT role text, OUT refusal text) FROM PUBLIC;

REVOKE ALL ON FUNCTION tenantry.user_id() FROM PUBLIC;
