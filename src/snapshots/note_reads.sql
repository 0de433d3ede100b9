-- Counts reads of secrets: $1 tokens, $2 their clients, $3 addresses, $4 hours, $5 how many. What comes late, for an hour
-- that the audit log has already, counts in the present one.
WITH told AS (
    SELECT n.token_id, n.client_id, n.address, n.reads,
           CASE WHEN EXISTS (SELECT FROM tenantry.secret_reads r
                              WHERE (r.token_id, r.address, r.hour) = (n.token_id, n.address, n.hour) AND r.audited > 0)
                THEN pg_catalog.date_trunc('hour', pg_catalog.now(), 'UTC') ELSE n.hour END AS hour
      FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::bigint[]) n (token_id, client_id, address, hour, reads)
)
INSERT INTO tenantry.secret_reads AS r (token_id, client_id, address, hour, reads)
SELECT t.token_id, t.client_id, t.address, t.hour, pg_catalog.sum(t.reads)
  FROM told t
 GROUP BY 1, 2, 3, 4
 ORDER BY 1, 3, 4
ON CONFLICT (token_id, address, hour) DO UPDATE SET reads = r.reads + excluded.reads
