-- Every foreign key within public, those of partitions left out; also of tables that aren't exposed, because a view over
-- them may be.
SELECT k.conname::text, k.conrelid, k.conkey, k.confrelid, k.confkey,
       EXISTS (SELECT FROM pg_catalog.pg_constraint u
                WHERE u.conrelid = k.conrelid AND u.contype IN ('p', 'u') AND u.conkey @> k.conkey AND u.conkey <@ k.conkey)
  FROM pg_catalog.pg_constraint k
 WHERE k.contype = 'f' AND k.conparentid = 0 AND k.connamespace = 'public'::pg_catalog.regnamespace
   AND EXISTS (SELECT FROM pg_catalog.pg_class t WHERE t.oid = k.confrelid AND t.relnamespace = k.connamespace)
 ORDER BY k.conname, k.conrelid
