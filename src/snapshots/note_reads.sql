-- Counts reads of secrets: $1 tokens, $2 their clients, $3 addresses, $4 hours, $5 how many. What is new this hour goes
-- into the audit log at once, as an act of the token's from that address; the rest when the hour is over.
WITH counted AS (
    INSERT INTO tenantry.secret_reads AS r (token_id, client_id, address, hour, reads, audited)
    SELECT n.token_id, n.client_id, n.address, n.hour, n.reads, n.reads
      FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::bigint[]) n (token_id, client_id, address, hour, reads)
     ORDER BY 1, 3, 4
    ON CONFLICT (token_id, address, hour) DO UPDATE SET reads = r.reads + excluded.reads
    RETURNING r.token_id, r.client_id, r.address, r.hour, r.reads, r.xmax = 0 AS is_new
)
SELECT pg_catalog.set_config('request.jwt.claims', pg_catalog.jsonb_build_object('token_id', c.token_id)::text, true),
       pg_catalog.set_config('tenantry.address', c.address, true),
       tenantry.audit_event('secret_read', pg_catalog.jsonb_build_object('hour', c.hour, 'reads', c.reads),
                            c.client_id, 'tokens', c.token_id::text, 'tenantry')
  FROM counted c
 WHERE c.is_new
