-- Refuses rows of a file ($1) that are about one client, or would give two the same address, and names in each the line of
-- another one; $2 is what is said of them, with the line to be put in.
WITH neighbours AS (
    SELECT r.line,
           CASE WHEN r.client_id IS NOT NULL THEN coalesce(pg_catalog.lag(r.line) OVER clients, pg_catalog.lead(r.line) OVER clients) END AS of_client,
           CASE WHEN r.address IS NOT NULL THEN coalesce(pg_catalog.lag(r.line) OVER addresses, pg_catalog.lead(r.line) OVER addresses) END AS of_address
      FROM tenantry.client_import_rows r
     WHERE r.import_id = $1
    WINDOW clients AS (PARTITION BY r.client_id ORDER BY r.line), addresses AS (PARTITION BY r.address ORDER BY r.line)
)
UPDATE tenantry.client_import_rows AS r
   SET outcome = 'refused',
       faults = r.faults || pg_catalog.jsonb_build_array(pg_catalog.jsonb_set($2::pg_catalog.jsonb, '{detail}', pg_catalog.to_jsonb(
           pg_catalog.replace($2 ->> 'detail', '{line}', coalesce(n.of_client, n.of_address)::pg_catalog.text))))
  FROM neighbours n
 WHERE r.import_id = $1 AND r.line = n.line AND coalesce(n.of_client, n.of_address) IS NOT NULL
