-- Triggers that write the audit log: in the transaction of the write, so that what can't be logged isn't done.
--
-- They are statement triggers with transition tables, so that a statement that writes ten thousand rows calls each
-- once. Their functions are definer functions, because whoever writes a row may not write the log. They switch off what
-- the planner's guess of how many rows come makes it choose: compilation, and sorting the rows as text to pair them
-- (measured: an UPDATE of 10,000 clients took 1.6 s with both, 0.85 s without).
--
-- What is left out: columns that Tenantry itself keeps (stamps, usage counts, scores, last use, the rotating half of a
-- session). Who and when are in the entry anyway, figures follow from writes that are logged themselves, and an update
-- that changes nothing else is no act of anybody's.
--
-- What is masked: columns that hold a hash of something secret; and whatever tenantry.masked() takes for a secret, since
-- rows that were there before Tenantry may hold some in the clear. It walks through the document, so it is only called
-- where a regular expression finds that there could be something (measured on a new client: 16 µs instead of 207 µs).

-- Written so that it is put in place of its call: no SET, operators by their schema. It may suspect too much, never too
-- little: every name and form that tenantry.masked() knows has one of these words in it, or is encoded.
CREATE FUNCTION tenantry.audit_suspects(said text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$
    SELECT said OPERATOR(pg_catalog.~*) 'secret|passw|passphrase|pwd|token|credential|key|[sr]k_|whsec_|gh[opsur]_|_pat_|glpat-|npm_|xox|akia|sg[.]|tnt_|-----begin|eyj|://'
        OR said OPERATOR(pg_catalog.~) '[A-Za-z0-9+/]{16}'
$$;
COMMENT ON FUNCTION tenantry.audit_suspects(text) IS 'Whether a document, as text, could hold something that tenantry.masked() masks. Internal.';

CREATE FUNCTION tenantry.audit_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = '' SET jit = off AS
$$
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
COMMENT ON FUNCTION tenantry.audit_insert() IS 'Logs inserted rows whole. Arguments as tenantry.audit_table() gives them.';

CREATE FUNCTION tenantry.audit_delete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = '' SET jit = off AS
$$
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
COMMENT ON FUNCTION tenantry.audit_delete() IS 'Logs deleted rows whole. Arguments as tenantry.audit_table() gives them.';

CREATE FUNCTION tenantry.audit_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = '' SET jit = off SET enable_mergejoin = off AS
$$
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
COMMENT ON FUNCTION tenantry.audit_update() IS
    'Logs the changed columns of updated rows, before and after. Arguments as tenantry.audit_table() gives them.';

CREATE FUNCTION tenantry.audit_truncate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
BEGIN
    INSERT INTO public.audit_log (user_id, token_id, session_id, actor, database_role, login_role, address, request_id, reason,
                                  action, table_schema, table_name)
    SELECT w.user_id, w.token_id, w.session_id, w.actor, w.database_role, w.login_role, w.address, w.request_id, w.reason,
           'truncate', TG_TABLE_SCHEMA, TG_TABLE_NAME
      FROM tenantry.audit_who() w;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tenantry.audit_truncate() IS 'Logs that a table was emptied: nobody is granted it, but its owner can.';

CREATE FUNCTION tenantry.audit_table(
    audited regclass, key text[] DEFAULT '{id}', client text DEFAULT '', kept text[] DEFAULT '{}', hidden text[] DEFAULT '{}')
    RETURNS void LANGUAGE plpgsql SET search_path = '' AS
$$
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
$$;
COMMENT ON FUNCTION tenantry.audit_table(regclass, text[], text, text[], text[]) IS
    'Has every write of a table logged. key: its primary key (at most two columns); client: the column with the client, or empty; kept: columns whose change alone is no act; hidden: columns whose values never get into the log. For migrations.';

REVOKE ALL ON FUNCTION tenantry.audit_suspects(text), tenantry.audit_insert(), tenantry.audit_delete(), tenantry.audit_update(), tenantry.audit_truncate(),
    tenantry.audit_table(regclass, text[], text, text[], text[]) FROM PUBLIC;

-- Tenantry's tables, without the four that are trails or measurements themselves: audit_log, configuration_versions,
-- deployment_tracking_events, client_analytics.
SELECT tenantry.audit_table('public.clients_enhanced', client => 'id');
SELECT tenantry.audit_table('public.client_members', key => '{client_id,user_id}', client => 'client_id');
SELECT tenantry.audit_table('public.client_customizations', client => 'client_id');
SELECT tenantry.audit_table('public.client_deployments', client => 'client_id');
SELECT tenantry.audit_table('public.system_configurations', client => 'client_id');
SELECT tenantry.audit_table('public.template_configurations', kept => '{usage_count,last_used_at,performance_score}');
SELECT tenantry.audit_table('public.deployment_configurations', client => 'client_id');
SELECT tenantry.audit_table('public.deployment_templates', kept => '{usage_count,last_used_at,success_rate}');
SELECT tenantry.audit_table('public.client_billing_info', client => 'client_id');

-- Who may come in. Of a session its start and its end: the rest of its life is the server's business.
SELECT tenantry.audit_table('tenantry.people', key => '{user_id}');
SELECT tenantry.audit_table('tenantry.passwords', key => '{user_id}', hidden => '{password_hash}');
SELECT tenantry.audit_table('tenantry.sessions', kept => '{secret_hash,generation,refreshed_at,stepped_up_at,expires_at}', hidden => '{secret_hash}');
SELECT tenantry.audit_table('tenantry.user_metadata', key => '{user_id}', hidden => '{data}');
SELECT tenantry.audit_table('tenantry.tokens', client => 'client_id', kept => '{last_used_at}', hidden => '{secret_hash}');
SELECT tenantry.audit_table('tenantry.settings', key => '{key}');
