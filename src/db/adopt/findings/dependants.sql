-- What stands on the tables $1 of public: table, kind, name, and whether it can't be moved to another table.
WITH RECURSIVE swapped (oid, relname, reltype) AS (
    SELECT c.oid, c.relname, c.reltype FROM pg_catalog.pg_class c
     WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relname = ANY ($1::text[]) AND c.relkind = 'r'
),
views (of, oid, relkind) AS (
    SELECT s.relname, v.oid, v.relkind
      FROM swapped s
      JOIN pg_catalog.pg_depend d ON d.refobjid = s.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                                 AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
      JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
      JOIN pg_catalog.pg_class v ON v.oid = r.ev_class AND v.oid <> s.oid
    UNION
    SELECT w.of, v.oid, v.relkind
      FROM views w
      JOIN pg_catalog.pg_depend d ON d.refobjid = w.oid AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                                 AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
      JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
      JOIN pg_catalog.pg_class v ON v.oid = r.ev_class AND v.oid <> w.oid
)
SELECT w.of::text, CASE w.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, w.oid::pg_catalog.regclass::text, false
  FROM views w
UNION
SELECT s.relname::text, 'foreign key', pg_catalog.format('%s of %s', k.conname, k.conrelid::pg_catalog.regclass), true
  FROM swapped s JOIN pg_catalog.pg_constraint k ON k.confrelid = s.oid AND k.contype = 'f' AND k.conrelid <> s.oid
UNION
SELECT s.relname::text, CASE f.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, f.oid::pg_catalog.regprocedure::text, true
  FROM swapped s
  JOIN pg_catalog.pg_type t ON t.oid = s.reltype OR t.typelem = s.reltype
  JOIN pg_catalog.pg_depend d ON d.refobjid = t.oid AND d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass
                             AND d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
  JOIN pg_catalog.pg_proc f ON f.oid = d.objid
UNION
SELECT s.relname::text, 'column', pg_catalog.format('%s of %s', a.attname, a.attrelid::pg_catalog.regclass), true
  FROM swapped s
  JOIN pg_catalog.pg_type t ON t.oid = s.reltype OR t.typelem = s.reltype
  JOIN pg_catalog.pg_attribute a ON a.atttypid = t.oid AND NOT a.attisdropped
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f', 'm')
UNION
SELECT s.relname::text, 'publication', p.pubname::text, false
  FROM swapped s
  JOIN pg_catalog.pg_publication_rel r ON r.prrelid = s.oid
  JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
ORDER BY 1, 2, 3
