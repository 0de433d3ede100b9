-- One-time links, by which people who have no password yet, or none any more, choose one; and what a super admin may do to
-- people beyond their rows.
--
-- Whoever has a link may use it, so its secret is kept as a hash, counts for a while, and once. What makes a person or ends
-- sessions reaches tables on which no request has a right, and does one thing each, for the role that it is granted to.

CREATE TABLE tenantry.links (
    id          uuid         CONSTRAINT links_pkey PRIMARY KEY DEFAULT pg_catalog.gen_random_uuid(),
    kind        varchar(50)  NOT NULL
                CONSTRAINT links_kind_check CHECK (kind IN ('set_up', 'password')),
    secret_hash bytea        NOT NULL CONSTRAINT links_secret_hash_key UNIQUE
                CONSTRAINT links_secret_hash_check CHECK (pg_catalog.octet_length(secret_hash) = 32),
    user_id     uuid         CONSTRAINT links_user_id_fkey REFERENCES tenantry.people (user_id),
    created_at  timestamptz  NOT NULL DEFAULT pg_catalog.now(),
    created_by  uuid,
    expires_at  timestamptz  NOT NULL,
    used_at     timestamptz,
    CONSTRAINT links_user_id_check CHECK ((kind = 'password') = (user_id IS NOT NULL)),
    CONSTRAINT links_expires_at_check CHECK (expires_at > created_at)
);
CREATE INDEX links_user_id_idx ON tenantry.links (user_id);
COMMENT ON TABLE tenantry.links IS 'Links by which somebody chooses a password, once. The secret part is never stored.';
COMMENT ON COLUMN tenantry.links.id IS 'By which the audit log names it. Opens nothing.';
COMMENT ON COLUMN tenantry.links.kind IS 'set_up makes the first administrator, password is for a person who is there.';
COMMENT ON COLUMN tenantry.links.secret_hash IS 'SHA-256 of the 256 random bits in the link.';
COMMENT ON COLUMN tenantry.links.user_id IS 'Whose password it is for; NULL for the first administrator, who isn''t there yet.';
COMMENT ON COLUMN tenantry.links.created_at IS 'When it was made.';
COMMENT ON COLUMN tenantry.links.created_by IS 'Who made it; NULL where an operator did on the command line.';
COMMENT ON COLUMN tenantry.links.expires_at IS 'When it stops by itself.';
COMMENT ON COLUMN tenantry.links.used_at IS 'When it was used, or a newer one took its place; NULL while it counts.';
COMMENT ON INDEX tenantry.links_user_id_idx IS 'The links of one person.';

SELECT tenantry.audit_table('tenantry.links', hidden => '{secret_hash}');

CREATE FUNCTION tenantry.make_link(kind text, person uuid, secret_hash bytea, seconds integer) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
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
COMMENT ON FUNCTION tenantry.make_link(text, uuid, bytea, integer) IS
    'Makes a link that counts for so many seconds, and gives when it ends; those before it for the same count no more.';

CREATE FUNCTION tenantry.has_administrator() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS
$$
    SELECT EXISTS (SELECT FROM tenantry.people p WHERE p.role = 'super_admin' AND p.disabled_at IS NULL)
$$;
COMMENT ON FUNCTION tenantry.has_administrator() IS 'Whether there is a super admin who isn''t disabled.';

-- People ------------------------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.add_person(email text, name text, role text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
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
COMMENT ON FUNCTION tenantry.add_person(text, text, text) IS
    'Adds a person without a password; somebody of the site''s who has no role yet gets one, and keeps their id.';

-- One at a time: two who use the link at once would both be the first.
CREATE FUNCTION tenantry.add_first_administrator(secret_hash bytea, email text, name text, password_hash text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
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
COMMENT ON FUNCTION tenantry.add_first_administrator(bytea, text, text, text) IS
    'Makes the first super admin, by a link that counts, while there is none; else gives NULL.';

CREATE FUNCTION tenantry.end_sessions(person uuid) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    ended pg_catalog.int8;
BEGIN
    UPDATE tenantry.sessions s SET ended_at = now() WHERE s.user_id = person AND s.ended_at IS NULL;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END
$$;
COMMENT ON FUNCTION tenantry.end_sessions(uuid) IS 'Ends every session of a person''s, and gives how many there were.';

CREATE FUNCTION tenantry.copy_role(person uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
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
COMMENT ON FUNCTION tenantry.copy_role(uuid) IS
    'Copies a person''s role to where tokens are made from, on a table that Tenantry may write; a site''s own copy is its own.';

-- Pages of people are read by those who keep them. What a person says of themselves is a name and nothing more.
CREATE FUNCTION tenantry.known_people()
    RETURNS TABLE (user_id uuid, email text, name text, role varchar, disabled_at timestamptz, created_at timestamptz,
                   has_password boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS
$$
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
COMMENT ON FUNCTION tenantry.known_people() IS
    'Everybody who can sign in, and what they are here; without a role, somebody of the site''s. For those who keep people.';

CREATE FUNCTION tenantry.people_seen(people uuid[])
    RETURNS TABLE (user_id uuid, last_sign_in_at timestamptz, open_sessions bigint, clients bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS
$$
    SELECT i.id,
           (SELECT pg_catalog.max(s.started_at) FROM tenantry.sessions s WHERE s.user_id = i.id),
           (SELECT pg_catalog.count(*) FROM tenantry.sessions s
             WHERE s.user_id = i.id AND s.ended_at IS NULL AND s.expires_at > pg_catalog.now()),
           (SELECT pg_catalog.count(*) FROM public.client_members m WHERE m.user_id = i.id)
      FROM pg_catalog.unnest(people) AS i (id)
     WHERE tenantry.entered()
$$;
COMMENT ON FUNCTION tenantry.people_seen(uuid[]) IS
    'When people last signed in, how many sessions they have open and how many clients. For those who keep people.';

CREATE FUNCTION tenantry.names_of(people uuid[]) RETURNS TABLE (user_id uuid, email text, name text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS
$$
    SELECT u.id, coalesce(u.email, '')::pg_catalog.text, coalesce(a.said ->> 'name', a.said ->> 'full_name')
      FROM auth.users u
      LEFT JOIN tenantry.user_metadata w ON w.user_id = u.id
     CROSS JOIN LATERAL (SELECT coalesce(w.data, pg_catalog.to_jsonb(u) -> 'raw_user_meta_data') AS said) a
     WHERE u.id = ANY (people) AND tenantry.entered()
$$;
COMMENT ON FUNCTION tenantry.names_of(uuid[]) IS
    'Address and name of people whose ids the caller knows already, from a row or a trail. Not for clients'' own logins.';

REVOKE ALL ON FUNCTION tenantry.make_link(text, uuid, bytea, integer), tenantry.has_administrator(),
    tenantry.add_person(text, text, text), tenantry.add_first_administrator(bytea, text, text, text), tenantry.end_sessions(uuid),
    tenantry.copy_role(uuid), tenantry.known_people(), tenantry.people_seen(uuid[]), tenantry.names_of(uuid[]) FROM PUBLIC;
