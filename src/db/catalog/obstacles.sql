-- What depends on the table $1, its row type, or one of the views $2, and isn't part of them.
WITH base AS (
    SELECT pg_catalog.to_regclass($1)::oid AS oid, false AS is_view
    UNION ALL
    SELECT pg_catalog.to_regclass(v)::oid, true FROM pg_catalog.unnest($2::text[]) v
), addressed AS (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid AS class, b.oid, b.is_view FROM base b
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass::oid, t.oid, b.is_view FROM base b JOIN pg_catalog.pg_type t ON t.typrelid = b.oid
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass::oid, t.typarray, b.is_view FROM base b JOIN pg_catalog.pg_type t ON t.typrelid = b.oid
)
SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
  FROM pg_catalog.pg_depend d
  JOIN addressed b ON b.class = d.refclassid AND b.oid = d.refobjid $ALSO
 WHERE d.deptype IN ('n', 'a', 'x')
   AND d.classid NOT IN ('pg_catalog.pg_publication_rel'::pg_catalog.regclass, 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass)
   AND NOT (d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
            AND EXISTS (SELECT FROM pg_catalog.pg_rewrite r JOIN base o ON o.oid = r.ev_class AND o.is_view
                         WHERE r.oid = d.objid AND r.rulename = '_RETURN'))
   AND NOT (d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass
            AND EXISTS (SELECT FROM pg_catalog.pg_policy p JOIN base o ON o.oid = p.polrelid WHERE p.oid = d.objid))
   AND NOT (d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass
            AND EXISTS (SELECT FROM pg_catalog.pg_trigger t JOIN base o ON o.oid = t.tgrelid WHERE t.oid = d.objid))
   AND NOT (d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
            AND EXISTS (SELECT FROM pg_catalog.pg_constraint k JOIN base o ON o.oid = k.conrelid WHERE k.oid = d.objid))
   AND NOT (d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
            AND EXISTS (SELECT FROM pg_catalog.pg_attrdef f JOIN base o ON o.oid = f.adrelid WHERE f.oid = d.objid))
   AND NOT (d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
            AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = d.objid
                         AND (c.relkind IN ('i', 'I', 't', 'S') OR c.relispartition)))
   AND NOT (d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
            AND EXISTS (SELECT FROM pg_catalog.pg_type t JOIN base o ON o.oid = t.typrelid WHERE t.oid = d.objid))
 ORDER BY 1
