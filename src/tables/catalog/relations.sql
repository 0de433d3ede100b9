-- The relations of public that the table API exposes, one JSON object a row: Tenantry's, and of the site's own those with
-- row level security and those that a setting lists ($1). Rights are bits, one for each role of $2 in its order.
-- Run under an empty search_path, so that every expression names its schemas.
WITH roles AS (
    SELECT r.oid, 1 << (wanted.place - 1)::int AS bit
      FROM unnest($2::text[]) WITH ORDINALITY AS wanted (name, place)
      JOIN pg_roles r ON r.rolname = wanted.name
), exposed AS (
    SELECT c.*, ours.table_name IS NOT NULL AS is_ours
      FROM pg_class c
      LEFT JOIN tenantry.tables ours ON ours.table_name = c.relname
     WHERE c.relnamespace = 'public'::regnamespace
       AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
       AND (ours.table_name IS NOT NULL OR c.relkind IN ('r', 'p') AND c.relrowsecurity OR c.relname = ANY ($1::text[]))
)
SELECT jsonb_build_object(
    'name', c.relname,
    'oid', c.oid::bigint,
    'kind', c.relkind,
    'is_ours', c.is_ours,
    'comment', obj_description(c.oid, 'pg_class'),
    'delete', (SELECT coalesce(sum(r.bit), 0) FROM roles r WHERE has_table_privilege(r.oid, c.oid, 'DELETE')),
    'columns', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
                   'name', a.attname,
                   'number', a.attnum,
                   'type', format_type(a.atttypid, a.atttypmod),
                   'cast_type', format_type(a.atttypid, -1),
                   'pg_type', t.typname,
                   'base_type', base.typname,
                   'category', base.typcategory,
                   'labels', coalesce((SELECT jsonb_agg(l.enumlabel ORDER BY l.enumsortorder) FROM pg_enum l
                                        WHERE l.enumtypid IN (base.oid, base.typelem)), '[]'),
                   'not_null', a.attnotnull OR t.typnotnull,
                   'default', CASE a.attgenerated WHEN '' THEN coalesce(pg_get_expr(d.adbin, d.adrelid), t.typdefault) END,
                   'generated', a.attgenerated <> '',
                   'identity', nullif(a.attidentity, ''),
                   'comment', col_description(c.oid, a.attnum),
                   'select', (SELECT coalesce(sum(r.bit), 0) FROM roles r WHERE has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT')),
                   'insert', (SELECT coalesce(sum(r.bit), 0) FROM roles r WHERE has_column_privilege(r.oid, c.oid, a.attnum, 'INSERT')),
                   'update', (SELECT coalesce(sum(r.bit), 0) FROM roles r WHERE has_column_privilege(r.oid, c.oid, a.attnum, 'UPDATE'))
               ) ORDER BY a.attnum)
          FROM pg_attribute a
          JOIN pg_type t ON t.oid = a.atttypid
          JOIN pg_type base ON base.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'),
    'keys', coalesce((
        SELECT jsonb_agg(jsonb_build_object('name', k.conname, 'primary', k.contype = 'p', 'columns', k.conkey) ORDER BY k.conname)
          FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u')), '[]'),
    -- What ON CONFLICT can infer: unique indexes over plain columns, whole or (a stand-in) for all rows but a few; and those
    -- over a column's lower case.
    'unique_indexes', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
                   'columns', CASE WHEN 0 = ANY (x.indkey) THEN jsonb_build_array(folded.attnum)
                                   ELSE to_jsonb((x.indkey::smallint[])[0:x.indnkeyatts - 1]) END,
                   'is_exact', NOT 0 = ANY (x.indkey) AND x.indpred IS NULL,
                   'words', format('(%s)%s', keys.words, ' WHERE ' || pg_get_expr(x.indpred, x.indrelid))) ORDER BY x.indexrelid)
          FROM pg_index x
         CROSS JOIN LATERAL (SELECT string_agg(pg_get_indexdef(x.indexrelid, place, false), ', ' ORDER BY place) AS words
                               FROM generate_series(1, x.indnkeyatts) place) keys
          LEFT JOIN pg_attribute folded
            ON folded.attrelid = c.oid AND x.indnkeyatts = 1 AND NOT folded.attisdropped
           AND keys.words IN (format('lower(%I)', folded.attname), format('lower((%I)::text)', folded.attname))
         WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND x.indimmediate
           AND CASE WHEN 0 = ANY (x.indkey) THEN folded.attnum IS NOT NULL
                    ELSE x.indpred IS NULL OR pg_get_expr(x.indpred, x.indrelid) LIKE '(id <> ALL (%' END), '[]'),
    'checks', coalesce((
        SELECT jsonb_agg(jsonb_build_object('name', k.conname, 'columns', coalesce(k.conkey, '{}'), 'expression', pg_get_expr(k.conbin, k.conrelid)) ORDER BY k.conname)
          FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.convalidated), '[]'))
  FROM exposed c
 ORDER BY c.relname
