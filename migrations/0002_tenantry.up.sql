-- The schemas, the people and what lets them in, and the four questions that policies ask.
-- Everything here is outside the reach of the table API. Row level security on these tables
-- comes with all the others (0040_policies); until then nobody but their owner has a grant.

CREATE SCHEMA IF NOT EXISTS tenantry;
COMMENT ON SCHEMA tenantry IS 'Tenantry''s own: people, sessions, tokens, helper functions, ledger. Not reachable through the table API.';
CREATE SCHEMA IF NOT EXISTS tenantry_partitions;
COMMENT ON SCHEMA tenantry_partitions IS 'Partitions of Tenantry''s tables. Nobody has a grant here; rows are reached through the parents in public.';

-- auth: a site that came from Supabase has it, and then it is only read. What is missing is added.
DO $auth$
BEGIN
    IF pg_catalog.to_regnamespace('auth') IS NULL THEN
        CREATE SCHEMA auth;
        COMMENT ON SCHEMA auth IS 'Who can sign in, shaped like Supabase''s.';
    END IF;

    IF pg_catalog.to_regclass('auth.users') IS NULL THEN
        CREATE TABLE auth.users (
            id                 uuid CONSTRAINT users_pkey PRIMARY KEY DEFAULT pg_catalog.gen_random_uuid(),
            aud                varchar(255) NOT NULL DEFAULT 'authenticated',
            role               varchar(255) NOT NULL DEFAULT 'authenticated',
            email              varchar(255),
            encrypted_password varchar(255),
            email_confirmed_at timestamptz,
            last_sign_in_at    timestamptz,
            raw_app_meta_data  jsonb NOT NULL DEFAULT '{}',
            raw_user_meta_data jsonb NOT NULL DEFAULT '{}',
            created_at         timestamptz NOT NULL DEFAULT pg_catalog.now(),
            updated_at         timestamptz NOT NULL DEFAULT pg_catalog.now()
        );
        -- People type their address in any case, and it is one mailbox.
        CREATE UNIQUE INDEX users_email_key ON auth.users (pg_catalog.lower(email));
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
    END IF;

    -- For policies and defaults that a site writes as on Supabase. Ours ask tenantry.user_id(), which checks.
    IF pg_catalog.to_regprocedure('auth.jwt()') IS NULL THEN
        CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE SET search_path = '' AS
            $$ SELECT nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb $$;
        COMMENT ON FUNCTION auth.jwt() IS 'The claims of the request, unchecked; NULL without any.';
    END IF;
    IF pg_catalog.to_regprocedure('auth.uid()') IS NULL THEN
        CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE SET search_path = '' AS
            $$ SELECT (nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
        COMMENT ON FUNCTION auth.uid() IS 'The claim sub of the request, unchecked; NULL without claims.';
    END IF;
    IF pg_catalog.to_regprocedure('auth.role()') IS NULL THEN
        CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE SET search_path = '' AS
            $$ SELECT nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' $$;
        COMMENT ON FUNCTION auth.role() IS 'The claim role of the request, unchecked; authenticated for everybody who is signed in.';
    END IF;
END
$auth$;

-- People and what lets them in ------------------------------------------------------------------------

CREATE TABLE tenantry.people (
    -- No foreign key to auth.users: on an adopted database that table is somebody else's, and a person
    -- removed there must stay here, because trails name them.
    user_id     uuid CONSTRAINT people_pkey PRIMARY KEY,
    role        varchar(50) NOT NULL
                CONSTRAINT people_role_check CHECK (role IN ('super_admin', 'admin', 'manager', 'staff', 'client')),
    disabled_at timestamptz,
    created_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    updated_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    created_by  uuid,
    updated_by  uuid
);
COMMENT ON TABLE tenantry.people IS 'The role of each person. Nobody can edit their own; claims and raw_app_meta_data carry copies that are checked against it.';
COMMENT ON COLUMN tenantry.people.user_id IS 'auth.users.id of the person.';
COMMENT ON COLUMN tenantry.people.role IS 'super_admin, admin, manager, staff or client; the database role is this with tenantry_ before it.';
COMMENT ON COLUMN tenantry.people.disabled_at IS 'Since when the person is shut out; NULL while they are not. People are disabled, never deleted.';
COMMENT ON COLUMN tenantry.people.created_at IS 'When the person got a role.';
COMMENT ON COLUMN tenantry.people.updated_at IS 'When role or disabled_at last changed.';
COMMENT ON COLUMN tenantry.people.created_by IS 'Who gave the role; NULL where an operator did on the command line.';
COMMENT ON COLUMN tenantry.people.updated_by IS 'Who last changed it; NULL where an operator did on the command line.';

CREATE TABLE tenantry.passwords (
    user_id       uuid CONSTRAINT passwords_pkey PRIMARY KEY
                  CONSTRAINT passwords_user_id_fkey REFERENCES tenantry.people (user_id),
    password_hash text NOT NULL
                  CONSTRAINT passwords_password_hash_check CHECK (password_hash LIKE '$argon2id$%'),
    changed_at    timestamptz NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE tenantry.passwords IS 'Password hashes, apart from people so that neither audit nor administration reads them.';
COMMENT ON COLUMN tenantry.passwords.user_id IS 'Whose password it is.';
COMMENT ON COLUMN tenantry.passwords.password_hash IS 'argon2id in PHC string form.';
COMMENT ON COLUMN tenantry.passwords.changed_at IS 'When the password was set.';

CREATE TABLE tenantry.sessions (
    id         uuid CONSTRAINT sessions_pkey PRIMARY KEY DEFAULT pg_catalog.gen_random_uuid(),
    user_id    uuid NOT NULL CONSTRAINT sessions_user_id_fkey REFERENCES tenantry.people (user_id),
    kind       varchar(50) NOT NULL DEFAULT 'api'
               CONSTRAINT sessions_kind_check CHECK (kind IN ('api', 'console')),
    secret_hash bytea CONSTRAINT sessions_secret_hash_key UNIQUE
               CONSTRAINT sessions_secret_hash_check CHECK (pg_catalog.octet_length(secret_hash) = 32),
    -- All refresh tokens of a session are a family: each names the session and its place, so the used ones need not be
    -- kept to be recognised.
    generation   integer NOT NULL DEFAULT 0
                 CONSTRAINT sessions_generation_check CHECK (generation >= 0),
    refreshed_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    address    inet,
    device     varchar(255),
    started_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    stepped_up_at timestamptz,
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz,
    CONSTRAINT sessions_expires_at_check CHECK (expires_at > started_at),
    CONSTRAINT sessions_stepped_up_at_check CHECK (stepped_up_at IS NULL OR kind = 'console')
);
CREATE INDEX sessions_user_id_idx ON tenantry.sessions (user_id);
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

CREATE TABLE tenantry.user_metadata (
    -- auth.users may be a site's own, which is only read. Where a person has a row here, it counts instead.
    user_id    uuid CONSTRAINT user_metadata_pkey PRIMARY KEY
               CONSTRAINT user_metadata_user_id_fkey REFERENCES tenantry.people (user_id),
    data       jsonb NOT NULL
               CONSTRAINT user_metadata_data_check CHECK (pg_catalog.jsonb_typeof(data) = 'object'),
    updated_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE tenantry.user_metadata IS 'What people say about themselves. Nothing here is ever believed.';
COMMENT ON COLUMN tenantry.user_metadata.user_id IS 'Who.';
COMMENT ON COLUMN tenantry.user_metadata.data IS 'What, as `updateUser({ data })` wrote it over auth.users.raw_user_meta_data.';
COMMENT ON COLUMN tenantry.user_metadata.updated_at IS 'When it was last changed.';

CREATE TABLE tenantry.sign_in_delays (
    -- Whom a count is for is a hash: people type their password where the address belongs.
    subject       bytea CONSTRAINT sign_in_delays_pkey PRIMARY KEY
                  CONSTRAINT sign_in_delays_subject_check CHECK (pg_catalog.octet_length(subject) = 32),
    failures      integer NOT NULL,
    failed_at     timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL,
    is_logged     boolean NOT NULL DEFAULT false
);
CREATE INDEX sign_in_delays_failed_at_idx ON tenantry.sign_in_delays (failed_at);
COMMENT ON TABLE tenantry.sign_in_delays IS 'How often somebody got a password wrong lately, and how long they wait: for each account from each address, and for each address. Shared by all servers.';
COMMENT ON COLUMN tenantry.sign_in_delays.subject IS 'SHA-256 of the kind of count, the address of the network and the account.';
COMMENT ON COLUMN tenantry.sign_in_delays.failures IS 'Failures in a row, those that are under way among them.';
COMMENT ON COLUMN tenantry.sign_in_delays.failed_at IS 'When the last one was.';
COMMENT ON COLUMN tenantry.sign_in_delays.blocked_until IS 'Until when no password is looked at.';
COMMENT ON COLUMN tenantry.sign_in_delays.is_logged IS 'Whether the audit log knows that somebody was turned away since: one entry a wait, or whoever knocks would fill it.';

CREATE TABLE tenantry.tokens (
    id           uuid CONSTRAINT tokens_pkey PRIMARY KEY DEFAULT pg_catalog.gen_random_uuid(),
    name         varchar(255) NOT NULL,
    kind         varchar(50) NOT NULL
                 CONSTRAINT tokens_kind_check CHECK (kind IN ('publishable', 'personal', 'service', 'runtime')),
    prefix       varchar(50) NOT NULL,
    secret_hash  bytea NOT NULL CONSTRAINT tokens_secret_hash_key UNIQUE
                 CONSTRAINT tokens_secret_hash_check CHECK (pg_catalog.octet_length(secret_hash) = 32),
    scopes       text[] NOT NULL DEFAULT '{}',
    user_id      uuid CONSTRAINT tokens_user_id_fkey REFERENCES tenantry.people (user_id),
    client_id    uuid,
    template_id  varchar(255),
    environment  varchar(50)
                 CONSTRAINT tokens_environment_check CHECK (environment IN ('development', 'staging', 'production')),
    created_at   timestamptz NOT NULL DEFAULT pg_catalog.now(),
    created_by   uuid,
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    -- A personal token is somebody's, a runtime token one client's; the others are nobody's.
    CONSTRAINT tokens_user_id_check CHECK ((kind = 'personal') = (user_id IS NOT NULL)),
    CONSTRAINT tokens_client_id_check CHECK ((kind = 'runtime') = (client_id IS NOT NULL AND environment IS NOT NULL)),
    CONSTRAINT tokens_scopes_check CHECK (
        CASE kind WHEN 'publishable' THEN scopes = '{}'
                  WHEN 'runtime' THEN scopes <@ '{config:read,secret:read}'
                  ELSE scopes <@ '{read,write}' END)
);
CREATE INDEX tokens_user_id_idx ON tenantry.tokens (user_id);
CREATE INDEX tokens_client_id_idx ON tenantry.tokens (client_id);
CREATE INDEX tokens_created_at_idx ON tenantry.tokens (created_at DESC, id DESC);
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

-- What Tenantry knows about itself --------------------------------------------------------------------

CREATE TABLE tenantry.tables (
    table_name   name CONSTRAINT tables_pkey PRIMARY KEY,
    kind         varchar(50) NOT NULL CONSTRAINT tables_kind_check CHECK (kind IN ('table', 'partitioned', 'view')),
    client_owned boolean NOT NULL
);
COMMENT ON TABLE tenantry.tables IS 'The tables and views in public that are Tenantry''s.';
COMMENT ON COLUMN tenantry.tables.table_name IS 'Name in public.';
COMMENT ON COLUMN tenantry.tables.kind IS 'table, partitioned (plain while rows of an adopted one stand against it) or view.';
COMMENT ON COLUMN tenantry.tables.client_owned IS 'Whether each row belongs to the client in its client_id.';

CREATE TABLE tenantry.settings (
    key        varchar(255) CONSTRAINT settings_pkey PRIMARY KEY,
    value      jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    updated_by uuid
);
COMMENT ON TABLE tenantry.settings IS 'Settings of the installation that belong with its data.';
COMMENT ON COLUMN tenantry.settings.key IS 'Name of the setting.';
COMMENT ON COLUMN tenantry.settings.value IS 'Its value.';
COMMENT ON COLUMN tenantry.settings.updated_at IS 'When it was last set.';
COMMENT ON COLUMN tenantry.settings.updated_by IS 'Who set it; NULL where an operator did on the command line.';

CREATE TABLE tenantry.adopted_tables (
    table_name name CONSTRAINT adopted_tables_pkey PRIMARY KEY,
    catalog    jsonb NOT NULL,
    adopted_at timestamptz NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE tenantry.adopted_tables IS 'Tables that existed before Tenantry, as they were: what `migrate down` goes back to.';
COMMENT ON COLUMN tenantry.adopted_tables.table_name IS 'Name in public.';
COMMENT ON COLUMN tenantry.adopted_tables.catalog IS 'Columns, types, defaults, constraints, indexes, triggers, policies, grants, owner and dependants as they were.';
COMMENT ON COLUMN tenantry.adopted_tables.adopted_at IS 'When it was adopted.';

CREATE TABLE tenantry.pending_rules (
    table_name     name NOT NULL,
    rule           name NOT NULL,
    kind           varchar(50) NOT NULL CONSTRAINT pending_rules_kind_check
                   CHECK (kind IN ('check', 'not_null', 'unique', 'foreign_key', 'partition')),
    rows           bigint NOT NULL CONSTRAINT pending_rules_rows_check CHECK (rows >= 0),
    stand_in       text NOT NULL,
    suggested_mend text NOT NULL,
    found_at       timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT pending_rules_pkey PRIMARY KEY (table_name, rule)
);
COMMENT ON TABLE tenantry.pending_rules IS 'Rules that existing rows still break, each with what holds it for new writes meanwhile.';
COMMENT ON COLUMN tenantry.pending_rules.table_name IS 'Table the rule is for.';
COMMENT ON COLUMN tenantry.pending_rules.rule IS 'Name that the constraint will have.';
COMMENT ON COLUMN tenantry.pending_rules.kind IS 'check, not_null, unique, foreign_key, or partition (the table stays plain).';
COMMENT ON COLUMN tenantry.pending_rules.rows IS 'Rows that broke it when it was last looked at.';
COMMENT ON COLUMN tenantry.pending_rules.stand_in IS 'What holds the rule for new writes.';
COMMENT ON COLUMN tenantry.pending_rules.suggested_mend IS 'What to do about the rows.';
COMMENT ON COLUMN tenantry.pending_rules.found_at IS 'When it was found.';

CREATE TABLE tenantry.mends (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT mends_pkey PRIMARY KEY,
    table_name  name NOT NULL,
    row_key     jsonb NOT NULL,
    column_name name NOT NULL,
    rule        text NOT NULL,
    reason      text NOT NULL,
    old_value   jsonb,
    new_value   jsonb,
    mended_at   timestamptz NOT NULL DEFAULT pg_catalog.now(),
    undone_at   timestamptz
);
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

CREATE TABLE tenantry.walled_views (
    view_schema      name NOT NULL,
    view_name        name NOT NULL,
    security_invoker text,
    catalog          jsonb,
    CONSTRAINT walled_views_pkey PRIMARY KEY (view_schema, view_name)
);
COMMENT ON TABLE tenantry.walled_views IS 'Views of the site''s over adopted tables. They read with their caller''s rights since adoption, and materialised ones are for their owner alone; `migrate down` gives them back what they had.';
COMMENT ON COLUMN tenantry.walled_views.view_schema IS 'Schema of the view.';
COMMENT ON COLUMN tenantry.walled_views.view_name IS 'Its name.';
COMMENT ON COLUMN tenantry.walled_views.security_invoker IS 'The option as it was; NULL where it wasn''t set.';
COMMENT ON COLUMN tenantry.walled_views.catalog IS 'A materialised view as it was, with its grants; NULL for any other.';

CREATE TABLE tenantry.made_rows (
    table_name name NOT NULL,
    row_id     uuid NOT NULL,
    content    jsonb NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT made_rows_pkey PRIMARY KEY (table_name, row_id)
);
COMMENT ON TABLE tenantry.made_rows IS 'Rows that seeds and adoption made: `migrate down` drops those that nobody touched since, and refuses where somebody did.';
COMMENT ON COLUMN tenantry.made_rows.table_name IS 'Table of the row, in public.';
COMMENT ON COLUMN tenantry.made_rows.row_id IS 'Its id.';
COMMENT ON COLUMN tenantry.made_rows.content IS 'The row as it was made.';
COMMENT ON COLUMN tenantry.made_rows.made_at IS 'When it was made.';

CREATE TABLE tenantry.filled_events (
    event_id  uuid CONSTRAINT filled_events_pkey PRIMARY KEY,
    client_id uuid
);
COMMENT ON TABLE tenantry.filled_events IS 'Events whose client adoption filled in where the site had the column already: `migrate down` puts back what stood there.';
COMMENT ON COLUMN tenantry.filled_events.event_id IS 'Id of the event.';
COMMENT ON COLUMN tenantry.filled_events.client_id IS 'What stood in client_id: NULL, or the id of nobody.';

-- What stands in for rules while existing rows break them -----------------------------------------------

-- A NOT VALID constraint would refuse every edit of a row that breaks it, also of its other columns.
-- Arguments: the rule, its SQLSTATE, its expression over the row, then the columns that it reads.
CREATE FUNCTION tenantry.hold_pending_rule() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS
$$
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
$$;
COMMENT ON FUNCTION tenantry.hold_pending_rule() IS
    'Holds a CHECK or NOT NULL for new writes while existing rows break it: refuses what brings a bad value in or makes one, and lets other edits of such a row through.';

-- The questions that policies ask -----------------------------------------------------------------------
-- None but enter raises, whatever the claims: a policy that raises tells an attacker apart what is hidden.
-- They are plpgsql because its plans are cached for the session, and PARALLEL UNSAFE (the default) because
-- PostgreSQL before 17 can't start the subtransaction of an exception block in a parallel query. Their types are
-- qualified like everything else: an empty search_path still looks for types in pg_temp first, where the caller may
-- have put a domain of that name, with a CHECK that would run as the owner.
-- Every statement asks one of them, so each is one query: person has neither SECURITY DEFINER nor a search_path of its
-- own, so that PostgreSQL puts its text in place of the call. Only the others, which have both, may call it.
-- What enter found it notes in two settings of its transaction. Only the server, superusers and the migrator can run as a
-- request's role at all, and each of them may enter as anybody, so that a note which they forged would give them nothing.
-- Without a note the claims are looked up for every statement.

CREATE FUNCTION tenantry.holds_token(claims jsonb, kind text, user_id uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS
$$
BEGIN
    RETURN EXISTS (
        SELECT FROM tenantry.tokens t
         WHERE t.id = (claims ->> 'token_id')::pg_catalog.uuid AND t.kind = holds_token.kind
           AND t.user_id IS NOT DISTINCT FROM holds_token.user_id
           AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now()));
END
$$;
COMMENT ON FUNCTION tenantry.holds_token(jsonb, text, uuid) IS
    'Whether the token that the claims name is alive, of that kind and that person''s; NULL for nobody''s. Internal.';

-- What the claims say about the role is only ever compared. user_metadata isn't even looked at. The session is found
-- by what the claims say and not by the row of people, so that no join is made of it but by its key.
CREATE FUNCTION tenantry.person(claims jsonb) RETURNS TABLE (user_id uuid, role varchar) LANGUAGE sql STABLE AS
$$
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
COMMENT ON FUNCTION tenantry.person(jsonb) IS
    'The person that the claims stand for, and their role; no row where the claims don''t hold. A session or token that they name must be alive, the person not disabled, the role still theirs. Internal.';

CREATE FUNCTION tenantry.is_nobodys(claims jsonb, kind text, role text) RETURNS boolean LANGUAGE plpgsql STABLE AS
$$
BEGIN
    RETURN claims ->> 'token_id' IS NOT NULL AND claims ->> 'sub' IS NULL AND claims ->> 'session_id' IS NULL
       AND (claims #>> '{app_metadata,role}' = is_nobodys.role) IS NOT FALSE
       AND tenantry.holds_token(claims, kind, NULL);
END
$$;
COMMENT ON FUNCTION tenantry.is_nobodys(jsonb, text, text) IS
    'Whether the claims are those of a living token of that kind, which is nobody''s, and don''t speak of another role. Internal.';

CREATE FUNCTION tenantry.has_note() RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT current_setting('tenantry.entered', true) = current_setting('role')
$$;
COMMENT ON FUNCTION tenantry.has_note() IS 'Whether enter noted in this transaction that somebody of this role has entered. Internal.';

CREATE FUNCTION tenantry.holds_now() RETURNS boolean LANGUAGE plpgsql STABLE AS
$$
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
COMMENT ON FUNCTION tenantry.holds_now() IS
    'Whether people, sessions and tokens say that the claims of this transaction hold for the role it runs as. Internal.';

-- One expression without a query, which plpgsql evaluates by itself.
CREATE FUNCTION tenantry.entered() RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    RETURN tenantry.has_note() IS TRUE OR tenantry.holds_now();
END
$$;
COMMENT ON FUNCTION tenantry.entered() IS
    'Whether the claims of this transaction hold for the role it runs as; false where tenantry.enter raises. Policies for all clients ask it once per statement.';

CREATE FUNCTION tenantry.user_id() RETURNS uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    claims pg_catalog.jsonb;
BEGIN
    claims := nullif(current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb;
    RETURN (SELECT p.user_id FROM tenantry.person(claims) p WHERE 'tenantry_' || p.role = current_setting('role'));
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tenantry.user_id() IS
    'The person who has entered; NULL for service tokens, jobs, operators, and claims that don''t hold.';

-- The comparison of the roles in the two lists is written so that no hash is made of it, which takes longer to build
-- than the few rows take to read.
CREATE FUNCTION tenantry.member_client_ids() RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = '' AS
$$
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
COMMENT ON FUNCTION tenantry.member_client_ids() IS 'The clients that the person who has entered is a member of.';

CREATE FUNCTION tenantry.managed_client_ids() RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = '' AS
$$
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
COMMENT ON FUNCTION tenantry.managed_client_ids() IS 'The clients that the person who has entered manages: as manager by role and by membership.';

CREATE FUNCTION tenantry.refusal(claims jsonb) RETURNS text LANGUAGE plpgsql STABLE AS
$$
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
COMMENT ON FUNCTION tenantry.refusal(jsonb) IS 'Why claims that don''t hold don''t. Asked about no others. Internal.';

CREATE FUNCTION tenantry.enter(claims jsonb, request_id text DEFAULT NULL, reason text DEFAULT NULL, address text DEFAULT NULL)
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
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
COMMENT ON FUNCTION tenantry.enter(jsonb, text, text, text) IS
    'Opens a request: sets claims, request id, reason and address for this transaction, notes who has entered and whose member they are, or raises TN401 for a disabled person, an ended session, a changed role, a revoked token or apikey. With a token that may not write, the transaction is read only. SET LOCAL ROLE follows it.';

REVOKE ALL ON FUNCTION tenantry.hold_pending_rule(), tenantry.holds_token(jsonb, text, uuid), tenantry.person(jsonb),
    tenantry.is_nobodys(jsonb, text, text), tenantry.has_note(), tenantry.holds_now(), tenantry.entered(), tenantry.user_id(),
    tenantry.member_client_ids(), tenantry.managed_client_ids(), tenantry.refusal(jsonb), tenantry.enter(jsonb, text, text, text) FROM PUBLIC;
