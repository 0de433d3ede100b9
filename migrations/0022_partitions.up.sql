-- Partitions ahead of time: without one for its month, a row can't be stored.
--
-- Before the audit triggers, so that the log's first entry finds its month and no writer waits for two dozen of them.
--
-- Every function here fixes the time zone to UTC, so that a month begins at the same instant whoever calls.

CREATE FUNCTION tenantry.partitions() RETURNS TABLE (parent name, partition regclass, lower_bound date, upper_bound date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET timezone = 'UTC' SET datestyle = 'ISO' AS
$$
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
$$;
COMMENT ON FUNCTION tenantry.partitions() IS 'The partitions of Tenantry''s tables with their bounds, days in UTC; NULL where a bound is open.';

CREATE FUNCTION tenantry.make_partition(parent name, month date) RETURNS regclass
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC' SET datestyle = 'ISO' AS
$$
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
COMMENT ON FUNCTION tenantry.make_partition(name, date) IS
    'Makes the partition of one month; NULL where the DEFAULT partition already holds rows of it. Internal.';

CREATE FUNCTION tenantry.maintain_partitions(earliest date DEFAULT NULL) RETURNS SETOF regclass
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC' SET datestyle = 'ISO' AS
$$
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
COMMENT ON FUNCTION tenantry.maintain_partitions(date) IS
    'Makes the monthly partitions that are missing, from the first month there is (or earliest, to take in older rows) to 24 months ahead, and returns them. The server calls it daily.';

CREATE FUNCTION tenantry.partition_months_ahead() RETURNS TABLE (table_name name, months integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET timezone = 'UTC' AS
$$
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
COMMENT ON FUNCTION tenantry.partition_months_ahead() IS
    'For how many months after this one each partitioned table is ready; /readyz warns under six. A table that is still plain isn''t listed: it takes every month.';

CREATE FUNCTION tenantry.expired_partitions() RETURNS TABLE (parent name, partition regclass)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET timezone = 'UTC' AS
$$
    SELECT p.parent, p.partition
      FROM tenantry.settings s
     CROSS JOIN tenantry.partitions() p
     WHERE s.key = 'partition_retention_months'
       AND jsonb_typeof(s.value -> p.parent::pg_catalog.text) = 'number'
       AND p.upper_bound <= date_trunc('month', now()) - (s.value ->> p.parent::pg_catalog.text)::integer * interval '1 month'
     ORDER BY p.parent, p.upper_bound
$$;
COMMENT ON FUNCTION tenantry.expired_partitions() IS
    'Partitions older than the setting partition_retention_months keeps, e.g. {"client_analytics": 36}; none without it. `tenantry partitions maintain` detaches them (CONCURRENTLY, which no function can) and drops them.';

REVOKE ALL ON FUNCTION tenantry.partitions(), tenantry.make_partition(name, date), tenantry.maintain_partitions(date),
    tenantry.partition_months_ahead(), tenantry.expired_partitions() FROM PUBLIC;

SELECT tenantry.maintain_partitions();
