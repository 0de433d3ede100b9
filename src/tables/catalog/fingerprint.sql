-- One number that differs whenever something that the catalog reads was changed: the transactions that wrote its rows.
SELECT pg_catalog.sum(pg_catalog.hashtextextended(part, 0))::text
  FROM (
    SELECT 'c' || c.oid || ' ' || c.xmin FROM pg_catalog.pg_class c WHERE c.relnamespace = 'public'::pg_catalog.regnamespace
    UNION ALL
    SELECT 'a' || a.attrelid || ' ' || a.attnum || ' ' || a.xmin
      FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
     WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0
    UNION ALL
    SELECT 'd' || d.oid || ' ' || d.xmin FROM pg_catalog.pg_attrdef d
    UNION ALL
    SELECT 'k' || k.oid || ' ' || k.xmin FROM pg_catalog.pg_constraint k WHERE k.contype IN ('p', 'u', 'f', 'c') AND k.conparentid = 0
    UNION ALL
    SELECT 'r' || r.oid || ' ' || r.xmin FROM pg_catalog.pg_rewrite r WHERE r.oid >= 16384
    UNION ALL
    SELECT 'x' || x.indexrelid || ' ' || x.xmin
      FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
     WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND x.indisunique
    UNION ALL
    SELECT 'm' || m.objoid || ' ' || m.objsubid || ' ' || m.xmin
      FROM pg_catalog.pg_description m JOIN pg_catalog.pg_class c ON c.oid = m.objoid AND m.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
     WHERE c.relnamespace = 'public'::pg_catalog.regnamespace
    UNION ALL
    SELECT 'e' || e.oid || ' ' || e.xmin FROM pg_catalog.pg_enum e
    UNION ALL
    SELECT 't' || t.table_name || ' ' || t.xmin FROM tenantry.tables t
    UNION ALL
    SELECT 'g' || r.oid || ' ' || g.member || ' ' || g.xmin
      FROM pg_catalog.pg_auth_members g JOIN pg_catalog.pg_roles r ON r.oid = g.roleid
  ) parts (part)
