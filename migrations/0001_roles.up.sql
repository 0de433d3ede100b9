-- Roles. They belong to the cluster, not to the database: two databases of Tenantry share them, so this
-- makes what is missing, mends what is wrong, and is a no-op where all is in place. It runs as the migrator
-- itself (every later migration runs as tenantry_owner), and also gives tenantry_owner and the login roles what
-- only the owner of the database, of `public` and of an existing `auth` can give.
--
-- A migrator that may not do all of this does what it may. What is then still missing is raised as
-- insufficient_privilege with the statements for a superuser, one a line, in the error's DETAIL.
-- BYPASSRLS for tenantry_backup is the one thing that is only tried: without it a policy lets it read.
DO $roles$
DECLARE
    migrator name := current_user;
    -- Since PostgreSQL 16 a membership has options, and the default of INHERIT hangs on who grants it.
    options text := CASE WHEN current_setting('server_version_num')::int >= 160000
                         THEN ' WITH INHERIT FALSE, SET TRUE' ELSE '' END;
    missing text[];
    missing_but_optional text[];
    statement text;
BEGIN
    FOR attempt IN 1..2 LOOP
        WITH wanted (role, attributes, ours, purpose) AS (VALUES
            ('tenantry_owner', 'NOLOGIN NOINHERIT', true, 'Tenantry: owns every object of Tenantry''s and runs migrations.'),
            ('tenantry_server', 'LOGIN NOINHERIT', true, 'Tenantry: what the server connects as; may nothing by itself but take a role.'),
            ('tenantry_auth', 'NOLOGIN NOINHERIT', true, 'Tenantry: sign-in; reads people, sessions and tokens, nothing of public.'),
            ('tenantry_worker', 'NOLOGIN NOINHERIT', true, 'Tenantry: jobs, snapshots, sealing; never reachable from a request''s claims.'),
            ('tenantry_backup', 'NOLOGIN NOINHERIT', true, 'Tenantry: reads every row for pg_dump.'),
            ('tenantry_client', 'NOLOGIN NOINHERIT', true, 'Tenantry: a client''s own login.'),
            ('tenantry_staff', 'NOLOGIN NOINHERIT', true, 'Tenantry: agency staff; reads the clients they are members of.'),
            ('tenantry_manager', 'NOLOGIN NOINHERIT', true, 'Tenantry: client manager; reads and writes the clients they manage.'),
            ('tenantry_admin', 'NOLOGIN NOINHERIT', true, 'Tenantry: agency admin; reads and writes every client and all global rows.'),
            ('tenantry_super_admin', 'NOLOGIN NOINHERIT', true, 'Tenantry: as admin, and people, roles, system rows, keys.'),
            ('tenantry_service', 'NOLOGIN NOINHERIT', true, 'Tenantry: machines with a service token; as admin, never people or keys.'),
            ('anon', 'NOLOGIN NOINHERIT', false, 'Tenantry: nobody signed in.'),
            ('authenticated', 'NOLOGIN NOINHERIT', false, 'Tenantry: signed in, no role of Tenantry''s.')
        ),
        -- Who may become whom: the server takes the role of a request, the migrator owns and dumps.
        membership (role, member, options) AS (
            SELECT w.role, 'tenantry_server', options
              FROM wanted w WHERE w.role NOT IN ('tenantry_owner', 'tenantry_server', 'tenantry_backup')
            UNION ALL
            SELECT w.role, migrator, ''
              FROM wanted w
             WHERE w.role IN ('tenantry_owner', 'tenantry_backup')
               AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = migrator)
        ),
        existing_membership AS (
            SELECT g.rolname AS role, m.rolname AS member, by.rolname AS grantor,
                   coalesce((pg_catalog.to_jsonb(a) ->> 'set_option')::boolean, true) AS may_set
              FROM pg_catalog.pg_auth_members a
              JOIN pg_catalog.pg_roles g ON g.oid = a.roleid
              JOIN pg_catalog.pg_roles m ON m.oid = a.member
              LEFT JOIN pg_catalog.pg_roles by ON by.oid = a.grantor
        ),
        step (place, optional, statement) AS (
            SELECT 1, false, pg_catalog.format('CREATE ROLE %I %s', w.role, w.attributes)
              FROM wanted w
             WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = w.role)
            UNION ALL
            -- A role of the site's is left as it is, so its comment is only set where this makes the role:
            -- by the comment `down` knows which of the two it may drop.
            SELECT 2, true, pg_catalog.format('COMMENT ON ROLE %I IS %L', w.role, w.purpose)
              FROM wanted w LEFT JOIN pg_catalog.pg_roles r ON r.rolname = w.role
             WHERE r.oid IS NULL
                OR w.ours AND pg_catalog.shobj_description(r.oid, 'pg_authid') IS DISTINCT FROM w.purpose
            UNION ALL
            -- Only what is wrong is named: to say NOSUPERUSER takes a superuser even where it changes nothing.
            SELECT 3, false, pg_catalog.format('ALTER ROLE %I %s', w.role, pg_catalog.concat_ws(' ',
                       CASE WHEN r.rolinherit THEN 'NOINHERIT' END,
                       CASE WHEN r.rolcanlogin <> (w.role = 'tenantry_server')
                            THEN CASE WHEN r.rolcanlogin THEN 'NOLOGIN' ELSE 'LOGIN' END END,
                       CASE WHEN r.rolsuper THEN 'NOSUPERUSER' END,
                       CASE WHEN r.rolcreaterole THEN 'NOCREATEROLE' END,
                       CASE WHEN r.rolcreatedb THEN 'NOCREATEDB' END,
                       CASE WHEN r.rolreplication THEN 'NOREPLICATION' END,
                       CASE WHEN r.rolbypassrls AND w.role <> 'tenantry_backup' THEN 'NOBYPASSRLS' END))
              FROM wanted w JOIN pg_catalog.pg_roles r ON r.rolname = w.role
             WHERE w.ours
               AND (r.rolinherit OR r.rolcanlogin <> (w.role = 'tenantry_server') OR r.rolsuper
                    OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication
                    OR r.rolbypassrls AND w.role <> 'tenantry_backup')
            UNION ALL
            SELECT 3, true, 'ALTER ROLE tenantry_backup BYPASSRLS'
             WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = 'tenantry_backup' AND r.rolbypassrls)
            UNION ALL
            SELECT 4, false, pg_catalog.format('GRANT %I TO %I%s', m.role, m.member, m.options)
              FROM membership m
             WHERE NOT EXISTS (SELECT FROM existing_membership e
                                WHERE e.role = m.role AND e.member = m.member AND e.may_set)
            UNION ALL
            -- A member of a role inherits its policies: one membership too many and the wall has a door.
            SELECT 5, false, pg_catalog.format('REVOKE %I FROM %I%s', e.role, e.member,
                       CASE WHEN options = '' THEN '' ELSE pg_catalog.format(' GRANTED BY %I', e.grantor) END)
              FROM existing_membership e
              JOIN wanted w ON w.role = e.member AND w.ours
             WHERE NOT EXISTS (SELECT FROM membership m WHERE m.role = e.role AND m.member = e.member)
            UNION ALL
            SELECT 6, false, pg_catalog.format('GRANT CREATE ON DATABASE %I TO tenantry_owner', pg_catalog.current_database())
             WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = 'tenantry_owner'
                                AND pg_catalog.has_database_privilege(r.oid, pg_catalog.current_database(), 'CREATE'))
            UNION ALL
            SELECT 7, false, pg_catalog.format('GRANT %s ON SCHEMA %I TO %I', g.privilege, g.schema, g.role)
              FROM (SELECT 'public', w.role, p.privilege
                      FROM wanted w CROSS JOIN (VALUES ('USAGE'), ('CREATE')) p (privilege)
                     WHERE w.ours AND w.role NOT IN ('tenantry_server', 'tenantry_auth')
                       AND (p.privilege = 'USAGE' OR w.role = 'tenantry_owner')
                    UNION ALL
                    SELECT 'auth', r.role, 'USAGE'
                      FROM (VALUES ('tenantry_owner'), ('tenantry_auth'), ('tenantry_backup')) r (role)
                    UNION ALL
                    -- Only where something of `auth` is still to be added.
                    SELECT 'auth', 'tenantry_owner', 'CREATE'
                     WHERE pg_catalog.to_regclass('auth.users') IS NULL
                        OR pg_catalog.to_regprocedure('auth.uid()') IS NULL
                        OR pg_catalog.to_regprocedure('auth.role()') IS NULL
                        OR pg_catalog.to_regprocedure('auth.jwt()') IS NULL) g (schema, role, privilege)
              JOIN pg_catalog.pg_namespace n ON n.nspname = g.schema
             -- Granted to the role itself: what it may as PUBLIC can go any day, and whether a role that is there
             -- already may would make the second database of a cluster differ from the first.
             WHERE NOT EXISTS (SELECT FROM pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a
                                 JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
                                WHERE r.rolname = g.role AND a.privilege_type = g.privilege)
            UNION ALL
            SELECT 8, false, pg_catalog.format('GRANT %s ON auth.users TO %I', g.privilege, g.role)
              FROM (VALUES ('tenantry_owner', 'SELECT'), ('tenantry_owner', 'INSERT'),
                           ('tenantry_auth', 'SELECT'), ('tenantry_backup', 'SELECT')) g (role, privilege)
             WHERE pg_catalog.to_regclass('auth.users') IS NOT NULL
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = g.role
                                AND pg_catalog.has_table_privilege(r.oid, pg_catalog.to_regclass('auth.users'), g.privilege))
            UNION ALL
            -- A column of the site's may count by a sequence, from which whoever adds a person takes the next number.
            SELECT 8, false, pg_catalog.format('GRANT USAGE ON SEQUENCE %I.%I TO tenantry_owner', n.nspname, s.relname)
              FROM pg_catalog.pg_attrdef d
              JOIN pg_catalog.pg_depend p ON p.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND p.objid = d.oid
               AND p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
              JOIN pg_catalog.pg_class s ON s.oid = p.refobjid AND s.relkind = 'S'
              JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace
             WHERE d.adrelid = pg_catalog.to_regclass('auth.users')
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = 'tenantry_owner'
                                AND pg_catalog.has_sequence_privilege(r.oid, s.oid, 'USAGE'))
        )
        SELECT pg_catalog.array_agg(s.statement ORDER BY s.place, s.statement),
               pg_catalog.array_agg(s.statement ORDER BY s.place, s.statement) FILTER (WHERE s.optional)
          INTO missing, missing_but_optional
          FROM step s;

        EXIT WHEN attempt = 2;
        FOREACH statement IN ARRAY coalesce(missing, '{}') LOOP
            BEGIN
                EXECUTE statement;
            EXCEPTION
                -- What was refused is found missing below. Another database's migrator may be a moment ahead.
                WHEN insufficient_privilege OR undefined_object OR duplicate_object OR unique_violation THEN NULL;
            END;
        END LOOP;
    END LOOP;

    missing := ARRAY(SELECT m FROM pg_catalog.unnest(missing) WITH ORDINALITY AS u (m, place)
                      WHERE m <> ALL (coalesce(missing_but_optional, '{}')) ORDER BY place);
    IF missing <> '{}' THEN
        RAISE insufficient_privilege USING
            MESSAGE = pg_catalog.format('%I may not make all of Tenantry''s roles and grants', migrator),
            DETAIL = pg_catalog.array_to_string(missing, E';\n') || ';',
            HINT = 'Have a superuser run the statements above in this database, then run `tenantry migrate up` again.';
    END IF;
END
$roles$;
