-- The lines of a file ($1) that can't be imported as its dry run says: somebody changed the client since, or gave its
-- address to another. Clients that would be changed are held until the transaction ends, in one order for everybody.
WITH held AS MATERIALIZED (
    SELECT c.id, c.updated_at
      FROM public.clients_enhanced c
     WHERE c.id IN (SELECT r.client_id FROM tenantry.client_import_rows r WHERE r.import_id = $1 AND r.outcome = 'change')
     ORDER BY c.id
       FOR UPDATE
)
SELECT r.line
  FROM tenantry.client_import_rows r
  LEFT JOIN held h ON h.id = r.client_id
 WHERE r.import_id = $1 AND r.outcome = 'change' AND h.updated_at IS DISTINCT FROM r.seen_at
 UNION
SELECT r.line
  FROM tenantry.client_import_rows r
  JOIN public.clients_enhanced c ON pg_catalog.lower(c.email) = r.address AND c.archived_at IS NULL
 WHERE r.import_id = $1 AND r.outcome IN ('add', 'change') AND c.id IS DISTINCT FROM r.client_id
 ORDER BY 1
