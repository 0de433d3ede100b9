-- The query of every view as PostgreSQL keeps it, also of those that aren't exposed: others may stand on them.
SELECT r.ev_class, r.ev_action::text
  FROM pg_catalog.pg_rewrite r
  JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
 WHERE r.rulename = '_RETURN' AND c.relkind IN ('v', 'm')
   AND c.relnamespace NOT IN ('pg_catalog'::pg_catalog.regnamespace, 'information_schema'::pg_catalog.regnamespace)
