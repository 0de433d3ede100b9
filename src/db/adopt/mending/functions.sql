-- Two functions for the session of the migrator, each one batch of work in the caller's transaction.
--
-- A mend is the operator's act and not the application's: triggers that stamp updated_at, guard transitions, hold
-- pending rules or notify somebody are switched off for the few milliseconds of a batch, under a lock that keeps
-- writers out so that none of their rows slips by, and are on again, each in its former mode, when it commits.
-- History goes on, since a mended customization is a new content; the audit entry is written here, row by row.

CREATE OR REPLACE FUNCTION pg_temp.switch_triggers(place regclass, back boolean) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    trigger record;
BEGIN
    IF NOT back THEN
        CREATE TEMP TABLE IF NOT EXISTS switched_off (place regclass, name name, mode text) ON COMMIT DROP;
        INSERT INTO switched_off
        SELECT t.tgrelid, t.tgname, CASE t.tgenabled WHEN 'R' THEN 'REPLICA' WHEN 'A' THEN 'ALWAYS' ELSE '' END
          FROM pg_catalog.pg_trigger t
          JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid
          JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
         WHERE t.tgrelid = place AND NOT t.tgisinternal AND t.tgenabled <> 'D'
           AND NOT (n.nspname = 'tenantry' AND f.proname LIKE 'history\_%');
    END IF;
    FOR trigger IN SELECT s.name, s.mode FROM switched_off s WHERE s.place = switch_triggers.place LOOP
        IF back THEN
            EXECUTE format('ALTER TABLE %s ENABLE %s TRIGGER %I', place, trigger.mode, trigger.name);
        ELSE
            EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', place, trigger.name);
        END IF;
    END LOOP;
END
$$;

-- Runs a statement for many ids at once, or, where a constraint refuses one of them, for each by itself: those that
-- are refused stay as they are and wait for a person. The statement takes the ids as $1 and returns how many it did.
CREATE OR REPLACE FUNCTION pg_temp.as_far_as_allowed(statement text, ids text[]) RETURNS bigint LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    done bigint := 0;
    one bigint;
    id text;
BEGIN
    BEGIN
        EXECUTE statement INTO done USING ids;
        RETURN done;
    EXCEPTION WHEN integrity_constraint_violation THEN
        done := 0;
    END;
    FOREACH id IN ARRAY ids LOOP
        BEGIN
            EXECUTE statement INTO one USING ARRAY[id];
            done := done + one;
        EXCEPTION WHEN integrity_constraint_violation THEN
            NULL;
        END;
    END LOOP;
    RETURN done;
END
$$;

CREATE OR REPLACE FUNCTION pg_temp.mend_batch(
    after text, place regclass, col name, condition text, value text, rule text, reason text,
    OUT next text, OUT rows bigint) LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ids text[];
    of_table name := (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = place);
    client text := CASE
        WHEN of_table = 'clients_enhanced' THEN 'r.id'
        WHEN EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = place AND a.attname = 'client_id') THEN 'r.client_id'
        ELSE 'NULL::uuid' END;
    id_type text := (SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a
                      WHERE a.attrelid = place AND a.attname = 'id' AND NOT a.attisdropped);
BEGIN
    -- The rows are looked for before the lock is taken, and looked at again under it.
    EXECUTE format(
        'SELECT array_agg(id::text ORDER BY id) FROM (SELECT r.id FROM %s r WHERE %s AND %s ORDER BY r.id LIMIT 500) batch',
        place, CASE WHEN after = '' THEN 'true' ELSE format('r.id > %L', after) END, condition)
        INTO ids;
    rows := 0;
    IF ids IS NULL THEN
        RETURN;
    END IF;
    next := ids[array_upper(ids, 1)];

    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', place);
    PERFORM set_config('tenantry.reason', reason, true);
    -- Deferred triggers would wait for the commit, and PostgreSQL alters no table for which one waits.
    SET CONSTRAINTS ALL IMMEDIATE;
    PERFORM pg_temp.switch_triggers(place, false);
    rows := pg_temp.as_far_as_allowed(format(
        'WITH was AS (
             SELECT r.id, r.%2$I AS old, (%3$s) AS new, %4$s AS client
               FROM %1$s r WHERE r.id = ANY ($1::%9$s[]) AND %5$s
         ), changed AS (
             UPDATE %1$s t SET %2$I = was.new FROM was WHERE t.id = was.id
             RETURNING t.id, was.client, to_jsonb(was.old) AS old, to_jsonb(t.%2$I) AS new
         ), kept AS (
             INSERT INTO tenantry.mends (table_name, row_key, column_name, rule, reason, old_value, new_value)
             SELECT %6$L, jsonb_build_object(''id'', id), %2$L, %7$L, %8$L, old, new FROM changed
         )
         SELECT count(tenantry.audit_event(''mend'',
                    jsonb_build_object(''column'', %2$L, ''rule'', %7$L, ''reason'', %8$L, ''before'', old, ''after'', new),
                    client, %6$L, id::text))
           FROM changed', place, col, value, client, condition, of_table, rule, reason, id_type), ids);
    PERFORM pg_temp.switch_triggers(place, true);
END
$$;

CREATE OR REPLACE FUNCTION pg_temp.unmend_batch(after text, place regclass, col name, OUT next text, OUT rows bigint)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ids text[];
    of_table name := (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = place);
    of_type text := (SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a
                      WHERE a.attrelid = place AND a.attname = col AND NOT a.attisdropped);
    id_type text := (SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a
                      WHERE a.attrelid = place AND a.attname = 'id' AND NOT a.attisdropped);
BEGIN
    -- The last mend is taken back first.
    SELECT array_agg(batch.id::text ORDER BY batch.id DESC) INTO ids
      FROM (SELECT m.id FROM tenantry.mends m
             WHERE m.table_name = of_table AND m.column_name = col AND m.undone_at IS NULL
               AND (after = '' OR m.id < nullif(after, '')::bigint)
             ORDER BY m.id DESC LIMIT 500) batch;
    rows := 0;
    IF ids IS NULL THEN
        RETURN;
    END IF;
    next := ids[array_upper(ids, 1)];

    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', place);
    SET CONSTRAINTS ALL IMMEDIATE;
    PERFORM pg_temp.switch_triggers(place, false);
    -- Only where the value is still the mended one: what somebody has written since is theirs.
    rows := pg_temp.as_far_as_allowed(format(
        'WITH put_back AS (
             UPDATE %1$s t SET %2$I = (m.old_value #>> ''{}'')::%3$s
               FROM tenantry.mends m
              WHERE m.id = ANY ($1::bigint[]) AND t.id = (m.row_key ->> ''id'')::%4$s
                AND t.%2$I IS NOT DISTINCT FROM (m.new_value #>> ''{}'')::%3$s
             RETURNING m.id
         ), marked AS (
             UPDATE tenantry.mends m SET undone_at = now() FROM put_back p WHERE m.id = p.id
         )
         SELECT count(*) FROM put_back', place, col, of_type, id_type), ids);
    PERFORM pg_temp.switch_triggers(place, true);
END
$$;
