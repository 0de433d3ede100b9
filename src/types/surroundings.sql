-- What of public only types ask for: enums, composite types, functions, and the views that rows can be written into.
SELECT jsonb_build_object(
    'enums', coalesce((
        SELECT jsonb_object_agg(t.typname, (SELECT jsonb_agg(l.enumlabel ORDER BY l.enumsortorder) FROM pg_catalog.pg_enum l WHERE l.enumtypid = t.oid))
          FROM pg_catalog.pg_type t
         WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'e'), '{}'),
    'composites', coalesce((
        SELECT jsonb_object_agg(t.typname, (
                   SELECT jsonb_agg(jsonb_build_array(a.attname, u.typname) ORDER BY a.attnum)
                     FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type u ON u.oid = a.atttypid
                    WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
          FROM pg_catalog.pg_type t JOIN pg_catalog.pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
         WHERE t.typnamespace = 'public'::regnamespace), '{}'),
    -- 8 is INSERT, 4 is UPDATE; triggers that stand in for the view count. They take whole rows, so where there are any
    -- every column takes a value.
    'writable_views', coalesce((
        SELECT jsonb_object_agg(c.relname, jsonb_build_object(
                   'insert', pg_catalog.pg_relation_is_updatable(c.oid, true) & 8 = 8,
                   'update', pg_catalog.pg_relation_is_updatable(c.oid, true) & 4 = 4,
                   'columns', (SELECT coalesce(jsonb_agg(a.attname ORDER BY a.attnum), '[]')
                                 FROM pg_catalog.pg_attribute a
                                WHERE a.attrelid = c.oid AND a.attnum > 0
                                  AND (pg_catalog.pg_column_is_updatable(c.oid, a.attnum, false)
                                       OR EXISTS (SELECT FROM pg_catalog.pg_trigger g
                                                   WHERE g.tgrelid = c.oid AND g.tgtype & 64 <> 0 AND g.tgtype & 20 <> 0)
                                       OR EXISTS (SELECT FROM pg_catalog.pg_rewrite w
                                                   WHERE w.ev_class = c.oid AND w.is_instead AND w.ev_type IN ('2', '3')
                                                     AND w.ev_qual::text = '<>')))))
          FROM pg_catalog.pg_class c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'v'
           AND pg_catalog.pg_relation_is_updatable(c.oid, true) & 12 <> 0), '{}'),
    'functions', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
                   'name', p.proname,
                   'arguments', pg_catalog.pg_get_function_arguments(p.oid),
                   'result', pg_catalog.pg_get_function_result(p.oid),
                   'args', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                                       'name', coalesce(p.proargnames[g.place], ''), 'type', a.typname, 'is_row', a.typrelid <> 0,
                                       'mode', coalesce(p.proargmodes[g.place], 'i'),
                                       'has_default', g.place <= p.pronargs AND g.place > p.pronargs - p.pronargdefaults)
                                   ORDER BY g.place), '[]')
                              FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY g (type, place)
                              JOIN pg_catalog.pg_type a ON a.oid = g.type),
                   'returns', t.typname,
                   'returns_row', t.typrelid <> 0,
                   'is_set', p.proretset,
                   'rows', CASE WHEN p.proretset THEN nullif(p.prorows, 0) END) ORDER BY p.oid)
          FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_type t ON t.oid = p.prorettype
         WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
           AND p.prorettype NOT IN ('pg_catalog.trigger'::regtype, 'pg_catalog.event_trigger'::regtype)), '[]'))
