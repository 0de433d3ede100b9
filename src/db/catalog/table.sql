-- The whole shape of each table or view whose oid is in $1, one JSON object a row, in the order of $1.
-- Run under an empty search_path, so that every definition names its schemas.
SELECT jsonb_build_object(
    'schema', n.nspname,
    'name', c.relname,
    'kind', c.relkind,
    'persistence', c.relpersistence,
    'owner', pg_get_userbyid(c.relowner),
    -- A list that is empty isn't none: then the owner has no right either.
    'grants', CASE WHEN c.relacl IS NOT NULL THEN coalesce((SELECT jsonb_agg(jsonb_build_object(
                   'grantee', CASE a.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END,
                   'grantor', pg_get_userbyid(a.grantor),
                   'privileges', a.privileges, 'grantable', a.grantable) ORDER BY item.place)
                 FROM unnest(c.relacl) WITH ORDINALITY AS item (acl, place),
                      LATERAL (SELECT x.grantee, x.grantor,
                                      coalesce(jsonb_agg(x.privilege_type) FILTER (WHERE NOT x.is_grantable), '[]') AS privileges,
                                      coalesce(jsonb_agg(x.privilege_type) FILTER (WHERE x.is_grantable), '[]') AS grantable
                                 FROM aclexplode(ARRAY[item.acl]) x GROUP BY x.grantee, x.grantor) a), '[]') END,
    'row_security', c.relrowsecurity,
    'forced', c.relforcerowsecurity,
    'replica_identity', c.relreplident,
    'options', coalesce(to_jsonb(c.reloptions), '[]'),
    'comment', obj_description(c.oid, 'pg_class'),
    'partition_key', pg_get_partkeydef(c.oid),
    'columns', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
                   'name', a.attname,
                   'type', format_type(a.atttypid, a.atttypmod),
                   'base_type', (SELECT b.typname FROM pg_type b WHERE b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END),
                   'category', t.typcategory,
                   'not_null', a.attnotnull,
                   'default', CASE a.attgenerated WHEN '' THEN pg_get_expr(d.adbin, d.adrelid) END,
                   'generated', CASE a.attgenerated WHEN '' THEN NULL ELSE pg_get_expr(d.adbin, d.adrelid) END,
                   'identity', a.attidentity <> '',
                   'collation', (SELECT format('%I.%I', n.nspname, l.collname)
                                   FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
                                  WHERE l.oid = a.attcollation AND a.attcollation <> t.typcollation),
                   'grants', (SELECT jsonb_agg(jsonb_build_object(
                                  'grantee', CASE x.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(x.grantee) END,
                                  'grantor', pg_get_userbyid(x.grantor),
                                  'privileges', x.privileges, 'grantable', x.grantable) ORDER BY item.place)
                                FROM unnest(a.attacl) WITH ORDINALITY AS item (acl, place),
                                     LATERAL (SELECT x.grantee, x.grantor,
                                                     coalesce(jsonb_agg(x.privilege_type) FILTER (WHERE NOT x.is_grantable), '[]') AS privileges,
                                                     coalesce(jsonb_agg(x.privilege_type) FILTER (WHERE x.is_grantable), '[]') AS grantable
                                                FROM aclexplode(ARRAY[item.acl]) x GROUP BY x.grantee, x.grantor) x),
                   'comment', col_description(c.oid, a.attnum)) ORDER BY a.attnum)
          FROM pg_attribute a
          JOIN pg_type t ON t.oid = a.atttypid
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'),
    'constraints', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
                   'name', k.conname,
                   'kind', k.contype,
                   'definition', regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
                   'validated', k.convalidated,
                   'columns', coalesce((SELECT jsonb_agg(a.attname ORDER BY u.place)
                                          FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
                                          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number), '[]'),
                   'expression', pg_get_expr(k.conbin, k.conrelid),
                   'target', (SELECT jsonb_build_object('schema', n.nspname, 'table', f.relname,
                                  'columns', (SELECT jsonb_agg(a.attname ORDER BY u.place)
                                                FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place)
                                                JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number))
                                FROM pg_class f JOIN pg_namespace n ON n.oid = f.relnamespace WHERE f.oid = k.confrelid),
                   'index', (SELECT i.relname FROM pg_class i WHERE i.oid = k.conindid AND k.contype IN ('p', 'u', 'x')),
                   'comment', obj_description(k.oid, 'pg_constraint')) ORDER BY k.conname)
          FROM pg_constraint k
         WHERE k.conrelid = c.oid AND k.contype IN ('c', 'f', 'p', 'u', 'x') AND k.conparentid = 0), '[]'),
    'indexes', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
                   'name', i.relname,
                   'definition', pg_get_indexdef(i.oid),
                   'valid', x.indisvalid AND x.indisready,
                   'unique', x.indisunique,
                   'nulls_not_distinct', x.indnullsnotdistinct,
                   'method', m.amname,
                   'keys', (SELECT jsonb_agg(pg_get_indexdef(i.oid, g, true) ORDER BY g) FROM generate_series(1, x.indnkeyatts) g),
                   'included', (SELECT coalesce(jsonb_agg(pg_get_indexdef(i.oid, g, true) ORDER BY g), '[]')
                                  FROM generate_series(x.indnkeyatts + 1, x.indnatts) g),
                   'classes', to_jsonb(x.indclass::oid[]),
                   'collations', to_jsonb(x.indcollation::oid[]),
                   'predicate', pg_get_expr(x.indpred, x.indrelid),
                   'constraint', (SELECT k.conname FROM pg_constraint k WHERE k.conindid = i.oid AND k.conrelid = c.oid AND k.contype IN ('p', 'u', 'x')),
                   -- By way of pg_depend, since no index of pg_constraint leads from an index to what refers to it.
                   'referenced_by', (SELECT jsonb_agg(format('%I on %s', k.conname, k.conrelid::regclass) ORDER BY k.conname)
                                       FROM pg_depend d JOIN pg_constraint k ON k.oid = d.objid
                                      WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = i.oid AND d.refobjsubid = 0
                                        AND d.classid = 'pg_constraint'::regclass
                                        AND k.conindid = i.oid AND k.contype = 'f' AND k.conparentid = 0),
                   'clustered', x.indisclustered,
                   'replica_identity', x.indisreplident,
                   'comment', obj_description(i.oid, 'pg_class')) ORDER BY i.relname)
          FROM pg_index x
          JOIN pg_class i ON i.oid = x.indexrelid
          JOIN pg_am m ON m.oid = i.relam
         WHERE x.indrelid = c.oid), '[]'),
    'triggers', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
                   'name', t.tgname,
                   'definition', pg_get_triggerdef(t.oid),
                   'arguments', encode(t.tgargs, 'escape'),
                   'enabled', t.tgenabled,
                   'function_schema', n.nspname,
                   'function', p.proname,
                   'language', l.lanname,
                   'source', p.prosrc,
                   'on_update', t.tgtype & 16 > 0,
                   'for_each_row', t.tgtype & 1 > 0,
                   'comment', obj_description(t.oid, 'pg_trigger')) ORDER BY t.tgname)
          FROM pg_trigger t
          JOIN pg_proc p ON p.oid = t.tgfoid
          JOIN pg_language l ON l.oid = p.prolang
          JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgparentid = 0), '[]'),
    'policies', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
                   'name', p.polname,
                   'permissive', p.polpermissive,
                   'command', p.polcmd,
                   'roles', (SELECT jsonb_agg(CASE r WHEN 0 THEN NULL ELSE pg_get_userbyid(r) END ORDER BY place)
                               FROM unnest(p.polroles) WITH ORDINALITY AS u (r, place)),
                   'using', pg_get_expr(p.polqual, p.polrelid),
                   'check', pg_get_expr(p.polwithcheck, p.polrelid),
                   'comment', obj_description(p.oid, 'pg_policy')) ORDER BY p.polname)
          FROM pg_policy p WHERE p.polrelid = c.oid), '[]'),
    'publications', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
                   'name', p.pubname,
                   'via_root', p.pubviaroot,
                   'columns', (SELECT jsonb_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
                                WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs::int2[])),
                   'filter', pg_get_expr(r.prqual, r.prrelid)) ORDER BY p.pubname)
          FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid WHERE r.prrelid = c.oid), '[]'),
    'statistics', coalesce((
        SELECT jsonb_agg(jsonb_build_object(
                   'schema', n.nspname,
                   'name', s.stxname,
                   'definition', pg_get_statisticsobjdef(s.oid),
                   'owner', pg_get_userbyid(s.stxowner),
                   'comment', obj_description(s.oid, 'pg_statistic_ext')) ORDER BY s.stxname)
          FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE s.stxrelid = c.oid), '[]'),
    'populated', c.relispopulated,
    'view', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END)
  FROM unnest($1::oid[]) WITH ORDINALITY AS wanted (oid, place)
  JOIN pg_class c ON c.oid = wanted.oid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 ORDER BY wanted.place
